"""The pairs for everyone who waits at once: an assignment problem.

First as many as possible get a pair, then the scores add up to as much as possible, and nobody
follows more than they have room for. Both are exact:

* How many can get a pair is found by one integer programme over who follows whom, without scores:
  each enrolment takes two mentors or none.
* Which pairs are best is found over pairs. There are too many of these to write all of them down,
  so they come in by column generation: the linear programme is solved over some, and every pair
  that its prices would let in is added, until there is none (Gilmore and Gomory 1961). Its value
  is then the most that any answer can reach. The best answer over the pairs that have come in is
  a whole one; if it falls short of that, every pair whose reduced cost is within the gap is added,
  since no other can be part of a better answer, and it is solved once more.

scipy and numpy are imported when it is worked out: the worker does that, and never a web process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mentoring.matching.people import Person, Wanted
from mentoring.matching.rules import ONE_OF, obstacles
from mentoring.matching.scores import WHOLE, Scoring

# Pairs that come in for each enrolment at a time, and the most that the last step may add.
AT_A_TIME = 20
AT_MOST = 200_000
SECONDS = 120
TINY = 1e-6


@dataclass
class Case:
    """One who waits, with which of the mentors could follow them and what two are worth.

    ``able`` are places in the list of mentors. ``scores`` is a square over these: the score in
    ten-thousandths, and -1 where the two must not be put together.
    """

    wanted: Wanted
    able: list[int]
    scores: object = None
    of_gender: list[int] = field(default_factory=list)


def case_of(wanted: Wanted, mentors: Sequence[Person], weighed: dict[str, int]) -> Case:
    """Weigh every two mentors for one enrolment."""
    import numpy as np

    able = [place for place, person in enumerate(mentors) if not obstacles(wanted, person)]
    people = [mentors[place] for place in able]
    scoring = Scoring(wanted, people, weighed)
    total = np.zeros((len(able), len(able)), dtype=np.int64)
    for table, column in zip(scoring.tables, scoring.columns, strict=True):
        if column:
            total += np.array(table, dtype=np.int64)[np.ix_(column, column)]
    scores = WHOLE * total // scoring.most if scoring.most else total
    wished = ONE_OF.get(wanted.gender_wish)
    if wished is not None:
        fits = np.array([person.gender == wished for person in people], dtype=bool)
        scores[~(fits[:, None] | fits[None, :])] = -1
    at = {person.number: n for n, person in enumerate(people)}
    for n, person in enumerate(people):
        for other in person.conflicts:
            if other in at:
                scores[n, at[other]] = scores[at[other], n] = -1
    # Each two once.
    scores[np.tril_indices(len(able))] = -1
    of_gender = [p for p in able if wished is None or mentors[p].gender == wished]
    return Case(wanted, able, scores, of_gender)


def solve(
    cases: Sequence[Case],
    mentors: Sequence[Person],
    on_step: Callable[[], None] = lambda: None,
) -> list[tuple[int, int, int] | None]:
    """For each case the places of its two mentors and their score, or None where none is left.

    `on_step` is called every now and then, so that whoever waits can see that it goes on.
    """
    if not cases:
        return []
    room = [person.capacity - person.load for person in mentors]
    chosen = _most_at_all(cases, mentors, room)
    found = _Columns(cases, room)
    for case, pair in enumerate(chosen):
        if pair is not None:
            found.add(case, *pair)
    most = sum(pair is not None for pair in chosen)
    return found.best(most, on_step) if most else [None for _ in cases]


def _most_at_all(cases: Sequence[Case], mentors: Sequence[Person], room: Sequence[int]):
    """Pairs for as many as possible, whatever they are worth: by place within each case's able."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    starts = np.cumsum([0, *[len(case.able) for case in cases]])
    taken, count = int(starts[-1]), len(cases)
    rows: list[tuple[list[int], list[int], float, float]] = []
    for number, case in enumerate(cases):
        mine = list(range(starts[number], starts[number + 1]))
        # Two mentors or none.
        rows.append(([*mine, taken + number], [1] * len(mine) + [-2], 0, 0))
        if len(case.of_gender) < len(case.able):
            wished = set(case.of_gender)
            fitting = [v for v, place in zip(mine, case.able, strict=True) if place in wished]
            rows.append(([*fitting, taken + number], [1] * len(fitting) + [-1], 0, np.inf))
        at = {mentors[place].number: v for v, place in zip(mine, case.able, strict=True)}
        for v, place in zip(mine, case.able, strict=True):
            for other in mentors[place].conflicts:
                if at.get(other, -1) > v:
                    rows.append(([v, at[other]], [1, 1], -np.inf, 1))
    of_mentor: dict[int, list[int]] = {}
    for number, case in enumerate(cases):
        for n, place in enumerate(case.able):
            of_mentor.setdefault(place, []).append(int(starts[number]) + n)
    rows += [(vs, [1] * len(vs), -np.inf, room[place]) for place, vs in of_mentor.items()]
    where = [
        (r, v, x) for r, (vs, xs, _lo, _hi) in enumerate(rows) for v, x in zip(vs, xs, strict=True)
    ]
    at_row, at_column, values = (np.array(part) for part in zip(*where, strict=True))
    matrix = coo_array((values, (at_row, at_column)), shape=(len(rows), taken + count)).tocsr()
    answer = milp(
        np.concatenate([np.zeros(taken), -np.ones(count)]),
        integrality=np.ones(taken + count),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, [r[2] for r in rows], [r[3] for r in rows]),
        options={"time_limit": SECONDS},
    )
    if answer.x is None:
        raise RuntimeError(f"HiGHS: status {answer.status}")
    pairs: list[tuple[int, int] | None] = []
    for number in range(count):
        here = answer.x[starts[number] : starts[number + 1]]
        two = [n for n, value in enumerate(here) if value > 0.5]
        pairs.append((two[0], two[1]) if two else None)
    return pairs


