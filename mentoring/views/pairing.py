"""Giving a participant two mentors, one for a vacant seat, and taking it back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.candidates import candidates_for
from mentoring.forms.pairing import PairForm
from mentoring.models import Mentor, MentorPair, Seat
from mentoring.pairing import (
    PairingRefused,
    can_undo,
    fill_seat,
    form_pair,
    open_pair,
    openings,
    standing_seats,
    undo_pair,
    undo_seat,
    vacate_seat,
)
from participants import languages
from participants.models import Enrolment, NeedRating, RatingStage, SupportArea
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.refusals import Refused
from primus.templatetags.primus_ui import longdate

COORDINATORS = [Role.COORDINATOR]


@entry(roles=COORDINATORS, event=Event.CHANGE)
def pair_create(request, pk: int):
    enrolment = get_visible(
        request,
        Enrolment.objects.select_related("participant", "institution", "municipality"),
        event=Event.READ,
        pk=pk,
    )
    if not enrolment.is_current:
        messages.warning(request, PairingRefused("ended").sentence)
        return redirect("enrolment", enrolment.pk)
    mentors = Mentor.objects.visible_to(request.user)
    form = PairForm(
        request.POST if request.method == "POST" else None,
        mentors=mentors.filter(municipality=enrolment.municipality_id),
    )
    refused, chosen = "", []
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["mentors"])
        try:
            made = _make(request, enrolment, chosen)
        except Refused as error:
            refused = error.sentence
            form.add_error("mentors", refused)
        else:
            request.access.one(made, Event.CREATE)
            return redirect("pair_create", enrolment.pk)
    return _page(request, enrolment, mentors, form, refused, chosen)


def _make(request, enrolment: Enrolment, chosen: list[Mentor]):
    """Ask the two, form the pair, or fill the one seat that the page was about."""
    if request.POST.get("how") == "ask":
        # The proposal comes with its own module.
        from mentoring.proposals import propose

        proposal = propose(enrolment, chosen, request.user)
        messages.success(request, _("Both mentors are asked. You see here what they answer."))
        return proposal
    if request.POST.get("seat") != "one":
        pair = form_pair(enrolment, chosen, request.user)
        # Without names: a message may wait in a cookie.
        messages.success(request, _("The pair is formed. Both mentors see the participant now."))
        return pair
    if len(chosen) != 1:
        raise PairingRefused("not_one")
    seat = fill_seat(enrolment, chosen[0])
    if seat.held_from > timezone.localdate():
        done = _("The seat is filled. The mentor sees the participant from %(day)s.") % {
            "day": longdate(seat.held_from)
        }
    else:
        done = _("The seat is filled. The mentor sees the participant now.")
    messages.success(request, done)
    return seat.pair


def _page(request, enrolment: Enrolment, mentors, form: PairForm, refused: str, chosen: list):
    pair = open_pair(enrolment)
    seats = standing_seats(pair) if pair else []
    opens = openings(seats) if pair else {}
    opens_on = min(opens.values(), default=timezone.localdate())
    is_full = pair is not None and not opens
    able, unable = [], []
    if not is_full:
        in_pair = [seat.mentor_id for seat in seats]
        candidates = candidates_for(enrolment, mentors, leave_out=in_pair, day=opens_on)
        able = [candidate for candidate in candidates if not candidate.obstacles]
        unable = [candidate for candidate in candidates if candidate.obstacles]
        form.offer(able, one=pair is not None, later=opens_on > timezone.localdate())
        request.access.many([candidate.mentor for candidate in candidates], Event.LIST)
    context = {
        "section": "enrolments",
        "enrolment": enrolment,
        "participant": enrolment.participant,
        "languages": languages.names(enrolment.participant.languages),
        "needs": _needs_at_start(enrolment),
        "pair": pair,
        "seats": [seat for seat in seats if seat.held_from <= timezone.localdate()],
        "coming": [seat for seat in seats if seat.held_from > timezone.localdate()],
        "opens_on": opens_on,
        "opens_today": opens_on <= timezone.localdate(),
        "is_full": is_full,
        "able": able,
        "unable": unable,
        "form": form,
        "refused": refused,
        "had_chosen": chosen if is_full and refused else [],
        "undo": _undo(pair, seats) if pair else None,
    }
    return render(request, "mentoring/pair.html", context)


def _needs_at_start(enrolment: Enrolment) -> list[dict]:
    ratings = NeedRating.objects.filter(enrolment=enrolment, stage=RatingStage.START)
    by_area = {rating.area: rating for rating in ratings}
    return [{"area": area, "rating": by_area.get(area)} for area in SupportArea]


def _undo(pair: MentorPair, seats: list[Seat]) -> dict | None:
    """What was done today and can be taken back: the pair, or the one seat of it."""
    if pair.formed_on == timezone.localdate():
        holders = [seat.mentor_id for seat in seats]
        if can_undo(pair.formed_on, pair.ended_on, pair, holders):
            return {"url": "pair_undo", "pk": pair.pk}
        return None
    for seat in seats:
        if can_undo(seat.held_from, seat.held_until, pair, [seat.mentor_id]):
            return {"url": "seat_undo", "pk": seat.pk}
    return None


def _do(request, thing, verb, done: str, enrolment_id: int):
    """Do one thing from a button, say how it went, and go back to the pair."""
    if request.method == "POST":
        try:
            verb(thing)
        except PairingRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            pair = thing if isinstance(thing, MentorPair) else thing.pair
            request.access.one(pair, Event.CHANGE, verb.__name__)
            messages.success(request, done)
    return redirect("pair_create", enrolment_id)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def pair_undo(request, pk: int):
    pair = get_visible(
        request, MentorPair.objects.select_related("enrolment"), event=Event.READ, pk=pk
    )
    return _do(request, pair, undo_pair, _("The pair is taken back."), pair.enrolment_id)


def _seat(request, pk: int) -> Seat:
    seats = Seat.objects.select_related("pair__enrolment")
    return get_visible(request, seats, event=Event.READ, pk=pk)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def seat_undo(request, pk: int):
    seat = _seat(request, pk)
    return _do(request, seat, undo_seat, _("The seat is vacant again."), seat.pair.enrolment_id)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def seat_vacate(request, pk: int):
    seat = _seat(request, pk)
    if seat.held_from > timezone.localdate():
        done = _("Taken back: a mentor can be found for that day again.")
    else:
        done = _("The mentor has left the pair, and no longer sees the participant.")
    return _do(request, seat, vacate_seat, done, seat.pair.enrolment_id)
