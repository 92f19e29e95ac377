"""A small sound deck for tests, in which any file can be replaced."""

from __future__ import annotations

from pathlib import Path

from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read
from csto_anki.history.record import Released, dump

Files = dict[str, "str | bytes | None"]

FILES = {
    "deck.yaml": """\
title: Small
description: A small deck
language: en
licence: CC BY 4.0
namespace: small
deck_id: 1000001
note_type: Small
note_type_id: 1000002
kinds:
  dates: when
  bodies: who
tags:
  prelims: asked
""",
    "sources.yaml": """\
charter:
  title: Charter
  publisher: CSTO
  url: https://example.org/charter
  date: 2002-10-07
""",
    "dates.yaml": """\
treaty-signed:
  question: On which day was the Treaty signed?
  date: 1992-05-15
  sources: [charter]
  tags: [prelims]
""",
    "bodies.yaml": """\
highest-body:
  about: Council
  question: Who sits on the Council?
  answer: The heads of the member states
  reverse:
    question: Which is the highest body of the CSTO?
    answer: The Collective Security Council
  sources: [charter Art. 13]
""",
    "released.json": dump(Released({}, None, {}, None)),
}


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path id="{}" d="M0 0h2v1z"/></svg>\n'


def picture(name: str, key: str = "image", alt: str = "A shape") -> str:
    """The lines of an entry that shows a picture."""
    return f"  {key}:\n    file: {name}\n    alt: {alt}\n"


def write_deck(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the small deck into `folder`; `files` replaces files by name, or leaves them out (None)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **(files or {})}.items():
        if content is not None:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_deck(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Deck:
    """Write and read the small deck, which must have no problems."""
    deck, problems = read(write_deck(folder, files))
    assert deck is not None, "\n".join(map(str, problems))
    return deck
