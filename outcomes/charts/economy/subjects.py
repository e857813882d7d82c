"""What the charts of this folder are about: an address that was read, with its result."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outcomes.charts.base import Subject
from outcomes.economy.reading import Economy, Preparation
from outcomes.economy.wording import kroner
from participants.models import Municipality


@dataclass(frozen=True)
class AssumedSubject(Subject):
    """Figures that rest on assumptions: the address has all of them."""

    reading: Economy | Preparation

    @property
    def is_demonstration(self) -> bool:
        source = self.reading.source
        return bool(settings.PRIMUS_DEMO) or bool(source and source.is_demonstration)

    def query(self) -> dict[str, str]:
        return self.reading.query


@dataclass(frozen=True)
class EconomySubject(AssumedSubject):
    """What a krone gives back."""

    reading: Economy

    @classmethod
    def of(cls, economy: Economy) -> "EconomySubject":
        """The subject of an address that was read without errors."""
        source = economy.source
        assert source is not None
        computed_at = source.computed_at or timezone.now()
        return cls({}, source.name, computed_at, economy.stamp, economy)

    @property
    def slug(self) -> str:
        return f"{timezone.localdate():%Y-%m-%d}"

    def path(self, name: str, kind: str) -> str:
        return reverse("economy_chart", args=[name, kind])


@dataclass(frozen=True)
class ReadinessSubject(AssumedSubject):
    """What it takes in a municipality."""

    reading: Preparation
    code: str = ""

    @classmethod
    def of(cls, preparation: Preparation, municipality: Municipality) -> "ReadinessSubject":
        """The subject of an address that was read without errors."""
        source = preparation.source
        assert source is not None
        computed_at = source.computed_at or timezone.now()
        return cls(
            {},
            municipality.name,
            computed_at,
            f"{municipality.code}-{preparation.stamp}",
            preparation,
            municipality.code,
        )

    @property
    def slug(self) -> str:
        return f"{self.code}-{timezone.localdate():%Y-%m-%d}"

    def path(self, name: str, kind: str) -> str:
        return reverse("readiness_chart", args=[self.code, name, kind])


def prices(subject: AssumedSubject) -> str:
    """The sentence that every picture has: what is assumed, and that it is not measured."""
    result = subject.reading.result
    assert result is not None
    return _(
        "Assumed, not measured: %(cost)s for each participant, %(gain)s for each person kept "
        "out of crime."
    ) % {"cost": kroner(result.cost.total), "gain": kroner(result.gain, 4)}


def effect_said(subject: AssumedSubject) -> str:
    """Where the effect is from, in one sentence."""
    source = subject.reading.source
    assert source is not None
    if source.with_mentors and source.without:
        return _(
            "Effect: %(n1)s of %(of1)s with a new sentence with mentors, %(n0)s of %(of0)s "
            "without (%(name)s)."
        ) % {
            "n1": source.with_mentors.n,
            "of1": source.with_mentors.of,
            "n0": source.without.n,
            "of0": source.without.of,
            "name": source.trial_name,
        }
    return _("Effect: %(name)s, an assumption here.") % {"name": source.name}
