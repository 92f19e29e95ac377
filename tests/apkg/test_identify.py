"""What a file is that is not a package, and what is in a package whatever its name is."""

from __future__ import annotations

import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from csto_anki import files
from csto_anki.apkg import inspect, reader
from csto_anki.apkg.faults import _exchanged_pictures
from csto_anki.history.record import load
from support.packages import changed, exported, members, ours, sql, whole_collection, zipped
from support.real_anki import import_package

NOW = 1795478400  # 2026-11-24, 00:00 UTC
GET_ANOTHER = "build it again, or get it again from whoever made it"
SHARE_ITSELF = "get the file whose name ends in .apkg itself, and share that"
PAGE = "a text or a web page, not the package; download the file itself, with the link in the README"
COLLECTION = (
    "the database of somebody's whole collection, not a package; do not open or share it; ask for the deck as .apkg"
)
OTHER = "a file of another kind, not a package; unpack it; if a file ending in .apkg is in it, use that file"
ARCHIVE = "an archive of another kind, not a package; unpack it; if a file ending in .apkg is in it, use that file"
UNPACKED = f"a package that somebody has unpacked and packed again; {SHARE_ITSELF}"


def write_bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def renamed_members(*more: str, folder: str = "") -> Callable[[Path], object]:
    """Pack the package again, with its members in a folder, and with more members."""
    return lambda path: zipped(
        path, {**{folder + name: data for name, data in members(path).items()}, **dict.fromkeys(more, b"")}
    )


def with_comment(path: Path) -> None:
    """As a host packs a whole repository: with a comment, in which is the commit."""
    zipped(path, {"csto/dist/csto.apkg": path.read_bytes()})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"5d1d2d6ab9f5"


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (write_bytes(b""), f"an empty file; {GET_ANOTHER}"),
        (write_bytes(b"\n<!DOCTYPE html>\n<html>"), PAGE),
        (write_bytes(b"\xef\xbb\xbf<HTML lang='en'>"), PAGE),
        (
            write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
            "a pointer of Git LFS, not the package; run: git lfs pull",
        ),
        (write_bytes(b"SQLite format 3\0" + b"\0" * 100), COLLECTION),
        *(
            (write_bytes(start), OTHER)
            for start in (
                b"Rar!\x1a\x07\x00",
                b"7z\xbc\xaf\x27\x1c",
                b"\x1f\x8b\x08\x00",
                b"BZh91AY&SY\x94\x12\0\1",
                b"MSCF\0",
            )
        ),
        *(
            (write_bytes(text.encode(encoding)), PAGE)
            for text, encoding in (
                *(("<!-- a comment --><html>", "utf-8"), ('{"message": "Not Found"}', "utf-8"), ("Not Found", "utf-8")),
                *(("<html>", "utf-16"), ("<?xml version='1.0'?><Error>", "utf-8"), ("[InternetShortcut]\r\n", "utf-8")),
            )
        ),
        (lambda path: zipped(path, {"[Content_Types].xml": b"", "word/document.xml": b""}), ARCHIVE),
        (with_comment, "an archive with 'csto.apkg' in it; unpack it and use that file"),
        (renamed_members(folder="csto/"), UNPACKED),
        (renamed_members("__MACOSX/._media"), UNPACKED),
        (renamed_members(".DS_Store"), UNPACKED),
        (
            lambda path: zipped(path, {"for you/csto.apkg": path.read_bytes()}),
            "an archive with 'csto.apkg' in it; unpack it and use that file",
        ),
        (
            lambda path: zipped(path, {"Sammlung.COLPKG": b"x"}),
            "an archive with 'Sammlung.COLPKG' in it; unpack it and use that file",
        ),
    ],
)
@pytest.mark.parametrize("name", ["deck.apkg", "deck.apkg.zip", "DOC-20261128-WA0001."])
def test_what_is_no_package_is_told_for_what_it_is(
    spoil: Callable[[Path], object], expected: str, name: str, tmp_path: Path
) -> None:
    spoil(path := ours(tmp_path, name))
    with pytest.raises(files.Refused) as refused:
        reader.load(path)
    assert str(refused.value) == expected


@pytest.mark.parametrize("name", ["csto.apkg.zip", "csto.apkg.bin", "DOC-20261128-WA0001.", "csto", "csto.apkg (1)"])
def test_a_package_under_another_name_is_read(name: str, tmp_path: Path) -> None:
    path = ours(tmp_path, name)
    found = inspect.inspect(path, [], NOW)
    assert found.properties["deck"] == "Small"
    assert found.faults == ("its name does not end in .apkg, so that Anki does not open it; rename it",)


def test_a_whole_collection_that_was_renamed(tmp_path: Path) -> None:
    path = whole_collection(tmp_path, legacy=True)
    unused = reader.load(path).unused_note_types
    assert unused >= 5
    assert (
        f"{unused} note types that no note uses: it is somebody's whole collection under another name; do not share it"
        in inspect.inspect(path, [], NOW).faults
    )


@pytest.mark.parametrize("make", [ours, lambda folder: exported(folder, legacy=True)], ids=["ours", "an export"])
def test_a_deck_has_no_note_type_that_it_does_not_use(make: Callable[[Path], Path], tmp_path: Path) -> None:
    assert reader.load(make(tmp_path)).unused_note_types == 0


