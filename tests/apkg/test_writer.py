"""The package: its frozen ids, its notes and pictures, and bytes that depend only on the deck."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import genanki
import pytest

from csto_anki.apkg import reader, writer
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import Settings
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.contents import pictures as pictures_of
from csto_anki.note.note_type import CARDS_NEED, FIELD_IDS, FIELD_NAMES, TEMPLATES, VERSION_FIELD, looks
from support.all_pictures import of_package
from support.small_deck import FILES, SVG, picture, read_deck, write_deck

CARDS = Path(__file__).parents[2] / "cards"
TODAY = datetime.date(2026, 11, 24)
NOTHING = Released({}, None, {}, None)


def build(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    deck = read_deck(folder / "cards", files)
    contents = contents_of(deck)
    writer.write(contents, {}, stamp(NOTHING, contents, TODAY), folder / "out.apkg")
    return folder / "out.apkg"


def settings_of(deck: Deck) -> Settings:
    settings = contents_of(deck).settings
    assert settings is not None
    return settings


def database(package: Path, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", folder)
    return sqlite3.connect(folder / "collection.anki2")


def test_the_deck_is_frozen() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert (deck.title, deck.namespace, deck.language) == ("CSTO for UPSC", "csto", "en")
    assert (deck.deck_id, deck.note_type, deck.note_type_id) == (1910169410194, "CSTO", 2196347344693)
    assert writer.guid(settings_of(deck), "csc-highest-body") == "kzz0^`E(Rp"


def test_the_package_carries_the_frozen_ids(tmp_path: Path) -> None:
    models, decks = database(build(tmp_path), tmp_path).execute("SELECT models, decks FROM col").fetchone()
    ((model_id, model),) = json.loads(models).items()
    assert (model_id, model["name"], model["sortf"]) == ("1000002", "Small", 0)
    assert [(field["name"], field["id"]) for field in model["flds"]] == list(FIELD_IDS)
    assert [(template["name"], template["id"]) for template in model["tmpls"]] == list(TEMPLATES)
    assert json.loads(decks)["1000001"]["name"] == "Small"


def test_a_part_holds_its_notes_as_they_are_in_the_whole(tmp_path: Path) -> None:
    contents = contents_of(read_deck(tmp_path / "cards"))
    stamps = stamp(NOTHING, contents, TODAY)
    assert writer.write(contents, {}, stamps, tmp_path / "all.apkg") == (2, 3)
    assert writer.write(contents, {}, stamps, tmp_path / "part.apkg", "bodies") == (1, 2)
    everything, part = (database(tmp_path / name, tmp_path / name[:-5]) for name in ("all.apkg", "part.apkg"))
    for query in ("SELECT * FROM notes ORDER BY id", "SELECT * FROM cards ORDER BY id"):
        assert set(part.execute(query)) < set(everything.execute(query))
    for query in ("SELECT models FROM col", "SELECT decks FROM col"):
        assert part.execute(query).fetchall() == everything.execute(query).fetchall()


def test_retired_notes_are_only_in_the_package_of_the_retired(tmp_path: Path) -> None:
    """Who gets the deck now should not learn them, with whichever package."""
    retired = FILES["dates.yaml"] + "  retired: {why: W}\n"
    contents = contents_of(read_deck(tmp_path / "cards", {"dates.yaml": retired}))
    stamps = stamp(NOTHING, contents, TODAY)
    written = {}
    for only in (None, "dates", "bodies", "retired"):
        writer.write(contents, {}, stamps, tmp_path / f"{only}.apkg", only)
        tags = database(tmp_path / f"{only}.apkg", tmp_path / f"{only}").execute("SELECT tags FROM notes").fetchall()
        written[only] = [each.split() for (each,) in tags]
    whole = [["small::bodies"]]
    assert written == {
        None: whole,
        "dates": [],
        "bodies": whole,
        "retired": [["small::dates", "small::prelims", "small::retired"]],
    }


def test_a_part_holds_only_the_pictures_of_its_notes(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "dates.yaml": FILES["dates.yaml"] + picture("map.svg") + picture("flag.svg", "answer_image", 'A "flag" <b>'),
        "bodies.yaml": FILES["bodies.yaml"] + picture("map.svg"),
        "media/map.svg": SVG.format("map"),
        "media/flag.svg": SVG.format("flag"),
    }
    deck = read_deck(tmp_path / "cards", files)
    contents = contents_of(deck)
    stamps = stamp(NOTHING, contents, TODAY)
    for name, only in (("all.apkg", None), ("part.apkg", "bodies")):
        writer.write(contents, pictures_of(deck), stamps, tmp_path / name, only)
    digests = {name: hashlib.sha256(SVG.format(name).encode()).hexdigest()[:10] for name in ("map", "flag")}
    names = {name: f"small-{name}-{digest}.svg" for name, digest in digests.items()}
    assert of_package(tmp_path / "all.apkg") == {names[name]: SVG.format(name).encode() for name in ("flag", "map")}
    assert of_package(tmp_path / "part.apkg") == {names["map"]: SVG.format("map").encode()}
    note = contents.notes["treaty-signed"].fields
    assert note["Image"] == f'<img src="{names["map"]}" alt="A shape">'
    assert note["AnswerImage"] == f'<img src="{names["flag"]}" alt="A &quot;flag&quot; &lt;b&gt;">'


def test_each_note_has_the_version_that_last_changed_it(tmp_path: Path) -> None:
    """In a field that the writer fills in, so that a new version does not change a note that is as it was."""
    before = contents_of(read_deck(tmp_path / "before"))
    after = contents_of(read_deck(tmp_path / "after", {"dates.yaml": FILES["dates.yaml"] + "  detail: D\n"}))
    record = NOTHING.after("2026.06.01", 1780304400, before).after("2026.07.01", 1782896400, after)
    writer.write(after, {}, stamp(record, after, TODAY), tmp_path / "out.apkg")
    place = FIELD_NAMES.index(VERSION_FIELD)
    rows = database(tmp_path / "out.apkg", tmp_path).execute("SELECT flds FROM notes ORDER BY id").fetchall()
    assert [values.split("\x1f")[place] for (values,) in rows] == ["2026.07.01", "2026.06.01"]
    assert reader.our_contents(reader.load(tmp_path / "out.apkg")).notes == after.notes


def test_a_translation_has_notes_of_its_own(tmp_path: Path) -> None:
    english = read_deck(tmp_path / "en")
    hindi = read_deck(tmp_path / "hi", {"deck.yaml": FILES["deck.yaml"].replace("language: en", "language: hi")})
    assert writer.guid(settings_of(english), "treaty-signed") != writer.guid(settings_of(hindi), "treaty-signed")


def test_each_note_and_the_note_type_keep_their_own_times(tmp_path: Path) -> None:
    contents = contents_of(read_deck(tmp_path / "cards"))
    stamps = stamp(NOTHING, contents, TODAY)
    note_times = {**stamps.note_times, "treaty-signed": 1_700_000_000}
    stamps = stamps._replace(note_times=note_times, note_type_time=1_600_000_000)
    assert writer.write(contents, {}, stamps, tmp_path / "out.apkg") == (2, 3)
    connection = database(tmp_path / "out.apkg", tmp_path)
    assert connection.execute("SELECT mod FROM notes ORDER BY id").fetchall() == [(1_700_000_000,), (stamps.time,)]
    assert connection.execute("SELECT mod, due, ord FROM cards ORDER BY id").fetchall() == [
        (1_700_000_000, 1, 0),
        (stamps.time, 2, 0),
        (stamps.time, 62, 1),  # sixty places later
    ]
    (model,) = json.loads(connection.execute("SELECT models FROM col").fetchone()[0]).values()
    assert model["mod"] == 1_600_000_000


def test_the_archive_shows_nothing_of_the_machine(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(tmp_path)) as archive:
        members = archive.infolist()
        assert archive.read("media") == b"{}"
    assert [
        (info.filename, info.date_time, info.create_system, info.external_attr, info.compress_type) for info in members
    ] == [
        (name, (1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16, zipfile.ZIP_DEFLATED) for name in ("collection.anki2", "media")
    ]


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    write_deck(tmp_path / "cards")
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temp"), "TEMP": str(tmp_path / "temp")}
    command = [sys.executable, "-m", "csto_anki", "build", "--output", "dist/a.apkg"]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert list((tmp_path / "temp").iterdir()) == []
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["a.apkg"]


@pytest.mark.parametrize("failing", ["_write_database", "_zip"])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), OSError),
        (sqlite3.OperationalError("disk is full"), OSError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_whatever_fails_the_old_package_stays(
    failing: str, error: BaseException, expected: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = build(tmp_path)
    before = package.read_bytes()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(writer, failing, fail)
    with pytest.raises(expected):
        build(tmp_path, {"dates.yaml": FILES["dates.yaml"].replace("1992", "1993")})
    assert package.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "out.apkg"]


def test_genanki_has_the_method_that_is_overridden() -> None:
    """Otherwise a build would be slow again, unnoticed. (test_architecture.py checks that asyncio is not loaded.)"""
    name = "_check_invalid_html_tags_in_fields"
    assert name in vars(genanki.Note)
    assert name in vars(writer._Note)
    assert name in genanki.Note.write_to_db.__code__.co_names


def test_a_card_needs_the_fields_that_genanki_would_find() -> None:
    """genanki draws each front to find out; here the result is written down."""
    texts = looks()
    templates = [{"name": name, "qfmt": texts[f"{name} front"], "afmt": ""} for name, _ in TEMPLATES]
    model = genanki.Model(1, "a", fields=[{"name": name} for name in FIELD_NAMES], templates=templates)
    assert model._req == CARDS_NEED == writer._NoteType._req
    assert "_req" in vars(genanki.Model)
    assert "_req" in genanki.Note._front_back_cards.__code__.co_names


@pytest.mark.parametrize(("version", "level"), [("2026.11.24.dev-0123abcd", 1), ("2026.11.24", 6)])
def test_a_release_is_compressed_more_than_a_development_package(version: str, level: int, tmp_path: Path) -> None:
    contents = contents_of(read_deck(tmp_path / "cards"))
    stamps = stamp(NOTHING, contents, TODAY)._replace(version=version)
    writer.write(contents, {}, stamps, tmp_path / "out.apkg")
    with zipfile.ZipFile(tmp_path / "out.apkg") as archive:
        database = archive.read("collection.anki2")
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    assert packer.compress(database) + packer.flush() in (tmp_path / "out.apkg").read_bytes()
