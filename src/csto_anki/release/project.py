"""Where the files of a release are: in the deck's folder and beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from csto_anki import files
from csto_anki.history.record import RECORD_FILE


class Project(NamedTuple):
    """The files and the folder that a release writes."""

    record: Path
    dist: Path
    changelog: Path
    readme: Path


def project_of(cards: Path) -> Project:
    """The project of a folder of cards; everything except the record is beside that folder."""
    root = files.parent(cards)
    return Project(cards / RECORD_FILE, root / "dist", root / "CHANGELOG.md", root / "README.md")
