"""What learners already have, and the file that records it, `released.json`.

The record holds everything that is in the last release's package, as text. Therefore the package can be built from the
record alone, and the cards can be compared with it without an old checkout. For every note, the record also has the
releases that added and last changed it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from csto_anki import files
from csto_anki.deck.characters import TERMINAL_COMMAND, rare
from csto_anki.deck.problem import Place, Problem
from csto_anki.history.changes import ADDED, SENT, kind_of
from csto_anki.note.contents import Contents, Note, Settings
from csto_anki.note.note_type import Looks

RECORD_FILE = "released.json"
BROKEN_RECORD = "broken-record"  # the code of the problem that is reported if this file cannot be read
VERSION_PATTERN = re.compile(r"(20[0-9]{2})\.([0-9]{2})\.([0-9]{2})(?:\.([1-9][0-9]?))?")

# A record of 100,000 notes has less than 200 MB. A larger file is not a record and would fill the memory.
_MAX_RECORD_BYTES = 250_000_000
_REQUIRED_VALUES = ("Question", "Answer", "Tags")  # of a note
_REQUIRED_SETTINGS = {"title", "language", "namespace", "deck_id", "note_type", "note_type_id", "fields", "templates"}
_NAMESPACE = re.compile(r"[a-z0-9-]+")
_PACKAGE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,200}\.apkg")
_HINT = "restore it from version control"

_LIST = re.compile(rb'"\s*:\s*\[')
# JSON's escapes for control characters other than `\n` and `\t`; and what only looks like one if it is behind another
# backslash.
_CONTROL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\[ubfr]")
_LIKE_CONTROL_ESCAPE = re.compile(rb"\\[ubfr]")


class Release(NamedTuple):
    """A release: its time in seconds since 1970 (UTC), the libraries that made it, its packages' SHA-256 by name."""

    time: int
    made_with: str
    packages: Mapping[str, str]


class NoteEntry(NamedTuple):
    """A note as of the last release: the versions that added and last changed it, and the kind of that change."""

    added: str
    changed: str
    how: str
    note: Note


class LooksEntry(NamedTuple):
    """The looks as of the last release: the versions that added and last changed them, and the kind of that change."""

    added: str
    changed: str
    how: str
    looks: Looks


class Released(NamedTuple):
    """What is released: the releases, oldest first, and the settings, notes and looks as of the last one.

    The notes are in teaching order. `pictures` has the SHA-256 of each picture of the last release by its name; it is
    empty if that was before December 2026. Before the first release, `settings` and `looks` are None and the rest is
    empty.
    """

    releases: Mapping[str, Release]
    settings: Settings | None
    notes: Mapping[str, NoteEntry]
    looks: LooksEntry | None
    pictures: Mapping[str, str] = {}

    @property
    def last(self) -> str:
        """The version of the last release, empty before the first."""
        return list(self.releases)[-1] if self.releases else ""

    @property
    def packages(self) -> dict[str, str]:
        """The SHA-256 of each package that was ever released, by its file name."""
        return {name: sha256 for release in self.releases.values() for name, sha256 in release.packages.items()}

    def package_name(self, namespace: str, version: str, only: str | None = None) -> str:
        """The name of a package: of the whole deck, or of its notes with the tag `only`.

        A package of a release keeps the name under which it was released; the oldest names have dots in the version.
        """
        stem = file_stem(namespace, version, only)
        recorded = self.releases[version].packages if version in self.releases else {}
        return next((name for name in recorded if name.removesuffix(".apkg").replace(".", "-") == stem), f"{stem}.apkg")

    def contents(self) -> Contents:
        """Everything that was on the cards of the last release, the retired ones included."""
        notes = {id: entry.note for id, entry in self.notes.items()}
        return Contents(self.settings, notes, self.looks.looks if self.looks else {})

    def next_version(self, day: datetime.date, taken: Container[str] = ()) -> str:
        """The version of a release on this day: the day and, from the second release of a day on, a number.

        It is none of those that are `taken`. It is empty after a hundred releases on one day.
        """
        numbers = ("", *(f".{number}" for number in range(1, 100)))
        versions = (f"{day:%Y.%m.%d}{each}" for each in numbers)
        return next((each for each in versions if each not in self.releases and each not in taken), "")

    @property
    def last_day(self) -> datetime.date:
        """The day of the last release. Raises ValueError before the first."""
        return datetime.date(*sort_key(self.last)[:3])

    def after(self, version: str, time: int, contents: Contents) -> Released:
        """The record after the release of these contents, without its packages; `time` is in seconds since 1970."""
        old_notes = self.contents().notes
        notes = {}
        for id, note in contents.notes.items():
            kind = kind_of(old_notes.get(id), note)
            if kind in SENT:
                notes[id] = NoteEntry(version if kind == ADDED else self.notes[id].added, version, kind, note)
            else:
                notes[id] = self.notes[id]._replace(note=note)
        looks = self.looks or LooksEntry(version, version, ADDED, {})
        if looks.looks != contents.looks:
            looks = looks._replace(changed=version, looks=contents.looks)
        return Released({**self.releases, version: Release(time, "", {})}, contents.settings, notes, looks)

    def with_packages(
        self, made_with: str, packages: Mapping[str, str], pictures: Mapping[str, str] | None = None
    ) -> Released:
        """The record with the last release's packages and pictures.

        `made_with` are the libraries that made the packages; the mappings have the SHA-256 by name.
        """
        release = self.releases[self.last]._replace(made_with=made_with, packages=packages)
        return self._replace(releases={**self.releases, self.last: release}, pictures=pictures or {})


