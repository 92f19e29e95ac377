"""A package -> what it is, in words: which deck and version, whether it is a release, and what is wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki import apkg, fields, files, inert, media, package, tell, together
from csto_anki.diff import Contents, compare, plain
from csto_anki.package import Package, few
from csto_anki.release import VERSION, Released, Stamps

SAID = re.compile(r"(?:^|<br><br>)((?:(?!<br><br>).)*) · Version (20[0-9.]{8,12}(?:\.dev-[0-9a-f]{8})?)(?:<br>|$)")
NAMES = [name for name, _ in fields.FIELDS]
ID, LANGUAGE = NAMES.index("Id"), NAMES.index("Language")
LONGEST = 100_000  # characters of a field that is looked through
LINES = 60  # of what differs
RUNS = (".js", ".mjs", ".html", ".htm", ".xhtml", ".wasm")


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
    facts = {"file": f"{path.name}, {path.stat().st_size:,} bytes", "SHA-256": together.digest(path)}
    if found.notes is None:
        facts["format"] = f"the newer one of Anki's own exports ({found.format}); csto-anki verify looks inside"
        return Report(facts, (), ())
    facts["deck"] = "; ".join(found.decks) or "no name"
    licence, version = said(found)
    if is_ours(found):
        facts |= {"licence": licence or "not said", "version": version or "not said"}
    facts["newest note"] = _utc(max((note.mod for note in found.notes), default=0))
    types = ", ".join(each.name for each in found.note_types[:5]) + ", ..." * (len(found.note_types) > 5)
    facts["holds"] = f"{len(found.notes):,} notes, {found.cards:,} cards, {len(found.media):,} media; note type {types}"
    facts |= made_by(found)
    known = known_looks(found, facts["SHA-256"], released)
    wrong = [*found.wrong, *wrong_inside(found, known, now)]
    # Of unknown looks nothing is made again here: they could be made to hang whatever renders them.
    if is_ours(found) and not found.wrong and found.note_types[0].looks in [fields.looks(), *known]:
        wrong += _wrong_settings(found)
    facts["release"], differs, why = _release(path, found, facts["SHA-256"], version, released, not wrong)
    more = [f"and {len(differs) - LINES:,} more lines; csto-anki diff tells all"] * (len(differs) > LINES)
    return Report(facts, (*differs[:LINES], *more), (*wrong, *([why] if why else [])))


def is_ours(found: Package) -> bool:
    """Whether csto-anki made it, or somebody says so, by its fields: of this deck or of another."""
    return len(found.note_types) == 1 and [name for name, _ in found.note_types[0].fields] == NAMES


def said(found: Package) -> tuple[str, str]:
    """The licence and the version that a package of ours tells in its deck's description."""
    matches = [match for text in found.decks.values() if (match := SAID.search(text))]
    return (plain(matches[0][1]).replace("\n", " "), matches[0][2]) if len(matches) == 1 else ("", "")


def made_by(found: Package) -> dict[str, str]:
    """Of a package of others what is ordinary there, and nobody vouches for."""
    if is_ours(found):
        return {}
    runs = {each.name: set().union(*map(inert.runs, each.looks.values())) for each in found.note_types[:20]}
    told = "; ".join(f"{name}: {', '.join(sorted(signs))}" for name, signs in runs.items() if signs)
    return {
        "made by": "not csto-anki: what in it could act was looked for, and nobody can vouch for it",
        "templates": f"hold what runs or reaches out, in {told}" if told else "nothing known that runs or reaches out",
    }


def known_looks(found: Package, sha256: str, released: Released | None) -> list[Mapping[str, str]]:
    """The looks that a package of ours can have: of this version, of the last release, of itself if it is released.

    None where there is no record: they can be those of an older version.
    """
    if released is None:
        return []
    known: list[Mapping[str, str]] = [fields.looks()]
    if released.note_type:
        known.append(released.note_type.fields)
    if sha256 in released.packages.values():
        known += [each.looks for each in found.note_types]
    return known


def _utc(moment: int) -> str:
    if not 0 < moment < 2**33:
        return "at no time"
    return f"{datetime.datetime.fromtimestamp(moment, datetime.timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def wrong_inside(found: Package, known: list[Mapping[str, str]], now: int) -> Iterator[str]:
    """What is wrong with the contents; `known` are the looks that a package of ours can have."""
    yield from wrong_in_time(found, now)
    yield from _wrong_in_ours(found, known) if is_ours(found) else _acting(found)


