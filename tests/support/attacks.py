"""Files that try to hang the tool or to fill the memory, and what each costs.

python tests/support/attacks.py     prints the seconds and the memory that `check` needs for each, as in docs/trust.md
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests
from support.small_deck import FILES, write_deck

ENTRY = "{}:\n  question: {}\n  answer: {}\n  sources: [charter]\n"
DECK, SOURCES, DATES = str(FILES["deck.yaml"]), str(FILES["sources.yaml"]), str(FILES["dates.yaml"])


def _facts(count: int, text: Callable[[int], str], answer: Callable[[int], str] = lambda n: f"A{n}") -> str:
    return "".join(ENTRY.format(f"e{n}", text(n), answer(n)) for n in range(count))


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)]
    return "".join(lines)


def _spelt(number: int) -> str:
    """A word that differs from others only as spellings of Russian names do."""
    return format(number, "018b").translate({48: "е", 49: "ё"})


def _statements(count: int) -> str:
    each = "    - text: One\n      correct: true\n      why: Because\n"
    return f"{DATES.replace('date: 1992-05-15', 'ask: which statements')}  statements:\n{each * count}"


# For each attack: the file in the deck, its contents, and a part of the report (`|`: one of several parts).
ATTACKS: dict[str, tuple[str, Callable[[], str | bytes], str]] = {
    "a bomb of aliases": ("dates.yaml", _bomb, "the alias *a0"),
    "100,000 aliases": ("dates.yaml", lambda: "a: &a x\nb: [" + "*a, " * 100_000 + "]\n", "more than 20,000 problems"),
    "nesting 10,000 deep": ("dates.yaml", lambda: "a: " + "[" * 10_000 + "]" * 10_000, "maximum nesting depth"),
    "nesting 10,000 deep in blocks": (
        "dates.yaml",
        lambda: "a:\n" + " " + "- " * 10_000 + "x\n",
        "more than 12 levels",
    ),
    "a file of 50 MB": ("dates.yaml", lambda: DATES * (50_000_000 // len(DATES)), "a file of "),
    "a field of 5 MB": ("dates.yaml", lambda: DATES + "  detail: " + "x y " * 1_250_000 + "\n", "a file of "),
    "a file of 50 MB of line ends": ("dates.yaml", lambda: "\n" * 50_000_000, "a file of "),
    "4 MB of texts of one letter": ("dates.yaml", lambda: "a: [" + "x," * 1_999_990 + "]\n", "pieces of YAML"),
    "4 MB of entries of one letter": ("dates.yaml", lambda: "a: b\n" * 799_999, "pieces of YAML"),
    "4 MB of broken entries": ("dates.yaml", lambda: "a: }\n" * 799_999, "12,000 entries in one file"),
    "4 MB of control characters": ("dates.yaml", lambda: "\x01" * 3_999_999, "the control character U+0001"),
    "4 MB of zeros": ("dates.yaml", lambda: bytes(4_000_000), "not UTF-8"),
    "4 MB of one line": ("dates.yaml", lambda: "a: " + "x" * 3_999_990, "a text of 3,999,990 characters"),
    "4 MB of comments": ("dates.yaml", lambda: DATES + "#\n" * 1_999_800, "every-source-is-cited|no problem"),
    "a field of 3.8 MB": ("dates.yaml", lambda: DATES + "  detail: " + "x y " * 960_000 + "\n", "a text of "),
    "a key of 3.9 MB": ("dates.yaml", lambda: DATES + "  ? " + "x" * 3_900_000 + "\n  : y\n", "a text of 3,900,000"),
    "100,000 keys": ("dates.yaml", lambda: "".join(f"k{n}: v\n" for n in range(100_000)), "12,000 entries in one file"),
    "100,000 keys in an entry": (
        "dates.yaml",
        lambda: DATES + "".join(f"  k{n}: v\n" for n in range(100_000)),
        "an entry of 200,",
    ),
    "12,000 keys in an entry": (
        "dates.yaml",
        lambda: DATES + "".join(f"  k{n}: v\n" for n in range(12_000)),
        "unknown key",
    ),
    "12,000 reasons to accept": (
        "dates.yaml",
        lambda: DATES + "  accept:\n" + "".join(f"    k{n}: v\n" for n in range(12_000)),
        "a mapping of 12,000",
    ),
    "20,000 tags": ("dates.yaml", lambda: DATES.replace("[prelims]", f"[{'prelims, ' * 20_000}]"), ""),
    "20,000 unknown tags": (
        "dates.yaml",
        lambda: DATES.replace("[prelims]", f"[{', '.join(f'prelim{n}' for n in range(20_000))}]"),
        "unknown tag",
    ),
    "20,000 sources of a fact": ("dates.yaml", lambda: DATES.replace("[charter]", f"[{'charter, ' * 20_000}]"), ""),
    "11,000 sources": (
        "sources.yaml",
        lambda: SOURCES + "".join(SOURCES.replace("charter:", f"s{n}:", 1) for n in range(11_000)),
        "every-source-is-cited",
    ),
    "10,000 kinds": (
        "deck.yaml",
        lambda: DECK.replace("tags:\n", "".join(f"  k{n}: x\n" for n in range(10_000)) + "tags:\n"),
        "a mapping of 10,002",
    ),
    "3,000 statements": ("dates.yaml", lambda: _statements(3_000), "a list of 3,000"),
    "accents by the thousand": (
        "dates.yaml",
        lambda: "a: a" + (chr(0x300) + chr(0x316)) * 400_000,
        "a hundred signs and accents",
    ),
    "300 alike questions of 3,900 letters": (
        "dates.yaml",
        lambda: _facts(300, lambda n: f"{'What is the thing ' * 215}{n}?"),
        "",
    ),
    "10,000 facts alike": ("dates.yaml", lambda: _facts(10_000, lambda n: f"What is the thing of number {n}?"), ""),
    "5,000 facts of one date": (
        "dates.yaml",
        lambda: "".join(
            f"e{n}:\n  question: On which day was treaty {n} of the union signed?\n  date: 1992-05-15\n"
            f"  detail: The union signed treaty {n + 1} on 16 May 1992.\n  sources: [charter]\n"
            for n in range(5_000)
        ),
        "",
    ),
    "a record of 50 MB of brackets": ("released.json", lambda: "[" * 50_000_000, "not a record of releases"),
    "a record of 50 MB of numbers": (
        "released.json",
        lambda: "[" + "1," * 25_000_000 + "1]",
        "not a record of releases",
    ),
    "40,000 directives": ("dates.yaml", lambda: "%TAG !a! tag:x,2000:y\n" * 40_000 + DATES, "YAML directives"),
    "180,000 texts in a line that does not close": (
        "dates.yaml",
        lambda: "k: [" + "aaaaaaaaaaa," * 180_000,
        "broken YAML",
    ),
    "20,000 escaped accents in a line": (
        "dates.yaml",
        lambda: 'k: {x: "' + "éa" * 9 + '", y: [' + '"e\\u0301",' * 20_000 + "]}\n",
        "escapes for text that is not",
    ),
    "2,500 unknown keys in a line of 4 MB": (
        "dates.yaml",
        lambda: "k: {" + ", ".join(f'x{n}: "{"a" * 1500}"' for n in range(2_500)) + "}\n",
        "unknown key",
    ),
    "3,000 misspelt sources": (
        "dates.yaml",
        lambda: DATES.replace("[charter]", f"[{', '.join(f'chater{n}' for n in range(3_000))}]"),
        "unknown source",
    ),
    "6,000 places in a source of 12 kB": (
        "dates.yaml",
        lambda: DATES.replace("[charter]", f"[{', '.join(f'charter {n}' for n in range(6_000))}]"),
        "a list of 6,000",
    ),
    "4,000 priorities": (
        "deck.yaml",
        lambda: DECK + "priorities:\n" + "".join(f"  {'p' * 60}{n}: x\n" for n in range(4_000)),
        "0 priorities",
    ),
    "a fact of which each word is another spelling": (
        "dates.yaml",
        lambda: _facts(58, lambda n: "Q?", lambda n: " ".join(_spelt(n * 200 + m) for m in range(200))),
        "",
    ),
    "4,000 facts that accept": (
        "dates.yaml",
        lambda: _facts(4_000, lambda n: f"Is it {n}?").replace("]\n", "]\n  accept: {a-date-has-come: r}\n"),
        "",
    ),
    "150 questions of a thousand short words": (
        "dates.yaml",
        lambda: _facts(150, lambda n: " ".join(f"w{m}" for m in range(n, n + 800)) + "?"),
        "",
    ),
    "an answer of hundreds of parts": (
        "dates.yaml",
        lambda: _facts(
            40,
            lambda n: ",".join(f"xabc{m:04}x" for m in range(300)) + "?",
            lambda n: ",".join(f"abc{m:04}" for m in range(400)),
        ),
        "",
    ),
    "drawings of nothing but mistakes": (
        "media/a.svg",
        lambda: '<svg xmlns="x">' + "<a/>" * 24_000 + "</svg>",
        "the element <svg>",
    ),
    "a drawing of 5 MB": ("media/a.svg", lambda: "<svg>" * 1_000_000, "a file of 5,000,000 bytes"),
    "a drawing of entities": (
        "media/a.svg",
        lambda: (
            '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "' + "x" * 9_000 + '">]><svg>' + "&a;" * 20_000 + "</svg>"
        ),
        "a document type",
    ),
}

# Texts that a careless regular expression searches in quadratic time or worse, cut to the longest allowed text.
PIECES = [
    *("a", "A", " ", "a ", "( ", "[", "<a ", "< ", "the the ", "x, ", ", and ", "from 1999 to ", "between 1999 and "),
    *("has been ", "has a been ", "15 May ", "15 May 1992 ", "1992", "1992-", "1 2 ", "a-b ", "...", "?? ", "TODO"),
    *("this a ", "such a b ", "and when ", "it ", "now ", "“", "« ", "&lt", "]( ", "**", "№ ", "é", "Ж ", "Ж", "_a"),
    *("http://", "e.g. ", "of the ", "1,", "1. ", "%", "A.B.", "McA ", "'s ", "-", "–", "in 1992, ", "next question "),
    *("..a", "; a", "\\n\\n", "Aa ", "Aa-", "has very been x ", "Aa bb. ", "1 to 2 May 1992 ", "("),
]
for piece in PIECES:
    whole = (piece * 4000)[:3990]

    def texts(whole: str = whole) -> str:
        """Forty facts with this text in every place that takes a text."""
        entry = (
            'e{0}:\n  about: "{1}"\n  question: "Q{0} {1}?"\n  answer: "{1} {0}"\n'
            '  reverse:\n    question: "{1} q{0}?"\n'
            '    answer: "{1}.{0}"\n  detail: "{1}!"\n  mnemonic: "M {1}"\n  sources: [charter]\n'
        )
        return "".join(entry.format(n, whole.strip() or "x" + whole + "x") for n in range(40))

    ATTACKS[f"texts of {piece!r}"] = ("dates.yaml", texts, "")


class Cost(NamedTuple):
    """A run: its exit code, its output, the seconds of computing, and the peak memory in MiB."""

    code: int
    output: str
    seconds: float
    memory: float


def run(folder: Path, *arguments: str, seconds: int = 60) -> Cost:
    """Run a command of the tool in another process, which is stopped after `seconds` of computing."""
    import resource

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        command = [sys.executable, "-m", "csto_anki", *arguments]
        process = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file, preexec_fn=bounded)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        file.seek(0)
        output = file.read()
    return Cost(process.returncode, output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def attack(folder: Path, name: str) -> Path:
    """Write a deck with an attack."""
    file, text, _ = ATTACKS[name]
    return write_deck(folder / "cards", {file: text()})


if __name__ == "__main__":
    for name in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            attack(Path(folder), name)
            costs = {command: run(Path(folder), command) for command in ("check", "build")}
        costs_of = [f"{name} {each.code}, {each.seconds:.2f} s, {each.memory:.0f} MiB" for name, each in costs.items()]
        print(f"{name}: {'; '.join(costs_of)}", flush=True)
