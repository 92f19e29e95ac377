"""A release on the disk: all of its files or none, what speaks against it, and what learners read of it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from csto_anki import console, fields, publish, together
from csto_anki.read import read
from csto_anki.release import Project, Released, load, project
from small_deck import FILES, write_deck
from test_cli import POSIX, run

JUNE = 1780304400  # 2026-06-01, 09:00 UTC
CORE = FILES["deck.yaml"] + "priorities:\n  core: first\n  rest: then\n"
DATES = FILES["dates.yaml"].replace("[prelims]", "[core, prelims]")
BODIES = FILES["bodies.yaml"] + "  tags: [rest]\n"
FIRST: dict[str, str | bytes | None] = {"deck.yaml": CORE, "dates.yaml": DATES, "bodies.yaml": BODIES}
SEAT = "seat:\n  question: In which *city* is its seat?\n  answer: Moscow\n  sources: [charter]\n  tags: [rest]\n"
README = "# Small\n\n<!-- download -->\nnothing yet\n\nThe end.\n"
# A fact that is another, a wording that is better, and a fact that is new.
SECOND = {
    **FIRST,
    "dates.yaml": DATES.replace("05-15", "05-16") + "  changed: It was a day later than we said.\n",
    "bodies.yaml": BODIES.replace("Who sits on the Council?", "Who sits on the *Council*?") + SEAT,
}
# What learners have is retired.
THIRD = {
    **SECOND,
    "bodies.yaml": BODIES.replace("Who sits on the Council?", "Who sits on the *Council*?")
    + "  retired: {why: No longer asked., replaced_by: seat}\n"
    + SEAT,
}


def release(folder: Path, files: Mapping[str, str | bytes | None], version: str, time: int) -> Project:
    """Release these cards from a project in `folder`."""
    write_deck(folder / "cards", dict(files))
    if (folder / "kept.json").exists():
        shutil.copy(folder / "kept.json", folder / "cards" / "released.json")
    where = project(folder / "cards")
    deck, problems = read(folder / "cards")
    record, more = load(where.record)
    assert deck is not None, problems
    assert record is not None, more
    publish.publish(where, publish.digests(where), deck, fields.contents(deck), record, version, time)
    shutil.copy(where.record, folder / "kept.json")
    return where


def tree(folder: Path) -> dict[str, str]:
    """Every file of a project but hidden ones, by its contents."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".csto-anki-") for part in path.parts)
    }


def test_a_release_is_all_its_files(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / "README.md").write_text(README)
    result = run(tmp_path, "release")
    assert result.returncode == 0, result.stderr
    today = datetime.datetime.now(datetime.timezone.utc).date()
    version = f"{today:%Y.%m.%d}"
    packages = [f"small-{version}.apkg", f"small-core-{version}.apkg"]
    assert result.stdout == "".join(f"{Path('dist') / name}\n" for name in packages)
    assert result.stderr == (
        "2 facts (dates 1, bodies 1) in cards: no problem\n"
        f"{version} is released; commit cards, dist, and the texts that changed beside them\n"
    )
    names = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert names == sorted([*packages, f"small-{version}.md", f"small-{version}.sha256"])
    record, _ = load(tmp_path / "cards" / "released.json")
    assert record is not None
    assert record.last == version
    sums = {name: hashlib.sha256((tmp_path / "dist" / name).read_bytes()).hexdigest() for name in packages}
    assert record.releases[version].packages == sums
    assert (tmp_path / "dist" / f"small-{version}.sha256").read_text() == "".join(
        f"{sums[name]}  {name}\n" for name in packages
    )
    assert (tmp_path / "README.md").read_text() == (
        "# Small\n\n<!-- download -->\n"
        f"[**Small {version}**](dist/small-{version}.apkg?raw=true) (3 cards) · "
        f"[only `core`](dist/small-core-{version}.apkg?raw=true) (1 cards) · "
        f"[what is new](dist/small-{version}.md) · [checksums](dist/small-{version}.sha256)\n\nThe end.\n"
    )
    assert (tmp_path / "CHANGELOG.md").read_text() == (
        f"# Changes\n\n<!-- newest release -->\n\n## Small {version}\n\nThe first release: 2 notes, 3 cards.\n"
    )
    # Building the same cards, on whatever day, is that release again, to the byte.
    result = run(tmp_path, "build", "--output", "again.apkg", "--today", "2030-01-01")
    assert f"version {version}: 2 notes, 3 cards; 0 new, 0 changed since {version}\n" in result.stderr
    assert (tmp_path / "again.apkg").read_bytes() == (tmp_path / "dist" / packages[0]).read_bytes()


