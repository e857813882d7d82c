from datetime import date

import pytest
from django.utils import translation

from participants.closed_days import closed_reason, is_working_day, next_working_day


@pytest.mark.parametrize(
    ("day", "danish", "english", "opens_on"),
    [
        (date(2027, 3, 12), "fredag", "Friday", date(2027, 3, 15)),
        (date(2027, 3, 13), "lørdag", "Saturday", date(2027, 3, 15)),
        (date(2027, 3, 14), "søndag", "Sunday", date(2027, 3, 15)),
        (date(2027, 3, 25), "skærtorsdag", "Maundy Thursday", date(2027, 3, 30)),
        (date(2027, 3, 26), "langfredag", "Good Friday", date(2027, 3, 30)),
        (date(2027, 3, 29), "anden påskedag", "Easter Monday", date(2027, 3, 30)),
        (date(2027, 5, 6), "Kristi himmelfartsdag", "Ascension Day", date(2027, 5, 7)),
        (date(2026, 12, 24), "juleaftensdag", "Christmas Eve", date(2026, 12, 28)),
    ],
)
def test_a_day_without_open_offices_says_why_and_until_when(day, danish, english, opens_on):
    with translation.override("da"):
        assert str(closed_reason(day)) == danish
    with translation.override("en"):
        closed = closed_reason(day)
        assert closed.name == english
        assert closed.sentence.startswith(english)
    assert closed.opens_on == opens_on


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 3, 11),
        date(2027, 3, 24),
        # Great Prayer Day was a holiday until 2023: its Friday is a Friday now, its Monday is free.
        date(2026, 5, 4),
        # 1 May: offices differ.
        date(2025, 5, 1),
    ],
)
def test_an_ordinary_day_has_no_reason(day):
    assert closed_reason(day) is None
    assert is_working_day(day)


def test_the_span_holds_the_whole_of_easter():
    closed = closed_reason(date(2027, 3, 28))
    assert closed.closed_from == date(2027, 3, 25)
    assert closed.opens_on == date(2027, 3, 30)
    # A Friday is open; the closed days begin after it.
    assert closed_reason(date(2027, 3, 12)).closed_from == date(2027, 3, 13)


def test_the_next_working_day_skips_weekends_and_holidays():
    assert next_working_day(date(2027, 3, 10)) == date(2027, 3, 11)
    assert next_working_day(date(2027, 3, 12)) == date(2027, 3, 15)
    assert next_working_day(date(2027, 3, 24)) == date(2027, 3, 30)
