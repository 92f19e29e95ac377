"""The programs that npm installs beside the project for tests: `npm install --prefix .npm NAME@VERSION`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ROOT / ".npm" / "node_modules"


def require(name: str) -> Path:
    """The folder of an npm package. If it is not installed, skip the test with the reason; in CI, fail it."""
    if (MODULES / name).exists() and shutil.which("node"):
        return MODULES / name
    versions = json.loads((ROOT / ".ci" / "npm" / "package.json").read_text())["dependencies"]
    reason = f"needs node and `npm install --prefix .npm {name}@{versions[name]}`"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
