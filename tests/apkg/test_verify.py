"""`verify`: what it makes of the results of Anki. The real Anki is in tests/system/test_verify_in_anki.py."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from csto_anki.apkg import anki, reader, verify
from csto_anki.apkg.inspect import Report
from csto_anki.apkg.reader import Package
from support.packages import ours
from support.releases import JUNE

LOG = {"new": 2, "updated": 0, "duplicate": 0, "conflicting": 0}
SCHEDULE = [1, 2, 2, 400, 5, 2000, 3, 0, 1]


def imported(package: Package) -> dict[str, Any]:
    """What the real Anki would report of a sound import of this package."""
    (note_type,) = package.note_types
    sides = {name: text for name, text in note_type.looks.items() if name != "Styling"}
    model = {
        "id": note_type.id,
        "mod": note_type.mod,
        "name": note_type.name,
        "flds": [{"name": name, "id": id} for name, id in note_type.fields],
        "tmpls": [
            {"name": name, "id": id, "qfmt": sides[f"{name} front"], "afmt": sides[f"{name} back"]}
            for name, id in note_type.templates
        ],
        "css": note_type.looks["Styling"],
    }
    return {
        "log": LOG,
        "integrity": "",
        "missing": [],
        "blank": 0,
        "notes": [
            [note.guid, note.note_type, note.mod, " ".join(note.tags), "\x1f".join(note.values)]
            for note in package.notes or ()
        ],
        "note_types": [model],
        "decks": dict(package.decks),
        "cards": package.cards,
        "media": dict(package.media),
        "pictures": {name: base64.b64encode(data).decode() for name, data in package.pictures.items()},
    }


def updated(package: Package) -> dict[str, Any]:
    """What the real Anki would report of an import over the same package: nothing has changed."""
    notes = {note.guid: [True, "\x1f".join(note.values)] for note in package.notes or ()}
    cards = {f"{guid} 0": SCHEDULE for guid in notes}
    return {"log": LOG, "is_sound": True, "before": cards, "after": dict(cards), "notes": notes, "doubled": 0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ours(tmp_path)


def verified(path: Path, result: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report on a package, if Anki gives this result."""
    monkeypatch.setattr(verify, "_run_anki", lambda package, older: {"anki_version": "26.9", **result})
    return verify.verify(path, path if "update" in result else None, [], JUNE)


