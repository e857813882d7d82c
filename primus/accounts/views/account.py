"""One's own account, and the language of the page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from primus.access.declare import public, signed_in
from primus.accounts import language
from primus.accounts.forms import AccountForm
from primus.accounts.models import User


@signed_in
def my_account(request):
    """Who one is signed in as, with what one may change oneself."""
    form = AccountForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        # The confirmation is the first thing said in the new language.
        with translation.override(user.language):
            messages.success(request, _("Your account is saved."))
        response = redirect("my_account")
        language.remember(response, user.language)
        return response
    return render(request, "accounts/my_account.html", {"form": form, "section": "account"})


@public
@require_POST
def choose_language(request):
    """Switch the page's language, and remember it with the user who is signed in."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in language.KNOWN:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return set_language(request)
