"""The keys of the files -> JSON Schemas, by which editors complete and explain them; alone knows what editors want.

Nothing is said twice: what a key means and how its value is read stands in `keys`. An editor sees YAML's own types
where the reader sees texts, so a text may be a number there. What only a whole deck can tell is left to `check`.
The names of a deck (tags, sources, pictures) have a file of their own, so that a new source is no new schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from csto_anki import check, keys, practice
from csto_anki.facts import Deck
from csto_anki.keys import Key
from csto_anki.tree import LONGEST

Schema = dict[str, Any]
FOLDER = "schema"
# The schema of each file of a deck; all others hold facts.
OF_FILES = {keys.SETTINGS: "deck.json", keys.SOURCES: "sources.json"}

FOR_EVER = "unique over all files, never renamed, never used again."
HEADS: Mapping[str, tuple[str, Mapping[str, Key]]] = {
    keys.SETTINGS: (
        "What is said once of the whole deck. All of it but the texts is frozen: a change would cost learners their "
        "progress.",
        keys.DECK_KEYS,
    ),
    keys.SOURCES: (
        "The pages and documents that vouch for the facts, each once. The key is what card files cite; it never "
        "changes.",
        keys.SOURCE_KEYS,
    ),
}

TEXT: Schema = {"type": ["string", "number", "boolean"], "maxLength": LONGEST}


def schemas(deck: Deck) -> dict[str, str]:
    """The files of the folder `schema` by name, as JSON."""
    files = {
        "facts.json": _file("The facts of a deck, by their ids", _entry(keys.FACT_KEYS) | _apart(), SNIPPETS),
        "sources.json": _file("The sources of a deck, by their keys", _entry(keys.SOURCE_KEYS), SOURCE_SNIPPETS),
        "deck.json": _draft("What is said once of a whole deck") | _entry(keys.DECK_KEYS),
        "names.json": names(deck),
    }
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in files.items()}


def line(file: str) -> str:
    """The line that tells an editor the schema of a file of a deck."""
    return f"# yaml-language-server: $schema={FOLDER}/{OF_FILES.get(file, 'facts.json')}"


def head(file: str) -> str:
    """The comment at the top of a file of a deck: its schema, what it holds, and its data dictionary."""
    first, table = HEADS.get(
        file, ("One entry a fact; its key is the fact's permanent id: " + FOR_EVER, keys.FACT_KEYS)
    )
    width = max(map(len, table))
    rows = (f"#   {name:<{width}} {key.meaning}{' (required)' * key.required}\n" for name, key in table.items())
    return f"{line(file)}\n# {first}\n{''.join(rows)}"


def names(deck: Deck) -> Schema:
    """What the deck has names for, each with its meaning."""
    tags = {**deck.priorities, **deck.parts, **deck.tags, **deck.kinds}
    sources = {key: f"{source.title} ({source.publisher})" for key, source in deck.sources.items()}
    pictures = dict.fromkeys(deck.pictures, "")
    return {
        "definitions": {
            "tag": _named(tags),
            "source": {"anyOf": [_named(sources), {"type": "string", "pattern": f"^{keys.WORD}( .+)?$"}]},
            "picture": {"anyOf": [_named(pictures), {"type": "string"}]},
        }
    }


def _named(meanings: Mapping[str, str]) -> Schema:
    return {"enum": list(meanings), "enumDescriptions": list(meanings.values())} if meanings else {"type": "string"}


def _draft(title: str) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title}


def _file(title: str, entry: Schema, snippets: list[Schema]) -> Schema:
    """The schema of a file of entries."""
    return _draft(title) | {
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{keys.WORD}$"},
        "additionalProperties": entry,
        "defaultSnippets": snippets,
    }


def _entry(table: Mapping[str, Key]) -> Schema:
    """The schema of a mapping with the keys of a table."""
    return {
        "type": "object",
        "properties": {name: _value(key.read) | {"description": key.meaning} for name, key in table.items()},
        "required": [name for name, key in table.items() if key.required],
        "additionalProperties": False,
    }


def _value(read: Callable[..., Any]) -> Schema:
    """The schema of a value that a function of `keys` reads."""
    match: Mapping[Callable[..., Any], Schema] = {
        keys.text: TEXT,
        keys.number: {"type": "integer", "minimum": 2},
        keys.date: {"type": ["string", "integer"], "pattern": f"^{keys.DATE}$", "minimum": 1000, "maximum": 9999},
        keys.address: {"type": "string", "pattern": f"^{keys.ADDRESS}$", "maxLength": keys.LONGEST_ADDRESS},
        keys.language: {"type": "string", "pattern": f"^{keys.LANGUAGE}$"},
        keys.anki_name: {"type": ["string", "number"], "pattern": f"^{keys.ANKI_NAME}$"},
        keys.word: {"type": ["string", "integer"], "pattern": f"^{keys.WORD}$", "maxLength": keys.LONGEST_WORD},
        keys.root: {"type": ["string", "integer"], "pattern": f"^{keys.WORD}$", "maxLength": keys.LONGEST_ROOT},
        keys.truth: {"type": "boolean"},
        keys.way_to_ask: {
            "enum": list(practice.ASKS),
            "enumDescriptions": [ask.line for ask in practice.ASKS.values()],
        },
        keys.words: {"type": "array", "items": {"$ref": "names.json#/definitions/tag"}},
        keys.citations: {"type": "array", "minItems": 1, "items": {"$ref": "names.json#/definitions/source"}},
        keys.picture_file: {"$ref": "names.json#/definitions/picture"},
        keys.names: {"type": "array", "items": TEXT},
        keys.glossary: _meanings(),
        keys.card_kinds: _meanings(),
        keys.accepted: _accepted(),
    }
    if read in INNER:
        return _entry(INNER[read])
    if read is keys.statements:
        return {"type": "array", "items": _entry(keys.STATEMENT_KEYS)}
    return match[read]


INNER: Mapping[Callable[..., Any], Mapping[str, Key]] = {
    keys.reverse: keys.REVERSE_KEYS,
    keys.picture: keys.PICTURE_KEYS,
    keys.retired: keys.RETIRED_KEYS,
}


def _meanings() -> Schema:
    return {"type": "object", "propertyNames": {"pattern": f"^{keys.WORD}$"}, "additionalProperties": TEXT}


def _accepted() -> Schema:
    """The warnings that can be accepted, each with its rule; after some the id of the other entry."""
    rules = {check.code_of(rule): check.meaning(rule) for rule in check.WARNINGS}
    return {
        "type": "object",
        "properties": {code: TEXT | {"description": meaning} for code, meaning in rules.items()},
        "patternProperties": {f"^({'|'.join(rules)}) {keys.WORD}$": TEXT},
        "additionalProperties": False,
    }


def _apart() -> Schema:
    """Which keys of a fact belong together, and which exclude each other."""
    return {
        "oneOf": [{"required": [name]} for name in ("answer", "date", "statements")],
        "dependencies": {"statements": ["ask"], "ask": ["statements"], "timeline": ["date"]},
        "not": {"anyOf": [{"required": ["changed", "reworded"]}, {"required": ["statements", "reverse"]}]},
    }


def _snippet(label: str, description: str, body: Mapping[str, Any]) -> Schema:
    return {"label": label, "description": description, "body": {"${1:id-of-this-fact}": body}}


ABOUT = {"about": "${2:subject}"}
CITED = {"sources": ["${7:source}"], "tags": ["${8:tag}"]}
SNIPPETS = [
    _snippet(
        "a fact", "with an answer in words", ABOUT | {"question": "${3:Which ...?}", "answer": "${4:answer}"} | CITED
    ),
    _snippet(
        "a date", "as precise as the source", ABOUT | {"question": "${3:On which day ...?}", "date": "$4"} | CITED
    ),
    _snippet(
        "a practice question",
        "in the form of the exam",
        ABOUT
        | {
            "question": '"${3:Consider the following statements about ...:}"',
            "statements": [
                {"text": "${4:statement}", "correct": True, "why": "${5:reason}"},
                {"text": "${6:statement}", "correct": False, "why": "${9:reason}"},
            ],
            "ask": "which statements",
        }
        | CITED,
    ),
]
SOURCE_SNIPPETS = [
    {
        "label": "a source",
        "description": "a page or document",
        "body": {"${1:key}": {"title": "${2:title}", "publisher": "${3:publisher}", "url": "https://$4"}},
    }
]
