"""An Anki package, whoever made it -> what is in it.

A package can come from anyone. So its database is opened only for reading, only if it has nothing except plain tables
and indexes, and with a limit for everything in it. The newest format of Anki's own exports (`collection.anki21b`) needs
a library to unpack, so of such a package only the zip is read here.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki import files
from csto_anki.apkg import archive
from csto_anki.apkg.archive import Malformed, load_json
from csto_anki.apkg.identify import GET_ANOTHER
from csto_anki.deck.characters import TERMINAL_COMMAND
from csto_anki.files import Refused
from csto_anki.note.contents import TAGS, Contents, Note, Settings
from csto_anki.note.note_type import FIELD_NAMES, SIDES, STYLING, VERSION_FIELD, Looks

MAX_NOTES = 250_000
MAX_NOTE_BYTES = 2_000_000  # of the fields of one note
MAX_ALL_NOTES_BYTES = 64_000_000  # of the fields of all notes together
MAX_FIELD_LENGTH = 100_000  # characters of a field in a package of csto-anki
MAX_TIME = 2**33  # seconds since 1970; in the year 2242
_MAX_SETTINGS_BYTES = 5_000_000  # of the JSON with the note types and decks
_MAX_HTML_TAGS = 4_000_000  # of all notes together; 100,000 notes like those on the CSTO have 2 million
_MAX_TAGS_BYTES = 20_000  # of one note
_MAX_ALL_TAGS_BYTES = 12_000_000
_MAX_FIELDS = 1_000  # of a note; what comes after them counts as part of the last one
_MAX_FAULTS_OF_A_KIND = 20
_INSTRUCTIONS_PER_STEP = 100_000  # of SQLite
_MAX_QUERY_STEPS = 3_000  # of all queries of one package
_MAX_SCHEMA_ENTRIES = 200

_COUNT_STUDIED = (
    "SELECT count(*) FROM cards WHERE type <> 0 OR queue <> 0 OR ivl <> 0 OR reps <> 0 OR flags <> 0 OR due < 0"
)
# The columns in which Anki stores whole numbers. Anki reads 5.0 as 0, or not at all, while in Python it is equal to 5.
_INTEGERS = {
    "notes": ("id", "mid", "mod", "usn", "flags"),
    "cards": (
        *("id", "nid", "did", "ord", "mod", "usn", "type", "queue", "due", "ivl", "factor", "reps", "lapses"),
        *("left", "odue", "odid", "flags"),
    ),
}
_DEFAULT_DECK = 1  # Anki's own deck, which is empty in a package
# Tags that say when a note last changed. They follow from the record of releases and not from the cards.
_MARKS = ("added", "changed")
_NOT_AS_WRITTEN = "it is not a package as Anki or csto-anki writes it"
_COMPARE_OURS = "compare a package that csto-anki built"


class NoteType(NamedTuple):
    """A note type: the names of its fields and templates come with their ids (None in old packages)."""

    id: int
    mod: int  # the modification time in seconds since 1970
    name: str
    fields: tuple[tuple[str, Any], ...]
    templates: tuple[tuple[str, Any], ...]
    looks: Looks


class AnkiNote(NamedTuple):
    """A note as Anki stores it."""

    guid: str
    note_type: int  # its id
    mod: int  # the modification time in seconds since 1970
    tags: tuple[str, ...]
    values: tuple[str, ...]  # the fields as HTML


class Package(NamedTuple):
    """What a package holds. Of a package in Anki's newest format, only `collection` is known, and `notes` is None."""

    collection: str  # the name of the member that Anki imports
    decks: Mapping[str, str]  # the descriptions by name
    note_types: tuple[NoteType, ...]
    notes: tuple[AnkiNote, ...] | None
    cards: int
    media: Mapping[str, int]  # the sizes in bytes by name
    pictures: Mapping[str, bytes]  # the media that are small enough to be pictures of ours
    faults: tuple[str, ...]
    studied: int = 0  # the number of cards that have a schedule
    ignored: tuple[str, ...] = ()  # the names of other collections, which Anki ignores

    @property
    def is_export(self) -> bool:
        """Whether Anki exported it from a collection; csto-anki and genanki write only the oldest format."""
        return self.collection != archive.OLDEST_COLLECTION

    @property
    def unused_note_types(self) -> int:
        """The number of note types that no note has: an export of a deck has none, a whole collection has some."""
        used = {note.note_type for note in self.notes or ()}
        return sum(each.id not in used for each in self.note_types) if len(self.note_types) > 1 else 0

    @property
    def is_ours(self) -> bool:
        """Whether it has the fields of csto-anki, which then made it for this deck or for another one."""
        return len(self.note_types) == 1 and tuple(name for name, _ in self.note_types[0].fields) == FIELD_NAMES


