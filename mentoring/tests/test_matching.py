"""Which pairs are suggested: against looking at every pair, and by the rules, on made-up mentors
that need no database."""

from dataclasses import replace
from datetime import date
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.matching.assignment import case_of, solve
from mentoring.matching.geography import kilometres
from mentoring.matching.pairs import best_beside, best_pairs, shared_out, suggestion_of
from mentoring.matching.people import Person, Wanted
from mentoring.matching.rules import may_pair, obstacles
from mentoring.matching.scores import MEASURES, Scoring
from mentoring.models import Criterion
from participants.models import Gender, GenderWish, SupportArea
from participants.timeslots import TimeSlot

HERE, NEIGHBOUR, FAR = "0751", "0740", "0461"
WEIGHTS = {"language": 10, "distance": 6, "times": 5, "experience": 6, "mix": 4, "load": 3}
WEIGHTS["history"] = 10
few = settings(max_examples=40, deadline=None)


def some(values, most=2):
    return st.frozensets(st.sampled_from(sorted(values)), max_size=most)


@st.composite
def people(draw, most=6):
    """Mentors numbered from 1, of every kind, some of whom are kept apart from each other."""
    count = draw(st.integers(0, most))
    numbers = range(1, count + 1)
    found = []
    for number in numbers:
        capacity = draw(st.integers(0, 3))
        found.append(
            Person(
                number,
                draw(st.sampled_from([HERE, HERE, NEIGHBOUR, FAR])),
                name=f"Mentor {number:02}",
                first_name=f"M{number}",
                is_active=draw(st.integers(0, 9)) > 0,
                is_cleared=draw(st.integers(0, 9)) > 0,
                away_until=draw(st.sampled_from([None, None, None, date(2027, 3, 12)])),
                load=draw(st.integers(0, capacity)),
                capacity=capacity,
                gender=draw(st.sampled_from([*Gender.values, ""])),
                languages=draw(some(["da", "en", "so", "ar"])),
                postcode=draw(st.sampled_from(["8000", "8660", "9900", ""])),
                times=draw(some(TimeSlot.values)),
                areas=draw(some(SupportArea.values)),
                trade=draw(st.sampled_from(["", "it"])),
                followed=draw(st.integers(0, 2)),
                participant_conflicts=draw(some([5, 6], 1)),
                clashes=draw(some(numbers, 1)) - {number},
                participant_clashes=draw(some([5, 6], 1)),
            )
        )
    apart = (
        draw(st.lists(st.sampled_from(list(combinations(numbers, 2))), max_size=2))
        if (count > 1)
        else []
    )
    for one, other in apart:
        found[one - 1] = replace(found[one - 1], conflicts=found[one - 1].conflicts | {other})
        found[other - 1] = replace(found[other - 1], conflicts=found[other - 1].conflicts | {one})
    return found


@st.composite
def wanted(draw, number=1):
    return Wanted(
        number,
        HERE,
        participant=draw(st.sampled_from([5, 6])),
        first_name="Kevin",
        languages=tuple(sorted(draw(some(["da", "so", "en"])))),
        gender_wish=draw(st.sampled_from(GenderWish.values)),
        trade=draw(st.sampled_from(["", "it"])),
        needs=tuple((area, draw(st.integers(1, 5))) for area in draw(some(SupportArea.values))),
        times=draw(some(TimeSlot.values)),
        visiting_times=draw(some(TimeSlot.values)),
        is_inside=draw(st.booleans()),
        institution_postcode=draw(st.sampled_from(["8700", ""])),
        postcode=draw(st.sampled_from(["8000", ""])),
        area=frozenset({HERE, NEIGHBOUR}),
    )


weights = st.fixed_dictionaries({criterion.value: st.integers(0, 10) for criterion in Criterion})


def breaks_a_rule(wish: Wanted, one: Person, other: Person) -> bool:
    """The hard rules again, in other words than the code's."""
    two = (one, other)
    women = sum(p.gender == "female" for p in two)
    men = sum(p.gender == "male" for p in two)
    fulfilled = {
        "any": True,
        "female": women >= 1,
        "male": men >= 1,
        "both_female": women == 2,
        "both_male": men == 2,
    }
    return (
        not fulfilled[wish.gender_wish]
        or any(p.load + 1 > p.capacity for p in two)
        or not all(p.is_active and p.is_cleared and p.away_until is None for p in two)
        or any(p.municipality not in (HERE, NEIGHBOUR) for p in two)
        or any(wish.participant in p.participant_conflicts for p in two)
        or one.number in other.conflicts
    )


