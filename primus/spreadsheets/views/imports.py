"""Importing a file: uploading it, its columns, what it would do, doing it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of
from primus.spreadsheets import files, layouts
from primus.spreadsheets.forms import ColumnsForm, UploadForm
from primus.spreadsheets.models import ImportFile, ImportState, RowOutcome
from primus.spreadsheets.refusals import LARGEST_MB, FileRefused
from primus.spreadsheets.showing import Reader, template
from primus.spreadsheets.uploading import TOO_LARGE
from primus.spreadsheets.writing import CONTENT_TYPES, written

IMPORTERS = [Role.COORDINATOR]
# What was uploaded can be large, and no page shows it.
FILES = ImportFile.objects.defer("content").select_related("run", "uploaded_by")


def _layout(kind: str) -> layouts.Layout:
    try:
        return layouts.layout_of(kind)
    except KeyError:
        raise Http404 from None


@entry(roles=IMPORTERS, event=Event.LIST)
def import_list(request):
    """The files that the user has uploaded, and where to upload one."""
    page = page_of(request, FILES.visible_to(request.user))
    request.access.many(page)
    request.access.nobody()
    context = {"section": "enrolments", "page": page, "layouts": layouts.layouts()}
    return render(request, "spreadsheets/import_list.html", context)


@entry(roles=IMPORTERS, event=Event.IMPORT)
def import_create(request, kind):
    """Upload a file. One that cannot be read is refused in words, and nothing of it is kept."""
    layout = _layout(kind)
    too_large = getattr(request, TOO_LARGE, False)
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and (too_large or form.is_valid()):
        try:
            if too_large:
                raise FileRefused("too_large", most=str(LARGEST_MB))
            file = files.take_in(request.user, layout.kind, form.cleaned_data["file"])
        except FileRefused as refused:
            form.errors.pop("file", None)
            form.add_error("file", refused.sentence)
        else:
            request.access.one(file)
            return redirect("import_columns", file.pk)
    request.access.nobody()
    context = {"section": layout.section, "layout": layout, "form": form}
    return render(request, "spreadsheets/import_create.html", context)


@entry(roles=IMPORTERS, event=Event.READ)
def import_columns(request, pk):
    """Which column holds what; then the dry run begins."""
    file = get_visible(request, FILES, pk=pk)
    layout = _layout(file.kind)
    if file.is_moving or file.state in (ImportState.APPLYING, ImportState.APPLIED):
        return redirect("import_file", file.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, file=file, layout=layout)
    if request.method == "POST" and form.is_valid():
        _do(request, files.check, file, form.columns)
        return redirect("import_file", file.pk)
    context = {
        "section": layout.section,
        "layout": layout,
        "file": file,
        "form": form,
        "before": files.sent_before(file),
    }
    return render(request, "spreadsheets/import_columns.html", context)


@entry(roles=IMPORTERS, event=Event.READ)
def import_file(request, pk):
    """What the file would do or has done, row by row, and how far the worker has come."""
    file = get_visible(request, FILES, pk=pk)
    if file.state == ImportState.UPLOADED:
        return redirect("import_columns", file.pk)
    layout = _layout(file.kind)
    counts = files.counts(file)
    shown = request.GET.get("show", "")
    if shown not in RowOutcome.values:
        shown = ""
    rows = file.rows.filter(outcome=shown) if shown else file.rows.all()
    # While rows are still being written, a page of them would be another one each time.
    page = page_of(request, rows if file.state != ImportState.CHECKING else rows.none())
    page.rows = Reader(file, layout).shown(page)
    request.access.many(page)
    request.access.many(row.person for row in page.rows if row.person)
    context = {
        "section": layout.section,
        "layout": layout,
        "file": file,
        "counts": counts,
        "to_apply": counts[RowOutcome.CREATE] + counts[RowOutcome.CHANGE],
        "shown": shown,
        "page": page,
        "outcomes": [(o.value, o.label, counts[o.value]) for o in RowOutcome],
        "more": layout.afterwards_context(file) if _is_done(file) and layout.afterwards else {},
    }
    return render(request, "spreadsheets/import_file.html", context)


def _is_done(file: ImportFile) -> bool:
    return file.state == ImportState.APPLIED


@entry(roles=IMPORTERS, event=Event.IMPORT)
@require_POST
def import_apply(request, pk):
    """Begin the import of what the dry run found good."""
    file = get_visible(request, FILES, pk=pk)
    _do(request, files.apply, file)
    return redirect("import_file", file.pk)


@entry(roles=IMPORTERS, event=Event.IMPORT)
@require_POST
def import_resume(request, pk):
    """Take up again what a worker began and did not come to an end with."""
    file = get_visible(request, FILES, pk=pk)
    _do(request, files.take_up, file)
    return redirect("import_file", file.pk)


@entry(roles=IMPORTERS, event=Event.DELETE)
@require_POST
def import_delete(request, pk):
    """Delete the file and its rows; what was imported from it stays."""
    file = get_visible(request, FILES, pk=pk)
    if not _do(request, files.delete, file):
        return redirect("import_file", file.pk)
    messages.success(request, _("The file is deleted. What was imported from it stays."))
    return redirect("import_list")


def _do(request, verb, *args) -> bool:
    try:
        verb(*args)
    except files.ImportRefused as refused:
        messages.warning(request, refused.sentence)
        return False
    return True


@entry(roles=IMPORTERS, event=Event.EXPORT)
def import_bad_rows(request, pk):
    """The rows that could not be imported, with a column that says why."""
    file = get_visible(request, FILES, pk=pk)
    reader = Reader(file, _layout(file.kind))
    extension = ".xlsx" if file.extension == ".xlsx" else ".csv"
    request.access.many(file.rows.filter(outcome=RowOutcome.BAD).only("pk"))
    name = _("not-imported")
    return _download(extension, f"{name}-{file.pk}", reader.bad_rows())


@entry(roles=IMPORTERS, event=None)
def import_template(request, kind, extension):
    """A file to begin with: the headings and a row that shows how it is meant."""
    layout = _layout(kind)
    if f".{extension}" not in CONTENT_TYPES:
        raise Http404
    return _download(f".{extension}", layout.kind, template(layout))


def _download(extension: str, name: str, rows) -> HttpResponse:
    response = HttpResponse(written(extension, rows), content_type=CONTENT_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}{extension}"'
    return response
