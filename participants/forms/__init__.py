from participants.forms.referral import ReferralForm
from participants.forms.releases import EnrolmentEndForm, ReleaseConfirmForm, ReleaseMoveForm

__all__ = ["EnrolmentEndForm", "ReferralForm", "ReleaseConfirmForm", "ReleaseMoveForm"]
