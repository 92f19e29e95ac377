"""The command line: what it prints and where, its exit codes, and which files it writes."""

from __future__ import annotations

import datetime
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest

from csto_anki import __version__
from csto_anki.cli import authoring, main, terminal
from csto_anki.cli.main import COMMANDS, cli
from csto_anki.cli.terminal import LIBRARIES
from csto_anki.deck import characters
from support.commands import PIP, POSIX, problem_lines, require_names, run
from support.packages import ours
from support.small_deck import FILES, write_deck

REPOSITORY = Path(__file__).parents[2]


def test_build_prints_the_path_on_standard_output_and_the_rest_on_standard_error(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "build", "--today", "2026-11-24")
    assert result.returncode == 0
    path = result.stdout.removesuffix("\n")
    digest = Path(path).name.removeprefix("small-2026-11-24-dev-").removesuffix(".apkg")
    assert re.fullmatch("[0-9a-f]{8}", digest)
    assert result.stderr == (
        f"2 facts in cards: no error\nversion 2026.11.24.dev-{digest}: 2 notes, 3 cards; nothing is released yet\n"
    )
    assert [file.name for file in (tmp_path / "dist").iterdir()] == [Path(path).name]


def test_a_part_of_the_deck_by_tag(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    whole = Path(run(tmp_path, "build", "--today", "2026-11-24").stdout.strip())
    digest = whole.name.removeprefix("small-2026-11-24-dev-").removesuffix(".apkg")
    result = run(tmp_path, "build", "--today", "2026-11-24", "--only", "bodies")
    assert (result.returncode, result.stdout) == (
        0,
        str(Path(f"dist/small-bodies-2026-11-24-dev-{digest}.apkg")) + "\n",
    )
    assert f"version 2026.11.24.dev-{digest}: 1 of 2 notes (tag bodies), 2 cards; " in result.stderr


def test_a_part_of_the_deck_by_the_tag_that_the_tool_adds(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  retired: {why: See highest-body.}\n"})
    result = run(tmp_path, "build", "--only", "retired", "--output", "a.apkg")
    assert (result.returncode, result.stdout) == (0, "a.apkg\n")
    assert ": 1 of 2 notes (tag retired), 1 cards; " in result.stderr
    result = run(tmp_path, "build", "--output", "b.apkg")
    assert ": 1 of 2 notes (without the retired), 2 cards; " in result.stderr
    result = run(tmp_path, "build", "--only", "prelims", "--output", "c.apkg")  # which only the retired fact has
    assert (result.returncode, result.stdout) == (2, "")
    assert "no fact that is taught has the tag 'prelims'; name one of bodies, retired" in result.stderr


@pytest.mark.parametrize("name", ["backup-x.apkg", "Backup-1.apkg", "collection.apkg", "new/COLLECTION.apkg"])
def test_a_package_is_not_built_under_the_name_of_a_backup(name: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "build", "--output", name)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: Invalid value for '--output': Anki takes a file with this name for a backup and restores it over the "
        "learner's whole collection; use another name"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["cards"]


def test_a_warning_is_reported_and_stops_nothing(tmp_path: Path) -> None:
    sources = FILES["sources.yaml"].replace("date: 2002-10-07", "date: 2025-06")
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2025-06\n", "sources.yaml": sources})
    result = run(tmp_path, "check", "--today", "2026-11-24")
    assert (result.returncode, result.stderr) == (0, "2 facts: no error, 1 warning\n")
    assert result.stdout == (
        "cards/dates.yaml:6:10: warning: treaty-signed: as of June 2025, so due to be confirmed again; "
        "look for newer sources, or ask about a past date [what-can-move-is-confirmed-within-a-year]\n"
        "      as_of: 2025-06\n"
        "             ^^^^^^^\n"
    )
    result = run(tmp_path, "build", "--today", "2026-11-24")
    assert result.returncode == 0
    verdict = "no error"
    assert result.stderr.startswith(f"2 facts in cards: {verdict}\n")
    bodies = FILES["bodies.yaml"].replace("Which is the highest body of the CSTO?", "The Collective Security Council?")
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2025-06\n", "bodies.yaml": bodies})
    result = run(tmp_path, "check", "--today", "2026-11-24")
    assert (result.returncode, len(problem_lines(result.stdout))) == (1, 3)
    assert result.stderr == "csto-anki: 1 error, 2 warnings\n"


def test_a_quiet_build_into_another_folder(tmp_path: Path) -> None:
    write_deck(tmp_path / "elsewhere")
    result = run(tmp_path, "build", "--quiet", "--cards", "elsewhere", "--output", "new/mine.apkg")
    assert (result.returncode, result.stdout, result.stderr) == (0, str(Path("new/mine.apkg")) + "\n", "")
    assert zipfile.is_zipfile(tmp_path / "new" / "mine.apkg")


def test_the_day_is_the_day_in_utc(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    today = datetime.datetime.now(datetime.timezone.utc).date()
    result = run(tmp_path, "build", env={**os.environ, "TZ": "Pacific/Kiritimati"})
    later = datetime.datetime.now(datetime.timezone.utc).date()
    assert f"{today}-dev-" in result.stdout or f"{later}-dev-" in result.stdout


def test_check_writes_nothing(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "check")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == "2 facts: no problem\n"
    assert [path.name for path in tmp_path.iterdir()] == ["cards"]


def test_problems_exit_with_1_and_change_nothing(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    run(tmp_path, "build", "--output", "dist/a.apkg")
    before = (tmp_path / "dist" / "a.apkg").read_bytes()
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  detial: D\n", "released.json": "{"})
    problems = (
        "cards/dates.yaml:6:3: treaty-signed: the unknown key 'detial'; did you mean 'detail'? [unknown-key]\n"
        "      detial: D\n"
        "      ^^^^^^\n"
        "cards/released.json:1:2: not JSON: Expecting property name enclosed in double quotes; "
        "restore it from version control [broken-record]\n"
    )
    for arguments, stdout, stderr in (
        (("check",), problems, "csto-anki: 2 errors\n"),
        (("build", "--output", "dist/a.apkg"), "", problems + "csto-anki: 2 errors; nothing was written\n"),
    ):
        result = run(tmp_path, *arguments)
        assert (result.returncode, result.stdout, result.stderr) == (1, stdout, stderr)
    assert (tmp_path / "dist" / "a.apkg").read_bytes() == before
    assert len(list((tmp_path / "dist").iterdir())) == 1


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (None, ["nowhere:1:1: there is no such folder; name a deck's folder with --cards"]),
        (
            dict.fromkeys(FILES),
            [
                f"nowhere/{name}:1:1: cannot be read: No such file or directory; "
                + (
                    "restore it from version control"
                    if name.endswith("json")
                    else "check that it exists and that you may read it"
                )
                for name in ("deck.yaml", "released.json", "sources.yaml")
            ],
        ),
        (
            {"dates.yaml": "", "bodies.yaml": ""},
            [
                "nowhere/deck.yaml:10:3: no fact that is taught in any card file; add an entry",
                "nowhere/sources.yaml:1:1: charter: no fact cites this source; cite it or remove it",
            ],
        ),
    ],
    ids=["missing", "empty", "without facts"],
)
def test_a_folder_that_is_not_a_deck(
    command: str, files: dict[str, str | bytes | None] | None, expected: list[str], tmp_path: Path
) -> None:
    if files is not None:
        write_deck(tmp_path / "nowhere", files)
    result = run(tmp_path, command, "--cards", "nowhere")
    assert result.returncode == 1
    reported = problem_lines(result.stdout + result.stderr)[:-1]
    assert [line for line in reported if ": warning: " not in line] == expected
    assert not (tmp_path / "dist").exists()


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": None})
    (tmp_path / "cards" / "dates.yaml").mkdir()
    result = run(tmp_path, "build")
    assert result.returncode == 1
    assert result.stderr.startswith(
        "cards/dates.yaml:1:1: not a regular file; put a file here, not a folder, device or pipe ["
    )
    assert "Traceback" not in result.stderr


def test_an_output_folder_that_cannot_be_made(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "dist").write_text("a file")
    result = run(tmp_path, "build", "--quiet", "--output", "dist/a.apkg")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"csto-anki: cannot write {Path('dist/a.apkg')}: dist is not a folder; an older package is unchanged\n"
    )
    assert (tmp_path / "dist").read_text() == "a file"


@POSIX
@pytest.mark.parametrize("arguments", ["check", "build", "--help", "--version"])
def test_without_a_standard_output(arguments: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": "a"})
    command = f"{shlex.quote(sys.executable)} -m csto_anki {arguments}"
    closed = subprocess.run(f"{command} >&-", shell=True, cwd=tmp_path, capture_output=True, text=True)  # noqa: S602
    assert closed.returncode in (0, 1)
    assert "Traceback" not in closed.stderr
    full = subprocess.run(f"{command} >/dev/full", shell=True, cwd=tmp_path, capture_output=True, text=True)  # noqa: S602
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    if arguments != "build":  # which prints its problems to standard error
        assert full.stderr == "csto-anki: cannot print: No space left on device\n"


@pytest.mark.parametrize("name", ["a" * 300, "cards/dates.yaml/x", "cards/dates.yaml"])
def test_a_path_that_cannot_be_a_folder(name: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "check", "--cards", name)
    assert (result.returncode, result.stdout) == (
        1,
        f"{name}:1:1: there is no such folder; name a deck's folder with --cards [wrong-file]\n",
    )


def test_a_file_in_the_place_of_the_cards_is_reported(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text("a file")
    result = run(tmp_path, "check")
    assert (result.returncode, result.stdout) == (
        1,
        "cards:1:1: there is no such folder; name a deck's folder with --cards [wrong-file]\n",
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["build", "--today", "1970-01-01"],
            "the date 1970-01-01 is before 2026-01-01: check the clock or pass another day",
        ),
        (["biuld"], "No such command 'biuld'"),
        (["build", "--only", ""], "no fact that is taught has the tag ''; name one of "),
        (["build", "--only", "cores"], "no fact that is taught has the tag 'cores'; name one of "),
        (["build", "--output", "deck.zip"], "Anki opens only files whose name ends in .apkg"),
        (["build", "--today", "tomorrow"], "'tomorrow' does not match the format '%Y-%m-%d'"),
        (["check", "cards"], "Got unexpected extra argument (cards)"),
    ],
)
def test_a_usage_error_exits_with_2(arguments: list[str], expected: str, tmp_path: Path) -> None:
    result = run(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_version_and_help(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"csto-anki, version {__version__}\n"
    result = run(tmp_path, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Usage: csto-anki")
    for command in ("build", "check", "diff", "release"):
        assert f"\n  {command} " in result.stdout
        shown = run(tmp_path, command, "--help")
        assert (shown.returncode, shown.stderr) == (0, "")
        assert f"Example: csto-anki {command}" in shown.stdout


def test_the_list_of_commands_has_whole_summaries(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help", env={**os.environ, "COLUMNS": "80"}).stdout.partition("\nCommands:\n")[2]
    assert [line for line in listed.splitlines() if line.endswith("...")] == []
    assert [line.split(maxsplit=1) for line in listed.splitlines()] == [
        [name, summary] for name, (_, summary) in sorted(COMMANDS.items())
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_the_beginning_of_its_help(name: str) -> None:
    _, summary = COMMANDS[name]
    assert (cli.commands[name].help or "").split("\n")[0] == summary
    assert cli.commands[name].name == name


def test_optional_libraries_are_those_of_the_extras() -> None:
    extras = (REPOSITORY / "pyproject.toml").read_text("utf-8").partition("[project.optional-dependencies]")[2]
    wanted = {name: re.findall(rf'"({name}[<>=][^"]*)"', extras) for name in LIBRARIES}
    assert {name: set(found) for name, found in wanted.items()} == {
        name: {requirement} for name, (_, requirement) in LIBRARIES.items()
    }
    assert all(len(found) == 2 for found in wanted.values())  # in an extra for users, and in the one for tests


def test_an_encoding_without_cyrillic_gets_escapes(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"] + "  Канал: D\n"})
    result = run(tmp_path, "check", env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert result.returncode == 1
    assert result.stdout.startswith("cards/dates.yaml:6:3: treaty-signed: the unknown key '\\u041a")


def test_the_wheel_carries_the_cards(tmp_path: Path) -> None:
    """In a folder without cards, an installed tool builds the deck that came with it."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")  # our own wheel
    (tmp_path / "empty").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    result = run(tmp_path / "empty", "build", "--today", "2026-11-24", env=environment)
    assert f" in {(tmp_path / 'installed' / 'csto_anki' / 'cards').as_posix()}: no error" in result.stderr
    here = run(tmp_path, "build", "--cards", str(REPOSITORY / "cards"), "--today", "2026-11-24")
    assert (tmp_path / "empty" / result.stdout.strip()).read_bytes() == (tmp_path / here.stdout.strip()).read_bytes()


def test_a_yaml_library_without_its_c_loader_is_named(tmp_path: Path) -> None:
    """It never falls back to the slow loader."""
    write_deck(tmp_path / "cards")
    code = (
        "import sys, yaml; yaml.__with_libyaml__ = False; sys.argv[1:] = ['check']; "
        "from csto_anki.__main__ import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stdout) == (1, "")
    again = f"{PIP} --force-reinstall --only-binary PyYAML PyYAML"
    assert result.stderr == f"csto-anki: this PyYAML has no C loader; replace it: {again}\n"


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [
        *(
            "build",
            "build --quiet",
            "check",
            "diff",
            "diff CARDS CARDS",
            "diff CARDS CARDS --format markdown",
            "schema",
        ),
        *("schema --check", "show treaty", "stats", "preview", "preview --quiet", "inspect DIST/small.apkg"),
        *("release", "release --dry-run", "init NEW"),
    ],
)
def test_the_name_of_a_folder_cannot_command_the_terminal(arguments: str, tmp_path: Path) -> None:
    """Whatever is done in it: a folder can come from a stranger."""
    name = "\x1b[2J\u202ecards"
    require_names(name)
    write_deck(tmp_path / name)
    (tmp_path / "dist").mkdir()
    ours(tmp_path / "dist", "small.apkg").rename(tmp_path / "dist" / "\x1b[2Jsmall.apkg")
    shutil.rmtree(tmp_path / "dist" / "cards")
    for old, new in (("CARDS", name), ("DIST/", "dist/\x1b[2J"), ("NEW", "\x1b[2J")):
        arguments = arguments.replace(old, new)
    command, *rest = arguments.split(" ")
    cards = () if command == "init" else ("--cards", name)
    output = ("--output", "\x1b[2Jsite") if command == "preview" else ()
    result = run(tmp_path, command, *rest, *cards, *output)
    assert result.returncode in (0, 1), result.stderr
    for text in (result.stdout, result.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("library", terminal.LIBRARIES)
def test_the_command_that_installs_a_library_works_here(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run as it is printed, except that it installs nothing: in the Python of this run, whatever `python` is."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == library else "found")
    command = shlex.split(terminal.missing(library).partition("install it: ")[2].removeprefix("& "))
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    done = subprocess.run([*command, "--dry-run", "--no-index"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout  # the requirement is that of the library that is here


def test_without_pip_the_command_is_that_of_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "executable", "/a folder/python")
    monkeypatch.setattr(sys, "platform", "linux")
    assert (
        terminal.install_command('"jinja2>=3.1,<4"') == "uv pip install --python '/a folder/python' \"jinja2>=3.1,<4\""
    )


def test_an_error_that_is_not_of_the_output_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as one of a watcher, which has neither a file nor the system's words."""

    def fail(**_: object) -> None:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr(cli, "main", fail)
    assert main.run() == 1
    assert capsys.readouterr().err == "csto-anki: OS file watch limit reached.\n"


@pytest.mark.parametrize("name", ["भारत का समूह", "क्\u200dष", "a\u00a0b", "it's"])
def test_a_path_that_is_printed_can_be_used(name: str, tmp_path: Path) -> None:
    require_names(name)
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "build", "--quiet", "--output", str(Path(name, "deck.apkg")))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / result.stdout.removesuffix("\n")).is_file()


def test_a_reason_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit):
        terminal.stop("cannot write \x1b[2J\u2066x")
    assert capsys.readouterr().err == "csto-anki: cannot write \\x1b[2J\\u2066x\n"


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u202a", "\u202e", "\u2066", "\u2069", "\x7f"])
def test_what_a_terminal_takes_for_a_command(sign: str) -> None:
    assert characters.TERMINAL_COMMAND.search(f"a{sign}b")


@pytest.mark.parametrize("is_sound", [True, False])
def test_watch_writes_nothing_while_a_rule_is_broken(
    is_sound: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = FILES["dates.yaml"] + ("" if is_sound else "  as_of: 2099-01-01\n")
    write_deck(tmp_path / "cards", {"dates.yaml": dates})
    monkeypatch.chdir(tmp_path)
    authoring._check_and_write(Path("cards"), Path("preview"), Path("dist"))
    assert (tmp_path / "dist").exists() == (tmp_path / "preview").exists() == is_sound
