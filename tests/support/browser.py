"""The browser of this machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from csto_anki.preview.picture import NAMES, OFFLINE, PATHS


def require() -> str:
    """The program of an installed browser. Without one, skip the test with the reason; in CI, fail it."""
    program = next(filter(None, map(shutil.which, (*NAMES, *PATHS))), None)
    if program is None:
        reason = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def require_font(language: str) -> None:
    """Skip the test with the reason if no font has the letters of a language; in CI, fail it."""
    try:
        found = subprocess.run(["fc-list", f":lang={language}"], capture_output=True, check=False).stdout
    except OSError:
        return  # a system without fontconfig, such as Windows or macOS, brings fonts for all languages
    if not found:
        reason = f"no font has the letters of {language!r}; on Debian, fonts-noto-core has them"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running browser. If none is installed, skip the test with the reason; in CI, fail it."""
    program = require()
    with sync_playwright() as playwright:
        has_sandbox = not (hasattr(os, "geteuid") and os.geteuid() == 0)  # not as root, as in CI
        running = playwright.chromium.launch(executable_path=program, args=OFFLINE, chromium_sandbox=has_sandbox)
        yield running
        running.close()
