"""The version, times and marks of a package, as they follow from what is released."""

from __future__ import annotations

import datetime

import pytest

from csto_anki.history.record import NoteEntry
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import Note
from support.record import MAY, NOTES, NOTHING, NOW, RELEASED, note, with_notes
from support.releases import JUNE

TODAY = datetime.date(2026, 11, 24)
OLDEST = 1767225600  # the start of 2026 in UTC
MIDNIGHT = 1795478400  # the start of that day in UTC


def test_before_the_first_release_everything_is_new_and_of_today() -> None:
    stamps = stamp(NOTHING, NOW, TODAY)
    assert stamps.version == "2026.11.24.dev-" + stamps.version[-8:]
    assert (stamps.time, stamps.note_type_time) == (MIDNIGHT, MIDNIGHT)
    assert stamps.note_times == {"a": MIDNIGHT, "b": MIDNIGHT}
    assert (stamps.unreleased, stamps.marks) == ({"a": "added", "b": "added"}, {})


@pytest.mark.parametrize("today", [TODAY, None])
def test_the_same_contents_are_the_release_again(today: datetime.date | None) -> None:
    stamps = stamp(RELEASED, NOW, today)
    assert stamps.version == "2026.06.01"
    assert (stamps.time, stamps.note_type_time, stamps.note_times) == (JUNE, OLDEST, {"a": MAY, "b": JUNE})
    assert stamps.note_versions == {"a": "2026.05.01", "b": "2026.06.01"}
    assert (stamps.unreleased, stamps.marks) == ({}, {"b": "added::2026.06.01"})


def test_other_contents_need_a_day() -> None:
    with pytest.raises(ValueError, match="these are not the contents of the last release"):
        stamp(RELEASED, with_notes({"a": NOTES["a"]}), None)


def test_only_new_and_changed_notes_are_newer() -> None:
    notes = {"c": note(Question="C?"), "a": NOTES["a"], "b": note(Question="Better B?")}
    stamps = stamp(RELEASED, with_notes(notes), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.time, stamps.note_type_time) == (MIDNIGHT, OLDEST)
    assert stamps.note_times == {"a": MAY, "b": MIDNIGHT, "c": MIDNIGHT}
    assert stamps.unreleased == {"c": "added", "b": "wording"}
    assert stamps.marks == {"c": "added::dev", "b": "changed::dev::wording"}


def test_a_changed_look_is_newer_and_changes_no_note() -> None:
    stamps = stamp(RELEASED, NOW._replace(looks={"Styling": "fine"}), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.note_type_time, stamps.note_times) == (MIDNIGHT, {"a": MAY, "b": JUNE})


@pytest.mark.parametrize("name", ["AsOf", "Sources", "Report", "Tags"])
def test_a_newer_date_a_source_or_a_tag_alone_changes_no_note(name: str) -> None:
    changed = Note.of({**NOTES["a"].values(), name: "something else"})
    stamps = stamp(RELEASED, with_notes({**NOTES, "a": changed}), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")  # because the package does differ
    assert stamps.note_times == {"a": MAY, "b": JUNE}
    assert stamps.unreleased == {}


def test_another_order_is_another_package_but_changes_no_note() -> None:
    stamps = stamp(RELEASED, with_notes(dict(reversed(NOTES.items()))), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert stamps.note_times == {"a": MAY, "b": JUNE}


def test_a_development_version_is_never_older_than_the_release() -> None:
    """If the release is of this morning, or the clock is behind it."""
    stamps = stamp(RELEASED, with_notes({**NOTES, "c": note(Question="C?")}), datetime.date(2026, 6, 1))
    assert stamps.note_times == {"a": MAY, "b": JUNE, "c": JUNE + 1}


def test_a_release_records_when_and_how_each_note_changed() -> None:
    """A change that is held back is recorded with the release, but the time of the note stays."""
    a = note(Question="A?", Answer="Yes", AsOf="June 2026", Tags="small::x small::y")
    b = note(Question="B?", Answer="Another", Changed="It is another.")
    c = note(Question="C?")
    third = RELEASED.after("2026.11.24", MIDNIGHT, with_notes({"b": b, "a": a, "c": c}))
    assert list(third.notes.items()) == [
        ("b", NoteEntry("2026.06.01", "2026.11.24", "fact", b)),
        ("a", NoteEntry("2026.05.01", "2026.05.01", "added", a)),
        ("c", NoteEntry("2026.11.24", "2026.11.24", "added", c)),
    ]
    stamps = stamp(third, third.contents(), TODAY)
    assert stamps.note_times == {"b": MIDNIGHT, "a": MAY, "c": MIDNIGHT}
    assert stamps.marks == {"b": "changed::2026.11.24::fact", "c": "added::2026.11.24"}
    retired = Note.of({**c.values(), "Retired": "R"})
    fourth = third.after("2026.11.25", MIDNIGHT + 1, with_notes({"b": b, "a": a, "c": retired}))
    marks = stamp(fourth, fourth.contents(), TODAY).marks
    assert marks == {"b": "changed::2026.11.24::fact", "c": "changed::2026.11.25::retired"}


def test_the_looks_of_a_first_release_are_older_than_any_styling_of_a_learner() -> None:
    """A learner can have the note type from another deck that shares it, and has styled it since."""
    first = NOTHING.after("2026.06.01", JUNE, NOW)
    assert stamp(first, NOW, None).note_type_time == OLDEST
    changed = NOW._replace(looks={"Styling": "fine"})
    second = first.after("2026.07.01", JUNE + 86400, changed)
    assert stamp(second, changed, None).note_type_time == JUNE + 86400
    third = second.after("2026.08.01", JUNE + 2 * 86400, changed._replace(notes={}))
    assert stamp(third, changed._replace(notes={}), None).note_type_time == JUNE + 86400
