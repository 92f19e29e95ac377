"""The website that `preview` writes, in a real browser: the curated deck, opened as a file, as someone would."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from csto_anki.deck import edition
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read
from csto_anki.history.record import Released, dump
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import TAGS
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.html import to_text
from csto_anki.note.order import teaching_order
from csto_anki.preview import site as site_of
from support.commands import preview
from support.real_anki import import_package
from support.small_deck import write_deck

REPOSITORY = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 740}
# Two of the four weights that axe gives a fault.
SERIOUS = {"serious", "critical"}


@pytest.fixture
def page(chromium: Browser, site: Path) -> Iterator[Page]:
    """The page on a phone; anything that the browser complains about fails the test."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda each: complaints.append(each.url) if not each.url.startswith("file:") else None)
    page.on("dialog", lambda dialog: dialog.accept())  # finish a paper with questions left
    page.goto((site / "index.html").as_uri())
    yield page
    assert complaints == []
    context.close()


@pytest.fixture
def hosted(chromium: Browser, host: str) -> Iterator[Page]:
    """The page on a host, for tests of what it stores."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{host}/index.html")
    yield page
    context.close()


@pytest.fixture(scope="module")
def hindi_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the Hindi edition's website."""
    deck, problems = edition.read(REPOSITORY / "cards" / "hi")
    assert deck is not None, "\n".join(map(str, problems))
    folder, contents = tmp_path_factory.mktemp("hindi") / "preview", contents_of(deck)
    stamps = stamp(Released({}, None, {}, None), contents, datetime.date(2026, 12, 1))
    site_of.write(deck, contents, stamps, folder)
    return folder


def open_card(page: Page, id: str) -> None:
    """Open the card of an id by its address, as from a link in a chat."""
    page.goto(f"{page.url.partition('#')[0]}#{id}")
    page.reload()


def listed(page: Page) -> list[str]:
    """The ids of the cards that are visible in the list."""
    found: list[str] = page.eval_on_selector_all("li[data-tags]:not([hidden])", "all => all.map(each => each.id)")
    return found


def facts_with(deck: Deck, words: str) -> set[str]:
    """The ids of the facts whose notes contain each of these words."""
    texts = {
        id: to_text(" ".join(text for name, text in note.values().items() if name != TAGS)).lower()
        for id, note in contents_of(deck).notes.items()
    }
    return {id for id, text in texts.items() if all(word in text for word in words.lower().split())}


def test_every_card_is_there_by_kind_and_in_the_order_of_learning(page: Page, curated: Deck) -> None:
    order = [fact for fact in teaching_order(curated) if not fact.retired]
    facts = [fact for kind in curated.kinds for fact in order if fact.kind == kind]
    expected = [name for fact in facts for name in ([fact.id, f"{fact.id}:reverse"] if fact.reverse else [fact.id])]
    assert listed(page) == expected
    assert page.inner_text("label[for=_words]") == f"Search in {len(expected)} cards"
    assert page.locator(".kind[open]").count() == 0


def test_the_first_screen_says_what_this_is_and_has_the_first_card(hosted: Page, curated: Deck) -> None:
    """And one large button, which starts with the core and goes on where one stopped."""
    core = [fact for fact in teaching_order(curated) if "core" in fact.tags and not fact.retired]
    number = sum(len(fact.cards) for fact in core)
    button = hosted.locator("#_start")
    assert button.inner_text() == f"Start: {number} cards (core)"
    assert hosted.inner_text("#_first .question") == core[0].question
    bottom = hosted.evaluate("document.getElementById('_start').getBoundingClientRect().bottom")
    assert bottom < 500
    button.tap()
    for fact in core[:3]:
        assert hosted.inner_text("#_card .question") == fact.question
        assert hosted.inner_text("#_go") == "Show answer"
        hosted.tap("#_go")
        assert hosted.inner_text("#_card .answer p, #_card .answer").startswith(str(fact.answer).split("\n")[0])
        assert hosted.inner_text("#_go") == "Next"
        hosted.tap("#_go")
    assert hosted.evaluate("[_progress.value, _progress.max]") == [4, number]
    hosted.tap("#_close")
    hosted.wait_for_selector("#_viewer", state="hidden")
    hosted.wait_for_url(lambda url: "#" not in url)
    hosted.reload()
    assert button.inner_text() == f"Continue: card 4 of {number}"
    assert hosted.inner_text("#_first .question") == core[3].question
    button.tap()
    assert hosted.inner_text("#_position") == f"4 of {number}"
    assert hosted.inner_text("#_card .question") == core[3].question


