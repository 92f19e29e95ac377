"""The start of another deck: a small one that works, with names and numbers of its own, to be filled."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template

from csto_anki import schema
from csto_anki.read import read
from csto_anki.release import Released, dump
from csto_anki.together import remove

TEMPLATES = Path(__file__).with_name("start")


def begin(folder: Path, title: str, namespace: str, number: Callable[[], int] | None = None) -> None:
    """Make the folder of a new deck, all of it or nothing.

    `title` and `namespace` must be sound as in deck.yaml; `number` draws the ids by which Anki knows the deck and its
    note type. Raises FileExistsError where the folder is there and not empty, ValueError for an unsound title or
    namespace, and OSError.
    """
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileExistsError(0, "it is there already, and no empty folder", str(folder))
    there = next(parent for parent in [folder, *folder.absolute().parents] if parent.is_dir())
    work = there / f".csto-anki-{os.urandom(8).hex()}"
    try:
        for name, text in _files(title, namespace, number or _number):
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text, "utf-8", newline="\n")
        deck, problems = read(work / "cards")
        if deck is None:
            raise ValueError("; ".join(sorted({f"{problem.what}; {problem.way_out}" for problem in problems})))
        (work / "cards" / schema.FOLDER).mkdir()
        for name, text in schema.schemas(deck).items():
            (work / "cards" / schema.FOLDER / name).write_text(text, "utf-8", newline="\n")
        _move(work, folder)
    finally:
        remove(work)


def _move(work: Path, folder: Path) -> None:
    """Put the finished folder in its place; into an empty one that is there, and may be where one stands, its parts."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        work.rename(folder)
        return
    names = [part.name for part in work.iterdir()]
    try:
        for name in names:
            (work / name).replace(folder / name)
    except BaseException:
        for part in (folder / name for name in names):  # and nothing that another has put there meanwhile
            remove(part) if part.is_dir() else part.unlink(missing_ok=True)
        raise


def _files(title: str, namespace: str, number: Callable[[], int]) -> Iterator[tuple[str, str]]:
    said = {
        "title": title,
        "quoted_title": json.dumps(title, ensure_ascii=False),  # which YAML reads as it is, whatever is in it
        "namespace": namespace,
        "deck_id": str(number()),
        "note_type": namespace.upper(),
        "note_type_id": str(number()),
    }
    for path in sorted(TEMPLATES.iterdir()):
        where = "" if path.suffix == ".md" else "cards/"
        yield where + path.name, Template(path.read_text("utf-8")).substitute(said, head=schema.head(path.name))
    yield "cards/released.json", dump(Released({}, {}, {}, None))


def _number() -> int:
    """A number that no other deck has: Anki's own are times in milliseconds, of which this is none for centuries."""
    return 2 * 10**12 + random.SystemRandom().randrange(10**12)
