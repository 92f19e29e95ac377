"""What most commands begin with: read the cards, check them, make the notes, compare them with the record."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csto_anki.cli import options, terminal

if TYPE_CHECKING:
    from csto_anki.deck.model import Deck
    from csto_anki.deck.problem import Problem
    from csto_anki.history.record import Released
    from csto_anki.history.stamps import Stamps
    from csto_anki.language.words import Words
    from csto_anki.note.contents import Contents

MAX_SHOWN_WARNINGS = 10  # of a command that does not report on the cards


def check_folder(
    folder: Path, day: datetime.date, releasing: bool = False, warnings: bool = True
) -> tuple[Deck | None, Contents | None, Released | None, list[Problem]]:
    """The deck in a folder, its notes and the record of releases (None if unreadable), and all problems, sorted.

    If `releasing`, every problem with notes that learners have is an error. Without `warnings`, rules that only warn do
    not run.
    """
    from csto_anki.deck import edition
    from csto_anki.deck.problem import ERROR, Place, Problem
    from csto_anki.history import record
    from csto_anki.note.contents import contents
    from csto_anki.release.project import project_of
    from csto_anki.release.transaction import is_unfinished
    from csto_anki.rules.check import check, errors
    from csto_anki.rules.updates import check_update

    deck, problems = edition.read(folder)
    released = made = None
    if os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir can raise
        released, more = record.load(folder / record.RECORD_FILE)
        problems += more
    if is_unfinished(project_of(folder).dist):
        place = Place((folder / record.RECORD_FILE).as_posix())
        hint = "run csto-anki release, which finishes it"
        problems.append(Problem(place, "", "a release was interrupted", hint, code=record.BROKEN_RECORD))
    if deck is not None:
        find = check if warnings else errors
        problems += find(replace(deck), day)  # a copy, because what rules keep in it takes a third of all memory
        made = contents(deck)
        if released is not None:
            found = check_update(deck, made, released)
            problems += [replace(problem, severity=ERROR) for problem in found] if releasing else found
    return deck, made, released, sorted(problems)


def require_sound(
    folder: Path, day: datetime.date, releasing: bool = False
) -> tuple[Deck, Contents, Released, list[Problem]]:
    """The deck, its notes, the record of releases, and the warnings; if there are errors, print them and exit with 1.

    Only a release runs every rule that `check` runs. The rules that only warn would make a build of 500 notes slower by
    a quarter, and a build of 10,000 notes by four fifths.
    """
    deck, contents, released, problems = check_folder(folder, day, releasing, warnings=releasing)
    if deck is None or contents is None or released is None or any(problem.is_error for problem in problems):
        terminal.report_and_stop(problems, "; nothing was written")
    return deck, contents, released, problems


def require_deck(folder: Path) -> Deck:
    """The deck in a folder; if it cannot be read, print why and exit with 1."""
    from csto_anki.deck import edition

    deck, problems = edition.read(folder)
    if deck is None:
        terminal.report_and_stop(problems)
    return deck


def records_to_compare(folder: Path) -> list[Released]:
    """The records of releases to compare a package with, of the deck and its editions; prints why one is unreadable."""
    from csto_anki.deck.edition import editions
    from csto_anki.history import record

    found = []
    for path in (each / record.RECORD_FILE for each in (folder, *editions(folder))):
        if os.path.lexists(path):
            released, problems = record.load(path)
            found += [released] if released else []
            if problems:
                terminal.report(problems, err=True)
                terminal.inform(False, "so the package is not compared with the record of releases")
    return found


def words_of_editions(folder: Path) -> list[Words]:
    """The words that a deck and its editions bring for languages that csto-anki does not have, if these are whole."""
    from csto_anki.deck import keys, reader
    from csto_anki.deck.edition import editions
    from csto_anki.deck.problem import Place

    own = [each for each in (folder, *editions(folder)) if os.path.lexists(each / keys.WORDS_FILE)]
    found = [reader.words_of(each, each.name, Place("")) for each in own]
    return [words for words, problems in found if not problems]


def warn_if_ahead(stamps: Stamps, released: Released, day: datetime.date) -> None:
    """Print a plain word on a package that is newer than today: it keeps corrections out until its day comes.

    That also goes for a clock that runs ahead, of which only a long time since the last release is a sign.
    """
    from csto_anki.history.stamps import MAX_PAUSE

    blocks = "until that day, whoever imports this package gets no correction; do not share it"
    if stamps.time > options.now().timestamp():
        time = datetime.datetime.fromtimestamp(stamps.time, datetime.timezone.utc)
        click.echo(f"csto-anki: warning: {time:%Y-%m-%d} is in the future: {blocks}", err=True)
    elif released.last and stamps.version != released.last and day - released.last_day > MAX_PAUSE:
        click.echo(
            f"csto-anki: warning: the clock says {day}, more than two years after the last release, {released.last}; "
            f"if it is wrong, {blocks}",
            err=True,
        )


def show_warnings(deck: Deck, folder: Path, warnings: list[Problem], quiet: bool, all_rules: bool = False) -> None:
    """Print the first warnings and a line about the cards. Unless `all_rules`, rules that only warn have not run."""
    terminal.report(warnings[:MAX_SHOWN_WARNINGS], err=True)
    hint = "; csto-anki check shows all" if len(warnings) > MAX_SHOWN_WARNINGS else ""
    result = verdict(warnings) if all_rules or warnings else "no error"
    terminal.inform(quiet, f"{terminal.count(len(deck.facts), 'fact')} in {folder.as_posix()}: {result}{hint}")


def verdict(warnings: list[Problem]) -> str:
    """What a command prints if a check has found no error."""
    return f"no error, {terminal.count(len(warnings), 'warning')}" if warnings else "no problem"
