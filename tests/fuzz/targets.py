"""What is fuzzed: for each kind of input a function that takes bytes and raises nothing, whatever they are.

The same functions are tried with random damage in `test_fuzz.py`, in every run of the tests.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import packages
from csto_anki import (
    apkg,
    check,
    diff,
    examine,
    fields,
    files,
    guard,
    inert,
    media,
    package,
    read,
    release,
    report,
    show,
)
from csto_anki.facts import Deck
from small_deck import FILES, write_deck

REPOSITORY = Path(__file__).parents[2]
CARDS = REPOSITORY / "cards"
TODAY = datetime.date(2026, 11, 24)
NAMES = ("dates.yaml", "sources.yaml", "deck.yaml", "bodies.yaml")


def cards(data: bytes) -> None:
    """A card file: the first byte says which one of the small deck it takes the place of."""
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        root = write_deck(Path(folder), {name: data[1:]})
        deck, problems = read.read(root)
        if deck is not None:
            problems += check.check(deck, TODAY)
        told = "".join([*report.as_text(problems, lambda _, text: text), *report.as_github(problems)])
        assert all(line.isprintable() for line in told.split("\n")), "a terminal could be commanded"
        report.as_json(problems)
        report.as_sarif(problems, dict.fromkeys((problem.code for problem in problems), ""), "0")
        if deck is not None:
            _build(deck, Path(folder), write=zlib.crc32(data) % 16 == 0)


def _build(deck: Deck, folder: Path, write: bool) -> None:
    contents = fields.contents(deck)
    for fact in deck.facts[:100]:
        list(show.card(deck, fact, lambda _, text: text))
    for id, note in contents.notes.items():
        for name, value in note.items():
            assert not list(inert.strange(value)), f"{id}: {name}: {value!r} could act"
    record = release.Released({}, {}, {}, None).after("2026.06.01", 1780304400, contents)
    assert not guard.guard(deck, contents, record)
    if write:
        stamps = record.stamp(contents, TODAY)
        apkg.write(contents, fields.pictures(deck), stamps, folder / "a.apkg")
        found = diff.Contents({}, package.contents(package.load(folder / "a.apkg")).notes, {})
        assert found == diff.without(contents, "Reworded")._replace(settings={}, looks={})


def picture(data: bytes) -> None:
    """A picture: its first bytes say of which kind."""
    kind = next((kind for kind, begins in media.BEGINS.items() if data.startswith(begins)), "svg")
    for problem in media.wrong(f"media/a.{kind}", f"a.{kind}", data[: media.LARGEST]):
        assert str(problem).isprintable()


def record(data: bytes) -> None:
    """The record of releases."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        (path := Path(folder) / "released.json").write_bytes(data)
        found, problems = release.load(path)
        assert (found is None) == bool(problems)
        assert all(str(problem).isprintable() for problem in problems)


def package_file(data: bytes) -> None:
    """A package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        (path := Path(folder) / "a.apkg").write_bytes(data)
        _examined(path)


def database(data: bytes) -> None:
    """The database of a package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        _examined(packages.zipped(Path(folder) / "a.apkg", {**_members(), "collection.anki2": data}))


def listing(data: bytes) -> None:
    """The list of media of a package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        _examined(packages.zipped(Path(folder) / "a.apkg", {**_members(), "media": data}))


def _examined(path: Path) -> None:
    try:
        found = examine.examine(path, None, 1780304400)
    except files.Refused as error:
        assert "Errno" not in str(error)
    else:
        json.dumps([dict(found.facts), found.differs, found.wrong])


@functools.cache
def _members() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        return packages.members(packages.ours(Path(folder)))


def _small(database: bytes) -> bytes:
    """The same database in small pages: a smaller input is damaged in more ways in the same time."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        (path := Path(folder) / "c").write_bytes(database)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA page_size = 512")
            connection.execute("VACUUM")
        return path.read_bytes()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "cards": cards,
    "picture": picture,
    "record": record,
    "package": package_file,
    "database": database,
    "listing": listing,
}


def seeds(name: str) -> Iterator[bytes]:
    """Real inputs to begin with."""
    if name == "cards":
        yield from (bytes([number]) + str(FILES[file]).encode() for number, file in enumerate(NAMES))
        for path in sorted(CARDS.glob("*.yaml")):
            number = NAMES.index(path.name) if path.name in NAMES else 0
            yield bytes([number]) + files.load(path, CARDS, 10**7)[:20_000].rpartition(b"\n\n")[0]
        examples = (REPOSITORY / "src" / "csto_anki" / "examples.yaml").read_text("utf-8")
        for part in examples.split("\n\n"):
            _, _, text = part.partition("wrong: |\n")
            yield b"\0" + "\n".join(line[4:] for line in text.partition("  right:")[0].split("\n")).encode()
    elif name == "picture":
        yield from (path.read_bytes() for path in sorted((CARDS / "media").glob("*.svg")))
    elif name == "package":
        with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
            yield packages.ours(Path(folder)).read_bytes()
    elif name == "database":
        yield _small(_members()["collection.anki2"])
    elif name == "listing":
        yield _members()["media"]
    elif name == "record":
        yield str(FILES["released.json"]).encode()
        yield (CARDS / "released.json").read_bytes()[:20_000]
