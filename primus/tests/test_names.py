"""Names as people spell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primus.names import ALIKE, folded, likeness, resembling

PEOPLE = [
    "Søren Kjærgaard",
    "Åge Ødegaard",
    "Muhammad Ali",
    "Mohammed Hassan",
    "Christian Jensen",
    "Lars Hansen",
    "Jens Holm",
    "Mikkel Bach",
]


@pytest.mark.parametrize(
    "spellings",
    [
        "Søren|Soren|Soeren|Sören|SØREN|So\u0308ren",
        "Åge|Aage|age",
        "Kjær|Kjaer|Kjär",
        "Christian|Kristian|Cristian",
        "Thomas|Tomas",
        "Philip|Filip|Fillip|Phillip",
        "Erik|Eric|Erich|Erick",
        "Wagner|Vagner",
        "Sarah|Sara|Zara",
        "José|Jose",
        "O'Brien|OBrien|O’Brien",
        "Ann-Marie|Ann Marie|  ann   marie ",
        "Maja|Maya|Maia",
        "Schmidt|Smidt|Smith|Schmitt",
        "Yasmin|Jasmin",
        "Khalid|Kalid|Chalid",
        "Mohammed|Mohamed",
        "Łukasz|Lukasz",
        "Ærø|Aeroe",
    ],
)
def test_spellings_of_one_name_are_folded_alike(spellings):
    assert len({folded(spelling) for spelling in spellings.split("|")}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jens", "Hans"), ("Mikkel", "Michael"), ("Åse", "Ase Mari"), ("Lars", "Lasse")],
)
def test_other_names_are_not(one, other):
    assert folded(one) != folded(other)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_direction(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(st.text(max_size=40))
def test_what_is_folded_is_plain_and_stays_as_it_is(name):
    once = folded(name)
    assert once == " ".join(once.split())
    assert folded(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Ali", "Muhammad Ali"),
        ("Jens Jensn", "Jens Jensen"),
        ("Jens Peter Hansen", "Jens Hansen"),
        ("Hansen Jens", "Jens Hansen"),
        ("Annemarie Holm", "Anne-Marie Holm"),
        ("Youssef Hasan", "Yusuf Hassan"),
        ("Lasr Holm", "Lars Holm"),
        ("Kirsten Nygaard", "Kirstine Nygård"),
    ],
)
def test_slips_are_likely_the_same_name(one, other):
    assert likeness(one, other) >= ALIKE
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jens Hansen", "Jens Holm"),
        ("Jens Jensen", "Hans Hansen"),
        ("Ali Hassan", "Aya Holm"),
        ("Bo Li", "Bo Lu"),
        ("", "Jens"),
    ],
)
def test_different_people_are_not(one, other):
    assert likeness(one, other) < ALIKE


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("soren", ["Søren Kjærgaard"]),
        ("sor", ["Søren Kjærgaard"]),
        ("kjaergård soeren", ["Søren Kjærgaard"]),
        ("aage", ["Åge Ødegaard"]),
        ("oedegard", ["Åge Ødegaard"]),
        ("mohamed", ["Mohammed Hassan", "Muhammad Ali"]),
        ("kristian jensn", ["Christian Jensen"]),
        ("jens", ["Jens Holm", "Christian Jensen"]),
        ("micheal", ["Mikkel Bach"]),
        ("  ", []),
        ("xyz", []),
    ],
)
def test_the_closest_names_are_found_the_likest_first(typed, found):
    near = resembling(typed, PEOPLE)
    in_all = set(near[0]).intersection(*near[1:]) if near else set()
    assert sorted(in_all, key=lambda name: -sum(likes[name] for likes in near)) == found
