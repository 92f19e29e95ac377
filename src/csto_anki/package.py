"""An Anki package, whoever made it -> what is in it; alone knows how to open one without being hurt.

A package is a zip of a SQLite database, of media under numbers, and of a list of their names. It can come from anyone,
so nothing is unpacked but what is needed, into a private folder, and all has a limit. The newer format of Anki's own
exports (`collection.anki21b`) needs a library to unpack; of such a package only the outside is read here.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki import files, together
from csto_anki.diff import Contents
from csto_anki.fields import FIELDS, SIDES, VERSION
from csto_anki.files import Refused
from csto_anki.inert import COMMANDING
from csto_anki.media import LARGEST as PICTURE

# Far above what a deck for a phone has: the whole deck of 490 notes is 0.3 MB, its database 1.1 MB, with 35 members.
LARGEST = 500_000_000  # bytes of the file
MEMBERS = 50_000  # files in the zip
DATABASE = 150_000_000  # bytes, unpacked
MODELS = 5_000_000  # bytes of JSON in which the database tells note types and decks
NOTES = 250_000
FIELDS_OF_A_NOTE = 2_000_000  # bytes, and of all notes together:
FIELDS_OF_ALL = 64_000_000
TAGS_OF_A_NOTE, TAGS = 20_000, 12_000_000  # bytes
LIST = 5_000_000  # bytes of the list of media
PICTURES = 2_000  # that are looked at, each of at most PICTURE bytes
STEPS = 3_000  # times 100,000 instructions of SQLite for one question
# The collections that a package can hold, by the number in its member `meta` that says which one Anki is to take.
FORMATS = {b"\x08\x01": "collection.anki2", b"\x08\x02": "collection.anki21", b"\x08\x03": "collection.anki21b"}
MEMBER = re.compile(r"collection\.anki2(?:1b?)?|media|meta|0|[1-9][0-9]{0,8}")
LONGEST = 100_000  # characters of a field of ours
MOST_FIELDS = 1_000  # of a note; what is behind counts as part of the last
SHOWN = 20  # of what is wrong of one kind
# Tags that tell when a note last changed; they follow from the record of releases, not from the cards.
MARKS = ("added", "changed")
ANOTHER = "make it again, or get it from whoever made it"


class NoteType(NamedTuple):
    """A note type: id, time in seconds since 1970, name, fields, templates, and the sides of these and the styling."""

    id: int
    mod: int
    name: str
    fields: tuple[tuple[str, Any], ...]
    templates: tuple[tuple[str, Any], ...]
    looks: Mapping[str, str]


class Note(NamedTuple):
    """A note: its guid, the id of its note type, its time in seconds since 1970, its tags, the values of its fields."""

    guid: str
    note_type: int
    mod: int
    tags: tuple[str, ...]
    values: tuple[str, ...]


class Package(NamedTuple):
    """What a package holds; of the newer format there is nothing but its name.

    `decks` has descriptions by name, `media` numbers of bytes by name, `pictures` the contents of those that are small
    enough, `wrong` what is not sound, in words, and `studied` of how many cards there is a schedule. `others` are
    collections that Anki passes over, `settings` what it says of note types, decks and options in JSON, and `home` the
    decks that cards are in.
    """

    format: str
    decks: Mapping[str, str]
    note_types: tuple[NoteType, ...]
    notes: tuple[Note, ...] | None
    cards: int
    media: Mapping[str, int]
    pictures: Mapping[str, bytes]
    wrong: tuple[str, ...]
    studied: int = 0
    others: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    home: tuple[int, ...] = ()


class _Strange(Exception):  # noqa: N818  # it is one
    """What a package of Anki never holds; caught here."""


def load(path: Path) -> Package:
    """What a package holds. Raises Refused, whatever the file is, where that cannot be told."""
    try:
        if path.stat() and path.suffix.lower() != ".apkg":
            raise Refused("no package", "name a file that ends in .apkg")
        count = _few_members(path)
        with zipfile.ZipFile(path) as archive:
            form = _format(archive, count)
            if form == FORMATS[b"\x08\x03"]:
                return Package(form, {}, (), None, 0, {}, {}, ())
            return _older(archive, form)
    except OSError as error:
        raise Refused(
            f"cannot be read: {error.strerror or error}", "see that it is there, and the disk has room"
        ) from error
    except _Strange as error:
        raise Refused(f"it is not as Anki or csto-anki writes packages: {error}", ANOTHER) from error
    except RecursionError as error:
        raise Refused("it is not as Anki or csto-anki writes packages: nested too deeply", ANOTHER) from error
    except (EOFError, NotImplementedError, RuntimeError, sqlite3.Error, zipfile.BadZipFile, zlib.error) as error:
        raise Refused(f"it is damaged: {error}", ANOTHER) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Refused("it is not as Anki or csto-anki writes packages", ANOTHER) from error


def _few_members(path: Path) -> int:
    """How many members a zip has, by its end; of one that is too large, or has too many, nothing else is read.

    The end tells how many members there are, and where their list is (PKWARE's APPNOTE.TXT, 4.3.16). Readers differ in
    what they make of an end that is odd, so that each could see other members: here only the plain one passes, of one
    zip, with nothing before, behind or between.
    """
    files.regular(path, LARGEST)
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 22))
        end = file.read()
    if len(end) < 22 or end[:4] != b"PK\5\6":
        raise zipfile.BadZipFile("no zip, or not to its end")
    *disks, here, all_of_them = (int.from_bytes(end[at : at + 2], "little") for at in (4, 6, 8, 10))
    length, offset = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
    if any(disks) or here != all_of_them or offset + length + 22 != size or end[20:] != b"\0\0":
        raise _Strange("an end that says other than there is")
    if all_of_them > MEMBERS or length > all_of_them * 1_000:
        raise _Strange("a list of members that is too long")
    return all_of_them


def _format(archive: zipfile.ZipFile, count: int) -> str:
    """The collection that Anki takes, of a zip of which every reader sees the same members."""
    names = archive.namelist()
    if len(names) != count or len(set(names)) < len(names):
        raise _Strange(f"{len(names):,} members where it says {count:,}, or two of one name")
    for info in archive.infolist():
        # A name that ends at a NUL, or that an extra field says otherwise, is another name to another reader.
        if info.orig_filename != info.filename or _renames(info.extra) or not MEMBER.fullmatch(info.filename):
            raise _Strange(f"a member {info.filename[:60]!r}")
    if "meta" in names:
        form = FORMATS.get(_member(archive, "meta", 100), "")
    else:
        form = next((name for name in ("collection.anki21", "collection.anki2") if name in names), "")
    if form not in names:
        raise _Strange("no collection in it, or another than it says")
    return form


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of a member, which says of itself how many they are, and may lie."""
    _checked(archive, name)
    with archive.open(name) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise _Strange(f"{name!r} unpacks to more than {most:,} bytes")
    return data


def _older(archive: zipfile.ZipFile, form: str) -> Package:
    names = _names(_json(_member(archive, "media", LIST).decode())) if "media" in archive.namelist() else {}
    there = set(archive.namelist())
    wrong = few(f"the file {name!r} is listed, and not there" for number, name in names.items() if number not in there)
    wrong += few(f"{name!r} is no name that a file may have" for name in names.values() if not _is_plain(name))
    wrong += few(
        f"a member {number} that is not listed" for number in there if number.isdigit() and number not in names
    )
    sizes = {name: archive.getinfo(number).file_size for number, name in names.items() if number in there}
    # Files of a deck's own kinds are small enough to be looked at; more than that is not unpacked.
    small = {number: name for number, name in names.items() if sizes.get(name, PICTURE + 1) <= PICTURE}
    pictures = {name: _member(archive, number, PICTURE) for number, name in itertools.islice(small.items(), PICTURES)}
    with together.scratch() as folder:
        _unpack(archive, form, folder / "collection")
        with _opened(folder / "collection") as connection:
            found = _package(connection, form, sizes, pictures, wrong)
    return found._replace(others=tuple(sorted({*FORMATS.values()} & there - {form})))


def _renames(extra: bytes) -> bool:
    """Whether an extra field of a member gives it another name: the field 0x7075 (APPNOTE.TXT, 4.6.9)."""
    while len(extra) >= 4:
        if extra[:2] == b"\x75\x70":
            return True
        extra = extra[4 + int.from_bytes(extra[2:4], "little") :]
    return False


def _checked(archive: zipfile.ZipFile, name: str) -> None:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise _Strange("it is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Strange("packed in a way that Anki does not read")


def _unpack(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Put the database into a folder of ours, piece by piece, for all of it need not be in the memory."""
    _checked(archive, name)
    with archive.open(name) as member, path.open("wb") as file:
        for _ in range(DATABASE >> 20):
            if not (part := member.read(1 << 20)):
                return
            file.write(part)
    raise _Strange(f"{name!r} unpacks to more than {DATABASE:,} bytes")


def few(told: Iterable[str]) -> list[str]:
    """The first of what is told of one kind, and how many more there are."""
    found = list(told)
    return found[:SHOWN] + [f"and {len(found) - SHOWN:,} more of this kind"] * (len(found) > SHOWN)


def _json(text: str) -> Any:
    """JSON without the numbers that are none."""
    return json.loads(text, parse_constant=int)


def _names(listed: Any) -> dict[str, str]:
    if not isinstance(listed, dict) or not all(isinstance(name, str) for name in listed.values()):
        raise _Strange("a list of media that is none")
    if len(set(listed.values())) < len(listed):
        raise _Strange("two media of one name")
    return listed


def _is_plain(name: str) -> bool:
    """Whether a name stays in the folder that it is put into, on every system."""
    stem = name.partition(".")[0].lower()
    return bool(
        name == name.strip()
        and not name.endswith(".")  # which also keeps out `..` and an empty one
        and name
        and not set(name) & set('/\\:*?"<>|')
        and name.isprintable()
        and len(name.encode()) <= 120  # longer ones Anki cuts, and does not find again
        and stem not in files.NOT_ON_WINDOWS
        and unicodedata.is_normalized("NFC", name)
    )


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """The database, to read from alone; what is asked of it ends, however it is made."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        steps = itertools.count(1)
        connection.set_progress_handler(lambda: next(steps) > STEPS, 100_000)
        connection.execute("PRAGMA trusted_schema = OFF")
        if hasattr(connection, "setlimit"):  # from Python 3.11 on; 0 is SQLITE_LIMIT_LENGTH, the bytes of a value
            connection.setlimit(0, 2 * max(MODELS, FIELDS_OF_A_NOTE))
        _only_tables(connection)
        yield connection


def _only_tables(connection: sqlite3.Connection) -> None:
    """A view, a trigger, a rule or a computed column would run what a stranger wrote, on reading."""
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(200)
    for kind, name, sql in schema:
        if kind not in ("table", "index") or (sql or "").count("(") > 1 or "virtual" in (sql or "").lower():
            raise _Strange(f"a {kind} {name!r} that does more than hold values")
    if len(schema) == 200 or not {"col", "notes", "cards"} <= {name for kind, name, _ in schema if kind == "table"}:
        raise _Strange("other tables than Anki's")


def _package(
    connection: sqlite3.Connection,
    form: str,
    media: Mapping[str, int],
    pictures: Mapping[str, bytes],
    wrong: list[str],
) -> Package:
    ((state,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if state != "ok":
        wrong.append(f"the database is damaged: {state}")
    ((longest,),) = connection.execute(
        "SELECT max(length(CAST(models AS BLOB)) + length(CAST(decks AS BLOB))) FROM col"
    ).fetchall()
    if longest is None or longest > MODELS:
        raise _Strange("no note types or too many")
    ((models, decks),) = connection.execute("SELECT models, decks FROM col").fetchall()
    types = tuple(note_type(model) for model in _json(models).values())
    _bounded(connection)
    rows = connection.execute("SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id")
    notes = tuple(note(*row) for row in rows)
    ((cards,),) = connection.execute("SELECT count(*) FROM cards").fetchall()
    ((stray,),) = connection.execute("SELECT count(*) FROM cards WHERE nid NOT IN (SELECT id FROM notes)").fetchall()
    ((bare,),) = connection.execute("SELECT count(*) FROM notes WHERE id NOT IN (SELECT nid FROM cards)").fetchall()
    wrong += [f"{stray} cards without a note"] * bool(stray) + [f"{bare} notes without a card"] * bool(bare)
    wrong += _wrong_notes(types, notes)
    query = "SELECT count(*) FROM cards WHERE type <> 0 OR queue <> 0 OR ivl <> 0 OR reps <> 0 OR flags <> 0 OR due < 0"
    ((studied,),) = connection.execute(query).fetchall()
    # Anki knows a deck by the number in it; 1 is its own, and empty.
    said = {_text(deck["name"]): _text(deck.get("desc", "")) for deck in _json(decks).values() if deck["id"] != 1}
    if len(said) < sum(deck["id"] != 1 for deck in _json(decks).values()):
        raise _Strange("two decks of one name")
    settings = connection.execute("SELECT models, decks, conf, dconf, tags FROM col").fetchone()
    home = tuple(id for (id,) in connection.execute("SELECT DISTINCT did FROM cards ORDER BY did LIMIT 100"))
    found = Package(form, said, types, notes, cards, media, pictures, tuple(wrong), studied)
    return found._replace(settings=tuple(map(str, settings)), home=home)


def _bounded(connection: sqlite3.Connection) -> None:
    """Before the notes are read: how much there is of them."""
    query = (
        "SELECT count(*), coalesce(max(length(CAST(flds AS BLOB))), 0), coalesce(sum(length(CAST(flds AS BLOB))), 0), "
        "coalesce(sum(length(CAST(tags AS BLOB))), 0), coalesce(max(length(CAST(tags AS BLOB))), 0) FROM notes"
    )
    ((count, longest, fields, tags, tagged),) = connection.execute(query).fetchall()
    if count > NOTES or longest > FIELDS_OF_A_NOTE or fields > FIELDS_OF_ALL or tags > TAGS or tagged > TAGS_OF_A_NOTE:
        raise _Strange(f"{count:,} notes of {fields:,} bytes, the longest of {longest:,}")


def _wrong_notes(types: tuple[NoteType, ...], notes: tuple[Note, ...]) -> list[str]:
    """What Anki would not take, or would take for something else, in the notes as a whole."""
    sizes = {each.id: len(each.fields) for each in types}
    found = []
    if doubled := len(notes) - len({note.guid for note in notes}):
        found.append(f"{doubled} notes with the guid of another")
    if untimed := sum(not 0 < note.mod < 2**33 for note in notes):
        found.append(f"{untimed} notes with a time that is none")
    if odd := sum(len(note.values) != sizes.get(note.note_type, -1) for note in notes):
        found.append(f"{odd} notes with another number of fields than their note type")
    return found


def note_type(model: Any) -> NoteType:
    """A note type of the JSON in which Anki keeps it."""
    if not isinstance(model["id"], int | str) or not isinstance(model["mod"], int):
        raise _Strange("a note type whose numbers are none")
    looks = {f"{_text(each['name'])} {side}": _text(each[key]) for each in model["tmpls"] for side, key in SIDES}
    return NoteType(
        int(model["id"]),
        model["mod"],
        _text(model["name"]),
        tuple((_text(each["name"]), each.get("id")) for each in model["flds"]),
        tuple((_text(each["name"]), each.get("id")) for each in model["tmpls"]),
        {**looks, "Styling": _text(model["css"])},
    )


def note(guid: Any, of_type: Any, mod: Any, tags: Any, values: Any) -> Note:
    """A note of a row of Anki's table."""
    if not isinstance(mod, int) or not isinstance(of_type, int):
        raise _Strange("a note whose numbers are none")
    return Note(_text(guid), of_type, mod, tuple(_text(tags).split()), tuple(_text(values).split("\x1f", MOST_FIELDS)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Strange("something else where a text belongs")
    return value


def contents(package: Package) -> Contents:
    """What `diff` compares, of a package that csto-anki wrote: without its marks, versions, `Reworded` and description.

    Raises Refused for a package of others.
    """
    if package.notes is None:
        raise Refused("it was exported by Anki itself, in its newer format", "compare the package that csto-anki built")
    if len(package.note_types) != 1 or len(package.decks) != 1:
        raise Refused("it has another note type or deck besides ours", "compare a package that csto-anki built")
    (kind,), (title,) = package.note_types, package.decks
    names = [name for name, _ in kind.fields]
    if names != [name for name, _ in FIELDS] or package.wrong:
        raise Refused("it is not a package that csto-anki built", "compare one that is")
    notes = {}
    for note in package.notes:
        tags = [tag for tag in note.tags if tag.partition("::")[2].partition("::")[0] not in MARKS]
        fields = {**dict(zip(names, note.values, strict=True)), "Tags": " ".join(tags)}
        if not all(fields[name] for name in ("Id", "Question", "Answer", "Tags")):
            raise Refused("a note lacks its id, question, answer or tags", "compare a package that csto-anki built")
        notes[fields["Id"]] = {name: value for name, value in fields.items() if value and name != VERSION}
    if any(len(value) > LONGEST for fields in notes.values() for value in fields.values()):
        raise Refused(f"a field of more than {LONGEST:,} characters", "compare a package that csto-anki built")
    texts = [title, kind.name, *(value for fields in notes.values() for value in fields.values())]
    if any(map(COMMANDING.search, texts)):  # ours has none; and these would command the terminal that shows them
        raise Refused("it has control characters", "compare a package that csto-anki built")
    settings = {"title": title, "note_type": kind.name, "note_type_id": str(kind.id)}
    return Contents(settings, notes, kind.looks)


def database(path: Path) -> Iterator[object]:
    """All of the database of a package in the older format, value by value, for a comparison to the last.

    Only of a package that `load` found sound. Raises Refused.
    """
    try:
        with zipfile.ZipFile(path) as archive, together.scratch() as folder:
            _unpack(archive, _format(archive, len(archive.namelist())), folder / "collection")
            with _opened(folder / "collection") as connection:
                schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
                yield schema
                yield from connection.execute("PRAGMA user_version")
                for kind, name, _ in schema:
                    if kind == "table":  # the name is Anki's or ours, for both have the same
                        yield from connection.execute(f"SELECT rowid, * FROM {name}")  # noqa: S608
        yield "the end"
    except (OSError, sqlite3.Error, zipfile.BadZipFile, _Strange) as error:
        raise Refused(f"it is damaged: {error}", ANOTHER) from error
