"""Cards as Anki renders them, in a browser: on our own page, on AnkiDroid's, and in an app from right to left."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from csto_anki.deck.model import Deck
from csto_anki.history.record import load
from csto_anki.note.contents import contents
from support.packages import build
from support.real_anki import Sides, render
from support.small_deck import write_deck

REPOSITORY = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 640}
DAY, NIGHT = "", "nightMode night_mode"
# What AnkiDroid's own style does to a card (its flashcard.css of 2026).
ANKIDROID = (
    "<style>body { margin: 0 0 30px; padding: 0 } body.night_mode { color: white; background-color: black } "
    "#content { margin: 0.5em } .chrome img { max-width: 100%; max-height: 90% } .vertically_centered { "
    "position: absolute; width: 100%; height: 100%; display: -webkit-box; -webkit-box-align: stretch; "
    "-webkit-box-pack: center; -webkit-box-orient: vertical }</style>"
)
# The page around a side of a card: first the style of the app, then that of the card, then the body.
FRAMES = {
    "ours": '<!doctype html><meta charset="utf-8"><body class="card card1 mobile MODE">SIDE</body>',
    "AnkiDroid": f'<!doctype html><html class="mobile android chrome"><meta charset="utf-8">{ANKIDROID}'
    '<body class="card card1 MODE"><div id="content">SIDE</div></body>',
    "Center align": f'<!doctype html><html class="mobile android chrome"><meta charset="utf-8">{ANKIDROID}'
    '<body class="card card1 vertically_centered MODE"><div id="content">SIDE</div></body>',
    "right to left": '<!doctype html><html dir="rtl"><meta charset="utf-8"><body class="card card1 MODE">'
    '<div id="qa">SIDE</div></body>',
}
# One card of each kind and form, and the largest ones.
SAMPLE = (
    *("members-six-current", "op-illegal", "op-illegal:reverse", "mains-verdict", "mains-paper-alliance"),
    *("csto-what-kind:reverse", "sg-masadykov", "foreign-bases-protocol-wording", "am-status-to-teach"),
)


def framed(frame: str, mode: str, side: str) -> str:
    """A whole page: one of FRAMES, by day or by night, around a side of a card."""
    return FRAMES[frame].replace("MODE", mode).replace("SIDE", side)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    return chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sample(taught: Deck) -> list[str]:
    """Of the cards with pictures and of each practice form one, and those of SAMPLE."""
    forms = {fact.ask: fact.id for fact in taught.facts if fact.ask}
    with_pictures = [fact.id for fact in taught.facts if fact.image or fact.answer_image]
    return [*SAMPLE, *forms.values(), *with_pictures]


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("frame", FRAMES)
def test_no_card_is_wider_or_higher_than_what_can_be_seen(
    frame: str, width: int, page: Page, sides: Sides, sample: list[str]
) -> None:
    """It can be scrolled down to its end and up to its beginning, and nothing is beside the screen."""
    page.set_viewport_size({"width": width, "height": 640})
    for name in sample:
        for side in sides[name]:
            page.set_content(framed(frame, NIGHT, side))
            first = page.evaluate("document.querySelector('.front').getBoundingClientRect().top")
            assert page.evaluate("document.documentElement.scrollWidth") == width, name
            assert first >= 0, name
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def test_an_app_from_right_to_left_changes_nothing(page: Page, sides: Sides) -> None:
    """English cards look the same there: each line begins at the left, and no mark moves to its other end."""
    for name in ("practice-left-in-1999", "members-six-current"):
        here, there = (places(page, frame, sides[name][1]) for frame in ("ours", "right to left"))
        assert here == there
        assert len(here) >= 3


def places(page: Page, frame: str, side: str) -> list[list[int]]:
    """Where the lines of a side are: the left, the right and the top of each, in pixels."""
    page.set_content(framed(frame, DAY, side))
    where = """[...document.querySelectorAll(".question, .options li, .answer, .foot summary, .reasons li")]
        .filter(each => each.checkVisibility()).map(each => {
            const text = document.createRange();
            text.selectNodeContents(each);
            const {left, right, top} = text.getBoundingClientRect();
            return [left, right, top].map(Math.round);
        })"""
    found: list[list[int]] = page.evaluate(where)
    return found


def test_without_their_line_in_the_styling_both_frames_fail(page: Page, sides: Sides) -> None:
    """What keeps a card from sliding in AnkiDroid's *Center align*, and from being turned round in an Arabic app."""
    side = sides["practice-left-in-1999"][1]
    assert side.count("box-sizing: border-box;") == 1
    page.set_content(framed("Center align", DAY, side.replace("box-sizing: border-box;", "")))
    assert page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
    assert "direction: ltr;" in side
    without = side.replace("direction: ltr;", "")
    assert places(page, "ours", without) != places(page, "right to left", without)


def test_a_deck_in_urdu_is_from_right_to_left_in_every_app(page: Page, tmp_path: Path) -> None:
    from csto_anki.deck.reader import read

    deck, problems = read(write_deck(tmp_path / "cards"))
    assert deck is not None, problems
    deck = replace(deck, language="ur")
    back = render(tmp_path, build(deck, tmp_path))["treaty-signed"][1]
    for frame in FRAMES:
        page.set_content(framed(frame, DAY, back))
        directions = page.evaluate(
            "[...document.querySelectorAll('.front, .back')].map(e => getComputedStyle(e).direction)"
        )
        assert directions == ["rtl", "rtl"]


