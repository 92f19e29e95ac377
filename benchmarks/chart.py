"""Draw a plot of seconds by notes as SVG, with powers of ten on both axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 440, 60, 190, 20, 50
NOTES, SECONDS = (300, 150_000), (0.05, 60)
# Colours that colour-blind people can tell apart, and a dashed line for what is not a tool.
SHOWN = {
    "floor": ("#555555", "4 3"),
    "plain script": ("#555555", ""),
    "csto-anki build": ("#0b4f9c", ""),
    "csto-anki check": ("#0b4f9c", "4 3"),
    "official anki": ("#117733", ""),
    "anki-yaml-tool": ("#aa3377", ""),
    "ankdown": ("#b15900", ""),
    "brain-brew": ("#8a6d00", ""),
    "markdown-anki-decks": ("#cc3311", ""),
}

Lines = Mapping[str, Sequence[tuple[int, float]]]


def draw(lines: Lines) -> str:
    """The plot; each line ends with its name."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_axes(),
        *_lines(lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(notes: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log(notes / NOTES[0]) / math.log(NOTES[1] / NOTES[0])


def _y(seconds: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * math.log(SECONDS[1] / seconds) / math.log(SECONDS[1] / SECONDS[0])


def _axes() -> Iterator[str]:
    for seconds in (0.1, 0.3, 1, 3, 10, 30):
        y = _y(seconds)
        yield f'<path d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}" stroke="#e3e3e3"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444444">{seconds:g} s</text>'
    for notes in (1_000, 10_000, 100_000):
        x = _x(notes)
        yield f'<path d="M{x:.1f},{TOP}V{HEIGHT - BOTTOM}" stroke="#e3e3e3"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444444">{notes:,}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle" fill="#444444">notes</text>'


def _lines(lines: Lines) -> Iterator[str]:
    ends = sorted((_y(points[-1][1]), name) for name, points in lines.items() if points)
    below = 0.0
    for end, name in ends:
        colour, dash = SHOWN[name]
        points = lines[name]
        path = "L".join(f"{_x(notes):.1f},{_y(seconds):.1f}" for notes, seconds in points)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        for notes, seconds in points:
            yield f'<circle cx="{_x(notes):.1f}" cy="{_y(seconds):.1f}" r="3" fill="{colour}"/>'
        below = max(end + 4, below + 16)
        yield (
            f'<path d="M{_x(points[-1][0]) + 5:.1f},{end:.1f}L{WIDTH - RIGHT + 24},{below - 4:.1f}" '
            f'stroke="{colour}" stroke-width="0.7" opacity="0.6"/>'
        )
        yield f'<text x="{WIDTH - RIGHT + 28}" y="{below:.1f}" fill="{colour}">{name}</text>'
