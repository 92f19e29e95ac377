"""The command lines in README, CONTRIBUTING and the help are real: they are run, in a copy of the project.

The two that set up the project are run by .ci/run itself; what installs is not run again, and what would run these
tests inside themselves only collects them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from csto_anki.cli import cli
from test_cli import run

REPOSITORY = Path(__file__).parents[1]
TEXTS = {name: (REPOSITORY / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")}
COPIED = (
    "benchmarks",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "pyproject.toml",
    "cards",
    "dist",
    "docs",
    "src",
    "tests",
)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the lines are for sh; those for PowerShell set up alone")


def blocks() -> list[str]:
    """The lines of all `sh` blocks, but those that CI runs to the letter."""
    found = []
    for text in TEXTS.values():
        for mark, block in re.findall(r"(<!-- (?:build|test) -->\n)?```sh\n(.*?)```", text, re.DOTALL):
            found += [] if mark else [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]
    return [line for line in found if line]


def harmless(line: str) -> str:
    """A line as it can be run here: without installing, without a browser, and without these tests themselves."""
    line = re.sub(r"\.venv/bin/python -m pip install [^&]*", "true ", line)
    line = line.replace("python -m pytest", "python -m pytest --collect-only -q tests/test_facts.py")
    line = line.replace(".venv/bin/python tests/old_ankis.py", "true").replace(" --open", "")
    here = {"csto-anki": f"{sys.executable} -m csto_anki", "python": sys.executable}
    programs = Path(sys.executable).parent.as_posix()
    return re.sub(r"\.venv/bin/([a-z-]+)", lambda match: here.get(match[1], f"{programs}/{match[1]}"), line)


def test_there_are_lines_to_run() -> None:
    assert len(blocks()) >= 12
    commands = set(re.findall(r"csto-anki ([a-z]+)", "\n".join([*blocks(), *TEXTS.values()])))
    assert set(cli.commands) <= commands


@POSIX
def test_every_block_of_commands_runs(tmp_path: Path) -> None:
    """In their order, for some need what those before them made."""
    project = tmp_path / "project"
    for name in COPIED:
        source = REPOSITORY / name
        target = project / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.dev-*"))
        else:
            shutil.copy(source, target)
    # There is something to release.
    dates = project / "cards" / "dates.yaml"
    dates.write_text(
        dates.read_text("utf-8").replace("detail: Signed in Tashkent.", "detail: At Tashkent.", 1), "utf-8"
    )
    for line in blocks():
        result = subprocess.run(["bash", "-c", harmless(line)], cwd=project, capture_output=True, text=True)
        assert result.returncode == 0, f"{line}\n{result.stdout}\n{result.stderr}"


def spans() -> list[str]:
    """What stands in backticks and begins with the command."""
    told = [span for text in TEXTS.values() for span in re.findall(r"`([^`\n]*csto-anki [a-z][^`\n]*)`", text)]
    told += [line.strip() for command in cli.commands.values() for line in (command.help or "").splitlines()]
    return [span for span in told if re.search(r"csto-anki [a-z]+", span)]


@pytest.mark.parametrize("span", sorted(set(spans())))
def test_every_command_that_is_named_is_one(span: str) -> None:
    for name, rest in re.findall(r"csto-anki ([a-z]+)([^`]*)", span):
        assert name in cli.commands
        options = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<![\w-])--[a-z-]+", rest)) <= options | {"--help"}


EXAMPLES = {
    name: re.findall(r"Example: (csto-anki .*)", command.help or "") for name, command in sorted(cli.commands.items())
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_help_has_one_example_and_it_runs(name: str, tmp_path: Path) -> None:
    (example,) = EXAMPLES[name]
    assert example.startswith(f"csto-anki {name}")
    if name == "watch":  # which does not end; see test_watch.py
        return
    for folder in ("cards", "dist"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.dev-*"))
    for text in ("README.md", "CHANGELOG.md"):
        shutil.copy(REPOSITORY / text, tmp_path)
    if name in ("diff", "release"):
        dates = tmp_path / "cards" / "dates.yaml"
        dates.write_text(dates.read_text("utf-8").replace("Signed in Tashkent.", "At Tashkent.", 1), "utf-8")
        assert run(tmp_path, "build", "--output", "dist/mine.apkg").returncode == 0
        if name == "release":
            (tmp_path / "dist" / "mine.apkg").unlink()
    if name == "schema":  # a source may be new since the schemas were written
        assert run(tmp_path, "schema").returncode == 0
    words = re.findall(r'"([^"]*)"|(\S+)', example.replace(" --open", ""))[1:]
    result = run(tmp_path, *(quoted or bare for quoted, bare in words))
    assert result.returncode == 0, result.stderr


def test_the_help_of_all_commands_fits_a_terminal() -> None:
    for name, command in cli.commands.items():
        told = command.get_help(click.Context(command, info_name=f"csto-anki {name}", terminal_width=100))
        assert max(map(len, told.splitlines())) <= 100


@POSIX
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(shell: str, tmp_path: Path) -> None:
    environment = {"_CSTO_ANKI_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"}
    result = run(tmp_path, env=environment)
    assert result.returncode == 0
    assert "_CSTO_ANKI_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("csto-anki s", {"show", "stats", "schema"}),
        ("csto-anki check --strict --ignore texts-are-t", {"texts-are-tidy"}),
        ("csto-anki show unga", {"unga-observer-2004"}),
    ],
)
def test_the_shell_completes_commands_codes_and_ids(words: str, offered: set[str]) -> None:
    count = str(len(words.split()) - 1)
    environment = {"_CSTO_ANKI_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    result = run(REPOSITORY, env=environment)
    assert {line.partition(",")[2] for line in result.stdout.splitlines()} >= offered
