"""What is published is attacked with everything that is known: subtraction and programming."""

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from outcomes.disclosure import LIMIT, SMALL, WITHHELD, Table, protect


def attack(published: dict, sums, people: bool = True, withheld_from: int = LIMIT) -> dict:
    """What an attacker concludes of each small cell: the lowest and highest it can be.

    Written from what is published alone: shown cells, sums, and what the words say.
    """
    keys = list(published)
    place = {key: index for index, key in enumerate(keys)}
    bounds = []
    for key in keys:
        value = published[key]
        if value == SMALL:
            bounds.append((1, LIMIT - 1 if people else None))
        elif value == WITHHELD:
            bounds.append((withheld_from, None))
        else:
            bounds.append((value, value))
    matrix = []
    for total, parts in sums:
        line = [0] * len(keys)
        for part in parts:
            line[place[part]] += 1
        line[place[total]] -= 1
        matrix.append(line)
    found = {}
    for key in keys:
        if published[key] != SMALL:
            continue
        ends = []
        for direction in (1, -1):
            goal = [0] * len(keys)
            goal[place[key]] = direction
            result = linprog(
                goal, A_eq=matrix or None, b_eq=[0] * len(matrix) or None, bounds=bounds
            )
            if result.status == 2:
                # What the attacker took for granted is not so.
                return attack(published, sums, people, withheld_from=1)
            ends.append(direction * result.fun if result.status == 0 else float("inf"))
        found[key] = tuple(ends)
    return found


def recovered(published: dict, sums, people: bool = True) -> list:
    return [key for key, (low, high) in attack(published, sums, people).items() if high - low < 0.9]


def row_table(parts: list[int]) -> Table:
    table = Table({("part", n): value for n, value in enumerate(parts)})
    table.total("total", [("part", n) for n in range(len(parts))])
    return table


counts = st.integers(0, 14) | st.integers(0, 5)


@given(st.lists(counts, min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_follows_from_a_row_and_its_total(parts):
    table = row_table(parts)
    published = protect(table)
    assert recovered(published, table.sums) == []


@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_hidden_cell_follows_from_rows_columns_and_totals(rows):
    table = Table({(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row)})
    for r in range(len(rows)):
        table.total(("row", r), [(r, c) for c in range(3)])
    for c in range(3):
        table.total(("column", c), [(r, c) for r in range(len(rows))])
    table.total("all", [("row", r) for r in range(len(rows))])
    table.sums.append(("all", [("column", c) for c in range(3)]))
    published = protect(table)
    assert recovered(published, table.sums) == []


@given(st.lists(counts, min_size=1, max_size=6))
@settings(deadline=None)
def test_only_what_must_be_is_hidden_and_what_is_shown_is_true(parts):
    table = row_table(parts)
    published = protect(table)
    for key, value in table.cells.items():
        if published[key] == SMALL:
            assert 1 <= value < LIMIT
        elif published[key] != WITHHELD:
            assert published[key] == value
            assert value == 0 or value >= LIMIT
    if not table.small():
        assert published == table.cells


def test_small_counts_are_hidden_and_zero_is_shown():
    assert protect(Table({"a": 0, "b": 1, "c": 4, "d": 5})) == {
        "a": 0,
        "b": SMALL,
        "c": SMALL,
        "d": 5,
    }


def test_a_second_cell_is_withheld_when_the_total_would_give_the_first_away():
    published = protect(row_table([3, 9, 40]))
    assert published == {("part", 0): SMALL, ("part", 1): WITHHELD, ("part", 2): 40, "total": 52}


def test_two_small_cells_protect_each_other_unless_their_sum_tells():
    assert protect(row_table([1, 2, 40]))["part", 2] == 40
    assert protect(row_table([1, 1, 40]))["part", 2] == WITHHELD
    assert protect(row_table([4, 4, 40]))["part", 2] == WITHHELD


def test_a_withheld_five_would_give_a_one_away():
    published = protect(row_table([1, 5, 9, 20]))
    assert published["part", 1] == 5
    assert published["part", 2] == WITHHELD


def test_four_ones_are_not_given_away_by_a_small_total():
    published = protect(row_table([1, 1, 1, 1]))
    assert published["total"] == WITHHELD


def test_figures_of_few_people_are_hidden_however_large():
    table = Table({"a": 30, "b": 12, "c": 50}, people=False, few={"a"})
    table.total("all", ["a", "b", "c"])
    published = protect(table)
    assert published == {"a": SMALL, "b": WITHHELD, "c": 50, "all": 92}


def test_the_countrys_total_is_withheld_last():
    table = row_table([4, 4])
    table.keep.add("total")
    assert protect(table)["total"] == WITHHELD
    table = row_table([3, 4])
    table.keep.add("total")
    assert protect(table)["total"] == 7
