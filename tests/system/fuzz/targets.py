"""What is fuzzed: for each kind of input a function that takes any bytes and must not raise an exception.

`test_fuzz.py` tries the same functions with random damage, in every run of the tests.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from csto_anki import files
from csto_anki.apkg import reader, writer
from csto_anki.apkg.inspect import inspect
from csto_anki.cli import formats
from csto_anki.cli.cards import card_lines
from csto_anki.deck import images
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read
from csto_anki.history.changes import without_reworded
from csto_anki.history.record import Released, load
from csto_anki.history.stamps import stamp
from csto_anki.note import html
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.contents import pictures as pictures_of
from csto_anki.rules.check import check
from csto_anki.rules.updates import check_update
from support import packages
from support.small_deck import FILES, write_deck

REPOSITORY = Path(__file__).parents[3]
CARDS = REPOSITORY / "cards"
TODAY = datetime.date(2026, 11, 24)
NAMES = ("dates.yaml", "sources.yaml", "deck.yaml", "bodies.yaml")
# How the pictures of each kind begin; everything else is tried as a drawing.
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "webp": b"RIFF"}


def cards(data: bytes) -> None:
    """A card file: the first byte chooses the file of the small deck that it replaces."""
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        root = write_deck(Path(folder), {name: data[1:]})
        deck, problems = read(root)
        if deck is not None:
            problems += check(deck, TODAY)
        told = "".join([*formats.as_text(problems, lambda _, text: text), *formats.as_github(problems)])
        assert all(line.isprintable() for line in told.split("\n")), "a terminal could be commanded"
        formats.as_json(problems)
        if deck is not None:
            _build(deck, Path(folder), write=zlib.crc32(data) % 16 == 0)


def _build(deck: Deck, folder: Path, write: bool) -> None:
    contents = contents_of(deck)
    for fact in deck.facts[:100]:
        list(card_lines(deck, fact, lambda _, text: text))
    for id, note in contents.notes.items():
        for name, value in note.fields.items():
            assert not list(html.unexpected(value)), f"{id}: {name}: {value!r} could act"
    record = Released({}, None, {}, None).after("2026.06.01", 1780304400, contents)
    assert not check_update(deck, contents, record)
    taught = {id: note for id, note in without_reworded(contents).notes.items() if not note.is_retired}
    if write and taught:
        stamps = stamp(record, contents, TODAY)
        writer.write(contents, pictures_of(deck), stamps, folder / "a.apkg")
        assert reader.our_contents(reader.load(folder / "a.apkg")).notes == taught


def picture(data: bytes) -> None:
    """A picture: its first bytes decide its kind."""
    kind = next((kind for kind, start in SIGNATURES.items() if data.startswith(start)), "svg")
    for problem in images.faults(f"media/a.{kind}", f"a.{kind}", data[: images.MAX_PICTURE_BYTES]):
        assert str(problem).isprintable()


def record(data: bytes) -> None:
    """The record of releases."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        (path := Path(folder) / "released.json").write_bytes(data)
        found, problems = load(path)
        assert (found is None) == bool(problems)
        assert all(str(problem).isprintable() for problem in problems)


def package_file(data: bytes) -> None:
    """A package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        (path := Path(folder) / "a.apkg").write_bytes(data)
        _inspected(path)


def database(data: bytes) -> None:
    """The database of a package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        _inspected(packages.zipped(Path(folder) / "a.apkg", {**_members(), "collection.anki2": data}))


def listing(data: bytes) -> None:
    """The list of media of a package."""
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        _inspected(packages.zipped(Path(folder) / "a.apkg", {**_members(), "media": data}))


def _inspected(path: Path) -> None:
    try:
        found = inspect(path, [], 1780304400)
    except files.Refused as error:
        assert "Errno" not in str(error)
    else:
        json.dumps([dict(found.properties), found.details, found.faults])


@functools.cache
def _members() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="csto-anki-fuzz-") as folder:
        return packages.members(packages.ours(Path(folder)))


def _small(database: bytes) -> bytes:
    """The same database in small pages: a smaller input can be damaged in more ways in the same time."""
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
        examples = (REPOSITORY / "src" / "csto_anki" / "rules" / "examples.yaml").read_text("utf-8")
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
