from django import template

from mentoring.matching.people import Person

register = template.Library()


@register.filter
def places(person: Person) -> list[bool]:
    """As many as a mentor can follow, true for those that are taken."""
    return [n < person.load for n in range(max(person.capacity, person.load))]
