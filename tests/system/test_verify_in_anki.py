"""`verify`: packages in the real Anki, and what an update does to a learner, card by card."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import genanki
import pytest
from anki.collection import Collection
from anki.errors import AnkiException

from csto_anki.apkg import verify
from csto_anki.deck import values
from csto_anki.deck.parser import parse
from csto_anki.history.record import load
from support.commands import require_scripts, run
from support.packages import (
    INVALID,
    changed,
    exported,
    listed,
    members,
    ours,
    plain_genanki,
    sql,
    whole_collection,
    zipped,
)
from support.real_anki import import_package
from support.small_deck import FILES, write_deck

DIST = Path(__file__).parents[2] / "dist"
OLD = "dist/small-2026-06-01.apkg"
NEW = "dist/small-2026-07-01.apkg"


def verified(folder: Path, *arguments: object) -> tuple[int, dict[str, str], list[str], list[str]]:
    """The exit code, the facts, the lines of the cards and the faults."""
    result = run(folder, "verify", *map(str, arguments), "--format", "json")
    assert result.stderr == "", result.stderr
    found = json.loads(result.stdout)
    return result.returncode, found["facts"], found["more"], found["wrong"]


def test_the_newest_release_is_sound(tmp_path: Path) -> None:
    record, _ = load(DIST.parent / "cards" / "released.json")
    assert record is not None
    old, *_, new = (DIST / record.package_name("csto", version) for version in record.releases)
    code, facts, cards, faults = verified(tmp_path, new, "--against", old)
    assert (code, faults) == (0, [])
    assert facts["deck"] == "CSTO for UPSC"
    kept, _, every, *_ = facts["schedules"].split()
    assert kept == every
    assert cards
    assert all(card.startswith("new: ") or card.endswith("; its schedule stays") for card in cards)


def test_what_an_update_does_card_by_card(two_releases: Path) -> None:
    code, facts, cards, faults = verified(two_releases, NEW, "--against", OLD)
    assert (code, faults) == (0, [])
    assert facts["release"] == "byte for byte as released: small-2026-07-01.apkg"
    assert facts["notes"] == "1 new, 2 replaced"
    assert facts["schedules"] == "3 of 3 cards keep theirs, with flags and decks"
    assert cards == [
        "replaced: treaty-signed card 1: On which day was the Treaty signed?; its schedule stays",
        "replaced: highest-body card 1: Who sits on the *Council*?; its schedule stays",
        "replaced: highest-body card 2: Who sits on the *Council*?; its schedule stays",
        "new: seat card 1: In which *city* is its seat?",
    ]


def test_an_update_to_the_same_package(two_releases: Path) -> None:
    code, facts, cards, faults = verified(two_releases, NEW, "--against", NEW)
    assert (code, cards, faults, facts["notes"]) == (0, [], [], "3 untouched")


def test_an_update_to_an_older_package(two_releases: Path) -> None:
    code, facts, cards, faults = verified(two_releases, OLD, "--against", NEW)
    assert code == 1
    assert facts["notes"] == "1 not in the package and kept, 2 cannot arrive"
    assert faults == ["2 notes differ from what learners have but cannot arrive, because their time is not newer"]
    assert all(card.startswith("cannot arrive: ") for card in cards)


def test_a_change_that_is_held_back(two_releases: Path, tmp_path: Path) -> None:
    """Of the same package with another source: the learner's note stays. The only fault is that it claims a release."""
    path = zipped(tmp_path / "copy.apkg", members(two_releases / NEW))
    changed(path, sql("UPDATE notes SET flds = replace(flds, '>Charter<', '>The Charter<')"))
    code, facts, cards, faults = verified(two_releases, path, "--against", NEW)
    assert (code, cards) == (1, [])
    assert [fault.partition(",")[0] for fault in faults] == ["it claims to be 2026.07.01"]
    assert facts["notes"] == "3 untouched but with a change held back"


