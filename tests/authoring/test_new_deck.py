"""A new deck, made with one command."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

from csto_anki import __version__
from csto_anki.authoring import new_deck
from csto_anki.deck.reader import read
from support.commands import POSIX, call, require_names, require_scripts


def test_a_new_deck_has_no_problem_and_builds(tmp_path: Path) -> None:
    made = call(tmp_path, "init", "quad", "--title", "QUAD for UPSC")
    assert (made.returncode, made.stdout) == (0, "quad\n")
    assert made.stderr.splitlines()[:2] == [
        "csto-anki: set it up and build it with the lines below; then go on in its README.md",
        "  cd quad",
    ]
    paths = [path.relative_to(tmp_path / "quad") for path in (tmp_path / "quad").rglob("*") if path.is_file()]
    assert {path.as_posix() for path in paths} == {
        *(".gitattributes", ".gitignore", "README.md", "docs/keys.md", "requirements.txt"),
        *(f".github/{name}" for name in ("release.sh", "workflows/check.yml", "workflows/release.yml")),
        *(f".github/ISSUE_TEMPLATE/{name}.yml" for name in ("config", "mistake", "propose")),
        *(f"cards/{name}.yaml" for name in ("basics", "dates", "deck", "sources")),
        *(f"cards/schema/{name}.json" for name in ("deck", "facts", "names", "sources")),
        *("cards/LICENSE", "cards/media/README.md", "cards/media/landing-site.svg", "cards/released.json"),
    }
    assert (tmp_path / "quad" / "requirements.txt").read_text().endswith(f"\ncsto-anki~={__version__}\n")
    for path in (tmp_path / "quad" / "cards").glob("*.yaml"):
        assert path.read_text("utf-8").split("\n")[1] == "# What each key means: ../docs/keys.md"
    assert call(tmp_path / "quad", "check", "--strict").returncode == 0
    assert call(tmp_path / "quad", "schema", "--check").returncode == 0
    built = call(tmp_path / "quad", "build")
    assert (built.returncode, built.stdout[:10]) == (0, f"dist{os.sep}quad-")


@pytest.mark.parametrize(
    ("direct_url", "here", "elsewhere"),
    [
        (None, f"csto-anki~={__version__}", f"csto-anki~={__version__}"),
        ({"url": "file:///home/me/a%20b", "dir_info": {}}, "/home/me/a b", f"csto-anki~={__version__}"),
        (
            {"url": "https://example.org/r", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "csto-anki @ git+https://example.org/r@abc",
            "csto-anki @ git+https://example.org/r@abc",
        ),
        (
            {"url": "https://example.org/a.whl", "archive_info": {}},
            "csto-anki @ https://example.org/a.whl",
            "csto-anki @ https://example.org/a.whl",
        ),
    ],
)
@POSIX
def test_a_new_deck_gets_the_tool_from_where_this_one_is(
    direct_url: dict[str, object] | None, here: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution = mock.Mock(read_text=lambda name: json.dumps(direct_url) if direct_url else None)
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: distribution)
    assert (new_deck.origin(), new_deck._requirement()) == (here, elsewhere)


@POSIX
def test_all_that_its_readme_says_can_be_done(tmp_path: Path) -> None:
    """In that order. What installs the tool is left out, and the commands run this one."""
    require_scripts()
    call(tmp_path, "init", "quad", "--title", "QUAD for UPSC")
    readme = (tmp_path / "quad" / "README.md").read_text("utf-8")
    for link in re.findall(r"\]\((?!https://)([^)]+)\)", readme):
        assert (tmp_path / "quad" / link).exists()
    lines = [line for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.splitlines()]
    assert lines[0].startswith("python3 -m venv .venv && .venv/bin/python -m pip install ")
    git = "git -c user.name=a -c user.email=a@example.org"
    program = f"{shlex.quote(sys.executable)} -m csto_anki"
    printed = ""
    for line in [*lines[1:], "commit"]:
        if line == "commit":  # with the lines that the command before has printed
            line = "\n".join(each for each in printed.splitlines() if each.startswith("  git "))
        here = line.replace(".venv/bin/csto-anki", program).replace("git ", f"{git} ")
        done = subprocess.run(["bash", "-c", here], cwd=tmp_path / "quad", capture_output=True, encoding="utf-8")
        printed = done.stderr
        assert done.returncode == 0, f"{line}\n{printed}"
    listed = subprocess.run(["git", "ls-files"], cwd=tmp_path / "quad", capture_output=True, encoding="utf-8").stdout
    assert {"dist/README.md", "CHANGELOG.md", ".github/release.sh"} <= set(listed.split())
    assert len([name for name in listed.split() if name.endswith(".apkg")]) == 2


def test_its_examples_name_no_organisation(tmp_path: Path) -> None:
    call(tmp_path, "init", "quad")
    texts = [path.read_text("utf-8") for path in (tmp_path / "quad" / "cards").glob("*.yaml")]
    assert not any(re.search(r"CSTO|SCO|Shanghai|Collective Security", text) for text in texts)


def test_every_new_deck_has_its_own_names_and_numbers(tmp_path: Path) -> None:
    for name in ("quad", "sco"):
        call(tmp_path, "init", name)
    quad, sco = (read(tmp_path / name / "cards")[0] for name in ("quad", "sco"))
    assert quad is not None
    assert sco is not None
    assert (quad.title, quad.namespace, quad.note_type) == ("QUAD", "quad", "QUAD")
    numbers = {quad.deck_id, quad.note_type_id, sco.deck_id, sco.note_type_id}
    assert len(numbers) == 4
    assert all(2 * 10**12 <= number < 3 * 10**12 for number in numbers)


def test_a_new_deck_can_be_released_and_released_again(tmp_path: Path) -> None:
    call(tmp_path, "init", "quad")
    first = call(tmp_path / "quad", "release", "--date", "2026-11-01")
    assert first.returncode == 0, first.stderr
    assert "quad-2026-11-01.apkg" in (tmp_path / "quad" / "README.md").read_text("utf-8")
    dates = tmp_path / "quad" / "cards" / "dates.yaml"
    dates.write_text(dates.read_text("utf-8").replace("with Apollo 11", "in Apollo 11"), "utf-8")
    time.sleep(1.1)  # two releases never have the same second
    second = call(tmp_path / "quad", "release", "--date", "2026-11-02")
    assert second.returncode == 0, second.stderr
    record = json.loads((tmp_path / "quad" / "cards" / "released.json").read_text("utf-8"))
    assert list(record["releases"]) == ["2026.11.01", "2026.11.02"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("taken",), "cannot create taken: it exists already, and is not an empty folder"),
        (("taken/file",), "cannot create taken/file: it exists already, and is not an empty folder"),
        (("taken/file/deck",), "cannot create taken/file/deck: a part of the path is a file"),
        (
            ("My Deck",),
            "cannot create My Deck: the folder is named 'My Deck'; tags and file names begin with it, so it must be in "
            "kebab-case (a-z, 0-9 and single hyphens); name the folder so, or give --namespace my-deck",
        ),
        (
            ("quad", "--namespace", "QUAD_1"),
            "cannot create quad: --namespace is named 'QUAD_1'; tags and file names begin with it, so it must be in "
            "kebab-case (a-z, 0-9 and single hyphens); give --namespace quad-1",
        ),
        (
            ("भारत",),
            "cannot create भारत: the folder is named 'भारत'; tags and file names begin with it, so it must be in",
        ),
        (("basic",), "cannot create a deck named 'basic' in basic: 'BASIC' is the name of a note type that every"),
        (("quad", "--title", 'The "QUAD"'), "cannot create a deck named 'The \"QUAD\"' in quad: "),
        (("quad", "--title", "A:: B"), "cannot create a deck named 'A:: B' in quad: "),
        (("quad", "--title", "a\nb: c"), "cannot create a deck named 'a\\nb: c' in quad: "),
        (
            ("backup",),
            "cannot create a deck named 'backup' in backup: the namespace 'backup' gives packages a name such as "
            "backup-2026-12-01.apkg; Anki takes a file with this name for a backup and restores it over the learner's "
            "whole collection; use another word\n",
        ),
        (("deep/er/Bad", "--title", "x"), "cannot create deep/er/Bad: the folder is named 'Bad'; tags"),
    ],
)
def test_a_deck_that_cannot_be_created_leaves_nothing(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    require_names(arguments[0])
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    result = call(tmp_path, "init", *arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"csto-anki: {message}")
    assert len(result.stderr.splitlines()) == 1
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["taken", "taken/file"]


def test_an_empty_folder_is_filled_or_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "quad").mkdir()
    assert call(tmp_path, "init", "quad", "--title", "a:: b").returncode == 1
    assert list((tmp_path / "quad").iterdir()) == []
    assert call(tmp_path / "quad", "init", ".").returncode == 0
    assert (tmp_path / "quad" / "cards" / "deck.yaml").exists()


@pytest.mark.parametrize("title", ["Room #1", "[x", "$title", "@a", "'x'", "! a", "Канал", "100%", "- a"])
def test_a_title_stays_as_it_is(title: str, tmp_path: Path) -> None:
    assert call(tmp_path, "init", "quad", "--title", title).returncode == 0
    deck, problems = read(tmp_path / "quad" / "cards")
    assert deck is not None, problems
    assert deck.title == title


def test_a_folder_that_is_there_keeps_its_name(tmp_path: Path) -> None:
    """What the refusal advises is run."""
    (tmp_path / "Indian Polity").mkdir()
    refused = call(tmp_path, "init", "Indian Polity")
    assert refused.stderr.endswith("name the folder so, or give --namespace indian-polity\n")
    made = call(tmp_path, "init", "Indian Polity", *shlex.split(refused.stderr.partition("or give ")[2]))
    assert (made.returncode, made.stdout) == (0, "Indian Polity\n")
    go = made.stderr.splitlines()[1]
    assert go == "  cd 'Indian Polity'"
    deck, _ = read(tmp_path / "Indian Polity" / "cards")
    assert deck is not None
    assert (deck.namespace, deck.title) == ("indian-polity", "INDIAN-POLITY")
    built = call(tmp_path / shlex.split(go)[1], "build", "--quiet")
    assert built.stdout.startswith(str(Path("dist/indian-polity-")))


@pytest.mark.parametrize("title", ["", " ", "\t"])
def test_a_title_of_nothing_is_a_wrong_use(title: str, tmp_path: Path) -> None:
    result = call(tmp_path, "init", "quad", "--title", title)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Invalid value for '--title': give the deck a name" in result.stderr
    assert not (tmp_path / "quad").exists()