def wrong_in_time(found: Package, now: int) -> Iterator[str]:
    """What comes from the future, and there would block every update."""
    latest = now + 86_400  # for the clocks of two machines differ
    if ahead := sum(note.mod > latest for note in found.notes or ()):
        yield f"{ahead} notes with a time that is still to come: until then they would block every update"
    if any(each.mod > latest for each in found.note_types):
        yield "a note type with a time that is still to come: until then its looks could not be mended"


def _signs(found: Package, signs: Callable[[str], Iterator[str]], why: str) -> Iterator[str]:
    """What `signs` finds in the fields of the notes and in the descriptions of the decks, each with its count."""
    counts: Counter[str] = Counter()
    for note in found.notes or ():
        counts.update({each for value in note.values if len(value) <= LONGEST for each in signs(value)})
    for text in found.decks.values():
        counts.update({f"{each} (of the deck's description)" for each in signs(text[:LONGEST])})
    yield from few(f"{sign} in {count} notes, {why}" for sign, count in counts.items())
    if long := sum(len(value) > LONGEST for note in found.notes or () for value in note.values):
        yield f"{long} fields of more than {LONGEST:,} characters, which were not looked through"


def _acting(found: Package) -> Iterator[str]:
    """What in the notes of others could act; their templates are told as facts."""
    yield from _signs(found, inert.acts, "which could act")
    yield from few(f"the file {name!r}, which can run" for name in found.media if name.lower().endswith(RUNS))


def _wrong_in_ours(found: Package, known: list[Mapping[str, str]]) -> Iterator[str]:
    """What a package of csto-anki would never hold."""
    (note_type,) = found.note_types
    if note_type.fields != fields.FIELDS or note_type.templates != fields.TEMPLATES:
        yield "the note type is not the frozen one: updates of what learners have would stop"
    signs = sorted(_running(note_type.looks) - _running(fields.looks()))
    if note_type.looks not in known and (known or signs):
        yield f"its cards are not made as by csto-anki{' and hold ' * bool(signs)}{', '.join(signs)}"
    if not found.notes or len(found.decks) != 1:
        yield f"{len(found.notes or ())} notes in {len(found.decks)} decks"
    if found.studied:
        yield f"{found.studied} cards carry somebody's schedule"
    yield from _signs(found, inert.strange, "which csto-anki does not write")
    yield from _wrong_ids(found)
    yield from _wrong_pictures(found)


def _running(looks: Mapping[str, str]) -> set[str]:
    return set().union(*map(inert.runs, looks.values()))


def _wrong_settings(found: Package) -> list[str]:
    """Whether what Anki keeps in JSON is as csto-anki writes it; when Anki itself exports a deck again, it is not."""
    if found.others:
        return [f"another collection beside that which Anki takes: {', '.join(found.others)}"]
    (note_type,) = found.note_types
    decks = [deck for deck in _loaded(found.settings[1]).values() if deck["id"] != 1]
    if len(decks) != 1 or found.home != (decks[0]["id"],) or not isinstance(decks[0]["id"], int):
        return ["cards in other decks than the one that csto-anki makes"]
    settings = {"title": decks[0]["name"], "deck_id": str(decks[0]["id"]), "note_type": note_type.name}
    settings |= {"note_type_id": str(note_type.id), "description": "", "namespace": "n", "language": "en"}
    stamps = Stamps("", 1, {"x": 1}, note_type.mod, {"x": ""}, {}, {})
    with together.scratch() as folder:
        note = {"Question": "Q", "Answer": "A", "Id": "x", "Tags": "n::x"}
        apkg.write(Contents(settings, {"x": note}, note_type.looks), {}, stamps, folder / "a.apkg")
        expected = package.load(folder / "a.apkg").settings
    names = ("note type", "deck", "options", "deck options", "tags")
    pairs = zip(names, expected, found.settings, strict=True)
    return [
        f"the settings of its {name} are not as csto-anki writes them"
        for name, one, other in pairs
        if _loaded(one) != _loaded(other)
    ]


def _loaded(text: str) -> dict[str, Any]:
    """JSON without the description of the deck, which is looked at apart; nothing where it is none."""
    try:
        found = json.loads(text)
        return {key: {**each, "desc": ""} if isinstance(each, dict) else each for key, each in found.items()}
    except (AttributeError, RecursionError, ValueError):
        return {}


def _wrong_ids(found: Package) -> Iterator[str]:
    """Anki knows a note by its guid: with another one every learner would get the note twice."""
    ids = Counter(note.values[ID] for note in found.notes or () if len(note.values) == len(NAMES))
    yield from few(f"the id {id!r} in {count} notes" for id, count in ids.items() if count > 1)
    # A learner's own tags have other roots.
    roots = Counter(tag.partition("::")[0] for note in found.notes or () for tag in note.tags[:50]).most_common(3)
    strange = []
    for note in found.notes or ():
        if len(note.values) == len(NAMES):
            id, language = note.values[ID], note.values[LANGUAGE]
            guids = {apkg.guid({"namespace": root, "language": language}, id) for root, _ in roots}
            strange += [id] * (note.guid not in guids)
    yield from few(f"the guid of {id} is another than its id gives" for id in strange)


