"""Files: read safely, written whole; staging and temporary folders that leave nothing behind."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from csto_anki import files
from csto_anki.files import Refused

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs links and named pipes, which Windows lacks")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, True) for name in ("backup-x.apkg", "Backup-1.apkg", "BACKUP-2026-12-01.APKG", "backup-.apkg")),
        *(
            (name, True)
            for name in (
                "collection.apkg",
                "COLLECTION.apkg",
                "collection (1).apkg",
                "collection(1).apkg",
                "a.colpkg",
                "a.COLPKG",
            )
        ),
        *((name, False) for name in ("my-backup.apkg", "csto-backup-1.apkg", "backup.apkg", "backups-1.apkg")),
        *((name, False) for name in ("my-collection.apkg", "collections-1.apkg", "backup-x.txt", "collection")),
    ],
)
def test_names_that_anki_takes_for_a_backup(name: str, expected: bool) -> None:
    assert files.is_backup_name(name) == expected


def refusal(path: Path, max_bytes: int = 10) -> str:
    with pytest.raises(Refused) as found:
        files.load(path, path.parent, max_bytes)
    return str(found.value)


def test_a_file_is_loaded_up_to_its_limit(tmp_path: Path) -> None:
    (path := tmp_path / "a").write_bytes(b"0123456789")
    assert files.load(path, tmp_path, 10) == b"0123456789"
    assert refusal(path, 9) == "a file of 10 bytes; make it smaller: the limit is 9"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a") == (
        "cannot be read: No such file or directory; check that it exists and that you may read it"
    )
    (tmp_path / "b").mkdir()
    assert refusal(tmp_path / "b") == "not a regular file; put a file here, not a folder, device or pipe"


@POSIX
def test_a_link_may_stay_in_its_folder_and_not_lead_out(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "own").write_text("y")
    (folder / "in").symlink_to("own")
    (folder / "out").symlink_to("../secret")
    assert files.load(folder / "in", folder, 10) == b"y"
    assert refusal(folder / "out") == "a link that leads out of its folder; put the file itself here"
    assert (files.leads_out(folder / "in", folder), files.leads_out(folder / "out", folder)) == (False, True)


@POSIX
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "not a regular file; put a file here, not a folder, device or pipe"
    with pytest.raises(OSError, match="not a regular file"):
        files.digest(tmp_path / "pipe")


def test_a_digest_is_that_of_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (files.digest(tmp_path / "a"), files.digest_of(b"abc"), files.digest(tmp_path / "b")) == (sha256, sha256, "")


def test_a_text_is_written_whole_with_unix_line_ends(tmp_path: Path) -> None:
    files.write(tmp_path / "a", "one\ntwo\n")
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
    with pytest.raises(OSError, match="folder"):
        (tmp_path / "folder").mkdir()
        files.write(tmp_path / "folder", "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]


def test_a_staging_folder_is_hidden_and_goes_in_the_end(tmp_path: Path) -> None:
    with files.staging(tmp_path) as folder:
        (folder / "part").write_text("x")
        assert (folder.parent, folder.name[:11]) == (tmp_path, ".csto-anki-")
        (folder / "part").replace(tmp_path / "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]
    with pytest.raises(KeyboardInterrupt), files.staging(tmp_path) as folder:
        (folder / "part").write_text("x")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_a_temporary_folder_is_private_and_goes_in_the_end() -> None:
    with files.temporary_folder() as folder:
        assert folder.is_dir()
        if sys.platform != "win32":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_no_more_is_read_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some files of a system say that they are small and have no end."""
    asked: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(-1 if size is None else size)
            return b"x" * 11

    (tmp_path / "a").write_bytes(b"x")
    monkeypatch.setattr(Path, "open", lambda *_: Endless())
    assert refusal(tmp_path / "a", 10) == "a file of 11 bytes; make it smaller: the limit is 10"
    assert asked == [11]


@POSIX
def test_a_new_file_has_the_rights_and_the_group_of_the_old_one_and_not_of_what_a_link_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append(group))
    (secret := tmp_path / "secret").write_text("s")
    secret.chmod(0o640)
    (tmp_path / "link").symlink_to(secret)
    files.write(tmp_path / "link", "new")
    assert stat.S_IMODE((tmp_path / "link").stat().st_mode) != 0o640
    assert given == []
    files.write(secret, "new")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o640
    assert given == [secret.stat().st_gid]


@pytest.mark.parametrize(("error", "is_raised"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
@POSIX
def test_a_folder_that_cannot_be_synced(
    error: int, is_raised: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network disks cannot sync a folder; a broken disk is another matter, and so is a file."""

    def fail(_: int) -> None:
        raise OSError(error, "not here")

    (tmp_path / "a").write_text("a")
    monkeypatch.setattr(os, "fsync", fail)
    if is_raised:
        with pytest.raises(OSError, match="not here"):
            files.sync(tmp_path)
    else:
        files.sync(tmp_path)
    with pytest.raises(OSError, match="not here"):
        files.sync(tmp_path / "a")


def test_a_temporary_folder_has_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix: "t")
    with files.temporary_folder() as folder:
        assert folder == tmp_path / "t"
    assert not (tmp_path / "t").exists()


def test_a_folder_whose_name_begins_alike_is_another_one(tmp_path: Path) -> None:
    for name in ("a", "ab"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("x")
    assert files.is_inside(tmp_path / "a" / "x", tmp_path / "a")
    assert not files.is_inside(tmp_path / "ab" / "x", tmp_path / "a")
