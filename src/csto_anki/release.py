"""What learners already have, and the times and marks that follow from it; alone knows `released.json`.

Anki replaces a note in a collection, with all that a learner wrote into it, when a package brings a newer modification
time. So every note carries the time of the release that last changed it, and only a new or changed note gets a later
one. The record holds all that the last release's package held, as text, so that its package can be made from the record
alone, and what is new needs no old checkout.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from csto_anki import files
from csto_anki.diff import ADDED, SENT, Contents, Fields, kind_of
from csto_anki.facts import Place, Problem

CODE = "broken-record"

# What every note and the settings of every release have.
NOTE = {"Question", "Answer", "Tags"}
SETTINGS = {"title", "language", "namespace", "deck_id", "note_type", "note_type_id", "fields", "templates"}

# Bytes: of 100,000 notes it is less than 200 MB. What is larger is no record, and would fill the memory.
LARGEST = 250_000_000

LIST = re.compile(rb'"\s*:\s*\[')
# As JSON writes what may not stand in a text; other than `\\n` and `\\t`.
ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\[ubfr]")
CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
# The same behind ASCII, and what turns the order of letters round, in UTF-8.
COMMANDING = re.compile(rb"\xc2[\x80-\x9f]|\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
PACKAGE = re.compile(r"[a-z0-9][a-z0-9.-]{0,200}\.apkg")

VERSION = re.compile(r"(20[0-9]{2})\.([0-9]{2})\.([0-9]{2})(?:\.([1-9][0-9]?))?")


class Release(NamedTuple):
    """When a release was made, in seconds since 1970 (UTC), with what, and the SHA-256 of its packages by name."""

    time: int
    made_with: str
    packages: Mapping[str, str]


class Entry(NamedTuple):
    """A note, or the note type, as the last release has it: the versions that brought and last changed it, and how."""

    added: str
    changed: str
    how: str
    fields: Fields


class Project(NamedTuple):
    """Where the files of a deck's releases are: beside the folder of its cards."""

    record: Path
    dist: Path
    changelog: Path
    readme: Path


def project(cards: Path) -> Project:
    """The project of a folder of cards."""
    root = cards.parent if cards.name not in ("", "..") else Path(os.path.abspath(cards)).parent  # noqa: PTH100
    return Project(cards / "released.json", root / "dist", root / "CHANGELOG.md", root / "README.md")


@dataclass(frozen=True)
class Stamps:
    """A build's version and its times in whole seconds since 1970 (UTC): its own, the notes', the note type's.

    `versions` tells which version last changed each note; `fresh` how those that are new or changed since the last
    release have changed; `marks` the tag, without namespace, that tells a learner when and how, for all that have one.
    """

    version: str
    time: int
    notes: Mapping[str, int]
    note_type: int
    versions: Mapping[str, str]
    fresh: Mapping[str, str]
    marks: Mapping[str, str]


