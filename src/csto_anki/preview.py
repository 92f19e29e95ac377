"""The deck -> a site to leaf through it without Anki; alone knows its pages.

The cards on it are rendered by Anki itself, from the package that learners import, so the site cannot show what a
phone would not. It is plain files that work from a folder, offline, with all scripts and styles inside the pages.
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from csto_anki import apkg, fields, timeline
from csto_anki.collection import Card, render
from csto_anki.diff import Contents
from csto_anki.facts import Deck, Picture, Source
from csto_anki.release import Stamps
from csto_anki.together import remove

SITE = Path(__file__).parent / "site"
PICTURES = "pictures"
TIMELINE = "The dated facts of the deck that have a word for the timeline, from the first to the last"
NEWS = {"dev": "since the last release"}
MADE_BY = '<meta name="generator" content="csto-anki preview">'


def write(deck: Deck, contents: Contents, stamps: Stamps, output: Path) -> int:
    """Write the site into the folder `output` and return its number of cards.

    A site that was there is replaced as a whole, and only by a finished one. Raises FileExistsError where anything
    else is there, and OSError where the machine will not have it.
    """
    output = Path(os.path.realpath(output))
    if stranger := _stranger(output, deck.namespace):
        what = "preview did not make it, and would remove it; move it away, or name another folder with --output"
        raise FileExistsError(0, what, str(stranger))
    output.parent.mkdir(parents=True, exist_ok=True)
    work = output.parent / f".csto-anki-{os.urandom(8).hex()}"
    try:
        work.mkdir()
        package = f"{deck.namespace}-{stamps.version}.apkg"
        pictures = fields.pictures(deck)
        apkg.write(contents, pictures, stamps, work / package)
        cards = render(work / package)
        (work / PICTURES).mkdir()
        for name, data in (pictures | _timeline(deck)).items():
            (work / PICTURES / name).write_bytes(data)
        for name, text in _pages(deck, contents, stamps, cards, package):
            (work / name).write_text(text, "utf-8", newline="\n")
        _swap(work, output)
    finally:
        remove(work)
    return len(cards)


def _stranger(output: Path, namespace: str) -> Path | None:
    """What is there in the place of a site and no part of one, if anything."""
    if not output.is_dir():
        return output if os.path.lexists(output) else None
    pages, own = {"index.html", "sources.html"}, f"{namespace}-"
    for path in sorted(output.iterdir()):
        if path.name in pages and _is_ours(path):
            continue
        if path.name.startswith(own) and path.suffix == ".apkg":
            continue
        if path.name != PICTURES or not path.is_dir():
            return path
        if other := next((each for each in path.iterdir() if not each.name.startswith(own)), None):
            return other
    return None


def _is_ours(page: Path) -> bool:
    """Whether the head of a page names this tool; what is no file, such as a link to a device, is none of its pages."""
    if not page.is_file():
        return False
    with page.open("rb") as file:
        return MADE_BY.encode() in file.read(1000)


def _swap(new: Path, target: Path) -> None:
    """Put a finished folder in the place of an old one, which comes back if that fails or is interrupted."""
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
        if target.exists():  # else nothing can be renamed any more, and the old one is all there is
            remove(old)


def _pages(
    deck: Deck, contents: Contents, stamps: Stamps, cards: list[Card], package: str
) -> Iterator[tuple[str, str]]:
    """The name and text of each page."""
    style, script = ((SITE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    card_style = contents.looks["Styling"]
    shared = {
        "language": deck.language,
        "title": html.escape(deck.title),
        "version": stamps.version,
        "licence": html.escape(deck.licence),
        "page_style": style,
    }
    yield (
        "index.html",
        _fill(
            "index.html",
            **shared,
            card_style=card_style,
            script=script,
            style_hashes=_hashes(style, card_style),
            script_hash=_hashes(script),
            description=html.escape(deck.description.partition("\n")[0]),
            package=package,
            news=_news(stamps),
            timeline=_drawn(deck),
            selects="\n".join(_selects(deck, stamps)),
            sections="\n".join(_sections(deck, contents, stamps, cards)),
        ),
    )
    citing: dict[str, list[str]] = {key: [] for key in deck.sources}
    for fact in deck.facts:
        for key in dict.fromkeys(citation.source for citation in fact.sources):
            citing[key].append(fact.id)
    rows = "\n".join(_source(source, citing[source.key]) for source in deck.sources.values())
    yield (
        "sources.html",
        _fill("sources.html", **shared, style_hashes=_hashes(style), count=str(len(deck.sources)), rows=rows),
    )


def _fill(name: str, **values: str) -> str:
    return Template((SITE / name).read_text("utf-8")).substitute(values)


def _hashes(*texts: str) -> str:
    """For the page's content security policy: these very texts may act, and no other."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _news(stamps: Stamps) -> str:
    """What is new in this version, for those who have the one before."""
    if stamps.fresh and not stamps.marks:
        return "The deck is not released yet."
    newest = "dev" if stamps.fresh else stamps.version
    count = sum(mark.split("::")[1] == newest for mark in stamps.marks.values())
    if not count:
        return "Nothing is new or changed since the last release."
    what = "since the last release" if stamps.fresh else f"in version {newest}"
    facts = "1 fact is" if count == 1 else f"{count} facts are"
    return f'{facts} new or changed {what}. <button type="button" data-tag="news::{newest}">List them</button>'


