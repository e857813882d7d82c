from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string
from django.utils.functional import Promise


class Section(LayoutObject):
    """A part of a long form: a card with a heading, and a line that says what it is for."""

    template = "participants/_section.html"

    def __init__(self, title: str | Promise, *fields, lead: str | Promise = ""):
        self.title = title
        self.lead = lead
        self.fields = list(fields)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.template, {"title": self.title, "lead": self.lead, "inside": inside}
        )
