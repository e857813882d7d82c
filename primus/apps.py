from django.apps import AppConfig


class PrimusConfig(AppConfig):
    name = "primus"
    label = "primus"

    def ready(self) -> None:
        from primus import checks  # noqa: F401 - registers them
