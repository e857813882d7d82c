from django.shortcuts import redirect, render

from mentoring.models import Reminder
from mentoring.reminders import as_shown, put_aside, take_back
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CHANGE)
def reminder_seen(request, pk):
    """Put a reminder aside, or take that back (``undo``)."""
    mine = Reminder.objects.sent().select_related("enrolment__participant", "recipient")
    reminder = get_visible(request, mine, pk=pk)
    if request.method != "POST":
        # Where signing in anew leads after the session ran out on the button.
        return redirect("home")
    if "undo" in request.POST:
        take_back(reminder)
    else:
        put_aside(reminder)
    if request.htmx:
        return render(
            request, "mentoring/reminders/_reminder.html", {"reminder": as_shown(reminder)}
        )
    return redirect("home")
