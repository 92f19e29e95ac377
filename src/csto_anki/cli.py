"""The command line; alone prints, exits and reads the clock.

The work's modules are imported inside the commands: `--help` must not wait for genanki and YAML.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csto_anki import __version__

if TYPE_CHECKING:
    from csto_anki.facts import Deck, Problem
    from csto_anki.release import Released

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
    deck, _, warnings = _read(_folder(cards), _day(today), problems_to_stderr=False)
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
    deck, released, warnings = _read(folder, day, problems_to_stderr=True)

    from csto_anki import apkg

    notes, looks = apkg.notes(deck), apkg.looks()
    if only is not None and only not in (known := {tag for note in notes.values() for tag in apkg.tags(deck, note)}):
        what = f"no fact carries {only!r}; name one of {', '.join(sorted(known))}"
        raise click.BadParameter(what, param_hint="'--only'")
    _tell(quiet, f"{_counts(deck)} in {folder.as_posix()}: {_verdict(warnings)}")
    stamps = released.stamp(apkg.settings(deck), notes, looks, day)
    name = "-".join(part for part in (deck.namespace, only, stamps.version) if part)
    path = output or Path("dist") / f"{name}.apkg"
    try:
        notes_written, cards_written = apkg.write(deck, notes, looks, stamps, path, only)
    except OSError as error:
        why = f"{path.parent} is not a folder" if isinstance(error, FileExistsError) else error.strerror or error
        click.echo(f"csto-anki: cannot write {path}: {why}; any package that was there is as it was", err=True)
        raise click.exceptions.Exit(1) from None
    news = f"{len(stamps.new)} new, {len(stamps.changed)} changed since the last release"
    if not released.releases:
        news = "nothing is released yet, so over an earlier build this one replaces every note"
    written = f"{notes_written} of {len(notes)} notes (tag {only})" if only else f"{notes_written} notes"
    _tell(quiet, f"version {stamps.version}: {written}, {cards_written} cards; {news}")
    click.echo(path)


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


def _day(today: datetime.datetime | None) -> datetime.date:
    """The day to work on; UTC, so that a deck does not depend on where it is built."""
    day = (today or datetime.datetime.now(datetime.timezone.utc)).date()
    if day < FIRST_DAY:  # Anki cannot take times before 1970, and a clock that has lost its battery begins there
        raise click.UsageError(f"it is not {day} any more; set the clock, or name the day with --today")
    return day


def _read(folder: Path, day: datetime.date, problems_to_stderr: bool) -> tuple[Deck, Released, list[Problem]]:
    """The deck, what learners have of it, and warnings; where anything is wrong, say all of it and stop with 1."""
    from csto_anki import check as rules
    from csto_anki import read, release

    deck, problems = read.read(folder)
    if os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where this says no
        released, more = release.load(folder / "released.json")
        problems += more
    else:
        released = None
    if deck is not None:
        problems += rules.check(deck, day)
    if deck is None or released is None or not all(problem.warning for problem in problems):
        _report(sorted(problems), err=problems_to_stderr)
        raise click.exceptions.Exit(1)
    return deck, released, problems


def _verdict(warnings: list[Problem]) -> str:
    return f"no problem, {len(warnings)} warning{'s' * (len(warnings) != 1)}" if warnings else "no problem"


def _report(problems: list[Problem], err: bool) -> None:
    for problem in problems:
        click.echo(problem, err=err)
    count = sum(not problem.warning for problem in problems)
    click.echo(f"csto-anki: {count} problem{'s' * (count != 1)}; nothing was written", err=True)


def _counts(deck: Deck) -> str:
    kinds = ", ".join(f"{kind} {sum(fact.kind == kind for fact in deck.facts)}" for kind in deck.kinds)
    return f"{len(deck.facts)} facts ({kinds})"


def _tell(quiet: bool, line: str) -> None:
    if not quiet:
        click.echo(line, err=True)
