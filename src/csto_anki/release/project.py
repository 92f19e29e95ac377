"""Where the files of a release are: in the deck's folder and beside it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import NamedTuple

from csto_anki import files
from csto_anki.history.record import RECORD_FILE
from csto_anki.note.contents import RETIRED_TAG, Contents

# The end of the name of a development version; the oldest have dots in the date.
_DEVELOPMENT = r"\d{4}[.-]\d\d[.-]\d\d[.-]dev-[0-9a-f]{8}\.apkg"


class Project(NamedTuple):
    """The files and the folder that a release writes."""

    record: Path
    dist: Path
    changelog: Path
    readme: Path
    share_page: Path
    picture: Path  # of a card


def project_of(cards: Path) -> Project:
    """The project of a folder of cards; everything except the record is beside that folder."""
    root = files.parent(cards)
    dist = root / "dist"
    texts = (root / "CHANGELOG.md", root / "README.md", dist / "README.md")
    return Project(cards / RECORD_FILE, dist, *texts, dist / "card.png")


def is_development(name: str, namespace: str, tag: str = "[a-z0-9-]+") -> bool:
    """Whether this is the name of a package of a development version, of the whole deck or of the part with a tag.

    `tag` is a regular expression; without it, any tag will do.
    """
    return bool(re.fullmatch(rf"{re.escape(namespace)}-(?:(?:{tag})-)?{_DEVELOPMENT}", name))


def remove_development(dist: Path, contents: Contents, namespace: str, version: str) -> None:
    """Remove the development versions in `dist` except this version: nobody needs them, and they could be shared."""
    tags = {tag for note in contents.notes.values() for tag in note.short_tags} | {RETIRED_TAG}
    tag = "|".join(map(re.escape, sorted(tags)))
    kept = f"-{version.replace('.', '-')}.apkg"
    for path in dist.glob(f"{namespace}-*.apkg"):
        if is_development(path.name, namespace, tag) and not path.name.endswith(kept):
            with contextlib.suppress(OSError):  # another program may have it open
                path.unlink()
