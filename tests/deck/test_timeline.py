"""The timeline: dated facts in, a picture out."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

from csto_anki.deck import images, timeline
from csto_anki.deck.model import Citation, Date, Fact, Retired
from csto_anki.deck.reader import read

REPOSITORY = Path(__file__).parents[2]
SIGNED = Fact("signed", "dates", "Q?", Date(1992, 5, 15), (Citation("s"),), timeline="Signed <by six>")
LEFT = replace(
    SIGNED, id="left", answer=Date(1999), timeline="A long word for what happened when three of them left it"
)
LATER = replace(SIGNED, id="later", answer=Date(2020), timeline="Later")


def texts(picture: bytes) -> list[str]:
    return re.findall(r">([^<\n]+)</text>", picture.decode())


def test_the_events_are_in_their_order_with_their_dates_in_groups_of_ten_years() -> None:
    assert texts(timeline.draw([LATER, LEFT, SIGNED])) == [
        *("1990s", "15 May 1992", "Signed &lt;by six&gt;"),
        *("1999", "A long word for what happened when", "three of them left it"),
        *("2020s", "2020", "Later"),
    ]


def test_all_events_are_equal_steps() -> None:
    """Each date is beside its dot, and as far below the one above it as any other; a heading is between decades."""
    drawn = timeline.draw([SIGNED, LEFT, LATER]).decode()
    dots = [int(y) for y in re.findall(r'<circle cx="18" cy="([0-9]+)"', drawn)]
    dates = [int(y) for y in re.findall(r'<text x="36" y="([0-9]+)" fill="#0b4f6c"', drawn)]
    assert [date - dot for date, dot in zip(dates, dots, strict=True)] == [5, 5, 5]
    assert [later - earlier for earlier, later in itertools.pairwise(dots)] == [70, 70 + 38]


def test_what_has_no_word_or_is_retired_is_not_on_it() -> None:
    others = [replace(LEFT, timeline=""), replace(LEFT, retired=Retired("W")), replace(LEFT, answer="1999")]
    assert timeline.draw([SIGNED, *others]) == timeline.draw([SIGNED])
    assert timeline.draw(others) == b""


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    assert timeline.draw([LEFT, SIGNED]) == timeline.draw([SIGNED, LEFT])


def test_no_words_overlap() -> None:
    crowd = [replace(SIGNED, id=f"e{day}", answer=Date(1992, 5, day)) for day in range(1, 25)]
    picture = timeline.draw(crowd).decode()
    downs = [float(y) for y in re.findall(rf'<text x="{timeline.TEXT}" y="([0-9.]+)"', picture)]
    assert len(downs) == 48
    assert all(later - earlier >= timeline.LINE for earlier, later in itertools.pairwise(downs))
    height = re.search(r'viewBox="0 0 360 ([0-9]+)"', picture)
    assert height
    assert max(downs) < int(height[1])


def test_the_timeline_of_the_deck(tmp_path: Path) -> None:
    """From 1991 to these years, every date on it the answer of a card, and a picture as any other in the deck."""
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, problems
    drawn = deck.pictures[timeline.NAME]
    events = [fact for fact in deck.facts if fact.timeline and not fact.retired]
    assert len(events) >= 15
    said = texts(drawn)
    assert said[:2] == ["1990s", "1991"]
    for fact in events:
        assert str(fact.answer) in said
    (tmp_path / timeline.NAME).write_bytes(drawn)
    assert images.read(tmp_path, tmp_path) == ({timeline.NAME: drawn}, [])
    shown = [fact.id for fact in deck.facts if fact.answer_image and fact.answer_image.file == timeline.NAME]
    assert len(shown) == 1, "more than one note would change with every new date"
