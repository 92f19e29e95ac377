"""A record of two releases, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from csto_anki.history.record import Released
from csto_anki.note.contents import TAGS, Contents, Note, Settings
from support.releases import JUNE

MAY = 1777626000  # 2026-05-01, 09:00 UTC


def note(**values: str) -> Note:
    """A note with these fields and tags."""
    return Note.of({TAGS: "", **values})


NOTES = {
    "a": note(Question="A?", Answer="Yes", Tags="small::x", AsOf="May 2025"),
    "b": note(Question="B?", Answer="Yes", Tags="small::x"),
}
_SETTINGS = Settings("Small", "1", "small", "1", 1, "1", 1, "1", "1")
_LOOKS = {"Styling": "plain"}
NOW = Contents(_SETTINGS, NOTES, _LOOKS)


def with_notes(notes: Mapping[str, Note]) -> Contents:
    """The contents of now with other notes."""
    return NOW._replace(notes=notes)


NOTHING = Released({}, None, {}, None)
# Note a was released in May, b in June.
RELEASED = NOTHING.after("2026.05.01", MAY, with_notes({"a": NOTES["a"]})).after("2026.06.01", JUNE, NOW)
