"""The pages for what went wrong: in either language, without database or session."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as BrokerError

from primus.access.declare import public
from primus.urls import (  # noqa: F401 - this module is a URL configuration itself
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from primus.urls import urlpatterns as own
from primus.wsgi import Application

PROBLEMS = {
    400: SuspiciousOperation("x"),
    403: PermissionDenied("x"),
    500: RuntimeError("a name and a number that nobody is to see"),
    503: OperationalError("the database is gone"),
}


def raising(problem):
    @public
    def view(request):
        raise problem

    return view


urlpatterns = [
    *own,
    *(path(f"problem/{status}/", raising(error)) for status, error in PROBLEMS.items()),
    path("problem/interface/", raising(InterfaceError("x"))),
    path("problem/button/", public(require_POST(raising(None)))),
    path("problem/broker/", raising(BrokerError("x"))),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client():
    # Without the mark django_db any question to the database fails the test.
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_each_looks_like_the_product_in_either_language(client, status, language, caplog):
    client.cookies["primus_language"] = language
    response = client.get(f"/problem/{status}/")
    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in page
    assert response["Content-Language"] == language
    assert response["Cache-Control"] == "no-store, private"
    assert "Content-Security-Policy" in response
    assert "brand-mark" in page
    assert page.count("<h1>") == 1
    assert 'href="/"' in page
    assert "a name and a number" not in page


@pytest.mark.parametrize("where", ["503", "interface", "broker"])
def test_what_passes_says_when_to_come_back(client, where, caplog):
    response = client.get(f"/problem/{where}/")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


def test_a_failure_of_our_own_does_not(client, caplog):
    assert "Retry-After" not in client.get("/problem/500/")


def test_a_form_that_waited_too_long_tells_how_to_keep_what_was_typed():
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    page = response.content.decode()
    assert page.count("<li>") == 3
    assert "brand-mark" in page


def test_the_database_that_is_gone_is_a_503_for_who_is_signed_in(
    client_for, staff_user, monkeypatch, caplog
):
    signed_in = client_for(staff_user, raise_request_exception=False)

    def gone(*args, **kwargs):
        raise OperationalError("could not connect to server")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", gone)
        response = signed_in.get("/account/")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


def test_a_foreign_page_and_no_page_are_the_same_page(client_for, staff_user):
    signed_in = client_for(staff_user)
    foreign, nothing = signed_in.get("/users/"), signed_in.get("/nothing/")
    assert foreign.status_code == nothing.status_code == 404
    assert foreign.content == nothing.content


def test_the_address_of_a_button_is_a_page_too(client):
    response = client.get("/problem/button/")
    assert response.status_code == 405
    assert response["Allow"]
    assert b"<h1>" in response.content


@pytest.mark.parametrize("charset", ["hex", "punycode", "undefined", "idna", "nonsense"])
def test_text_in_an_odd_encoding_is_read_as_utf8(charset):
    environ = RequestFactory().generic("POST", "/nothing/?a=%C3%A6", "a=ø".encode()).environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset={charset}"
    request = Application.request_class(environ)
    assert (request.GET["a"], request.POST["a"]) == ("æ", "ø")
