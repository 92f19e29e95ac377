"""What people download: each package in dist/ is the recorded one, and can be made again from the record."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import struct
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from csto_anki.apkg import writer
from csto_anki.history.record import Released, load
from csto_anki.history.stamps import stamp
from csto_anki.language.english import ENGLISH
from csto_anki.language.hindi import HINDI
from csto_anki.language.words import Words
from csto_anki.note.contents import RETIRED_TAG
from csto_anki.release import share
from support.all_pictures import all_pictures

REPOSITORY = Path(__file__).parents[2]
DIST = REPOSITORY / "dist"
# After this release, and no other, new cards got another order, so it cannot be made again with its own `due`.
REORDERED = "2026.11.24.1"


class Edition(NamedTuple):
    """A deck that is released: how its files begin, its title, record, page to share it, and picture, and its words."""

    name: str
    title: str
    record: str
    page: str
    picture: str
    words: Words


EDITIONS = (
    Edition("csto", "CSTO for UPSC", "released.json", "README.md", "card.png", ENGLISH),
    Edition("csto-hi", "UPSC के लिए CSTO", "hi/released.json", "share-hi.md", "card-hi.png", HINDI),
)


@pytest.fixture(scope="module", params=EDITIONS, ids=["English", "Hindi"])
def released(request: pytest.FixtureRequest) -> Edition:
    edition: Edition = request.param
    return edition


@pytest.fixture(scope="module")
def record(released: Edition) -> Released:
    record, problems = load(REPOSITORY / "cards" / released.record)
    assert record is not None, "\n".join(map(str, problems))
    return record


def test_dist_is_what_the_record_says(record: Released, released: Edition) -> None:
    recorded = record.packages
    files = {path.name for path in DIST.glob(f"{released.name}-*.apkg")} - {
        path.name
        for other in EDITIONS
        if len(other.name) > len(released.name)
        for path in DIST.glob(f"{other.name}-*.apkg")
    }
    there = {name for name in files if not re.search(r"[.-]dev-[0-9a-f]{8}\.apkg$", name)}
    assert there == recorded.keys()
    assert len(record.releases) >= 1
    for name, sha256 in recorded.items():
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == sha256, name
    for version, release in record.releases.items():
        sums = "".join(f"{sha256}  {name}\n" for name, sha256 in release.packages.items())
        whole = DIST / record.package_name(released.name, version)
        assert whole.name in release.packages
        assert whole.with_suffix(".sha256").read_text("utf-8") == sums
        notes = whole.with_suffix(".md").read_text("utf-8")
        assert sums in notes
        assert all(f"]({name}?raw=true)" in notes for name in release.packages)


def test_the_last_release_can_be_made_again(record: Released, released: Edition, tmp_path: Path) -> None:
    """With the SQLite and zlib that made it, to the last byte; with others, to the last value in its database."""
    contents = record.contents()
    stamps = stamp(record, contents, None)
    assert stamps.version == record.last
    release = record.releases[record.last]
    parts = {record.package_name(released.name, record.last, only): only for only in (None, "core", RETIRED_TAG)}
    assert release.packages.keys() <= parts.keys()
    for name in release.packages:
        writer.write(contents, all_pictures(), stamps, tmp_path / name, parts[name])
        again, there = tmp_path / name, DIST / name
        if record.last == REORDERED:
            assert _database(again, tmp_path / "again.db", "due = 0") == _database(
                there, tmp_path / "there.db", "due = 0"
            )
            continue
        if release.made_with == writer.made_with():
            assert again.read_bytes() == there.read_bytes()
        assert _database(again, tmp_path / "again.db") == _database(there, tmp_path / "there.db")


def test_the_record_names_the_sqlite_that_wrote_the_package(record: Released) -> None:
    """SQLite writes its version into each database. So the test above compares bytes whenever this is possible."""
    release = record.releases[record.last]
    with zipfile.ZipFile(DIST / next(iter(release.packages))) as archive:
        (number,) = struct.unpack(">I", archive.read("collection.anki2")[96:100])
    version = f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"
    assert release.made_with.startswith(f"SQLite {version} and zlib ")


def _database(package: Path, path: Path, change: str = "") -> list[str]:
    """All values in the database of a package, after this change of all cards."""
    with zipfile.ZipFile(package) as archive:
        path.write_bytes(archive.read("collection.anki2"))
    connection = sqlite3.connect(path)
    try:
        if change:
            connection.execute(f"UPDATE cards SET {change}")  # noqa: S608  # a constant
        return list(connection.iterdump())
    finally:
        connection.close()


def test_the_readme_leads_to_the_last_release(record: Released, released: Edition) -> None:
    """The links lead to the files themselves, not to pages about them."""
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    whole = record.package_name(released.name, record.last)
    retired = record.package_name(released.name, record.last, RETIRED_TAG)
    for name in record.releases[record.last].packages:
        assert (f"](dist/{name}?raw=true)" in readme) == (name != retired)
    assert f"](dist/{whole.removesuffix('.apkg')}.md)" in readme
    links = re.findall(r"\]\((dist/[^)?]*)", readme)
    assert links
    assert all((REPOSITORY / link).exists() for link in links)
    assert f"## {released.title} {record.last}\n" in (REPOSITORY / "CHANGELOG.md").read_text("utf-8")


def test_the_page_beside_them_is_about_the_last_release(record: Released, released: Edition) -> None:
    page = (DIST / released.page).read_text("utf-8")
    assert page.startswith(f"{share.MARK}\n# Share {released.title} {record.last}\n")
    for name, sha256 in record.releases[record.last].packages.items():
        is_for_newcomers = RETIRED_TAG not in name
        checksum = f"{released.words.release.checksum_of.format(name)}\n{sha256}\n"
        assert (name in page) == (checksum in page) == is_for_newcomers
    picture = (DIST / released.picture).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert f"{released.picture}: {hashlib.sha256(picture).hexdigest()} " in page
