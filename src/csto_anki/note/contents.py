"""A deck -> what is in its package: the settings, the fields and tags of each note, the looks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from csto_anki.deck import practice
from csto_anki.deck.model import Deck, Fact, Picture, Retired, Source
from csto_anki.language.words import Words
from csto_anki.note import html
from csto_anki.note.note_type import FIELD_IDS, IMAGE_FIELDS, REVERSE_ABOUT_FIELD, TEMPLATES, Looks, looks
from csto_anki.note.order import teaching_order

RETIRED_TAG = "retired"  # the tag of a note that is no longer taught
# What a note has besides its fields, by the names in the record of releases. `Reworded` is not in a package.
TAGS, REWORDED = "Tags", "Reworded"


class Note(NamedTuple):
    """What is on a note: its fields as HTML (empty ones left out), and its tags, of which the first is its kind.

    `reworded` is what its author says of the last change of its words, as HTML; it is not in a package.
    """

    fields: Mapping[str, str]
    tags: tuple[str, ...]
    reworded: str = ""

    @property
    def kind(self) -> str:
        """The name of the file that its fact is in."""
        return self.short_tags[0]

    @property
    def short_tags(self) -> list[str]:
        """Its tags without their namespace."""
        return [tag.partition("::")[2] for tag in self.tags]

    @property
    def is_retired(self) -> bool:
        return "Retired" in self.fields

    def is_in(self, only: str | None) -> bool:
        """Whether it is in the package of this tag, or in that of the whole deck if the tag is None.

        Retired notes are only in the package of the retired ones.
        """
        if self.is_retired:
            return only == RETIRED_TAG
        return only is None or only in self.short_tags

    def text(self, name: str) -> str:
        """The text of a field, empty if the note does not have it."""
        return html.to_text(self.fields.get(name, ""))

    def images(self) -> list[str]:
        """The names of the images that it shows."""
        return [image for name in IMAGE_FIELDS.values() for image in html.read(self.fields.get(name, "")).images]

    def values(self) -> dict[str, str]:
        """All of it by name: the fields, and `Reworded` and `Tags`."""
        reworded = {REWORDED: self.reworded} if self.reworded else {}
        return {**self.fields, **reworded, TAGS: " ".join(self.tags)}

    @staticmethod
    def of(values: Mapping[str, str]) -> Note:
        """The note with these `values`."""
        fields = {name: value for name, value in values.items() if name not in (TAGS, REWORDED)}
        return Note(fields, tuple(values[TAGS].split()), values.get(REWORDED, ""))


class Settings(NamedTuple):
    """What a package takes from the deck as a whole; all but the description is frozen once it is released.

    A value of None is not known: a package does not have all of them.
    """

    title: str
    description: str | None = None  # HTML
    namespace: str | None = None
    language: str | None = None
    deck_id: int | None = None
    note_type: str | None = None
    note_type_id: int | None = None
    fields: str | None = None
    templates: str | None = None

    def texts(self) -> dict[str, str]:
        """Each known value by its name, as a text."""
        return {name: str(value) for name, value in self._asdict().items() if value is not None}


class Contents(NamedTuple):
    """All that a package holds: the settings, the notes by id in the order in which they are taught, and the looks.

    `settings` is None if nothing is released yet.
    """

    settings: Settings | None
    notes: Mapping[str, Note]
    looks: Looks

    def same_as(self, other: Contents) -> bool:
        """Whether nothing at all differs, including the order of the notes."""
        return self == other and list(self.notes) == list(other.notes)


def contents(deck: Deck) -> Contents:
    """All that a package of the deck holds."""
    return Contents(_settings(deck), _notes(deck), looks(deck.words))


def _settings(deck: Deck) -> Settings:
    return Settings(
        title=deck.title,
        description=f"{html.from_text(deck.description)}<br><br>{html.from_text(deck.licence)}",
        namespace=deck.namespace,
        language=deck.language,
        deck_id=deck.deck_id,
        note_type=deck.note_type,
        note_type_id=deck.note_type_id,
        fields=", ".join(f"{name} {id}" for name, id in FIELD_IDS),
        templates=", ".join(f"{name} {id}" for name, id in TEMPLATES),
    )


def _notes(deck: Deck) -> dict[str, Note]:
    cited = {key: _cited(source, deck.words) for key, source in deck.sources.items()}  # many facts cite the same
    ranks = {publisher: rank for rank, group in enumerate(deck.standing.values()) for publisher in group}
    order = {key: ranks.get(source.publisher, len(ranks)) for key, source in deck.sources.items()}
    return {
        fact.id: Note(
            {name: value for name, value in _fields(deck, fact, cited, order) if value},
            _tags(deck.namespace, fact),
            html.from_text(fact.reworded),
        )
        for fact in teaching_order(deck)
    }


def _tags(namespace: str, fact: Fact) -> tuple[str, ...]:
    given = [fact.kind, *fact.tags]
    if fact.retired:
        given.append(RETIRED_TAG)
    return tuple([f"{namespace}::{tag}" for tag in dict.fromkeys(given)])


def _fields(
    deck: Deck, fact: Fact, cited: Mapping[str, tuple[str, str]], order: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """The value of each field by its name; some are empty.

    `cited` has what is before and after the place in each source, `order` its place among the sources of a fact.
    """
    yield "Question", html.from_text(fact.question)
    yield "Answer", html.answer(fact.answer_text)
    if fact.reverse:
        yield "Reverse", html.from_text(fact.reverse.question)
        yield REVERSE_ABOUT_FIELD, html.from_text(fact.reverse.about or fact.about)
        yield "ReverseAnswer", html.answer(fact.reverse.answer)
    if fact.statements:
        yield "Statements", _statements(fact)
        yield "Reasons", _reasons(fact)
    yield "About", html.from_text(fact.about)
    yield "Detail", html.from_text(fact.detail)
    yield "Mnemonic", html.from_text(fact.mnemonic)
    for key, picture in fact.pictures():
        yield IMAGE_FIELDS[key], html.image(picture_name(deck, picture), picture.alt)
    yield "AsOf", fact.words.date_in_words(fact.as_of) if fact.as_of else ""
    sources = sorted(fact.sources, key=lambda each: order[each.source])
    yield "Sources", "".join([_source(*cited[each.source], each.where) for each in sources])
    if fact.retired:
        yield "Retired", _retired(fact.retired, fact.words)
    if deck.report:
        yield "Report", html.link(deck.report.replace("{id}", fact.id), fact.words.card.report)
    yield "Language", deck.language
    yield "Id", fact.id
    yield "Changed", html.from_text(fact.changed)


def pictures(deck: Deck) -> dict[str, bytes]:
    """The pictures that the notes of the deck show, by their names in Anki."""
    shown = [picture for fact in deck.facts for _, picture in fact.pictures()]
    return {picture_name(deck, picture): deck.pictures[picture.file] for picture in shown}


def picture_name(deck: Deck, picture: Picture) -> str:
    """The name of a picture in Anki, where all decks share one media folder: it depends on the deck and on the bytes.

    Anki does not replace a file by another one of the same name, so a corrected picture needs another name.
    """
    stem, _, suffix = picture.file.rpartition(".")
    return f"{deck.namespace}-{stem}-{hashlib.sha256(deck.pictures[picture.file]).hexdigest()[:10]}.{suffix}"


def _statements(fact: Fact) -> str:
    """What is below "Consider the following statements:" in a practice question, as in the exam paper."""
    form = practice.FORMS[fact.ask]
    listed = ""
    if not form.has_own_options:
        heads = html.cells(fact.columns) if fact.columns else ""
        labels = practice.labels(fact.ask, len(fact.statements), fact.words)
        items = [_statement(fact, label, each.text) for label, each in zip(labels, fact.statements, strict=True)]
        listed = html.numbered(items, form.numerals, heads)
    line = practice.line(fact.ask, fact.predicate, fact.words)
    choices = practice.lettered(practice.options(fact.ask, fact.statements, fact.id, fact.words))
    return listed + html.paragraphs([line] if line else []) + html.options(choices, fact.answer_text)


def _statement(fact: Fact, label: str, text: str) -> str:
    """The HTML of a statement. A label in words is a part of it; other labels are the numerals of the list."""
    if fact.columns:
        return html.cells(practice.cells(text))
    return html.from_text(f"{label} {text}" if practice.FORMS[fact.ask].has_explanations else text)


def _reasons(fact: Fact) -> str:
    """The verdict on each statement, and why."""
    headings = practice.headings(fact.ask, fact.statements, fact.words)
    return html.verdicts(
        (each.correct, heading, each.why) for each, heading in zip(fact.statements, headings, strict=True)
    )


def _retired(retired: Retired, words: Words) -> str:
    why = html.from_text(retired.why)
    if not retired.replaced_by:
        return why
    return f"{why}<br>{html.from_text(words.card.instead.format(f'Id:{retired.replaced_by}'))}"


def _cited(source: Source, words: Words) -> tuple[str, str]:
    """The publisher and title of a source, and its date."""
    date = f" ({words.date_in_words(source.date)})" if source.date else ""
    return f"{html.from_text(source.publisher)}: {html.link(source.url, source.title)}", date


def _source(title: str, date: str, where: str) -> str:
    return f"<p>{title}{f', {html.from_text(where)}' if where else ''}{date}</p>"
