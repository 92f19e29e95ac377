"""A package -> a report: which deck and version it is, whether it is a release, and what is wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from csto_anki import files
from csto_anki.apkg import reader, writer
from csto_anki.apkg.reader import MAX_FIELD_LENGTH, AnkiNote, Package, limited
from csto_anki.deck import images
from csto_anki.history.changes import compare
from csto_anki.history.describe import as_text, summary
from csto_anki.history.record import VERSION_PATTERN, Released
from csto_anki.note import html
from csto_anki.note.contents import Contents, Note, Settings
from csto_anki.note.note_type import FIELD_IDS, FIELD_NAMES, TEMPLATES, Looks, looks

_MAX_DIFFERENCES = 60  # lines
_MAX_NAMED_NOTE_TYPES = 5
_MAX_SEARCHED_TAGS = 50  # of a note
_CLOCK_SKEW = 86_400  # seconds that the clocks of two machines may differ

# The licence and the version in the description of a deck.
_LICENCE_AND_VERSION = re.compile(
    r"(?:^|<br><br>)((?:(?!<br><br>).)*) · Version (20[0-9.]{8,12}(?:\.dev-[0-9a-f]{8})?)(?:<br>|$)"
)


class Report(NamedTuple):
    """What a package is: facts by name, details, and what is wrong with it."""

    properties: Mapping[str, str]
    details: tuple[str, ...]  # lines: the differences from the last release, or the cards that an update changes
    faults: tuple[str, ...]


def inspect(path: Path, released: Released | None, now: int) -> Report:
    """Report on a package, compared with the record of releases if there is one; `now` is in seconds since 1970.

    Raises files.Refused if the file cannot be read as a package, and OSError.
    """
    package = reader.load(path)
    facts = file_facts(path)
    if package.notes is None:
        facts["format"] = f"Anki's newer export format ({package.collection}); csto-anki verify looks inside"
        return Report(facts, (), tuple(faults_in_name(path)))
    licence, version = _licence_and_version(package)
    facts["deck"] = "; ".join(package.decks) or "no name"
    if package.is_ours:
        facts |= {"licence": licence or "not given", "version": version or "not given"}
    facts["newest note"] = _utc(max((note.mod for note in package.notes), default=0))
    facts["holds"] = _holds(package, len(package.notes))
    facts |= _retired(package)
    known = known_looks(package, facts["SHA-256"], released)
    facts |= made_by(package, known)
    facts["release"], differences, fault = _compare(package, facts["SHA-256"], version, released)
    faults = [*faults_in_name(path), *package.faults, *faults_inside(package, known, now)]
    if fault:
        faults.append(fault)
    return Report(facts, _shortened(differences), tuple(faults))


def file_facts(path: Path) -> dict[str, str]:
    """The name, size and checksum of a file. Raises OSError."""
    return {"file": f"{path.name}, {path.stat().st_size:,} bytes", "SHA-256": files.digest(path)}


def faults_in_name(path: Path) -> Iterator[str]:
    """What is wrong with the name of a file, whatever is in it."""
    if files.is_backup_name(path.name):
        yield f"its name: {files.RESTORED}; rename it before anyone opens it"


def _licence_and_version(package: Package) -> tuple[str, str]:
    """The licence and the version in the decks' descriptions; empty unless exactly one deck has them."""
    matches = [match for text in package.decks.values() if (match := _LICENCE_AND_VERSION.search(text))]
    if len(matches) != 1:
        return "", ""
    licence, version = matches[0].groups()
    return html.to_text(licence).replace("\n", " "), version


def _holds(package: Package, notes: int) -> str:
    note_types = ", ".join(each.name for each in package.note_types[:_MAX_NAMED_NOTE_TYPES])
    if len(package.note_types) > _MAX_NAMED_NOTE_TYPES:
        note_types += ", ..."
    return f"{notes:,} notes, {package.cards:,} cards, {len(package.media):,} media; note type {note_types}"


def _retired(package: Package) -> dict[str, str]:
    """How many notes are no longer taught, if any."""
    count = sum(bool(fields["Retired"]) for _, fields in _our_notes(package)) if package.is_ours else 0
    return {"retired": f"{count:,} notes that are no longer taught; only for those who have the deck"} if count else {}


