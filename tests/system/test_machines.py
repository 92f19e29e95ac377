"""Broken and odd machines: whatever is wrong, one line says so, and existing files stay whole.

Full and read-only disks and kills at every write are in `test_faults.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.commands import POSIX, run
from support.releases import FIRST, JUNE, SECOND, release
from support.small_deck import FILES, write_deck

COMMAND = [sys.executable, "-m", "csto_anki"]


def test_of_two_builds_at_once_both_are_whole(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    run(tmp_path, "build", "--output", "dist/a.apkg", "--today", "2026-11-24")
    expected = (tmp_path / "dist" / "a.apkg").read_bytes()
    for _ in range(5):
        command = [*COMMAND, "build", "--output", "dist/a.apkg", "--today", "2026-11-24"]
        both = [subprocess.Popen(command, cwd=tmp_path, stdout=-1, stderr=-1, text=True) for _ in range(3)]
        said = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0, 0, 0], said
        assert (tmp_path / "dist" / "a.apkg").read_bytes() == expected
        assert [path.name for path in (tmp_path / "dist").iterdir()] == ["a.apkg"]


def test_of_two_pages_at_once_one_is_there(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    for _ in range(3):
        both = [
            subprocess.Popen([*COMMAND, "preview"], cwd=tmp_path, stdout=-1, stderr=-1, text=True) for _ in range(2)
        ]
        said = [process.communicate(timeout=60) for process in both]
        assert sorted(process.returncode for process in both) in ([0, 0], [0, 1]), said
        assert all("Traceback" not in stderr for _, stderr in said), said
        names = sorted(path.name for path in (tmp_path / "preview").iterdir() if path.suffix != ".apkg")
        assert names == ["index.html", "pictures", "plan.html", "sheet.html", "sources.html"]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "preview"]


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [["check"], ["check", "--explain", "all"], ["build"], ["diff"], ["stats"], ["show", "the"], ["--help"]],
    ids=" ".join,
)
def test_a_pipe_that_is_closed_and_a_disk_that_is_full_at_the_end_of_one(arguments: list[str], tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    reading, writing = os.pipe()
    os.close(reading)
    closed = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert closed.returncode in (0, 1)
    assert "Traceback" not in closed.stderr
    assert "Exception" not in closed.stderr
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            result = subprocess.run(
                [*COMMAND, *arguments], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
            )
        assert "Traceback" not in result.stderr
        if arguments != ["check"]:  # which prints nothing to standard output if nothing is wrong
            assert result.returncode == 1
            assert result.stderr.strip().split("\n")[-1] == "csto-anki: cannot print: No space left on device"


def test_an_output_that_is_a_folder(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "a.apkg" / "kept").mkdir(parents=True)
    result = run(tmp_path, "build", "--output", "a.apkg", "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("csto-anki: cannot write a.apkg: ")
    assert len(result.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.apkg", "cards"]
    assert (tmp_path / "a.apkg" / "kept").is_dir()


@POSIX
@pytest.mark.parametrize("where", ["/dev/null/a.apkg", "/proc/a.apkg"])
def test_an_output_in_a_device(where: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "build", "--output", where, "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"csto-anki: cannot write {where}: ")
    assert len(result.stderr.splitlines()) == 1


@POSIX
def test_an_output_that_is_a_pipe_or_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    os.mkfifo(tmp_path / "pipe.apkg")
    (tmp_path / "null.apkg").symlink_to("/dev/null")
    for name in ("pipe.apkg", "null.apkg"):
        assert run(tmp_path, "build", "--output", name, timeout=60).returncode == 0
        assert zipfile.is_zipfile(tmp_path / name)
        assert not (tmp_path / name).is_symlink()


@pytest.mark.parametrize("command", ["inspect", "verify", "diff"])
def test_without_a_temporary_folder(command: str, tmp_path: Path) -> None:
    """Python looks for one in several places, and all of these would have to be missing."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    code = f"""
