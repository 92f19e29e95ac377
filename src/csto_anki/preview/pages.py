"""The pages of the website as texts, from the deck and the cards as Anki renders them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from csto_anki.apkg.anki import Card
from csto_anki.apkg.writer import REVERSE_DELAY
from csto_anki.deck import timeline
from csto_anki.deck.model import Deck, Fact, Picture, Source
from csto_anki.history.stamps import Stamps
from csto_anki.language.words import SiteWords, Words
from csto_anki.note.contents import Contents, Note, picture_name
from csto_anki.note.note_type import STYLING

PICTURES = "pictures"  # the folder of the pictures, beside the pages
MADE_BY = b'<meta name="generator" content="csto-anki preview">'  # in the head of each page
PAGES = ("index.html", "mock.html", "plan.html", "sheet.html", "sources.html")
_FOLDER = Path(__file__).parent


class Site(NamedTuple):
    """What the pages show: the taught facts of a deck and their cards, and the name of the package to download."""

    deck: Deck
    contents: Contents
    stamps: Stamps
    cards: list[Card]
    package: str

    @property
    def words(self) -> SiteWords:
        return self.deck.words.site

    def note(self, card: Card) -> Note:
        return self.contents.notes[card.id]

    def levels(self) -> dict[str, int]:
        """The number of cards of each priority, in the order of learning; of all cards, if there are none."""
        if not self.deck.priorities:
            return {self.words.all: len(self.cards)}
        levels = [_level(self.deck, self.note(card)) for card in self.cards]
        return {name: levels.count(name) for name in self.deck.priorities}


def render(site: Site) -> dict[str, str]:
    """The text of each page by its name."""
    values = {
        "index.html": _index,
        "mock.html": _mock,
        "plan.html": _plan,
        "sheet.html": _sheet,
        "sources.html": _sources,
    }
    if not any(fact.statements for fact in site.deck.facts):
        del values["mock.html"]
    pages = {name: title for name, title in _titles(site.deck.words).items() if name in values}
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return {
        name: _page(environment.get_template(f"{name}.jinja"), site, name, pages=pages, **of_page(site))
        for name, of_page in values.items()
    }


def timeline_of(deck: Deck) -> dict[str, bytes]:
    """The timeline by the name of its picture; empty if the deck has none."""
    if timeline.NAME not in deck.pictures:
        return {}
    return {picture_name(deck, Picture(timeline.NAME, "")): deck.pictures[timeline.NAME]}


def _titles(words: Words) -> dict[str, str]:
    """The name of each page in the links of the others."""
    own = words.site
    return dict(zip(PAGES, (own.cards, own.mock_paper, own.plan, own.revision_sheet, words.card.sources), strict=True))


def _page(template: Template, site: Site, name: str, **values: object) -> str:
    """A page from its template, which escapes all values that it does not mark as safe."""
    deck, words = site.deck, site.deck.words
    fonts = words.fonts and f"{words.fonts} "
    styles = [_asset("site.css").replace("${fonts}", fonts), site.contents.looks[STYLING]]
    script = _FOLDER / "assets" / name.replace(".html", ".js")
    scripts = [_asset("site.js"), *([script.read_text("utf-8")] if script.exists() else [])]
    return template.render(
        deck=deck,
        words=site.words,
        number=words.number,
        counted=partial(_counted, words),
        version=site.words.version.format(deck=deck.title, version=site.stamps.version),
        name_of_page=name,
        title=_titles(words)[name],
        styles=styles,
        style_hashes=_hashes(styles),
        scripts=scripts,
        script_hashes=_hashes(scripts),
        said=_said(words, "".join(scripts)),
        **values,
    )


def _said(words: Words, scripts: str) -> dict[str, Any]:
    """What scripts need to write in the language: the words that they name in quotes, its digits, and its dates."""
    own = {name: text for name, text in words.site._asdict().items() if f'"{name}"' in scripts}
    return {**own, "digits": words.digits, "months": words.months, "date_in_words": words.date}


def _counted(words: Words, count: int, one: str, many: str) -> str:
    """A number of things in words; `many` has a place for the number, which may have the name `count`."""
    number = words.number(count)
    return one if count == 1 else many.format(number, count=number)


def _asset(name: str) -> str:
    return (_FOLDER / "assets" / name).read_text("utf-8")


def _hashes(texts: list[str]) -> str:
    """The hashes of scripts or styles, for the page's content security policy, which allows no others."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _index(site: Site) -> dict[str, Any]:
    news, news_tag = _news(site.stamps, site.deck.words)
    cards = _listed_cards(site)
    levels = [level for level, count in site.levels().items() if count and site.deck.priorities]
    first_level = next(iter(levels), "")
    to_learn = [each for of_kind in cards.values() for each in of_kind if each["level"] == first_level]
    return {
        "description": site.deck.description.partition("\n")[0],
        "package": site.package,
        "news": news,
        "news_tag": news_tag,
        "pictures": PICTURES,
        "timeline": next(iter(timeline_of(site.deck)), ""),
        "filters": _filters(site.deck, site.stamps),
        "cards": cards,
        "count": len(site.cards),
        "levels": levels,
        "start": min(to_learn, key=lambda each: each["due"], default=None),
    }


def _news(stamps: Stamps, words: Words) -> tuple[str, str]:
    """What is new for those who have the previous version, and the tag of the new facts (empty if nothing is new)."""
    own = words.site
    if stamps.unreleased and not stamps.marks:
        return own.not_released, ""
    newest = "dev" if stamps.unreleased else stamps.version
    count = sum(mark.split("::")[1] == newest for mark in stamps.marks.values())
    if not count:
        return own.nothing_new, ""
    when = own.since_release if stamps.unreleased else own.in_version.format(version=newest)
    text = own.one_new if count == 1 else own.many_new
    return text.format(count=words.number(count), when=when), f"news::{newest}"


