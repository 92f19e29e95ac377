"""Measure how the time of each rule of `check` grows with the deck: python benchmarks/rules.py [SIZE ...].

The sizes are of decks that run.py has made. It prints microseconds per fact for each size, and the growth from the
first size to the last. A rule that compares each fact with each grows as much as the deck.
"""

from __future__ import annotations

import datetime
import gc
import sys
import time
from dataclasses import replace
from pathlib import Path

from csto_anki.deck import reader
from csto_anki.deck.model import Deck
from csto_anki.rules.check import RULES
from csto_anki.rules.common import Rule

WORK = Path(__file__).parent.parent / ".bench"
TODAY = datetime.date(2026, 11, 24)


def main(sizes: list[str]) -> None:
    """Print the table in Markdown, the slowest rule of the last size first."""
    gc.disable()  # as the command line does
    found = {size: times(WORK / size / "cards") for size in sizes}
    last = found[sizes[-1]]
    print(f"| µs per fact | {' | '.join(sizes)} | growth |\n|---|{'---:|' * (len(sizes) + 1)}")
    for name in sorted(last, key=lambda name: -last[name]):
        each = [found[size][name] for size in sizes]
        if name in ("reading", "all rules") or each[-1] >= 1:
            print(f"| {name} | {' | '.join(f'{value:.1f}' for value in each)} | {each[-1] / each[0]:.1f} |")


def times(folder: Path) -> dict[str, float]:
    """Microseconds per fact of reading a deck, of each rule, and of all rules; the best of three for small decks."""
    best: dict[str, float] = {}
    for _ in range(3 if len(list(folder.glob("*.yaml"))) < 500 else 1):
        start = time.perf_counter()
        deck, problems = reader.read(folder)
        if deck is None:
            raise SystemExit(f"{folder}: {problems[0]}")
        took = {"reading": time.perf_counter() - start}
        deck = replace(deck)  # nothing is cached in it
        took |= {"all rules": 0.0}
        for rule in RULES:
            seconds = seconds_of(rule, deck)
            took[rule.code] = seconds
            took["all rules"] += seconds
        for name, seconds in took.items():
            each = seconds * 1_000_000 / len(deck.facts)
            best[name] = min(best.get(name, each), each)
    return best


def seconds_of(rule: Rule, deck: Deck) -> float:
    start = time.perf_counter()
    for _ in rule.problems(deck, TODAY):
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:] or ["1k", "10k", "100k"])