def load(path: Path) -> Package:
    """Read a package. Raises Refused, whatever the file is, if it cannot be read as a package."""
    try:
        return _load(path)
    except OSError as error:
        hint = "check that the file exists and that the disk has room"
        raise Refused(f"cannot be read: {error.strerror or error}", hint) from error
    except sqlite3.OperationalError as error:
        if "unable to open" not in str(error):
            raise Refused(f"it is damaged: {error}", GET_ANOTHER) from error
        hint = "name another folder in TMPDIR, on Windows in TEMP"
        raise Refused("SQLite opens nothing in the temporary folder", hint) from error
    except Malformed as error:
        raise Refused(f"{_NOT_AS_WRITTEN}: {error}", GET_ANOTHER) from error
    except RecursionError as error:
        raise Refused(f"{_NOT_AS_WRITTEN}: nested too deeply", GET_ANOTHER) from error
    except (EOFError, NotImplementedError, RuntimeError, sqlite3.Error, zipfile.BadZipFile, zlib.error) as error:
        raise Refused(f"it is damaged: {error}", GET_ANOTHER) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Refused(_NOT_AS_WRITTEN, GET_ANOTHER) from error


def _load(path: Path) -> Package:
    with archive.open_checked(path) as zip_file:
        collection = archive.collection_name(zip_file)
        if collection == archive.NEWER_COLLECTION:
            return Package(collection, {}, (), None, 0, {}, {}, ())
        names = archive.media_names(zip_file)
        media = archive.media_sizes(zip_file, names)
        pictures = archive.small_pictures(zip_file, names)
        faults = _media_faults(names, set(zip_file.namelist()))
        with files.temporary_folder() as folder:
            archive.unpack(zip_file, collection, folder / "collection")
            found = _read_database(folder / "collection")
        return found._replace(
            collection=collection,
            media=media,
            pictures=pictures,
            faults=(*faults, *found.faults),
            ignored=archive.ignored_collections(zip_file, collection),
        )


def limited(faults: Iterable[str]) -> list[str]:
    """The first faults of one kind, and a last line that says how many more there are."""
    found = list(faults)
    if len(found) <= _MAX_FAULTS_OF_A_KIND:
        return found
    return [*found[:_MAX_FAULTS_OF_A_KIND], f"and {len(found) - _MAX_FAULTS_OF_A_KIND:,} more of this kind"]


def _media_faults(names: Mapping[str, str], members: set[str]) -> list[str]:
    """How the media list and the members of the zip disagree; `names` are the listed names by member."""
    missing = [name for number, name in names.items() if number not in members]
    invalid = [name for name in names.values() if not archive.is_file_name(name)]
    unlisted = sorted(name for name in members if name.isdigit() and name not in names)
    return [
        *limited(f"the file {name!r} is in the media list but missing" for name in missing),
        *limited(f"{name!r} is not a valid file name" for name in invalid),
        *limited(f"the member {name} is not in the media list" for name in unlisted),
    ]


