from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("Participants")

    def ready(self) -> None:
        from participants import imports, joining  # noqa: F401
        from primus.spreadsheets.layouts import register

        register(imports.LAYOUT)
