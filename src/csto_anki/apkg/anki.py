"""The real Anki with a throw-away collection; the only module that uses the `anki` package, an optional extra.

`render` returns the cards of a package of ours. `main` is for other people's packages and runs as a process of its own:
Anki unpacks everything in a package, but a process can be stopped and its folder removed, whatever the package does.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from anki import import_export_pb2
from anki._backend import RustBackend
from anki.buildinfo import version
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException
from anki.notes import NoteId

from csto_anki.apkg import archive
from csto_anki.files import temporary_folder

# The limits of the process, if the system can enforce them.
MAX_FILE_BYTES = 1_000_000_000
_MAX_MEMORY_BYTES = 4_000_000_000
MAX_SECONDS = 300

# The lists of notes in the log of an import, by their names in Anki; the first three are normal in an update.
NEW_IN_LOG = "new"
EXPECTED_IN_LOG = (NEW_IN_LOG, "updated", "duplicate")
_LOG = (*EXPECTED_IN_LOG, "conflicting", "first_field_match", "missing_notetype", "missing_deck")

_IF_NEWER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
_LEARNER_TAG = "csto-anki-verify"  # it stands for everything that a learner writes into a note
_SCHEDULE = ("did", "type", "queue", "due", "ivl", "factor", "reps", "lapses", "flags")
_STUDY = (
    "UPDATE cards SET type = 2, queue = 2, due = 400 + id % 97, ivl = 5 + id % 89, "
    "factor = 2000 + id % 500, reps = 3 + id % 7, lapses = id % 3, flags = id % 5"
)


class Card(NamedTuple):
    """A card as Anki renders it: the id of its fact, its place in the note, its front, and what its back adds."""

    id: str
    place: int
    front: str
    back: str


def render(package: Path) -> list[Card]:
    """All cards of a package as Anki renders them, the cards of a note one after the other. Raises OSError."""
    try:
        with temporary_folder() as folder, _fresh_collection() as collection:
            # Anki takes only paths in UTF-8, but that of the package can be in any encoding.
            _import(collection, Path(shutil.copyfile(package, folder / "package.apkg")))
            return [card for id in collection.find_notes("") for card in _cards(collection, id)]
    except UnicodeEncodeError as error:
        raise OSError("Anki takes only paths in UTF-8; name a temporary folder with such a path in TMPDIR") from error
    except AnkiException as error:  # which Anki raises also for a full disk or a folder without permission
        raise OSError(f"Anki says: {error}") from error


@contextlib.contextmanager
def _fresh_collection() -> Iterator[Collection]:
    """An empty collection, removed at the end."""
    with temporary_folder() as folder:
        collection = Collection(str(folder / "collection.anki2"))
        try:
            yield collection
        finally:
            collection.close()


def _cards(collection: Collection, id: NoteId) -> Iterator[Card]:
    note = collection.get_note(id)
    for card in note.cards():
        sides = card.render_output()
        front, back = sides.question_text, sides.answer_text
        # The back repeats the front, which need not be stored twice.
        yield Card(note["Id"], card.ord, front, back.removeprefix(front))


def _import(collection: Collection, package: Path) -> dict[str, int]:
    """Import a package with the default options of Anki's dialog. Return the numbers of notes in the lists of _LOG."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=_IF_NEWER,
        update_notetypes=_IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(package.absolute()), options=options)
    log = collection.import_anki_package(request).log
    return {name: len(getattr(log, name)) for name in _LOG}


def main() -> None:
    """Import the package of the first argument and, if there is a second, import it also over that older package.

    Print the results as JSON: `fresh` for the import into a fresh collection, `update` for the import over the older
    package, `error` if Anki refuses one of them, and `anki_version`.
    """
    _limit_process()
    package, *older = map(Path, sys.argv[1:])
    result: dict[str, Any] = {"anki_version": version}
    try:
        result["fresh"] = _import_fresh(package)
        if _is_newer_format(package):
            result["unused_note_types"] = _unused_note_types(package)
        result["update"] = _import_over(older[0], package) if older else None
    except AnkiException as error:
        result["error"] = str(error)
    sys.stdout.buffer.write(b"\n" + json.dumps(result, ensure_ascii=False).encode("utf-8", "replace"))


