"""A folder -> a step each time that something in it changes; alone knows the file watcher, an optional extra."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles


def changes(folder: Path) -> Iterator[None]:
    """Yield at once, and then each time that files of the folder have changed and come to rest for a moment.

    Ends only by an interruption. A folder that goes and comes back, as when version control changes it, is watched
    again.
    """
    while True:
        yield
        while not folder.is_dir():
            time.sleep(0.2)
        watched = folder.stat().st_ino
        # Once a second it comes back without a change, to see whether this is still the folder that is there.
        for found in watchfiles.watch(folder, debounce=400, rust_timeout=1000, yield_on_timeout=True):
            if found:
                yield
            if not folder.is_dir() or folder.stat().st_ino != watched:
                break
