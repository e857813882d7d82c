from django.shortcuts import redirect

from primus.access.declare import signed_in
from primus.navigation import MENU


@signed_in
def home(request):
    """Everyone's own first page."""
    return redirect(MENU[request.user.role][0].url_name)
