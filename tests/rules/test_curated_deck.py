"""What docs/writing-cards.md promises of the deck in `cards`, as far as it can be counted."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from csto_anki.deck.model import Date, Deck, Fact
from csto_anki.deck.practice import FORMS

FOUNDING_DAYS = {"15 May 1992", "14 May 2002", "7 October 2002"}
OLD_FORMS = {"which statements", "how many statements", "which pairs", "how many pairs"}
# Words of people who looked something up; a learner needs what is known, and what to look up.
DIARY = re.compile(
    r"\b(?:exam page|pages? read|last count read|a report (?:dates|prints)|(?:was|were|is) not (?:found|seen|confirmed)"
    r"|could not be confirmed|no (?:page|source|report) (?:read|shows|says|was)|by one (?:page|report)"
    r"|(?:one|two|some|many) (?:web)?pages? (?:give|list|print|say))",
    re.IGNORECASE,
)
CYRILLIC = re.compile("[\u0400-\u04ff]")
# The fronts that ask for a relation: why, how two things differ, what follows, what is for or against, which one it is.
RELATION = re.compile(
    r"(?:Why|Give|Compare|Name|For which|On what condition)\b"
    r"|Which (?:formal reason|two answers|rule|obligation)\b"
    r"|Which .* (?:be cited|suggest|speak (?:for|against)|support the view|are read as|still tie|made"
    r"|block|settled outside)\b"
    r"|What (?:kind|reasons?|lay behind|limits|still ties|would|(?:is|are) the (?:arguments?|advantage)|is meant)\b"
    r"|What does .* mean\b|How (?:should|far)\b"
    r"|How (?:do|does|did|has)\b.*\b(?:differ|divide|explain|unlike|answer|follow|further|settle|react|respond)\b"
    r"|(?:(?:In|By|With|At) )?[Ww]hich (?:\w+ ){0,2}?(?:one|organisation|alliance|operation|exercise|body|force"
    r"|union|programme|treaty|conference|policy|forum|format|protocol)\b"
)


@pytest.fixture(scope="module")
def facts(taught: Deck) -> list[Fact]:
    return [*taught.facts]


@pytest.fixture(scope="module")
def core(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if "core" in fact.tags]


@pytest.fixture(scope="module")
def practice(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.statements]


def texts(fact: Fact) -> str:
    """All words of a fact that a learner can read."""
    reasons = [each.why for each in fact.statements]
    cards = itertools.chain.from_iterable((card.question, card.answer) for card in fact.cards)
    return "\n".join([fact.about, *cards, fact.detail, fact.mnemonic, *reasons])


def test_it_is_small_enough_to_be_learned(facts: list[Fact], taught: Deck) -> None:
    assert 330 <= len(facts) <= 380
    assert {fact.kind for fact in facts} == set(taught.kinds)


def test_the_core_is_what_most_questions_turn_on(core: list[Fact]) -> None:
    assert 85 <= sum(len(fact.cards) for fact in core) <= 100
    assert 8 <= sum(bool(fact.statements) for fact in core) <= 12
    assert len([fact for fact in core if "India" in texts(fact)]) >= 8


def test_exact_days_are_rare(facts: list[Fact], core: list[Fact]) -> None:
    days = {fact.id: str(fact.answer) for fact in facts if isinstance(fact.answer, Date) and fact.answer.day}
    assert len(days) <= 15
    assert {days[fact.id] for fact in core if fact.id in days} == FOUNDING_DAYS


def test_a_trap_is_a_real_confusion(facts: list[Fact]) -> None:
    assert sum("trap" in fact.tags for fact in facts) <= 50


def test_a_quarter_of_the_fronts_asks_for_a_relation(facts: list[Fact]) -> None:
    asked = [fact for fact in facts if fact.ask == "explanation" or RELATION.match(fact.question)]
    assert len(asked) >= len(facts) / 4


def test_no_text_is_a_diary(facts: list[Fact]) -> None:
    assert {fact.id: found[0] for fact in facts if (found := DIARY.search(texts(fact)))} == {}


@pytest.mark.parametrize(
    "text", ["No page read confirms it.", "An exam page of 2020 gives 29.", "Its term was not found."]
)
def test_a_diary_is_found(text: str) -> None:
    assert DIARY.search(text)


def test_russian_letters_are_in_details_only(facts: list[Fact]) -> None:
    fronts_and_backs = {fact.id: [(card.question, card.answer) for card in fact.cards] for fact in facts}
    assert [id for id, cards in fronts_and_backs.items() if CYRILLIC.search(str(cards))] == []


def test_arguments_are_claims_with_their_evidence(facts: list[Fact]) -> None:
    arguments = [fact for fact in facts if fact.kind == "arguments"]
    assert len([fact for fact in arguments if "\n" in str(fact.answer)]) >= 20
    assert len([fact for fact in arguments if fact.about == "Outline of an answer"]) >= 5
    assert len([fact for fact in arguments if fact.about == "Counter-argument"]) >= 5


def test_practice_is_the_last_kind(practice: list[Fact], facts: list[Fact]) -> None:
    assert practice == [fact for fact in facts if fact.kind == "practice"] == facts[-len(practice) :]
    assert 60 <= len(practice) <= 75


def test_practice_has_all_forms_and_letters(practice: list[Fact]) -> None:
    asked = Counter(fact.ask for fact in practice)
    assert {ask for ask in FORMS if asked[ask] < 2} == set()
    assert sum(number for ask, number in asked.items() if ask not in OLD_FORMS) >= 0.4 * len(practice)
    letters = Counter(str(fact.answer)[:3] for fact in practice)
    assert set(letters) == {"(a)", "(b)", "(c)", "(d)"}
    assert max(letters.values()) <= 0.3 * len(practice)
    one_of_four = [fact.question for fact in practice if fact.ask == "which one"]
    assert sum(" not " in question for question in one_of_four) >= 2
    assert sum(" not " not in question for question in one_of_four) >= 2
    explained = [len(fact.statements) for fact in practice if fact.ask == "explanation"]
    assert (explained.count(2) >= 2, explained.count(3) >= 2) == (True, True)
    headed = [fact.ask for fact in practice if len(fact.columns) == 2]
    assert {"which pairs", "how many pairs"} <= {*headed}
