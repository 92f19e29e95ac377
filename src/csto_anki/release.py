"""What learners already have, and what is new since; alone knows `released.json`.

Anki replaces a note in a collection, with all that a learner wrote into it, when a package brings a newer modification
time. So every note carries the time of the release that last changed it, and only a new or changed note gets a later
one.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from csto_anki.facts import Place, Problem

# A re-read date, a source's wording or address and a tag are not worth a learner's own notes: a change of these alone
# waits for the note's next real change.
SILENT = {"AsOf", "Sources", "Report", "Tags"}

Fields = Mapping[str, str]


class Release(NamedTuple):
    """When a release was made, in seconds since 1970 (UTC), and the digest of all that its package holds."""

    time: int
    digest: str


class Entry(NamedTuple):
    """A note, or the note type, as learners have it: the versions that brought and last changed it, and its fields."""

    added: str
    changed: str
    fields: Fields


@dataclass(frozen=True)
class Stamps:
    """A build's version and its times in whole seconds since 1970 (UTC): its own, the notes', the note type's."""

    version: str
    time: int
    notes: Mapping[str, int]
    note_type: int
    new: frozenset[str]
    changed: frozenset[str]


@dataclass(frozen=True)
class Released:
    """What `released.json` holds: the releases, the notes, the note type; all empty before the first release."""

    releases: Mapping[str, Release]
    notes: Mapping[str, Entry]
    note_type: Entry | None

    def stamp(self, deck: Fields, notes: Mapping[str, Fields], note_type: Fields, today: datetime.date) -> Stamps:
        """The stamps for a package of these notes, in this order.

        Where nothing at all differs from the last release, this is that release again. Else it is a development
        version, `2026.11.24.dev-` and a digest: a function of the contents and the day alone. Its time is the start of
        that day (UTC), or the second after the last release if that is later: newer than what learners have, and
        never in the future, which would block the next update.
        """
        digest = digest_of(deck, notes, note_type)
        last = max(self.releases, key=lambda version: self.releases[version].time, default=None)
        if last and self.releases[last].digest == digest:
            version, time = last, self.releases[last].time
        else:
            midnight = datetime.datetime.combine(today, datetime.time(), datetime.timezone.utc)
            time = max(int(midnight.timestamp()), self.releases[last].time + 1 if last else 0)
            version = f"{today:%Y.%m.%d}.dev-{digest[:8]}"

        since = {id: self._since(self.notes.get(id), fields) for id, fields in notes.items()}
        fresh = frozenset(id for id, moment in since.items() if moment is None)
        type_since = self._since(self.note_type, note_type)
        return Stamps(
            version,
            time,
            {id: time if moment is None else moment for id, moment in since.items()},
            time if type_since is None else type_since,
            new=fresh - self.notes.keys(),
            changed=fresh & self.notes.keys(),
        )

    def _since(self, entry: Entry | None, fields: Fields) -> int | None:
        """The time since when learners have these fields; None where they are new or changed."""
        return self.releases[entry.changed].time if entry and _same(entry.fields, fields) else None


def _same(old: Fields, new: Fields) -> bool:
    return all(old.get(name) == new.get(name) for name in old.keys() | new.keys() if name not in SILENT)


def digest_of(deck: Fields, notes: Mapping[str, Fields], note_type: Fields) -> str:
    """A digest of all that a package holds, the order of its notes included."""
    text = json.dumps([sorted(deck.items()), list(notes.items()), sorted(note_type.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def load(path: Path) -> tuple[Released | None, list[Problem]]:
    """Read `released.json`; no Released where the file cannot be trusted.

    A missing file is a problem too: taken for empty, it would send every note to every learner as a changed one.
    """
    way_out = "restore it from version control"
    try:
        data = json.loads(path.read_text("utf-8"))
        releases = {version: _release(version, release) for version, release in data["releases"].items()}
        notes = {id: _entry(entry, releases) for id, entry in data["notes"].items()}
        note_type = None if data["note_type"] is None else _entry(data["note_type"], releases)
        return Released(releases, notes, note_type), []
    except OSError as error:
        return None, [Problem(Place(path.as_posix()), "", f"cannot be read: {error.strerror}", way_out)]
    except json.JSONDecodeError as error:
        place = Place(path.as_posix(), error.lineno, error.colno)
        return None, [Problem(place, "", f"not JSON: {error.msg}", way_out)]
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError, RecursionError) as error:
        return None, [Problem(Place(path.as_posix()), "", f"not a record of releases: {error!r}", way_out)]


def _release(version: str, release: Mapping[str, str]) -> Release:
    if not re.fullmatch(r"20[0-9]{2}\.[0-9]{2}\.[0-9]{2}(\.[1-9][0-9]?)?", version):
        raise ValueError(f"{version!r} is not a version")
    if not re.fullmatch(r"[0-9a-f]{64}", release["digest"]):
        raise ValueError(f"{release['digest']!r} is not a digest")
    time = datetime.datetime.strptime(release["time"], "%Y-%m-%dT%H:%M:%S%z")
    return Release(int(time.timestamp()), release["digest"])


def _entry(entry: Mapping[str, object], releases: Mapping[str, Release]) -> Entry:
    added, changed, fields = entry["added"], entry["changed"], entry["fields"]
    if added not in releases or changed not in releases:
        raise ValueError(f"no release {added!r} or {changed!r}")
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise ValueError("fields that are not texts")
    return Entry(str(added), str(changed), fields)
