"""What a deck is made of, as frozen values: facts, sources and the deck itself. No files, no clock, no Anki."""

from __future__ import annotations

import bisect
import datetime
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

from csto_anki.deck.problem import Place
from csto_anki.language.english import ENGLISH
from csto_anki.language.words import Words


class Date(NamedTuple):
    """A day, a month or a year, as precise as its source and no more; the parts not known are 0."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """In English: `15 May 1992`, `October 2020`, `2018`."""
        return ENGLISH.date_in_words(self)

    def first_day(self) -> datetime.date:
        """The earliest day that the date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)


@dataclass(frozen=True)
class Source:
    """A page or document that confirms facts; `url` is its official or most lasting address.

    `place` is the place of its key, `places` those of its values.
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
        """Who published it, and when if that is known: `CSTO, 7 October 2002`."""
        return f"{self.publisher}, {self.date}" if self.date else self.publisher


class Citation(NamedTuple):
    """The key of a source, and the place in it, such as `Art. 13`; the place may be empty."""

    source: str
    where: str = ""


class Reverse(NamedTuple):
    """A fact's question turned round, from the answer to the subject: the second card of its note.

    `about` is the subject above it, if that of the fact would give away the answer.
    """

    question: str
    answer: str
    about: str = ""


class Statement(NamedTuple):
    """One of the statements, pairs, rows, names, events or options of a practice question.

    It has a verdict and its reason; an event has a `date` and no verdict. `explains` says whether it explains the first
    statement, if the form asks for that.
    """

    text: str
    correct: bool | None = None
    why: str = ""
    explains: bool | None = None
    date: Date | None = None


class Picture(NamedTuple):
    """A picture of the deck by its file name, and in words for people who cannot see it."""

    file: str
    alt: str


class Card(NamedTuple):
    """A question of a fact, its answer and the subject above it, each with its key in `places`, and its picture."""

    key: str
    question: str
    answer_key: str
    answer: str
    about_key: str
    about: str
    image: Picture | None = None


class Retired(NamedTuple):
    """Why a fact is no longer taught, and the id of the fact that is taught instead (may be empty)."""

    why: str
    replaced_by: str = ""


class Term(NamedTuple):
    """The one word for a term in the language of an edition, where it was seen, and words that are not used for it."""

    word: str
    seen: str
    rivals: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement with its own sources and its own shelf life; one note in Anki.

    `kind` is the name of its file without `.yaml`. `as_of`, if given, says that the fact can change and up to which
    date its sources confirm it. A practice question has `statements` and a form, `ask`; its answer follows from these.
    Some forms have the heads of `columns`, or a `predicate` that ends the line below the statements. `tests` has the
    ids of the facts after which the question is taught. `image` is on the front, `answer_image` on the back, and
    `timeline` is what the timeline says at its date. `changed` says how the fact has changed since a release, so that
    it must be learnt again; `reworded` says how only its words have changed. `accept` has the codes of warnings that
    are wrong here, each with the reason. `places` has the place of each value, by keys such as `reverse.question` and
    `tags.0`. A translated fact has its `original`, and `translates` is the digest of the wording that it translates.
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
    columns: tuple[str, ...] = ()
    predicate: str = ""
    tests: tuple[str, ...] = ()
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
    words: Words = field(default=ENGLISH, compare=False, repr=False)
    original: Fact | None = field(default=None, compare=False, repr=False)
    translates: str = field(default="", compare=False)

    def is_due(self, today: datetime.date) -> bool:
        """Whether it can change, and a year has passed since the date up to which its sources confirm it."""
        return self.as_of is not None and self.as_of.first_day() <= today - datetime.timedelta(days=365)

    @property
    def answer_text(self) -> str:
        """The answer as a card has it."""
        return self.words.date_in_words(self.answer) if isinstance(self.answer, Date) else self.answer

    @property
    def cards(self) -> tuple[Card, ...]:
        """The one or two cards of the fact."""
        answer_key = "date" if isinstance(self.answer, Date) else "statements" if self.statements else "answer"
        first = Card("question", self.question, answer_key, self.answer_text, "about", self.about, self.image)
        if not self.reverse:
            return (first,)
        about = ("reverse.about", self.reverse.about) if self.reverse.about else ("about", self.about)
        return first, Card("reverse.question", self.reverse.question, "reverse.answer", self.reverse.answer, *about)

    def texts(self) -> list[tuple[str, str]]:
        """All texts that a learner reads, except dates and sources, each with its key in `places`."""
        found = []
        for card in self.cards:
            found.append((card.key, card.question))
            if card.answer_key not in ("date", "statements"):
                found.append((card.answer_key, card.answer))
        found += [(f"columns.{number}", head) for number, head in enumerate(self.columns)]
        found += [
            ("predicate", self.predicate),
            ("about", self.about),
            ("reverse.about", self.reverse.about if self.reverse else ""),
            ("detail", self.detail),
            ("mnemonic", self.mnemonic),
        ]
        found += [("timeline", self.timeline), ("changed", self.changed), ("reworded", self.reworded)]
        for number, each in enumerate(self.statements):
            found += [(f"statements.{number}.text", each.text), (f"statements.{number}.why", each.why)]
        found += [(f"{key}.alt", picture.alt) for key, picture in self.pictures()]
        found += [("retired.why", self.retired.why)] if self.retired else []
        return [(key, text) for key, text in found if text]

    def wording(self) -> list[tuple[str, str]]:
        """Its texts, except what is said of its changes since a release: each edition has releases of its own."""
        return [(key, text) for key, text in self.texts() if key not in ("changed", "reworded")]

    def true_sentences(self, key: str, text: str) -> list[str]:
        """The sentences of one of its texts, given with its key, that are true: none of a wrong statement."""
        if key.startswith("statements.") and key.endswith(".text") and self.statement_of(key).correct is False:
            return []
        return [each for each in re.split(rf"(?<=[{re.escape(self.words.sentence_ends)}])\s+|\n", text) if each]

    def statement_of(self, key: str) -> Statement:
        """The statement that has a text with this key, such as `statements.0.why`."""
        return self.statements[int(key.split(".")[1])]

    def pictures(self) -> list[tuple[str, Picture]]:
        """The pictures that the fact shows, each with its key."""
        return [(key, each) for key, each in (("image", self.image), ("answer_image", self.answer_image)) if each]


class Texts(list[tuple[Fact, str, str]]):
    """All texts of a deck that a learner reads, each with its fact and its key in `places`."""

    @cached_property
    def whole(self) -> str:
        """All texts as one text, with line breaks between them."""
        return "\n".join(["", *[text for _, _, text in self], ""])

    @cached_property
    def _lowercase(self) -> str:
        """`whole` in lowercase, and of the same length, even if a lowercase letter would be two characters."""
        lowercase = self.whole.lower()
        if len(lowercase) != len(self.whole):
            lowercase = "".join([letter.lower()[:1] for letter in self.whole])
        # `lower` keeps these three letters, but a pattern that ignores case takes them for the others.
        return lowercase.replace("ı", "i").replace("ſ", "s").replace("ς", "σ")

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins in `whole`, and the end of `whole`."""
        return [*itertools.accumulate((len(text) + 1 for _, _, text in self), initial=1)]

    def matching(self, pattern: str) -> Iterator[tuple[Fact, str, str]]:
        """The texts that match a pattern in lowercase, in their order; they are searched without regard to case.

        The pattern may begin with a line break, but has no other. To search all texts as one is up to twenty times as
        fast as to search each.
        """
        end = 0
        for match in re.finditer(pattern, self._lowercase):
            if match.end() > end:
                number = bisect.bisect_right(self._starts, match.end() - 1) - 1
                end = self._starts[number + 1]
                yield self[number]

    def containing(self, *words: str) -> Iterator[tuple[Fact, str, str]]:
        """The texts that contain one of these lowercase words, also inside a longer word, in their order.

        It is even faster than `matching`.
        """
        found = set()
        for word in words:
            at = self._lowercase.find(word)
            while at >= 0:
                number = bisect.bisect_right(self._starts, at) - 1
                found.add(number)
                at = self._lowercase.find(word, self._starts[number + 1])
        return (self[number] for number in sorted(found))


