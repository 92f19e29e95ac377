"""The record of releases, and the times and marks that follow from it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from csto_anki.diff import Contents
from csto_anki.release import SETTINGS, Entry, Release, Released, digest_of, dump, load, order

DECK = {**dict.fromkeys(SETTINGS, "1"), "title": "Small", "namespace": "small"}
STYLE = {"Styling": "plain"}
NOTES = {
    "a": {"Question": "A?", "Answer": "Yes", "Tags": "small::x", "AsOf": "May 2025"},
    "b": {"Question": "B?", "Answer": "Yes", "Tags": "small::x"},
}
NOW = Contents(DECK, NOTES, STYLE)
MAY, JUNE = 1777626000, 1780304400  # 2026-05-01 and 2026-06-01, 09:00 UTC
TODAY = datetime.date(2026, 11, 24)
MIDNIGHT = 1795478400  # the start of that day in UTC
NOTHING = Released({}, {}, {}, None)
# Note a came in May, b in June.
RELEASED = NOTHING.after("2026.05.01", MAY, Contents(DECK, {"a": NOTES["a"]}, STYLE)).after("2026.06.01", JUNE, NOW)


def with_notes(notes: dict[str, dict[str, str]]) -> Contents:
    return NOW._replace(notes=notes)


def test_before_the_first_release_everything_is_new_and_of_today() -> None:
    stamps = NOTHING.stamp(NOW, TODAY)
    assert stamps.version == "2026.11.24.dev-" + stamps.version[-8:]
    assert (stamps.time, stamps.note_type, stamps.notes) == (MIDNIGHT, MIDNIGHT, {"a": MIDNIGHT, "b": MIDNIGHT})
    assert (stamps.fresh, stamps.marks) == ({"a": "added", "b": "added"}, {})


def test_the_same_contents_are_the_release_again() -> None:
    stamps = RELEASED.stamp(NOW, TODAY)
    assert stamps.version == "2026.06.01"
    assert (stamps.time, stamps.note_type, stamps.notes) == (JUNE, MAY, {"a": MAY, "b": JUNE})
    assert (stamps.fresh, stamps.marks) == ({}, {"b": "added::2026.06.01"})


def test_only_new_and_changed_notes_are_newer() -> None:
    notes = {"c": {"Question": "C?"}, "a": NOTES["a"], "b": {"Question": "Better B?"}}
    stamps = RELEASED.stamp(with_notes(notes), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.time, stamps.note_type) == (MIDNIGHT, MAY)
    assert stamps.notes == {"a": MAY, "b": MIDNIGHT, "c": MIDNIGHT}
    assert stamps.fresh == {"c": "added", "b": "wording"}
    assert stamps.marks == {"c": "added::dev", "b": "changed::dev::wording"}


def test_a_changed_look_is_newer_and_changes_no_note() -> None:
    stamps = RELEASED.stamp(NOW._replace(looks={"Styling": "fine"}), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert (stamps.note_type, stamps.notes) == (MIDNIGHT, {"a": MAY, "b": JUNE})


@pytest.mark.parametrize("field", ["AsOf", "Sources", "Report", "Tags"])
def test_a_re_read_date_a_source_or_a_tag_alone_changes_no_note(field: str) -> None:
    stamps = RELEASED.stamp(with_notes({**NOTES, "a": {**NOTES["a"], field: "something else"}}), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")  # for the package does differ
    assert stamps.notes == {"a": MAY, "b": JUNE}
    assert stamps.fresh == {}


def test_another_order_is_another_package_but_changes_no_note() -> None:
    stamps = RELEASED.stamp(with_notes(dict(reversed(NOTES.items()))), TODAY)
    assert stamps.version.startswith("2026.11.24.dev-")
    assert stamps.notes == {"a": MAY, "b": JUNE}


def test_a_development_version_is_never_older_than_the_release() -> None:
    """A release of this morning, or a clock that is behind it."""
    stamps = RELEASED.stamp(with_notes({**NOTES, "c": {"Question": "C?"}}), datetime.date(2026, 6, 1))
    assert stamps.notes == {"a": MAY, "b": JUNE, "c": JUNE + 1}


def test_a_release_remembers_when_and_how_each_note_changed() -> None:
    """What is too small to send is written down with the release and leaves the note's time alone."""
    a = {"Question": "A?", "Answer": "Yes", "AsOf": "June 2026", "Tags": "small::x small::y"}
    b = {"Question": "B?", "Answer": "Another", "Changed": "It is another."}
    c = {"Question": "C?"}
    third = RELEASED.after("2026.11.24", MIDNIGHT, with_notes({"b": b, "a": a, "c": c}))
    assert list(third.notes.items()) == [
        ("b", Entry("2026.06.01", "2026.11.24", "fact", b)),
        ("a", Entry("2026.05.01", "2026.05.01", "added", a)),
        ("c", Entry("2026.11.24", "2026.11.24", "added", c)),
    ]
    stamps = third.stamp(third.contents(), TODAY)
    assert stamps.notes == {"b": MIDNIGHT, "a": MAY, "c": MIDNIGHT}
    assert stamps.marks == {"b": "changed::2026.11.24::fact", "c": "added::2026.11.24"}
    fourth = third.after("2026.11.25", MIDNIGHT + 1, with_notes({"b": b, "a": a, "c": {**c, "Retired": "R"}}))
    marks = fourth.stamp(fourth.contents(), TODAY).marks
    assert marks == {"b": "changed::2026.11.24::fact", "c": "changed::2026.11.25::retired"}