def test_the_second_direction_of_a_fact_comes_much_later(page: Page) -> None:
    """In the package it is sixty positions later; of the core, the last ones come nearer, at the end."""
    page.tap("#_start")
    order = page.evaluate("studied.map(each => each.id)")
    reverses = [id for id in order if id.endswith(":reverse")]
    assert len(reverses) > 5
    positions = {id: place for place, id in enumerate(order)}
    for id in reverses:
        assert positions[id] - positions[id.removesuffix(":reverse")] >= 15


def test_both_sides_are_those_of_anki(page: Page, site: Path, tmp_path: Path) -> None:
    from anki.collection import Collection

    collection = Collection(str(tmp_path / "collection.anki2"))
    (package,) = site.glob("*.apkg")
    import_package(collection, package)
    shown = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("li[data-tags]")].map(each =>
            [each.id, [...each.querySelectorAll("template")].map(side => side.innerHTML)]))"""
    )
    assert len(shown) == collection.card_count()
    normal = (
        "text => { const side = document.createElement('template'); side.innerHTML = text; return side.innerHTML; }"
    )
    for number, id in enumerate(collection.find_cards("")):
        card = collection.get_card(id)
        sides = card.render_output()
        name = card.note()["Id"] + (":reverse" if card.ord else "")
        front, back = shown[name]
        plain = re.sub('src="pictures/', 'src="', front), re.sub('src="pictures/', 'src="', front + back)
        if number % 10 == 0:  # the browser writes some characters in another way, and asking it takes long
            assert plain == (page.evaluate(normal, sides.question_text), page.evaluate(normal, sides.answer_text))
        assert len(plain[1]) > len(plain[0]) > 50
    collection.close()


@pytest.mark.parametrize(
    "words", ["nayomnik", "НАЁМНИК", "Tauride palace", "charter-signing-place", "zakonpravo", "ten years apart"]
)
def test_search_finds_words_wherever_they_are(page: Page, words: str, taught: Deck) -> None:
    """In question, answer, detail, hint, reasons, source or id, ignoring case; and it finds nothing else."""
    page.fill("#_words", words)
    facts = facts_with(taught, words)
    assert facts
    assert {id.removesuffix(":reverse") for id in listed(page)} == facts


def test_a_search_that_finds_nothing_can_be_taken_back(page: Page) -> None:
    every = listed(page)
    page.fill("#_words", "no such words anywhere")
    assert listed(page) == []
    assert page.inner_text("#_count") == "No cards: “no such words anywhere”"
    assert page.inner_text("#_none").startswith("No card has ")
    assert "Use fewer or shorter words" in page.inner_text("#_none")
    assert page.is_hidden("#_study")
    page.click("button[type=reset]")
    assert listed(page) == every
    assert page.is_hidden("#_none")


def test_words_in_quotes_are_a_phrase(page: Page) -> None:
    page.fill("#_words", "Article 4")
    words = listed(page)
    page.fill("#_words", "“Article 4”")
    phrase = listed(page)
    assert {*phrase} < {*words}
    texts = page.evaluate(
        """ids => ids.map(id => [...document.getElementById(id).querySelectorAll('template')]
        .map(side => side.content.textContent).join(" "))""",
        phrase,
    )
    assert all("article 4" in text.lower() for text in texts)


def test_results_are_below_the_field_while_one_types(page: Page) -> None:
    page.locator("#_words").press_sequentially("tauride")
    field, result = (
        page.evaluate(f"document.querySelector({selector!r}).getBoundingClientRect().top")
        for selector in ("#_words", "li[data-tags]:not([hidden]) > a")
    )
    assert 0 <= field < 100
    assert field < result < 280  # above a keyboard
    assert page.is_visible("#_study")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("CSTO’s “charter”", 'CSTO\'s "charter"'),
        ("CSTO´s ″charter″", 'CSTO\'s "charter"'),
        ("peace–keeping", "peace-keeping"),
        ("НЕЛЕГАЛ", "нелегал"),
        ("Nag\u00adorno", "Nagorno"),
        ("Chișinău", "chisinau"),
    ],
)
def test_what_phones_write_differently_is_found(page: Page, typed: str, plain: str) -> None:
    page.fill("#_words", plain)
    expected = listed(page)
    page.fill("#_words", typed)
    assert listed(page) == expected
    assert expected or typed == "peace–keeping"
    shown = page.evaluate("text => plain(text)", typed).replace('"', "").split()
    assert shown == plain.lower().replace('"', "").split()


def test_words_of_indian_scripts_keep_their_signs(page: Page) -> None:
    found = page.evaluate("['दिन', 'दान', 'दून', 'दि\\u200cन'].map(plain)")
    assert len({*found}) == 3
    assert found[0] == found[3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("कज़ाखस्तान", "कजाखस्तान"),  # without a dot below
        ("कज़ाखस्तान", "क\u095bाखस्तान"),  # with a letter that has the dot
        ("पाँच", "पांच"),
        ("संबंध", "सम्बन्ध"),
        ("2022", "२०२२"),
    ],
)
def test_a_search_in_hindi_finds_each_spelling(page: Page, hindi_site: Path, one: str, other: str) -> None:
    page.goto((hindi_site / "index.html").as_uri())
    page.fill("#_words", one)
    expected = listed(page)
    assert 0 < len(expected) < page.locator("li[data-tags]").count()
    page.fill("#_words", other)
    assert listed(page) == expected
    assert page.inner_text("#_count") == f"{len(expected)} कार्ड: “{other}”"


def test_a_search_in_hindi_does_not_find_other_words(page: Page, hindi_site: Path) -> None:
    page.goto((hindi_site / "index.html").as_uri())
    page.fill("#_words", "दिन")
    found = listed(page)
    texts = page.evaluate("ids => ids.map(id => words(document.getElementById(id)))", found)
    assert texts
    assert all("दिन" in text for text in texts)
    page.fill("#_words", "दिन दिनदिन")
    assert page.inner_text("#_none").startswith("“दिनदिन” किसी कार्ड में नहीं है। ")
    assert page.evaluate("['पाँच', 'पाच', 'जन्म', 'जंम', 'सम्मेलन', 'संमेलन'].map(plain)") == [
        *("पांच", "पाच", "जन्म", "जंम", "सम्मेलन", "संमेलन")
    ]


@pytest.mark.parametrize(
    ("select", "value", "tag"),
    [
        ("kind", "geography", "geography"),
        ("priority", "core", "core"),
        ("part", "mains", "mains"),
        ("tag", "armenia", "armenia"),
    ],
)
def test_each_filter_shows_the_cards_of_its_tag(page: Page, select: str, value: str, tag: str, taught: Deck) -> None:
    page.tap("#_more > summary")
    page.select_option(f"#_{select}", value)
    facts = {fact.id for fact in taught.facts if tag in (fact.kind, *fact.tags)}
    assert {id.removesuffix(":reverse") for id in listed(page)} == facts
    assert value in (page.text_content("#_count") or "")


def test_filters_and_words_go_together(page: Page, taught: Deck) -> None:
    page.tap("#_more > summary")
    page.select_option("#_priority", "core")
    page.select_option("#_part", "prelims")
    page.fill("#_words", "chisinau")
    facts = facts_with(taught, "chisinau") & {fact.id for fact in taught.facts if {"core", "prelims"} <= {*fact.tags}}
    assert facts
    assert {id.removesuffix(":reverse") for id in listed(page)} == facts


def test_a_card_is_turned_by_tap_and_by_key(page: Page) -> None:
    page.fill("#_words", "chisinau")
    page.tap("li[id='charter-signing-place'] > a")
    assert "In which city was the Charter" in page.inner_text("#_card")
    assert "Chisinau" not in page.inner_text("#_card")
    page.tap("#_card .question")
    assert "Chisinau, Moldova" in page.inner_text("#_card")
    page.tap("#_card .answer")
    assert "Chisinau" not in page.inner_text("#_card")
    page.keyboard.press("Space")
    assert "Chisinau, Moldova" in page.inner_text("#_card")
    assert page.url.endswith("#charter-signing-place")
    before = page.text_content("#_position")
    page.keyboard.press("ArrowRight")
    assert page.text_content("#_position") != before
    assert not page.query_selector("#_card .answer")
    page.keyboard.press("ArrowLeft")
    assert page.text_content("#_position") == before
    page.tap("#_go")
    assert page.query_selector("#_card .answer")
    page.keyboard.press("Escape")
    page.wait_for_selector("#_viewer", state="hidden")  # waiting for a function would break the page's policy
    page.wait_for_url(lambda url: not url.partition("#")[2])  # the page changes its address a moment later


def test_leafing_goes_through_what_is_listed(page: Page) -> None:
    page.fill("#_words", "chisinau")
    found = listed(page)
    page.tap("#_study")
    for number, id in enumerate(found, start=1):
        assert page.text_content("#_position") == f"{number} of {len(found)}"
        assert page.url.endswith(f"#{id}")
        page.keyboard.press("ArrowRight")
    page.tap("#_go")
    assert page.inner_text("#_go") == "Done"
    page.tap("#_go")
    assert page.is_hidden("#_viewer")


@pytest.mark.parametrize("id", ["map-armenia:reverse", "map-armenia%3Areverse"])
def test_an_address_opens_its_card(page: Page, id: str) -> None:
    """Also one that a chat has encoded."""
    open_card(page, id)
    assert "border Armenia" in page.inner_text("#_card")


def test_a_card_opens_with_the_focus_on_the_large_button(page: Page) -> None:
    open_card(page, "cst-signed-tashkent")
    assert page.evaluate("document.activeElement.id") == "_go"
    page.tap("#_close")
    page.tap("#_start")
    assert page.evaluate("document.activeElement.id") == "_go"
    assert page.locator("[autofocus]").count() == 0  # browsers complain about it if the address has a card


def test_a_long_card_is_scrolled_by_keyboard(page: Page) -> None:
    open_card(page, "practice-how-it-ended")
    page.keyboard.press("Space")
    page.evaluate("_frame.scrollTop = 0")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("_frame.scrollTop") > 100
    page.keyboard.press("ArrowUp")
    assert page.evaluate("_frame.scrollTop") < 200


def test_after_the_last_card_one_begins_again(hosted: Page) -> None:
    hosted.tap("#_start")
    hosted.evaluate("show(studied.length - 1, true)")
    assert hosted.inner_text("#_go") == "Done"
    hosted.tap("#_go")
    hosted.wait_for_url(lambda url: "#" not in url)
    assert re.fullmatch(r"Start: \d+ cards \(standard\)", hosted.inner_text("#_start"))


def test_back_closes_the_card_and_not_the_page(page: Page) -> None:
    page.tap("#_start")
    page.tap("#_go")
    page.go_back()
    assert page.is_hidden("#_viewer")
    assert page.is_visible("#_start")
    assert "#" not in page.url


def test_a_reload_goes_on_in_the_same_order(hosted: Page) -> None:
    """Phones close pages that are not looked at."""
    hosted.tap("#_start")
    for _ in range(6):
        hosted.keyboard.press("ArrowRight")
    position, question = hosted.inner_text("#_position"), hosted.inner_text("#_card")
    hosted.reload()
    assert (hosted.inner_text("#_position"), hosted.inner_text("#_card")) == (position, question)
    hosted.tap("#_close")
    hosted.wait_for_url(lambda url: "#" not in url)
    assert hosted.inner_text("#_start").startswith("Continue: card 7 ")


def test_a_reload_goes_on_with_what_was_searched(hosted: Page) -> None:
    hosted.fill("#_words", "chisinau")
    found = listed(hosted)
    hosted.tap("#_study")
    hosted.keyboard.press("ArrowRight")
    hosted.reload()
    assert hosted.inner_text("#_position") == f"2 of {len(found)}"
    open_card(hosted, "hq-moscow")  # which is not among these
    assert hosted.inner_text("#_position").endswith(f" of {hosted.locator('li[data-tags]').count()}")


def test_an_address_of_several_cards_shows_these(page: Page) -> None:
    open_card(page, "map-six,hq-moscow,am-freeze-2024")
    assert page.inner_text("#_position") == "1 of 3"
    page.keyboard.press("ArrowRight")
    assert "headquarters" in page.inner_text("#_card")
    page.reload()
    assert page.inner_text("#_position") == "2 of 3"


def test_another_page_and_back_goes_on_in_the_same_order(hosted: Page, host: str) -> None:
    """As after a look at a source, which opens in a tab of its own."""
    hosted.tap("#_start")
    hosted.keyboard.press("ArrowRight")
    hosted.tap("#_go")
    links = hosted.locator("#_card .sources a")
    assert links.count() > 0
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}
    position = hosted.inner_text("#_position")
    hosted.goto(f"{host}/plan.html")
    hosted.go_back()
    assert hosted.inner_text("#_position") == position


def test_back_closes_the_card_also_after_a_reload(hosted: Page) -> None:
    hosted.tap("#_start")
    hosted.reload()
    assert hosted.is_visible("#_viewer")
    hosted.go_back()
    hosted.wait_for_selector("#_viewer", state="hidden")
    assert hosted.is_visible("#_start")


def test_without_a_script_nothing_is_dead(chromium: Browser, site: Path) -> None:
    """No button, field or menu that does nothing; all questions, sources and answers are there."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("index", "mock", "plan", "sheet", "sources"):
        page.goto((site / f"{name}.html").as_uri())
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
        assert page.locator("noscript").count() == (name != "sources" and name != "sheet")
    context.close()


