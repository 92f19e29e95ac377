"""The commands `show` and `stats`: a card as a learner reads it, and statistics of the deck."""

from __future__ import annotations

import datetime
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, LANGUAGE, TODAY, complete_id

if TYPE_CHECKING:
    from csto_anki.deck.model import Deck, Fact

WIDTH = 78  # characters of a line
Style = Callable[[str, str], str]  # a part ("small", "question", "answer") and its text -> the text to print
STYLES: dict[str, dict[str, Any]] = {"small": {"dim": True}, "question": {"bold": True}, "answer": {"fg": "green"}}


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="ID|WORDS...", shell_complete=complete_id)
@CARDS
@LANGUAGE
def show(words: tuple[str, ...], cards: Path | None, language: str | None) -> None:
    """Print cards as a learner reads them.

    Give an id, or words: it prints each card that has all these words in its id, texts, tags or sources, with its file
    and line. Case is ignored.

    Example: csto-anki show tashkent 1992
    """
    from csto_anki.deck.similarity import closest

    deck = pipeline.require_deck(options.cards_folder(cards, language))
    found = find_facts(deck, words)
    if not found:
        meant = closest("-".join(words), [fact.id for fact in deck.facts])
        terminal.stop(f"no card contains {' '.join(words)!r}" + (f"; did you mean {meant}?" if meant else ""))
    for number, fact in enumerate(found):
        if number:
            click.echo()
        for line in card_lines(deck, fact, lambda part, text: click.style(text, **STYLES.get(part, {}))):
            click.echo(line)


@click.command()
@CARDS
@TODAY
def stats(cards: Path | None, today: datetime.datetime | None) -> None:
    """Print statistics of the deck.

    It counts facts by kind, priority, tag and number of sources, and by the month in which they are due to be confirmed
    again. It also shows the longest answers, and how much of each edition is translated.

    Example: csto-anki stats --today 2027-06-01
    """
    folder = options.cards_folder(cards)
    deck = pipeline.require_deck(folder)
    click.echo("\n".join([*statistics(deck, options.day(today)), *_editions(deck, folder)]))


def find_facts(deck: Deck, words: Iterable[str]) -> list[Fact]:
    """The fact with this id, or all facts that contain all words somewhere in their texts, sources or tags."""
    wanted = [word.casefold() for word in words]
    same = [fact for fact in deck.facts if [fact.id] == wanted]
    return same or [fact for fact in deck.facts if all(word in _everything(fact) for word in wanted)]


def _everything(fact: Fact) -> str:
    """All texts of a fact in which `show` searches, without upper case."""
    cited = [f"{citation.source} {citation.where}" for citation in fact.sources]
    texts = [text for _, text in fact.texts()]
    return " ".join([fact.id, fact.kind, *fact.tags, fact.answer_text, *texts, *cited]).casefold()


def card_lines(deck: Deck, fact: Fact, style: Style) -> Iterator[str]:
    """The lines of a fact's cards: id, tags and place, then front, a line of dashes, back, and the small print."""
    from csto_anki.deck.problem import escaped

    tags = " ".join(dict.fromkeys([fact.kind, *fact.tags]))
    place = fact.places["id"]
    yield style("small", f"{fact.id}  ({tags})  {escaped(place.path)}:{place.line}")
    for number, each in enumerate(fact.cards):
        if number:
            yield ""
        yield from _wrapped(style, "small", each.about)
        yield from _wrapped(style, "question", each.question)
        if each.key == "question":
            yield from _statements(fact)
        yield from _wrapped(style, "small", f"[picture: {each.image.alt}]" if each.image else "")
        yield f"  {'-' * 20}"
        yield from _wrapped(style, "answer", each.answer)
    yield from _back(deck, fact, style)


def _statements(fact: Fact) -> Iterator[str]:
    from csto_anki.deck import practice

    if not fact.statements:
        return
    form = practice.FORMS[fact.ask]
    if fact.columns:
        yield f"    {practice.COLUMN_MARK.join(fact.columns)}"
    if not form.has_own_options:
        labels = practice.labels(fact.ask, len(fact.statements), fact.words)
        for label, each in zip(labels, fact.statements, strict=True):
            yield from textwrap.wrap(f"{label} {each.text}", WIDTH, initial_indent="    ", subsequent_indent="       ")
    if line := practice.line(fact.ask, fact.predicate, fact.words):
        yield f"  {line}"
    for option in practice.lettered(practice.options(fact.ask, fact.statements, fact.id, fact.words)):
        yield from textwrap.wrap(option, WIDTH, initial_indent="    ", subsequent_indent="        ")


