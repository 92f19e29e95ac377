"""A package -> its cards as Anki renders them; alone knows the `anki` package, which is an optional extra."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException
from anki.notes import NoteId


class Card(NamedTuple):
    """A card as Anki renders it: the id of its fact, its place in the note, its front, and what its back adds."""

    id: str
    place: int
    front: str
    back: str


def render(package: Path) -> list[Card]:
    """All cards of a package as Anki renders them, the cards of a note one after the other. Raises OSError."""
    with (
        _errors_of_the_machine(),
        tempfile.TemporaryDirectory(prefix="csto-anki-", ignore_cleanup_errors=True) as folder,
    ):
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            request = ImportAnkiPackageRequest(package_path=str(package.absolute()), options=ImportAnkiPackageOptions())
            collection.import_anki_package(request)
            return [card for id in collection.find_notes("") for card in _cards(collection, id)]
        finally:
            collection.close()


@contextlib.contextmanager
def _errors_of_the_machine() -> Iterator[None]:
    """Anki has errors of its own for a full disk or a closed folder."""
    try:
        yield
    except AnkiException as error:
        raise OSError(f"Anki says: {error}") from error


def _cards(collection: Collection, id: NoteId) -> Iterator[Card]:
    note = collection.get_note(id)
    for card in note.cards():
        sides = card.render_output()
        front, back = sides.question_text, sides.answer_text
        # The back repeats the front, which need not be stored twice.
        yield Card(note["Id"], card.ord, front, back.removeprefix(front))
