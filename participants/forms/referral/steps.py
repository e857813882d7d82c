"""The referral as it is being filled in, step by step.

Nothing of it is kept on the server: each page carries the answers of the other steps in hidden
fields. So it can be gone back and forth in, without JavaScript, and what was never sent is
nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.forms import Form
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.forms.referral.base import StepForm
from participants.forms.referral.consents import ConsentStepForm
from participants.forms.referral.person import PersonForm, somebody_else
from participants.forms.referral.release import ReleaseForm
from participants.forms.referral.turn_down import TurnDownForm
from participants.forms.referral.wishes import WishesForm
from participants.models import ConsentKind, Participant, ReferralSource
from participants.referral import TurnedDown

FORMS: dict[str, type[StepForm]] = {
    "person": PersonForm,
    "release": ReleaseForm,
    "wishes": WishesForm,
    "consents": ConsentStepForm,
}
KEYS = list(FORMS)
FIRST, SUMMARY, TURN_DOWN = KEYS[0], "summary", "turn_down"
LABELS: dict[str, str | Promise] = {
    "person": _("The person"),
    "release": _("The release"),
    "wishes": _("Wishes and needs"),
    "consents": _("Consent and source"),
    SUMMARY: _("Summary"),
}
# What is needed of a referral that is turned down.
NEEDED_TO_TURN_DOWN = ("person", "release")
# What the page says of itself, beside the answers.
OF_THE_PAGE = ("token", "proof", "typed", "tried")


@dataclass(frozen=True)
class Place:
    """One step in the line of steps."""

    key: str
    label: str | Promise
    number: int
    is_current: bool
    is_done: bool
    is_open: bool


class Referral:
    """Everything that was typed so far. Without `sent` it begins anew."""

    def __init__(self, user, sent: QueryDict | None = None):
        self.user = user
        self.sent = sent.copy() if sent is not None else QueryDict(mutable=True)
        self.token = _uuid(self.sent.get("token", "")) or uuid4()
        self.typed = {key for key in self.sent.getlist("typed") if key in FORMS}
        # Those whose answers were meant to be right: only of these it is said what is wrong.
        self.tried = {key for key in self.sent.getlist("tried") if key in FORMS}
        self.turning_down = False
        self._forms: dict[str, StepForm] = {}

    @classmethod
    def of_known(cls, user, known: Participant) -> "Referral":
        """One that begins with somebody who was in the programme before."""
        begun = cls(user)
        begun._take_over(known)
        begun.choose(str(known.pk))
        return begun

    # --- The steps -----------------------------------------------------------------------

    def form(self, key: str) -> StepForm:
        """The form of one step: bound when it was tried, else with what was typed so far."""
        if key not in self._forms:
            made = FORMS[key]
            more = {"turned_down": self.turning_down} if made is ReleaseForm else {}
            kwargs = {"user": self.user, "before": self._before(key), **more}
            if key in self.tried:
                self._forms[key] = made(self.sent, **kwargs)
            elif key in self.typed:
                self._forms[key] = made(initial=self._answers(key), **kwargs)
            else:
                self._forms[key] = made(**kwargs)
        return self._forms[key]

    def _before(self, key: str) -> dict:
        """What the steps before came to, as far as they are right."""
        found: dict = {}
        for earlier in KEYS[: KEYS.index(key)]:
            if earlier in self.tried:
                form = self.form(earlier)
                form.is_valid()
                found |= form.cleaned_data
        return found

    def _answers(self, key: str) -> dict:
        """What was typed into one step, not looked through."""
        fields = FORMS[key](user=self.user).fields
        return {
            name: field.widget.value_from_datadict(self.sent, {}, name)
            for name, field in fields.items()
        }

    def try_step(self, key: str) -> bool:
        """Look a step through; whether its answers are right."""
        self.typed.add(key)
        self.tried.add(key)
        self._forms = {}
        return self.form(key).is_valid()

    def leave(self, key: str) -> None:
        """Keep what was typed in a step, right or not."""
        self.typed.add(key)
        self._forms = {}

    def first_wrong(self, keys: list[str] | tuple[str, ...] = tuple(KEYS)) -> str | None:
        """The first step that is not right yet; all of them are tried."""
        for key in keys:
            if key not in self.typed or not self.try_step(key):
                return key
        return None

    def reached(self, wanted: str) -> str:
        """The step to show when `wanted` is asked for: itself, or the first before it that is
        not right yet."""
        before = KEYS if wanted == SUMMARY else KEYS[: KEYS.index(wanted)]
        return self.first_wrong(before) or wanted

    def places(self, shown: str) -> list[Place]:
        """The line of steps. Those that were typed in can be gone to, and the one after them."""
        keys = [*KEYS, SUMMARY]
        here = keys.index(shown) if shown in keys else -1
        return [
            Place(
                key=key,
                label=LABELS[key],
                number=number,
                is_current=key == shown,
                is_done=key in self.typed and key != shown,
                is_open=key != shown
                and (number - 1 < here or all(one in self.typed for one in keys[: number - 1])),
            )
            for number, key in enumerate(keys, start=1)
        ]

    # --- What the page carries ------------------------------------------------------------

    def carried(self, shown: str) -> Iterator[tuple[str, str]]:
        """The answers of the steps that are not on the page."""
        yield "token", str(self.token)
        for key in KEYS:
            if key in self.typed:
                yield "typed", key
            if key in self.tried:
                yield "tried", key
            if key != shown and key in self.typed:
                yield from self._raw(self.form(key))

    def _raw(self, form: Form) -> Iterator[tuple[str, str]]:
        for name in form.fields:
            for value in self.sent.getlist(name):
                yield name, value

    # --- The same person -------------------------------------------------------------------

    def choose(self, answer: str) -> None:
        """Note whom it was said to be: a participant's number, «other», or «undo»."""
        self.sent["same_person"] = ""
        self.try_step(FIRST)
        person = self.form(FIRST)
        assert isinstance(person, PersonForm)
        if answer == "other":
            self.sent["same_person"] = somebody_else(person.alike)
        elif answer != "undo":
            self.sent["same_person"] = answer
            for one in person.alike:
                if str(one.participant.pk) == answer:
                    self._take_over(one.participant)
        self._forms = {}

    def _take_over(self, known: Participant) -> None:
        """Who they are as it was noted then, and the rest where nothing was typed."""
        for name in ("first_name", "last_name"):
            self.sent[name] = getattr(known, name)
        self.sent["birth_date"] = known.birth_date.isoformat()
        for name in ("gender", "phone", "email"):
            if not self.sent.get(name):
                self.sent[name] = getattr(known, name)
        if self.sent.getlist("languages") in ([], ["da"]):
            self.sent.setlist("languages", known.languages)

    # --- What it comes to -------------------------------------------------------------------

    def answers(self) -> dict:
        """What `refer` needs of a referral that is right."""
        person, release = (self.form(key).cleaned_data for key in NEEDED_TO_TURN_DOWN)
        known = getattr(self.form(FIRST), "known", None)
        course = ("municipality", "institution", "referred_on", "expected_release", "release_kind")
        about = ("first_name", "last_name", "birth_date", "gender", "languages", "phone", "email")
        return {
            "participant": {n: person[n] for n in about} | {"postcode": release["postcode"]},
            "enrolment": {n: release[n] for n in course},
            "known": known,
            "consents_given": [],
        }

    def to_enrol(self) -> dict:
        """The arguments of `refer` for a referral that is to be saved."""
        wishes, consents = self.form("wishes"), self.form("consents")
        assert isinstance(consents, ConsentStepForm)
        found = self.answers()
        found["enrolment"] |= wishes.cleaned_data
        for name in ("source", "coordinator"):
            found["enrolment"][name] = consents.cleaned_data[name]
        return found | {"consents_given": consents.given()}

    def to_turn_down(self, form: TurnDownForm) -> dict:
        """The arguments of `refer` for a referral that comes to nothing."""
        found = self.answers()
        found["enrolment"]["coordinator"] = getattr(self.user, "coordinator", None)
        source = self.sent.get("source", "")
        found["enrolment"]["source"] = source if source in ReferralSource.values else ""
        turned_down = TurnedDown(form.cleaned_data["ended_on"], form.reason, form.detail)
        return found | {"turned_down": turned_down}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def names_of_answers() -> set[str]:
    """Everything a page of the referral can send that is worth keeping."""
    found = {"step", *OF_THE_PAGE, *TurnDownForm.base_fields}
    for form in FORMS.values():
        found |= set(form.base_fields)
    for kind in ConsentKind.values:
        found |= {f"consent_{kind}", f"consent_{kind}_on"}
    return found