class _Columns:
    """The pairs that have come in: for which case, which two of its able, and their score."""

    def __init__(self, cases: Sequence[Case], room: Sequence[int]):
        self.cases = cases
        self.room = room
        self.rows: list[tuple[int, int, int]] = []
        self.scores: list[int] = []
        self.known: set[tuple[int, int, int]] = set()

    def add(self, case: int, one: int, other: int) -> bool:
        column = (case, min(one, other), max(one, other))
        if column in self.known:
            return False
        self.known.add(column)
        self.rows.append(column)
        self.scores.append(int(self.cases[case].scores[column[1], column[2]]))  # type: ignore[index]
        return True

    def best(self, most: int, on_step: Callable[[], None]) -> list[tuple[int, int, int] | None]:
        """The answer with `most` pairs whose scores add up to the most."""
        import numpy as np

        while True:
            on_step()
            limit, prices = self._relaxed(most)
            fresh = [
                self.add(case, one, other)
                for case in range(len(self.cases))
                for one, other in self._let_in(case, prices, TINY, AT_A_TIME)
            ]
            if not any(fresh):
                break
        answer, reached = self._whole(most)
        gap = np.floor(limit + TINY) - reached
        if gap >= 1:
            added = [
                self.add(case, one, other)
                for case in range(len(self.cases))
                for one, other in self._let_in(
                    case, prices, -gap - TINY, AT_MOST // len(self.cases)
                )
            ]
            if any(added):
                answer, reached = self._whole(most)
        return answer

    def _let_in(self, case: int, prices, least: float, most: int):
        """The pairs of a case whose score less what they cost is more than `least`, the best
        first, at most so many."""
        import numpy as np

        here = self.cases[case]
        if len(here.able) < 2:
            return []
        of_mentor, of_case, of_all = prices
        mine = of_mentor[here.able]
        scores: np.ndarray = here.scores  # type: ignore[assignment]
        left = np.where(
            scores >= 0, scores - mine[:, None] - mine[None, :] - of_case[case] - of_all, -np.inf
        ).ravel()
        number = min(most, int((left > least).sum()))
        if not number:
            return []
        chosen = np.argpartition(-left, number - 1)[:number]
        ones, others = np.unravel_index(chosen, scores.shape)
        return list(zip(ones.tolist(), others.tolist(), strict=True))

    def _limits(self):
        """One row for each mentor and each case, over the columns, with the most each allows."""
        import numpy as np
        from scipy.sparse import coo_array

        mentors, columns = len(self.room), len(self.rows)
        at_row = []
        for case, one, other in self.rows:
            able = self.cases[case].able
            at_row += [able[one], able[other], mentors + case]
        at_column = np.repeat(np.arange(columns), 3)
        matrix = coo_array(
            (np.ones(3 * columns), (np.array(at_row), at_column)),
            shape=(mentors + len(self.cases), columns),
        ).tocsr()
        return matrix, np.array([*self.room, *[1] * len(self.cases)], dtype=float)

    def _relaxed(self, most: int):
        """The value of the linear programme over what has come in, and the prices it sets: of a
        place with each mentor, of each case, and of one pair more."""
        import numpy as np
        from scipy.optimize import linprog

        matrix, limits = self._limits()
        answer = linprog(
            -np.array(self.scores, dtype=float),
            A_ub=matrix,
            b_ub=limits,
            A_eq=np.ones((1, len(self.rows))),
            b_eq=[most],
            bounds=(0, None),
            method="highs",
        )
        if answer.x is None:
            raise RuntimeError(f"HiGHS: status {answer.status}")
        prices = -answer.ineqlin.marginals
        mentors = len(self.room)
        return -answer.fun, (prices[:mentors], prices[mentors:], -answer.eqlin.marginals[0])

    def _whole(self, most: int):
        """The best whole answer over what has come in, by case, and what it adds up to."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, limits = self._limits()
        columns = len(self.rows)
        answer = milp(
            -np.array(self.scores, dtype=float),
            integrality=np.ones(columns),
            bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(matrix, -np.inf, limits),
                LinearConstraint(np.ones((1, columns)), most, most),
            ],
            options={"time_limit": SECONDS, "mip_rel_gap": 0},
        )
        if answer.x is None:
            raise RuntimeError(f"HiGHS: status {answer.status}")
        pairs: list[tuple[int, int, int] | None] = [None for _ in self.cases]
        reached = 0
        for (case, one, other), score, value in zip(self.rows, self.scores, answer.x, strict=True):
            if value > 0.5:
                able = self.cases[case].able
                pairs[case] = (able[one], able[other], score)
                reached += score
        return pairs, reached
