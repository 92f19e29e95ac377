"""A package -> a report: which deck and version it is, whether it is a release, and what is wrong with it."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from csto_anki import files
from csto_anki.apkg import reader, writer
from csto_anki.apkg.faults import faults_in_name, faults_inside, our_notes
from csto_anki.apkg.reader import Package
from csto_anki.history.changes import compare, without_reworded
from csto_anki.history.describe import as_text, summary
from csto_anki.history.record import VERSION_PATTERN, Released
from csto_anki.language.known import all_known
from csto_anki.language.words import Words
from csto_anki.note import html
from csto_anki.note.contents import Contents
from csto_anki.note.note_type import Looks, looks

_MAX_DIFFERENCES = 60  # lines
_MAX_NAMED_NOTE_TYPES = 5

_EXPORT = "an export of Anki, not the file that csto-anki wrote: it can hold somebody's words; share the file in dist"
# The licence and the version in the description of a deck.
_LICENCE_AND_VERSION = re.compile(
    r"(?:^|<br><br>)((?:(?!<br><br>).)*) · [^\d<>·]{1,40} (20[0-9.]{8,12}(?:\.dev-[0-9a-f]{8})?)(?:<br>|$)"
)


class Report(NamedTuple):
    """What a package is: facts by name, details, and what is wrong with it."""

    properties: Mapping[str, str]
    details: tuple[str, ...]  # lines: the differences from the last release, or the cards that an update changes
    faults: tuple[str, ...]


def inspect(path: Path, records: Sequence[Released], now: int, words: Sequence[Words] = ()) -> Report:
    """Report on a package, compared with the record of its deck or edition; `now` is in seconds since 1970.

    `words` are those of other languages, from the deck's folder.

    Raises files.Refused if the file cannot be read as a package, and OSError.
    """
    package = reader.load(path)
    facts = file_facts(path)
    if package.notes is None:
        facts["format"] = f"Anki's newer export format ({package.collection}); csto-anki verify looks inside"
        facts |= made_by(package, [], words)
        return Report(facts, (), tuple(faults_in_name(path)))
    licence, version = _licence_and_version(package)
    facts["deck"] = "; ".join(package.decks) or "no name"
    if package.is_ours:
        facts |= {"licence": licence or "not given", "version": version or "not given"}
    facts["newest note"] = _utc(max((note.mod for note in package.notes), default=0))
    facts["holds"] = _holds(package, len(package.notes))
    facts |= _retired(package)
    released = record_of(package, records)
    known = known_looks(package, facts["SHA-256"], released, words)
    facts |= made_by(package, known, words)
    facts["release"], differences, fault = compare_with_releases(package, facts["SHA-256"], released)
    faults = [*faults_in_name(path), *package.faults, *faults_inside(package, known, released, now)]
    if fault:
        faults.append(fault)
    return Report(facts, _shortened(differences), tuple(faults))


def record_of(package: Package, records: Sequence[Released]) -> Released | None:
    """The record of the deck or edition whose note type a package has, else the first; None if there is no record."""
    note_types = {each.id for each in package.note_types}
    own = [each for each in records if each.settings and each.settings.note_type_id in note_types]
    return next(iter([*own, *records]), None)


def file_facts(path: Path) -> dict[str, str]:
    """The name, size and checksum of a file. Raises OSError."""
    return {"file": f"{path.name}, {path.stat().st_size:,} bytes", "SHA-256": files.digest(path)}


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
    count = sum(bool(fields["Retired"]) for _, fields in our_notes(package)) if package.is_ours else 0
    return {"retired": f"{count:,} notes that are no longer taught; only for those who have the deck"} if count else {}


def _utc(seconds: int) -> str:
    if not 0 < seconds < reader.MAX_TIME:
        return "no valid time"
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def made_by(package: Package, known: list[Looks], words: Sequence[Words]) -> dict[str, str]:
    """A warning, unless the templates and fields are known to be those of csto-anki."""
    if package.is_export:
        return {"made by": "an export of Anki from somebody's collection, which can hold that person's words"}
    if not package.is_ours:
        return {"made by": "not csto-anki, which does not check what its templates and fields do"}
    if not known and package.note_types[0].looks not in _looks(words):
        return {"templates": "not those of this version of csto-anki, which does not check what they do"}
    return {}


def _looks(words: Sequence[Words]) -> list[Looks]:
    """The looks of this version, in each language that it or the deck's folder has words for."""
    names = looks().keys()  # a package has no others
    return [{name: text for name, text in looks(each).items() if name in names} for each in (*all_known(), *words)]


