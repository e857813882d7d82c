"""Users and invitations for tests. Names are made up, and rare enough to be searched for."""

import factory
from factory.django import DjangoModelFactory

from primus.accounts.models import Invitation, Role, User, hash_token

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    """A user who can sign in with PASSWORD; a mentor unless told otherwise, without the mentor's
    own record (see MentorFactory and CoordinatorFactory)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        mentor = factory.Trait(role=Role.MENTOR)
        coordinator = factory.Trait(role=Role.COORDINATOR)
        staff = factory.Trait(role=Role.STAFF)
        administrator = factory.Trait(role=Role.ADMINISTRATOR)
        inactive = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Testine{n}")
    last_name = factory.Sequence(lambda n: f"Prøvelund{n}")
    phone = "12 34 56 78"
    role = Role.MENTOR
    password = factory.django.Password(PASSWORD)


class InvitationFactory(DjangoModelFactory):
    """An open invitation; ``token="…"`` chooses the token that accepts it."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.LazyFunction(Invitation.new_token)

    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Indbudine{n}")
    last_name = factory.Sequence(lambda n: f"Ventelund{n}")
    role = Role.MENTOR
    municipality_codes = factory.LazyFunction(lambda: ["0751"])
    token_hash = factory.LazyAttribute(lambda o: hash_token(o.token))
    invited_by = factory.SubFactory(UserFactory, administrator=True)
