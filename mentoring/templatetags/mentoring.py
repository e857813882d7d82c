from django import template

register = template.Library()


@register.filter
def at(mapping: dict, key):
    """The value under a key that is itself a variable."""
    return mapping.get(getattr(key, "value", key), "")


@register.filter
def area_text(fields: dict, area: str):
    """The bound field for the line of text on an area."""
    return fields[f"text_{area}"]
