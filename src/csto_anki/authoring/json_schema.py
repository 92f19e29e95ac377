"""JSON Schemas of the card files, with which editors complete and explain keys, tags and sources.

They are made from the tables in `deck/keys.py`, which say what each key means and how its value is read. The reader
takes every value as a text, but an editor sees YAML's own types, so in a schema a text may be a number. What depends on
the whole deck is left to `check`. The names of a deck (tags, sources, pictures) have a file of their own, so that a new
source changes only that file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from csto_anki.deck import keys, practice, values
from csto_anki.deck.keys import Key
from csto_anki.deck.model import Deck
from csto_anki.deck.parser import MAX_TEXT_LENGTH
from csto_anki.rules import check

Schema = dict[str, Any]
SCHEMA_FOLDER = "schema"
NAMES_FILE = "names.json"
# The schema of each file of a deck; all other files hold facts.
_SCHEMA_OF_FILE = {
    keys.SETTINGS_FILE: "deck.json",
    keys.SOURCES_FILE: "sources.json",
    keys.EDITION_FILE: "edition.json",
}

_TEXT: Schema = {"type": ["string", "number", "boolean"], "maxLength": MAX_TEXT_LENGTH}


def schemas(deck: Deck, has_editions: bool = False) -> dict[str, str]:
    """The files of the folder `schema` by name, as JSON; those of editions only if there are any."""
    files = {
        "facts.json": _file("The facts of a deck, by their ids", _entry(keys.FACT_KEYS) | _combinations(), _SNIPPETS),
        "sources.json": _file("The sources of a deck, by their keys", _entry(keys.SOURCE_KEYS), _SOURCE_SNIPPETS),
        "deck.json": _preamble("The settings of a deck") | _entry(keys.DECK_KEYS),
        NAMES_FILE: _names(deck),
    }
    if has_editions:
        files |= {
            "edition.json": _preamble("The settings of an edition") | _entry(keys.EDITION_KEYS),
            "translations.json": _file("The translated facts, by their ids", _entry(keys.TRANSLATION_KEYS), []),
            "glossary.json": _preamble("The terms of an edition, by their names in the language of the original")
            | {"type": ["object", "null"], "additionalProperties": _entry(keys.TERM_KEYS)},
        }
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in files.items()}


def head(file: str, above: str = "") -> str:
    """The comment at the top of a file of a deck: its schema, which editors read, and where its keys are explained.

    `above` leads from the folder of the file to that of the deck.
    """
    schema = f"{above}{SCHEMA_FOLDER}/{_SCHEMA_OF_FILE.get(file, 'facts.json')}"
    return f"# yaml-language-server: $schema={schema}\n# What each key means: {above}../docs/keys.md\n"


def _names(deck: Deck) -> Schema:
    """What entries can name, each with its meaning: tags, sources and pictures of the deck, and warnings to accept."""
    tags = {**deck.priorities, **deck.parts, **deck.tags, **deck.kinds}
    sources = {key: f"{source.title} ({source.publisher})" for key, source in deck.sources.items()}
    pictures = dict.fromkeys(deck.pictures, "")
    return {
        "definitions": {
            "tag": _named(tags),
            "source": {"anyOf": [_named(sources), {"type": "string", "pattern": f"^{values.KEBAB_CASE}( .+)?$"}]},
            "picture": {"anyOf": [_named(pictures), {"type": "string"}]},
            "accepted": _accepted(),
        }
    }


def _named(meanings: Mapping[str, str]) -> Schema:
    """The schema of one of these names; an editor offers them with their meanings."""
    return {"enum": list(meanings), "enumDescriptions": list(meanings.values())} if meanings else {"type": "string"}


def _preamble(title: str) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title}


def _file(title: str, entry: Schema, snippets: list[Schema]) -> Schema:
    return _preamble(title) | {
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{values.KEBAB_CASE}$"},
        "additionalProperties": entry,
        "defaultSnippets": snippets,
    }


def _entry(table: Mapping[str, Key]) -> Schema:
    """The schema of a mapping with the keys of a table."""
    return {
        "type": "object",
        "properties": {name: _VALUES[key.read] | {"description": key.meaning} for name, key in table.items()},
        "required": [name for name, key in table.items() if key.required],
        "additionalProperties": False,
    }


_WORD: Schema = {"type": ["string", "integer"], "pattern": f"^{values.KEBAB_CASE}$"}
_MEANINGS: Schema = {
    "type": "object",
    "propertyNames": {"pattern": f"^{values.KEBAB_CASE}$"},
    "additionalProperties": _TEXT,
}
# The schema of each value, by the function that reads it.
_VALUES: dict[Callable[..., Any], Schema] = {
    values.text: _TEXT,
    values.number: {"type": "integer", "minimum": 2},
    values.date: {"type": ["string", "integer"], "pattern": f"^{values.DATE}$", "minimum": 1000, "maximum": 9999},
    values.address: {"type": "string", "pattern": f"^{values.ADDRESS}$", "maxLength": values.MAX_ADDRESS_LENGTH},
    values.download: {"type": "string", "pattern": f"^{values.ADDRESS}$", "maxLength": values.MAX_DOWNLOAD_LENGTH},
    values.language: {"type": "string", "pattern": f"^{values.LANGUAGE}$"},
    values.deck_title: {"type": ["string", "number"], "pattern": f"^{values.ANKI_NAME}$"},
    values.note_type_name: {"type": ["string", "number"], "pattern": f"^{values.ANKI_NAME}$"},
    values.kebab_case: _WORD | {"maxLength": values.MAX_WORD_LENGTH},
    values.namespace: _WORD | {"maxLength": values.MAX_NAMESPACE_LENGTH},
    values.boolean: {"type": "boolean"},
    values.ask: {"enum": [*practice.FORMS], "enumDescriptions": [practice.line(form, "{}") for form in practice.FORMS]},
    values.words: {"type": "array", "items": {"$ref": f"{NAMES_FILE}#/definitions/tag"}},
    values.citations: {"type": "array", "minItems": 1, "items": {"$ref": f"{NAMES_FILE}#/definitions/source"}},
    values.ids: {"type": "array", "items": _WORD | {"maxLength": values.MAX_WORD_LENGTH}},
    values.picture_file: {"$ref": f"{NAMES_FILE}#/definitions/picture"},
    values.texts: {"type": "array", "items": _TEXT},
    keys.glossary: _MEANINGS,
    keys.days: {"type": "object", "additionalProperties": {"type": "string", "pattern": f"^{values.DAY}$"}},
    keys.groups: {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}},
    keys.card_kinds: _MEANINGS,
    keys.accepted: {"$ref": f"{NAMES_FILE}#/definitions/accepted"},
    keys.names_in_words: {"type": "object", "additionalProperties": _TEXT},
}
_VALUES |= {
    keys.reverse: _entry(keys.REVERSE_KEYS),
    keys.picture: _entry(keys.PICTURE_KEYS),
    keys.retired: _entry(keys.RETIRED_KEYS),
    keys.statements: {"type": "array", "items": _entry(keys.STATEMENT_KEYS)},
    keys.alt: _entry(keys.ALT_KEYS),
    keys.statements_in_words: {"type": "array", "items": _entry(keys.STATEMENT_IN_WORDS_KEYS)},
}


def _accepted() -> Schema:
    """The schema of `accept`: the codes of warnings, each with its rule. The id of another entry can follow a code."""
    meanings = check.acceptable()
    return {
        "type": "object",
        "properties": {code: _TEXT | {"description": meaning} for code, meaning in meanings.items()},
        "patternProperties": {f"^({'|'.join(meanings)}) {values.KEBAB_CASE}$": _TEXT},
        "additionalProperties": False,
    }


def _combinations() -> Schema:
    """Which keys of a fact belong together, and which exclude each other."""
    return {
        "oneOf": [{"required": [name]} for name in ("answer", "date", "statements")],
        "dependencies": {
            "statements": ["ask"],
            "timeline": ["date"],
            **{key: ["statements"] for key in ("ask", "columns", "predicate", "tests")},
        },
        "not": {"anyOf": [{"required": ["changed", "reworded"]}, {"required": ["statements", "reverse"]}]},
    }


def _snippet(label: str, description: str, body: Mapping[str, Any]) -> Schema:
    """A whole entry that an editor offers; `$1`, `$2` and so on are the places that the author fills in."""
    return {"label": label, "description": description, "body": {"${1:id-of-this-fact}": body}}


_ABOUT = {"about": "${2:subject}"}
_CITED = {"sources": ["${7:source}"], "tags": ["${8:tag}"]}
_SNIPPETS = [
    _snippet(
        "a fact", "with an answer in words", _ABOUT | {"question": "${3:Which ...?}", "answer": "${4:answer}"} | _CITED
    ),
    _snippet(
        "a date", "as precise as the source", _ABOUT | {"question": "${3:On which day ...?}", "date": "$4"} | _CITED
    ),
    _snippet(
        "a practice question",
        "in the form of the exam",
        _ABOUT
        | {
            "question": '"${3:Consider the following statements about ...:}"',
            "statements": [
                {"text": "${4:statement}", "correct": True, "why": "${5:reason}"},
                {"text": "${6:statement}", "correct": False, "why": "${9:reason}"},
            ],
            "ask": "which statements",
        }
        | _CITED,
    ),
]
_SOURCE_SNIPPETS = [
    {
        "label": "a source",
        "description": "a page or document",
        "body": {"${1:key}": {"title": "${2:title}", "publisher": "${3:publisher}", "url": "https://$4"}},
    }
]
