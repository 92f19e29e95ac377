"""A release on the disk: all of its files or none, and the reasons against it."""

from __future__ import annotations

import datetime
import hashlib
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from csto_anki.apkg import reader
from csto_anki.cli import release as release_command
from csto_anki.deck.reader import read
from csto_anki.history.record import Released, load
from csto_anki.note.contents import contents
from csto_anki.release import publish, transaction
from csto_anki.release.project import project_of
from support.commands import POSIX, call, run
from support.releases import BODIES, CORE, DATES, FIRST, FOURTH, JUNE, README, SEAT, SECOND, THIRD, release, tree
from support.small_deck import write_deck


def test_a_release_writes_all_its_files(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / "README.md").write_text(README)
    result = run(tmp_path, "release")
    assert result.returncode == 0, result.stderr
    today = datetime.datetime.now(datetime.timezone.utc).date()
    version = f"{today:%Y.%m.%d}"
    packages = [f"small-{today}.apkg", f"small-core-{today}.apkg"]
    assert result.stdout == "".join(f"{Path('dist') / name}\n" for name in packages)
    assert result.stderr == (
        "2 facts in cards: no problem\n"
        "csto-anki: no picture of a card was made (it is optional); one in the next release needs Chrome, Chromium or "
        "Edge (if it is installed, name it in CHROME_PATH)\n"
        f"{version} is released. dist/README.md says how to share it.\n"
        "Commit it:\n"
        "  git init --initial-branch main\n"
        "  git add --all .\n"
        f'  git commit --message "Release {version}"\n'
    )
    names = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert names == sorted([*packages, "README.md", f"small-{today}.md", f"small-{today}.sha256"])
    record, _ = load(tmp_path / "cards" / "released.json")
    assert record is not None
    assert record.last == version
    sums = {name: hashlib.sha256((tmp_path / "dist" / name).read_bytes()).hexdigest() for name in packages}
    assert record.releases[version].packages == sums
    assert (tmp_path / "dist" / f"small-{today}.sha256").read_text("utf-8") == "".join(
        f"{sums[name]}  {name}\n" for name in packages
    )
    assert (tmp_path / "README.md").read_text("utf-8") == (
        "# Small\n\n<!-- download -->\n"
        f"[**Small {version}**](dist/small-{today}.apkg?raw=true) (3 cards) · "
        f"[only `core`](dist/small-core-{today}.apkg?raw=true) (1 cards) · "
        f"[what is new](dist/small-{today}.md) · [checksums](dist/small-{today}.sha256)\n\nThe end.\n"
    )
    assert (tmp_path / "CHANGELOG.md").read_text("utf-8") == (
        f"# Changes\n\n<!-- newest release -->\n\n## Small {version}\n\nThe first release: 2 notes, 3 cards.\n"
    )
    # Building the same cards on any day gives that release again, byte for byte.
    result = run(tmp_path, "build", "--output", "again.apkg", "--today", "2030-01-01")
    assert f"version {version}: 2 notes, 3 cards; 0 new, 0 changed since {version}\n" in result.stderr
    assert (tmp_path / "again.apkg").read_bytes() == (tmp_path / "dist" / packages[0]).read_bytes()


def test_a_build_leaves_a_released_package_alone(tmp_path: Path) -> None:
    """With another zlib it would have other bytes, and then the next release would be refused."""
    project = release(tmp_path, FIRST, "2026.06.01", JUNE)
    package = project.dist / "small-2026-06-01.apkg"
    before, there = package.read_bytes(), package.stat().st_ino
    result = run(tmp_path, "build")
    assert (result.returncode, result.stdout) == (0, f"{Path('dist') / package.name}\n")
    left = "version 2026.06.01: nothing has changed since this release; here is its package\n"
    assert result.stderr.endswith(left)
    assert (package.read_bytes(), package.stat().st_ino) == (before, there)
    for damaged in (b"damaged", None):
        package.unlink()
        if damaged:
            package.write_bytes(damaged)
        assert "2 notes, 3 cards" in run(tmp_path, "build").stderr
        assert package.read_bytes() == before


