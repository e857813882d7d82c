"""What a coordinator can do next, for templates."""

from django import template

from mentoring import next_steps
from mentoring.next_steps import Action
from participants.models import Enrolment

register = template.Library()


@register.simple_tag
def needed_now(enrolment: Enrolment) -> list[Action]:
    """What the enrolment lacks, as its page names it; the ending stands there in any case."""
    return [action for action in next_steps.needed_now(enrolment) if action.title]
