"""A website of all cards, for browsing them without Anki.

The cards on it are rendered by Anki itself, from the package that learners import, so the site shows them as a phone
does. It consists of plain files that work from a folder, offline, with all scripts and styles inside the pages.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from csto_anki import files
from csto_anki.apkg import writer
from csto_anki.apkg.anki import Card, render
from csto_anki.deck import timeline
from csto_anki.deck.model import Deck, Picture
from csto_anki.history.record import file_stem
from csto_anki.history.stamps import Stamps
from csto_anki.note.contents import Contents, Note, picture_name, pictures
from csto_anki.note.note_type import STYLING

_FOLDER = Path(__file__).parent
_PAGES = ("index.html", "sources.html")
_PICTURES = "pictures"
_MADE_BY = b'<meta name="generator" content="csto-anki preview">'  # in the head of each page


def write(deck: Deck, contents: Contents, stamps: Stamps, output: Path) -> int:
    """Write the site into the folder `output` and return its number of cards.

    An older site is replaced as a whole, and only by a finished one. Raises FileExistsError if anything else is there,
    and OSError.
    """
    output = Path(os.path.realpath(output))
    if path := _not_ours(output, deck.namespace):
        hint = "move it away, or name another folder with --output"
        message = f"it is not part of this deck's website and would be deleted; {hint}"
        raise FileExistsError(0, message, str(path))
    output.parent.mkdir(parents=True, exist_ok=True)
    with files.staging(output.parent) as work:
        package = f"{file_stem(deck.namespace, stamps.version)}.apkg"
        writer.write(contents, pictures(deck), stamps, work / package)
        cards = render(work / package)
        deck, stamps = _taught(deck, stamps)  # as the package, the pages have no retired facts
        (work / _PICTURES).mkdir()
        for name, data in (pictures(deck) | _timeline(deck)).items():
            (work / _PICTURES / name).write_bytes(data)
        index = _index(deck, contents, stamps, cards, package)
        for name, text in zip(_PAGES, (index, _sources(deck, stamps)), strict=True):
            (work / name).write_text(text, "utf-8", newline="\n")
        _replace(work, output)
    return len(cards)


def _taught(deck: Deck, stamps: Stamps) -> tuple[Deck, Stamps]:
    """The deck without its retired facts and the sources of only these, and the stamps without their changes."""
    facts = tuple(fact for fact in deck.facts if not fact.retired)
    ids = {fact.id for fact in facts}
    cited = {citation.source for fact in facts for citation in fact.sources}
    sources = {key: source for key, source in deck.sources.items() if key in cited}
    unreleased = {id: kind for id, kind in stamps.unreleased.items() if id in ids}
    marks = {id: mark for id, mark in stamps.marks.items() if id in ids}
    return replace(deck, facts=facts, sources=sources), replace(stamps, unreleased=unreleased, marks=marks)


def _not_ours(output: Path, namespace: str) -> Path | None:
    """The first path in `output` that is not part of a site of this deck; None if `output` can be replaced."""
    if not output.is_dir():
        return output if os.path.lexists(output) else None
    own = f"{namespace}-"
    for path in sorted(output.iterdir()):
        if path.name in _PAGES and _is_our_page(path):
            continue
        if path.name.startswith(own) and path.suffix == ".apkg":
            continue
        if path.name != _PICTURES or not path.is_dir():
            return path
        if other := next((each for each in path.iterdir() if not each.name.startswith(own)), None):
            return other
    return None


def _is_our_page(page: Path) -> bool:
    """Whether a path is a regular file whose head says that preview made it."""
    if not page.is_file():  # a link can lead to a device, which has no end
        return False
    with page.open("rb") as file:
        return _MADE_BY in file.read(1000)


def _replace(new: Path, target: Path) -> None:
    """Put a finished folder in the place of an old one; if that fails or is interrupted, put the old one back."""
    old = new.with_name(f"{new.name}-old")
    try:
        if target.exists():
            target.replace(old)
        new.replace(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.replace(target)
        raise
    finally:
        if target.exists():  # otherwise nothing can be renamed any more, and the old site is all that is left
            files.remove(old)


def _index(deck: Deck, contents: Contents, stamps: Stamps, cards: list[Card], package: str) -> str:
    page_style, script = (_read(name) for name in ("page.css", "page.js"))
    card_style = contents.looks[STYLING]
    news, news_tag = _news(stamps)
    return _page(
        "index.html",
        deck=deck,
        version=stamps.version,
        description=deck.description.partition("\n")[0],
        package=package,
        news=news,
        news_tag=news_tag,
        pictures=_PICTURES,
        timeline=next(iter(_timeline(deck)), ""),
        filters=_filters(deck, stamps),
        cards=_cards(deck, contents, stamps, cards),
        page_style=page_style,
        card_style=card_style,
        script=script,
        style_hashes=_hashes(page_style, card_style),
        script_hash=_hashes(script),
    )


def _sources(deck: Deck, stamps: Stamps) -> str:
    cited_by: dict[str, list[str]] = {key: [] for key in deck.sources}
    for fact in deck.facts:
        for key in dict.fromkeys(citation.source for citation in fact.sources):
            cited_by[key].append(fact.id)
    page_style = _read("page.css")
    return _page(
        "sources.html",
        deck=deck,
        version=stamps.version,
        cited_by=cited_by,
        page_style=page_style,
        style_hashes=_hashes(page_style),
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _page(name: str, **values: object) -> str:
    """A page from its template, which escapes all values that it does not mark as safe."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{name}.jinja").render(values)


