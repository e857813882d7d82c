"""A referral as a coordinator fills it in, and what its page answers, for tests."""

import re
import uuid

from participants.models import Institution
from participants.tests.factories import HOME, in_days

URL = "/enrolments/new/"
STEPS = ["person", "release", "wishes", "consents"]


def filled(**changes) -> dict:
    """The summary of a whole referral, about to be saved."""
    data = {
        "token": str(uuid.uuid4()),
        "step": "summary",
        "go": "save",
        "typed": STEPS,
        "tried": STEPS,
        "first_name": "Kevin",
        "last_name": "Aagaard",
        "birth_date": "17.05.1990",
        "gender": "male",
        "languages": ["da", "so"],
        "phone": "12 34 56 78",
        "email": "",
        "postcode": "8000",
        "municipality": HOME,
        "institution": str(Institution.objects.earliest("name").pk),
        "referred_on": in_days(-3).isoformat(),
        "expected_release": in_days(60).strftime("%d-%m-%Y"),
        "release_kind": "parole",
        "gender_wish": "male",
        "wished_times": ["weekday_evening"],
        "trade": "construction",
        "wishes": "Gerne en, der kender til byggefaget.",
        "consent_participation": "written",
        "consent_participation_on": in_days(-3).isoformat(),
        "consent_offences": "oral",
        "consent_offences_on": "",
        "source": "prison",
        "coordinator": "",
    }
    return data | changes


def errors_of(response) -> dict:
    return response.context["form"].errors


def page_of(response) -> dict:
    """What the page of a step would send if its button were pressed, nothing changed."""
    found: dict[str, list] = {}
    for tag in re.findall(r"<input [^>]*>", response.content.decode()):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        kind = attributes.get("type")
        if "name" in attributes and (kind not in ("radio", "checkbox") or " checked" in tag):
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return found
