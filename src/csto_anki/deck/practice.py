"""Practice questions as UPSC prints them: its ways of asking, and the options of each.

UPSC is the Union Public Service Commission of India, which sets the exam. The lines and options are those of the
General Studies papers that it publishes. Most sets of options contain every possible answer, so that no option gives
the answer away. As in the papers, "which" of three statements has no option for fewer than two correct ones, and "how
many" of four has none for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from csto_anki.deck.model import Statement

# Number of statements -> option -> the numbers of the correct statements, or how many are correct.
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
    """The options, `(a) 1 only` and so on; none if UPSC has no such question with this number of statements."""
    return [f"({letter}) {label}" for letter, label in zip("abcd", _meanings(ask, statements), strict=False)]


def answer(ask: str, statements: Sequence[Statement]) -> str:
    """The correct option, or an empty text if there is none."""
    correct = {number for number, statement in enumerate(statements, start=1) if statement.correct}
    for option, meaning in zip(options(ask, statements), _meanings(ask, statements).values(), strict=True):
        if meaning in (correct, len(correct)):
            return option
    return ""


def _meanings(ask: str, statements: Sequence[Statement]) -> Mapping[str, Set[int] | int]:
    return ASKS[ask].options.get(len(statements), {})
