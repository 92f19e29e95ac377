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
# The part, our contender, the one that it is compared with, and the highest ratio of CPU seconds that is wanted.
GOALS = (
    ("start", "csto-anki --help", "empty click command", 1.2),
    ("deck", "csto-anki build", "plain script", 1.05),
    ("deck", "csto-anki build", "ankdown", 1.25),
    ("deck", "csto-anki build", "anki-yaml-tool", 0.33),
    ("10k", "csto-anki build", "plain script", 0.95),
    ("10k", "csto-anki build", "ankdown", 1.1),
    ("10k", "csto-anki build", "floor", 2.1),
    ("10k", "csto-anki check", "plain script", 1.8),
    ("10k", "csto-anki build, again", "csto-anki build", 1.05),
    ("100k", "csto-anki build", "plain script", 0.5),
    ("100k", "csto-anki build", "floor", 2.3),
)
# What a contender does not do, and csto-anki build does.
LEAVES_OUT = {
    "floor": "everything but reading and writing",
    "plain script": "packing, checks, order, releases",
    "csto-anki check": "the package",
    "csto-anki reading": "everything but the first half of a build",
    "official anki": "reading of text files, checks, order",
    "anki-yaml-tool": "pictures, packing, checks, order",
    "ankdown": "pictures, packing, checks, order",
    "markdown-anki-decks": "pictures, packing, checks, order",
    "brain-brew": "pictures, the package, checks, order",
}


class Measured(NamedTuple):
    """CPU seconds and seconds of each round, and the peak memory of all rounds in MiB."""

    cpu: Sequence[float]
    seconds: Sequence[float]
    peak: int

    @property
    def median(self) -> float:
        """CPU seconds."""
        return statistics.median(self.cpu)

    def with_round(self, cpu: float, seconds: float, peak: int) -> Measured:
        """The same with one more round."""
        return Measured([*self.cpu, cpu], [*self.seconds, seconds], max(self.peak, peak))


class Run(NamedTuple):
    """One run.

    For each part, which is `start` or a size: `load` has the machine's load before and after it, `runs` what was
    measured; for each size, `notes` has the number of notes, and `packages` the ratios of our package to Anki's own
    export of the same notes. `left_out` has the tools that could not be installed, and why. `instructions` are those of
    whole processes by contender, of the start and of the real deck.
    """

    machine: str
    commit: str
    versions: Mapping[str, str]
    load: Mapping[str, Sequence[float]]
    left_out: Mapping[str, str]
    notes: Mapping[str, int]
    runs: Mapping[str, Mapping[str, Measured]]
    packages: Mapping[str, Mapping[str, float]]
    instructions: Mapping[str, int]


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
    """Each goal of what was measured: what is compared, the measured ratio, the highest ratio that meets the goal."""
    runs = {size: {name: each.median for name, each in found.items()} for size, found in run.runs.items()}
    for part, ours, other, most in GOALS:
        found = runs.get(part, {})
        if ours in found and other in found:
            name = f"{ours}, {part}" if part != "start" else ours
            yield f"{name} / {other}", found[ours] / found[other], most
    if hundred := run.runs.get("100k"):
        yield "csto-anki build, 100k: peak memory / 600 MiB", hundred["csto-anki build"].peak / 600, 1
    if "csto-anki build" in run.instructions:
        count = run.instructions["csto-anki build"] / 1_000_000
        yield "csto-anki build, deck: instructions / 1,450 million", count / 1450, 1
    for size, each in run.packages.items():
        yield f"import into Anki, {size} / Anki's own export", each["of import"], 1.1


def page(run: Run) -> str:
    """The page of results."""
    load = ", ".join(f"{part} {before:.1f} and {after:.1f}" for part, (before, after) in run.load.items())
    lines = [
        "# Results\n",
        f"Made by `python benchmarks/run.py` with {run.machine}, of commit {run.commit}. All figures are of whole "
        "processes. What counts is the median of the CPU seconds, user and system.\n",
        f"The machine's load before and after each part: {load}.\n",
        f"Versions: {', '.join(f'{name} {version}' for name, version in run.versions.items())}.\n",
        *(f"{name} could not be installed: {reason}\n" for name, reason in run.left_out.items()),
        "## Goals\n",
        "| compared, in CPU seconds | ratio | goal | met |\n|---|---:|---:|---|",
    ]
    for name, ratio, most in goals(run):
        lines.append(f"| {name} | {ratio:.2f} | {most:g} | {'yes' if round(ratio, 2) <= most else '**no**'} |")
    for part, found in run.runs.items():
        lines += [f"\n## {f'{run.notes[part]:,} notes' if part in run.notes else 'Start'}\n", *_table(found)]
    if run.instructions:
        lines += ["\n## Instructions\n", "| start, and real deck | millions |\n|---|---:|"]
        lines += [f"| {name} | {count // 1_000_000:,} |" for name, count in run.instructions.items()]
    return "\n".join([*lines, "\n![CPU seconds by the number of notes](times.svg)"]) + "\n"


def short_table(run: Run) -> Iterator[str]:
    """The table of docs/benchmarks.md: CPU seconds, and in brackets the ratio to our build."""
    yield f"| CPU seconds (relative to our build) | {' | '.join(f'{count:,} notes' for count in run.notes.values())} |"
    yield "|---|" + "---:|" * len(run.notes)
    for name, called in ROWS.items():
        cells = dict.fromkeys(run.notes, "")
        for size, found in _sizes(run, name):
            cells[size] = f"{found.median:.2f} ({found.median / run.runs[size]['csto-anki build'].median:.1f})"
        yield f"| {called} | {' | '.join(cells.values())} |"


def _sizes(run: Run, name: str) -> Iterator[tuple[str, Measured]]:
    """The sizes with which a contender was measured."""
    return ((size, run.runs[size][name]) for size in run.notes if name in run.runs[size])


def _table(found: Mapping[str, Measured]) -> Iterator[str]:
    """One part: for each contender the median and the range of its CPU seconds, the seconds on the wall, the memory."""
    yield "| | CPU s | from | to | s | MiB | leaves out |\n|---|---:|---:|---:|---:|---:|---|"
    for name, each in found.items():
        figures = (each.median, min(each.cpu), max(each.cpu), statistics.median(each.seconds))
        told = " | ".join(f"{figure:.3f}" for figure in figures)
        yield f"| {name} | {told} | {each.peak} | {LEAVES_OUT.get(name, '')} |"


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    save(load())
