"""What differs between two contents of a deck, what kind of change that is, and which changes are sent to learners.

If a package brings a change of a note, Anki replaces the whole note, and everything that a learner wrote into it is
lost. So a change must be worth that: something that a learner must know, or a wording that was wrong. A newer "as of"
date, the address or name of a source, a tag, or different markup of the same text is not worth it; such a change is
held back until the note changes anyway. A learner has to learn a note again only if the fact has changed. Only the
author knows that, and says so in `changed`; a new text in `changed` is sent even if nothing else is new.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from csto_anki.note.contents import REWORDED, TAGS, Contents, Note
from csto_anki.note.html import read, to_text
from csto_anki.note.note_type import HELD_BACK_FIELDS

if TYPE_CHECKING:
    from difflib import SequenceMatcher

# If nothing else of a note changes, the change is held back.
NOT_SENT_ALONE = HELD_BACK_FIELDS | {TAGS}
# What the author says about the last change. It stays in the entry until the next change, so only a new text counts.
EXPLANATIONS = frozenset({"Changed", REWORDED})
# Two texts are compared word by word if the product of their lengths, in words and spaces, is at most this: texts of
# 300 words each. The time can grow with the cube of the length.
_MAX_LENGTH_PRODUCT = 400_000
# What all comparisons of two contents may cost together; the cost of one is the product of the lengths to the power of
# 1.5. That is enough for 10,000 notes of 40 words, or for ten seconds at most.
_MAX_COST_OF_WORDS = 2_000_000_000
# A text that keeps a smaller part of its words than this is easier to read if it is replaced as a whole.
_MIN_KEPT_WORDS = 0.5

ADDED, FACT, WORDING, RETIRED, GONE = "added", "fact", "wording", "retired", "gone"
HELD_BACK = "silent"  # the JSON of `diff` has this word, so it stays
KINDS = (FACT, ADDED, WORDING, RETIRED, HELD_BACK, GONE)
SENT = frozenset({FACT, ADDED, WORDING, RETIRED})


class Change(NamedTuple):
    """How a note differs: one of KINDS, and the note before and after (None if there is none)."""

    id: str
    kind: str
    old: Note | None
    new: Note | None

    @property
    def note(self) -> Note:
        """The note after the change, or before it if the note is gone."""
        note = self.new or self.old
        assert note is not None  # noqa: S101  # one of the two is always there
        return note

    def fields(self) -> list[tuple[str, str, str]]:
        """The name, the old and the new text of each value that differs."""
        old, new = (_compared(note) if note else {} for note in (self.old, self.new))
        names = [name for name in {**new, **old} if old.get(name) != new.get(name)]
        return [(name, to_text(old.get(name, "")), to_text(new.get(name, ""))) for name in names]

    def explanation(self) -> str:
        """What the author says about the change, as text; empty if nothing."""
        if self.new is None:
            return ""
        if self.kind == RETIRED:
            return self.new.text("Retired")
        old, new = (note.values() if note else {} for note in (self.old, self.new))
        names = ("Changed", REWORDED) if self.kind in (FACT, WORDING) else ()
        return next((to_text(new[name]) for name in names if new.get(name) and new[name] != old.get(name)), "")


class Diff(NamedTuple):
    """All differences between two contents; `old` and `new` are their names, for example two versions."""

    old: str
    new: str
    changes: tuple[Change, ...]
    looks: tuple[str, ...]  # the names of those that differ
    settings: tuple[str, ...]  # the names of those that differ
    reordered: bool  # whether the notes that both contents teach are in another order

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind, in teaching order."""
        return [change for change in self.changes if change.kind == kind]


def compare(old_name: str, old: Contents, new_name: str, new: Contents) -> Diff:
    """What differs between two contents, in the order of the new one; notes that are gone come last."""
    changes = []
    for id, note in new.notes.items():
        if kind := kind_of(old.notes.get(id), note):
            changes.append(Change(id, kind, old.notes.get(id), note))
    changes += [Change(id, GONE, note, None) for id, note in old.notes.items() if id not in new.notes]
    in_both = new.notes.keys() & old.notes.keys()
    taught = {id for id in in_both if not new.notes[id].is_retired and not old.notes[id].is_retired}
    old_settings, new_settings = (each.settings.texts() if each.settings else {} for each in (old, new))
    return Diff(
        old_name,
        new_name,
        tuple(changes),
        # What only one side has is left out, because a package does not have all settings.
        tuple(name for name, value in new.looks.items() if old.looks.get(name, value) != value),
        tuple(name for name, value in new_settings.items() if old_settings.get(name, value) != value),
        [id for id in new.notes if id in taught] != [id for id in old.notes if id in taught],
    )


def without_reworded(contents: Contents) -> Contents:
    """The same contents without the notes' `reworded`, which is not in a package."""
    return contents._replace(notes={id: note._replace(reworded="") for id, note in contents.notes.items()})


