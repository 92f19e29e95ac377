"""The commands `release` and `diff`."""

from __future__ import annotations

import datetime
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, FORMAT, LANGUAGE, OWN_CARDS, QUIET

if TYPE_CHECKING:
    from csto_anki.deck.model import Deck
    from csto_anki.history.record import Released
    from csto_anki.note.contents import Contents
    from csto_anki.release.project import Project
    from csto_anki.release.publish import Plan


@click.command()
@OWN_CARDS
@LANGUAGE
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day as of which the facts are checked; it becomes the version.  [default: today, in UTC]",
)
@click.option("--dry-run", is_flag=True, help="Try every step and print the release notes, but write nothing.")
@QUIET
def release(
    cards: Path | None, language: str | None, date: datetime.datetime | None, dry_run: bool, quiet: bool
) -> None:
    """Release the deck for learners.

    It writes packages, checksums, release notes, changelog and record: all of them or none. If it is interrupted, run
    it again and it will finish. A release never changes, so look at `csto-anki diff` and at a dry run first.

    Example: csto-anki release --dry-run
    """
    from csto_anki.release import publish, transaction
    from csto_anki.release.project import project_of

    folder = options.own_cards_folder(cards, language)
    project = project_of(folder)
    options.refuse_link(project.dist)
    if transaction.is_unfinished(project.dist):
        _finish(project, dry_run)
        return
    try:
        before = publish.digests(project)
        plan = _plan(project, folder, date, quiet)
        if dry_run:
            click.echo(publish.rehearse(plan), nl=False)
            terminal.inform(quiet, f"{plan.version}: this was a dry run; nothing was written")
            return
        paths = publish.publish(plan, before, lambda package: _picture(package, plan.contents, quiet))
    except transaction.Clash as clash:
        terminal.stop(f"cannot release: {clash}")
    except OSError as error:
        _stop_for(error, project)
    _say_what_is_next(project, plan, folder, paths, quiet)
    for path in paths:
        terminal.result(path)


def _say_what_is_next(project: Project, plan: Plan, folder: Path, packages: list[Path], quiet: bool) -> None:
    """Print how to share and to commit a release; also if quiet, name its files that git would leave out."""
    terminal.inform(quiet, f"{plan.version} is released. {project.share_page.as_posix()} says how to share it.")
    texts = [project.dist / f"{plan.name}{suffix}" for suffix in (".md", ".sha256")]
    needed = [*packages, *texts, project.record, project.changelog, project.readme]
    ignored = _ignored_by_git(needed)
    root = project.dist.absolute().parent
    terminal.inform(quiet, "Commit it:")
    for line in _git_lines(root, folder.absolute(), bool(plan.released.last), {*needed} - {*ignored}):
        terminal.inform(quiet, f"  {line}")
    terminal.inform(quiet, f'  {_git(root)} commit --message "Release {plan.version}"')
    for language in () if project.language else project.editions:
        terminal.inform(quiet, f"Then release its edition: csto-anki release --language {language}")
    if ignored:
        dist = project.dist.absolute()
        names = " ".join(shlex.quote(os.path.relpath(path, dist)) for path in ignored)
        reason = "without these files in the repository, nobody else can make the next release"
        command = f"git -C {shlex.quote(str(dist))} add --force -- {names}"
        terminal.inform(False, f"csto-anki: warning: git ignores files of the release; {reason}: {command}")


def _git(root: Path) -> str:
    """The command git for the folder of a deck, which need not be the current one."""
    return "git" if root == Path.cwd() else f"git -C {terminal.shell_quoted(str(root))}"


def _git_lines(root: Path, folder: Path, is_update: bool, files: set[Path]) -> Iterator[str]:
    """What makes a repository if there is none, and adds the files of a release; at first, the whole deck."""
    has_repository = any((each / ".git").exists() for each in (root, *root.parents))
    if not has_repository:
        yield f"{_git(root)} init --initial-branch main"
    if not (has_repository and is_update):
        yield f"{_git(root)} add --all ."
        return
    top = folder.relative_to(root).parts[0]  # an edition is in the folder of its original
    tops = {path.absolute().relative_to(root).parts[0] for path in files if path.exists()}
    names = [name for name in (top, "dist", "README.md", "CHANGELOG.md") if name in tops]
    yield f"{_git(root)} add {' '.join(map(terminal.shell_quoted, names))}"


