"""Inviting the mentors that a file made."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentoring.imports.inviting import invite_all
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.spreadsheets.models import ImportFile, ImportKind

FILES = ImportFile.objects.defer("content").filter(kind=ImportKind.MENTORS)


@entry(roles=[Role.COORDINATOR], event=Event.CREATE)
@require_POST
def import_invite(request, pk):
    """Send an invitation to each mentor of the file who has none and cannot sign in."""
    file = get_visible(request, FILES, pk=pk)
    made = invite_all(file)
    for invitation in made:
        request.access.one(invitation)
    messages.success(
        request,
        ngettext(
            "%(n)d invitation is on its way.", "%(n)d invitations are on their way.", len(made)
        )
        % {"n": len(made)},
    )
    return redirect("import_file", file.pk)
