"""`inspect` on packages of ours, of others and of strangers who mean harm: told in lines, never a traceback."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from csto_anki import files, package
from csto_anki.inert import acts, runs, strange
from csto_anki.release import Released, dump, load
from packages import JUNE, changed, exported, listed, many_members, members, ours, plain_genanki, sql, zipped
from test_cli import run
from test_publish import FIRST, SECOND, release

CARDS = Path(__file__).parents[1] / "cards"
DIST = Path(__file__).parents[1] / "dist"


# But builds of whoever runs this.
RELEASED = sorted(path for path in DIST.glob("csto-*.apkg") if ".dev-" not in path.name)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.name)
def test_what_was_released_is_told_to_be_so(path: Path) -> None:
    record, _ = load(CARDS / "released.json")
    assert record is not None
    result = run(CARDS.parent, "inspect", str(path))
    assert result.returncode == 0, result.stdout + result.stderr
    told = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert told["release"] == f"byte for byte as released: {path.name}"
    assert told["SHA-256"] == record.packages[path.name]
    version = path.stem.rpartition("-")[2]
    assert (told["deck"], told["version"]) == ("CSTO for UPSC", version)
    assert told["licence"].startswith("Cards CC BY 4.0, code MIT")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the small deck."""
    folder = tmp_path_factory.mktemp("project")
    release(folder, FIRST, "2026.06.01", JUNE)
    release(folder, SECOND, "2026.07.01", JUNE + 30 * 86400)
    return folder


def inspected(project: Path, path: Path) -> tuple[int, dict[str, str], list[str], list[str]]:
    """The exit code, the facts, what differs and what is wrong."""
    result = run(project, "inspect", str(path), "--format", "json")
    assert result.stderr == "", result.stderr
    found = json.loads(result.stdout)
    return result.returncode, found["facts"], found["more"], found["wrong"]


def copy(project: Path, folder: Path, name: str = "small-2026.07.01.apkg") -> Path:
    """A released package under another name, where it can be changed."""
    return zipped(folder / "copy.apkg", members(project / "dist" / name))


def test_a_release_that_was_packed_again(project: Path, tmp_path: Path) -> None:
    path = copy(project, tmp_path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members(project / "dist" / "small-2026.07.01.apkg").items():
            archive.writestr(name, data)
    code, facts, _, wrong = inspected(project, path)
    assert (code, wrong) == (0, [])
    told = "to the last value as released: small-2026.07.01.apkg, packed by other versions of SQLite or zlib"
    assert facts["release"] == f"{told}; of its 0 pictures the names vouch, by ten digits"


# One change to a released package, after which its texts may be the same: none of these is the release.
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
    "UPDATE col SET models = replace(models, '<footer>', '<footer><script>alert(1)</script>')",
]


@pytest.mark.parametrize("query", CHANGES)
def test_a_package_that_says_it_is_a_release_and_is_not(query: str, project: Path, tmp_path: Path) -> None:
    path = changed(copy(project, tmp_path), sql(query))
    assert path.read_bytes() != (project / "dist" / "small-2026.07.01.apkg").read_bytes()
    code, facts, more, wrong = inspected(project, path)
    assert (code, facts["version"]) == (1, "2026.07.01")
    assert any(re.search("2026.07.01, and is not|the guid of|it is not a package that", line) for line in wrong), wrong
    if "17 May" in query:
        assert more == [
            "Corrected in wording (1)",
            "  treaty-signed: On which day was the Treaty signed?",
            "    answer: [-16-][+17+] May 1992",
        ]


