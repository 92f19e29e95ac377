"""The order in which learners meet the facts of a deck, if they have no card of it yet."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence, Set

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
    by_priority: dict[str, list[Fact]] = {priority: [] for priority in (*deck.priorities, "")}
    for fact in deck.facts:
        if not fact.retired:
            by_priority[next((tag for tag in fact.tags if tag in deck.priorities), "")].append(fact)
    ordered: list[Fact] = []
    for facts in by_priority.values():
        facts.sort(key=lambda fact: places.get(fact.id, len(places)))
        ordered += list(_with_practice(facts, places.keys(), {fact.id for fact in ordered}))
    return ordered + [fact for fact in deck.facts if fact.retired]


def _with_practice(facts: Sequence[Fact], path: Set[str], taught: Set[str]) -> Iterator[Fact]:
    """The facts of a priority with its practice questions among them; `taught` are the ids of earlier priorities."""
    questions = {fact.id: fact for fact in facts if fact.statements and fact.id not in path}
    others = [fact for fact in facts if fact.id not in questions]
    missing = {id: {*question.tests} - taught for id, question in questions.items()}
    tested_by: dict[str, list[str]] = defaultdict(list)
    for id, tests in missing.items():
        for test in tests:
            tested_by[test].append(id)
    ready = deque(id for id, question in questions.items() if question.tests and not missing[id])
    start = 0 if taught else FIRST_PRACTICE
    interval = min(PRACTICE_EVERY, max(0, len(others) - start) / max(1, len(questions)))
    until_next = start or interval
    for fact in others:
        yield fact
        for id in tested_by[fact.id]:
            missing[id].remove(fact.id)
            if not missing[id]:
                ready.append(id)
        until_next = interval if fact.statements else until_next - 1
        if until_next <= 0 and ready:
            until_next += interval
            yield questions.pop(ready.popleft())
    yield from questions.values()
