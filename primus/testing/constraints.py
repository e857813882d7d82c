"""Tests of the database's own rules: each constraint broken on purpose, going around the forms."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F


def constraints_of(label: str) -> dict[str, models.BaseConstraint]:
    """The named constraints of an app's models."""
    return {
        constraint.name: constraint
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }


def _find(name: str) -> tuple[type[models.Model], models.BaseConstraint]:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return model, constraint
    raise LookupError(name)


def _sqlite_messages(name: str) -> set[str]:
    """What SQLite says: it names a check and an index on expressions, else only the columns."""
    model, constraint = _find(name)
    if isinstance(constraint, models.CheckConstraint):
        return {f"CHECK constraint failed: {name}"}
    table = model._meta.db_table
    fields = constraint.fields or [e.name for e in constraint.expressions if isinstance(e, F)]
    columns = [f"{table}.{model._meta.get_field(field).column}" for field in fields]
    return {
        f"UNIQUE constraint failed: {', '.join(columns)}",
        f"UNIQUE constraint failed: index '{name}'",
    }


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The block must be refused by the database, by the constraint of this name and no other."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        yield
    if connection.vendor == "postgresql":
        assert raised.value.__cause__.diag.constraint_name == name
    else:
        assert str(raised.value) in _sqlite_messages(name)


def changing(obj: models.Model, **values) -> Callable[[], int]:
    """The call that changes a row behind its model's back; it returns the number of rows."""
    return lambda: type(obj)._base_manager.filter(pk=obj.pk).update(**values)


def adding(obj: models.Model) -> Callable:
    """The call that inserts a row that was built and not saved."""
    return lambda: type(obj)._base_manager.bulk_create([obj])


class Breaches:
    """The breaches of one app's constraints, by the constraint's name.

    Each is a function that prepares what is allowed and returns the call that breaks the rule.
    """

    def __init__(self, label: str):
        self.label = label
        self.by_name: dict[str, Callable[[], Callable]] = {}

    def __call__(self, name: str):
        def register(function):
            assert name not in self.by_name, f"{name} has two breaches"
            self.by_name[name] = function
            return function

        return register

    def parametrize(self):
        return pytest.mark.parametrize("name", sorted(self.by_name))

    def check(self, name: str) -> None:
        breach = self.by_name[name]()
        with refused(name):
            breach()

    def check_complete(self) -> None:
        """Fails when a constraint has no breach, or a breach no constraint."""
        assert set(self.by_name) == set(constraints_of(self.label))
