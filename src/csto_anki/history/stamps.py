"""The stamps of a package: its version, the modification times of its notes, and the tags that mark changes.

If a package brings a newer modification time of a note, Anki replaces the note in the learner's collection, and
everything that the learner wrote into it is lost. So every note carries the time of the release that last changed it,
and only a new or changed note gets a later one.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
from collections.abc import Mapping
from typing import NamedTuple

from csto_anki.history.changes import ADDED, SENT, kind_of
from csto_anki.history.record import Released
from csto_anki.note.contents import Contents

# After a longer pause between two releases, the clock is probably wrong.
MAX_PAUSE = datetime.timedelta(days=731)
# The time of looks that have not changed since the first release (2026-01-01 UTC). Nobody has an older one of the deck.
# But a learner can have the note type from another deck that shares it, with a styling of their own, which stays.
_OLDEST = 1_767_225_600


class Stamps(NamedTuple):
    """The version of a package and its times, in whole seconds since 1970 (UTC); the mappings are by id."""

    version: str
    time: int
    note_times: Mapping[str, int]
    note_type_time: int
    note_versions: Mapping[str, str]  # the version that last changed the note
    unreleased: Mapping[str, str]  # the kind of change of each note that is new or changed since the last release
    marks: Mapping[str, str]  # the tag, without namespace, that says when and how the note changed, if it did

    @property
    def is_development(self) -> bool:
        """Whether the package is not that of a release."""
        return ".dev-" in self.version


def stamp(released: Released, contents: Contents, today: datetime.date | None) -> Stamps:
    """The stamps for a package of these contents; `released` is the record of releases.

    If nothing differs from the last release, they are the stamps of that release, and `today` may be None.
    If anything differs, the package is a development version: `2026.11.24.dev-` and a digest of its contents. Its time
    is the start of `today` (UTC), or the second after the last release if that is later, so that it is newer than what
    learners have. If `today` has not come yet, it blocks every update until then; the commands warn of that.
    """
    version, time = _version_and_time(released, contents, today)
    old_notes = released.contents().notes
    kinds = {id: kind_of(old_notes.get(id), note) for id, note in contents.notes.items()}
    fresh = {id: kind for id, kind in kinds.items() if kind in SENT}
    looks_time = time
    if released.looks and released.looks.looks == contents.looks:
        is_of_first_release = released.looks.changed == next(iter(released.releases))
        looks_time = _OLDEST if is_of_first_release else released.releases[released.looks.changed].time
    return Stamps(
        version,
        time,
        {id: time if id in fresh else released.releases[released.notes[id].changed].time for id in contents.notes},
        looks_time,
        {id: version if id in fresh else released.notes[id].changed for id in contents.notes},
        fresh,
        {id: mark for id in contents.notes if (mark := _mark(released, id, fresh.get(id, "")))},
    )


def _version_and_time(released: Released, contents: Contents, today: datetime.date | None) -> tuple[str, int]:
    if released.last and contents.same_as(released.contents()):
        return released.last, released.releases[released.last].time
    if today is None:
        raise ValueError("these are not the contents of the last release")
    time = int(datetime.datetime.combine(today, datetime.time(), datetime.timezone.utc).timestamp())
    if released.last:
        time = max(time, released.releases[released.last].time + 1)
    return f"{today:%Y.%m.%d}.dev-{_fingerprint(contents)[:8]}", time


def _fingerprint(contents: Contents) -> str:
    """A digest of everything that a package holds, the order of its notes included."""
    sha256 = hashlib.sha256()
    settings = contents.settings.texts() if contents.settings else {}
    notes = ((id, note.values()) for id, note in contents.notes.items())
    for id, values in itertools.chain([("", settings), ("", contents.looks)], notes):
        # No text has the characters "\0" and "\1", so they can separate the texts.
        sha256.update("\0".join([id, *values, *values.values(), "\1"]).encode())
    return sha256.hexdigest()


def _mark(released: Released, id: str, fresh: str) -> str:
    """The tag that says when and how a note last changed; empty for notes of the first release, which are all new.

    `fresh` is the kind of its change since the last release, empty if it has none.
    """
    if not released.last:
        return ""
    if fresh:
        return "added::dev" if fresh == ADDED else f"changed::dev::{fresh}"
    entry = released.notes[id]
    if entry.changed != entry.added:
        return f"changed::{entry.changed}::{entry.how}"
    return "" if entry.added == next(iter(released.releases)) else f"added::{entry.added}"
