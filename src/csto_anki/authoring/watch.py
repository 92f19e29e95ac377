"""Wait for changes of a folder, with the file watcher `watchfiles`, which is an optional library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles


def changes(folder: Path) -> Iterator[None]:
    """Yield at once, and then each time that files of the folder have changed and no more changes came for a moment.

    It ends only by an interruption. A change while the caller works is noticed afterwards. A folder that is removed and
    comes back, as when version control replaces it, is watched again. The watcher only wakes this function up; it looks
    at the state of the files to decide whether something changed.
    """
    seen = None
    while True:
        if (state := _state(folder)) != seen:
            seen = state
            yield
        elif folder.is_dir():
            try:
                # Without a change, it also wakes up once a second.
                next(watchfiles.watch(folder, debounce=400, rust_timeout=1000, yield_on_timeout=True))
            except (OSError, RuntimeError):  # the folder went a moment ago, or the system has no watch left
                time.sleep(0.5)
        else:
            time.sleep(0.2)


def _state(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Name, time and size of all files except the schemas, which the caller writes itself."""
    found = set()
    for path in [*folder.glob("*"), *folder.glob("media/*")]:
        try:
            about = path.stat()
        except OSError:  # it is gone already
            continue
        if not path.is_dir():
            found.add((path.as_posix(), about.st_mtime_ns, about.st_size))
    return frozenset(found)
