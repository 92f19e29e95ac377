"""The zip of an Anki package: its members, read safely, whoever made it.

A package is a zip of a SQLite database (the collection), of media files under numbers, and of a list of their names.
Programs read an unusual zip in different ways, so Anki could see other members than this module does. So only a plain
zip passes: one zip, nothing before, after or between its members, and no two members of one name. Only what is needed
is unpacked, and each part has a limit, far above what a deck for a phone needs: the whole deck of 490 notes is a file
of 0.3 MB with 35 members and a database of 1.1 MB.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from csto_anki import files
from csto_anki.apkg import identify
from csto_anki.deck.images import MAX_ALL_PICTURES_BYTES, MAX_PICTURE_BYTES, MAX_PICTURES

MAX_PACKAGE_BYTES = 500_000_000
MAX_MEMBERS = 50_000
MAX_DATABASE_BYTES = 150_000_000  # unpacked
_MAX_MEDIA_LIST_BYTES = 5_000_000
_MAX_META_BYTES = 100
_MAX_DIRECTORY_BYTES_PER_MEMBER = 1_000
_MAX_NAME_BYTES = 120  # Anki cuts longer names, and then does not find the file

# The newest of Anki's formats, which only Anki itself can unpack here.
NEWER_COLLECTION = "collection.anki21b"
# The oldest, which csto-anki and genanki write.
OLDEST_COLLECTION = "collection.anki2"
# The collections that a package can hold, by the content of its member `meta`, which says which one Anki reads.
_COLLECTIONS = {b"\x08\x01": OLDEST_COLLECTION, b"\x08\x02": "collection.anki21", b"\x08\x03": NEWER_COLLECTION}
_MEMBER_NAME = re.compile(r"collection\.anki2(?:1b?)?|media|meta|0|[1-9][0-9]{0,8}")


class Malformed(Exception):  # noqa: N818  # its message completes "it is not a package as Anki writes it: ..."
    """The package is not as Anki or csto-anki writes packages."""


@contextlib.contextmanager
def open_checked(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a package of which every program sees the same members.

    Raises files.Refused if it is something else or too large, Malformed, zipfile.BadZipFile and OSError.
    """
    identify.require_package(path)
    files.require_regular(path, MAX_PACKAGE_BYTES)
    count = _member_count(path)
    with zipfile.ZipFile(path) as archive:
        _check_members(archive, count)
        yield archive


def _member_count(path: Path) -> int:
    """The number of members by the end record of a zip (PKWARE's APPNOTE.TXT, 4.3.16). Raises Malformed if too many."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 22))
        end = file.read()
    if len(end) < 22 or end[:4] != b"PK\5\6":
        raise zipfile.BadZipFile("not a complete zip file")
    this_disk, first_disk, count_here, count = (int.from_bytes(end[at : at + 2], "little") for at in (4, 6, 8, 10))
    directory_size, directory_start = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
    has_comment = end[20:] != b"\0\0"
    if this_disk or first_disk or count_here != count or directory_start + directory_size + 22 != size or has_comment:
        raise Malformed("its end record does not match its contents")
    if count > MAX_MEMBERS or directory_size > count * _MAX_DIRECTORY_BYTES_PER_MEMBER:
        raise Malformed("too many members")
    return count


def _check_members(archive: zipfile.ZipFile, count: int) -> None:
    """Raise Malformed unless the zip has `count` members of different names, each a name that a package can have."""
    names = archive.namelist()
    identify.require_members(names)
    if len(names) != count or len(set(names)) < len(names):
        raise Malformed(
            f"its end record says {count:,} members and {len(names):,} are there, or two have the same name"
        )
    for info in archive.infolist():
        # Other programs can see a different name if this name has a NUL byte, or an extra field has another name.
        is_clear = info.orig_filename == info.filename and not _renames(info.extra)
        if not is_clear or not _MEMBER_NAME.fullmatch(info.filename):
            raise Malformed(f"an unexpected member {info.filename[:60]!r}")


def _renames(extra: bytes) -> bool:
    """Whether an extra field gives its member another name: the field 0x7075 (APPNOTE.TXT, 4.6.9)."""
    while len(extra) >= 4:
        if extra[:2] == b"\x75\x70":
            return True
        extra = extra[4 + int.from_bytes(extra[2:4], "little") :]
    return False


def collection_name(archive: zipfile.ZipFile) -> str:
    """The name of the member that Anki reads as the collection. Raises Malformed if there is none."""
    names = archive.namelist()
    if "meta" in names:
        name = _COLLECTIONS.get(_member(archive, "meta", _MAX_META_BYTES), "")
    else:
        name = next((name for name in ("collection.anki21", OLDEST_COLLECTION) if name in names), "")
    if name not in names:
        raise Malformed("no collection, or not the one that its member `meta` names")
    return name


def ignored_collections(archive: zipfile.ZipFile, taken: str) -> tuple[str, ...]:
    """The names of the collections in a package besides the one that Anki reads."""
    return tuple(sorted({*_COLLECTIONS.values()} & {*archive.namelist()} - {taken}))


def media_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The names of the media files, by the names of their members, which are numbers. Raises Malformed."""
    if "media" not in archive.namelist():
        return {}
    listed = load_json(_member(archive, "media", _MAX_MEDIA_LIST_BYTES).decode())
    if not isinstance(listed, dict) or not all(isinstance(name, str) for name in listed.values()):
        raise Malformed("the media list is malformed")
    if len(set(listed.values())) < len(listed):
        raise Malformed("two media files of one name")
    return listed


