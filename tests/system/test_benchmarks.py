"""The benchmarks measure what they claim: decks of any size without errors, and the same notes from each contender."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import chart
import corpora
import peers
import report
import run
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read
from csto_anki.note.contents import contents
from csto_anki.rules.check import errors

REPOSITORY = Path(__file__).parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"

NOTES = 1200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "cards"
    corpora.make(REPOSITORY / "cards", folder, NOTES, 100)
    return folder


@pytest.fixture(scope="module")
def deck(folder: Path) -> Deck:
    deck, problems = read(folder)
    assert deck is not None, "\n".join(map(str, problems))
    return deck


def test_a_corpus_begins_with_the_real_deck_and_is_sound(deck: Deck) -> None:
    real, _ = read(REPOSITORY / "cards")
    assert real is not None
    taught = [(fact.id, fact.question, fact.answer) for fact in real.facts if not fact.retired]
    count = len(taught)
    assert [(fact.id, fact.question, fact.answer) for fact in deck.facts[:count]] == taught
    assert len(deck.facts) == len({fact.id for fact in deck.facts}) == NOTES
    assert errors(deck, datetime.date(2026, 11, 24)) == []
    assert list(deck.kinds) == [f"part-{number:04}" for number in range(1, 13)]
    other = deck.facts[count]
    assert (other.id, other.question) == ("csto-abbreviation-aa", "What does the abbreviation AACSTO stand for?")


def test_a_released_corpus_has_one_change(folder: Path, tmp_path: Path) -> None:
    corpora.make(REPOSITORY / "cards", tmp_path / "cards", 500, 100)
    corpora.release(tmp_path / "cards")
    result = ours("diff", tmp_path)
    assert result.splitlines()[0] == "2026.11.24 -> cards: 1 corrected in wording"


def rows(package: Path) -> dict[str, list[tuple[object, ...]]]:
    """The notes and cards of a package, as they are in its database."""
    database = package.with_suffix(".anki2")
    with zipfile.ZipFile(package) as archive:
        database.write_bytes(archive.read("collection.anki2"))
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return {
            "notes": connection.execute("SELECT * FROM notes").fetchall(),
            "cards": connection.execute("SELECT * FROM cards").fetchall(),
        }


def ours(command: str, folder: Path, *options: str) -> str:
    run = [sys.executable, "-m", "csto_anki", command, *options]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, check=True).stdout


def contender(name: str, folder: Path, *arguments: str) -> str:
    run = [sys.executable, str(BENCHMARKS / "contenders" / name), *arguments]
    return subprocess.run(run, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_contenders_make_the_same_notes(folder: Path) -> None:
    root = folder.parent
    ours("build", root, "--output", "ours.apkg", "-q")
    contender("floor.py", root, "prepare", "ours.apkg", "rows")
    contender("floor.py", root, "cards", "rows", "floor.apkg")
    contender("plain.py", root, "--output", "plain.apkg")
    contender("reading.py", root, "cards")
    found = {name: rows(root / f"{name}.apkg") for name in ("ours", "floor", "plain")}
    assert found["floor"] == found["ours"]
    assert len(found["plain"]["notes"]) == len(found["ours"]["notes"]) == NOTES
    assert len(found["plain"]["cards"]) == len(found["ours"]["cards"])
    sizes = [(root / f"{name}.apkg").stat().st_size for name in ("ours", "floor")]
    assert abs(sizes[0] - sizes[1]) < sizes[0] / 20
    contender("official.py", root, "ours.apkg", "official.apkg")
    for name in ("ours.apkg", "official.apkg"):
        assert contender("importing.py", root, name).split()[1] == str(NOTES)


@pytest.mark.parametrize("name", peers.PEERS)
def test_each_peer_gets_every_card(name: str, deck: Deck, tmp_path: Path) -> None:
    notes: list[peers.Card] = [note.values() for note in contents(deck).notes.values()]
    arguments = peers.PEERS[name].write({"a": notes[:700], "b": notes[700:]}, tmp_path)
    written = "\n".join(path.name + path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert arguments
    assert all(json.dumps(note["Id"])[1:-1] in written for note in notes)


def benchmark(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


needs_wait4 = pytest.mark.skipif(not hasattr(os, "wait4"), reason="the benchmark runs on Linux and macOS")


def test_the_benchmark_says_what_it_can_do() -> None:
    result = benchmark("--help")
    assert (result.returncode, "start, deck, 1k, 10k, 100k" in " ".join(result.stdout.split())) == (0, True)
    result = benchmark("deck", "2k")
    assert (result.returncode, "there is no part '2k'; choose from start" in result.stderr) == (2, True)


@needs_wait4
def test_a_part_of_the_benchmark_changes_nothing_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {path: path.read_bytes() for path in [report.PAGE, *report.RESULTS.iterdir()]}
    monkeypatch.setattr(run, "WORK", tmp_path)
    monkeypatch.setattr(run, "START_ROUNDS", 2)
    monkeypatch.setattr(run, "PEERS", {"a": peers.Peer("a", ("--no-such-option",), peers.ankdown, 1)})
    run.main(["start"])
    page = capsys.readouterr().out
    assert "a could not be installed: no such option: --no-such-option" in page
    assert "| csto-anki --help / empty click command |" in page
    assert "## Start" in page
    assert {path: path.read_bytes() for path in kept} == kept


@needs_wait4
def test_a_contender_is_measured_in_each_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WORK", tmp_path)
    busy = "end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    scripts = {"idle": "time.sleep(0.4)", "busy": busy}
    those = [
        run.Contender(name, [sys.executable, "-c", f"import time\n{script}"], tmp_path)
        for name, script in scripts.items()
    ]
    found = run.measure(those, 3)
    assert [(len(each.cpu), len(each.seconds), each.peak > 5) for each in found.values()] == [(3, 3, True)] * 2
    assert found["busy"].median > 0.2 > found["idle"].median
    assert min(found["idle"].seconds) > 0.4


def test_the_pages_are_made_from_the_saved_figures() -> None:
    kept = report.load()
    assert (report.RESULTS / "README.md").read_text("utf-8") == report.page(kept)
    told = report.PAGE.read_text("utf-8").partition(report.BEGIN)[2].partition(report.END)[0]
    assert told.strip().splitlines() == list(report.short_table(kept))
    assert list(kept.notes) == ["deck", "1k", "10k", "100k"]


def test_the_plot_names_each_line() -> None:
    drawn = chart.draw({"floor": [(500, 0.2), (1000, 0.3)], "csto-anki build": [(500, 0.25)]})
    assert [name in drawn for name in ("floor", "csto-anki build", "ankdown")] == [True, True, False]
