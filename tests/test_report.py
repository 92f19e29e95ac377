"""Problems in each format, whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from csto_anki import report
from csto_anki.facts import Place, Problem
from small_deck import FILES, write_deck
from test_cli import run

WRONG = Problem(Place("cards/a.yaml", 3, 5, (3, 9)), "signed", "a, b: 100%", "mend\nit", code="texts-are-tidy")
DUE = Problem(Place("cards/b.yaml", 1, 1), "", "due", "look", warning=True, code="a-date-has-come")


def plain(part: str, text: str) -> str:
    return text


def marked(part: str, text: str) -> str:
    return f"<{part}>{text}</{part}>" if text else ""


def lines(folder: Path, name: str, text: str, problem: Problem) -> list[str]:
    (folder / name).write_text(text, "utf-8")
    return list(report.as_text([problem], plain))


def test_text_shows_the_line_and_marks_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("signed:\n  question: Where?\n  detial: D\n", "utf-8")
    problem = Problem(Place("a.yaml", 3, 3, (3, 9)), "signed", "an unknown key", "use another", code="unknown-key")
    assert list(report.as_text([problem], plain)) == [
        "a.yaml:3:3: signed: an unknown key; use another [unknown-key]",
        "      detial: D",
        "      ^^^^^^",
    ]
    assert list(report.as_text([problem], marked)) == [
        "<place>a.yaml:3:3</place>: <error>signed: an unknown key</error>; use another<hint> [unknown-key]</hint>",
        "      detial: D",
        "      <error>^^^^^^</error>",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "mark"),
    [
        ("a: b", 4, (1, 5), "    a: b", "       ^"),
        ("a: б\u0301в", 4, (1, 7), "    a: б\u0301в", "       ^^"),  # a stress takes no place of its own
        ("漢字: b", 5, (1, 6), "    漢字: b", "          ^"),  # these take two
        ("a: \x1b[31mb", 4, (1, 10), "    a: \ufffd[31mb", "       ^^^^^^"),  # and no file can command the terminal
        ("a: b", 4, (2, 1), "    a: b", "       ^"),  # a value that goes on in other lines
        ("a: b", 4, None, "    a: b", "       ^"),
        ("a\r: b", 5, (1, 6), "    a\ufffd: b", "        ^"),  # a lone carriage return ends no line of ours
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
    assert lines(tmp_path, "a.yaml", line + "\n", Problem(place, "", "wrong", "mend it"))[1:] == [shown, mark]


def test_what_is_wrong_with_a_whole_file_shows_no_line(tmp_path: Path) -> None:
    place = Place((tmp_path / "a.yaml").as_posix())
    assert len(lines(tmp_path, "a.yaml", "a: b\n", Problem(place, "", "wrong", "mend it"))) == 1


def test_a_hundred_are_shown_and_all_are_counted() -> None:
    told = list(report.as_text([DUE] * 10_000, plain))
    assert len(told) == 101
    assert told[-1] == "and 9,900 more"
    assert list(report.as_github([DUE] * 10_000))[100:] == ["::notice::and 9,900 more"]
    assert len(json.loads(report.as_json([DUE] * 10_000))["problems"]) == 10_000


def test_json_has_the_documented_names() -> None:
    assert json.loads(report.as_json([WRONG, DUE])) == {
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
                "hint": "mend\nit",
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


def test_github_gets_annotations_in_its_own_way_to_escape() -> None:
    odd = Problem(Place("a b,c:d%.yaml", 2, 1, (4, 1)), "", "x", "y", code="unknown-key")
    assert list(report.as_github([WRONG, DUE, odd])) == [
        "::error file=cards/a.yaml,line=3,col=5,endLine=3,endColumn=9,title=texts-are-tidy::"
        "signed: a, b: 100%25; mend\\nit",
        "::warning file=cards/b.yaml,line=1,col=1,title=a-date-has-come::due; look",
        "::error file=a b%2Cc%3Ad%25.yaml,line=2,col=1,title=unknown-key::x; y",
    ]


def test_sarif_has_rules_results_and_regions() -> None:
    told = json.loads(
        report.as_sarif([WRONG, DUE, WRONG], {"texts-are-tidy": "Tidy.", "a-date-has-come": "Come."}, "1.2")
    )
    (run_,) = told["runs"]
    assert (told["version"], run_["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert run_["tool"]["driver"] == {
        "name": "csto-anki",
        "version": "1.2",
        "rules": [
            {"id": "a-date-has-come", "shortDescription": {"text": "Come."}},
            {"id": "texts-are-tidy", "shortDescription": {"text": "Tidy."}},
        ],
    }
    assert [(each["ruleId"], each["ruleIndex"], each["level"]) for each in run_["results"]] == [
        ("texts-are-tidy", 1, "error"),
        ("a-date-has-come", 0, "warning"),
        ("texts-are-tidy", 1, "error"),
    ]
    odd = Problem(Place("my deck/Канал.yaml"), "", "x", "y", code="a-date-has-come")
    (run_of_odd,) = json.loads(report.as_sarif([odd], {"a-date-has-come": "Come."}, "1.2"))["runs"]
    place = run_of_odd["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "my%20deck/%D0%9A%D0%B0%D0%BD%D0%B0%D0%BB.yaml"}
    assert run_["results"][0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "cards/a.yaml"},
                "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
            }
        }
    ]


BROKEN = {"dates.yaml": FILES["dates.yaml"].replace("On which day was the Treaty", "When was it") + "  detial: D\n"}


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_each_format_on_the_command_line(form: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {**BROKEN})
    result = run(tmp_path, "check", "--format", form)
    assert result.returncode == 1
    assert "detial" in result.stdout
    assert result.stderr == "csto-anki: 1 problem; nothing was written\n"
    if form in ("json", "sarif"):
        json.loads(result.stdout)
    write_deck(tmp_path / "sound")
    result = run(tmp_path, "check", "--cards", "sound", "--format", form)
    assert (result.returncode, result.stderr) == (0, "2 facts (dates 1, bodies 1): no problem\n")
    assert json.loads(result.stdout) if form in ("json", "sarif") else result.stdout == ""


IT = {"dates.yaml": FILES["dates.yaml"].replace("the Treaty", "it")}
CODE = "a-question-stands-alone"


@pytest.mark.parametrize(
    ("arguments", "code", "told", "summary"),
    [
        ((), 0, 1, "2 facts (dates 1, bodies 1): no problem, 1 warning\n"),
        (("--strict",), 1, 1, "csto-anki: 0 problems, 1 warning; nothing was written\n"),
        (("--strict", "--ignore", CODE), 0, 0, "2 facts (dates 1, bodies 1): no problem; 1 problem not shown\n"),
        (("--strict", "--select", CODE), 1, 1, "csto-anki: 0 problems, 1 warning; nothing was written\n"),
        (("--select", "unknown-key"), 0, 0, "2 facts (dates 1, bodies 1): no problem; 1 problem not shown\n"),
        (
            ("--strict", "--select", CODE, "--select", "unknown-key"),
            1,
            1,
            "csto-anki: 0 problems, 1 warning; nothing was written\n",
        ),
    ],
)
def test_codes_can_be_chosen_and_warnings_can_count(
    arguments: tuple[str, ...], code: int, told: int, summary: str, tmp_path: Path
) -> None:
    write_deck(tmp_path / "cards", {**IT})
    result = run(tmp_path, "check", *arguments)
    assert (result.returncode, result.stderr) == (code, summary)
    assert sum(line.startswith("cards/") for line in result.stdout.splitlines()) == told


def test_what_is_hidden_but_keeps_the_rules_from_running_is_no_success(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {**BROKEN})
    result = run(tmp_path, "check", "--ignore", "unknown-key")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "csto-anki: the rules across facts did not run; 1 problem not shown; mend these first\n"


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_programs_read_is_sound_in_any_encoding(form: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  Канал😀: D\n"})
    result = run(tmp_path, "check", "--format", form, env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert "Канал😀" in str(json.loads(result.stdout))


def test_an_unknown_code_is_wrong_usage(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    for option in ("--select", "--ignore", "--explain"):
        result = run(tmp_path, "check", option, "unknown-kye")
        assert (result.returncode, result.stdout) == (2, "")
        assert "there is no code 'unknown-kye'; did you mean unknown-key?" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals in Python")
def test_colours_stand_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    import pty

    write_deck(tmp_path / "cards", {**BROKEN})
    assert "\x1b" not in run(tmp_path, "check").stdout
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
