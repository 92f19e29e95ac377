"""The browser of this machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# With these, it does not use the network by itself.
ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--disable-quic"]


def path() -> str | None:
    """The program of an installed Chromium, Chrome or Edge; None if there is none."""
    return next(filter(None, map(shutil.which, (*NAMES, *PATHS))), None)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running browser. If none is installed, skip the test with the reason; in CI, fail it."""
    program = path()
    if program is None:
        reason = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        has_sandbox = not (hasattr(os, "geteuid") and os.geteuid() == 0)  # not as root, as in CI
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, chromium_sandbox=has_sandbox)
        yield running
        running.close()
