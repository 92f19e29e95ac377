"""A folder of card files -> a deck, and every problem in any of them; alone knows the keys of the files.

A deck comes back only where nothing is wrong, so that no later step has to doubt what it gets.
"""

from __future__ import annotations

import datetime
import os.path
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from csto_anki import media, practice, timeline
from csto_anki.facts import Citation, Date, Deck, Fact, Picture, Place, Problem, Retired, Reverse, Source, Statement
from csto_anki.tree import Node, parse

T = TypeVar("T")

SETTINGS, SOURCES, MEDIA = "deck.yaml", "sources.yaml", "media"


class Wrong(Exception):  # noqa: N818  # it reads as what it says: raise wrong(node, ...)
    """The problems of one value, not yet with the id of their entry; caught in this module, never seen outside."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


class Key(NamedTuple):
    """A key of a card file: how its value is read, what it means, and whether it must be there."""

    read: Callable[[Node], Any]
    meaning: str
    required: bool = False


# Readers of one value: a node in, the typed value out, Wrong where it cannot be.


def wrong(node: Node, what: str, way_out: str) -> Wrong:
    return Wrong(Problem(node.place, "", what, way_out))


def text(node: Node) -> str:
    if node.kind != "text":
        raise wrong(node, f"a {node.kind} where a text belongs", "write one text, in quotes if it begins with [ or {")
    if all(unicodedata.category(character)[0] in "CMZ" for character in node.text):
        raise wrong(node, "an empty value", "write the text or remove the key")
    if any(unicodedata.combining(line[:1] or " ") for line in node.text.split("\n")):
        raise wrong(node, "a line that begins with a combining mark", "put the letter before it")
    if node.text.strip() != node.text.rstrip("\n"):
        raise wrong(node, "a text with blanks at its edge", "remove them")
    return node.text.rstrip("\n")


def number(node: Node) -> int:
    value = text(node)
    if not re.fullmatch(r"[1-9][0-9]{0,17}", value) or value == "1":
        raise wrong(node, f"{value!r} is not a whole number above 1", "write up to 18 digits and nothing else")
    return int(value)


def date(node: Node) -> Date:
    way_out = "write YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no more"
    value = text(node)
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value)
    if not match:
        raise wrong(node, f"{value!r} is not a date", way_out)
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        datetime.date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise wrong(node, f"{value!r} is not in the calendar", way_out) from None
    return Date(year, month, day)


def address(node: Node) -> str:
    value = text(node)
    if not re.fullmatch(r"https?://[^\s\"'<>\\]+", value):
        raise wrong(node, f"{value!r} is not a web address", "begin it with https:// or http://, without blanks")
    return value


def language(node: Node) -> str:
    value = text(node)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise wrong(node, f"{value!r} is not a language code", "write a code such as en or hi (BCP 47)")
    return value


def anki_name(node: Node) -> str:
    """A name that Anki takes as it is: it changes quotes, empty levels of `A::B` and line breaks in silence."""
    value = text(node)
    if not re.fullmatch(r'[^\s":]([^\n":]*[^\s":])?(::[^\s":]([^\n":]*[^\s":])?)*', value):
        raise wrong(node, f"{value!r} is no name for Anki", "use one line without quotes and colons")
    return value


def word(node: Node) -> str:
    text(node)
    # Not what `text` returns: a key that ends in a line break must not pass for the one without.
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", node.text):
        raise wrong(node, f"{node.text!r} is not in kebab-case", "use a-z, 0-9 and single hyphens: csc-highest-body")
    return node.text


def items(node: Node) -> list[Node]:
    if node.kind != "list":
        raise wrong(
            node,
            f"a {node.kind} where a list belongs",
            "write it in brackets, [one, two], or in lines that begin with a hyphen",
        )
    return node.children


def each(parts: Iterable[T], read_one: Callable[[T], Any]) -> list[Any]:
    """The values of all parts, or the problems of all of them together."""
    values: list[Any] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            values.append(read_one(part))
        except Wrong as error:
            problems += error.problems
    if problems:
        raise Wrong(*problems)
    return values


def words(node: Node) -> tuple[str, ...]:
    return tuple(each(items(node), word))


def citation(node: Node) -> Citation:
    return Citation(*text(node).split(maxsplit=1))


def citations(node: Node) -> tuple[Citation, ...]:
    if not items(node):
        raise wrong(node, "no source", "name at least one key of sources.yaml")
    return tuple(each(items(node), citation))


def truth(node: Node) -> bool:
    value = text(node)
    if value not in ("true", "false"):
        raise wrong(node, f"{value!r} is neither true nor false", "write true or false")
    return value == "true"


def way_to_ask(node: Node) -> str:
    value = text(node)
    if value not in practice.ASKS:
        raise wrong(node, f"{value!r} is no way to ask", f"write one of {', '.join(practice.ASKS)}")
    return value


def glossary(node: Node) -> Mapping[str, str]:
    problems: list[Problem] = []
    found: list[tuple[str, str]] = []
    try:
        found = each(_pairs(node, "", problems) or [], lambda entry: (word(entry[0]), text(entry[1])))
    except Wrong as error:
        problems += error.problems
    if problems:
        raise Wrong(*problems)
    return dict(found)


def card_kinds(node: Node) -> Mapping[str, str]:
    found = glossary(node)
    for key in node.children[::2]:
        if f"{key.text}.yaml" in (SETTINGS, SOURCES):
            raise wrong(key, f"{key.text}.yaml holds no facts", "give the kind another name")
    return found


def reverse(node: Node) -> Reverse:
    return Reverse(**_inner(node, REVERSE_KEYS))


def picture(node: Node) -> Picture:
    return Picture(**_inner(node, PICTURE_KEYS))


def retired(node: Node) -> Retired:
    return Retired(**_inner(node, RETIRED_KEYS))


def statements(node: Node) -> tuple[Statement, ...]:
    return tuple(each(items(node), lambda item: Statement(**_inner(item, STATEMENT_KEYS))))


def _inner(node: Node, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a mapping inside an entry."""
    problems: list[Problem] = []
    found, _ = _values(_pairs(node, "", problems), node.place, "", keys, problems)
    if problems:
        raise Wrong(*problems)
    return found


