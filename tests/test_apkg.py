"""The package: what is frozen for ever, what becomes of text, and bytes that depend on nothing but the deck."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import genanki
import pytest

from all_pictures import of_package
from csto_anki import apkg, fields, package
from csto_anki.read import read
from csto_anki.release import Released
from small_deck import FILES, SVG, picture, read_deck, write_deck

CARDS = Path(__file__).parents[1] / "cards"
TODAY = datetime.date(2026, 11, 24)
NOTHING = Released({}, {}, {}, None)


def build(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    deck = read_deck(folder / "cards", files)
    contents = fields.contents(deck)
    apkg.write(contents, {}, NOTHING.stamp(contents, TODAY), folder / "out.apkg")
    return folder / "out.apkg"


def database(package: Path, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", folder)
    return sqlite3.connect(folder / "collection.anki2")


def test_the_note_type_is_frozen() -> None:
    """Anki stops all updates of a learner's notes when a field or template comes, goes, moves or loses its id."""
    assert fields.FIELDS == (
        ("Question", 3611183800816671976),
        ("Answer", 1465832304496501562),
        ("Reverse", 1120969319229613724),
        ("ReverseAnswer", 515518777942895660),
        ("About", 535518968357340626),
        ("Detail", 903509247464409653),
        ("Mnemonic", 3515457824976210898),
        ("Image", 1343456151863589881),
        ("AnswerImage", 1420971864395565180),
        ("Statements", 2752748040638799964),
        ("Reasons", 2917055626875798466),
        ("AsOf", 580498407235322553),
        ("Sources", 2964659726520006820),
        ("Retired", 3290054605939781621),
        ("Report", 2884160163739410625),
        ("Language", 1703083253887869219),
        ("Id", 2264687604650465410),
        ("Changed", 3612074020628169791),
        ("Spare1", 2830819703267876122),
        ("Spare2", 4319150948281589437),
        ("Spare3", 3202278072794216567),
        ("Spare4", 2819587239436681556),
    )
    assert fields.TEMPLATES == (("Question", 4589345813588194791), ("Reverse", 1172705197225831172))


def test_the_deck_is_frozen() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert (deck.title, deck.namespace, deck.language) == ("CSTO for UPSC", "csto", "en")
    assert (deck.deck_id, deck.note_type, deck.note_type_id) == (1910169410194, "CSTO", 2196347344693)
    assert apkg.guid(fields.settings(deck), "csc-highest-body") == "kzz0^`E(Rp"


def test_the_package_carries_the_frozen_ids(tmp_path: Path) -> None:
    models, decks = database(build(tmp_path), tmp_path).execute("SELECT models, decks FROM col").fetchone()
    ((model_id, model),) = json.loads(models).items()
    assert (model_id, model["name"], model["sortf"]) == ("1000002", "Small", 0)
    assert [(field["name"], field["id"]) for field in model["flds"]] == list(fields.FIELDS)
    assert [(template["name"], template["id"]) for template in model["tmpls"]] == list(fields.TEMPLATES)
    assert json.loads(decks)["1000001"]["name"] == "Small"


def test_a_note_has_its_fields_as_html(tmp_path: Path) -> None:
    entry = """\
full:
  about: A & B
  question: Is <b>Канал</b> a "канал-центр"?
  answer: |
    One
    two
  reverse: {question: What?, answer: That.}
  detail: D
  mnemonic: M
  as_of: 2026-06
  sources: [charter Art. 4, page]
  tags: [prelims]
  changed: C
  retired: {why: W & w, replaced_by: treaty-signed}
"""
    sources = FILES["sources.yaml"] + "page:\n  title: T\n  publisher: P\n  url: https://example.org/?a=1&b=2\n"
    report = FILES["deck.yaml"] + "report: https://example.org/new?template=mistake.yml&id={id}\n"
    deck = read_deck(tmp_path, {"dates.yaml": entry, "sources.yaml": sources, "deck.yaml": report})
    assert fields.notes(deck)["full"] == {
        "Question": 'Is &lt;b&gt;<span lang="ru">Канал</span>&lt;/b&gt; a "<span lang="ru">канал-центр</span>"?',
        "Answer": "One<br>two",
        "Reverse": "What?",
        "ReverseAnswer": "That.",
        "About": "A &amp; B",
        "Detail": "D",
        "Mnemonic": "M",
        "AsOf": "June 2026",
        "Sources": '<a href="https://example.org/charter">Charter</a> (CSTO, 7 October 2002), Art. 4<br>'
        '<a href="https://example.org/?a=1&amp;b=2">T</a> (P)',
        "Retired": "W &amp; w<br>Instead, learn the card that this search finds: Id:treaty-signed",
        "Report": '<a href="https://example.org/new?template=mistake.yml&amp;id=full">Report a mistake</a>',
        "Language": "en",
        "Id": "full",
        "Changed": "C",
        "Tags": "small::dates small::prelims small::retired",
    }


