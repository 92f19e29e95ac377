"""Runs all rules on a deck, and leaves out the warnings that its authors accept.

The rules run only if the whole deck could be read: a broken entry would also make its sources "unused". An error
must always be fixed. A warning can be wrong in a single case; then an author says why under `accept` in the entry.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# Each of these modules registers its rules when it is imported.
import csto_anki.rules.dates
import csto_anki.rules.deck
import csto_anki.rules.similar
import csto_anki.rules.sources
import csto_anki.rules.translation
import csto_anki.rules.updates
import csto_anki.rules.wording  # noqa: F401
from csto_anki.deck.model import Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Place, Problem
from csto_anki.deck.similarity import closest
from csto_anki.rules.common import registered, registered_for_updates

RULES = sorted(registered, key=lambda rule: rule.code)
UPDATE_RULES = sorted(registered_for_updates, key=lambda rule: rule.code)
IN_VAIN = "nothing-is-accepted-in-vain"  # the code of a reason under `accept` that accepts nothing


class _Case(NamedTuple):
    """What an author accepts: the warning of a rule in one entry, or in the whole deck if path and id are empty.

    For a rule that compares entries, `other` is the id of the other one.
    """

    path: str
    id: str
    code: str
    other: str


def check(deck: Deck, today: datetime.date) -> list[Problem]:
    """All problems in a deck on a day, in the order of their places, without the warnings that are accepted."""
    found = errors(deck, today)
    reasons = dict(_reasons(deck))
    facts = {fact.id: fact for fact in deck.facts}
    used: set[_Case] = set()
    for problem in _problems(WARNING, deck, today):
        accepted = [case for case in _cases(facts, problem) if case in reasons]
        used.update(accepted)
        if not accepted:
            found.append(problem)
    others: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in found:
        if problem.other:
            others[problem.id, problem.code].append(problem.other)
    found += [_in_vain(case, reasons[case], others[case.id, case.code]) for case in reasons.keys() - used]
    return sorted(problem for problem in found if problem.is_error or not _is_of_original(deck, problem))


def _is_of_original(deck: Deck, problem: Problem) -> bool:
    """Whether a problem of an edition is in the files of its original, whose own check reports it."""
    return deck.original is not None and not problem.place.path.startswith(deck.place_of("").path)


def errors(deck: Deck, today: datetime.date) -> list[Problem]:
    """The problems in a deck on a day that keep it from being built, in the order of their places."""
    return sorted(_problems(ERROR, deck, today))


def acceptable() -> dict[str, str]:
    """The codes of the warnings that an author can accept, each with what its rule says."""
    return {rule.code: rule.meaning for rule in RULES if rule.severity == WARNING}


def _problems(severity: str, deck: Deck, today: datetime.date) -> Iterator[Problem]:
    for rule in RULES:
        if rule.severity == severity:
            yield from rule.problems(deck, today)


def _in_vain(case: _Case, place: Place, others: list[str]) -> Problem:
    """The problem of a reason that accepts nothing; `others` are the ids that warnings of its rule compare it with."""
    if others and not case.other:
        message = f"{case.code!r} is accepted without the id of the other entry"
        hint = f"write `{case.code} {others[0]}: the reason`"
    else:
        message = f"{case.code!r} is accepted, but there is no such warning"
        codes = acceptable()
        meant = "" if case.code in codes else closest(case.code, codes)
        hint = f"did you mean {meant!r}?" if meant else "remove the line; an error cannot be accepted"
    return Problem(place, case.id, message, hint, severity=WARNING, code=IN_VAIN)


def _reasons(deck: Deck) -> Iterator[tuple[_Case, Place]]:
    """What is accepted anywhere in the deck, each with the place of its reason."""
    entries = [(fact.places["id"].path, fact.id, fact.accept, fact.places) for fact in deck.facts if fact.accept]
    entries += [(each.place.path, each.key, each.accept, each.places) for each in deck.sources.values()]
    for path, id, accept, places in [*entries, ("", "", deck.accept, deck.places)]:
        for written in accept:
            code, _, other = written.partition(" ")
            yield _Case(path, id, code, other), places[f"accept.{written}"]


def _cases(facts: Mapping[str, Fact], problem: Problem) -> Iterator[_Case]:
    """The cases that accept a warning: in its entry, in the whole deck, or in the entry that it is compared with."""
    yield _Case(problem.place.path, problem.id, problem.code, problem.other)
    yield _Case("", "", problem.code, "")
    if problem.other in facts:
        yield _Case(facts[problem.other].places["id"].path, problem.other, problem.code, problem.id)
