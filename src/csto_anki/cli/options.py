"""The options that several commands share, and their values when they are left out."""

from __future__ import annotations

import datetime
import functools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from csto_anki.cli import terminal

EARLIEST_DAY, LATEST_DAY = datetime.date(2026, 1, 1), datetime.date(2099, 12, 31)
PATH = click.Path(path_type=Path, readable=False)

CARDS = click.option(
    "--cards",
    type=PATH,
    metavar="DIR",
    help="The deck's folder.  [default: ./cards, or this folder if it has a deck.yaml, or the deck of csto-anki]",
)
LANGUAGE = click.option(
    "--language", metavar="CODE", help="The edition in this language, such as hi.  [default: the original]"
)
# Each command adds the choices and the help.
FORMAT = functools.partial(click.option, "--format", "form", default="text", show_default=True)
OWN_CARDS = click.option(
    "--cards",
    type=PATH,
    metavar="DIR",
    help="The deck's folder.  [default: ./cards, or this folder if it has a deck.yaml]",
)
SITE_OUTPUT = click.option(
    "--output", type=PATH, metavar="DIR", help="The folder of the website.  [default: preview, or preview-CODE]"
)
TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Pretend that today is this day.  [default: today, in UTC]",
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print only problems and the result.")


def cards_folder(cards: Path | None, language: str | None = None, quiet: bool = False) -> Path:
    """The deck's folder: the one that is named, else the one here, else the one of the tool.

    For the last, it prints a line that says so, unless `quiet`. With a `language`, it is the folder of that edition.
    """
    return edition_folder(_any_cards_folder(cards, quiet), language)


def edition_folder(folder: Path, language: str | None) -> Path:
    """The folder of the edition in a language, or the deck's own folder if it is None; stop if there is none."""
    from csto_anki.deck.edition import editions, is_edition

    if language is None:
        return folder
    require_language(language)
    if not is_edition(folder / language):
        known = ", ".join(each.name for each in editions(folder))
        there = f"name one of {known}" if known else "this deck has none"
        raise click.BadParameter(f"there is no edition in {language!r}; {there}", param_hint="'--language'")
    return folder / language


def _any_cards_folder(cards: Path | None, quiet: bool) -> Path:
    if folder := cards or _deck_here():
        return folder
    if own := _deck_of_the_tool():
        what = "there is no deck in this folder, so this is the one that was installed with csto-anki"
        terminal.inform(quiet, f"csto-anki: {what}; for another deck, go to its folder, or run csto-anki init FOLDER")
        return own
    return Path("cards")


def own_cards_folder(cards: Path | None, language: str | None = None) -> Path:
    """The deck's folder, the one that is named or the one here, or with a `language` that of the edition; else stop."""
    folder = cards or _deck_here()
    if folder is None:
        terminal.stop("there is no deck in this folder; go to the folder of your deck, or name its cards with --cards")
    return edition_folder(folder, language)


def _deck_here() -> Path | None:
    """The deck's folder in the current folder, or the current folder itself; None if there is none."""
    if os.path.lexists("cards"):
        return Path("cards")
    return Path() if os.path.lexists("deck.yaml") else None


def _deck_of_the_tool() -> Path | None:
    package = Path(__file__).parents[1]
    installed = package / "cards"  # in a wheel
    in_clone = package.parents[1] / "cards"  # in an editable install
    return next((folder for folder in (installed, in_clone) if folder.is_dir()), None)


def output_folder(name: str, cards: Path | None) -> Path:
    """The folder for output, which is in the current folder, or beside it if that is the deck's folder itself.

    `cards` is the deck's folder if it is named. Stop if the folder for output is a link that leads elsewhere.
    """
    path = Path("..", name) if cards is None and _deck_here() == Path() else Path(name)
    refuse_link(path)
    return path


def refuse_link(path: Path) -> None:
    """Stop if a folder for output is a link out of its own folder, which can come with a stranger's contribution."""
    from csto_anki import files

    if files.leads_out(path, path.parent):
        terminal.stop(f"{path} is a link that leads out of its folder; put a folder in its place")


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


def require_language(code: str) -> None:
    """Raise a usage error for what is not the code of a language."""
    from csto_anki.deck.values import LANGUAGE as PATTERN

    if not re.fullmatch(PATTERN, code):
        raise click.BadParameter(
            f"{code!r} is not a language code; give one such as hi (BCP 47)", param_hint="'--language'"
        )


def require_ids(ids: Iterable[str], known: Sequence[str]) -> None:
    """Raise a usage error for an id that is not known."""
    from csto_anki.deck.similarity import closest

    for id in ids:
        if id not in known:
            meant = closest(id, known)
            hint = f"; did you mean {meant}?" if meant else ""
            raise click.UsageError(f"no translation has the id {id!r}{hint}")


def complete_id(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids of facts that begin with what was typed, for completion in the shell."""
    from csto_anki.deck.reader import read

    deck, _ = read(_any_cards_folder(context.params.get("cards"), quiet=True))
    return [fact.id for fact in deck.facts if fact.id.startswith(incomplete)] if deck else []


def complete_code(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The codes of rules that begin with what was typed, for completion in the shell."""
    from csto_anki.rules.explain import explanations

    return [code for code in explanations() if code.startswith(incomplete)]