@few
@given(wanted(), people(7), weights, st.integers(1, 5))
def test_the_best_pairs_are_those_of_an_exhaustive_search(wish, mentors, weighed, most):
    found = best_pairs(wish, mentors, weighed, most)
    every = [pair for pair in combinations(mentors, 2) if not breaks_a_rule(wish, *pair)]
    scoring = Scoring(wish, mentors, weighed)

    def worth(pair) -> int:
        return scoring.total(*(mentors.index(person) for person in pair))

    # Sorting keeps the order of equals, and so must the search.
    best = sorted(every, key=worth, reverse=True)[:most]
    assert [set(s.people) for s in found] == [set(pair) for pair in best]
    for suggestion in found:
        assert may_pair(wish, *suggestion.people)
        assert 0 <= suggestion.score <= 10_000
        assert sum(part.points for part in suggestion.parts) == suggestion.points
        assert all(0 <= part.points <= part.of for part in suggestion.parts)
        assert all(reason.text for reason in suggestion.reasons)


@few
@given(wanted(), people(6), weights)
def test_who_sits_beside_the_one_who_stays_goes_with_them(wish, mentors, weighed):
    if not mentors:
        return
    stays, *others = mentors
    found = best_beside(wish, stays, others, weighed)
    here = replace(stays, load=0, capacity=1, is_active=True, is_cleared=True, municipality=HERE)
    here = replace(here, participant_conflicts=frozenset(), away_until=None)
    # Whether the one who stays could begin today is not asked again.
    wished = wish.gender_wish in ("both_female", "both_male")
    for suggestion in found:
        assert suggestion.people[0] == stays
        assert wished or not breaks_a_rule(wish, here, suggestion.people[1])
    scores = [suggestion.score for suggestion in found]
    assert scores == sorted(scores, reverse=True)


@given(wanted(), people(5))
@few
def test_a_measure_is_from_0_to_1_and_the_same_both_ways(wish, mentors):
    for measure, (one, other) in product(MEASURES, combinations(mentors, 2)):
        if measure.applies(wish):
            traits = [measure.trait(wish, person) for person in (one, other)]
            value = measure.value(wish, *traits)
            assert 0 <= value <= 1
            assert value == pytest.approx(measure.value(wish, *reversed(traits)))


def most_by_brute_force(cases, mentors) -> tuple[int, int]:
    """How many can get a pair, and then the most that the scores can add up to."""
    room = [person.capacity - person.load for person in mentors]
    best = (0, 0)

    def go_on(number: int, count: int, total: int) -> None:
        nonlocal best
        best = max(best, (count, total))
        if number == len(cases):
            return
        case = cases[number]
        go_on(number + 1, count, total)
        for one, other in combinations(range(len(case.able)), 2):
            score = int(case.scores[one, other])
            two = case.able[one], case.able[other]
            if score >= 0 and all(room[place] > 0 for place in two):
                for place in two:
                    room[place] -= 1
                go_on(number + 1, count + 1, total + score)
                for place in two:
                    room[place] += 1

    go_on(0, 0, 0)
    return best


def crowd(chance: Random, count: int) -> list[Person]:
    """Mentors who could all follow somebody, and differ in what they are worth."""
    found = [
        plain(
            number,
            gender=chance.choice(["female", "male", "male"]),
            capacity=chance.choice([1, 1, 2]),
            languages=frozenset(chance.sample(["da", "so", "ar"], 2)),
            postcode=chance.choice(["8000", "8660", "9900"]),
            times=frozenset(chance.sample(TimeSlot.values, 2)),
            areas=frozenset(chance.sample(SupportArea.values, 1)),
            followed=chance.randint(0, 2),
        )
        for number in range(1, count + 1)
    ]
    for one, other in combinations(found, 2):
        if chance.random() < 0.15:
            place, beside = one.number - 1, other.number - 1
            found[place] = replace(found[place], conflicts=found[place].conflicts | {other.number})
            found[beside] = replace(found[beside], conflicts=found[beside].conflicts | {one.number})
    return found


