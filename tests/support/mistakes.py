"""A deck, and the mistakes that authors make in one: tests/rules/mistakes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import yaml

from csto_anki.deck.problem import Problem
from csto_anki.deck.reader import read
from csto_anki.rules.check import check

_TODAY = datetime.date(2026, 11, 24)
_FOLDER = Path(__file__).parents[1] / "rules" / "mistakes"
CARDS = _FOLDER / "cards"  # the deck without a mistake
MISTAKES: list[dict[str, Any]] = yaml.safe_load((_FOLDER / "mistakes.yaml").read_text("utf-8"))


def with_mistake(data: bytes, mistake: dict[str, Any]) -> tuple[bytes, int]:
    """A file with the mistake in it, and the number of the line where it begins."""
    new = bytes.fromhex(mistake["bytes"]) if "bytes" in mistake else mistake["by"].encode()
    if mistake.get("append"):
        return data + new, data.count(b"\n") + 1
    before, old, after = data.partition(mistake["replace"].encode())
    assert old and old not in after, f"{mistake['name']}: the text to replace is not in the file exactly once"
    return before + new + after, before.count(b"\n") + 1


def problems_in(folder: Path) -> list[Problem]:
    """All problems of the cards in a folder, by the reader and, if it reads all, by the rules."""
    deck, problems = read(folder)
    return problems if deck is None else check(deck, _TODAY)