def _timeline(deck: Deck) -> dict[str, bytes]:
    """The timeline by its name, if the deck has one."""
    if timeline.NAME not in deck.pictures:
        return {}
    return {fields.picture_name(deck, Picture(timeline.NAME, "")): deck.pictures[timeline.NAME]}


def _drawn(deck: Deck) -> str:
    """The timeline on the page."""
    images = (f'<img src="{PICTURES}/{name}" alt="{TIMELINE}">' for name in _timeline(deck))
    return "".join(f'<details class="drawn"><summary>Timeline</summary>{image}</details>' for image in images)


def _selects(deck: Deck, stamps: Stamps) -> Iterator[str]:
    """What the list can be filtered by; each value is a tag of the cards in the page."""
    versions = sorted({mark.split("::")[1] for mark in stamps.marks.values()}, reverse=True)
    choices = {
        "kind": ("Kind", _meanings(deck.kinds)),
        "priority": ("How much", _meanings(deck.priorities)),
        "part": ("Part of the exam", _meanings(deck.parts)),
        "tag": ("Tag", _meanings(deck.tags)),
        "news": ("What is new", {f"news::{version}": NEWS.get(version, f"in {version}") for version in versions}),
    }
    for id, (label, values) in choices.items():
        if values:
            options = "".join(f'<option value="{value}">{words}</option>' for value, words in values.items())
            yield (
                f'<p><label for="_{id}">{label}</label>'
                f'<select id="_{id}"><option value="">all</option>{options}</select></p>'
            )


def _meanings(tags: Mapping[str, str]) -> dict[str, str]:
    return {tag: html.escape(f"{tag}: {meaning}") for tag, meaning in tags.items()}


def _sections(deck: Deck, contents: Contents, stamps: Stamps, cards: list[Card]) -> Iterator[str]:
    """The cards of each kind, in the order of learning."""
    kinds: dict[str, list[Card]] = {kind: [] for kind in deck.kinds}
    order = {id: number for number, id in enumerate(contents.notes)}
    for card in sorted(cards, key=lambda card: (order[card.id], card.place)):
        kinds[fields.tags(contents.notes[card.id])[0]].append(card)
    yield '<div class="sections">'
    for kind, words in deck.kinds.items():
        if kinds[kind]:
            items = "\n".join(
                _item(card, contents.notes[card.id], stamps.marks.get(card.id, "")) for card in kinds[kind]
            )
            heading = f"<h2>{kind.capitalize()} <small>{html.escape(words)}</small></h2>"
            yield f"<section>{heading}\n<ul>\n{items}\n</ul></section>"
    yield "</div>"


def _item(card: Card, note: Mapping[str, str], mark: str) -> str:
    """A card in the list: its question, which opens it; for the printed sheet its answer; and both sides, unshown."""
    name = card.id if card.place == 0 else f"{card.id}:reverse"
    question, answer = ("Question", "Answer") if card.place == 0 else ("Reverse", "ReverseAnswer")
    what, _, version = mark.partition("::")
    version = version.partition("::")[0]
    tags = " ".join([*fields.tags(note), *([f"news::{version}"] if mark else [])])
    new = f'<span class="mark">{what}</span>' if version == "dev" else ""
    retired = ' class="gone"' if note.get("Retired") else ""
    as_of = f" (as of {note['AsOf']})" if "AsOf" in note else ""
    statements, image = (note.get("Statements", ""), note.get("Image", "")) if card.place == 0 else ("", "")
    sheet = f'<div class="sheet">{statements} <b>{note[answer]}</b>{as_of}</div>'
    sides = f"<template>{card.front}</template><template>{card.back}</template>"
    whole = f'<a href="#{name}">{image}{new}{note[question]}</a>{sheet}{sides}'
    for picture in fields.shown(note):  # in Anki all pictures lie beside the cards; here they have a folder
        whole = whole.replace(f'src="{picture}"', f'src="{PICTURES}/{picture}"')
    return f'<li id="{name}" data-tags="{tags}"{retired}>{whole}</li>'


def _source(source: Source, citing: list[str]) -> str:
    archive = f' · <a href="{html.escape(source.archive)}">archived</a>' if source.archive else ""
    cites = ", ".join(f'<a href="index.html#{id}">{id}</a>' for id in citing)
    title = f'<a href="{html.escape(source.url)}">{html.escape(source.title)}</a>'
    by_whom = html.escape(source.published())
    return f'<li id="{source.key}">{title} ({by_whom}){archive}<br><span class="cites">{cites}</span></li>'
