from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "mentoring"
    verbose_name = _("Mentoring")

    def ready(self) -> None:
        from mentoring import imports, joining, receivers  # noqa: F401
        from primus.spreadsheets.layouts import register

        register(imports.LAYOUT)