def _limit_process() -> None:
    """Limit the files, memory and time of this process; Windows cannot, so there only the time is limited."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    for limit, most in (
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_AS, _MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_SECONDS),
    ):
        _, hard = resource.getrlimit(limit)
        with contextlib.suppress(OSError, ValueError):  # not every system has every limit
            resource.setrlimit(limit, (min(most, hard) if hard >= 0 else most, hard))


def _import_fresh(package: Path) -> dict[str, Any]:
    """What a fresh collection holds after the import, in the terms of `reader.Package`, and what Anki reports."""
    with _fresh_collection() as collection:
        log = _import(collection, package)
        # Read before the check, which repairs what it finds.
        notes = _rows(collection, "SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id")
        note_types = [collection.models.get(id) for id in sorted({note[1] for note in notes})]
        integrity, is_sound = collection.fix_integrity()
        missing = list(collection.media.check().missing)
        decks = [collection.decks.get(id) for (id,) in _rows(collection, "SELECT DISTINCT did FROM cards")]
        media = {path.name: path for path in sorted(Path(collection.media.dir()).iterdir())}
        sizes = {name: path.stat().st_size for name, path in media.items()}
        return {
            "log": log,
            "integrity": "" if is_sound else integrity,
            "missing": missing,
            "blank": len(collection.get_empty_cards().notes),
            "notes": notes,
            "note_types": note_types,
            "decks": {deck["name"]: deck["desc"] for deck in decks if deck},  # without their empty parents
            "cards": collection.card_count(),
            "media": sizes,
            "pictures": {
                name: base64.b64encode(media[name].read_bytes()).decode() for name in archive.looked_at(sizes)
            },
        }


def _is_newer_format(package: Path) -> bool:
    with archive.open_checked(package) as zip_file:
        return archive.collection_name(zip_file) == archive.NEWER_COLLECTION


def _unused_note_types(package: Path) -> int:
    """The number of note types in a package of Anki's newer format that no note has.

    Anki imports only those that a note has. So the package is unpacked as the backup that it may be.
    """
    with temporary_folder() as folder:
        (media := folder / "media").mkdir()
        database = folder / "collection.anki2"
        RustBackend().import_collection_package(
            col_path=str(database), backup_path=str(package), media_folder=str(media), media_db=str(folder / "media.db")
        )
        with contextlib.closing(sqlite3.connect(database)) as connection:
            query = "SELECT count(*) FROM notetypes WHERE id NOT IN (SELECT mid FROM notes)"
            return int(connection.execute(query).fetchone()[0])


def _import_over(older: Path, package: Path) -> dict[str, Any]:
    """What the import does to a learner who has the older package, has studied all cards and tagged every note."""
    with _fresh_collection() as collection:
        _import(collection, older)
        _rows(collection, "UPDATE notes SET tags = tags || ? || ' '", f" {_LEARNER_TAG}")
        _rows(collection, _STUDY)
        collection.close()  # because Anki keeps some of it in memory
        collection.reopen()
        before = _schedules(collection)
        log = _import(collection, package)
        _, is_sound = collection.fix_integrity()
        notes = _rows(collection, "SELECT guid, tags, flds FROM notes ORDER BY id")
        return {
            "log": log,
            "is_sound": is_sound,
            "before": before,
            "after": _schedules(collection),
            "notes": {guid: [_LEARNER_TAG in tags.split(), fields] for guid, tags, fields in notes},
            "doubled": len(notes) - len({guid for guid, _, _ in notes}),
        }


def _rows(collection: Collection, query: str, *values: Any) -> list[list[Any]]:
    assert collection.db is not None  # noqa: S101  # it is open
    return [list(row) for row in collection.db.all(query, *values)]


def _schedules(collection: Collection) -> dict[str, list[Any]]:
    """The schedule, flags and deck of each card, by the guid of its note and its place in the note."""
    columns = ", ".join(f"c.{name}" for name in _SCHEDULE)
    rows = _rows(collection, f"SELECT n.guid, c.ord, {columns} FROM cards c JOIN notes n ON n.id = c.nid")  # noqa: S608
    return {f"{guid} {place}": row for guid, place, *row in rows}
