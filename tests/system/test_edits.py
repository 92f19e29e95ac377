"""Random edits and releases of a deck: whatever an author does, learners get each change once, and nothing else.

CSTO_ANKI_EXAMPLES sets the number of random histories, by default 60.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from csto_anki.deck.model import Citation, Date, Deck, Fact, Retired, Reverse, Source
from csto_anki.deck.problem import Place
from csto_anki.history.changes import GONE, HELD_BACK, compare
from csto_anki.history.record import Released, dump, load
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import Note
from csto_anki.note.contents import contents as contents_of
from csto_anki.rules.updates import check_update

JUNE = 1780304400
KEYS = ("id", "question", "answer", "reverse", "sources", "tags", "changed", "reworded", "retired", "as_of")
PLACES = {key: Place("dates.yaml") for key in KEYS}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
PICK = st.integers(0, 10**6)

# Edits that are sent, and edits that are held back; each makes the changed values from a fact and a word.
SENT_EDITS: dict[str, Any] = {
    "question": lambda fact, word: {"question": f"{fact.question} {word}"},
    "answer": lambda fact, word: {
        "answer": f"{fact.answer} {word}",
        "reworded": f"{fact.reworded}{word}",
        "changed": "",
    },
    "fact": lambda fact, word: {"answer": word, "changed": f"{fact.changed}{word}", "reworded": ""},
    "detail": lambda fact, word: {"detail": f"{fact.detail} {word}"},
    "reverse": lambda fact, word: {"reverse": Reverse(f"Back to {word}?", word)},
    "retired": lambda fact, word: {"retired": Retired(f"{word} {fact.retired.why if fact.retired else ''}")},
    "said": lambda fact, word: {"reworded": f"{fact.reworded}{word}", "changed": ""},
}
HELD_BACK_EDITS: dict[str, Any] = {
    "as_of": lambda fact, word: {"as_of": Date(2026, len(word), 1 if fact.as_of is None else fact.as_of.day % 28 + 1)},
    "sources": lambda fact, word: {"sources": (*fact.sources, Citation("s", word))},
    "tags": lambda fact, word: {"tags": (*fact.tags, f"t{len(fact.tags)}")},
    "kind": lambda fact, word: {"kind": "bodies" if fact.kind == "dates" else "dates"},
}


class Author(RuleBasedStateMachine):
    """An author who edits and releases; `have` is the time of each note that learners have."""

    @initialize()
    def begin(self) -> None:
        self.facts = [self.fact(f"fact-{number}") for number in range(4)]
        self.made = 4
        self.time = JUNE
        self.record = Released({}, None, {}, None)
        self.have: dict[str, int] = {}
        self.touched: set[str] = set()
        self.release()

    @staticmethod
    def fact(id: str) -> Fact:
        return Fact(
            id, "dates", f"What of the thing that is called {id}?", f"This of {id}", (Citation("s"),), places=PLACES
        )

    def deck(self) -> Deck:
        source = Source("s", "S", "P", "https://example.org")
        return Deck(
            *("Small", "D", "en", "CC", "small", 10, "Small", 11),
            kinds={"dates": "", "bodies": ""},
            tags={},
            sources={"s": source},
            facts=tuple(self.facts),
            places={key: Place("deck.yaml") for key in ("kinds", "note_type", "title")},
        )

    @rule(at=PICK, how=st.sampled_from(sorted(SENT_EDITS)), word=WORDS)
    def edit(self, at: int, how: str, word: str) -> None:
        at %= len(self.facts)
        edited = replace(self.facts[at], **SENT_EDITS[how](self.facts[at], word))
        if edited != self.facts[at]:
            self.facts[at] = edited
            self.touched.add(edited.id)

    @rule(at=PICK, how=st.sampled_from(sorted(HELD_BACK_EDITS)), word=WORDS)
    def edit_what_is_held_back(self, at: int, how: str, word: str) -> None:
        at %= len(self.facts)
        self.facts[at] = replace(self.facts[at], **HELD_BACK_EDITS[how](self.facts[at], word))

    @rule(at=PICK)
    def add(self, at: int) -> None:
        self.facts.insert(at % (len(self.facts) + 1), self.fact(f"fact-{self.made}"))
        self.made += 1

    @rule(at=PICK, to=PICK)
    def move(self, at: int, to: int) -> None:
        self.facts.insert(to % len(self.facts), self.facts.pop(at % len(self.facts)))

    @rule(at=PICK)
    def remove(self, at: int) -> None:
        """A released fact must not go: `check_update` reports it, and the author puts it back."""
        at %= len(self.facts)
        gone = self.facts.pop(at)
        contents = contents_of(self.deck())
        vanished = {
            problem.id for problem in check_update(self.deck(), contents, self.record) if "gone" in problem.message
        }
        assert vanished == ({gone.id} if gone.id in self.have else set())
        if gone.id in self.have:
            self.facts.insert(at, gone)

    @rule(days=st.integers(1, 60))
    def release(self, days: int = 1) -> None:
        self.time += days * 86400
        contents = contents_of(self.deck())
        version = f"{datetime.datetime.fromtimestamp(self.time, datetime.timezone.utc):%Y.%m.%d}"
        before = self.record
        self.record = before.after(version, self.time, contents)
        stamps = stamp(self.record, contents, None)
        assert stamps.version == version
        # Only new and really edited notes get a new time; all others keep the time that learners have.
        new = contents.notes.keys() - self.have.keys()
        expected = {id: self.time if id in new | self._really(before) else self.have[id] for id in contents.notes}
        assert stamps.note_times == expected
        # No released id ever disappears from the cards, retired or not.
        assert self.have.keys() <= contents.notes.keys()
        diff = compare(before.last, before.contents(), version, contents)
        sent = {change.id for change in diff.changes if change.kind not in (HELD_BACK, GONE)}
        assert sent == {id for id, time in expected.items() if time == self.time}
        self.have, self.touched = expected, set()
        for id, mark in stamps.marks.items():
            assert mark.split("::")[1] == self.record.notes[id].changed

    def _really(self, before: Released) -> set[str]:
        """The edited notes that really differ, because an edit may have been undone."""
        now = contents_of(self.deck()).notes
        return {id for id in self.touched & before.notes.keys() if _differ(before.notes[id].note, now[id])}

    @invariant()
    def a_build_changes_no_more_times_than_a_release_would(self) -> None:
        contents = contents_of(self.deck())
        stamps = stamp(self.record, contents, datetime.date(2026, 6, 1))
        assert {id: time for id, time in stamps.note_times.items() if id not in stamps.unreleased} == {
            id: self.have[id] for id in contents.notes if id not in stamps.unreleased
        }
        assert stamps.unreleased.keys() - self.touched <= contents.notes.keys() - self.have.keys()
        last = self.record.releases[self.record.last].time
        assert all(stamps.note_times[id] > last for id in stamps.unreleased)

    @invariant()
    def the_record_is_read_as_it_is_written(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (path := Path(folder) / "released.json").write_text(dump(self.record), "utf-8")
            assert load(path) == (self.record, [])


def _differ(was: Note, now: Note) -> bool:
    """Whether more differs than what is held back; a sentence on the last change counts only if it is new."""
    old, new = was.values(), now.values()
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return any(name not in ("Changed", "Reworded") or name in new for name in differing - {"AsOf", "Sources", "Tags"})


TestAuthor = Author.TestCase
TestAuthor.settings = settings(
    max_examples=int(os.environ.get("CSTO_ANKI_EXAMPLES", "60")),
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
