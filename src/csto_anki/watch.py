"""A folder -> a step each time that something in it changes; alone knows the file watcher, an optional extra."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles


def changes(folder: Path) -> Iterator[None]:
    """Yield at once, and then each time that files of the folder have changed and come to rest for a moment.

    Ends only by an interruption. What is saved during a step is seen after it, and a folder that goes and comes back,
    as when version control changes it, is watched again: for the watcher only wakes us, and what there is to do is told
    by the files themselves.
    """
    seen = None
    while True:
        if (state := _state(folder)) != seen:
            seen = state
            yield
        elif folder.is_dir():
            # It comes back once a second even so.
            next(watchfiles.watch(folder, debounce=400, rust_timeout=1000, yield_on_timeout=True))
        else:
            time.sleep(0.2)


def _state(folder: Path) -> frozenset[tuple[str, int, int]]:
    """What can be seen of all files from outside, but for the schemas, which are written in a step."""
    found = set()
    for pattern in ("*", "media/*"):
        for path in folder.glob(pattern):
            try:
                about = path.stat()
            except OSError:  # gone again
                continue
            if not path.is_dir():
                found.add((path.as_posix(), about.st_mtime_ns, about.st_size))
    return frozenset(found)
