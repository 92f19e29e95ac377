"""Practice questions as UPSC prints them: its forms, the options of each, and the option that is right.

UPSC is the Union Public Service Commission of India, which sets the exam. Lines, options and numerals are those of its
General Studies papers of 2023 to 2026. The numbered forms have Arabic numerals, as in 2023, 2024 and 2026; lists of
names and the statements that explain each other have Roman ones, as in 2025. Most sets of options contain every
possible answer, so that no option gives the answer away. As in the papers, "which" of three statements has no option
for fewer than two correct ones, and "how many" of four has none for zero.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from csto_anki.deck.model import Date, Statement
from csto_anki.language.english import ENGLISH
from csto_anki.language.words import Words

COLUMN_MARK = " | "  # between the columns of a pair or row
LETTERS = "abcd"
ROMAN = ("I", "II", "III", "IV", "V", "VI")
# Number of statements -> for each option the numbers of the correct statements.
_SETS: Mapping[int, Sequence[Set[int]]] = {2: ({1}, {2}, {1, 2}, set()), 3: ({1, 2}, {2, 3}, {1, 3}, {1, 2, 3})}


class Option(NamedTuple):
    """An option of a question, without its letter."""

    label: str
    is_right: bool
    is_none: bool = False  # whether it says that no statement is correct


class Form(NamedTuple):
    """A form of question; the line below its statements is in the words of each language.

    `counts` says how many statements it can have. `options` makes the options from the statements, the id of the fact
    and the words of its language. `numerals` is what UPSC prints before the statements: "1", "I" or "Statement I"; or
    "(a)", if the statements are the options. `columns` says how many columns each statement can have.
    """

    counts: tuple[int, ...]
    options: Callable[[Sequence[Statement], str, Words], list[Option]]
    numerals: str = "1"
    columns: int = 0
    has_dates: bool = False  # each statement has a date, and no verdict
    has_explanations: bool = False  # the statements after the first can explain it
    has_sentences: bool = False  # the statements are sentences, and not names, pairs or events
    has_predicate: bool = False  # the line has a place for the question's `predicate`

    @property
    def has_own_options(self) -> bool:
        """Whether the statements are the options."""
        return self.numerals == "(a)"


class Fault(NamedTuple):
    """What is wrong with a question: the key in the entry, a message and a hint."""

    key: str
    message: str
    hint: str


def line(ask: str, predicate: str, words: Words = ENGLISH) -> str:
    """What is asked below the statements, with the question's `predicate`; empty if they are the options."""
    return words.practice.lines[ask].format(predicate)


def options(ask: str, statements: Sequence[Statement], id: str, words: Words = ENGLISH) -> list[Option]:
    """The options of a question, (a) first. They depend on nothing else, so a rebuild never changes them."""
    return FORMS[ask].options(statements, id, words)


def lettered(options: Iterable[Option]) -> list[str]:
    """The options as they are printed: `(a) 1 only` and so on."""
    return [f"({letter}) {option.label}" for letter, option in zip(LETTERS, options, strict=False)]


def answer(options: Sequence[Option]) -> str:
    """The right option with its letter, or an empty text if not exactly one is right."""
    right = [text for text, option in zip(lettered(options), options, strict=True) if option.is_right]
    return right[0] if len(right) == 1 else ""


def labels(ask: str, count: int, words: Words = ENGLISH) -> list[str]:
    """What is printed before each of the statements: `1.`, `I.`, `Statement I:` or `(a)`."""
    form = FORMS[ask]
    if form.has_own_options:
        return [f"({letter})" for letter in LETTERS[:count]]
    if form.numerals == "1":
        return [f"{number}." for number in range(1, count + 1)]
    if form.numerals == "I":
        return [f"{numeral}." for numeral in ROMAN[:count]]
    return [words.practice.statement.format(numeral) for numeral in ROMAN[:count]]


def headings(ask: str, statements: Sequence[Statement], words: Words = ENGLISH) -> list[str]:
    """What the back says of each statement before its reason: a verdict, the date of an event, or the option itself."""
    found = []
    own, end = words.practice, words.sentence_ends[0]
    for label, each in zip(labels(ask, len(statements), words), statements, strict=True):
        heading = own.correct if each.correct else own.not_correct
        if each.date:
            heading = words.date_in_words(each.date) + end
        elif FORMS[ask].has_own_options:
            heading = f"{label} {each.text}" + ("" if each.text.endswith((".", "!", "?", end)) else end)
        elif each.explains is not None:
            heading += f" {own.explains if each.explains else own.does_not_explain}"
        found.append(heading)
    return found


def cells(text: str) -> list[str]:
    """The columns of a pair or row."""
    return text.split(COLUMN_MARK)


