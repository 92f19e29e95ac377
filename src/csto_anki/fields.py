"""Facts -> the fields of their notes, as HTML; alone knows the note type.

The note type is one for ever: Anki stops all updates of a learner's notes when a field or template comes, goes or
moves, so names, order and ids below are frozen, and spare fields wait for what nobody has thought of.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from csto_anki import practice
from csto_anki.diff import Contents
from csto_anki.facts import Deck, Fact, Picture, Retired, Source, Statement

# (name, id): Anki knows a field by its id, so even a name could change, but not the order.
FIELDS = (
    ("Question", 3611183800816671976),
    ("Answer", 1465832304496501562),
    ("Reverse", 1120969319229613724),
    ("ReverseAnswer", 515518777942895660),
    ("About", 535518968357340626),
    ("Detail", 903509247464409653),
    ("Mnemonic", 3515457824976210898),
    ("Image", 1343456151863589881),
    ("AnswerImage", 1420971864395565180),
    ("Statements", 2752748040638799964),
    ("Reasons", 2917055626875798466),
    ("AsOf", 580498407235322553),
    ("Sources", 2964659726520006820),
    ("Retired", 3290054605939781621),
    ("Report", 2884160163739410625),
    ("Language", 1703083253887869219),
    ("Id", 2264687604650465410),
    ("Changed", 3612074020628169791),
    ("Spare1", 2830819703267876122),
    ("Spare2", 4319150948281589437),
    ("Spare3", 3202278072794216567),
    ("Spare4", 2819587239436681556),  # see VERSION
)
# The fields of the pictures, by their keys in the card files.
PICTURES = {"image": "Image", "answer_image": "AnswerImage"}
# The sides of a template, as we and as Anki name them.
SIDES = (("front", "qfmt"), ("back", "afmt"))
TEMPLATES = (("Question", 4589345813588194791), ("Reverse", 1172705197225831172))

# A field that the package fills in. The version of the whole deck cannot stand on the cards: in the note type it would
# replace a learner's own styling with every release, and in a field every note. That of the note changes with the note.
VERSION = "Spare4"

NOTE_FOLDER = Path(__file__).parent / "note"
# With the combining marks that show the stress.
CYRILLIC = re.compile(
    r"[\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*(?:[ -][\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*)*"
)


def contents(deck: Deck) -> Contents:
    """All that a package of the deck holds."""
    return Contents(settings(deck), notes(deck), looks())


def looks() -> dict[str, str]:
    """How a note looks: the front and back of each template, and the styling."""
    question, reverse, back, style = (
        (NOTE_FOLDER / name).read_text("utf-8") for name in ("question.html", "reverse.html", "back.html", "style.css")
    )
    return {
        "Question front": question,
        "Question back": back,
        "Reverse front": reverse,
        # The same back with the answer to the other question.
        "Reverse back": back.replace("{{Answer}}", "{{ReverseAnswer}}"),
        "Styling": style,
    }


def settings(deck: Deck) -> dict[str, str]:
    """What a package takes from the deck as a whole; all of it but the description is frozen once released."""
    return {
        "title": deck.title,
        "description": f"{_html(deck.description)}<br><br>{_html(deck.licence)}",
        "namespace": deck.namespace,
        "language": deck.language,
        "deck_id": str(deck.deck_id),
        "note_type": deck.note_type,
        "note_type_id": str(deck.note_type_id),
        "fields": ", ".join(f"{name} {id}" for name, id in FIELDS),
        "templates": ", ".join(f"{name} {id}" for name, id in TEMPLATES),
    }


def notes(deck: Deck) -> dict[str, dict[str, str]]:
    """For every fact, in the order of learning, the fields of its note as HTML; empty fields left out.

    Beside the fields of the note type: `Tags`, and `Reworded`, which only the record of releases needs.
    """
    links = {key: _link(source) for key, source in deck.sources.items()}  # many facts cite the same
    return {fact.id: {name: value for name, value in _fields(deck, fact, links) if value} for fact in deck.facts}


def _fields(deck: Deck, fact: Fact, links: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Question", _html(fact.question)
    yield "Answer", _html(str(fact.answer))
    if fact.reverse:
        yield "Reverse", _html(fact.reverse.question)
        yield "ReverseAnswer", _html(fact.reverse.answer)
    if fact.statements:
        yield "Statements", _statements(fact)
        yield "Reasons", f"<ol>{''.join(map(_reason, fact.statements))}</ol>"
    yield "About", _html(fact.about)
    yield "Detail", _html(fact.detail)
    yield "Mnemonic", _html(fact.mnemonic)
    for key, picture in fact.pictures():
        yield PICTURES[key], f'<img src="{picture_name(deck, picture)}" alt="{html.escape(picture.alt)}">'
    yield "AsOf", str(fact.as_of or "")
    yield "Sources", "<br>".join([_cited(links[each.source], each.where) for each in fact.sources])
    if fact.retired:
        yield "Retired", _retired(fact.retired)
    if deck.report:
        where = html.escape(deck.report.replace("{id}", fact.id))
        yield "Report", f'<a href="{where}">Report a mistake</a>'
    yield "Language", deck.language
    yield "Id", fact.id
    yield "Changed", _html(fact.changed)
    yield "Reworded", _html(fact.reworded)
    given = [fact.kind, *fact.tags, *(["retired"] if fact.retired else [])]
    yield "Tags", " ".join(f"{deck.namespace}::{tag}" for tag in dict.fromkeys(given))


def tags(fields: Mapping[str, str]) -> list[str]:
    """The tags of a note, as from `notes`, without their namespace; the first is its kind."""
    return [tag.partition("::")[2] for tag in fields["Tags"].split()]


def pictures(deck: Deck) -> dict[str, bytes]:
    """The pictures that the notes of the deck show, by their names in Anki."""
    shown = [picture for fact in deck.facts for _, picture in fact.pictures()]
    return {picture_name(deck, picture): deck.pictures[picture.file] for picture in shown}


def shown(fields: Mapping[str, str]) -> list[str]:
    """The names of the pictures that a note, as from `notes`, shows."""
    return re.findall(r'<img src="([^"]*)"', "".join(fields.get(name, "") for name in PICTURES.values()))


def picture_name(deck: Deck, picture: Picture) -> str:
    """The name of a picture in Anki's one folder for all decks: of this deck, and another for other contents.

    Anki keeps the file that it has under a name, so a mended picture must have another.
    """
    stem, _, suffix = picture.file.rpartition(".")
    return f"{deck.namespace}-{stem}-{hashlib.sha256(deck.pictures[picture.file]).hexdigest()[:10]}.{suffix}"


def _statements(fact: Fact) -> str:
    """What stands under the lead of a practice question, as in the exam paper."""
    items = "".join(f"<li>{_html(statement.text)}</li>" for statement in fact.statements)
    choices = "<br>".join(practice.options(fact.ask, fact.statements))
    return f"<ol>{items}</ol><p>{practice.ASKS[fact.ask].line}</p><p>{choices}</p>"


def _reason(statement: Statement) -> str:
    name, mark = ("right", "\N{CHECK MARK} Correct.") if statement.correct else ("wrong", "\N{BALLOT X} Not correct.")
    return f'<li class="{name}"><b>{mark}</b> {_html(statement.why)}</li>'


def _retired(retired: Retired) -> str:
    instead = f"<br>Instead, learn the card that this search finds: Id:{retired.replaced_by}"
    return _html(retired.why) + instead * bool(retired.replaced_by)


def _html(text: str) -> str:
    """Text as typed, with its line breaks; Russian words are marked as Russian, for fonts and voices."""
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return escaped if text.isascii() else CYRILLIC.sub(r'<span lang="ru">\g<0></span>', escaped)


def _link(source: Source) -> str:
    link = f'<a href="{html.escape(source.url)}">{_html(source.title)}</a>'
    return f"{link} ({_html(source.published())})"


def _cited(link: str, where: str) -> str:
    return f"{link}, {_html(where)}" if where else link
