"""Which texts are nearly the same."""

from __future__ import annotations

import pytest

from csto_anki.deck.similarity import closest, misspelt, percent_alike


@pytest.mark.parametrize(("name", "meant"), [("detial", "detail"), ("qestion", "question"), ("xyzzy", "")])
def test_the_name_that_was_probably_meant(name: str, meant: str) -> None:
    assert closest(name, ["question", "answer", "detail"]) == meant


def test_how_much_is_the_same() -> None:
    assert (percent_alike("abc", "abc"), percent_alike("abc", "xyz")) == (100, 0)


def test_a_letter_inside_a_word_is_wrong() -> None:
    usual = ["organisation", "treaty"]
    assert misspelt(["organistion", "orgnaisation", "treatys", "tready"], usual) == {
        "organistion": "organisation",
        "orgnaisation": "organisation",
    }
