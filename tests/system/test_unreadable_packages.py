"""Every command that reads packages refuses what cannot be read, in one line, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import run
from support.packages import UNREADABLE, ours


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_one_line(case: str, tmp_path: Path) -> None:
    spoil, expected = UNREADABLE[case]
    path = ours(tmp_path)
    spoil(path)
    for command in (("inspect", "ours.apkg"), ("diff", "ours.apkg", "ours.apkg"), ("verify", "ours.apkg")):
        result = run(tmp_path, *command)
        assert (result.returncode, result.stdout) == (1, ""), command
        assert f" ours.apkg: {expected}" in result.stderr, command
        assert len(result.stderr.splitlines()) == 1, command
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "ours.apkg"]


def test_paths_that_are_no_package(tmp_path: Path) -> None:
    (tmp_path / "folder.apkg").mkdir()
    (tmp_path / "a.txt").write_text("a")
    for name, expected in (
        (
            "folder.apkg",
            "a folder; a phone or a Mac may have unpacked the package; "
            "get the file whose name ends in .apkg itself, and share that",
        ),
        (
            "nowhere.apkg",
            "cannot be read: No such file or directory; check that the file exists and that the disk has room",
        ),
        ("a.txt", "a text or a web page, not the package; download the file itself, with the link in the README"),
    ):
        result = run(tmp_path, "inspect", name)
        assert (result.returncode, result.stderr) == (1, f"csto-anki: cannot inspect {name}: {expected}\n")
