"""Install the older Ankis that the upgrade gate judges with: python tests/system/old_ankis.py

Each gets its own environment under .anki/, because one environment can have only one version of Anki.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".anki"
# Before and after 25.02, in which Anki began to keep a corrected note's own time, and one from before FSRS 5.
VERSIONS = ("23.12.1", "24.11", "25.02.7")


def python(version: str) -> Path:
    """Where the Python of an older Anki is, or would be."""
    return FOLDER / version / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


if __name__ == "__main__":
    for version in VERSIONS:
        if not python(version).exists():
            venv.create(FOLDER / version, with_pip=True)
        command = [
            str(python(version)),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--requirement",
            str(FOLDER.parent / ".ci" / f"anki-{version}.txt"),
        ]
        subprocess.run(command, check=True)
        print(f"Anki {version} is ready in {FOLDER / version}")