import sys, tempfile
tempfile.tempdir = {str(tmp_path / "nowhere")!r}
from csto_anki.__main__ import main
main()
"""
    package = "dist/small-2026-06-01.apkg"
    command_line = [sys.executable, "-c", code, command, package, *([package] if command == "diff" else [])]
    result = subprocess.run(command_line, cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, "")
    assert "no temporary folder can be written to" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_clock_that_jumps_back_makes_nothing_older(tmp_path: Path) -> None:
    """What learners have is newer than such a clock. A build is still newer than that, and a release is refused."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    write_deck(tmp_path / "cards", dict(SECOND))
    (tmp_path / "cards" / "released.json").write_bytes((tmp_path / "kept.json").read_bytes())
    code = """
import datetime, sys
from csto_anki.cli import options
options.now = lambda: datetime.datetime(2026, 5, 1, tzinfo=datetime.timezone.utc)
from csto_anki.__main__ import main
main()
"""
    early = [sys.executable, "-c", code]
    built = subprocess.run([*early, "build", "--output", "a.apkg"], cwd=tmp_path, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    late = run(tmp_path, "build", "--output", "b.apkg", "--today", "2026-06-01")
    assert late.returncode == 0
    refused = subprocess.run([*early, "release"], cwd=tmp_path, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "csto-anki: cannot release: the clock says 2026-05-01 00:00:00 (UTC), which is not after the last release, "
        "2026.06.01; set the clock, or, if that release was made by a wrong clock, give --date 2026-06-01: "
        "until that day, each import replaces what learners wrote into the notes of these releases\n"
    )
    lost = code.replace("2026, 5, 1", "1970, 1, 1")
    result = subprocess.run([sys.executable, "-c", lost, "build"], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert "the date 1970-01-01 is before 2026-01-01: check the clock" in result.stderr


@POSIX
def test_a_locale_that_has_only_ascii(tmp_path: Path) -> None:
    if not sys.prefix.isascii():
        pytest.skip(
            "needs an environment with a path in ASCII: Python itself does not load all libraries of another one"
        )
    text = FILES["dates.yaml"].replace("Treaty signed", "Договор signed")
    write_deck(tmp_path / "cards", {"dates.yaml": text})
    bare = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    results = []
    for name, environment in (("a", bare), ("b", {**os.environ, "LC_ALL": "C.UTF-8"})):
        command = [*COMMAND, "build", "--output", f"{name}.apkg", "--today", "2026-11-24"]
        result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
        assert result.returncode == 0, result.stderr
        results.append((tmp_path / f"{name}.apkg").read_bytes())
        for arguments in (["show", "treaty"], ["inspect", f"{name}.apkg"], ["check", "--format", "json"]):
            told = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, env=environment, capture_output=True)
            assert told.returncode == 0, told.stderr
    assert results[0] == results[1]


def test_windows_line_ends_give_the_same_package(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    write_deck(tmp_path / "crlf" / "cards", {name: text.replace("\n", "\r\n") for name, text in FILES.items()})
    for folder in (tmp_path, tmp_path / "crlf"):
        result = run(folder, "build", "--output", "a.apkg", "--today", "2026-11-24")
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "crlf" / "a.apkg").read_bytes()


@POSIX
@pytest.mark.parametrize("folder", [".", "./", "sub", "../project/sub"])
def test_a_temporary_folder_can_be_relative(folder: str, two_releases: Path, tmp_path: Path) -> None:
    """A true release is true, and nothing is left in it."""
    (project := tmp_path / "project").mkdir()
    (project / "sub").mkdir()
    package = shutil.copy(two_releases / "dist" / "small-2026-07-01.apkg", project / "a.apkg")
    shutil.copytree(two_releases / "cards", project / "cards")
    for arguments in (("inspect", "a.apkg"), ("verify", "a.apkg"), ("diff", "a.apkg", "a.apkg")):
        result = run(project, *arguments, env={**os.environ, "TMPDIR": folder})
        assert (result.returncode, result.stderr) == (0, ""), arguments
    assert sorted(path.name for path in project.iterdir()) == ["a.apkg", "cards", "sub"]
    assert not any((project / "sub").iterdir())
    assert Path(package).exists()


@POSIX
def test_a_path_that_is_too_long_for_sqlite(tmp_path: Path) -> None:
    """The line says that, and a shorter one works."""
    write_deck(tmp_path / "cards")
    folder = Path("a" * 200, "b" * 200, "c" * 100)
    result = run(tmp_path, "build", "--quiet", "--output", str(folder / "deck.apkg"))
    length = len(str(tmp_path / folder))
    assert (result.returncode, result.stdout) == (1, "")
    end = f"its path has {length} bytes, too many for SQLite; use a shorter one; an older package is unchanged\n"
    assert result.stderr.endswith(end)
    short = "a" * (440 - len(str(tmp_path)) - 202)
    result = run(tmp_path, "build", "--quiet", "--output", str(Path("b" * 200, short, "deck.apkg")))
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_whose_name_is_in_no_encoding(tmp_path: Path) -> None:
    """As from an old archive. Anki takes only names in UTF-8."""
    project = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    write_deck(project / "cards")
    for command in (
        "build --output a.apkg",
        "check",
        "preview",
        "schema",
        "stats",
        "diff",
        "inspect a.apkg",
        "verify a.apkg",
    ):
        result = run(project, *command.split())
        assert result.returncode == 0, (command, result.stderr)
    (odd := Path(os.fsdecode(os.fsencode(tmp_path) + b"/t\xff"))).mkdir()
    for command in ("preview", "verify a.apkg"):
        result = run(project, *command.split(), env={**os.environ, "TMPDIR": str(odd)})
        assert (result.returncode, result.stdout) == (1, ""), command
        assert "TMPDIR" in result.stderr
        assert len(result.stderr.splitlines()) <= 2
