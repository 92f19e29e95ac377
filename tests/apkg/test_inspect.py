"""`inspect`: what it reports on our own packages, on other people's, and on those that claim to be a release."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from csto_anki.apkg import inspect, reader
from csto_anki.files import digest
from csto_anki.history.record import Released, dump, load
from support.commands import PIP, run
from support.packages import INVALID, changed, exported, members, ours, plain_genanki, sql, zipped
from support.releases import FIRST, JUNE, SECOND, THIRD, release

CARDS = Path(__file__).parents[2] / "cards"
DIST = Path(__file__).parents[2] / "dist"
RECORD, _ = load(CARDS / "released.json")
RELEASED = [
    (version, name) for version, release in (RECORD.releases if RECORD else {}).items() for name in release.packages
]
NEWEST = "small-2026-07-01.apkg"
EXPORT = "an export of Anki from somebody's collection, which can hold that person's words"
NOW = 1795478400  # 2026-11-24, 00:00 UTC


def inspected(project: Path, path: Path) -> tuple[int, dict[str, str], list[str], list[str]]:
    """The exit code, the facts, the differences and the faults."""
    result = run(project, "inspect", str(path), "--format", "json")
    assert result.stderr == "", result.stderr
    found = json.loads(result.stdout)
    return result.returncode, found["facts"], found["more"], found["wrong"]


def report(project: Path, path: Path) -> inspect.Report:
    """The same without a process, for tests of many cases."""
    released, problems = load(project / "cards" / "released.json")
    assert released is not None, problems
    return inspect.inspect(path, [released], NOW)


def copy(project: Path, folder: Path, name: str = NEWEST) -> Path:
    """A copy of a released package, packed again so that it can be changed."""
    return zipped(folder / "copy.apkg", members(project / "dist" / name))


@pytest.mark.parametrize(("version", "name"), RELEASED, ids=str)
def test_a_release_is_recognised(version: str, name: str) -> None:
    assert RECORD is not None
    result = run(CARDS.parent, "inspect", str(DIST / name))
    assert result.returncode == 0, result.stdout + result.stderr
    facts = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert facts["release"] == f"byte for byte as released: {name}"
    assert facts["SHA-256"] == RECORD.packages[name]
    assert (facts["deck"], facts["version"]) == ("CSTO for UPSC", version)
    assert facts["licence"].startswith("Cards CC BY 4.0, code MIT")


def test_the_whole_report(two_releases: Path, tmp_path: Path) -> None:
    """In text, of a release under another name, and of a copy in which an answer was changed."""
    released = tmp_path / "mine.apkg"
    shutil.copy(two_releases / "dist" / NEWEST, released)
    result = run(two_releases, "inspect", str(released))
    assert (result.returncode, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
file         mine.apkg, {released.stat().st_size:,} bytes
SHA-256      {digest(released)}
deck         Small
licence      CC BY 4.0
version      2026.07.01
newest note  2026-07-01 09:00:00 UTC
holds        3 notes, 4 cards, 0 media; note type Small
release      byte for byte as released: small-2026-07-01.apkg
"""
    )
    path = changed(copy(two_releases, tmp_path), sql("UPDATE notes SET flds = replace(flds, '16 May', '17 May')"))
    result = run(two_releases, "inspect", str(path))
    assert (result.returncode, result.stderr) == (1, "")
    _, _, end = result.stdout.partition("holds ")
    assert (
        end
        == """\
       3 notes, 4 cards, 0 media; note type Small
release      none: 1 corrected in wording compared with 2026.07.01
Corrected in wording (1)
  treaty-signed: On which day was the Treaty signed?
    answer: [-16-][+17+] May 1992
wrong: it claims to be 2026.07.01, but its bytes differ from the released file; \
get that file from dist, or compare the checksums
"""
    )


