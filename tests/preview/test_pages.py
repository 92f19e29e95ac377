"""The words of the pages are those of the deck's language; tests/system has the Hindi website in a browser."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from csto_anki.apkg.anki import Card
from csto_anki.deck.model import Deck
from csto_anki.deck.practice import FORMS
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.language.known import all_known
from csto_anki.language.words import SiteWords, Words
from csto_anki.note.contents import contents
from csto_anki.preview import pages
from csto_anki.preview import site as site_of
from support.small_deck import FILES, read_deck

SOURCE = Path(pages.__file__).parent
HINDI = {
    "deck.yaml": FILES["deck.yaml"]
    .replace("title: Small\ndescription: A small deck\nlanguage: en", "title: छोटा\ndescription: छोटा डेक\nlanguage: hi")
    .replace("dates: when\n  bodies: who", "dates: कब\n  practice: प्रश्न")
    .replace("prelims: asked", "prelims: पूछा जाता है")
    + "priorities: {core: पहले}\nparts: {mains: उत्तर में}\nexams: {परीक्षा: 2027-05-23}\n"
    + "standing: {निकाय: [CSTO]}\n",
    "sources.yaml": FILES["sources.yaml"],
    "bodies.yaml": None,
    "dates.yaml": """\
treaty-signed:
  question: संधि पर हस्ताक्षर कब हुए?
  date: 1992-05-15
  timeline: संधि पर हस्ताक्षर
  sources: [charter]
  tags: [core, prelims]
""",
    "practice.yaml": """\
practice-treaty:
  question: "निम्नलिखित कथनों पर विचार कीजिए:"
  statements:
    - {text: संधि 1992 की है।, correct: true, why: मई 1992 की।}
    - {text: संधि 1999 की है।, correct: false, why: मई 1992 की।}
  ask: which statements
  tests: [treaty-signed]
  sources: [charter]
  tags: [core, mains]
""",
}
# Tags, the name of an option in Anki, a source, a licence, and names that are the same in Hindi.
LATIN = {
    *("core", "prelims", "mains", "dates", "practice"),
    *("New", "cards", "day", "CSTO", "Charter", "CC", "BY", "Anki"),
}


class _Reader(HTMLParser):
    """Collects what a visitor can see or hear of a page, except cards, which Anki renders."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.root: dict[str, str | None] = {}
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.root = dict(attrs)
        if tag in ("script", "style", "template"):
            self._inside.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("alt", "aria-label", "placeholder", "title")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)


def read_page(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def rendered(deck: Deck, **changes: Any) -> dict[str, str]:
    """The pages of a deck whose cards have no text; `changes` are of its stamps."""
    found = contents(deck)
    stamps = stamp(Released({}, None, {}, None), found, datetime.date(2026, 12, 1))._replace(**changes)
    cards = [Card(id, 0, "", "") for id in found.notes]
    return pages.render(pages.Site(deck, found, stamps, cards, "small.apkg"))


def said(text: str) -> dict[str, object]:
    """The words that a page gives to its scripts."""
    (block,) = re.findall(r'<script type="application/json" id="_said">(.*?)</script>', text)
    words: dict[str, object] = json.loads(block)
    return words


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"unreleased": {}},
        {"marks": {"treaty-signed": "added::dev", "practice-treaty": "changed::dev::fact"}},
        {"marks": {"treaty-signed": "changed::2026.12.01::fact"}, "unreleased": {}, "version": "2026.12.01"},
    ],
    ids=["new", "as released", "changed", "released"],
)
def test_no_english_word_is_left_on_pages_in_hindi(changes: dict[str, object], tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {**HINDI})
    found = rendered(deck, **changes)
    assert tuple(found) == pages.PAGES
    for name, text in found.items():
        page = read_page(text)
        words = {word for part in page.found for word in re.findall("[A-Za-z]{2,}", re.sub("dev-[0-9a-f]+", "", part))}
        assert words <= LATIN, name
        assert (page.root["lang"], page.root["dir"]) == ("hi", "ltr"), name
        texts = re.sub(r"\{\w+\}", "", str([*said(text).values()]))
        assert not re.search("[A-Za-z]", texts), name
    assert "(7 अक्टूबर 2002)" in found["sources.html"]


