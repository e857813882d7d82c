"""The charts of a trial: its curves, its flow, its subgroups."""

from outcomes.charts.base import Chart
from outcomes.charts.effect.flow import TrialFlowChart
from outcomes.charts.effect.subgroups import SubgroupsChart
from outcomes.charts.effect.subject import EffectSubject
from outcomes.charts.effect.survival import SurvivalChart

EFFECT_CHARTS: dict[str, Chart] = {
    chart.name: chart for chart in (SurvivalChart(), TrialFlowChart(), SubgroupsChart())
}

__all__ = ["EFFECT_CHARTS", "EffectSubject"]
