"""Rules on dates: those of events, those that texts name, and `as_of`."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from csto_anki.deck.model import Date, Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Problem
from csto_anki.rules import english
from csto_anki.rules.common import MAX_INDEXED_PER_WORD, problem_at, rarity, rule

MAX_CONTRADICTED = 5  # facts that are reported for one sentence; more would say the same
MIN_EVENT_WORDS = 3  # of the question of an event, without its date; fewer would be in too many sentences
MAX_QUOTED = 30  # characters of a text that a message quotes

_NOW = (
    r"(?i)\b(?:current(?:ly)?|at present|presently|nowadays|today|now|so far|to date|up to now|as yet|"
    r"(?:has|have) (?:\w+ ){0,2}been\b(?! in force)[^.?!]{0,150}?\bsince)\b"  # has been a member since
)
# About the present, too, unless the sentence has a date: "a page of 2020 still had 29 members".
_STILL = (
    r"(?i)\b(?:still|not yet|recent(?:ly)?|lately|(?:this|last|next) (?:year|month|week)|latest|newest|upcoming|soon)\b"
)
# Each text that _NOW or _STILL finds has one of these.
_SIGNS_OF_THE_PRESENT = (
    *("current", "present", "nowadays", "today", "now", "so far", "to date", "as yet", "been"),
    *("still", "not yet", "recent", "lately", "this ", "last ", "next ", "latest", "newest", "upcoming", "soon"),
)
_PERIOD = r"\b(?:from|between) (\d{4}) (?:to|until|and) (\d{4})\b"


@rule(WARNING, uses_today=True)
def a_date_has_come(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """The date of an event is not in the future. Such a date is only a plan, or it is mistyped."""
    for fact in deck.facts:
        if isinstance(fact.answer, Date) and fact.answer.first_day() > _latest(today):
            hint = "fix the date, or ask about the plan and who announced it"
            yield problem_at(fact, "date", f"{fact.answer} has not come yet", hint)


@rule(ERROR, language="en")
def a_date_question_names_its_precision(deck: Deck) -> Iterator[Problem]:
    """A question whose answer is a date says whether it asks for the day, the month or the year."""
    for fact in deck.facts:
        if isinstance(fact.answer, Date):
            asked = "day" if fact.answer.day else "month" if fact.answer.month else "year"
            if not re.search(rf"\b{asked}\b", fact.question):
                message = f"it does not say that it asks for the {asked}"
                hint = f"begin with '{'On' if fact.answer.day else 'In'} which {asked}', or shorten the date"
                yield problem_at(fact, "question", message, hint)


@rule(WARNING, language="en")
def a_date_stands_under_date(deck: Deck) -> Iterator[Problem]:
    """An answer that is only a date is under the key `date`, where its form and its question are checked."""
    for fact in deck.facts:
        if isinstance(fact.answer, str) and fact.answer in map(str, english.dates(fact.answer)):
            hint = "write `date: YYYY-MM-DD`, or as much of it as is known, instead of `answer`"
            yield problem_at(fact, "answer", "an answer that is a date", hint)


@rule(WARNING, uses_today=True)
def a_source_is_not_older_than_its_fact(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """At least one source of a dated event is not older than the event, because an older one cannot report it."""
    for fact in deck.facts:
        if not isinstance(fact.answer, Date) or fact.answer.first_day() > _latest(today):
            continue
        newest = _newest_source(deck, fact)
        if newest and _last_day(newest) < fact.answer:  # a part that is not known is 0
            message = f"the event is of {fact.answer}, but the newest source is of {newest}"
            yield problem_at(fact, "sources", message, "fix the date, or cite a source that says that it happened")


@rule(ERROR, uses_today=True)
def as_of_is_not_in_the_future(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """`as_of` is not in the future, because nobody can have confirmed a fact on a day that has not come."""
    for fact in deck.facts:
        if fact.as_of and fact.as_of.first_day() > _latest(today):
            yield problem_at(fact, "as_of", f"as_of {fact.as_of} is in the future", "fix the date")


def _latest(today: datetime.date) -> datetime.date:
    """The day that it is already in some place: `today` is a day in UTC, and India's day begins before it."""
    return today + datetime.timedelta(days=1)


@rule(WARNING)
def as_of_is_vouched_for(deck: Deck) -> Iterator[Problem]:
    """The date under `as_of` is not later and not more precise than that of the newest source."""
    for fact in deck.facts:
        newest = _newest_source(deck, fact) if fact.as_of else None
        if fact.as_of and newest and _last_day(newest) < _last_day(fact.as_of):
            message = f"as of {fact.as_of}, but the newest source is of {newest}"
            yield problem_at(fact, "as_of", message, "write the date of the newest source, as precise as it is")


