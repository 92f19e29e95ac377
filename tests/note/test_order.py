"""The order in which facts are taught."""

from __future__ import annotations

from pathlib import Path

import pytest

from csto_anki.deck.model import Deck
from csto_anki.note.order import FIRST_PRACTICE, PRACTICE_EVERY, teaching_order
from support.small_deck import FILES, read_deck

LEVELS = "priorities:\n  core: first\n  depth: later\n"


def fact(id: str, level: str, more: str = "") -> str:
    return f"{id}:\n  question: {id}?\n  answer: A\n  sources: [charter]\n  tags: [{level}]\n{more}"


def question(id: str, level: str, tests: str) -> str:
    return f"""\
{id}:
  question: "{id}:"
  statements:
    - {{text: One, correct: true, why: W}}
    - {{text: Two, correct: true, why: W}}
  ask: which statements
  sources: [charter]
  tags: [{level}]
{f"  tests: [{tests}]" if tests else ""}
"""


def order(folder: Path, path: str, dates: str, bodies: str = "") -> list[str]:
    """The ids of a deck in the order in which they are taught."""
    settings = f"{FILES['deck.yaml']!s}{LEVELS}{f'path: [{path}]' if path else ''}\n"
    files = {"deck.yaml": settings, "dates.yaml": dates, "bodies.yaml": bodies or fact("body", "depth")}
    return [each.id for each in teaching_order(read_deck(folder, {**files, "media/map.svg": None}))]


def test_the_most_important_come_first_and_then_the_kinds_in_their_order(tmp_path: Path) -> None:
    dates = fact("d1", "depth") + fact("d2", "core") + fact("d3", "core")
    bodies = fact("b1", "core") + fact("b2", "depth")
    assert order(tmp_path, "", dates, bodies) == ["d2", "d3", "b1", "d1", "b2"]


def test_the_path_comes_before_the_rest_of_its_level(tmp_path: Path) -> None:
    dates = fact("d1", "depth") + fact("d2", "core") + fact("d3", "core")
    bodies = fact("b1", "core") + fact("b2", "depth")
    assert order(tmp_path, "b2, b1, d3", dates, bodies) == ["b1", "d3", "d2", "b2", "d1"]


def test_what_is_retired_comes_last(tmp_path: Path) -> None:
    dates = fact("old", "core", "  retired: {why: No.}\n") + fact("new", "core")
    assert order(tmp_path, "", dates) == ["new", "body", "old"]


def test_practice_is_spread_among_the_facts_after_what_it_tests(tmp_path: Path) -> None:
    """The first question comes after twenty facts, then one after nine, and none before its facts."""
    facts = [fact(f"f{number}", "core") for number in range(1, 51)]
    questions = [question("late", "core", "f45"), question("two", "core", "f1, f29"), question("one", "core", "f2")]
    found = order(tmp_path, "", "".join(questions + facts))
    assert (FIRST_PRACTICE, PRACTICE_EVERY) == (20, 9)
    assert found[20:22] == ["one", "f21"]
    assert found[30:32] == ["two", "f30"]
    assert found[found.index("late") - 1] == "f45"  # a place was free since f38
    assert [id for id in found if id.startswith("f")] == [f"f{number}" for number in range(1, 51)]


@pytest.mark.parametrize(("tests", "places"), [("f1", [20, 26, 32, 38]), ("", [40, 41, 42, 43])])
def test_many_questions_are_spread_evenly_and_those_that_test_nothing_come_last(
    tests: str, places: list[int], tmp_path: Path
) -> None:
    facts = [fact(f"f{number}", "core") for number in range(1, 41)]
    questions = [question(f"q{number}", "core", tests) for number in range(4)]
    found = order(tmp_path, "", "".join(facts + questions))
    assert [place for place, id in enumerate(found) if id.startswith("q")] == places


def test_a_question_of_the_path_takes_the_turn_of_another(tmp_path: Path) -> None:
    facts = [fact(f"f{number}", "core") for number in range(1, 41)]
    questions = [question("mine", "core", "f1"), question("other", "core", "f1")]
    path = ", ".join([*(f"f{number}" for number in range(1, 16)), "mine"])
    found = order(tmp_path, path, "".join(facts + questions))
    assert (found.index("mine"), found.index("other")) == (15, 25)


def test_the_curated_deck_teaches_the_core_first(curated: Deck) -> None:
    found = teaching_order(curated)
    levels = [next(tag for tag in each.tags if tag in curated.priorities) for each in found if not each.retired]
    assert levels == sorted(levels, key=list(curated.priorities).index)
    assert {each.id for each in found} == {each.id for each in curated.facts}
    assert len(found) == len(curated.facts)
