"""An Anki package, whoever made it -> what is in it; alone knows how to open one without being hurt.

A package is a zip of a SQLite database, of media under numbers, and of a list of their names. It can come from anyone,
so nothing is unpacked but what is needed, into a private folder, and all has a limit. The newer format of Anki's own
exports (`collection.anki21b`) needs a library to unpack; of such a package only the outside is read here.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki import files, together
from csto_anki.diff import Contents
from csto_anki.fields import FIELDS, SIDES, VERSION
from csto_anki.files import Refused
from csto_anki.media import LARGEST as PICTURE
from csto_anki.tree import FORBIDDEN

# Far above what a deck for a phone has: the whole deck of 490 notes is 0.3 MB, its database 1.1 MB, with 35 members.
LARGEST = 500_000_000  # bytes of the file
MEMBERS = 50_000  # files in the zip
DATABASE = 400_000_000  # bytes, unpacked
MODELS = 20_000_000  # bytes of JSON in which the database tells note types or decks
LIST = 5_000_000  # bytes of the list of media
PICTURES = 500  # that are looked at, each of at most PICTURE bytes
STEPS = 3_000  # times 100,000 instructions of SQLite for one question
# Formats, newest first, of which Anki takes the first that is there.
FORMATS = ("collection.anki21b", "collection.anki21", "collection.anki2")
# Tags that tell when a note last changed; they follow from the record of releases, not from the cards.
MARKS = ("added", "changed")
ANOTHER = "make it again, or get it from whoever made it"


class NoteType(NamedTuple):
    """A note type: its id, its name, its fields, the sides of its templates and the styling, by their names."""

    id: int
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
    enough, and `wrong` what is not sound, in words.
    """

    format: str
    decks: Mapping[str, str]
    note_types: tuple[NoteType, ...]
    notes: tuple[Note, ...] | None
    cards: int
    media: Mapping[str, int]
    pictures: Mapping[str, bytes]
    wrong: tuple[str, ...]


class _Strange(Exception):  # noqa: N818  # it is one
    """What a package of Anki never holds; caught here."""


def load(path: Path) -> Package:
    """What a package holds. Raises Refused, whatever the file is, where that cannot be told."""
    if path.suffix != ".apkg":
        raise Refused("no package", "name a file that ends in .apkg")
    try:
        _few_members(path)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) > MEMBERS or len(set(names)) < len(names):
                raise _Strange(f"{len(names):,} members, or two of one name")
            form = next((name for name in FORMATS if name in names), "")
            if not form:
                raise _Strange("no collection in it")
            return _newer(archive, form) if form == FORMATS[0] else _older(archive, form)
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
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Refused("it is not as Anki or csto-anki writes packages", ANOTHER) from error