@rule(WARNING, language="en")
def dates_in_a_fact_agree(deck: Deck) -> Iterator[Problem]:
    """The dates in one fact agree.

    No text has the date of the fact with one part wrong, the id has no other year or month, and no period ends before
    it begins. If at least two years of the mnemonic are in other texts of the fact, all of its years are.
    """
    yield from _periods_that_run_backwards(deck)
    named: dict[str, list[tuple[str, Date]]] = defaultdict(list)
    for fact, key, text in deck.texts.matching("1[0-9]{3}|20[0-9]{2}"):
        named[fact.id] += [(key, date) for date in english.dates(text)]
    for fact in deck.facts:
        dates = named.get(fact.id, [])
        if isinstance(fact.answer, Date):
            yield from _other_date_in_id(fact, fact.answer)
            yield from _near_misses(fact, fact.answer, dates)
        if dates:
            yield from _years_only_in_mnemonic(fact, dates)


def _periods_that_run_backwards(deck: Deck) -> Iterator[Problem]:
    for fact, key, text in deck.texts.matching(r"(?:from|between) \d"):
        for first, last in re.findall(_PERIOD, text):
            if first > last:
                yield problem_at(fact, key, f"a period from {first} to {last}", "fix one of the years")


def _other_date_in_id(fact: Fact, date: Date) -> Iterator[Problem]:
    """An id such as `agreement-june-2009` that has another month or year than the date.

    A year that the question has as well is not compared.
    """
    hint = "fix the date, or accept the warning if the id is released"
    parts = fact.id.split("-")
    years = [part for part in parts if re.fullmatch(r"1[89]\d\d|20\d\d", part) and part not in fact.question]
    months = [month for month in english.MONTHS if month.casefold() in parts]
    if years and str(date.year) not in years:
        yield problem_at(fact, "date", f"its id has {', '.join(years)}, but its date is {date}", hint)
    elif date.month and months and english.MONTHS[date.month - 1] not in months:
        yield problem_at(fact, "date", f"its id has {', '.join(months)}, but its date is {date}", hint)


def _near_misses(fact: Fact, date: Date, named: list[tuple[str, Date]]) -> Iterator[Problem]:
    """Texts of a fact that have its date with a slip; `named` are the dates in them, with the keys of the texts."""
    in_reverse = [other for key, other in named if key.startswith("reverse.")]
    if in_reverse and not any(english.are_compatible(date, other) for other in in_reverse):
        message = f"the date is {date}, but the reverse has {in_reverse[0]}"
        yield problem_at(fact, "reverse.question", message, "fix one of them")
    for key, other in named:
        if not key.startswith("reverse.") and date.day and other.day and english.is_near_miss(date, other):
            hint = "fix one of them, or accept the warning if both are true"
            yield problem_at(fact, key, f"{other}, but the date is {date}", hint)


def _years_only_in_mnemonic(fact: Fact, named: list[tuple[str, Date]]) -> Iterator[Problem]:
    in_mnemonic = [date.year for key, date in named if key == "mnemonic"]
    elsewhere = {date.year for key, date in named if key != "mnemonic"}
    if isinstance(fact.answer, Date):
        elsewhere.add(fact.answer.year)
    missing = [year for year in in_mnemonic if year not in elsewhere]
    if len(in_mnemonic) - len(missing) >= 2:
        for year in missing:
            hint = "fix the year, or name it in another text"
            yield problem_at(fact, "mnemonic", f"{year}, which is in no other text of the fact", hint)


class _Event(NamedTuple):
    """A fact whose answer is a date, and the words that a sentence about this event has."""

    fact: Fact
    date: Date
    stems: frozenset[str]


class _Sentence(NamedTuple):
    fact: Fact
    key: str  # of the text that it is in
    text: str
    days: list[Date]


# What a day shares with its near misses -> the rarest word of an event -> the numbers of such events.
_Index = Mapping["tuple[str, int, int]", Mapping[str, "list[int]"]]


@rule(WARNING, language="en")
def dates_agree_between_facts(deck: Deck) -> Iterator[Problem]:
    """If a text gives the date of an event that another fact is about, both have the same date."""
    events = [
        _Event(fact, fact.answer, english.stems(english.undated(fact.question)))
        for fact in deck.facts
        if isinstance(fact.answer, Date)
    ]
    index = _near_miss_index(events)
    for sentence in _sentences_with_days(deck):
        for event, wrong in itertools.islice(_contradicted(sentence, events, index), MAX_CONTRADICTED):
            message = f"{wrong}, but {event.fact.id} has {event.date}"
            hint = "fix one of them, or say which other event it is"
            yield problem_at(sentence.fact, sentence.key, message, hint, other=event.fact.id)