def faults(
    ask: str, statements: Sequence[Statement], columns: Sequence[str], predicate: str, id: str
) -> Iterator[Fault]:
    """Everything that is wrong with a question; without any, exactly one of its options is right."""
    form = FORMS[ask]
    if len(statements) not in form.counts:
        hint = f"give {_listed(list(map(str, form.counts)), '{} or {}')} of them"
        yield Fault("statements", f"the number of statements, {len(statements)}, does not fit {ask!r}", hint)
        return
    if form.has_predicate != bool(predicate):
        message = f"{ask!r} {'needs' if form.has_predicate else 'has no place for'} a `predicate`"
        hint = "end the line with it, such as: are members of the CSTO" if form.has_predicate else "remove it"
        yield Fault("predicate" if predicate else "ask", message, hint)
    elif predicate.endswith(("?", ".", ":")):
        yield Fault("predicate", "a `predicate` that ends in a mark", "remove the mark; a question mark is added")
    found = [*_column_faults(ask, statements, columns), *_value_faults(ask, statements)]
    yield from found
    if not found and not answer(options(ask, statements, id)):
        count = sum(bool(each.correct) for each in statements)
        if form.has_own_options:
            message, hint = f"{count} of the options are right", "give `correct: true` to exactly one"
        else:
            message = f"{count} of {len(statements)} are correct, and no option of {ask!r} says exactly this"
            other = ask.replace("which", "how many")
            hint = f"change the statements{f', or write `ask: {other}`' if other != ask else ''}"
        yield Fault("statements", message, hint)


def _column_faults(ask: str, statements: Sequence[Statement], columns: Sequence[str]) -> Iterator[Fault]:
    wanted = FORMS[ask].columns
    if columns and len(columns) != wanted:
        hint = f"give {wanted} heads" if wanted else "remove them"
        yield Fault("columns", f"the number of columns, {len(columns)}, does not fit {ask!r}", hint)
    elif wanted > 2 and not columns:
        yield Fault("ask", f"{ask!r} without the key 'columns'", f"give the {wanted} heads of its columns")
    elif wanted:
        for number, statement in enumerate(statements):
            if fault := _row_fault(cells(statement.text), columns):
                yield Fault(f"statements.{number}.text", *fault)


def _row_fault(texts: Sequence[str], columns: Sequence[str]) -> tuple[str, str] | None:
    """The message and hint if the texts of a row do not fit the heads; pairs need no heads."""
    if not columns and len(texts) > 1:
        return "columns without heads", "give the heads in `columns`, or write a colon between the two"
    if columns and len(texts) != len(columns):
        message = f"the number of columns, {len(texts)}, is not that of the heads, {len(columns)}"
        return message, "write one text for each head, and a bar with a space on each side between them"
    if columns and not all(text.strip() and "|" not in text for text in texts):
        return "an empty column", "write a text, or remove a bar"
    return None


def _value_faults(ask: str, statements: Sequence[Statement]) -> Iterator[Fault]:
    """Missing and superfluous values of the statements."""
    form = FORMS[ask]
    for number, each in enumerate(statements):
        explains = form.has_explanations and number > 0 and bool(statements[0].correct) and bool(each.correct)
        wanted = {"date": form.has_dates, "correct": not form.has_dates, "explains": explains}
        for key, is_wanted in wanted.items():
            is_given = getattr(each, key) is not None
            if is_wanted and not is_given:
                yield Fault(f"statements.{number}", f"a statement without {key!r}", f"{ask!r} needs it: add it")
            elif is_given and not is_wanted:
                hint = "only a correct statement can explain a correct first one" if form.has_explanations else ""
                yield Fault(f"statements.{number}.{key}", f"{key!r} has no meaning here", hint or "remove it")
    if form.has_dates and all(each.date for each in statements):
        yield from _date_faults(statements)


def _date_faults(statements: Sequence[Statement]) -> Iterator[Fault]:
    """Dates of which nobody can say which is earlier, because they are the same or one is less precise."""
    for (_, first), (second, other) in itertools.pairwise(
        sorted(enumerate(statements), key=lambda each: _date(each[1]))
    ):
        shorter = min(sum(map(bool, _date(each))) for each in (first, other))
        if _date(first)[:shorter] == _date(other)[:shorter]:
            message = f"{other.date} is neither before nor after {first.date}"
            yield Fault(f"statements.{second}.date", message, "give more exact dates, or take another event")


def _date(statement: Statement) -> Date:
    return statement.date or Date(0)


def _correct(statements: Sequence[Statement]) -> set[int]:
    """The numbers of the correct statements."""
    return {number for number, statement in enumerate(statements, start=1) if statement.correct}


def _which(statements: Sequence[Statement], _id: str, words: Words) -> list[Option]:
    correct, count = _correct(statements), len(statements)
    return [
        Option(_set(sorted(numbers), count, words), numbers == correct, is_none=not numbers) for numbers in _SETS[count]
    ]


