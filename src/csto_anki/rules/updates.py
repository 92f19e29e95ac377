"""Rules on what learners have: they compare the cards with the record of releases.

A release that breaks one of them would cost learners their progress, and no later release could repair it.
"""

from __future__ import annotations

from collections.abc import Iterator

from csto_anki.deck.keys import EDITION_FILE
from csto_anki.deck.model import Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Problem
from csto_anki.history.changes import is_another_fact, is_unexplained
from csto_anki.history.record import NoteEntry, Released
from csto_anki.note.contents import Contents
from csto_anki.rules.common import problem_at, registered_for_updates, rule


def check_update(deck: Deck, contents: Contents, released: Released) -> list[Problem]:
    """All problems by the rules of this module, in the order of their places; none before the first release."""
    if not released.last:
        return []
    return sorted(problem for each in registered_for_updates for problem in each.find(deck, contents, released))


@rule(ERROR, for_updates=True)
def frozen_settings_stay(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """The title, language, namespace, deck_id, note_type and note_type_id never change after the first release.

    Anki finds a learner's notes by them.
    """
    for key in ("title", "language", "namespace", "deck_id", "note_type", "note_type_id"):
        old, new = getattr(released.settings, key), getattr(contents.settings, key)
        if old != new:
            place, hint = deck.places[key], "put it back"
            if deck.original and key != "title":  # it follows from the original and from the folder's name
                place = deck.place_of(EDITION_FILE)
                hint = "was the folder renamed, or `name` in words.yaml, or is this the record of another edition?"
            yield Problem(place, "", f"{key} was released as {str(old)!r} and is frozen", hint)


@rule(ERROR, for_updates=True)
def the_note_type_stays(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Fields and templates stay as they were released.

    If one is added, removed, moved or gets another id, Anki stops all updates of a learner's notes.
    """
    for key in ("fields", "templates"):
        if getattr(contents.settings, key) != getattr(released.settings, key):
            message = f"the note type's {key} are not those that were released"
            yield Problem(deck.places["note_type"], "", message, "restore them in note/note_type.py")


@rule(ERROR, for_updates=True)
def no_released_id_vanishes(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """A fact that learners have stays in the cards: otherwise they would keep its note for ever and not know why."""
    new_ids = {note.fields["Question"]: id for id, note in contents.notes.items() if id not in released.notes}
    facts = {fact.id: fact for fact in deck.facts}
    for id, entry in released.notes.items():
        if id in contents.notes:
            continue
        if renamed := new_ids.get(entry.note.fields["Question"]):
            message = f"it was released as {id!r}, and learners' progress depends on that id"
            yield problem_at(facts[renamed], "id", message, f"name it {id} again")
        else:
            message = f"learners have had this fact since {entry.added}, but it is gone from the cards"
            hint = "put the entry back, and retire it if it is no longer taught"
            yield Problem(deck.place_of(f"{entry.note.kind}.yaml"), id, message, hint)


@rule(ERROR, for_updates=True)
def no_released_id_is_another_fact(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """An id is one fact for ever: otherwise a learner's schedule for the old fact would become that of a new one."""
    for fact, entry in _changed_facts(deck, contents, released):
        if is_another_fact(entry.note, contents.notes[fact.id]):
            message = f"this id was released with another fact: {entry.note.text('Question')!r}"
            hint = "give the new fact an id of its own and retire the old one, or change fewer words"
            yield problem_at(fact, "id", message, hint)


@rule(ERROR, for_updates=True)
def no_released_reverse_vanishes(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """A reverse that learners have stays: otherwise they would keep its card, blank."""
    for fact, entry in _changed_facts(deck, contents, released):
        if "Reverse" in entry.note.fields and not fact.reverse:
            message = "learners have its reverse, and would keep a blank card"
            yield problem_at(fact, "id", message, "put it back, in better words if necessary")


@rule(ERROR, for_updates=True)
def what_is_new_has_not_changed(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Only a released fact has `changed` or `reworded`, because they are for learners who have the old version."""
    for fact in deck.facts:
        for key in ("changed", "reworded"):
            if getattr(fact, key) and fact.id not in released.notes:
                yield problem_at(fact, key, f"`{key}`, but the fact is not released yet", "remove the line")


@rule(ERROR, for_updates=True)
def only_what_learners_have_is_retired(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Only a released fact is retired, because retiring tells learners what to do with their card of it."""
    for fact in deck.facts:
        if fact.retired and fact.id not in released.notes:
            yield problem_at(fact, "retired", "no learner has this fact", "remove the whole entry")


@rule(ERROR, for_updates=True)
def what_is_retired_stays_retired(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """A fact that was released as retired stays so, because learners were told to suspend or delete its card."""
    for fact, entry in _changed_facts(deck, contents, released):
        if entry.note.is_retired and not fact.retired:
            message, hint = "it was released as retired", "retire it again, and teach the fact under a new id"
            yield problem_at(fact, "id", message, hint)


@rule(WARNING, for_updates=True)
def an_answer_that_changes_says_how(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """If a released answer changes, its author says whether the fact has changed or only its words.

    This is a warning, because a group may need the correction today. A release is refused until the author says it.
    """
    for fact, entry in _changed_facts(deck, contents, released):
        if is_unexplained(entry.note, contents.notes[fact.id]):
            key = next(key for key in ("answer", "date", "statements") if key in fact.places)
            message = f"the answer differs from the one in {released.last}"
            hint = (
                "before you release it, say in `changed:` what must be learnt again, or in `reworded:` what was fixed"
            )
            yield problem_at(fact, key, message, hint)


def _changed_facts(deck: Deck, contents: Contents, released: Released) -> Iterator[tuple[Fact, NoteEntry]]:
    """The released facts whose notes are not as released; with the others, nothing can be wrong."""
    for fact in deck.facts:
        entry = released.notes.get(fact.id)
        if entry and entry.note != contents.notes[fact.id]:
            yield fact, entry
