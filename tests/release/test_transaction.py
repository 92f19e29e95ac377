"""Several files replaced together: what was changed in between is kept, and a stranger's plan is refused."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from csto_anki.release import transaction
from support.commands import POSIX, run
from support.releases import FIRST, tree
from support.small_deck import write_deck


def test_what_changed_after_an_interruption_is_not_overwritten(tmp_path: Path) -> None:
    """The files of a committed change were edited since: nothing is lost, and the message says how to go on."""
    root = tmp_path / "dist"
    for name in ("parts", "."):
        (root / name).mkdir(parents=True, exist_ok=True)
    one, two = root / "one.md", root / "two.md"
    one.write_text("old one"), two.write_text("old two")

    def commit() -> None:
        (root / transaction.READY).mkdir()
        plan = []
        for path in (one, two):
            (root / transaction.READY / path.name).write_text(f"new {path.stem}")
            new = hashlib.sha256(f"new {path.stem}".encode()).hexdigest()
            old = hashlib.sha256(f"old {path.stem}".encode()).hexdigest()
            plan.append({"part": path.name, "target": path.name, "old": old, "new": new})
        (root / transaction.READY / transaction.PLAN).write_text(json.dumps(plan))

    commit()
    two.write_text("mine")  # before anything was put in place, so it is as if there had been no release
    with pytest.raises(transaction.Clash, match=r"two\.md was changed in the meantime; run the release again"):
        transaction.finish(root, ())
    assert (one.read_text(), two.read_text(), transaction.is_unfinished(root)) == ("old one", "mine", False)
    commit()
    (root / transaction.READY / one.name).replace(one)
    with pytest.raises(transaction.Clash, match=r"two\.md was changed since a release was interrupted; restore it"):
        transaction.finish(root, ())
    assert (one.read_text(), two.read_text(), transaction.is_unfinished(root)) == ("new one", "mine", True)
    two.write_text("old two")
    transaction.finish(root, ())
    assert (one.read_text(), two.read_text(), transaction.is_unfinished(root)) == ("new one", "new two", False)


def test_a_release_that_comes_too_late_leaves_nothing_to_finish(tmp_path: Path) -> None:
    """Another one was made since it read its files. That some files are the same must not look like half a release."""
    names = {name: tmp_path / f"{name}.md" for name in ("package", "changelog")}
    before = dict.fromkeys(names.values(), "")
    for release in ("first", "second"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "package").write_text(release)
        (tmp_path / release / "changelog").write_text("the same")
    transaction.replace(tmp_path, tmp_path / "first", names, before)
    with pytest.raises(transaction.Clash, match=r"package\.md was changed in the meantime; run the release again"):
        transaction.replace(tmp_path, tmp_path / "second", names, before)
    assert {name: path.read_text() for name, path in names.items()} == {"package": "first", "changelog": "the same"}
    assert not transaction.is_unfinished(tmp_path)


def planned(dist: Path, target: str, part: str = "part", digest: str | None = None) -> None:
    """What a stranger could put into a contribution: a change that seems to be committed."""
    ready = dist / transaction.READY
    ready.mkdir(parents=True)
    (ready / "part").write_text("#!/bin/sh\n")
    new = hashlib.sha256(b"#!/bin/sh\n").hexdigest() if digest is None else digest
    (ready / transaction.PLAN).write_text(json.dumps([{"part": part, "target": target, "old": "", "new": new}]))


TARGETS = [
    *("../.git/hooks/post-commit", "../../elsewhere.md", "/x.md", "../.github/workflows/x.yml", "../x/y.md", ".."),
    *("../cards/dates.yaml", "../../cards/released.json", "..\\x.md", "C:\\x.md", "../README.md\n", "a/b.md", ""),
    *("a.md/../../../etc/x", "a.apkg.sh", "a.md\n", "A.md", "a.md.txt"),
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_plan_of_a_stranger_puts_no_file_elsewhere(target: str, tmp_path: Path) -> None:
    """For example not a hook of git, which would run at the next commit."""
    folder = tmp_path / "project"
    write_deck(folder / "cards", FIRST)
    planned(folder / "dist", target)
    before = tree(tmp_path)
    result = run(folder, "release")
    assert (result.returncode, result.stdout) == (1, "")
    assert "does not come from a release; look at what it is and remove it" in result.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("part", "digest"), [("../part", None), ("part", "0" * 64), ("..", None), ("", None)])
def test_a_plan_of_a_stranger_moves_nothing_but_its_own_parts(part: str, digest: str | None, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    planned(tmp_path / "dist", "../README.md", part, digest)
    before = tree(tmp_path)
    result = run(tmp_path, "release")
    assert (result.returncode, result.stdout) == (1, "")
    assert "does not come from a release" in result.stderr
    assert tree(tmp_path) == before


def parts_of(root: Path) -> tuple[Path, dict[str, Path], dict[Path, str]]:
    """A folder with a part, its target, and what the target was before."""
    (root / "parts").mkdir()
    (root / "parts" / "a.md").write_text("new")
    target = root / "a.md"
    target.write_text("old")
    return root / "parts", {"a.md": target}, {target: hashlib.sha256(b"old").hexdigest()}


def test_files_on_several_disks_are_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file can be renamed from one disk to another, so the release could never be finished."""
    parts, targets, before = parts_of(tmp_path)
    stat, other = Path.stat, tmp_path / "other"
    other.mkdir()
    targets["b.md"] = other / "b.md"
    (parts / "b.md").write_text("new")

    def of_another_disk(path: Path, **options: bool) -> os.stat_result:
        found = stat(path, **options)
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:])) if path == other else found

    monkeypatch.setattr(Path, "stat", of_another_disk)
    with pytest.raises(transaction.Clash, match="the files to replace are on several disks; move the deck's folder"):
        transaction.replace(tmp_path, parts, targets, {**before, targets["b.md"]: ""})
    assert not transaction.is_unfinished(tmp_path)
    assert (tmp_path / "a.md").read_text() == "old"


@POSIX
def test_a_ready_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """It could lead to files of somebody else, which would then be moved."""
    planned(tmp_path / "elsewhere", "../README.md")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / transaction.READY).symlink_to(tmp_path / "elsewhere" / transaction.READY)
    with pytest.raises(transaction.Clash, match="does not come from a release; look at what it is and remove it"):
        transaction.finish(tmp_path / "dist", (tmp_path / "README.md",))
    assert (tmp_path / "elsewhere" / transaction.READY / "part").exists()
    assert not (tmp_path / "README.md").exists()


@POSIX
def test_a_part_that_is_a_link_is_not_put_in_place(tmp_path: Path) -> None:
    """It would show any file of the machine with these contents, and what is written into it later."""
    planned(tmp_path / "dist", "a.md")
    part = tmp_path / "dist" / transaction.READY / "part"
    part.rename(tmp_path / "elsewhere")
    part.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(transaction.Clash, match="does not come from a release"):
        transaction.finish(tmp_path / "dist", ())
    assert not (tmp_path / "dist" / "a.md").exists()