def known_looks(package: Package, sha256: str, released: Released | None, words: Sequence[Words]) -> list[Looks]:
    """The looks that a package of ours can have: this version's, the last release's, its own if it is a release.

    Without a record none are known, because they can be those of an older version.
    """
    if released is None:
        return []
    known: list[Looks] = _looks(words)
    if released.looks:
        known.append(released.looks.looks)
    if sha256 in released.packages.values():
        known += [each.looks for each in package.note_types]
    return known


def _shortened(lines: Iterable[str]) -> tuple[str, ...]:
    """The first lines; the others are not even made, because each can cost the comparison of two long texts."""
    first = tuple(itertools.islice(lines, _MAX_DIFFERENCES + 1))
    if len(first) <= _MAX_DIFFERENCES:
        return first
    return (*first[:-1], "and more; csto-anki diff shows all")


def compare_with_releases(package: Package, sha256: str, released: Released | None) -> tuple[str, Iterable[str], str]:
    """Which release a package is, how it differs from the last one, and a fault (empty if there is none).

    It is a fault if it falsely claims to be a release, has no version, cannot be compared, is an export of Anki, or
    looks like the deck of the record and is not.
    """
    if released is None or released.settings is None:
        return "there is no record of releases here to compare with", [], ""
    names = {digest: name for name, digest in released.packages.items()}
    if sha256 in names:
        return f"byte for byte as released: {names[sha256]}", [], ""
    if released.settings.note_type_id not in {each.id for each in package.note_types}:
        return "another deck than that of the record", [], _look_alike(package, released)
    if len(package.note_types) > 1:
        return "none", [], _EXPORT if package.is_export else "it holds more than the deck: other note types, too"
    version = _licence_and_version(package)[1]
    fault = _EXPORT if package.is_export else _faulty_claim(version, released)
    if version in released.releases and version != released.last:  # the record has the contents of the last one only
        return "none", [], fault
    try:
        contents = reader.our_contents(package)
    except files.Refused as error:
        return "none", [], fault or f"it cannot be compared with {released.last}: {error.message}"
    old, part = _same_notes(without_reworded(released.contents()), contents)
    diff = compare(released.last, old, version or "this file", contents)
    lines = (line.strip("\n") for line in as_text(diff, lambda kind, text: f"[{kind}{text}{kind}]"))
    next(lines)  # the summary
    kind = "none" if fault else "none, a development version"
    return f"{kind}: {summary(diff)} compared with {released.last}{part}", lines, fault


def _look_alike(package: Package, released: Released) -> str:
    """How a package of another note type looks like the deck of the record; empty if it does not.

    Whoever imports it first has its notes under the guids of ours, and Anki then takes none of our corrections.
    """
    settings = released.settings
    assert settings is not None  # noqa: S101  # the caller has asked
    guids = {writer.guid(settings, id) for id in released.notes}
    if count := sum(note.guid in guids for note in package.notes or ()):
        return (
            f"a look-alike: {count} notes have the guids of this deck but not its note type; "
            "learners who import it get no correction of this deck any more"
        )
    if settings.title.casefold() in {name.casefold() for name in package.decks}:
        return f"a look-alike: its deck has the name of this deck, {settings.title!r}, but not its note type"
    return ""


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
