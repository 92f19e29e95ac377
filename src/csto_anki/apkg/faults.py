"""What is wrong with a package: with its name, its times, and, if it is one of ours, with everything in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from csto_anki import files
from csto_anki.apkg import writer
from csto_anki.apkg.reader import MAX_FIELD_LENGTH, AnkiNote, Package, limited
from csto_anki.deck import images
from csto_anki.history.record import Released
from csto_anki.note import html
from csto_anki.note.contents import Note, Settings
from csto_anki.note.note_type import FIELD_IDS, FIELD_NAMES, TEMPLATES, Looks

_MAX_SEARCHED_TAGS = 50  # of a note
_CLOCK_SKEW = 86_400  # seconds that the clocks of two machines may differ


def faults_in_name(path: Path) -> Iterator[str]:
    """What is wrong with the name of a package, whatever is in it."""
    name, end, _ = path.name.lower().partition(".apkg")
    if path.suffix.lower() != ".apkg":
        yield "its name does not end in .apkg, so that Anki does not open it; rename it"
    if files.is_backup_name(path.name) or files.is_backup_name(name + end):
        yield f"its name: {files.RESTORED}; rename it before anyone opens it"


def faults_inside(package: Package, known: list[Looks], released: Released | None, now: int) -> Iterator[str]:
    """What is wrong with the contents.

    `known` are the looks that a package of ours can have, and `released` is the record of releases, if there is one.
    """
    yield from faults_in_times(package, now)
    if package.unused_note_types:
        yield whole_collection(package.unused_note_types)
    if package.is_ours:
        yield from _faults_in_ours(package, known)
        yield from _exchanged_pictures(package, released.pictures if released else {})


def whole_collection(unused: int) -> str:
    """The fault of a package with note types that no note uses."""
    return (
        f"{unused} note types that no note uses: it is somebody's whole collection under another name; do not share it"
    )


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


def our_notes(package: Package) -> Iterator[tuple[AnkiNote, dict[str, str]]]:
    """The notes that have all fields of csto-anki, each with its fields by name."""
    for note in package.notes or ():
        if len(note.values) == len(FIELD_NAMES):
            yield note, dict(zip(FIELD_NAMES, note.values, strict=True))


def _faulty_ids(package: Package) -> Iterator[str]:
    """Ids that occur twice, and guids that do not follow from the id.

    Anki knows a note by its guid: with another guid, every learner would get the note once more.
    """
    ids = Counter(fields["Id"] for _, fields in our_notes(package))
    yield from limited(f"the id {id!r} in {count} notes" for id, count in ids.items() if count > 1)
    # A guid depends on the deck's namespace, which is the root of its tags; learners' own tags have other roots.
    tags = (tag for note in package.notes or () for tag in note.tags[:_MAX_SEARCHED_TAGS])
    namespaces = [root for root, _ in Counter(tag.partition("::")[0] for tag in tags).most_common(3)]
    faulty = []
    for note, fields in our_notes(package):
        settings = [Settings("", namespace=each, language=fields["Language"]) for each in namespaces]
        if note.guid not in {writer.guid(each, fields["Id"]) for each in settings}:
            faulty.append(fields["Id"])
    yield from limited(f"the guid of {id} does not match its id" for id in faulty)


def _faulty_pictures(package: Package) -> Iterator[str]:
    shown = {image for _, fields in our_notes(package) for image in Note(fields, ()).images()}
    yield from limited(f"the picture {name!r} is shown but missing" for name in sorted(shown - package.media.keys()))
    yield from limited(f"the file {name!r} is not shown by any note" for name in sorted(package.media.keys() - shown))
    yield from limited(
        f"the file {name!r} is too large to be one of ours"
        for name, size in package.media.items()
        if size > images.MAX_PICTURE_BYTES
    )
    yield from limited(_faults_of_pictures(package))


def _faults_of_pictures(package: Package) -> Iterator[str]:
    small = sum(size <= images.MAX_PICTURE_BYTES for size in package.media.values())
    if len(package.pictures) < small:
        yield f"{small - len(package.pictures):,} files were not looked at, because no deck has so many pictures"
    for name, data in package.pictures.items():
        stem, _, suffix = name.rpartition(".")
        if files.digest_of(data)[:10] != stem.rpartition("-")[2]:
            yield f"the picture {name!r} does not match the checksum in its name"
        yield from (f"{name!r}: {problem.message}" for problem in images.faults(name, f"a.{suffix}", data))


def _exchanged_pictures(package: Package, released: Mapping[str, str]) -> Iterator[str]:
    """Pictures with the name of a released one and other bytes: the ten digits in a name can be met on purpose.

    `released` has the SHA-256 of each picture of the last release by its name.
    """
    for name, data in package.pictures.items():
        if name in released and files.digest_of(data) != released[name]:
            yield f"the picture {name!r} is not the one that was released under this name"
