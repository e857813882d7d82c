"""Data for research, for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outcomes.models import ResearchExport
from primus.accounts.tests.factories import UserFactory

PAGE = "/extracts/"
PURPOSE = "Et projekt på universitetet, efter aftale"


class ResearchExportFactory(DjangoModelFactory):
    """A file that was made today and can be fetched."""

    class Meta:
        model = ResearchExport

    purpose = PURPOSE
    requested_by = factory.SubFactory(UserFactory, staff=True)
    requested_by_label = factory.LazyAttribute(lambda o: o.requested_by.get_full_name())
    content = b"PK"
    read_at = factory.LazyFunction(timezone.now)
    built_at = factory.LazyFunction(timezone.now)
    counts = factory.LazyFunction(lambda: {"enrolments": 30})


def ask(client, callbacks, purpose: str = PURPOSE):
    """Send the form, and what is to be done once it is kept."""
    with callbacks(execute=True):
        return client.post(PAGE, {"purpose": purpose})