def test_an_address_of_no_card_opens_the_page(page: Page) -> None:
    for id in ("no-such-card", "%E0%A4%A"):
        open_card(page, id)
        assert page.is_hidden("#_viewer")
        assert page.is_visible("#_start")


def test_a_hint_unfolds_without_turning_the_card(page: Page) -> None:
    open_card(page, "cst-signed-tashkent")
    page.keyboard.press("Space")
    page.tap("#_card .mnemonic summary")
    assert "ten years apart" in page.inner_text("#_card")
    page.tap("#_card .foot summary")
    assert "CSTO: " in page.inner_text("#_card .foot")
    assert page.locator("#_card details[open]").count() == 2


def test_day_and_night(hosted: Page, chromium: Browser, site: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    card = "getComputedStyle(document.getElementById('_card')).backgroundColor"
    day = hosted.evaluate(f"[{paper}, {card}]")
    assert hosted.inner_text("#_theme") == "Night"
    hosted.click("#_theme")
    assert hosted.inner_text("#_theme") == "Day"
    night = hosted.evaluate(f"[{paper}, {card}]")
    assert night == ["rgb(13, 15, 19)", "rgb(20, 23, 28)"]
    assert day == ["rgb(239, 236, 228)", "rgb(251, 250, 247)"]
    hosted.reload()
    assert hosted.evaluate(f"[{paper}, {card}]") == night  # the choice is kept
    dark = chromium.new_page(color_scheme="dark")
    dark.goto((site / "index.html").as_uri())
    assert dark.evaluate(f"[{paper}, {card}]") == night
    for other in ("mock", "plan", "sheet", "sources"):
        dark.goto((site / f"{other}.html").as_uri())
        assert dark.evaluate(paper) == night[0]
    dark.close()


# Each step that a page has: its name, what to tap first, and what is then in sight.
STEPS = {
    "cards": ("index.html", [], "#_start"),
    "search": ("index.html", ["#_more > summary"], "#_part"),
    "timeline": ("index.html", [".drawn summary"], ".drawn img"),
    "question": ("index.html", ["#_start"], "#_go"),
    "answer": ("index.html", ["#_start", "#_go", "#_card .foot summary"], "#_card .answer"),
    "practice": ("index.html#practice-observer-partner", ["#_go"], "#_card .reasons"),
    "map": ("index.html#map-armenia", ["#_go"], "#_card .back .image"),
    "settings": ("mock.html", [], "#_available"),
    "paper": ("mock.html", ["#_timed", "[type=submit]", "#_question label"], "#_next"),
    "result": ("mock.html", ["[type=submit]", "#_finish", "#_look summary", "#_answers summary"], "#_answers .card"),
    "plan": ("plan.html", [], "#_advice"),
    "sheet": ("sheet.html", [], ".revision"),
    "sources": ("sources.html", [".kind > summary", ".kind details summary"], ".kind details li"),
}


def at_step(page: Page, host: str, step: str) -> None:
    where, taps, seen = STEPS[step]
    page.goto(f"{host}/{where}")
    page.evaluate("localStorage.clear(); history.replaceState(null, '')")
    page.reload()
    for selector in taps:
        page.locator(selector).first.click(timeout=5000)
    page.locator(seen).first.wait_for(state="visible")


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_all_is_within_a_narrow_phone(hosted: Page, host: str, size: str) -> None:
    """Of 320 px, also with text of twice the size: only a table scrolls sideways, and no button is outside."""
    hosted.set_viewport_size({"width": 320, "height": 640})
    for step in STEPS:
        at_step(hosted, host, step)
        hosted.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert hosted.evaluate("document.documentElement.scrollWidth") == 320, step
        outside = hosted.evaluate(
            """[...document.querySelectorAll("button, a, input, select, summary, img, td, th, li")]
            .filter(each => each.checkVisibility() && !each.closest(".spoken, .levels"))
            .filter(each => { const {left, right} = each.getBoundingClientRect(); return left < 0 || right > 320.5; })
            .map(each => each.outerHTML.slice(0, 80))"""
        )
        assert outside == [], step


def test_the_pages_in_hindi_are_within_a_narrow_phone(page: Page, hindi_site: Path) -> None:
    """No letter is cut off, and the browser complains about nothing."""
    page.set_viewport_size({"width": 320, "height": 640})
    for step in STEPS:
        at_step(page, hindi_site.as_uri(), step)
        assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.lang]") == [320, "hi"], (
            step
        )
        cut = page.evaluate(
            """[...document.querySelectorAll("button, a.button, select, input, summary, h1, h2, label, legend")]
            .filter(each => each.checkVisibility() && getComputedStyle(each).overflowY !== "visible")
            .filter(each => each.scrollHeight > each.clientHeight)
            .map(each => each.outerHTML.slice(0, 80))"""
        )
        assert cut == [], step


