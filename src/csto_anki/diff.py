"""Two contents of the deck -> what differs between them; alone decides what a change is, and which are sent.

Anki replaces a whole note, with all that a learner wrote into it, when it takes a change. So a change must be worth
that: what a learner must know, or a wording that was wrong. A re-read date, the address or name of a source and a tag
alone are not, nor is markup that reads the same; they wait for the note's next change that is. Only a changed fact must
be learnt again, and whether it is one only its author can say, in `changed`; what this says is sent, even where it is
all that is new.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from difflib import SequenceMatcher

Fields = Mapping[str, str]

# Not worth a learner's own words.
SILENT = frozenset({"AsOf", "Sources", "Report", "Tags"})
# The numbers of words of two texts, multiplied, up to which they are compared one by one: texts of 300 words each. To
# compare longer ones could take the cube of their length.
COMPARED = 400_000
# What an author says of the last change. It stays in the entry until the next; only a new word counts.
SAID = frozenset({"Changed", "Reworded"})

ADDED, FACT, WORDING, RETIRED, SILENTLY, GONE = "added", "fact", "wording", "retired", "silent", "gone"
KINDS = (FACT, ADDED, WORDING, RETIRED, SILENTLY, GONE)
SENT = frozenset({FACT, ADDED, WORDING, RETIRED})


class Contents(NamedTuple):
    """All that a package holds: the settings of the deck, each note's fields in the order of learning, the looks."""

    settings: Fields
    notes: Mapping[str, Fields]
    looks: Fields

    def same_as(self, other: Contents) -> bool:
        """Whether nothing at all differs, the order of the notes included."""
        return self == other and list(self.notes) == list(other.notes)


def without(contents: Contents, name: str) -> Contents:
    """The same contents where no note has this field."""
    notes = {id: {key: fields[key] for key in fields if key != name} for id, fields in contents.notes.items()}
    return contents._replace(notes=notes)


class Change(NamedTuple):
    """How a note differs: one of KINDS, and its fields before and after (none where there is no such note)."""

    id: str
    kind: str
    old: Fields
    new: Fields

    def fields(self) -> list[tuple[str, str, str]]:
        """The name, the old and the new text of each field that differs."""
        names = [name for name in {**self.new, **self.old} if self.old.get(name) != self.new.get(name)]
        return [(name, plain(self.old.get(name, "")), plain(self.new.get(name, ""))) for name in names]


@dataclass(frozen=True)
class Diff:
    """All differences of two contents. `looks` and `settings` name what differs there, `moved` is the order alone."""

    old: str
    new: str
    changes: tuple[Change, ...]
    looks: tuple[str, ...]
    settings: tuple[str, ...]
    moved: bool

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind, in the order of learning."""
        return [change for change in self.changes if change.kind == kind]


def compare(old_name: str, old: Contents, new_name: str, new: Contents) -> Diff:
    """What differs between two contents, in the order of the new; what is gone comes last."""
    changes = []
    for id, fields in new.notes.items():
        if kind := kind_of(old.notes.get(id), fields):
            changes.append(Change(id, kind, old.notes.get(id, {}), fields))
    changes += [Change(id, GONE, fields, {}) for id, fields in old.notes.items() if id not in new.notes]
    return Diff(
        old_name,
        new_name,
        tuple(changes),
        tuple(name for name, value in new.looks.items() if old.looks.get(name, value) != value),
        tuple(name for name, value in new.settings.items() if old.settings.get(name, value) != value),
        [id for id in new.notes if id in old.notes] != [id for id in old.notes if id in new.notes],
    )


def kind_of(old: Fields | None, new: Fields) -> str:
    """How a note differs from what it was, None where it was not: one of KINDS, or an empty text."""
    if old is None:
        return ADDED
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    said = {name for name in SAID & differing if new.get(name)}
    if new.get("Retired") and not old.get("Retired"):
        return RETIRED
    if "Changed" in said:
        return FACT
    if said or any(plain(old.get(name, "")) != plain(new.get(name, "")) for name in differing - SILENT - SAID):
        return WORDING
    return SILENTLY if differing else ""


def unsaid(old: Fields, new: Fields) -> bool:
    """Whether what a learner must answer has changed, and nobody has said whether the fact has or its words."""
    answers = {name for name in ("Answer", "ReverseAnswer") if old.get(name) != new.get(name)}
    if _marks(old) != _marks(new):
        answers.add("Reasons")
    said = any(new.get(name) and new.get(name) != old.get(name) for name in SAID)
    return bool(answers) and not said and not (new.get("Retired") and not old.get("Retired"))


def _marks(fields: Fields) -> list[str]:
    """Which statements of a practice question are right."""
    return re.findall(r"<li[^>]*><b>(\S)", fields.get("Reasons", ""))


def another_fact(old: Fields, new: Fields) -> bool:
    """Whether an id seems to have been used again: neither the question nor the answer resembles what it was."""
    return all(_likeness(old, new, names) < 0.5 for names in (("Question", "Statements"), ("Answer",)))


def _likeness(old: Fields, new: Fields, names: tuple[str, ...]) -> float:
    if all(old.get(name) == new.get(name) for name in names):
        return 1.0
    before, after = (_tokens(" ".join(plain(fields.get(name, "")) for name in names), r"\w+") for fields in (old, new))
    matcher = _matcher(before, after)
    return matcher.ratio() if len(before) * len(after) <= COMPARED else matcher.quick_ratio()


def words(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts word by word: what is kept ("="), only in the old ("-") and only in the new ("+"), in turn."""
    before, after = _tokens(old, r"\s+|\w+|."), _tokens(new, r"\s+|\w+|.")
    if len(before) * len(after) > COMPARED:
        return [(mark, text) for mark, text in (("-", old), ("+", new)) if text]
    found = []
    for kind, a, b, c, d in _matcher(before, after).get_opcodes():
        parts = [("=", before[a:b])] if kind == "equal" else [("-", before[a:b]), ("+", after[c:d])]
        found += [(mark, "".join(part)) for mark, part in parts if part]
    return found


def _matcher(before: list[str], after: list[str]) -> SequenceMatcher[str]:
    from difflib import SequenceMatcher  # here, for most builds compare no words

    return SequenceMatcher(None, before, after, autojunk=False)


def _tokens(text: str, pattern: str) -> list[str]:
    return re.findall(pattern, text)


def plain(value: str) -> str:
    """The text of a field's HTML: line by line, links with their address."""
    text = re.sub(r'<a href="([^"<]*)">((?:(?!</?a).)*)</a>', r"\2 [\1]", value)
    text = re.sub(r'<img src="([^"<]*)" alt="([^"<]*)">', r"[\1] \2", text)
    text = re.sub(r"<br>|</li>|</p>", "\n", text)
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()
