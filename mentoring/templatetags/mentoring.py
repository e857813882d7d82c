from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def at(mapping: dict, key):
    """The value under a key that is itself a variable."""
    return mapping.get(getattr(key, "value", key), "")


@register.filter
def area_text(fields: dict, area: str):
    """The bound field for the line of text on an area."""
    return fields[f"text_{area}"]


@register.filter
def duration(minutes: int) -> str:
    """How long in words: «30 min», «1 h», «1½ h», «2 h 15 min»."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if rest == 30:
        return _("%(hours)d½ h") % {"hours": hours}
    if rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(hours)d h") % {"hours": hours}


@register.filter
def goal_rows(form, area: str):
    """The open goals of an area that a form offers to tick off; a form without any offers none."""
    return form.goal_rows(area) if hasattr(form, "goal_rows") else []
