"""docs/coverage.yaml: each fact, claim and known confusion has the cards that teach it, or the reason why none does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from csto_anki.deck.reader import read

REPOSITORY = Path(__file__).parents[2]
COVERAGE = yaml.safe_load((REPOSITORY / "docs" / "coverage.yaml").read_text("utf-8"))
REASONS = ("beyond the subject", "doubtful", "not confirmed", "not worth a mark", "opinion", "a stray sentence")


def test_the_tables_are_complete() -> None:
    assert {table: len(rows) for table, rows in COVERAGE.items()} == {
        "facts": 214,
        "context": 110,
        "missing": 24,
        "claims": 78,
        "traps": 58,
    }
    assert list(COVERAGE["claims"]) == [f"S{number:02}" for number in range(1, 79)]
    expected = [f"T{number:02}" for number in range(1, 29)] + [f"C{number:02}" for number in range(1, 31)]
    assert list(COVERAGE["traps"]) == expected


def test_every_card_of_the_tables_is_in_the_deck() -> None:
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, "\n".join(map(str, problems))
    taught = {fact.id for fact in deck.facts if not fact.retired}
    named = {card for rows in COVERAGE.values() for cards in rows.values() if isinstance(cards, list) for card in cards}
    assert named - taught == set()


@pytest.mark.parametrize("table", COVERAGE)
def test_each_row_has_cards_or_a_reason(table: str) -> None:
    for row, cards in COVERAGE[table].items():
        if isinstance(cards, str):
            assert table != "traps", f"{row}: a confusion is met by cards"
            assert cards.startswith(REASONS), f"{row}: {cards}"
        else:
            assert cards and len(cards) == len(set(cards)), row