def _utc(seconds: int) -> str:
    if not 0 < seconds < reader.MAX_TIME:
        return "no valid time"
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def made_by(package: Package, known: list[Looks]) -> dict[str, str]:
    """A warning, unless the templates and fields are known to be those of csto-anki."""
    if not package.is_ours:
        return {"made by": "not csto-anki, which does not check what its templates and fields do"}
    if not known and package.note_types[0].looks != looks():
        return {"templates": "not those of this version of csto-anki, which does not check what they do"}
    return {}


def known_looks(package: Package, sha256: str, released: Released | None) -> list[Looks]:
    """The looks that a package of ours can have: this version's, the last release's, its own if it is a release.

    Without a record none are known, because they can be those of an older version.
    """
    if released is None:
        return []
    known: list[Looks] = [looks()]
    if released.looks:
        known.append(released.looks.looks)
    if sha256 in released.packages.values():
        known += [each.looks for each in package.note_types]
    return known


def faults_inside(package: Package, known: list[Looks], now: int) -> Iterator[str]:
    """What is wrong with the contents; `known` are the looks that a package of ours can have."""
    yield from faults_in_times(package, now)
    if package.is_ours:
        yield from _faults_in_ours(package, known)


def faults_in_times(package: Package, now: int) -> Iterator[str]:
    """Modification times in the future; they would block every update until then."""
    latest = now + _CLOCK_SKEW
    if count := sum(note.mod > latest for note in package.notes or ()):
        yield f"{count} notes with a time in the future: until then they would block every update"
    if any(each.mod > latest for each in package.note_types):
        yield "a note type with a time in the future: until then its looks could not be corrected"


def _faults_in_ours(package: Package, known: list[Looks]) -> Iterator[str]:
    """What no package of csto-anki holds."""
    (note_type,) = package.note_types
    if note_type.fields != FIELD_IDS or note_type.templates != TEMPLATES:
        yield "the note type differs from csto-anki's, which never changes: learners would get no more updates"
    if known and note_type.looks not in known:
        yield "its templates and styling are not those of csto-anki"
    if not package.notes or len(package.decks) != 1:
        yield f"{len(package.notes or ())} notes in {len(package.decks)} decks, instead of some notes in one deck"
    if package.ignored:
        yield f"other collections, which Anki ignores: {', '.join(package.ignored)}"
    if package.studied:
        yield f"{package.studied} cards carry somebody's schedule"
    yield from _foreign_markup(package)
    yield from _faulty_ids(package)
    yield from _faulty_pictures(package)


def _foreign_markup(package: Package) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for note in package.notes or ():
        short = [value for value in note.values if len(value) <= MAX_FIELD_LENGTH]
        counts.update({sign for value in short for sign in html.unexpected(value)})
    for text in package.decks.values():
        counts.update({f"{sign} (in the deck's description)" for sign in html.unexpected(text[:MAX_FIELD_LENGTH])})
    yield from limited(f"{sign} in {count} notes, which csto-anki does not write" for sign, count in counts.items())
    if long := sum(len(value) > MAX_FIELD_LENGTH for note in package.notes or () for value in note.values):
        yield f"{long} fields of more than {MAX_FIELD_LENGTH:,} characters, which were not searched"


def _our_notes(package: Package) -> Iterator[tuple[AnkiNote, dict[str, str]]]:
    """The notes that have all fields of csto-anki, each with its fields by name."""
    for note in package.notes or ():
        if len(note.values) == len(FIELD_NAMES):
            yield note, dict(zip(FIELD_NAMES, note.values, strict=True))


