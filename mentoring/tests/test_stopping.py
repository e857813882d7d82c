"""A mentor says that they must stop, and access ends on the day by itself."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Letter, Seat, SendState, StopNotice, StopReason
from mentoring.pairing import PairingRefused, fill_seat, vacate_seat
from mentoring.seats import attach_seats
from mentoring.stopping import StopRefused, give_notice, withdraw
from mentoring.tasks import send_letters
from mentoring.tests.factories import MentorFactory, PairFactory, StopNoticeFactory
from participants.models import Enrolment
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas", user__last_name="Stopdal")


@pytest.fixture
def enrolment(jonas):
    enrolment = EnrolmentFactory(post_release=True, participant__first_name="Rasmus")
    PairFactory(enrolment=enrolment, seat1=jonas)
    return enrolment


@pytest.fixture
def seat(enrolment, jonas):
    return Seat.objects.get(mentor=jonas)


@pytest.fixture
def client(client_for, jonas):
    return client_for(jonas)


@pytest.fixture
def path(enrolment):
    return reverse("seat_stop", args=[enrolment.pk])


def said(days: int, **values) -> dict:
    return {"stops_on": in_days(days).isoformat(), "reason": StopReason.TIME, "note": "", **values}


def soup_of(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_seat_ends_on_the_day_by_itself(client, path, seat, enrolment, jonas):
    response = client.post(path, said(14, note="Jeg har fået nyt arbejde."))
    assert response.url == path
    seat.refresh_from_db()
    notice = StopNotice.objects.get()
    assert seat.held_until == notice.stops_on == in_days(14)
    assert (notice.reason, notice.note) == (StopReason.TIME, "Jeg har fået nyt arbejde.")
    entry = AccessEntry.objects.get(event=Event.CREATE)
    assert entry.object_label == enrolment.case_number
    own = reverse("enrolment", args=[enrolment.pk])
    now = timezone.now()
    with time_machine.travel(now + 13 * DAY, tick=False):
        client.force_login(jonas.user)
        assert client.get(own).status_code == 200
    with time_machine.travel(now + 14 * DAY, tick=False):
        client.force_login(jonas.user)
        assert client.get(own).status_code == 404
        assert client.get(path).status_code == 404
        assert "Rasmus" not in client.get(reverse("mentor_home")).text


def test_today_is_asked_twice_and_ends_at_once(client, path, seat, enrolment):
    response = client.post(path, said(0))
    assert "today_is_meant" in response.context["form"].errors
    assert soup_of(response).select_one("[name=today_is_meant]")
    assert not StopNotice.objects.exists()
    response = client.post(path, said(0, today_is_meant="on"))
    assert response.url == reverse("mentor_home")
    seat.refresh_from_db()
    assert seat.held_until == in_days(0)
    assert client.get(reverse("enrolment", args=[enrolment.pk])).status_code == 404
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stops_on": ""}, "stops_on"),
        ({"stops_on": "i morgen"}, "stops_on"),
        ({"reason": ""}, "reason"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, path, wrong, field):
    form = said(14, note="Tak for alt") | wrong
    response = client.post(path, form)
    assert list(response.context["form"].errors) == [field]
    assert soup_of(response).select_one("textarea").text.removeprefix("\n") == form["note"]
    assert not StopNotice.objects.exists()


@pytest.mark.parametrize(("days", "code"), [(-1, "past"), (366, "too_far")])
def test_the_day_lies_within_a_year(client, path, seat, days, code):
    response = client.post(path, said(days))
    assert response.context["form"].errors["stops_on"] == [StopRefused(code).sentence]
    with pytest.raises(StopRefused) as refused:
        give_notice(seat, in_days(days), StopReason.TIME)
    assert refused.value.code == code


def test_it_is_said_once(seat):
    give_notice(seat, in_days(14), StopReason.TIME)
    with pytest.raises(StopRefused) as refused:
        give_notice(seat, in_days(7), StopReason.TIME)
    assert refused.value.code == "already"


def test_who_does_not_sit_there_cannot_leave(seat):
    vacate_seat(seat)
    with pytest.raises(StopRefused) as refused:
        give_notice(seat, in_days(14), StopReason.TIME)
    assert refused.value.code == "not_held"


def test_a_seat_that_ends_before_cannot_end_later(seat):
    Seat.objects.filter(pk=seat.pk).update(held_until=in_days(5))
    with pytest.raises(StopRefused) as refused:
        give_notice(seat, in_days(5), StopReason.TIME)
    assert refused.value.code == "ends_before"


def test_it_can_be_taken_back_until_the_day(client, path, seat, jonas):
    client.post(path, said(14))
    now = timezone.now()
    with time_machine.travel(now + 13 * DAY, tick=False):
        client.force_login(jonas.user)
        client.post(path, {"do": "withdraw"})
    seat.refresh_from_db()
    assert seat.held_until is None
    assert not StopNotice.objects.in_force().exists()
    # And said again.
    client.force_login(jonas.user)
    client.post(path, said(20))
    assert StopNotice.objects.in_force().get().stops_on == in_days(20)


def test_on_the_day_it_is_too_late_to_take_back(seat):
    notice = give_notice(seat, in_days(14), StopReason.TIME)
    with pytest.raises(StopRefused) as refused:
        withdraw(notice, today=in_days(14))
    assert refused.value.code == "over"


def test_what_the_coordinator_has_ended_stays_ended(seat):
    notice = give_notice(seat, in_days(14), StopReason.TIME)
    vacate_seat(seat)
    with pytest.raises(StopRefused) as refused:
        withdraw(notice)
    assert refused.value.code == "over"
    seat.refresh_from_db()
    assert seat.held_until == in_days(0)
    assert StopNotice.objects.in_force().exists()


def test_the_other_mentor_sees_the_day_and_not_the_reason(client, client_for, path, enrolment):
    client.post(path, said(14, reason=StopReason.MATCH, note="Vi passer ikke sammen."))
    partner = client_for(Seat.objects.get(number=2).mentor)
    people = reverse("enrolment_people", args=[enrolment.pk])
    partner.cookies["primus_language"] = "en"
    page = partner.get(people).text
    assert "stops on" in page
    for url in (people, reverse("enrolment", args=[enrolment.pk]), path):
        text = partner.get(url).text
        assert "Vi passer ikke" not in text
        # Its words stand in the form with which the partner could stop, and nowhere else.
        assert url == path or "it does not work between us" not in text
    own = reverse("stop_notice", args=[StopNotice.objects.get().pk])
    assert partner.get(own).status_code == 404


def test_the_coordinators_are_told_without_personal_data(
    client, path, enrolment, jonas, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("mentoring.tasks.send_letters.delay", send_letters)
    coordinator = CoordinatorFactory(user__language="en").user
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, said(14, note="Noget privat"))
    (letter,) = mail.outbox
    assert letter.to == [coordinator.email]
    assert letter.subject == "A mentor must stop"
    text = letter.subject + letter.body
    assert reverse("stop_notice", args=[StopNotice.objects.get().pk]) in text
    for secret in ("Rasmus", "Jonas", "Stopdal", "privat", enrolment.case_number):
        assert secret not in text


def test_who_stays_after_all_is_not_told_of(seat):
    coordinator = CoordinatorFactory()
    notice = give_notice(seat, in_days(14), StopReason.TIME)
    withdraw(notice)
    send_letters()
    assert mail.outbox == []
    assert Letter.objects.get(recipient=coordinator.user).state == SendState.CANCELLED


def test_the_coordinator_has_a_task_that_leads_to_the_pair(coordinator_client, seat, enrolment):
    notice = give_notice(seat, in_days(14), StopReason.HEALTH, "Min mor er syg.")
    coordinator_client.cookies["primus_language"] = "en"
    page = soup_of(coordinator_client.get(reverse("desk")))
    row = page.select_one("section[aria-labelledby=vacant] .wrow")
    assert "Jonas Stopdal stops on" in row.text
    assert row.select_one("a.act")["href"] == reverse("pair_create", args=[enrolment.pk])
    own = reverse("stop_notice", args=[notice.pk])
    assert own in [a["href"] for a in row.select("a")]
    assert "Min mor er syg." in coordinator_client.get(own).text
    assert coordinator_client.post(own, {"do": "acknowledge"}).url == reverse("desk")
    page = soup_of(coordinator_client.get(reverse("desk")))
    assert page.select("section[aria-labelledby=vacant]") == []
    second = coordinator_client.post(own, {"do": "acknowledge"}, follow=True)
    assert StopRefused("taken").sentence in second.text


def to_see_to() -> list[StopNotice]:
    return list(StopNotice.objects.to_see_to())


def test_the_task_goes_when_somebody_follows_on_or_there_is_nothing_to_follow(seat, enrolment):
    notice = give_notice(seat, in_days(14), StopReason.TIME)
    assert to_see_to() == [notice]
    following = fill_seat(enrolment, MentorFactory())
    assert to_see_to() == []
    vacate_seat(following)
    assert to_see_to() == [notice]
    withdraw(notice)
    assert to_see_to() == []


@pytest.mark.parametrize("what", ["pair", "enrolment"])
def test_the_task_goes_with_what_it_was_about(seat, enrolment, what):
    give_notice(seat, in_days(14), StopReason.TIME)
    if what == "pair":
        enrolment.pairs.update(ended_on=in_days(0), end_reason="replaced")
    else:
        Enrolment.objects.update(ended_on=in_days(0), end_reason="withdrew")
    assert to_see_to() == []


def test_the_task_stays_when_the_day_has_passed_and_nobody_came(seat):
    notice = give_notice(seat, in_days(3), StopReason.TIME)
    assert list(StopNotice.objects.to_see_to(in_days(20))) == [notice]


def test_a_new_mentor_is_chosen_before_the_day_and_never_three_are_shown(
    coordinator_client, client_for, seat, enrolment
):
    give_notice(seat, in_days(14), StopReason.TIME)
    maria = MentorFactory(user__first_name="Maria", capacity=1)
    url = reverse("pair_create", args=[enrolment.pk])
    page = coordinator_client.get(url)
    assert not page.context["is_full"]
    assert [option.person.number for option in page.context["able"]] == [maria.pk]
    coordinator_client.post(url, {"seat": "one", "mentors": [maria.pk]})
    new = Seat.objects.get(mentor=maria)
    assert (new.number, new.held_from, new.held_until) == (seat.number, in_days(14), None)
    page = coordinator_client.get(url)
    assert page.context["is_full"]
    assert len(page.context["seats"]) == 2
    assert page.context["coming"] == [new]
    now = timezone.now()
    for days, first in [(0, "Jonas"), (13, "Jonas"), (14, "Maria")]:
        with time_machine.travel(now + days * DAY, tick=False):
            (shown,) = attach_seats([enrolment])
            assert len(shown.seats_now) == 2
            assert shown.places[seat.number - 1].mentor.user.first_name == first
            sees = client_for(maria).get(reverse("enrolment", args=[enrolment.pk]))
            assert sees.status_code == (200 if first == "Maria" else 404)
    # She has room for one, and that one is promised.
    other = PairFactory(seat2=False).enrolment
    with pytest.raises(PairingRefused) as refused:
        fill_seat(other, maria)
    assert refused.value.code == "full"


def test_who_is_replaced_cannot_come_back(seat, enrolment):
    notice = give_notice(seat, in_days(14), StopReason.TIME)
    fill_seat(enrolment, MentorFactory())
    with pytest.raises(StopRefused) as refused:
        withdraw(notice)
    assert refused.value.code == "followed"
    seat.refresh_from_db()
    assert seat.held_until == in_days(14)


def test_a_seat_that_is_vacant_now_comes_before_one_that_will_be(seat, enrolment):
    vacate_seat(Seat.objects.get(number=2))
    give_notice(seat, in_days(14), StopReason.TIME)
    first, second = fill_seat(enrolment, MentorFactory()), fill_seat(enrolment, MentorFactory())
    assert (first.number, first.held_from) == (2, in_days(0))
    assert (second.number, second.held_from) == (1, in_days(14))
    with pytest.raises(PairingRefused) as refused:
        fill_seat(enrolment, MentorFactory())
    assert refused.value.code == "no_vacancy"


def test_who_is_to_come_is_no_history_yet(coordinator_client, seat, enrolment):
    give_notice(seat, in_days(14), StopReason.TIME)
    taken_back = fill_seat(enrolment, MentorFactory(user__first_name="Fortrudt"))
    vacate_seat(taken_back)
    fill_seat(enrolment, MentorFactory(user__first_name="Maria"))
    page = coordinator_client.get(reverse("enrolment", args=[enrolment.pk]))
    told = " ".join(line.text for line in page.context["history"])
    assert "Jonas" not in told
    assert "Maria" not in told
    with time_machine.travel(timezone.now() + 15 * DAY, tick=False):
        coordinator_client.force_login(CoordinatorFactory().user)
        page = coordinator_client.get(reverse("enrolment", args=[enrolment.pk]))
        told = " ".join(line.text for line in page.context["history"])
        assert "Jonas" in told
        assert "Maria" in told
        assert "Fortrudt" not in told


def test_the_number_of_queries_is_fixed(
    client, path, coordinator_client, seat, enrolment, query_budget
):
    with query_budget(12):
        client.get(path)
    with query_budget(24):
        client.post(path, said(14))
    for _ in range(4):
        pair = PairFactory()
        one = pair.seats.get(number=1)
        Seat.objects.filter(pk=one.pk).update(held_until=in_days(9))
        StopNoticeFactory(seat=one, stops_on=in_days(9))
    with query_budget(20):
        page = soup_of(coordinator_client.get(reverse("desk")))
    assert len(page.select("section[aria-labelledby=vacant] .wrow")) == 5
    with query_budget(12):
        coordinator_client.get(reverse("stop_notice", args=[StopNotice.objects.first().pk]))
