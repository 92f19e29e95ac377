"""What a file is that is not a package: a wrong download, an archive round a package, somebody's whole collection."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from csto_anki.files import Refused

GET_ANOTHER = "build it again, or get it again from whoever made it"
_SHARE_ITSELF = "get the file whose name ends in .apkg itself, and share that"
_WHOLE_COLLECTION = "do not open or share it; ask for the deck as .apkg"
_LFS_POINTER = b"version https://git-lfs.github.com/"
_UNPACKED = "unpack it; if a file ending in .apkg is in it, use that file"


class _Kind(NamedTuple):
    """A kind of file by its first bytes (in small letters), and what to say of it."""

    start: bytes
    message: str
    hint: str


_KINDS = (
    _Kind(b"<!doctype html", "a web page, not the package", "download the file itself, with the link in the README"),
    _Kind(b"<html", "a web page, not the package", "download the file itself, with the link in the README"),
    _Kind(_LFS_POINTER, "a pointer of Git LFS, not the package", "run: git lfs pull"),
    _Kind(b"sqlite format 3\0", "the database of somebody's whole collection, not a package", _WHOLE_COLLECTION),
    _Kind(b"rar!", "an archive of another kind, not a package", _UNPACKED),
    _Kind(b"7z\xbc\xaf", "an archive of another kind, not a package", _UNPACKED),
    _Kind(b"\x1f\x8b", "an archive of another kind, not a package", _UNPACKED),
)


def require_package(path: Path) -> None:
    """Raise Refused, which says what the file is, if its name or its first bytes show that it is not a package.

    Raises OSError, for example if nothing is there.
    """
    size = path.stat().st_size
    if path.suffix.lower() == ".colpkg":
        raise Refused("a backup of somebody's whole collection, which replaces everything in yours", _WHOLE_COLLECTION)
    if path.is_dir():
        raise Refused("a folder; a phone or a Mac may have unpacked the package", _SHARE_ITSELF)
    if not path.is_file():
        return  # a device or a pipe, which must not be read
    if size == 0:
        raise Refused("an empty file", GET_ANOTHER)
    start = _start(path)
    for kind in _KINDS:
        if start.startswith(kind.start):
            raise Refused(kind.message, kind.hint)


def is_lfs_pointer(path: Path) -> bool:
    """Whether a file is what Git LFS puts in the place of a file that it has not fetched. Raises OSError."""
    return path.is_file() and _start(path).startswith(_LFS_POINTER)


def _start(path: Path) -> bytes:
    """The first bytes of a file, without a byte order mark and blanks, in small letters."""
    with path.open("rb") as file:
        return file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").lower()


def require_members(names: Iterable[str]) -> None:
    """Raise Refused if the members of a zip show that it was packed round a package, or from an unpacked one."""
    paths = [name.split("/") for name in names]
    inner = sorted(parts[-1] for parts in paths if parts[-1].lower().endswith((".apkg", ".colpkg")))
    if inner:
        raise Refused(f"an archive with {inner[0]!r} in it", "unpack it and use that file")
    if any("collection.anki2" in parts[-1] for parts in paths if len(parts) > 1) or any(
        parts[0] == "__MACOSX" or parts[-1] == ".DS_Store" for parts in paths
    ):
        raise Refused("a package that somebody has unpacked and packed again", _SHARE_ITSELF)