REVERSE_KEYS = {
    "question": Key(text, "the question turned round", required=True),
    "answer": Key(text, "its one answer", required=True),
}

STATEMENT_KEYS = {
    "text": Key(text, "what the statement says, or the pair", required=True),
    "correct": Key(truth, "true or false", required=True),
    "why": Key(text, "the reason, for those who marked it wrongly", required=True),
}

PICTURE_KEYS = {
    "file": Key(text, "its name in the folder media", required=True),
    "alt": Key(text, "what it shows, for those who cannot see it; on the front without the answer", required=True),
}

RETIRED_KEYS = {
    "why": Key(text, "why it is no longer taught", required=True),
    "replaced_by": Key(word, "the id of the fact that is taught instead"),
}

FACT_KEYS = {
    "about": Key(text, "the subject, shown small above the question"),
    "question": Key(text, "one question with one answer; must make sense alone, years later", required=True),
    "answer": Key(text, "the answer, short; or else:"),
    "date": Key(
        date, "a date as the answer: YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no more; or else:"
    ),
    "statements": Key(
        statements, "[{text, correct: true or false, why}, ...]: practice in UPSC's form; the answer follows from it"
    ),
    "ask": Key(way_to_ask, f"of the statements: {', '.join(practice.ASKS)}"),
    "reverse": Key(reverse, "{question, answer}: the question turned round, a second card of the same note"),
    "detail": Key(text, "shown under the answer: why it matters, the trap, the context"),
    "mnemonic": Key(text, "a hint that the learner can unfold"),
    "image": Key(picture, "{file, alt}: a picture of the folder media under the question"),
    "answer_image": Key(picture, "{file, alt}: a picture under the answer; timeline.svg is drawn from the facts"),
    "timeline": Key(text, "what the timeline says at the fact's date; for few and great events"),
    "sources": Key(
        citations, "[key place, ...]: keys of sources.yaml, each with the place in it, if any", required=True
    ),
    "as_of": Key(date, "the fact can move; the date up to which its sources vouch for it; due again within a year"),
    "tags": Key(words, "from the list in deck.yaml; the file's name is a tag by itself"),
    "changed": Key(
        text, "after a release: what is to be learnt again, since the fact is another now; told to learners"
    ),
    "reworded": Key(text, "after a release: what was mended where only the words of the answer are others"),
    "retired": Key(
        retired, "{why, replaced_by}: why it is no longer taught, and the id taught instead, if any; the entry stays"
    ),
}

