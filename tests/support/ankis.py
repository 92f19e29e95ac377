"""The versions of Anki that tests run in: three older ones, each in its own environment, and the newest, in ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from system.old_ankis import VERSIONS, python

NEWEST = "newest"
ALL = (*VERSIONS, NEWEST)


def require(anki: str) -> None:
    """Skip the test with the reason if this version is not installed; in CI, fail it."""
    if anki != NEWEST and not python(anki).exists():
        reason = f"Anki {anki} is not installed; python tests/system/old_ankis.py installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def run(anki: str, script: Path, *arguments: str | Path) -> Any:
    """Run a script in the Python of this Anki; returns the JSON in its last line, which has the version as `anki`."""
    executable = sys.executable if anki == NEWEST else python(anki)
    result = subprocess.run([executable, script, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])  # on a busy machine Anki may print before this that it was slow
    # The newest writes its version as 26.09.3, and its package as 26.9.3.
    assert anki == NEWEST or found["anki"] == anki
    return found
