"""A website for people without Anki: all cards, a mock paper, a plan, a sheet for revision, and the sources.

The cards on it are rendered by Anki itself, from the package that learners import, so the site shows them as a phone
does. It consists of plain files that work from a folder, offline, with all scripts and styles inside the pages.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from csto_anki import files
from csto_anki.apkg import writer
from csto_anki.apkg.anki import render
from csto_anki.deck.model import Deck
from csto_anki.history.record import file_stem
from csto_anki.history.stamps import Stamps
from csto_anki.note.contents import Contents, pictures
from csto_anki.preview import pages
from csto_anki.preview.pages import MADE_BY, PAGES, PICTURES


def write(deck: Deck, contents: Contents, stamps: Stamps, output: Path) -> int:
    """Write the site into the folder `output` and return its number of cards.

    An older site is replaced as a whole, and only by a finished one. Raises FileExistsError if anything else is there,
    and OSError.
    """
    output = Path(os.path.realpath(output))
    if path := _not_ours(output, deck):
        hint = "move it away, or name another folder with --output"
        message = f"it is not part of this deck's website and would be deleted; {hint}"
        raise FileExistsError(0, message, str(path))
    output.parent.mkdir(parents=True, exist_ok=True)
    with files.staging(output.parent) as work:
        package = f"{file_stem(deck.file_name, stamps.version)}.apkg"
        writer.write(contents, pictures(deck), stamps, work / package)
        cards = render(work / package)
        deck, stamps = _taught(deck, stamps)  # as the package, the pages have no retired facts
        (work / PICTURES).mkdir()
        for name, data in (pictures(deck) | pages.timeline_of(deck)).items():
            (work / PICTURES / name).write_bytes(data)
        for name, text in pages.render(pages.Site(deck, contents, stamps, cards, package)).items():
            (work / name).write_text(text, "utf-8", newline="\n")
        _replace(work, output)
    return len(cards)


def _taught(deck: Deck, stamps: Stamps) -> tuple[Deck, Stamps]:
    """The deck without its retired facts and the sources of only these, and the stamps without their changes."""
    facts = tuple(fact for fact in deck.facts if not fact.retired)
    ids = {fact.id for fact in facts}
    cited = {citation.source for fact in facts for citation in fact.sources}
    sources = {key: source for key, source in deck.sources.items() if key in cited}
    unreleased = {id: kind for id, kind in stamps.unreleased.items() if id in ids}
    marks = {id: mark for id, mark in stamps.marks.items() if id in ids}
    return replace(deck, facts=facts, sources=sources), stamps._replace(unreleased=unreleased, marks=marks)


def _not_ours(output: Path, deck: Deck) -> Path | None:
    """The first path in `output` that is not part of a site of this deck; None if `output` can be replaced."""
    if not output.is_dir():
        return output if os.path.lexists(output) else None
    paths = sorted(output.iterdir())
    our_pages = {path for path in paths if path.name in PAGES and _is_our_page(path, deck)}
    if paths and not our_pages:
        return paths[0]  # such as a folder with copies of packages
    package = re.compile(rf"{re.escape(deck.file_name)}-\d.*\.apkg")  # of no other edition
    for path in paths:
        if path in our_pages or package.fullmatch(path.name):
            continue
        if path.name != PICTURES or not path.is_dir():
            return path
        if other := next((each for each in path.iterdir() if not each.name.startswith(f"{deck.namespace}-")), None):
            return other
    return None


def _is_our_page(page: Path, deck: Deck) -> bool:
    """Whether a path is a regular file whose head says that preview made it for this deck."""
    if not page.is_file():  # a link can lead to a device, which has no end
        return False
    with page.open("rb") as file:
        head = file.read(1000)
    return MADE_BY in head and f'data-deck="{deck.file_name}"'.encode() in head


def _replace(new: Path, target: Path) -> None:
    """Put a finished folder in the place of an old one; if that fails or is interrupted, put the old one back."""
    old = new.with_name(f"{new.name}-old")
    try:
        if target.exists():
            target.replace(old)
        new.replace(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.replace(target)
        raise
    finally:
        if target.exists():  # otherwise nothing can be renamed any more, and the old site is all that is left
            files.remove(old)