def _filters(deck: Deck, stamps: Stamps) -> list[tuple[str, str, dict[str, str]]]:
    """The id and label of each filter, and its choices: tags of cards, each with its text."""
    own = deck.words.site
    versions = sorted({mark.split("::")[1] for mark in stamps.marks.values()}, reverse=True)
    news = {
        f"news::{each}": own.since_release if each == "dev" else own.version_of_news.format(version=each)
        for each in versions
    }
    return [
        ("priority", own.level, _with_names(deck.priorities)),
        ("kind", own.kind, _with_names(deck.kinds)),
        ("part", own.part, _with_names(deck.parts)),
        ("tag", own.tag, _with_names(deck.tags)),
        ("news", own.what_is_new, news),
    ]


def _with_names(meanings: Mapping[str, str]) -> dict[str, str]:
    return {tag: f"{tag}: {meaning}" for tag, meaning in meanings.items()}


def _listed_cards(site: Site) -> dict[str, list[dict[str, Any]]]:
    """The cards of each kind, in the order of learning."""
    kinds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in site.deck.kinds}
    order = {id: number for number, id in enumerate(site.contents.notes)}
    for card in sorted(site.cards, key=lambda card: (order[card.id], card.place)):
        note = site.note(card)
        mark = site.stamps.marks.get(card.id, "")
        listed = _listed(card, note, mark, site.words)
        listed |= {"level": _level(site.deck, note), "due": order[card.id] + card.place * REVERSE_DELAY}
        kinds[note.kind].append(listed)
    return kinds


def _listed(card: Card, note: Note, mark: str, words: SiteWords) -> dict[str, Any]:
    """A card as it is in the list; `mark` is the tag that says when and how its note changed, if any."""
    is_reverse = card.place > 0
    how, _, version = mark.partition("::")
    version = version.partition("::")[0]
    changes = {"added": words.added, "changed": words.changed}
    return {
        "name": f"{card.id}:reverse" if is_reverse else card.id,
        "tags": " ".join([*note.short_tags, f"news::{version}"] if mark else note.short_tags),
        "mark": changes[how] if version == "dev" else "",  # how it changed since the last release
        "image": "" if is_reverse else _field(note, "Image"),
        "question": _field(note, "Reverse" if is_reverse else "Question"),
        "front": _with_folder(card.front, note),
        "back": _with_folder(card.back, note),
    }


def _field(note: Note, name: str) -> str:
    return _with_folder(note.fields.get(name, ""), note)


def _with_folder(html: str, note: Note) -> str:
    """HTML in which the names of pictures begin with their folder; in Anki, pictures are in no folder."""
    for picture in note.images():
        html = html.replace(f'src="{picture}"', f'src="{PICTURES}/{picture}"')
    return html


def _level(deck: Deck, note: Note) -> str:
    return next((tag for tag in note.short_tags if tag in deck.priorities), "")


def _mock(site: Site) -> dict[str, Any]:
    facts = {fact.id: fact for fact in site.deck.facts if fact.statements}
    cards = {card.id: card for card in site.cards}
    questions = [
        {
            "id": id,
            "level": _level(site.deck, note),
            "form": facts[id].ask,
            "front": _with_folder(cards[id].front, note),
            "back": _with_folder(cards[id].back, note),
            "tests": [
                (test, _field(site.contents.notes[test], "Question")) for test in facts[id].tests if test in cards
            ],
        }
        for id, note in site.contents.notes.items()
        if id in facts
    ]
    return {
        "questions": questions,
        "levels": list(dict.fromkeys(each["level"] for each in questions if each["level"])),
        "forms": {form: site.words.forms[form] for form in sorted({str(each["form"]) for each in questions})},
    }


def _plan(site: Site) -> dict[str, Any]:
    return {"exams": site.deck.exams, "levels": site.levels()}


def _sheet(site: Site) -> dict[str, Any]:
    """Each fact once; practice questions are left out, because they test these facts."""
    ids = {fact.id for fact in site.deck.facts if not fact.statements}
    rows = [
        {
            "level": _level(site.deck, note),
            "question": _field(note, "Question"),
            "image": _field(note, "Image"),
            "answer": _field(note, "Answer"),
        }
        for id, note in site.contents.notes.items()
        if id in ids
    ]
    return {"rows": rows, "levels": site.deck.priorities}


def _sources(site: Site) -> dict[str, Any]:
    deck = site.deck
    cited_by: dict[str, list[Fact]] = {key: [] for key in deck.sources}
    for fact in deck.facts:
        for key in dict.fromkeys(citation.source for citation in fact.sources):
            cited_by[key].append(fact)
    group_of = {publisher: group for group, publishers in deck.standing.items() for publisher in publishers}
    others = site.words.other_publishers if deck.standing else site.words.all_publishers
    groups: dict[str, list[Source]] = {group: [] for group in (*deck.standing, others)}
    for source in sorted(deck.sources.values(), key=lambda source: (source.publisher.casefold(), source.title)):
        groups[group_of.get(source.publisher, others)].append(source)
    text = site.words.sources_in_order if deck.standing else site.words.sources_in_any_order
    card = deck.words.card
    about = text.format(sources=_counted(deck.words, len(deck.sources), card.one_source, card.many_sources))
    return {"about": about, "groups": groups, "cited_by": cited_by}
