"""Contents -> an Anki package, by genanki."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import json
import os
import shutil
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from csto_anki import files
from csto_anki.history.stamps import Stamps
from csto_anki.language.english import ENGLISH
from csto_anki.note.contents import Contents, Settings
from csto_anki.note.note_type import (
    CARDS_NEED,
    FIELD_IDS,
    SIDES,
    STYLING,
    TEMPLATES,
    VERSION,
    VERSION_FIELD,
    WHAT_CHANGED,
    Looks,
)

# genanki imports `cached_property` from a library that loads all of asyncio, which takes a tenth of the time of a build
# of 500 notes. `functools` has the same function, so genanki gets that one instead.
sys.modules.setdefault("cached_property", functools)
import genanki  # noqa: E402

if sys.modules["cached_property"] is functools:
    del sys.modules["cached_property"]  # so that other programs still get the library

# How zlib compresses a release. Level 9 makes the file 2 % smaller, and a build 50 % slower.
_ZLIB_LEVEL = 6
# Other packages are 20 % larger at this level, and made in a third of the time.
_ZLIB_LEVEL_OF_DEVELOPMENT = 1
# SQLite opens only files whose path has at most 511 bytes; some fifty of them are for the names that follow.
_MAX_PATH_BYTES = 460
# How many places the second card of a note is behind the first among the new cards: three days at Anki's 20 a day.
REVERSE_DELAY = 60


class _Card(genanki.Card):  # type: ignore[misc]
    """A card whose place among the new cards depends on its template; genanki gives all cards of a note the same."""

    def write_to_db(
        self, cursor: Any, timestamp: float, deck_id: int, note_id: int, id_gen: Iterator[int], due: int = 0
    ) -> None:
        super().write_to_db(cursor, timestamp, deck_id, note_id, id_gen, due + self.ord * REVERSE_DELAY)


class _Note(genanki.Note):  # type: ignore[misc]
    """A note that keeps its own modification time, and has the same ids in a part of the deck as in the whole.

    genanki would give all notes the time of the build and number them consecutively.
    """

    mod: int
    first_id: int

    @property
    def cards(self) -> list[_Card]:
        return [_Card(card.ord) for card in super().cards]

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Do nothing: `note.html` escapes all text, and this check took half of the time of writing the database."""

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.mod, deck_id, itertools.count(self.first_id))


class _NoteType(genanki.Model):  # type: ignore[misc]
    """A note type that keeps its own modification time.

    `_req` says which fields a card needs; genanki would draw each front 22 times to find out.
    """

    mod: int
    _req = CARDS_NEED

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        return super().to_json(self.mod, deck_id)


def write(
    contents: Contents, pictures: Mapping[str, bytes], stamps: Stamps, output: Path, only: str | None = None
) -> tuple[int, int]:
    """Write a package with the pictures that its notes show, and return its numbers of notes and cards.

    With `only`, a tag without its namespace, the package has only the notes of that tag, each exactly as in the whole
    deck: importing the whole deck later adds the rest. Retired notes are only in the package of the tag `retired`:
    people who get the deck now should not learn them. The same arguments give the same bytes with the same versions of
    SQLite and zlib. `output` is replaced only by a finished file. Raises OSError.
    """
    files.make_folder(output.parent)
    chosen = [id for id, note in contents.notes.items() if note.is_in(only)]
    try:
        with files.staging(output.parent) as work:
            package = _package(contents, stamps, frozenset(chosen))
            _write_database(package, stamps.time, work / "collection.anki2")
            names = sorted({name for id in chosen for name in contents.notes[id].images()})
            level = _ZLIB_LEVEL_OF_DEVELOPMENT if stamps.is_development else _ZLIB_LEVEL
            _zip(work, {name: pictures[name] for name in names}, work / "package.zip", level)
            files.put(work / "package.zip", output)
    except sqlite3.Error as error:
        raise OSError(_reason(error, output)) from error
    written = package.decks[0].notes
    return len(written), sum(len(note.cards) for note in written)


