"""Write what people read from the figures of a run: the goals, the table, the plot, and a part of docs/benchmarks.md.

`python benchmarks/report.py` writes them again from the figures in results/run.json.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import chart

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- times -->\n", "<!-- end of times -->\n"
# The rows of the table in docs/benchmarks.md, and their names there.
ROWS = {
    "floor": "the least possible",
    "csto-anki build": "**csto-anki build**",
    "csto-anki check": "**csto-anki check**",
    "plain script": "a plain script with genanki",
    "ankdown": "ankdown",
    "anki-yaml-tool": "anki-yaml-tool",
    "markdown-anki-decks": "markdown-anki-decks",
    "brain-brew": "Brain Brew (no package)",
    "official anki": "Anki itself: add, export",
}


class Measured(NamedTuple):
    """Seconds of each round, and the peak memory of all rounds in MiB (0 if the system does not report it)."""

    seconds: Sequence[float]
    peak: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


class Run(NamedTuple):
    """One run: the machine, the number of notes of each size, what was measured for each size and for the `start`.

    `packages` has the ratios of our package to Anki's own export of the same notes.
    """

    machine: str
    notes: Mapping[str, int]
    runs: Mapping[str, Mapping[str, Measured]]
    packages: Mapping[str, Mapping[str, float]]


def save(run: Run) -> None:
    """Save the figures, and write everything that is made from them."""
    RESULTS.mkdir(exist_ok=True)
    runs = {size: {name: each._asdict() for name, each in found.items()} for size, found in run.runs.items()}
    _write(RESULTS / "run.json", json.dumps({**run._asdict(), "runs": runs}, indent=1) + "\n")
    _write(RESULTS / "README.md", page(run))
    lines = {name: [(run.notes[size], found.median) for size, found in _sizes(run, name)] for name in chart.SHOWN}
    _write(RESULTS / "times.svg", chart.draw(lines))
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _write(PAGE, before + BEGIN + "\n".join([*short_table(run), "", END]) + rest.partition(END)[2])


def load() -> Run:
    """The saved figures."""
    kept = json.loads((RESULTS / "run.json").read_text("utf-8"))
    runs = {size: {name: Measured(**each) for name, each in found.items()} for size, found in kept["runs"].items()}
    return Run(**{**kept, "runs": runs})


def goals(run: Run) -> Iterator[tuple[str, float, float]]:
    """Each goal: what is compared, the measured ratio, and the highest ratio that meets the goal."""
    runs = {size: {name: each.median for name, each in found.items()} for size, found in run.runs.items()}
    start, deck, ten, hundred = (runs.get(size, {}) for size in ("start", "deck", "10k", "100k"))
    for name in ("--help", "--version"):
        yield f"`{name}` / an empty click command", start[f"csto-anki {name}"] / start["empty click command"], 1.25
    if deck:
        yield "build, real deck / plain script", deck["csto-anki build"] / deck["plain script"], 1.4
        yield "build, real deck / anki-yaml-tool", deck["csto-anki build"] / deck["anki-yaml-tool"], 0.5
    if ten:
        yield "build, 10k / plain script", ten["csto-anki build"] / ten["plain script"], 0.9
        yield "build, 10k / floor", ten["csto-anki build"] / ten["floor"], 2.5
        yield "check, 10k / reading", ten["csto-anki check"] / ten["csto-anki reading"], 2
        again = ten["csto-anki build, again"] / ten["csto-anki build"]
        yield "build, 10k, after a change in one of 200 files / full build", again, 1
    if hundred:
        yield "build, 100k / floor", hundred["csto-anki build"] / hundred["floor"], 2.5
        yield "build, 100k, peak memory / 600 MiB", run.runs["100k"]["csto-anki build"].peak / 600, 1
    if ten and hundred:
        yield "build, time a note, 100k / 10k", hundred["csto-anki build"] / ten["csto-anki build"] / 10, 1.15
    for size, each in run.packages.items():
        yield f"import into Anki, {size} / Anki's own export", each["of import"], 1
        yield f"size of the package, {size} / Anki's own export", each["of size"], 1.05


def page(run: Run) -> str:
    """The page of results."""
    lines = [
        "# Results\n",
        f"Made by `python benchmarks/run.py` with {run.machine}: medians of whole processes.\n",
        "## Goals\n",
        "| compared | ratio | goal | met |\n|---|---:|---:|---|",
    ]
    for name, ratio, most in goals(run):
        lines.append(f"| {name} | {ratio:.2f} | {most:g} | {'yes' if round(ratio, 2) <= most else '**no**'} |")
    lines += ["\n## Seconds and peak memory\n", *_table(run), "\n![Seconds by the number of notes](times.svg)"]
    return "\n".join(lines) + "\n"


def short_table(run: Run) -> Iterator[str]:
    """The table of docs/benchmarks.md: seconds, and in brackets the ratio to our build."""
    yield f"| seconds (relative to our build) | {' | '.join(f'{count:,} notes' for count in run.notes.values())} |"
    yield "|---|" + "---:|" * len(run.notes)
    for name, called in ROWS.items():
        cells = dict.fromkeys(run.notes, "")
        for size, found in _sizes(run, name):
            cells[size] = f"{found.median:.2f} ({found.median / run.runs[size]['csto-anki build'].median:.1f})"
        yield f"| {called} | {' | '.join(cells.values())} |"


def _sizes(run: Run, name: str) -> Iterator[tuple[str, Measured]]:
    """The sizes with which a contender was measured."""
    return ((size, run.runs[size][name]) for size in run.notes if name in run.runs[size])


def _table(run: Run) -> Iterator[str]:
    yield f"| | {' | '.join(f'{count:,} notes' for count in run.notes.values())} |"
    yield "|---|" + "---:|" * len(run.notes)
    for name in dict.fromkeys(name for size in run.notes for name in run.runs[size]):
        cells = {**dict.fromkeys(run.notes, ""), **{s: f"{m.median:.2f} s, {m.peak} MiB" for s, m in _sizes(run, name)}}
        yield f"| {name} | {' | '.join(cells.values())} |"


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    save(load())