def test_what_it_says_of_versions(project: Path, tmp_path: Path) -> None:
    other = changed(copy(project, tmp_path, "small-2026.06.01.apkg"), sql("UPDATE notes SET mod = mod + 1"))
    code, _, _, wrong = inspected(project, other)
    assert (code, wrong) == (
        1,
        ["it says that it is 2026.06.01, and its bytes are others; csto-anki diff 2026.06.01 FILE"],
    )
    built = run(project, "build", "--today", "2026-11-24").stdout.strip()
    assert inspected(project, project / built)[1]["release"].startswith("byte for byte as released")
    unknown = changed(copy(project, tmp_path), sql("UPDATE col SET decks = replace(decks, '2026.07.01', '2026.08.01')"))
    code, facts, _, wrong = inspected(project, unknown)
    assert (code, facts["version"]) == (1, "2026.08.01")
    assert wrong == ["it says that it is 2026.08.01, of which the record does not know"]


def test_a_development_version_and_a_part(project: Path, tmp_path: Path) -> None:
    text = (project / "cards" / "dates.yaml").read_text()
    (tmp_path / "cards").mkdir()
    for path in (project / "cards").glob("*.*"):
        (tmp_path / "cards" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "cards" / "dates.yaml").write_text(text.replace("On which day was", "On what day was"))
    built = run(tmp_path, "build", "--only", "core", "--today", "2026-11-24").stdout.strip()
    code, facts, more, wrong = inspected(tmp_path, tmp_path / built)
    assert (code, wrong) == (0, [])
    assert facts["release"] == (
        "none, a development version: 1 corrected in wording beside 2026.07.01 (1 of its 3 notes)"
    )
    assert more[-1] == "    question: On [-which-][+what+] day was the Treaty signed?"


def test_packages_of_others(project: Path, tmp_path: Path) -> None:
    code, facts, _, wrong = inspected(project, plain_genanki(tmp_path))
    assert (code, wrong, facts["deck"]) == (0, [], "Capitals")
    assert facts["holds"] == "1 notes, 1 cards, 0 media; note type Simple"
    assert facts["release"] == "another deck than that of the record"
    code, facts, _, wrong = inspected(project, exported(tmp_path, legacy=True))
    assert (code, wrong, facts["holds"]) == (
        0,
        [],
        "2 notes, 4 cards, 0 media; note type Basic (and reversed card)",
    )
    code, facts, _, wrong = inspected(project, exported(tmp_path, legacy=False))
    assert (code, wrong) == (0, [])
    assert facts["format"] == (
        "the newer one of Anki's own exports (collection.anki21b); csto-anki verify looks inside"
    )


def test_ours_that_anki_exported_again(project: Path, tmp_path: Path) -> None:
    """It is sound, and has the words of the release, and is not it: another program wrote it."""
    path = exported(tmp_path, legacy=True, package=project / "dist" / "small-2026.07.01.apkg")
    code, _, _, wrong = inspected(project, path)
    assert code == 1
    assert wrong == [
        "another collection beside that which Anki takes: collection.anki2",
        "it says that it is 2026.07.01, and is not: not all in it is as released",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (r"UPDATE col SET models = replace(models, '\\documentclass', '\\input{/etc/passwd}')", "note type"),
        ('UPDATE col SET models = replace(models, \'"bqfmt": ""\', \'"bqfmt": "<script>"\')', "note type"),
        ("UPDATE col SET decks = replace(decks, '\"dyn\": 0', '\"dyn\": 1')", "deck"),
        ("UPDATE col SET conf = '{'", "options"),
        ("UPDATE col SET dconf = '[]'", "deck options"),
        ("UPDATE col SET conf = replace(conf, '\"addToCur\": true', '\"addToCur\": false')", "options"),
    ],
)
def test_settings_that_are_not_as_we_write_them(query: str, expected: str, tmp_path: Path) -> None:
    """They arrive in a learner's collection, and stand on no card."""
    path = ours(tmp_path)
    before = members(path)["collection.anki2"]
    assert inspected(tmp_path, path)[3] == []
    changed(path, sql(query))
    assert members(path)["collection.anki2"] != before
    assert inspected(tmp_path, path)[3] == [f"the settings of its {expected} are not as csto-anki writes them"]
    changed(path, sql("UPDATE cards SET did = 1"))
    assert inspected(tmp_path, path)[3] == ["cards in other decks than the one that csto-anki makes"]


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
    assert "so it is compared with no record of releases" in result.stderr


