"""Contents -> an Anki package; alone knows genanki."""

from __future__ import annotations

import functools
import itertools
import json
import os
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from csto_anki.diff import Contents
from csto_anki.fields import FIELDS, SIDES, TEMPLATES, VERSION, shown, tags
from csto_anki.release import Stamps
from csto_anki.together import remove

# genanki takes `cached_property` from a library that loads all of asyncio, a tenth of the time of a build of 500 notes.
# Python's own, which is younger than that library, does the same.
sys.modules.setdefault("cached_property", functools)
import genanki  # noqa: E402

if sys.modules["cached_property"] is functools:
    del sys.modules["cached_property"]  # for others it is what it was

# Of zlib. Level 9 would make the real deck smaller by two in a hundred, and its build half as long again.
LEVEL = 6


class Note(genanki.Note):  # type: ignore[misc]
    """A note that keeps its own modification time, and ids of its own in a part of the deck as in the whole.

    genanki would stamp all notes with the time of the build and number them through.
    """

    mod: int
    first_id: int

    def _check_invalid_html_tags_in_fields(self) -> None:
        """All text is escaped in `fields`: to look for stray tags took half of the time of writing the database."""

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.mod, deck_id, itertools.count(self.first_id))


class NoteType(genanki.Model):  # type: ignore[misc]
    """A note type that keeps its own modification time."""

    mod: int

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        return super().to_json(self.mod, deck_id)


def write(
    contents: Contents, pictures: Mapping[str, bytes], stamps: Stamps, output: Path, only: str | None = None
) -> tuple[int, int]:
    """Write the package, with those of the pictures that its notes show, and return its numbers of notes and cards.

    With `only`, a tag without its namespace, the package holds the notes of that tag, each as it is in the whole:
    importing the whole later adds the rest. The same arguments give the same bytes with the same version of SQLite and
    zlib. Only a finished file takes the place of `output`. Raises OSError where the machine will not have it.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    work = output.parent / f".csto-anki-{os.urandom(8).hex()}"
    try:
        work.mkdir()
        chosen = [id for id, fields in contents.notes.items() if only is None or only in tags(fields)]
        package = _package(contents, stamps, frozenset(chosen))
        _database(package, stamps.time, work / "collection.anki2")
        names = sorted({name for id in chosen for name in shown(contents.notes[id])})
        _zip(work, {name: pictures[name] for name in names}, work / "package.zip")
        (work / "package.zip").replace(output)
    except sqlite3.Error as error:
        raise OSError(f"{error}") from error
    finally:
        remove(work)
    written = package.decks[0].notes
    return len(written), sum(len(note.cards) for note in written)


def _package(contents: Contents, stamps: Stamps, chosen: frozenset[str]) -> Any:
    settings, looks = contents.settings, contents.looks
    note_type = NoteType(
        int(settings["note_type_id"]),
        settings["note_type"],
        fields=[{"name": name, "id": id} for name, id in FIELDS],
        templates=[
            {"name": name, "id": id, **{key: looks[f"{name} {side}"] for side, key in SIDES}} for name, id in TEMPLATES
        ],
        css=looks["Styling"],
    )
    note_type.mod = stamps.note_type
    anki_deck = genanki.Deck(int(settings["deck_id"]), settings["title"], _description(settings, stamps))
    for position, (id, due) in enumerate(_dues(contents.notes).items(), start=1):
        if id not in chosen:
            continue
        fields = {**contents.notes[id], VERSION: stamps.versions[id]}
        values = [fields.get(name, "") for name, _ in FIELDS]
        mark = [f"{settings['namespace']}::{stamps.marks[id]}"] if id in stamps.marks else []
        note = Note(note_type, values, tags=[*fields["Tags"].split(), *mark], guid=guid(settings, id), due=due)
        note.mod = stamps.notes[id]
        note.first_id = stamps.time * 1000 + position * (1 + len(TEMPLATES))
        anki_deck.add_note(note)
    return genanki.Package(anki_deck)


def _description(settings: Mapping[str, str], stamps: Stamps) -> str:
    """Whoever has nothing but the file, on a phone, learns here which version it is and how to see what changed."""
    version = f"{settings['description']} · Version {stamps.version}"
    search = "changed::dev" if stamps.fresh else f"changed::{stamps.version}"
    if any(mark.startswith(f"{search}::") for mark in stamps.marks.values()):
        version += f"<br>What changed in it: search tag:{settings['namespace']}::{search}"
    return version


def _dues(notes: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """The place of each note among the new cards: its kind's thousands and its place in its kind.

    So a fact that comes in a later release joins its kind also where an earlier release was imported, whose cards
    keep their places. Retired facts come last of all, for those who meet the deck only now.
    """
    kinds: dict[str, list[str]] = {}
    for id, fields in notes.items():
        kinds.setdefault(fields["Tags"].split(maxsplit=1)[0], []).append(id)
    step = -(-max(map(len, kinds.values()), default=0) // 1000) * 1000
    dues = {id: step * at + place for at, ids in enumerate(kinds.values()) for place, id in enumerate(ids, start=1)}
    return {id: dues[id] + step * len(kinds) * bool(notes[id].get("Retired")) for id in notes}


def made_with() -> str:
    """The libraries on whose versions the bytes of a package depend."""
    return f"SQLite {sqlite3.sqlite_version} and zlib {zlib.ZLIB_RUNTIME_VERSION} at level {LEVEL}"


def guid(settings: Mapping[str, str], id: str) -> str:
    """What Anki knows a note by, for ever: from its id, and the language, for a translation has notes of its own."""
    return str(genanki.guid_for(settings["namespace"], settings["language"], id))


def _database(package: Any, time: int, path: Path) -> None:
    """genanki's own `write_to_file` would leave a file in the temp folder at every build and an undated zip."""
    connection = sqlite3.connect(path)
    try:
        # Half of a small build is waiting for the disk, for a file that is thrown away if anything goes wrong.
        connection.execute("PRAGMA synchronous = OFF")
        package.write_to_db(connection.cursor(), time, itertools.count(time * 1000))
        connection.commit()
    finally:
        connection.close()


def _zip(work: Path, pictures: Mapping[str, bytes], path: Path) -> None:
    """Nothing of the machine or the moment goes into the archive: fixed order, dates, rights, system and level.

    Anki wants the pictures under numbers, and their names in the member `media`.
    """
    numbers = {str(number): name for number, name in enumerate(pictures)}
    members = {number: pictures[name] for number, name in numbers.items()}
    members["collection.anki2"] = (work / "collection.anki2").read_bytes()
    members["media"] = json.dumps(numbers).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in sorted(members.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data, compresslevel=LEVEL)
