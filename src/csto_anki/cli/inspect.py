"""The commands `inspect` and `verify`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, FORMAT, PATH

if TYPE_CHECKING:
    from csto_anki.apkg.inspect import Report


@click.command()
@click.argument("file", type=PATH)
@CARDS
@FORMAT(type=click.Choice(["text", "json"]), help="For people or programs.")
def inspect(file: Path, cards: Path | None, form: str) -> None:
    """Show what a package is, without Anki.

    It prints deck, version, counts and checksum, whether the package is one of the deck's releases, and what is wrong
    with it. It accepts other people's packages, too.

    Example: csto-anki inspect dist/csto-2026.11.24.1.apkg
    """
    from csto_anki.apkg.inspect import inspect

    folder, now = options.cards_folder(cards, quiet=True), int(options.now().timestamp())
    records, words = pipeline.records_to_compare(folder), pipeline.words_of_editions(folder)
    _print_report("inspect", file, form, lambda: inspect(file, records, now, words))


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--against",
    "older",
    type=PATH,
    metavar="OLD.apkg",
    help="Show what an update from this package keeps, replaces and adds.",
)
@CARDS
@FORMAT(type=click.Choice(["text", "json"]), help="For people or programs.")
def verify(file: Path, older: Path | None, cards: Path | None, form: str) -> None:
    """Import a package into the real Anki, as a test.

    It reports whether everything arrives in a throw-away collection. With --against, that is the collection of a
    learner who has the older package, has studied every card and has written into every note. It needs the extra
    `preview`.

    Example: csto-anki verify dist/csto-2026.11.24.1.apkg --against dist/csto-2026.11.24.apkg
    """
    terminal.require_libraries("verify", "anki")

    from csto_anki.apkg.verify import verify

    folder, now = options.cards_folder(cards, quiet=True), int(options.now().timestamp())
    records, words = pipeline.records_to_compare(folder), pipeline.words_of_editions(folder)
    _print_report("verify", file, form, lambda: verify(file, older, records, now, words))


def _print_report(verb: str, file: Path, form: str, make: Callable[[], Report]) -> None:
    """Print a report on a package and exit with 1 if anything is wrong, or print why there can be no report."""
    from csto_anki import files
    from csto_anki.deck.problem import printable

    try:
        report = make()
    except files.Refused as error:
        terminal.stop(f"cannot {verb} {file}: {error}")
    except OSError as error:
        terminal.stop(f"cannot {verb} {error.filename or file}: {error.strerror or error}")
    if form == "json":
        import json

        data = {"facts": report.properties, "more": report.details, "wrong": report.faults}
        click.echo(json.dumps(data, indent=2))
    else:
        width = max(map(len, report.properties), default=0) + 2
        for name, text in report.properties.items():
            click.echo(printable(f"{name:{width}}{text}"))
        for line in report.details:
            click.echo(terminal.as_typed(printable(line)))
        for line in report.faults:
            click.echo(click.style(printable(f"wrong: {line}"), fg="red"))
    if report.faults:
        raise click.exceptions.Exit(1)
