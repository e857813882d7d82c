from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from outcomes.models import ResearchExport
from outcomes.models.research import KEPT_DAYS
from outcomes.research import codebook, exports
from outcomes.research.forms import PurposeForm
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

RESEARCHERS = [Role.STAFF]
# A file can be large, and no page shows it.
EXPORTS = ResearchExport.objects.defer("content").select_related("run")


@entry(roles=RESEARCHERS, event=Event.EXPORT)
def research_export(request):
    """Ask for a file of pseudonymised data, and see those that were made before."""
    sent = request.method == "POST"
    mine = EXPORTS.visible_to(request.user).asked_by(request.user)
    ready = mine.kept().first()
    form = PurposeForm(request.POST if sent else None, another=ready is not None)
    if sent and form.is_valid():
        export = exports.ask(request.user, form.cleaned_data["purpose"])
        request.access.one(export, detail=exports.stated(export))
        return redirect("research_export")
    # The list says nothing of anybody but who handed out what.
    request.access.nobody()
    page = page_of(request, EXPORTS.visible_to(request.user))
    for export in page:
        export.is_mine = export.requested_by_id == request.user.pk
        export.rows = _rows(export)
    context = {
        "section": "research",
        "form": form,
        "page": page,
        "moving": next((export for export in page if export.is_mine and export.is_moving), None),
        "ready": ready,
        "tables": codebook.TABLES,
        "kept_days": KEPT_DAYS,
    }
    return render(request, "outcomes/research/research_export.html", context)


def _rows(export: ResearchExport) -> list[tuple[str, str]]:
    """How many rows each table has, in the order of the file."""
    names = [table.name for table in codebook.TABLES if table.name in export.counts]
    return [(name, number_format(export.counts[name], force_grouping=True)) for name in names]


@entry(roles=RESEARCHERS, event=Event.EXPORT)
def research_file(request, pk):
    """The file, for whoever asked for it, while it is kept."""
    mine = ResearchExport.objects.asked_by(request.user)
    export = get_visible(request, mine, record=False, pk=pk)
    if not exports.fetchable(export):
        request.access.nobody()
        messages.error(
            request,
            _("This file is no longer here: its time is over, or somebody has taken their "
              "consent back. You can have a new one made."),
        )  # fmt: skip
        return redirect("research_export")
    request.access.one(export, detail=exports.stated(export))
    response = HttpResponse(bytes(export.content), content_type="application/zip")
    day = timezone.localdate(export.built_at)
    what = _("research data")
    name = f"primus {what} {day:%Y-%m} {export.pk}.zip".replace(" ", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
