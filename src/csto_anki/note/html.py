"""The HTML of a field: how it is written, how it is read back, and which markup it may hold."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from csto_anki.deck.characters import anki_command

# With the combining marks that show the stress.
_CYRILLIC = re.compile(
    r"[\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*(?:[ -][\u0400-\u04ff][\u0400-\u04ff\u0300-\u036f]*)*"
)
_BRACKET = re.compile(r" (\([^()]*\))$")
# All markup that this module writes; compiled when it is first used, because a build does not use it.
_MARKUP = r"""(?x)<(?:
        br | /?(?:ol|p|b|small) | /(?:li|span|a) | ol[ ](?:type="I"|class="(?:words|options)") | p[ ]class="heads"
      | li(?:[ ]class="(?:right|wrong|key)")? | span(?:[ ](?:lang="ru"|class="(?:cells|bar)"))?
      | a[ ]href="https?://[^"<>\s]*" | img[ ]src="[a-z0-9.-]+"[ ]alt="[^"<>]*"
    )>"""
_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"</?([!?a-zA-Z][^\s/>]{0,20})")
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')


class Content(NamedTuple):
    """What a field shows: its text, the names of its images, and the verdicts on statements (True: correct)."""

    text: str
    images: tuple[str, ...] = ()
    verdicts: tuple[bool, ...] = ()


def from_text(text: str) -> str:
    """The HTML of a typed text, with its line breaks; Russian words are marked as Russian, for fonts and voices."""
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return escaped if text.isascii() else _CYRILLIC.sub(r'<span lang="ru">\g<0></span>', escaped)


def link(address: str, text: str) -> str:
    return f'<a href="{html.escape(address)}">{from_text(text)}</a>'


def image(file: str, alt: str) -> str:
    return f'<img src="{file}" alt="{html.escape(alt)}">'


def numbered(items: Iterable[str], numerals: str, heads: str = "") -> str:
    """A list of HTML items under the heads of their columns; `numerals` are "1", "I", or words that the items have."""
    kind = {"1": "", "I": ' type="I"'}.get(numerals, ' class="words"')
    above = f'<p class="heads">{heads}</p>' if heads else ""
    return f"{above}<ol{kind}>{''.join(f'<li>{item}</li>' for item in items)}</ol>"


def cells(texts: Iterable[str]) -> str:
    """The columns of a row. Cards hide the bars between the columns; plain text shows them."""
    bar = '<span class="bar"> | </span>'
    return f'<span class="cells">{bar.join(f"<span>{from_text(text)}</span>" for text in texts)}</span>'


def paragraphs(lines: Iterable[str]) -> str:
    """A paragraph for each line."""
    return "".join(f"<p>{from_text(line)}</p>" for line in lines)


def options(texts: Iterable[str], right: str) -> str:
    """The list of a question's options; the right one is marked, which only the back of a card shows."""
    items = ((' class="key"' if text == right else "", from_text(text)) for text in texts)
    return f'<ol class="options">{"".join(f"<li{mark}>{item}</li>" for mark, item in items)}</ol>'


def answer(text: str) -> str:
    """The HTML of an answer: a paragraph for each line, if there are several; or else a bracket at its end is small."""
    lines = text.split("\n")
    if len(lines) > 1:
        return paragraphs(lines)
    return _BRACKET.sub(r" <small>\1</small>", from_text(text))


def verdicts(reasons: Iterable[tuple[bool | None, str, str]]) -> str:
    """A numbered list of verdicts (None: not given), each with its heading and its reason."""
    return f"<ol>{''.join(_verdict(*each) for each in reasons)}</ol>"


def _verdict(correct: bool | None, heading: str, why: str) -> str:
    if correct is None:
        return f"<li><b>{from_text(heading)}</b> {from_text(why)}</li>"
    name, mark = ("right", "\N{CHECK MARK}") if correct else ("wrong", "\N{BALLOT X}")
    return f'<li class="{name}"><b>{mark} {from_text(heading)}</b> {from_text(why)}</li>'


def to_text(field: str) -> str:
    """The text of a field, line by line; links are followed by their address, images are named."""
    return read(field).text


def read(field: str) -> Content:
    """What a field shows. Markup that this module does not write is left out."""
    if "<" not in field:
        return Content(html.unescape(field).strip())
    texts: list[str] = []
    images: list[str] = []
    verdicts: list[bool] = []
    address = ""
    for number, part in enumerate(_TAG.split(field)):
        if number % 2 == 0:  # the text between two tags
            texts.append(html.unescape(part))
            continue
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(part)}
        if part.startswith("<a "):
            address = attributes.get("href", "")
        elif part == "</a>" and address:
            texts.append(f" [{address}]")
            address = ""
        elif part.startswith("<img ") and "src" in attributes:
            images.append(attributes["src"])
            texts.append(f"[{attributes['src']}] {attributes.get('alt', '')}")
        elif part in ("<br>", "</li>", "</p>"):
            texts.append("\n")
        elif part.startswith("<li ") and attributes.get("class") in ("right", "wrong"):
            verdicts.append(attributes["class"] == "right")
    return Content("".join(texts).strip(), tuple(images), tuple(verdicts))


def unexpected(field: str) -> Iterator[str]:
    """What a field holds besides text and our own markup: the start of each tag, and the first command of Anki."""
    rest = re.sub(_MARKUP, "", field)
    if "<" in rest or ">" in rest:
        yield from (f"<{name.lower()}>" for name in _TAG_NAME.findall(rest))
        if not _TAG_NAME.search(rest):
            yield "a bare < or >"
    if found := anki_command(field):
        yield found