def test_a_practice_question_is_laid_out_as_in_the_exam(tmp_path: Path) -> None:
    entry = """\
p:
  question: "Consider the following pairs:"
  statements:
    - {text: "Канал: drugs & more", correct: true, why: A <reason>}
    - {text: "B: C", correct: false, why: Not C.}
  ask: which pairs
  sources: [charter]
  tags: [prelims]
"""
    note = fields.notes(read_deck(tmp_path, {"dates.yaml": entry}))["p"]
    assert (note["Question"], note["Answer"]) == ("Consider the following pairs:", "(a) 1 only")
    assert note["Statements"] == (
        '<ol><li><span lang="ru">Канал</span>: drugs &amp; more</li><li>B: C</li></ol>'
        "<p>Which of the pairs given above is/are correctly matched?</p>"
        "<p>(a) 1 only<br>(b) 2 only<br>(c) Both 1 and 2<br>(d) Neither 1 nor 2</p>"
    )
    assert note["Reasons"] == (
        '<ol><li class="right"><b>✓ Correct.</b> A &lt;reason&gt;</li>'
        '<li class="wrong"><b>✗ Not correct.</b> Not C.</li></ol>'
    )


def test_a_part_holds_its_notes_as_they_are_in_the_whole(tmp_path: Path) -> None:
    contents = fields.contents(read_deck(tmp_path / "cards"))
    stamps = NOTHING.stamp(contents, TODAY)
    assert apkg.write(contents, {}, stamps, tmp_path / "all.apkg") == (2, 3)
    assert apkg.write(contents, {}, stamps, tmp_path / "part.apkg", "bodies") == (1, 2)
    everything, part = (database(tmp_path / name, tmp_path / name[:-5]) for name in ("all.apkg", "part.apkg"))
    for query in ("SELECT * FROM notes ORDER BY id", "SELECT * FROM cards ORDER BY id"):
        assert set(part.execute(query)) < set(everything.execute(query))
    for query in ("SELECT models FROM col", "SELECT decks FROM col"):
        assert part.execute(query).fetchall() == everything.execute(query).fetchall()


def test_a_part_holds_the_pictures_of_its_notes_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "dates.yaml": FILES["dates.yaml"] + picture("map.svg") + picture("flag.svg", "answer_image", 'A "flag" <b>'),
        "bodies.yaml": FILES["bodies.yaml"] + picture("map.svg"),
        "media/map.svg": SVG.format("map"),
        "media/flag.svg": SVG.format("flag"),
    }
    deck = read_deck(tmp_path / "cards", files)
    contents = fields.contents(deck)
    stamps = NOTHING.stamp(contents, TODAY)
    for name, only in (("all.apkg", None), ("part.apkg", "bodies")):
        apkg.write(contents, fields.pictures(deck), stamps, tmp_path / name, only)
    digests = {name: hashlib.sha256(SVG.format(name).encode()).hexdigest()[:10] for name in ("map", "flag")}
    names = {name: f"small-{name}-{digest}.svg" for name, digest in digests.items()}
    assert of_package(tmp_path / "all.apkg") == {names[name]: SVG.format(name).encode() for name in ("flag", "map")}
    assert of_package(tmp_path / "part.apkg") == {names["map"]: SVG.format("map").encode()}
    note = contents.notes["treaty-signed"]
    assert note["Image"] == f'<img src="{names["map"]}" alt="A shape">'
    assert note["AnswerImage"] == f'<img src="{names["flag"]}" alt="A &quot;flag&quot; &lt;b&gt;">'


