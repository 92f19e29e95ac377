"""Another deck: begun with one command, built, released, and beside ours in one collection without disturbing it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from anki.collection import Collection

from csto_anki.read import read
from real_anki import import_package
from small_deck import write_deck
from test_cli import run


def test_a_new_deck_is_in_order_and_builds(tmp_path: Path) -> None:
    begun = run(tmp_path, "init", "quad", "--title", "QUAD for UPSC")
    assert (begun.returncode, begun.stdout) == (0, "quad\n")
    assert begun.stderr == "csto-anki: now: cd quad, and there csto-anki build\n"
    names = {path.relative_to(tmp_path / "quad").as_posix() for path in (tmp_path / "quad").rglob("*")}
    assert names == {
        *("README.md", "cards", "cards/deck.yaml", "cards/sources.yaml", "cards/basics.yaml", "cards/dates.yaml"),
        *("cards/released.json", "cards/schema", "cards/schema/deck.json", "cards/schema/facts.json"),
        *("cards/schema/names.json", "cards/schema/sources.json"),
    }
    assert run(tmp_path / "quad", "check", "--strict").returncode == 0
    assert run(tmp_path / "quad", "schema", "--check").returncode == 0
    built = run(tmp_path / "quad", "build")
    assert (built.returncode, built.stdout[:10]) == (0, f"dist{os.sep}quad-")


def test_names_and_numbers_are_its_own(tmp_path: Path) -> None:
    for name in ("quad", "sco"):
        run(tmp_path, "init", name)
    quad, sco = (read(tmp_path / name / "cards")[0] for name in ("quad", "sco"))
    assert quad is not None
    assert sco is not None
    assert (quad.title, quad.namespace, quad.note_type) == ("QUAD", "quad", "QUAD")
    numbers = {quad.deck_id, quad.note_type_id, sco.deck_id, sco.note_type_id}
    assert len(numbers) == 4
    assert all(2 * 10**12 <= number < 3 * 10**12 for number in numbers)


def test_a_new_deck_can_be_released_and_released_again(tmp_path: Path) -> None:
    run(tmp_path, "init", "quad")
    first = run(tmp_path / "quad", "release", "--date", "2026-11-01")
    assert first.returncode == 0, first.stderr
    assert "quad-2026.11.01.apkg" in (tmp_path / "quad" / "README.md").read_text("utf-8")
    dates = tmp_path / "quad" / "cards" / "dates.yaml"
    dates.write_text(dates.read_text("utf-8").replace("detail: In Shanghai", "detail: Founded in Shanghai"), "utf-8")
    time.sleep(1.1)  # two releases are never of one second
    second = run(tmp_path / "quad", "release", "--date", "2026-11-02")
    assert second.returncode == 0, second.stderr
    record = json.loads((tmp_path / "quad" / "cards" / "released.json").read_text("utf-8"))
    assert list(record["releases"]) == ["2026.11.01", "2026.11.02"]


def rows(col: Collection, namespace: str) -> list[object]:
    """The notes and cards of a deck, as they lie in the collection."""
    notes = col.find_notes(f"tag:{namespace}::*")
    chosen = ",".join(map(str, notes))
    assert col.db is not None
    return [
        col.db.all(f"select * from notes where id in ({chosen}) order by id"),  # noqa: S608  # numbers
        col.db.all(f"select * from cards where nid in ({chosen}) order by id"),  # noqa: S608  # numbers
    ]


def test_two_decks_in_one_collection_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Imported in turn, studied, written into and updated in turn: each import changes its own deck alone."""
    names = {"small": tmp_path / "ours", "quad": tmp_path / "quad"}
    write_deck(names["small"] / "cards")
    run(tmp_path, "init", "quad", "--title", "QUAD for UPSC")
    edits = {
        "small": ("  sources:", "  mnemonic: New words\n  sources:"),
        "quad": ("In Shanghai", "In Shanghai itself"),
    }
    packages = {}
    for version in ("2026.11.01", "2026.11.02"):
        time.sleep(1.1)  # two releases are never of one second
        for name, folder in names.items():
            dates = folder / "cards" / "dates.yaml"
            if version == "2026.11.02":
                dates.write_text(dates.read_text("utf-8").replace(*edits[name], 1), "utf-8")
            done = run(folder, "release", "--date", version.replace(".", "-"))
            assert done.returncode == 0, done.stderr
            packages[name, version] = folder / done.stdout.splitlines()[0]
    col = Collection(str(tmp_path / "collection.anki2"))
    try:
        for name in names:
            import_package(col, packages[name, "2026.11.01"])
        counts = {name: len(col.find_notes(f"tag:{name}::*")) for name in names}
        assert counts == {"small": 2, "quad": 3}
        assert {"Small", "QUAD for UPSC"} <= {deck.name for deck in col.decks.all_names_and_ids()}
        types = {entry.name: entry.use_count for entry in col.models.all_use_counts() if entry.use_count}
        assert types == {"Small": 2, "QUAD": 3}
        mine = col.get_note(col.find_notes("tag:quad::basics")[0])
        mine["Mnemonic"] = "my own"
        col.update_note(mine)
        for name, other in (("small", "quad"), ("quad", "small")):
            before, own = rows(col, other), rows(col, name)
            log = import_package(col, packages[name, "2026.11.02"])
            assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
            assert rows(col, other) == before
            assert rows(col, name) != own
        assert col.get_note(mine.id)["Mnemonic"] == "my own"
        assert col.fix_integrity()[1]
    finally:
        col.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("taken",), "cannot make taken: it is there already, and no empty folder"),
        (("taken/file",), "cannot make taken/file: it is there already, and no empty folder"),
        (("taken/file/deck",), "cannot make taken/file/deck: a file is in its path"),
        (
            ("My Deck",),
            "cannot begin a deck named 'My Deck' in My Deck: 'My Deck' is not in kebab-case; use a-z,",
        ),
        (("quad", "--title", 'The "QUAD"'), "cannot begin a deck named 'The \"QUAD\"' in quad: "),
        (("quad", "--title", "A: B"), "cannot begin a deck named 'A: B' in quad: "),
        (("quad", "--title", "a\nb: c"), "cannot begin a deck named 'a\\nb: c' in quad: "),
        (("deep/er/Bad", "--title", "x"), "cannot begin a deck named 'x' in deep/er/Bad: 'Bad' is not in kebab-case"),
    ],
)
def test_what_cannot_be_begun_leaves_nothing(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    result = run(tmp_path, "init", *arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"csto-anki: {said}")
    assert len(result.stderr.splitlines()) == 1
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["taken", "taken/file"]


def test_an_empty_folder_can_be_filled_and_stays_empty_where_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "quad").mkdir()
    assert run(tmp_path, "init", "quad", "--title", "a: b").returncode == 1
    assert list((tmp_path / "quad").iterdir()) == []
    assert run(tmp_path / "quad", "init", ".").returncode == 0
    assert (tmp_path / "quad" / "cards" / "deck.yaml").exists()


@pytest.mark.parametrize("title", ["Room #1", "[x", "$title", "@a", "'x'", "! a", "Канал", "100%", "- a"])
def test_a_title_is_taken_as_it_is(title: str, tmp_path: Path) -> None:
    assert run(tmp_path, "init", "quad", "--title", title).returncode == 0
    deck, problems = read(tmp_path / "quad" / "cards")
    assert deck is not None, problems
    assert deck.title == title