def test_a_note_type_that_changed_stops_all_updates(two_releases: Path, tmp_path: Path) -> None:
    """The worst mistake of a deck: no update arrives any more, and Anki does not say so."""
    path = zipped(tmp_path / "copy.apkg", members(two_releases / NEW))

    def add_a_field(connection: object) -> None:
        (models,) = connection.execute("SELECT models FROM col").fetchone()  # type: ignore[attr-defined]
        found = json.loads(models)
        for model in found.values():
            model["flds"].append({**model["flds"][-1], "name": "Added", "ord": len(model["flds"]), "id": 99})
        connection.execute("UPDATE col SET models = ?", (json.dumps(found),))  # type: ignore[attr-defined]
        connection.execute("UPDATE notes SET flds = flds || char(31), mod = mod + 100")  # type: ignore[attr-defined]

    code, _, _, faults = verified(two_releases, changed(path, add_a_field), "--against", OLD)
    assert code == 1
    assert "in the update, Anki logs 2 notes as conflicting" in faults


def test_packages_of_others(two_releases: Path, tmp_path: Path) -> None:
    code, facts, _, faults = verified(two_releases, plain_genanki(tmp_path))
    assert (code, faults, facts["deck"]) == (0, [], "Capitals")
    assert facts["made by"] == "not csto-anki, which does not check what its templates and fields do"


@pytest.mark.parametrize("legacy", [True, False])
def test_what_anki_itself_exported(two_releases: Path, legacy: bool, tmp_path: Path) -> None:
    code, facts, _, faults = verified(two_releases, exported(tmp_path, legacy))
    assert (code, faults, facts["deck"]) == (0, [], "Mine")
    assert facts["in Anki"].endswith(": 2 notes, 4 cards, 0 media")


@pytest.mark.parametrize(
    ("title", "is_name"),
    [
        *((title, True) for title in ("Polity: Part 1", "a:b", "Exams::Default", "it's", "A::a", "a/b", "#1", "हिन्दी")),
        *(
            (title, False)
            for title in ("A ::B", "A:: B", "A:::B", "A::::B", "A:", ":A", "A::B:", "::A", "A::", "default")
        ),
        *(("::".join("x" * levels), levels < 12) for levels in (11, 12, 13)),
    ],
)
def test_a_title_is_taken_if_anki_does_not_change_it(title: str, is_name: bool, tmp_path: Path) -> None:
    node, _, _ = parse("deck.yaml", json.dumps(title).encode())
    assert node is not None
    try:
        accepted = values.deck_title(node) == title
    except values.Invalid:
        accepted = False
    package = genanki.Package(deck := genanki.Deck(2059400110, title))
    deck.add_note(genanki.Note(genanki.BASIC_MODEL, ["Question", "Answer"]))
    package.write_to_file(tmp_path / "deck.apkg")
    collection = Collection(str(tmp_path / "c.anki2"))
    try:
        import_package(collection, tmp_path / "deck.apkg")
    except AnkiException:
        arrived = False
    else:
        (card,) = map(collection.get_card, collection.find_cards(""))
        arrived = collection.decks.name(card.did) == title
    collection.close()
    assert (accepted, arrived) == (is_name, is_name)


@pytest.mark.parametrize("legacy", [True, False])
def test_a_whole_collection_that_was_renamed(legacy: bool, tmp_path: Path) -> None:
    """Anki imports such a file as a deck, with everything that somebody has."""
    code, _, _, faults = verified(tmp_path, whole_collection(tmp_path, legacy))
    assert code == 1
    (fault,) = [fault for fault in faults if "whole collection" in fault]
    assert re.fullmatch(
        r"[5-9] note types that no note uses: it is somebody's whole collection under another name; do not share it",
        fault,
    )


def test_a_title_of_several_levels_is_one_deck(tmp_path: Path) -> None:
    """Anki makes the decks above it, too, which hold no card."""
    titled = FILES["deck.yaml"].replace("title: Small", 'title: "UPSC::Polity: Part 1"')
    write_deck(tmp_path / "cards", {"deck.yaml": titled})
    assert run(tmp_path, "build", "--output", "deck.apkg").returncode == 0
    code, facts, _, faults = verified(tmp_path, "deck.apkg")
    assert (code, faults, facts["deck"]) == (0, [], "UPSC::Polity: Part 1")


