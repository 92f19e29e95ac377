"""The first days of a new learner in the real Anki: what comes when, with Anki's default preset and with ten a day."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from csto_anki.apkg import writer
from csto_anki.deck.model import Card, Deck, Fact
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import contents, pictures
from support import ankis

REPOSITORY = Path(__file__).parents[2]
DAYS = 5
# The cards whose answer is on a front that is shown earlier on the same day; each answer is a word of many fronts.
GIVEN_AWAY = {("cmp-article-4-v-5", 1)}  # Article 4

WORD = r"[^\W_]+"

Shown = Sequence[tuple[str, int]]  # the cards of a day: the id of the note, and 1 for its second card


@pytest.fixture(scope="module")
def packages(curated: Deck, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The whole deck and its core as a new learner gets them."""
    folder, found = tmp_path_factory.mktemp("packages"), contents(curated)
    stamps = stamp(Released({}, None, {}, None), found, datetime.date(2026, 12, 1))
    for name, only in (("whole", None), ("core", "core")):
        writer.write(found, pictures(curated), stamps, folder / f"{name}.apkg", only)
    return {name: folder / f"{name}.apkg" for name in ("whole", "core")}


def walk(anki: str, package: Path, cards: int) -> list[Shown]:
    """The new cards that this Anki shows on each of the first days, with this number of new cards a day."""
    script = Path(__file__).parent / "walk.py"
    found = ankis.run(anki, script, package, "CSTO for UPSC", str(cards), str(DAYS))
    return [[(id, place) for id, place in day] for day in found["days"]]


def words(text: str) -> str:
    """The words of a text in lowercase, each between spaces."""
    return f" {' '.join(re.findall(WORD, text.casefold()))} "


def front(fact: Fact, card: Card) -> str:
    """All words of the front of a card."""
    if card.key != "question":
        return words(card.question)
    return words(" ".join([fact.about, card.question, *(each.text for each in fact.statements)]))


def both_directions(days: list[Shown]) -> list[str]:
    """The notes whose two cards come on one day."""
    return [id for day in days for id, place in day if place and (id, 0) in day]


def given_away(days: list[Shown], deck: Deck) -> set[tuple[str, int]]:
    """The cards whose answer is in a front that is shown earlier on the same day."""
    facts = {fact.id: fact for fact in deck.facts}
    found = set()
    for day in days:
        fronts: list[str] = []
        for id, place in day:
            card = facts[id].cards[place]
            if any(words(card.answer) in earlier for earlier in fronts):
                found.add((id, place))
            fronts.append(front(facts[id], card))
    return found


def longest_row(days: list[Shown], deck: Deck) -> int:
    """How many cards of one kind come in a row, at most."""
    kinds = {fact.id: fact.kind for fact in deck.facts}
    return max(len(list(group)) for day in days for _, group in itertools.groupby(kinds[id] for id, _ in day))


def first_cards(days: list[Shown]) -> list[str]:
    return [id for day in days for id, place in day if not place]


def levels(days: list[Shown], deck: Deck) -> list[int]:
    """The priority of each first card, 0 for the most important."""
    names = list(deck.priorities)
    level = {fact.id: min(names.index(tag) for tag in fact.tags if tag in names) for fact in deck.facts}
    return [level[id] for id in first_cards(days)]


@pytest.mark.parametrize("cards", [20, 10])
@pytest.mark.parametrize("name", ["whole", "core"])
def test_the_first_five_days(anki: str, name: str, cards: int, packages: dict[str, Path], curated: Deck) -> None:
    days = walk(anki, packages[name], cards)
    assert [len(day) for day in days] == [cards] * DAYS
    assert levels(days, curated) == sorted(levels(days, curated))
    assert both_directions(days) == []
    assert given_away(days, curated) <= GIVEN_AWAY
    assert longest_row(days, curated) <= 3
    practice = {fact.id: fact for fact in curated.facts if fact.statements}
    assert any(id in practice for day in days[:3] for id, _ in day)
    ids = first_cards(days)
    for place, id in enumerate(ids):
        assert {*(practice[id].tests if id in practice else ())} <= {*ids[:place]}


def test_practice_comes_every_eight_to_ten_cards(packages: dict[str, Path], curated: Deck) -> None:
    """From about the twentieth card on, as long as the core lasts."""
    days = walk(ankis.NEWEST, packages["core"], 20)
    practice = {fact.id for fact in curated.facts if fact.statements}
    places = [place for place, id in enumerate(first_cards(days), start=1) if id in practice]
    assert 18 <= places[0] <= 22
    assert all(8 <= later - earlier <= 10 for earlier, later in itertools.pairwise(places)), places
    assert len(places) >= 8


def test_core_and_whole_have_the_same_order(packages: dict[str, Path]) -> None:
    whole, core = (walk(ankis.NEWEST, packages[name], 20) for name in ("whole", "core"))
    shared = [card for day in whole for card in day if any(card in each for each in core)]
    assert len(shared) >= 90
    assert shared == [card for day in core for card in day if card in shared]


def test_the_walk_finds_an_order_that_does_not_teach(curated: Deck) -> None:
    """The released package went kind by kind: what the tests above look for is all in it."""
    days = walk(ankis.NEWEST, REPOSITORY / "dist" / "csto-2026.11.24.1.apkg", 20)
    assert levels(days, curated) != sorted(levels(days, curated))
    assert len(both_directions(days)) >= 5
    assert len(given_away(days, curated)) >= 5
    assert longest_row(days, curated) > 3
    assert not {fact.id for fact in curated.facts if fact.statements} & {*first_cards(days)}