SOURCE_KEYS = {
    "title": Key(text, "of the page or document, in English", required=True),
    "publisher": Key(text, "who publishes it", required=True),
    "url": Key(address, "the official or most lasting address", required=True),
    "date": Key(date, "when it was published"),
    "archive": Key(address, "an archived copy, above all for news"),
}

DECK_KEYS = {
    "title": Key(anki_name, "the deck's name in Anki; one name for ever", required=True),
    "description": Key(text, "shown under the deck's name; the version is added to it", required=True),
    "language": Key(language, "of the cards; part of every guid", required=True),
    "licence": Key(text, "of the cards", required=True),
    "namespace": Key(word, "the root of guids, tags and file names", required=True),
    "deck_id": Key(number, "a fixed number of its own", required=True),
    "note_type": Key(anki_name, "the note type's name in Anki", required=True),
    "note_type_id": Key(number, "a fixed number of its own", required=True),
    "kinds": Key(card_kinds, "one file each, in the order of learning", required=True),
    "priorities": Key(glossary, "tags of which each fact carries one, the most important first"),
    "parts": Key(glossary, "tags that name the parts of the exam"),
    "tags": Key(glossary, "what else a learner can filter by, one line each", required=True),
    "report": Key(address, "where mistakes are reported"),
}


def read(folder: Path) -> tuple[Deck | None, list[Problem]]:
    """Read a deck's folder.

    Returns the deck and no problems; or no deck and every problem found in any file, in the order of their places.
    Raises nothing for bad content.
    """
    problems: list[Problem] = []
    if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where this says no
        way_out = "name a deck's folder with --cards"
        return None, [Problem(Place(folder.as_posix()), "", "there is no such folder", way_out)]
    settings, places = _settings(folder, problems)
    sources = _sources(folder, problems)
    kinds = settings.get("kinds")
    tags = _tags(settings, places)
    facts = [fact for file in _card_files(folder, kinds, problems) for fact in _facts(file, tags, sources, problems)]
    _ids_once(facts, problems)
    pictures = _pictures(folder / MEDIA, facts, problems)
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
    found, nodes = _values(entries, place, "", DECK_KEYS, problems)
    return found, {key: node.place for key, node in nodes.items()}


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
        found, _ = _values(_pairs(node, name, problems), key.place, name, SOURCE_KEYS, problems)
        sound = found if len(problems) == before else {"title": "", "publisher": "", "url": ""}
        sources[name] = Source(name, place=key.place, **sound)
    return sources if whole else None


def _card_files(folder: Path, kinds: Mapping[str, str] | None, problems: list[Problem]) -> list[Path]:
    """The card files in the order of learning; all there are where deck.yaml cannot be read."""
    files = sorted(folder.glob("[!.]*"))
    for stray in files:
        if stray.suffix != ".yaml" and stray.suffix.casefold() in (".yaml", ".yml"):
            problems.append(Problem(Place(stray.as_posix()), "", "a file that is not read", "rename it to .yaml"))
    there = [file for file in files if file.suffix == ".yaml" and file.name not in (SETTINGS, SOURCES)]
    if kinds is None:
        return there
    for stray in there:
        if stray.stem not in kinds:
            way_out = f"add it to kinds in {SETTINGS}, where its turn in the order of learning is"
            problems.append(Problem(Place(stray.as_posix()), "", f"the kind {stray.stem!r} is not listed", way_out))
    return [folder / f"{kind}.yaml" for kind in kinds] + [file for file in there if file.stem not in kinds]


