"""The command `check`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, FORMAT, LANGUAGE, QUIET, TODAY, complete_code

if TYPE_CHECKING:
    from csto_anki.deck.model import Deck


@click.command()
@CARDS
@LANGUAGE
@FORMAT(type=click.Choice(["text", "json", "github"]), help="For people, programs or pull requests.")
@click.option(
    "--select", metavar="CODE", multiple=True, shell_complete=complete_code, help="Report only this code; repeatable."
)
@click.option(
    "--ignore", metavar="CODE", multiple=True, shell_complete=complete_code, help="Do not report this code; repeatable."
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option(
    "--explain",
    metavar="CODE",
    shell_complete=complete_code,
    help="Print a rule and its examples; `all` prints all rules.",
)
@TODAY
@QUIET
def check(
    cards: Path | None,
    language: str | None,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    explain: str | None,
    today: datetime.datetime | None,
    quiet: bool,
) -> None:
    """Report every problem in the card files.

    Each problem is one line: `path:line:column: id: message; hint [code]`. Fix every error. If a warning is wrong,
    accept it in the entry: `accept: {code: reason}`.

    Example: csto-anki check --explain a-question-stands-alone
    """
    if explain is not None:
        _explain(explain)
        return
    selected, ignored = (frozenset(map(options.known_code, codes)) for codes in (select, ignore))
    deck, _, _, problems = pipeline.check_folder(options.cards_folder(cards, language), options.day(today))
    shown = [each for each in problems if (not select or each.code in selected) and each.code not in ignored]
    terminal.report(shown, form)
    errors, warnings = ([each for each in shown if each.is_error == is_error] for is_error in (True, False))
    left_out = len(problems) - len(shown)
    hidden = f"; {terminal.count(left_out, 'problem')} not shown" if left_out else ""
    if not deck and not errors:  # a hidden error kept the rules from running, so nothing is known
        terminal.stop(f"the rules that compare facts did not run{hidden}; fix the hidden errors first")
    if errors or (strict and warnings):
        also = f", {terminal.count(len(warnings), 'warning')}" if warnings else ""
        terminal.stop(f"{terminal.count(len(errors), 'error')}{also}{hidden}")
    counted = f"{_count(deck)}: " if deck else ""
    terminal.inform(quiet, f"{counted}{pipeline.verdict(shown)}{hidden}")


def _count(deck: Deck) -> str:
    """How many facts a deck has; of an edition, how many of those that the original teaches."""
    if deck.original is None:
        return terminal.count(len(deck.facts), "fact")
    taught = {fact.id for fact in deck.original.facts if not fact.retired}
    return f"{sum(fact.id in taught for fact in deck.facts)} of {terminal.count(len(taught), 'fact')} translated"


def _explain(code: str) -> None:
    from csto_anki.rules.explain import explain, explain_all

    click.echo(explain_all() if code == "all" else "\n".join(explain(options.known_code(code))))