@pytest.mark.parametrize(
    ("released", "day", "expected"),
    [
        ([], "2026-11-24", "2026.11.24"),
        (["2026.11.23"], "2026-11-24", "2026.11.24"),
        (["2026.11.24"], "2026-11-24", "2026.11.24.1"),
        (["2026.11.23", "2026.11.24", "2026.11.24.1"], "2026-11-24", "2026.11.24.2"),
    ],
)
def test_a_version_is_the_day_of_the_facts(released: list[str], day: str, expected: str) -> None:
    record = Released({version: Release(MAY, "", {}) for version in released}, {}, {}, None)
    assert record.next_version(datetime.date.fromisoformat(day)) == expected
    assert all(order(version) < order(expected) for version in released)


def test_versions_are_in_the_order_of_time() -> None:
    versions = ["2026.09.30", "2026.11.24", "2026.11.24.2", "2026.11.24.10", "2027.01.01"]
    assert sorted(sorted(versions), key=order) == versions != sorted(versions)


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    record = RELEASED.with_packages("SQLite 3", {"small-2026.06.01.apkg": "0" * 64})
    (tmp_path / "released.json").write_text(dump(record), "utf-8")
    assert load(tmp_path / "released.json") == (record, [])
    lines = dump(record).splitlines()
    assert lines[2:5] == [
        '"releases": {',
        '"2026.05.01": {"time": "2026-05-01T09:00:00Z", "made_with": "", "packages": {}},',
        '"2026.06.01": {"time": "2026-06-01T09:00:00Z", "made_with": "SQLite 3", '
        f'"packages": {{"small-2026.06.01.apkg": "{"0" * 64}"}}}}',
    ]
    assert lines[-4:] == [
        '"a": {"added": "2026.05.01", "changed": "2026.05.01", "how": "added", '
        '"fields": {"Question": "A?", "Answer": "Yes", "Tags": "small::x", "AsOf": "May 2025"}},',
        '"b": {"added": "2026.06.01", "changed": "2026.06.01", "how": "added", '
        '"fields": {"Question": "B?", "Answer": "Yes", "Tags": "small::x"}}',
        "}",
        "}",
    ]


def test_the_order_of_learning_is_on_the_record(tmp_path: Path) -> None:
    turned = RELEASED.after("2026.07.01", JUNE + 1, with_notes(dict(reversed(NOTES.items()))))
    (tmp_path / "released.json").write_text(dump(turned), "utf-8")
    record, _ = load(tmp_path / "released.json")
    assert record is not None
    assert list(record.notes) == ["b", "a"]


SOUND: dict[str, Any] = json.loads(dump(RELEASED))
EDITED = "1:1: not as `csto-anki release` wrote it: edited by hand, or merged from two releases"


def signed(data: dict[str, Any]) -> str:
    """A record that nothing but its contents gives away."""
    rest = {key: value for key, value in data.items() if key != "sha256"}
    return json.dumps({"sha256": digest_of(rest), **rest})


