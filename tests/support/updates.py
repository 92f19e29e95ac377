"""What comes after a release: edited decks, and packages with the usual times, which cost a learner something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import genanki

from csto_anki.apkg import writer
from csto_anki.deck.model import Date, Deck, Fact, Retired, Reverse
from csto_anki.history.stamps import Stamps
from csto_anki.note.contents import Contents
from csto_anki.note.note_type import FIELD_IDS, SIDES, STYLING, TEMPLATES


def edited(deck: Deck, round: int) -> Deck:
    """The deck after some editing: a few changes of every kind, on other facts in each round."""
    facts = list(deck.facts)
    plain = [at for at, fact in enumerate(facts) if not fact.statements and not fact.reverse and not fact.retired]
    turn = iter(plain[round * 40 :])
    for _ in range(10):
        _change(facts, next(turn), question=lambda fact: f"{fact.question} (Edition {round}.)")
    for _ in range(3):
        _change(facts, next(turn), answer=lambda _: f"another answer {round}", changed=lambda _: f"The world, {round}.")
    for _ in range(4):
        _change(facts, next(turn), retired=lambda _: Retired(f"Not asked any more, {round}.", facts[plain[0]].id))
    for _ in range(2):
        _change(facts, next(turn), reverse=lambda fact: Reverse(f"Round the other way: {fact.answer}?", "The question"))
    for _ in range(8):  # held back
        at = next(turn)
        _change(facts, at, as_of=lambda _: Date(2026, 1, round + 1), sources=lambda fact: fact.sources[::-1])
        _change(facts, at, tags=lambda fact: (*fact.tags, "trap") if "trap" not in fact.tags else fact.tags[:-1])
    for _ in range(3):
        at = next(turn)
        facts.insert(at, replace(facts[at], id=f"brand-new-{round}-{at}", question=f"A new fact {at}?"))
    return replace(deck, facts=tuple(facts))


def _change(facts: list[Fact], at: int, **changes: Any) -> None:
    facts[at] = replace(facts[at], **{name: change(facts[at]) for name, change in changes.items()})


def usual_genanki(contents: Contents, stamps: Stamps, output: Path) -> None:
    """The same package as anyone would make it: genanki unchanged, one timestamp for everything."""
    settings, looks = contents.settings, contents.looks
    assert settings is not None
    templates = [
        {"name": name, "id": id, **{key: looks[f"{name} {side}"] for side, key in SIDES}} for name, id in TEMPLATES
    ]
    fields = [{"name": name, "id": id} for name, id in FIELD_IDS]
    note_type = genanki.Model(
        settings.note_type_id, settings.note_type, fields=fields, templates=templates, css=looks[STYLING]
    )
    deck = genanki.Deck(settings.deck_id, settings.title)
    for id, note in contents.notes.items():
        values = [note.fields.get(name, "") for name, _ in FIELD_IDS]
        deck.add_note(genanki.Note(note_type, values, tags=list(note.tags), guid=writer.guid(settings, id)))
    genanki.Package(deck).write_to_file(output, timestamp=stamps.time)
