"""The browser of this machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# It looks for nothing on the network by itself; as root, as in CI, it runs without its sandbox.
ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--disable-quic"]


def path() -> str | None:
    """The program of a Chromium, Chrome or Edge that is installed here."""
    return next(filter(None, map(shutil.which, (*NAMES, *PLACES))), None)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running browser. Skips the test where none is installed, with the reason; in CI that is a failure."""
    program = path()
    if program is None:
        reason = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        sandbox = not (hasattr(os, "geteuid") and os.geteuid() == 0)
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, chromium_sandbox=sandbox)
        yield running
        running.close()