def test_a_third_package_has_the_retired_notes_that_learners_can_have(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    release(tmp_path, SECOND, "2026.07.01", JUNE + 30 * 86400)
    assert not list((tmp_path / "dist").glob("*retired*"))
    where = release(tmp_path, THIRD, "2026.08.01", JUNE + 61 * 86400)
    record, _ = load(where.record)
    assert record is not None
    packages = record.releases["2026.08.01"].packages
    assert list(packages) == ["small-2026-08-01.apkg", "small-core-2026-08-01.apkg", "small-retired-2026-08-01.apkg"]
    assert (where.dist / "small-2026-08-01.sha256").read_text() == "".join(
        f"{sha256}  {name}\n" for name, sha256 in packages.items()
    )
    held = {name: reader.our_contents(reader.load(where.dist / name)).notes.keys() for name in packages}
    assert list(held.values()) == [{"treaty-signed", "seat"}, {"treaty-signed"}, {"highest-body"}]
    # It is built again like the others, and it stays in the releases that follow.
    for only in ((), ("--only", "core"), ("--only", "retired")):
        assert "nothing has changed since this release" in run(tmp_path, "build", *only).stderr, only
    release(tmp_path, FOURTH, "2026.09.01", JUNE + 92 * 86400)
    assert (where.dist / "small-retired-2026-09-01.apkg").exists()


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("small-2026-06-02-dev-1a2b3c4d.apkg", False),
        ("small-core-2026-06-02-dev-1a2b3c4d.apkg", False),
        ("small-2026.06.02.dev-1a2b3c4d.apkg", False),
        ("other-2026-06-02.apkg", False),
        ("small-2026-06-02.apkg", True),
        ("small-dev-2026-06-02.apkg", True),
        ("small-2026-06-02-dev-1a2b3c4d (1).apkg", True),
    ],
)
def test_what_may_be_beside_the_releases(name: str, is_refused: bool, tmp_path: Path) -> None:
    where = release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "kept.json").unlink()
    (tmp_path / "cards" / "bodies.yaml").write_text(BODIES + SEAT)
    (where.dist / name).write_bytes(b"?")
    result = run(tmp_path, "release", "--dry-run")
    assert result.returncode == is_refused, result.stderr
    assert (f"{name} is not in any release of released.json; delete it" in result.stderr) == is_refused