def _read_database(path: Path) -> Package:
    """What is in the database of a package. Raises Malformed, sqlite3.Error and the errors that wrong types cause."""
    with _opened(path) as connection:
        state = _number(connection, "PRAGMA quick_check(1)")
        faults = [] if state == "ok" else [f"the database is damaged: {state}"]
        note_types, decks = _note_types_and_decks(connection)
        notes = _notes(connection)
        cards = _number(connection, "SELECT count(*) FROM cards")
        faults += _card_faults(connection)
        studied = _number(connection, _COUNT_STUDIED)
    faults += _note_faults(note_types, notes)
    return Package("", decks, note_types, notes, cards, {}, {}, tuple(faults), studied)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database, only for reading; a limit stops queries that take too long."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        steps = itertools.count(1)
        connection.set_progress_handler(lambda: next(steps) > _MAX_QUERY_STEPS, _INSTRUCTIONS_PER_STEP)
        connection.execute("PRAGMA trusted_schema = OFF")
        if hasattr(connection, "setlimit"):  # from Python 3.11; 0 is SQLITE_LIMIT_LENGTH, the bytes of a value
            connection.setlimit(0, 2 * max(_MAX_SETTINGS_BYTES, MAX_NOTE_BYTES))
        _check_schema(connection)
        yield connection


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raise Malformed unless there are only plain tables and indexes.

    A view, a trigger, a constraint or a computed column would run a stranger's code as soon as a table is read.
    """
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(_MAX_SCHEMA_ENTRIES)
    for kind, name, sql in schema:
        if kind not in ("table", "index") or (sql or "").count("(") > 1 or "virtual" in (sql or "").lower():
            raise Malformed(f"its database has a {kind} {name!r} that does more than hold values")
    tables = {name for kind, name, _ in schema if kind == "table"}
    if len(schema) == _MAX_SCHEMA_ENTRIES or not {"col", "notes", "cards"} <= tables:
        raise Malformed("its database does not have Anki's tables")


def _number(connection: sqlite3.Connection, query: str) -> Any:
    ((value,),) = connection.execute(query).fetchall()
    return value


def _note_types_and_decks(connection: sqlite3.Connection) -> tuple[tuple[NoteType, ...], dict[str, str]]:
    """The note types, and the descriptions of the decks by their names."""
    size = _number(connection, "SELECT max(length(CAST(models AS BLOB)) + length(CAST(decks AS BLOB))) FROM col")
    if size is None or size > _MAX_SETTINGS_BYTES:
        raise Malformed("no note types or too many")
    ((models, decks),) = connection.execute("SELECT models, decks FROM col").fetchall()
    note_types = tuple(parse_note_type(model) for model in load_json(models).values())
    own_decks = [deck for deck in load_json(decks).values() if deck["id"] != _DEFAULT_DECK]
    descriptions = {_checked_text(deck["name"]): _checked_text(deck.get("desc", "")) for deck in own_decks}
    if len(descriptions) < len(own_decks):
        raise Malformed("two decks of one name")
    return note_types, descriptions


def _notes(connection: sqlite3.Connection) -> tuple[AnkiNote, ...]:
    _check_size_of_notes(connection)
    rows = connection.execute("SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id")
    notes = tuple(parse_note(*row) for row in rows)
    tags = sum(value.count("<") for note in notes for value in note.values)
    if tags > _MAX_HTML_TAGS:
        raise Malformed(f"too much markup: {tags:,} signs <")
    return notes


def _check_size_of_notes(connection: sqlite3.Connection) -> None:
    """Raise Malformed if there are too many notes, or too long ones, before any of them is read."""
    query = (
        "SELECT count(*), coalesce(max(length(CAST(flds AS BLOB))), 0), coalesce(sum(length(CAST(flds AS BLOB))), 0), "
        "coalesce(max(length(CAST(tags AS BLOB))), 0), coalesce(sum(length(CAST(tags AS BLOB))), 0) FROM notes"
    )
    found = connection.execute(query).fetchone()
    limits = (MAX_NOTES, MAX_NOTE_BYTES, MAX_ALL_NOTES_BYTES, _MAX_TAGS_BYTES, _MAX_ALL_TAGS_BYTES)
    if any(value > limit for value, limit in zip(found, limits, strict=True)):
        count, longest, all_fields, *_ = found
        raise Malformed(f"too much text: {count:,} notes of {all_fields:,} bytes, the longest of {longest:,}")


def _card_faults(connection: sqlite3.Connection) -> list[str]:
    faults = []
    if count := _number(connection, "SELECT count(*) FROM cards WHERE nid NOT IN (SELECT id FROM notes)"):
        faults.append(f"{count} cards without a note")
    if count := _number(connection, "SELECT count(*) FROM notes WHERE id NOT IN (SELECT nid FROM cards)"):
        faults.append(f"{count} notes without a card")
    for table, columns in _INTEGERS.items():
        other = " OR ".join(f"typeof({column}) <> 'integer'" for column in columns)
        if count := _number(connection, f"SELECT count(*) FROM {table} WHERE {other}"):  # noqa: S608  # our own names
            faults.append(
                f"{count} {table} with a number that is not stored as one: Anki would lose it or refuse the file"
            )
    return faults


def _note_faults(note_types: tuple[NoteType, ...], notes: tuple[AnkiNote, ...]) -> list[str]:
    """What Anki would not import, or would import as something else."""
    field_counts = {each.id: len(each.fields) for each in note_types}
    faults = []
    if count := len(notes) - len({note.guid for note in notes}):
        faults.append(f"{count} notes with the guid of another note")
    if count := sum(not 0 < note.mod < MAX_TIME for note in notes):
        faults.append(f"{count} notes with an invalid modification time")
    if count := sum(len(note.values) != field_counts.get(note.note_type, -1) for note in notes):
        faults.append(f"{count} notes with another number of fields than their note type")
    return faults


def parse_note_type(model: Any) -> NoteType:
    """A note type from the JSON in which Anki stores it. Raises Malformed and the errors that wrong types cause."""
    if not isinstance(model["id"], int | str) or not isinstance(model["mod"], int):
        raise Malformed("a note type with invalid ids")
    sides = {
        f"{_checked_text(template['name'])} {side}": _checked_text(template[key])
        for template in model["tmpls"]
        for side, key in SIDES
    }
    return NoteType(
        int(model["id"]),
        model["mod"],
        _checked_text(model["name"]),
        tuple((_checked_text(field["name"]), field.get("id")) for field in model["flds"]),
        tuple((_checked_text(template["name"]), template.get("id")) for template in model["tmpls"]),
        {**sides, STYLING: _checked_text(model["css"])},
    )


def parse_note(guid: Any, note_type: Any, mod: Any, tags: Any, fields: Any) -> AnkiNote:
    """A note from a row of Anki's table. Raises Malformed if a value has another type."""
    if not isinstance(mod, int) or not isinstance(note_type, int):
        raise Malformed("a note with an invalid number")
    values = _checked_text(fields).split("\x1f", _MAX_FIELDS)
    return AnkiNote(_checked_text(guid), note_type, mod, tuple(_checked_text(tags).split()), tuple(values))


