"""What the rules skip for speed would have found nothing: they look at all texts as one, and for years first.

CSTO_ANKI_EXAMPLES sets the number of random decks and texts; the default is 60.
"""

from __future__ import annotations

import datetime
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csto_anki.deck import similarity
from csto_anki.deck.model import Citation, Date, Deck, Fact, Reverse, Texts
from csto_anki.deck.problem import Place, Places, Problem
from csto_anki.deck.reader import read
from csto_anki.language.english import ENGLISH
from csto_anki.rules import english
from csto_anki.rules.check import check
from support.mistakes import CARDS, MISTAKES, problems_in, with_mistake
from support.small_deck import read_deck

TODAY = datetime.date(2026, 11, 24)
REPOSITORY = Path(__file__).parents[2]
MANY = settings(max_examples=int(os.environ.get("CSTO_ANKI_EXAMPLES", "60")), deadline=None)

# What the rules on words look for, whole and in parts, and letters that become two in small letters.
PIECES = """
    current Currently at present presently nowadays Today now so far to date as yet has been since 2019 have not been
    still not yet recently Lately this year last month next week latest newest upcoming soon
    the next card|previous question|see above|See below|other cards|question
    TODO|FIXME|TBD|TBA|TBC|XXX|Lorem ipsum|???|(?)|[citation needed]|[sources needed]
    <b>|</i>|&amp;|&#160;|**|__x|](http|{{|}}|the the|had had|The THE|a a,|(word word)
    ,|;|.|?|!|,,|;;|..|...|??|!!|  | ,| .|a,b|;x|(|)|[|]|“|”|«|»|"|'s
    12 May 1992|21 May 1992|5 to 7 October 2002|30 and 31 June 2009|May 2002|1999|from 1999 to 1990|in 1992-1994|x1992
    2002 and 18 September 2003|30 and 31 December 1999|16-May 1992|14 or May 1992|May 1992|from २०२० to २०१०|१६ May 1992
    at preſent|thıs year|laſt queſtion|the followıng|km²|km|ΟΔΟΣ οδοσ|people’s's|(---)
    наёмник|Операция|(Наёмник)|(Наёмник, Nayomnik)|(Nayomnik, Наёмник)|Operation Kanal (Canal)|наeмник
    Of the following|the following|İstanbul|ß|naïve|naive|Armenia
    Collective Security Treaty|CSTO|organisation|organistion
"""
WORDS = [word for line in PIECES.strip().splitlines() for word in line.strip(" ").split("|" if "|" in line else " ")]
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", "", "\n"])), min_size=1, max_size=8
).map(lambda parts: "".join(itertools.chain(*parts)).strip() or "x")
DATES = st.sampled_from([Date(1992, 5, 15), Date(1992, 5, 12), Date(2002, 10), Date(1999)])


class Everywhere(dict[str, Place]):
    """A place for every key, whether the fact has it or not."""

    def __missing__(self, key: str) -> Place:
        return Place("dates.yaml", 1, len(key))


FACTS = st.builds(
    Fact,
    id=st.just("a"),
    kind=st.just("dates"),
    question=TEXTS,
    answer=TEXTS | DATES,
    sources=st.just((Citation("charter"),)),
    reverse=st.none() | st.builds(Reverse, TEXTS, TEXTS),
    about=st.just("") | TEXTS,
    detail=st.just("") | TEXTS,
    mnemonic=st.just("") | TEXTS,
    as_of=st.none() | st.just(Date(2002, 10)),
    places=st.just(Everywhere()),
)


def everything(self: Texts, *_: str) -> Iterator[tuple[Fact, str, str]]:
    """Instead of a quick look: all texts, whatever the rule looks for."""
    return iter(self)


def slowly(deck: Deck) -> list[Problem]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Texts, "matching", everything)
        patch.setattr(Texts, "containing", everything)
        return check(replace(deck), TODAY)


def quick(deck: Deck) -> list[Problem]:
    return check(replace(deck), TODAY)


def test_the_real_deck() -> None:
    deck, _ = read(REPOSITORY / "cards")
    assert deck is not None
    bare = replace(deck, facts=tuple(replace(fact, accept={}) for fact in deck.facts), accept={})
    problems = quick(bare)
    assert len(problems) > 30
    assert problems == slowly(bare)


