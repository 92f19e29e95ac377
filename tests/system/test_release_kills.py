"""A release that is killed at any moment, and two at once: the files are the old or the new ones, never a mixture."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from csto_anki.cli import options
from csto_anki.files import digest
from csto_anki.history.record import load
from csto_anki.release import transaction
from support.commands import POSIX, run
from support.releases import FIRST, JUNE, README, SECOND, release, tree


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A project with one release, whose cards have changed since."""
    (tmp_path / "README.md").write_text(README)
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "kept.json").unlink()
    for name, content in SECOND.items():
        (tmp_path / "cards" / name).write_text(str(content))
    return tmp_path


def _fork_release(project: Path, at: int, number: int) -> int:
    """Release in a child process, which gets the signal `number` at its `at`-th touch of a file; its exit status.

    Each opening, making, renaming and removing is a touch. The time is fixed, so that every release is the same.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    touches = 0
    written = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect")

    def touch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal touches
        if event in written and (event != "open" or str(project) in str(arguments[0])):
            touches += 1
            if touches == at:
                os.kill(os.getpid(), number)

    try:
        os.chdir(project)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # pytest keeps the output
        options.now = lambda: datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.timezone.utc)
        sys.argv = ["csto-anki", "release", "--cards", str(project / "cards")]
        sys.addaudithook(touch)
        from csto_anki.__main__ import main

        main()
    except SystemExit as end:
        os._exit(1 if end.code else 0)
    finally:
        os._exit(9)


@POSIX
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_killed_at_every_moment_the_tree_is_before_or_after(
    name: str, begun: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After SIGKILL the next run finishes what was committed; after SIGTERM there is nothing to finish."""
    started = tmp_path_factory.mktemp("x")
    before = tree(begun)
    whole = started / "whole"
    shutil.copytree(begun, whole)
    assert os.waitstatus_to_exitcode(_fork_release(whole, 0, 0)) == 0
    after = tree(whole)
    assert before.keys() < after.keys()
    states = {"before": 0, "after": 0, "finished": 0}
    for at in range(1, 1000):
        project = started / str(at)
        shutil.copytree(begun, project)
        status = os.waitstatus_to_exitcode(_fork_release(project, at, getattr(signal, name)))
        if status == 0:
            break
        assert status in ((-9,) if name == "SIGKILL" else (1,)), f"at touch {at}"
        if transaction.is_unfinished(project / "dist"):
            assert name == "SIGKILL"
            assert run(project, "build").returncode == 1
            result = run(project, "release")
            assert (result.returncode, result.stderr) == (
                0,
                "csto-anki: the interrupted release is finished; nothing else was done\n",
            )
            assert tree(project) == after, f"at touch {at}"
            states["finished"] += 1
        else:
            assert tree(project) in (before, after), f"at touch {at}"
            states["before" if tree(project) == before else "after"] += 1
        if name != "SIGKILL":
            assert not list((project / "dist").glob(".*")), f"at touch {at}"
        shutil.rmtree(project)
    else:
        pytest.fail("the release never ended")
    assert states["before"] >= 20
    assert states["after"] >= 1
    assert name != "SIGKILL" or states["finished"] >= 5


@POSIX
def test_of_two_releases_at_once_one_is_made(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = tree(begun)
    for attempt in range(6):
        project = tmp_path_factory.mktemp("both") / "project"
        shutil.copytree(begun, project)
        command = [sys.executable, "-m", "csto_anki", "release"]
        both = [subprocess.Popen(command, cwd=project, stdout=-1, stderr=-1, text=True) for _ in range(2)]
        outputs = [process.communicate(timeout=60) for process in both]
        codes = sorted(process.returncode for process in both)
        assert codes in ([0, 0], [0, 1]), outputs
        assert all("Traceback" not in stderr for _, stderr in outputs), outputs
        record, problems = load(project / "cards" / "released.json")
        assert record is not None, problems
        assert len(record.releases) == 2, attempt
        sums = {name: digest(project / "dist" / name) for name in record.releases[record.last].packages}
        assert record.releases[record.last].packages == sums
        day = record.last.replace(".", "-")
        assert tree(project).keys() - before.keys() == {
            f"dist/small-{end}" for end in (f"{day}.apkg", f"core-{day}.apkg", f"{day}.md", f"{day}.sha256")
        }