def _set(numbers: Sequence[int], count: int, words: Words) -> str:
    """`1 only`, `Both 1 and 2`, `1, 2 and 3`, or `Neither 1 nor 2`, of `count` statements."""
    own = words.practice
    if not numbers:
        return own.neither.format(*range(1, count + 1))
    if len(numbers) < count:
        return own.only.format(_listed(list(map(str, numbers)), own.listed))
    return own.both.format(*numbers) if count == 2 else _listed(list(map(str, numbers)), own.listed)


def _how_many(statements: Sequence[Statement], _id: str, words: Words) -> list[Option]:
    """The four highest numbers; of three statements also none. Of five or six names UPSC says "All the five"."""
    own, count, correct = words.practice, len(statements), len(_correct(statements))
    numbers = [1, 2, 3, 0] if count == 3 else range(count - 3, count + 1)
    every = own.all_the_count if count > 4 else own.all_count
    labels = {0: own.no_count, count: every.format(own.counts[count])}
    return [
        Option(labels.get(number, own.only_count.format(own.counts[number])), number == correct, is_none=not number)
        for number in numbers
    ]


def _which_names(statements: Sequence[Statement], id: str, words: Words) -> list[Option]:
    """The right set of names and three others of about its size, in the order of their numerals."""
    right, every = tuple(sorted(_correct(statements))), range(1, len(statements) + 1)
    sizes = [size for size in every if right and abs(size - len(right)) <= 1]
    others = [each for size in sizes for each in itertools.combinations(every, size) if each != right]
    chosen = sorted([right, *_drawn(others, id)]) if right else []
    return [Option(_set_of_names(each, len(every), words), each == right) for each in chosen]


def _set_of_names(numbers: Sequence[int], count: int, words: Words) -> str:
    """`I only`, `I and II only`, `I, II and V only`, or all without "only"."""
    names = _listed([ROMAN[number - 1] for number in numbers], words.practice.listed)
    return words.practice.only.format(names) if len(numbers) < count else names


def _listed(texts: Sequence[str], pattern: str) -> str:
    """`I`, `I and II` or `I, II and V`, if the pattern is "{} and {}"."""
    return pattern.format(", ".join(texts[:-1]), texts[-1]) if len(texts) > 1 else texts[0]


def _explanations(statements: Sequence[Statement], _id: str, words: Words) -> list[Option]:
    first, *others = statements
    correct, explaining = sum(bool(each.correct) for each in others), sum(bool(each.explains) for each in others)
    found = (bool(first.correct), correct, explaining)
    if len(others) == 1:
        labels = words.practice.explanations_of_two
        meanings = [(True, 1, 1), (True, 1, 0), (True, 0, 0), (False, 1, 0)]
    else:
        labels = words.practice.explanations_of_three
        meanings = [(True, 2, 2), (True, 2, 1), (True, 1, 1), (True, 0, 0)]
    is_none = len(others) > 1  # if the last option is right
    return [
        Option(label, meaning == found, is_none and label == labels[-1])
        for label, meaning in zip(labels, meanings, strict=True)
    ]


def _own_options(statements: Sequence[Statement], _id: str, _words: Words) -> list[Option]:
    return [Option(each.text, bool(each.correct)) for each in statements]


def _orders(statements: Sequence[Statement], id: str, _words: Words) -> list[Option]:
    """The right order and three others that begin or end like it, in the order of their numerals."""
    numbers = range(1, len(statements) + 1)
    right = tuple(sorted(numbers, key=lambda number: _date(statements[number - 1])))
    others = [
        each
        for each in itertools.permutations(numbers)
        if each != right and (each[0] == right[0] or each[-1] == right[-1])
    ]
    return [Option(" – ".join(map(str, each)), each == right) for each in sorted([right, *_drawn(others, id)])]


def _drawn(candidates: Iterable[tuple[int, ...]], id: str) -> list[tuple[int, ...]]:
    """Three candidates, drawn by the id: without a pattern that a learner could see, but always the same."""
    return sorted(candidates, key=lambda each: (zlib.crc32(f"{id} {each}".encode()), each))[:3]


FORMS = {
    "which statements": Form((2, 3), _which, has_sentences=True),
    "how many statements": Form((3, 4), _how_many, has_sentences=True),
    "which pairs": Form((2, 3), _which, columns=2),
    "how many pairs": Form((3, 4), _how_many, columns=2),
    "how many rows": Form((3, 4), _how_many, columns=3),
    "which names": Form((5, 6), _which_names, "I", has_predicate=True),
    "how many names": Form((4, 5, 6), _how_many, "I", has_predicate=True),
    "explanation": Form((2, 3), _explanations, "Statement I", has_explanations=True, has_sentences=True),
    "which one": Form((4,), _own_options, "(a)"),
    "order": Form((4,), _orders, has_dates=True),
}
