"""Who could follow a participant, with the reasons in words, and who could not and why."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import Clearance, ClearanceKind, Mentor, MentorState, PairEndReason
from participants import languages
from participants.languages import Language
from participants.models import Enrolment, Gender, GenderWish
from primus.templatetags.primus_ui import shortdate

WISHED = {
    GenderWish.FEMALE: Gender.FEMALE,
    GenderWish.BOTH_FEMALE: Gender.FEMALE,
    GenderWish.MALE: Gender.MALE,
    GenderWish.BOTH_MALE: Gender.MALE,
}
BOTH = {GenderWish.BOTH_FEMALE, GenderWish.BOTH_MALE}
# A pair that was taken back has followed nobody.
MEANT = ~Q(seats__pair__end_reason=PairEndReason.BY_MISTAKE)


@dataclass
class Candidate:
    """One mentor as seen from one enrolment.

    ``for_them`` and ``against`` are reasons to choose or to hesitate, ``obstacles`` reasons why
    they cannot be chosen. ``rank`` sorts: the lowest first.
    """

    mentor: Mentor
    for_them: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    rank: tuple = ()

    @property
    def line(self) -> str:
        """Age and occupation, as far as they are known."""
        parts = []
        if self.mentor.birth_year:
            parts.append(
                _("about %(age)d") % {"age": timezone.localdate().year - self.mentor.birth_year}
            )
        if self.mentor.occupation:
            parts.append(self.mentor.occupation)
        return ", ".join(parts)


def candidates_for(
    enrolment: Enrolment, mentors, leave_out=(), day: date | None = None
) -> list[Candidate]:
    """Everyone among `mentors` who is or was approved in the enrolment's municipality, best first.

    `leave_out` holds the numbers of mentors who are in the pair already, `day` is the first on
    which they would follow (today). The number of queries is the same however many there are.
    """
    today = day or timezone.localdate()
    here = mentors.filter(municipality=enrolment.municipality_id)
    cleared = set(here.cleared(today).values_list("pk", flat=True))
    rows = (
        here.exclude(state=MentorState.LEFT)
        .exclude(pk__in=leave_out)
        .with_load(today, or_promised=True)
        .annotate(followed=Count("seats__pair__enrolment", filter=MEANT, distinct=True))
        .select_related("user")
        .prefetch_related(
            Prefetch(
                "clearances", queryset=Clearance.objects.in_force(today), to_attr="in_force_now"
            ),
            Prefetch(
                "clearances",
                queryset=Clearance.objects.expiring(today).order_by("kind"),
                to_attr="expiring_soon",
            ),
        )
    )
    found = [_candidate(mentor, enrolment, mentor.pk in cleared) for mentor in rows]
    return sorted(found, key=lambda candidate: candidate.rank)


def _candidate(mentor: Mentor, enrolment: Enrolment, is_cleared: bool) -> Candidate:
    found = Candidate(mentor)
    _availability(found, is_cleared)
    shared = _languages(found, enrolment)
    fits = _gender(found, enrolment)
    _experience(found)
    _expiries(found)
    found.rank = (
        not fits,
        -len(shared - {Language.DANISH}),
        not shared,
        mentor.load,
        str(mentor.user).casefold(),
        mentor.pk,
    )
    return found


def _availability(found: Candidate, is_cleared: bool) -> None:
    mentor = found.mentor
    if mentor.state == MentorState.PAUSED:
        found.obstacles.append(_("on leave"))
    elif mentor.state != MentorState.ACTIVE:
        found.obstacles.append(_("not approved yet"))
    elif not mentor.user.is_active:
        found.obstacles.append(_("can no longer sign in"))
    if not is_cleared:
        have = {clearance.kind for clearance in mentor.in_force_now}
        missing = [str(kind.label) for kind in ClearanceKind if kind not in have]
        found.obstacles.append(
            _("not cleared: %(missing)s is missing or has expired")
            % {"missing": ", ".join(missing)}
        )
    if mentor.load >= mentor.capacity:
        found.obstacles.append(
            ngettext(
                "follows %(n)d participant, and has no room for more",
                "follows %(n)d participants, and has no room for more",
                mentor.load,
            )
            % {"n": mentor.load}
        )
    elif mentor.load == 0:
        found.for_them.append(_("Follows nobody now"))


def _languages(found: Candidate, enrolment: Enrolment) -> set[str]:
    theirs = enrolment.participant.languages
    shared = [code for code in theirs if code in found.mentor.languages]
    if shared:
        found.for_them.append(_("Speaks %(languages)s") % {"languages": languages.names(shared)})
    else:
        found.against.append(_("No language in common"))
    return set(shared)


def _gender(found: Candidate, enrolment: Enrolment) -> bool:
    """Whether the mentor is of the gender wished for; with no wish everyone is."""
    wished = WISHED.get(GenderWish(enrolment.gender_wish))
    if wished is None:
        return True
    fits = found.mentor.gender == wished
    if fits:
        sentence = _("A woman, as wished") if wished == Gender.FEMALE else _("A man, as wished")
        found.for_them.append(sentence)
    elif enrolment.gender_wish in BOTH:
        sentence = (
            _("The wish is for two women")
            if wished == Gender.FEMALE
            else _("The wish is for two men")
        )
        found.against.append(sentence)
    return fits


def _experience(found: Candidate) -> None:
    before = found.mentor.followed - found.mentor.load
    if before > 0:
        found.for_them.append(
            ngettext(
                "Has followed %(n)d participant before",
                "Has followed %(n)d participants before",
                before,
            )
            % {"n": before}
        )


def _expiries(found: Candidate) -> None:
    """Warn of a clearance whose last day is near."""
    for clearance in found.mentor.expiring_soon:
        label = str(clearance.get_kind_display())
        found.against.append(
            _("%(clearance)s expires on %(day)s")
            % {"clearance": label[:1].upper() + label[1:], "day": shortdate(clearance.expires_on)}
        )