def test_a_release_that_was_packed_again_is_not_the_release(two_releases: Path, tmp_path: Path) -> None:
    """Nothing in it has changed, but only equal bytes are proof."""
    path = zipped(tmp_path / "copy.apkg", members(two_releases / "dist" / NEWEST), zipfile.ZIP_STORED)
    code, facts, differences, faults = inspected(two_releases, path)
    assert (code, differences) == (1, [])
    assert facts["release"] == "none: no difference compared with 2026.07.01"
    assert faults == [
        "it claims to be 2026.07.01, but its bytes differ from the released file; "
        "get that file from dist, or compare the checksums"
    ]


# One change each to a released package, after which its texts may be the same: none of these is the release.
CHANGES = [
    "UPDATE notes SET mod = mod + 1",
    "UPDATE notes SET guid = guid || 'x'",
    "UPDATE notes SET flds = replace(flds, '16 May 1992', '17 May 1992')",
    "UPDATE notes SET tags = tags || 'small::changed::2026.07.01::fact '",
    "UPDATE notes SET flds = replace(flds, '2026.07.01', '2099.01.01')",
    "UPDATE notes SET csum = 1",
    "UPDATE cards SET due = due + 1",
    "UPDATE cards SET did = 1",
    "UPDATE cards SET ivl = 9",
    "DELETE FROM notes WHERE id = (SELECT max(id) FROM notes)",
    "DELETE FROM cards WHERE ord = 1",
    "INSERT INTO revlog VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9)",
    "INSERT INTO graves VALUES (1, 2, 3)",
    "CREATE TABLE more (a)",
    "UPDATE col SET conf = '{}'",
    "UPDATE notes SET data = 'x' || char(0) || 'y'",
    "UPDATE notes SET sfld = sfld || char(0) || 'y'",
    "PRAGMA user_version = 7",
    "UPDATE col SET crt = 1",
    "UPDATE col SET decks = replace(decks, 'A small deck', 'A small deck.')",
    "UPDATE col SET models = replace(models, '\"sortf\": 0', '\"sortf\": 3')",
    "UPDATE col SET models = replace(models, '\"type\": 0', '\"type\": 1')",
    "UPDATE col SET models = replace(models, '<summary>', '<summary><script>alert(1)</script>')",
    # Settings that arrive in a learner's collection and are not on any card.
    r"UPDATE col SET models = replace(models, '\\documentclass', '\\input{/etc/passwd}')",
    'UPDATE col SET models = replace(models, \'"bqfmt": ""\', \'"bqfmt": "<script>"\')',
    "UPDATE col SET decks = replace(decks, '\"dyn\": 0', '\"dyn\": 1')",
    "UPDATE col SET conf = '{'",
    "UPDATE col SET dconf = '[]'",
    "UPDATE col SET conf = replace(conf, '\"addToCur\": true', '\"addToCur\": false')",
]


@pytest.mark.parametrize("query", CHANGES)
def test_a_package_that_claims_to_be_a_release_and_is_not(query: str, two_releases: Path, tmp_path: Path) -> None:
    path = copy(two_releases, tmp_path)
    before = members(path)["collection.anki2"]
    changed(path, sql(query))
    assert members(path)["collection.anki2"] != before
    found = report(two_releases, path)
    assert found.properties["version"] == "2026.07.01"
    assert found.faults[-1] == (
        "it claims to be 2026.07.01, but its bytes differ from the released file; "
        "get that file from dist, or compare the checksums"
    )


@pytest.mark.parametrize(
    ("query", "name", "version", "expected"),
    [
        (
            "UPDATE notes SET mod = mod + 1",
            "small-2026-06-01.apkg",
            "2026.06.01",
            "it claims to be 2026.06.01, but its bytes differ from the released file; "
            "csto-anki diff 2026.06.01 FILE shows what differs",
        ),
        (
            "UPDATE col SET decks = replace(decks, '2026.07.01', '2026.08.01')",
            NEWEST,
            "2026.08.01",
            "it claims to be 2026.08.01, which is not in the record of releases",
        ),
        (
            "UPDATE col SET decks = replace(decks, ' · Version', ' – Version')",
            NEWEST,
            "not given",
            "it does not say which version it is",
        ),
    ],
)
def test_a_version_that_it_cannot_be(
    query: str, name: str, version: str, expected: str, two_releases: Path, tmp_path: Path
) -> None:
    path = changed(copy(two_releases, tmp_path, name), sql(query.replace(" · ", " \\u00b7 ")))
    found = report(two_releases, path)
    assert (found.properties["version"], found.faults) == (version, (expected,))


