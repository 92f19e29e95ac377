"""Reading packages that anyone may have made: what is in them, or a refusal in one line, never a crash."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from csto_anki import files
from csto_anki.apkg import archive, reader
from support.packages import UNREADABLE, changed, listed, members, ours, sql, zipped


def test_a_package_of_ours(tmp_path: Path) -> None:
    package = reader.load(ours(tmp_path))
    assert package.collection == "collection.anki2"
    assert package.decks == {"Small": "A small deck<br><br>CC BY 4.0 · Version 2026.06.01"}
    assert [note_type.name for note_type in package.note_types] == ["Small"]
    assert [note.values[0] for note in package.notes or ()] == [
        "On which day was the Treaty signed?",
        "Who sits on the Council?",
    ]
    assert (package.cards, package.studied, package.faults, package.ignored) == (3, 0, (), ())
    ((name, size),) = package.media.items()
    assert len(package.pictures[name]) == size


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused(case: str, tmp_path: Path) -> None:
    spoil, expected = UNREADABLE[case]
    path = ours(tmp_path)
    spoil(path)
    with pytest.raises(files.Refused) as refused:
        reader.load(path)
    assert str(refused.value).startswith(expected)
    assert str(refused.value).isprintable()
    hints = (
        "build it again, or get it again from whoever made it",
        "unpack it; if a file ending in .apkg is in it, use that file",
    )
    assert refused.value.hint.startswith(hints)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "ours.apkg"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "folder.apkg",
            "a folder; a phone or a Mac may have unpacked the package; "
            "get the file whose name ends in .apkg itself, and share that",
        ),
        (
            "nowhere.apkg",
            f"cannot be read: {os.strerror(2)}; check that the file exists and that the disk has room",
        ),
        (
            "a.txt",
            "a text or a web page, not the package; download the file itself, with the link in the README",
        ),
    ],
)
def test_paths_that_are_no_package(name: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "folder.apkg").mkdir()
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(files.Refused) as refused:
        reader.load(tmp_path / name)
    assert str(refused.value) == expected


def test_a_package_with_any_byte_damaged_is_no_crash(tmp_path: Path) -> None:
    data = ours(tmp_path).read_bytes()
    for at in [*range(60), *range(60, len(data), len(data) // 300)]:
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        (tmp_path / "damaged.apkg").write_bytes(damaged)
        try:
            reader.load(tmp_path / "damaged.apkg")
        except files.Refused as error:
            assert str(error).isprintable()


def test_the_collection_that_anki_would_take_is_read(tmp_path: Path) -> None:
    """Which one that is, the member `meta` says; it need not be the newest format."""
    path = ours(tmp_path)
    good = members(path)
    bad = members(changed(path, sql("UPDATE notes SET flds = replace(flds, 'Treaty', 'Pact')")))
    both = {**good, "collection.anki21": good["collection.anki2"], "collection.anki2": bad["collection.anki2"]}
    for meta, signed, ignored in (
        (b"\x08\x01", "Pact", "collection.anki21"),
        (b"\x08\x02", "Treaty", "collection.anki2"),
        (None, "Treaty", "collection.anki2"),
    ):
        package = reader.load(zipped(path, {**both, **({"meta": meta} if meta else {})}))
        assert any(signed in note.values[0] for note in package.notes or ()), meta
        assert package.ignored == (ignored,)
    for meta in (b"\x08\x03", b"\x08\x07", b""):
        with pytest.raises(files.Refused, match="no collection, or not the one that its member `meta` names"):
            reader.load(zipped(path, {**good, "meta": meta}))


@pytest.mark.parametrize(
    "name", ["../../x", "evil.exe", "collection.anki21\0x", "00", "Media", "m\u00e9dia", "a/media"]
)
def test_members_that_no_package_has(name: str, tmp_path: Path) -> None:
    """Another program could read such a name as that of another member."""
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
        reader.load(path)


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
    f"{50 * 'भ'}.svg",
    "\x1b[2J",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_that_some_system_cannot_have(name: str, tmp_path: Path) -> None:
    """It could lead out of the folder where Anki puts media."""
    package = reader.load(listed(ours(tmp_path), json.dumps({"0": name})))
    assert f"{name!r} is not a valid file name" in package.faults
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "ours.apkg"]


def test_a_media_list_that_does_not_match_the_members(tmp_path: Path) -> None:
    package = reader.load(listed(ours(tmp_path), '{"1": "a.svg"}'))
    assert package.faults == (
        "the file 'a.svg' is in the media list but missing",
        "the member 0 is not in the media list",
    )
    assert (package.media, package.pictures) == ({}, {})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("UPDATE notes SET guid = 'same'", "1 notes with the guid of another note"),
        ("UPDATE notes SET flds = 'a'", "2 notes with another number of fields than their note type"),
        ("UPDATE notes SET mod = 4611686018427387904", "2 notes with an invalid modification time"),
        ("UPDATE notes SET mod = -1", "2 notes with an invalid modification time"),
        ("DELETE FROM cards WHERE nid = (SELECT min(id) FROM notes)", "1 notes without a card"),
        ("DELETE FROM notes WHERE id = (SELECT min(id) FROM notes)", "1 cards without a note"),
    ],
)
def test_faults_of_notes_and_cards(query: str, expected: str, tmp_path: Path) -> None:
    assert reader.load(changed(ours(tmp_path), sql(query))).faults == (expected,)


def test_of_many_faults_of_a_kind_only_twenty_are_listed() -> None:
    assert reader.limited(map(str, range(20))) == [str(number) for number in range(20)]
    assert reader.limited(map(str, range(1_021)))[20:] == ["and 1,001 more of this kind"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("UPDATE notes SET tags = ''", "a note has no id, question, answer or tag"),
        ("UPDATE notes SET guid = 'same'", "it is not a package that csto-anki built"),
        (
            "UPDATE notes SET flds = replace(flds, 'Council', hex(zeroblob(50001)))",
            "a field of more than 100,000 characters",
        ),
        ("UPDATE notes SET flds = replace(flds, 'Council', char(27) || '[2J')", "it has control characters"),
        (
            'UPDATE col SET decks = replace(decks, \'"1": {\', \'"2": {"id": 2, "name": "x"}, "1": {\')',
            "it does not have exactly one note type and one deck",
        ),
    ],
)
def test_what_is_not_compared(query: str, expected: str, tmp_path: Path) -> None:
    package = reader.load(changed(ours(tmp_path), sql(query)))
    with pytest.raises(files.Refused) as refused:
        reader.our_contents(package)
    assert str(refused.value) == f"{expected}; compare a package that csto-anki built"


def test_an_end_record_that_counts_other_members_on_this_disk(tmp_path: Path) -> None:
    path = ours(tmp_path)
    data = bytearray(path.read_bytes())
    data[-14] += 1  # the number of members on this disk
    path.write_bytes(data)
    with pytest.raises(files.Refused, match="its end record does not match its contents"):
        reader.load(path)


@pytest.mark.parametrize("before", [b"", b"\x55\x54\x04\0abcd", b"\x55\x54\0\0"])
def test_an_extra_field_that_gives_another_name(before: bytes, tmp_path: Path) -> None:
    """Also behind other extra fields, of which each has its own length."""
    path = ours(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("9")
        info.extra = before + b"\x75\x70\x04\0name"
        archive.writestr(info, b"x")
    # From Python 3.13 on, zipfile itself refuses such a field.
    with pytest.raises(files.Refused, match=r"an unexpected member '9'|Corrupt unicode path extra field"):
        reader.load(path)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_numbers_that_are_none_are_no_json(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        archive.load_json(text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("UPDATE notes SET mod = 0", ("2 notes with an invalid modification time",)),
        ("UPDATE notes SET mod = 1", ()),
    ],
)
def test_a_time_begins_after_zero(query: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    assert reader.load(changed(ours(tmp_path), sql(query))).faults == expected


def test_a_card_that_is_due_before_the_first_day_was_studied(tmp_path: Path) -> None:
    assert reader.load(ours(tmp_path)).studied == 0
    assert reader.load(changed(ours(tmp_path), sql("UPDATE cards SET due = -5 WHERE ord = 1"))).studied == 1


def test_a_computed_column_in_a_table_of_two(tmp_path: Path) -> None:
    path = changed(ours(tmp_path), sql("CREATE TABLE more (id, x AS (1))"))
    with pytest.raises(files.Refused, match="its database has a table 'more' that does more than hold values"):
        reader.load(path)


def test_a_title_that_commands_a_terminal_is_not_compared(tmp_path: Path) -> None:
    title = 'UPDATE col SET decks = replace(decks, \'"name": "Small"\', \'"name": "Sm\\u001ball"\')'
    with pytest.raises(files.Refused, match="it has control characters"):
        reader.our_contents(reader.load(changed(ours(tmp_path), sql(title))))


def test_of_two_note_types_one_can_be_unused(tmp_path: Path) -> None:
    package = reader.load(ours(tmp_path))
    (note_type,) = package.note_types
    assert package.unused_note_types == 0
    assert package._replace(note_types=(note_type, note_type._replace(id=7))).unused_note_types == 1