def test_a_dry_run_prints_the_release_notes_and_leaves_no_trace(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    before = tree(tmp_path)
    result = run(tmp_path, "release", "--dry-run", "--date", "2026-06-01")
    assert (result.returncode, result.stdout.partition("\n")[0]) == (0, "# Small 2026.06.01")
    assert result.stderr.endswith("2026.06.01: this was a dry run; nothing was written\n")
    assert tree(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards"]


SPOILT: dict[str | None, Callable[[Path, str], dict[str, bytes]]] = {
    "damaged record": lambda dist, _: {
        "cards/released.json": (dist / "../cards/released.json").read_bytes().replace(b"15 May", b"16 May")
    },
    "package changed": lambda dist, _: {
        "dist/small-core-2026-06-01.apkg": (dist / "small-core-2026-06-01.apkg").read_bytes() + b"0"
    },
    "pointer": lambda *_: {
        "dist/small-core-2026-06-01.apkg": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n"
    },
    "package unknown": lambda *_: {"dist/small-2026-06-02.apkg": b"?"},
    "notes there": lambda _, today: {f"dist/small-{today}.md": b"mine"},
    "changelog": lambda *_: {"CHANGELOG.md": b"# Mine\n"},
    "mark": lambda *_: {"README.md": b"# Mine\n\nHere: <!-- download --> it is\n"},
    "problem": lambda *_: {"cards/dates.yaml": f"{DATES}  detial: D\n".encode()},
    "id gone": lambda *_: {
        "cards/dates.yaml": DATES.replace("treaty-signed", "day")
        .replace("was the Treaty signed", "did the Treaty begin")
        .encode()
    },
    "reused id": lambda *_: {"cards/bodies.yaml": SEAT.replace("seat:", "highest-body:").encode()},
    "unexplained": lambda *_: {"cards/dates.yaml": DATES.replace("05-15", "05-16").encode()},
    "note type": lambda *_: {"cards/deck.yaml": CORE.replace("1000002", "1000009").encode()},
}


@pytest.mark.parametrize(
    ("spoil", "arguments", "expected"),
    [
        (None, (), "nothing has changed since 2026.06.01; there is nothing to release"),
        (
            None,
            ("--date", "2026-05-31"),
            "2026-05-31 is before the last release, 2026.06.01; omit --date, or give",
        ),
        (None, ("--date", "2099-01-01"), "2099-01-01 is in the future: it is "),
        ("clock", (), "the clock says "),
        (
            "damaged record",
            (),
            "cards/released.json:1:1: not as `csto-anki release` wrote it: edited by hand, or merged",
        ),
        (
            "package lost",
            (),
            "small-core-2026-06-01.apkg is missing; restore it from version control, or, if it was never there, check "
            "out the commit of its release and run csto-anki build --only core",
        ),
        (
            "pointer",
            (),
            "small-core-2026-06-01.apkg is a pointer of Git LFS, and the package is not there; run: git lfs pull",
        ),
        (
            "package changed",
            (),
            "small-core-2026-06-01.apkg is not the file that was released; restore it from version",
        ),
        ("package unknown", (), "small-2026-06-02.apkg is not in any release of released.json; delete it if"),
        ("notes there", (), ".md exists already; move it away"),
        (
            "mark",
            (),
            "README.md has a mark for the download that is not read; write it on a line of its own: <!-- download",
        ),
        ("changelog", (), "CHANGELOG.md has no line '<!-- newest release -->'; add it where the section of the newest"),
        ("problem", (), "cards/dates.yaml:6:3: treaty-signed: the unknown key 'detial'; did you mean 'detail'?"),
        (
            "id gone",
            (),
            "treaty-signed: learners have had this fact since 2026.06.01, but it is gone from the cards; put",
        ),
        (
            "reused id",
            (),
            "highest-body: this id was released with another fact: 'Who sits on the Council?'; give the new fact",
        ),
        (
            "unexplained",
            (),
            "treaty-signed: the answer differs from the one in 2026.06.01; before you release it, say in",
        ),
        ("note type", (), "deck.yaml:8:15: note_type_id was released as '1000002' and is frozen; put it back"),
    ],
)
def test_a_release_is_refused_with_a_hint(
    spoil: str | None, arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    where = release(tmp_path, FIRST, "2026.06.01", JUNE if spoil != "clock" else 4_000_000_000)
    (tmp_path / "kept.json").unlink()
    today = f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"
    arguments = arguments or (() if spoil == "clock" else ("--date", today))
    for path, content in SPOILT[spoil](where.dist, today).items() if spoil in SPOILT else ():
        (tmp_path / path).write_bytes(content)
    if spoil == "package lost":
        (where.dist / "small-core-2026-06-01.apkg").unlink()
    before = tree(tmp_path)
    for more in ((), ("--dry-run",)):
        result = run(tmp_path, "release", *arguments, *more)
        assert (result.returncode, result.stdout) == (1, "")
        assert expected in result.stderr
        assert "Traceback" not in result.stderr
        assert tree(tmp_path) == before


def test_an_unexplained_answer_does_not_stop_a_build(tmp_path: Path) -> None:
    """A group may need its correction today; only a release requires the explanation."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "cards" / "dates.yaml").write_text(DATES.replace("05-15", "05-16"))
    result = run(tmp_path, "check")
    assert (result.returncode, result.stderr) == (0, "2 facts: no error, 1 warning\n")
    assert result.stdout.startswith(
        "cards/dates.yaml:3:9: warning: treaty-signed: the answer differs from the one in 2026.06.01;"
    )
    result = run(tmp_path, "build")
    assert result.returncode == 0
    assert result.stderr.startswith("cards/dates.yaml:3:9: warning: treaty-signed: the answer differs from")
    assert "\n2 facts in cards: no error, 1 warning\n" in result.stderr
    assert result.stderr.endswith(": 2 notes, 3 cards; 0 new, 1 changed since 2026.06.01\n")
    assert run(tmp_path, "release").returncode == 1


def test_no_package_of_a_part_is_empty(tmp_path: Path) -> None:
    """If all facts of the first priority are retired, nobody can learn it."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    retired = {"dates.yaml": f"{FIRST['dates.yaml']!s}  retired: {{why: W}}\n"}
    release(tmp_path, {**FIRST, **retired}, "2026.07.01", JUNE + 30 * 86400)
    names = sorted(path.name for path in (tmp_path / "dist").glob("*2026-07-01.apkg"))
    assert names == ["small-2026-07-01.apkg", "small-retired-2026-07-01.apkg"]


def test_two_releases_of_one_day_have_a_number_and_a_second_of_their_own(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    assert run(tmp_path, "release", "--date", "2026-06-01").returncode == 0
    (tmp_path / "cards" / "bodies.yaml").write_text(BODIES + SEAT)
    for _ in range(20):  # the clock may still show the second of the first
        result = run(tmp_path, "release", "--date", "2026-06-01")
        if result.returncode == 0:
            break
    assert Path(result.stdout.split()[0]).name == "small-2026-06-01-1.apkg"
    record, _ = load(tmp_path / "cards" / "released.json")
    assert record is not None
    assert list(record.releases) == ["2026.06.01", "2026.06.01.1"]
    first, second = record.releases.values()
    assert first.time < second.time


@pytest.mark.parametrize(
    ("where", "arguments"),
    [("", ()), ("", ("--cards", "cards/")), ("cards", ("--cards", ".")), ("dist", ("--cards", "../cards"))],
)
def test_the_files_of_a_release_lie_beside_the_cards(where: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / "dist").mkdir()
    result = run(tmp_path / where, "release", *arguments)
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CHANGELOG.md", "cards", "dist"]
    assert len(list((tmp_path / "dist").iterdir())) == 5
    assert run(tmp_path / where, "diff", *arguments).stdout.endswith(": no difference\n")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("dist", b"a file", "dist: not a folder; nothing was changed"),
        ("CHANGELOG.md", b"\xff", "CHANGELOG.md is not UTF-8; save it in that encoding"),
        ("README.md", b"\xff", "README.md is not UTF-8; save it in that encoding"),
        ("CHANGELOG.md/x", b"", "CHANGELOG.md: "),
    ],
)
def test_a_file_that_is_in_the_way_is_named(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    before = tree(tmp_path)
    result = run(tmp_path, "release", "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"csto-anki: cannot release: {expected}")
    assert len(result.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


def test_another_change_between_reading_and_writing_is_not_overwritten(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    where = project_of(tmp_path / "cards")
    deck, _ = read(tmp_path / "cards")
    assert deck is not None
    plan = publish.Plan(where, deck, contents(deck), Released({}, None, {}, None), "2026.06.01", JUNE)
    before = publish.digests(where)
    where.changelog.write_text("written in the meantime\n<!-- newest release -->\n")
    there = tree(tmp_path)
    with pytest.raises(transaction.Clash, match=r"CHANGELOG\.md was changed in the meantime; run the release again"):
        publish.publish(plan, before)
    assert tree(tmp_path) == there
    assert not list((tmp_path / "dist").iterdir())


@POSIX
@pytest.mark.parametrize("folder", ["linked", ".cards", "my cards", "my\\cards"])
def test_a_deck_in_a_folder_of_any_name_can_be_released(folder: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    write_deck(tmp_path / "store" if folder == "linked" else project / folder, FIRST)
    if folder == "linked":
        (project / "linked").symlink_to("../store")
    result = run(project, "release", "--cards", folder)
    assert result.returncode == 0, result.stderr
    assert not transaction.is_unfinished(project / "dist")
    assert load(project / folder / "released.json")[0] is not None


@POSIX
def test_links_of_a_stranger_lead_nowhere(tmp_path: Path) -> None:
    """Nothing is written through them, and a device is not read for ever."""
    folder, outside = tmp_path / "project", tmp_path / "outside"
    write_deck(folder / "cards", FIRST)
    outside.mkdir()
    (outside / "deck.json").write_text("mine")
    (folder / "dist").symlink_to("../outside")
    for command in ("build", "release"):
        result = run(folder, command)
        assert (result.returncode, result.stdout) == (1, ""), command
        assert "dist is a link that leads out of its folder" in result.stderr
    (folder / "cards" / "schema").symlink_to("../../outside")
    result = run(folder, "schema")
    assert (result.returncode, result.stdout) == (1, "")
    assert "schema: a link that leads out of its folder" in result.stderr
    (folder / "preview").symlink_to("../outside/page")
    assert "preview is a link that leads out of its folder" in run(folder, "preview").stderr
    (folder / "dist").unlink()
    (folder / "cards" / "schema").unlink()
    (folder / "cards" / "schema").mkdir()
    (folder / "cards" / "schema" / "deck.json").symlink_to("../../../outside/deck.json")
    assert run(folder, "schema").returncode == 0
    assert not (folder / "cards" / "schema" / "deck.json").is_symlink()
    (folder / "dist").mkdir()
    (outside / "README.md").write_text("<!-- Written by `csto-anki release`. -->\nmine")
    (folder / "dist" / "README.md").symlink_to("../../outside/README.md")
    result = run(folder, "release")
    assert (result.returncode, result.stdout) == (1, "")
    assert "cannot release: dist/README.md: a link that leads out of its folder; nothing was changed" in result.stderr
    (folder / "dist" / "README.md").unlink()
    (outside / "README.md").unlink()
    (folder / "CHANGELOG.md").symlink_to("/dev/zero")
    result = run(folder, "release", timeout=20)
    assert (result.returncode, result.stdout) == (1, "")
    assert "CHANGELOG.md" in result.stderr
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("deck.json", "mine")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("mark", "below"),
    [
        ("<!-- download -->", "nothing is released yet"),
        ("<!-- download -->", "[**Small 2026.05.01**](dist/small-2026-05-01.apkg?raw=true) (2 cards)"),
        ("<!--download-->", "nothing yet"),
        ("<!-- Download --> ", "nothing yet"),
        ("  <!-- download -->", "nothing yet"),
        ("<!-- download -->", None),
    ],
)
def test_the_download_line_replaces_only_a_line_of_its_own(
    mark: str, below: str | None, end: str, tmp_path: Path
) -> None:
    """A heading directly under the mark stays, and so do the line ends."""
    lines = ["# Small", "", mark, *([below] if below else []), "## The end", ""]
    (tmp_path / "README.md").write_bytes(end.join(lines).encode())
    (tmp_path / "CHANGELOG.md").write_bytes(end.join(["# Mine", "", "<!--Newest release-->", "## Older", ""]).encode())
    where = release(tmp_path, FIRST, "2026.06.01", JUNE)
    readme = where.readme.read_bytes().decode().split(end)
    assert readme[3].startswith("[**Small 2026.06.01**](dist/small-2026-06-01.apkg?raw=true)")
    assert [*readme[:3], *readme[4:]] == ["# Small", "", mark, "## The end", ""]
    changelog = where.changelog.read_bytes().decode().split(end)
    assert changelog[:6] == ["# Mine", "", "<!--Newest release-->", "", "## Small 2026.06.01", ""]
    assert changelog[-2:] == ["## Older", ""]
    assert not any("\r" in line or "\n" in line for line in [*readme, *changelog])


def test_packages_that_git_ignores_are_named(tmp_path: Path) -> None:
    """The usual file of ignored names for Python has dist/ in it. What the warning advises is run."""
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / ".gitignore").write_text("dist/\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    result = run(tmp_path, "release", "--quiet", "--date", "2026-06-01")
    dist = shlex.quote(str(tmp_path / "dist"))
    expected = (
        "csto-anki: warning: git ignores files of the release; without these files in the repository, nobody else can "
        f"make the next release: git -C {dist} add --force -- small-2026-06-01.apkg small-core-2026-06-01.apkg "
        "small-2026-06-01.md small-2026-06-01.sha256\n"
    )
    assert (result.returncode, result.stderr) == (0, expected)
    subprocess.run(shlex.split(result.stderr.partition("release: ")[2]), cwd=tmp_path.parent, check=True)
    subprocess.run([*git, "add", "--all"], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Release"], cwd=tmp_path, check=True)
    subprocess.run(["git", "clone", "--quiet", ".", "clone"], cwd=tmp_path, check=True)
    assert len(list((tmp_path / "clone" / "dist").iterdir())) == 4


def test_a_record_that_git_ignores_is_named_too(tmp_path: Path) -> None:
    write_deck(tmp_path / "-odd cards", FIRST)
    (tmp_path / ".gitignore").write_text("*.json\n*.md\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    result = run(tmp_path, "release", "--quiet", "--date", "2026-06-01", "--cards", "./-odd cards")
    subprocess.run(shlex.split(result.stderr.partition("release: ")[2]), cwd=tmp_path.parent, check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert listed.split("\n")[:3] == ["-odd cards/released.json", "CHANGELOG.md", "dist/small-2026-06-01.md"]


def test_a_package_that_was_never_committed_is_built_again_at_its_commit(tmp_path: Path) -> None:
    """As the refusal advises; it is the same file byte for byte."""
    where = release(tmp_path, FIRST, "2026.06.01", JUNE)
    packages = {path.name: path.read_bytes() for path in where.dist.glob("*.apkg")}
    for path in where.dist.glob("*.apkg"):
        path.unlink()
    for arguments in ((), ("--only", "core")):
        assert run(tmp_path, "build", *arguments).returncode == 0
    assert {path.name: path.read_bytes() for path in where.dist.glob("*.apkg")} == packages


def test_in_a_new_deck_git_keeps_the_packages(tmp_path: Path) -> None:
    assert run(tmp_path, "init", "quad").returncode == 0
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "quad", check=True)
    assert run(tmp_path / "quad", "build").returncode == 0
    result = run(tmp_path / "quad", "release", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    assert not list((tmp_path / "quad" / "dist").glob("*-dev-*"))
    (tmp_path / "quad" / "dist" / "quad-2026-11-28-dev-1a2b3c4d.apkg").write_text("a development version")
    subprocess.run(["git", "add", "--all"], cwd=tmp_path / "quad", check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=tmp_path / "quad", check=True, capture_output=True, text=True)
    packages = [name for name in listed.stdout.split() if name.endswith(".apkg")]
    assert packages
    assert not any("-dev-" in name for name in packages)


@POSIX
def test_a_changelog_that_is_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / "CHANGELOG.md").symlink_to("../nowhere.md")
    result = run(tmp_path, "release", "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert "CHANGELOG.md: a link that leads out of its folder" in result.stderr
    assert (tmp_path / "CHANGELOG.md").is_symlink()


def test_a_record_that_changes_while_the_cards_are_checked_is_not_overwritten(tmp_path: Path) -> None:
    """Another program may release at the same time; its release would be lost."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "cards" / "bodies.yaml").write_text(BODIES + SEAT)
    record, plan = tmp_path / "cards" / "released.json", release_command._plan

    def slow(*arguments: Any) -> Any:
        made = plan(*arguments)
        record.write_bytes(record.read_bytes() + b"\n")
        return made

    with mock.patch.object(release_command, "_plan", slow):
        result = call(
            tmp_path, "release", "--quiet", "--date", f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert "released.json was changed in the meantime; run the release again" in result.stderr


def test_a_release_runs_the_rules_that_only_warn(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", {**FIRST, "dates.yaml": DATES.replace("was the Treaty", "was the the Treaty")})
    result = run(tmp_path, "release", "--dry-run")
    assert result.returncode == 0
    assert result.stderr.startswith("cards/dates.yaml:2:13: warning: treaty-signed: a doubled word: ")
    assert "\n2 facts in cards: no error, 1 warning\n" in result.stderr
