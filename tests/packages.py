"""Packages for tests: ours, those of others, and what a stranger could make of them."""

from __future__ import annotations

import datetime
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions

from csto_anki import apkg, fields
from csto_anki.release import Released
from small_deck import FILES, SVG, picture, read_deck

JUNE = 1780304400  # 2026-06-01, 09:00 UTC
WITH_PICTURE = {"dates.yaml": FILES["dates.yaml"] + picture("map.svg"), "media/map.svg": SVG.format("map")}


def ours(folder: Path, name: str = "ours.apkg") -> Path:
    """A package of the small deck, with a picture, as of its first release."""
    deck = read_deck(folder / "cards", dict(WITH_PICTURE))
    contents = fields.contents(deck)
    record = Released({}, {}, {}, None).after("2026.06.01", JUNE, contents)
    stamps = record.stamp(contents, datetime.date(2026, 6, 1))
    apkg.write(contents, fields.pictures(deck), stamps, folder / name)
    return folder / name


def members(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, found: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return path


def changed(package: Path, change: Callable[[sqlite3.Connection], object]) -> Path:
    """The same package with another database."""
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
    """The same package with another list of media."""
    return zipped(package, {**members(package), "media": media.encode()})


def plain_genanki(folder: Path) -> Path:
    """As the README of genanki has it, with markup that many decks have."""
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
    """What the real Anki exports of two notes of its own, or of what it imported."""
    from real_anki import import_package

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


def many_members(path: Path, count: int) -> Path:
    """A zip whose list of members is long, and which is small otherwise."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *(20, 3, 20, 0), *(0, 0, 0, 33), 0, 0, 0, *(1, 0, 0, 0, 0), 0, 0)
    directory = b"".join(entry + b"a" for _ in range(count))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count % 65536, count % 65536, len(directory), 0, 0)
    path.write_bytes(directory + end)
    return path


def everything(value: Any) -> str:
    """All texts in what `inspect --format json` tells, as one."""
    return str(value)
