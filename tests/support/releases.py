"""Releases of the small deck, one after the other."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from csto_anki.deck.reader import read
from csto_anki.history.record import load
from csto_anki.note.contents import contents
from csto_anki.release import publish
from csto_anki.release.project import Project, project_of
from support.small_deck import FILES, write_deck

JUNE = 1780304400  # 2026-06-01, 09:00 UTC
CORE = FILES["deck.yaml"] + "priorities:\n  core: first\n  rest: then\n"
DATES = FILES["dates.yaml"].replace("[prelims]", "[core, prelims]")
BODIES = FILES["bodies.yaml"] + "  tags: [rest]\n"
FIRST: dict[str, str | bytes | None] = {"deck.yaml": CORE, "dates.yaml": DATES, "bodies.yaml": BODIES}
SEAT = "seat:\n  question: In which *city* is its seat?\n  answer: Moscow\n  sources: [charter]\n  tags: [rest]\n"
README = "# Small\n\n<!-- download -->\nnothing yet\n\nThe end.\n"
# A fact that has changed, a better wording, and a new fact.
DAY_LATER = DATES.replace("05-15", "05-16") + "  changed: It was a day later than we said.\n"
COUNCIL = BODIES.replace("Who sits on the Council?", "Who sits on the *Council*?")
SECOND = {**FIRST, "dates.yaml": DAY_LATER, "bodies.yaml": COUNCIL + SEAT}
# A fact that learners have is retired.
RETIRED = "  retired: {{why: {}, replaced_by: seat}}\n"
THIRD = {**SECOND, "bodies.yaml": COUNCIL + RETIRED.format("No longer asked.") + SEAT}
# No other fact is retired; the reason of the retired one and the wording of another fact are better.
FOURTH = {
    **SECOND,
    "dates.yaml": DAY_LATER.replace("was the Treaty", "was the *Treaty*"),
    "bodies.yaml": COUNCIL + RETIRED.format("Not asked any longer.") + SEAT,
}


def release(folder: Path, files: Mapping[str, str | bytes | None], version: str, time: int) -> Project:
    """Release these cards from a project in `folder`."""
    write_deck(folder / "cards", dict(files))
    if (folder / "kept.json").exists():
        shutil.copy(folder / "kept.json", folder / "cards" / "released.json")
    where = project_of(folder / "cards")
    deck, problems = read(folder / "cards")
    record, more = load(where.record)
    assert deck is not None, problems
    assert record is not None, more
    plan = publish.Plan(where, deck, contents(deck), record, version, time)
    publish.publish(plan, publish.digests(where))
    shutil.copy(where.record, folder / "kept.json")
    return where


def tree(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a project, except of hidden ones."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".csto-anki-") for part in path.parts)
    }