def test_a_build_leaves_a_released_package_alone(tmp_path: Path) -> None:
    """On a machine with another zlib it would have other bytes, and the next release would be refused for it."""
    project = release(tmp_path, FIRST, "2026.06.01", JUNE)
    package = project.dist / "small-2026.06.01.apkg"
    before, there = package.read_bytes(), package.stat().st_ino
    result = run(tmp_path, "build")
    assert (result.returncode, result.stdout) == (0, f"{Path('dist') / package.name}\n")
    left = f"version 2026.06.01: {Path('dist') / package.name} is there as it was released, and was left alone\n"
    assert result.stderr.endswith(left)
    assert (package.read_bytes(), package.stat().st_ino) == (before, there)
    for damaged in (b"damaged", None):
        package.unlink()
        if damaged:
            package.write_bytes(damaged)
        assert "2 notes, 3 cards" in run(tmp_path, "build").stderr
        assert package.read_bytes() == before


def test_a_dry_run_says_all_and_leaves_no_trace(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    before = tree(tmp_path)
    result = run(tmp_path, "release", "--dry-run", "--date", "2026-06-01")
    assert (result.returncode, result.stdout.partition("\n")[0]) == (0, "# Small 2026.06.01")
    assert result.stderr.endswith("2026.06.01: this was a dry run; nothing was written\n")
    assert tree(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards"]


def test_what_learners_read_of_an_update(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    release(tmp_path, SECOND, "2026.07.01", JUNE + 30 * 86400)
    text = (tmp_path / "dist" / "small-2026.07.01.md").read_text("utf-8")
    sums = (tmp_path / "dist" / "small-2026.07.01.sha256").read_text()
    made_with = text.splitlines()[-1].removeprefix("Made with ").partition(";")[0]
    assert (
        text
        == f"""\
# Small 2026.07.01

A small deck

| download | what it holds | notes | cards |
|---|---|---:|---:|
| [small-2026.07.01.apkg](small-2026.07.01.apkg?raw=true) | everything | 3 | 4 |
| [small-core-2026.07.01.apkg](small-core-2026.07.01.apkg?raw=true) | `core`: first | 1 | 1 |

Both are one deck: whoever began with the part imports the whole later and loses nothing.

1 changed in fact, 1 new, 1 corrected in wording since 2026.06.01.

## Before you import

Your schedule, flags, suspended cards and the decks you moved cards to stay, all of them.
Your words and tags stay in every note but 2, which this version replaces whole. Have you written into one of these? \
Find them with this search in *Browse*, and copy your words into a note of your own before you import:

```
"Id:re:^(treaty-signed|highest-body)$"
```

What you wrote after 01 July 2026, 09:00 UTC wins instead: that note stays as you have it, and its correction does not \
reach you. Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes and note \
types *if newer*, no learning progress, no deck presets, no merging of note types.

## Changed in fact: to be learnt again (1)

- **On which day was the Treaty signed?** (`treaty-signed`)
  - It was a day later than we said.
  - answer: ~~15~~**16** May 1992

## New (1)

| tag | what it is about | notes |
|---|---|---:|
| `small::bodies` | who | 1 |

- In which \\*city\\* is its seat?

## Corrected in wording (1)

- **Who sits on the \\*Council\\*?** (`highest-body`)
  - question: Who sits on the **\\***Council**\\***?

## To find them in Anki, after the import

| search | what it finds |
|---|---|
| `tag:small::changed::2026.07.01::fact` | what is another fact now: select them and choose *Reset* (once *Forget*), \
to learn them again |
| `tag:small::changed::2026.07.01::wording` | what reads better now; nothing to do |
| `tag:small::added::2026.07.01` | what is new |
| `tag:small::changed` | what ever changed since it was first released |
| `tag:small::retired` | all that is no longer taught |

## Checksums (SHA-256)

```
{sums}```

Made with {made_with}; on other versions of these the same cards give a file of other bytes.
"""
    )
    release(tmp_path, THIRD, "2026.08.01", JUNE + 61 * 86400)
    text = (tmp_path / "dist" / "small-2026.08.01.md").read_text("utf-8")
    assert "\n```\nId:highest-body\n```\n" in text
    assert (
        "\n## No longer taught (1)\n\n- **Who sits on the \\*Council\\*?** (`highest-body`)\n"
        "  - No longer asked. Instead, learn the card that this search finds: Id:seat\n"
    ) in text
    assert "| `tag:small::changed::2026.08.01::retired` | what is no longer taught: suspend it. " in text
    changelog = (tmp_path / "CHANGELOG.md").read_text("utf-8")
    versions = [line for line in changelog.splitlines() if line.startswith("## ")]
    assert versions == ["## Small 2026.08.01", "## Small 2026.07.01", "## Small 2026.06.01"]


def test_what_is_too_small_to_send_is_released_and_said(tmp_path: Path) -> None:
    """Newcomers get it; nobody's note is replaced, and the notes say so."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    sources = FILES["sources.yaml"].replace("example.org", "example.net")
    where = release(tmp_path, {**FIRST, "sources.yaml": sources}, "2026.07.01", JUNE + 30 * 86400)
    text = (where.dist / "small-2026.07.01.md").read_text("utf-8")
    assert "So do your words and tags: no note that you have is replaced." in text
    assert 'In 2 notes only an "as of", a source, a tag or the markup is newer.' in text
    record, _ = load(where.record)
    assert record is not None
    assert {entry.changed for entry in record.notes.values()} == {"2026.06.01"}
    assert "example.net" in record.notes["treaty-signed"].fields["Sources"]


# What is done to a project before it is released again: the new bytes of its files, given dist/ and the day.
SPOILT: dict[str | None, Callable[[Path, str], dict[str, bytes]]] = {
    "damaged record": lambda dist, _: {
        "cards/released.json": (dist / "../cards/released.json").read_bytes().replace(b"15 May", b"16 May")
    },
    "package changed": lambda dist, _: {
        "dist/small-core-2026.06.01.apkg": (dist / "small-core-2026.06.01.apkg").read_bytes() + b"0"
    },
    "package unknown": lambda *_: {"dist/small-2026.06.02.apkg": b"?"},
    "notes there": lambda _, today: {f"dist/small-{today}.md": b"mine"},
    "changelog": lambda *_: {"CHANGELOG.md": b"# Mine\n"},
    "problem": lambda *_: {"cards/dates.yaml": f"{DATES}  detial: D\n".encode()},
    "id gone": lambda *_: {
        "cards/dates.yaml": DATES.replace("treaty-signed", "day")
        .replace("was the Treaty signed", "did the Treaty begin")
        .encode()
    },
    "reused id": lambda *_: {"cards/bodies.yaml": SEAT.replace("seat:", "highest-body:").encode()},
    "unsaid": lambda *_: {"cards/dates.yaml": DATES.replace("05-15", "05-16").encode()},
    "note type": lambda *_: {"cards/deck.yaml": CORE.replace("1000002", "1000009").encode()},
}


@pytest.mark.parametrize(
    ("spoil", "arguments", "expected"),
    [
        (None, (), "nothing has changed since 2026.06.01; there is nothing to release"),
        (
            None,
            ("--date", "2026-05-31"),
            "2026-05-31 is before the last release, 2026.06.01; leave --date away, or give",
        ),
        (None, ("--date", "2099-01-01"), "2099-01-01 has not come yet: it is "),
        ("clock", (), "the clock says "),
        (
            "damaged record",
            (),
            "cards/released.json:1:1: not as `csto-anki release` wrote it: edited by hand, or merged",
        ),
        ("package lost", (), "small-core-2026.06.01.apkg is missing; restore it from version control"),
        (
            "package changed",
            (),
            "small-core-2026.06.01.apkg is not the file that was released; restore it from version",
        ),
        ("package unknown", (), "small-2026.06.02.apkg is in no release that released.json knows; move it away, or"),
        ("notes there", (), ".md is there already; move it away"),
        ("changelog", (), "CHANGELOG.md has no line '<!-- newest release -->'; write it where the newest release's"),
        ("problem", (), "cards/dates.yaml:6:3: treaty-signed: the unknown key 'detial'; did you mean 'detail'?"),
        ("id gone", (), "treaty-signed: learners have this fact since 2026.06.01, and it is gone from the cards; put"),
        (
            "reused id",
            (),
            "highest-body: this id was released with another fact: 'Who sits on the Council?'; give the new fact",
        ),
        (
            "unsaid",
            (),
            "treaty-signed: the answer is another than in 2026.06.01; say in `changed:` what is to be learnt",
        ),
        ("note type", (), "deck.yaml:8:15: note_type_id was released as '1000002' and is frozen; put it back"),
    ],
)
def test_a_release_is_refused_with_the_way_out(
    spoil: str | None, arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    where = release(tmp_path, FIRST, "2026.06.01", JUNE if spoil != "clock" else 4_000_000_000)
    (tmp_path / "kept.json").unlink()
    today = f"{datetime.datetime.now(datetime.timezone.utc):%Y.%m.%d}"
    for path, content in SPOILT[spoil](where.dist, today).items() if spoil in SPOILT else ():
        (tmp_path / path).write_bytes(content)
    if spoil == "package lost":
        (where.dist / "small-core-2026.06.01.apkg").unlink()
    before = tree(tmp_path)
    for more in ((), ("--dry-run",)):
        result = run(tmp_path, "release", *arguments, *more)
        assert (result.returncode, result.stdout) == (1, "")
        assert expected in result.stderr
        assert "Traceback" not in result.stderr
        assert tree(tmp_path) == before


def test_an_answer_of_which_nobody_said_how_it_changed_stops_no_build(tmp_path: Path) -> None:
    """A group may want its correction today; only a release waits until it is said."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "cards" / "dates.yaml").write_text(DATES.replace("05-15", "05-16"))
    result = run(tmp_path, "check")
    assert (result.returncode, result.stderr) == (0, "2 facts (dates 1, bodies 1): no problem, 1 warning\n")
    assert result.stdout.startswith(
        "cards/dates.yaml:3:9: warning: treaty-signed: the answer is another than in 2026.06.01;"
    )
    result = run(tmp_path, "build")
    assert result.returncode == 0
    assert result.stderr.endswith(": 2 notes, 3 cards; 0 new, 1 changed since 2026.06.01\n")
    assert run(tmp_path, "release").returncode == 1


def test_two_releases_of_one_day_have_a_number_and_a_second_of_their_own(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    assert run(tmp_path, "release", "--date", "2026-06-01").returncode == 0
    (tmp_path / "cards" / "bodies.yaml").write_text(BODIES + SEAT)
    for _ in range(20):  # the clock may still show the second of the first
        result = run(tmp_path, "release", "--date", "2026-06-01")
        if result.returncode == 0:
            break
    assert Path(result.stdout.split()[0]).name == "small-2026.06.01.1.apkg"
    record, _ = load(tmp_path / "cards" / "released.json")
    assert record is not None
    assert list(record.releases) == ["2026.06.01", "2026.06.01.1"]
    first, second = record.releases.values()
    assert first.time < second.time


@pytest.fixture
def in_fork(tmp_path: Path) -> Path:
    """A project with one release, whose cards have changed since."""
    (tmp_path / "README.md").write_text(README)
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    (tmp_path / "kept.json").unlink()
    for name, content in SECOND.items():
        (tmp_path / "cards" / name).write_text(str(content))
    return tmp_path


def fork_release(project: Path, at: int, number: int) -> int:
    """Release in a child process, which gets the signal `number` at its `at`-th touch of a file; its exit status.

    Each opening, making, renaming and removing is a touch. The clock stands still, so that every release is the same.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    touches = 0
    written = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect")

    def touch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal touches
        if event in written and (event != "open" or str(project) in str(arguments[0])):
            touches += 1
            if touches == at:
                os.kill(os.getpid(), number)

    try:
        os.chdir(project)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # pytest keeps what is said
        console.now = lambda: datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.timezone.utc)
        sys.argv = ["csto-anki", "release", "--cards", str(project / "cards")]
        sys.addaudithook(touch)
        from csto_anki.__main__ import main

        main()
    except SystemExit as end:
        os._exit(1 if end.code else 0)
    finally:
        os._exit(9)


@POSIX
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_killed_at_every_moment_the_tree_is_before_or_after(
    name: str, in_fork: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After a kill without mercy the next run finishes what was decided; a polite one leaves nothing to finish."""
    started = tmp_path_factory.mktemp("x")
    before = tree(in_fork)
    whole = started / "whole"
    shutil.copytree(in_fork, whole)
    assert os.waitstatus_to_exitcode(fork_release(whole, 0, 0)) == 0
    after = tree(whole)
    assert before.keys() < after.keys()
    states = {"before": 0, "after": 0, "finished": 0}
    for at in range(1, 1000):
        project = started / str(at)
        shutil.copytree(in_fork, project)
        status = os.waitstatus_to_exitcode(fork_release(project, at, getattr(signal, name)))
        if status == 0:
            break
        assert status in ((-9,) if name == "SIGKILL" else (1,)), f"at touch {at}"
        if together.unfinished(project / "dist"):
            assert name == "SIGKILL"
            assert run(project, "build").returncode == 1
            result = run(project, "release")
            assert (result.returncode, result.stderr) == (
                0,
                "csto-anki: the interrupted release is finished; nothing else was done\n",
            )
            assert tree(project) == after, f"at touch {at}"
            states["finished"] += 1
        else:
            assert tree(project) in (before, after), f"at touch {at}"
            states["before" if tree(project) == before else "after"] += 1
        if name != "SIGKILL":
            assert not list((project / "dist").glob(".*")), f"at touch {at}"
        shutil.rmtree(project)
    else:
        pytest.fail("it never came to its end")
    assert states["before"] >= 20
    assert states["after"] >= 1
    assert name != "SIGKILL" or states["finished"] >= 5


@POSIX
def test_of_two_releases_at_once_one_is_made(in_fork: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = tree(in_fork)
    for attempt in range(6):
        project = tmp_path_factory.mktemp("both") / "project"
        shutil.copytree(in_fork, project)
        command = [sys.executable, "-m", "csto_anki", "release"]
        both = [subprocess.Popen(command, cwd=project, stdout=-1, stderr=-1, text=True) for _ in range(2)]
        said = [process.communicate(timeout=60) for process in both]
        codes = sorted(process.returncode for process in both)
        assert codes in ([0, 0], [0, 1]), said
        assert all("Traceback" not in stderr for _, stderr in said), said
        record, problems = load(project / "cards" / "released.json")
        assert record is not None, problems
        assert len(record.releases) == 2, attempt
        sums = {name: together.digest(project / "dist" / name) for name in record.releases[record.last].packages}
        assert record.releases[record.last].packages == sums
        assert tree(project).keys() - before.keys() == {
            f"dist/small{end}"
            for end in (
                f"-{record.last}.apkg",
                f"-core-{record.last}.apkg",
                f"-{record.last}.md",
                f"-{record.last}.sha256",
            )
        }


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
    assert len(list((tmp_path / "dist").iterdir())) == 4
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
def test_what_lies_in_the_way_is_named(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    before = tree(tmp_path)
    result = run(tmp_path, "release", "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"csto-anki: cannot release: {expected}")
    assert len(result.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


def test_what_changed_after_an_interruption_is_not_overwritten(tmp_path: Path) -> None:
    """A decided change whose files were edited since: nothing is lost, and it says how to go on."""
    root = tmp_path / "dist"
    for name in ("parts", "."):
        (root / name).mkdir(parents=True, exist_ok=True)
    one, two = root / "one.md", root / "two.md"
    one.write_text("old one"), two.write_text("old two")

    def decide() -> None:
        (root / together.READY).mkdir()
        plan = []
        for path in (one, two):
            (root / together.READY / path.name).write_text(f"new {path.stem}")
            new = hashlib.sha256(f"new {path.stem}".encode()).hexdigest()
            old = hashlib.sha256(f"old {path.stem}".encode()).hexdigest()
            plan.append({"part": path.name, "target": path.name, "old": old, "new": new})
        (root / together.READY / together.PLAN).write_text(json.dumps(plan))

    decide()
    two.write_text("mine")  # before anything was put in place: as if it had never been decided
    with pytest.raises(together.Clash, match=r"two\.md was changed meanwhile; run the release again"):
        together.finish(root, ())
    assert (one.read_text(), two.read_text(), together.unfinished(root)) == ("old one", "mine", False)
    decide()
    (root / together.READY / one.name).replace(one)
    with pytest.raises(together.Clash, match=r"two\.md was changed since a release was interrupted; restore it"):
        together.finish(root, ())
    assert (one.read_text(), two.read_text(), together.unfinished(root)) == ("new one", "mine", True)
    two.write_text("old two")
    together.finish(root, ())
    assert (one.read_text(), two.read_text(), together.unfinished(root)) == ("new one", "new two", False)


def test_a_release_that_comes_too_late_leaves_nothing_to_finish(tmp_path: Path) -> None:
    """Another was made since it read its files. That some come out the same must not look like half a release."""
    names = {name: tmp_path / f"{name}.md" for name in ("package", "changelog")}
    before = dict.fromkeys(names.values(), "")
    for release in ("first", "second"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "package").write_text(release)
        (tmp_path / release / "changelog").write_text("the same")
    together.replace(tmp_path, tmp_path / "first", names, before)
    with pytest.raises(together.Clash, match=r"package\.md was changed meanwhile; run the release again"):
        together.replace(tmp_path, tmp_path / "second", names, before)
    assert {name: path.read_text() for name, path in names.items()} == {"package": "first", "changelog": "the same"}
    assert not together.unfinished(tmp_path)


def test_another_change_between_reading_and_writing_is_not_overwritten(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    where = project(tmp_path / "cards")
    deck, _ = read(tmp_path / "cards")
    assert deck is not None
    before = publish.digests(where)
    where.changelog.write_text("written in the meantime\n<!-- newest release -->\n")
    there = tree(tmp_path)
    with pytest.raises(together.Clash, match=r"CHANGELOG\.md was changed meanwhile; run the release again"):
        publish.publish(where, before, deck, fields.contents(deck), Released({}, {}, {}, None), "2026.06.01", JUNE)
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
    assert not together.unfinished(project / "dist")
    assert load(project / folder / "released.json")[0] is not None


def planned(dist: Path, target: str, part: str = "part", digest: str | None = None) -> None:
    """What a stranger could put into a contribution: a change that seems to be decided."""
    ready = dist / together.READY
    ready.mkdir(parents=True)
    (ready / "part").write_text("#!/bin/sh\n")
    new = hashlib.sha256(b"#!/bin/sh\n").hexdigest() if digest is None else digest
    (ready / together.PLAN).write_text(json.dumps([{"part": part, "target": target, "old": "", "new": new}]))


TARGETS = [
    *("../.git/hooks/post-commit", "../../elsewhere.md", "/x.md", "../.github/workflows/x.yml", "../x/y.md", ".."),
    *("../cards/dates.yaml", "../../cards/released.json", "..\\x.md", "C:\\x.md", "../README.md\n", "a/b.md", ""),
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_plan_of_a_stranger_puts_no_file_elsewhere(target: str, tmp_path: Path) -> None:
    """A hook of git would run at the next commit."""
    folder = tmp_path / "project"
    write_deck(folder / "cards", FIRST)
    planned(folder / "dist", target)
    before = tree(tmp_path)
    result = run(folder, "release")
    assert (result.returncode, result.stdout) == (1, "")
    assert "was not left by a release; look at what it is and remove it" in result.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("part", "digest"), [("../part", None), ("part", "0" * 64), ("..", None), ("", None)])
def test_a_plan_of_a_stranger_moves_nothing_but_its_own_parts(part: str, digest: str | None, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    planned(tmp_path / "dist", "../README.md", part, digest)
    before = tree(tmp_path)
    result = run(tmp_path, "release")
    assert (result.returncode, result.stdout) == (1, "")
    assert "was not left by a release" in result.stderr
    assert tree(tmp_path) == before


@POSIX
def test_links_of_a_stranger_lead_nowhere(tmp_path: Path) -> None:
    """Neither is anything written through them, nor is a device read for ever."""
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
    (folder / "CHANGELOG.md").symlink_to("/dev/zero")
    result = run(folder, "release", timeout=20)
    assert (result.returncode, result.stdout) == (1, "")
    assert "CHANGELOG.md" in result.stderr
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("deck.json", "mine")]


def test_what_a_deck_is_called_is_text_in_the_texts_of_a_release(tmp_path: Path) -> None:
    title = "T](//e.org/x.apkg)<img src=//e.org/p>["
    files = {
        **FIRST,
        "deck.yaml": CORE.replace("title: Small", f"title: '{title}'").replace("A small", "An *A* <b>small"),
    }
    write_deck(tmp_path / "cards", files)
    (tmp_path / "README.md").write_text(README)
    assert run(tmp_path, "release").returncode == 0
    texts = [tmp_path / "README.md", tmp_path / "CHANGELOG.md", *(tmp_path / "dist").glob("*.md")]
    for path in texts:
        text = path.read_text()
        assert r"T\](//e.org/x.apkg)\<img src=//e.org/p\>\[" in text, path
        assert "<img" not in text.replace(r"\<img", ""), path
        assert "<b>" not in text, path
