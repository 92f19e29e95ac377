"""`csto-anki diff`: what it compares, and how it describes the differences."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from csto_anki.history import describe
from csto_anki.history.changes import compare
from csto_anki.history.record import dump, load
from csto_anki.note.contents import Contents, Note
from support.commands import run
from support.releases import FIRST, FOURTH, JUNE, SECOND, THIRD, release
from support.small_deck import write_deck

TEXT = """\
2026.06.01 -> cards: 1 with a changed fact, 1 new, 1 corrected in wording, 1 held back

Changed facts: to be learnt again (1)
  treaty-signed: On which day was the Treaty signed?
    It was a day later than we said.
    answer: [-15-]{+16+} May 1992

New (1)
  city: In which *city* is the seat?
    Moscow

Corrected in wording (1)
  highest-body: Who sits on the *Council*?
    question: Who sits on the {+*+}Council{+*+}?

Held back until the note's next change, because only "as of", sources, tags or markup differ (1)
"""

MARKDOWN = """\
2026.06.01 → cards: 1 with a changed fact, 1 new, 1 corrected in wording, 1 held back

## Changed facts: to be learnt again (1)

- **On which day was the Treaty signed?** (`treaty-signed`)
  - It was a day later than we said.
  - answer: ~~15~~**16** May 1992

## New (1)

- **In which \\*city\\* is the seat?** (`city`)
  - Moscow

## Corrected in wording (1)

- **Who sits on the \\*Council\\*?** (`highest-body`)
  - question: Who sits on the **\\***Council**\\***?

