"""Well-known data sets, as they are printed where they were published."""

from outcomes.engine.cohort import Cohort


def printed(text: str) -> tuple[list[float], list[int]]:
    """Times and events of a list as textbooks print it: ``13+`` is censored at 13."""
    cells = text.split()
    return [float(cell.rstrip("+")) for cell in cells], [
        int(not cell.endswith("+")) for cell in cells
    ]


def two(**arms: str) -> Cohort:
    """A cohort of printed lists, by the arm's name."""
    names, times, events = [], [], []
    for name, text in arms.items():
        time, event = printed(text)
        names += [name] * len(time)
        times += time
        events += event
    return Cohort.of(names, times, events)


# Freireich EJ et al., Blood 1963;21:699–716; as in Gehan EA, Biometrika 1965;52:203–223, and Cox
# DR, JRSS B 1972;34:187–220. Weeks in remission of acute leukaemia.
FREIREICH = {
    "mp": "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
    "placebo": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}

# Embury SH et al., West J Med 1977;126:267–272; as in Miller RG, Survival Analysis, Wiley 1981,
# p. 49. Weeks in remission of acute myelogenous leukaemia, with and without maintenance.
MILLER = {
    "maintained": "9 13 13+ 18 23 28+ 31 34 45+ 48 161+",
    "nonmaintained": "5 5 8 8 12 16+ 23 27 30 33 43 45",
}

# Kalbfleisch JD and Prentice RL, The Statistical Analysis of Failure Time Data, Wiley 1980,
# appendix I: the Veterans' Administration's trial in lung cancer. Days to death, by treatment
# and type of cell.
VETERAN = {
    ("standard", "squamous"): "72 411 228 126 118 10 82 110 314 100+ 42 8 144 25+ 11",
    ("standard", "smallcell"): (
        "30 384 4 54 13 123+ 97+ 153 59 117 16 151 22 56 21 18 139 20 31 52 287 18 51 122 27 54 7 "
        "63 392 10"
    ),
    ("standard", "adeno"): "8 92 35 117 132 12 162 3 95",
    ("standard", "large"): "177 162 216 553 278 12 260 200 156 182+ 143 105 103 250 100",
    ("test", "squamous"): (
        "999 112 87+ 231+ 242 991 111 1 587 389 33 25 357 467 201 1 30 44 283 15"
    ),
    ("test", "smallcell"): "25 103+ 21 13 87 2 20 7 24 99 8 99 61 25 95 80 51 29",
    ("test", "adeno"): "24 18 83+ 31 51 90 52 73 8 36 48 7 140 186 84 19 45 80",
    ("test", "large"): "52 164 19 53 15 43 340 133 111 231 378 49",
}


def veteran() -> Cohort:
    """The trial with the type of cell as stratum."""
    arms, strata, times, events = [], [], [], []
    for (arm, cell), text in VETERAN.items():
        time, event = printed(text)
        arms += [arm] * len(time)
        strata += [cell] * len(time)
        times += time
        events += event
    return Cohort.of(arms, times, events, strata)
