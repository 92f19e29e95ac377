"""Practice questions as UPSC prints them; alone knows its ways of asking and their options.

The lines and options are those of the General Studies papers that UPSC publishes. Most sets of options hold whatever
can be true, so that no option gives the answer away; as in the papers, "which" of three leaves out that less than two
are correct, and "how many" of four that none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from csto_anki.facts import Statement

# By the number of statements: each option with the numbers of the statements that are then correct, or their count.
Options = Mapping[int, Mapping[str, "Set[int] | int"]]

WHICH: Options = {
    2: {"1 only": {1}, "2 only": {2}, "Both 1 and 2": {1, 2}, "Neither 1 nor 2": set()},
    3: {"1 and 2 only": {1, 2}, "2 and 3 only": {2, 3}, "1 and 3 only": {1, 3}, "1, 2 and 3": {1, 2, 3}},
}
HOW_MANY: Options = {
    3: {"Only one": 1, "Only two": 2, "All three": 3, "None": 0},
    4: {"Only one": 1, "Only two": 2, "Only three": 3, "All four": 4},
}


class Ask(NamedTuple):
    """A way of asking: the line under the statements, and the options."""

    line: str
    options: Options


ASKS = {
    "which statements": Ask("Which of the statements given above is/are correct?", WHICH),
    "how many statements": Ask("How many of the statements given above are correct?", HOW_MANY),
    "which pairs": Ask("Which of the pairs given above is/are correctly matched?", WHICH),
    "how many pairs": Ask("How many of the pairs given above are correctly matched?", HOW_MANY),
}


def options(ask: str, statements: Sequence[Statement]) -> list[str]:
    """The options, `(a) 1 only` and so on; none where UPSC has no such question with so many statements."""
    return [f"({letter}) {label}" for letter, label in zip("abcd", _meanings(ask, statements), strict=False)]


def answer(ask: str, statements: Sequence[Statement]) -> str:
    """The option that is right, or an empty text where none is."""
    correct = {number for number, statement in enumerate(statements, start=1) if statement.correct}
    for option, meaning in zip(options(ask, statements), _meanings(ask, statements).values(), strict=True):
        if meaning in (correct, len(correct)):
            return option
    return ""


def _meanings(ask: str, statements: Sequence[Statement]) -> Mapping[str, Set[int] | int]:
    return ASKS[ask].options.get(len(statements), {})