def _hashes(*texts: str) -> str:
    """The hashes of scripts or styles, for the page's content security policy, which allows no others."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _news(stamps: Stamps) -> tuple[str, str]:
    """What is new for those who have the previous version, and the tag of the new facts (empty if nothing is new)."""
    if stamps.unreleased and not stamps.marks:
        return "The deck is not released yet.", ""
    newest = "dev" if stamps.unreleased else stamps.version
    count = sum(mark.split("::")[1] == newest for mark in stamps.marks.values())
    if not count:
        return "Nothing is new or changed since the last release.", ""
    facts = "1 fact is" if count == 1 else f"{count} facts are"
    when = "since the last release" if stamps.unreleased else f"in version {newest}"
    return f"{facts} new or changed {when}.", f"news::{newest}"


def _timeline(deck: Deck) -> dict[str, bytes]:
    """The timeline by the name of its picture; empty if the deck has none."""
    if timeline.NAME not in deck.pictures:
        return {}
    return {picture_name(deck, Picture(timeline.NAME, "")): deck.pictures[timeline.NAME]}


def _filters(deck: Deck, stamps: Stamps) -> list[tuple[str, str, dict[str, str]]]:
    """The id and label of each filter, and its choices: tags of cards, each with its text."""
    versions = sorted({mark.split("::")[1] for mark in stamps.marks.values()}, reverse=True)
    news = {f"news::{each}": "since the last release" if each == "dev" else f"in {each}" for each in versions}
    return [
        ("kind", "Kind", _with_names(deck.kinds)),
        ("priority", "How much", _with_names(deck.priorities)),
        ("part", "Part of the exam", _with_names(deck.parts)),
        ("tag", "Tag", _with_names(deck.tags)),
        ("news", "What is new", news),
    ]


def _with_names(meanings: Mapping[str, str]) -> dict[str, str]:
    return {tag: f"{tag}: {meaning}" for tag, meaning in meanings.items()}


def _cards(deck: Deck, contents: Contents, stamps: Stamps, cards: list[Card]) -> dict[str, list[dict[str, object]]]:
    """The cards of each kind, in the order of learning."""
    kinds: dict[str, list[dict[str, object]]] = {kind: [] for kind in deck.kinds}
    order = {id: number for number, id in enumerate(contents.notes)}
    for card in sorted(cards, key=lambda card: (order[card.id], card.place)):
        note = contents.notes[card.id]
        kinds[note.kind].append(_listed(card, note, stamps.marks.get(card.id, "")))
    return kinds


def _listed(card: Card, note: Note, mark: str) -> dict[str, object]:
    """A card as it is in the list; `mark` is the tag that says when and how its note changed, if any."""
    is_reverse = card.place > 0
    question, answer = ("Reverse", "ReverseAnswer") if is_reverse else ("Question", "Answer")
    how, _, version = mark.partition("::")
    version = version.partition("::")[0]

    def field(name: str) -> str:
        return _with_folder(note.fields.get(name, ""), note)

    return {
        "name": f"{card.id}:reverse" if is_reverse else card.id,
        "tags": " ".join([*note.short_tags, f"news::{version}"] if mark else note.short_tags),
        "mark": how if version == "dev" else "",  # how it changed since the last release
        "image": "" if is_reverse else field("Image"),
        "question": field(question),
        "statements": "" if is_reverse else field("Statements"),
        "answer": field(answer),
        "as_of": field("AsOf"),
        "front": _with_folder(card.front, note),
        "back": _with_folder(card.back, note),
    }


def _with_folder(html: str, note: Note) -> str:
    """HTML in which the names of pictures begin with their folder; in Anki, pictures are in no folder."""
    for picture in note.images():
        html = html.replace(f'src="{picture}"', f'src="{_PICTURES}/{picture}"')
    return html
