"""How the time of each rule of `check` grows: python benchmarks/rules.py [SIZE ...], of those that run.py has made.

Prints microseconds a fact for each size, and by how much the last exceeds the first: a rule that compared each fact
with each would grow as much as the deck.
"""

from __future__ import annotations

import datetime
import gc
import sys
import time
from dataclasses import replace
from pathlib import Path

from csto_anki import read
from csto_anki.check import ERRORS, WARNINGS, Rule, code_of
from csto_anki.facts import Deck

WORK = Path(__file__).parent.parent / ".bench"
TODAY = datetime.date(2026, 11, 24)


def main(sizes: list[str]) -> None:
    """Print the table in Markdown, the slowest rule of the last size first."""
    gc.disable()  # as the command does
    found = {size: times(WORK / size / "cards") for size in sizes}
    last = found[sizes[-1]]
    print(f"| µs a fact | {' | '.join(sizes)} | growth |\n|---|{'---:|' * (len(sizes) + 1)}")
    for name in sorted(last, key=lambda name: -last[name]):
        each = [found[size][name] for size in sizes]
        if name in ("reading", "all rules") or each[-1] >= 1:
            print(f"| {name} | {' | '.join(f'{value:.1f}' for value in each)} | {each[-1] / each[0]:.1f} |")


def times(folder: Path) -> dict[str, float]:
    """Microseconds a fact to read a deck, of each rule, and of all of them; the best of three for small decks."""
    best: dict[str, float] = {}
    for _ in range(3 if len(list(folder.glob("*.yaml"))) < 500 else 1):
        start = time.perf_counter()
        deck, problems = read.read(folder)
        if deck is None:
            raise SystemExit(f"{folder}: {problems[0]}")
        took = {"reading": time.perf_counter() - start}
        deck = replace(deck)  # nothing looked up before
        took |= {"all rules": 0.0}
        for rule in (*ERRORS, *WARNINGS):
            name, seconds = timed(rule, deck)
            took[name] = seconds
            took["all rules"] += seconds
        for name, seconds in took.items():
            each = seconds * 1_000_000 / len(deck.facts)
            best[name] = min(best.get(name, each), each)
    return best


def timed(rule: Rule, deck: Deck) -> tuple[str, float]:
    start = time.perf_counter()
    for _ in rule(deck, TODAY):
        pass
    return code_of(rule), time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:] or ["1k", "10k", "100k"])