def test_pages_in_a_language_of_a_deck_run_in_its_direction(tmp_path: Path) -> None:
    """And have its digits and fonts; all that is written in them comes from its words."""
    deck = read_deck(tmp_path)
    own = deck.words._replace(
        language="fa", direction="rtl", digits="۰۱۲۳۴۵۶۷۸۹", fonts='"Noto Naskh Arabic",', site=marked(deck.words.site)
    )
    found = rendered(replace(deck, words=own, language="fa"))
    for name, text in found.items():
        page = read_page(text)
        assert (page.root["lang"], page.root["dir"]) == ("fa", "rtl")
        assert '"Noto Sans", "Noto Naskh Arabic", sans-serif;' in text
        assert said(text)["digits"] == own.digits
        assert "~Night~" in text, name
    assert "~Search in ۲ cards~" in found["index.html"]
    assert '<th scope="row">~all~</th><td>۲</td>' in found["plan.html"]


def marked(words: SiteWords) -> SiteWords:
    """The words between marks, so that one sees where they are used."""
    texts: dict[str, Any] = {name: f"~{text}~" for name, text in words._asdict().items() if isinstance(text, str)}
    return words._replace(**texts)


def test_scripts_have_all_words_that_they_say(tmp_path: Path) -> None:
    """The page gives them the words that they name in quotes."""
    for name, text in rendered(read_deck(tmp_path, {**HINDI})).items():
        scripts = "".join(re.findall("<script>(.*?)</script>", text, re.DOTALL))
        calls = "\n".join(re.findall(r"\bsay(?:Count)?\(([^{}\n]*)", scripts))
        keys = {*re.findall(r'"(\w+)"', calls), *re.findall(r"\bsaid\.(\w+)", scripts)}
        assert {"day", "night", "digits"} <= keys
        assert keys <= said(text).keys(), name


def test_each_word_of_the_site_is_used() -> None:
    files = [*SOURCE.glob("*.py"), *SOURCE.glob("templates/*.jinja"), *SOURCE.glob("assets/*.js")]
    texts = "\n".join(path.read_text("utf-8") for path in files)
    used = {
        *re.findall(r"\b(?:words|own)\.(\w+)", texts.replace("site.words", "words")),
        *re.findall(r'"(\w+)"', texts),
    }
    assert {*SiteWords._fields} - used == set()


@pytest.mark.parametrize("words", all_known(), ids=lambda words: words.language)
def test_each_form_of_question_has_a_name(words: Words) -> None:
    assert list(words.site.forms) == list(FORMS)


def test_the_sites_of_two_editions_do_not_replace_each_other(tmp_path: Path) -> None:
    deck = read_deck(tmp_path / "cards")
    edition = replace(deck, language="hi", original=deck)
    for one, other, package in ((deck, edition, "small-2026"), (edition, deck, "small-hi-2026")):
        folder = tmp_path / one.file_name
        stamps = stamp(Released({}, None, {}, None), contents(one), datetime.date(2026, 12, 1))
        for _ in range(2):
            site_of.write(one, contents(one), stamps, folder)
        with pytest.raises(FileExistsError):
            site_of.write(other, contents(other), stamps, folder)
        (package_of_site,) = folder.glob("*.apkg")
        assert package_of_site.name.startswith(package)
        assert f'data-deck="{one.file_name}"' in (folder / "index.html").read_text("utf-8")
        (folder / package_of_site.name.replace(one.file_name, other.file_name)).write_text("of the other edition")
        with pytest.raises(FileExistsError):
            site_of.write(one, contents(one), stamps, folder)
