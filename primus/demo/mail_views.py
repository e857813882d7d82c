"""The e-mails of the demonstration, for anyone to read: everyone in them is made up."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from primus.access.declare import public
from primus.demo.mailbox import letter, letters

SHOWN = 200


@public
def demo_mail(request):
    if not settings.PRIMUS_DEMO:
        raise Http404
    return render(request, "demo/mail.html", {"letters": letters(SHOWN), "chosen": None})


@public
def demo_mail_message(request, key):
    if not settings.PRIMUS_DEMO:
        raise Http404
    chosen = letter(key)
    if chosen is None:
        raise Http404
    return render(request, "demo/mail.html", {"letters": letters(SHOWN), "chosen": chosen})