def test_a_package_that_cannot_be_compared(two_releases: Path, tmp_path: Path) -> None:
    """It claims to be a development version, and has a fault that the comparison depends on."""
    queries = (
        "UPDATE col SET decks = replace(decks, '2026.07.01', '2026.07.01.dev-12345678')",
        "UPDATE notes SET flds = replace(flds, '16 May 1992', '')",
    )
    code, facts, _, faults = inspected(two_releases, changed(copy(two_releases, tmp_path), sql(*queries)))
    assert (code, facts["release"]) == (1, "none")
    assert faults == ["it cannot be compared with 2026.07.01: a note has no id, question, answer or tag"]


def test_a_build_of_the_same_cards_is_the_release(two_releases: Path) -> None:
    built = run(two_releases, "build", "--today", "2026-11-24").stdout.strip()
    assert inspected(two_releases, two_releases / built)[1]["release"].startswith("byte for byte as released")


def test_a_development_version_of_a_part(two_releases: Path, tmp_path: Path) -> None:
    shutil.copytree(two_releases / "cards", tmp_path / "cards")
    dates = tmp_path / "cards" / "dates.yaml"
    dates.write_text(dates.read_text().replace("On which day was", "On what day was"))
    built = run(tmp_path, "build", "--only", "core", "--today", "2026-11-24").stdout.strip()
    code, facts, differences, faults = inspected(tmp_path, tmp_path / built)
    assert (code, faults) == (0, [])
    assert facts["release"] == (
        "none, a development version: 1 corrected in wording compared with 2026.07.01 (1 of its 3 notes)"
    )
    assert differences == [
        "Corrected in wording (1)",
        "  treaty-signed: On what day was the Treaty signed?",
        "    question: On [-which-][+what+] day was the Treaty signed?",
    ]


