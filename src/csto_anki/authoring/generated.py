"""The files that are generated from code and cards: which they are, and how they are kept up to date."""

from __future__ import annotations

import errno
import functools
import json
from collections.abc import Callable
from pathlib import Path

from csto_anki import files
from csto_anki.authoring.json_schema import NAMES_FILE, SCHEMA_FOLDER, schemas
from csto_anki.authoring.pages import MARK, glossary_page, keys_page, rules_page
from csto_anki.deck.edition import editions
from csto_anki.deck.model import Deck

_MAX_PAGE_BYTES = 1_000_000


def update(deck: Deck, folder: Path, commands_page: str = "", only_check: bool = False) -> list[Path]:
    """Bring the generated files of the deck in `folder` up to date and return the paths of those that were not.

    With `only_check` nothing is written, and names.json may lack new sources and pictures, because people who edit on
    the repository's web page cannot run this. Raises OSError.
    """
    if not files.is_inside(folder / SCHEMA_FOLDER, folder):
        raise OSError(errno.EPERM, "a link that leads out of its folder", str(folder / SCHEMA_FOLDER))
    expected = generated(deck, folder, commands_page)
    stale = [path for path, text in expected.items() if not _is_up_to_date(path, text, folder)]
    if only_check:
        return [path for path in stale if path.name != NAMES_FILE or not _differs_only_in_sources(path, expected[path])]
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        files.write(path, expected[path])
    return stale


def generated(deck: Deck, folder: Path, commands_page: str = "") -> dict[Path, str]:
    """All generated files of the deck in `folder`: their paths and what must be in them.

    A page in the folder `docs` beside `folder` is included only if it exists and was generated, so that a page that
    somebody wrote is not replaced. Without `commands_page` there are only the schemas.
    """
    editions_of_deck = editions(folder)
    schema_files = schemas(deck, bool(editions_of_deck))
    found = {folder / SCHEMA_FOLDER / name: text for name, text in schema_files.items()}
    if not commands_page:
        return found
    root = files.parent(folder)
    pages: dict[str, Callable[[], str]] = {
        "rules.md": rules_page,
        "keys.md": keys_page,
        "commands.md": lambda: commands_page,
        **{f"glossary-{each.name}.md": functools.partial(glossary_page, each) for each in editions_of_deck},
    }
    return found | {
        root / "docs" / name: page() for name, page in pages.items() if _was_generated(root / "docs" / name, root)
    }


def _is_up_to_date(path: Path, text: str, folder: Path) -> bool:
    """Whether a file has this text, perhaps with the line ends of Windows, which version control can put there."""
    try:
        found = files.load(path, files.parent(folder), 2 * len(text.encode()))
    except files.Refused:
        return False
    return found.replace(b"\r\n", b"\n") == text.encode()


def _was_generated(page: Path, root: Path) -> bool:
    """Whether a page exists and begins with the mark; nothing that a link leads out of the project to is touched."""
    try:
        start = files.load(page, root, _MAX_PAGE_BYTES)[:100].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        return files.is_inside(page, root) and start.startswith(MARK.encode())
    except files.Refused:
        return False


def _differs_only_in_sources(path: Path, expected: str) -> bool:
    """Whether a file of names is up to date except for sources and pictures."""
    try:
        found, made = (json.loads(text)["definitions"] for text in (path.read_text("utf-8"), expected))
        same = (found[name] == made[name] for name in made.keys() - {"source", "picture"})
        return found.keys() == made.keys() and all(same)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
