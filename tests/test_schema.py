"""The schemas by which editors complete and explain keys: made of the reader's own tables, and tried in an editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csto_anki import keys, schema
from csto_anki.facts import Deck
from csto_anki.read import read
from language_server import Editor

CARDS = Path(__file__).parents[1] / "cards"


@pytest.fixture(scope="module")
def deck() -> Deck:
    found, problems = read(CARDS)
    assert found is not None, problems
    return found


def test_the_committed_schemas_are_those_of_the_reader(deck: Deck) -> None:
    """What a new source or picture adds alone may wait: whoever adds one on a web page cannot write schemas."""
    made = schema.schemas(deck)
    committed = {path.name: path.read_text("utf-8") for path in (CARDS / "schema").iterdir()}
    assert committed.keys() == made.keys()
    for name in committed.keys() - {"names.json"}:
        assert committed[name] == made[name], f"{name}: run csto-anki schema"
    ours, theirs = (json.loads(each["names.json"])["definitions"] for each in (made, committed))
    assert ours["tag"] == theirs["tag"], "run csto-anki schema"
    assert theirs.keys() == ours.keys()


@pytest.mark.parametrize("table", [keys.FACT_KEYS, keys.SOURCE_KEYS, keys.DECK_KEYS], ids=["fact", "source", "deck"])
def test_every_key_has_its_meaning_and_its_form(table: dict[str, keys.Key], deck: Deck) -> None:
    name = {id(keys.FACT_KEYS): "facts", id(keys.SOURCE_KEYS): "sources", id(keys.DECK_KEYS): "deck"}[id(table)]
    made = json.loads(schema.schemas(deck)[f"{name}.json"])
    entry = made if name == "deck" else made["additionalProperties"]
    assert {key: value["description"] for key, value in entry["properties"].items()} == {
        key: known.meaning for key, known in table.items()
    }
    assert entry["required"] == [key for key, known in table.items() if known.required]
    assert entry["additionalProperties"] is False
    assert all(value.keys() - {"description"} for value in entry["properties"].values())


def test_every_file_names_its_schema() -> None:
    for path in CARDS.glob("*.yaml"):
        name = {"deck.yaml": "deck", "sources.yaml": "sources"}.get(path.name, "facts")
        first = path.read_text("utf-8").split("\n", 1)[0]
        assert first == f"# yaml-language-server: $schema=schema/{name}.json"
        assert (CARDS / "schema" / f"{name}.json").exists()


LINE = "# yaml-language-server: $schema=schema/facts.json\n"
ENTRY = f"""\
{LINE}signed:
  question: On which day was the Treaty signed?
  date: 1992-05-15
  sources: [tass]
  tags: [core, ]
  \n"""


def labels(completion: Any) -> dict[str, str]:
    """What an editor offers, each with what it says of it."""
    items = completion["items"] if isinstance(completion, dict) else completion
    return {item["label"]: item.get("documentation", "") for item in items}


def test_an_editor_finds_nothing_wrong_with_the_deck() -> None:
    with Editor(CARDS) as editor:
        found = {path.name: editor.open(path) for path in sorted(CARDS.glob("*.yaml"))}
    assert len(found) >= 18
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_an_editor_completes_and_explains_keys_tags_and_sources(deck: Deck) -> None:
    path = CARDS / "new.yaml"
    with Editor(CARDS) as editor:
        assert editor.open(path, ENTRY) == []
        offered = labels(editor.at("completion", path, 5, 16))
        assert offered["tass-2015-brotherhood"] == "Drills kick off in Armenia (TASS)"
        offered = labels(editor.at("completion", path, 6, 16))
        assert offered["trap"] == deck.tags["trap"]
        offered = labels(editor.at("completion", path, 7, 3))
        assert offered["as_of"] == keys.FACT_KEYS["as_of"].meaning
        assert "date" not in offered  # it is there
        meaning = editor.at("hover", path, 3, 4)["contents"]["value"]
        assert keys.FACT_KEYS["question"].meaning in meaning


def test_an_editor_offers_whole_entries() -> None:
    path = CARDS / "new.yaml"
    with Editor(CARDS) as editor:
        editor.open(path, LINE + "\n")
        offered = editor.at("completion", path, 2, 1)["items"]
    assert [item["label"] for item in offered] == ["a fact", "a date", "a practice question"]
    assert offered[1]["insertText"].startswith("${1:id-of-this-fact}:\n")


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        (ENTRY.replace("question:", "qestion:"), 3, "Property qestion is not allowed."),
        (ENTRY.replace("[core, ]", "[corr]"), 6, "Value is not accepted."),
        (ENTRY.replace("1992-05-15", "15 May 1992"), 4, "String does not match the pattern"),
        (ENTRY.replace("date: 1992-05-15", "answer: [Tashkent]"), 4, "Incorrect type."),
        (ENTRY.replace("  date: 1992-05-15\n", ""), 2, 'Missing property "answer".'),
        (ENTRY.replace("[tass]", "[]"), 5, "Array has too few items."),
        (ENTRY.replace("signed:", "Signed_1:"), 2, "does not match"),
    ],
    ids=["key", "tag", "date", "list", "missing", "no source", "id"],
)
def test_an_editor_marks_what_is_wrong_at_its_line(wrong: str, line: int, said: str) -> None:
    path = CARDS / "new.yaml"
    with Editor(CARDS) as editor:
        found = editor.open(path, wrong)
    assert any(each["range"]["start"]["line"] == line - 1 and said in each["message"] for each in found), found
