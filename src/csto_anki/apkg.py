"""Facts -> an Anki package; alone knows genanki and Anki's format.

The note type is one for ever: Anki stops all updates of a learner's notes when a field or template comes, goes or
moves, so names, order and ids below are frozen, and spare fields wait for what nobody has thought of.
"""

from __future__ import annotations

import html
import itertools
import re
import secrets
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import genanki

from csto_anki import practice
from csto_anki.facts import Citation, Deck, Fact, Statement
from csto_anki.release import Stamps

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
    ("Spare1", 3612074020628169791),
    ("Spare2", 2830819703267876122),
    ("Spare3", 4319150948281589437),
    ("Spare4", 3202278072794216567),
    ("Spare5", 2819587239436681556),
)
TEMPLATES = (("Question", 4589345813588194791), ("Reverse", 1172705197225831172))

NOTE_FOLDER = Path(__file__).parent / "note"
# With the combining marks that show the stress.
CYRILLIC = re.compile(
    r"[\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*(?:[ -][\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*)*"
)


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
    """What else of a deck shows in its package."""
    return {
        "title": deck.title,
        "description": f"{_html(deck.description)}<br><br>{_html(deck.licence)}",
        "guids": f"{deck.namespace} {deck.language}",
        "ids": f"{deck.deck_id} {deck.note_type} {deck.note_type_id}",
    }


def notes(deck: Deck) -> dict[str, dict[str, str]]:
    """For every fact, in the order of learning, the fields of its note as HTML, and its tags; empty fields left out."""
    return {fact.id: {name: value for name, value in _fields(deck, fact) if value} for fact in deck.facts}


def _fields(deck: Deck, fact: Fact) -> Iterator[tuple[str, str]]:
    yield "Question", _html(fact.question)
    yield "Answer", _html(str(fact.answer))
    if fact.reverse:
        yield "Reverse", _html(fact.reverse.question)
        yield "ReverseAnswer", _html(fact.reverse.answer)
    if fact.statements:
        yield "Statements", _statements(fact)
        yield "Reasons", f"<ol>{''.join(f'<li>{_reason(each)}</li>' for each in fact.statements)}</ol>"
    yield "About", _html(fact.about)
    yield "Detail", _html(fact.detail)
    yield "Mnemonic", _html(fact.mnemonic)
    yield "AsOf", str(fact.as_of or "")
    yield "Sources", "<br>".join(_source(deck, citation) for citation in fact.sources)
    yield "Retired", _html(fact.retired)
    if deck.report:
        yield "Report", f'<a href="{html.escape(deck.report)}">{html.escape(deck.report)}</a>'
    yield "Language", deck.language
    yield "Id", fact.id
    given = [fact.kind, *fact.tags, *(["retired"] if fact.retired else [])]
    yield "Tags", " ".join(f"{deck.namespace}::{tag}" for tag in dict.fromkeys(given))


def tags(deck: Deck, fields: Mapping[str, str]) -> list[str]:
    """The tags of a note, as from `notes`, without their namespace."""
    return [tag.removeprefix(f"{deck.namespace}::") for tag in fields["Tags"].split()]


def _statements(fact: Fact) -> str:
    """What stands under the lead of a practice question, as in the exam paper."""
    items = "".join(f"<li>{_html(statement.text)}</li>" for statement in fact.statements)
    choices = "<br>".join(practice.options(fact.ask, fact.statements))
    return f"<ol>{items}</ol><p>{practice.ASKS[fact.ask].line}</p><p>{choices}</p>"


def _reason(statement: Statement) -> str:
    mark = "\N{CHECK MARK} Correct." if statement.correct else "\N{BALLOT X} Not correct."
    return f"<b>{mark}</b> {_html(statement.why)}"


def _html(text: str) -> str:
    """Text as typed, with its line breaks; Russian words are marked as Russian, for fonts and voices."""
    marked = CYRILLIC.sub(r'<span lang="ru">\g<0></span>', html.escape(text, quote=False))
    return marked.replace("\n", "<br>")


