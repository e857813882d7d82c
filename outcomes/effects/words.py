"""What the figures of a trial say in words, and never more than their intervals bear.

The written rule: a finding is said only where the interval leaves out that there is no
difference. Where it does not, the title is the name of what is measured.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outcomes.charts.base import decimal, number
from outcomes.effects.numbers import leaves_out
from outcomes.effects.stored import definition_of
from outcomes.recidivism import Definition
from outcomes.trials.consort import NOT_FOLLOWED

# Several groups are looked at, and one of them may stand out by chance: the usual 5% is shared
# between the tests (Bonferroni).
SIGNIFICANT = 0.05

FACTOR_WORDS: dict[str, tuple[str | Promise, dict[str, str | Promise]]] = {
    "risk": (
        gettext_lazy("Risk group"),
        {
            "highest": gettext_lazy("Highest risk"),
            "other": gettext_lazy("Other risk"),
        },
    ),
    "priors": (
        gettext_lazy("Earlier sentences"),
        {
            "few": gettext_lazy("Earlier sentences: 0–2"),
            "many": gettext_lazy("Earlier sentences: 3 or more"),
        },
    ),
    "release": (
        gettext_lazy("Kind of release"),
        {
            "parole": gettext_lazy("Released on parole"),
            "no_parole": gettext_lazy("Not on parole"),
        },
    ),
    "age": (
        gettext_lazy("Age"),
        {
            "under_30": gettext_lazy("Under 30 years"),
            "from_30": gettext_lazy("30 years and over"),
        },
    ),
}
# Why a measure is not there. The codes are the engine's, and one of our own.
WHY_NOT: dict[str, str | Promise] = {
    "protected": gettext_lazy("Not shown: too few people are behind it."),
    "empty_cohort": gettext_lazy("Nobody has been followed yet."),
    "empty_arm": gettext_lazy("Nobody in one of the groups can be measured yet."),
    "one_arm": gettext_lazy("There is only one group, and nothing to compare with."),
    "more_than_two_arms": gettext_lazy("It compares two groups, and there are more."),
    "too_many_arms": gettext_lazy("It compares two groups, and there are more."),
    "no_events": gettext_lazy("Nobody in one of the groups has a new sentence."),
    "zero_variance": gettext_lazy("The figures do not tell how uncertain it would be."),
    "zero_difference": gettext_lazy("There is no difference between the groups."),
    "monotone_likelihood": gettext_lazy("The groups do not overlap enough for an estimate."),
    "incomplete_follow_up": gettext_lazy("Not everybody has been followed to the end."),
    "horizon_beyond_follow_up": gettext_lazy("Nobody has been followed that long yet."),
    "median_not_reached": gettext_lazy("Fewer than half have a new sentence."),
    "no_strata": gettext_lazy("The draw was not divided into parts."),
    "missing_stratum": gettext_lazy("It is not known of everybody which part of the draw."),
    "one_subgroup": gettext_lazy("There is only one group to look at."),
    "not_detectable": gettext_lazy("So few people could not show any difference."),
}


def why_not(code: str) -> str:
    """The sentence for a coded reason."""
    return str(WHY_NOT.get(code, _("It cannot be estimated from these figures.")))


def why_missing(figures: dict[str, Any], key: str) -> str:
    """Why a measure is not there; where no reason is stored, it may not be shown."""
    return why_not(figures["reasons"].get(key, "protected"))


def period(definition: Definition) -> str:
    """How long the window is, as it stands after «within»."""
    if definition.window % 365:
        return _("%(n)s days") % {"n": number(definition.window)}
    years = definition.window // 365
    words = {1: _("one year"), 2: _("two years")}
    return words.get(years) or ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


@dataclass(frozen=True)
class Headline:
    """What stands first on the page: the title, and below it what the figures say.

    ``risks``: how many of 100 with and without mentors, empty where there is nothing to say;
    ``said`` is then why, and else what the interval allows.
    """

    title: str
    said: str
    risks: dict[str, str]


def headline(figures: dict[str, Any]) -> Headline:
    """The title by the written rule, the risks of 100 people, and what their interval allows."""
    within = {"period": period(definition_of(figures))}
    difference = figures["measures"]["risk_difference"]
    title = _("New sentence within %(period)s, with and without mentors") % within
    if difference is None:
        return Headline(title, nothing_to_say(figures), {})
    risks = {
        arm: number(round(100 * figures["arms"][arm]["rate"]["share"]))
        for arm in ("mentors", "control")
    }
    ends = sorted(round(abs(100 * difference[end])) for end in ("lower", "upper"))
    found = {"least": number(ends[0]), "most": number(ends[1])}
    way = leaves_out(difference, 0)
    if way < 0:
        title = _("With two mentors, fewer had a new sentence")
        said = _("The difference is between %(least)s and %(most)s fewer of 100 (95%% interval).")
    elif way > 0:
        title = _("With two mentors, more had a new sentence")
        said = _("The difference is between %(least)s and %(most)s more of 100 (95%% interval).")
    else:
        found = {
            "fewer": number(round(abs(100 * difference["lower"]))),
            "more": number(round(abs(100 * difference["upper"]))),
        }
        said = _(
            "The difference may be anything from %(fewer)s fewer to %(more)s more of 100 (95%% "
            "interval). So the trial does not show whether mentors make a difference."
        )
    return Headline(title, said % found, risks)


def nothing_to_say(figures: dict[str, Any]) -> str:
    """Why there is no result."""
    rates = [figures["arms"][arm]["rate"] for arm in ("mentors", "control")]
    if all(rate["of"] == 0 for rate in rates):
        definition = definition_of(figures)
        return _(
            "Nobody has been followed long enough yet. It takes %(months)s months from a release "
            "until it is known what became of it."
        ) % {"months": number(round((definition.window + definition.wait) * 12 / 365))}
    if any(rate["of"] == 0 for rate in rates):
        return _(
            "There is nothing to compare with yet: nobody in one of the groups has been followed "
            "long enough."
        )
    return _("Too few people are behind the figures for them to be shown.")


def level_words(factor: str, level: str) -> str:
    """What a group is called, standing by itself."""
    return str(FACTOR_WORDS[factor][1][level])


def subgroups_title(figures: dict[str, Any]) -> str:
    """Whether a group stands out: only where a test is under its share of 5%."""
    tests = [factor["p"] for factor in figures["subgroups"] if factor["p"] is not None]
    if not tests:
        return _("Relative risk in groups")
    if min(tests) < SIGNIFICANT / len(tests):
        return _("The difference is not the same in all groups")
    return _("No group clearly stands out")


def subgroups_lead(figures: dict[str, Any]) -> str:
    """What is measured, and what the tests say."""
    measured = _("Relative risk of a new sentence within %(period)s.") % {
        "period": period(definition_of(figures))
    }
    tests = [factor["p"] for factor in figures["subgroups"] if factor["p"] is not None]
    if not tests:
        return measured
    limit = {"limit": decimal(SIGNIFICANT / len(tests), 3)}
    if min(tests) < SIGNIFICANT / len(tests):
        said = _(
            "A test for interaction is under %(limit)s (5%% shared between the tests). It is one "
            "trial: what differs between groups has to be found again in another."
        )
    else:
        said = _(
            "No test for interaction is under %(limit)s (5%% shared between the tests), so what "
            "differs between the groups can be chance."
        )
    return f"{measured} {said % limit}"


def not_counted(figures: dict[str, Any]) -> list[str]:
    """Why some are part of no proportion, of either arm."""
    arms = [figures["arms"][arm]["reasons"] for arm in ("mentors", "control")]
    return [
        str(words)
        for reason, words in NOT_FOLLOWED.items()
        if any(reason in reasons for reasons in arms)
    ]


def why_no_curve(figures: dict[str, Any]) -> str:
    """Why the curves are not there, where they are not."""
    if figures["curve"] is not None:
        return ""
    return why_missing(figures, "log_rank")
