"""Several files replaced together or not at all; alone knows how a change of many files survives a kill.

No system replaces many files in one step, but each renames one folder in one step. So all new files are first written
into a folder of their own; renaming that folder to READY is the moment of decision; then each file is renamed to its
place. Whatever is killed before that moment has changed nothing; after it, `finish` does the rest, as often as needed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from csto_anki.files import Refused, load

READY = ".csto-anki-ready"
PLAN = "plan.json"
LARGEST_PLAN = 100_000  # bytes
LARGEST = 500_000_000  # bytes of a file whose digest is asked for
# What a release writes into `dist`; what it writes beside it, its caller names.
TARGET = re.compile(r"[a-z0-9][a-z0-9.-]*\.(?:apkg|md|sha256)")


class Clash(Exception):  # noqa: N818  # it is one, and the way out is in its text
    """The files in place are neither as they were nor as they are to be; one line that says the way out."""


def replace(root: Path, parts: Path, targets: Mapping[str, Path], before: Mapping[Path, str]) -> None:
    """Put files in place together.

    `parts` is a folder in `root` with one file for each name of `targets`; they go to the paths there, the most telling
    last. `before` has the `digest` of each target as the new files were made from it. Raises Clash where another
    change came between, and OSError; nothing has changed then, or `finish` will do the rest.
    """
    devices = {parts.stat().st_dev} | {target.parent.stat().st_dev for target in targets.values()}
    if len(devices) > 1:
        raise Clash("the files to replace lie on several disks; bring the deck's folder and dist/ to one")
    plan = [
        {"part": name, "target": _from(root, target), "old": before[target], "new": digest(parts / name)}
        for name, target in targets.items()
    ]
    (parts / PLAN).write_text(json.dumps(plan), "utf-8")
    outside = [target for target in targets.values() if target.parent != root]
    if strange := [step["target"] for step in plan if not _may(root, step["target"], outside)]:
        raise Clash(f"{strange[0]} is no place for a file of a release")
    try:
        parts.rename(root / READY)
    except OSError:
        if unfinished(root):
            raise Clash("another release is being put in place; see what it did and run this one again") from None
        raise
    try:
        finish(root, outside)
    except KeyboardInterrupt:  # too late for it: on this side of the decision there is only the end
        finish(root, outside)
        raise


def _from(root: Path, target: Path) -> str:
    return Path(os.path.relpath(target, root)).as_posix()


def unfinished(root: Path) -> bool:
    """Whether a change was decided and then killed."""
    return os.path.lexists(root / READY)  # Path.exists raises where a folder cannot be entered


def finish(root: Path, outside: Iterable[Path]) -> None:
    """Do what is left of a decided change, which another process may be doing too.

    `outside` are the files that it may replace beside those in `root`. Raises Clash where the files were changed since,
    and OSError.
    """
    plan = _plan(root, outside)
    untouched = all((root / READY / step["part"]).exists() for step in plan)
    left = [step for step in plan if digest(root / step["target"]) != step["new"]]
    for step in left:
        if digest(root / step["target"]) != step["old"]:
            name = os.path.normpath(root / step["target"])
            if untouched:  # nothing was put in place yet: it never happened
                _discard(root)
                raise Clash(f"{name} was changed meanwhile; run the release again")
            way_out = f"restore it and run the release again, or restore all and delete {root / READY}"
            raise Clash(f"{name} was changed since a release was interrupted; {way_out}")
    for step in left:
        try:
            (root / READY / step["part"]).replace(root / step["target"])
        except FileNotFoundError:
            if digest(root / step["target"]) != step["new"]:
                raise
    _discard(root)


def _may(root: Path, target: str, outside: Iterable[Path]) -> bool:
    """Whether a plan may name this file, as seen from `root`."""
    there = os.path.abspath(root / target)  # noqa: PTH100  # its like of Path follows links
    return bool(TARGET.fullmatch(target)) or there in {os.path.abspath(path) for path in outside}  # noqa: PTH100


def _plan(root: Path, outside: Iterable[Path]) -> list[dict[str, str]]:
    """What is to be done, as far as a release would do it.

    The folder that holds the plan can be a stranger's, and the plan put a file of theirs anywhere.
    """
    try:
        if os.path.islink(root / READY):  # noqa: PTH114  # its like of Path can raise
            raise ValueError
        plan = json.loads(load(root / READY / PLAN, root, LARGEST_PLAN))
        for step in plan:
            part = root / READY / step["part"]
            if not _may(root, step["target"], outside) or Path(step["part"]).name != step["part"]:
                raise ValueError
            if os.path.islink(part) or digest(part) not in ("", step["new"]):  # noqa: PTH114  # "": it is in its place
                raise ValueError
    except (AttributeError, KeyError, OSError, RecursionError, Refused, TypeError, ValueError):
        if not unfinished(root):
            return []  # the other process was faster
        raise Clash(f"{root / READY} was not left by a release; look at what it is and remove it") from None
    return list(plan)


def _discard(root: Path) -> None:
    """Take the decision away in one step, then what it left."""
    rest = root / f"{READY}-{os.urandom(8).hex()}"
    with contextlib.suppress(FileNotFoundError):
        (root / READY).rename(rest)
    remove(rest)


def write(path: Path, text: str) -> None:
    """Write one text file, whole or not at all, and never through a link to where it leads. Raises OSError."""
    part = path.with_name(f".csto-anki-{os.urandom(8).hex()}")
    try:
        part.write_text(text, "utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def digest_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def remove(folder: Path) -> None:
    """Remove a folder of our own, also where an interruption comes between, or a passing fault of the disk."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        if os.path.lexists(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A private folder in the machine's temporary one, gone at the end. Raises OSError where there is none."""
    import tempfile  # here, for most commands need no such folder

    try:
        folder = Path(tempfile.mkdtemp(prefix="csto-anki-"))
    except OSError as error:
        why = f"no temporary folder that can be written to ({error.strerror}); name one in TMPDIR, on Windows in TEMP"
        raise OSError(error.errno, why) from None
    try:
        yield folder
    finally:
        remove(folder)


def digest(path: Path) -> str:
    """The SHA-256 of a file, an empty text where there is none. Raises OSError where it cannot be read.

    A device or a pipe, to which a link may lead, would never end and is none that can be read.
    """
    sha256 = hashlib.sha256()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        with path.open("rb") as file:
            for _ in range(LARGEST >> 20):  # some files of the system are regular and have no end
                if not (part := file.read(1 << 20)):
                    break
                sha256.update(part)
            else:
                raise OSError(errno.EFBIG, f"more than {LARGEST:,} bytes", str(path))
    except FileNotFoundError:
        return ""
    return sha256.hexdigest()
