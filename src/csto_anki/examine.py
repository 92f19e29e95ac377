"""A package -> what it is, in words: which deck and version, whether it is a release, and what is wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from csto_anki import apkg, fields, files, inert, media, package, tell, together
from csto_anki.diff import Contents, compare, plain
from csto_anki.package import Package
from csto_anki.release import VERSION, Released

SAID = re.compile(r"(?:^|<br><br>)([^<>]*) · Version (20[0-9.]{8,12}(?:\.dev-[0-9a-f]{8})?)(?:<br>|$)")
SHOWN = 20  # of what differs, and of what is wrong
NAMES = [name for name, _ in fields.FIELDS]


class Report(NamedTuple):
    """What a package is: facts by their names, what differs from the record line by line, and what is wrong with it."""

    facts: Mapping[str, str]
    differs: tuple[str, ...]
    wrong: tuple[str, ...]


def examine(path: Path, released: Released | None, now: int) -> Report:
    """What is to be said of a package, beside a record of releases if there is one; `now` is in seconds since 1970.

    Raises files.Refused where nothing can be said, and OSError.
    """
    found = package.load(path)
    sha256 = together.digest(path)
    facts = {"file": f"{path.name}, {path.stat().st_size:,} bytes", "SHA-256": sha256}
    if found.notes is None:
        facts["format"] = f"the newer one of Anki's own exports ({found.format}); csto-anki verify looks inside"
        return Report(facts, (), ())
    facts["deck"] = "; ".join(found.decks) or "no name"
    licence, version = said(found)
    if is_ours(found):
        facts |= {"licence": licence or "not said", "version": version or "not said"}
    moment = max((note.mod for note in found.notes), default=0)
    facts["newest note"] = f"{_utc(moment)}" if 0 < moment < 2**40 else str(moment)
    types = ", ".join(each.name for each in found.note_types[:5]) + ", ..." * (len(found.note_types) > 5)
    facts["holds"] = f"{len(found.notes):,} notes, {found.cards:,} cards, {len(found.media):,} media; note type {types}"
    wrong = [*found.wrong, *wrong_in_time(found, now), *(wrong_in_ours(found) if is_ours(found) else acting(found))]
    told, differs = _release(found, sha256, version, released)
    facts["release"] = told
    if told.startswith("none"):
        wrong.append(told.removeprefix("none: "))
    return Report(facts, tuple(differs), tuple(wrong))


def is_ours(found: Package) -> bool:
    """Whether csto-anki made it, by its fields: of this deck or of another."""
    return len(found.note_types) == 1 and [name for name, _ in found.note_types[0].fields] == NAMES


def said(found: Package) -> tuple[str, str]:
    """The licence and the version that a package of ours tells in its deck's description."""
    matches = [match for text in found.decks.values() if (match := SAID.search(text))]
    return (plain(matches[0][1]), matches[0][2]) if len(matches) == 1 else ("", "")


def _utc(moment: int) -> str:
    return f"{datetime.datetime.fromtimestamp(moment, datetime.timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def wrong_in_time(found: Package, now: int) -> Iterator[str]:
    """Notes of the future."""
    if ahead := sum(note.mod > now for note in found.notes or ()):
        yield f"{ahead} notes with a time that is still to come: until then they would block every update"


def acting(found: Package) -> Iterator[str]:
    """What in a package of others could act."""
    counts: Counter[str] = Counter()
    for note in found.notes or ():
        counts.update({each for value in note.values for each in inert.acts(value)})
    yield from (f"{sign} in {count} notes, which could act" for sign, count in counts.most_common(SHOWN))
    for each in found.note_types[:SHOWN]:
        if signs := set().union(*map(inert.runs, each.looks.values())):
            yield f"the templates of {each.name!r} hold what runs or reaches out: {', '.join(sorted(signs))}"