def _wrong_pictures(found: Package) -> Iterator[str]:
    at = [NAMES.index(name) for name in fields.PICTURES.values()]
    rows = [note.values for note in found.notes or () if len(note.values) == len(NAMES)]
    names = {name for values in rows for column in at for name in re.findall(r'<img src="([^"]*)"', values[column])}
    yield from few(f"the picture {name!r} is shown and not there" for name in sorted(names - found.media.keys()))
    yield from few(f"the file {name!r} is there and not shown" for name in sorted(found.media.keys() - names))
    yield from few(
        f"the file {name!r} is too large to be one of ours"
        for name, size in found.media.items()
        if size > media.LARGEST
    )
    for name, data in found.pictures.items():
        if hashlib.sha256(data).hexdigest()[:10] != name.rpartition(".")[0].rpartition("-")[2]:
            yield f"the picture {name!r} is not the one of its name"
        yield from few(problem.what for problem in media.wrong(name, f"a.{name.rpartition('.')[2]}", data))


def _release(
    path: Path, found: Package, sha256: str, version: str, released: Released | None, sound: bool
) -> tuple[str, list[str], str]:
    """Which release it is, what differs from the last, and what is wrong where it says that it is one and is not."""
    if released is None or not released.last:
        return "there is no record of releases here to compare with", [], ""
    names = {digest: name for name, digest in released.packages.items()}
    if sha256 in names:
        return f"byte for byte as released: {names[sha256]}", [], ""
    if not is_ours(found) or str(found.note_types[0].id) != released.settings["note_type_id"]:
        return "another deck than that of the record", [], ""
    if version == released.last and sound and (name := _made_again(path, found, released)):
        told = f"to the last value as released: {name}, packed by other versions of SQLite or zlib"
        return f"{told}; of its {len(found.media)} pictures the names vouch, by ten digits", [], ""
    try:
        contents = package.contents(found)
        old, part = _part(released.contents(), contents)
        diff = compare(released.last, old, version or "this file", contents)
    except files.Refused as error:
        return "none", [], str(error)
    differs = [line.strip("\n") for line in tell.as_text(diff, lambda kind, text: f"[{kind}{text}{kind}]")][1:]
    told = f"{tell.summary(diff)} beside {released.last}{part}"
    if not version:
        return f"none: {told}", differs, "it does not say which version it is"
    if not VERSION.fullmatch(version):
        return f"none, a development version: {told}", differs, ""
    if version in released.releases and version != released.last:
        return "none", [], f"it says that it is {version}, and its bytes are others; csto-anki diff {version} FILE"
    if version in released.releases:
        return f"none: {told}", differs, f"it says that it is {version}, and is not: not all in it is as released"
    return f"none: {told}", differs, f"it says that it is {version}, of which the record does not know"


def _part(old: Contents, new: Contents) -> tuple[Contents, str]:
    """What is to be compared with a part of the deck, such as its core: the same notes."""
    if not new.notes.keys() >= old.notes.keys():
        notes = {id: old.notes[id] for id in old.notes if id in new.notes}
        return old._replace(notes=notes), f" ({len(notes)} of its {len(old.notes)} notes)"
    return old, ""


def _made_again(path: Path, found: Package, released: Released) -> str:
    """The name of the package of the last release that it is to the last value, if it is one.

    The record tells all of a package but its pictures, and these have their digests in their names. So the package is
    made again and compared, with its every table and time.
    """
    contents = released.contents()
    stamps = released.stamp(contents, datetime.date.min)
    start, end = released.settings["namespace"], f"-{released.last}.apkg"
    shown = {each for note in contents.notes.values() for each in fields.shown(note)}
    pictures = {each: found.pictures.get(each, b"") for each in shown}
    with together.scratch() as folder:
        for name in released.releases[released.last].packages:
            only = name.removeprefix(start).removesuffix(end).strip("-") or None
            apkg.write(contents, pictures, stamps, folder / "again.apkg", only)
            again = package.load(folder / "again.apkg")
            if again.pictures == found.pictures and again.media == found.media and not (found.wrong or found.others):
                pairs = itertools.zip_longest(package.database(folder / "again.apkg"), package.database(path))
                if all(one == other for one, other in pairs):
                    return name
    return ""
