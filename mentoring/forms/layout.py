from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string


class Part(LayoutObject):
    """A piece of a form drawn by a template of its own, from the fields it names.

    The template finds the bound fields under their own names in ``fields``, in order in
    ``bound``, and whatever else it was given.
    """

    def __init__(self, template: str, *fields: str, **extra):
        self.template = template
        self.fields = list(fields)
        self.extra = extra

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        form.rendered_fields.update(self.fields)
        bound = {name: form[name] for name in self.fields}
        return render_to_string(
            self.template,
            {"form": form, "fields": bound, "bound": list(bound.values()), **self.extra},
        )
