"""The steps of a release on the disk: list the reasons against it, make all its files, put them in place together."""

from __future__ import annotations

import datetime
import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from csto_anki import files
from csto_anki.apkg import identify, writer
from csto_anki.deck.model import Deck
from csto_anki.history import record
from csto_anki.history.changes import compare
from csto_anki.history.record import Released
from csto_anki.history.stamps import MAX_PAUSE, stamp
from csto_anki.note.contents import RETIRED_TAG, Contents, pictures
from csto_anki.release import notes, share, transaction
from csto_anki.release.notes import Download
from csto_anki.release.project import Project, is_development, remove_development

_MAX_TEXT_BYTES = 8_000_000  # of a changelog or a README
# The section of a release goes after this line; its download line goes after the line of `_download_mark`.
_NEWEST_MARK = re.compile(r"^[ \t]*<!-- *newest release *-->[ \t]*$", re.IGNORECASE | re.MULTILINE)
_LIKE_THE_DOWNLOAD_MARK = re.compile(r"<!--[^>]{0,200}\bdownload\b", re.IGNORECASE)
# What is after the second mark, if a release or `init` wrote it.
_DOWNLOAD_LINE = re.compile(r"\n\s*(?:\[\*\*.*\]\(dist/.*|nothing (?:is released )?yet)(?=\n|$)")


@dataclass(frozen=True)
class Plan:
    """A release to be made. `released` is the record before it, and `time` is in seconds since 1970 (UTC)."""

    project: Project
    deck: Deck
    contents: Contents
    released: Released
    version: str
    time: int

    @property
    def name(self) -> str:
        """The name of its files, without suffix."""
        return record.file_stem(self.deck.file_name, self.version)

    @property
    def parts(self) -> list[str | None]:
        """The tags of its packages: the whole deck (None), the first priority and, if learners have any, `retired`."""
        notes = self.contents.notes
        first = [tag for tag in [*self.deck.priorities][:1] if any(note.is_in(tag) for note in notes.values())]
        has_retired = any(note.is_retired and id in self.released.notes for id, note in notes.items())
        return [None, *first, *([RETIRED_TAG] if has_retired else [])]


def digests(project: Project) -> dict[Path, str]:
    """The digests of the files that a release changes, for `publish`; call this before reading any of them.

    Raises OSError, also for a link that leads out of its folder, which can come from a stranger.
    """
    changed = [project.changelog, project.readme, project.record]
    if project.dist.is_dir():
        changed += [project.share_page, project.picture]
    for path in changed:
        if files.leads_out(path, path.parent):
            raise OSError(errno.EINVAL, "a link that leads out of its folder", str(path))
    return {path: files.digest(path) for path in changed}


def refusals(plan: Plan, day: datetime.date, now: datetime.datetime, is_given: bool) -> Iterator[str]:
    """The reasons why this release cannot be made on this day, each with a hint. The cards are checked elsewhere.

    `is_given` says whether a person has given the day; otherwise it is that of the clock.
    """
    yield from _day_refusals(plan, day, now, is_given)
    if plan.released.last and plan.contents.same_as(plan.released.contents()):
        yield f"nothing has changed since {plan.released.last}; there is nothing to release"
    yield from _package_refusals(plan)
    for suffix in (".md", ".sha256"):
        path = plan.project.dist / f"{plan.name}{suffix}"
        if path.exists():
            yield f"{path} exists already; move it away"
    yield from _text_refusals(plan.project)


def _day_refusals(plan: Plan, day: datetime.date, now: datetime.datetime, is_given: bool) -> Iterator[str]:
    """What is wrong with the day or with the clock.

    Corrections must be newer than what learners have, so they wait until a wrong clock's day comes. After a release by
    such a clock, further ones can be made only on its day.
    """
    released = plan.released
    clock = f"{now:%Y-%m-%d %H:%M:%S} (UTC)"
    is_ahead = bool(released.last) and released.releases[released.last].time >= now.timestamp()
    if not plan.version:
        yield f"{day} has had a hundred releases; release again on the next day"
    elif is_ahead and not (is_given and day == released.last_day):
        yield (
            f"the clock says {clock}, which is not after the last release, {released.last}; set the clock, or, if that "
            f"release was made by a wrong clock, give --date {released.last_day}: until that day, each import replaces "
            "what learners wrote into the notes of these releases"
        )
    elif day > now.date() and not is_ahead:
        yield f"{day} is in the future: it is {now:%Y-%m-%d %H:%M} in UTC; omit --date"
    elif released.last and record.sort_key(plan.version) <= record.sort_key(released.last):
        yield f"{day} is before the last release, {released.last}; omit --date, or give a later day"
    elif released.last and not is_given and day - released.last_day > MAX_PAUSE:
        yield (
            f"the clock says {clock}, more than two years after the last release, {released.last}; set the clock, or, "
            f"if it is right, give --date {day}"
        )


