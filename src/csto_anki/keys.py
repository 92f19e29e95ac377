"""The keys of the files, what each means, and how its value is read; alone knows them.

`schema` makes of the same tables what an editor needs to complete and explain them.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from csto_anki import inert, near, practice
from csto_anki.facts import Citation, Date, Picture, Place, Problem, Retired, Reverse, Statement
from csto_anki.files import NOT_ON_WINDOWS
from csto_anki.tree import Node

T = TypeVar("T")

# What values look like, in the words that JavaScript has too, for editors.
WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NUMBER = r"[1-9][0-9]{0,17}"
DATE = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
ADDRESS = r"https?://[^\s\"'<>\\\[\]]+"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
ANKI_NAME = r'[^\s":]([^\n":]*[^\s":])?(::[^\s":]([^\n":]*[^\s":])?)*'

KEBAB = re.compile(WORD)
LONGEST_WORD = 80  # characters of an id, tag, kind or key of a source
LONGEST_ADDRESS = 2_000  # characters
MOST_ITEMS = 200  # of a list of sources or tags; a card shows each of them
MOST_NAMES = 5_000  # of a mapping, such as kinds
LONGEST_ROOT = 40  # of the namespace: with it the name of a picture stays under the 120 bytes that Anki cuts names at

SETTINGS, SOURCES = "deck.yaml", "sources.yaml"


class Wrong(Exception):  # noqa: N818  # it reads as what it says: raise wrong(node, ...)
    """The problems of one value, not yet with the id of their entry; caught here and in `read`, never seen outside."""

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
    return Wrong(Problem(node.place, "", what, way_out, code="wrong-value"))


def text(node: Node) -> str:
    value = node.text
    if found := inert.command(value):
        way_out = "word it otherwise; in an address write %7B for {"
        raise Wrong(Problem(node.place, "", f"{found!r}, which Anki takes for a command", way_out, code="no-commands"))
    if value and value.isascii() and value.isprintable() and value == value.strip():
        return value  # nine texts in ten, and none of the rules below is broken by one
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
    if not re.fullmatch(NUMBER, value) or value == "1":
        raise wrong(node, f"{value!r} is not a whole number above 1", "write up to 18 digits and nothing else")
    return int(value)


def date(node: Node) -> Date:
    way_out = "write YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no more"
    value = text(node)
    match = re.fullmatch(DATE, value)
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
    if not re.fullmatch(ADDRESS, value):
        way_out = "begin it with https:// or http://, without blanks and quotes; write %5B for [ and %5D for ]"
        raise wrong(node, f"{value!r} is not a web address", way_out)
    if len(value) > LONGEST_ADDRESS:
        raise wrong(node, f"an address of {len(value):,} characters", f"use at most {LONGEST_ADDRESS:,}")
    if value.count("{id}") > 3:
        raise wrong(node, "{id} more than three times", "leave the others out")
    return value


def language(node: Node) -> str:
    value = text(node)
    if not re.fullmatch(LANGUAGE, value):
        raise wrong(node, f"{value!r} is not a language code", "write a code such as en or hi (BCP 47)")
    return value


def anki_name(node: Node) -> str:
    """A name that Anki takes as it is: it changes quotes, empty levels of `A::B` and line breaks in silence."""
    value = text(node)
    if not re.fullmatch(ANKI_NAME, value):
        raise wrong(node, f"{value!r} is no name for Anki", "use one line without quotes and colons")
    return value


def word(node: Node) -> str:
    # Not what `text` returns: a key that ends in a line break must not pass for the one without.
    if node.kind == "text" and len(node.text) > LONGEST_WORD:
        raise wrong(node, f"a word of {len(node.text):,} characters", f"use at most {LONGEST_WORD}")
    if node.kind != "text" or not KEBAB.fullmatch(node.text):
        text(node)
        raise wrong(node, f"{node.text!r} is not in kebab-case", "use a-z, 0-9 and single hyphens: csc-highest-body")
    return node.text


def root(node: Node) -> str:
    value = word(node)
    if len(value) > LONGEST_ROOT:
        raise wrong(node, f"a root of {len(value)} characters", f"use at most {LONGEST_ROOT}: all names begin with it")
    return value


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
    return tuple(each(_few(items(node)), word))


def _few(nodes: list[Node]) -> list[Node]:
    if len(nodes) > MOST_ITEMS:
        raise wrong(nodes[MOST_ITEMS], f"a list of {len(nodes):,}", f"keep at most {MOST_ITEMS}")
    return nodes


def citation(node: Node) -> Citation:
    return Citation(*text(node).split(maxsplit=1))


def citations(node: Node) -> tuple[Citation, ...]:
    if not items(node):
        raise wrong(node, "no source", "name at least one key of sources.yaml")
    return tuple(each(_few(items(node)), citation))


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
    return dict(each(_sound_pairs(node), lambda entry: (word(entry[0]), text(entry[1]))))


def _sound_pairs(node: Node) -> list[tuple[Node, Node]]:
    """The keys and values of a mapping, or the problems of all that is wrong with its keys."""
    problems: list[Problem] = []
    found = pairs(node, "", problems)
    if problems:
        raise Wrong(*problems)
    if found and len(found) > MOST_NAMES:
        raise wrong(found[MOST_NAMES][0], f"a mapping of {len(found):,}", f"keep at most {MOST_NAMES:,}")
    return found or []


def card_kinds(node: Node) -> Mapping[str, str]:
    found = glossary(node)
    for key in node.children[::2]:
        if f"{key.text}.yaml" in (SETTINGS, SOURCES):
            raise wrong(key, f"{key.text}.yaml holds no facts", "give the kind another name")
        if key.text in NOT_ON_WINDOWS:
            raise wrong(key, f"Windows can have no file {key.text}.yaml", "give the kind another name")
    return found


def accepted(node: Node) -> Mapping[str, str]:
    """Codes of rules, each with the id of the other entry where the rule compares two, and the reasons."""
    return dict(each(_sound_pairs(node), lambda entry: (_code(entry[0]), text(entry[1]))))


def _code(node: Node) -> str:
    if not re.fullmatch(rf"{WORD}( {WORD})?", node.text):
        raise wrong(
            node, f"{node.text!r} is not a rule's code", "write it as `check` tells it, and the other id if any"
        )
    return node.text


def names(node: Node) -> tuple[str, ...]:
    return tuple(each(_few(items(node)), text))


def reverse(node: Node) -> Reverse:
    return Reverse(**_inner(node, REVERSE_KEYS))


def picture_file(node: Node) -> str:
    value = text(node)
    if set(value) & set("/\\:"):
        raise wrong(node, f"{value!r} is no name of a picture", "name a file of the folder media, without a path")
    return value


def picture(node: Node) -> Picture:
    return Picture(**_inner(node, PICTURE_KEYS))


def retired(node: Node) -> Retired:
    return Retired(**_inner(node, RETIRED_KEYS))


def statements(node: Node) -> tuple[Statement, ...]:
    return tuple(each(_few(items(node)), lambda item: Statement(**_inner(item, STATEMENT_KEYS))))


def _inner(node: Node, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a mapping inside an entry."""
    problems: list[Problem] = []
    found, _ = values(pairs(node, "", problems), node.place, "", keys, problems)
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
    "file": Key(picture_file, "its name in the folder media", required=True),
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
    "accept": Key(accepted, "{code: reason}: why a warning of `check` is wrong here; the code as `check` tells it"),
}

