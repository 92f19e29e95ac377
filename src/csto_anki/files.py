"""Files of a deck's folder -> their bytes; alone knows which files may be read.

A folder can come from a stranger: a link in it may lead to any file of the machine, a pipe or a device never ends, and
a file may be larger than the memory.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

# Windows has no files of these names, whatever their ending.
NOT_ON_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)


class Refused(Exception):  # noqa: N818  # it is one, and says why
    """A file that is not read: what is wrong with it, and the way out."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(f"{what}; {way_out}")
        self.what, self.way_out = what, way_out


def load(path: Path, folder: Path, most: int) -> bytes:
    """The bytes of a file of a folder, of which it has at most `most`.

    Raises Refused for a link that leads out of the folder, for what is no file, for a larger file, and where the
    machine will not have it read.
    """
    try:
        if leads_out(path, folder):
            raise Refused("a link that leads out of its folder", "put the file itself here")
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Refused("no file", "put a file here, no folder, device or pipe")
        with path.open("rb") as file:
            data = file.read(most + 1)  # not what `stat` said: some files of the system say 0, and some grow
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}", "see that the file is there and open to you") from error
    if len(data) > most:
        size = max(found.st_size, len(data))
        raise Refused(f"a file of {size:,} bytes", f"make it smaller: at most {most:,} are read")
    return data


def regular(path: Path, most: int) -> None:
    """Raises Refused for what is no file or has more than `most` bytes, and OSError where there is nothing."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Refused("no file", "name a file, no folder, device or pipe")
    if found.st_size > most:
        raise Refused(f"a file of {found.st_size:,} bytes", f"at most {most:,} are read")


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path is a link to something that does not lie in a folder."""
    return os.path.islink(path) and not is_inside(path, folder)  # noqa: PTH114  # its like of Path can raise


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, with all its links followed, lies in a folder; a folder that is a link itself is fine."""
    root = os.path.realpath(folder)
    return os.path.realpath(path).startswith(os.path.join(root, ""))  # noqa: PTH118  # a text with its last separator
