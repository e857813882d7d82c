"""What each step of a rating means, area by area: so plain that two mentors choose the same.

The steps speak of what can be seen or asked about, never of how somebody seems. Before the
release they are about what waits outside on the day.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.assessments import Answer
from participants.models import RatingStage, SupportArea

# 1 (acute) to 5 (stable), in order.
STEPS: dict[SupportArea, tuple[str | Promise, ...]] = {
    SupportArea.HOUSING: (
        _("Nowhere to sleep"),
        _("Sleeps at other people's, a few nights at a time"),
        _("A place for a while: hostel, halfway house or sublet"),
        _("A home of their own, but the rent or the contract is uncertain"),
        _("A home of their own, with a lease"),
    ),
    SupportArea.FINANCE: (
        _("No income, and no money for food"),
        _("Income applied for or unsteady, bills lie unopened"),
        _("Steady income, but debt and no agreement about it"),
        _("Steady income, a budget, and an agreement about debt"),
        _("Pays on time and has something left each month"),
    ),
    SupportArea.WORK: (
        _("No plan, and no contact with the job centre"),
        _("In contact with the job centre, nothing agreed"),
        _("A start is agreed: work placement, course or job"),
        _("In placement, job or education, for less than 3 months"),
        _("In job or education for 3 months or more"),
    ),
    SupportArea.HEALTH: (
        _("In danger now, without treatment"),
        _("Ill or using every day, without treatment"),
        _("Treatment is agreed or has begun"),
        _("In treatment, and the everyday works"),
        _("Well, and has a doctor of their own"),
    ),
    SupportArea.NETWORK: (
        _("Nobody to call"),
        _("Only people who pull towards crime"),
        _("One person outside crime to call"),
        _("Several outside crime, seen now and then"),
        _("Family or friends outside crime, seen every week"),
    ),
}

STAGE_TITLES: dict[RatingStage, str | Promise] = {
    RatingStage.START: _("Needs at the start"),
    RatingStage.RELEASE: _("Needs at the release"),
    RatingStage.MONTH_3: _("Needs 3 months after the release"),
    RatingStage.MONTH_6: _("Needs 6 months after the release"),
    RatingStage.MONTH_12: _("Needs 12 months after the release"),
    RatingStage.END: _("Needs at the end"),
}

NO_NEED = _("No need")
NOT_ASSESSED = _("Not assessed")


def in_words(area: str, answer: Answer) -> str:
    """An answer as it is read: «1, Nowhere to sleep», «No need», «Not assessed»."""
    if answer.no_need:
        return str(NO_NEED)
    if answer.rating is None:
        return str(NOT_ASSESSED)
    return gettext("%(rating)d, %(meaning)s") % {
        "rating": answer.rating,
        "meaning": STEPS[SupportArea(area)][answer.rating - 1],
    }
