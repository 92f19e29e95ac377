"""Dates and numbers in words, and what the Commission prints in practice questions, language by language."""

from __future__ import annotations

import pytest

from csto_anki.deck import practice
from csto_anki.deck.model import Date, Statement
from csto_anki.language.english import ENGLISH
from csto_anki.language.hindi import HINDI
from csto_anki.language.words import Words

BENGALI_DIGITS = HINDI._replace(digits="০১২৩৪৫৬৭৮৯")


@pytest.mark.parametrize(
    ("words", "date", "expected"),
    [
        (ENGLISH, Date(1992, 5, 15), "15 May 1992"),
        (ENGLISH, Date(2020, 10), "October 2020"),
        (ENGLISH, Date(2018), "2018"),
        (HINDI, Date(1992, 5, 15), "15 मई 1992"),
        (HINDI, Date(2020, 10), "अक्टूबर 2020"),
        (HINDI, Date(2018), "2018"),
        (BENGALI_DIGITS, Date(1992, 5, 15), "১৫ মই ১৯৯২".replace("মই", "मई")),
        (HINDI._replace(date="{year}. {month} {day}"), Date(1992, 5, 15), "1992. मई 15"),
    ],
)
def test_a_date_in_words(words: Words, date: Date, expected: str) -> None:
    assert words.date_in_words(date) == expected


def statements(truths: str) -> list[Statement]:
    return [Statement(f"कथन {number}", truth == "+", "क्योंकि") for number, truth in enumerate(truths)]


@pytest.mark.parametrize(
    ("ask", "truths", "line", "expected"),
    [
        (
            "which statements",
            "+-",
            "उपर्युक्त कथनों में से कौन-सा/कौन-से सही है/हैं?",
            ["(a) केवल 1", "(b) केवल 2", "(c) 1 और 2 दोनों", "(d) न तो 1 और न ही 2"],
        ),
        (
            "which statements",
            "++-",
            "उपर्युक्त कथनों में से कौन-सा/कौन-से सही है/हैं?",
            ["(a) केवल 1 और 2", "(b) केवल 2 और 3", "(c) केवल 1 और 3", "(d) 1, 2 और 3"],
        ),
        (
            "how many statements",
            "+--",
            "उपर्युक्त कथनों में से कितने सही हैं?",
            ["(a) केवल एक", "(b) केवल दो", "(c) सभी तीन", "(d) कोई भी नहीं"],
        ),
        (
            "how many pairs",
            "+---",
            "उपर्युक्त युग्मों में से कितने सही सुमेलित हैं?",
            ["(a) केवल एक", "(b) केवल दो", "(c) केवल तीन", "(d) सभी चार"],
        ),
        (
            "how many names",
            "+++++",
            "उपर्युक्त में से कितने CSTO के सदस्य हैं?",
            ["(a) केवल दो", "(b) केवल तीन", "(c) केवल चार", "(d) सभी पाँच"],
        ),
    ],
)
def test_a_question_in_hindi(ask: str, truths: str, line: str, expected: list[str]) -> None:
    predicate = "CSTO के सदस्य हैं" if practice.FORMS[ask].has_predicate else ""
    assert practice.line(ask, predicate, HINDI) == line
    assert practice.lettered(practice.options(ask, statements(truths), "id", HINDI)) == expected


def test_statements_that_explain_each_other_in_hindi() -> None:
    given = [Statement("A", True, "क"), Statement("B", True, "ख", explains=False)]
    assert practice.labels("explanation", 2, HINDI) == ["कथन I:", "कथन II:"]
    assert practice.headings("explanation", given, HINDI) == ["सही।", "सही। यह कथन I की व्याख्या नहीं करता है।"]
    assert practice.answer(practice.options("explanation", given, "id", HINDI)) == (
        "(b) कथन I और कथन II दोनों सही हैं किन्तु कथन II, कथन I की व्याख्या नहीं करता है"
    )


@pytest.mark.parametrize("ask", practice.FORMS)
def test_the_right_letter_is_the_same_in_every_language(ask: str) -> None:
    form = practice.FORMS[ask]
    given = [
        Statement(f"S{n}", None if form.has_dates else n == 0, "W", date=Date(2000 - n) if form.has_dates else None)
        for n in range(form.counts[-1])
    ]
    english, hindi = (practice.options(ask, given, "id", words) for words in (ENGLISH, HINDI))
    assert [(each.is_right, each.is_none) for each in english] == [(each.is_right, each.is_none) for each in hindi]


def test_the_end_of_a_sentence_is_that_of_the_language() -> None:
    own = [Statement("दिल्ली", True, "क"), *statements("---")]
    assert practice.headings("which one", own, HINDI)[0] == "(a) दिल्ली।"
    assert HINDI.conjunction == " और "
