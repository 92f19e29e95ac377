"""Problems in each format of `check`, and its options for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from csto_anki.cli import formats
from csto_anki.deck.problem import WARNING, Place, Problem
from support.commands import call, run
from support.small_deck import FILES, write_deck

WRONG = Problem(Place("cards/a.yaml", 3, 5, (3, 9)), "signed", "a, b: 100%", "fix\nit", code="texts-are-tidy")
DUE = Problem(Place("cards/b.yaml", 1, 1), "", "due", "look", severity=WARNING, code="a-date-has-come")


def plain(part: str, text: str) -> str:
    return text


def marked(part: str, text: str) -> str:
    return f"<{part}>{text}</{part}>" if text else ""


def lines(folder: Path, name: str, text: str, problem: Problem) -> list[str]:
    (folder / name).write_text(text, "utf-8")
    return list(formats.as_text([problem], plain))


def test_text_shows_the_line_and_marks_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("signed:\n  question: Where?\n  detial: D\n", "utf-8")
    problem = Problem(Place("a.yaml", 3, 3, (3, 9)), "signed", "an unknown key", "use another", code="unknown-key")
    assert list(formats.as_text([problem], plain)) == [
        "a.yaml:3:3: signed: an unknown key; use another [unknown-key]",
        "      detial: D",
        "      ^^^^^^",
    ]
    assert list(formats.as_text([problem], marked)) == [
        "<place>a.yaml:3:3</place>: <error>signed: an unknown key</error>; use another<hint> [unknown-key]</hint>",
        "      detial: D",
        "      <error>^^^^^^</error>",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "mark"),
    [
        ("a: b", 4, (1, 5), "    a: b", "       ^"),
        ("a: б\u0301в", 4, (1, 7), "    a: б\u0301в", "       ^^"),  # a stress mark takes no column of its own
        ("漢字: b", 5, (1, 6), "    漢字: b", "          ^"),  # each of these takes two columns
        ("a: \x1b[31mb", 4, (1, 10), "    a: \ufffd[31mb", "       ^^^^^^"),  # no file can command the terminal
        ("a: b", 4, (2, 1), "    a: b", "       ^"),  # a value that continues on other lines
        ("a: b", 4, None, "    a: b", "       ^"),
        ("a\r: b", 5, (1, 6), "    a\ufffd: b", "        ^"),  # a carriage return alone does not end a line
        ("कि: b", 5, (1, 6), "    कि: b", "        ^"),
        ("a: b  # c", 4, (1, 5), "    a: b  # c", "       ^"),
        ("x" * 300, 200, (1, 204), f"    ...{'x' * 100}...", f"       {' ' * 25}^^^^"),
        ("x" * 300, 1, (1, 301), f"    {'x' * 100}...", f"    {'^' * 100}"),
    ],
)
def test_the_mark_stands_under_the_place(
    line: str, column: int, end: tuple[int, int] | None, shown: str, mark: str, tmp_path: Path
) -> None:
    place = Place((tmp_path / "a.yaml").as_posix(), 1, column, end)
    assert lines(tmp_path, "a.yaml", line + "\n", Problem(place, "", "wrong", "fix it"))[1:] == [shown, mark]


def test_a_problem_of_a_whole_file_shows_no_line(tmp_path: Path) -> None:
    place = Place((tmp_path / "a.yaml").as_posix())
    assert len(lines(tmp_path, "a.yaml", "a: b\n", Problem(place, "", "wrong", "fix it"))) == 1


def test_a_hundred_are_shown_and_all_are_counted() -> None:
    printed = list(formats.as_text([DUE] * 10_000, plain))
    assert len(printed) == 101
    assert printed[-1] == "and 9,900 more"
    assert list(formats.as_github([DUE] * 10_000))[100:] == ["::notice::and 9,900 more"]
    assert len(json.loads(formats.as_json([DUE] * 10_000))["problems"]) == 10_000


def test_json_has_the_documented_names() -> None:
    assert json.loads(formats.as_json([WRONG, DUE])) == {
        "problems": [
            {
                "path": "cards/a.yaml",
                "line": 3,
                "column": 5,
                "end": {"line": 3, "column": 9},
                "code": "texts-are-tidy",
                "severity": "error",
                "id": "signed",
                "message": "a, b: 100%",
                "hint": "fix\nit",
            },
            {
                "path": "cards/b.yaml",
                "line": 1,
                "column": 1,
                "end": None,
                "code": "a-date-has-come",
                "severity": "warning",
                "id": None,
                "message": "due",
                "hint": "look",
            },
        ]
    }


def test_github_gets_annotations_that_are_escaped() -> None:
    odd = Problem(Place("a b,c:d%.yaml", 2, 1, (4, 1)), "", "x", "y", code="unknown-key")
    assert list(formats.as_github([WRONG, DUE, odd])) == [
        "::error file=cards/a.yaml,line=3,col=5,endLine=3,endColumn=9,title=texts-are-tidy::"
        "signed: a, b: 100%25; fix\\nit",
        "::warning file=cards/b.yaml,line=1,col=1,title=a-date-has-come::due; look",
        "::error file=a b%2Cc%3Ad%25.yaml,line=2,col=1,title=unknown-key::x; y",
    ]


BROKEN = {"dates.yaml": FILES["dates.yaml"].replace("On which day was the Treaty", "When was it") + "  detial: D\n"}


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_each_format_on_the_command_line(form: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {**BROKEN})
    result = call(tmp_path, "check", "--format", form)
    assert result.returncode == 1
    assert "detial" in result.stdout
    assert result.stderr == "csto-anki: 1 error\n"
    if form == "json":
        json.loads(result.stdout)
    write_deck(tmp_path / "sound")
    result = call(tmp_path, "check", "--cards", "sound", "--format", form)
    assert (result.returncode, result.stderr) == (0, "2 facts: no problem\n")
    assert json.loads(result.stdout) if form == "json" else result.stdout == ""


IT = {"dates.yaml": FILES["dates.yaml"].replace("the Treaty", "it")}
CODE = "a-question-stands-alone"


@pytest.mark.parametrize(
    ("arguments", "code", "shown", "summary"),
    [
        ((), 0, 1, "2 facts: no error, 1 warning\n"),
        (("--strict",), 1, 1, "csto-anki: 0 errors, 1 warning\n"),
        (("--strict", "--ignore", CODE), 0, 0, "2 facts: no problem; 1 problem not shown\n"),
        (("--strict", "--select", CODE), 1, 1, "csto-anki: 0 errors, 1 warning\n"),
        (("--select", "unknown-key"), 0, 0, "2 facts: no problem; 1 problem not shown\n"),
        (
            ("--strict", "--select", CODE, "--select", "unknown-key"),
            1,
            1,
            "csto-anki: 0 errors, 1 warning\n",
        ),
    ],
)
def test_codes_can_be_selected_and_warnings_can_fail(
    arguments: tuple[str, ...], code: int, shown: int, summary: str, tmp_path: Path
) -> None:
    write_deck(tmp_path / "cards", {**IT})
    result = call(tmp_path, "check", *arguments)
    assert (result.returncode, result.stderr) == (code, summary)
    assert sum(line.startswith("cards/") for line in result.stdout.splitlines()) == shown


def test_a_hidden_error_that_stops_the_rules_is_not_success(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {**BROKEN})
    result = call(tmp_path, "check", "--ignore", "unknown-key")
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr
        == "csto-anki: the rules that compare facts did not run; 1 problem not shown; fix the hidden errors first\n"
    )


def test_json_is_valid_in_any_encoding(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  Канал😀: D\n"})
    result = run(tmp_path, "check", "--format", "json", env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert "Канал😀" in str(json.loads(result.stdout))


def test_an_unknown_code_is_a_usage_error(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    for option in ("--select", "--ignore", "--explain"):
        result = call(tmp_path, "check", option, "unknown-kye")
        assert (result.returncode, result.stdout) == (2, "")
        assert "there is no code 'unknown-kye'; did you mean unknown-key?" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals in Python")
def test_output_is_coloured_only_on_a_terminal(tmp_path: Path) -> None:
    import pty

    write_deck(tmp_path / "cards", {**BROKEN})
    assert "\x1b" not in call(tmp_path, "check").stdout
    for more, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "csto_anki", "check"]
        environment = {**os.environ, "TERM": "xterm", **more}
        subprocess.run(command, cwd=tmp_path, stdout=theirs, stderr=subprocess.DEVNULL, env=environment)
        os.close(theirs)
        shown = os.read(ours, 100_000).decode()
        os.close(ours)
        assert "detial" in shown
        assert ("\x1b[31m" in shown) == coloured