## Held back until the note's next change, because only "as of", sources, tags or markup differ (1)

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A release, and cards that have changed since in every way."""
    first = {**FIRST, "bodies.yaml": str(FIRST["bodies.yaml"]) + _seat(SECOND)}
    release(tmp_path, first, "2026.06.01", JUNE)
    bodies = str(SECOND["bodies.yaml"]).replace(
        "sources: [charter]\n  tags: [rest]\n", "sources: [charter p. 1]\n  tags: [rest]\n"
    )
    city = _seat(SECOND).replace("seat:", "city:").replace("its seat", "the seat")
    write_deck(tmp_path / "cards", {**SECOND, "bodies.yaml": bodies + city})
    shutil.copy(tmp_path / "kept.json", tmp_path / "cards" / "released.json")
    return tmp_path


def _seat(files: dict[str, str | bytes | None]) -> str:
    return "seat:" + str(files["bodies.yaml"]).partition("seat:")[2]


def test_the_differences_in_text(project: Path) -> None:
    result = run(project, "diff")
    assert (result.returncode, result.stdout, result.stderr) == (0, TEXT, "")


def test_the_differences_in_markdown(project: Path) -> None:
    result = run(project, "diff", "--format", "markdown")
    assert (result.returncode, result.stdout, result.stderr) == (0, MARKDOWN, "")


def test_the_differences_in_json(project: Path) -> None:
    result = run(project, "diff", "--format", "json")
    found = json.loads(result.stdout)
    assert {key: found[key] for key in found if key != "changes"} == {
        "old": "2026.06.01",
        "new": "cards",
        "counts": {"fact": 1, "added": 1, "wording": 1, "retired": 0, "silent": 1, "gone": 0},
        "looks": [],
        "settings": [],
        "reordered": False,
        "behind": [],
    }
    assert [(change["id"], change["change"], change["sent"]) for change in found["changes"]] == [
        ("treaty-signed", "fact", True),
        ("highest-body", "wording", True),
        ("seat", "silent", False),
        ("city", "added", True),
    ]
    assert found["changes"][0] == {
        "id": "treaty-signed",
        "change": "fact",
        "sent": True,
        "question": "On which day was the Treaty signed?",
        "because": "It was a day later than we said.",
        "fields": [
            {
                "field": "answer",
                "old": "15 May 1992",
                "new": "16 May 1992",
                "words": [["-", "15"], ["+", "16"], ["=", " May 1992"]],
            },
            {
                "field": "changed",
                "old": "",
                "new": "It was a day later than we said.",
                "words": [["+", "It was a day later than we said."]],
            },
        ],
    }
    title, date = "CSTO: Charter [https://example.org/charter]", " (7 October 2002)"
    place = [["=", title], ["+", ", p. 1"], ["=", date]]
    assert found["changes"][2]["fields"] == [
        {"field": "sources", "old": f"{title}{date}", "new": f"{title}, p. 1{date}", "words": place}
    ]


def test_versions_packages_and_folders_give_the_same(project: Path) -> None:
    """Except for the names of the two sides, and for `reworded`, which is not in a package."""
    package = str(Path("dist/small-2026-06-01.apkg"))
    for old in ("2026.06.01", package):
        assert run(project, "diff", old).stdout == TEXT.replace("2026.06.01", old, 1)
        assert run(project, "diff", old, "cards").stdout == TEXT.replace("2026.06.01", old, 1)
    assert run(project, "build", "--output", "now.apkg").returncode == 0
    assert run(project, "diff", package, "now.apkg").stdout == TEXT.replace(
        "2026.06.01 -> cards", f"{package} -> now.apkg"
    )
    assert run(project, "diff", "now.apkg", "cards").stdout == "now.apkg -> cards: no difference\n"
    for name, content in THIRD.items():
        (project / "cards" / name).write_text(str(content))
    shutil.copytree(project / "cards", project / "third")
    retired = (
        "No longer taught (1)\n  highest-body: Who sits on the *Council*?\n"
        "    No longer asked. Instead, learn the card that this search finds: Id:seat\n"
    )
    assert retired in run(project, "diff", "2026.06.01", "third").stdout
    backwards = run(project, "diff", "now.apkg", "third").stdout
    gone = "\nNo longer in the newer one: retired or removed (1)\n  city: In which *city* is the seat?\n    Moscow\n"
    assert backwards.endswith(gone)
    summary = "1 retired, 1 held back, 1 no longer in the newer one (retired or removed)"
    assert backwards.startswith(f"now.apkg -> third: {summary}\n")


def test_an_older_version_is_read_from_its_package(project: Path) -> None:
    release(project, THIRD, "2026.07.01", JUNE + 86400)
    assert run(project, "diff").stdout == "2026.07.01 -> cards: no difference\n"
    result = run(project, "diff", "2026.06.01", "2026.07.01")
    assert result.stdout.startswith("2026.06.01 -> 2026.07.01: 1 with a changed fact, 1 retired\n")


def test_retired_notes_between_releases_and_between_their_packages(tmp_path: Path) -> None:
    """Of a release, the package with the retired notes is read, too; of a single package, nothing else is."""
    for month, files in enumerate((FIRST, SECOND, THIRD, FOURTH)):
        release(tmp_path, files, f"2026.0{month + 6}.01", JUNE + month * 31 * 86400)
    for old, new, expected in (
        ("2026.07.01", "2026.08.01", "1 retired"),
        ("2026.08.01", "2026.09.01", "2 corrected in wording"),
        ("2026.08.01", "cards", "2 corrected in wording"),
        ("2026.09.01", "2026.08.01", "2 corrected in wording"),
        (
            "dist/small-2026-07-01.apkg",
            "dist/small-2026-08-01.apkg",
            "1 no longer in the newer one (retired or removed)",
        ),
        ("dist/small-2026-07-01.apkg", "2026.08.01", "1 retired"),
        ("dist/small-2026-08-01.apkg", "2026.08.01", "no difference"),
        ("dist/small-2026-08-01.apkg", "cards", "1 corrected in wording"),
        ("cards", "dist/small-2026-08-01.apkg", "1 corrected in wording"),
    ):
        assert run(tmp_path, "diff", old, new).stdout.partition("\n")[0] == f"{old} -> {new}: {expected}"


def test_an_older_version_is_found_under_the_name_that_is_recorded(tmp_path: Path) -> None:
    project = release(tmp_path, FIRST, "2026.06.01", JUNE)
    before = json.loads(project.record.read_text("utf-8"))
    packages = before["releases"]["2026.06.01"]["packages"]
    old = {name.replace("2026-06-01", "2026.06.01"): sha256 for name, sha256 in packages.items()}
    for name, dotted in zip(packages, old, strict=True):
        (project.dist / name).rename(project.dist / dotted)
    record, _ = load(project.record)
    assert record is not None
    project.record.write_text(dump(record.with_packages("", old)), "utf-8")
    shutil.copy(project.record, tmp_path / "kept.json")
    for only in ((), ("--only", "core")):
        name = "-".join(["small", *only[1:], "2026.06.01.apkg"])
        assert run(tmp_path, "build", *only).stdout == f"{Path('dist') / name}\n"
    release(tmp_path, SECOND, "2026.07.01", JUNE + 86400)
    assert sorted(path.name for path in project.dist.glob("*.apkg")) == [
        *("small-2026-07-01.apkg", "small-2026.06.01.apkg"),
        *("small-core-2026-07-01.apkg", "small-core-2026.06.01.apkg"),
    ]
    first_line = run(tmp_path, "diff", "2026.06.01").stdout.partition("\n")[0]
    assert first_line == "2026.06.01 -> cards: 1 with a changed fact, 1 new, 1 corrected in wording"


def test_before_the_first_release_everything_is_new(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "diff")
    assert (result.returncode, result.stdout.partition("\n")[0]) == (0, "nothing released -> cards: 2 new")


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("2020.01.01",), 2, "2020.01.01 is not a release; the releases are: 2026.06.01"),
        (("yesterday",), 2, "'yesterday' is neither a version, nor a package (.apkg), nor a folder of cards"),
        (("nowhere.apkg",), 1, "csto-anki: cannot read nowhere.apkg: cannot be read: No such file or directory; check"),
        (
            ("kept.apkg",),
            1,
            "csto-anki: cannot read kept.apkg: a text or a web page, not the package; download the file itself",
        ),
        (("broken",), 1, "broken/deck.yaml:1:1: cannot be read: "),
        (("--cards", "broken"), 1, "broken/released.json:1:1: cannot be read: "),
        (("--format", "xml"), 2, "'xml' is not one of 'text', 'markdown', 'json'"),
    ],
)
def test_what_cannot_be_compared(arguments: tuple[str, ...], code: int, expected: str, project: Path) -> None:
    shutil.copy(project / "kept.json", project / "kept.apkg")
    (project / "broken").mkdir()
    result = run(project, "diff", *arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_changes_that_are_held_back_are_only_counted() -> None:
    """There can be hundreds; the JSON has them."""
    old = {f"n{at}": Note({"Question": "Q?", "Answer": "A", "AsOf": "May 2026"}, ("small::x",)) for at in range(23)}
    new = {id: Note({**note.fields, "AsOf": "June 2026", "Sources": "S"}, note.tags) for id, note in old.items()}
    new["n1"] = Note(old["n1"].fields, ("small::x", "small::y"))
    new["n2"] = Note({**old["n2"].fields, "Question": '<span lang="ru">Q?</span>'}, old["n2"].tags)
    diff = compare("one", Contents(None, old, {}), "two", Contents(None, new, {}))
    heading = 'Held back until the note\'s next change, because only "as of", sources, tags or markup differ (23)'
    assert list(describe.as_text(diff, lambda kind, text: text)) == ["one -> two: 23 held back", f"\n{heading}"]
    assert list(describe.as_markdown(diff)) == [f"\n## {heading}\n"]
    assert len(json.loads(describe.as_json(diff))["changes"]) == 23


def test_the_question_of_a_picture_or_a_practice_note_names_what_is_meant() -> None:
    notes = {
        "flag": Note({"Question": "Whose flag\nis this?", "Answer": "Armenia", "Image": "<img>"}, ()),
        "practice": Note({"Question": "Consider these:", "Answer": "(a)", "About": "Charter", "Statements": "S"}, ()),
    }
    diff = compare("", Contents(None, {}, {}), "", Contents(None, notes, {}))
    assert [describe.question(change) for change in diff.changes] == [
        "Whose flag is this? (Armenia)",
        "Charter: Consider these:",
    ]
