"""A full disk, a broken disk and a kill, at every single write of every command that writes."""

from __future__ import annotations

import errno
import hashlib
import shutil
import sys
from pathlib import Path

import pytest

from csto_anki.release import transaction
from support.faults import BROKEN, FULL, FULL_ONCE, KILLED, Fault, run
from support.releases import FIRST, JUNE, README, SECOND, release
from support.small_deck import FILES, write_deck

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork, which Windows lacks")

COMMANDS = {
    "build": ["build"],
    "build over another": ["build", "--output", "dist/mine.apkg"],
    "release": ["release"],
    "schema": ["schema"],
    "init": ["init", "new"],
    "init here": ["init", "empty"],
    "preview": ["preview"],
}


def everything(project: Path) -> dict[str, str]:
    """The digest of every file by its path; folders and hidden files, too."""
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(project.rglob("*"))
    }


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a release, an older package and website, and cards that have changed since."""
    project = tmp_path_factory.mktemp("begun") / "project"
    project.mkdir()
    (project / "README.md").write_text(README)
    release(project, FIRST, "2026.06.01", JUNE)
    (project / "kept.json").unlink()
    assert run(project, ["build", "--output", "dist/mine.apkg"]).code == 0
    assert run(project, ["preview"]).code == 0
    for name, content in SECOND.items():
        (project / "cards" / name).write_text(str(content))
    (project / "empty").mkdir()
    return project


@pytest.fixture(autouse=True)
def _own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))


def after(begun: Path, folder: Path, arguments: list[str]) -> dict[str, str]:
    """All files as they are after a run without a fault."""
    shutil.copytree(begun, folder / "whole" / "project")
    assert run(folder / "whole" / "project", arguments).code == 0
    return everything(folder / "whole" / "project")


@pytest.mark.parametrize("fault", [FULL_ONCE, FULL, BROKEN], ids=["once full", "full from then on", "once broken"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_at_any_write_leaves_all_as_it_was(name: str, fault: Fault, begun: Path, tmp_path: Path) -> None:
    arguments = COMMANDS[name]
    before, done = everything(begun), after(begun, tmp_path, arguments)
    assert before != done
    failed = 0
    for at in range(1, 1000):
        project = tmp_path / str(at) / "project"
        shutil.copytree(begun, project)
        result = run(project, arguments, at, fault)
        assert "Traceback" not in result.output, f"access {at}: {result.output}"
        if not result.struck:
            assert (result.code, everything(project)) == (0, done)
            break
        if result.code == 0:  # the fault came where nothing was lost
            assert everything(project) == done, f"access {at}"
        elif transaction.is_unfinished(project / "dist"):  # the release is decided, and the command said so
            assert "run csto-anki release again, which will finish it" in result.output, f"access {at}"
            assert run(project, arguments).code == 0
            assert everything(project) == done, f"access {at}"
        else:
            failed += 1
            assert result.code == 1, f"access {at}: {result}"
            left = everything(project)
            if name == "schema":  # it writes several files, each of them whole
                assert left.keys() - {"cards/schema"} <= done.keys(), f"access {at}: {result.output}"
                left = {path: before.get(path, "") for path in left if path in before and done[path] == left[path]}
                left = {**before, **left}
            assert left == before, f"access {at}: {result.output}"
            assert result.output.strip().split("\n")[-1].startswith("csto-anki: "), f"access {at}: {result.output}"
        assert list((tmp_path / "temp").iterdir()) == [], f"access {at}"
        shutil.rmtree(project.parent)
    else:
        pytest.fail("it never ended")
    assert failed >= 5


# `release` has its own test, in test_release_kills.py.
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "release"])
def test_killed_at_any_write_the_old_or_the_new_is_whole(name: str, begun: Path, tmp_path: Path) -> None:
    arguments = COMMANDS[name]
    before, done = everything(begun), after(begun, tmp_path, arguments)
    killed = 0
    for at in range(1, 1000):
        project = tmp_path / str(at) / "project"
        shutil.copytree(begun, project)
        result = run(project, arguments, at, KILLED)
        if not result.struck:
            break
        assert result.code == -9
        killed += 1
        left = everything(project)
        plain = {path: digest for path, digest in left.items() if ".csto-anki-" not in path}
        if name == "init here":
            pass  # it puts its parts into the folder one by one
        elif name != "preview":
            assert {path for path in plain if path.endswith(".apkg")} <= before.keys() | done.keys()
            assert all(digest in (before.get(path), done.get(path)) for path, digest in plain.items()), f"access {at}"
        else:  # between two renames there can be no website: the old one is beside it, hidden
            assert plain in (before, done, {path: plain[path] for path in plain if not path.startswith("preview")})
        # What is left behind is hidden and does no harm: the next run ends as if nothing had happened.
        again = run(project, arguments)
        if name.startswith("init") and again.code:
            assert "it exists already, and is not an empty folder" in again.output
        else:
            assert again.code == 0, f"access {at}: {again.output}"
            now = {path: digest for path, digest in everything(project).items() if ".csto-anki-" not in path}
            assert now == done, f"access {at}"
        shutil.rmtree(project.parent)
    assert killed >= 5


@pytest.mark.parametrize("fault", [FULL_ONCE, FULL], ids=["once full", "full from then on"])
@pytest.mark.parametrize("command", ["inspect", "diff"])
def test_a_fault_while_a_package_is_looked_at_leaves_nothing(
    command: str, fault: Fault, begun: Path, tmp_path: Path
) -> None:
    """These commands write only into a private folder."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    arguments = [command, "dist/mine.apkg", *(["dist/mine.apkg"] if command == "diff" else [])]
    failed = 0
    for at in range(1, 1000):
        result = run(project, arguments, at, fault)
        assert "Traceback" not in result.output, f"access {at}: {result.output}"
        assert list((tmp_path / "temp").iterdir()) == [], f"access {at}"
        if not result.struck:
            break
        failed += result.code == 1
    assert failed >= 2
    assert everything(project) == everything(begun)


@pytest.mark.parametrize("name", COMMANDS)
def test_where_nothing_can_be_written(name: str, begun: Path, tmp_path: Path) -> None:
    """A read-only disk; missing permissions would not stop an administrator from writing."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    result = run(project, COMMANDS[name], 1, Fault(errno.EROFS, stays=True))
    assert (result.code, everything(project)) == (1, everything(begun))
    assert result.output.strip().split("\n")[-1].count("Read-only file system") == 1


def test_a_deck_is_still_built_where_there_is_no_temporary_folder(tmp_path: Path, begun: Path) -> None:
    """`build` needs none, because it works beside its output."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    shutil.rmtree(tmp_path / "temp")
    assert run(project, ["build"]).code == 0


def test_the_faults_are_real(tmp_path: Path) -> None:
    """Otherwise the tests above could not fail: the first three accesses of a build to the disk are hit."""
    project = tmp_path / "deep" / "project"
    write_deck(project / "cards", dict(FILES))
    results = [run(project, ["build"], at, BROKEN) for at in (1, 2, 3)]
    assert [(each.code, each.struck) for each in results] == [(1, True)] * 3
    assert results[0].output.count("Input/output error") == 1
