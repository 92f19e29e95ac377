"""What a deck is made of, as frozen values; alone knows the shape of a fact. No files, no clock, no Anki."""

from __future__ import annotations

import bisect
import datetime
import itertools
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

SOME = 200  # values of an entry, among which one is found by looking through them
WIDEST = 500  # characters of a line that tells a problem
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a file: lines and columns count from 1, columns in characters.

    `end` is the line and column after its last character, where they are known.
    """

    path: str
    line: int = 1
    column: int = 1
    end: tuple[int, int] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Places(Mapping[str, Place]):
    """Where the values of an entry stand, by keys such as `reverse.question` and `tags.0`.

    It makes a Place when it is asked for one, which is rare: as Places, those of 100,000 facts would take 400 MB. The
    numbers are line and column of start and end, four for each key; they count from 0, below so many lines `above`,
    and an end of -1 is not known.
    """

    __slots__ = ("_above", "_found", "_keys", "_numbers", "_path")

    def __init__(self, path: str, keys: tuple[str, ...], numbers: Sequence[int], above: int = 0) -> None:
        self._path = path
        self._keys = _SHAPES.setdefault(keys, keys)
        self._numbers = array("i", numbers)
        self._above = above
        self._found: dict[str, int] | None = None

    def __getitem__(self, key: str) -> Place:
        if len(self._keys) > SOME:  # and there will be thousands of questions
            self._found = self._found or {each: number for number, each in enumerate(self._keys)}
            return self._place(self._found[key])
        try:
            return self._place(self._keys.index(key))
        except ValueError:
            raise KeyError(key) from None

    def _place(self, number: int) -> Place:
        line, column, last, end = self._numbers[4 * number : 4 * number + 4]
        stop = (self._above + last + 1, end + 1) if last >= 0 else None
        return Place(self._path, self._above + line + 1, column + 1, stop)

    def all(self) -> dict[str, Place]:
        """All at once."""
        return {key: self._place(number) for number, key in enumerate(self._keys)}

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


# Most entries have the same keys as others, and share them.
_SHAPES: dict[tuple[str, ...], tuple[str, ...]] = {}


@dataclass(frozen=True, order=True)
class Problem:
    """Something an author must mend: where, in which entry (may be empty), what is wrong and the way out.

    A warning is for the author to look at, and no reason not to build. `code` names the rule that found it, and `other`
    the entry that this one was compared with, if any.
    """

    place: Place
    id: str
    what: str
    way_out: str
    warning: bool = False
    code: str = field(default="", compare=False)
    other: str = field(default="", compare=False)

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return printable(f"{self.place}: {kind}{self.id}{': ' * bool(self.id)}{self.what}; {self.way_out}")


def printable(text: str) -> str:
    """Text of any file on one line of a terminal, which it cannot command; of a long one the middle is left out."""
    if len(text) > WIDEST:
        text = f"{text[: WIDEST - 100]} ... {text[-95:]}"
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class Date(NamedTuple):
    """A day, a month or a year, as precise as its source and no more; the parts not known are 0."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """In the words of a card: `15 May 1992`, `October 2020`, `2018`."""
        month = MONTHS[self.month - 1] if self.month else ""
        return " ".join(part for part in (str(self.day or ""), month, str(self.year)) if part)

    def first_day(self) -> datetime.date:
        """The earliest day that the date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)