def test_a_sound_package(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = verified(path, {"fresh": imported(reader.load(path))}, monkeypatch)
    assert (report.faults, report.details) == ((), ())
    assert (report.properties["deck"], report.properties["in Anki"]) == ("Small", "26.9: 2 notes, 3 cards, 1 media")


def test_a_package_that_anki_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = verified(path, {"error": "the file is corrupt"}, monkeypatch)
    assert report.faults == ("Anki does not import it: the file is corrupt",)
    result = {"fresh": imported(reader.load(path)), "update": None, "error": "the file is corrupt"}
    report = verified(path, result, monkeypatch)
    assert report.faults == (
        "Anki does not import ours.apkg, or does not import this package over it: the file is corrupt",
    )


def test_a_name_that_anki_takes_for_a_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = (
        "its name: Anki takes a file with this name for a backup and restores it over the learner's whole collection; "
        "rename it before anyone opens it"
    )
    renamed = path.rename(path.with_name("Backup-1.apkg"))
    assert verified(renamed, {"fresh": imported(reader.load(renamed))}, monkeypatch).faults == (fault,)
    report = verified(renamed, {"error": "the file is corrupt"}, monkeypatch)
    assert report.faults == (fault, "Anki does not import it: the file is corrupt")
    again = renamed.rename(path.with_name("my-backup.apkg"))
    assert verified(again, {"fresh": imported(reader.load(again))}, monkeypatch).faults == ()


def test_faults_of_the_import(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = imported(reader.load(path))
    fresh |= {
        "log": {**LOG, "first_field_match": 2},
        "integrity": "Fixed 2 notes.<br>Fixed 1 card.",
        "cards": 2,
        "missing": ["a.svg"],
        "blank": 1,
    }
    assert verified(path, {"fresh": fresh}, monkeypatch).faults == (
        "Anki logs 2 notes as first field match",
        "Anki's check of the database found: Fixed 2 notes.\nFixed 1 card.",
        "the package has 2 notes and 3 cards, but 2 notes and 2 cards arrive in Anki",
        "the file 'a.svg' is missing",
        "1 notes have a blank card",
    )


def test_what_an_update_does_to_each_note(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = reader.load(path)
    first, second = package.notes or ()
    update = updated(package)
    update["notes"] = {
        first.guid: [False, "\x1f".join(first.values)],
        second.guid: [True, "\x1f".join(second.values).replace("heads", "leaders")],
        "kept": [True, "Why?\x1fBecause."],
    }
    update["before"]["kept 0"] = update["after"]["kept 0"] = SCHEDULE
    update["before"]["kept 1"] = SCHEDULE
    update["after"]["kept 1"] = []
    report = verified(path, {"fresh": imported(package), "update": update}, monkeypatch)
    assert report.properties["over"] == "ours.apkg"
    assert report.properties["notes"] == "1 replaced, 1 not in the package and kept, 1 cannot arrive"
    assert report.properties["schedules"] == "3 of 4 cards keep theirs, with flags and decks"
    assert report.details == (
        "replaced: treaty-signed card 1: On which day was the Treaty signed?; its schedule stays",
        "cannot arrive: highest-body card 1: Who sits on the Council?; its schedule stays",
        "not in the package and kept: kept card 2: Why?; its schedule is lost",
    )
    assert report.faults == (
        "1 cards lose their schedule",
        "1 notes differ from what learners have but cannot arrive, because their time is not newer",
    )


def test_notes_that_are_new_or_have_a_change_held_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = reader.load(path)
    first, second = package.notes or ()
    update = updated(package)
    del update["before"][f"{first.guid} 0"]
    update["notes"][second.guid] = [True, "\x1f".join(second.values).replace(">Charter<", ">The Charter<")]
    report = verified(path, {"fresh": imported(package), "update": update}, monkeypatch)
    assert report.properties["notes"] == "1 new, 1 untouched but with a change held back"
    assert report.details == ("new: treaty-signed card 1: On which day was the Treaty signed?",)
    assert report.faults == ()


def test_what_an_update_must_never_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = reader.load(path)
    update = updated(package)
    note = next(iter(update["notes"].values()))
    update["notes"]["other"] = note
    update |= {"log": {**LOG, "conflicting": 2, "updated": 1}, "is_sound": False}
    report = verified(path, {"fresh": imported(package), "update": update}, monkeypatch)
    assert report.faults == (
        "in the update, Anki logs 2 notes as conflicting",
        "1 notes would be duplicated, because their guids changed",
        "the collection is not sound after the update",
    )


def test_all_that_anki_leaves_is_in_a_folder_of_its_own(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if it is killed, nothing of it stays in the machine's temporary folder."""
    folders: list[set[str]] = []

    def run(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        folders.append({env[name] for name in ("TMPDIR", "TEMP", "TMP")})
        assert all(Path(each).parent == Path(env["TMPDIR"]) for each in command[3:])
        return subprocess.CompletedProcess(command, -9, "", "killed")

    monkeypatch.setattr(subprocess, "run", run)
    assert verify.verify(path, path, [], JUNE).faults == ("Anki does not import it: Anki gave up (-9): killed",)
    ((folder,),) = folders
    assert not Path(folder).exists()


@pytest.mark.parametrize("error", ["DbError { kind: Other, DiskFull }", "CannotOpen", "No space left on device"])
def test_a_fault_of_the_machine_is_not_one_of_the_package(
    error: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for output, code, stderr in ((json.dumps({"error": error}), 0, ""), ("", 1, error)):
        done = subprocess.CompletedProcess([], code, output, stderr)
        monkeypatch.setattr(subprocess, "run", lambda *_, done=done, **__: done)
        with pytest.raises(OSError, match="name another folder in TMPDIR"):
            verify.verify(path, None, [], JUNE)


def test_what_the_check_of_the_database_finds_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Collection, "fix_integrity", lambda _: ("a card without a note", False))
    assert anki._import_fresh(path)["integrity"] == "a card without a note"


def test_the_deck_of_a_card_is_a_part_of_its_schedule(path: Path) -> None:
    """verify says that cards keep their schedules, with flags and decks."""
    before = updated(reader.load(path))
    card = next(iter(before["after"]))
    at = anki._SCHEDULE.index("did")
    before["after"][card] = [*SCHEDULE[:at], 99, *SCHEDULE[at + 1 :]]
    assert verify._lost_schedules(before) == [card]
    assert "flags" in anki._SCHEDULE