def _package_refusals(plan: Plan) -> Iterator[str]:
    """dist must have exactly the recorded packages, because learners have them and updates are tested against them."""
    recorded, dist = plan.released.packages, plan.project.dist
    for name, sha256 in recorded.items():
        if files.digest(dist / name) != sha256:
            yield f"{dist / name} {_loss(dist / name, _command(plan, name))}"
    loaded = [released for released, _ in map(record.load, plan.project.records()) if released]
    known = {name for released in loaded for name in released.packages}  # those of editions can begin like ours
    for path in sorted(dist.glob(f"{plan.deck.file_name}-*.apkg")):
        if path.name not in known and not is_development(path.name, plan.deck.file_name):
            hint = "delete it if you built it with --only, or restore released.json"
            yield f"{path} is not in any release of released.json; {hint}"


def _command(plan: Plan, name: str) -> str:
    """The command that makes this package at the commit of its release."""
    released = plan.released
    names = {
        released.package_name(plan.deck.file_name, version, tag): tag
        for version in released.releases
        for tag in (*plan.deck.priorities, RETIRED_TAG)
    }
    only = f" --only {names[name]}" if name in names else ""
    language = f" --language {plan.project.language}" if plan.project.language else ""
    return f"csto-anki build{language}{only}"


def _loss(path: Path, command: str) -> str:
    """What has become of a released package, and how to get it back; `command` makes it again."""
    if not path.exists():
        return (
            "is missing; restore it from version control, or, if it was never there, check out the commit of its "
            f"release and run {command}"
        )
    if identify.is_lfs_pointer(path):
        return "is a pointer of Git LFS, and the package is not there; run: git lfs pull"
    return "is not the file that was released; restore it from version control"


def _text_refusals(project: Project) -> Iterator[str]:
    if os.path.lexists(project.share_page) and not _is_share_page(project.share_page):
        yield f"{project.share_page} is not the page of a release, which would replace it; move it away"
    for path in (project.changelog, project.readme):
        try:
            text = _text(path)
            has_mark = any(_download_mark(language).search(text) for language in ("", *project.editions))
            if path == project.readme and not has_mark and _LIKE_THE_DOWNLOAD_MARK.search(text):
                hint = "write it on a line of its own: <!-- download -->"
                yield f"{path} has a mark for the download that is not read; {hint}"
            if text and path == project.changelog and not _NEWEST_MARK.search(text):
                line = "<!-- newest release -->"
                yield f"{path} has no line {line!r}; add it where the section of the newest release belongs"
        except UnicodeDecodeError:
            yield f"{path} is not UTF-8; save it in that encoding"
        except files.Refused as error:
            yield f"{path}: {error}"


def _is_share_page(path: Path) -> bool:
    try:
        return files.load(path, path.parent, _MAX_TEXT_BYTES).startswith(share.MARK.encode())
    except files.Refused:
        return False


def rehearse(plan: Plan) -> str:
    """Make all files of a release in a temporary folder and return its release notes, without the checksums.

    The release will have other checksums, because a package holds the time of its release. Raises OSError.
    """
    with files.temporary_folder() as folder:
        return _make(folder, plan, _no_picture)[1].partition(notes.checksums_heading(plan.deck))[0]


def _no_picture(package: Path) -> bytes:
    return b""


def publish(plan: Plan, before: Mapping[Path, str], picture: Callable[[Path], bytes] = _no_picture) -> list[Path]:
    """Make a release, put all its files in place together, and return the paths of its packages.

    `before` comes from `digests`. `picture` makes a picture of a card of the package in a path, or returns nothing.
    Raises OSError and transaction.Clash.
    """
    dist = plan.project.dist
    files.make_folder(dist)
    with files.staging(dist) as parts:
        targets, _ = _make(parts, plan, picture)
        transaction.replace(dist, parts, targets, {**dict.fromkeys(targets.values(), ""), **before})
    remove_development(dist, plan.contents, plan.deck.file_name, plan.version)
    return [target for target in targets.values() if target.suffix == ".apkg"]