@pytest.fixture(scope="module")
def with_retired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project whose third release retires one of three notes."""
    folder = tmp_path_factory.mktemp("retired")
    for month, files in enumerate((FIRST, SECOND, THIRD)):
        release(folder, files, f"2026.0{month + 6}.01", JUNE + month * 31 * 86400)
    return folder


RETIRED = "1 notes that are no longer taught; only for those who have the deck"


@pytest.mark.parametrize(
    ("name", "retired"),
    [("small-2026-08-01", None), ("small-core-2026-08-01", None), ("small-retired-2026-08-01", RETIRED)],
)
def test_the_packages_of_a_release_with_retired_notes(name: str, retired: str | None, with_retired: Path) -> None:
    found = report(with_retired, with_retired / "dist" / f"{name}.apkg")
    assert (found.details, found.faults) == ((), ())
    assert found.properties["release"] == f"byte for byte as released: {name}.apkg"
    assert found.properties.get("retired") == retired


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # The whole deck never has the retired note, so it does not count as missing.
        ((), "1 corrected in wording compared with 2026.08.01"),
        (("--only", "core"), "1 corrected in wording compared with 2026.08.01 (1 of its 2 notes)"),
        (("--only", "retired"), "no difference compared with 2026.08.01 (1 of its 3 notes)"),
    ],
)
def test_a_development_version_after_a_release_with_retired_notes(
    arguments: tuple[str, ...], expected: str, with_retired: Path, tmp_path: Path
) -> None:
    shutil.copytree(with_retired / "cards", tmp_path / "cards")
    dates = tmp_path / "cards" / "dates.yaml"
    dates.write_text(dates.read_text().replace("On which day was", "On what day was"))
    built = run(tmp_path, "build", *arguments, "--today", "2026-11-24").stdout.strip()
    code, facts, _, faults = inspected(tmp_path, tmp_path / built)
    assert (code, faults) == (0, [])
    assert facts["release"] == f"none, a development version: {expected}"


@pytest.mark.parametrize(
    ("name", "is_fault"),
    [
        *((name, True) for name in ("backup-1.apkg", "Collection.apkg", "collection (1).apkg")),
        *((name, False) for name in ("my-backup.apkg", "csto-backup-1.apkg")),
    ],
)
@pytest.mark.parametrize("make", [ours, lambda folder: exported(folder, legacy=False)], ids=["ours", "newer format"])
def test_a_name_that_anki_takes_for_a_backup(
    make: Callable[[Path], Path], name: str, is_fault: bool, tmp_path: Path
) -> None:
    path = make(tmp_path).rename(tmp_path / name)
    fault = (
        "its name: Anki takes a file with this name for a backup and restores it over the learner's whole collection; "
        "rename it before anyone opens it"
    )
    assert inspect.inspect(path, [], NOW).faults == ((fault,) if is_fault else ())


def test_long_differences_are_cut() -> None:
    lines = [str(number) for number in range(62)]
    assert inspect._shortened(lines) == (
        *lines[:60],
        "and more; csto-anki diff shows all",
    )
    assert inspect._shortened(iter(lines[:60])) == tuple(lines[:60])


def test_of_long_differences_only_those_that_are_shown_are_made() -> None:
    """Each can cost the comparison of two long texts."""
    made = []
    inspect._shortened(made.append(number) or str(number) for number in range(10_000))  # type: ignore[func-returns-value]
    assert len(made) == 61


def test_packages_of_others(two_releases: Path, tmp_path: Path) -> None:
    code, facts, differences, faults = inspected(two_releases, plain_genanki(tmp_path))
    assert (code, differences, faults) == (0, [], [])
    assert {name: facts[name] for name in facts if name not in ("file", "SHA-256", "newest note")} == {
        "deck": "Capitals",
        "holds": "1 notes, 1 cards, 0 media; note type Simple",
        "made by": "not csto-anki, which does not check what its templates and fields do",
        "release": "another deck than that of the record",
    }


def test_what_anki_itself_exported(two_releases: Path, tmp_path: Path) -> None:
    code, facts, _, faults = inspected(two_releases, exported(tmp_path, legacy=True))
    assert (code, faults, facts["holds"]) == (
        0,
        [],
        "2 notes, 4 cards, 0 media; note type Basic (and reversed card)",
    )
    code, facts, _, faults = inspected(two_releases, exported(tmp_path, legacy=False))
    assert (code, faults) == (0, [])
    assert facts["made by"] == EXPORT
    assert facts["format"] == "Anki's newer export format (collection.anki21b); csto-anki verify looks inside"


def test_another_deck_of_csto_anki(two_releases: Path, tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("UPDATE col SET models = replace(models, '1000002', '1000003')"))
    _, facts, _, faults = inspected(two_releases, path)
    assert facts["release"] == "another deck than that of the record"
    assert "made by" not in facts
    # The notes still have the old note type.
    assert faults == [
        "2 notes with another number of fields than their note type",
        "a look-alike: 2 notes have the guids of this deck but not its note type; "
        "learners who import it get no correction of this deck any more",
    ]


def test_our_own_package_that_anki_exported_again(two_releases: Path, tmp_path: Path) -> None:
    """It is sound and has the words of the release, but it is not it: another program wrote it."""
    path = exported(tmp_path, legacy=True, package=two_releases / "dist" / NEWEST)
    code, _, _, faults = inspected(two_releases, path)
    assert code == 1
    assert faults == [
        "other collections, which Anki ignores: collection.anki2",
        "an export of Anki, not the file that csto-anki wrote: it can hold somebody's words; share the file in dist",
    ]


def test_a_hidden_second_collection(two_releases: Path, tmp_path: Path) -> None:
    """A program that reads the other one than Anki does would show other notes."""
    path = ours(tmp_path)
    good = members(path)["collection.anki2"]
    changed(path, sql("UPDATE notes SET flds = replace(flds, 'Treaty', 'Pact')"))
    hidden = zipped(path, {**members(path), "collection.anki21": good, "meta": b"\x08\x02"})
    assert inspected(tmp_path, hidden)[3] == ["other collections, which Anki ignores: collection.anki2"]


OTHER_LOOKS = "UPDATE col SET models = replace(models, '<summary>', '<script>x</script>')"


def test_looks_that_are_not_known(tmp_path: Path) -> None:
    """A fault if there is a record; without one they can be those of an older version."""
    path = changed(ours(tmp_path), sql(OTHER_LOOKS))
    code, facts, _, faults = inspected(tmp_path, path)  # beside cards with an empty record
    assert (code, faults) == (1, ["its templates and styling are not those of csto-anki"])
    assert "templates" not in facts
    (tmp_path / "cards" / "released.json").unlink()
    code, facts, _, faults = inspected(tmp_path, path)
    assert (code, faults) == (0, [])
    assert facts["templates"] == "not those of this version of csto-anki, which does not check what they do"


def test_the_looks_of_the_last_release_are_known(tmp_path: Path) -> None:
    package = reader.load(changed(ours(tmp_path), sql(OTHER_LOOKS)))
    (note_type,) = package.note_types
    contents = reader.our_contents(package)._replace(looks=note_type.looks)
    released = Released({}, None, {}, None).after("2026.06.01", 1, contents)
    assert note_type.looks in inspect.known_looks(package, "", released, [])
    assert note_type.looks not in inspect.known_looks(package, "", Released({}, None, {}, None), [])
    assert inspect.known_looks(package, "", None, []) == []


def test_without_any_record_a_genuine_release_is_no_forgery(tmp_path: Path) -> None:
    """Its looks can be those of an older version."""
    (tmp_path / "cards").mkdir()
    oldest = DIST / "csto-2026.11.24.apkg"
    for command in ("inspect", "verify"):
        result = run(tmp_path, command, str(oldest))
        assert (result.returncode, result.stderr) == (0, ""), result.stdout
    (tmp_path / "cards" / "released.json").write_text("{")
    result = run(tmp_path, "inspect", str(oldest))
    assert result.returncode == 0
    assert "so the package is not compared with the record of releases" in result.stderr


def test_a_licence_in_russian_and_in_two_lines(tmp_path: Path) -> None:
    path = ours(tmp_path)
    changed(
        path, sql("UPDATE col SET decks = replace(decks, 'CC BY 4.0', '<span lang=\\\"ru\\\">Карточки</span><br>CC')")
    )
    _, facts, _, faults = inspected(tmp_path, path)
    assert (faults, facts["licence"], facts["version"]) == ([], "Карточки CC", "2026.06.01")


def test_without_a_record(tmp_path: Path) -> None:
    path = ours(tmp_path)
    (tmp_path / "cards" / "released.json").write_text(dump(Released({}, None, {}, None)))
    code, facts, _, faults = inspected(tmp_path, path)
    assert (code, faults) == (0, [])
    assert facts["release"] == "there is no record of releases here to compare with"


def field(value: str) -> Callable[[sqlite3.Connection], object]:
    """Put a value in place of the small deck's field `About`."""
    return lambda connection: connection.execute(
        "UPDATE notes SET flds = replace(flds, 'Council' || char(31), ? || char(31))", (value,)
    )