@pytest.mark.parametrize("legacy", [True, False])
def test_our_own_package_that_anki_exported_again(two_releases: Path, legacy: bool, tmp_path: Path) -> None:
    path = exported(tmp_path, legacy, package=two_releases / NEW)
    code, facts, _, faults = verified(two_releases, path, "--against", OLD)
    assert code == 1
    assert faults == [
        "an export of Anki, not the file that csto-anki wrote: it can hold somebody's words; share the file in dist"
    ]
    assert facts["release"] == "none: no difference compared with 2026.07.01"
    assert facts["notes"] == "1 new, 2 replaced"


def test_foreign_markup_is_found_in_the_newer_format_too(tmp_path: Path) -> None:
    spoilt = changed(ours(tmp_path), sql("UPDATE notes SET flds = replace(flds, 'Council', '<script>x</script>')"))
    code, _, _, faults = verified(tmp_path, exported(tmp_path, False, package=spoilt))
    assert code == 1
    assert "<script> in 1 notes, which csto-anki does not write" in faults


@pytest.mark.parametrize(("query", "expected"), [each for each in INVALID if "ivl" not in each[0]])
def test_invalid_times_and_ids(query: str, expected: str, tmp_path: Path) -> None:
    """As in `inspect`; schedules are not among them, because the import leaves them out."""
    code, _, _, faults = verified(tmp_path, changed(ours(tmp_path), sql(query)))
    assert code == 1
    assert expected in faults


def test_schedules_are_not_imported_but_are_a_fault(tmp_path: Path) -> None:
    (spoil, expected) = INVALID[-1]
    code, _, _, faults = verified(tmp_path, changed(ours(tmp_path), sql(spoil)))
    assert (code, faults) == (1, [expected])


def test_a_missing_picture_is_found(tmp_path: Path) -> None:
    code, _, _, faults = verified(tmp_path, listed(ours(tmp_path), "{}"))
    assert code == 1
    assert any(line.endswith(" is missing") for line in faults), faults
    assert any(line.endswith(" is shown but missing") for line in faults), faults


def test_what_anki_refuses_is_reported(tmp_path: Path) -> None:
    """Without Anki it seems sound, because of the newest format only the zip can be read."""
    zipped(tmp_path / "a.apkg", {"collection.anki21b": b"no zstd", "meta": b"\x08\x03", "media": b""})
    result = run(tmp_path, "verify", "a.apkg")
    assert result.returncode == 1
    assert "wrong: Anki does not import it: " in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    older = run(tmp_path, "verify", str(ours(tmp_path)), "--against", "a.apkg")
    assert older.returncode == 1
    assert "wrong: Anki does not import a.apkg, or does not import this package over it: " in older.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of this kind")
def test_a_package_that_unpacks_without_end_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zstd bomb of 32 kB that unpacks to 1 GB, with a lower limit for the test."""
    # A frame of repeated blocks: each is 128 kB of one byte (RFC 8878, 3.1.1.2.2).
    block = ((128 * 1024) << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    last = ((128 * 1024) << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"x"
    frame = b"\x28\xb5\x2f\xfd\x00\x50" + block * 8191 + last
    path = zipped(tmp_path / "bomb.apkg", {"collection.anki21b": frame, "meta": b"\x08\x03", "media": b""})
    assert path.stat().st_size < 60_000
    code = verify.CHILD_CODE.replace(
        "; main()", "; from csto_anki.apkg import anki; anki.MAX_FILE_BYTES = 50_000_000; main()"
    )
    assert code != verify.CHILD_CODE
    monkeypatch.setattr(verify, "CHILD_CODE", code)
    (temp := tmp_path / "temp").mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    found = verify.verify(path, None, [], 2_000_000_000)
    assert len(found.faults) == 1
    assert found.faults[0].startswith("Anki does not import it: ")
    assert list(temp.iterdir()) == []


def test_no_module_of_the_current_folder_is_run(tmp_path: Path) -> None:
    """A contribution may have a file with the name of a module."""
    require_scripts()
    path = ours(tmp_path)
    for name in ("anki", "json", "resource", "csto_anki", "yaml"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name}.py of a stranger was run')\n")
    script = Path(sys.executable).with_name("csto-anki" + (".exe" if os.name == "nt" else ""))
    result = subprocess.run([script, "verify", path.name], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
