"""Every picture of the cards and of the released packages, by its name in Anki."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from csto_anki.deck.reader import read
from csto_anki.note.contents import pictures as pictures_of

REPOSITORY = Path(__file__).parents[2]


def of_package(package: Path) -> dict[str, bytes]:
    """The pictures in a package that this tool wrote."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}


def all_pictures() -> dict[str, bytes]:
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, "\n".join(map(str, problems))
    found = pictures_of(deck)
    for package in sorted((REPOSITORY / "dist").glob("*.apkg")):
        found |= of_package(package)
    return found