@dataclass(frozen=True)
class Released:
    """What `released.json` holds, oldest release first and notes in the order of learning; empty before the first."""

    releases: Mapping[str, Release]
    settings: Fields
    notes: Mapping[str, Entry]
    note_type: Entry | None

    @property
    def last(self) -> str:
        """The version of the last release, empty before the first."""
        return list(self.releases)[-1] if self.releases else ""

    @property
    def packages(self) -> dict[str, str]:
        """The SHA-256 of each package that was ever released, by its file's name."""
        return {name: sha256 for release in self.releases.values() for name, sha256 in release.packages.items()}

    def contents(self) -> Contents:
        """All that the last release's package holds."""
        notes = {id: entry.fields for id, entry in self.notes.items()}
        return Contents(self.settings, notes, self.note_type.fields if self.note_type else {})

    def stamp(self, contents: Contents, today: datetime.date) -> Stamps:
        """The stamps for a package of these contents.

        Where nothing at all differs from the last release, this is that release again. Else it is a development
        version, `2026.11.24.dev-` and a digest: a function of the contents and the day alone. Its time is the start of
        that day (UTC), or the second after the last release if that is later: newer than what learners have, and
        never in the future, which would block the next update.
        """
        if self.last and contents.same_as(self.contents()):
            version, time = self.last, self.releases[self.last].time
        else:
            midnight = datetime.datetime.combine(today, datetime.time(), datetime.timezone.utc)
            time = max(int(midnight.timestamp()), self.releases[self.last].time + 1 if self.last else 0)
            version = f"{today:%Y.%m.%d}.dev-{_fingerprint(contents)[:8]}"
        kinds = {id: kind_of(self._fields(id), fields) for id, fields in contents.notes.items()}
        fresh = {id: kind for id, kind in kinds.items() if kind in SENT}
        same_looks = self.note_type and self.note_type.fields == contents.looks
        marks = {id: self._mark(id, fresh.get(id, "")) for id in contents.notes}
        return Stamps(
            version,
            time,
            {id: time if id in fresh else self.releases[self.notes[id].changed].time for id in contents.notes},
            self.releases[self.note_type.changed].time if self.note_type and same_looks else time,
            {id: version if id in fresh else self.notes[id].changed for id in contents.notes},
            fresh,
            {id: mark for id, mark in marks.items() if mark},
        )

    def _fields(self, id: str) -> Fields | None:
        return self.notes[id].fields if id in self.notes else None

    def _mark(self, id: str, fresh: str) -> str:
        """When and how a note last changed. What came with the first release needs no mark: all of it did."""
        if not self.last:
            return ""
        if fresh:
            return "added::dev" if fresh == ADDED else f"changed::dev::{fresh}"
        entry = self.notes[id]
        if entry.changed != entry.added:
            return f"changed::{entry.changed}::{entry.how}"
        return "" if entry.added == next(iter(self.releases)) else f"added::{entry.added}"

    def next_version(self, day: datetime.date) -> str:
        """The version of a release on this day: the day, and from the second release of a day on a number."""
        version = f"{day:%Y.%m.%d}"
        if version not in self.releases:
            return version
        return next(f"{version}.{n}" for n in range(1, len(self.releases) + 1) if f"{version}.{n}" not in self.releases)

    def after(self, version: str, time: int, contents: Contents) -> Released:
        """The record once this version is released; its packages are not in it yet."""
        notes = {}
        for id, fields in contents.notes.items():
            kind = kind_of(self._fields(id), fields)
            if kind in SENT:
                notes[id] = Entry(version if kind == ADDED else self.notes[id].added, version, kind, fields)
            else:
                notes[id] = self.notes[id]._replace(fields=fields)
        looks = self.note_type or Entry(version, version, ADDED, {})
        if looks.fields != contents.looks:
            looks = Entry(looks.added, version, looks.how, contents.looks)
        release = Release(time, "", {})
        return Released({**self.releases, version: release}, contents.settings, notes, looks)

    def with_packages(self, made_with: str, packages: Mapping[str, str]) -> Released:
        """The record with the checksums of the last release's packages, and with what they were made."""
        release = self.releases[self.last]._replace(made_with=made_with, packages=packages)
        return replace(self, releases={**self.releases, self.last: release})


