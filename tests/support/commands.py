"""Run the command as people do, and read what it prints."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from csto_anki.cli import main

# How the messages of the tool name the program that installs a library for the Python that runs it.
_PYTHON = os.fsencode(sys.executable).decode()  # as a program prints it, also in a locale that is not UTF-8
PIP = f'& "{_PYTHON}" -m pip install' if sys.platform == "win32" else f"{shlex.quote(_PYTHON)} -m pip install"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes and resource limits, which Windows lacks")


def require_names(*names: str) -> None:
    """Skip the test if the locale cannot have files of these names."""
    try:
        is_here = all(os.fsencode(name) == name.encode() for name in names)
    except UnicodeEncodeError:
        is_here = False
    if not is_here:
        pytest.skip(f"needs a locale with files of these names in UTF-8: {names!r}")


def require_scripts() -> None:
    """Skip the test if the scripts of this environment do not start.

    Their first line is the path of Python in UTF-8, which is another one if the locale has another encoding.
    """
    if os.fsencode(sys.executable) != sys.executable.encode():
        pytest.skip("needs an environment whose path is the same in UTF-8 and in this locale")


def run(folder: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run `csto-anki` in a folder; `options` are those of subprocess.run.

    Messages name the program as it was started; here, they name it `csto-anki`, as those of `call` do.
    """
    command = [sys.executable, "-m", "csto_anki", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", **options)  # type: ignore[call-overload]
    started = PIP.replace("-m pip install", "-m csto_anki ")
    done.stderr = done.stderr.replace(started, "csto-anki ")
    return done  # type: ignore[no-any-return]


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `csto-anki` in a folder as a part of this process, which is quicker than `run`; signals stay as they are."""
    before, out, err = Path.cwd(), io.StringIO(), io.StringIO()
    command = ["csto-anki", *arguments]
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), mock.patch.object(sys, "argv", command):
            code = main.run()
    finally:
        os.chdir(before)
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


def run_without(
    libraries: tuple[str, ...], folder: Path, *arguments: str, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run `csto-anki` in a folder as if these libraries were not installed."""
    code = f"""
import sys
sys.modules.update(dict.fromkeys({libraries!r}))
sys.argv = ["csto-anki", *{arguments!r}]
from csto_anki.__main__ import main
main()
"""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", **options)  # type: ignore[call-overload, no-any-return]


def preview(output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `csto-anki preview` on a fixed day, in the current folder."""
    return call(Path.cwd(), "preview", "--output", str(output), "--today", "2026-11-24", *options)


def problem_lines(output: str) -> list[str]:
    """The lines that report problems, without their codes and without the lines of the file below them."""
    return [re.sub(r" \[[a-z-]+\]$", "", line) for line in output.splitlines() if not line.startswith("    ")]
