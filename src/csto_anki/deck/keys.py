"""The keys of the card files: what each means and how its value is read; and the reader of a mapping with such keys."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from csto_anki.deck import practice, values
from csto_anki.deck.model import Picture, Retired, Reverse, Statement
from csto_anki.deck.parser import Node
from csto_anki.deck.problem import Place, Problem
from csto_anki.deck.similarity import closest
from csto_anki.deck.values import KEBAB_CASE, Invalid, each, invalid
from csto_anki.files import RESERVED_ON_WINDOWS

SETTINGS_FILE, SOURCES_FILE, WORDS_FILE = "deck.yaml", "sources.yaml", "words.yaml"
EDITION_FILE, GLOSSARY_FILE = "edition.yaml", "glossary.yaml"  # of a translation
NO_KINDS = (SETTINGS_FILE, SOURCES_FILE, WORDS_FILE, EDITION_FILE, GLOSSARY_FILE)
READ_NAMES = ("exams", "standing")  # keys whose names learners read; of those of other keys, they read the meaning
MAX_NAMES = 5_000  # of a mapping, such as kinds


class Key(NamedTuple):
    """A key of a card file: how its value is read, what it means, and whether it is required."""

    read: Callable[[Node], Any]
    meaning: str
    required: bool = False


class Entry(NamedTuple):
    """A mapping as far as it can be read: its valid values, the nodes of its known keys, and its problems."""

    values: dict[str, Any]
    nodes: dict[str, Node]
    problems: list[Problem]


def read_entry(node: Node, keys: Mapping[str, Key], id: str = "", place: Place | None = None) -> Entry:
    """Read a mapping by a table of keys. Problems get `id`; a missing key is reported at `place` or at the node."""
    found, problems = pairs(node, id)
    if node.kind != "mapping":
        return Entry({}, {}, problems)
    valid: dict[str, Any] = {}
    nodes: dict[str, Node] = {}
    for key, value in found:
        name = key.text
        if name not in keys:
            meant = closest(name, keys)
            hint = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(keys)}"
            problems.append(Problem(key.place, id, f"the unknown key {name!r}", hint, code="unknown-key"))
            if meant:
                nodes.setdefault(meant, value)  # a misspelt key is not missing as well
            continue
        nodes[name] = value
        try:
            valid[name] = keys[name].read(value)
        except Invalid as error:
            problems += (replace(problem, id=id) for problem in error.problems)
    for name, known in keys.items():
        if known.required and name not in nodes:
            message, hint = f"the key {name!r} is missing", f"add it: {known.meaning}"
            problems.append(Problem(place or node.place, id, message, hint, code="missing-key"))
    return Entry(valid, nodes, problems)


def pairs(node: Node, id: str = "") -> tuple[list[tuple[Node, Node]], list[Problem]]:
    """The keys and values of a mapping. A key that is there twice is a problem: YAML would silently keep the last."""
    if node.kind != "mapping":
        message = f"a {node.kind} where keys belong"
        hint = "write lines of the form 'key: value', indented by two spaces under the id"
        return [], [Problem(node.place, id, message, hint, code="wrong-value")]
    kept: dict[str, tuple[Node, Node]] = {}
    problems: list[Problem] = []
    for key, value in zip(node.children[::2], node.children[1::2], strict=True):
        if key.kind != "text":
            message, hint = f"a {key.kind} where a key belongs", "write one word and a colon"
            problems.append(Problem(key.place, id, message, hint, code="wrong-value"))
        elif key.text in kept:
            message = f"the key {key.text!r} is here twice, first in line {kept[key.text][0].place.line}"
            problems.append(Problem(key.place, id, message, "keep one of the two", code="doubled-key"))
        else:
            kept[key.text] = (key, value)
    return list(kept.values()), problems


def _inner(node: Node, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a mapping inside an entry; raises Invalid."""
    entry = read_entry(node, keys)
    if entry.problems:
        raise Invalid(*entry.problems)
    return entry.values


def _names(node: Node) -> list[tuple[Node, Node]]:
    """The keys and values of a mapping of names; raises Invalid."""
    found, problems = pairs(node)
    if problems:
        raise Invalid(*problems)
    if len(found) > MAX_NAMES:
        raise invalid(found[MAX_NAMES][0], f"a mapping of {len(found):,} names", f"keep at most {MAX_NAMES:,} names")
    return found


def glossary(node: Node) -> Mapping[str, str]:
    """Names and their meanings."""
    return dict(each(_names(node), lambda entry: (values.kebab_case(entry[0]), values.text(entry[1]))))


def groups(node: Node) -> Mapping[str, tuple[str, ...]]:
    """Named lists of texts."""
    return dict(each(_names(node), lambda entry: (values.text(entry[0]), values.texts(entry[1]))))


