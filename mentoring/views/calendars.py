"""A mentor's calendar: the page for its address, and the address itself."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mentoring.calendars import (
    address_of,
    bring_up_to_date,
    calendar_text,
    feed_of,
    make_address,
    note_reading,
    remove_address,
)
from mentoring.models import CalendarFeed, Mentor
from primus.access.declare import entry, public
from primus.accounts.models import Role


@entry(roles=[Role.MENTOR], event=None)
def calendar(request):
    """Making an address, which is shown this once; a new one, or none."""
    mentor = Mentor.objects.filter(user=request.user).first()
    if mentor is None:
        raise Http404
    address = ""
    if request.method == "POST" and request.POST.get("do") == "remove":
        remove_address(mentor)
        messages.success(request, _("The address is removed. Your calendar is told nothing more."))
        return redirect("calendar")
    if request.method == "POST" and request.POST.get("do") == "make":
        address = address_of(make_address(mentor))
    return render(
        request,
        "mentoring/calendar/calendar.html",
        {
            "section": "calendar",
            "address": address,
            # Phones open their calendar for this scheme.
            "subscribe": "webcal://" + address.partition("://")[2],
            "feed": CalendarFeed.objects.visible_to(request.user).first(),
        },
    )


@public
@require_safe
def calendar_feed(request, secret: str):
    """What a calendar that knows the secret is told. It names nobody, and needs no sign-in."""
    feed = feed_of(secret)
    if feed is None:
        raise Http404
    try:
        entries = bring_up_to_date(feed)
    except CalendarFeed.DoesNotExist as removed:
        # While it was being read.
        raise Http404 from removed
    body = calendar_text(feed, entries)
    note_reading(feed)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="primus.ics"'
    return get_conditional_response(request, etag=etag, response=response)
