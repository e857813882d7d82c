"""Rate the five areas at one stage: five steps each, or *no need*, or *not assessed*."""

from collections.abc import Mapping

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _

from participants.assessments import NOT_ASSESSED, Answer, Differs
from participants.models import NeedRating, SupportArea
from participants.need_words import NO_NEED as NO_NEED_WORDS
from participants.need_words import NOT_ASSESSED as NOT_ASSESSED_WORDS
from participants.need_words import STEPS, in_words
from primus.forms import Part, helper

NO_NEED = "none"
APART = [(NO_NEED, NO_NEED_WORDS), ("", NOT_ASSESSED_WORDS)]


def as_value(answer: Answer) -> str:
    """An answer as its choice is called in the form."""
    if answer.no_need:
        return NO_NEED
    return "" if answer.rating is None else str(answer.rating)


def as_answer(value: str) -> Answer:
    """What a choice of the form says; the inverse of `as_value`."""
    if value == NO_NEED:
        return Answer(no_need=True)
    return Answer(rating=int(value)) if value else NOT_ASSESSED


class NeedsForm(forms.Form):
    """One stage. `now` is what is stored, `before` the latest earlier rating of each area.

    Beside each area goes what the form showed when it was opened (``seen_…``), so that what was
    chosen can be told from what was only left as it was.
    """

    def __init__(
        self,
        *args,
        now: Mapping[SupportArea, Answer],
        before: Mapping[SupportArea, NeedRating],
        others: Mapping[SupportArea, Differs] | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.before = before
        others = others or {}
        parts = []
        for area, answer in now.items():
            steps = [(str(n), words) for n, words in enumerate(STEPS[area], start=1)]
            self.fields[area.value] = forms.ChoiceField(
                label=area.label,
                choices=steps + APART,
                required=False,
                initial=as_value(answer),
                widget=forms.RadioSelect,
            )
            self.fields[f"seen_{area}"] = forms.ChoiceField(
                choices=steps + APART,
                required=False,
                initial=as_value(answer),
                widget=forms.HiddenInput,
            )
            parts.append(
                Part(
                    "mentoring/needs/_slider.html",
                    area.value,
                    f"seen_{area}",
                    area=area,
                    before=before.get(area),
                    other=_pill(others.get(area)),
                )
            )
        self.helper = helper(tag=False)
        self.helper.layout = Layout(*parts)

    @property
    def answers(self) -> dict[SupportArea, Answer]:
        return {area: as_answer(self.cleaned_data[area.value]) for area in SupportArea}

    @property
    def seen(self) -> dict[SupportArea, Answer]:
        return {area: as_answer(self.cleaned_data[f"seen_{area}"]) for area in SupportArea}

    def beside(self, differing: list[Differs], now: Mapping[SupportArea, Answer]) -> "NeedsForm":
        """The form again, with what was chosen kept and what somebody else said beside it.

        What was not chosen follows what is stored now; sent again, what is chosen holds.
        """
        data = self.data.copy()
        for area in SupportArea:
            if self.answers[area] == self.seen[area]:
                data[area.value] = as_value(now[area])
            data[f"seen_{area}"] = as_value(now[area])
        others = {other.area: other for other in differing}
        again = type(self)(data, now=now, before=self.before, others=others)
        again.full_clean()
        for other in differing:
            again.add_error(other.area.value, _sentence(other))
        return again


def _who(other: Differs) -> str:
    by = other.row.rated_by if other.row else None
    return by.first_name if by else _("Somebody")


def _pill(other: Differs | None) -> dict[str, str]:
    """Whose name stands beside which choice, where somebody else has chosen another."""
    if other is None or other.row is None:
        return {"value": "", "who": ""}
    return {"value": as_value(other.theirs), "who": _who(other)}


def _sentence(other: Differs) -> str:
    """Who said what meanwhile."""
    if other.row is None:
        return _("Somebody has taken the rating back meanwhile. Save again if yours holds.")
    words = {
        "who": _who(other),
        "answer": in_words(other.area, other.theirs),
    }
    return (
        _("%(who)s has meanwhile chosen “%(answer)s”. Change yours, or save again if it holds.")
        % words
    )
