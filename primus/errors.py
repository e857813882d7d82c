"""Pages for what went wrong. They look like the product and say what to do."""

from django.shortcuts import render

from primus.access.declare import public


@public
def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


@public
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


@public
def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


@public
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


@public
def server_error(request):
    return render(request, "500.html", status=500)
