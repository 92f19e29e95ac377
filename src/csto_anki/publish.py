"""The steps of a release on the disk: what speaks against it, all its files, and these put in place together."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from csto_anki import apkg, fields, files, release, tell, together
from csto_anki.diff import Contents, compare
from csto_anki.facts import Deck
from csto_anki.release import Project, Released

LARGEST = 8_000_000  # bytes of a text beside the cards
NEWEST, DOWNLOAD = "<!-- newest release -->\n", "<!-- download -->\n"


def digests(where: Project) -> dict[Path, str]:
    """The files that a release changes, as they are; to be taken before any of them is read."""
    return {path: together.digest(path) for path in (where.changelog, where.readme, where.record)}


def refusals(
    where: Project,
    deck: Deck,
    contents: Contents,
    released: Released,
    day: datetime.date,
    now: datetime.datetime,
) -> Iterator[str]:
    """Whatever speaks against a release on this day, beside problems of the cards: what, and the way out."""
    if day > now.date():
        yield f"{day} has not come yet: it is {now:%Y-%m-%d %H:%M} in UTC; leave --date away"
    version = released.next_version(day)
    if released.last:
        last = released.releases[released.last].time
        if release.order(version) <= release.order(released.last):
            yield f"{day} is before the last release, {released.last}; leave --date away, or give a later day"
        if int(now.timestamp()) <= last:
            yield f"the clock says {now:%Y-%m-%d %H:%M:%S}, which is not after the last release; set it (UTC)"
        if contents.same_as(released.contents()):
            yield f"nothing has changed since {released.last}; there is nothing to release"
    yield from _strange_packages(where.dist, deck, released)
    for path in (where.dist / f"{deck.namespace}-{version}{end}" for end in (".md", ".sha256")):
        if path.exists():
            yield f"{path} is there already; move it away"
    yield from _strange_texts(where)


def _strange_texts(where: Project) -> Iterator[str]:
    for path in (where.changelog, where.readme):
        try:
            text = _text(path) or NEWEST
        except UnicodeDecodeError:
            yield f"{path} is not UTF-8; save it in that encoding"
            continue
        except files.Refused as error:
            yield f"{path}: {error}"
            continue
        if path == where.changelog and NEWEST not in text:
            yield f"{path} has no line {NEWEST.strip()!r}; write it where the newest release's section belongs"


def _strange_packages(dist: Path, deck: Deck, released: Released) -> Iterator[str]:
    """Packages are what people have and what updates are tested against: each is in the record, and as recorded."""
    recorded = released.packages
    for name, sha256 in recorded.items():
        if together.digest(dist / name) != sha256:
            what = "is not the file that was released" if (dist / name).exists() else "is missing"
            yield f"{dist / name} {what}; restore it from version control"
    for path in sorted(dist.glob(f"{deck.namespace}-*.apkg")):
        if path.name not in recorded and ".dev-" not in path.name:
            yield f"{path} is in no release that released.json knows; move it away, or restore released.json"


def rehearse(where: Project, deck: Deck, contents: Contents, released: Released, version: str, now: int) -> str:
    """Make all of a release in a temporary folder and return its release notes. Raises OSError."""
    with together.scratch() as folder:
        return _make(folder, where, deck, contents, released, version, now)[1]


def publish(
    where: Project,
    before: Mapping[Path, str],
    deck: Deck,
    contents: Contents,
    released: Released,
    version: str,
    now: int,
) -> list[Path]:
    """Make a release and put all its files in place together; returns the paths of its packages.

    `before` comes from `digests`, `now` is in seconds since 1970 (UTC). Raises OSError and together.Clash.
    """
    where.dist.mkdir(parents=True, exist_ok=True)
    parts = where.dist / f".csto-anki-{os.urandom(8).hex()}"
    try:
        parts.mkdir()
        targets, _ = _make(parts, where, deck, contents, released, version, now)
        together.replace(where.dist, parts, targets, {**dict.fromkeys(targets.values(), ""), **before})
    finally:
        together.remove(parts)
    return [target for target in targets.values() if target.suffix == ".apkg"]


def _make(
    parts: Path, where: Project, deck: Deck, contents: Contents, released: Released, version: str, now: int
) -> tuple[dict[str, Path], str]:
    """Write every file of a release into `parts`: the place of each by its name there, and the release notes."""
    record = released.after(version, now, contents)
    stamps = record.stamp(contents, datetime.date.min)  # it is a release, so the day is not asked for
    pictures = fields.pictures(deck)
    packages = []
    for only in ("", *list(deck.priorities)[:1]):
        name = "-".join(part for part in (deck.namespace, only, version) if part) + ".apkg"
        notes, cards = apkg.write(contents, pictures, stamps, parts / name, only or None)
        packages.append(tell.Package(name, only, notes, cards, together.digest(parts / name)))
    made_with = apkg.made_with()
    record = record.with_packages(made_with, {package.name: package.sha256 for package in packages})
    diff = compare(released.last, released.contents(), version, contents)
    text = tell.release_notes(deck, diff, now, packages, made_with)
    files = {
        where.dist / f"{deck.namespace}-{version}.sha256": tell.checksums(packages),
        where.dist / f"{deck.namespace}-{version}.md": text,
        where.changelog: _changelog(where.changelog, tell.section(deck, diff, packages[0].cards)),
        where.readme: _readme(where.readme, tell.download(deck, diff, packages)),
        where.record: release.dump(record),  # last, for it is what says that there is a release
    }
    targets = {package.name: where.dist / package.name for package in packages}
    for path, content in files.items():
        if content:
            (parts / path.name).write_text(content, "utf-8", newline="\n")
            targets[path.name] = path
    return targets, text


def _text(path: Path) -> str:
    """A text of the project, empty where there is none, with its line ends as `\\n`.

    Raises UnicodeDecodeError and files.Refused; `refusals` tells of both before anything is made.
    """
    if not os.path.lexists(path):
        return ""
    return files.load(path, path.parent, LARGEST).decode("utf-8").replace("\r\n", "\n")


def _changelog(path: Path, section: str) -> str:
    text = _text(path) or f"# Changes\n\n{NEWEST}"
    return text.replace(NEWEST, f"{NEWEST}\n{section}", 1)


def _readme(path: Path, line: str) -> str:
    """The README with its line of downloads, empty where it has no place for one."""
    before, mark, after = _text(path).partition(DOWNLOAD)
    return f"{before}{mark}{line}\n{after.partition(chr(10))[2]}" if mark else ""
