"""The small deck in Hindi: an edition in which any file can be replaced."""

from __future__ import annotations

from pathlib import Path

from csto_anki.deck.edition import digest, read
from csto_anki.deck.model import Deck
from support.small_deck import FILES, Files, write_deck

HINDI: Files = {
    "hi/edition.yaml": """\
title: छोटा
description: एक छोटा डेक
licence: CC BY 4.0
kinds: {dates: कब, bodies: कौन}
tags: {prelims: पूछा गया}
""",
    "hi/dates.yaml": """\
treaty-signed:
  translates: {treaty-signed}
  question: संधि पर किस तिथि को हस्ताक्षर हुए?
""",
    "hi/bodies.yaml": """\
highest-body:
  translates: {highest-body}
  about: परिषद
  question: परिषद में कौन बैठते हैं?
  answer: सदस्य देशों के प्रमुख
  reverse:
    question: CSTO का सर्वोच्च निकाय कौन-सा है?
    answer: सामूहिक सुरक्षा परिषद
""",
    "hi/released.json": FILES["released.json"],
}


def write_edition(folder: Path, files: Files | None = None) -> Path:
    """Write the small deck and its edition; `files` replaces files of both. Returns the folder of the edition.

    In a translation, an id in braces becomes the digest of its original.
    """
    cards = write_deck(folder, {**HINDI, **(files or {})})
    original, problems = read(cards)
    assert original is not None, problems
    for path in (cards / "hi").glob("*.yaml"):
        text = path.read_text("utf-8")
        for fact in original.facts:
            text = text.replace(f"{{{fact.id}}}", digest(fact))
        path.write_text(text, "utf-8", newline="\n")
    return cards / "hi"


def read_edition(folder: Path, files: Files | None = None) -> Deck:
    """Write and read the small edition, which must have no problems."""
    deck, problems = read(write_edition(folder, files))
    assert deck is not None, "\n".join(map(str, problems))
    return deck
