"""The web process. Anything served by WSGI is production unless it says otherwise."""

import os

os.environ.setdefault("PRIMUS_ENV", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from primus.checks import refuse_bad_installation


class Request(WSGIRequest):
    """A request whose text is UTF-8, as every browser sends it to a page that is UTF-8.

    Django would use whatever codec the request names, some of which are no text encodings, and
    fail before there is anything that could answer.
    """

    def _set_content_type_params(self, meta):
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            parsed = "", {}
        self.content_type, self.content_params = parsed


class Application(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Application()
refuse_bad_installation()
