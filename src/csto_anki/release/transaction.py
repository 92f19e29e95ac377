"""Several files replaced together or not at all, even if the process is killed.

No system can replace many files in one step, but every system can rename a folder in one step. So all new files are
first written into a folder of their own. Renaming that folder to READY is the commit point; then each file is moved to
its place. If the process is killed before the commit point, nothing has changed; after it, `finish` does the rest. So
that this is true of a power cut, too, each step waits until the one before it is on the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from csto_anki.files import Refused, digest, keep_rights, load, remove, sync

READY = ".csto-anki-ready"
PLAN = "plan.json"
_MAX_PLAN_BYTES = 100_000
# The files that a release writes into `dist`; the caller names those that it writes elsewhere.
_TARGET = re.compile(r"[a-z0-9][a-z0-9.-]*\.(?:apkg|md|sha256)|README\.md|card(?:-[a-z0-9-]+)?\.png")


class Clash(Exception):  # noqa: N818  # it is a decision, not a fault of the program
    """The files cannot be replaced, for example because somebody else changed one of them. Its text is one line."""


def replace(root: Path, parts: Path, targets: Mapping[str, Path], before: Mapping[Path, str]) -> None:
    """Put files in place together.

    `parts` is a folder in `root`. `targets` has the path for each file in it, by the file's name; the files are moved
    in this order. `before` has the `digest` that each target had when the new files were made from it.

    Raises Clash, for example if a target was changed in between, and OSError; then nothing has changed, or `finish`
    will do the rest.
    """
    devices = {parts.stat().st_dev} | {target.parent.stat().st_dev for target in targets.values()}
    if len(devices) > 1:
        raise Clash("the files to replace are on several disks; move the deck's folder and dist/ to one")
    plan = [
        {"part": name, "target": _relative(root, target), "old": before[target], "new": digest(parts / name)}
        for name, target in targets.items()
    ]
    (parts / PLAN).write_text(json.dumps(plan), "utf-8")
    for name, target in targets.items():
        keep_rights(parts / name, target)
    outside = [target for target in targets.values() if target.parent != root]
    if forbidden := [step["target"] for step in plan if not _is_allowed(root, step["target"], outside)]:
        raise Clash(f"{forbidden[0]} is not a place for a file of a release")
    for each in (*(parts / name for name in (*targets, PLAN)), parts):
        sync(each)
    try:
        parts.rename(root / READY)
    except OSError:
        if is_unfinished(root):
            message = "another release is being put in place; look at what it did, then run this one again"
            raise Clash(message) from None
        raise
    try:
        finish(root, outside)
    except KeyboardInterrupt:  # after the commit point the files must be put in place anyway
        finish(root, outside)
        raise


def _relative(root: Path, target: Path) -> str:
    return Path(os.path.relpath(target, root)).as_posix()


def is_unfinished(root: Path) -> bool:
    """Whether a process was killed after the commit point."""
    return os.path.lexists(root / READY)  # Path.exists raises if a folder cannot be entered


def finish(root: Path, outside: Iterable[Path]) -> None:
    """Do the rest of a committed change; another process may be doing it at the same time.

    `outside` are the files that it may replace besides those in `root`. Raises OSError, and Clash if the files were
    changed since.
    """
    plan = _read_plan(root, outside)
    if plan:
        sync(root)  # with READY in it: before anything is moved, a power cut must not be able to undo the commit
    has_not_begun = all((root / READY / step["part"]).exists() for step in plan)
    steps = [step for step in plan if digest(root / step["target"]) != step["new"]]
    for step in steps:
        if digest(root / step["target"]) != step["old"]:
            name = os.path.normpath(root / step["target"])
            if has_not_begun:  # so nothing has to be undone
                _discard(root)
                raise Clash(f"{name} was changed in the meantime; run the release again")
            hint = f"restore it and run the release again, or restore all files and delete {root / READY}"
            raise Clash(f"{name} was changed since a release was interrupted; {hint}")
    for step in steps:
        try:
            (root / READY / step["part"]).replace(root / step["target"])
        except FileNotFoundError:  # the other process may have moved it
            if digest(root / step["target"]) != step["new"]:
                raise
    for folder in {(root / step["target"]).parent for step in plan}:
        sync(folder)
    _discard(root)


def _is_allowed(root: Path, target: str, outside: Iterable[Path]) -> bool:
    """Whether a plan may name this file, a path relative to `root`."""
    path = os.path.abspath(root / target)  # noqa: PTH100  # Path.resolve follows links
    return bool(_TARGET.fullmatch(target)) or path in {os.path.abspath(each) for each in outside}  # noqa: PTH100


def _read_plan(root: Path, outside: Iterable[Path]) -> list[dict[str, str]]:
    """The steps of a committed change. Raises Clash unless a release wrote them.

    The folder with the plan can come from a stranger, and the plan could put a file of theirs anywhere.
    """
    try:
        if os.path.islink(root / READY):  # noqa: PTH114  # Path.is_symlink can raise
            raise ValueError
        plan = json.loads(load(root / READY / PLAN, root, _MAX_PLAN_BYTES))
        for step in plan:
            part = root / READY / step["part"]
            if not _is_allowed(root, step["target"], outside) or Path(step["part"]).name != step["part"]:
                raise ValueError
            # A part that is in its place already is not here any more, so its digest is empty.
            if os.path.islink(part) or digest(part) not in ("", step["new"]):  # noqa: PTH114
                raise ValueError
    except (AttributeError, KeyError, OSError, RecursionError, Refused, TypeError, ValueError):
        if not is_unfinished(root):
            return []  # the other process was faster
        raise Clash(f"{root / READY} does not come from a release; look at what it is and remove it") from None
    return list(plan)


def _discard(root: Path) -> None:
    """Rename the folder READY, which is one step, then remove it; after that, nothing is left to finish."""
    rest = root / f"{READY}-{os.urandom(8).hex()}"
    with contextlib.suppress(FileNotFoundError):
        (root / READY).rename(rest)
    try:
        # All is done; at worst, the next release finds the folder, and nothing to do.
        with contextlib.suppress(OSError):
            sync(root)
    finally:
        remove(rest)
