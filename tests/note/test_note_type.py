"""The frozen note type, and the names by which people know its fields."""

from __future__ import annotations

import json
from pathlib import Path

from csto_anki.deck.reader import read
from csto_anki.note.contents import contents
from csto_anki.note.note_type import FIELDS, LABELS, VERSION_FIELD

CARDS = Path(__file__).parents[2] / "cards"


def test_the_fields_are_those_that_were_released() -> None:
    released = json.loads((CARDS / "released.json").read_text("utf-8"))["settings"]["fields"]
    assert ", ".join(f"{field.name} {field.id}" for field in FIELDS) == released


def test_every_field_in_use_has_a_label() -> None:
    """Release notes name fields by their labels: a learner must never read \"spare1\"."""
    deck, problems = read(CARDS)
    assert deck is not None, problems
    used = {name for note in contents(deck).notes.values() for name in note.fields} | {VERSION_FIELD}
    assert [name for name in used if not LABELS[name]] == []
