"""Packages for tests: our own, other people's, and what a stranger could make of them."""

from __future__ import annotations

import datetime
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions

from csto_anki.apkg import writer
from csto_anki.deck.model import Deck
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.contents import pictures as pictures_of
from support.releases import JUNE
from support.small_deck import FILES, SVG, picture, read_deck

WITH_PICTURE = {"dates.yaml": FILES["dates.yaml"] + picture("map.svg"), "media/map.svg": SVG.format("map")}
NOTHING = Released({}, None, {}, None)


def ours(folder: Path, name: str = "ours.apkg") -> Path:
    """A package of the small deck with a picture, as its first release would be."""
    deck = read_deck(folder / "cards", dict(WITH_PICTURE))
    contents = contents_of(deck)
    record = NOTHING.after("2026.06.01", JUNE, contents)
    stamps = stamp(record, contents, datetime.date(2026, 6, 1))
    writer.write(contents, pictures_of(deck), stamps, folder / name)
    return folder / name


def build(deck: Deck, folder: Path, released: Released = NOTHING) -> Path:
    """The package of a deck on 1 December 2026, of which so much is released."""
    found = contents_of(deck)
    stamps = stamp(released, found, datetime.date(2026, 12, 1))
    writer.write(found, pictures_of(deck), stamps, folder / "deck.apkg")
    return folder / "deck.apkg"


