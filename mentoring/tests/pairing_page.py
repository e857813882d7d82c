"""The page on which two mentors are chosen: what is sent to it and read from it, for tests."""

from django.urls import reverse

from mentoring.models import Seat


def page(enrolment) -> str:
    return reverse("pair_create", args=[enrolment.pk])


def choice(*mentors, seat="both") -> dict:
    return {"mentors": [mentor.pk for mentor in mentors], "seat": seat}


def able(response) -> list:
    return [option.person.row for option in response.context["offer"].able]


def unable(response) -> list:
    return [entry.person.row for entry in response.context["offer"].unable]


def held(enrolment) -> list:
    seats = Seat.objects.held().filter(pair__enrolment=enrolment).order_by("number")
    return [seat.mentor for seat in seats]