# What a stranger could put into a field of ours: the text, and what is reported of it.
SMUGGLED = [
    ("<script>alert(1)</script>", "<script>"),
    ("<b onclick=alert(1)>x</b>", "<b>"),
    ("<img src=x onerror=alert(1)>", "<img>"),
    ('<img src="https://example.org/a.png" alt="">', "<img>"),
    ('<a href="javascript:alert(1)">x</a>', "<a>"),
    ('<a href="data:text/html,x">x</a>', "<a>"),
    ('<a href="https://example.org/" onclick="x">x</a>', "<a>"),
    ("<iframe src=x></iframe>", "<iframe>"),
    ("<style>*{background:url(//e.org)}</style>", "<style>"),
    ("<!--", "<!-->"),
    ("<svg/onload=alert(1)>", "<svg>"),
    ("a < b", "a bare < or >"),
    ("[sound:a.mp3]", "[sound:"),
    ('<a href="https://e.org/[sound:a.mp3]">x</a>', "[sound:"),
    ("[latex]x[/latex]", "[latex]"),
    ("[$]x[/$]", "[$]"),
    ("[anki:tts lang=en]x[/anki:tts]", "[anki:"),
    ("[[type:Answer]]", "[[type:"),
    ("{{Answer}}", "{{"),
    ("\\(x\\)", "\\("),
]