def _back(deck: Deck, fact: Fact, style: Style) -> Iterator[str]:
    from csto_anki.deck import practice

    if fact.statements:
        labels = practice.labels(fact.ask, len(fact.statements), fact.words)
        headings = practice.headings(fact.ask, fact.statements, fact.words)
        for label, heading, each in zip(labels, headings, fact.statements, strict=True):
            before = "" if practice.FORMS[fact.ask].has_own_options else f"{label} "
            yield from _wrapped(style, "", f"{before}{heading} {each.why}")
    say = fact.words.card
    yield from _wrapped(style, "", f"{say.changed} {fact.changed}" if fact.changed else "")
    yield from _wrapped(style, "small", say.as_of.format(fact.words.date_in_words(fact.as_of)) if fact.as_of else "")
    yield from _wrapped(style, "small", f"[picture: {fact.answer_image.alt}]" if fact.answer_image else "")
    yield from _wrapped(style, "", f"{say.no_longer_taught}: {fact.retired.why}" if fact.retired else "")
    yield from _wrapped(style, "", fact.detail)
    yield from _wrapped(style, "", f"{say.hint}: {fact.mnemonic}" if fact.mnemonic else "")
    for citation in fact.sources:
        source = deck.sources[citation.source]
        where = f", {citation.where}" if citation.where else ""
        yield from _wrapped(style, "small", f"{source.title} ({source.published()}){where}")


def _wrapped(style: Style, part: str, text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for part_of_line in textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  "):
            yield style(part, part_of_line)


def statistics(deck: Deck, today: datetime.date) -> Iterator[str]:
    """The lines of `stats`: counts, and bars for each way to group the facts."""
    taught = [fact for fact in deck.facts if not fact.retired]
    cards = sum(len(fact.cards) for fact in deck.facts)
    retired = len(deck.facts) - len(taught)
    counts = {"fact": len(deck.facts), "card": cards, "source": len(deck.sources), "picture": len(deck.pictures)}
    yield ", ".join(terminal.count(number, noun) for noun, number in counts.items())
    if retired:
        yield f"{retired} of the facts are no longer taught"
    kinds = Counter(fact.kind for fact in deck.facts)
    yield from _bars("By kind, in the order of learning", {kind: kinds[kind] for kind in deck.kinds})
    tags = Counter(tag for fact in deck.facts for tag in fact.tags)
    for title, names in (("By priority", deck.priorities), ("By part of the exam", deck.parts), ("By tag", deck.tags)):
        yield from _bars(title, {name: tags[name] for name in names})
    cited = Counter(len({citation.source for citation in fact.sources}) for fact in deck.facts)
    yield from _bars("By number of sources", {str(number): cited[number] for number in sorted(cited)})
    yield from _bars(
        "Facts that can change, by the month in which they are due to be confirmed again", _due(taught, today)
    )
    yield from _longest(deck)


def _editions(deck: Deck, folder: Path) -> Iterator[str]:
    """A line for each edition of a deck: how many of its taught facts are translated, and which not any more."""
    from csto_anki.deck import edition

    found = edition.editions(folder)
    if found:
        yield "\nEditions"
    taught = {fact.id for fact in deck.facts if not fact.retired}
    for each in found:
        translated, problems = edition.read(each)
        if translated is None:
            count = terminal.count(len(problems), "problem")
            yield f"  {each.name}  {count}; csto-anki check --language {each.name} shows them"
            continue
        ids = {fact.id for fact in translated.facts} & taught
        behind = sum(edition.is_behind(fact) for fact in translated.facts)
        yield f"  {each.name}  {len(ids)} of {len(taught)} facts translated, {behind} of them behind their originals"


def _due(facts: Iterable[Fact], today: datetime.date) -> dict[str, int]:
    """How many facts fall due in each month, a year after their `as_of`; those that are due already are in one row."""
    found: Counter[str] = Counter()
    for fact in facts:
        if fact.as_of:
            # Built as text, because a month or day can be missing, and no date is later than the year 9999.
            month = f"{fact.as_of.year + 1}-{fact.as_of.month or 1:02}"
            found["now" if fact.is_due(today) else month] += 1
    return {month: found[month] for month in sorted(found, key=lambda month: (month != "now", month))}


def _longest(deck: Deck) -> Iterator[str]:
    answers = [(len(card.answer), fact.id) for fact in deck.facts for card in fact.cards if not fact.statements]
    yield "\nLongest answers, in characters"
    yield from (f"  {length:>4}  {id}" for length, id in sorted(answers, key=lambda each: -each[0])[:10])


def _bars(title: str, counts: dict[str, int]) -> Iterator[str]:
    if not counts:
        return
    yield f"\n{title}"
    name_width, most = max(map(len, counts)), max(max(counts.values()), 1)
    for name, count in counts.items():
        bar = "#" * max(round(40 * count / most), 1 if count else 0)
        yield f"  {name:<{name_width}}  {bar:<40}  {count:>5}"
