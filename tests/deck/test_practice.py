"""Practice questions: which options UPSC prints under which question, the one that is right, and what a form needs."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest

from csto_anki.deck import practice
from csto_anki.deck.model import Date, Statement

ONE_RIGHT = "give `correct: true` to exactly one"
EXPLAINS = "only a correct statement can explain a correct first one"
PREDICATE = "end the line with it, such as: are members of the CSTO"
HEADS = "give the 3 heads of its columns"


def statements(truths: str) -> list[Statement]:
    return [Statement("S", mark == "+", "W") for mark in truths]


def explaining(truths: str) -> list[Statement]:
    """Statements that are wrong (-), correct (+), or correct and explain the first (e)."""
    first, others = truths[0], truths[1:]
    return [Statement("S", first == "+", "W"), *(Statement("S", each != "-", "W", each == "e") for each in others)]


def events(*dates: Date) -> list[Statement]:
    return [Statement("S", None, "W", date=date) for date in dates]


def printed(ask: str, given: list[Statement], id: str = "id") -> list[str]:
    return practice.lettered(practice.options(ask, given, id))


def right(ask: str, given: list[Statement], id: str = "id") -> str:
    return practice.answer(practice.options(ask, given, id))


@pytest.mark.parametrize(
    ("ask", "truths", "expected"),
    [
        ("which statements", "+-", ["(a) 1 only", "(b) 2 only", "(c) Both 1 and 2", "(d) Neither 1 nor 2"]),
        ("which pairs", "++", ["(a) 1 only", "(b) 2 only", "(c) Both 1 and 2", "(d) Neither 1 nor 2"]),
        ("which statements", "++-", ["(a) 1 and 2 only", "(b) 2 and 3 only", "(c) 1 and 3 only", "(d) 1, 2 and 3"]),
        ("how many statements", "---", ["(a) Only one", "(b) Only two", "(c) All three", "(d) None"]),
        ("how many pairs", "+---", ["(a) Only one", "(b) Only two", "(c) Only three", "(d) All four"]),
        ("how many rows", "++-", ["(a) Only one", "(b) Only two", "(c) All three", "(d) None"]),
        ("how many names", "++--+", ["(a) Only two", "(b) Only three", "(c) Only four", "(d) All the five"]),
        ("how many names", "++--+-", ["(a) Only three", "(b) Only four", "(c) Only five", "(d) All the six"]),
        (
            "which names",
            "++--+",
            ["(a) I, II and V only", "(b) II, III, IV and V only", "(c) III, IV and V only", "(d) IV and V only"],
        ),
    ],
)
def test_the_options(ask: str, truths: str, expected: list[str]) -> None:
    assert printed(ask, statements(truths)) == expected


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
        ("how many rows", "+-+", "(b) Only two"),
        ("how many names", "++--+", "(b) Only three"),
        ("how many names", "+++++", "(d) All the five"),
        ("how many names", "+----", ""),
        ("how many names", "++++--", "(b) Only four"),
        ("which names", "++--+", "(a) I, II and V only"),
        ("which names", "+++++", "(a) I, II, III, IV and V"),
        ("which names", "-----", ""),
        ("which one", "--+-", "(c) S"),
        ("which one", "+-+-", ""),
    ],
)
def test_the_answer_follows_from_the_truth(ask: str, truths: str, expected: str) -> None:
    assert right(ask, statements(truths)) == expected


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        ("+e", "(a) Both Statement I and Statement II are correct and Statement II explains Statement I"),
        ("++", "(b) Both Statement I and Statement II are correct, but Statement II does not explain Statement I"),
        ("+-", "(c) Statement I is correct, but Statement II is incorrect"),
        ("-+", "(d) Statement I is incorrect, but Statement II is correct"),
        ("--", ""),
        ("+ee", "(a) Both Statement II and Statement III are correct and both of them explain Statement I"),
        ("++e", "(b) Both Statement II and Statement III are correct, but only one of them explains Statement I"),
        ("+-e", "(c) Only one of the Statements II and III is correct and that explains Statement I"),
        ("+--", "(d) Neither Statement II nor Statement III is correct"),
        ("+++", ""),
        ("+-+", ""),
        ("-++", ""),
    ],
)
def test_statements_that_explain_each_other(truths: str, expected: str) -> None:
    assert right("explanation", explaining(truths)) == expected


@pytest.mark.parametrize("ask", ["which statements", "how many statements", "how many names", "how many rows"])
def test_no_two_options_are_right(ask: str) -> None:
    for count in practice.FORMS[ask].counts:
        given = [statements("".join(truths)) for truths in itertools.product("+-", repeat=count)]
        assert all(sum(option.is_right for option in practice.options(ask, each, "id")) <= 1 for each in given)
        found = {right(ask, each) for each in given} - {""}
        assert found == set(printed(ask, given[0]))  # each option is right at some time
        assert len(found) == 4


def test_the_order_of_events() -> None:
    given = events(Date(2002, 10, 7), Date(1992, 5, 15), Date(2012, 12), Date(1999))
    assert printed("order", given, "p") == [
        "(a) 1 – 4 – 2 – 3",
        "(b) 2 – 3 – 4 – 1",
        "(c) 2 – 4 – 1 – 3",
        "(d) 4 – 1 – 2 – 3",
    ]
    assert right("order", given, "p") == "(c) 2 – 4 – 1 – 3"


def test_drawn_options_are_four_different_ones_of_which_one_is_right() -> None:
    """They are drawn by the id, and any letter can be right."""
    letters: Counter[str] = Counter()
    for number in range(400):
        id = f"practice-{number}"
        for ask, given in (("which names", statements("+-++-")), ("order", GOOD["order"])):
            options = practice.options(ask, given, id)
            assert len({option.label for option in options}) == 4
            assert [option.is_right for option in options].count(True) == 1
        letters[right("which names", statements("+-++-"), id)[:3]] += 1
    assert set(letters) == {"(a)", "(b)", "(c)", "(d)"}


GOOD = {
    "which statements": statements("+-"),
    "how many rows": [Statement(f"{number} | b | c", True, "W") for number in range(3)],
    "how many names": statements("++--+"),
    "explanation": explaining("+e"),
    "which one": statements("--+-"),
    "order": events(Date(2002, 10, 7), Date(1992, 5, 15), Date(2012, 12), Date(1999)),
}


def faults(
    ask: str, given: list[Statement], columns: tuple[str, ...] = (), predicate: str = ""
) -> list[tuple[str, str, str]]:
    return [(fault.key, fault.message, fault.hint) for fault in practice.faults(ask, given, columns, predicate, "id")]


def test_what_each_form_needs() -> None:
    assert faults("which statements", GOOD["which statements"]) == []
    assert faults("how many rows", GOOD["how many rows"], ("A", "B", "C")) == []
    assert faults("how many names", GOOD["how many names"], predicate="are members") == []
    assert faults("explanation", GOOD["explanation"]) == []
    assert faults("which one", GOOD["which one"]) == []
    assert faults("order", GOOD["order"]) == []


@pytest.mark.parametrize(
    ("ask", "given", "more", "expected"),
    [
        (
            "which statements",
            statements("+"),
            {},
            ("statements", "the number of statements, 1, does not fit 'which statements'", "give 2 or 3 of them"),
        ),
        (
            "order",
            GOOD["order"][:3],
            {},
            ("statements", "the number of statements, 3, does not fit 'order'", "give 4 of them"),
        ),
        (
            "which names",
            statements("+" * 7),
            {"predicate": "are members"},
            ("statements", "the number of statements, 7, does not fit 'which names'", "give 5 or 6 of them"),
        ),
        ("which one", statements("----"), {}, ("statements", "0 of the options are right", ONE_RIGHT)),
        ("which one", statements("+--+"), {}, ("statements", "2 of the options are right", ONE_RIGHT)),
        (
            "which statements",
            statements("+--"),
            {},
            (
                "statements",
                "1 of 3 are correct, and no option of 'which statements' says exactly this",
                "change the statements, or write `ask: how many statements`",
            ),
        ),
        (
            "how many names",
            statements("+----"),
            {"predicate": "are members"},
            (
                "statements",
                "1 of 5 are correct, and no option of 'how many names' says exactly this",
                "change the statements",
            ),
        ),
        ("explanation", explaining("-ee"), {}, ("statements.1.explains", "'explains' has no meaning here", EXPLAINS)),
        (
            "explanation",
            statements("++"),
            {},
            ("statements.1", "a statement without 'explains'", "'explanation' needs it: add it"),
        ),
        (
            "which statements",
            [Statement("S", None, "W"), Statement("S", True, "W")],
            {},
            ("statements.0", "a statement without 'correct'", "'which statements' needs it: add it"),
        ),
        (
            "which statements",
            explaining("+e"),
            {},
            ("statements.1.explains", "'explains' has no meaning here", "remove it"),
        ),
        (
            "order",
            [Statement("S", True, "W", date=Date(1991)), *GOOD["order"][1:]],
            {},
            ("statements.0.correct", "'correct' has no meaning here", "remove it"),
        ),
        (
            "order",
            [Statement("S", None, "W"), *GOOD["order"][1:]],
            {},
            ("statements.0", "a statement without 'date'", "'order' needs it: add it"),
        ),
        ("how many names", statements("++--+"), {}, ("ask", "'how many names' needs a `predicate`", PREDICATE)),
        (
            "how many pairs",
            statements("+++"),
            {"predicate": "are members"},
            ("predicate", "'how many pairs' has no place for a `predicate`", "remove it"),
        ),
        ("how many rows", GOOD["how many rows"], {}, ("ask", "'how many rows' without the key 'columns'", HEADS)),
        (
            "how many rows",
            GOOD["how many rows"],
            {"columns": ("A", "B")},
            ("columns", "the number of columns, 2, does not fit 'how many rows'", "give 3 heads"),
        ),
        (
            "how many statements",
            statements("+++"),
            {"columns": ("A", "B")},
            ("columns", "the number of columns, 2, does not fit 'how many statements'", "remove them"),
        ),
    ],
)
def test_each_fault_says_where_what_and_what_to_do(
    ask: str, given: list[Statement], more: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in faults(ask, given, **more)


def test_columns_without_heads() -> None:
    pairs = [Statement("a: b", True, "W"), Statement("a | b", True, "W")]
    assert faults("which pairs", pairs) == [
        (
            "statements.1.text",
            "columns without heads",
            "give the heads in `columns`, or write a colon between the two",
        )
    ]
    assert faults("which pairs", pairs[:1] * 2) == []


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        (
            "a | b",
            "the number of columns, 2, is not that of the heads, 3",
            "write one text for each head, and a bar with a space on each side between them",
        ),
        ("a |  | c", "an empty column", "write a text, or remove a bar"),
        ("a | b | | c", "an empty column", "write a text, or remove a bar"),
    ],
)
def test_a_row_that_does_not_fit_its_heads(row: str, message: str, hint: str) -> None:
    rows = [*GOOD["how many rows"][:2], Statement(row, True, "W")]
    assert faults("how many rows", rows, ("A", "B", "C")) == [("statements.2.text", message, hint)]


@pytest.mark.parametrize("columns", [(), ("A", "B")])
def test_a_fault_of_the_heads_is_reported_once(columns: tuple[str, ...]) -> None:
    assert len(faults("how many rows", GOOD["how many rows"], columns)) == 1


@pytest.mark.parametrize("mark", ["?", ".", ":"])
def test_a_predicate_has_no_mark_at_its_end(mark: str) -> None:
    assert faults("how many names", GOOD["how many names"], predicate=f"are members{mark}") == [
        ("predicate", "a `predicate` that ends in a mark", "remove the mark; a question mark is added")
    ]


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (Date(2002, 10, 7), Date(2002, 10, 7), "7 October 2002 is neither before nor after 7 October 2002"),
        (Date(2002), Date(2002, 10), "October 2002 is neither before nor after 2002"),
        (Date(2002, 10), Date(2002, 10, 7), "7 October 2002 is neither before nor after October 2002"),
    ],
)
def test_events_that_nobody_can_order(one: Date, other: Date, message: str) -> None:
    given = events(one, Date(1992), other, Date(2012))
    assert faults("order", given) == [("statements.2.date", message, "give more exact dates, or take another event")]
    assert faults("order", events(one, Date(1992), Date(2003), Date(2012))) == []


def test_what_is_printed_before_each_statement() -> None:
    assert practice.labels("which statements", 2) == ["1.", "2."]
    assert practice.labels("which names", 5) == ["I.", "II.", "III.", "IV.", "V."]
    assert practice.labels("explanation", 3) == ["Statement I:", "Statement II:", "Statement III:"]
    assert practice.labels("which one", 4) == ["(a)", "(b)", "(c)", "(d)"]


def test_what_the_back_says_before_each_reason() -> None:
    assert practice.headings("which statements", statements("+-")) == ["Correct.", "Not correct."]
    assert practice.headings("explanation", explaining("++e")) == [
        "Correct.",
        "Correct. It does not explain Statement I.",
        "Correct. It explains Statement I.",
    ]
    assert practice.headings("which one", [Statement("Stop!", True), *statements("---")])[:1] == ["(a) Stop!"]
    assert practice.headings("which one", [Statement("Moscow.", True), *statements("---")])[:2] == [
        "(a) Moscow.",
        "(b) S.",
    ]
    assert practice.headings("order", GOOD["order"]) == ["7 October 2002.", "15 May 1992.", "December 2012.", "1999."]