def _near_miss_index(events: Sequence[_Event]) -> _Index:
    """Each event under its rarest word, because many facts have the same date, and few the same rare word."""
    ranks = rarity(event.stems for event in events)
    index: dict[tuple[str, int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, event in enumerate(events):
        if len(event.stems) >= MIN_EVENT_WORDS and event.date.day:
            rarest = min(event.stems, key=ranks.__getitem__)
            for part in _shared_parts(event.date):
                if len(index[part][rarest]) < MAX_INDEXED_PER_WORD:
                    index[part][rarest].append(number)
    return index


def _shared_parts(day: Date) -> list[tuple[str, int, int]]:
    """What a day shares with its near misses: two of its three parts, or day and month in either order."""
    first, second = sorted((day.month, day.day))
    swapped = (f"swapped {day.year}", first, second)
    return [("ym", day.year, day.month), ("yd", day.year, day.day), ("md", day.month, day.day), swapped]


def _sentences_with_days(deck: Deck) -> Iterator[_Sentence]:
    months = deck.texts.matching(rf"(?:{'|'.join(english.MONTHS).casefold()}) [12]")
    for fact, key, text in months:
        for sentence in fact.true_sentences(key, text) if not fact.retired else ():
            if days := [date for date in english.dates(sentence) if date.day]:
                yield _Sentence(fact, key, sentence, days)


def _contradicted(sentence: _Sentence, events: Sequence[_Event], index: _Index) -> Iterator[tuple[_Event, Date]]:
    """The events that a sentence is about but whose date it does not have, each with the near miss that it has."""
    by_word = [index[part] for day in sentence.days for part in _shared_parts(day) if part in index]
    if not by_word:
        return
    fact, text = sentence.fact, sentence.text
    if sentence.key.endswith(".why"):  # a reason is about its statement
        text = f"{fact.statement_of(sentence.key).text} {text}"
    words = english.stems(text)
    context = words | english.stems(f"{fact.about} {fact.question}")
    found = {number for numbers in by_word for word in context & numbers.keys() for number in numbers[word]}
    for event in [events[number] for number in sorted(found)]:
        is_about_it = event.fact.id != fact.id and event.stems <= context and len(event.stems & words) > 1
        near_miss = next((day for day in sentence.days if english.is_near_miss(event.date, day)), None)
        if is_about_it and near_miss and event.date not in sentence.days:
            yield event, near_miss


@rule(WARNING, uses_today=True)
def what_can_move_is_confirmed_within_a_year(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A fact with `as_of` has to be confirmed again within a year after that date, unless it is retired.

    This is a warning, because the card says as of when it is true, and whoever builds a deck may not have the sources.
    """
    for fact in deck.facts:
        if fact.is_due(today) and not fact.retired:
            hint = "look for newer sources, or ask about a past date"
            yield problem_at(fact, "as_of", f"as of {fact.as_of}, so due to be confirmed again", hint)


@rule(WARNING, language="en")
def what_is_told_of_now_has_an_as_of(deck: Deck) -> Iterator[Problem]:
    """A text about the present, with "current", "now" or "has been since", needs `as_of`, because it can change.

    A past state with its date ("by a report of 2019") cannot, and needs none.
    """
    for fact, key, text in deck.texts.containing(*_SIGNS_OF_THE_PRESENT):
        if fact.as_of or fact.retired or key in ("changed", "reworded"):
            continue
        for sentence in fact.true_sentences(key, text):
            match = re.search(_NOW, sentence) or (not english.dates(sentence) and re.search(_STILL, sentence))
            if match:
                quoted = match[0] if len(match[0]) <= MAX_QUOTED else f"{match[0][:14]} ... {match[0][-10:]}"
                yield problem_at(fact, key, f"{quoted!r} without an `as_of`", "add `as_of`, or write about a past day")


def _newest_source(deck: Deck, fact: Fact) -> Date | None:
    """The date of the newest source of a fact; None if a source has no date, because it may be of any day."""
    dates = [deck.sources[citation.source].date for citation in fact.sources]
    known = [date for date in dates if date]
    return max(known, key=_last_day) if known and len(known) == len(dates) else None


def _last_day(date: Date) -> tuple[int, int, int]:
    """The latest day that a date can mean, to compare it with others; a month may not have it."""
    return (date.year, date.month or 12, date.day or 31)
