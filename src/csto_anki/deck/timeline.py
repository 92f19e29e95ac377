"""Dated facts -> the timeline, a picture.

It is drawn anew with every build, so it cannot disagree with the cards. It is a list of equal steps, because a phone is
held upright and a true scale leaves no room for the words. It has its own light background; by night, cards invert it.
"""

from __future__ import annotations

import html
import itertools
import textwrap
from collections.abc import Iterable, Iterator

from csto_anki.deck.model import Date, Fact
from csto_anki.language.english import ENGLISH
from csto_anki.language.words import Words

NAME = "timeline.svg"

# Sizes in units of SVG. A phone shows the picture about 330 wide, so letters of 15 are easily read there. LINE is the
# height of a line and BASE where its letters stand in it, GAP is below an event, DECADE is the height of a heading, and
# RAIL and TEXT are from the left.
WIDTH, LINE, BASE, GAP, DECADE, TOP, RAIL, TEXT = 360, 20, 15, 10, 38, 8, 18, 36
MAX_LINE_LENGTH = 37  # characters that fit
PAPER, INK, QUIET, ACCENT, MARK = "#eef2f5", "#14232c", "#4e5865", "#0b4f6c", "#b4bcc2"


def draw(facts: Iterable[Fact], words: Words = ENGLISH) -> bytes:
    """The timeline of all taught facts with a `timeline` text, as SVG, in groups of ten years; empty if there are none.

    The same facts give the same bytes.
    """
    events = sorted(
        (fact.answer, fact.id, fact.timeline)
        for fact in facts
        if fact.timeline and not fact.retired and isinstance(fact.answer, Date)
    )
    if not events:
        return b""
    rows = [(date, textwrap.wrap(words, MAX_LINE_LENGTH)) for date, _, words in events]
    step = LINE * (1 + max(len(lines) for _, lines in rows)) + GAP
    parts: list[str] = []
    y = TOP
    for decade, of_decade in itertools.groupby(rows, key=lambda row: row[0].year // 10 * 10):
        group = [(words.date_in_words(date), lines) for date, lines in of_decade]
        parts += _group(y, step, words.decade.format(year=words.number(decade)), group)
        y += DECADE + step * len(group)
    y += TOP
    fonts = f"{words.fonts} ".replace('"', "") if words.fonts else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, {fonts}sans-serif" font-size="15">'
    )
    return "\n".join([head, f'<rect width="{WIDTH}" height="{y}" fill="{PAPER}"/>', *parts, "</svg>", ""]).encode()


def _group(top: int, step: int, heading: str, rows: list[tuple[str, list[str]]]) -> Iterator[str]:
    """The events of a decade below their heading: a rail, and for each a dot, its date and its words."""
    yield _text(RAIL - 6, top + DECADE - 14, heading, f'fill="{QUIET}" font-weight="700"')
    y = top + DECADE
    end = y + step * (len(rows) - 1)
    yield f'<path d="M{RAIL},{y + LINE // 2}V{end + LINE // 2}" stroke="{MARK}" stroke-width="3"/>'
    for date, lines in rows:
        yield f'<circle cx="{RAIL}" cy="{y + LINE // 2}" r="5" fill="{ACCENT}"/>'
        yield _text(TEXT, y + BASE, date, f'fill="{ACCENT}" font-weight="700"')
        for number, line in enumerate(lines, start=1):
            yield _text(TEXT, y + BASE + LINE * number, line, f'fill="{INK}"')
        y += step


def _text(x: int, y: int, text: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" {style}>{html.escape(text, quote=False)}</text>'