def _checked_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("a value that should be a text is not one")
    return value


def our_contents(package: Package) -> Contents:
    """The contents of a package of ours, without change marks, versions and description. Raises Refused if not ours."""
    if package.notes is None:
        raise Refused("it was exported by Anki itself, in its newer format", _COMPARE_OURS)
    if len(package.note_types) != 1 or len(package.decks) != 1:
        raise Refused("it does not have exactly one note type and one deck", _COMPARE_OURS)
    (note_type,), (title,) = package.note_types, package.decks
    if not package.is_ours or package.faults:
        raise Refused("it is not a package that csto-anki built", _COMPARE_OURS)
    notes = dict(map(_our_note, package.notes))
    values = [value for note in notes.values() for value in note.values().values()]
    if any(len(value) > MAX_FIELD_LENGTH for value in values):
        raise Refused(f"a field of more than {MAX_FIELD_LENGTH:,} characters", _COMPARE_OURS)
    # Our packages have no such characters, and the differences are printed on a terminal.
    if any(map(TERMINAL_COMMAND.search, [title, note_type.name, *values])):
        raise Refused("it has control characters", _COMPARE_OURS)
    settings = Settings(title, note_type=note_type.name, note_type_id=note_type.id)
    return Contents(settings, notes, note_type.looks)


def _our_note(found: AnkiNote) -> tuple[str, Note]:
    """The id and the contents of a note that csto-anki wrote, without its change mark and its version."""
    tags = [tag for tag in found.tags if tag.partition("::")[2].partition("::")[0] not in _MARKS]
    values = {**dict(zip(FIELD_NAMES, found.values, strict=True)), TAGS: " ".join(tags)}
    if not all(values[name] for name in ("Id", "Question", "Answer", TAGS)):
        raise Refused("a note has no id, question, answer or tag", _COMPARE_OURS)
    return values["Id"], Note.of({name: value for name, value in values.items() if value and name != VERSION_FIELD})