def _facts(
    file: Path, tags: Iterable[str] | None, sources: Iterable[str] | None, problems: list[Problem]
) -> list[Fact]:
    """The sound facts of one card file."""
    facts = []
    for key, node in _entries(file, problems)[0]:
        before = len(problems)
        name = _id(key, problems)
        found, nodes = _values(_pairs(node, name, problems), key.place, name, FACT_KEYS, problems)
        if node.kind == "mapping":
            problems += _one_answer(key, name, nodes)
        if "sources" in nodes and sources is not None:
            problems += _unknown(nodes["sources"], name, "source", sources, SOURCES)
        if "tags" in nodes and tags is not None:
            problems += _unknown(nodes["tags"], name, "tag", tags, SETTINGS)
        if "date" in found:
            found["answer"] = found.pop("date")
        if len(problems) == before and "statements" in found:
            found["answer"] = practice.answer(found["ask"], found["statements"])
            if not found["answer"]:
                problems.append(_no_option(nodes["statements"], name, found["ask"], found["statements"]))
        places = {"id": key.place} | {key: node.place for key, node in nodes.items()}
        # A faulty entry still takes part in the search for doubled ids.
        sound = found if len(problems) == before else {"question": "", "answer": "", "sources": ()}
        facts.append(Fact(name, file.stem, places=places, **sound))
    return facts