def order(version: str) -> tuple[int, ...]:
    """A version as numbers that can be compared."""
    match = VERSION.fullmatch(version)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def dump(released: Released) -> str:
    """The text of `released.json`: one release and one note a line, so that a release reads as a plain diff.

    The notes stand in the order of learning, without which their package could not be made again.
    """
    releases = {
        version: {"time": _utc(release.time), "made_with": release.made_with, "packages": release.packages}
        for version, release in released.releases.items()
    }
    notes = {id: entry._asdict() for id, entry in released.notes.items()}
    note_type = released.note_type and released.note_type._asdict()
    data = {"releases": releases, "settings": released.settings, "note_type": note_type, "notes": notes}
    lines = [f'"sha256": "{digest_of(data)}"']
    for name, value in data.items():
        if name in ("releases", "notes") and isinstance(value, dict) and value:
            entries = ",\n".join(f"{_json(key)}: {_json(entry)}" for key, entry in value.items())
            lines.append(f"{_json(name)}: {{\n{entries}\n}}")
        else:
            lines.append(f"{_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def digest_of(value: object) -> str:
    """The SHA-256 of a value of texts, lists and mappings, the order of their items included."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def _fingerprint(contents: Contents) -> str:
    """A digest of all that a package holds, the order of its notes included; no text holds the signs between them."""
    sha256 = hashlib.sha256()
    for id, fields in [("", contents.settings), ("", contents.looks), *contents.notes.items()]:
        sha256.update("\0".join([id, *fields, *fields.values(), "\1"]).encode())
    return sha256.hexdigest()


def _utc(time: int) -> str:
    return f"{datetime.datetime.fromtimestamp(time, datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def load(path: Path) -> tuple[Released | None, list[Problem]]:
    """Read `released.json`; no Released where the file cannot be trusted.

    A missing file is a problem too: taken for empty, it would send every note to every learner as a changed one.
    """
    way_out = "restore it from version control"
    place = Place(path.as_posix())
    try:
        text = files.load(path, path.parent, LARGEST)
        if sign := _strange(text):
            raise ValueError(sign)
        data = json.loads(text, parse_int=_no_number, parse_float=_no_number, parse_constant=_no_number)
        sha256 = data.pop("sha256")
        if sha256 != digest_of(data):
            what = "not as `csto-anki release` wrote it: edited by hand, or merged from two releases"
            return None, [Problem(place, "", what, way_out, code=CODE)]
        return _released(data), []
    except files.Refused as error:
        return None, [Problem(place, "", error.what, way_out, code=CODE)]
    except json.JSONDecodeError as error:
        place = Place(path.as_posix(), error.lineno, error.colno)
        return None, [Problem(place, "", f"not JSON: {error.msg}", way_out, code=CODE)]
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError, RecursionError) as error:
        return None, [Problem(place, "", f"not a record of releases: {error!r}", way_out, code=CODE)]


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:20]}")


def _ends(text: bytes, at: int) -> bool:
    """Whether a quotation mark ends a text: inside one it stands behind an odd number of backslashes."""
    before = text[max(0, at - 1000) : at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 0


def _strange(text: bytes) -> str:
    """What no record holds: lists, which could take fifty times its size in memory, and what commands a terminal."""
    if text.lstrip()[:1] == b"[" or any(_ends(text, match.start()) for match in LIST.finditer(text)):
        return "a list"
    escapes = any(sign in text for sign in (b"\\u", b"\\b", b"\\f", b"\\r"))  # of which a text has few
    if escapes and ESCAPE.search(text):
        return "an escape for a control character"
    if len(text.translate(None, CONTROLS)) != len(text) or COMMANDING.search(text):
        return "a control character"
    return ""


def _released(data: Mapping[str, Any]) -> Released:
    releases = {version: _release(version, release) for version, release in data["releases"].items()}
    for earlier, later in zip(releases, list(releases)[1:], strict=False):
        if order(earlier) >= order(later) or releases[earlier].time >= releases[later].time:
            raise ValueError(f"{later!r} does not come after {earlier!r}")
    notes = {id: _entry(entry, releases, NOTE) for id, entry in data["notes"].items()}
    note_type = None if data["note_type"] is None else _entry(data["note_type"], releases, set())
    settings = _texts(data["settings"])
    if releases and (not settings.keys() >= SETTINGS or not re.fullmatch("[a-z0-9-]+", settings["namespace"])):
        raise ValueError("settings that no release has")
    return Released(releases, settings, notes, note_type)


def _release(version: str, release: Mapping[str, Any]) -> Release:
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is not a version")
    time = datetime.datetime.strptime(release["time"], "%Y-%m-%dT%H:%M:%S%z")
    packages = _texts(release["packages"])
    if not all(map(PACKAGE.fullmatch, packages)):
        raise ValueError("packages of names that no package has")
    return Release(int(time.timestamp()), str(release["made_with"]), packages)


def _entry(entry: Mapping[str, Any], releases: Mapping[str, Release], needed: set[str]) -> Entry:
    added, changed = entry["added"], entry["changed"]
    if added not in releases or changed not in releases:
        raise ValueError(f"no release {added!r} or {changed!r}")
    fields = _texts(entry["fields"])
    if entry["how"] not in SENT or not all(fields.get(name) for name in needed):
        raise ValueError("a note that lacks what every note has")
    return Entry(added, changed, entry["how"], fields)


def _texts(fields: object) -> Fields:
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise ValueError("fields that are not texts")
    return fields