def _faulty_ids(package: Package) -> Iterator[str]:
    """Ids that occur twice, and guids that do not follow from the id.

    Anki knows a note by its guid: with another guid, every learner would get the note once more.
    """
    ids = Counter(fields["Id"] for _, fields in _our_notes(package))
    yield from limited(f"the id {id!r} in {count} notes" for id, count in ids.items() if count > 1)
    # A guid depends on the deck's namespace, which is the root of its tags; learners' own tags have other roots.
    tags = (tag for note in package.notes or () for tag in note.tags[:_MAX_SEARCHED_TAGS])
    namespaces = [root for root, _ in Counter(tag.partition("::")[0] for tag in tags).most_common(3)]
    faulty = []
    for note, fields in _our_notes(package):
        settings = [Settings("", namespace=each, language=fields["Language"]) for each in namespaces]
        if note.guid not in {writer.guid(each, fields["Id"]) for each in settings}:
            faulty.append(fields["Id"])
    yield from limited(f"the guid of {id} does not match its id" for id in faulty)


def _faulty_pictures(package: Package) -> Iterator[str]:
    shown = {image for _, fields in _our_notes(package) for image in Note(fields, ()).images()}
    yield from limited(f"the picture {name!r} is shown but missing" for name in sorted(shown - package.media.keys()))
    yield from limited(f"the file {name!r} is not shown by any note" for name in sorted(package.media.keys() - shown))
    yield from limited(
        f"the file {name!r} is too large to be one of ours"
        for name, size in package.media.items()
        if size > images.MAX_PICTURE_BYTES
    )
    for name, data in package.pictures.items():
        stem, _, suffix = name.rpartition(".")
        if hashlib.sha256(data).hexdigest()[:10] != stem.rpartition("-")[2]:
            yield f"the picture {name!r} does not match the checksum in its name"
        yield from limited(problem.message for problem in images.faults(name, f"a.{suffix}", data))


def _shortened(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - _MAX_DIFFERENCES
    if more <= 0:
        return tuple(lines)
    return (*lines[:_MAX_DIFFERENCES], f"and {more:,} more lines; csto-anki diff shows all")


def _compare(package: Package, sha256: str, version: str, released: Released | None) -> tuple[str, list[str], str]:
    """Which release a package is, how it differs from the last one, and a fault (empty if there is none).

    It is a fault if it falsely claims to be the release `version`, has no version, or cannot be compared.
    """
    if released is None or released.settings is None:
        return "there is no record of releases here to compare with", [], ""
    names = {digest: name for name, digest in released.packages.items()}
    if sha256 in names:
        return f"byte for byte as released: {names[sha256]}", [], ""
    if not package.is_ours or package.note_types[0].id != released.settings.note_type_id:
        return "another deck than that of the record", [], ""
    fault = _faulty_claim(version, released)
    if version in released.releases and version != released.last:  # the record has the contents of the last one only
        return "none", [], fault
    try:
        contents = reader.our_contents(package)
    except files.Refused as error:
        return "none", [], fault or f"it cannot be compared with {released.last}: {error.message}"
    old, part = _same_notes(released.contents(), contents)
    diff = compare(released.last, old, version or "this file", contents)
    lines = [line.strip("\n") for line in as_text(diff, lambda kind, text: f"[{kind}{text}{kind}]")]
    kind = "none" if fault else "none, a development version"
    return f"{kind}: {summary(diff)} compared with {released.last}{part}", lines[1:], fault


def _faulty_claim(version: str, released: Released) -> str:
    """What is wrong with the version of a package whose bytes are not those of a release; empty if nothing."""
    if not version:
        return "it does not say which version it is"
    if not VERSION_PATTERN.fullmatch(version):
        return ""  # a development version
    if version not in released.releases:
        return f"it claims to be {version}, which is not in the record of releases"
    hint = "get that file from dist, or compare the checksums"
    if version != released.last:
        hint = f"csto-anki diff {version} FILE shows what differs"
    return f"it claims to be {version}, but its bytes differ from the released file; {hint}"


def _same_notes(old: Contents, new: Contents) -> tuple[Contents, str]:
    """The old contents with the notes that a part of the deck has, and how many these are (empty if all are there).

    Nearly all packages lack the retired notes, so these do not count as missing.
    """
    notes = {id: note for id, note in old.notes.items() if id in new.notes}
    expected = sum(id in notes or not note.is_retired for id, note in old.notes.items())
    part = f" ({len(notes)} of its {expected} notes)" if len(notes) < expected else ""
    return old._replace(notes=notes), part
