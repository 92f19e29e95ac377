"""Which deck a command takes, where it writes, what it removes there, and how its messages name the program."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from csto_anki.cli import terminal
from support.commands import POSIX, call, require_scripts
from support.small_deck import FILES, write_deck

OWN_DECK = (
    "csto-anki: there is no deck in this folder, so this is the one that was installed with csto-anki; for another "
    "deck, go to its folder, or run csto-anki init FOLDER\n"
)


def test_the_deck_of_the_folder_above_is_built_beside_it(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    built = call(cards, "build", "--today", "2026-11-24")
    assert (built.returncode, Path(built.stdout).parent) == (0, Path("../dist"))
    assert built.stderr.startswith("2 facts in .: no error\n")
    assert call(cards, "check").stderr == "2 facts: no problem\n"
    (tmp_path / ".git").mkdir()  # as in a repository
    released = call(cards, "release", "--date", "2026-11-24")
    assert (released.returncode, Path(released.stdout.strip())) == (0, tmp_path / "dist" / "small-2026-11-24.apkg")
    assert f"\n  git -C {shlex.quote(str(tmp_path))} add --all .\n" in released.stderr
    (cards / "dates.yaml").write_text(FILES["dates.yaml"].replace("the Treaty", "the *Treaty*"))
    again = call(cards, "release", "--date", "2026-11-25")
    assert f"  git -C {shlex.quote(str(tmp_path))} add cards dist CHANGELOG.md\n" in again.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "CHANGELOG.md", "cards", "dist"]


def test_a_folder_cards_comes_before_the_current_folder(tmp_path: Path) -> None:
    outer = write_deck(tmp_path, {"deck.yaml": FILES["deck.yaml"].replace("namespace: small", "namespace: outer")})
    write_deck(outer / "cards")
    assert Path(call(outer, "build").stdout).name.startswith("small-")


@pytest.mark.parametrize("arguments", [("build",), ("build", "--quiet"), ("show", "hq-moscow"), ("stats",), ("diff",)])
def test_without_a_deck_it_first_says_that_it_takes_the_one_of_the_tool(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    result = call(tmp_path, *arguments)
    assert result.returncode == 0
    assert result.stderr.startswith(OWN_DECK)


@pytest.mark.parametrize("arguments", [("release",), ("release", "--dry-run"), ("schema",)])
def test_without_a_deck_nothing_is_written_into_the_one_of_the_tool(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = call(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "csto-anki: there is no deck in this folder; go to the folder of your deck, or name its cards with --cards\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_build_removes_older_development_versions_and_nothing_else(tmp_path: Path) -> None:
    cards, dist = write_deck(tmp_path / "cards"), tmp_path / "dist"
    dist.mkdir()
    old = [
        "small-2026-11-23-dev-1a2b3c4d.apkg",
        "small-bodies-2026-11-23-dev-1a2b3c4d.apkg",
        "small-2026.11.23.dev-1a2b3c4d.apkg",
    ]
    kept = [
        "small-2026-11-23.apkg",
        "other-2026-11-23-dev-1a2b3c4d.apkg",
        "small-quad-2026-11-23-dev-1a2b3c4d.apkg",  # of a deck with another namespace
        "small-mine-dev-1a2b3c4d.apkg",
        "small-2026-11-23-dev-1a2b3c4d.apkg.txt",
    ]
    for name in [*old, *kept]:
        (dist / name).write_text("x")
    elsewhere = call(tmp_path, "build", "--output", "a.apkg")
    assert elsewhere.returncode == 0
    assert sorted(path.name for path in dist.iterdir()) == sorted([*old, *kept])
    whole, part = (call(tmp_path, "build", *more).stdout.strip() for more in ((), ("--only", "bodies")))
    left = sorted(path.name for path in dist.iterdir())
    assert left == sorted([*kept, Path(whole).name, Path(part).name])  # the part has the same version, so both stay
    (cards / "dates.yaml").write_text(FILES["dates.yaml"].replace("05-15", "05-16"))
    newer = call(tmp_path, "build").stdout.strip()
    assert sorted(path.name for path in dist.iterdir()) == sorted([*kept, Path(newer).name])


def test_a_build_that_fails_removes_nothing(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    built = tmp_path / call(tmp_path, "build").stdout.strip()
    (tmp_path / "cards" / "dates.yaml").write_text("a: b\n")
    assert call(tmp_path, "build").returncode == 1
    assert built.exists()


def test_ten_warnings_are_shown_by_a_build_and_all_by_check(tmp_path: Path) -> None:
    tags = "".join(f"  t{number}: never used\n" for number in range(11))
    write_deck(tmp_path / "cards", {"deck.yaml": FILES["deck.yaml"] + tags})
    checked = call(tmp_path, "check")
    assert (checked.returncode, checked.stdout.count("no fact has the tag")) == (0, 11)
    released = call(tmp_path, "release", "--dry-run")
    assert (released.returncode, released.stderr.count("no fact has the tag")) == (0, 10)
    assert "2 facts in cards: no error, 11 warnings; csto-anki check shows all\n" in released.stderr


@POSIX
def test_messages_name_the_program_as_it_was_started(tmp_path: Path) -> None:
    """So that what they advise can be typed, wherever the program is installed."""
    require_scripts()
    folder = tmp_path / "my tools"
    folder.mkdir()
    script = folder / "csto-anki"
    script.write_text(f"#!{sys.executable}\nfrom csto_anki.__main__ import main\nmain()\n")
    script.chmod(0o755)
    module, path = f"{shlex.quote(sys.executable)} -m csto_anki", os.environ["PATH"]
    started = {
        (sys.executable, "-m", "csto_anki"): module,
        ("my tools/csto-anki",): "'my tools/csto-anki'",
        (str(script),): f"'{script}'",
    }
    for command, name in started.items():
        result = subprocess.run([*command, "stats"], cwd=tmp_path, capture_output=True, text=True)
        assert result.stderr.endswith(f"or run {name} init FOLDER\n")
    on_path = {**os.environ, "PATH": f"{folder}{os.pathsep}{path}"}
    on_path.pop("UV", None)
    result = subprocess.run(["csto-anki", "stats"], cwd=tmp_path, capture_output=True, text=True, env=on_path)
    assert result.stderr == OWN_DECK
    # uv puts the program on the path only while it runs.
    of_uv = {**on_path, "UV": "/usr/bin/uv"}
    result = subprocess.run(["csto-anki", "stats"], cwd=tmp_path, capture_output=True, text=True, env=of_uv)
    assert result.stderr.endswith(f"or run '{script}' init FOLDER\n")


@POSIX
def test_the_command_after_init_works_in_the_new_folder(tmp_path: Path) -> None:
    require_scripts()
    made = subprocess.run(
        [os.path.relpath(sys.executable, tmp_path), "-m", "csto_anki", "init", "quad"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    go, venv, install, build = made.stderr.splitlines()[1:5]
    assert venv == "  python3 -m venv .venv"
    assert install.startswith("  .venv/bin/python -m pip install --quiet ")
    here = build.replace(".venv/bin/csto-anki", f"{shlex.quote(sys.executable)} -m csto_anki")
    built = subprocess.run(["sh", "-ec", f"{go}\n{here}"], cwd=tmp_path, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("dist/quad-")


@pytest.mark.parametrize(
    ("text", "platform", "is_program", "quoted"),
    [
        ("a", "linux", False, "a"),
        ("a b", "linux", True, "'a b'"),
        (r"C:\a", "win32", True, r"C:\a"),
        (r"C:\a b", "win32", False, r"'C:\a b'"),
        (r"C:\R&D$x", "win32", True, r"& 'C:\R&D$x'"),
        (r"C:\O'Neil", "win32", True, r"& 'C:\O''Neil'"),
    ],
)
def test_a_word_as_it_is_typed(
    text: str, platform: str, is_program: bool, quoted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert terminal.shell_quoted(text, is_program) == quoted


def test_advice_is_for_the_deck_that_was_named(tmp_path: Path) -> None:
    """Typed as it stands, it must not act on the deck of the current folder."""
    tags = "".join(f"  t{number}: never used\n" for number in range(11))
    write_deck(tmp_path / "a deck" / "cards", {"deck.yaml": FILES["deck.yaml"] + tags})
    result = call(tmp_path, "release", "--dry-run", "--cards", "a deck/cards")
    assert result.stderr.splitlines()[-2].endswith("; csto-anki check --cards 'a deck/cards' shows all")
    (tmp_path / "a deck" / "dist" / ".csto-anki-ready").mkdir(parents=True)
    result = call(tmp_path, "check", "--cards", "a deck/cards")
    assert "; run csto-anki release --cards 'a deck/cards', which finishes it" in result.stdout


def test_what_is_in_backticks_is_no_advice(capsys: pytest.CaptureFixture[str]) -> None:
    with click.Context(click.Command("check"), info_name="x") as context:
        context.params["cards"] = Path("b")
        assert terminal.as_typed("as `csto-anki release` wrote it; run csto-anki check") == (
            "as `csto-anki release` wrote it; run csto-anki check --cards b"
        )


@POSIX
@pytest.mark.parametrize("has_repository", [False, True])
def test_the_lines_that_commit_a_release_work_from_any_folder(has_repository: bool, tmp_path: Path) -> None:
    write_deck(tmp_path / "a deck" / "cards")
    here = tmp_path / "here"
    here.mkdir()
    if has_repository:
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "a deck", check=True)
    for day, change in (("2026-11-24", "05-15"), ("2026-11-25", "05-16")):
        text = FILES["dates.yaml"].replace("05-15", change) + "  reworded: it was a slip\n"
        (tmp_path / "a deck" / "cards" / "dates.yaml").write_text(text if change != "05-15" else FILES["dates.yaml"])
        released = call(here, "release", "--date", day, "--cards", "../a deck/cards")
        assert released.returncode == 0, released.stderr
        lines = [line for line in released.stderr.splitlines() if line.startswith("  git ")]
        for line in lines:
            command = line.replace("git ", "git -c user.name=a -c user.email=a@example.org ", 1)
            done = subprocess.run(["sh", "-ec", command], cwd=here, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    status = subprocess.run(
        ["git", "status", "--short"], cwd=tmp_path / "a deck", capture_output=True, text=True, check=True
    )
    assert status.stdout == ""