SOURCE_KEYS = {
    "title": Key(text, "of the page or document, in English", required=True),
    "publisher": Key(text, "who publishes it", required=True),
    "url": Key(address, "the official or most lasting address", required=True),
    "date": Key(date, "when it was published"),
    "archive": Key(address, "an archived copy, above all for news"),
    "accept": Key(accepted, "{code: reason}: why a warning of `check` is wrong here; the code as `check` tells it"),
}

DECK_KEYS = {
    "title": Key(anki_name, "the deck's name in Anki; one name for ever", required=True),
    "description": Key(text, "shown under the deck's name; the version is added to it", required=True),
    "language": Key(language, "of the cards; part of every guid", required=True),
    "licence": Key(text, "of the cards", required=True),
    "namespace": Key(root, "the root of guids, tags and file names", required=True),
    "deck_id": Key(number, "a fixed number of its own", required=True),
    "note_type": Key(anki_name, "the note type's name in Anki", required=True),
    "note_type_id": Key(number, "a fixed number of its own", required=True),
    "kinds": Key(card_kinds, "one file each, in the order of learning", required=True),
    "priorities": Key(glossary, "tags of which each fact carries one, the most important first"),
    "parts": Key(glossary, "tags that name the parts of the exam"),
    "tags": Key(glossary, "what else a learner can filter by, one line each", required=True),
    "report": Key(address, "where mistakes are reported; {id} in it becomes the id of the card"),
    "news": Key(names, "publishers whose pages do not last: a fact should not rest on one of these alone"),
    "accept": Key(accepted, "{code: reason}: why a warning of `check` is wrong here; the code as `check` tells it"),
}


def pairs(node: Node, id: str, problems: list[Problem]) -> list[tuple[Node, Node]] | None:
    """The keys and values of a mapping, with the first of each key; YAML libraries keep the last, in silence."""
    if node.kind != "mapping":
        way_out = "write lines of the form 'key: value', indented by two blanks under the id"
        problems.append(Problem(node.place, id, f"a {node.kind} where keys belong", way_out, code="wrong-value"))
        return None
    first: dict[str, Node] = {}
    kept = []
    for key, value in zip(node.children[::2], node.children[1::2], strict=True):
        if key.kind != "text":
            what, way_out = f"a {key.kind} where a key belongs", "write one word and a colon"
            problems.append(Problem(key.place, id, what, way_out, code="wrong-value"))
        elif key.text in first:
            what = f"the key {key.text!r} stands here twice, first in line {first[key.text].place.line}"
            problems.append(Problem(key.place, id, what, "keep one of the two", code="doubled-key"))
        else:
            first[key.text] = key
            kept.append((key, value))
    return kept


def values(
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
            meant = near.closest(name, keys)
            way_out = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(keys)}"
            problems.append(Problem(key.place, id, f"the unknown key {name!r}", way_out, code="unknown-key"))
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
            what, way_out = f"the key {name!r} is missing", f"add it: {known.meaning}"
            problems.append(Problem(place, id, what, way_out, code="missing-key"))
    return found, nodes
