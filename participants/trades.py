from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Trade(models.TextChoices):
    """Lines of work that a participant has or wants, and that a mentor knows from within."""

    CONSTRUCTION = "construction", _("building and crafts")
    TRANSPORT = "transport", _("driving and warehouse")
    INDUSTRY = "industry", _("industry")
    KITCHEN = "kitchen", _("kitchen and hotel")
    SHOP = "shop", _("shop and sales")
    CARE = "care", _("care and health")
    TEACHING = "teaching", _("children and teaching")
    OFFICE = "office", _("office and administration")
    IT = "it", _("IT")
    GREEN = "green", _("farming and gardens")
    OTHER = "other", pgettext_lazy("line of work", "something else")
