"""Small parts that every page uses: icons, initials, and time as people think of it."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from primus import phones

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> str:
    """An icon of the sprite; it says nothing by itself, so a word always stands beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        extra,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def option_icon(field, option) -> str:
    """The icon of one choice, where the form field has ``icons`` by value."""
    name = getattr(field.field, "icons", {}).get(str(option.data["value"]))
    return icon(name) if name else ""


@register.simple_tag
def error_list(form) -> list[dict[str, str]]:
    """Each error of a form with the id of the control it is about (none for the whole form)."""
    wrong = [{"href": "", "label": "", "text": text} for text in form.non_field_errors()]
    for name in form.errors:
        if name not in form.fields:
            continue
        field = form[name]
        # A group of choices has no id of its own: its first choice is where one goes.
        target = field.id_for_label or f"{field.auto_id}_0"
        hidden = field.is_hidden
        label = str(field.label)
        wrong += [
            {
                "href": "" if hidden else target,
                # A label that asks needs no colon.
                "label": "" if hidden else label if label.endswith("?") else f"{label}:",
                "text": text,
            }
            for text in field.errors
        ]
    return wrong


@register.simple_tag
def avatar(user, seat: int = 1, extra: str = "") -> str:
    """A person's initials; the second seat has its own ground."""
    return format_html(
        '<span class="avatar{} {}" title="{}" aria-hidden="true">{}</span>',
        " avatar-2" if seat == 2 else "",
        extra,
        user.get_full_name(),
        user.initials,
    )


def as_day(value: date | datetime) -> date:
    """The Danish day of a date or an aware time."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def relative(value: date | datetime | None) -> str:
    """Days from today in words: «today», «in 18 days», «3 days ago»."""
    if value is None:
        return ""
    days = (as_day(value) - timezone.localdate()).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.filter
def longdate(value: date | datetime | None) -> str:
    """A day with its weekday; the year only when it is not this one."""
    if value is None:
        return ""
    day = as_day(value)
    this_year = day.year == timezone.localdate().year
    return formats.date_format(day, _("l j F") if this_year else _("l j F Y"))


@register.filter
def shortdate(value: date | datetime | None) -> str:
    """A day without weekday; the year only when it is not this one."""
    if value is None:
        return ""
    day = as_day(value)
    this_year = day.year == timezone.localdate().year
    return formats.date_format(day, _("j F") if this_year else _("j F Y"))


@register.simple_tag
def days_between(first: date, last: date) -> str:
    """Two days and what lies between them: «23–29 November», or both in full across months."""
    if first == last:
        return shortdate(first)
    if (first.year, first.month) == (last.year, last.month):
        day = formats.date_format(first, pgettext("first day of several within a month", "j"))
        return f"{day}–{shortdate(last)}"
    return f"{shortdate(first)} – {shortdate(last)}"


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day in Denmark."""
    return "" if value is None else formats.time_format(timezone.localtime(value).time())


@register.filter
def phone(text: str) -> str:
    """A phone number as it is read: «12 34 56 78»."""
    return phones.shown(text)


@register.filter
def tel(text: str) -> str:
    """A phone number as the address that calls it; for ``href``."""
    return phones.tel(text)


@register.filter
def moment(value: datetime | None) -> str:
    """The time of day, with the day before it when that is not today."""
    if value is None or as_day(value) == timezone.localdate():
        return clock(value)
    return f"{shortdate(value)}, {clock(value)}"
