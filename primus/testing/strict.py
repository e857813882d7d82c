"""What fails a test although nothing asserts it: an undefined variable in a template of ours,
and a connection that leaves the machine."""

import inspect
import ipaddress
import socket
import sys

import pytest
from django.conf import settings
from django.template.base import FilterExpression, Node
from django.template.defaulttags import ForNode

OWN_TEMPLATES = str(settings.BASE_DIR / "templates")
LOOPBACK_NAMES = {"localhost", ""}


class UndefinedVariable(AssertionError):
    """A template of ours used a variable that its view had not given it."""


class InvalidVariable(str):
    """What Django puts where a variable is undefined: empty text, which is an error in ours.

    The templates of Django, allauth and crispy-forms rely on undefined variables being empty,
    so it asks which template it stands in. Django tests it for truth before it uses it, looks into
    it in ``blocktranslate`` and escapes it for output: each asks.
    """

    __slots__ = ()

    def _ask(self) -> None:
        frame = inspect.currentframe()
        variable = None
        while frame is not None:
            here = frame.f_locals.get("self")
            variable = variable or getattr(here, "var", None)
            if isinstance(here, Node) and getattr(here, "origin", None) is not None:
                name = str(here.origin.name)
                if name.startswith(OWN_TEMPLATES):
                    line = here.token.lineno if here.token else "?"
                    raise UndefinedVariable(f"{variable or here} is undefined in {name}:{line}")
                return
            frame = frame.f_back

    def __bool__(self) -> bool:
        # Asked by an ``if`` or by ``default``, it is the answer that there is none.
        if sys._getframe(1).f_code is FilterExpression.resolve.__code__:
            self._ask()
        return False

    def __contains__(self, text) -> bool:
        self._ask()
        return str.__contains__(self, text)

    def __html__(self) -> str:
        self._ask()
        return ""


class _Sequence:
    """What ``{% for %}`` loops over: undefined is an error there too, and not an empty list."""

    def __init__(self, expression):
        self._expression = expression

    def resolve(self, context, ignore_failures=False):
        return self._expression.resolve(context)

    def __getattr__(self, name):
        return getattr(self._expression, name)

    def __str__(self):
        return str(self._expression)


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_fail(django_test_environment):
    from django.template import engines

    patch = pytest.MonkeyPatch()
    patch.setattr(engines["django"].engine, "string_if_invalid", InvalidVariable())
    plain = ForNode.__init__

    def strict(self, loopvars, sequence, *args, **kwargs):
        plain(self, loopvars, _Sequence(sequence), *args, **kwargs)

    patch.setattr(ForNode, "__init__", strict)
    yield
    patch.undo()


def _is_local(address) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    host = address[0]
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """No test reaches further than this machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        plain = getattr(socket.socket, name)

        def guarded(self, address, plain=plain):
            if not _is_local(address):
                raise RuntimeError(
                    f"A test tried to reach {address[0]!r}: no test uses the network."
                )
            return plain(self, address)

        patch.setattr(socket.socket, name, guarded)
    plain_lookup = socket.getaddrinfo

    def lookup(host, *args, **kwargs):
        if host is not None and not _is_local((host if isinstance(host, str) else host.decode(),)):
            raise RuntimeError(f"A test tried to look up {host!r}: no test uses the network.")
        return plain_lookup(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords(django_test_environment):
    """Passwords in tests guard nothing; hashing them slowly costs minutes."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