def test_a_text_with_a_tab_is_read_again(tmp_path: Path) -> None:
    """What may stand in a card may stand in the record."""
    odd = 'a\tb\nc "d" \\u \\\\f é Ж \u200e ": [1, 2] ": ' + ",".join(map(str, range(900)))
    notes = {**NOTES, "c": {**NOTES["a"], "Answer": odd}}
    record = RELEASED.after("2026.07.01", JUNE + 1, with_notes(notes))
    (tmp_path / "released.json").write_text(dump(record), "utf-8", newline="\r\n")
    assert load(tmp_path / "released.json") == (record, [])


def with_note(**changed: object) -> dict[str, Any]:
    return {**SOUND, "notes": {**SOUND["notes"], "a": {**SOUND["notes"]["a"], **changed}}}


def with_packages(name: str) -> dict[str, Any]:
    release = {**SOUND["releases"]["2026.06.01"], "packages": {name: "0" * 64}}
    return {**SOUND, "releases": {**SOUND["releases"], "2026.06.01": release}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "1:1: cannot be read: No such file or directory"),
        ('{\n"releases": {},\n', "3:1: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "1:1: not a record of releases: "),
        ("{}", "1:1: not a record of releases: KeyError('sha256')"),
        ("[" * 100_000, "1:1: not a record of releases: "),
        (b"\xff", "1:1: not a record of releases: "),
        (dump(RELEASED).replace("B?", "b?"), EDITED),
        (dump(RELEASED).replace("2026-06-01T", "2026-06-02T"), EDITED),
        (dump(RELEASED).replace('"changed": "2026.06.01"', '"changed": "2026.05.01"'), EDITED),
        (json.dumps({**SOUND, "notes": dict(reversed(SOUND["notes"].items()))}), EDITED),
        (
            signed({**SOUND, "releases": {}}),
            "1:1: not a record of releases: ValueError(\"no release '2026.05.01'",
        ),
        (signed({**SOUND, "notes": {"a": {}}}), "1:1: not a record of releases: KeyError('added')"),
        (
            signed({**SOUND, "releases": {"2026.05.01": {"time": "May", "made_with": "", "packages": {}}}}),
            "1:1: not a record of releases: ValueError(",
        ),
        (
            signed({**SOUND, "releases": {"../../escape": SOUND["releases"]["2026.05.01"]}}),
            "1:1: not a record of releases: ValueError(\"'../../escape' is not a version\")",
        ),
        (
            signed({**SOUND, "releases": dict(reversed(SOUND["releases"].items()))}),
            "1:1: not a record of releases: ValueError(\"'2026.05.01' does not come after '2026.06.01'\")",
        ),
        (signed({**SOUND, "note_type": False}), "1:1: not a record of releases: TypeError("),
        (
            signed({**SOUND, "note_type": {**SOUND["note_type"], "fields": {"Styling": None}}}),
            "1:1: not a record of releases: ValueError('fields that are not texts')",
        ),
        *(
            (signed(changed), f"1:1: not a record of releases: ValueError('{why}")
            for changed, why in (
                ({**SOUND, "settings": {}}, "settings that no release has"),
                ({**SOUND, "settings": {**SOUND["settings"], "namespace": "../x"}}, "settings that no release has"),
                (with_note(fields={}), "a note that lacks what every note has"),
                (with_note(fields={**NOTES["a"], "Tags": ""}), "a note that lacks what every note has"),
                (with_note(how="a\u001fb"), "an escape for a control character"),
                (with_note(fields={**NOTES["a"], "Answer": "\x1b[2J"}), "an escape for a control character"),
                (with_packages("/etc/shadow"), "packages of names that no package has"),
                (with_packages("../a.apkg"), "packages of names that no package has"),
                (with_packages("a\ud800.apkg"), "an escape for a control character"),
                ({**SOUND, "more": [[], [], []] * 9999}, "a list"),
                ({**SOUND, "more": {'a"b\\\\': []}}, "a list"),
                ({**SOUND, "more": 1}, "the number 1"),
                ({**SOUND, "more": "\u009b"}, "an escape for a control character"),
            )
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
