"""Practice cards in a browser, as Anki renders them, on a phone of 360 x 640."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from csto_anki.deck import practice
from csto_anki.deck.model import Deck, Fact
from support.real_anki import Sides

PHONE = {"width": 360, "height": 640}
CARD = '<!doctype html><meta charset="utf-8"><body class="card card1 mobile {}">{}</body>'
SIZE = "[document.documentElement.scrollWidth, document.body.getBoundingClientRect().height]"
# The visible items of the lists of a side, from top to bottom.
ITEMS = """\
[...document.querySelectorAll("li:not(.options li)")].filter(each => each.checkVisibility())
.map(each => [each.getBoundingClientRect().top, each.innerText.trim().replaceAll("\\n", " | ")])
.sort((one, other) => one[0] - other[0]).map(each => each[1])"""

# The words of columns that are wider than their column, so that they break.
BROKEN = """\
[...document.querySelectorAll(".cells > span:not(.bar)")].flatMap(cell => cell.innerText.split(/\\s+/).filter(word => {
    const probe = cell.parentNode.appendChild(document.createElement("span"));
    probe.style.cssText = "position: absolute; white-space: nowrap";
    probe.textContent = word;
    const isWider = probe.getBoundingClientRect().width > cell.getBoundingClientRect().width;
    probe.remove();
    return isWider;
}))"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    return chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]


def questions(deck: Deck) -> list[Fact]:
    return [fact for fact in deck.facts if fact.statements and not fact.retired]


def test_a_front_fits_the_screen(page: Page, sides: Sides, curated: Deck) -> None:
    """Also those of four statements."""
    for fact in questions(curated):
        page.set_content(CARD.format("", sides[fact.id][0]))
        width, height = page.evaluate(SIZE)
        assert (width, height <= PHONE["height"]) == (PHONE["width"], True), f"{fact.id}: {width} x {height}"


def test_the_back_says_each_statement_with_its_verdict_below_it(page: Page, sides: Sides, curated: Deck) -> None:
    """And the list of the front is not shown above them once more."""
    for fact in questions(curated):
        page.set_content(CARD.format("nightMode night_mode", sides[fact.id][1]))
        expected = []
        labels, headings = practice.labels(fact.ask, len(fact.statements)), practice.headings(fact.ask, fact.statements)
        for label, heading, each in zip(labels, headings, fact.statements, strict=True):
            if not practice.FORMS[fact.ask].has_own_options:
                expected.append(f"{label} {each.text}" if label.startswith("Statement") else each.text)
            expected.append(f"{heading} {each.why}")
        shown = page.evaluate(ITEMS)
        assert len(shown) == len(expected), fact.id
        assert all(each.endswith(wanted) for each, wanted in zip(shown, expected, strict=True)), (shown, expected)
        assert page.locator(".answer").inner_text() == fact.answer
        assert page.evaluate(SIZE)[0] == PHONE["width"]


def test_the_columns_of_a_row_are_below_their_heads(page: Page, sides: Sides, curated: Deck) -> None:
    with_columns = [fact for fact in questions(curated) if fact.columns]
    assert len(with_columns) >= 4
    for fact in with_columns:
        page.set_content(CARD.format("", sides[fact.id][0]))
        rows = page.evaluate(
            '[...document.querySelectorAll(".cells")].map(row => '
            '[...row.querySelectorAll("span:not(.bar)")].map(each => Math.round(each.getBoundingClientRect().left)))'
        )
        assert len(rows) == 1 + len(fact.statements)
        assert all(len(row) == len(fact.columns) for row in rows)
        for row in rows[1:]:
            assert all(abs(left - head) <= 6 for left, head in zip(row, rows[0], strict=True)), (fact.id, rows)
        for width in (PHONE["width"], 320):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert page.evaluate(BROKEN) == [], f"{fact.id}: use shorter words in its columns"
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
