"""Days that have not come, and wrong clocks: a plain word before a package is shared, and a way back afterwards."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from unittest import mock

import pytest
from anki.collection import Collection

from csto_anki.apkg import reader
from csto_anki.cli import options
from csto_anki.history.record import Release, Released, load
from support.commands import call
from support.real_anki import import_package
from support.releases import FIRST, JUNE, SECOND, release
from support.small_deck import write_deck

JULY = datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.timezone.utc)
WRONG = datetime.datetime(2031, 1, 5, 9, tzinfo=datetime.timezone.utc)


def at(moment: datetime.datetime) -> mock._patch[object]:
    """The clock shows this moment."""
    return mock.patch.object(options, "now", lambda: moment)


def change_cards(project: Path) -> None:
    """Give the project the cards of the second release; the record stays."""
    record = (project / "cards" / "released.json").read_bytes()
    write_deck(project / "cards", dict(SECOND))
    (project / "cards" / "released.json").write_bytes(record)


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A project with a release of June 2026 and cards that have changed since."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    change_cards(tmp_path)
    return tmp_path


BLOCKS = "until that day, whoever imports this package gets no correction; do not share it"


@pytest.mark.parametrize(
    ("moment", "arguments", "expected"),
    [
        (JULY, (), ""),
        (JULY, ("--today", "2026-07-01"), ""),
        (JULY, ("--today", "2026-07-02"), f"csto-anki: warning: 2026-07-02 is in the future: {BLOCKS}\n"),
        (JULY, ("--today", "2027-12-01"), f"csto-anki: warning: 2027-12-01 is in the future: {BLOCKS}\n"),
        (JULY.replace(year=2028, month=6, day=1), (), ""),
        (
            WRONG,
            (),
            "csto-anki: warning: the clock says 2031-01-05, more than two years after the last release, 2026.06.01; "
            f"if it is wrong, {BLOCKS}\n",
        ),
    ],
)
@pytest.mark.parametrize("command", [("build",), ("build", "--only", "core"), ("preview",)])
def test_a_package_that_would_block_updates_is_not_built_without_a_plain_word(
    command: tuple[str, ...], moment: datetime.datetime, arguments: tuple[str, ...], expected: str, released: Path
) -> None:
    with at(moment):
        result = call(released, *command, "--quiet", *arguments)
    assert (result.returncode, result.stderr) == (0, expected)


def test_a_build_of_what_is_released_is_never_too_new(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    with at(JULY):
        result = call(tmp_path, "build", "--quiet", "--today", "2027-12-01", "--output", "a.apkg")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [("build", "--today", "2100-01-01"), ("check", "--today", "9999-12-31")])
def test_a_day_that_no_version_can_have(arguments: tuple[str, ...], released: Path) -> None:
    result = call(released, *arguments)
    assert result.returncode == 2
    assert f"the date {arguments[2]} is after 2099-12-31: check the clock or pass another day" in result.stderr


@pytest.mark.parametrize(
    ("epoch", "version"), [("1780304400", "2026.06.01"), ("1780358399", "2026.06.01"), ("1780358400", "2026.06.02")]
)
def test_the_day_can_come_from_source_date_epoch(epoch: str, version: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards", FIRST)
    with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": epoch}):
        built = call(tmp_path, "build")
        given = call(tmp_path, "build", "--today", "2026-06-09")
    assert built.stderr.splitlines()[1].startswith(f"version {version}.dev-")
    assert given.stderr.splitlines()[1].startswith("version 2026.06.09.dev-")


@pytest.mark.parametrize("epoch", ["tomorrow", "1.5", "9" * 30])
def test_a_source_date_epoch_that_is_no_time(epoch: str, released: Path) -> None:
    with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": epoch}):
        result = call(released, "build")
    assert result.returncode == 2
    assert f"SOURCE_DATE_EPOCH is '{epoch}'; give seconds since 1970, or unset it" in result.stderr


def test_a_release_takes_its_day_from_the_clock(released: Path) -> None:
    with at(JULY), mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1780304400"}):
        result = call(released, "release", "--quiet")
    assert (result.returncode, result.stdout.split()[0]) == (0, str(Path("dist/small-2026-07-01.apkg")))


def test_a_clock_that_runs_ahead_releases_nothing_unless_the_day_is_given(released: Path) -> None:
    with at(WRONG):
        refused = call(released, "release", "--quiet")
        done = call(released, "release", "--quiet", "--date", "2031-01-05")
    assert refused.returncode == 1
    assert refused.stderr == (
        "csto-anki: cannot release: the clock says 2031-01-05 09:00:00 (UTC), more than two years after the last "
        "release, 2026.06.01; set the clock, or, if it is right, give --date 2031-01-05\n"
    )
    assert done.returncode == 0


def test_after_a_release_by_a_wrong_clock_corrections_arrive_again(tmp_path: Path) -> None:
    """Learners have notes of 2031. The next release continues from there, so that they get it."""
    write_deck(tmp_path / "cards", FIRST)
    with at(WRONG):
        assert call(tmp_path, "release", "--quiet").returncode == 0
    change_cards(tmp_path)
    with at(JULY):
        refused = call(tmp_path, "release", "--quiet")
        advice = refused.stderr.partition("give ")[2].partition(":")[0].split()
        other = call(tmp_path, "release", "--quiet", "--date", "2031-01-06")
        done = call(tmp_path, "release", "--quiet", *advice)
    assert refused.returncode == other.returncode == 1
    assert refused.stderr == (
        "csto-anki: cannot release: the clock says 2026-07-01 09:00:00 (UTC), which is not after the last release, "
        "2031.01.05; set the clock, or, if that release was made by a wrong clock, give --date 2031-01-05: "
        "until that day, each import replaces what learners wrote into the notes of these releases\n"
    )
    assert done.returncode == 0, done.stderr
    record, _ = load(tmp_path / "cards" / "released.json")
    assert record is not None
    assert list(record.releases) == ["2031.01.05", "2031.01.05.1"]
    first, second = record.releases.values()
    assert (first.time, second.time) == (int(WRONG.timestamp()), int(WRONG.timestamp()) + 1)
    collection = Collection(str(tmp_path / "c.anki2"))
    try:
        import_package(collection, tmp_path / "dist" / "small-2031-01-05.apkg")
        import_package(collection, tmp_path / "dist" / "small-2031-01-05-1.apkg")
        (note,) = collection.find_notes("Id:treaty-signed")
        assert collection.get_note(note)["Answer"] == "16 May 1992"
    finally:
        collection.close()
    assert reader.load(tmp_path / "dist" / "small-2031-01-05-1.apkg").faults == ()


def test_after_a_hundred_releases_on_one_day_the_next_waits(released: Path) -> None:
    record, _ = load(released / "cards" / "released.json")
    assert record is not None
    day = datetime.date(2026, 6, 1)
    for number in range(1, 100):
        version = record.next_version(day)
        assert version == f"2026.06.01.{number}"
        record = Released({**record.releases, version: Release(JUNE + number, "", {})}, None, {}, None)
    assert record.next_version(day) == ""
    assert record.next_version(datetime.date(2026, 6, 2)) == "2026.06.02"
    with at(JULY), mock.patch.object(Released, "next_version", lambda *_: ""):
        result = call(released, "release", "--quiet")
    assert (result.returncode, result.stdout) == (1, "")
    assert "2026-07-01 has had a hundred releases; release again on the next day" in result.stderr


def test_a_clock_that_is_half_an_hour_behind_the_last_release_makes_none(released: Path) -> None:
    with at(datetime.datetime.fromtimestamp(JUNE - 1800, datetime.timezone.utc)):
        result = call(released, "release", "--quiet")
    assert result.returncode == 1
    assert "which is not after the last release, 2026.06.01; set the clock" in result.stderr
