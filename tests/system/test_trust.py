"""What a stranger could put into a card file or a package, as in `docs/trust.md`; and that page itself."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from csto_anki import files
from csto_anki.apkg import archive, reader
from csto_anki.deck import keys, parser, values
from csto_anki.deck.reader import read
from support.commands import POSIX, require_names, run
from support.packages import changed, members, ours, zipped
from support.small_deck import FILES, SVG, picture, write_deck

TESTS = Path(__file__).parents[1]
TRUST = TESTS.parent / "docs" / "trust.md"


def problems(folder: Path, found: dict[str, str | bytes | None]) -> list[str]:
    deck, told = read(write_deck(folder, found))
    assert (deck is None) == bool(told)
    return [str(problem).removeprefix(f"{folder.as_posix()}/") for problem in told]


def test_every_test_that_the_page_names_is_there() -> None:
    text = TRUST.read_text("utf-8")
    named = re.findall(r"`((?:\w+/)?test_\w+\.py)::(test_\w+)`", text)
    assert len(named) > 50
    files = list(TESTS.rglob("test_*.py"))
    # The page writes `folder/file` if two files have the same name.
    found = {name: [path for path in files if path.as_posix().endswith(f"/{name}")] for name, _ in named}
    assert {name: len(paths) for name, paths in found.items()} == dict.fromkeys(found, 1)
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", found[file][0].read_text("utf-8"), re.M)
    ]
    assert missing == []
    for row in re.findall(r"^\| .*", text, re.M):
        cells = row.count("|")
        assert cells in (3, 4), row  # the table of limits has two columns, those of attacks three


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    text = TRUST.read_text("utf-8")
    for limit in (
        *(parser.MAX_FILE_BYTES, parser.MAX_ENTRIES, parser.MAX_EVENTS, parser.MAX_NODES_OF_ENTRY),
        *(parser.MAX_TEXT_LENGTH, parser.MAX_PROBLEMS_OF_KIND, values.MAX_ADDRESS_LENGTH, values.MAX_ITEMS),
        *(keys.MAX_NAMES, archive.MAX_PACKAGE_BYTES, archive.MAX_MEMBERS, archive.MAX_DATABASE_BYTES),
        *(reader.MAX_NOTES, reader.MAX_NOTE_BYTES),
    ):
        assert f"{limit:,}" in text, limit


COMMANDS = [
    *("{{Answer}}", "[sound:a.mp3]", "[latex]x[/latex]", "[$]x[/$]", "[$$]x[/$$]", "[anki:tts lang=en]x"),
    *("[[type:Answer]]", "\\(x\\)", "\\[x\\]", "[SOUND:a]", "[/latex]"),
]
PRACTICE = FILES["dates.yaml"].replace(
    "date: 1992-05-15",
    "ask: which statements\n  statements:\n"
    "    - {text: One, correct: true, why: So}\n    - {text: Two, correct: false, why: Not}",
)
# Each key that takes a text, with a place for it; deck.yaml and sources.yaml by the name of the file.
KEYS: dict[str, tuple[str, str]] = {
    **{
        key: ("dates.yaml", FILES["dates.yaml"] + f"  {key}: 'x %s y'\n")
        for key in ("about", "detail", "mnemonic", "timeline", "changed", "reworded")
    },
    "question": ("dates.yaml", FILES["dates.yaml"].replace("On which day was the Treaty signed?", "'Which %s?'")),
    "answer": ("bodies.yaml", FILES["bodies.yaml"].replace("The heads of the member states", "'%s x'")),
    "reverse.question": ("bodies.yaml", FILES["bodies.yaml"].replace("Which is the highest body of the CSTO?", "'%s'")),
    "reverse.answer": ("bodies.yaml", FILES["bodies.yaml"].replace("The Collective Security Council", "'%s'")),
    "sources": ("dates.yaml", FILES["dates.yaml"].replace("[charter]", "['charter %s']")),
    "tags": ("dates.yaml", FILES["dates.yaml"].replace("[prelims]", "['%s']")),
    "id": ("dates.yaml", FILES["dates.yaml"].replace("treaty-signed", "'%s'")),
    "alt": ("dates.yaml", FILES["dates.yaml"] + "  image: {file: map.svg, alt: 'x %s'}\n"),
    "file": ("dates.yaml", FILES["dates.yaml"] + "  image: {file: '%s.svg', alt: x}\n"),
    "retired.why": ("dates.yaml", FILES["dates.yaml"] + "  retired: {why: 'x %s'}\n"),
    "accept": ("dates.yaml", FILES["dates.yaml"] + "  accept: {texts-are-tidy: 'x %s'}\n"),
    "statements": ("dates.yaml", PRACTICE.replace("One", "'%s'")),
    "why": ("dates.yaml", PRACTICE.replace("So", "'%s'")),
    **{
        f"source {key}": ("sources.yaml", re.sub(rf"{key}: \S+", f"{key}: 'x %s'", FILES["sources.yaml"]))
        for key in ("title", "publisher")
    },
    "source url": (
        "sources.yaml",
        FILES["sources.yaml"].replace("org/charter", "org/%s").replace("https", "'https") + "",
    ),
    "source key": ("sources.yaml", FILES["sources.yaml"].replace("charter:", "'%s':")),
    "archive": ("sources.yaml", FILES["sources.yaml"] + "  archive: 'https://example.org/%s'\n"),
    **{
        f"deck {key}": ("deck.yaml", re.sub(rf"(?m)^{key}: .*$", f"{key}: 'x %s'", FILES["deck.yaml"]))
        for key in ("title", "description", "licence", "namespace", "language", "note_type")
    },
    "deck report": ("deck.yaml", FILES["deck.yaml"] + "report: 'https://example.org/%s'\n"),
    "deck kinds": ("deck.yaml", FILES["deck.yaml"].replace("dates: when", "dates: 'when %s'")),
    "deck tags": ("deck.yaml", FILES["deck.yaml"].replace("prelims: asked", "prelims: 'asked %s'")),
}
KEYS["source url"] = (
    "sources.yaml",
    FILES["sources.yaml"].replace("https://example.org/charter", "'https://example.org/%s'"),
)


@pytest.mark.parametrize("key", KEYS)
def test_a_command_is_refused_by_every_key(key: str, tmp_path: Path) -> None:
    file, text = KEYS[key]
    assert "%s" in text
    for number, command in enumerate(COMMANDS):
        told = problems(tmp_path / str(number), {file: text.replace("%s", command), "media/map.svg": SVG.format("map")})
        assert told, command
        assert any(line.startswith(f"{file}:") for line in told), told


def test_no_command_comes_together_from_two_values(tmp_path: Path) -> None:
    """For example `[{id}:a.mp3]` and a fact with the id `sound`."""
    for number, address in enumerate(("[{id}:a.mp3]", "[[{id}:Answer]]", "[{id}]x[/{id}]", "{{id}}", "{id}" * 4)):
        told = problems(
            tmp_path / str(number), {"deck.yaml": FILES["deck.yaml"] + f"report: 'https://e.org/{address}'\n"}
        )
        assert len(told) == 1
        assert told[0].startswith("deck.yaml:14:9: "), told


LINKS = [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "//example.org",
    "https:example.org",
    "ftp://e.org",
]


@pytest.mark.parametrize("link", [*LINKS, 'https://e.org/\\" onclick=\\"x', "https://e.org/<b>", "https://e.org/ x"])
def test_links_lead_only_to_web_pages(link: str, tmp_path: Path) -> None:
    for number, (file, key, line) in enumerate(
        (("sources.yaml", "url", 4), ("sources.yaml", "archive", 6), ("deck.yaml", "report", 14))
    ):
        text = re.sub(rf"(?m)^  {key}: .*\n", "", FILES[file])
        indent = "  " if file == "sources.yaml" else ""
        added = f'{indent}{key}: "{link}"\n'
        text = text.replace("  date:", f"{added}  date:") if key == "url" else text + added
        told = problems(tmp_path / str(number), {file: text})
        assert [each.partition(": ")[0].rpartition(":")[0] for each in told] == [f"{file}:{line}"], told
        assert "is not a web address" in told[0]


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\u200b", "\u2060", "\u00ad", "\ufeff", "\u3164", "\U000e0041", "\u034f"]
)
def test_what_a_reviewer_cannot_see_is_refused(sign: str, tmp_path: Path) -> None:
    plain = problems(tmp_path / "a", {"dates.yaml": FILES["dates.yaml"].replace("Treaty", f"Tre{sign}aty")})
    assert plain == [f"dates.yaml:2:37: the invisible character U+{ord(sign):04X}; remove it"]
    escaped = f"\\U{ord(sign):08x}"
    text = FILES["dates.yaml"].replace("On which day was the Treaty signed?", f'"Which Tre{escaped}aty?"')
    assert problems(tmp_path / "b", {"dates.yaml": text}) == [
        f"dates.yaml:2:13: the invisible character U+{ord(sign):04X}; remove it"
    ]
    comment = problems(tmp_path / "c", {"dates.yaml": f"# a{sign}b\n" + FILES["dates.yaml"]})
    assert len(comment) == 1


def test_what_scripts_need_is_allowed(tmp_path: Path) -> None:
    words = "\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937 \u0645\u0631\u062d\u0628\u0627\u200e(CSTO)\u200f"
    text = "# " + "\u2500" * 200 + "\n" + FILES["dates.yaml"].replace("Treaty", words)
    assert problems(tmp_path, {"dates.yaml": text}) == []


@POSIX
def test_a_card_file_that_is_a_link_or_no_file(tmp_path: Path) -> None:
    """Otherwise a contribution could show any file of the machine, or never end."""
    (tmp_path / "secret.yaml").write_text("secret:\n  question: The password\n")
    out = "a link that leads out of its folder; put the file itself here"
    no_file = "not a regular file; put a file here, not a folder, device or pipe"
    for number, (name, target, expected) in enumerate(
        (
            *((name, "../secret.yaml", out) for name in ("dates.yaml", "deck.yaml", "sources.yaml", "released.json")),
            ("dates.yaml", "/etc/passwd", out),
            ("dates.yaml", "/dev/zero", out),
            (
                "dates.yaml",
                "dates.yaml",
                "cannot be read: Too many levels of symbolic links; check that it exists",
            ),
            ("dates.yaml", "../nowhere", out),
            ("dates.yaml", "", no_file),
            ("dates.yaml", "pipe", no_file),
        )
    ):
        root = write_deck(tmp_path / str(number) / "cards", {name: None})
        if target == "pipe":
            os.mkfifo(root / name)
        elif target:
            (root / name).symlink_to(target if target.startswith("/") or target == name else f"../{target}")
        else:
            (root / name).mkdir()
        for command in ("check", "build"):
            result = run(root.parent, command, timeout=20)
            assert result.returncode == 1
            what = expected if name != "released.json" else expected.partition(";")[0]
            assert f"cards/{name}:1:1: {what}" in result.stdout + result.stderr, (name, target)
            assert "password" not in result.stdout + result.stderr
    inside = write_deck(tmp_path / "in" / "cards")
    (inside / "dates.yaml").rename(inside / "kept")
    (inside / "dates.yaml").symlink_to("kept")
    (tmp_path / "in" / "linked").symlink_to("cards")
    assert run(tmp_path / "in", "check", "--cards", "linked").returncode == 0


def test_names_that_some_system_cannot_have(tmp_path: Path) -> None:
    long = "x" * 81
    for number, (file, old, new, expected) in enumerate(
        (
            (
                "deck.yaml",
                "  bodies: who",
                "  bodies: who\n  con: x",
                "deck.yaml:12:3: Windows cannot have a file named con.yaml; give the kind another name",
            ),
            (
                "deck.yaml",
                "  bodies: who",
                "  bodies: who\n  ../x: x",
                "deck.yaml:12:3: '../x' is not in kebab-case; use",
            ),
            (
                "deck.yaml",
                "  bodies: who",
                "  bodies: who\n  a.b: x",
                "deck.yaml:12:3: 'a.b' is not in kebab-case; use",
            ),
            (
                "deck.yaml",
                "  bodies: who",
                f"  bodies: who\n  {long}: x",
                "deck.yaml:12:3: a word of 81 characters; use at most 80",
            ),
            (
                "deck.yaml",
                "namespace: small",
                f"namespace: {'n' * 41}",
                "deck.yaml:5:12: a namespace of 41 characters; use at most 40",
            ),
            ("dates.yaml", "treaty-signed", long, "dates.yaml:1:1: a word of 81 characters; use at most 80"),
            (
                "dates.yaml",
                "[prelims]",
                f"[{long}]",
                "dates.yaml:5:10: treaty-signed: a word of 81 characters; use at most 80",
            ),
        )
    ):
        told = problems(tmp_path / str(number), {file: FILES[file].replace(old, new)})
        assert any(line.startswith(expected) for line in told), told
    strays: dict[str, str | bytes | None] = {
        "Dates.yaml": "",
        "caf\u0065\u0301.yaml": "",
        "con.yaml": "",
        "a.yaml.": "",
    }
    if sys.platform == "win32" or os.path.normcase("A") == "a":
        return
    require_names(*strays)
    told = problems(tmp_path / "strays", strays)
    assert [line.partition(";")[0] for line in told] == [
        "Dates.yaml:1:1: a copy of dates.yaml, as a program that syncs or merges leaves it",
        "cafe\u0301.yaml:1:1: the kind 'cafe\u0301' is not listed",
        "con.yaml:1:1: the kind 'con' is not listed",
    ]


def test_a_name_of_a_picture_is_short_enough_for_anki(tmp_path: Path) -> None:
    """Anki cuts long names, and then does not find the picture; it does not cut the longest namespace and name."""
    name = f"{'p' * 56}.svg"
    found: dict[str, str | bytes | None] = {
        "deck.yaml": FILES["deck.yaml"].replace("namespace: small", f"namespace: {'n' * 40}"),
        "dates.yaml": FILES["dates.yaml"] + picture(name),
        f"media/{name}": SVG.format("map"),
    }
    write_deck(tmp_path / "cards", found)
    result = run(tmp_path, "build", "--output", "a.apkg")
    assert result.returncode == 0, result.stderr
    (media,) = json.loads(members(tmp_path / "a.apkg")["media"]).values()
    assert len(media.encode()) == 112
    assert run(tmp_path, "verify", "a.apkg").returncode == 0


def test_packages_that_are_too_much(tmp_path: Path) -> None:
    """Each is small as a file."""
    many = json.dumps(
        {str(n): {"id": n, "mod": 1, "name": "x", "flds": [], "tmpls": [], "css": ""} for n in range(60_000)}
    )
    for number, (query, given, expected) in enumerate(
        (
            ("UPDATE notes SET flds = ?", ("x" * 2_000_001,), "2 notes of 4,000,002 bytes"),
            ("UPDATE notes SET tags = ?", ("t " * 12_000,), "2 notes of "),
            ("UPDATE col SET models = ?", (many + " " * 5_000_000,), "no note types or too many"),
            ("UPDATE notes SET flds = ?", ("\x1f" * 1_999_999,), ""),
            ("UPDATE notes SET flds = ?", ("<" * 1_999_999,), ""),
            ("UPDATE notes SET flds = ?", ("<a " * 600_000,), ""),
            ("UPDATE col SET models = ?", (many,), ""),
            ("UPDATE col SET models = replace(models, '<summary>', ?), ver = 11", ("src=" + " " * 150_000,), ""),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = changed(ours(folder), lambda connection, query=query, given=given: connection.execute(query, given))  # type: ignore[misc]
        assert path.stat().st_size < 1_000_000
        for command in ("inspect", "diff"):
            result = run(folder, command, *[path.name] * (1 + (command == "diff")), timeout=30)
            assert result.returncode == (command == "inspect" or "<summary>" not in query), query
            assert expected in result.stderr + result.stdout, query
            assert len(result.stdout) + len(result.stderr) < 20_000, query
    listed = json.dumps({str(n): f"{n}.svg" for n in range(40_000)})
    result = run(
        tmp_path, "inspect", str(zipped(ours(tmp_path), {**members(tmp_path / "ours.apkg"), "media": listed.encode()}))
    )
    assert result.returncode == 1
    assert "and 39,979 more of this kind" in result.stdout
    with pytest.raises(files.Refused, match="unpacks to more than"):
        reader.load(zipped(tmp_path / "bomb.apkg", {**members(ours(tmp_path)), "media": b" " * 6_000_000}))
