"""What is new since the last release, and the times that go with it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from csto_anki.release import Entry, Release, Released, digest_of, load

DECK = {"title": "Small"}
STYLE = {"Styling": "plain"}
NOTES = {"a": {"Question": "A?", "AsOf": "May 2025"}, "b": {"Question": "B?"}}
MAY, JUNE = 1777626000, 1780304400  # 2026-05-01 and 2026-06-01, 09:00 UTC
TODAY = datetime.date(2026, 11, 24)
MIDNIGHT = 1795478400  # the start of that day in UTC


def released() -> Released:
    """Note a came in May, b in June; what June's release held is what NOTES, DECK and STYLE say."""
    return Released(
        {"2026.05.01": Release(MAY, "0" * 64), "2026.06.01": Release(JUNE, digest_of(DECK, NOTES, STYLE))},
        {
            "a": Entry("2026.05.01", "2026.05.01", NOTES["a"]),
            "b": Entry("2026.06.01", "2026.06.01", NOTES["b"]),
        },
        Entry("2026.05.01", "2026.05.01", STYLE),
    )


def test_before_the_first_release_everything_is_new_and_of_today() -> None:
    stamps = Released({}, {}, None).stamp(DECK, NOTES, STYLE, TODAY)
    assert stamps.version == "2026.11.24.dev-" + stamps.version[-8:]
    assert (stamps.time, stamps.note_type, stamps.notes) == (MIDNIGHT, MIDNIGHT, {"a": MIDNIGHT, "b": MIDNIGHT})
    assert (set(stamps.new), set(stamps.changed)) == ({"a", "b"}, set())


def test_the_same_contents_are_the_release_again() -> None:
    stamps = released().stamp(DECK, NOTES, STYLE, TODAY)
    assert stamps.version == "2026.06.01"
    assert (stamps.time, stamps.note_type, stamps.notes) == (JUNE, MAY, {"a": MAY, "b": JUNE})
    assert (stamps.new, stamps.changed) == (frozenset(), frozenset())


def test_only_new_and_changed_notes_are_newer() -> None:
    notes = {"c": {"Question": "C?"}, "a": NOTES["a"], "b": {"Question": "Better B?"}}
    stamps = released().stamp(DECK, notes, STYLE, TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.time, stamps.note_type) == (MIDNIGHT, MAY)
    assert stamps.notes == {"a": MAY, "b": MIDNIGHT, "c": MIDNIGHT}
    assert (set(stamps.new), set(stamps.changed)) == ({"c"}, {"b"})


def test_a_changed_look_is_newer_and_changes_no_note() -> None:
    stamps = released().stamp(DECK, NOTES, {"Styling": "fine"}, TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.note_type, stamps.notes) == (MIDNIGHT, {"a": MAY, "b": JUNE})


@pytest.mark.parametrize("field", ["AsOf", "Sources", "Report", "Tags"])
def test_a_re_read_date_a_source_or_a_tag_alone_changes_no_note(field: str) -> None:
    notes = {**NOTES, "a": {**NOTES["a"], field: "something else"}}
    stamps = released().stamp(DECK, notes, STYLE, TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")  # for the package does differ
    assert stamps.notes == {"a": MAY, "b": JUNE}
    assert (stamps.new, stamps.changed) == (frozenset(), frozenset())


def test_another_order_is_another_package_but_changes_no_note() -> None:
    stamps = released().stamp(DECK, dict(reversed(NOTES.items())), STYLE, TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert stamps.notes == {"a": MAY, "b": JUNE}


def test_a_development_version_is_never_older_than_the_release() -> None:
    """A release of this morning, or a clock that is behind it."""
    stamps = released().stamp(DECK, {**NOTES, "c": {"Question": "C?"}}, STYLE, datetime.date(2026, 6, 1))
    assert stamps.notes == {"a": MAY, "b": JUNE, "c": JUNE + 1}


def test_a_fact_is_not_forgotten_when_it_leaves_the_cards() -> None:
    stamps = released().stamp(DECK, {"a": NOTES["a"]}, STYLE, TODAY)
    assert stamps.notes == {"a": MAY}


RECORD: dict[str, Any] = {
    "releases": {"2026.05.01": {"time": "2026-05-01T09:00:00Z", "digest": "0" * 64}},
    "note_type": {"added": "2026.05.01", "changed": "2026.05.01", "fields": STYLE},
    "notes": {"a": {"added": "2026.05.01", "changed": "2026.05.01", "fields": NOTES["a"]}},
}


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "released.json").write_text(json.dumps(RECORD))
    assert load(tmp_path / "released.json") == (
        Released(
            {"2026.05.01": Release(MAY, "0" * 64)},
            {"a": Entry("2026.05.01", "2026.05.01", NOTES["a"])},
            Entry("2026.05.01", "2026.05.01", STYLE),
        ),
        [],
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "1:1: cannot be read: No such file or directory"),
        ('{\n"releases": {},\n', "3:1: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "1:1: not a record of releases: "),
        ("{}", "1:1: not a record of releases: KeyError('releases')"),
        ("[" * 100_000, "1:1: not a record of releases: "),
        (b"\xff", "1:1: not a record of releases: "),
        (json.dumps({**RECORD, "releases": {}}), "1:1: not a record of releases: ValueError(\"no release '2026.05.01'"),
        (json.dumps({**RECORD, "notes": {"a": {}}}), "1:1: not a record of releases: KeyError('added')"),
        (
            json.dumps({**RECORD, "releases": {"2026.05.01": {"time": "May", "digest": ""}}}),
            "1:1: not a record of releases: ValueError(",
        ),
        (
            json.dumps({**RECORD, "releases": {"../../escape": {"time": "2026-05-01T09:00:00Z", "digest": "0" * 64}}}),
            "1:1: not a record of releases: ValueError(\"'../../escape' is not a version\")",
        ),
        (
            json.dumps({**RECORD, "releases": {"2026.05.01": {"time": "2026-05-01T09:00:00Z", "digest": "0"}}}),
            "1:1: not a record of releases: ValueError(\"'0' is not a digest\")",
        ),
        (
            json.dumps({**RECORD, "note_type": False}),
            "1:1: not a record of releases: TypeError(",
        ),
        (
            json.dumps({**RECORD, "note_type": {**RECORD["note_type"], "fields": {"Styling": 1}}}),
            "1:1: not a record of releases: ValueError('fields that are not texts')",
        ),
    ],
)
def test_a_damaged_record_is_a_problem(
    content: str | bytes | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("released.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    record, problems = load(Path("released.json"))
    assert record is None
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"released.json:{expected}")
    assert problems[0].way_out == "restore it from version control"
