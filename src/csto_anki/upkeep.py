"""Rules on what can be left over, fall due or be missing: sources, dates, tags, pictures, practice as a whole."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator

from csto_anki import timeline
from csto_anki.facts import Date, Deck, Fact, Problem


def a_date_has_come(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """The date of an event lies in the past: a plan is not a date, and a year may be misspelt."""
    for fact in deck.facts:
        if isinstance(fact.answer, Date) and fact.answer.first_day() > today:
            what = f"{fact.answer} has not come yet"
            yield Problem(fact.places["date"], fact.id, what, "mend the date, or ask for the plan and who announced it")


def a_deck_has_facts(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A deck without a single fact is a mistake, not a deck."""
    if not deck.facts:
        yield Problem(deck.places["kinds"], "", "no fact in any card file", "add an entry")


def a_fact_has_one_priority(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Where a deck has priorities, each fact carries one: a learner with little time must know what to leave out."""
    for fact in deck.facts:
        found = {tag for tag in fact.tags if tag in deck.priorities}
        if deck.priorities and len(found) != 1:
            way_out = f"give it one of {', '.join([*deck.priorities][:10])}"
            yield Problem(fact.places.get("tags", fact.places["id"]), fact.id, f"{len(found)} priorities", way_out)


def a_place_in_a_source_is_no_source(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What stands behind a source is a place in it, and not the next source, of which a comma was left out."""
    for fact in deck.facts:
        for number, citation in enumerate(fact.sources):
            if (second := citation.where.partition(" ")[0]) in deck.sources:
                what = f"{second!r} stands as a place in {citation.source!r}, and is a source itself"
                yield Problem(fact.places[f"sources.{number}"], fact.id, what, "put a comma between them")


def a_replacement_is_taught(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What a retired fact names in its place is another fact, which is there and not itself retired."""
    taught = {fact.id for fact in deck.facts if not fact.retired}
    for fact in deck.facts:
        if fact.retired and fact.retired.replaced_by and fact.retired.replaced_by not in taught:
            what = f"{fact.retired.replaced_by!r}, which should replace it, is not taught"
            yield Problem(fact.places["retired.replaced_by"], fact.id, what, "name a fact that is, or none")


def a_source_is_not_older_than_its_fact(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """At least one source of a dated event is not older than it: none can tell what had not yet happened."""
    for fact in deck.facts:
        dates = _source_dates(deck, fact)
        if (
            isinstance(fact.answer, Date)
            and fact.answer.first_day() <= today
            and dates
            and max(map(_last_day, dates)) < _first_day(fact.answer)
        ):
            what = f"of {fact.answer}, and the newest source is of {max(dates, key=_last_day)}"
            yield Problem(fact.places["sources"], fact.id, what, "mend the date, or cite what tells that it happened")


def an_archive_is_of_its_page(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An address of the Wayback Machine ends in that of the page which it keeps."""
    for source in deck.sources.values():
        kept = re.match(r"https?://web\.archive\.org/web/[^/]+/(.+)", source.archive)
        if kept and _page(kept[1]) != _page(source.url):
            what = "the archived copy is that of another page"
            yield Problem(source.places["archive"], source.key, what, "mend one of the two")


def a_source_has_the_date_of_its_address(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Where an address tells a day, as /2022/01/14/, the source is of that day or of one next to it."""
    for source in deck.sources.values():
        told = re.search(r"/(20\d\d)[-/]?(0[1-9]|1[0-2])[-/]?([0-2]\d|3[01])(?=[/_.-]|$)", source.url)
        there = _day(*map(int, told.groups())) if told else None
        if told and there and source.date and source.date.day and abs((source.date.first_day() - there).days) > 1:
            what = f"{source.date}, and its address says {told[0].strip('/')}"
            yield Problem(source.places["date"], source.key, what, "mend the date, or accept it if both are right")


def as_of_is_not_in_the_future(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Nobody can have confirmed a fact on a day that has not come."""
    for fact in deck.facts:
        if fact.as_of and fact.as_of.first_day() > today:
            yield Problem(fact.places["as_of"], fact.id, f"as_of {fact.as_of} is in the future", "mend the date")


def as_of_is_vouched_for(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A fact is true as of no later and no more precise a date than that of its newest source."""
    for fact in deck.facts:
        dates = _source_dates(deck, fact)
        if fact.as_of and dates and max(map(_last_day, dates)) < _last_day(fact.as_of):
            what = f"as of {fact.as_of}, and the newest source is of {max(dates, key=_last_day)}"
            yield Problem(
                fact.places["as_of"], fact.id, what, "write the date of the newest source, as precise as it is"
            )


def every_picture_is_shown(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A picture file that no fact shows is left over; it would not even be in the package."""
    shown = {timeline.NAME} | {picture.file for fact in deck.facts for _, picture in fact.pictures()}
    for name in deck.pictures:
        if name not in shown:
            place = deck.place_of(f"media/{name}")
            yield Problem(place, "", "no fact shows this picture", "show it in `image` or `answer_image`, or remove it")


def every_source_is_cited(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A source that no fact cites is left over or, worse, misspelt somewhere."""
    cited = {citation.source for fact in deck.facts for citation in fact.sources}
    for source in deck.sources.values():
        if source.key not in cited:
            yield Problem(source.place, source.key, "no fact cites this source", "cite it or remove it")


def every_tag_is_used(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A tag that no fact carries promises a learner a search that finds nothing; a publisher of news has a page."""
    used = {tag for fact in deck.facts for tag in fact.tags}
    for key, tags in (("tags", deck.tags), ("priorities", deck.priorities), ("parts", deck.parts)):
        for tag in tags:
            if tag not in used:
                what = f"no fact carries the tag {tag!r}"
                yield Problem(deck.places[f"{key}.{tag}"], "", what, "use it or remove it")
    publishers = {source.publisher for source in deck.sources.values()}
    for number, name in enumerate(deck.news):
        if name not in publishers:
            yield Problem(deck.places[f"news.{number}"], "", f"no source is of {name!r}", "mend the name or remove it")


def no_answer_letter_dominates(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Of six or more practice questions no letter is right more than one time in three: it could be guessed."""
    practice = [fact for fact in deck.facts if fact.statements and not fact.retired]
    letters = Counter(str(fact.answer)[:3] for fact in practice)
    for letter, count in letters.items():
        if len(practice) >= 6 and count > len(practice) / 3:
            last = [fact for fact in practice if str(fact.answer).startswith(letter)][-1]
            what = f"{letter} is right in {count} of {len(practice)} practice questions"
            yield Problem(last.places["id"], last.id, what, "make another statement false, or one true")


def no_fact_rests_on_one_page_of_news(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No fact rests on one page of a publisher of news alone, unless that has an archived copy: such pages vanish."""
    for fact in deck.facts:
        cited = {citation.source for citation in fact.sources}
        source = deck.sources[fact.sources[0].source]
        if len(cited) == 1 and source.publisher in deck.news and not source.archive:
            what = f"its one source, {source.key}, is a page of news without an archived copy"
            yield Problem(fact.places["sources"], fact.id, what, "cite a second page, or add `archive` to the source")


def no_tag_has_two_meanings(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A kind, a priority, a part and a tag of one name would be one tag in Anki, as would those that the tool gives."""
    meanings = {"kinds": deck.kinds, "priorities": deck.priorities, "parts": deck.parts, "tags": deck.tags}
    seen = {"added", "changed", "retired"}
    for key, names in meanings.items():
        for name in names:
            if name in seen:
                what, way_out = f"{name!r} is a tag already", "give this one another name"
                yield Problem(deck.places[f"{key}.{name}"], "", what, way_out)
            seen.add(name)


def news_has_an_archived_copy(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A page of a publisher of news has an archived copy, for its own address will not last."""
    for source in deck.sources.values():
        if source.publisher in deck.news and not source.archive:
            way_out = "add `archive`, or accept it for the whole deck in deck.yaml"
            yield Problem(source.place, source.key, "a page of news without an archived copy", way_out)


def nothing_is_named_twice(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A fact cites each place of a source once, carries each tag once, and not its own kind; statements differ."""
    for fact in deck.facts:
        cited, tagged = {*fact.sources}, {fact.kind, *fact.tags}
        if len(cited) == len(fact.sources) and len(tagged) == 1 + len(fact.tags) and not fact.statements:
            continue  # most facts
        named = {
            "sources": [f"{citation.source} {citation.where}".strip() for citation in fact.sources],
            "tags": [fact.kind, *fact.tags],
            "statements": [statement.text.casefold() for statement in fact.statements],
        }
        for key, names in named.items():
            seen: set[str] = set()
            for number, name in enumerate(names):
                if name in seen:
                    place = fact.places[f"{key}.{number - (key == 'tags')}"]
                    what = f"{name!r} is the kind already" if name == fact.kind else f"{name!r} stands here twice"
                    yield Problem(place, fact.id, what, "remove one")
                seen.add(name)


def sources_differ(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Each page stands once among the sources: the same under two keys is counted, and mended, as two."""
    first: dict[str, str] = {}
    for source in deck.sources.values():
        other = first.setdefault(_page(source.url), source.key)
        if other != source.key:
            what, way_out = f"the page of {other} once more", f"cite {other}, or mend the address"
            yield Problem(source.places["url"], source.key, what, way_out, other=other)


def sources_are_reached_safely(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An address begins with https://, where other addresses of the same host do."""
    hosts = {source.url.split("/")[2] for source in deck.sources.values() if source.url.startswith("https:")}
    for source in deck.sources.values():
        if source.url.startswith("http:") and source.url.split("/")[2] in hosts:
            yield Problem(source.places["url"], source.key, "an address without https", "begin it with https://")


def what_can_move_is_confirmed_within_a_year(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A taught fact that can move is due a year after the date up to which its sources vouch for it.

    The deck stays true as of the dates on its cards, and a builder may not be the one who can look.
    """
    for fact in deck.facts:
        if fact.is_due(today) and not fact.retired:
            what = f"as of {fact.as_of}, so due to be confirmed again"
            way_out = "look for newer sources, or ask for the past state with its date"
            yield Problem(fact.places["as_of"], fact.id, what, way_out)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    """A day, if the calendar has it."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _page(url: str) -> str:
    """An address without what differs between ways to write it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _source_dates(deck: Deck, fact: Fact) -> list[Date]:
    """The dates of a fact's sources; none where one has no date, for it may be of any day."""
    dates = [deck.sources[citation.source].date for citation in fact.sources]
    return [date for date in dates if date] if all(dates) else []


def _last_day(date: Date) -> tuple[int, int, int]:
    """The latest day that a date can mean, for comparison with others."""
    return (date.year, date.month or 12, date.day or 31)


def _first_day(date: Date) -> tuple[int, int, int]:
    return (date.year, date.month or 1, date.day or 1)


ERRORS = (
    a_deck_has_facts,
    a_fact_has_one_priority,
    a_place_in_a_source_is_no_source,
    a_replacement_is_taught,
    as_of_is_not_in_the_future,
    every_picture_is_shown,
    every_source_is_cited,
    every_tag_is_used,
    no_tag_has_two_meanings,
    nothing_is_named_twice,
)
WARNINGS = (
    a_date_has_come,
    a_source_has_the_date_of_its_address,
    a_source_is_not_older_than_its_fact,
    an_archive_is_of_its_page,
    as_of_is_vouched_for,
    news_has_an_archived_copy,
    no_answer_letter_dominates,
    no_fact_rests_on_one_page_of_news,
    sources_are_reached_safely,
    sources_differ,
    what_can_move_is_confirmed_within_a_year,
)