def _source(deck: Deck, citation: Citation) -> str:
    source = deck.sources[citation.source]
    link = f'<a href="{html.escape(source.url)}">{_html(source.title)}</a>'
    dated = f"{source.publisher}, {source.date}" if source.date else source.publisher
    return f"{link} ({_html(dated)}){', ' if citation.where else ''}{_html(citation.where)}"


class Note(genanki.Note):  # type: ignore[misc]
    """A note that keeps its own modification time, and ids of its own in a part of the deck as in the whole.

    genanki would stamp all notes with the time of the build and number them through.
    """

    mod: int
    first_id: int

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.mod, deck_id, itertools.count(self.first_id))


class NoteType(genanki.Model):  # type: ignore[misc]
    """A note type that keeps its own modification time."""

    mod: int

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        return super().to_json(self.mod, deck_id)


def write(
    deck: Deck,
    contents: Mapping[str, Mapping[str, str]],
    styled: Mapping[str, str],
    stamps: Stamps,
    output: Path,
    only: str | None = None,
) -> tuple[int, int]:
    """Write the package and return its numbers of notes and cards.

    `contents` comes from `notes`, `styled` from `looks`. With `only`, a tag without its namespace, the package holds
    the notes of that tag, each as it is in the whole: importing the whole later adds the rest. The same arguments give
    the same bytes with the same version of SQLite and zlib. Only a finished file takes the place of `output`. Raises
    OSError where the machine will not have it.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    work = output.parent / f".csto-anki-{secrets.token_hex(8)}"
    try:
        work.mkdir()
        package = _package(deck, contents, styled, stamps, only)
        _database(package, stamps.time, work / "collection.anki2")
        _zip(work, work / "package.zip")
        (work / "package.zip").replace(output)
    except sqlite3.Error as error:
        raise OSError(f"{error}") from error
    finally:
        try:
            shutil.rmtree(work, ignore_errors=True)
        except KeyboardInterrupt:
            shutil.rmtree(work, ignore_errors=True)
            raise
    written = package.decks[0].notes
    return len(written), sum(len(note.cards) for note in written)


def _package(
    deck: Deck, contents: Mapping[str, Mapping[str, str]], styled: Mapping[str, str], stamps: Stamps, only: str | None
) -> Any:
    note_type = NoteType(
        deck.note_type_id,
        deck.note_type,
        fields=[{"name": name, "id": id} for name, id in FIELDS],
        templates=[
            {"name": name, "id": id, "qfmt": styled[f"{name} front"], "afmt": styled[f"{name} back"]}
            for name, id in TEMPLATES
        ],
        css=styled["Styling"],
    )
    note_type.mod = stamps.note_type
    description = f"{settings(deck)['description']} · Version {stamps.version}"
    anki_deck = genanki.Deck(deck.deck_id, deck.title, description)
    for position, (id, fields) in enumerate(contents.items(), start=1):
        if only is not None and only not in tags(deck, fields):
            continue
        values = [fields.get(name, "") for name, _ in FIELDS]
        note = Note(note_type, values, tags=fields["Tags"].split(), guid=guid(deck, id), due=position)
        note.mod = stamps.notes[id]
        note.first_id = stamps.time * 1000 + position * (1 + len(TEMPLATES))
        anki_deck.add_note(note)
    return genanki.Package(anki_deck)


def guid(deck: Deck, id: str) -> str:
    """What Anki knows a note by, for ever: from its id, and the language, for a translation has notes of its own."""
    return str(genanki.guid_for(deck.namespace, deck.language, id))


def _database(package: Any, time: int, path: Path) -> None:
    """genanki's own `write_to_file` would leave a file in the temp folder at every build and an undated zip."""
    connection = sqlite3.connect(path)
    try:
        # Half of a small build is waiting for the disk, for a file that is thrown away if anything goes wrong.
        connection.execute("PRAGMA synchronous = OFF")
        package.write_to_db(connection.cursor(), time, itertools.count(time * 1000))
        connection.commit()
    finally:
        connection.close()


def _zip(work: Path, path: Path) -> None:
    """Nothing of the machine or the moment goes into the archive: fixed order, dates, rights, system and level."""
    members = {"collection.anki2": (work / "collection.anki2").read_bytes(), "media": b"{}"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(members.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data, compresslevel=9)