def test_a_licence_in_russian_and_in_two_lines(tmp_path: Path) -> None:
    path = ours(tmp_path)
    changed(
        path, sql("UPDATE col SET decks = replace(decks, 'CC BY 4.0', '<span lang=\\\"ru\\\">Карточки</span><br>CC')")
    )
    _, facts, _, wrong = inspected(tmp_path, path)
    assert (wrong, facts["licence"], facts["version"]) == ([], "Карточки CC", "2026.06.01")


def test_without_a_record(tmp_path: Path) -> None:
    path = ours(tmp_path)
    (tmp_path / "cards" / "released.json").write_text(dump(Released({}, {}, {}, None)))
    code, facts, _, wrong = inspected(tmp_path, path)
    assert (code, wrong) == (0, [])
    assert facts["release"] == "there is no record of releases here to compare with"


def field(value: str) -> Callable[[sqlite3.Connection], object]:
    """Put a value in the place of the small deck's detail-like field `About`."""
    return lambda connection: connection.execute(
        "UPDATE notes SET flds = replace(flds, 'Council' || char(31), ? || char(31))", (value,)
    )


# What a stranger could put into a field of ours: the text, and what is said of it.
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
def test_what_could_act_in_a_field_is_told(text: str, sign: str, tmp_path: Path) -> None:
    _, _, _, wrong = inspected(tmp_path, changed(ours(tmp_path), field(text)))
    assert f"{sign} in 1 notes, which csto-anki does not write" in wrong


# What decks of others hold as a matter of course.
ORDINARY = {"a bare < or >", "[sound:", "{{", "\\("}


@pytest.mark.parametrize(("text", "sign"), [each for each in SMUGGLED if each[1] not in ORDINARY])
def test_what_could_act_in_a_field_of_others(text: str, sign: str) -> None:
    assert sign in [*acts(f"x {text} y")]


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
def test_what_cannot_act_in_a_field_of_others(text: str) -> None:
    assert [*acts(text)] == []
    assert bool([*strange(text)]) == ("<" in text)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{Front}}<hr id=answer>{{Back}}", set()),
        (".card { color: red }", set()),
        ("<script src='_a.js'></script>", {"script"}),
        ("<b onclick='x()'>", {"onclick"}),
        ("@import 'a.css'; .a { background: url(a) }", {"@import", "url"}),
        ('<img src="https://example.org/a">', {"https://"}),
        ("{{tts en_US:Front}}", {"{{tts"}),
    ],
)
def test_what_runs_in_a_template(template: str, expected: set[str]) -> None:
    assert runs(template) == expected


def test_a_note_type_that_is_not_the_frozen_one(tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("UPDATE col SET models = replace(models, '3611183800816671976', '5')"))
    assert inspected(tmp_path, path)[3] == [
        "the note type is not the frozen one: updates of what learners have would stop",
        "the settings of its note type are not as csto-anki writes them",
    ]


def test_times_that_are_still_to_come(tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("UPDATE notes SET mod = 4000000000 WHERE id = (SELECT min(id) FROM notes)"))
    assert inspected(tmp_path, path)[3] == [
        "1 notes with a time that is still to come: until then they would block every update"
    ]


