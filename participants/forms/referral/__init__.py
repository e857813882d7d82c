from participants.forms.referral.consents import ConsentStepForm
from participants.forms.referral.person import PersonForm
from participants.forms.referral.release import ReleaseForm
from participants.forms.referral.turn_down import TurnDownForm
from participants.forms.referral.wishes import WishesForm

__all__ = ["ConsentStepForm", "PersonForm", "ReleaseForm", "TurnDownForm", "WishesForm"]