def _make(parts: Path, plan: Plan, picture: Callable[[Path], bytes]) -> tuple[dict[str, Path], str]:
    """Write all files of a release into `parts`; return the target of each by its name there, and the release notes."""
    after = plan.released.after(plan.version, plan.time, plan.contents)
    shown = pictures(plan.deck)
    downloads = list(_write_packages(parts, plan, after, shown))
    made_with = writer.made_with()
    packages = {each.name: each.sha256 for each in downloads}
    after = after.with_packages(
        made_with, packages, {name: files.digest_of(data) for name, data in sorted(shown.items())}
    )
    shown_card = picture(parts / downloads[0].name)
    diff = compare(plan.released.last, plan.released.contents(), plan.version, plan.contents)
    release_notes = notes.release_notes(plan.deck, diff, plan.time, downloads, made_with)
    project = plan.project
    texts = {
        project.dist / f"{plan.name}.sha256": notes.checksums(downloads),
        project.dist / f"{plan.name}.md": release_notes,
        project.share_page: share.share_page(plan.deck, diff, downloads, shown_card, project.picture.name),
        project.changelog: _changelog(project.changelog, notes.changelog_section(plan.deck, diff, downloads[0].cards)),
        project.readme: _readme(project, notes.download_line(plan.deck, diff, downloads)),
        project.record: record.dump(after),  # last, because without the record there is no release
    }
    targets = {each.name: project.dist / each.name for each in downloads}
    if shown_card:
        (parts / project.picture.name).write_bytes(shown_card)
        targets[project.picture.name] = project.picture
    for number, (path, text) in enumerate(texts.items()):
        if text:
            name = f"{number}-{path.name}"  # there are two README.md
            (parts / name).write_text(text, "utf-8", newline=_line_end(path))
            targets[name] = path
    return targets, release_notes


def _write_packages(parts: Path, plan: Plan, after: Released, shown: Mapping[str, bytes]) -> Iterator[Download]:
    """Write the packages of a release into `parts`; `shown` are the pictures of its notes by name."""
    stamps = stamp(after, plan.contents, None)
    for only in plan.parts:
        name = after.package_name(plan.deck.file_name, plan.version, only)
        notes_count, cards_count = writer.write(plan.contents, shown, stamps, parts / name, only)
        sha256, size = files.digest(parts / name), (parts / name).stat().st_size
        yield Download(name, only, notes_count, cards_count, sha256, size)


def _text(path: Path) -> str:
    """A text of the project with its line ends as `\n`, empty if there is no file.

    Raises UnicodeDecodeError and files.Refused; `refusals` reports both before anything is made.
    """
    if not os.path.lexists(path):
        return ""
    return files.load(path, path.parent, _MAX_TEXT_BYTES).decode("utf-8-sig").replace("\r\n", "\n")


def _line_end(path: Path) -> str:
    """The line end of a text file, which stays as it is: otherwise every line of it would differ."""
    if not path.is_file():
        return "\n"
    with path.open("rb") as file:
        start = file.read(100_000)
    return "\r\n" if 2 * start.count(b"\r\n") > start.count(b"\n") else "\n"


def _changelog(path: Path, section: str) -> str:
    text = _text(path) or "# Changes\n\n<!-- newest release -->\n"
    mark = _NEWEST_MARK.search(text)
    assert mark is not None  # noqa: S101  # `refusals` has looked for it
    return f"{text[: mark.end()]}\n\n{section}{text[mark.end() + 1 :]}"


def _download_mark(language: str) -> re.Pattern[str]:
    """The line of the README after which the download line of the deck goes, or of its edition in a language."""
    words = f"download *{language}" if language else "download"
    return re.compile(rf"^[ \t]*<!-- *{words} *-->[ \t]*$", re.IGNORECASE | re.MULTILINE)


def _readme(project: Project, line: str) -> str:
    """The README with its download line, empty if it has no place for one."""
    text = _text(project.readme)
    mark = _download_mark(project.language).search(text)
    if not mark:
        return ""
    old = _DOWNLOAD_LINE.match(text, mark.end())
    return f"{text[: mark.end()]}\n{line}{text[old.end() if old else mark.end() :]}"
