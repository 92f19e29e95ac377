"""Mistakes that authors make, in a realistic deck: each is told at the line where an editor would point."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from csto_anki.check import check
from csto_anki.facts import Problem
from csto_anki.read import read

TODAY = datetime.date(2026, 11, 24)
FOLDER = Path(__file__).parent / "mistakes"
MISTAKES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "mistakes.yaml").read_text("utf-8"))


def found(folder: Path) -> list[Problem]:
    deck, problems = read(folder)
    return problems if deck is None else check(deck, TODAY)


def changed(data: bytes, mistake: dict[str, Any]) -> bytes:
    """A file with the mistake in it."""
    new = bytes.fromhex(mistake["bytes"]) if "bytes" in mistake else mistake["by"].encode()
    if mistake.get("append"):
        return data + new
    old = mistake["replace"].encode()
    assert data.count(old) == 1
    return data.replace(old, new)


def test_the_deck_without_a_mistake_is_without_problem_and_warning() -> None:
    assert found(FOLDER / "cards") == []


def test_there_are_many() -> None:
    assert len(MISTAKES) >= 140
    assert len({mistake["name"] for mistake in MISTAKES}) == len(MISTAKES)
    assert sum("missed" in mistake for mistake in MISTAKES) <= 16


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_a_mistake_is_told_at_its_line(mistake: dict[str, Any], tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER / "cards", tmp_path / "cards")
    file = folder / mistake["file"]
    file.write_bytes(changed(file.read_bytes(), mistake))
    path = (folder / mistake.get("file_of_line", mistake["file"])).as_posix()
    lines = mistake["line"] if isinstance(mistake["line"], list) else [mistake["line"]]
    told = [problem for problem in found(folder) if problem.place.path == path and problem.place.line in lines]
    assert bool(told) != ("missed" in mistake)
