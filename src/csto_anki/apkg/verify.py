"""A package in the real Anki -> whether it is sound, and what an update to it would do to a learner, card by card."""

from __future__ import annotations

import base64
import errno
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from csto_anki import files
from csto_anki.apkg import inspect, reader
from csto_anki.apkg.anki import EXPECTED_IN_LOG, MAX_SECONDS, NEW_IN_LOG
from csto_anki.apkg.faults import faults_in_name, faults_in_times, faults_inside, whole_collection
from csto_anki.apkg.inspect import Report
from csto_anki.apkg.reader import Package
from csto_anki.files import Refused
from csto_anki.history.record import Released
from csto_anki.language.words import Words
from csto_anki.note.html import to_text
from csto_anki.note.note_type import FIELD_NAMES, HELD_BACK_FIELDS

# `python -m` would import modules from the current folder, which may be a stranger's.
CHILD_CODE = "import sys; sys.path[:] = filter(None, sys.path); from csto_anki.apkg.anki import main; main()"

# What an update does to a note.
_NEW, _REPLACED, _UNTOUCHED = "new", "replaced", "untouched"
_HELD_BACK = "untouched but with a change held back"
_KEPT = "not in the package and kept"
_BLOCKED = "cannot arrive"
_OUTCOMES = (_NEW, _REPLACED, _UNTOUCHED, _HELD_BACK, _KEPT, _BLOCKED)

# What Anki says if its folder, and not the package, is at fault.
_FAULTS_OF_THE_MACHINE = ("DiskFull", "disk is full", "CannotOpen", "No space left", "UnicodeEncodeError")
_MAX_FRONT_LENGTH = 80  # characters of the first field in the line of a card


def verify(
    path: Path, older: Path | None, records: Sequence[Released], now: int, words: Sequence[Words] = ()
) -> Report:
    """Import a package into a fresh collection and, if `older` is given, into a second one that has the older package.

    `records` and `words` are those of the deck and its editions; `now` is in seconds since 1970. Raises OSError, and
    files.Refused if a package cannot be read at all.
    """
    package = reader.load(path)
    if older:
        _require_readable(older)
    result = _run_anki(path, older)
    facts = inspect.file_facts(path)
    if "fresh" not in result:
        return Report(facts, (), (*faults_in_name(path), f"Anki does not import it: {result['error']}"))
    imported = _imported(package, result["fresh"])
    counts = f"{len(imported.notes or ()):,} notes, {imported.cards:,} cards, {len(imported.media):,} media"
    facts |= {"deck": "; ".join(imported.decks) or "no name", "in Anki": f"{result['anki_version']}: {counts}"}
    released = inspect.record_of(imported, records)
    known = inspect.known_looks(imported, facts["SHA-256"], released, words)
    facts |= inspect.made_by(imported, known, words)
    facts["release"], _, fault = inspect.compare_with_releases(imported, facts["SHA-256"], released)
    faults = [*faults_in_name(path), *package.faults, *_import_faults(package, result["fresh"])]
    if unused := result.get("unused_note_types", package.unused_note_types):
        faults.append(whole_collection(unused))
    # A fault that is in the package and in the collection is reported once.
    faults += dict.fromkeys([*faults_in_times(package, now), *faults_inside(imported, known, released, now)])
    faults += [fault] if fault else []
    if older is None:
        return Report(facts, (), tuple(faults))
    facts["over"] = older.name
    if not result.get("update"):
        faults.append(f"Anki does not import {older.name}, or does not import this package over it: {result['error']}")
        return Report(facts, (), tuple(faults))
    update, outcomes = result["update"], _outcomes(result["update"], imported)
    facts |= _update_facts(update, outcomes)
    faults += _update_faults(update, imported, outcomes)
    return Report(facts, tuple(_changed_cards(update, imported, outcomes)), tuple(faults))


def _require_readable(older: Path) -> None:
    try:
        reader.load(older)
    except Refused as error:
        raise Refused(f"{older}: {error.message}", error.hint) from error


def _run_anki(path: Path, older: Path | None) -> dict[str, Any]:
    """The result of `anki.main` in a process of its own. Raises OSError."""
    with files.temporary_folder() as folder:
        # Whatever the process or Anki leaves behind is removed with the folder.
        environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))}
        # Anki takes only paths in UTF-8, but the path of a package can be in any encoding, so it gets copies.
        given = [path, older] if older else [path]
        copies = [shutil.copyfile(each, folder / f"{number}.apkg") for number, each in enumerate(given)]
        command = [sys.executable, "-c", CHILD_CODE, *map(str, copies)]
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=MAX_SECONDS
            )
        except subprocess.TimeoutExpired:
            return {"error": f"it took more than {MAX_SECONDS} seconds"}
        last_line = (done.stderr if done.returncode else done.stdout).strip().split("\n")[-1]
        if done.returncode:
            result: dict[str, Any] = {"error": f"Anki gave up ({done.returncode}): {last_line}"}
        else:
            result = json.loads(last_line)
        error = str(result.get("error"))
        if any(sign in error for sign in _FAULTS_OF_THE_MACHINE):
            reason = f"{error}; name another folder in TMPDIR, on Windows in TEMP"
            raise OSError(errno.EIO, reason, "Anki's temporary folder")
        return result


def _imported(package: Package, fresh: Mapping[str, Any]) -> Package:
    """The package as it is in a fresh collection."""
    return Package(
        collection=package.collection,
        decks=fresh["decks"],
        note_types=tuple(reader.parse_note_type(each) for each in fresh["note_types"]),
        notes=tuple(reader.parse_note(*row) for row in fresh["notes"]),
        cards=fresh["cards"],
        media=fresh["media"],
        pictures={name: base64.b64decode(data) for name, data in fresh["pictures"].items()},
        faults=(),
        studied=package.studied,
    )


