"""How a rule is registered, and what several modules of rules need.

A rule is a function from a deck to the problems in it. Its name with hyphens is its code, and its docstring is what
`check --explain` prints, so both are written for authors of cards.
"""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from csto_anki.deck.model import Deck, Fact
from csto_anki.deck.problem import Problem

MAX_INDEXED_PER_WORD = 100  # cards or facts in an index for one word; a word that more of them have says little

_Function = TypeVar("_Function", bound=Callable[..., Iterator[Problem]])


class Rule(NamedTuple):
    """A function that finds problems, with the severity of these and what the function needs."""

    function: Callable[..., Iterator[Problem]]
    severity: str
    language: str = ""  # it runs only on decks in this language; if empty, on all
    uses_today: bool = False

    @property
    def code(self) -> str:
        return self.function.__name__.replace("_", "-")

    @property
    def meaning(self) -> str:
        """Its docstring as one paragraph."""
        return " ".join((self.function.__doc__ or "").split())

    def problems(self, deck: Deck, today: datetime.date) -> Iterator[Problem]:
        """The problems that a rule on a deck finds on a day."""
        if self.language and self.language != deck.language:
            return iter(())
        return self.find(deck, today) if self.uses_today else self.find(deck)

    def find(self, *arguments: object) -> Iterator[Problem]:
        """The problems that the function finds, with the code and the severity of the rule."""
        return (replace(problem, code=self.code, severity=self.severity) for problem in self.function(*arguments))


# Filled by the decorator below, and complete as soon as `check` is imported, which imports every module of rules.
registered: list[Rule] = []
registered_for_updates: list[Rule] = []


def rule(
    severity: str, *, language: str = "", uses_today: bool = False, for_updates: bool = False
) -> Callable[[_Function], _Function]:
    """Register the function below it as a rule: it takes a deck, and the day as well if it `uses_today`.

    A rule `for_updates`, which is on what learners have, takes a deck, its contents and the record.
    """

    def register(function: _Function) -> _Function:
        rules = registered_for_updates if for_updates else registered
        rules.append(Rule(function, severity, language, uses_today))
        return function

    return register


def problem_at(fact: Fact, key: str, message: str, hint: str, other: str = "") -> Problem:
    """A problem at the value of a key of a fact; `other` is the id of the fact that it was compared with, if any."""
    return Problem(fact.places[key], fact.id, message, hint, other=other)


def rarity(bags: Iterable[frozenset[str]]) -> dict[str, int]:
    """The rank of each word among all words, the rarest first; equally rare words are in alphabetical order."""
    counts = Counter(itertools.chain.from_iterable(bags))
    return {word: rank for rank, word in enumerate(sorted(counts, key=lambda word: (counts[word], word)))}
