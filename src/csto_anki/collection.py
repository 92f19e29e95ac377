"""A throw-away collection in the real Anki; alone knows the `anki` package, which is an optional extra.

`render` has the cards of a package of ours. `main` runs as a process of its own, for packages of strangers: Anki
unpacks them whole, and a process can be stopped and its folder removed, whatever it does.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from anki import import_export_pb2
from anki.buildinfo import version
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException
from anki.notes import NoteId

from csto_anki.media import LARGEST as PICTURE
from csto_anki.package import PICTURES
from csto_anki.together import scratch

IF_NEWER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
# What the log of an import tells, by its names; the first three are as it should be.
LOG = ("new", "updated", "duplicate", "conflicting", "first_field_match", "missing_notetype", "missing_deck")
MARK = "csto-anki-verify"  # stands for whatever a learner wrote
SCHEDULE = "did, type, queue, due, ivl, factor, reps, lapses, flags"

# A process may take so much, where the system can hold it to that.
BYTES_OF_A_FILE = 1_000_000_000
BYTES_OF_MEMORY = 4_000_000_000
SECONDS = 300


class Card(NamedTuple):
    """A card as Anki renders it: the id of its fact, its place in the note, its front, and what its back adds."""

    id: str
    place: int
    front: str
    back: str


def render(package: Path) -> list[Card]:
    """All cards of a package as Anki renders them, the cards of a note one after the other. Raises OSError."""
    with _errors_of_the_machine(), scratch() as folder:
        collection = Collection(str(folder / "collection.anki2"))
        try:
            _import(collection, package)
            return [card for id in collection.find_notes("") for card in _cards(collection, id)]
        finally:
            collection.close()


def _import(collection: Collection, package: Path) -> Any:
    """Import a package with the options that the dialog shows in a fresh profile; returns Anki's log."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(package.absolute()), options=options)
    return collection.import_anki_package(request).log


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


def main() -> None:
    """Import a package, and if told over an older one, as a learner has it; print what came of it as JSON."""
    _bounded()
    package, *older = map(Path, sys.argv[1:])
    told: dict[str, Any] = {"anki": version}
    try:
        told["alone"] = _alone(package)
        told["over"] = _over(older[0], package) if older else None
    except AnkiException as error:
        told["refused"] = str(error)
    sys.stdout.buffer.write(b"\n" + json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))


def _bounded() -> None:
    """Hold this process to its bounds; Windows has none of this kind, and there only the time is bounded."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    for what, most in (
        (resource.RLIMIT_FSIZE, BYTES_OF_A_FILE),
        (resource.RLIMIT_AS, BYTES_OF_MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
    ):
        _, hard = resource.getrlimit(what)
        with contextlib.suppress(OSError, ValueError):  # not every system keeps every bound
            resource.setrlimit(what, (min(most, hard) if hard >= 0 else most, hard))


def _alone(package: Path) -> dict[str, Any]:
    """What a fresh collection holds after the import, in the words of `package.Package`."""
    with scratch() as folder:
        collection = Collection(str(folder / "collection.anki2"))
        try:
            log = _import(collection, package)
            # Before the check, which mends what it finds.
            notes = _rows(collection, "SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id")
            types = [collection.models.get(id) for id in sorted({note[1] for note in notes})]
            integrity, sound = collection.fix_integrity()
            media = collection.media.check()
            stores = sorted(Path(collection.media.dir()).iterdir())
            decks = {deck["name"]: deck["desc"] for deck in collection.decks.all() if deck["id"] != 1}
            return {
                "log": {name: len(getattr(log, name)) for name in LOG},
                "sound": "" if sound else integrity,
                "missing": list(media.missing),
                "blank": len(collection.get_empty_cards().notes),
                "notes": notes,
                "types": types,
                "decks": decks,
                "cards": collection.card_count(),
                "media": {path.name: path.stat().st_size for path in stores},
                "pictures": {
                    path.name: base64.b64encode(path.read_bytes()).decode()
                    for path in stores[:PICTURES]
                    if path.stat().st_size <= PICTURE
                },
            }
        finally:
            collection.close()


def _rows(collection: Collection, query: str, *values: Any) -> list[list[Any]]:
    assert collection.db is not None  # noqa: S101  # it is open
    return [list(row) for row in collection.db.all(query, *values)]


def _over(older: Path, package: Path) -> dict[str, Any]:
    """What an import does to a learner who has the older package, has studied all of it, and wrote into every note."""
    with scratch() as folder:
        path = str(folder / "collection.anki2")
        collection = Collection(path)
        try:
            _import(collection, older)
            _rows(collection, "UPDATE notes SET tags = tags || ? || ' '", f" {MARK}")
            _rows(
                collection,
                "UPDATE cards SET type = 2, queue = 2, due = 400 + id % 97, ivl = 5 + id % 89, "
                "factor = 2000 + id % 500, reps = 3 + id % 7, lapses = id % 3, flags = id % 5",
            )
            collection.close()  # for Anki keeps some of it in memory
            collection = Collection(path)
            before = _cards_of(collection)
            log = _import(collection, package)
            _, sound = collection.fix_integrity()
            after = _cards_of(collection)
            notes = _rows(collection, "SELECT guid, tags, flds FROM notes ORDER BY id")
            return {
                "log": {name: len(getattr(log, name)) for name in LOG},
                "sound": sound,
                "before": before,
                "after": after,
                "notes": {guid: [MARK in tags.split(), flds] for guid, tags, flds in notes},
                "doubled": len(notes) - len({guid for guid, _, _ in notes}),
            }
        finally:
            collection.close()


def _cards_of(collection: Collection) -> dict[str, list[Any]]:
    """All that a learner has of each card, by the guid of its note and its place there."""
    columns = ", ".join(f"c.{name}" for name in SCHEDULE.split(", "))
    rows = _rows(collection, f"SELECT n.guid, c.ord, {columns} FROM cards c JOIN notes n ON n.id = c.nid")  # noqa: S608
    return {f"{guid} {place}": row for guid, place, *row in rows}