def wish_of(chance: Random, number: int) -> Wanted:
    return Wanted(
        number,
        HERE,
        participant=5,
        languages=("da", chance.choice(["so", "ar"])),
        gender_wish=chance.choice(["any", "any", "female", "both_male"]),
        needs=((chance.choice(SupportArea.values), 1), (chance.choice(SupportArea.values), 3)),
        times=frozenset(chance.sample(TimeSlot.values, 2)),
        postcode=chance.choice(["8000", "8660"]),
        area=frozenset({HERE}),
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_a_waiting_list_is_served_as_well_as_can_be(seed):
    chance = Random(seed)
    mentors = crowd(chance, chance.randint(2, 7))
    wishes = [wish_of(chance, number) for number in range(1, chance.randint(2, 4))]
    weighed = {criterion: chance.randint(0, 10) for criterion in Criterion.values}
    cases = [case_of(wish, mentors, weighed) for wish in wishes]
    found = solve(cases, mentors)
    served = [pair for pair in found if pair]
    assert (len(served), sum(pair[2] for pair in served)) == most_by_brute_force(cases, mentors)
    taken = [place for pair in served for place in pair[:2]]
    for place, person in enumerate(mentors):
        assert taken.count(place) <= person.capacity - person.load
    for wish, pair in zip(wishes, found, strict=True):
        if pair:
            one, other = mentors[pair[0]], mentors[pair[1]]
            assert not breaks_a_rule(wish, one, other)
            assert suggestion_of(wish, one, other, weighed).score == pair[2]


def plain(number: int, **more) -> Person:
    about = {"capacity": 1, "languages": frozenset({"da"}), "gender": "male", "postcode": "8000"}
    return Person(number, HERE, name=f"M{number}", first_name=f"M{number}", **about | more)


def test_the_best_pair_for_one_does_not_leave_the_next_without_any():
    """Each by themselves would get the two best; together the second gets the only woman."""
    easy = Wanted(1, HERE, languages=("so", "da"), area=frozenset({HERE}))
    picky = replace(easy, number=2, gender_wish="female")
    woman = plain(1, gender="female", languages=frozenset({"so"}))
    mentors = [woman, plain(2, languages=frozenset({"so"})), plain(3), plain(4)]
    (best,) = best_pairs(easy, mentors, WEIGHTS, 1)
    assert {person.number for person in best.people} == {1, 2}
    found = solve([case_of(wish, mentors, WEIGHTS) for wish in (easy, picky)], mentors)
    assert all(found)
    assert 0 in found[1][:2]
    assert solve([], mentors) == []
    assert solve([case_of(easy, [], WEIGHTS)], []) == [None]


def test_the_weights_decide_the_order():
    wish = Wanted(1, HERE, languages=("so", "da"), postcode="8000", area=frozenset({HERE}))
    speakers = [plain(n, languages=frozenset({"so"}), postcode="9900") for n in (1, 2)]
    neighbours = [plain(n) for n in (3, 4)]
    mentors = [*speakers, *neighbours]

    def first(**weighed) -> set[int]:
        (best,) = best_pairs(wish, mentors, weighed, 1)
        return {person.number for person in best.people}

    assert first(language=10, distance=1) == {1, 2}
    assert first(language=1, distance=10) == {3, 4}
    # Nothing counts: those who stand first.
    assert first() == {1, 2}


def test_each_hard_rule_has_its_code():
    wish = Wanted(1, HERE, participant=5, gender_wish="both_female", area=frozenset({HERE}))
    wrong = plain(1, participant_conflicts=frozenset({5}), load=1, is_active=False)
    wrong = replace(wrong, is_cleared=False, municipality=FAR)
    assert obstacles(wish, wrong) == [
        "elsewhere",
        "not_active",
        "not_cleared",
        "full",
        "participant_conflict",
        "wish_both_female",
    ]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("8000", "8200", 1, 6),
        ("8000", "5000", 75, 95),
        ("1050", "9990", 230, 280),
        ("8000", "8000", 0, 0),
        ("8545", "8544", 0, 0),
    ],
)
def test_distances_are_about_right(one, other, least, most):
    assert least <= kilometres(one, other) <= most
    assert kilometres(one, other) == kilometres(other, one)


def test_a_place_that_is_not_known_has_no_distance():
    assert kilometres("", "8000") is None
    assert kilometres("0800", "8000") is None
    assert kilometres("abcd", "8000") is None


def test_points_are_shared_out_in_whole_numbers():
    assert shared_out([1, 1, 1], 100) == [34, 33, 33]
    assert shared_out([0, 0], 100) == [0, 0]
