"""Files on their way in, for tests: as they lie in the database, and as somebody sends them."""

import factory
from factory.django import DjangoModelFactory

from primus.accounts.models import Role
from primus.accounts.tests.factories import UserFactory
from primus.spreadsheets.models import ImportFile, ImportKind, ImportRow, RowOutcome


class ImportFileFactory(DjangoModelFactory):
    class Meta:
        model = ImportFile

    kind = ImportKind.PARTICIPANTS
    name = "deltagere.csv"
    content = b"fornavn;efternavn\n"
    headings = factory.LazyFunction(lambda: ["fornavn", "efternavn"])
    digest = "0" * 64
    uploaded_by = factory.SubFactory(UserFactory, role=Role.COORDINATOR)


class ImportRowFactory(DjangoModelFactory):
    class Meta:
        model = ImportRow

    file = factory.SubFactory(ImportFileFactory)
    number = factory.Sequence(lambda n: n + 2)
    cells = factory.LazyFunction(lambda: ["Deltagine", "Opdigtsen"])
    outcome = RowOutcome.CREATE
