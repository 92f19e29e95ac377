"""Mistakes that authors make, in a realistic deck: each is reported at the line where an editor would point."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from csto_anki.authoring.json_schema import head
from support.mistakes import CARDS, MISTAKES, problems_in, with_mistake


def test_the_deck_without_a_mistake_is_without_problem_and_warning() -> None:
    assert problems_in(CARDS) == []


def test_its_files_begin_as_all_files_of_cards_do() -> None:
    for file in CARDS.glob("*.yaml"):
        assert file.read_text("utf-8").startswith(head(file.name)), f"begin {file.name} with:\n{head(file.name)}"


def test_there_are_many() -> None:
    assert len(MISTAKES) >= 140
    assert len({mistake["name"] for mistake in MISTAKES}) == len(MISTAKES)
    assert sum("missed" in mistake for mistake in MISTAKES) <= 16


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_a_mistake_is_reported_at_its_line(mistake: dict[str, Any], tmp_path: Path) -> None:
    folder = shutil.copytree(CARDS, tmp_path / "cards")
    file = folder / mistake["file"]
    data, start = with_mistake(file.read_bytes(), mistake)
    file.write_bytes(data)
    if "file_of_line" in mistake:
        file, start = folder / mistake["file_of_line"], 1
    lines = mistake["line"] if isinstance(mistake["line"], list) else [mistake["line"]]
    places = [problem.place for problem in problems_in(folder)]
    reported = [place for place in places if place.path == file.as_posix() and place.line - start in lines]
    assert bool(reported) != ("missed" in mistake), f"line 0 is {start}; problems are at {list(map(str, places))}"
