"""What commands share: the deck and all its problems, told on a terminal, and the end; alone knows the clock."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from csto_anki import __version__

if TYPE_CHECKING:
    from csto_anki.diff import Contents
    from csto_anki.facts import Deck, Problem
    from csto_anki.release import Released

MOST_KINDS = 40  # that are told one by one
FIRST_DAY = datetime.date(2026, 1, 1)


def folder(cards: Path | None) -> Path:
    """The deck's folder: the one named, or the one here, or the one that came with the tool."""
    if cards:
        return cards
    here = Path("cards")
    if os.path.lexists(here):
        return here
    carried = Path(__file__).parent / "cards"  # as a wheel carries it
    in_clone = Path(__file__).parents[2] / "cards"  # as an editable install finds it
    return next((folder for folder in (carried, in_clone) if folder.is_dir()), here)


def record(cards: Path | None) -> Released | None:
    """The record of releases to compare a package with, if there is one that can be read; else say why not."""
    from csto_anki import release

    path = folder(cards) / "released.json"
    if not os.path.lexists(path):
        return None
    released, problems = release.load(path)
    if problems:
        report(problems, "text", err=True)
        tell(False, "so it is compared with no record of releases")
    return released


def own(path: Path) -> Path:
    """A place to write that nobody named; stop where it is a link out of its folder, which can be a stranger's."""
    from csto_anki import files

    if files.leads_out(path, path.parent):
        stop(f"{path} is a link that leads out of its folder; put a folder in its place")
    return path


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def day(today: datetime.datetime | None) -> datetime.date:
    """The day to work on; UTC, so that a deck does not depend on where it is built."""
    day = (today or now()).date()
    if day < FIRST_DAY:  # Anki cannot take times before 1970, and a clock that has lost its battery begins there
        raise click.UsageError(f"it is not {day} any more; set the clock, or name another day")
    return day


def find(
    folder: Path, day: datetime.date, releasing: bool = False, warnings: bool = True
) -> tuple[Deck | None, Contents | None, Released | None, list[Problem]]:
    """The deck, what its package holds, what learners have, each where it can be read; and all problems in order.

    For a release, what guards the learners' work is an error throughout. The rules that only warn can be left out.
    """
    from dataclasses import replace

    from csto_anki import check as rules
    from csto_anki import fields, guard, read, together
    from csto_anki import release as record
    from csto_anki.facts import Place, Problem

    deck, problems = read.read(folder)
    released = contents = None
    if os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir raises where this says no
        released, more = record.load(folder / "released.json")
        problems += more
    if together.unfinished(record.project(folder).dist):
        place, way_out = Place((folder / "released.json").as_posix()), "run csto-anki release, which finishes it"
        problems.append(Problem(place, "", "a release was interrupted", way_out, code=record.CODE))
    if deck is not None:
        problems += rules.check(deck, day) if warnings else rules.errors(deck, day)
        contents = fields.contents(deck)
    if deck is not None and contents is not None and released is not None:
        found = guard.guard(deck, contents, released)
        problems += [replace(problem, warning=False) for problem in found] if releasing else found
    return deck, contents, released, sorted(problems)


def read(folder: Path, day: datetime.date, releasing: bool = False) -> tuple[Deck, Contents, Released, list[Problem]]:
    """What `find` finds, where nothing but warnings are in the way; else say all of it and stop with 1.

    Only a release looks for everything that `check` would tell: the rules that warn would make a build of 500 notes a
    quarter longer, and one of 10,000 by four fifths.
    """
    deck, contents, released, problems = find(folder, day, releasing, warnings=releasing)
    if deck is None or contents is None or released is None or not all(problem.warning for problem in problems):
        report_and_stop(problems)
    return deck, contents, released, problems


def verdict(warnings: list[Problem]) -> str:
    return f"no problem, {number(len(warnings), 'warning')}" if warnings else "no problem"


def summary(deck: Deck, folder: Path, warnings: list[Problem], all_rules: bool = False) -> str:
    """What a command says of the cards that does not name the warnings, and may not have looked for all."""
    found = f", {number(len(warnings), 'warning')}" if warnings else ""
    told = f"no error{found} (csto-anki check tells all warnings)"
    if all_rules:
        told = verdict(warnings) + (" (csto-anki check names them)" if warnings else "")
    return f"{counts(deck)} in {folder.as_posix()}: {told}"


def report(problems: list[Problem], form: str, err: bool) -> None:
    from csto_anki import explain, report

    colours = {"error": "red", "warning": "yellow", "place": None, "hint": "bright_black"}
    if form == "json":
        click.echo(report.as_json(problems))
    elif form == "sarif":
        click.echo(report.as_sarif(problems, explain.meanings(), __version__))
    elif form == "github":
        for line in report.as_github(problems):
            click.echo(line)
    else:
        for line in report.as_text(
            problems, lambda part, text: click.style(text, fg=colours[part], bold=part == "place")
        ):
            click.echo(line, err=err)


def report_and_stop(problems: list[Problem]) -> NoReturn:
    report(sorted(problems), "text", err=True)
    count = sum(not problem.warning for problem in problems)
    click.echo(f"csto-anki: {number(count, 'problem')}; nothing was written", err=True)
    raise click.exceptions.Exit(1)


def counts(deck: Deck) -> str:
    found = Counter(fact.kind for fact in deck.facts)
    kinds = ", ".join(f"{kind} {found[kind]}" for kind in deck.kinds)
    return f"{len(deck.facts)} facts ({kinds if len(deck.kinds) <= MOST_KINDS else f'{len(deck.kinds)} kinds'})"


def number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def known_code(code: str) -> str:
    from csto_anki import explain, near

    codes = explain.explanations()
    if code not in codes:
        meant = near.closest(code, codes)
        way_out = f"did you mean {meant}?" if meant else "csto-anki check --explain all names them"
        raise click.UsageError(f"there is no code {code!r}; {way_out}")
    return code


def findings(facts: Mapping[str, str], more: Sequence[str], wrong: Sequence[str], form: str) -> None:
    """Tell what was found in a package, and end with 1 if anything is wrong."""
    from csto_anki.facts import printable

    if form == "json":
        import json

        click.echo(json.dumps({"facts": facts, "more": more, "wrong": wrong}, indent=2))
    else:
        width = max(map(len, facts), default=0) + 2
        for name, text in facts.items():
            click.echo(printable(f"{name:{width}}{text}"))
        for line in more:
            click.echo(printable(line))
        for line in wrong:
            click.echo(click.style(printable(f"wrong: {line}"), fg="red"))
    if wrong:
        raise click.exceptions.Exit(1)


def stop(*lines: str) -> NoReturn:
    """Say why not, and end with 1."""
    from csto_anki.facts import printable

    for line in lines:
        click.echo(printable(f"csto-anki: {line}"), err=True)
    raise click.exceptions.Exit(1)


def tell(quiet: bool, line: str) -> None:
    if not quiet:
        click.echo(line, err=True)
