"""The record of releases: its versions, and its file, whether sound or damaged."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from csto_anki.history.record import Release, Released, checksum, dump, load, sort_key
from csto_anki.note.contents import Note, Settings
from support.record import MAY, NOTES, NOW, RELEASED, with_notes
from support.releases import JUNE


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
    record = Released({version: Release(MAY, "", {}) for version in released}, None, {}, None)
    assert record.next_version(datetime.date.fromisoformat(day)) == expected
    assert all(sort_key(version) < sort_key(expected) for version in released)


def test_versions_are_in_the_order_of_time() -> None:
    versions = ["2026.09.30", "2026.11.24", "2026.11.24.2", "2026.11.24.10", "2027.01.01"]
    assert sorted(sorted(versions), key=sort_key) == versions != sorted(versions)


@pytest.mark.parametrize(
    ("version", "only", "expected"),
    [
        ("2026.12.01", None, "csto-2026-12-01.apkg"),
        ("2026.12.01", "core", "csto-core-2026-12-01.apkg"),
        ("2026.12.01.1", "retired", "csto-retired-2026-12-01-1.apkg"),
        ("2026.11.28.dev-1a2b3c4d", None, "csto-2026-11-28-dev-1a2b3c4d.apkg"),
        # These were released under names with dots; a part that was not released has none.
        ("2026.11.24", None, "csto-2026.11.24.apkg"),
        ("2026.11.24.1", "core", "csto-core-2026.11.24.1.apkg"),
        ("2026.11.24.1", None, "csto-2026-11-24-1.apkg"),
        ("2026.11.24", "core", "csto-core-2026-11-24.apkg"),
    ],
)
def test_the_name_of_a_package_has_hyphens_unless_it_was_released_with_dots(
    version: str, only: str | None, expected: str
) -> None:
    names = {"2026.11.24": ("csto-2026.11.24.apkg",), "2026.11.24.1": ("csto-core-2026.11.24.1.apkg",)}
    releases = {each: Release(MAY, "", dict.fromkeys(packages, "0" * 64)) for each, packages in names.items()}
    assert Released(releases, None, {}, None).package_name("csto", version, only) == expected


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    record = RELEASED.with_packages("SQLite 3", {"small-2026-06-01.apkg": "0" * 64})
    (tmp_path / "released.json").write_text(dump(record), "utf-8")
    assert load(tmp_path / "released.json") == (record, [])
    lines = dump(record).splitlines()
    assert lines[2:5] == [
        '"releases": {',
        '"2026.05.01": {"time": "2026-05-01T09:00:00Z", "made_with": "", "packages": {}},',
        '"2026.06.01": {"time": "2026-06-01T09:00:00Z", "made_with": "SQLite 3", '
        f'"packages": {{"small-2026-06-01.apkg": "{"0" * 64}"}}}}',
    ]
    assert lines[-4:] == [
        '"a": {"added": "2026.05.01", "changed": "2026.05.01", "how": "added", '
        '"fields": {"Question": "A?", "Answer": "Yes", "AsOf": "May 2025", "Tags": "small::x"}},',
        '"b": {"added": "2026.06.01", "changed": "2026.06.01", "how": "added", '
        '"fields": {"Question": "B?", "Answer": "Yes", "Tags": "small::x"}}',
        "}",
        "}",
    ]


def test_the_learning_order_is_recorded(tmp_path: Path) -> None:
    turned = RELEASED.after("2026.07.01", JUNE + 1, with_notes(dict(reversed(NOTES.items()))))
    (tmp_path / "released.json").write_text(dump(turned), "utf-8")
    record, _ = load(tmp_path / "released.json")
    assert record is not None
    assert list(record.notes) == ["b", "a"]


SOUND: dict[str, Any] = json.loads(dump(RELEASED))
EDITED = "1:1: not as `csto-anki release` wrote it: edited by hand, or merged from two releases"


NOT_A_RECORD, HAS_CONTROL = "not a record of releases", "it has a control character"


def signed(data: dict[str, Any]) -> str:
    """A record of this data whose checksum is right."""
    rest = {key: value for key, value in data.items() if key != "sha256"}
    return json.dumps({"sha256": checksum(rest), **rest})


def test_a_text_with_a_tab_is_read_again(tmp_path: Path) -> None:
    """The record accepts every text that a card can have."""
    odd = 'a\tb\nc "d" \\u \\\\f é Ж \u200e ": [1, 2] ": ' + ",".join(map(str, range(900)))
    notes = {**NOTES, "c": Note.of({**NOTES["a"].values(), "Answer": odd})}
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
        ("{}", "1:1: not a record of releases: the key 'sha256' is missing"),
        ("[" * 100_000, "1:1: not a record of releases: "),
        (b"\xff", "1:1: not a record of releases: "),
        (dump(RELEASED).replace("B?", "b?"), EDITED),
        (dump(RELEASED).replace("2026-06-01T", "2026-06-02T"), EDITED),
        (dump(RELEASED).replace('"changed": "2026.06.01"', '"changed": "2026.05.01"'), EDITED),
        (json.dumps({**SOUND, "notes": dict(reversed(SOUND["notes"].items()))}), EDITED),
        (
            signed({**SOUND, "releases": {}}),
            "1:1: not a record of releases: an entry of the version '2026.05.01', which is not a release",
        ),
        (signed({**SOUND, "notes": {"a": {}}}), "1:1: not a record of releases: the key 'added' is missing"),
        (
            signed({**SOUND, "releases": {"2026.05.01": {"time": "May", "made_with": "", "packages": {}}}}),
            "1:1: not a record of releases: ValueError(",
        ),
        (
            signed({**SOUND, "releases": {"2026.05.01": {"time": "2026-05-01", "made_with": "", "packages": {}}}}),
            "1:1: not a record of releases: the time '2026-05-01';",
        ),
        *(
            (signed({**SOUND, "more": "!"}).replace("!", f"a—b {control}"), f"1:1: {NOT_A_RECORD}: {HAS_CONTROL};")
            for control in ("\x7f", "\x9b", "\u202e", "\u2069")
        ),
        (
            signed({**SOUND, "releases": {"../../escape": SOUND["releases"]["2026.05.01"]}}),
            "1:1: not a record of releases: '../../escape' is not a version;",
        ),
        (
            signed({**SOUND, "releases": dict(reversed(SOUND["releases"].items()))}),
            "1:1: not a record of releases: '2026.05.01' does not come after '2026.06.01';",
        ),
        (
            signed({**SOUND, "releases": {**SOUND["releases"], "2026.06.01": SOUND["releases"]["2026.05.01"]}}),
            "1:1: not a record of releases: '2026.06.01' does not come after '2026.05.01';",
        ),
        (
            signed(
                {
                    **SOUND,
                    "releases": {
                        "2026.06.01": SOUND["releases"]["2026.05.01"],
                        "2026.05.01": SOUND["releases"]["2026.06.01"],
                    },
                }
            ),
            "1:1: not a record of releases: '2026.05.01' does not come after '2026.06.01';",
        ),
        (signed({**SOUND, "pictures": {"a.svg": 1}}), "1:1: not a record of releases: it has the number 1"),
        (signed({**SOUND, "pictures": "a.svg"}), "1:1: not a record of releases: fields that are not texts;"),
        (signed({**SOUND, "note_type": False}), "1:1: not a record of releases: TypeError("),
        (
            signed({**SOUND, "note_type": {**SOUND["note_type"], "fields": {"Styling": None}}}),
            "1:1: not a record of releases: fields that are not texts;",
        ),
        *(
            (signed(changed), f"1:1: not a record of releases: {why};")
            for changed, why in (
                ({**SOUND, "settings": {}}, "incomplete settings or an invalid namespace"),
                (
                    {**SOUND, "settings": {**SOUND["settings"], "namespace": "../x"}},
                    "incomplete settings or an invalid namespace",
                ),
                (with_note(fields={}), "a note without question, answer or tag"),
                (with_note(fields={**NOTES["a"].values(), "Tags": ""}), "a note without question, answer or tag"),
                (with_note(how="a\u001fb"), "it has an escape for a control character"),
                (
                    with_note(fields={**NOTES["a"].values(), "Answer": "\x1b[2J"}),
                    "it has an escape for a control character",
                ),
                (with_packages("/etc/shadow"), "an invalid name of a package"),
                (with_packages("a.apkg/../../x"), "an invalid name of a package"),
                (with_note(how="silent"), "the unknown kind of change 'silent'"),
                (with_note(how="x"), "the unknown kind of change 'x'"),
                (
                    {**SOUND, "settings": {**SOUND["settings"], "namespace": "small/../../x"}},
                    "incomplete settings or an invalid namespace",
                ),
                (with_packages("../a.apkg"), "an invalid name of a package"),
                (with_packages("a\ud800.apkg"), "it has an escape for a control character"),
                ({**SOUND, "more": [[], [], []] * 9999}, "it has a list"),
                ({**SOUND, "more": {'a"b\\\\': []}}, "it has a list"),
                ({**SOUND, "more": 1}, "it has the number 1, but all values must be texts"),
                ({**SOUND, "more": "\u009b"}, "it has an escape for a control character"),
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
    assert problems[0].hint == "restore it from version control"


def test_a_release_has_the_settings_and_pictures_of_its_own_contents(tmp_path: Path) -> None:
    better = NOW._replace(settings=Settings("Small", "Better", "small", "1", 1, "1", 1, "1", "1"))
    record = RELEASED.after("2026.07.01", JUNE + 1, better).with_packages("SQLite 3", {}, {"small-a.svg": "0" * 64})
    assert record.settings == better.settings
    (tmp_path / "released.json").write_text(dump(record), "utf-8")
    found, problems = load(tmp_path / "released.json")
    assert (found, problems) == (record, [])
    assert record.pictures == {"small-a.svg": "0" * 64}
    assert record.after("2026.08.01", JUNE + 2, better).pictures == {}
