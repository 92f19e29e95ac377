"""Rules on sources: their addresses, archived copies and dates, and how facts cite them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from csto_anki.deck.model import Deck
from csto_anki.deck.problem import ERROR, WARNING, Problem
from csto_anki.rules.common import problem_at, rule

_WAYBACK_MACHINE = r"https?://web\.archive\.org/web/[^/]+/(.+)"  # the group is the address of the page
_DAY_IN_ADDRESS = r"/(20\d\d)[-/]?(0[1-9]|1[0-2])[-/]?([0-2]\d|3[01])(?=[/_.-]|$)"  # such as /2022/01/14


@rule(ERROR)
def a_place_in_a_source_is_no_source(deck: Deck) -> Iterator[Problem]:
    """The words after the key of a source name a place in it. They are not the next source after a forgotten comma."""
    for fact in deck.facts:
        for number, citation in enumerate(fact.sources):
            if (second := citation.where.partition(" ")[0]) in deck.sources:
                message = f"{second!r} is written as a place in {citation.source!r}, but is a source itself"
                yield problem_at(fact, f"sources.{number}", message, "put a comma between them")


@rule(WARNING)
def a_source_has_the_date_of_its_address(deck: Deck) -> Iterator[Problem]:
    """If the address of a source has a day in it, such as /2022/01/14/, the source's date is at most one day away."""
    for source in deck.sources.values():
        match = re.search(_DAY_IN_ADDRESS, source.url)
        day = _day(*map(int, match.groups())) if match else None
        if match and day and source.date and source.date.day and abs((source.date.first_day() - day).days) > 1:
            message = f"of {source.date}, but its address has {match[0].strip('/')}"
            hint = "fix the date, or accept the warning if both are right"
            yield Problem(source.places["date"], source.key, message, hint)


@rule(WARNING)
def an_important_fact_has_a_source_of_standing(deck: Deck) -> Iterator[Problem]:
    """If the deck names publishers of standing, each fact of the first priority has a source from one of these.

    Such are the bodies that a fact is about, governments, news agencies, papers of record and scholars.
    """
    first = next(iter(deck.priorities), "")
    for fact in deck.facts if deck.standing else ():
        publishers = {deck.sources[citation.source].publisher for citation in fact.sources}
        if first in fact.tags and not fact.retired and publishers.isdisjoint(deck.publishers_of_standing):
            hint = "add a source from a publisher under `standing` in deck.yaml"
            yield problem_at(fact, "sources", f"a {first} fact without a source of standing", hint)


@rule(WARNING)
def an_archive_is_of_its_page(deck: Deck) -> Iterator[Problem]:
    """The address of a copy in the Wayback Machine ends with the address of the copied page."""
    for source in deck.sources.values():
        copied = re.match(_WAYBACK_MACHINE, source.archive)
        if copied and _page(copied[1]) != _page(source.url):
            message = "the archived copy is of another page"
            yield Problem(source.places["archive"], source.key, message, "fix one of the two")


@rule(ERROR)
def every_source_is_cited(deck: Deck) -> Iterator[Problem]:
    """Every source is cited by a fact. One that no fact cites is left over, or its key is misspelt."""
    cited = {citation.source for fact in deck.facts for citation in fact.sources}
    for source in deck.sources.values():
        if source.key not in cited:
            yield Problem(source.place, source.key, "no fact cites this source", "cite it or remove it")


@rule(WARNING)
def news_has_an_archived_copy(deck: Deck) -> Iterator[Problem]:
    """A page of a publisher of news has an archived copy, because its own address will not last."""
    for source in deck.sources.values():
        if source.publisher in deck.news and not source.archive:
            hint = "add `archive`, or accept the warning for the whole deck in deck.yaml"
            yield Problem(source.place, source.key, "a page of news without an archived copy", hint)


@rule(WARNING)
def no_fact_rests_on_one_page_of_news(deck: Deck) -> Iterator[Problem]:
    """No fact has one page of news as its only source, unless there is an archived copy of it: such pages vanish."""
    for fact in deck.facts:
        cited = {citation.source for citation in fact.sources}
        source = deck.sources[fact.sources[0].source]
        if len(cited) == 1 and source.publisher in deck.news and not source.archive:
            message = f"its only source, {source.key}, is a page of news without an archived copy"
            yield problem_at(fact, "sources", message, "cite a second page, or add `archive` to the source")


@rule(WARNING)
def sources_are_reached_safely(deck: Deck) -> Iterator[Problem]:
    """The address of a source begins with https:// if another address of the same host does."""
    hosts = {_host(source.url) for source in deck.sources.values() if source.url.startswith("https:")}
    for source in deck.sources.values():
        if source.url.startswith("http:") and _host(source.url) in hosts:
            yield Problem(source.places["url"], source.key, "an address without https", "begin it with https://")


@rule(WARNING)
def sources_differ(deck: Deck) -> Iterator[Problem]:
    """No page has two keys: it would count as two sources, and a fix of one of them would not reach the other."""
    first: dict[str, str] = {}
    for source in deck.sources.values():
        other = first.setdefault(_page(source.url), source.key)
        if other != source.key:
            message, hint = f"the same page as {other}", f"cite {other}, or fix the address"
            yield Problem(source.places["url"], source.key, message, hint, other=other)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _host(url: str) -> str:
    return url.split("/")[2]


def _page(url: str) -> str:
    """An address without `https://`, `www.` and the last slash, so that two ways to write it are the same."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")
