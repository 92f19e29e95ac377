"""Problems and places as people read them."""

from __future__ import annotations

import pytest

from csto_anki.deck.problem import ERROR, WARNING, Place, Places, Problem, printable


def test_a_problem_is_one_line_with_its_place_message_and_hint() -> None:
    problem = Problem(Place("cards/dates.yaml", 12, 5), "treaty-signed", "a typo", "fix it")
    assert str(problem) == "cards/dates.yaml:12:5: treaty-signed: a typo; fix it"
    assert str(Problem(Place("cards/dates.yaml"), "", "a typo", "fix it")) == "cards/dates.yaml:1:1: a typo; fix it"


def test_a_warning_says_that_it_is_one() -> None:
    problem = Problem(Place("a.yaml"), "id", "an odd thing", "look at it", WARNING)
    assert str(problem) == "a.yaml:1:1: warning: id: an odd thing; look at it"
    assert (problem.is_error, Problem(Place("a.yaml"), "", "", "").severity) == (False, ERROR)


def test_places_are_made_of_numbers() -> None:
    places = Places("a.yaml", ("question", "tags.0"), [0, 2, 0, 9, 3, 4, -1, -1], above=10)
    assert places["question"] == Place("a.yaml", 11, 3)
    assert (places["question"].end, places["tags.0"].end) == ((11, 10), None)
    assert (list(places), len(places), "id" in places) == (["question", "tags.0"], 2, False)
    assert places.all() == dict(places)
    with pytest.raises(KeyError):
        places["id"]


def test_an_entry_of_many_keys_has_its_places_too() -> None:
    keys = tuple(f"key-{number}" for number in range(500))
    places = Places("a.yaml", keys, [number for line in range(500) for number in (line, 0, line, 1)])
    assert places["key-499"] == Place("a.yaml", 500, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Наёмник", "Наёмник"),
        ("a\x1b[2Jb\n", "a\\x1b[2Jb\\n"),
        ("x" * 501, "x" * 400 + " ... " + "x" * 95),
    ],
)
def test_a_text_cannot_command_a_terminal_or_fill_it(text: str, shown: str) -> None:
    assert printable(text) == shown
