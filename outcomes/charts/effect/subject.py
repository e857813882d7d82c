from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from outcomes.charts.base import Subject
from outcomes.charts.canvas import Canvas
from outcomes.effects.stored import definition_of
from outcomes.models import EffectSnapshot, Trial
from outcomes.recidivism import Definition

# Where the lines of the word «demonstration» stand under a drawing.
STAMP_HEIGHT = 24


@dataclass(frozen=True)
class EffectSubject(Subject):
    """The results of one trial by one definition."""

    trial_id: int = 0
    made_up: bool = False

    @classmethod
    def of(cls, snapshot: EffectSnapshot, trial: Trial) -> "EffectSubject":
        return cls(
            snapshot.figures,
            trial.name,
            snapshot.computed_at,
            snapshot.stamp,
            trial.pk,
            trial.is_demonstration,
        )

    @property
    def is_demonstration(self) -> bool:
        """A fictitious trial stays one in an installation that is no demonstration."""
        return self.made_up or bool(settings.PRIMUS_DEMO)

    @property
    def definition(self) -> Definition:
        return definition_of(self.figures)

    @property
    def slug(self) -> str:
        parts = [f"trial-{self.trial_id}", self.definition.key, self.figures["day"]]
        return "-".join([*parts, "demonstration"] if self.is_demonstration else parts)

    def path(self, name: str, kind: str) -> str:
        return reverse("effect_chart", args=[self.trial_id, name, kind])

    def query(self) -> dict[str, str]:
        return {"definition": self.definition.key}


def stamped(canvas: Canvas, subject: EffectSubject) -> Canvas:
    """With the word «demonstration» in the drawing itself, so that it goes wherever that goes."""
    if subject.is_demonstration:
        canvas.height += STAMP_HEIGHT
        canvas.text(canvas.width, canvas.height - 4, _("Demonstration data"), align="end")
    return canvas
