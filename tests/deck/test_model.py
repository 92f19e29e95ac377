"""The words that a fact's values become."""

import datetime

import pytest

from csto_anki.deck.model import Date


@pytest.mark.parametrize(
    ("date", "words", "first_day"),
    [
        (Date(1992, 5, 15), "15 May 1992", datetime.date(1992, 5, 15)),
        (Date(2020, 10), "October 2020", datetime.date(2020, 10, 1)),
        (Date(2018), "2018", datetime.date(2018, 1, 1)),
    ],
)
def test_a_date_is_as_precise_as_its_source(date: Date, words: str, first_day: datetime.date) -> None:
    assert str(date) == words
    assert date.first_day() == first_day