@pytest.mark.parametrize(("text", "sign"), SMUGGLED, ids=[text for text, _ in SMUGGLED])
def test_what_could_act_in_a_field_is_reported(text: str, sign: str, tmp_path: Path) -> None:
    found = report(tmp_path, changed(ours(tmp_path), field(text)))
    assert f"{sign} in 1 notes, which csto-anki does not write" in found.faults


@pytest.mark.parametrize(
    "text",
    [
        '<div class="a"><ul><li>x</li></ul></div>',
        "<br/>",
        '<img src="a b.jpg" width="3">',
        '<span style="color: red">x</span>',
        '<a title="y" href="http://example.org/?a=b&amp;c">x</a>',
        "x &lt; y [x] {x}",
    ],
)
def test_harmless_markup_that_we_do_not_write_is_reported_too(text: str, tmp_path: Path) -> None:
    found = report(tmp_path, changed(ours(tmp_path), field(text)))
    assert any("which csto-anki does not write" in fault for fault in found.faults) == ("<" in text)


def test_a_note_type_that_is_not_the_frozen_one(tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("UPDATE col SET models = replace(models, '3611183800816671976', '5')"))
    assert inspected(tmp_path, path)[3] == [
        "the note type differs from csto-anki's, which never changes: learners would get no more updates"
    ]


def test_times_in_the_future(tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("UPDATE notes SET mod = 4000000000 WHERE id = (SELECT min(id) FROM notes)"))
    assert inspected(tmp_path, path)[3] == [
        "1 notes with a time in the future: until then they would block every update"
    ]


@pytest.mark.parametrize(("query", "expected"), INVALID)
def test_invalid_times_ids_and_schedules(query: str, expected: str, tmp_path: Path) -> None:
    """Anki would import them, and learners would get no update, or a note twice."""
    assert expected in report(tmp_path, changed(ours(tmp_path), sql(query))).faults


def test_doubled_and_broken_notes(tmp_path: Path) -> None:
    queries = ("UPDATE notes SET guid = 'same'", "UPDATE notes SET flds = 'a'", "DELETE FROM cards WHERE ord = 1")
    faults = inspected(tmp_path, changed(ours(tmp_path), sql(*queries)))[3]
    assert "1 notes with the guid of another note" in faults
    assert "2 notes with another number of fields than their note type" in faults


def test_pictures_that_are_not_what_they_were(tmp_path: Path) -> None:
    path = ours(tmp_path)
    found = members(path)
    (name,) = json.loads(found["media"]).values()
    code, _, _, faults = inspected(tmp_path, zipped(path, {**found, "0": b"<svg onload='alert(1)'/>"}))
    assert (code, faults) == (
        1,
        [
            f"the picture {name!r} does not match the checksum in its name",
            f"{name!r}: the element <svg>",
            f"{name!r}: the attribute 'onload' would run a script",
        ],
    )
    del found["0"]
    assert inspected(tmp_path, zipped(path, found))[3] == [
        f"the file {name!r} is in the media list but missing",
        f"the picture {name!r} is shown but missing",
    ]


def test_a_media_file_that_no_note_shows(tmp_path: Path) -> None:
    path = ours(tmp_path)
    found = members(path)
    media = {**json.loads(found["media"]), "1": "more.js"}
    extra = zipped(path, {**found, "media": json.dumps(media).encode(), "1": b"x" * 100_001})
    assert inspected(tmp_path, extra)[3] == [
        "the file 'more.js' is not shown by any note",
        "the file 'more.js' is too large to be one of ours",
    ]


def test_a_file_that_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    result = run(tmp_path, "inspect", "a.txt")
    expected = "csto-anki: cannot inspect a.txt: an empty file; build it again, or get it again from whoever made it\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", expected)


