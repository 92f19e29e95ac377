"""Read files safely, write them whole and hash them; make temporary and staging folders.

A folder can come from a stranger: a link in it may lead to any file of the machine, a pipe or a device never ends, and
a file may be larger than the memory. Imports that only some functions need are inside those functions, because every
command imports this module.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MAX_HASHED_BYTES = 500_000_000  # of a file whose digest is asked for

# Windows has no files with these names, whatever their suffix.
RESERVED_ON_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)

# How a file begins that Git LFS puts in the place of one that it has not fetched.
LFS_POINTER = b"version https://git-lfs.github.com/"

# What happens to a file with a name of `is_backup_name`.
RESTORED = "Anki takes a file with this name for a backup and restores it over the learner's whole collection"


class Refused(Exception):  # noqa: N818  # it is a decision, not a fault of the program
    """The reason why a file is not read: a message and a hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
        self.message, self.hint = message, hint


def is_backup_name(name: str) -> bool:
    """Whether Anki or AnkiDroid can take a file with this name for a backup of a whole collection.

    Anki does so with `collection.apkg` and `backup-*.apkg`, AnkiDroid with `collection.apkg`, both with `*.colpkg`.
    `collection (1).apkg` counts, too, because a browser saves a second `collection.apkg` under that name.
    """
    import re

    pattern = r"(?s)backup-.*\.apkg|collection( ?\(\d+\))?\.apkg|.*\.colpkg"
    return bool(re.fullmatch(pattern, name.lower()))


def load(path: Path, folder: Path, max_bytes: int) -> bytes:
    """The bytes of a file in a folder.

    Raises Refused for a link that leads out of the folder, for anything but a regular file, for a file of more than
    `max_bytes`, for a pointer of Git LFS, and if the system does not let it be read.
    """
    try:
        if leads_out(path, folder):
            raise Refused("a link that leads out of its folder", "put the file itself here")
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Refused("not a regular file", "put a file here, not a folder, device or pipe")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)  # `stat` is not enough: some system files report 0 bytes, and some grow
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}", "check that it exists and that you may read it") from error
    if data.startswith(LFS_POINTER):
        raise Refused("a pointer of Git LFS, and the file itself is not here", "run: git lfs pull")
    if len(data) > max_bytes:
        size = max(found.st_size, len(data))
        raise Refused(f"a file of {size:,} bytes", f"make it smaller: the limit is {max_bytes:,}")
    return data


def require_regular(path: Path, max_bytes: int) -> None:
    """Raise Refused for anything but a regular file of at most `max_bytes`, and OSError if nothing is there."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Refused("not a regular file", "name a file, not a folder, device or pipe")
    if found.st_size > max_bytes:
        raise Refused(f"a file of {found.st_size:,} bytes", f"the limit is {max_bytes:,}")


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path is a link to something outside a folder."""
    return os.path.islink(path) and not is_inside(path, folder)  # noqa: PTH114  # Path.is_symlink can raise


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, with all its links followed, lies in a folder; the folder itself may be a link."""
    root = os.path.realpath(folder)
    return os.path.realpath(path).startswith(os.path.join(root, ""))  # noqa: PTH118  # ends in a separator


def parent(folder: Path) -> Path:
    """The folder that a folder is in, also for `.` and `..`, of which `Path.parent` is not."""
    if folder.name in ("", ".."):
        return Path(os.path.abspath(folder)).parent  # noqa: PTH100  # Path.resolve follows links
    return folder.parent


def name(folder: Path) -> str:
    """The name of a folder, also of `.`, of which `Path.name` is empty."""
    return folder.name or Path(os.path.abspath(folder)).name  # noqa: PTH100  # Path.resolve follows links


def write(path: Path, text: str) -> None:
    """Write one text file, whole or not at all. A link is replaced; its target stays as it is. Raises OSError."""
    part = path.with_name(_hidden_name())
    try:
        part.write_text(text, "utf-8", newline="\n")
        put(part, path)
    finally:
        part.unlink(missing_ok=True)


def put(part: Path, path: Path) -> None:
    """Rename a finished file to `path`, so that no power cut can empty it or undo this. Raises OSError."""
    keep_rights(part, path)
    sync(part)
    part.replace(path)
    with contextlib.suppress(OSError):  # the file is in its place; at worst, a broken disk brings the old one back
        sync(path.parent)


def keep_rights(part: Path, path: Path) -> None:
    """Give a new file the rights and the group of the file that it will replace, if there is one.

    Otherwise, a file that a group shares would belong to the last writer alone.
    """
    with contextlib.suppress(OSError):  # nothing is there, or the group is not ours to give
        old = path.lstat()
        if stat.S_ISREG(old.st_mode):
            part.chmod(stat.S_IMODE(old.st_mode))
            if hasattr(os, "chown"):
                os.chown(part, -1, old.st_gid)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, so that no power cut can undo this. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync(parent(each))


def sync(path: Path) -> None:
    """Wait until a file, or the list of files of a folder, is on the disk. Raises OSError.

    Without this, a system may keep both in memory for half a minute and write the names before the contents: after a
    power cut the files are there and empty.
    """
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return  # Windows cannot do that
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if not is_folder or error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks cannot, either
            raise
    finally:
        os.close(descriptor)


def digest(path: Path) -> str:
    """The SHA-256 of a file, empty if there is none. Raises OSError if it cannot be read or is not a regular file."""
    import hashlib

    sha256 = hashlib.sha256()
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a device or a pipe would never end
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        with path.open("rb") as file:
            for _ in range(MAX_HASHED_BYTES >> 20):  # some regular files of the system have no end
                if not (part := file.read(1 << 20)):
                    break
                sha256.update(part)
            else:
                raise OSError(errno.EFBIG, f"more than {MAX_HASHED_BYTES:,} bytes", str(path))
    except FileNotFoundError:
        return ""
    return sha256.hexdigest()


def digest_of(data: bytes) -> str:
    """The SHA-256 of these bytes."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """A hidden folder in `parent`, removed at the end. Files that are finished in it are renamed into place.

    Raises OSError if it cannot be made.
    """
    folder = parent / _hidden_name()
    try:
        folder.mkdir()
        yield folder
    finally:
        remove(folder)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A private folder in the machine's temporary folder, removed at the end. Raises OSError if there is none."""
    import tempfile

    try:
        folder = Path(tempfile.mkdtemp(prefix="csto-anki-")).absolute()  # TMPDIR can be relative
    except OSError as error:
        message = f"no temporary folder can be written to ({error.strerror}); name one in TMPDIR, on Windows in TEMP"
        raise OSError(error.errno, message) from None
    try:
        yield folder
    finally:
        remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder that this program made. Try again if an interruption or a short fault of the disk stops it."""
    import shutil

    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        if os.path.lexists(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _hidden_name() -> str:
    """A name for an unfinished file or folder; `.gitignore` has a pattern for it."""
    return f".csto-anki-{os.urandom(8).hex()}"
