"""The command line; alone prints, exits and reads the clock.

The work's modules are imported inside the commands: `--help` must not wait for genanki and YAML.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from csto_anki import __version__

if TYPE_CHECKING:
    from csto_anki.diff import Contents
    from csto_anki.facts import Deck, Problem
    from csto_anki.release import Project, Released

FIRST_DAY = datetime.date(2026, 1, 1)

CARDS = click.option(
    "--cards",
    type=click.Path(path_type=Path, readable=False),
    help="The deck's folder.  [default: ./cards, or the cards that came with the tool]",
)
TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Work as if on this day.  [default: the day now, in UTC]",
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems and the result.")


def run() -> int:
    """Run the command line and return its exit code: 0 done, 1 problems found, 2 wrong usage."""
    try:
        return int(cli.main(prog_name="csto-anki", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except OSError as error:
        # The commands report their own files: this is standard output, full or closed. What is left in its buffer
        # must not be tried again at the end.
        with contextlib.suppress(OSError, AttributeError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                click.echo(f"csto-anki: cannot print: {error.strerror}", err=True)
        return 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="csto-anki")
def cli() -> None:
    """Build an Anki deck from a folder of YAML facts."""


@cli.command()
@CARDS
@TODAY
@QUIET
def check(cards: Path | None, today: datetime.datetime | None, quiet: bool) -> None:
    """Report every problem in the card files and write nothing.

    Each problem is one line on standard output: path:line:column: id: what is wrong; the way out. A warning, such as
    a fact that is due to be confirmed again, is named in the same way and does not count as a problem.

    Example: csto-anki check --cards cards
    """
    deck, _, _, warnings = _read(_folder(cards), _day(today), problems_to_stderr=False)
    for warning in warnings:
        click.echo(warning)
    _tell(quiet, f"{_counts(deck)}: {_verdict(warnings)}")


@cli.command()
@CARDS
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    help="The package to write.  [default: dist/NAME-VERSION.apkg]",
)
@click.option("--only", metavar="TAG", help="Leave out all notes without this tag, such as core.")
@TODAY
@QUIET
def build(
    cards: Path | None, output: Path | None, only: str | None, today: datetime.datetime | None, quiet: bool
) -> None:
    """Build the deck as an Anki package and print its path.

    A package that was there before is replaced only by a finished one. A part of the deck, by --only, has the deck's
    name and ids: whoever imports the whole later gets the rest.

    Example: csto-anki build --only core --output my-copy.apkg
    """
    if output and output.suffix != ".apkg":
        raise click.BadParameter("Anki opens only files whose name ends in .apkg", param_hint="'--output'")
    folder, day = _folder(cards), _day(today)
    deck, contents, released, warnings = _read(folder, day, problems_to_stderr=True)

    from csto_anki import apkg, fields

    known = {tag for note in contents.notes.values() for tag in fields.tags(note)}
    if only is not None and only not in known:
        what = f"no fact carries {only!r}; name one of {', '.join(sorted(known))}"
        raise click.BadParameter(what, param_hint="'--only'")
    _tell(quiet, f"{_counts(deck)} in {folder.as_posix()}: {_verdict(warnings)}")
    stamps = released.stamp(contents, day)
    name = "-".join(part for part in (deck.namespace, only, stamps.version) if part)
    path = output or Path("dist") / f"{name}.apkg"
    try:
        notes_written, cards_written = apkg.write(contents, fields.pictures(deck), stamps, path, only)
    except OSError as error:
        why = f"{path.parent} is not a folder" if isinstance(error, FileExistsError) else error.strerror or error
        _stop(f"cannot write {path}: {why}; any package that was there is as it was")
    new = sum(id not in released.notes for id in stamps.fresh)
    news = f"{new} new, {len(stamps.fresh) - new} changed since {released.last}"
    if not released.last:
        news = "nothing is released yet, so over an earlier build this one replaces every note"
    written = f"{notes_written} of {len(contents.notes)} notes (tag {only})" if only else f"{notes_written} notes"
    _tell(quiet, f"version {stamps.version}: {written}, {cards_written} cards; {news}")
    click.echo(path)


@cli.command()
@click.option("--cards", type=click.Path(path_type=Path, readable=False), help="The deck's folder.  [default: ./cards]")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the facts, which becomes the version.  [default: the day now, in UTC]",
)
@click.option("--dry-run", is_flag=True, help="Make everything, print the release notes, and leave no trace.")
@QUIET
def release(cards: Path | None, date: datetime.datetime | None, dry_run: bool, quiet: bool) -> None:
    """Release the deck: packages, checksums, release notes, changelog and record, all or nothing.

    Prints the paths of the packages. What has once been released never changes: look at `csto-anki diff` and at a dry
    run before. A release that was killed in the middle is finished by running this again.

    Example: csto-anki release --dry-run
    """
    from csto_anki import publish, together
    from csto_anki import release as record

    folder = cards or Path("cards")
    where = record.project(folder)
    if together.unfinished(where.dist):
        _finish(where, dry_run)
        return
    now, day = _now(), _day(date)
    try:
        before = publish.digests(where)
        deck, contents, released, warnings = _read(folder, day, problems_to_stderr=True, releasing=True)
        if refusals := list(publish.refusals(where, deck, contents, released, day, now)):
            _stop(*(f"cannot release: {refusal}" for refusal in refusals))
        _tell(quiet, f"{_counts(deck)} in {folder.as_posix()}: {_verdict(warnings)}")
        version, time = released.next_version(day), int(now.timestamp())
        if dry_run:
            click.echo(publish.rehearse(where, deck, contents, released, version, time), nl=False)
            _tell(quiet, f"{version}: this was a dry run; nothing was written")
            return
        paths = publish.publish(where, before, deck, contents, released, version, time)
    except together.Clash as clash:
        _stop(f"cannot release: {clash}")
    except OSError as error:
        way_out = "nothing was changed"
        if together.unfinished(where.dist):
            way_out = "mend that and run csto-anki release again, which will finish it"
        why = "not a folder" if isinstance(error, FileExistsError) else error.strerror or error
        _stop(f"cannot release: {error.filename or where.dist}: {why}; {way_out}")
    _tell(quiet, f"{version} is released; commit {folder.as_posix()}, dist, and the texts that changed beside them")
    for path in paths:
        click.echo(path)


@cli.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@CARDS
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def diff(old: str | None, new: str | None, cards: Path | None, form: str) -> None:
    """Tell what differs between OLD and NEW: new, changed in fact, corrected in wording, retired.

    Each is a version, a package or a folder of cards. Without NEW it is the cards as they are, and without OLD the last
    release.

    Example: csto-anki diff 2026.11.24 dist/mine.apkg --format markdown
    """
    from csto_anki import diff as differences
    from csto_anki import tell

    folder = _folder(cards)
    sides = [_side(old, folder), _side(folder.as_posix() if new is None else new, folder)]
    if any(not from_cards for _, _, from_cards in sides):  # packages do not tell what was reworded
        sides = [(name, differences.without(contents, "Reworded"), False) for name, contents, _ in sides]
    (old_name, old_contents, _), (new_name, new_contents, _) = sides
    found = differences.compare(old_name, old_contents, new_name, new_contents)
    if form == "json":
        click.echo(tell.as_json(found))
    elif form == "markdown":
        click.echo(f"{found.old} → {found.new}: {tell.summary(found)}")
        click.echo("\n".join(tell.as_markdown(found)))
    else:
        click.echo("\n".join(tell.as_text(found, _marked)))


@cli.command()
@CARDS
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    default=Path("preview"),
    show_default=True,
    help="The folder to write.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@TODAY
@QUIET
def preview(cards: Path | None, output: Path, open_it: bool, today: datetime.datetime | None, quiet: bool) -> None:
    """Write a site of all cards, both sides, as Anki shows them, and print the path of its page.

    It works from its folder, offline, and from any web host: to leaf through, to search, to print a sheet to revise
    from. A site that was there before is replaced as a whole. It needs the extra `preview`, for Anki renders the cards.

    Example: csto-anki preview --open
    """
    try:
        from csto_anki import preview as site
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "anki":
            raise
        _stop('preview needs Anki\'s own renderer; install it: python -m pip install "anki>=26.9,<27"')
    folder, day = _folder(cards), _day(today)
    deck, contents, released, warnings = _read(folder, day, problems_to_stderr=True)
    _tell(quiet, f"{_counts(deck)} in {folder.as_posix()}: {_verdict(warnings)}")
    stamps = released.stamp(contents, day)
    try:
        count = site.write(deck, contents, stamps, output)
    except OSError as error:
        _stop(
            f"cannot write {error.filename or output}: {error.strerror or error}; any page that was there is as it was"
        )
    _tell(quiet, f"version {stamps.version}: {count} cards")
    page = output / "index.html"
    click.echo(page)
    if open_it:
        click.launch(str(page))


def _side(name: str | None, folder: Path) -> tuple[str, Contents, bool]:
    """One side of a comparison, with its name and whether it knows all that cards know; None is the last release."""
    from csto_anki import apkg, fields, read
    from csto_anki import release as record

    if name is not None and Path(name).is_dir():
        deck, problems = read.read(Path(name))
        if deck is None:
            _report_and_stop(problems, err=True)
        return name, fields.contents(deck), True
    if name is None or record.VERSION.fullmatch(name):
        released, problems = record.load(folder / "released.json")
        if released is None:
            _report_and_stop(problems, err=True)
        if name in (None, released.last):
            return released.last or "nothing released", released.contents(), True
        if name not in released.releases:
            raise click.BadParameter(f"{name} is no release; known are: {', '.join(released.releases) or 'none'}")
        path = record.project(folder).dist / f"{released.settings['namespace']}-{name}.apkg"
    elif name.endswith(".apkg"):
        path = Path(name)
    else:
        raise click.BadParameter(f"{name!r} is neither a version, nor a package (.apkg), nor a folder of cards")
    try:
        return name, apkg.read(path), False
    except (OSError, ValueError) as error:
        _stop(f"cannot read {path}: {getattr(error, 'strerror', '') or error}")


def _marked(kind: str, text: str) -> str:
    """Old and new words, visible with and without colours."""
    return click.style(f"[-{text}-]", fg="red") if kind == "-" else click.style(f"{{+{text}+}}", fg="green")


def _finish(where: Project, dry_run: bool) -> None:
    """Finish a release that was killed after it was decided."""
    from csto_anki import together

    if dry_run:
        _stop("a release was interrupted; run csto-anki release without --dry-run to finish it")
    try:
        together.finish(where.dist)
    except together.Clash as clash:
        _stop(f"cannot finish the interrupted release: {clash}")
    except OSError as error:
        _stop(f"cannot finish the interrupted release: {error.filename}: {error.strerror}; mend that and run it again")
    click.echo("csto-anki: the interrupted release is finished; nothing else was done", err=True)


def _folder(cards: Path | None) -> Path:
    """The deck's folder: the one named, or the one here, or the one that came with the tool."""
    if cards:
        return cards
    here = Path("cards")
    if os.path.lexists(here):
        return here
    carried = Path(__file__).parent / "cards"  # as a wheel carries it
    in_clone = Path(__file__).parents[2] / "cards"  # as an editable install finds it
    return next((folder for folder in (carried, in_clone) if folder.is_dir()), here)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _day(today: datetime.datetime | None) -> datetime.date:
    """The day to work on; UTC, so that a deck does not depend on where it is built."""
    day = (today or _now()).date()
    if day < FIRST_DAY:  # Anki cannot take times before 1970, and a clock that has lost its battery begins there
        raise click.UsageError(f"it is not {day} any more; set the clock, or name another day")
    return day