def file_stem(namespace: str, version: str, only: str | None = None) -> str:
    """The name, without suffix, of a package or of a text of a release.

    The version has hyphens in it, because AnkiDroid's filter for files does not match names with more than one dot.
    """
    return "-".join(part for part in (namespace, only, version.replace(".", "-")) if part)


def sort_key(version: str) -> tuple[int, ...]:
    """A version as numbers that can be compared; empty if it is not the version of a release."""
    match = VERSION_PATTERN.fullmatch(version)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def dump(released: Released) -> str:
    """The text of `released.json`: one release and one note a line, so that each release is a readable diff.

    The notes are in teaching order, because the package depends on it.
    """
    releases = {
        version: {"time": _utc(release.time), "made_with": release.made_with, "packages": release.packages}
        for version, release in released.releases.items()
    }
    settings = released.settings.texts() if released.settings else {}
    looks = _entry_as_data(released.looks, released.looks.looks) if released.looks else None
    notes = {id: _entry_as_data(entry, entry.note.values()) for id, entry in released.notes.items()}
    data = {"releases": releases, "settings": settings, "note_type": looks, "notes": notes}
    if released.pictures:
        data["pictures"] = released.pictures
    lines = [f'"sha256": "{checksum(data)}"']
    for name, value in data.items():
        if name in ("releases", "notes") and isinstance(value, dict) and value:
            entries = ",\n".join(f"{_json(key)}: {_json(entry)}" for key, entry in value.items())
            lines.append(f"{_json(name)}: {{\n{entries}\n}}")
        else:
            lines.append(f"{_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _entry_as_data(entry: NoteEntry | LooksEntry, fields: Mapping[str, str]) -> dict[str, object]:
    return {"added": entry.added, "changed": entry.changed, "how": entry.how, "fields": fields}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _utc(seconds: int) -> str:
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def checksum(data: object) -> str:
    """The SHA-256 of texts, lists and mappings; it depends on the order of the items."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


class _Invalid(Exception):  # noqa: N818  # it is not an error of this program; the message says what is invalid
    """The record has something that `dump` never writes."""


def load(path: Path) -> tuple[Released | None, list[Problem]]:
    """Read `released.json`: what is released, or None and the problem if the file is missing or invalid.

    A missing file is a problem, because an empty record would send every note to every learner as a changed one.
    """
    place = Place(path.as_posix())
    try:
        return _read(files.load(path, path.parent, _MAX_RECORD_BYTES)), []
    except files.Refused as error:
        message = error.message
    except json.JSONDecodeError as error:
        place, message = Place(path.as_posix(), error.lineno, error.colno), f"not JSON: {error.msg}"
    except _Invalid as error:
        message = f"not a record of releases: {error}"
    except KeyError as error:
        message = f"not a record of releases: the key {error} is missing"
    except (AttributeError, OverflowError, TypeError, ValueError, RecursionError) as error:
        message = f"not a record of releases: {error!r}"
    return None, [Problem(place, "", message, _HINT, code=BROKEN_RECORD)]


def _read(text: bytes) -> Released:
    """The record in this text. Raises Refused, _Invalid, json.JSONDecodeError and the errors that wrong types cause."""
    _check_characters(text)
    data = json.loads(text, parse_int=_reject_number, parse_float=_reject_number, parse_constant=_reject_number)
    if data.pop("sha256") != checksum(data):
        raise files.Refused("not as `csto-anki release` wrote it: edited by hand, or merged from two releases", _HINT)
    releases = {version: _release(version, release) for version, release in data["releases"].items()}
    for earlier, later in zip(releases, list(releases)[1:], strict=False):
        if sort_key(earlier) >= sort_key(later) or releases[earlier].time >= releases[later].time:
            raise _Invalid(f"{later!r} does not come after {earlier!r}")
    settings = _settings(_texts(data["settings"])) if releases else None
    notes = {id: _note_entry(entry, releases) for id, entry in data["notes"].items()}
    looks = data["note_type"]
    if looks is not None:
        looks = LooksEntry(*_history(looks, releases), _texts(looks["fields"]))
    return Released(releases, settings, notes, looks, _texts(data.get("pictures", {})))


def _check_characters(text: bytes) -> None:
    """Raise _Invalid for lists and control characters, which `dump` never writes.

    Lists could take fifty times their size in memory, and control characters could command a terminal.
    """
    if text.lstrip()[:1] == b"[" or any(_ends_text(text, match.start()) for match in _LIST.finditer(text)):
        raise _Invalid("it has a list")
    # The first test is fast, and most texts do not need the second one.
    if _LIKE_CONTROL_ESCAPE.search(text) and _CONTROL_ESCAPE.search(text):
        raise _Invalid("it has an escape for a control character")
    if TERMINAL_COMMAND.search(rare(text).replace("\r", "")):  # git can write line ends as \r\n
        raise _Invalid("it has a control character")


def _ends_text(text: bytes, at: int) -> bool:
    """Whether the quotation mark at this place ends a JSON string; if not, an odd number of backslashes precedes it."""
    before = text[max(0, at - 1000) : at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 0


def _reject_number(text: str) -> NoReturn:
    raise _Invalid(f"it has the number {text[:20]}, but all values must be texts")


def _settings(texts: Mapping[str, str]) -> Settings:
    if not texts.keys() >= _REQUIRED_SETTINGS or not _NAMESPACE.fullmatch(texts["namespace"]):
        raise _Invalid("incomplete settings or an invalid namespace")
    numbers = {name: int(texts[name]) for name in ("deck_id", "note_type_id")}
    return Settings(**{**texts, **numbers})  # type: ignore[arg-type]  # each by its name


def _release(version: str, release: Mapping[str, Any]) -> Release:
    if not VERSION_PATTERN.fullmatch(version):
        raise _Invalid(f"{version!r} is not a version")
    # Python 3.10 does not know the Z for UTC.
    time = int(datetime.datetime.fromisoformat(release["time"].removesuffix("Z") + "+00:00").timestamp())
    if _utc(time) != release["time"]:
        raise _Invalid(f"the time {release['time']!r}")
    packages = _texts(release["packages"])
    if not all(map(_PACKAGE_NAME.fullmatch, packages)):
        raise _Invalid("an invalid name of a package")
    return Release(time, str(release["made_with"]), packages)


def _note_entry(entry: Mapping[str, Any], releases: Mapping[str, Release]) -> NoteEntry:
    history, values = _history(entry, releases), _texts(entry["fields"])
    if not all(values.get(name) for name in _REQUIRED_VALUES) or not values["Tags"].split():
        raise _Invalid("a note without question, answer or tag")
    return NoteEntry(*history, Note.of(values))


def _history(entry: Mapping[str, Any], releases: Mapping[str, Release]) -> tuple[str, str, str]:
    """The versions that added and last changed an entry, and the kind of that change."""
    added, changed, how = entry["added"], entry["changed"], entry["how"]
    for version in (added, changed):
        if version not in releases:
            raise _Invalid(f"an entry of the version {version!r}, which is not a release")
    if how not in SENT:
        raise _Invalid(f"the unknown kind of change {how!r}")
    return added, changed, how


def _texts(fields: object) -> dict[str, str]:
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise _Invalid("fields that are not texts")
    return fields