def test_each_note_tells_the_version_that_last_changed_it(tmp_path: Path) -> None:
    """In a field that the package fills in: so a new version changes no note that is as it was."""
    before = fields.contents(read_deck(tmp_path / "before"))
    after = fields.contents(read_deck(tmp_path / "after", {"dates.yaml": FILES["dates.yaml"] + "  detail: D\n"}))
    record = NOTHING.after("2026.06.01", 1780304400, before).after("2026.07.01", 1782896400, after)
    apkg.write(after, {}, record.stamp(after, TODAY), tmp_path / "out.apkg")
    place = [name for name, _ in fields.FIELDS].index(fields.VERSION)
    rows = database(tmp_path / "out.apkg", tmp_path).execute("SELECT flds FROM notes ORDER BY id").fetchall()
    assert [values.split("\x1f")[place] for (values,) in rows] == ["2026.07.01", "2026.06.01"]
    assert package.contents(package.load(tmp_path / "out.apkg")).notes == after.notes


def test_a_translation_has_notes_of_its_own(tmp_path: Path) -> None:
    english = read_deck(tmp_path / "en")
    hindi = read_deck(tmp_path / "hi", {"deck.yaml": FILES["deck.yaml"].replace("language: en", "language: hi")})
    assert apkg.guid(fields.settings(english), "treaty-signed") != apkg.guid(fields.settings(hindi), "treaty-signed")


def test_each_note_and_the_note_type_keep_their_own_times(tmp_path: Path) -> None:
    contents = fields.contents(read_deck(tmp_path / "cards"))
    stamps = NOTHING.stamp(contents, TODAY)
    stamps = replace(stamps, notes={**stamps.notes, "treaty-signed": 1_700_000_000}, note_type=1_600_000_000)
    assert apkg.write(contents, {}, stamps, tmp_path / "out.apkg") == (2, 3)
    connection = database(tmp_path / "out.apkg", tmp_path)
    assert connection.execute("SELECT mod FROM notes ORDER BY id").fetchall() == [(1_700_000_000,), (stamps.time,)]
    assert connection.execute("SELECT mod, due, ord FROM cards ORDER BY id").fetchall() == [
        (1_700_000_000, 1, 0),
        (stamps.time, 1001, 0),
        (stamps.time, 1001, 1),
    ]
    (model,) = json.loads(connection.execute("SELECT models FROM col").fetchone()[0]).values()
    assert model["mod"] == 1_600_000_000


def test_the_archive_tells_nothing_of_the_machine(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(tmp_path)) as archive:
        members = archive.infolist()
        assert archive.read("media") == b"{}"
    assert [
        (info.filename, info.date_time, info.create_system, info.external_attr, info.compress_type) for info in members
    ] == [
        (name, (1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16, zipfile.ZIP_DEFLATED) for name in ("collection.anki2", "media")
    ]


def test_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """Two folders, time zones, hash seeds, locales and seconds: one package."""
    packages = []
    for name, zone, seed in (("here", "Asia/Kolkata", "1"), ("there/deep er", "America/Lima", "2")):
        folder = tmp_path / name
        shutil.copytree(CARDS, folder / "cards", copy_function=shutil.copyfile)
        os.utime(folder / "cards" / "dates.yaml", (int(seed), int(seed)))
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        command = [sys.executable, "-m", "csto_anki", "build", "--quiet", "--today", "2026-11-24"]
        result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        assert result.stderr == ""
        packages.append(folder / result.stdout.strip())
        time.sleep(1.1)  # into another second
    assert packages[0].name == packages[1].name
    assert packages[0].read_bytes() == packages[1].read_bytes()


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    write_deck(tmp_path / "cards")
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temp"), "TEMP": str(tmp_path / "temp")}
    command = [sys.executable, "-m", "csto_anki", "build", "--output", "dist/a.apkg"]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert list((tmp_path / "temp").iterdir()) == []
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["a.apkg"]


@pytest.mark.parametrize("failing", ["_database", "_zip"])
@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (OSError(28, "No space left on device"), OSError),
        (sqlite3.OperationalError("disk is full"), OSError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_whatever_fails_the_old_package_stays(
    failing: str, error: BaseException, seen: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = build(tmp_path)
    before = package.read_bytes()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(apkg, failing, fail)
    with pytest.raises(seen):
        build(tmp_path, {"dates.yaml": FILES["dates.yaml"].replace("1992", "1993")})
    assert package.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "out.apkg"]


def test_what_is_overridden_in_genanki_is_there() -> None:
    """Else a build would be slow again, in silence. (That asyncio is not loaded is held in test_house.)"""
    name = "_check_invalid_html_tags_in_fields"
    assert name in vars(genanki.Note)
    assert name in vars(apkg.Note)
    assert name in genanki.Note.write_to_db.__code__.co_names
