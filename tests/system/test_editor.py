"""The schemas in the language server that editors use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csto_anki.deck import keys
from csto_anki.deck.model import Deck
from support.language_server import Editor

CARDS = Path(__file__).parents[2] / "cards"


LINE = "# yaml-language-server: $schema=schema/facts.json\n"
ENTRY = f"""\
{LINE}signed:
  question: On which day was the Treaty signed?
  date: 1992-05-15
  sources: [tass]
  tags: [core, ]
  \n"""


def labels(completion: Any) -> dict[str, str]:
    """What an editor offers, each with its explanation."""
    items = completion["items"] if isinstance(completion, dict) else completion
    return {item["label"]: item.get("documentation", "") for item in items}


def test_an_editor_finds_nothing_wrong_with_the_deck() -> None:
    with Editor(CARDS) as editor:
        found = {path.name: editor.open(path) for path in sorted(CARDS.glob("*.yaml"))}
    assert len(found) >= 18
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_an_editor_completes_and_explains_keys_tags_and_sources(curated: Deck) -> None:
    path = CARDS / "new.yaml"
    with Editor(CARDS) as editor:
        assert editor.open(path, ENTRY) == []
        offered = labels(editor.at("completion", path, 5, 16))
        assert offered["tass-2015-brotherhood"] == "Drills kick off in Armenia (TASS)"
        offered = labels(editor.at("completion", path, 6, 16))
        assert offered["trap"] == curated.tags["trap"]
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
    ("wrong", "line", "message"),
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
def test_an_editor_marks_what_is_wrong_at_its_line(wrong: str, line: int, message: str) -> None:
    path = CARDS / "new.yaml"
    with Editor(CARDS) as editor:
        found = editor.open(path, wrong)
    assert any(each["range"]["start"]["line"] == line - 1 and message in each["message"] for each in found), found
