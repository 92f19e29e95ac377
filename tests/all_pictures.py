"""Every picture that the cards show or that a released package brought, by its name in Anki."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from csto_anki import fields
from csto_anki.read import read

REPOSITORY = Path(__file__).parents[1]


def of_package(package: Path) -> dict[str, bytes]:
    """The pictures in a package that this tool wrote."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}


def all_pictures() -> dict[str, bytes]:
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, "\n".join(map(str, problems))
    found = fields.pictures(deck)
    for package in sorted((REPOSITORY / "dist").glob("*.apkg")):
        found |= of_package(package)
    return found