def test_every_picture_loads(page: Page, taught: Deck) -> None:
    shown = [fact.id for fact in taught.facts if fact.image or fact.answer_image]
    open_card(page, shown[0])
    page.evaluate("document.querySelectorAll('.kind').forEach(each => { each.open = true; })")
    loaded = page.evaluate(
        """async () => {
          const found = [];
          for (const each of document.querySelectorAll("li[data-tags]")) {
            for (const side of each.querySelectorAll("template")) {
              for (const image of side.content.cloneNode(true).querySelectorAll("img")) {
                document.getElementById("_card").append(image);
                await image.decode();
                found.push([image.getAttribute("src"), image.naturalWidth, image.alt]);
              }
            }
          }
          for (const image of document.querySelectorAll(".drawn img, li > a img")) {
            await image.decode();
            found.push([image.getAttribute("src"), image.naturalWidth, "-"]);
          }
          return found;
        }"""
    )
    assert len(loaded) >= 2 * len(shown)
    assert all(width > 100 and alt for _, width, alt in loaded)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(chromium: Browser, host: str, scheme: str) -> None:
    """At any step of any page. It also computes the contrast of each text."""
    context = chromium.new_context(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    faults = []
    for step in STEPS:
        at_step(page, host, step)
        found = Axe().run(page).response["violations"]
        faults += [(step, each["id"], each["nodes"][0]["html"][:120]) for each in found if each["impact"] in SERIOUS]
    context.close()
    assert faults == []


def test_the_revision_sheet_on_paper(page: Page, site: Path, tmp_path: Path, taught: Deck) -> None:
    """The core is on at most four pages, in letters of at least 9 pt, each fact once, question beside answer."""
    page.goto((site / "sheet.html").as_uri())
    facts = [fact for fact in taught.facts if not fact.statements]
    core = {fact.question for fact in facts if "core" in fact.tags}
    page.emulate_media(media="print")
    rows = page.locator(".revision tbody tr:visible")
    questions = [text.strip() for text in rows.locator("td:first-child").all_inner_texts()]
    assert len(questions) == len(core)
    assert {*questions} == core
    smallest = (
        "Math.min(...[...document.querySelectorAll('td, td *')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert page.evaluate(smallest) >= 9 * 96 / 72
    question, answer = rows.nth(0).locator("td").all()
    left, right = question.bounding_box(), answer.bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"]
    assert not page.is_visible("#_print")
    page.emulate_media(media="null")
    assert pages(page, tmp_path / "core.pdf") <= 4
    page.select_option("#_level", "")
    assert page.locator(".revision tbody tr:visible").count() == len(facts)


def pages(page: Page, path: Path) -> int:
    page.pdf(path=path, format="A4")
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_the_sources_and_the_facts_lead_to_each_other(page: Page, site: Path, taught: Deck) -> None:
    page.goto((site / "sources.html").as_uri())
    assert page.locator(".kind > ul > li").count() == len(taught.sources)
    groups = page.locator("main > .kind > summary").all_inner_texts()
    assert [text.rsplit(maxsplit=1)[0] for text in groups] == [*taught.standing, "Other publishers"]
    assert sum(int(text.split()[-1]) for text in groups) == len(taught.sources)
    page.click("text=Scholars and works of reference")
    maps = sum("natural-earth" in [each.source for each in fact.sources] for fact in taught.facts)
    page.click(f"li[id='natural-earth'] >> text={maps} cards")
    page.click("li[id='natural-earth'] >> text=Which one borders no other member?")
    page.wait_for_selector("#_card .question")
    assert "Which one borders no other member?" in page.inner_text("#_card")


def test_the_page_lets_nothing_else_run(chromium: Browser, site: Path) -> None:
    """Its content security policy stops a script and a picture from elsewhere, if a card ever has one."""
    page = chromium.new_page()
    page.goto((site / "index.html").as_uri())
    ran = page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          let refused = 0;
          document.addEventListener("securitypolicyviolation", () => { refused += 1; });
          document.body.append(script);
          const image = new Image();
          image.src = "https://example.org/a.png";
          await new Promise(done => { image.onerror = done; document.body.append(image); });
          return [window.ran === true, refused];
        }"""
    )
    assert ran == [False, 2]
    page.close()


def test_what_is_new_since_the_last_release(chromium: Browser, tmp_path: Path) -> None:
    """After a release, facts that are new or corrected are one tap away."""
    cards = write_deck(tmp_path / "cards")
    deck, _ = read(cards)
    assert deck is not None
    record = Released({}, None, {}, None).after("2026.06.01", 1780304400, contents_of(deck))
    entry = "new-one:\n  question: New?\n  answer: N\n  sources: [charter]\n"
    preview(tmp_path / "first", "--cards", str(cards))
    assert "The deck is not released yet." in (tmp_path / "first" / "index.html").read_text("utf-8")
    write_deck(cards, {"released.json": dump(record)})
    result = preview(tmp_path / "before", "--cards", str(cards))
    assert "Nothing is new or changed since the last release" in (tmp_path / "before" / "index.html").read_text("utf-8")
    bodies = (cards / "bodies.yaml").read_text("utf-8").replace("  about: Council\n", "  about: The Council\n")
    write_deck(cards, {"released.json": dump(record), "bodies.yaml": bodies + entry})
    result = preview(tmp_path / "after", "--cards", str(cards))
    assert result.returncode == 0, result.stderr
    page = chromium.new_page()
    page.goto((tmp_path / "after" / "index.html").as_uri())
    assert "2 facts are new or changed since the last release." in page.inner_text(".news")
    page.click(".news button")
    assert listed(page) == ["highest-body", "highest-body:reverse", "new-one"]
    assert page.inner_text("li[id='new-one'] .mark") == "added"
    page.close()


def test_the_pages_are_light(site: Path) -> None:
    """Together, with the pictures and the package for download."""
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 3_000_000
    (package,) = site.glob("*.apkg")
    assert package.stat().st_size < 1_500_000
    assert f'href="{package.name}" download' in (site / "index.html").read_text("utf-8")
