"""The options that several commands share, and their values when they are left out."""

from __future__ import annotations

import datetime
import functools
import os
from pathlib import Path

import click

from csto_anki.cli import terminal

EARLIEST_DAY, LATEST_DAY = datetime.date(2026, 1, 1), datetime.date(2099, 12, 31)
PATH = click.Path(path_type=Path, readable=False)

CARDS = click.option(
    "--cards",
    type=PATH,
    metavar="DIR",
    help="The deck's folder.  [default: ./cards, or the cards that came with the tool]",
)
# Each command adds the choices and the help.
FORMAT = functools.partial(click.option, "--format", "form", default="text", show_default=True)
SITE_OUTPUT = click.option(
    "--output", type=PATH, metavar="DIR", default=Path("preview"), show_default=True, help="The folder of the website."
)
TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Pretend that today is this day.  [default: today, in UTC]",
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print only problems and the result.")


def cards_folder(cards: Path | None) -> Path:
    """The deck's folder: the one that is named, else ./cards, else the one that is installed with the tool."""
    if cards:
        return cards
    here = Path("cards")
    if os.path.lexists(here):
        return here
    package = Path(__file__).parents[1]
    installed = package / "cards"  # in a wheel
    in_clone = package.parents[1] / "cards"  # in an editable install
    return next((folder for folder in (installed, in_clone) if folder.is_dir()), here)


def default_output(path: Path) -> Path:
    """Return the default folder for output, unchanged. Stop if it is a link that leads out of its own folder."""
    from csto_anki import files

    if files.leads_out(path, path.parent):  # the link can come with a stranger's contribution
        terminal.stop(f"{path} is a link that leads out of its folder; put a folder in its place")
    return path


def now() -> datetime.datetime:
    """The time in UTC; nothing else reads the clock."""
    return datetime.datetime.now(datetime.timezone.utc)


def day(today: datetime.datetime | None) -> datetime.date:
    """The day to work on, by default today in UTC, so that a deck does not depend on where it is built.

    Like other tools that build, it takes SOURCE_DATE_EPOCH for the time (https://reproducible-builds.org).
    """
    chosen = (today or _source_date() or now()).date()
    if chosen < EARLIEST_DAY:  # Anki cannot take times before 1970, which is what a clock without a battery shows
        raise click.UsageError(f"the date {chosen} is before {EARLIEST_DAY}: check the clock or pass another day")
    if chosen > LATEST_DAY:
        raise click.UsageError(f"the date {chosen} is after {LATEST_DAY}: check the clock or pass another day")
    return chosen


def _source_date() -> datetime.datetime | None:
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    try:
        return datetime.datetime.fromtimestamp(int(text), datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        hint = "give seconds since 1970, or unset it"
        raise click.UsageError(f"the environment variable SOURCE_DATE_EPOCH is {text!r}; {hint}") from None


def known_code(code: str) -> str:
    """The code of a rule, unchanged; raise a usage error if there is no such rule."""
    from csto_anki.deck.similarity import closest
    from csto_anki.rules.explain import explanations

    codes = explanations()
    if code not in codes:
        meant = closest(code, codes)
        hint = f"did you mean {meant}?" if meant else "csto-anki check --explain all lists them"
        raise click.UsageError(f"there is no code {code!r}; {hint}")
    return code


def complete_id(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids of facts that begin with what was typed, for completion in the shell."""
    from csto_anki.deck.reader import read

    deck, _ = read(cards_folder(context.params.get("cards")))
    return [fact.id for fact in deck.facts if fact.id.startswith(incomplete)] if deck else []


def complete_code(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The codes of rules that begin with what was typed, for completion in the shell."""
    from csto_anki.rules.explain import explanations

    return [code for code in explanations() if code.startswith(incomplete)]
