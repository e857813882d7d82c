"""Data for research, for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outcomes.models import ResearchExport
from primus.accounts.tests.factories import UserFactory


class ResearchExportFactory(DjangoModelFactory):
    """A file that was made today and can be fetched."""

    class Meta:
        model = ResearchExport

    purpose = "Et projekt på universitetet, efter aftale"
    requested_by = factory.SubFactory(UserFactory, staff=True)
    requested_by_label = factory.LazyAttribute(lambda o: o.requested_by.get_full_name())
    content = b"PK"
    read_at = factory.LazyFunction(timezone.now)
    built_at = factory.LazyFunction(timezone.now)
    counts = factory.LazyFunction(lambda: {"enrolments": 30})
