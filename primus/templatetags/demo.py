"""Who one can be signed in as, in demonstration mode."""

from dataclasses import dataclass

from django import template
from django.conf import settings

from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS

register = template.Library()

ICONS = {
    Role.MENTOR: "user",
    Role.COORDINATOR: "users",
    Role.STAFF: "chart",
    Role.ADMINISTRATOR: "settings",
}


@dataclass(frozen=True)
class Offer:
    role: Role
    name: str
    icon: str


@register.simple_tag
def demo_offers() -> list[Offer]:
    """The roles with the first name of who has it; none outside demonstration mode."""
    if not settings.PRIMUS_DEMO:
        return []
    emails = [email for email, _role in DEMO_ACCOUNTS]
    names = dict(User.objects.active().filter(email__in=emails).values_list("email", "first_name"))
    return [
        Offer(role, names[email], ICONS[role]) for email, role in DEMO_ACCOUNTS if email in names
    ]
