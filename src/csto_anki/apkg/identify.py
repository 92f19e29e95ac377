"""What a file is that is not a package: a wrong download, an archive round a package, somebody's whole collection."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from csto_anki.files import LFS_POINTER, Refused

GET_ANOTHER = "build it again, or get it again from whoever made it"
_SHARE_ITSELF = "get the file whose name ends in .apkg itself, and share that"
_WHOLE_COLLECTION = "do not open or share it; ask for the deck as .apkg"
_UNPACKED = "unpack it; if a file ending in .apkg is in it, use that file"


def require_package(path: Path) -> None:
    """Raise Refused, which says what the file is, if its name or its first bytes show that it is not a package.

    Raises OSError, for example if nothing is there.
    """
    size = path.stat().st_size
    if ".colpkg" in path.name.lower():
        raise Refused("a backup of somebody's whole collection, which replaces everything in yours", _WHOLE_COLLECTION)
    if path.is_dir():
        raise Refused("a folder; a phone or a Mac may have unpacked the package", _SHARE_ITSELF)
    if not path.is_file():
        return  # a device or a pipe, which must not be read
    if size == 0:
        raise Refused("an empty file", GET_ANOTHER)
    start = _start(path)
    if start.startswith(LFS_POINTER):
        raise Refused("a pointer of Git LFS, not the package", "run: git lfs pull")
    if start.startswith(b"SQLite format 3\0"):
        raise Refused("the database of somebody's whole collection, not a package", _WHOLE_COLLECTION)
    if not start.startswith(b"PK"):
        if _is_text(start):
            raise Refused(
                "a text or a web page, not the package", "download the file itself, with the link in the README"
            )
        raise Refused("a file of another kind, not a package", _UNPACKED)
    _require_no_archive_round_it(path, size)


def is_lfs_pointer(path: Path) -> bool:
    """Whether a file is what Git LFS puts in the place of a file that it has not fetched. Raises OSError."""
    return path.is_file() and _start(path).startswith(LFS_POINTER)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(200)


def _is_text(start: bytes) -> bool:
    """Whether a file begins with a text, in UTF-8 or UTF-16."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:  # a character that is cut off at the end is none of another encoding
            return False
        text = start[: error.start].decode("utf-8-sig")
    return all(character.isprintable() or character in "\t\r\n" for character in text)


def _require_no_archive_round_it(path: Path, size: int) -> None:
    """Raise Refused for an archive with a package in it, also if it has a comment, which no package has."""
    with path.open("rb") as file:
        file.seek(max(0, size - 70_000))
        end = file.read()
    at = end.rfind(b"PK\5\6")
    count = int.from_bytes(end[at + 10 : at + 12], "little")
    if 0 <= at < len(end) - 22 and count < 65_535:
        try:
            with zipfile.ZipFile(path) as archive:
                require_members(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return  # a package that is damaged, which its reader reports


def require_members(names: Iterable[str]) -> None:
    """Raise Refused if the members of a zip show that it was packed round a package, or from an unpacked one."""
    paths = [name.split("/") for name in names]
    own = {"media", "meta", "collection.anki2", "collection.anki21", "collection.anki21b"}
    inner = sorted(parts[-1] for parts in paths if parts[-1].lower().endswith((".apkg", ".colpkg")))
    if inner:
        raise Refused(f"an archive with {inner[0]!r} in it", "unpack it and use that file")
    if any("collection.anki2" in parts[-1] for parts in paths if len(parts) > 1) or any(
        parts[0] == "__MACOSX" or parts[-1] == ".DS_Store" for parts in paths
    ):
        raise Refused("a package that somebody has unpacked and packed again", _SHARE_ITSELF)
    if paths and not any(parts[0] in own or parts[0].isdigit() for parts in paths):
        raise Refused("an archive of another kind, not a package", _UNPACKED)
