"""`verify`: packages in the real Anki, and what an update does to a learner, card by card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from csto_anki import verify as module
from packages import changed, exported, listed, members, ours, plain_genanki, sql, zipped
from test_cli import run
from test_inspect import project  # noqa: F401  # a fixture

DIST = Path(__file__).parents[1] / "dist"
OLD = "dist/small-2026.06.01.apkg"
NEW = "dist/small-2026.07.01.apkg"


def verified(folder: Path, *arguments: object) -> tuple[int, dict[str, str], list[str], list[str]]:
    """The exit code, the facts, the cards and what is wrong."""
    result = run(folder, "verify", *map(str, arguments), "--format", "json")
    assert result.stderr == "", result.stderr
    found = json.loads(result.stdout)
    return result.returncode, found["facts"], found["more"], found["wrong"]


def test_the_newest_release_is_sound(tmp_path: Path) -> None:
    names = [path for path in DIST.glob("csto-2*.apkg") if ".dev-" not in path.name]
    old, *_, new = sorted(names, key=lambda path: [int(part) for part in path.stem.rpartition("-")[2].split(".")])
    code, facts, cards, wrong = verified(tmp_path, new, "--against", old)
    assert (code, wrong) == (0, [])
    assert facts["deck"] == "CSTO for UPSC"
    assert "replaced" not in facts["notes"]
    kept, _, every, *_ = facts["schedules"].split()
    assert kept == every
    assert all(card.startswith("new: ") for card in cards)


def test_what_an_update_does_card_by_card(project: Path) -> None:  # noqa: F811
    code, facts, cards, wrong = verified(project, NEW, "--against", OLD)
    assert (code, wrong) == (0, [])
    assert facts["notes"] == "1 new, 2 replaced"
    assert facts["schedules"] == "3 of 3 cards keep theirs, with flags and decks"
    assert cards == [
        "replaced: treaty-signed card 1: On which day was the Treaty signed?; its schedule stays",
        "replaced: highest-body card 1: Who sits on the *Council*?; its schedule stays",
        "replaced: highest-body card 2: Who sits on the *Council*?; its schedule stays",
        "new: seat card 1: In which *city* is its seat?",
    ]


def test_an_update_to_the_same_or_an_older_package(project: Path) -> None:  # noqa: F811
    code, facts, cards, wrong = verified(project, NEW, "--against", NEW)
    assert (code, cards, wrong, facts["notes"]) == (0, [], [], "3 untouched")
    code, facts, cards, wrong = verified(project, OLD, "--against", NEW)
    assert code == 1
    assert facts["notes"] == "1 not in it, stays, 2 cannot arrive"
    assert wrong == ["2 notes differ from what learners have, and do not arrive: their time is not newer"]
    assert all(card.startswith("cannot arrive: ") for card in cards)


def test_a_note_type_that_changed_stops_all_updates(project: Path, tmp_path: Path) -> None:  # noqa: F811
    """The silent disaster of decks: nothing arrives any more, and nobody is told."""
    path = zipped(tmp_path / "copy.apkg", members(project / NEW))

    def one_field_less(connection: object) -> None:
        (models,) = connection.execute("SELECT models FROM col").fetchone()  # type: ignore[attr-defined]
        found = json.loads(models)
        for model in found.values():
            model["flds"].append({**model["flds"][-1], "name": "Added", "ord": len(model["flds"]), "id": 99})
        connection.execute("UPDATE col SET models = ?", (json.dumps(found),))  # type: ignore[attr-defined]
        connection.execute("UPDATE notes SET flds = flds || char(31), mod = mod + 100")  # type: ignore[attr-defined]

    code, _, _, wrong = verified(project, changed(path, one_field_less), "--against", OLD)
    assert code == 1
    assert "over the older one Anki logs 2 notes as conflicting" in wrong


def test_packages_of_others(project: Path, tmp_path: Path) -> None:  # noqa: F811
    code, facts, _, wrong = verified(project, plain_genanki(tmp_path))
    assert (code, wrong, facts["deck"]) == (0, [], "Capitals")
    for legacy in (True, False):
        code, facts, _, wrong = verified(project, exported(tmp_path, legacy))
        assert (code, wrong, facts["deck"]) == (0, [], "Mine"), legacy
        assert facts["in Anki"].endswith(": 2 notes, 4 cards, 0 media")


@pytest.mark.parametrize("legacy", [True, False])
def test_ours_that_anki_exported_again_is_still_ours(project: Path, legacy: bool, tmp_path: Path) -> None:  # noqa: F811
    path = exported(tmp_path, legacy, package=project / NEW)
    code, facts, _, wrong = verified(project, path, "--against", OLD)
    assert (code, wrong) == (0, [])
    assert facts["notes"] == "1 new, 2 replaced"


def test_what_is_active_or_missing_is_found_in_the_newer_format_too(tmp_path: Path) -> None:
    spoilt = changed(ours(tmp_path), sql("UPDATE notes SET flds = replace(flds, 'Council', '<script>x</script>')"))
    code, _, _, wrong = verified(tmp_path, exported(tmp_path, False, package=spoilt))
    assert code == 1
    assert "<script> in 1 notes, which csto-anki does not write" in wrong
    bare = tmp_path / "bare"
    bare.mkdir()
    path = listed(ours(bare), "{}")
    code, _, _, wrong = verified(tmp_path, path)
    assert code == 1
    assert any(line.endswith(" is missing") for line in wrong), wrong
    assert any(line.endswith(" is shown and not there") for line in wrong), wrong


def test_what_anki_refuses_is_told(tmp_path: Path) -> None:
    """Read without Anki it is sound, for of the newer format only the outside can be read."""
    zipped(tmp_path / "a.apkg", {"collection.anki21b": b"no zstd", "meta": b"\x08\x03", "media": b""})
    result = run(tmp_path, "verify", "a.apkg")
    assert result.returncode == 1
    assert "wrong: Anki does not import it: " in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    older = run(tmp_path, "verify", str(ours(tmp_path)), "--against", "a.apkg")
    assert older.returncode == 1
    assert "wrong: Anki does not import it over a.apkg, or not that: " in older.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of this kind")
def test_a_package_that_unpacks_without_end_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zstd bomb of 32 kB that unpacks to 1 GB, against a bound that is lowered for the test."""
    # A frame of repeated blocks: each says 128 kB of one byte (RFC 8878, 3.1.1.2.2).
    block = ((128 * 1024) << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    last = ((128 * 1024) << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"x"
    frame = b"\x28\xb5\x2f\xfd\x00\x50" + block * 8191 + last
    path = zipped(tmp_path / "bomb.apkg", {"collection.anki21b": frame, "meta": b"\x08\x03", "media": b""})
    assert path.stat().st_size < 60_000
    code = module.RUN.replace("; main()", "; import csto_anki.collection as c; c.BYTES_OF_A_FILE = 50_000_000; main()")
    monkeypatch.setattr(module, "RUN", code)
    (temp := tmp_path / "temp").mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    found = module.verify(path, None, None, 2_000_000_000)
    assert len(found.wrong) == 1
    assert found.wrong[0].startswith("Anki does not import it: ")
    assert list(temp.iterdir()) == []


def test_nothing_of_the_folder_where_one_stands_is_run(tmp_path: Path) -> None:
    """A contribution may hold a file of the name of a module."""
    path = ours(tmp_path)
    for name in ("anki", "json", "resource", "csto_anki", "yaml"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name}.py of a stranger was run')\n")
    script = Path(sys.executable).with_name("csto-anki" + (".exe" if os.name == "nt" else ""))
    result = subprocess.run([script, "verify", path.name], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
