from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

phone_validator = RegexValidator(
    r"^\+?[0-9 ]{8,19}$", _("Write a phone number with digits, for example 12 34 56 78.")
)
