"""The cards of a mentor's home, and the meetings they tell of, for tests."""

from datetime import timedelta

from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.tests.factories import MeetingFactory


def met(enrolment, *mentors, days=1, **options):
    at = timezone.now() - timedelta(days=days)
    return MeetingFactory(
        enrolment=enrolment,
        mentors=mentors,
        happened_at=at,
        **{"next_step": "", "next_step_on": None} | options,
    )


def card(client, number=0):
    """The enrolment as the card shows it."""
    return client.get(reverse("mentor_home")).context["enrolments"][number]


def card_text(client, number=0) -> str:
    soup = BeautifulSoup(client.get(reverse("mentor_home")).content, "html.parser")
    return soup.select("article.person")[number].get_text(" ", strip=True)
