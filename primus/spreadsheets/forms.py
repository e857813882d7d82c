"""Choosing a file, and which of its columns holds what."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from primus.forms import Section, SubmitButton, helper
from primus.spreadsheets import layouts
from primus.spreadsheets.cells import letters
from primus.spreadsheets.models import ImportFile
from primus.spreadsheets.refusals import LARGEST_MB, MOST_ROWS


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(label=gettext_lazy("The file"), allow_empty_file=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.widget.attrs["accept"] = ".xlsx,.csv"
        field.error_messages["required"] = _("Choose a file first.")
        field.help_text = _(
            ".xlsx or .csv, with headings in its first row. At most %(rows)s rows and %(mb)s MB."
        ) % {"rows": f"{MOST_ROWS:,}".replace(",", "."), "mb": LARGEST_MB}
        self.helper = helper()
        self.helper.layout = Layout(
            "file",
            SubmitButton(_("Upload the file"), "btn-primary btn-lg", icon="right"),
        )


class ColumnsForm(forms.Form):
    """Which column of the file holds which field; filled in with what was recognised."""

    def __init__(self, *args, file: ImportFile, layout: layouts.Layout, **kwargs):
        super().__init__(*args, **kwargs)
        self.file, self.layout = file, layout
        self.names = {column.name: f"column_{column.name}" for column in layout.columns}
        choices = [("", _("not in the file")), *self._choices()]
        kinds = ("filled", "in_file", "for_new")
        parts: dict[str, list[str]] = {part: [] for part in (*kinds, "other")}
        for column in layout.columns:
            name = self.names[column.name]
            self.fields[name] = forms.TypedChoiceField(
                label=column.label,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=column.filled or column.in_file,
                help_text=column.hint,
                error_messages={"required": _("Choose the column that holds this.")},
                initial=file.columns.get(column.name, ""),
            )
            part = next((kind for kind in kinds if getattr(column, kind)), "other")
            parts[part].append(name)
        self.helper = helper()
        sections = (
            (
                "filled",
                _("Needed in each row"),
                _("By these we see who it is, and whether they are here already."),
            ),
            (
                "in_file",
                _("Needed in the file"),
                _("A cell may be empty; that says that there was nothing."),
            ),
            (
                "for_new",
                _("Needed for somebody new"),
                _("Without these the file can change those who are here, and add nobody."),
            ),
            ("other", _("What else there may be"), ""),
        )
        self.helper.layout = Layout(
            *(
                Section(title, Div(*parts[part], css_class="import-columns"), lead=lead)
                for part, title, lead in sections
                if parts[part]
            ),
            Div(
                SubmitButton(
                    ngettext("Check %(n)d row", "Check %(n)d rows", file.length)
                    % {"n": file.length},
                    "btn-primary btn-lg",
                    icon="right",
                ),
                css_class="form-end",
            ),
        )

    def _choices(self) -> list[tuple[int, str]]:
        """Each column as «B · Fornavn (Danny, Rasmus)»."""
        why = set(layouts.why_columns(self.file.headings))
        found = []
        for position, heading in enumerate(self.file.headings):
            if position in why:
                continue
            cells = [row[position] for row in self.file.samples if position < len(row)]
            sample = ", ".join(cell[:24] for cell in cells if cell)
            name = f"{letters(position)} · {heading}" if heading else letters(position)
            found.append((position, f"{name} ({sample})" if sample else name))
        return found

    def clean(self):
        data = super().clean()
        taken: dict[int, str] = {}
        for column in self.layout.columns:
            name = self.names[column.name]
            position = data.get(name)
            if position is None:
                continue
            if position in taken:
                self.add_error(name, _("This column is chosen for something else already."))
            taken.setdefault(position, name)
        return data

    @property
    def columns(self) -> dict[str, int]:
        """Field and position of those that were chosen."""
        chosen = {column: self.cleaned_data[name] for column, name in self.names.items()}
        return {column: position for column, position in chosen.items() if position is not None}

    @property
    def unused(self) -> list[str]:
        """The headings that nothing was recognised by."""
        used = {*self.file.columns.values(), *layouts.why_columns(self.file.headings)}
        return [
            heading
            for position, heading in enumerate(self.file.headings)
            if heading and position not in used
        ]
