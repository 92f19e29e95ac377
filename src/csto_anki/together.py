"""Several files replaced together or not at all; alone knows how a change of many files survives a kill.

No system replaces many files in one step, but each renames one folder in one step. So all new files are first written
into a folder of their own; renaming that folder to READY is the moment of decision; then each file is renamed to its
place. Whatever is killed before that moment has changed nothing; after it, `finish` does the rest, as often as needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

READY = ".csto-anki-ready"
PLAN = "plan.json"


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
        {"part": name, "target": os.path.relpath(target, root), "old": before[target], "new": digest(parts / name)}
        for name, target in targets.items()
    ]
    (parts / PLAN).write_text(json.dumps(plan), "utf-8")
    try:
        parts.rename(root / READY)
    except OSError:
        if unfinished(root):
            raise Clash("another release is being put in place; see what it did and run this one again") from None
        raise
    try:
        finish(root)
    except KeyboardInterrupt:  # too late for it: on this side of the decision there is only the end
        finish(root)
        raise


def unfinished(root: Path) -> bool:
    """Whether a change was decided and then killed."""
    return (root / READY).exists()


def finish(root: Path) -> None:
    """Do what is left of a decided change, which another process may be doing too.

    Raises Clash where the files were changed since, and OSError.
    """
    try:
        plan = json.loads((root / READY / PLAN).read_text("utf-8"))
    except FileNotFoundError:
        plan = []  # the other process was faster
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


def _discard(root: Path) -> None:
    """Take the decision away in one step, then what it left."""
    rest = root / f"{READY}-{os.urandom(8).hex()}"
    with contextlib.suppress(FileNotFoundError):
        (root / READY).rename(rest)
    remove(rest)


def remove(folder: Path) -> None:
    """Remove a folder of our own, also where an interruption comes between."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def digest(path: Path) -> str:
    """The SHA-256 of a file, an empty text where there is none. Raises OSError where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