def _package(contents: Contents, stamps: Stamps, chosen: frozenset[str]) -> Any:
    settings = contents.settings
    assert settings is not None  # noqa: S101  # a deck has settings
    note_type = _note_type(settings, contents.looks, stamps)
    marks = [mark for id, mark in stamps.marks.items() if not contents.notes[id].is_retired]
    description = _description(settings, contents.looks, stamps, marks)
    anki_deck = genanki.Deck(settings.deck_id, settings.title, description)
    for place, (id, note) in enumerate(contents.notes.items(), start=1):
        if id not in chosen:
            continue
        fields = {**note.fields, VERSION_FIELD: stamps.note_versions[id]}
        tags = list(note.tags)
        if id in stamps.marks:
            tags.append(f"{settings.namespace}::{stamps.marks[id]}")
        anki_note = _Note(
            note_type, [fields.get(name, "") for name, _ in FIELD_IDS], tags=tags, guid=guid(settings, id), due=place
        )
        anki_note.mod = stamps.note_times[id]
        anki_note.first_id = stamps.time * 1000 + place * (1 + len(TEMPLATES))
        anki_deck.add_note(anki_note)
    return genanki.Package(anki_deck)


def _note_type(settings: Settings, looks: Looks, stamps: Stamps) -> _NoteType:
    note_type = _NoteType(
        settings.note_type_id,
        settings.note_type,
        fields=[{"name": name, "id": id} for name, id in FIELD_IDS],
        templates=[
            {"name": name, "id": id, **{key: looks[f"{name} {side}"] for side, key in SIDES}} for name, id in TEMPLATES
        ],
        css=looks[STYLING],
    )
    note_type.mod = stamps.note_type_time
    return note_type


def _description(settings: Settings, looks: Looks, stamps: Stamps, marks: Iterable[str]) -> str:
    """The deck's description, with the version and how to find changes, for people who only have the file.

    `marks` are the change marks of the notes that are taught.
    """
    word = looks.get(VERSION, ENGLISH.card.version)
    version = f"{settings.description} · {word} {stamps.version}"
    search = "changed::dev" if stamps.unreleased else f"changed::{stamps.version}"
    if any(mark.startswith(f"{search}::") for mark in marks):
        what_changed = looks.get(WHAT_CHANGED, ENGLISH.card.what_changed)
        version += f"<br>{what_changed.format(f'tag:{settings.namespace}::{search}')}"
    return version


def made_with() -> str:
    """The libraries whose versions the bytes of a released package depend on."""
    return f"SQLite {sqlite3.sqlite_version} and zlib {zlib.ZLIB_RUNTIME_VERSION} at level {_ZLIB_LEVEL}"


def guid(settings: Settings, id: str) -> str:
    """The guid by which Anki knows a note, for ever. The language is part of it: a translation has notes of its own."""
    return str(genanki.guid_for(settings.namespace, settings.language, id))


def _write_database(package: Any, time: int, path: Path) -> None:
    """Write the database. genanki's `write_to_file` would leave a temporary file and put the date into the zip."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        # Waiting for the disk would take half of the time of a small build. The file is deleted if anything goes wrong.
        connection.execute("PRAGMA synchronous = OFF")
        package.write_to_db(connection.cursor(), time, itertools.count(time * 1000))
        connection.commit()


def _reason(error: sqlite3.Error, output: Path) -> str:
    """Why the database could not be written."""
    length = len(os.fsencode(output.parent.absolute()))
    if length > _MAX_PATH_BYTES and not isinstance(error, sqlite3.DataError):
        return f"its path has {length} bytes, too many for SQLite; use a shorter one"
    return str(error)


def _zip(work: Path, pictures: Mapping[str, bytes], path: Path, level: int) -> None:
    """Write the zip, which depends on nothing but its members and the level: order, dates, rights, system are fixed.

    Anki expects the pictures under numbers, and their names in the member `media`.
    """
    numbers = {str(number): name for number, name in enumerate(pictures)}
    database = work / "collection.anki2"  # of a large deck, it is too large for the memory
    with database.open("rb") as rows, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        members: dict[str, BinaryIO] = {number: io.BytesIO(pictures[name]) for number, name in numbers.items()}
        members |= {"collection.anki2": rows, "media": io.BytesIO(json.dumps(numbers).encode())}
        for name, source in sorted(members.items()):
            with archive.open(name, "w") as target:  # it has the date 1980-01-01
                shutil.copyfileobj(source, target, 1 << 20)
            info = archive.getinfo(name)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
