"""The schemas for editors, made of the tables of keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from csto_anki.authoring import json_schema
from csto_anki.deck import keys
from csto_anki.deck.model import Deck

CARDS = Path(__file__).parents[2] / "cards"


@pytest.mark.parametrize("table", [keys.FACT_KEYS, keys.SOURCE_KEYS, keys.DECK_KEYS], ids=["fact", "source", "deck"])
def test_every_key_has_its_meaning_and_its_form(table: dict[str, keys.Key], curated: Deck) -> None:
    name = {id(keys.FACT_KEYS): "facts", id(keys.SOURCE_KEYS): "sources", id(keys.DECK_KEYS): "deck"}[id(table)]
    made = json.loads(json_schema.schemas(curated)[f"{name}.json"])
    entry = made if name == "deck" else made["additionalProperties"]
    assert {key: value["description"] for key, value in entry["properties"].items()} == {
        key: known.meaning for key, known in table.items()
    }
    assert entry["required"] == [key for key, known in table.items() if known.required]
    assert entry["additionalProperties"] is False
    assert all(value.keys() - {"description"} for value in entry["properties"].values())


@pytest.mark.parametrize("path", sorted(CARDS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_names_its_schema_and_the_page_of_its_keys(path: Path) -> None:
    name = {"deck.yaml": "deck", "sources.yaml": "sources"}.get(path.name, "facts")
    first, second, third = path.read_text("utf-8").split("\n")[:3]
    assert first == f"# yaml-language-server: $schema=schema/{name}.json"
    assert (CARDS / "schema" / f"{name}.json").exists()
    assert second == "# What each key means: ../docs/keys.md"
    assert (CARDS / "../docs/keys.md").exists()
    assert third == ""
    assert json_schema.head(path.name) == f"{first}\n{second}\n"