def test_a_backup_of_a_whole_collection(tmp_path: Path) -> None:
    ours(tmp_path, "mine.colpkg")
    for command in ("inspect", "verify"):
        result = run(tmp_path, command, "mine.colpkg")
        expected = (
            f"csto-anki: cannot {command} mine.colpkg: a backup of somebody's whole collection, which replaces "
            "everything in yours; do not open or share it; ask for the deck as .apkg\n"
        )
        assert (result.returncode, result.stdout, result.stderr) == (1, "", expected)


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = ours(tmp_path, "\x1b[2Jx.apkg") if sys.platform != "win32" else ours(tmp_path)
    result = run(tmp_path, "inspect", path.name)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    for arguments in (["inspect", "\x1b[2J.apkg"], ["show", "\x1b[2J"], ["\x1b[2J"], ["build", "--only", "\x1b[2J"]):
        result = run(tmp_path, *arguments)
        assert result.returncode in (1, 2)
        assert "\x1b" not in result.stdout + result.stderr, arguments


def test_without_anki_inspect_works_and_verify_says_what_it_needs(tmp_path: Path) -> None:
    path = ours(tmp_path)
    code = """
import sys
sys.modules["anki"] = None
sys.argv[1:] = sys.argv[1:]
from csto_anki.__main__ import main
main()
"""
    for command, expected in (("inspect", 0), ("verify", 1)):
        result = subprocess.run(
            [sys.executable, "-c", code, command, str(path)], capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert result.returncode == expected, result.stderr
    assert result.stderr == f'csto-anki: verify needs Anki itself; install it: {PIP} "anki>=26.9,<27"\n'


@pytest.mark.parametrize(("ahead", "is_fault"), [(0, False), (86_400, False), (86_401, True), (300 * 86_400, True)])
def test_a_clock_may_differ_by_a_day(ahead: int, is_fault: bool, tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql(f"UPDATE notes SET mod = {NOW + ahead} WHERE id % 2"))  # noqa: S608
    faults = inspect.inspect(path, [], NOW).faults
    assert faults == (
        ("1 notes with a time in the future: until then they would block every update",) if is_fault else ()
    )


def test_a_package_has_notes_in_one_deck(tmp_path: Path) -> None:
    more = 'UPDATE col SET decks = replace(decks, \'{"1": \', \'{"7": {"id": 7, "name": "More", "desc": ""}, "1": \')'
    faults = inspect.inspect(changed(ours(tmp_path), sql(more)), [], NOW).faults
    assert "2 notes in 2 decks, instead of some notes in one deck" in faults
    nothing = changed(ours(tmp_path, "nothing.apkg"), sql("DELETE FROM notes", "DELETE FROM cards"))
    assert "0 notes in 1 decks, instead of some notes in one deck" in inspect.inspect(nothing, [], NOW).faults


def test_the_name_of_a_picture_has_the_digits_of_its_bytes(tmp_path: Path) -> None:
    """They tie it to the record, in which notes name their pictures."""
    path = ours(tmp_path)
    found = members(path)
    ((number, name),) = json.loads(found["media"]).items()
    assert inspect.inspect(path, [], NOW).faults == ()
    zipped(path, {**found, number: found[number].replace(b"M0 0", b"M0 1")})
    assert inspect.inspect(path, [], NOW).faults == (f"the picture {name!r} does not match the checksum in its name",)


def test_the_tags_of_learners_may_be_more_than_ours(tmp_path: Path) -> None:
    """The namespace of the deck is that of its own tags, and not of the most frequent ones."""
    path = changed(ours(tmp_path), sql("UPDATE notes SET tags = ' mine::a mine::b mine::c' || tags"))
    assert inspect.inspect(path, [], NOW).faults == ()


def test_two_decks_have_no_version(tmp_path: Path) -> None:
    package = reader.load(ours(tmp_path))
    ((title, text),) = package.decks.items()
    assert inspect._licence_and_version(package)[1] == "2026.06.01"
    assert inspect._licence_and_version(package._replace(decks={title: text, "More": text})) == ("", "")
