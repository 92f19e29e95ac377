"""A folder of card files -> a deck, and every problem in any of them; alone knows what lies where in it.

A deck comes back only where nothing is wrong, so that no later step has to doubt what it gets.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from csto_anki import files, media, near, practice, timeline
from csto_anki.facts import Deck, Fact, Place, Places, Problem, Source, Statement
from csto_anki.keys import DECK_KEYS, FACT_KEYS, SETTINGS, SOURCE_KEYS, SOURCES, Wrong, pairs, values, word
from csto_anki.tree import LARGEST, Lines, Node, parse

MEDIA = "media"
GUESSED = 500  # problems, after which nobody is told any more what was meant
TOO_MANY = 50_000  # problems, after which no more entries are looked at
APART = "keys-apart"  # the code of keys that exclude each other


def read(folder: Path) -> tuple[Deck | None, list[Problem]]:
    """Read a deck's folder.

    Returns the deck and no problems; or no deck and every problem found in any file, in the order of their places.
    Raises nothing for bad content.
    """
    problems: list[Problem] = []
    if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where this says no
        way_out = "name a deck's folder with --cards"
        return None, [Problem(Place(folder.as_posix()), "", "there is no such folder", way_out, code="wrong-file")]
    settings, places = _settings(folder, problems)
    sources = _sources(folder, problems)
    kinds = settings.get("kinds")
    tags = _tags(settings, places)
    facts = [fact for file in _card_files(folder, kinds, problems) for fact in _facts(file, tags, sources, problems)]
    _ids_once(facts, problems)
    pictures = _pictures(folder, facts, problems)
    if problems:
        return None, sorted(problems)
    return Deck(**settings, sources=sources or {}, facts=tuple(facts), places=places, pictures=pictures), []


def _settings(folder: Path, problems: list[Problem]) -> tuple[dict[str, Any], dict[str, Place]]:
    """What deck.yaml says, as far as it can be read."""
    file = folder / SETTINGS
    entries, whole = _entries(file, problems)
    if not whole:
        return {}, {}
    place = Place(file.as_posix())
    found, nodes = values(entries, place, "", DECK_KEYS, problems)
    places = _places(nodes).all()
    for key, node in nodes.items():  # of a tag or kind the name is meant, not what is said of it
        places |= {f"{key}.{name.text}": name.place for name in node.children[::2] if node.kind == "mapping"}
    return found, places


def _tags(settings: Mapping[str, Any], places: Mapping[str, Place]) -> set[str] | None:
    """All that a fact can be tagged with; None where deck.yaml does not tell."""
    optional = {"priorities", "parts"} & places.keys()
    if not {"kinds", "tags", *optional} <= settings.keys():
        return None
    return {tag for key in ("kinds", "tags", *optional) for tag in settings[key]}


def _sources(folder: Path, problems: list[Problem]) -> dict[str, Source] | None:
    """The sources by key, faulty ones too, so that they do not look unknown; None where there is no telling."""
    entries, whole = _entries(folder / SOURCES, problems)
    sources = {}
    for key, node in entries:
        before = len(problems)
        name = _id(key, problems)
        found, nodes = values(pairs(node, name, problems), key.place, name, SOURCE_KEYS, problems)
        sound = found if len(problems) == before else {"title": "", "publisher": "", "url": ""}
        sources[name] = Source(name, place=key.place, places=_places(nodes), **sound)
    return sources if whole else None


def _card_files(folder: Path, kinds: Mapping[str, str] | None, problems: list[Problem]) -> list[Path]:
    """The card files in the order of learning; all there are where deck.yaml cannot be read."""
    files = sorted(folder.glob("[!.]*"))
    for stray in files:
        if stray.suffix != ".yaml" and stray.suffix.casefold() in (".yaml", ".yml"):
            place, what = Place(stray.as_posix()), "a file that is not read"
            problems.append(Problem(place, "", what, "rename it to .yaml", code="wrong-file"))
    there = [file for file in files if file.suffix == ".yaml" and file.name not in (SETTINGS, SOURCES)]
    if kinds is None:
        return there
    for stray in there:
        if stray.stem not in kinds:
            way_out = f"add it to kinds in {SETTINGS}, where its turn in the order of learning is"
            place, what = Place(stray.as_posix()), f"the kind {stray.stem!r} is not listed"
            problems.append(Problem(place, "", what, way_out, code="wrong-file"))
    return [folder / f"{kind}.yaml" for kind in kinds] + [file for file in there if file.stem not in kinds]


def _facts(
    file: Path, tags: Iterable[str] | None, sources: Iterable[str] | None, problems: list[Problem]
) -> list[Fact]:
    """The sound facts of one card file."""
    facts = []
    for key, node in _entries(file, problems)[0]:
        before = len(problems)
        if before > TOO_MANY:  # else those of a file of nothing but mistakes would fill the memory
            break
        name = _id(key, problems)
        found, nodes = values(pairs(node, name, problems), key.place, name, FACT_KEYS, problems)
        if node.kind == "mapping":
            problems += _one_answer(key, name, nodes)
        if "sources" in nodes and sources is not None:
            problems += _unknown(nodes["sources"], name, "source", sources, SOURCES, len(problems))
        if "tags" in nodes and tags is not None:
            problems += _unknown(nodes["tags"], name, "tag", tags, SETTINGS, len(problems))
        if "date" in found:
            found["answer"] = found.pop("date")
        if len(problems) == before and "statements" in found:
            found["answer"] = practice.answer(found["ask"], found["statements"])
            if not found["answer"]:
                problems.append(_no_option(nodes["statements"], name, found["ask"], found["statements"]))
        places = _places({"id": key, **nodes})
        # A faulty entry still takes part in the search for doubled ids.
        sound = found if len(problems) == before else {"question": "", "answer": "", "sources": ()}
        facts.append(Fact(name, file.stem, places=places, **sound))
    return facts


def _places(nodes: Mapping[str, Node]) -> Places:
    """The places of the values of an entry, and of what lies in them, by keys such as `statements.0.text`."""
    keys: list[str] = []
    numbers: list[int] = []
    _note(nodes.items(), "", keys, numbers)
    part = next((node.part for node in nodes.values()), Lines("", []))  # all are of one
    return Places(part.path, tuple(keys), numbers, part.above)


def _note(named: Iterable[tuple[str, Node]], prefix: str, keys: list[str], numbers: list[int]) -> None:
    """Note keys, and lines and columns from 0, with -1 where the end is not known."""
    for name, node in named:
        key = prefix + name
        keys.append(key)
        start, stop = node.start, node.stop
        numbers += (start.line, start.column, stop.line, stop.column) if stop else (start.line, start.column, -1, -1)
        if node.children and prefix.count(".") < 2:  # no value that is sound lies deeper
            _note(_inside(key, node), f"{key}.", keys, numbers)


def _inside(key: str, node: Node) -> Iterable[tuple[str, Node]]:
    if key == "accept":  # what is accepted is meant, not the reason
        return [(code.text, code) for code in node.children[::2]]
    if node.kind == "list":
        return zip(map(str, range(len(node.children))), node.children, strict=True)
    return zip([name.text for name in node.children[::2]], node.children[1::2], strict=True)


def _one_answer(key: Node, id: str, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """A fact has an answer, a date or statements, what belongs to it alone, and one word on its last change."""
    given = [name for name in ("answer", "date", "statements") if name in nodes]
    if not given:
        yield Problem(
            key.place, id, "neither an answer nor a date nor statements", "give one of them", code="missing-key"
        )
    for second in given[1:]:
        yield Problem(nodes[second].place, id, f"{given[0]} and {second} together", "keep one of them", code=APART)
    if "statements" in nodes and "ask" not in nodes:
        way_out = f"add one of {', '.join(practice.ASKS)}"
        yield Problem(nodes["statements"].place, id, "statements without the key 'ask'", way_out, code="missing-key")
    if "statements" in nodes and "reverse" in nodes:
        what, way_out = "statements cannot be turned round", "remove the reverse"
        yield Problem(nodes["reverse"].place, id, what, way_out, code=APART)
    if "changed" in nodes and "reworded" in nodes:
        what, way_out = "changed and reworded together", "keep what says the last change"
        yield Problem(nodes["reworded"].place, id, what, way_out, code=APART)
    if "timeline" in nodes and "date" not in nodes:
        what, way_out = "a place on the timeline without a date", "give a date or remove it"
        yield Problem(nodes["timeline"].place, id, what, way_out, code=APART)
    if "ask" in nodes and "statements" not in nodes:
        yield Problem(nodes["ask"].place, id, "'ask' without statements", "add them or remove it", code=APART)


def _no_option(node: Node, id: str, ask: str, statements: tuple[Statement, ...]) -> Problem:
    if not practice.options(ask, statements):
        counts = " or ".join(str(count) for count in practice.ASKS[ask].options)
        what, way_out = f"{len(statements)} statements to ask {ask!r}", f"give {counts} of them"
    else:
        what, way_out = "no option of UPSC's fits what is correct", "change the statements or the key 'ask'"
    return Problem(node.place, id, what, way_out, code="no-option")


def _ids_once(facts: list[Fact], problems: list[Problem]) -> None:
    """An id is the fact for ever: it stands once in all files together."""
    first: dict[str, Fact] = {}
    for fact in facts:
        if (same := first.setdefault(fact.id, fact)) is fact:
            continue
        other, place = same.places["id"], fact.places["id"]
        if other.path != place.path:  # inside one file it is a doubled key, reported already
            what, way_out = f"this id stands at {other} too", "give the newer fact another id"
            problems.append(Problem(place, fact.id, what, way_out, code="doubled-id"))


def _pictures(deck: Path, facts: list[Fact], problems: list[Problem]) -> Mapping[str, bytes]:
    """All pictures that a fact can show; a fact that wants another is a problem."""
    folder = deck / MEDIA
    pictures, found = media.read(folder, deck)
    problems += found
    if drawn := timeline.draw(facts):
        if len(drawn) > media.LARGEST:
            last = max((fact for fact in facts if fact.timeline), key=lambda fact: fact.places["id"])
            what = f"with it the timeline is a picture of {len(drawn):,} bytes"
            place, way_out = last.places["timeline"], "give fewer facts a place on it"
            problems.append(Problem(place, last.id, what, way_out, code="bad-picture"))
        if timeline.NAME in pictures:
            place, what = Place((folder / timeline.NAME).as_posix()), "a picture of the name of the drawn timeline"
            problems.append(Problem(place, "", what, "give it another name", code="bad-picture"))
        pictures[timeline.NAME] = drawn
    for fact in facts:
        for key, shown in fact.pictures():
            if shown.file not in pictures:
                meant = near.closest(shown.file, pictures)
                way_out = f"did you mean {meant!r}?" if meant else f"put it into {folder.as_posix()}"
                what = f"there is no picture {shown.file!r}"
                problems.append(Problem(fact.places[key], fact.id, what, way_out, code="unknown-picture"))
    return pictures


def _id(key: Node, problems: list[Problem]) -> str:
    try:
        return word(key)
    except Wrong as error:
        problems += error.problems
        return key.text


def _entries(file: Path, problems: list[Problem]) -> tuple[list[tuple[Node, Node]], bool]:
    """The top-level pairs of a file, without doubled keys, and whether these are all."""
    path = file.as_posix()
    try:
        data = files.load(file, file.parent, LARGEST)
    except files.Refused as error:
        problems.append(Problem(Place(path), "", error.what, error.way_out, code="wrong-file"))
        return [], False
    node, found, whole = parse(path, data)
    problems += found
    entries = pairs(node, "", problems) if node else []
    return entries or [], whole and entries is not None


def _unknown(node: Node, id: str, noun: str, known: Iterable[str], file: str, told: int) -> Iterator[Problem]:
    """The items of a list whose first word is not known; what else is wrong with an item is reported elsewhere.

    `told` problems are known by then: what was meant is guessed for the first of a run, for it takes a while.
    """
    for item in node.children if node.kind == "list" else []:
        name = item.text.partition(" ")[0]
        if name in known:
            continue
        name = item.text.split(maxsplit=1)[0] if item.text.strip() else ""
        if name and name not in known:
            told += 1
            meant = near.closest(name, known) if told <= GUESSED else ""
            way_out = f"did you mean {meant!r}? or add it to {file}" if meant else f"add it to {file}"
            yield Problem(item.place, id, f"the unknown {noun} {name!r}", way_out, code=f"unknown-{noun}")