def _import_faults(package: Package, fresh: Mapping[str, Any]) -> Iterator[str]:
    for name, count in fresh["log"].items():
        if count and name != NEW_IN_LOG:
            yield f"Anki logs {count} notes as {name.replace('_', ' ')}"
    if fresh["integrity"]:
        yield f"Anki's check of the database found: {to_text(fresh['integrity'])}"
    arrived = (len(fresh["notes"]), fresh["cards"])
    if package.notes is not None and (len(package.notes), package.cards) != arrived:
        counts = f"{len(package.notes)} notes and {package.cards} cards"
        yield f"the package has {counts}, but {arrived[0]} notes and {arrived[1]} cards arrive in Anki"
    yield from reader.limited(f"the file {name!r} is missing" for name in fresh["missing"])
    if fresh["blank"]:
        yield f"{fresh['blank']} notes have a blank card"


def _outcomes(update: Mapping[str, Any], imported: Package) -> dict[str, str]:
    """What the update does to each note, by its guid. A learner's words are lost if the note is replaced."""
    values = {note.guid: note.values for note in imported.notes or ()}
    guids_before = {card.rpartition(" ")[0] for card in update["before"]}
    outcomes = {}
    for guid, (has_learner_tag, fields) in update["notes"].items():
        if guid not in guids_before:
            outcomes[guid] = _NEW
        elif not has_learner_tag:
            outcomes[guid] = _REPLACED
        elif guid not in values:
            outcomes[guid] = _KEPT
        else:
            outcomes[guid] = _outcome_if_not_replaced(fields.split("\x1f"), list(values[guid]), imported)
    return outcomes


def _outcome_if_not_replaced(old: list[str], new: list[str], imported: Package) -> str:
    """What the update does to a note that is in the package but was not replaced; `old` and `new` are its fields."""
    if old == new:
        return _UNTOUCHED
    if len(old) != len(new):
        return _BLOCKED
    for name, before, after in zip(_names(imported, len(old)), old, new, strict=False):
        if name not in HELD_BACK_FIELDS and to_text(before) != to_text(after):
            return _BLOCKED
    return _HELD_BACK


def _names(imported: Package, count: int) -> Sequence[str]:
    """The names of the fields of a note if they are known, else their numbers."""
    return FIELD_NAMES if imported.is_ours else [str(number) for number in range(count)]


def _update_facts(update: Mapping[str, Any], outcomes: Mapping[str, str]) -> dict[str, str]:
    counts = Counter(outcomes.values())
    kept = len(update["before"]) - len(_lost_schedules(update))
    return {
        "notes": ", ".join(f"{counts[outcome]} {outcome}" for outcome in _OUTCOMES if counts[outcome]),
        "schedules": f"{kept} of {len(update['before'])} cards keep theirs, with flags and decks",
    }


def _lost_schedules(update: Mapping[str, Any]) -> list[str]:
    """The cards that the update deletes or whose schedule it changes."""
    return [card for card, schedule in update["before"].items() if update["after"].get(card) != schedule]


def _changed_cards(update: Mapping[str, Any], imported: Package, outcomes: Mapping[str, str]) -> Iterator[str]:
    """A line for each card that is new or replaced, cannot arrive, or loses its schedule."""
    field_names = {each.id: [name for name, _ in each.fields] for each in imported.note_types}
    fields_of = {
        note.guid: dict(zip(field_names[note.note_type], note.values, strict=True)) for note in imported.notes or ()
    }
    for card, schedule in update["after"].items():
        guid, _, place = card.rpartition(" ")
        outcome, is_same = outcomes[guid], update["before"].get(card) == schedule
        if outcome in (_UNTOUCHED, _HELD_BACK) or (outcome == _KEPT and is_same):
            continue
        kept = update["notes"][guid][1].split("\x1f")
        fields = fields_of.get(guid) or dict(zip(_names(imported, len(kept)), kept, strict=False))
        front = to_text(next(iter(fields.values()))).replace("\n", " ")[:_MAX_FRONT_LENGTH]
        line = f"{outcome}: {fields.get('Id', guid)} card {int(place) + 1}: {front}"
        if outcome != _NEW:
            is_lost = card in update["before"] and not is_same
            line += f"; its schedule {'is lost' if is_lost else 'stays'}"
        yield line


def _update_faults(update: Mapping[str, Any], imported: Package, outcomes: Mapping[str, str]) -> Iterator[str]:
    """What an update must never do."""
    for name, count in update["log"].items():
        if count and name not in EXPECTED_IN_LOG:
            yield f"in the update, Anki logs {count} notes as {name.replace('_', ' ')}"
    if lost := _lost_schedules(update):
        yield f"{len(lost)} cards lose their schedule"
    if imported.is_ours and (count := _duplicated_ids(update)):
        yield f"{count} notes would be duplicated, because their guids changed"
    if update["doubled"] or not update["is_sound"]:
        yield "the collection is not sound after the update"
    if count := sum(outcome == _BLOCKED for outcome in outcomes.values()):
        yield f"{count} notes differ from what learners have but cannot arrive, because their time is not newer"


def _duplicated_ids(update: Mapping[str, Any]) -> int:
    """How many notes have the id of another note."""
    notes = [fields.split("\x1f") for _, fields in update["notes"].values()]
    ids = [values[FIELD_NAMES.index("Id")] for values in notes if len(values) == len(FIELD_NAMES)]
    return len(ids) - len(set(ids))
