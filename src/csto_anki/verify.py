"""A package in the real Anki -> whether it is sound, and what an update to it would do to a learner, card by card."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from csto_anki import examine, package, together
from csto_anki.collection import SECONDS
from csto_anki.diff import SILENT, plain
from csto_anki.examine import Report
from csto_anki.fields import FIELDS, VERSION
from csto_anki.files import Refused
from csto_anki.package import Package
from csto_anki.release import Released

# Not `-m`, which would take modules from the folder where one stands, and that may be a stranger's.
RUN = "import sys; sys.path[:] = filter(None, sys.path); from csto_anki.collection import main; main()"
AS_IT_SHOULD_BE = ("new", "updated", "duplicate")


def verify(path: Path, older: Path | None, released: Released | None, now: int) -> Report:
    """Import a package into a fresh collection, and if told over an older one; `now` is in seconds since 1970.

    `released` is the record of releases, if there is one. Raises files.Refused where a package cannot be read at all,
    and OSError.
    """
    found = package.load(path)
    if older:
        try:
            package.load(older)
        except Refused as error:
            raise Refused(f"{older}: {error.what}", error.way_out) from error
    told = _in_anki(path, older)
    facts = {"file": f"{path.name}, {path.stat().st_size:,} bytes", "SHA-256": together.digest(path)}
    if "alone" not in told:
        return Report(facts, (), (f"Anki does not import it: {told['refused']}",))
    alone = told["alone"]
    seen = _seen(found, alone)
    facts |= {
        "deck": "; ".join(seen.decks) or "no name",
        "in Anki": f"{told['anki']}: {len(seen.notes or ()):,} notes, {seen.cards:,} cards, {len(seen.media):,} media",
    }
    wrong = [*found.wrong, *_wrong_alone(found, alone)]
    facts |= examine.made_by(seen)
    known = examine.known_looks(seen, facts["SHA-256"], released)
    wrong += dict.fromkeys([*examine.wrong_in_time(found, now), *examine.wrong_inside(seen, known, now)])
    if older is None:
        return Report(facts, (), tuple(wrong))
    facts["over"] = older.name
    if not told.get("over"):
        return Report(facts, (), (*wrong, f"Anki does not import it over {older.name}, or not that: {told['refused']}"))
    over, outcome = told["over"], _outcomes(told["over"], seen)
    facts |= _counted(over, outcome)
    return Report(facts, tuple(_card_by_card(over, seen, outcome)), (*wrong, *_wrong_over(over, seen, outcome)))


def _in_anki(path: Path, older: Path | None) -> dict[str, Any]:
    """What the process that imports says. Raises OSError."""
    with together.scratch() as folder:
        # Whatever it leaves behind, or Anki does, goes with the folder.
        environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))}
        command = [sys.executable, "-c", RUN, str(path.absolute()), *([str(older.absolute())] if older else [])]
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return {"refused": f"it took more than {SECONDS} seconds"}
        if done.returncode:
            last = done.stderr.strip().split("\n")[-1]
            return {"refused": f"Anki gave up ({done.returncode}): {last}"}
        return dict(json.loads(done.stdout.strip().split("\n")[-1]))


def _seen(found: Package, alone: Mapping[str, Any]) -> Package:
    """The package as it is in a collection."""
    types = tuple(package.note_type(each) for each in alone["types"])
    notes = tuple(package.note(*row) for row in alone["notes"])
    pictures = {name: base64.b64decode(data) for name, data in alone["pictures"].items()}
    return Package(
        found.format, alone["decks"], types, notes, alone["cards"], alone["media"], pictures, (), found.studied
    )


def _wrong_alone(found: Package, alone: Mapping[str, Any]) -> Iterator[str]:
    """What went wrong with the import into a fresh collection."""
    for name, count in alone["log"].items():
        if count and name != "new":
            yield f"Anki logs {count} notes as {name.replace('_', ' ')}"
    if alone["sound"]:
        yield f"Anki's check of the database found: {plain(alone['sound'])}"
    if found.notes is not None and (len(found.notes), found.cards) != (len(alone["notes"]), alone["cards"]):
        yield f"of {len(found.notes)} notes and {found.cards} cards {len(alone['notes'])} and {alone['cards']} arrive"
    yield from package.few(f"the file {name!r} is missing" for name in alone["missing"])
    if alone["blank"]:
        yield f"{alone['blank']} notes have a blank card"


def _counted(over: Mapping[str, Any], outcome: Mapping[str, str]) -> dict[str, str]:
    """What the import does, in numbers."""
    counts = {each: sum(found == each for found in outcome.values()) for each in dict.fromkeys(OUTCOMES)}
    same = sum(over["after"].get(card) == schedule for card, schedule in over["before"].items())
    return {
        "notes": ", ".join(f"{count} {each}" for each, count in counts.items() if count),
        "schedules": f"{same} of {len(over['before'])} cards keep theirs, with flags and decks",
    }


NEW, REPLACED, SAME, LEFT, STUCK = "new", "replaced", "untouched", "not in it, stays", "cannot arrive"
# What was decided to be too small to send; it comes with the note's next change.
WAITS = "untouched but for what waits"
OUTCOMES = (NEW, REPLACED, SAME, WAITS, LEFT, STUCK)


def _outcomes(over: Mapping[str, Any], seen: Package) -> dict[str, str]:
    """What becomes of each note, by its guid; what a learner wrote is lost where it is replaced."""
    values = {note.guid: "\x1f".join(note.values) for note in seen.notes or ()}
    known = {card.rpartition(" ")[0] for card in over["before"]}
    found = {}
    for guid, (marked, fields) in over["notes"].items():
        if guid not in known:
            found[guid] = NEW
        elif not marked:
            found[guid] = REPLACED
        elif guid not in values:
            found[guid] = LEFT
        else:
            found[guid] = _kept(fields.split("\x1f"), values[guid].split("\x1f"), examine.is_ours(seen))
    return found


def _kept(old: list[str], new: list[str], ours: bool) -> str:
    """Of a note that stays as it is: whether the package has another."""
    if old == new:
        return SAME
    silent = [name in SILENT or name == VERSION for name, _ in FIELDS] if ours else [False] * len(old)
    loud = [plain(a) != plain(b) for a, b, hushed in zip(old, new, silent, strict=False) if not hushed]
    return STUCK if any(loud) or len(old) != len(new) else WAITS


def _card_by_card(over: Mapping[str, Any], seen: Package, outcome: Mapping[str, str]) -> Iterator[str]:
    """A line for each card that is new, replaced or not as the package has it; the untouched are counted."""
    names = {each.id: [name for name, _ in each.fields] for each in seen.note_types}
    ids = {note.guid: dict(zip(names[note.note_type], note.values, strict=True)) for note in seen.notes or ()}
    for card, schedule in over["after"].items():
        guid, _, place = card.rpartition(" ")
        same = over["before"].get(card) == schedule
        if outcome[guid] in (SAME, WAITS) or (outcome[guid] == LEFT and same):
            continue
        fields = ids.get(guid) or _fields(over["notes"][guid][1], examine.is_ours(seen))
        schedule_is = "stays" if same or card not in over["before"] else "is lost"
        kept = "" if outcome[guid] == NEW else f"; its schedule {schedule_is}"
        name = fields.get("Id", guid)
        first = plain(next(iter(fields.values()))).replace("\n", " ")
        yield f"{outcome[guid]}: {name} card {int(place) + 1}: {first[:80]}{kept}"


def _twice(over: Mapping[str, Any]) -> int:
    """How many ids stand in more than one note."""
    notes = [fields.split("\x1f") for _, fields in over["notes"].values()]
    ids = [values[examine.ID] for values in notes if len(values) == len(FIELDS)]
    return len(ids) - len(set(ids))


def _fields(values: str, ours: bool) -> dict[str, str]:
    """The fields of a note that the package has no more, by their names where these are known."""
    texts = values.split("\x1f")
    names = [name for name, _ in FIELDS] if ours else map(str, range(len(texts)))
    return dict(zip(names, texts, strict=False))


def _wrong_over(over: Mapping[str, Any], seen: Package, outcome: Mapping[str, str]) -> Iterator[str]:
    """What an update may never do."""
    for name, count in over["log"].items():
        if count and name not in AS_IT_SHOULD_BE:
            yield f"over the older one Anki logs {count} notes as {name.replace('_', ' ')}"
    lost = [card for card, schedule in over["before"].items() if over["after"].get(card) != schedule]
    if lost:
        yield f"{len(lost)} cards lose their schedule"
    if examine.is_ours(seen) and (twice := _twice(over)):
        yield f"{twice} notes are then there twice, for their guids are others"
    if over["doubled"] or not over["sound"]:
        yield "the collection is not sound after it"
    if stuck := sum(each == STUCK for each in outcome.values()):
        yield f"{stuck} notes differ from what learners have, and do not arrive: their time is not newer"
