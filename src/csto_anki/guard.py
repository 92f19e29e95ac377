"""What must never happen to what learners have; each rule is one function, its docstring the rule.

The rules compare the cards with the record of the last release. What breaks them would cost learners their progress,
and no later release could mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csto_anki.diff import Contents, another_fact, plain, unsaid
from csto_anki.facts import Deck, Fact, Problem
from csto_anki.release import Entry, Released


def guard(deck: Deck, contents: Contents, released: Released) -> list[Problem]:
    """All problems by all rules, in the order of their places; none before the first release."""
    if not released.last:
        return []
    return sorted(
        replace(problem, code=rule.__name__.replace("_", "-"))
        for rule in RULES
        for problem in rule(deck, contents, released)
    )


def frozen_settings_stay(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Anki finds a learner's notes by these names and numbers, so once released they stay for ever."""
    for key in ("title", "language", "namespace", "deck_id", "note_type", "note_type_id"):
        if contents.settings[key] != released.settings[key]:
            what = f"{key} was released as {released.settings[key]!r} and is frozen"
            yield Problem(deck.places[key], "", what, "put it back")


def the_note_type_stays(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Anki stops all updates of a learner's notes when a field or template comes, goes, moves or loses its id."""
    for key in ("fields", "templates"):
        if contents.settings[key] != released.settings[key]:
            what = f"the note type's {key} are not those that were released"
            yield Problem(deck.places["note_type"], "", what, "restore them in fields.py")


def no_released_id_vanishes(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """A fact that learners have stays in the cards: its notes would stay with them for ever, unexplained."""
    asked = {fields["Question"]: id for id, fields in contents.notes.items() if id not in released.notes}
    facts = {fact.id: fact for fact in deck.facts}
    for id, entry in released.notes.items():
        if id in contents.notes:
            continue
        renamed = asked.get(entry.fields["Question"])
        if renamed:
            what = f"it was released as {id!r}, and learners' progress hangs on that id"
            yield Problem(facts[renamed].places["id"], renamed, what, f"name it {id} again")
        else:
            kind = entry.fields["Tags"].split()[0].removeprefix(f"{released.settings['namespace']}::")
            what = f"learners have this fact since {entry.added}, and it is gone from the cards"
            yield Problem(
                deck.place_of(f"{kind}.yaml"), id, what, "put the entry back, and retire it if it is no longer taught"
            )


def no_released_id_is_another_fact(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """An id is one fact for ever: a learner's schedule for the old fact would become that of a stranger."""
    for fact, entry in _kept(deck, released):
        if another_fact(entry.fields, contents.notes[fact.id]):
            asked = plain(entry.fields["Question"])
            what = f"this id was released with another fact: {asked!r}"
            way_out = "give the new fact an id of its own and retire the old, or keep nearer to its words"
            yield Problem(fact.places["id"], fact.id, what, way_out)


def no_released_reverse_vanishes(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """A card that learners have keeps its text: without the reverse it would stay with them, blank."""
    for fact, entry in _kept(deck, released):
        if "Reverse" in entry.fields and not fact.reverse:
            what = "learners have its reverse, and would keep a blank card"
            yield Problem(fact.places["id"], fact.id, what, "put it back, in better words if need be")


def what_is_new_has_not_changed(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """`changed` and `reworded` speak to learners who have the fact; of a new one nobody learnt anything else."""
    for fact in deck.facts:
        for key in ("changed", "reworded"):
            if key in fact.places and fact.id not in released.notes:
                yield Problem(fact.places[key], fact.id, f"{key}, and it is not released yet", "remove the line")


def an_answer_that_changes_says_how(deck: Deck, contents: Contents, released: Released) -> Iterator[Problem]:
    """Where a released answer changes, its author says whether the fact has changed or only its words.

    A warning, for a group may want its correction today; but a release is refused until it is said.
    """
    for fact, entry in _kept(deck, released):
        if unsaid(entry.fields, contents.notes[fact.id]):
            key = next(key for key in ("answer", "date", "statements") if key in fact.places)
            what = f"the answer is another than in {released.last}"
            way_out = "say in `changed:` what is to be learnt again, or in `reworded:` what was mended in the words"
            yield Problem(fact.places[key], fact.id, what, way_out, warning=True)


def _kept(deck: Deck, released: Released) -> Iterator[tuple[Fact, Entry]]:
    """The facts that are released, with what learners have of them."""
    return ((fact, released.notes[fact.id]) for fact in deck.facts if fact.id in released.notes)


RULES = (
    frozen_settings_stay,
    the_note_type_stays,
    no_released_id_vanishes,
    no_released_id_is_another_fact,
    no_released_reverse_vanishes,
    what_is_new_has_not_changed,
    an_answer_that_changes_says_how,
)
