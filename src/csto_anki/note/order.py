"""The order in which learners meet the facts of a deck, if they have no card of it yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from csto_anki.deck.model import Deck, Fact

FIRST_PRACTICE = 20  # facts before the first practice question
PRACTICE_EVERY = 9  # facts between two practice questions, unless a priority has too many of them for that


def teaching_order(deck: Deck) -> list[Fact]:
    """All facts in the order of their first cards; retired ones, which new learners do not get, come last.

    The priorities come one after the other. Within each, the facts of the deck's `path` come first, in its order, and
    then the others by kind and place. Practice questions that are not on the path are spread evenly among the facts,
    each after those that it tests; one that names none comes after all facts of its priority.
    """
    places = {id: place for place, id in enumerate(deck.path)}
    ordered: list[Fact] = []
    for priority in [*deck.priorities, ""]:
        facts = [fact for fact in deck.facts if not fact.retired and _priority(deck, fact) == priority]
        facts.sort(key=lambda fact: places.get(fact.id, len(places)))
        ordered += _with_practice(ordered, facts, places.keys())
    return ordered + [fact for fact in deck.facts if fact.retired]


def _priority(deck: Deck, fact: Fact) -> str:
    return next((tag for tag in fact.tags if tag in deck.priorities), "")


def _with_practice(before: Iterable[Fact], facts: list[Fact], on_path: Iterable[str]) -> Iterator[Fact]:
    """The facts of a priority with its practice questions among them; `before` are the facts of earlier ones."""
    path = set(on_path)
    waiting = [fact for fact in facts if fact.statements and fact.id not in path]
    spread = [fact for fact in facts if not fact.statements or fact.id in path]
    taught = {fact.id for fact in before}
    start = 0 if taught else FIRST_PRACTICE
    interval = min(PRACTICE_EVERY, max(0, len(spread) - start) / max(1, len(waiting)))
    until_next = start or interval
    for fact in spread:
        yield fact
        taught.add(fact.id)
        until_next = interval if fact.statements else until_next - 1
        if until_next <= 0 and (question := _ready(waiting, taught)):
            waiting.remove(question)
            until_next += interval
            yield question
    yield from waiting


def _ready(waiting: Iterable[Fact], taught: set[str]) -> Fact | None:
    """The first practice question whose facts are all taught."""
    return next((fact for fact in waiting if fact.tests and taught.issuperset(fact.tests)), None)