def test_times_and_ids_that_are_none(tmp_path: Path) -> None:
    """Anki would take them, and no update would ever be newer."""
    for query, expected in (
        ("UPDATE notes SET mod = 4611686018427387904", "2 notes with a time that is none"),
        ("UPDATE notes SET mod = -1", "2 notes with a time that is none"),
        ("UPDATE notes SET guid = 'x' || id", "the guid of treaty-signed is another than its id gives"),
        ("UPDATE notes SET flds = replace(flds, 'highest-body', 'treaty-signed')", "the id 'treaty-signed' in 2 notes"),
        (
            "UPDATE col SET models = replace(models, '\"mod\": 1780304400', '\"mod\": 1099511627776')",
            "a note type with a time that is still to come: until then its looks could not be mended",
        ),
        (
            "UPDATE col SET models = replace(models, '<footer>', '<script>x</script>')",
            "its cards are not made as by csto-anki and hold script",
        ),
        (
            "UPDATE col SET decks = replace(decks, 'A small', '<script>x</script>')",
            "<script> (of the deck's description) in 1 notes, which csto-anki does not write",
        ),
        ("UPDATE cards SET ivl = 9", "3 cards carry somebody's schedule"),
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        path = changed(ours(folder), sql(query))
        assert expected in inspected(folder, path)[3], query
        result = run(folder, "verify", path.name, "--format", "json")
        assert result.returncode == 1, query
        if "ivl" not in query:  # which the import leaves out
            assert expected in json.loads(result.stdout)["wrong"], query


def test_doubled_and_broken_notes(tmp_path: Path) -> None:
    queries = ("UPDATE notes SET guid = 'same'", "UPDATE notes SET flds = 'a'", "DELETE FROM cards WHERE ord = 1")
    wrong = inspected(tmp_path, changed(ours(tmp_path), sql(*queries)))[3]
    assert "1 notes with the guid of another" in wrong
    assert "2 notes with another number of fields than their note type" in wrong


def evil(path: Path) -> bytes:
    """The database of a package with another text."""
    other = zipped(path.with_name("evil.apkg"), members(path))
    found = members(changed(other, sql("UPDATE notes SET flds = replace(flds, 'Treaty', 'Pact')")))
    other.unlink()
    return found["collection.anki2"]


def test_the_collection_that_anki_would_take_is_told(tmp_path: Path) -> None:
    """Which one that is, the member `meta` says, and not which is the newest."""
    path = ours(tmp_path)
    found = members(path)
    bad, good = evil(path), found["collection.anki2"]
    both = {**found, "collection.anki21": good, "collection.anki2": bad}
    told = inspected(tmp_path, zipped(path, {**both, "meta": b"\x08\x02"}))[3]
    assert "another collection beside that which Anki takes: collection.anki2" in told
    for meta, signed in ((b"\x08\x01", "Pact"), (b"\x08\x02", "Treaty"), (None, "Treaty")):
        loaded = package.load(zipped(path, {**both, **({"meta": meta} if meta else {})}))
        assert any(signed in note.values[0] for note in loaded.notes or ()), meta
    for meta in (b"\x08\x03", b"\x08\x07", b""):
        with pytest.raises(files.Refused, match="no collection in it, or another than it says"):
            package.load(zipped(path, {**found, "meta": meta}))


@pytest.mark.parametrize(
    "name", ["../../x", "evil.exe", "collection.anki21\0x", "00", "Media", "m\u00e9dia", "a/media"]
)
def test_members_that_no_package_has(name: str, tmp_path: Path) -> None:
    """To another reader of zips such a name can be that of another member."""
    path = ours(tmp_path)
    found = members(path)
    with zipfile.ZipFile(path, "w") as archive:
        for each, data in found.items():
            archive.writestr(each, data)
        info = zipfile.ZipInfo("x" * len(name.encode()))
        archive.writestr(info, b"x")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"x" * len(name.encode()), name.encode()))
    with pytest.raises(files.Refused, match=r"as Anki|damaged"):
        package.load(path)


NAMES = [
    "../../evil",
    "/etc/passwd",
    "C:\\a.svg",
    "a/b.svg",
    "..",
    "",
    "con.svg",
    "a.svg.",
    "a:b",
    "e\u0301.svg",
    121 * "a",
    "\x1b[2J",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leaves_ankis_folder(name: str, tmp_path: Path) -> None:
    code, _, _, wrong = inspected(tmp_path, listed(ours(tmp_path), json.dumps({"0": name})))
    assert code == 1
    assert f"{name!r} is no name that a file may have" in wrong
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "ours.apkg"]