def _picture(package: Path, contents: Contents, quiet: bool) -> bytes:
    """A picture of a card of a package; nothing, and a line that says what it needs, if it cannot be made."""
    from csto_anki.preview import picture

    programs = picture.browsers()
    browser = "" if programs else "Chrome, Chromium or Edge (if it is installed, name it in CHROME_PATH)"
    needs = " and ".join(filter(None, (browser, terminal.missing("anki"))))
    if not needs:
        try:
            return picture.card_picture(programs, contents, package)
        except Exception as error:  # whatever is wrong with Anki or the browser, a release needs no picture
            needs = str(error.strerror or error) if isinstance(error, OSError) else str(error)
    terminal.inform(
        quiet, f"csto-anki: no picture of a card was made (it is optional); one in the next release needs {needs}"
    )
    return b""


def _ignored_by_git(paths: list[Path]) -> list[Path]:
    """Those of these files that version control would leave out; none if there is no git or no repository."""
    absolute = {os.fsencode(path.absolute()): path for path in paths if path.exists()}
    try:
        found = subprocess.run(  # git only reads
            ["git", "check-ignore", "-z", "--stdin"],  # noqa: S607
            cwd=paths[0].parent,
            input=b"\0".join(absolute),
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [absolute[name] for name in found.stdout.split(b"\0") if name in absolute]


def _plan(project: Project, folder: Path, date: datetime.datetime | None, quiet: bool) -> Plan:
    """The release to make; if there are reasons against it, print them and exit with 1."""
    from csto_anki.release import publish

    now = options.now()
    day = options.day(date or now)
    deck, contents, released, warnings = pipeline.require_sound(folder, day, releasing=True)
    time = max(int(now.timestamp()), released.releases[released.last].time + 1 if released.last else 0)
    plan = publish.Plan(project, deck, contents, released, _version(project, deck, released, day), time)
    if refusals := list(publish.refusals(plan, day, now, date is not None)):
        terminal.stop(*(f"cannot release: {refusal}" for refusal in refusals))
    pipeline.show_warnings(deck, folder, warnings, quiet, all_rules=True)
    return plan


def _version(project: Project, deck: Deck, released: Released, day: datetime.date) -> str:
    """The version of a release; one version is one state of the facts, in all languages.

    An edition has the version of the original if this is as it was released, and the edition has not had it yet.
    Otherwise the version is that of the day, and neither the original nor another edition has it.
    """
    from csto_anki.history import record
    from csto_anki.note.contents import contents

    loaded = [record.load(path) for path in project.records()]
    if problems := [problem for _, found in loaded for problem in found]:
        terminal.report_and_stop(problems, "; nothing was written")
    records = [each for each, _ in loaded if each]
    if deck.original:
        original = records[0]
        is_newer = record.sort_key(original.last) > record.sort_key(released.last)
        if is_newer and contents(deck.original).same_as(original.contents()):
            return original.last
    return released.next_version(day, {version for each in records for version in each.releases})


def _stop_for(error: OSError, project: Project) -> NoReturn:
    """Print why a release could not be written and what to do next, and exit with 1."""
    from csto_anki.release import transaction

    hint = "nothing was changed"
    if transaction.is_unfinished(project.dist):
        hint = "fix that and run csto-anki release again, which will finish it"
    why = "not a folder" if isinstance(error, FileExistsError) else error.strerror or error
    terminal.stop(f"cannot release: {error.filename or project.dist}: {why}; {hint}")


def _finish(project: Project, dry_run: bool) -> None:
    from csto_anki.release import transaction

    if dry_run:
        terminal.stop("a release was interrupted; run csto-anki release without --dry-run to finish it")
    try:
        transaction.finish(project.dist, (*project.records(), project.changelog, project.readme))
    except transaction.Clash as clash:
        terminal.stop(f"cannot finish the interrupted release: {clash}")
    except OSError as error:
        why = f"{error.filename}: {error.strerror}"
        terminal.stop(f"cannot finish the interrupted release: {why}; fix that and run it again")
    terminal.inform(False, "csto-anki: the interrupted release is finished; nothing else was done")


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@CARDS
@LANGUAGE
@FORMAT(type=click.Choice(["text", "markdown", "json"]), help="For people, web pages or programs.")
def diff(old: str | None, new: str | None, cards: Path | None, language: str | None, form: str) -> None:
    """Show what changed between two versions.

    OLD and NEW are versions, packages or folders of cards; by default, the last release and the current cards. It shows
    which notes are new, changed in fact, corrected in wording or retired, and which translations are behind.

    Example: csto-anki diff 2026.11.24 2026.11.24.1 --format markdown
    """
    from csto_anki.deck.edition import is_behind
    from csto_anki.deck.problem import escaped
    from csto_anki.history import changes, describe
    from csto_anki.note.contents import contents

    folder = options.cards_folder(cards, language)
    old_name, before, old_is_complete = _side(old, folder)
    behind = []
    if new is None:
        deck = pipeline.require_deck(folder)
        new_name, after, new_is_complete = folder.as_posix(), contents(deck), True
        behind = [fact.id for fact in deck.facts if is_behind(fact)]
    else:
        new_name, after, new_is_complete = _side(new, folder)
    if not (old_is_complete and new_is_complete):
        before, after = changes.without_reworded(before), changes.without_reworded(after)
        before, after = changes.without_lone_retired(before, after), changes.without_lone_retired(after, before)
    found = changes.compare(escaped(old_name), before, escaped(new_name), after)
    if form == "json":
        click.echo(describe.as_json(found, behind))
        return
    if form == "markdown":
        click.echo(f"{found.old} → {found.new}: {describe.summary(found)}")
        click.echo("\n".join(describe.as_markdown(found)))
    else:
        click.echo("\n".join(describe.as_text(found, _marked)))
    if behind:
        count = terminal.count(len(behind), "translation")
        click.echo(f"\n{count} behind their originals: {', '.join(behind)}")


def _side(name: str | None, folder: Path) -> tuple[str, Contents, bool]:
    """One side of a comparison (None: the last release): its name, its contents, whether these are all of it.

    A package has no `reworded`, and usually no retired notes.
    """
    from csto_anki.deck.model import beginning_of_names
    from csto_anki.history import record
    from csto_anki.note.contents import contents
    from csto_anki.release.project import project_of

    if name is not None and Path(name).is_dir():
        return name, contents(pipeline.require_deck(Path(name))), True
    if name is None or record.VERSION_PATTERN.fullmatch(name):
        released, problems = record.load(folder / record.RECORD_FILE)
        if released is None:
            terminal.report_and_stop(problems)
        if name in (None, released.last):
            return released.last or "nothing released", released.contents(), True
        if name not in released.releases or released.settings is None:
            known = ", ".join(released.releases) or "none"
            raise click.BadParameter(f"{name} is not a release; the releases are: {known}")
        project = project_of(folder)
        file_name = beginning_of_names(released.settings.namespace or "", project.language)
        return name, _read_release(released, name, file_name, project.dist), False
    if name.endswith(".apkg"):
        return name, _read_package(Path(name)), False
    raise click.BadParameter(f"{name!r} is neither a version, nor a package (.apkg), nor a folder of cards")


def _read_release(released: Released, version: str, file_name: str, dist: Path) -> Contents:
    """The contents of an older release: those of its whole package and, if it has one, of that with retired notes.

    `file_name` is how the names of its files begin.
    """
    from csto_anki.note.contents import RETIRED_TAG

    whole, retired = (released.package_name(file_name, version, only) for only in (None, RETIRED_TAG))
    found = _read_package(dist / whole)
    if retired in released.packages:
        found = found._replace(notes={**found.notes, **_read_package(dist / retired).notes})
    return found


def _read_package(path: Path) -> Contents:
    from csto_anki import files
    from csto_anki.apkg import reader

    try:
        return reader.our_contents(reader.load(path))
    except files.Refused as error:
        terminal.stop(f"cannot read {path}: {error}")


def _marked(kind: str, text: str) -> str:
    return click.style(f"[-{text}-]", fg="red") if kind == "-" else click.style(f"{{+{text}+}}", fg="green")