def members(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, found: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these members, packed by one of the methods of `zipfile`."""
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return path


def changed(package: Path, change: Callable[[sqlite3.Connection], object]) -> Path:
    """The same package with a changed database."""
    found = members(package)
    (database := package.with_suffix(".db")).write_bytes(found["collection.anki2"])
    connection = sqlite3.connect(database)
    change(connection)
    connection.commit()
    connection.close()
    found["collection.anki2"] = database.read_bytes()
    database.unlink()
    return zipped(package, found)


def sql(*queries: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: [connection.execute(query) for query in queries]


def listed(package: Path, media: str) -> Path:
    """The same package with another media list."""
    return zipped(package, {**members(package), "media": media.encode()})


def plain_genanki(folder: Path) -> Path:
    """A package as in the README of genanki, with markup that many decks have."""
    model = genanki.Model(
        1607392319,
        "Simple",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}}"}],
    )
    deck = genanki.Deck(2059400110, "Capitals")
    deck.add_note(genanki.Note(model, ["<div>Capital of <i>Argentina</i></div>", "Buenos Aires"]))
    genanki.Package(deck).write_to_file(folder / "genanki.apkg")
    return folder / "genanki.apkg"


def exported(folder: Path, legacy: bool, package: Path | None = None) -> Path:
    """The real Anki's export of two notes of its own, or of what it imported from `package`."""
    from support.real_anki import import_package

    path = folder / ("legacy.apkg" if legacy else "newer.apkg")
    (home := folder / f"home-{legacy}").mkdir()
    collection = Collection(str(home / "c.anki2"))
    try:
        if package:
            import_package(collection, package)
        basic = collection.models.by_name("Basic (and reversed card)")
        assert basic is not None
        for front in () if package else ("one", "two"):
            note = collection.new_note(basic)
            note["Front"], note["Back"] = front, f"back of {front}"
            collection.add_note(note, collection.decks.id("Mine") or collection.decks.current()["id"])
        collection.export_anki_package(
            out_path=str(path),
            options=ExportAnkiPackageOptions(
                with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
            ),
            limit=None,
        )
    finally:
        collection.close()
    return path


def whole_collection(folder: Path, legacy: bool) -> Path:
    """A backup of somebody's whole collection, made by the real Anki and renamed."""
    collection = Collection(str(folder / "c.anki2"))
    note = collection.new_note(collection.models.all()[0])
    note.fields[0] = "my diary"
    collection.add_note(note, collection.decks.current()["id"])
    collection.export_collection_package(str(folder / "backup.colpkg"), include_media=True, legacy=legacy)
    return (folder / "backup.colpkg").rename(folder / "deck.apkg")


def _many_members(path: Path, count: int) -> None:
    """Write a zip whose directory has many members, all of one name, and which is small otherwise."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *(20, 3, 20, 0), *(0, 0, 0, 33), 0, 0, 0, *(1, 0, 0, 0, 0), 0, 0)
    directory = b"".join(entry + b"a" for _ in range(count))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count % 65536, count % 65536, len(directory), 0, 0)
    path.write_bytes(directory + end)


def _declare_members(path: Path, more: int) -> None:
    """Let the end record of a zip declare more members, or fewer."""
    data = bytearray(path.read_bytes())
    for at in (len(data) - 14, len(data) - 12):
        data[at] += more
    path.write_bytes(data)


def _encrypt(path: Path) -> None:
    """Set the bit in the directory that says that the members are encrypted."""
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 8] |= 1
    path.write_bytes(data)


_MALFORMED = "it is not a package as Anki or csto-anki writes it"
_NO_ZIP = "it is damaged: not a complete zip file"
_OTHER_KIND = "a file of another kind, not a package"
_END_RECORD = f"{_MALFORMED}: its end record does not match its contents"
# Packages that cannot be read: how to make one of our own so, and how the message begins.
UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda path: path.write_bytes(b"PK"), _NO_ZIP),
    "an empty file": (lambda path: path.write_bytes(b""), "an empty file"),
    "half of it": (lambda path: path.write_bytes(path.read_bytes()[:2000]), _NO_ZIP),
    "no collection": (lambda path: zipped(path, {"media": b"{}"}), f"{_MALFORMED}: no collection"),
    "a long list of members": (lambda path: _many_members(path, 200_000), f"{_MALFORMED}: too many members"),
    "members of one name": (
        lambda path: _many_members(path, 5),
        "an archive of another kind, not a package",
    ),
    "something behind it": (lambda path: path.write_bytes(path.read_bytes() + b"x"), _NO_ZIP),
    "something before it": (lambda path: path.write_bytes(b"#!/bin/sh\n" + path.read_bytes()), _OTHER_KIND),
    "two zips": (lambda path: path.write_bytes(path.read_bytes() * 2), _END_RECORD),
    "fewer members than there are": (
        lambda path: _declare_members(path, -1),
        f"{_MALFORMED}: its end record says 2 members and 3 are there",
    ),
    "another disk": (
        lambda path: path.write_bytes(path.read_bytes()[:-18] + b"\1" + path.read_bytes()[-17:]),
        _END_RECORD,
    ),
    "a malformed media list": (lambda path: listed(path, "[]"), f"{_MALFORMED}: the media list is malformed"),
    "two media files of one name": (
        lambda path: listed(path, '{"0": "a", "1": "a"}'),
        f"{_MALFORMED}: two media files of one name",
    ),
    "a deeply nested list": (lambda path: listed(path, "[" * 100_000), f"{_MALFORMED}: nested too deeply"),
    "no database": (
        lambda path: zipped(path, {**members(path), "collection.anki2": b"x" * 5000}),
        "it is damaged: file is not a database",
    ),
    "a view": (
        lambda path: changed(path, sql("ALTER TABLE notes RENAME TO n", "CREATE VIEW notes AS SELECT * FROM n")),
        f"{_MALFORMED}: its database has a view 'notes' that does more than hold values",
    ),
    "a trigger": (
        lambda path: changed(path, sql("CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END")),
        f"{_MALFORMED}: its database has a trigger 't' that does more than hold values",
    ),
    "a computed column": (
        lambda path: changed(path, sql("ALTER TABLE notes ADD COLUMN x AS (hex(zeroblob(1000000000)))")),
        f"{_MALFORMED}: its database has a table 'notes' that does more than hold values",
    ),
    "a virtual table": (
        lambda path: changed(path, sql("CREATE VIRTUAL TABLE t USING fts5(a)")),
        f"{_MALFORMED}: its database has a table 't' that does more than hold values",
    ),
    "another schema": (
        lambda path: changed(path, sql("DROP TABLE cards")),
        f"{_MALFORMED}: its database does not have Anki's tables",
    ),
    "no note types": (lambda path: changed(path, sql("DELETE FROM col")), f"{_MALFORMED}: no note types or too many"),
    "malformed note types": (lambda path: changed(path, sql("UPDATE col SET models = '[1]'")), _MALFORMED),
    "note types that are no JSON": (lambda path: changed(path, sql("UPDATE col SET models = '{'")), _MALFORMED),
    "bytes for text": (
        lambda path: changed(path, sql("UPDATE notes SET flds = x'00'")),
        f"{_MALFORMED}: a value that should be a text is not one",
    ),
    "text that is no UTF-8": (
        lambda path: changed(path, sql("UPDATE notes SET flds = CAST(x'ff' AS TEXT)")),
        "it is damaged: Could not decode to UTF-8",
    ),
    "text for a number": (
        lambda path: changed(path, sql("UPDATE notes SET mod = 'now'")),
        f"{_MALFORMED}: a note with an invalid number",
    ),
    "text for the time of a note type": (
        lambda path: changed(path, sql("UPDATE col SET models = replace(models, '\"mod\": ', '\"mod\": 0.')")),
        f"{_MALFORMED}: a note type with invalid ids",
    ),
    "an encrypted member": (_encrypt, f"{_MALFORMED}: it is encrypted"),
    "another way to pack": (
        lambda path: zipped(path, members(path), zipfile.ZIP_LZMA),
        f"{_MALFORMED}: it is compressed in a way that Anki does not read",
    ),
}
# What Anki imports all the same, although learners would then get no update or a note twice: how to change one of our
# own packages, and the fault that is reported.
INVALID = [
    ("UPDATE notes SET mod = 4611686018427387904", "2 notes with an invalid modification time"),
    ("UPDATE notes SET mod = -1", "2 notes with an invalid modification time"),
    ("UPDATE notes SET guid = 'x' || id", "the guid of treaty-signed does not match its id"),
    ("UPDATE notes SET flds = replace(flds, 'highest-body', 'treaty-signed')", "the id 'treaty-signed' in 2 notes"),
    (
        "UPDATE col SET models = replace(models, '\"mod\": 1767225600', '\"mod\": 1099511627776')",
        "a note type with a time in the future: until then its looks could not be corrected",
    ),
    (
        "UPDATE col SET models = replace(models, '<summary>', '<script>x</script>')",
        "its templates and styling are not those of csto-anki",
    ),
    (
        "UPDATE col SET decks = replace(decks, 'A small', '<script>x</script>')",
        "<script> (in the deck's description) in 1 notes, which csto-anki does not write",
    ),
    ("UPDATE cards SET ivl = 9", "3 cards carry somebody's schedule"),
]
