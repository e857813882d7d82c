"""The main menu: what each role is offered, in order."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from primus.accounts.models import Role


@dataclass(frozen=True)
class Item:
    """One entry: the URL's name, the word, and the URL names on which it is the current one.

    ``on_phone``: whether it stands in the menu there too, or only where its page is spoken of.
    """

    url_name: str
    label: str | Promise
    section: str
    on_phone: bool = True


MENU: dict[str, list[Item]] = {
    Role.MENTOR: [
        Item("mentor_home", _("Home"), "home"),
        # A mentor's phone has the screen for those they follow; these are with the account.
        Item("my_concerns", _("Your concerns"), "concerns", on_phone=False),
        Item("message_list", _("Messages"), "messages", on_phone=False),
        Item("calendar", _("Calendar"), "calendar", on_phone=False),
    ],
    Role.COORDINATOR: [
        Item("desk", _("Desk"), "desk"),
        Item("enrolment_list", _("Enrolments"), "enrolments"),
        Item("mentor_list", _("Mentors"), "mentors"),
        Item("dashboard", _("Figures"), "figures"),
        Item("access_log", _("Access log"), "access_log"),
        Item("invitation_list", _("Invitations"), "invitations"),
    ],
    Role.STAFF: [
        Item("dashboard", _("Figures"), "figures"),
        Item("effect", _("Effect"), "effect"),
        Item("economy", _("Economy"), "economy"),
        Item("readiness", _("Readiness"), "readiness", on_phone=False),
        Item("research_export", _("Extracts"), "research", on_phone=False),
        Item("concerns_waiting", _("Concerns that wait"), "waiting"),
    ],
    Role.ADMINISTRATOR: [
        Item("user_list", _("Users"), "users"),
        Item("match_weights", pgettext_lazy("menu", "Suggestions"), "weights"),
        Item("access_log", _("Access log"), "access_log"),
    ],
}
