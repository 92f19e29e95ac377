"""The mock paper and the plan of the website, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from csto_anki.deck import practice
from csto_anki.deck.model import Deck, Fact

PHONE = {"width": 360, "height": 740}
NOON = "2026-11-28T12:00:00"


@pytest.fixture
def page(chromium: Browser, host: str) -> Iterator[Page]:
    """The mock paper on a phone, at noon of 28 November 2026; a complaint of the browser fails the test."""
    context = chromium.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install(time=NOON)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{host}/mock.html")
    yield page
    assert complaints == []
    context.close()


@pytest.fixture(scope="module")
def questions(taught: Deck) -> dict[str, Fact]:
    return {fact.id: fact for fact in taught.facts if fact.statements}


def drawn(page: Page) -> list[str]:
    """The ids of the questions of this paper."""
    found: list[str] = page.evaluate("drawn.map(each => each.id)")
    return found


def right(fact: Fact) -> int:
    return [option.is_right for option in practice.options(fact.ask, fact.statements, fact.id)].index(True)


def test_ten_questions_with_right_wrong_and_skipped_ones(page: Page, questions: dict[str, Fact]) -> None:
    """Seven right, two wrong, one skipped: 14 - 1.32 marks; each has its reasons, and the missed cards are listed."""
    page.tap("[type=submit]")
    ids = drawn(page)
    assert len({*ids}) == 10
    for number, id in enumerate(ids):
        fact = questions[id]
        assert page.inner_text("#_where") == f"{number + 1} of 10"
        assert page.inner_text("#_question .question") == fact.question
        options = page.locator("#_question label")
        assert options.all_inner_texts() == practice.lettered(practice.options(fact.ask, fact.statements, fact.id))
        assert page.inner_text("#_next") == ("Finish" if number == 9 else "Skip")
        if number < 9:
            options.nth(right(fact) if number < 7 else (right(fact) + 1) % 4).tap()
            assert page.inner_text("#_next") == "Next"
        page.tap("#_next")
    assert page.inner_text("#_score") == "12.68 of 20 marks"
    assert page.inner_text("#_counts") == "7 right, 2 wrong, 1 skipped"
    results = page.locator("#_answers > details")
    summaries = page.locator("#_answers > details > summary").all_inner_texts()
    verdicts = [text.split("·")[0].strip() for text in summaries]
    assert verdicts == [*(f"{number}. ✓ right" for number in range(1, 8)), "8. ✗ wrong", "9. ✗ wrong", "10. skipped"]
    for number, id in enumerate(ids):
        results.nth(number).locator("summary").first.tap()
        shown = results.nth(number).inner_text()
        assert str(questions[id].answer) in shown
        assert all(each.why in shown for each in questions[id].statements)
    assert results.nth(7).locator(".chosen:not(.key)").count() == 1
    missed = {test for id in ids[7:] for test in questions[id].tests}
    page.tap("#_look summary")
    ids_to_study = page.evaluate("_study.hash").removeprefix("#").split(",")
    assert {*ids_to_study} == missed
    links = page.eval_on_selector_all("#_look li a", "all => all.map(each => each.getAttribute('href'))")
    assert {*links} == {f"index.html#{test}" for test in missed}


def test_what_was_missed_can_be_asked_again(page: Page) -> None:
    page.tap("[type=submit]")
    missed = {*drawn(page)}
    page.tap("#_finish")
    assert page.inner_text("#_score") == "0.00 of 20 marks"
    page.tap("#_new")
    page.check("#_again")
    page.check("[name=number][value=all]")
    assert page.inner_text("#_available") == "10 questions, of 10 that fit"
    page.tap("[type=submit]")
    assert {*drawn(page)} == missed
    page.evaluate("chosen = drawn.map(rightOption); finish()")
    page.tap("#_new")
    assert page.is_hidden("#_again")


def test_only_wrong_answers_give_less_than_nothing(page: Page) -> None:
    page.tap("[type=submit]")
    page.evaluate("chosen = drawn.map(each => (rightOption(each) + 1) % 4); finish()")
    assert page.inner_text("#_score") == "−6.60 of 20 marks"


def test_level_and_form_choose_what_is_asked(page: Page, questions: dict[str, Fact]) -> None:
    page.check("[name=number][value=all]")
    page.select_option("#_level", "core")
    core = {id for id, fact in questions.items() if "core" in fact.tags}
    assert page.inner_text("#_available") == f"{len(core)} questions, of {len(core)} that fit"
    page.tap("[type=submit]")
    assert {*drawn(page)} == core
    page.tap("#_finish")
    page.tap("#_new")
    page.select_option("#_level", "")
    page.select_option("#_form", "order")
    page.tap("[type=submit]")
    assert {*drawn(page)} == {id for id, fact in questions.items() if fact.ask == "order"}


def test_the_clock_stops_the_paper(page: Page) -> None:
    """Ten questions have twelve minutes, at the pace of Prelims."""
    page.clock.pause_at("2026-11-28T13:00:00")
    page.check("#_timed")
    assert "10 questions in 12 minutes" in page.inner_text("#_available")
    page.tap("[type=submit]")
    assert page.inner_text("#_clock") == "12:00"
    page.clock.run_for(11 * 60_000)
    assert page.inner_text("#_clock") == "1:00"
    assert page.text_content("#_warning") == "One minute left"
    page.locator("#_question label").first.tap()
    page.clock.run_for(61_000)
    assert page.is_visible("#_result")
    assert page.inner_text("#_counts").startswith("Time is up: ")
    assert "9 skipped" in page.inner_text("#_counts")


def test_without_a_clock_there_is_no_end(page: Page) -> None:
    page.tap("[type=submit]")
    page.clock.run_for(3_600_000)
    assert page.is_visible("#_question")
    assert page.inner_text("#_clock") == ""


def test_by_keyboard_alone(page: Page, questions: dict[str, Fact]) -> None:
    """Letters or arrows choose, Enter goes on."""
    page.focus("[name=number]")
    page.keyboard.press("Enter")
    for number, id in enumerate(drawn(page)):
        place = right(questions[id])
        assert page.evaluate("document.activeElement.id") == "_where"
        if number % 2:
            page.keyboard.press("abCD"[place])
        else:
            page.keyboard.press("Tab")
            while not page.evaluate("document.activeElement.name === 'option'"):
                page.keyboard.press("Tab")
            page.keyboard.press("Space")
            for _ in range(place):
                page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert page.inner_text("#_score") == "20.00 of 20 marks"
    assert page.evaluate("document.activeElement.id") == "_score"


def test_back_keeps_what_was_chosen(page: Page) -> None:
    page.tap("[type=submit]")
    page.locator("#_question label").nth(2).tap()
    page.tap("#_next")
    page.tap("#_back")
    assert page.evaluate("[..._question.querySelectorAll('input')].map(each => each.checked)") == [
        *(False, False),
        True,
        False,
    ]
    assert page.is_disabled("#_back")


def test_the_paper_does_not_show_the_right_option(page: Page) -> None:
    """No option looks different or is named differently, before it is finished."""
    page.tap("[type=submit]")
    for _ in range(9):
        styles = page.evaluate(
            "[..._question.querySelectorAll('label')].map(each => [getComputedStyle(each).color, each.className])"
        )
        assert len({*map(tuple, styles)}) == 1
        assert not page.locator("#_question .key").count()
        page.tap("#_next")


def test_the_printed_paper_has_its_key_at_the_end(page: Page, questions: dict[str, Fact]) -> None:
    page.check("[name=number][value=all]")
    page.check("[name=number][value='10']")
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    page.tap("#_print")
    page.emulate_media(media="print")
    assert page.is_hidden("#_settings")
    ids = drawn(page)
    asked = page.locator("#_printed_questions .card").all()
    key = page.locator("#_printed_key .card").all_inner_texts()
    assert len(asked) == len(key) == 10
    for id, question, reasons in zip(ids, asked, key, strict=True):
        fact = questions[id]
        text = question.inner_text()
        assert fact.question in text
        assert not any(each.why in text for each in fact.statements)
        colours = question.locator(".options li").evaluate_all("all => all.map(e => getComputedStyle(e).fontWeight)")
        assert len({*colours}) == 1
        assert str(fact.answer) in reasons
        assert all(each.why in reasons for each in fact.statements)
    numbers = page.locator("#_printed_key .numbered > b").all_inner_texts()
    assert numbers == [f"{number}." for number in range(1, 11)]
    top_of_key = page.evaluate("getComputedStyle(document.querySelector('.paper h2')).breakBefore")
    assert top_of_key == "page"


def test_a_paper_is_still_there_after_another_page(page: Page, host: str) -> None:
    """While it is sat, with its clock, and after it is finished."""
    page.check("#_timed")
    page.tap("[type=submit]")
    ids = drawn(page)
    page.locator("#_question label").nth(1).tap()
    page.tap("#_next")
    page.goto(f"{host}/index.html")
    page.go_back()
    assert drawn(page) == ids
    assert page.inner_text("#_where") == "2 of 10"
    assert page.inner_text("#_clock").startswith("1")
    page.tap("#_finish")
    score = page.inner_text("#_score")
    page.reload()
    assert page.inner_text("#_score") == score
    assert "9 skipped" in page.inner_text("#_counts")
    page.tap("#_new")
    page.reload()
    assert page.is_visible("#_settings")


@pytest.mark.parametrize("value", ["{bad", "{}", "5", '["no-such-question"]', '[["no-such"], [null], 0, 0, false]'])
def test_what_others_stored_does_no_harm(page: Page, value: str) -> None:
    for name in ("missed", "paper", "plan-date"):
        page.evaluate("([name, value]) => localStorage.setItem(`csto:${name}`, value)", [name, value])
    page.reload()
    assert page.is_visible("#_settings")
    assert page.is_hidden("#_again")
    page.tap("[type=submit]")
    page.tap("#_finish")
    page.tap("#_new")
    assert page.is_visible("#_again")


def test_it_asks_before_it_ends_with_questions_left(page: Page) -> None:
    """Whoever does not want to finish is brought to the first question without an answer."""
    page.tap("[type=submit]")
    page.locator("#_question label").first.tap()
    page.evaluate("window.confirm = text => { window.asked = text; return false; }")
    page.tap("#_next")
    page.tap("#_next")
    page.tap("#_finish")
    assert page.evaluate("asked") == "9 questions have no answer. Finish all the same?"
    assert page.inner_text("#_where") == "2 of 10"


def test_a_choice_can_be_taken_back(page: Page) -> None:
    page.tap("[type=submit]")
    assert page.is_hidden("#_clear")
    page.locator("#_question label").nth(1).tap()
    page.tap("#_clear")
    assert page.inner_text("#_next") == "Skip"
    assert page.locator("#_question :checked").count() == 0


def test_it_works_from_a_file(chromium: Browser, site: Path) -> None:
    page = chromium.new_page()
    page.goto((site / "mock.html").as_uri())
    page.click("[type=submit]")
    page.evaluate("chosen = drawn.map(rightOption); finish()")
    assert page.inner_text("#_score") == "20.00 of 20 marks"
    page.goto((site / "plan.html").as_uri())
    assert page.inner_text("#_advice").startswith("The exam ")
    page.close()


def test_nothing_is_stored_outside_the_browser(page: Page) -> None:
    page.tap("[type=submit]")
    page.tap("#_finish")
    stored = page.evaluate("Object.keys(localStorage).sort()")
    assert stored == ["csto:missed", "csto:paper"]
    assert page.context.cookies() == []


# The plan


@pytest.fixture
def plan(page: Page, host: str) -> Page:
    page.goto(f"{host}/plan.html")
    return page


def done(page: Page) -> list[str]:
    return page.locator(".done").all_inner_texts()


def test_the_plan_says_when_each_level_is_done(plan: Page, taught: Deck) -> None:
    cards = {level: sum(len(fact.cards) for fact in taught.facts if level in fact.tags) for level in taught.priorities}
    assert plan.locator("tbody td:nth-child(2)").all_inner_texts() == [str(number) for number in cards.values()]
    plan.fill("#_daily", str(cards["core"]))
    assert done(plan)[0] == "28 November 2026"
    plan.fill("#_daily", str(cards["core"] - 1))
    assert done(plan)[0] == "29 November 2026"
    plan.fill("#_seen", str(cards["core"]))
    assert done(plan)[0] == "seen"
    assert plan.input_value("#_date") == "2027-05-23"
    assert plan.inner_text("#_advice").startswith("The exam is in 176 days. You will have seen all cards ")


@pytest.mark.parametrize(
    ("date", "daily", "advice"),
    [
        ("2026-12-28", 100, "The exam is in 30 days. You will have seen all cards 26 days before it."),
        (
            "2026-12-28",
            7,
            "The exam is in 30 days. You will have seen core two weeks before it. To see all cards by then, learn "
            "{all_in_16} a day.",
        ),
        (
            "2026-12-28",
            1,
            "The exam is in 30 days. To be done two weeks before it, learn {core_in_16} a day for core, or {all_in_16} "
            "a day for all cards.",
        ),
        (
            "2026-12-05",
            10,
            "The exam is in 7 days. To be done before it, learn {core_in_7} a day for core, or {all_in_7} a day for "
            "all cards.",
        ),
        (
            "2026-12-13",
            10,
            "The exam is in 15 days. You will have seen core before it. To see all cards by then, learn {all_in_14} a "
            "day.",
        ),
        ("2026-11-28", 10, "The exam has begun."),
        ("2026-11-01", 10, "The exam has begun."),
        ("", 10, "Give the day of the exam."),
    ],
)
def test_the_advice_fits_the_time_that_is_left(plan: Page, date: str, daily: int, advice: str, taught: Deck) -> None:
    every = sum(len(fact.cards) for fact in taught.facts)
    core = sum(len(fact.cards) for fact in taught.facts if "core" in fact.tags)
    needed = {f"all_in_{days}": -(-every // days) for days in (7, 14, 16)}
    needed |= {f"core_in_{days}": -(-core // days) for days in (7, 16)}
    plan.fill("#_daily", str(daily))
    plan.fill("#_date", date)
    assert plan.inner_text("#_advice") == advice.format(**needed)


def test_another_exam_has_another_date_and_all_is_kept(plan: Page) -> None:
    plan.select_option("#_exam", label="Mains 2027")
    assert plan.input_value("#_date") == "2027-08-20"
    plan.fill("#_daily", "7")
    plan.reload()
    assert (plan.input_value("#_date"), plan.input_value("#_daily")) == ("2027-08-20", "7")
    assert plan.evaluate("_exam.selectedOptions[0].text") == "Mains 2027"
    plan.fill("#_date", "2027-06-01")
    assert plan.evaluate("_exam.selectedOptions[0].text") == "another day"


def test_numbers_that_are_none_plan_nothing(plan: Page) -> None:
    for daily in ("", "0", "-3", "1.5"):
        plan.fill("#_daily", daily)
        assert done(plan) == ["", "", ""]
        assert plan.inner_text("#_advice") == "Give whole numbers."