def beginning_of_names(namespace: str, edition: str) -> str:
    """The first part of the names of a deck's files: its namespace, and of an edition also its language."""
    return f"{namespace}-{edition.lower()}" if edition else namespace


@dataclass(frozen=True, eq=False)
class Deck:
    """A whole deck; everything but facts, sources and descriptive texts is frozen at the first release.

    `namespace` is the first part of guids, tags and file names. `kinds` (one file each) are in the order in which they
    are taught. Each fact has one of the `priorities`, if there are any; `path` has the ids of the first facts to learn;
    `parts` are tags that name the parts of the exam, and `exams` has the first day of each exam. `report` and
    `download` are addresses with placeholders for an id, a version and a file. `news` are publishers whose pages do not
    last. `standing` are publishers on whose word a fact can rest, in named groups, the most official first. `pictures`
    are the files of the folder `media`, and the timeline if there is one, by name. `words` are those of its language.
    An edition, which is a translation, has its `original`, and the `terms` of its glossary by their original names.
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
    path: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    exams: Mapping[str, datetime.date] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    report: str = ""
    download: str = ""
    news: tuple[str, ...] = ()
    standing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accept: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    words: Words = ENGLISH
    terms: Mapping[str, Term] = field(default_factory=dict)
    original: Deck | None = None

    @property
    def file_name(self) -> str:
        """The first part of the names of its files."""
        return beginning_of_names(self.namespace, self.language if self.original else "")

    @cached_property
    def publishers_of_standing(self) -> frozenset[str]:
        """The publishers of all groups of `standing`."""
        return frozenset(publisher for group in self.standing.values() for publisher in group)

    @cached_property
    def cards(self) -> list[tuple[Fact, Card]]:
        """All cards, each with its fact."""
        return [(fact, card) for fact in self.facts for card in fact.cards]

    @cached_property
    def texts(self) -> Texts:
        """The texts of all facts."""
        return Texts([(fact, key, text) for fact in self.facts for key, text in fact.texts()])

    def place_of(self, name: str) -> Place:
        """The place of a whole file, given by its path in the deck's folder."""
        return Place((PurePath(self.places["kinds"].path).parent / name).as_posix())
