"""The same cards give the same package, wherever and whenever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CARDS = Path(__file__).parents[2] / "cards"


def test_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """Two folders, time zones, hash seeds, locales and seconds: one package."""
    packages = []
    for name, zone, seed in (("here", "Asia/Kolkata", "1"), ("there/deep er", "America/Lima", "2")):
        folder = tmp_path / name
        shutil.copytree(CARDS, folder / "cards", copy_function=shutil.copyfile)
        os.utime(folder / "cards" / "dates.yaml", (int(seed), int(seed)))
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        command = [sys.executable, "-m", "csto_anki", "build", "--quiet", "--today", "2026-11-24"]
        result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        assert result.stderr == ""
        packages.append(folder / result.stdout.strip())
        time.sleep(1.1)  # into another second
    assert packages[0].name == packages[1].name
    assert packages[0].read_bytes() == packages[1].read_bytes()
