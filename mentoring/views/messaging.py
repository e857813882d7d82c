"""Writing to mentors, and a mentor's inbox."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from mentoring.forms.messages import MessageForm
from mentoring.messaging import (
    Audience,
    MessageRefused,
    inbox,
    mark_read,
    of_municipality,
    of_pair,
    send_message,
    with_active,
    with_readers,
)
from mentoring.models import Message
from mentoring.receipts import FormAlreadySaved, already_saved, save_once
from participants.models import Enrolment, Municipality
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

PER_PAGE = 25
NAMES_AT_MOST = 40


@entry(roles=[Role.COORDINATOR], event=Event.CREATE)
def message_create(request):
    """To the pair of ``?enrolment=``, or to all active mentors of ``?municipality=``."""
    enrolment, audience = None, None
    if "enrolment" in request.GET:
        enrolments = Enrolment.objects.select_related("participant", "municipality")
        enrolment = get_visible(request, enrolments, event=Event.READ, pk=request.GET["enrolment"])
        audience = of_pair(enrolment)
    else:
        own = Municipality.objects.of_coordinator(request.user)
        wanted = request.GET.get("municipality", "")
        places = list(own)
        place = next((one for one in places if one.pk == wanted), None)
        if place is None and len(places) == 1:
            place = places[0]
        if place is None:
            return _choose(request, own)
        audience = of_municipality(place)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and audience is not None:
        answer = _send(request, form, audience)
        if answer is not None:
            return answer
    people = audience.mentors if audience else []
    request.access.many(people, Event.LIST)
    request.access.nobody()
    context = {
        "section": "enrolments" if enrolment else "mentors",
        "form": form,
        "enrolment": enrolment,
        "audience": audience,
        "shown": people[:NAMES_AT_MOST],
        "more": max(0, len(people) - NAMES_AT_MOST),
    }
    return render(request, "mentoring/messages/new.html", context)


def _choose(request, own) -> HttpResponse:
    """A coordinator of several municipalities says first where they write to."""
    request.access.nobody()
    places = with_active(own).order_by("name")
    return render(
        request, "mentoring/messages/choose.html", {"section": "mentors", "places": places}
    )


def _send(request, form: MessageForm, audience: Audience) -> HttpResponse | None:
    """Send the message once and lead to it; None when the form must be shown again."""
    said = form.cleaned_data
    content = {
        "subject": said["subject"],
        "text": said["text"],
        "municipality": audience.municipality.pk,
        "pair": audience.pair.pk if audience.pair else None,
    }
    try:
        message = save_once(
            said["token"],
            content,
            request.user,
            lambda receipt: send_message(audience, request.user, said["subject"], said["text"]),
        )
    except MessageRefused as refused:
        form.add_error(None, refused.sentence)
        return None
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.renew()
        return None
    if message is None:
        return redirect("message_list")
    request.access.one(message)
    count = len(audience.mentors)
    messages.success(
        request,
        ngettext(
            "Sent to %(n)d mentor. They get an e-mail that a message waits.",
            "Sent to %(n)d mentors. They get an e-mail that a message waits.",
            count,
        )
        % {"n": count},
    )
    return redirect("message", message.pk)


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.LIST)
def message_list(request):
    """A mentor's inbox; for a coordinator what was written in their municipalities."""
    if request.user.is_mentor:
        page = page_of(request, inbox(request.user), PER_PAGE)
        request.access.many([row.message for row in page.object_list])
        template, section = "mentoring/messages/inbox.html", "messages"
    else:
        sent = with_readers(Message.objects.visible_to(request.user))
        about = sent.select_related("sent_by", "municipality", "pair__enrolment__participant")
        rows = about.order_by(*Message._meta.ordering)
        page = page_of(request, rows, PER_PAGE)
        request.access.many(page.object_list)
        template, section = "mentoring/messages/sent.html", "mentors"
    request.access.nobody()
    return render(request, template, {"section": section, "page": page})


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def message(request, pk: int):
    """What was written. A mentor who opens it has read it; a coordinator sees who has."""
    wanted = Message.objects.select_related(
        "sent_by", "municipality", "pair__enrolment__participant"
    )
    found = get_visible(request, wanted, pk=pk)
    if request.user.is_mentor:
        mark_read(found, request.user)
        context = {"section": "messages", "message": found}
        return render(request, "mentoring/messages/message.html", context)
    recipients = found.recipients.select_related("user").order_by(
        "user__first_name", "user__last_name", "pk"
    )
    context = {
        "section": "mentors",
        "message": found,
        "recipients": recipients,
        "read_by": sum(1 for row in recipients if row.read_at),
    }
    return render(request, "mentoring/messages/message.html", context)