def names_in_words(node: Node) -> Mapping[str, str]:
    """Names of any form, each with what learners read instead."""
    return dict(each(_names(node), lambda entry: (values.text(entry[0]), values.text(entry[1]))))


def days(node: Node) -> Mapping[str, datetime.date]:
    """Names and their days."""
    return dict(each(_names(node), lambda entry: (values.text(entry[0]), values.day(entry[1]))))


def card_kinds(node: Node) -> Mapping[str, str]:
    found = glossary(node)
    for key in node.children[::2]:
        if f"{key.text}.yaml" in NO_KINDS:
            raise invalid(key, f"{key.text}.yaml has no facts", "give the kind another name")
        if key.text in RESERVED_ON_WINDOWS:
            raise invalid(key, f"Windows cannot have a file named {key.text}.yaml", "give the kind another name")
    return found


def accepted(node: Node) -> Mapping[str, str]:
    """Codes of rules, each with the reason to accept its warning; the other id is after it if the rule compares two."""
    return dict(each(_names(node), lambda entry: (_code(entry[0]), values.text(entry[1]))))


def _code(node: Node) -> str:
    if not re.fullmatch(rf"{KEBAB_CASE}( {KEBAB_CASE})?", node.text):
        hint = "write the code that `check` prints, then the id of the other entry if it compares two"
        raise invalid(node, f"{node.text!r} is not the code of a rule", hint)
    return node.text


def reverse(node: Node) -> Reverse:
    return Reverse(**_inner(node, REVERSE_KEYS))


def picture(node: Node) -> Picture:
    return Picture(**_inner(node, PICTURE_KEYS))


def retired(node: Node) -> Retired:
    return Retired(**_inner(node, RETIRED_KEYS))


def statements(node: Node) -> tuple[Statement, ...]:
    return tuple(each(values.items(node), lambda item: Statement(**_inner(item, STATEMENT_KEYS))))


def alt(node: Node) -> str:
    """The `alt` text of a picture, of which a translation has nothing else."""
    return str(_inner(node, ALT_KEYS)["alt"])


def statements_in_words(node: Node) -> tuple[Statement, ...]:
    """The texts and reasons of statements; the translation of a statement has nothing else."""
    return tuple(each(values.items(node), lambda item: Statement(**_inner(item, STATEMENT_IN_WORDS_KEYS))))


ACCEPT = Key(accepted, "{code: reason}: why a warning of `check` is wrong here; the code as `check` prints it")

REVERSE_KEYS = {
    "question": Key(values.text, "the question turned round", required=True),
    "answer": Key(values.text, "its one answer", required=True),
    "about": Key(values.text, "the subject above it, if that of the fact would give away the answer"),
}

STATEMENT_KEYS = {
    "text": Key(values.text, "the statement, name, event or option; of a pair or row, `one | two`", required=True),
    "correct": Key(values.boolean, "true or false; an event has a date instead"),
    "why": Key(values.text, "the reason, for people who marked it wrongly", required=True),
    "explains": Key(values.boolean, "with `ask: explanation`: whether it explains the first statement"),
    "date": Key(values.date, "with `ask: order`: when it happened"),
}

PICTURE_KEYS = {
    "file": Key(values.picture_file, "its name in the folder media", required=True),
    "alt": Key(
        values.text,
        "what it shows, for people who cannot see it; on the front it must not say the answer",
        required=True,
    ),
}

RETIRED_KEYS = {
    "why": Key(values.text, "why it is no longer taught", required=True),
    "replaced_by": Key(values.kebab_case, "the id of the fact that is taught instead"),
}

FACT_KEYS = {
    "about": Key(values.text, "the subject, shown small above the question"),
    "question": Key(values.text, "one question with one answer; it must make sense alone, years later", required=True),
    "answer": Key(values.text, "the answer, short; or give `date` or `statements` instead"),
    "date": Key(values.date, "a date as the answer: YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no more"),
    "statements": Key(
        statements,
        "[{text, correct: true or false, why}, ...]: for practice in UPSC's form; the answer follows from these",
    ),
    "ask": Key(values.ask, f"the form of the question: {', '.join(practice.FORMS)}"),
    "columns": Key(values.texts, "the heads of the columns of pairs (two) or rows (three)"),
    "predicate": Key(
        values.text,
        "the end of the line under a list of names: `are members of the CSTO` for `How many of the above ...?`",
    ),
    "tests": Key(values.ids, "the ids of the facts that a practice question tests; it is taught after them"),
    "reverse": Key(reverse, "{question, answer, about}: the question turned round, a second card of the same note"),
    "detail": Key(values.text, "shown under the answer: why it matters, the trap, the context"),
    "mnemonic": Key(values.text, "a hint that the learner can unfold"),
    "image": Key(picture, "{file, alt}: a picture of the folder media under the question"),
    "answer_image": Key(picture, "{file, alt}: a picture under the answer; timeline.svg is drawn from the facts"),
    "timeline": Key(values.text, "what the timeline says at the fact's date; only for a few great events"),
    "sources": Key(
        values.citations,
        "[key place, ...]: keys of sources.yaml, each with the place in it, if any, such as `charter Art. 13`",
        required=True,
    ),
    "as_of": Key(
        values.date, "if the fact can change: the date up to which its sources confirm it; check it again within a year"
    ),
    "tags": Key(values.words, "from the list in deck.yaml; the file's name is a tag by itself"),
    "changed": Key(
        values.text, "after a release: what must be learnt again because the fact has changed; shown to learners"
    ),
    "reworded": Key(values.text, "after a release: what was corrected if only the words of the answer have changed"),
    "retired": Key(
        retired, "{why, replaced_by}: why it is no longer taught, and the id taught instead, if any; the entry stays"
    ),
    "accept": ACCEPT,
}