def _few_members(path: Path) -> None:
    """Of a file that is too large, or whose list of members is, nothing is read: that list alone can fill the memory.

    The end of a zip tells the size of its list (PKWARE's APPNOTE.TXT, 4.3.16).
    """
    files.regular(path, LARGEST)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        end = file.read()
    at = end.rfind(b"PK\5\6")
    if at < 0:
        raise zipfile.BadZipFile("no zip")
    if b"PK\6\7" in end[max(0, at - 20) : at] or int.from_bytes(end[at + 12 : at + 16], "little") > MEMBERS * 100:
        raise _Strange("a list of members that is too long")


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of a member, which says of itself how many they are, and may lie."""
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise _Strange("it is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Strange("packed in a way that Anki does not read")
    with archive.open(info) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise _Strange(f"{name!r} unpacks to more than {most:,} bytes")
    return data


def _newer(archive: zipfile.ZipFile, form: str) -> Package:
    """What the outside of a package of the newer format tells."""
    return Package(form, {}, (), None, 0, {}, {}, ())


def _older(archive: zipfile.ZipFile, form: str) -> Package:
    names = _names(json.loads(_member(archive, "media", LIST).decode())) if "media" in archive.namelist() else {}
    there = set(archive.namelist())
    wrong = [f"the file {name!r} is listed, and not there" for number, name in names.items() if number not in there]
    wrong += [f"{name!r} is no name that a file may have" for name in names.values() if not _is_plain(name)]
    sizes = {name: archive.getinfo(number).file_size for number, name in names.items() if number in there}
    # Files of a deck's own kinds are small enough to be looked at; more than that is not unpacked.
    small = {number: name for number, name in names.items() if sizes.get(name, PICTURE + 1) <= PICTURE}
    pictures = {name: _member(archive, number, PICTURE) for number, name in itertools.islice(small.items(), PICTURES)}
    with together.scratch() as folder:
        (database := folder / "collection").write_bytes(_member(archive, form, DATABASE))
        with contextlib.closing(_opened(database)) as connection:
            return _package(connection, form, sizes, pictures, wrong)


def _names(listed: Any) -> dict[str, str]:
    if not isinstance(listed, dict) or not all(isinstance(name, str) for name in listed.values()):
        raise _Strange("a list of media that is none")
    if len(set(listed.values())) < len(listed):
        raise _Strange("two media of one name")
    return listed


def _is_plain(name: str) -> bool:
    """Whether a name stays in the folder that it is put into, on every system."""
    stem = name.partition(".")[0].lower()
    return (
        name.strip(" .") == name.lstrip(" ")
        and name not in ("", ".", "..")
        and not set(name) & set('/\\:*?"<>|')
        and name.isprintable()
        and len(name.encode()) <= 120  # longer ones Anki cuts, and does not find again
        and stem not in files.NOT_ON_WINDOWS
        and unicodedata.is_normalized("NFC", name)
    )


def _opened(database: Path) -> sqlite3.Connection:
    """The database, to read from alone; what is asked of it ends, however it is made."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)
    steps = itertools.count(1)
    connection.set_progress_handler(lambda: next(steps) > STEPS, 100_000)
    connection.execute("PRAGMA trusted_schema = OFF")
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(200)
    # A view, a trigger, a rule or a computed column would run what a stranger wrote, on reading.
    for kind, name, sql in schema:
        if kind not in ("table", "index") or (sql or "").count("(") > 1 or "virtual" in (sql or "").lower():
            raise _Strange(f"a {kind} {name!r} that does more than hold values")
    if len(schema) == 200 or not {"col", "notes", "cards"} <= {name for kind, name, _ in schema if kind == "table"}:
        raise _Strange("other tables than Anki's")
    return connection


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
    ((longest,),) = connection.execute("SELECT max(length(models) + length(decks)) FROM col").fetchall()
    if longest is None or longest > MODELS:
        raise _Strange("no note types or too many")
    ((models, decks),) = connection.execute("SELECT models, decks FROM col").fetchall()
    types = tuple(note_type(model) for model in json.loads(models).values())
    rows = connection.execute("SELECT guid, mid, mod, tags, flds FROM notes ORDER BY id")
    notes = tuple(note(*row) for row in rows)
    ((cards,),) = connection.execute("SELECT count(*) FROM cards").fetchall()
    ((stray,),) = connection.execute("SELECT count(*) FROM cards WHERE nid NOT IN (SELECT id FROM notes)").fetchall()
    ((bare,),) = connection.execute("SELECT count(*) FROM notes WHERE id NOT IN (SELECT nid FROM cards)").fetchall()
    wrong += [f"{stray} cards without a note"] * bool(stray) + [f"{bare} notes without a card"] * bool(bare)
    wrong += _wrong_notes(types, notes)
    said = {_text(deck["name"]): _text(deck.get("desc", "")) for id, deck in json.loads(decks).items() if id != "1"}
    return Package(form, said, types, notes, cards, media, pictures, tuple(wrong))


def _wrong_notes(types: tuple[NoteType, ...], notes: tuple[Note, ...]) -> list[str]:
    """What Anki would not take, or would take for something else, in the notes as a whole."""
    sizes = {each.id: len(each.fields) for each in types}
    found = []
    if doubled := len(notes) - len({note.guid for note in notes}):
        found.append(f"{doubled} notes with the guid of another")
    if odd := sum(len(note.values) != sizes.get(note.note_type, -1) for note in notes):
        found.append(f"{odd} notes with another number of fields than their note type")
    return found


def note_type(model: Any) -> NoteType:
    """A note type of the JSON in which Anki keeps it."""
    looks = {f"{_text(each['name'])} {side}": _text(each[key]) for each in model["tmpls"] for side, key in SIDES}
    return NoteType(
        int(model["id"]),
        _text(model["name"]),
        tuple((_text(each["name"]), each.get("id")) for each in model["flds"]),
        tuple((_text(each["name"]), each.get("id")) for each in model["tmpls"]),
        {**looks, "Styling": _text(model["css"])},
    )


def note(guid: Any, of_type: Any, mod: Any, tags: Any, values: Any) -> Note:
    """A note of a row of Anki's table."""
    if not isinstance(mod, int) or not isinstance(of_type, int):
        raise _Strange("a note whose numbers are none")
    return Note(_text(guid), of_type, mod, tuple(_text(tags).split()), tuple(_text(values).split("\x1f")))


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
    texts = [title, kind.name, *(value for fields in notes.values() for value in fields.values())]
    if any(map(FORBIDDEN.search, texts)):  # ours has none; and these would command the terminal that shows them
        raise Refused("it has control characters", "compare a package that csto-anki built")
    settings = {"title": title, "note_type": kind.name, "note_type_id": str(kind.id)}
    return Contents(settings, notes, kind.looks)