def test_the_foot_is_one_line_that_unfolds(page: Page, sides: Sides, taught: Deck) -> None:
    """It says how many sources there are, the id and the version; unfolded, each source begins with its publisher."""
    sources = {fact.id: [taught.sources[each.source] for each in fact.sources] for fact in taught.facts}
    page.set_content(framed("ours", DAY, sides[taught.facts[0].id][1]))
    page.click(".foot summary")  # of the others, a script clicks on it, which takes a tenth of the time
    assert page.locator(".foot .sources p").first.is_visible()
    for name, (_, back) in sides.items():
        id = name.removesuffix(":reverse")
        if id not in sources:
            continue
        page.set_content(framed("ours", DAY, back))
        height, count, text, is_open, shown = page.evaluate(
            """() => {
                const foot = document.querySelector(".foot"), summary = foot.querySelector("summary");
                const style = getComputedStyle(foot.querySelector(".count"), "::before").content;
                const folded = [foot.getBoundingClientRect().height, style, summary.innerText, foot.open];
                summary.click();
                return [...folded, [...foot.querySelectorAll(".sources p")].map(each => each.innerText)];
            }"""
        )
        number = len(sources[id])
        assert count == f'"{number} source{"s" if number > 1 else ""} · "', (name, count)
        assert re.fullmatch(rf"{id} · 2026\.12\.01\.dev-\w+", text) and not is_open
        assert height <= 46, name  # one line of 20 px, the space around it, and the rule above it
        assert sorted(each.split(": ")[0] for each in shown) == sorted(each.publisher for each in sources[id])


def test_official_sources_come_first(taught: Deck) -> None:
    ranks = {name: rank for rank, group in enumerate(taught.standing.values()) for name in group}
    fields = {id: note.fields["Sources"] for id, note in contents(taught).notes.items()}
    for id, field in fields.items():
        found = [ranks.get(publisher, len(taught.standing)) for publisher in re.findall("<p>(.*?): <a", field)]
        assert found == sorted(found), id
    assert re.match("<p>CSTO: ", fields["treaty-art4-collective-defence"])


def test_nine_core_cards_in_ten_fit_the_screen(page: Page, sides: Sides, taught: Deck) -> None:
    """With question, answer, detail and foot; those that do not are practice, where each statement has its reason."""
    heights = {}
    for fact in taught.facts:
        if "core" in fact.tags:
            for name in [fact.id, f"{fact.id}:reverse"] if fact.reverse else [fact.id]:
                page.set_content(framed("ours", DAY, sides[name][1]))
                heights[name] = page.evaluate("document.documentElement.scrollHeight")
    too_high = sorted(name for name, height in heights.items() if height > PHONE["height"])
    assert len(too_high) <= len(heights) / 10, too_high
    assert len(heights) >= 100


def test_both_directions_have_a_subject_line(sides: Sides, taught: Deck) -> None:
    two_way = [fact for fact in taught.facts if fact.reverse and fact.about]
    assert len(two_way) > 30
    for fact in two_way:
        assert fact.reverse is not None
        assert f'<p class="about">{fact.about}</p>' in sides[fact.id][0]
        assert f'<p class="about">{fact.reverse.about or fact.about}</p>' in sides[f"{fact.id}:reverse"][0]


def test_notes_of_an_older_version_look_as_well(page: Page, curated: Deck, tmp_path: Path) -> None:
    """Their sources and options have the markup of 2026.11.28, because a new look replaces no note."""
    released, problems = load(REPOSITORY / "cards" / "released.json")
    assert released is not None, problems
    before = Path(shutil.copy(REPOSITORY / "dist" / "csto-2026-11-28.apkg", tmp_path / "before.apkg"))
    old = render(tmp_path, before, build(curated, tmp_path, released))
    for name, number in (("members-six-current", 6), ("practice-left-in-1999", 5), ("geo-border-china", 3)):
        assert "<br>" in old[name][1]
        page.set_content(framed("ours", DAY, old[name][1]))
        count = page.evaluate('getComputedStyle(document.querySelector(".count"), "::before").content')
        assert count == f'"{number} sources · "'
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert 'class="options"' not in old["practice-left-in-1999"][1]


def test_by_night_a_drawing_is_dark_and_a_photo_is_dimmed(page: Page) -> None:
    from csto_anki.note.note_type import STYLING, looks

    picture = '<div class="image"><img src="{}" alt=""></div>'
    names = ("csto-map-six-0123456789.svg", "csto-timeline-0123456789.svg", "csto-mapping-0123456789.jpg")
    side = f"<style>{looks()[STYLING]}</style>{''.join(map(picture.format, names))}"
    found = []
    for mode in (DAY, NIGHT):
        page.set_content(framed("ours", mode, side))
        found.append(page.evaluate("[...document.images].map(each => getComputedStyle(each).filter)"))
    dark = "invert(0.9) hue-rotate(180deg)"
    assert found == [["none"] * 3, [dark, dark, "brightness(0.85)"]]
