"""A disk that is full or broken, and a kill, at every single write of every command that writes."""

from __future__ import annotations

import errno
import hashlib
import shutil
import sys
from pathlib import Path

import pytest

from csto_anki import together
from faults import BROKEN, FULL, FULL_ONCE, KILLED, Fault, run
from small_deck import FILES, write_deck
from test_publish import FIRST, JUNE, README, SECOND, release

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
    """Every file and folder, hidden ones too, by its contents."""
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(project.rglob("*"))
    }


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a release, an older package and page, and cards that have changed since."""
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
    """All files as a run without a fault leaves them."""
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
        assert "Traceback" not in result.said, f"touch {at}: {result.said}"
        if not result.struck:
            assert (result.code, everything(project)) == (0, done)
            break
        if result.code == 0:  # it came where nothing was lost by it
            assert everything(project) == done, f"touch {at}"
        elif together.unfinished(project / "dist"):  # decided, and said so
            assert "run csto-anki release again, which will finish it" in result.said, f"touch {at}"
            assert run(project, arguments).code == 0
            assert everything(project) == done, f"touch {at}"
        else:
            failed += 1
            assert result.code == 1, f"touch {at}: {result}"
            left = everything(project)
            if name == "schema":  # several files, each of them whole
                assert left.keys() - {"cards/schema"} <= done.keys(), f"touch {at}: {result.said}"
                left = {path: before.get(path, "") for path in left if path in before and done[path] == left[path]}
                left = {**before, **left}
            assert left == before, f"touch {at}: {result.said}"
            assert result.said.strip().split("\n")[-1].startswith("csto-anki: "), f"touch {at}: {result.said}"
        assert list((tmp_path / "temp").iterdir()) == [], f"touch {at}"
        shutil.rmtree(project.parent)
    else:
        pytest.fail("it never came to its end")
    assert failed >= 5


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "release"])  # which has a test of its own
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
            pass  # its parts are put into the folder one by one
        elif name != "preview":
            assert {path for path in plain if path.endswith(".apkg")} <= before.keys() | done.keys()
            assert all(digest in (before.get(path), done.get(path)) for path, digest in plain.items()), f"touch {at}"
        else:  # between two renames of folders there can be none: the old one waits beside it
            assert plain in (before, done, {path: plain[path] for path in plain if not path.startswith("preview")})
        # What is left is hidden, and no hindrance: the next run ends as if nothing had been.
        again = run(project, arguments)
        if name.startswith("init") and again.code:
            assert "it is there already, and no empty folder" in again.said
        else:
            assert again.code == 0, f"touch {at}: {again.said}"
            now = {path: digest for path, digest in everything(project).items() if ".csto-anki-" not in path}
            assert now == done, f"touch {at}"
        shutil.rmtree(project.parent)
    assert killed >= 5


@pytest.mark.parametrize("fault", [FULL_ONCE, FULL], ids=["once full", "full from then on"])
@pytest.mark.parametrize("command", ["inspect", "diff"])
def test_a_fault_while_a_package_is_looked_at_leaves_nothing(
    command: str, fault: Fault, begun: Path, tmp_path: Path
) -> None:
    """These write into a private folder alone."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    arguments = [command, "dist/mine.apkg", *(["dist/mine.apkg"] if command == "diff" else [])]
    failed = 0
    for at in range(1, 1000):
        result = run(project, arguments, at, fault)
        assert "Traceback" not in result.said, f"touch {at}: {result.said}"
        assert list((tmp_path / "temp").iterdir()) == [], f"touch {at}"
        if not result.struck:
            break
        failed += result.code == 1
    assert failed >= 2
    assert everything(project) == everything(begun)


@pytest.mark.parametrize("name", COMMANDS)
def test_where_nothing_can_be_written(name: str, begun: Path, tmp_path: Path) -> None:
    """A folder that is read-only; rights alone would not keep an administrator from writing."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    result = run(project, COMMANDS[name], 1, Fault(errno.EROFS, stays=True))
    assert (result.code, everything(project)) == (1, everything(begun))
    assert result.said.strip().split("\n")[-1].count("Read-only file system") == 1


def test_a_deck_is_still_built_where_there_is_no_temporary_folder(tmp_path: Path, begun: Path) -> None:
    """`build` needs none: it works beside its output."""
    project = tmp_path / "project"
    shutil.copytree(begun, project)
    shutil.rmtree(tmp_path / "temp")
    assert run(project, ["build"]).code == 0


def test_the_faults_are_real(tmp_path: Path) -> None:
    """The fault of a test that cannot fail: each kind of touch is counted in a build."""
    project = tmp_path / "deep" / "project"
    write_deck(project / "cards", dict(FILES))
    told = [run(project, ["build"], at, BROKEN) for at in (1, 2, 3)]
    assert [(each.code, each.struck) for each in told] == [(1, True)] * 3
    assert told[0].said.count("Input/output error") == 1
