"""The Hindi edition beside the English deck: in four Ankis, and on a phone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from csto_anki.deck import edition
from csto_anki.deck.model import Deck, Fact
from support import ankis, browser
from support.packages import build
from support.real_anki import Sides, render

REPOSITORY = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 640}
CARD = '<!doctype html><meta charset="utf-8"><body class="card card1 mobile {}">{}</body>'
ENGLISH, HINDI = "CSTO for UPSC", "UPSC के लिए CSTO"
# Letters of which a part is outside of its own line: of each line box the drawn height and the height of the line.
SQUEEZED = """\
[...document.querySelectorAll(".question, .answer, .detail, .statements li, .reasons li, .about, .as-of")]
.filter(each => each.checkVisibility()).flatMap(each => {
    const style = getComputedStyle(each);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = style.font;
    const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = canvas.measureText(each.innerText);
    return above + below > parseFloat(style.lineHeight) + 1 ? [each.className || each.tagName] : [];
})"""


@pytest.fixture(scope="module")
def packages(taught: Deck, hindi: Deck, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both as new learners get them."""
    return {deck.title: build(deck, tmp_path_factory.mktemp(deck.file_name)) for deck in (taught, hindi)}


@pytest.fixture(scope="module")
def hindi_sides(hindi: Deck, packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Sides:
    """The cards of the Hindi edition as Anki renders them."""
    return render(tmp_path_factory.mktemp("hindi"), packages[hindi.title])


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    """A phone with letters of Devanagari; without a font that has them, pictures would prove nothing."""
    browser.require_font("hi")
    return chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]


def numbers(facts: list[Fact]) -> list[int]:
    """Of notes and cards."""
    return [len(facts), sum(len(fact.cards) for fact in facts)]


@pytest.mark.parametrize(
    ("first", "second"), [(ENGLISH, HINDI), (HINDI, ENGLISH)], ids=["Hindi later", "English later"]
)
def test_both_in_one_collection(
    first: str, second: str, anki: str, packages: dict[str, Path], taught: Deck, hindi: Deck
) -> None:
    """All declared cards arrive, and the second import changes nothing of what a learner has of the first."""
    found = ankis.run(anki, Path(__file__).parent / "two_editions.py", packages[first], packages[second])
    expected = {ENGLISH: numbers([*taught.facts]), HINDI: numbers([*hindi.facts])}
    assert found["decks"] == expected
    assert found["note_types"] == {"CSTO": expected[ENGLISH][0], "CSTO (हिन्दी)": expected[HINDI][0]}
    assert found["log"] == {"new": expected[second][0]}
    assert (found["is_untouched"], found["blank"], found["is_sound"]) == (True, 0, True)


def test_the_core_and_all_that_follows_it_is_translated(taught: Deck, hindi: Deck) -> None:
    ids = {fact.id for fact in hindi.facts}
    wanted = [fact.id for fact in taught.facts if {"core", "standard"} & {*fact.tags}]
    behind = [fact.id for fact in hindi.facts if edition.is_behind(fact)]
    # Whoever corrects or adds a card in English need not know Hindi.
    assert len([id for id in wanted if id not in ids]) <= 0.05 * len(wanted)
    assert len(behind) <= 0.05 * len(wanted), behind
    assert len(hindi.terms) >= 150
    assert sum(bool(term.seen) for term in hindi.terms.values()) >= 150


def test_its_letters_are_written_in_one_way(hindi: Deck) -> None:
    """A letter with a dot below can be one character or two; a search in Anki would find only one of these."""
    assert [(fact.id, key) for fact, key, text in hindi.texts if unicodedata.normalize("NFC", text) != text] == []


def sample(deck: Deck) -> list[str]:
    """Cards with pictures, one of each practice form, and all of the core."""
    forms = {fact.ask: fact.id for fact in deck.facts if fact.ask}
    return [*forms.values(), *(fact.id for fact in deck.facts if fact.pictures() or "core" in fact.tags)]


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("mode", ["", "nightMode night_mode"], ids=["day", "night"])
def test_no_hindi_card_is_wider_than_a_phone(
    mode: str, width: int, page: Page, hindi: Deck, hindi_sides: Sides
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    for name in sample(hindi):
        for side in hindi_sides[name]:
            page.set_content(CARD.format(mode, side))
            assert page.evaluate("document.documentElement.scrollWidth") == width, name


def test_no_line_squeezes_its_vowel_signs(page: Page, hindi: Deck, hindi_sides: Sides) -> None:
    """They stand above and below the letters, so a line of Devanagari needs more room than one of Latin letters."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for name in sample(hindi):
        page.set_content(CARD.format("", hindi_sides[name][1]))
        assert page.evaluate(SQUEEZED) == [], name
    tight = hindi_sides["members-six-current"][1].replace("line-height: 1.35;", "line-height: 0.8;")
    page.set_content(CARD.format("", tight))
    assert page.evaluate(SQUEEZED)


def test_nine_core_cards_in_ten_fit_the_screen_in_hindi_as_well(page: Page, hindi: Deck, hindi_sides: Sides) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    heights = {}
    for fact in hindi.facts:
        if "core" in fact.tags:
            for name in [fact.id, f"{fact.id}:reverse"] if fact.reverse else [fact.id]:
                page.set_content(CARD.format("", hindi_sides[name][1]))
                heights[name] = page.evaluate("document.documentElement.scrollHeight")
    too_high = sorted(name for name, height in heights.items() if height > PHONE["height"])
    assert len(too_high) <= len(heights) / 10, too_high


def test_a_front_of_practice_in_hindi_fits_the_screen(page: Page, hindi: Deck, hindi_sides: Sides) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for fact in hindi.facts:
        if fact.statements:
            page.set_content(CARD.format("", hindi_sides[fact.id][0]))
            height = page.evaluate("document.body.getBoundingClientRect().height")
            assert height <= PHONE["height"], fact.id


def test_the_whole_back_is_in_hindi(page: Page, hindi: Deck, hindi_sides: Sides) -> None:
    """The words of the tool, too: only names, abbreviations, ids, the version and the sources have Latin letters."""
    fact = next(each for each in hindi.facts if each.id == "members-six-current")
    page.set_content(CARD.format("", hindi_sides[fact.id][1]))
    count = page.evaluate('getComputedStyle(document.querySelector(".count"), "::before").content')
    assert count == f'"{len(fact.sources)} स्रोत · "'
    assert page.locator("summary").first.inner_text() == "याद रखने का सूत्र"
    assert page.locator(".as-of").inner_text() == "27 फरवरी 2026 तक की स्थिति"
    practice = next(each for each in hindi.facts if each.ask == "which statements")
    page.set_content(CARD.format("", hindi_sides[practice.id][0]))
    assert page.locator(".statements > p").inner_text() == "उपर्युक्त कथनों में से कौन-सा/कौन-से सही है/हैं?"
