from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages a conversation can be held in, by ISO 639-1 code."""

    DANISH = "da", _("Danish")
    ENGLISH = "en", _("English")
    ARABIC = "ar", _("Arabic")
    BOSNIAN = "bs", _("Bosnian, Croatian, Serbian")
    FARSI = "fa", _("Farsi and Dari")
    GERMAN = "de", _("German")
    GREENLANDIC = "kl", _("Greenlandic")
    KURDISH = "ku", _("Kurdish")
    POLISH = "pl", _("Polish")
    ROMANIAN = "ro", _("Romanian")
    SOMALI = "so", _("Somali")
    SPANISH = "es", _("Spanish")
    TURKISH = "tr", _("Turkish")
    UKRAINIAN = "uk", _("Ukrainian")
    URDU = "ur", _("Urdu")


def names(codes: list[str]) -> str:
    """The languages' names in the reader's language, in order; unknown codes as they are."""
    known = dict(Language.choices)
    return ", ".join(str(known.get(code, code)) for code in codes)