@dataclass(frozen=True)
class Source:
    """A page or document that vouches for facts; `url` is its official or most lasting address.

    `place` is that of its key, `places` tells where each value stands.
    """

    key: str
    title: str
    publisher: str
    url: str
    date: Date | None = None
    archive: str = ""
    accept: Mapping[str, str] = field(default_factory=dict)
    place: Place = field(default_factory=lambda: Place(""), compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def published(self) -> str:
        """By whom, and when if that is known: `CSTO, 7 October 2002`."""
        return f"{self.publisher}, {self.date}" if self.date else self.publisher


class Citation(NamedTuple):
    """A source and the place in it (`Art. 13`); the place may be empty."""

    source: str
    where: str = ""


class Reverse(NamedTuple):
    """A fact's question turned round: the second card of its note."""

    question: str
    answer: str


class Statement(NamedTuple):
    """One of the statements, or pairs, of a practice question: what it says, whether it is correct, and why."""

    text: str
    correct: bool
    why: str


class Picture(NamedTuple):
    """A picture of the deck by its file name, and in words, for those who cannot see it."""

    file: str
    alt: str


class Card(NamedTuple):
    """One question and answer of a fact, the keys of both in its `places`, and the picture above the answer, if any."""

    key: str
    question: str
    answer_key: str
    answer: str
    image: Picture | None = None


class Retired(NamedTuple):
    """Why a fact is no longer taught, and the id of the fact that is taught instead (may be empty)."""

    why: str
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement with its own sources and its own shelf life; one note in Anki.

    `kind` is the name of its file. `as_of`, where it is given, says that the fact can move and up to which
    day its sources vouch for it. `places` tells where each value stands, by keys such as `reverse.question` and
    `tags.0`, for problems found later.
    A practice question has `statements` and a way to `ask` about them; its answer follows from these. `image` is on
    the front, `answer_image` on the back, and `timeline` is what the timeline says at the fact's date. `changed` and
    `reworded` say what has changed since a release: the fact, so that it must be learnt again, or its words only.
    `accept` has the reasons why warnings, by their codes, are wrong here.
    """

    id: str
    kind: str
    question: str
    answer: str | Date
    sources: tuple[Citation, ...]
    tags: tuple[str, ...] = ()
    reverse: Reverse | None = None
    statements: tuple[Statement, ...] = ()
    ask: str = ""
    about: str = ""
    detail: str = ""
    mnemonic: str = ""
    image: Picture | None = None
    answer_image: Picture | None = None
    timeline: str = ""
    as_of: Date | None = None
    changed: str = ""
    reworded: str = ""
    retired: Retired | None = None
    accept: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def is_due(self, today: datetime.date) -> bool:
        """Whether it can move, and a year has passed since the date up to which its sources vouch for it."""
        return self.as_of is not None and self.as_of.first_day() <= today - datetime.timedelta(days=365)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The card or the two cards that the fact makes."""
        given = "date" if isinstance(self.answer, Date) else "statements" if self.statements else "answer"
        first = Card("question", self.question, given, str(self.answer), self.image)
        if not self.reverse:
            return (first,)
        return first, Card("reverse.question", self.reverse.question, "reverse.answer", self.reverse.answer)

    def texts(self) -> list[tuple[str, str]]:
        """All that a learner reads of the fact but dates and sources, each with its key in `places`."""
        found = []
        for card in self.cards:
            found.append((card.key, card.question))
            if card.answer_key not in ("date", "statements"):
                found.append((card.answer_key, card.answer))
        found += [("about", self.about), ("detail", self.detail), ("mnemonic", self.mnemonic)]
        found += [("timeline", self.timeline), ("changed", self.changed), ("reworded", self.reworded)]
        for number, each in enumerate(self.statements):
            found += [(f"statements.{number}.text", each.text), (f"statements.{number}.why", each.why)]
        found += [(f"{key}.alt", picture.alt) for key, picture in self.pictures()]
        found += [("retired.why", self.retired.why)] if self.retired else []
        return [(key, text) for key, text in found if text]

    def stated(self) -> list[tuple[str, str]]:
        """What the fact tells as true, sentence by sentence, each with its key in `places`."""
        wrong = {f"statements.{number}.text" for number, each in enumerate(self.statements) if not each.correct}
        told = [(key, text) for key, text in self.texts() if key not in wrong]
        return [(key, part) for key, text in told for part in re.split(r"(?<=[.?!;])\s+|\n", text) if part]

    def pictures(self) -> list[tuple[str, Picture]]:
        """The pictures that the fact shows, each with its key."""
        both = (("image", self.image), ("answer_image", self.answer_image))
        return [(key, picture) for key, picture in both if picture]


class Texts(list[tuple[Fact, str, str]]):
    """All that a learner reads of a deck: each text with its fact and its key in `places`."""

    @cached_property
    def whole(self) -> str:
        """All texts as one, each between line breaks."""
        return "\n".join(["", *[text for _, _, text in self], ""])

    @cached_property
    def _small(self) -> str:
        """The same in small letters. (A letter that becomes two would shift what comes after it.)"""
        small = self.whole.lower()
        if len(small) != len(self.whole):
            small = "".join([letter.lower()[:1] for letter in self.whole])
        # Three letters that this leaves, and that a pattern takes for others where it does not mind capitals.
        return small.replace("ı", "i").replace("ſ", "s").replace("ς", "σ")

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins there, and the end."""
        return [*itertools.accumulate((len(text) + 1 for _, _, text in self), initial=1)]

    def having(self, pattern: str) -> Iterator[tuple[Fact, str, str]]:
        """The texts in which a pattern can be found in small letters, in their order.

        It may begin with a line break, and else has none. To look through all texts as one is up to twenty times as
        fast as through each.
        """
        end = 0
        for match in re.finditer(pattern, self._small):
            if match.end() > end:
                number = bisect.bisect_right(self._starts, match.end() - 1) - 1
                end = self._starts[number + 1]
                yield self[number]

    def with_any(self, *words: str) -> Iterator[tuple[Fact, str, str]]:
        """The texts that hold one of these words in small letters, or as a part of another, in their order.

        Faster again than a pattern.
        """
        found = set()
        for word in words:
            at = self._small.find(word)
            while at >= 0:
                number = bisect.bisect_right(self._starts, at) - 1
                found.add(number)
                at = self._small.find(word, self._starts[number + 1])
        return (self[number] for number in sorted(found))


@dataclass(frozen=True, eq=False)
class Deck:
    """What is said once of a whole deck; all of it but the texts is frozen at the first release.

    `namespace` is the root of guids, tags and file names. `kinds` (one file each) and `sources` stand in the
    order of learning and of the file. `priorities`, where there are any, are tags of which each fact has one; `parts`
    are tags that name the parts of the exam. `news` are publishers whose pages do not last.
    `pictures` are the files of the folder `media`, and the timeline where there is one, by name.
    """

    title: str
    description: str
    language: str
    licence: str
    namespace: str
    deck_id: int
    note_type: str
    note_type_id: int
    kinds: Mapping[str, str]
    tags: Mapping[str, str]
    sources: Mapping[str, Source]
    facts: tuple[Fact, ...]
    priorities: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    report: str = ""
    news: tuple[str, ...] = ()
    accept: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @cached_property
    def cards(self) -> list[tuple[Fact, Card]]:
        """All cards, each with its fact."""
        return [(fact, card) for fact in self.facts for card in fact.cards]

    @cached_property
    def texts(self) -> Texts:
        """The texts of all facts."""
        return Texts([(fact, key, text) for fact in self.facts for key, text in fact.texts()])

    def place_of(self, name: str) -> Place:
        """The place of a whole file of the deck's folder, named from there."""
        return Place((PurePath(self.places["kinds"].path).parent / name).as_posix())
