"""How a participant stands in the five areas, how that has changed, and rating it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.enrolment_page import frame, section_of
from mentoring.forms.needs import NeedsForm
from mentoring.needs import needs_over_time, rating_rows, stage_rows
from participants.assessments import (
    RatedMeanwhile,
    RatingRefused,
    answers_at,
    check_open,
    latest_before,
    save_ratings,
)
from participants.models import TIMED_STAGES, Enrolment, NeedRating, RatingStage
from participants.need_words import STAGE_TITLES
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

FOLLOWING = [Role.MENTOR, Role.COORDINATOR]


@entry(roles=FOLLOWING, event=Event.READ)
def enrolment_needs(request, pk: int):
    found, context = frame(request, pk, "needs")
    ratings = list(NeedRating.objects.filter(enrolment=found).select_related("rated_by"))
    context["needs"] = needs_over_time(found, ratings)
    context["stages"] = stage_rows(found, ratings)
    context["due"] = next((row for row in context["stages"] if row["is_due"]), None)
    context["ratings"] = rating_rows(ratings)
    return render(request, "mentoring/needs/needs.html", context)


@entry(roles=FOLLOWING, event=Event.CHANGE)
def needs_rate(request, pk: int, stage: str):
    enrolments = Enrolment.objects.select_related("participant")
    # Read until something is changed: a page that is only looked at is no change.
    found = get_visible(request, enrolments, event=Event.READ, pk=pk)
    if stage not in TIMED_STAGES:
        raise Http404
    about = RatingStage(stage)
    try:
        check_open(found, about)
    except RatingRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect("enrolment_needs", pk)
    ratings = list(NeedRating.objects.filter(enrolment=found))
    form = NeedsForm(
        request.POST if request.method == "POST" else None,
        now=answers_at(ratings, about),
        before=latest_before(ratings, about),
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = save_ratings(found, about, form.answers, seen=form.seen, by=request.user)
        except RatingRefused as refused:
            form.add_error(None, refused.sentence)
        except RatedMeanwhile as meanwhile:
            form = form.beside(meanwhile.differing, meanwhile.answers)
        else:
            return _saved(request, found, about, changed)
    context = {
        "section": section_of(request.user),
        "enrolment": found,
        "heading": STAGE_TITLES[about],
        "is_ahead": found.released_on is None,
        "form": form,
    }
    return render(request, "mentoring/needs/rate.html", context)


def _saved(request, enrolment: Enrolment, stage: RatingStage, changed: list):
    if changed:
        # Which areas, but not how they stand: the log is read by those who see no case.
        detail = f"needs {stage}: {' '.join(changed)}"
        request.access.one(enrolment, Event.CHANGE, detail)
        sentence = ngettext("%(n)d area is saved.", "%(n)d areas are saved.", len(changed))
        messages.success(request, sentence % {"n": len(changed)})
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("enrolment_needs", enrolment.pk)
