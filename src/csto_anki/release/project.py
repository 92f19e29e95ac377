"""Where the files of a release are: in the deck's folder and beside it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from csto_anki import files
from csto_anki.deck.edition import editions, is_edition
from csto_anki.history.record import RECORD_FILE
from csto_anki.note.contents import RETIRED_TAG, Contents

# The end of the name of a development version; the oldest have dots in the date.
_DEVELOPMENT = r"\d{4}[.-]\d\d[.-]\d\d[.-]dev-[0-9a-f]{8}\.apkg"


class Project(NamedTuple):
    """The files and the folder that a release of a deck or of an edition writes.

    `original` is the record of the original deck, and `editions` has those of all editions by language. `language` is
    that of the edition; it is empty for the original.
    """

    record: Path
    dist: Path
    changelog: Path
    readme: Path
    share_page: Path
    picture: Path  # of a card
    original: Path
    editions: Mapping[str, Path]
    language: str = ""

    def records(self) -> list[Path]:
        """The records of the deck and of all its editions."""
        return [self.original, *self.editions.values()]


def project_of(cards: Path) -> Project:
    """The project of a folder of cards or translations; everything except the records is beside the cards."""
    folder = files.parent(cards) if is_edition(cards) else cards
    root = files.parent(folder)
    dist = root / "dist"
    language = files.name(cards).lower() if is_edition(cards) else ""
    share_page, picture = (f"share-{language}.md", f"card-{language}.png") if language else ("README.md", "card.png")
    return Project(
        cards / RECORD_FILE,
        dist,
        root / "CHANGELOG.md",
        root / "README.md",
        dist / share_page,
        dist / picture,
        folder / RECORD_FILE,
        {each.name: each / RECORD_FILE for each in editions(folder)},
        language,
    )


def is_development(name: str, file_name: str, tag: str = "[a-z0-9-]+") -> bool:
    """Whether this is the name of a package of a development version, of the whole deck or of the part with a tag.

    `tag` is a regular expression; without it, any tag will do.
    """
    return bool(re.fullmatch(rf"{re.escape(file_name)}-(?:(?:{tag})-)?{_DEVELOPMENT}", name))


def remove_development(dist: Path, contents: Contents, file_name: str, version: str) -> None:
    """Remove the development versions in `dist` except this version: nobody needs them, and they could be shared."""
    tags = {tag for note in contents.notes.values() for tag in note.short_tags} | {RETIRED_TAG}
    tag = "|".join(map(re.escape, sorted(tags)))
    kept = f"-{version.replace('.', '-')}.apkg"
    for path in dist.glob(f"{file_name}-*.apkg"):
        if is_development(path.name, file_name, tag) and not path.name.endswith(kept):
            with contextlib.suppress(OSError):  # another program may have it open
                path.unlink()
