"""Giving a participant two mentors, one for a vacant seat, and taking it back."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.asked import shown_proposal
from mentoring.forms.pairing import PairForm
from mentoring.matching.offer import Offer, check_of, mentors_for, offer_for
from mentoring.matching.people import Person, Wanted, people_of, wanted_by
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
from mentoring.proposals import propose
from mentoring.replacements import attach_replacements
from mentoring.seats import attach_seats
from participants import languages, timeslots
from participants.models import Enrolment, NeedRating, RatingStage, SupportArea
from participants.timeslots import TimeSlot
from primus.access.declare import entry, get_visible
from primus.access.models import AccessEntry, Event
from primus.accounts.models import Role
from primus.refusals import Refused
from primus.templatetags.primus_ui import longdate

COORDINATORS = [Role.COORDINATOR]
LOOKED_WITHIN = timedelta(hours=1)


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
    (wanted,) = wanted_by([enrolment])
    mentors = mentors_for(wanted, Mentor.objects.visible_to(request.user))
    # The waiting list names the pair it has found.
    form = PairForm(
        request.POST if request.method == "POST" else None,
        mentors=mentors,
        initial={"pair": request.GET.get("pair", "")},
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
    return _page(request, enrolment, wanted, form, refused, chosen)


def _make(request, enrolment: Enrolment, chosen: list[Mentor]):
    """Ask the two, form the pair, or fill the one seat that the page was about."""
    if request.POST.get("how") == "ask":
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


def _page(
    request, enrolment: Enrolment, wanted: Wanted, form: PairForm, refused: str, chosen: list
):
    pair, today = open_pair(enrolment), timezone.localdate()
    seats = standing_seats(pair) if pair else []
    opens = openings(seats) if pair else {}
    opens_on = min(opens.values(), default=today)
    is_full = pair is not None and not opens
    offer = None
    asked = None if pair else shown_proposal(enrolment)
    if not is_full:
        offer = _offer(request, wanted, form, seats, pair is not None, opens_on)
        request.access.many([person.row for person in offer.people], Event.LIST)
    context = {
        "section": "enrolments",
        "enrolment": enrolment,
        "participant": enrolment.participant,
        "languages": languages.names(enrolment.participant.languages),
        "times": timeslots.names([slot for slot in TimeSlot.values if slot in wanted.times]),
        "visiting_times": timeslots.names(
            [slot for slot in TimeSlot.values if slot in wanted.visiting_times]
        ),
        "needs": _needs_at_start(enrolment),
        "pair": pair,
        **_who_sits(enrolment, seats, today, request.user),
        "coming": [seat for seat in seats if seat.held_from > today],
        "opens_on": opens_on,
        "opens_today": opens_on <= today,
        "is_full": is_full,
        "offer": offer,
        "asked": asked,
        "obstacles": asked.obstacles if asked and asked.is_open else [],
        "also": None if is_full else _who_else_looked(request, enrolment),
        "form": form,
        "refused": refused,
        "had_chosen": chosen if is_full and refused else [],
        "undo": _undo(pair, seats) if pair else None,
    }
    return render(request, "mentoring/pair.html", context)


def _who_sits(enrolment: Enrolment, seats: list[Seat], today, reader) -> dict:
    """Who is in each seat today, and who only hands theirs over."""
    here = [seat for seat in seats if seat.held_from <= today]
    # The one who came later is the one who follows; `seats` is in that order.
    current = list({seat.number: seat for seat in here}.values())
    attach_replacements(attach_seats([enrolment]), reader)
    return {"seats": current, "leaving": [seat for seat in here if seat not in current]}


def _offer(request, wanted: Wanted, form: PairForm, seats: list[Seat], one: bool, day) -> Offer:
    """What there is to choose from, laid out in the form with what was chosen."""
    lasting = [s.mentor_id for s in seats if s.held_until is None or s.held_until > day]
    offer = offer_for(
        wanted,
        Mentor.objects.visible_to(request.user),
        day=day,
        beside=lasting if one else None,
        leave_out=[seat.mentor_id for seat in seats if seat.mentor_id not in lasting],
        more="more" in request.GET,
        key=form["pair"].value() or "",
    )
    ticked = form.ticked()
    chosen = [person for person in offer.people if str(person.number) in ticked]
    check = check_of(wanted, chosen) if chosen and not one else None
    form.offer(
        offer,
        check,
        one=one,
        later=day > timezone.localdate(),
        path=reverse("pair_check", args=[wanted.number]),
    )
    return offer


def _who_else_looked(request, enrolment: Enrolment) -> AccessEntry | None:
    """The latest look at this page by somebody else within the hour, who may be at it too."""
    looked = AccessEntry.objects.filter(
        object_type=enrolment._meta.label_lower,
        object_id=enrolment.pk,
        view=f"{__name__}.pair_create",
        at__gte=timezone.now() - LOOKED_WITHIN,
    )
    return looked.exclude(user=request.user).order_by("-at").first()


@entry(roles=COORDINATORS, event=Event.READ)
def pair_check(request, pk: int):
    """How the mentors chosen by hand would suit: a part of the page, while one chooses."""
    enrolment = get_visible(
        request, Enrolment.objects.select_related("participant", "institution"), pk=pk
    )
    (wanted,) = wanted_by([enrolment])
    mentors = mentors_for(wanted, Mentor.objects.visible_to(request.user))
    form = PairForm(request.GET, mentors=mentors)
    chosen: list[Person] = []
    if form.is_valid():
        numbers = [mentor.pk for mentor in form.cleaned_data["mentors"]]
        chosen = people_of(Mentor.objects.filter(pk__in=numbers), besides=enrolment.pk)
        request.access.many([person.row for person in chosen], Event.LIST)
    context = {"check": check_of(wanted, chosen)}
    return render(request, "mentoring/_pair_check.html", context)


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