def test_pictures_that_are_not_what_they_were(tmp_path: Path) -> None:
    path = ours(tmp_path)
    found = members(path)
    (name,) = json.loads(found["media"]).values()
    code, _, _, wrong = inspected(tmp_path, zipped(path, {**found, "0": b"<svg onload='alert(1)'/>"}))
    assert (code, wrong) == (
        1,
        [
            f"the picture {name!r} is not the one of its name",
            "the element <svg>",
            "the attribute 'onload' would run a script",
        ],
    )
    del found["0"]
    assert inspected(tmp_path, zipped(path, found))[3] == [
        f"the file {name!r} is listed, and not there",
        f"the picture {name!r} is shown and not there",
    ]


# Packages that cannot be told: how to make one of ours so, and what is said.
STRANGE = "it is not as Anki or csto-anki writes packages: "
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda path: path.write_bytes(b"PK"), "it is damaged: no zip, or not to its end"),
    "an empty file": (lambda path: path.write_bytes(b""), "it is damaged: no zip, or not to its end"),
    "half of it": (lambda path: path.write_bytes(path.read_bytes()[:2000]), "it is damaged: no zip, or not to its end"),
    "no collection": (lambda path: zipped(path, {"media": b"{}"}), f"{STRANGE}no collection in it"),
    "a long list of members": (
        lambda path: many_members(path, 200_000),
        f"{STRANGE}a list of members that is too long",
    ),
    "members of one name": (
        lambda path: many_members(path, 5),
        f"{STRANGE}5 members where it says 5, or two of one name",
    ),
    "something behind it": (
        lambda path: path.write_bytes(path.read_bytes() + b"x"),
        "it is damaged: no zip, or not to its end",
    ),
    "something before it": (
        lambda path: path.write_bytes(b"#!/bin/sh\n" + path.read_bytes()),
        f"{STRANGE}an end that says other than there is",
    ),
    "two zips": (
        lambda path: path.write_bytes(path.read_bytes() * 2),
        f"{STRANGE}an end that says other than there is",
    ),
    "fewer members than there are": (lambda path: counted(path, -1), f"{STRANGE}3 members where it says 2"),
    "another disk": (
        lambda path: path.write_bytes(path.read_bytes()[:-18] + b"\1" + path.read_bytes()[-17:]),
        f"{STRANGE}an end that says other than there is",
    ),
    "a list of media that is none": (lambda path: listed(path, "[]"), f"{STRANGE}a list of media that is none"),
    "two media of one name": (lambda path: listed(path, '{"0": "a", "1": "a"}'), f"{STRANGE}two media of one name"),
    "a list nested deeply": (lambda path: listed(path, "[" * 100_000), f"{STRANGE}nested too deeply"),
    "no database": (
        lambda path: zipped(path, {**members(path), "collection.anki2": b"x" * 5000}),
        "it is damaged: file is not a database",
    ),
    "a view": (
        lambda path: changed(path, sql("ALTER TABLE notes RENAME TO n", "CREATE VIEW notes AS SELECT * FROM n")),
        f"{STRANGE}a view 'notes' that does more than hold values",
    ),
    "a trigger": (
        lambda path: changed(path, sql("CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END")),
        f"{STRANGE}a trigger 't' that does more than hold values",
    ),
    "a computed column": (
        lambda path: changed(path, sql("ALTER TABLE notes ADD COLUMN x AS (hex(zeroblob(1000000000)))")),
        f"{STRANGE}a table 'notes' that does more than hold values",
    ),
    "a virtual table": (
        lambda path: changed(path, sql("CREATE VIRTUAL TABLE t USING fts5(a)")),
        f"{STRANGE}a table 't' that does more than hold values",
    ),
    "another schema": (lambda path: changed(path, sql("DROP TABLE cards")), f"{STRANGE}other tables than Anki's"),
    "no note types": (
        lambda path: changed(path, sql("DELETE FROM col")),
        f"{STRANGE}no note types or too many",
    ),
    "note types that are none": (lambda path: changed(path, sql("UPDATE col SET models = '[1]'")), STRANGE[:-2]),
    "note types that are no JSON": (lambda path: changed(path, sql("UPDATE col SET models = '{'")), STRANGE[:-2]),
    "numbers for texts": (
        lambda path: changed(path, sql("UPDATE notes SET flds = x'00'")),
        f"{STRANGE}something else where a text belongs",
    ),
    "bytes that are no text": (
        lambda path: changed(path, sql("UPDATE notes SET flds = CAST(x'ff' AS TEXT)")),
        "it is damaged: Could not decode to UTF-8",
    ),
    "an encrypted member": (lambda path: encrypted(path), f"{STRANGE}it is encrypted"),
    "another way to pack": (
        lambda path: packed(path, zipfile.ZIP_LZMA),
        f"{STRANGE}packed in a way that Anki does not read",
    ),
}