def without_lone_retired(contents: Contents, other: Contents) -> Contents:
    """The same contents without the retired notes that `other` does not have: most packages have no retired notes."""
    notes = {id: note for id, note in contents.notes.items() if id in other.notes or not note.is_retired}
    return contents._replace(notes=notes)


def kind_of(old: Note | None, new: Note) -> str:
    """The kind of change from `old` (None if the note is new) to `new`: one of KINDS, or empty if they are equal."""
    if old is None:
        return ADDED
    if old == new:
        return ""
    before, after = _compared(old), _compared(new)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    explained = {name for name in EXPLANATIONS & differing if after.get(name)}
    if new.is_retired and not old.is_retired:
        return RETIRED
    if "Changed" in explained:
        return FACT
    visible = differing - NOT_SENT_ALONE - EXPLANATIONS
    if explained or any(to_text(before.get(name, "")) != to_text(after.get(name, "")) for name in visible):
        return WORDING
    return HELD_BACK if differing else ""


def _compared(note: Note) -> dict[str, str]:
    """What is compared of a note. The order of its tags is not, because Anki sorts them when it exports a deck."""
    return {**note.values(), TAGS: " ".join(sorted(note.tags))}


def is_unexplained(old: Note, new: Note) -> bool:
    """Whether an answer has changed and the author has not said whether the fact or only its words changed."""
    before, after = old.values(), new.values()
    answers = ("Answer", "ReverseAnswer")
    has_changed = any(to_text(before.get(name, "")) != to_text(after.get(name, "")) for name in answers)
    if not has_changed and before.get("Reasons") != after.get("Reasons"):
        has_changed = read(before.get("Reasons", "")).verdicts != read(after.get("Reasons", "")).verdicts
    is_explained = any(after.get(name) and after.get(name) != before.get(name) for name in EXPLANATIONS)
    return has_changed and not is_explained and not (new.is_retired and not old.is_retired)


def is_another_fact(old: Note, new: Note) -> bool:
    """Whether the id seems to be used for another fact: neither the question nor the answer resembles the old one."""
    return all(_similarity(old, new, names) < 0.5 for names in (("Question", "Statements"), ("Answer",)))


def _similarity(old: Note, new: Note, names: tuple[str, ...]) -> float:
    if all(old.fields.get(name) == new.fields.get(name) for name in names):
        return 1.0
    before, after = (re.findall(r"\w+", " ".join(note.text(name) for name in names)) for note in (old, new))
    matcher = _matcher(before, after)
    return matcher.ratio() if len(before) * len(after) <= _MAX_LENGTH_PRODUCT else matcher.quick_ratio()


class Budget:
    """What the comparison of two contents may still cost, in the unit of _MAX_COST_OF_WORDS."""

    def __init__(self, most: int = _MAX_COST_OF_WORDS) -> None:
        self._left = most

    def affords(self, product: int) -> bool:
        """Whether two texts with this product of lengths can be compared; if so, their cost is taken off."""
        cost = int(product**1.5)
        if product > _MAX_LENGTH_PRODUCT or cost > self._left:
            return False
        self._left -= cost
        return True


def word_diff(old: str, new: str, budget: Budget) -> list[tuple[str, str]]:
    """Two texts word by word: parts that are in both ("="), only in the old ("-") or only in the new one ("+").

    For the eye of a reader, no mere blank or comma stands between two changes. All of the old text comes before all of
    the new one if they have little in common, or if `budget` does not afford to compare them.
    """
    whole = [(mark, text) for mark, text in (("-", old), ("+", new)) if text]
    before, after = re.findall(r"\s+|\w+|.", old), re.findall(r"\s+|\w+|.", new)
    if not budget.affords(len(before) * len(after)):
        return whole
    marked_parts, old_end, new_end = [], 0, 0
    for old_start, new_start, size in _matcher(before, after).get_matching_blocks():  # the last one is the empty end
        kept = "".join(before[old_start : old_start + size])
        inside = min(old_start, new_start) > 0 and old_start + size < len(before) and new_start + size < len(after)
        if inside and not _count_words(kept):
            continue
        parts = [("-", before[old_end:old_start]), ("+", after[new_end:new_start])]
        marked_parts += [(mark, "".join(part)) for mark, part in parts if part]
        marked_parts += [("=", kept)] if kept else []
        old_end, new_end = old_start + size, new_start + size
    kept_words = sum(_count_words(text) for mark, text in marked_parts if mark == "=")
    return marked_parts if kept_words >= _MIN_KEPT_WORDS * min(_count_words(old), _count_words(new)) else whole


def _count_words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _matcher(before: list[str], after: list[str]) -> SequenceMatcher[str]:
    from difflib import SequenceMatcher  # here, because most builds do not compare words

    return SequenceMatcher(None, before, after, autojunk=False)
