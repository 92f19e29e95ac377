"""Compare csto-anki with other ways to do its job, on the real cards and on decks of up to 100,000 notes.

Each contender runs in a fresh process, in several rounds, each round in another order. What counts is the median of the
CPU time (user and system), and the ratio of two medians of one run; the time on the wall is kept beside it. It needs an
environment with `csto-anki[test]`, and a package index for the other tools. What it makes and installs is in `.bench`.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import report
from peers import PEERS
from prepare import ONE_FILE
from report import Measured, Run

HERE = Path(__file__).parent
WORK = HERE.parent / ".bench"
PYTHON = sys.executable
OURS = str(Path(PYTHON).parent / "csto-anki")

# Notes (0: the real deck), entries in a file, rounds.
SIZES = {"deck": (0, 0, 15), "1k": (1_000, 100, 9), "10k": (10_000, 50, 7), "100k": (100_000, 100, 3)}
START_ROUNDS = 31
IMPORT_PAIRS = 15
MAX_OFFICIAL_NOTES = 10_000  # notes; the official package is not tried with more
# The contenders whose instructions are counted.
COUNTED = ("empty click command", "csto-anki --help", "floor", "plain script", "csto-anki build", "csto-anki check")
LIBRARIES = ("click", "genanki", "PyYAML", "rapidfuzz", "anki")


class Contender(NamedTuple):
    """A command, the folder in which it runs, and the file or folder that it makes, if any."""

    name: str
    command: list[str]
    folder: Path
    makes: str = ""


def main(parts: list[str]) -> None:
    """Measure, and print the page of results; only if all parts are measured, save it and the figures."""
    WORK.mkdir(exist_ok=True)
    left_out = install_peers()
    notes: dict[str, int] = {}
    runs: dict[str, dict[str, Measured]] = {}
    packages: dict[str, dict[str, float]] = {}
    load: dict[str, list[float]] = {}
    those: dict[str, list[Contender]] = {}
    for part in parts:
        load[part] = [os.getloadavg()[0]]
        if part == "start":
            those[part] = starts()
            runs[part] = measure(those[part], START_ROUNDS)
        else:
            folder, notes[part] = prepare(part)
            those[part] = list(contenders(part, folder, notes[part], left_out))
            runs[part] = measure(those[part], SIZES[part][2])
            if notes[part] <= MAX_OFFICIAL_NOTES:
                packages[part] = compare_packages(folder)
        load[part].append(os.getloadavg()[0])
        print(f"measured {part}", file=sys.stderr)
    instructions = count_instructions([*those.get("start", []), *those.get("deck", [])])
    found = Run(machine(), commit(), versions(), load, left_out, notes, runs, packages, instructions)
    if {*parts} == {"start", *SIZES}:
        report.save(found)
    print(report.page(found))


def machine() -> str:
    system = f"{os.cpu_count()} cores of a {platform.machine()} {platform.system()} machine"
    return f"Python {platform.python_version()} on {system}"


def commit() -> str:
    """The commit that is measured; with a plus if files of the tool or cards differ from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--", "../src", "../cards")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def versions() -> dict[str, str]:
    """What the figures depend on, besides the machine; of the other tools, what is installed for them."""
    found = {name: importlib.metadata.version(name) for name in LIBRARIES}
    found |= {"SQLite": sqlite3.sqlite_version, "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return found | {name: " ".join(peer.requirements) for name, peer in PEERS.items()}


def install_peers() -> dict[str, str]:
    """Make an environment for each of the other tools; return those that cannot be installed, with the reason."""
    failed = {}
    for name, peer in PEERS.items():
        place = WORK / "peers" / name
        if (place / "bin" / peer.command).exists():
            continue
        subprocess.run([PYTHON, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *peer.requirements]
        result = subprocess.run(pip, capture_output=True, text=True)
        if result.returncode:
            failed[name] = (result.stderr.strip().splitlines() or ["pip failed"])[-1]
    return failed


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


def contenders(size: str, folder: Path, notes: int, left_out: dict[str, str]) -> Iterator[Contender]:
    """All contenders that can make a deck of this size."""
    build = [OURS, "build", "-q", "--output", "ours.apkg"]
    yield Contender("floor", [*script("floor.py"), "cards", "rows", "floor.apkg"], folder, "floor.apkg")
    yield Contender("plain script", [*script("plain.py"), "--output", "plain.apkg"], folder, "plain.apkg")
    yield Contender("csto-anki build", build, folder, "ours.apkg")
    yield Contender("csto-anki check", [OURS, "check", "-q"], folder)
    yield Contender("csto-anki reading", [*script("reading.py"), "cards"], folder)
    names = (
        ["as released"]
        if size == "deck"
        else ["one", "released", "again"]
        if notes <= ONE_FILE
        else ["released", "again"]
    )
    for name in names:
        yield Contender(f"csto-anki build, {name}", build, folder / name, "ours.apkg")
    if notes <= MAX_OFFICIAL_NOTES:
        yield Contender(
            "official anki", [*script("official.py"), "ours.apkg", "official.apkg"], folder, "official.collection"
        )
    for name, peer in PEERS.items():
        if notes <= peer.most and name not in left_out:
            arguments = json.loads((folder / name / "arguments.json").read_text())
            command = [str(WORK / "peers" / name / "bin" / peer.command), *arguments]
            yield Contender(name, command, folder / name, "build" if name == "brain-brew" else "")


def script(name: str) -> list[str]:
    return [PYTHON, str(HERE / "contenders" / name)]


def measure(those: list[Contender], rounds: int) -> dict[str, Measured]:
    """Run all of them `rounds` times, each round in another order; one more round before that fills all caches."""
    found = {each.name: Measured([], [], 0) for each in those}
    order = random.Random(0)  # noqa: S311  # the same order each time is fine
    for number in range(rounds + 1):
        for each in order.sample(those, len(those)):
            cpu, seconds, peak = run(each)
            if number:
                found[each.name] = found[each.name].with_round(cpu, seconds, peak)
    return found


def run(contender: Contender) -> tuple[float, float, int]:
    """CPU seconds, seconds from start to exit, and peak memory in MiB.

    What a tool leaves in the temporary folder is removed.
    """
    if contender.makes:
        made = contender.folder / contender.makes
        shutil.rmtree(made, ignore_errors=True) if made.is_dir() else made.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as temporary:
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=contender.folder,
            env={**clean_environment(), "TMPDIR": temporary},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = status
    if status:
        raise SystemExit(f"{' '.join(contender.command)} in {contender.folder} ended with {status}")
    peak = usage.ru_maxrss // (1 if platform.system() == "Linux" else 1024) // 1024
    return usage.ru_utime + usage.ru_stime, seconds, peak


def clean_environment() -> dict[str, str]:
    """The environment without what only tests set."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def compare_packages(folder: Path) -> dict[str, float]:
    """Size of our package and CPU time to import it, divided by those of Anki's own export of the same notes."""
    seconds: dict[str, list[float]] = {"ours.apkg": [], "official.apkg": []}
    for number in range(IMPORT_PAIRS):
        for name in [*seconds][:: 1 if number % 2 else -1]:
            command = [*script("importing.py"), name]
            result = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
            seconds[name].append(float(result.stdout.split()[0]))
    ours, official = (statistics.median(each) for each in seconds.values())
    size, its = ((folder / name).stat().st_size for name in seconds)
    return {"seconds": ours, "of import": ours / official, "bytes": size, "of size": size / its}


def count_instructions(those: list[Contender]) -> dict[str, int]:
    """The instructions of some of these, which hardly depend on the machine; none if valgrind is not there."""
    if not shutil.which("valgrind"):
        return {}
    return {each.name: instructions_of(each) for each in those if each.name in COUNTED}


def instructions_of(contender: Contender) -> int:
    count = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    program = [PYTHON, *contender.command] if contender.command[0] == OURS else contender.command
    environment = {**clean_environment(), "PYTHONHASHSEED": "0"}
    result = subprocess.run(
        [*count, *program], cwd=contender.folder, env=environment, capture_output=True, text=True, check=True
    )
    found = re.search(r"I +refs: +([\d,]+)", result.stderr)
    return int(found[1].replace(",", "")) if found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = ["start", *SIZES]
    about = f"{', '.join(parts)}; without any, all of them, which takes 20 minutes and replaces the kept results"
    parser.add_argument("parts", nargs="*", metavar="PART", help=about)
    chosen = parser.parse_args().parts or parts
    if unknown := {*chosen} - {*parts}:
        parser.error(f"there is no part {min(unknown)!r}; choose from {', '.join(parts)}")
    main(chosen)