@pytest.mark.parametrize(
    ("table", "column"),
    [("notes", "mod"), ("notes", "mid"), ("cards", "due"), ("cards", "ord"), ("cards", "did"), ("cards", "queue")],
)
@pytest.mark.parametrize("kind", ["REAL", "TEXT"])
def test_a_number_that_is_stored_as_something_else(table: str, column: str, kind: str, tmp_path: Path) -> None:
    """In Python 5.0 is equal to 5. Anki reads it as 0, so that all new cards lose their order, or refuses the file."""

    def store(connection: sqlite3.Connection) -> None:
        (create,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        connection.execute(f"DROP TABLE {table}")
        connection.execute(create.replace(" integer", " "))  # so that SQLite keeps the type of each value
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        connection.execute(f"UPDATE {table} SET {column} = CAST({column} AS {kind})")  # noqa: S608

    path = changed(ours(tmp_path), store)
    try:
        faults = reader.load(path).faults
    except files.Refused as error:  # the numbers of notes are read, and the others are only counted
        assert (table, error.message) == (
            "notes",
            "it is not a package as Anki or csto-anki writes it: a note with an invalid number",
        )
    else:
        count = 3 if table == "cards" else 2
        assert faults == (
            f"{count} {table} with a number that is not stored as one: Anki would lose it or refuse the file",
        )


def look_alike(folder: Path, *queries: str) -> Path:
    return changed(ours(folder), sql(*queries))


def test_a_look_alike(two_releases: Path, tmp_path: Path) -> None:
    """Another deck with our guids, or only with our name, is told as one; another deck is not."""
    released, _ = load(two_releases / "cards" / "released.json")
    assert released is not None
    other_type = "UPDATE col SET models = replace(models, '1000002', '1000003')"
    moved = "UPDATE notes SET mid = 1000003"
    (tmp_path / "guids").mkdir()
    (tmp_path / "name").mkdir()
    (tmp_path / "other").mkdir()
    faults = inspect.inspect(look_alike(tmp_path / "guids", other_type, moved), [released], NOW).faults
    assert faults[-1] == (
        "a look-alike: 2 notes have the guids of this deck but not its note type; "
        "learners who import it get no correction of this deck any more"
    )
    others = "UPDATE notes SET guid = 'other' || guid"
    path = look_alike(tmp_path / "name", other_type, moved, others)
    capitals = 'UPDATE col SET decks = replace(decks, \'"name": "Small"\', \'"name": "SMALL"\')'
    for each in (path, changed(path, sql(capitals))):
        faults = inspect.inspect(each, [released], NOW).faults
        assert faults[-1] == "a look-alike: its deck has the name of this deck, 'Small', but not its note type"
    renamed = 'UPDATE col SET decks = replace(decks, \'"name": "Small"\', \'"name": "Large"\')'
    path = look_alike(tmp_path / "other", other_type, moved, others, renamed)
    found = inspect.inspect(path, [released], NOW)
    assert found.properties["release"] == "another deck than that of the record"
    assert not any("look-alike" in fault for fault in found.faults)


def test_a_picture_with_the_digits_of_a_released_one(tmp_path: Path) -> None:
    """Ten digits in a name can be met by another picture; the record has all of them."""
    package = reader.load(ours(tmp_path))
    ((name, data),) = package.pictures.items()
    whole = files.digest_of(data)
    assert list(_exchanged_pictures(package, {name: whole})) == []
    assert list(_exchanged_pictures(package, {})) == []
    other = whole[:10] + "0" * 54
    assert list(_exchanged_pictures(package, {name: other})) == [
        f"the picture {name!r} is not the one that was released under this name"
    ]


def test_a_copy_keeps_its_verdict(tmp_path: Path) -> None:
    path = ours(tmp_path)
    shutil.copy(path, tmp_path / "other.APKG")
    assert inspect.inspect(tmp_path / "other.APKG", [], NOW).faults == ()


@pytest.mark.parametrize(
    ("name", "is_fault"),
    [("backup-x.apkg.zip", True), ("collection.apkg.bin", True), ("csto.apkg.zip", False), ("backup-a\nb.apkg", True)],
)
def test_the_name_of_a_backup_inside_another_name(name: str, is_fault: bool, tmp_path: Path) -> None:
    """Whoever follows the advice to rename it would have the backup."""
    faults = inspect.inspect(ours(tmp_path, name), [], NOW).faults
    assert any("restores it over the learner's whole collection" in fault for fault in faults) == is_fault
    with pytest.raises(files.Refused, match="a backup of somebody's whole collection"):
        reader.load(ours(tmp_path, "x.colpkg.zip"))


def test_an_export_of_our_deck_with_notes_of_ones_own_is_no_look_alike(two_releases: Path, tmp_path: Path) -> None:
    released, _ = load(two_releases / "cards" / "released.json")
    assert released is not None
    collection = Collection(str(tmp_path / "c.anki2"))
    import_package(collection, two_releases / "dist" / "small-2026-07-01.apkg")
    note = collection.new_note(collection.models.by_name("Basic") or {})
    note.fields[0] = "mine"
    collection.add_note(note, collection.decks.current()["id"])
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=True, with_deck_configs=False)
    collection.export_anki_package(out_path=str(tmp_path / "a.apkg"), options=options, limit=None)
    collection.close()
    faults = inspect.inspect(tmp_path / "a.apkg", [released], int(time.time())).faults
    assert faults == (
        "an export of Anki, not the file that csto-anki wrote: it can hold somebody's words; share the file in dist",
    )