def _one_answer(key: Node, id: str, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """A fact has an answer, a date or statements, what belongs to it alone, and one word on its last change."""
    given = [name for name in ("answer", "date", "statements") if name in nodes]
    if not given:
        yield Problem(key.place, id, "neither an answer nor a date nor statements", "give one of them")
    for second in given[1:]:
        yield Problem(nodes[second].place, id, f"{given[0]} and {second} together", "keep one of them")
    if "statements" in nodes and "ask" not in nodes:
        way_out = f"add one of {', '.join(practice.ASKS)}"
        yield Problem(nodes["statements"].place, id, "statements without the key 'ask'", way_out)
    if "statements" in nodes and "reverse" in nodes:
        yield Problem(nodes["reverse"].place, id, "statements cannot be turned round", "remove the reverse")
    if "changed" in nodes and "reworded" in nodes:
        yield Problem(nodes["reworded"].place, id, "changed and reworded together", "keep what says the last change")
    if "timeline" in nodes and "date" not in nodes:
        yield Problem(nodes["timeline"].place, id, "a place on the timeline without a date", "give a date or remove it")
    if "ask" in nodes and "statements" not in nodes:
        yield Problem(nodes["ask"].place, id, "'ask' without statements", "add them or remove it")


def _no_option(node: Node, id: str, ask: str, statements: tuple[Statement, ...]) -> Problem:
    if not practice.options(ask, statements):
        counts = " or ".join(str(count) for count in practice.ASKS[ask].options)
        return Problem(node.place, id, f"{len(statements)} statements to ask {ask!r}", f"give {counts} of them")
    return Problem(node.place, id, "no option of UPSC's fits what is correct", "change the statements or the key 'ask'")


def _ids_once(facts: list[Fact], problems: list[Problem]) -> None:
    """An id is the fact for ever: it stands once in all files together."""
    first: dict[str, Place] = {}
    for fact in facts:
        place = fact.places["id"]
        other = first.setdefault(fact.id, place)
        if other.path != place.path:  # inside one file it is a doubled key, reported already
            problems.append(Problem(place, fact.id, f"this id stands at {other} too", "give the newer fact another id"))


def _pictures(folder: Path, facts: list[Fact], problems: list[Problem]) -> Mapping[str, bytes]:
    """All pictures that a fact can show; a fact that wants another is a problem."""
    pictures, found = media.read(folder)
    problems += found
    if drawn := timeline.draw(facts):
        if len(drawn) > media.LARGEST:
            last = max((fact for fact in facts if fact.timeline), key=lambda fact: fact.places["id"])
            what = f"with it the timeline is a picture of {len(drawn):,} bytes"
            problems.append(Problem(last.places["timeline"], last.id, what, "give fewer facts a place on it"))
        if timeline.NAME in pictures:
            place, what = Place((folder / timeline.NAME).as_posix()), "a picture of the name of the drawn timeline"
            problems.append(Problem(place, "", what, "give it another name"))
        pictures[timeline.NAME] = drawn
    for fact in facts:
        for key, shown in fact.pictures():
            if shown.file not in pictures:
                meant = _closest(shown.file, pictures)
                way_out = f"did you mean {meant!r}?" if meant else f"put it into {folder.as_posix()}"
                problems.append(Problem(fact.places[key], fact.id, f"there is no picture {shown.file!r}", way_out))
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
        data = file.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        problems.append(Problem(Place(path), "", what, "see that the file is there and open to you"))
        return [], False
    node, found, whole = parse(path, data)
    problems += found
    entries = _pairs(node, "", problems) if node else []
    return entries or [], whole and entries is not None


def _pairs(node: Node, id: str, problems: list[Problem]) -> list[tuple[Node, Node]] | None:
    """The keys and values of a mapping, with the first of each key; YAML libraries keep the last, in silence."""
    if node.kind != "mapping":
        way_out = "write lines of the form 'key: value', indented by two blanks under the id"
        problems.append(Problem(node.place, id, f"a {node.kind} where keys belong", way_out))
        return None
    first: dict[str, Node] = {}
    kept = []
    for key, value in zip(node.children[::2], node.children[1::2], strict=True):
        if key.kind != "text":
            problems.append(Problem(key.place, id, f"a {key.kind} where a key belongs", "write one word and a colon"))
        elif key.text in first:
            what = f"the key {key.text!r} stands here twice, first in line {first[key.text].place.line}"
            problems.append(Problem(key.place, id, what, "keep one of the two"))
        else:
            first[key.text] = key
            kept.append((key, value))
    return kept


def _values(
    entries: list[tuple[Node, Node]] | None, place: Place, id: str, keys: Mapping[str, Key], problems: list[Problem]
) -> tuple[dict[str, Any], dict[str, Node]]:
    """Read keys and values by a table of keys: the values that are sound, and the nodes of all known keys.

    `place` is where a missing key is missed; nothing is missed where there are no entries at all (None).
    """
    found: dict[str, Any] = {}
    nodes: dict[str, Node] = {}
    if entries is None:
        return found, nodes
    for key, value in entries:
        name = key.text
        if name not in keys:
            meant = _closest(name, keys)
            way_out = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(keys)}"
            problems.append(Problem(key.place, id, f"the unknown key {name!r}", way_out))
            if meant:
                nodes.setdefault(meant, value)  # what is misspelt is not missing as well
            continue
        nodes[name] = value
        try:
            found[name] = keys[name].read(value)
        except Wrong as error:
            problems += (replace(problem, id=id) for problem in error.problems)
    for name, known in keys.items():
        if known.required and name not in nodes:
            problems.append(Problem(place, id, f"the key {name!r} is missing", f"add it: {known.meaning}"))
    return found, nodes


def _unknown(node: Node, id: str, noun: str, known: Iterable[str], file: str) -> Iterator[Problem]:
    """The items of a list whose first word is not known; what else is wrong with an item is reported elsewhere."""
    for item in node.children if node.kind == "list" else []:
        name = item.text.split(maxsplit=1)[0] if item.text.strip() else ""
        if name and name not in known:
            meant = _closest(name, known)
            way_out = f"did you mean {meant!r}? or add it to {file}" if meant else f"add it to {file}"
            yield Problem(item.place, id, f"the unknown {noun} {name!r}", way_out)


def _closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or an empty one."""
    return next(iter(get_close_matches(name, known, n=1)), "")
