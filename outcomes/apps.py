from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = _("Outcomes")

    def ready(self) -> None:
        from outcomes import imports, receivers  # noqa: F401
        from outcomes.trials import receivers as trials
        from primus.spreadsheets.layouts import register

        register(imports.LAYOUT)
        trials.connect(self)
