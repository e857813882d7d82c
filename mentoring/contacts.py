"""Whom one can reach about one participant: the pair, the coordinators, contacts at authorities."""

from django.db import transaction

from mentoring.models import AuthorityContact
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.accounts.models import User


def coordinators_for(enrolment: Enrolment) -> list[User]:
    """Those who coordinate where the participant is released to."""
    return list(coordinators_of([enrolment.municipality_id]))


def contacts_of(enrolment: Enrolment) -> list[AuthorityContact]:
    """Those at the authorities, in the order authorities are listed; one query."""
    return list(AuthorityContact.objects.filter(enrolment=enrolment))


@transaction.atomic
def add_contact(enrolment: Enrolment, values: dict[str, str], by: User) -> AuthorityContact:
    """Add somebody at an authority; `values` are the fields of the contact."""
    return AuthorityContact.objects.create(enrolment=enrolment, added_by=by, **values)


@transaction.atomic
def change_contact(contact: AuthorityContact, values: dict[str, str]) -> None:
    """Give a contact new values; only the fields named are written."""
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(values))
