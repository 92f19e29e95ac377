"""Printing to a terminal: problems, counts, progress; and stopping with a reason."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from csto_anki.deck.problem import Problem

# The optional libraries: what each one is, and its requirement, which is also in pyproject.toml.
LIBRARIES = {
    "anki": ("Anki itself", "anki>=26.9,<27"),
    "jinja2": ("the template library Jinja", "jinja2>=3.1,<4"),
    "watchfiles": ("a file watcher", "watchfiles>=1.1,<2"),
}


def report(problems: Sequence[Problem], form: str = "text", err: bool = False) -> None:
    """Print problems in one of the formats of `check`, to standard error if `err`."""
    from csto_anki.cli import formats

    colours = {"error": "red", "warning": "yellow", "place": None, "hint": "bright_black"}
    if form == "json":
        click.echo(formats.as_json(problems))
        return
    lines = formats.as_github(problems)
    if form == "text":
        lines = formats.as_text(problems, lambda part, text: click.style(text, fg=colours[part], bold=part == "place"))
        lines = map(as_typed, lines)
    for line in lines:
        click.echo(line, err=err)


def report_and_stop(problems: Sequence[Problem], outcome: str = "") -> NoReturn:
    """Print problems to standard error, then their number and the outcome if there is one, and exit with 1."""
    report(sorted(problems), err=True)
    errors = sum(problem.is_error for problem in problems)
    stop(f"{count(errors, 'error')}{outcome}")


def stop(*reasons: str) -> NoReturn:
    """Print why the command cannot go on, and exit with 1."""
    from csto_anki.deck.problem import printable

    for reason in reasons:
        click.echo(as_typed(printable(f"csto-anki: {reason}")), err=True)
    raise click.exceptions.Exit(1)


def inform(quiet: bool, line: str) -> None:
    """Print a line about the progress to standard error, unless `quiet`."""
    from csto_anki.deck.problem import escaped

    if not quiet:
        click.echo(as_typed(escaped(line)), err=True)


def as_typed(text: str) -> str:
    """A text in which each command of csto-anki begins as it has to be typed in this folder, for the same deck.

    What is in backticks, or the end of a path, stays: it is no advice.
    """
    from csto_anki.cli.main import COMMANDS
    from csto_anki.deck.problem import escaped

    context = click.get_current_context(silent=True)
    cards = context.params.get("cards") if context else None

    def typed(match: re.Match[str]) -> str:
        named = f" --cards {shell_quoted(str(cards))}" if cards and match[1] != "init" else ""
        return escaped(f"{program()} {match[1]}{named}")

    return re.sub(rf"(?<![`/\\])\bcsto-anki ({'|'.join(COMMANDS)}|--help)\b", typed, text)


def program() -> str:
    """How this program is started, as it is typed in a shell.

    It is not `csto-anki` if that is not found, as after `.venv/bin/csto-anki` or `python -m csto_anki`.
    """
    name, more = sys.argv[0], ""
    if Path(name).name == "__main__.py":
        name, more = sys.orig_argv[0], " -m csto_anki"
    elif Path(name).stem != "csto-anki":
        return "csto-anki"
    found = shutil.which(Path(name).name)
    # uv adds the program to the search path only while it runs.
    if found and _is_same_program(found, name) and "UV" not in os.environ:
        return Path(name).stem + more
    return shell_quoted(name, is_program=True) + more


def _is_same_program(one: str, other: str) -> bool:
    """Whether two paths are the same; on Windows also if only one of them ends in .exe."""
    first, second = (os.path.normcase(os.path.abspath(path)) for path in (one, other))  # noqa: PTH100
    return first == second or (sys.platform == "win32" and first.removesuffix(".exe") == second.removesuffix(".exe"))


def shell_quoted(text: str, is_program: bool = False) -> str:
    """A word as it is typed in a shell: in PowerShell on Windows, and elsewhere in a POSIX shell."""
    if sys.platform != "win32":
        return shlex.quote(text)
    if re.fullmatch(r"[\w.:\\/+=~-]+", text):
        return text
    quoted = "'" + text.replace("'", "''") + "'"
    return f"& {quoted}" if is_program else quoted


def result(path: Path) -> None:
    """Print the path of something that was made to standard output, so that other programs can use it.

    A folder can come from a stranger, and its name can command a terminal; such characters are shown as escapes.
    """
    from csto_anki.deck.characters import TERMINAL_COMMAND

    click.echo(TERMINAL_COMMAND.sub(lambda found: ascii(found[0])[1:-1], str(path)).replace("\n", "\\n"))


def count(number: int, noun: str) -> str:
    """`1 problem`, `1,200 problems`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def missing(*libraries: str) -> str:
    """Which of these optional libraries are missing, and how to install them; empty if none is missing."""
    from importlib.util import find_spec

    needed = [LIBRARIES[library] for library in libraries if find_spec(library) is None]
    if not needed:
        return ""
    names = " and ".join(name for name, _ in needed)
    requirements = " ".join(f'"{requirement}"' for _, requirement in needed)
    return f"{names}; install {'it' if len(needed) == 1 else 'them'}: {install_command(requirements)}"


def install_command(arguments: str) -> str:
    """The command that installs something for the Python that runs this, which need not be the one called `python`."""
    from importlib.util import find_spec

    if find_spec("pip") is None:  # as in what uv installs
        return f"uv pip install --python {shell_quoted(sys.executable)} {arguments}"
    return f"{shell_quoted(sys.executable, is_program=True)} -m pip install {arguments}"


def require_libraries(command: str, *libraries: str) -> None:
    """Exit with 1 if an optional library that a command needs is missing, and print how it is installed."""
    if needed := missing(*libraries):
        stop(f"{command} needs {needed}")
