"""One search across participants, mentors and meetings."""

from django.shortcuts import redirect, render

from mentoring.forms.search import SearchForm
from mentoring.searching import SHOWN, case_meant
from mentoring.searching import search as find
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.filters import keep_choices, kept_choices
from primus.search import words_of


@entry(roles=[Role.COORDINATOR], event=Event.SEARCH)
def search(request):
    """What is searched for is posted and kept aside; a whole case number leads to its case."""
    if request.method == "POST":
        text = request.POST.get("q", "")
        case = case_meant(request.user, text)
        if case is None:
            return keep_choices(request)
        request.access.one(case, detail=f"search: {text.strip()}")
        return redirect("enrolment", case.pk)
    form = SearchForm(kept_choices(request), user=request.user)
    found = find(request.user, form.text, form.inside)
    if form.text:
        request.access.many(found.everything, detail=f"search: {form.text}")
    request.access.nobody()
    context = {
        "section": "search",
        "form": form,
        "text": form.text,
        "words": words_of(form.text),
        "found": found,
        "shown": SHOWN,
    }
    return render(request, "mentoring/search.html", context)
