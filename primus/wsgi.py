"""The web process. Anything served by WSGI is production unless it says otherwise."""

import os

os.environ.setdefault("PRIMUS_ENV", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")

from django.core.wsgi import get_wsgi_application

from primus.checks import refuse_bad_installation

application = get_wsgi_application()
refuse_bad_installation()