def test_every_mistake(tmp_path: Path) -> None:
    folder = shutil.copytree(CARDS, tmp_path / "cards")
    for mistake in MISTAKES:
        file = folder / mistake["file"]
        sound = file.read_bytes()
        file.write_bytes(with_mistake(sound, mistake)[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Texts, "matching", everything)
            patch.setattr(Texts, "containing", everything)
            slow = problems_in(folder)
        assert problems_in(folder) == slow, mistake["name"]
        file.write_bytes(sound)


@MANY
@given(st.lists(FACTS, min_size=1, max_size=5))
def test_random_decks(deck: Deck, facts: list[Fact]) -> None:
    named = tuple(replace(fact, id=f"fact-{number}") for number, fact in enumerate(facts))
    assert quick(replace(deck, facts=named)) == slowly(replace(deck, facts=named))


@pytest.fixture(scope="session")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return read_deck(tmp_path_factory.mktemp("small"))


# The rule for dates in one expression, which tries each letter of a text.
WHOLE = re.compile(
    rf"(?:(?:\b(?P<from>\d\d?)(?: and | to | or |-|–))?(?:\b(?P<day>\d\d?) )?\b(?P<month>{'|'.join(ENGLISH.months)}) )?"
    r"\b(?P<year>1[0-9]{3}|20[0-9]{2})\b(?!-\d|\d)"
)


@MANY
@given(TEXTS)
def test_dates(text: str) -> None:
    expected = []
    for match in WHOLE.finditer(text):
        month = ENGLISH.months.index(match["month"]) + 1 if match["month"] else 0
        days = [int(day) for day in (match["from"], match["day"]) if day and month] or [0]
        expected += [Date(int(match["year"]), month, day) for day in days if day <= 31]
    assert english.dates(text) == expected
    assert english.undated(text) == WHOLE.sub("", text)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2002 and 18 September 2003", [Date(2002), Date(2003, 9, 18)]),
        ("12 and 18 September 2003", [Date(2003, 9, 12), Date(2003, 9, 18)]),
        ("on 16-May 1992", [Date(1992, 5, 16)]),
        ("5 to 7 May 1992 and 1993-05", [Date(1992, 5, 5), Date(1992, 5, 7)]),
    ],
)
def test_days_at_the_edge_of_what_is_looked_at(text: str, dates: list[Date]) -> None:
    assert english.dates(text) == dates


def test_a_day_in_another_form_disagrees_too(deck: Deck) -> None:
    signed = "On which day was the Collective Security Treaty signed?"
    told = "The Collective Security Treaty was signed on 16-May 1992."
    facts = [
        Fact("signed", "dates", signed, Date(1992, 5, 15), (Citation("charter"),), places=Everywhere()),
        Fact("told", "dates", "Where is the seat of the CSTO?", "M", (Citation("charter"),), detail=told),
    ]
    places = replace(facts[1], places=Everywhere())
    found = [str(problem) for problem in check(replace(deck, facts=(facts[0], places)), TODAY)]
    assert [line for line in found if "16 May 1992, but signed has 15 May 1992" in line]


def test_what_is_longer_than_a_word_is_not_compared() -> None:
    """All parts of it that lack one letter would take 400 megabytes."""
    assert similarity.misspelt(["a" * 20_000], ["a" * 19_999 + "b"]) == {}
    assert similarity.misspelt(["organistion"], ["organisation"]) == {"organistion": "organisation"}


def test_a_look_gives_each_text_once_and_in_order() -> None:
    fact = Fact("a", "dates", "Q?", "A", ())
    texts = Texts([(fact, "question", "One now"), (fact, "answer", "NOW and now\nnow"), (fact, "detail", "İ Now")])
    keys = ["question", "answer", "detail"]
    assert [key for _, key, _ in texts.containing("now", "one")] == keys
    assert [key for _, key, _ in texts.matching(r"\bnow\b")] == keys
    assert [key for _, key, _ in texts.matching(r"\Wone")] == keys[:1]
    assert [key for _, key, _ in texts.containing("and")] == keys[1:2]
    assert [*Texts().matching("x"), *Texts().containing("x")] == []


def test_places_are_made_when_asked_for() -> None:
    places = Places("dates.yaml", ("id", "tags.0"), [0, 2, 0, 7, 3, 4, -1, -1], above=10)
    assert (str(places["id"]), places["id"].end) == ("dates.yaml:11:3", (11, 8))
    assert (str(places["tags.0"]), places["tags.0"].end) == ("dates.yaml:14:5", None)
    assert ("tags.0" in places, "tags" in places, list(places), len(places)) == (True, False, ["id", "tags.0"], 2)
    assert places.get("tags") is None
    with pytest.raises(KeyError):
        places["tags"]
