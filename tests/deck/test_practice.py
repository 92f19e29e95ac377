"""Practice questions: which options UPSC prints under which question, and the one that follows from the truth."""

from __future__ import annotations

import itertools

import pytest

from csto_anki.deck import practice
from csto_anki.deck.model import Statement


def statements(truths: str) -> list[Statement]:
    return [Statement("S", mark == "+", "W") for mark in truths]


@pytest.mark.parametrize(
    ("ask", "truths", "expected"),
    [
        ("which statements", "+-", ["(a) 1 only", "(b) 2 only", "(c) Both 1 and 2", "(d) Neither 1 nor 2"]),
        ("which pairs", "++", ["(a) 1 only", "(b) 2 only", "(c) Both 1 and 2", "(d) Neither 1 nor 2"]),
        ("which statements", "++-", ["(a) 1 and 2 only", "(b) 2 and 3 only", "(c) 1 and 3 only", "(d) 1, 2 and 3"]),
        ("how many statements", "---", ["(a) Only one", "(b) Only two", "(c) All three", "(d) None"]),
        ("how many pairs", "+---", ["(a) Only one", "(b) Only two", "(c) Only three", "(d) All four"]),
        ("how many pairs", "++", []),
        ("which statements", "++++", []),
    ],
)
def test_the_options(ask: str, truths: str, expected: list[str]) -> None:
    assert practice.options(ask, statements(truths)) == expected


@pytest.mark.parametrize(
    ("ask", "truths", "expected"),
    [
        ("which statements", "+-", "(a) 1 only"),
        ("which statements", "-+", "(b) 2 only"),
        ("which statements", "++", "(c) Both 1 and 2"),
        ("which pairs", "--", "(d) Neither 1 nor 2"),
        ("which statements", "++-", "(a) 1 and 2 only"),
        ("which statements", "-++", "(b) 2 and 3 only"),
        ("which statements", "+-+", "(c) 1 and 3 only"),
        ("which pairs", "+++", "(d) 1, 2 and 3"),
        ("which statements", "+--", ""),
        ("how many statements", "-+-", "(a) Only one"),
        ("how many statements", "+-+", "(b) Only two"),
        ("how many pairs", "+++", "(c) All three"),
        ("how many statements", "---", "(d) None"),
        ("how many pairs", "--+-", "(a) Only one"),
        ("how many pairs", "+++-", "(c) Only three"),
        ("how many statements", "++++", "(d) All four"),
        ("how many statements", "----", ""),
        ("how many statements", "+-", ""),
    ],
)
def test_the_answer_follows_from_the_truth(ask: str, truths: str, expected: str) -> None:
    assert practice.answer(ask, statements(truths)) == expected


@pytest.mark.parametrize("ask", practice.ASKS)
def test_no_two_options_are_right(ask: str) -> None:
    for count, options in practice.ASKS[ask].options.items():
        assert len(options) == 4
        answers = [
            practice.answer(ask, statements("".join(truths))) for truths in itertools.product("+-", repeat=count)
        ]
        assert {answer[4:] for answer in answers if answer} == set(options)  # each option is right at some time
