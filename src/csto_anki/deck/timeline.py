"""Dated facts -> the timeline, a picture.

It is drawn anew with every build, so it cannot disagree with the cards. It has its own background, so it looks the same
in light and in dark mode. It runs downwards, because a phone is held upright.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Iterator

from csto_anki.deck.model import Date, Fact

NAME = "timeline.svg"

# Sizes in units of SVG: a phone is about 360 wide, so letters of 13 can be read. YEAR and LINE are heights, GAP is
# between two events, TOP is the margin, RAIL and TEXT are distances from the left.
WIDTH, YEAR, TOP, RAIL, TEXT, LINE, GAP = 360, 25, 24, 62, 88, 15, 5
MAX_LINE_LENGTH = 38  # characters that fit
PAPER, INK, QUIET, ACCENT, MARK = "#f4f1ea", "#14232c", "#4e5865", "#0b4f6c", "#bdb7a6"


def draw(facts: Iterable[Fact]) -> bytes:
    """The timeline of all taught facts with a `timeline` text, as SVG; empty if there are none.

    The same facts give the same bytes.
    """
    events = sorted(
        (fact.answer, fact.id, fact.timeline)
        for fact in facts
        if fact.timeline and not fact.retired and isinstance(fact.answer, Date)
    )
    if not events:
        return b""
    first, last = events[0][0].year, events[-1][0].year + 1
    events.sort(key=lambda event: _y(event[0], first))
    rows = _rows(events, first)
    height = round(max(_y(Date(last, 1, 1), first), rows[-1][0] + LINE * len(rows[-1][2]) + GAP)) + TOP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        *_rail(first, last),
        *(part for row in rows for part in _event(first, *row)),
        "</svg>",
    ]
    return "\n".join([*lines, ""]).encode()


def _y(date: Date, first: int) -> float:
    """How far down a date is; a date without a day is in the middle of its month or year."""
    month = date.month - 1 + ((date.day or 15) - 1) / 31 if date.month else 6
    return TOP + YEAR * (date.year - first + month / 12)


def _rows(events: list[tuple[Date, str, str]], first: int) -> list[tuple[float, Date, list[str]]]:
    """Where the words of each event begin (at its date, or below the words before them), its date and its lines."""
    rows: list[tuple[float, Date, list[str]]] = []
    free = 0.0
    for date, _, words in events:
        lines = [str(date), *textwrap.wrap(words, MAX_LINE_LENGTH)]
        top = max(_y(date, first), free)
        rows.append((top, date, lines))
        free = top + LINE * len(lines) + GAP
    return rows


def _rail(first: int, last: int) -> Iterator[str]:
    """A rail with a mark for each year and the number of every fifth."""
    ends = (_y(Date(first, 1, 1), first), _y(Date(last, 1, 1), first))
    yield f'<path d="M{RAIL},{ends[0]:.1f}V{ends[1]:.1f}" stroke="{MARK}" stroke-width="4"/>'
    for year in range(first, last + 1):
        y = _y(Date(year, 1, 1), first)
        yield f'<path d="M{RAIL - 6},{y:.1f}h6" stroke="{MARK}" stroke-width="2"/>'
        if year % 5 == 0 or year == first:
            yield f'<text x="{RAIL - 12}" y="{y + 4:.1f}" text-anchor="end" fill="{QUIET}">{year}</text>'


def _event(first: int, top: float, date: Date, lines: list[str]) -> Iterator[str]:
    """A dot at the date, a line to the text, the date and the words."""
    y = _y(date, first)
    yield f'<path d="M{RAIL},{y:.1f}L{TEXT - 12},{top:.1f}H{TEXT - 4}" fill="none" stroke="{ACCENT}"/>'
    yield f'<circle cx="{RAIL}" cy="{y:.1f}" r="4" fill="{ACCENT}"/>'
    for number, line in enumerate(lines):
        style = f'fill="{INK}"' if number else f'fill="{ACCENT}" font-weight="700"'
        yield f'<text x="{TEXT}" y="{top + 4 + LINE * number:.1f}" {style}>{html.escape(line, quote=False)}</text>'
