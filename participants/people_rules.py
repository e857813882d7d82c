"""What can be true of a person who is referred: how old they are, and when it was."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.refusals import Refused

# Years.
YOUNGEST, OLDEST = 15, 100
YEARS_BACK = 10


class PersonRefused(Refused):
    """A date of birth or of referral that cannot be. ``code`` says why."""

    SENTENCES = {
        "age": _("Check the year: a participant is between %(youngest)s and %(oldest)s years old."),
        "referred_in_future": _("A referral cannot be in the future."),
        "referred_before_birth": _("The referral cannot be before the birth."),
        "referred_long_ago": _("The referral cannot be more than ten years ago. Check the year."),
    }


def check_birth(born: date) -> None:
    """Raise PersonRefused for a date on which nobody who takes part can have been born."""
    today = timezone.localdate()
    if born > today or not YOUNGEST <= relativedelta(today, born).years <= OLDEST:
        raise PersonRefused("age", youngest=str(YOUNGEST), oldest=str(OLDEST))


def check_referred(referred_on: date, born: date | None = None) -> None:
    """Raise PersonRefused for a day on which nobody can have been referred."""
    today = timezone.localdate()
    if referred_on > today:
        raise PersonRefused("referred_in_future")
    if born is not None and referred_on < born:
        raise PersonRefused("referred_before_birth")
    if referred_on < today - relativedelta(years=YEARS_BACK):
        raise PersonRefused("referred_long_ago")
