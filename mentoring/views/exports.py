"""A coordinator's lists as files, with the filters of the page that they are asked for from."""

from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.caseload import caseload
from mentoring.directory import directory
from mentoring.exporting import enrolment_rows, mentor_rows
from mentoring.forms.caseload import CaseloadFilter
from mentoring.forms.mentors import MentorFilter
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.filters import AddressedFilter
from primus.spreadsheets.writing import CONTENT_TYPES, written

COORDINATORS = [Role.COORDINATOR]


def _choices(request) -> QueryDict:
    """The choices stand in the address; what is searched for is posted."""
    choices = request.GET.copy()
    choices["q"] = request.POST.get("q", "")
    return choices


def _file(request, extension: str, name: str, found: AddressedFilter, rows_of) -> HttpResponse:
    """All that the list finds, each of them in the access log."""
    if f".{extension}" not in CONTENT_TYPES:
        raise Http404
    rows = list(found.qs)
    detail = f"search: {found.search}" if found.search else ""
    request.access.many(rows, Event.EXPORT, detail=detail)
    request.access.nobody()
    content = written(f".{extension}", rows_of(rows))
    response = HttpResponse(content, content_type=CONTENT_TYPES[f".{extension}"])
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{extension}"'
    return response


@entry(roles=COORDINATORS, event=Event.EXPORT)
def enrolment_export(request, extension: str):
    found = CaseloadFilter(_choices(request), queryset=caseload(request.user), user=request.user)
    return _file(request, extension, _("enrolments"), found, enrolment_rows)


@entry(roles=COORDINATORS, event=Event.EXPORT)
def mentor_export(request, extension: str):
    found = MentorFilter(_choices(request), queryset=directory(request.user), user=request.user)
    return _file(request, extension, _("mentors"), found, mentor_rows)