def media_sizes(archive: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, int]:
    """The size in bytes of each media file that is there, by its name, as the zip declares it."""
    members = set(archive.namelist())
    return {name: archive.getinfo(number).file_size for number, name in names.items() if number in members}


def small_pictures(archive: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of the media files that are small enough to be a picture of ours, by their names.

    These are the first ones, up to what all pictures of a deck may have together.
    """
    numbers = {name: number for number, name in names.items()}
    return {name: _member(archive, numbers[name], MAX_PICTURE_BYTES) for name in looked_at(media_sizes(archive, names))}


def looked_at(sizes: Mapping[str, int]) -> list[str]:
    """The names of the media files whose bytes are read; `sizes` are in bytes by name."""
    small = [name for name, size in sizes.items() if size <= MAX_PICTURE_BYTES][:MAX_PICTURES]
    totals = itertools.accumulate(sizes[name] for name in small)
    return [name for name, total in zip(small, totals, strict=True) if total <= MAX_ALL_PICTURES_BYTES]


def is_file_name(name: str) -> bool:
    """Whether a name can be used for a file on every system and stays in the folder where it is put."""
    stem = name.partition(".")[0].lower()
    return bool(
        name
        and name == name.strip()
        and not name.endswith(".")  # this also excludes `..`
        and not set(name) & set('/\\:*?"<>|')
        and name.isprintable()
        and len(name.encode()) <= _MAX_NAME_BYTES
        and stem not in files.RESERVED_ON_WINDOWS
        and unicodedata.is_normalized("NFC", name)
    )


def unpack(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Write a member to `path`, piece by piece, because it may not fit into memory. Raises Malformed and OSError."""
    _check_packing(archive, name)
    with archive.open(name) as member, path.open("wb") as file:
        for _ in range(MAX_DATABASE_BYTES >> 20):
            if not (part := member.read(1 << 20)):
                return
            file.write(part)
    raise Malformed(f"{name!r} unpacks to more than {MAX_DATABASE_BYTES:,} bytes")


def _member(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """The bytes of a member; the size that it declares is not trusted."""
    _check_packing(archive, name)
    with archive.open(name) as member:
        data = member.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise Malformed(f"{name!r} unpacks to more than {max_bytes:,} bytes")
    return data


def _check_packing(archive: zipfile.ZipFile, name: str) -> None:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise Malformed("it is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Malformed("it is compressed in a way that Anki does not read")


def load_json(text: str) -> Any:
    """Read JSON. Raises ValueError, also for `NaN` and `Infinity`, which Python would accept."""
    return json.loads(text, parse_constant=int)
