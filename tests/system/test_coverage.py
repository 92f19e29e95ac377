"""docs/coverage.yaml: each claim and known confusion has the cards that meet it, or the reason why none does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from csto_anki.deck.model import Deck

REPOSITORY = Path(__file__).parents[2]
COVERAGE = yaml.safe_load((REPOSITORY / "docs" / "coverage.yaml").read_text("utf-8"))
REASONS = ("beyond the subject", "doubtful", "not confirmed", "not worth a mark", "opinion", "a stray sentence")


def test_the_tables_are_complete() -> None:
    assert list(COVERAGE) == ["claims", "traps", "open", "no_page_of_standing"]
    assert list(COVERAGE["claims"]) == [f"S{number:02}" for number in range(1, 79)]
    expected = [f"T{number:02}" for number in range(1, 29)] + [f"C{number:02}" for number in range(1, 31)]
    assert list(COVERAGE["traps"]) == expected
    assert all(str(reason).strip() for reason in COVERAGE["open"].values())


@pytest.mark.parametrize("table", ["claims", "traps"])
def test_each_row_has_cards_or_a_reason(table: str, taught: Deck) -> None:
    ids = {fact.id for fact in taught.facts}
    for row, cards in COVERAGE[table].items():
        if isinstance(cards, str):
            assert cards.startswith(REASONS), f"{row}: {cards}"
        else:
            assert cards and len(cards) == len(set(cards)), row
            assert {*cards} <= ids, row


def test_cards_without_a_page_of_standing_are_listed(taught: Deck) -> None:
    publishers = {
        fact.id: {taught.sources[citation.source].publisher for citation in fact.sources} for fact in taught.facts
    }
    weak = sorted(id for id, names in publishers.items() if not names & taught.publishers_of_standing)
    assert COVERAGE["no_page_of_standing"] == weak
