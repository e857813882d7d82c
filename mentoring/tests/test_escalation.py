"""A concern that nobody answers goes on: to the deputy, then to staff, who hear only that."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from mentoring.concerns import acknowledge
from mentoring.models import ConcernAction, Letter, LetterOccasion, StaffDuty, Urgency
from mentoring.tasks import escalate_concerns, send_letters
from mentoring.tests.desk_factories import ConcernActionFactory, StaffDutyFactory
from mentoring.tests.factories import ConcernFactory, PairFactory
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    EnrolmentFactory,
    in_days,
    municipality,
)
from primus.access.models import AccessEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def deputy():
    found = CoordinatorFactory(user__language="en")
    place = municipality()
    place.deputy = found
    place.save()
    return found.user


def told(occasion) -> set:
    letters = Letter.objects.filter(occasion=occasion).select_related("recipient")
    return {letter.recipient for letter in letters}


def after(span: timedelta):
    escalate = time_machine.travel(timezone.now() + span, tick=False)
    with escalate:
        escalate_concerns()


def test_what_is_answered_in_time_goes_nowhere(deputy, staff_user):
    ConcernFactory(acknowledged=True, acknowledge_by=timezone.now() - timedelta(minutes=1))
    ConcernFactory()
    escalate_concerns()
    assert not Letter.objects.exists()


def test_first_the_deputy_then_staff_and_each_once(deputy, staff_user):
    on_duty = StaffDutyFactory().user
    StaffDutyFactory(on_duty_from=in_days(-9), on_duty_until=in_days(-2))
    concern = ConcernFactory(overdue=True)
    for _ in range(2):
        escalate_concerns()
        assert told(LetterOccasion.DEPUTY) == {deputy}
        assert told(LetterOccasion.STAFF) == set()
    for _ in range(2):
        after(timedelta(hours=4))
        assert told(LetterOccasion.STAFF) == {on_duty}
    assert Letter.objects.count() == 2
    concern.refresh_from_db()
    assert concern.deputy_told_at < concern.staff_told_at


@pytest.mark.parametrize(
    ("urgency", "goes_on", "then"),
    [
        (Urgency.LIFE, timedelta(minutes=15), timedelta(minutes=30)),
        (Urgency.URGENT, timedelta(hours=4), timedelta(hours=5)),
        (Urgency.SOON, timedelta(hours=4), timedelta(hours=8)),
    ],
)
def test_how_long_each_has(deputy, staff_user, urgency, goes_on, then):
    ConcernFactory(urgency=urgency, raised_at=timezone.now())
    a_minute = timedelta(minutes=1)
    after(goes_on - a_minute)
    assert not Letter.objects.exists()
    after(goes_on)
    assert told(LetterOccasion.DEPUTY) == {deputy}
    after(then - a_minute)
    assert told(LetterOccasion.STAFF) == set()
    after(then)
    assert told(LetterOccasion.STAFF) == {staff_user}


@pytest.mark.parametrize("why", ["none", "inactive", "elsewhere"])
def test_without_a_deputy_staff_are_told_at_once(deputy, staff_user, why):
    place = municipality()
    if why == "none":
        place.deputy = None
        place.save()
    elif why == "inactive":
        deputy.is_active = False
        deputy.save()
    else:
        deputy.coordinator.municipalities.set([ELSEWHERE])
    ConcernFactory(overdue=True)
    escalate_concerns()
    assert told(LetterOccasion.DEPUTY) == set()
    assert told(LetterOccasion.STAFF) == {staff_user}


def test_an_answer_ends_it_and_the_letters_that_wait(deputy, staff_user):
    concern = ConcernFactory(overdue=True)
    escalate_concerns()
    acknowledge(concern, deputy)
    after(timedelta(days=2))
    send_letters()
    assert told(LetterOccasion.STAFF) == set()
    assert mail.outbox == []


def test_the_letters_say_that_it_waits_and_nothing_else(deputy, staff_user):
    staff_user.language = "en"
    staff_user.save()
    concern = ConcernFactory(overdue=True, text="Kevin truer med at stikke af")
    escalate_concerns()
    after(timedelta(hours=4))
    send_letters()
    to_deputy, to_staff = mail.outbox
    assert to_deputy.to == [deputy.email]
    assert reverse("concern", args=[concern.pk]) in to_deputy.body
    assert to_staff.to == [staff_user.email]
    assert reverse("concerns_waiting") in to_staff.body
    person = concern.enrolment.participant
    for letter in mail.outbox:
        said = f"{letter.subject} {letter.body}"
        assert "Aarhus" in said
        for secret in ("Kevin", person.first_name, person.last_name, concern.enrolment.case_number):
            assert secret not in said


def test_staff_see_where_it_waits_and_whom_to_call(client_for, deputy, staff_user):
    concern = ConcernFactory(overdue=True, text="Kevin truer med at stikke af")
    staff = client_for(staff_user)
    address = reverse("concerns_waiting")
    assert "Aarhus" not in staff.get(address).content.decode()
    ConcernFactory(overdue=True, acknowledged=True, staff_told_at=timezone.now())
    after(timedelta(0))
    after(timedelta(hours=4))
    page = staff.get(address).content.decode()
    assert page.count("Aarhus") == 1
    assert deputy.get_full_name() in page
    person = concern.enrolment.participant
    for secret in ("Kevin", person.first_name, person.last_name, concern.enrolment.case_number):
        assert secret not in page
    assert staff.get(reverse("concern", args=[concern.pk])).status_code == 404


def test_as_few_questions_for_many_as_for_one(client_for, staff_user, query_budget):
    client = client_for(staff_user)
    for code in ("0751", ELSEWHERE, "0101"):
        CoordinatorFactory(municipalities=[code])
        ConcernFactory(
            overdue=True,
            staff_told_at=timezone.now(),
            enrolment=EnrolmentFactory(municipality=municipality(code)),
        )
    with query_budget(8):
        client.get(reverse("concerns_waiting"))


def test_a_coordinator_chooses_the_deputy_of_an_own_municipality(client_for):
    mine, other = CoordinatorFactory(), CoordinatorFactory()
    elsewhere = CoordinatorFactory(municipalities=[ELSEWHERE])
    client = client_for(mine)
    address = reverse("deputies")
    client.post(address, {"0751-deputy": other.pk, "0461-deputy": elsewhere.pk})
    assert municipality().deputy == other
    assert municipality(ELSEWHERE).deputy is None
    response = client.post(address, {"0751-deputy": elsewhere.pk})
    assert response.status_code == 200
    assert municipality().deputy == other
    client.post(address, {"0751-deputy": ""})
    assert municipality().deputy is None


def test_duties_are_put_on_and_taken_off(client_for, staff_user, administrator_user, coordinator):
    client = client_for(administrator_user)
    address = reverse("duty_list")
    good = {"user": staff_user.pk, "on_duty_from": in_days(0), "on_duty_until": in_days(6)}
    for wrong in (
        {"user": coordinator.user.pk},
        {"on_duty_until": in_days(-1)},
        {"on_duty_until": in_days(800)},
        {"on_duty_from": "31-02-2027"},
        {"user": "x\x00"},
    ):
        response = client.post(address, {**good, **wrong})
        assert response.status_code == 200
        assert response.context["form"].errors
    assert not StaffDuty.objects.exists()
    client.post(address, good)
    assert staff_user.get_full_name() in client_for(staff_user).get(address).content.decode()
    client.post(reverse("duty_remove", args=[StaffDuty.objects.get().pk]))
    assert not StaffDuty.objects.exists()


# --- What is done about it --------------------------------------------------------------


def act(client, concern, text, token="6f1c2f0a-6f0e-4c56-9f5b-0d3f1f1a2b3c"):
    address = reverse("concern", args=[concern.pk])
    return client.post(address, {"do": "act", "action-text": text, "action-token": token})


def test_what_is_done_is_written_once_and_seen_by_who_raised_it(client_for, mentor, coordinator):
    enrolment = PairFactory(seat1=mentor).enrolment
    concern = ConcernFactory(enrolment=enrolment, raised_by=mentor.user)
    client, theirs = client_for(coordinator), client_for(mentor)
    theirs.get(reverse("concern", args=[concern.pk]))
    for _ in range(2):
        assert act(client, concern, "Jeg har ringet til ham").status_code == 302
    assert ConcernAction.objects.get().text == "Jeg har ringet til ham"
    concern.refresh_from_db()
    assert concern.acknowledged_by == coordinator.user
    changed = act(client, concern, "Noget andet")
    assert changed.status_code == 200
    assert "Noget andet" in changed.content.decode()
    assert AccessEntry.objects.filter(detail="action").count() == 1
    assert theirs.get(reverse("my_concerns")).context["page"].object_list[0].is_unread
    assert (
        "Jeg har ringet til ham"
        in theirs.get(reverse("concern", args=[concern.pk])).content.decode()
    )
    assert not theirs.get(reverse("my_concerns")).context["page"].object_list[0].is_unread


def test_a_closed_concern_takes_no_more(client_for, coordinator):
    concern = ConcernFactory(resolved=True)
    assert act(client_for(coordinator), concern, "For sent").status_code == 200
    assert act(client_for(coordinator), ConcernFactory(), "  ").status_code == 200
    assert not ConcernAction.objects.exists()


def test_the_inbox_shows_own_and_all_open_and_closed(client_for, coordinator):
    answered_by_me = EnrolmentFactory(coordinator=coordinator)
    mine = ConcernFactory(enrolment=answered_by_me)
    taken = ConcernActionFactory().concern
    closed = ConcernFactory(resolved=True)
    foreign = ConcernFactory(enrolment=EnrolmentFactory(municipality=municipality(ELSEWHERE)))
    client = client_for(coordinator)
    address = reverse("concern_inbox")

    def shown(**query):
        context = client.get(address, query).context
        rows = (
            context["closed"] if context["is_closed"] else [*context["waiting"], *context["taken"]]
        )
        return {concern.pk for concern in rows}

    assert shown() == {mine.pk, taken.pk}
    assert shown(whose="own") == {mine.pk}
    assert shown(state="closed") == {closed.pk}
    assert shown(state="nonsense", municipality="x") == {mine.pk, taken.pk}
    assert shown(municipality="0751") == {mine.pk, taken.pk}
    assert foreign.pk not in shown() | shown(state="closed")