def counted(path: Path, more: int) -> None:
    """Let the end of a zip tell of more members, or fewer."""
    data = bytearray(path.read_bytes())
    for at in (len(data) - 14, len(data) - 12):
        data[at] += more
    path.write_bytes(data)


def encrypted(path: Path) -> None:
    """Set the bit that says so, in the list of members."""
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 8] |= 1
    path.write_bytes(data)


def packed(path: Path, how: int) -> None:
    found = members(path)
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in found.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_one_line(case: str, tmp_path: Path) -> None:
    spoil, expected = REFUSED[case]
    path = ours(tmp_path)
    spoil(path)
    for command in (("inspect", "ours.apkg"), ("diff", "ours.apkg", "ours.apkg"), ("verify", "ours.apkg")):
        result = run(tmp_path, *command)
        assert (result.returncode, result.stdout) == (1, ""), command
        assert f" ours.apkg: {expected}" in result.stderr, command
        assert len(result.stderr.splitlines()) == 1, command
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "ours.apkg"]


def test_paths_that_are_no_package(tmp_path: Path) -> None:
    (tmp_path / "folder.apkg").mkdir()
    (tmp_path / "a.txt").write_text("")
    for name, expected in (
        ("folder.apkg", "no file; name a file, no folder, device or pipe"),
        ("nowhere.apkg", "cannot be read: No such file or directory; see that it is there, and the disk has room"),
        ("a.txt", "no package; name a file that ends in .apkg"),
    ):
        result = run(tmp_path, "inspect", name)
        assert (result.returncode, result.stderr) == (1, f"csto-anki: cannot inspect {name}: {expected}\n")


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = ours(tmp_path, "\x1b[2Jx.apkg") if sys.platform != "win32" else ours(tmp_path)
    result = run(tmp_path, "inspect", path.name)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    for arguments in (["inspect", "\x1b[2J.apkg"], ["show", "\x1b[2J"], ["\x1b[2J"], ["build", "--only", "\x1b[2J"]):
        result = run(tmp_path, *arguments)
        assert result.returncode in (1, 2)
        assert "\x1b" not in result.stdout + result.stderr, arguments


def test_a_package_with_any_byte_damaged_is_no_crash(tmp_path: Path) -> None:
    data = ours(tmp_path).read_bytes()
    for at in [*range(60), *range(60, len(data), len(data) // 300)]:
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        (tmp_path / "damaged.apkg").write_bytes(damaged)
        try:
            package.load(tmp_path / "damaged.apkg")
        except files.Refused as error:
            assert str(error).isprintable()


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
            [sys.executable, "-c", code, command, str(path)], capture_output=True, text=True, cwd=tmp_path
        )
        assert result.returncode == expected, result.stderr
    assert result.stderr == 'csto-anki: verify needs Anki itself; install it: python -m pip install "anki>=26.9,<27"\n'