SOURCE_KEYS = {
    "title": Key(values.text, "the title of the page or document, in English", required=True),
    "publisher": Key(values.text, "who publishes it", required=True),
    "url": Key(values.address, "the official or most lasting address", required=True),
    "date": Key(values.date, "when it was published"),
    "archive": Key(values.address, "an archived copy, above all for news"),
    "accept": ACCEPT,
}

DECK_KEYS = {
    "title": Key(values.deck_title, "the deck's name in Anki; it stays for ever", required=True),
    "description": Key(values.text, "shown under the deck's name; the version is added to it", required=True),
    "language": Key(values.language, "the language of the cards, such as en; part of every guid", required=True),
    "licence": Key(values.text, "the licence of the cards", required=True),
    "namespace": Key(values.namespace, "the first part of guids, tags and file names", required=True),
    "deck_id": Key(values.number, "a number that no other deck has; it stays for ever", required=True),
    "note_type": Key(values.note_type_name, "the note type's name in Anki", required=True),
    "note_type_id": Key(values.number, "a number that no other note type has; it stays for ever", required=True),
    "kinds": Key(card_kinds, "the kinds of facts and what they mean; one file each, in learning order", required=True),
    "priorities": Key(glossary, "tags of which each fact has one, the most important first"),
    "parts": Key(glossary, "tags that name the parts of the exam"),
    "exams": Key(days, "exams and the first day of each, for the plan on the website"),
    "tags": Key(glossary, "the other tags that a learner can filter by, and what they mean", required=True),
    "path": Key(values.ids, "the ids of the first facts to learn, in their order; of each priority these come first"),
    "report": Key(values.address, "where mistakes are reported; {id} in it becomes the id of the card"),
    "download": Key(
        values.download,
        "where a file of a release is downloaded; {version} and {file} in it become those of the file",
    ),
    "news": Key(values.texts, "publishers whose pages do not last: a fact should not rest on one of these alone"),
    "standing": Key(
        groups,
        "publishers of standing in named groups, the most official first: each fact of the first priority has a source "
        "from one of these, and the sources of a card are in the order of the groups",
    ),
    "accept": ACCEPT,
}

ALT_KEYS = {"alt": PICTURE_KEYS["alt"]}
STATEMENT_IN_WORDS_KEYS = {name: STATEMENT_KEYS[name] for name in ("text", "why")}
# What a translation of a fact has. All else is that of the original.
TRANSLATION_KEYS = {
    "translates": Key(values.text, "which wording of the original this translates; `csto-anki translate` writes it"),
    **{name: FACT_KEYS[name] for name in ("about", "question", "answer")},
    "statements": Key(statements_in_words, "[{text, why}, ...]: the statements in the order of the original"),
    **{name: FACT_KEYS[name] for name in ("columns", "predicate", "reverse", "detail", "mnemonic")},
    "image": Key(alt, "{alt}: what the picture shows, for people who cannot see it"),
    "answer_image": Key(alt, "{alt}: what the picture under the answer shows"),
    **{name: FACT_KEYS[name] for name in ("timeline", "changed", "reworded")},
    "retired": Key(values.text, "why it is no longer taught, if the original is retired"),
    "accept": ACCEPT,
}

_IN_WORDS = "each of the original in the words of this language"
EDITION_KEYS = {
    **{name: DECK_KEYS[name] for name in ("title", "description", "licence")},
    "kinds": Key(glossary, f"the kinds, {_IN_WORDS}", required=True),
    **{name: Key(glossary, f"the {name}, {_IN_WORDS}") for name in ("priorities", "parts", "tags")},
    **{name: Key(names_in_words, f"the names under `{name}`, {_IN_WORDS}") for name in READ_NAMES},
    "accept": ACCEPT,
}

TERM_KEYS = {
    "word": Key(values.text, "the one word for it in this language, in its base form", required=True),
    "seen": Key(values.address, "where it was seen: the address of a page"),
    "not": Key(values.texts, "other words for it that are seen elsewhere and not used here"),
}