def _read(
    folder: Path, day: datetime.date, problems_to_stderr: bool, releasing: bool = False
) -> tuple[Deck, Contents, Released, list[Problem]]:
    """The deck, what its package holds, what learners have, and warnings; for a release, one of these stops it too.

    Where anything is wrong, say all of it and stop with 1.
    """
    from csto_anki import check as rules
    from csto_anki import fields, guard, read, together
    from csto_anki import release as record
    from csto_anki.facts import Place, Problem

    deck, problems = read.read(folder)
    released = None
    if os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where this says no
        released, more = record.load(folder / "released.json")
        problems += more
    if together.unfinished(record.project(folder).dist):
        place = Place((folder / "released.json").as_posix())
        problems.append(Problem(place, "", "a release was interrupted", "run csto-anki release, which finishes it"))
    if deck is not None:
        problems += rules.check(deck, day)
    if deck is None or released is None:
        _report_and_stop(problems, err=problems_to_stderr)
    contents = fields.contents(deck)
    found = guard.guard(deck, contents, released)
    problems += [dataclasses.replace(problem, warning=False) for problem in found] if releasing else found
    if not all(problem.warning for problem in problems):
        _report_and_stop(problems, err=problems_to_stderr)
    return deck, contents, released, sorted(problems)


def _verdict(warnings: list[Problem]) -> str:
    return f"no problem, {len(warnings)} warning{'s' * (len(warnings) != 1)}" if warnings else "no problem"


def _report_and_stop(problems: list[Problem], err: bool) -> NoReturn:
    for problem in sorted(problems):
        click.echo(problem, err=err)
    count = sum(not problem.warning for problem in problems)
    click.echo(f"csto-anki: {count} problem{'s' * (count != 1)}; nothing was written", err=True)
    raise click.exceptions.Exit(1)


def _counts(deck: Deck) -> str:
    kinds = ", ".join(f"{kind} {sum(fact.kind == kind for fact in deck.facts)}" for kind in deck.kinds)
    return f"{len(deck.facts)} facts ({kinds})"


def _stop(*lines: str) -> NoReturn:
    """Say why not, and end with 1."""
    for line in lines:
        click.echo(f"csto-anki: {line}", err=True)
    raise click.exceptions.Exit(1)


def _tell(quiet: bool, line: str) -> None:
    if not quiet:
        click.echo(line, err=True)