def wrong_in_ours(found: Package) -> Iterator[str]:
    """What a package of csto-anki would never hold."""
    (note_type,) = found.note_types
    if note_type.fields != fields.FIELDS or note_type.templates != fields.TEMPLATES:
        yield "the note type is not the frozen one: updates of what learners have would stop"
    counts: Counter[str] = Counter()
    for note in found.notes or ():
        counts.update({each for value in note.values for each in inert.strange(value)})
    yield from (f"{sign} in {count} notes, which csto-anki does not write" for sign, count in counts.most_common(SHOWN))
    shown = {
        name for note in found.notes or () for value in note.values for name in re.findall(r' src="([^"]*)"', value)
    }
    for name in sorted(shown - found.media.keys())[:SHOWN]:
        yield f"the picture {name!r} is shown and not there"
    for name in sorted(found.media.keys() - shown)[:SHOWN]:
        yield f"the file {name!r} is there and not shown"
    for name, data in found.pictures.items():
        if hashlib.sha256(data).hexdigest()[:10] != name.rpartition(".")[0].rpartition("-")[2]:
            yield f"the picture {name!r} is not the one of its name"
        yield from (problem.what for problem in media.wrong(name, f"a.{name.rpartition('.')[2]}", data))


def _release(found: Package, sha256: str, version: str, released: Released | None) -> tuple[str, list[str]]:
    """Which release it is, or how it differs from the last; `none` where it says that it is one and is not."""
    if released is None or not released.last:
        return "there is no record of releases here to compare with", []
    known = {digest: name for name, digest in released.packages.items()}
    if sha256 in known:
        return f"byte for byte as released: {known[sha256]}", []
    if not is_ours(found) or str(found.note_types[0].id) != released.settings["note_type_id"]:
        return "another deck than that of the record", []
    try:
        contents = _sorted(package.contents(found))
    except files.Refused as error:
        return f"none: {error}", []
    stamps = _stamps_differ(found, contents, released)
    old, part = _part(_sorted(released.contents()), contents)
    diff = compare(released.last, old, version or "this file", contents)
    differs = [line.strip("\n") for line in tell.as_text(diff, lambda kind, text: f"[{kind}{text}{kind}]")][1:]
    if version == released.last:
        if diff.changes or diff.looks or diff.settings or diff.moved or stamps:
            return f"none: it says that it is {version}, and is not: {stamps or tell.summary(diff)}", differs
        return f"{version}{part}, packed by other versions of SQLite or zlib than at its release", []
    if VERSION.fullmatch(version):
        if version in released.releases:
            return f"none: it says that it is {version}, and its bytes are others; csto-anki diff {version} FILE", []
        return f"none: it says that it is {version}, of which the record does not know", differs
    return f"a development version; beside {released.last}{part}: {tell.summary(diff)}", differs


def _sorted(contents: Contents) -> Contents:
    """The same with the tags of each note in the order of the alphabet, as Anki has them when it exports a package."""
    return contents._replace(notes={id: _tidy(note) for id, note in contents.notes.items()})


def _tidy(note: Mapping[str, str]) -> Mapping[str, str]:
    return {**note, "Tags": " ".join(sorted(note["Tags"].split()))}


def _part(old: Contents, new: Contents) -> tuple[Contents, str]:
    """What is to be compared with a part of the deck, such as its core: the same notes."""
    if new.notes.keys() < old.notes.keys():
        notes = {id: old.notes[id] for id in old.notes if id in new.notes}
        return old._replace(notes=notes), f" ({len(new.notes)} of its {len(old.notes)} notes)"
    return old, ""


def _stamps_differ(found: Package, contents: Contents, released: Released) -> str:
    """Whether guids or times are others than a release gives them: then updates would double notes or pass them by."""
    settings = {**released.settings, **contents.settings}
    at = NAMES.index("Id")
    for note in found.notes or ():
        id = note.values[at]
        if note.guid != apkg.guid(settings, id):
            return f"the guid of {id} is another"
        entry = released.notes.get(id)
        if entry and _tidy(entry.fields) == contents.notes[id] and note.mod != released.releases[entry.changed].time:
            return f"the time of {id} is another"
    return ""
