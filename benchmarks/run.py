"""Compare csto-anki with other ways to do its job, on the real cards and on decks of up to 100,000 notes.

    python benchmarks/run.py                 everything, about 25 minutes
    python benchmarks/run.py deck 1k 10k     some sizes, about 8 minutes; their results replace all kept results

Each contender runs in a fresh process, in turn with the others, in several rounds. What counts is the median, and the
ratio of two medians of one run. It needs an environment with `csto-anki[test]`, and a package index for the other
tools. What it makes and installs is in `.bench`.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import report
from peers import PEERS
from prepare import ONE_FILE
from report import Measured, Run

HERE = Path(__file__).parent
CARDS = HERE.parent / "cards"
WORK = HERE.parent / ".bench"
PYTHON = sys.executable
OURS = str(Path(PYTHON).parent / "csto-anki")

# Notes (0: the real deck as it is), entries in a file, rounds.
SIZES = {"deck": (0, 0, 15), "1k": (1_000, 100, 9), "10k": (10_000, 50, 7), "100k": (100_000, 100, 3)}
MAX_OFFICIAL_NOTES = 10_000  # notes; the official package is not tried with more


class Contender(NamedTuple):
    """A command, the folder in which it runs, and the file or folder that it makes, if any."""

    name: str
    command: list[str]
    folder: Path
    makes: str = ""


def main(sizes: list[str]) -> None:
    """Measure, save the figures and the pages that are made from them, and print the page of results."""
    install_peers()
    runs: dict[str, dict[str, Measured]] = {"start": measure(starts(), 31)}
    notes: dict[str, int] = {}
    packages: dict[str, dict[str, float]] = {}
    for size in sizes:
        folder, notes[size] = prepare(size)
        runs[size] = measure(list(contenders(size, folder, notes[size])), SIZES[size][2])
        if notes[size] <= MAX_OFFICIAL_NOTES:
            packages[size] = compare_packages(folder)
        print(f"measured {size}", file=sys.stderr)
    system = f"{os.cpu_count()} cores of a {platform.machine()} {platform.system()} machine"
    found = Run(f"Python {platform.python_version()} on {system}", notes, runs, packages)
    report.save(found)
    print(report.page(found))


def install_peers() -> None:
    """Make an environment for each of the other tools."""
    for name, peer in PEERS.items():
        place = WORK / "peers" / name
        if not (place / "bin" / peer.command).exists():
            subprocess.run([PYTHON, "-m", "venv", str(place)], check=True)
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *peer.requirements]
            subprocess.run(pip, check=True)


def prepare(size: str) -> tuple[Path, int]:
    """Make all that is needed for a size, in another process: a child would start with the memory of this one."""
    folder = WORK / size
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    notes, entries, _ = SIZES[size]
    command = [PYTHON, str(HERE / "prepare.py"), str(folder), str(notes), str(entries)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return folder, int(result.stdout)


def starts() -> list[Contender]:
    """What a command line costs before it begins to work."""
    return [
        Contender("empty click command", script("empty.py"), HERE),
        Contender("csto-anki --help", [OURS, "--help"], HERE),
        Contender("csto-anki --version", [OURS, "--version"], HERE),
    ]


def contenders(size: str, folder: Path, notes: int) -> Iterator[Contender]:
    """All contenders that can make a deck of this size."""
    yield Contender("floor", [*script("floor.py"), "cards", "rows", "floor.apkg"], folder, "floor.apkg")
    yield Contender("plain script", [*script("plain.py"), "--output", "plain.apkg"], folder, "plain.apkg")
    yield Contender("csto-anki build", [OURS, "build", "-q", "--output", "ours.apkg"], folder, "ours.apkg")
    yield Contender("csto-anki check", [OURS, "check", "-q"], folder)
    yield Contender("csto-anki reading", [*script("reading.py"), "cards"], folder)
    if size != "deck":
        for name in ("one", "released", "again") if notes <= ONE_FILE else ("released", "again"):
            build = [OURS, "build", "-q", "--output", "ours.apkg"]
            yield Contender(f"csto-anki build, {name}", build, folder / name, "ours.apkg")
    if notes <= MAX_OFFICIAL_NOTES:
        yield Contender(
            "official anki", [*script("official.py"), "ours.apkg", "official.apkg"], folder, "official.collection"
        )
    for name, peer in PEERS.items():
        if notes <= peer.most:
            arguments = json.loads((folder / name / "arguments.json").read_text())
            command = [str(WORK / "peers" / name / "bin" / peer.command), *arguments]
            yield Contender(name, command, folder / name, "build" if name == "brain-brew" else "")


def script(name: str) -> list[str]:
    return [PYTHON, str(HERE / "contenders" / name)]


def measure(those: list[Contender], rounds: int) -> dict[str, Measured]:
    """Run each in turn, `rounds` times; one more round before that fills the caches of files and of Python."""
    seconds: dict[str, list[float]] = {each.name: [] for each in those}
    peaks = dict.fromkeys(seconds, 0)
    for number in range(rounds + 1):
        for each in those:
            took, peak = run(each)
            peaks[each.name] = max(peaks[each.name], peak)
            if number:
                seconds[each.name].append(took)
    return {name: Measured(seconds[name], peaks[name]) for name in seconds}


def run(contender: Contender) -> tuple[float, int]:
    """Seconds from start to exit, and peak memory in MiB. What a tool leaves in the temporary folder is removed."""
    if contender.makes:
        made = contender.folder / contender.makes
        shutil.rmtree(made, ignore_errors=True) if made.is_dir() else made.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as temporary:
        environment = {**os.environ, "TMPDIR": temporary}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # only tests set it
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=contender.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not hasattr(os, "wait4"):
            status, peak = process.wait(), 0
        else:
            _, status, usage = os.wait4(process.pid, 0)
            peak = usage.ru_maxrss // (1 if platform.system() == "Linux" else 1024) // 1024
            process.returncode = status
        took = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(contender.command)} in {contender.folder} ended with {status}")
    return took, peak


def compare_packages(folder: Path) -> dict[str, float]:
    """Size of our package and time to import it, divided by those of Anki's own export of the same notes."""
    seconds: dict[str, list[float]] = {"ours.apkg": [], "official.apkg": []}
    for _ in range(11):
        for name, each in seconds.items():
            result = subprocess.run(
                [*script("importing.py"), name], cwd=folder, check=True, capture_output=True, text=True
            )
            each.append(float(result.stdout.split()[0]))
    ours, official = (statistics.median(each) for each in seconds.values())
    size, its = ((folder / name).stat().st_size for name in seconds)
    return {"seconds": ours, "of import": ours / official, "bytes": size, "of size": size / its}


if __name__ == "__main__":
    main(sys.argv[1:] or list(SIZES))
