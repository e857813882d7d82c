from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _

from participants.forms.referral.wishes import WishesForm as WishesStep
from primus.forms import Chips, SubmitButton, helper


class WishesForm(WishesStep):
    """The wishes as at the referral, to be changed later."""

    def set_up(self) -> None:
        self.helper = helper(mark_optional=True)
        self.helper.layout = Layout(
            Chips("gender_wish"),
            Chips("wished_times"),
            "trade",
            "wishes",
            SubmitButton(_("Save the wishes")),
        )
