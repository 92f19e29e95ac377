"""Runs the rules across facts; alone knows which there are, and when a warning is accepted.

The rules run only on a deck that read cleanly: a broken entry would also make its sources "unused". An error is always
wrong. A warning can be wrong in one case, and then an author says why under `accept` in the entry.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from csto_anki import likeness, near, upkeep, wording
from csto_anki.facts import Deck, Fact, Place, Problem

Rule = Callable[[Deck, datetime.date], Iterator[Problem]]


class Case(NamedTuple):
    """What is accepted: a code, in the entry of this file and id (empty: everywhere), beside the other of this id."""

    path: str
    id: str
    code: str
    other: str


IN_VAIN = "nothing-is-accepted-in-vain"

ERRORS: tuple[Rule, ...] = (*upkeep.ERRORS, *wording.ERRORS, *likeness.ERRORS)
WARNINGS: tuple[Rule, ...] = (*upkeep.WARNINGS, *wording.WARNINGS, *likeness.WARNINGS)


def check(deck: Deck, today: datetime.date) -> list[Problem]:
    """All problems by all rules, in the order of their places, without the warnings that are accepted."""
    found = errors(deck, today)
    reasons = dict(_reasons(deck))
    facts = {fact.id: fact for fact in deck.facts}
    used: set[Case] = set()
    for rule in WARNINGS:
        for problem in rule(deck, today):
            problem = _stamped(rule, problem, True)
            accepted = [case for case in _cases(facts, problem) if case in reasons]
            used.update(accepted)
            found += [] if accepted else [problem]
    others: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in found:
        others[each.id, each.code] += [each.other] * bool(each.other)
    found += [_in_vain(case, reasons[case], others[case.id, case.code]) for case in reasons.keys() - used]
    return sorted(found)


def errors(deck: Deck, today: datetime.date) -> list[Problem]:
    """The problems that must be mended before a build, in the order of their places."""
    return sorted(_stamped(rule, problem, False) for rule in ERRORS for problem in rule(deck, today))


def code_of(rule: Callable[..., object]) -> str:
    """The code of a rule is its name."""
    return rule.__name__.replace("_", "-")


def meaning(rule: Callable[..., object]) -> str:
    """What a rule says, in one paragraph: its docstring."""
    return " ".join((rule.__doc__ or "").split())


def _stamped(rule: Rule, problem: Problem, warning: bool) -> Problem:
    return replace(problem, code=code_of(rule), warning=warning)


def _in_vain(case: Case, place: Place, others: list[str]) -> Problem:
    """What to say of a reason that accepts nothing, where there are such warnings that compare with others."""
    what = f"{case.code!r} is accepted, and there is no such warning"
    codes = [code_of(known) for known in WARNINGS]
    meant = "" if case.code in codes else near.closest(case.code, codes)
    way_out = f"did you mean {meant!r}?" if meant else "remove the line; an error cannot be accepted"
    if others and not case.other:
        what, way_out = f"{case.code!r} without the other entry", f"write {case.code} {others[0]}: and the reason"
    return Problem(place, case.id, what, way_out, warning=True, code=IN_VAIN)


def _reasons(deck: Deck) -> Iterator[tuple[Case, Place]]:
    """Each reason that is given anywhere, and its place."""
    entries = [(fact.places["id"].path, fact.id, fact.accept, fact.places) for fact in deck.facts if fact.accept]
    entries += [(each.place.path, each.key, each.accept, each.places) for each in deck.sources.values()]
    for path, id, accept, places in [*entries, ("", "", deck.accept, deck.places)]:
        for written in accept:
            code, _, other = written.partition(" ")
            yield Case(path, id, code, other), places[f"accept.{written}"]


def _cases(facts: Mapping[str, Fact], problem: Problem) -> Iterator[Case]:
    """The reasons that would accept a warning: in its entry, or where it compares two, in the other."""
    yield Case(problem.place.path, problem.id, problem.code, problem.other)
    yield Case("", "", problem.code, "")
    if problem.other in facts:
        yield Case(facts[problem.other].places["id"].path, problem.other, problem.code, problem.id)
