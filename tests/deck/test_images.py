"""The folder of pictures: what may lie in it, and each fault with its place."""

from __future__ import annotations

import os
import re
import sys
import time
import zlib
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csto_anki.deck import images
from csto_anki.deck.images import MAX_PICTURE_BYTES
from csto_anki.deck.reader import read
from support.commands import require_names
from support.small_deck import FILES, SVG, picture, write_deck

REPOSITORY = Path(__file__).parents[2]
MAP = SVG.format("map")
LIST = (
    "remove it; a drawing may hold: circle, clipPath, defs, desc, ellipse, g, line, linearGradient, mask, path, "
    "pattern, polygon, polyline, radialGradient, rect, stop, svg, symbol, text, title, tspan, use, each of "
    "SVG's namespace"
)
OUT = "draw it in the picture, or leave it out"


def svg(inside: str, attributes: str = ' viewBox="0 0 9 9"') -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"{attributes}>\n{inside}\n</svg>'


def part(kind: bytes, payload: bytes) -> bytes:
    """A part of a PNG."""
    checksum = zlib.crc32(kind + payload).to_bytes(4, "big")
    return len(payload).to_bytes(4, "big") + kind + payload + checksum


def png(width: int, height: int, *parts: bytes, level: int = 6) -> bytes:
    """A PNG of black points."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    pixels = part(b"IDAT", zlib.compress(bytes(height * (1 + width)), level))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", size) + b"".join(parts) + pixels + part(b"IEND", b"")


def webp(kind: bytes, payload: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    found = b"".join(
        each + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
        for each, data in ((kind, payload), *chunks)
    )
    return b"RIFF" + (4 + len(found)).to_bytes(4, "little") + b"WEBP" + found


def frame(width: int, height: int) -> tuple[bytes, bytes]:
    """The chunk of a WebP with its points."""
    return b"VP8L", b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little")


JFIF = b"\xff\xe0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0"
SCAN = b"\xff\xda\0\x04ab" + b"pixels\xff\0more\xff\xd0pixels"


def jpg(width: int, height: int, *segments: bytes) -> bytes:
    frame = b"\xff\xc2\0\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"abcd"
    return b"\xff\xd8" + JFIF + b"".join(segments) + frame + SCAN + b"\xff\xd9"


def lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"tag\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little"))


def pixels(width: int, height: int) -> bytes:
    return part(b"IDAT", zlib.compress(bytes(height * (1 + width)), 6))


def filled(size: int) -> bytes:
    """A PNG of so many bytes, which is not packed."""
    parts = [part(b"pHYs", bytes(9))] if size % 2 else []
    height = (size - len(png(1, 40_000, *parts, level=0))) // 2 + 40_000
    return next(found for extra in range(-9, 9) if len(found := png(1, height + extra, *parts, level=0)) == size)


PNG = png(2000, 2000)
# What is there, and what is said of it.
FAULTS: list[tuple[str, dict[str, str | bytes | None], list[str]]] = [
    ("nothing", {"media/map.svg": MAP, "media/README.md": "Whence\n", "media/.keep": ""}, []),
    (
        "what systems, editors and browsers leave",
        {
            f"media/{name}": "x"
            for name in (
                *(
                    "desktop.ini",
                    "Desktop.ini",
                    "Thumbs.db",
                    "ehthumbs.db",
                    ".DS_Store",
                    "Icon\r",
                    "~$map.svg",
                    "#map.svg#",
                ),
                *("map.svg~", "map.svg.bak", "map.svg.orig", "map.svg.swp", "map.tmp", "map.svg.part"),
                *("map.png.crdownload", "readme.md"),
            )
        },
        [],
    ),
    (
        "copies that programs leave",
        {
            f"media/{name}.svg": MAP
            for name in ("map", "map (1)", "map copy", "map (conflicted copy 2026-11-28)", "map 2")
        },
        [
            f"media/{name}.svg:1:1: '{name}.svg' is not in kebab-case; "
            "compare it with the picture of which it looks like a copy, keep one, and delete the other"
            for name in ("map (1)", "map (conflicted copy 2026-11-28)", "map 2", "map copy")
        ],
    ),
    (
        "drawings that do not say how large they are",
        {
            f"media/{number}.svg": svg("", attributes)
            for number, attributes in enumerate(
                (
                    *("", ' width="9"', ' width="100%" height="100%"', ' viewBox="0 0 9"', ' viewBox="0 0 0 9"'),
                    *(' width="0" height="9" viewBox="0 0 9 9"', ' viewBox="a b c d"', ' width="auto" height="auto"'),
                )
            )
        },
        [
            f"media/{number}.svg:1:1: no size, so that only its upper left corner may show; "
            'give the <svg> a viewBox, such as viewBox="0 0 640 480"'
            for number in range(8)
        ],
    ),
    (
        "drawings that say how large they are",
        {
            f"media/{number}.svg": svg("", attributes)
            for number, attributes in enumerate(
                (
                    *(' width="9" height="9"', ' width="9mm" height="4.5in"', ' viewBox="0,0,9,9"'),
                    *(' viewBox="-1.5 -2 9e1 .5"', ' width="100%" height="100%" viewBox="0 0 9 9"'),
                )
            )
        },
        [],
    ),
    (
        "lines without dashes, as drawing programs write them",
        {
            "media/a.svg": svg('<path style="stroke-dasharray:none;stroke:#000"/>'),
            "media/b.svg": svg('<path stroke-dasharray="none"/><g style="stroke-dasharray: NONE !important"/>'),
            "media/c.svg": svg('<path style="stroke-dasharray:inherit"/><path stroke-dashoffset="3"/>'),
        },
        [],
    ),
    (
        "a frame of another size than the picture says",
        {"media/a.webp": webp(b"VP8X", bytes(10), frame(16_000, 16_000))},
        ["media/a.webp:1:1: its frame has another size than the picture; save it again"],
    ),
    (
        "characters by their numbers that nobody can see",
        {"media/a.svg": svg("<text>&#x202E;b</text>"), "media/b.svg": svg('<text class="&#x200b;"/>')},
        [
            "media/a.svg:2:7: the character U+202E, which nobody can see; remove it",
            "media/b.svg:2:1: the character U+200B, which nobody can see; remove it",
        ],
    ),
    (
        "what drawing programs write, and numbers as map programs write them",
        {
            "media/a.svg": "\ufeff\n<!-- made by hand -->\n" + svg("", ' viewBox="0 0 100.123456789012 99.9"'),
            "media/b.svg": svg('<path style="fill:color(display-p3 1 0 0);transform:translateX(calc(1px + 2px))"/>'),
            "media/c.svg": svg(
                '<path stroke-dasharray="0 0"/><path stroke-dasharray=""/><g style="stroke-dasharray:0px"/>'
            ),
        },
        [],
    ),
    (
        "data of a program, and its whole original",
        {
            "media/a.svg": svg('<g data-author="me"/>'),
            "media/b.svg": svg("", ' viewBox="0 0 9 9" content="&lt;mxfile&gt;"'),
        },
        [
            f"media/{place}: the attribute '{name}' of a program that draws; "
            "save the drawing as plain SVG, or remove it"
            for place, name in (("a.svg:2:1", "data-author"), ("b.svg:1:1", "content"))
        ],
    ),
    (
        "dashes",
        {
            "media/a.svg": svg('<path stroke-dasharray="1 2"/>'),
            "media/b.svg": svg('<path style="stroke-dasharray:none;stroke-dasharray : .001"/>'),
            "media/c.svg": svg('<path style="STROKE-DASHARRAY/* a */:/**/1"/>'),
            "media/d.svg": svg('<path style="stroke-d&#97;sharray: 1"/>'),
        },
        [f"media/{name}.svg:2:1: dashes, of which one line can have millions; draw a solid line" for name in "abcd"],
    ),
    (
        "where and with what a drawing was made",
        {
            "media/map.svg": svg(
                '<g i:export-filename="/home/somebody/map.png"/>',
                ' xmlns:i="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 9 9"',
            )
        },
        [
            "media/map.svg:2:1: the attribute 'export-filename' of a program that draws; "
            "save the drawing as plain SVG, or remove it"
        ],
    ),
    (
        "what nobody can see in a drawing",
        {
            "media/a.svg": svg("<text>a\u202eb</text>"),
            "media/b.svg": svg("<!-- \u200b -->"),
            "media/c.svg": svg("<text>क्\u200dष</text>"),
        },
        [
            "media/a.svg:2:8: the character U+202E, which nobody can see; remove it",
            "media/b.svg:2:6: the character U+200B, which nobody can see; remove it",
        ],
    ),
    (
        "photos that tell where, when and by whom they were made, or carry something else",
        {
            "media/a.jpg": jpg(9, 9, b"\xff\xe1\0\x08Exif\0\0"),
            "media/b.jpg": jpg(9, 9, b"\xff\xfe\0\x09<b>hi</b>"[:11]),
            "media/c.jpg": jpg(9, 9, b"\xff\xed\0\x06Phot"),
            "media/d.jpg": jpg(9, 9, b"\xff\xe2\0\x06ICC_"),
            "media/e.jpg": jpg(9, 9).replace(JFIF, JFIF[:3] + b"\x13" + JFIF[4:-2] + b"\1\1rgb"),
            "media/f.png": png(9, 9, part(b"tEXt", b"Comment\0<script>")),
            "media/g.png": png(9, 9, part(b"eXIf", b"MM")),
            "media/h.png": png(9, 9, part(b"tIME", b"1234567")),
            "media/i.webp": webp(b"VP8X", b"\x08" + bytes(9), frame(1, 1), (b"EXIF", b"gps")),
            "media/j.webp": webp(b"VP8X", bytes(10), frame(1, 1), (b"XMP ", b"<x>")),
        },
        [
            f"media/{name}:1:1: it has metadata, such as place, time, camera or author (in a {where}); "
            "save it again without it; docs/writing-cards.md says how"
            for name, where in (
                *(("a.jpg", "segment E1"), ("b.jpg", "segment FE"), ("c.jpg", "segment ED"), ("d.jpg", "segment E2")),
                *(("e.jpg", "segment E0"), ("f.png", "part tEXt"), ("g.png", "part eXIf"), ("h.png", "part tIME")),
                *(("i.webp", "part EXIF"), ("j.webp", "part XMP ")),
            )
        ],
    ),
    (
        "pictures with something behind them",
        {
            "media/a.png": png(9, 9) + b"PK\3\4",
            "media/b.jpg": jpg(9, 9) + b"PK\3\4",
            "media/c.webp": lossy(9, 9) + b"PK\3\4",
        },
        [f"media/{name}:1:1: something is behind the picture; save it again" for name in ("a.png", "b.jpg", "c.webp")],
    ),
    (
        "pictures that are cut off or damaged",
        {
            "media/a.png": png(9, 9)[:-1],
            "media/b.png": png(9, 9).replace(b"IDAT", b"IDAU", 1),
            "media/c.jpg": jpg(9, 9)[:-1],
            "media/d.jpg": jpg(9, 9)[:-12],
            "media/e.webp": lossy(9, 9)[:-1],
            "media/f.jpg": jpg(9, 9).replace(SCAN, b""),
            "media/g.png": png(9, 9).replace(pixels(9, 9), b""),
            "media/h.png": png(9, 9).replace(pixels(9, 9), pixels(9, 8)),
            "media/i.png": png(9, 9).replace(pixels(9, 9), pixels(9, 10)),
            "media/j.png": png(9, 9).replace(pixels(9, 9), part(b"IDAT", b"junk")),
            "media/k.png": png(9, 9).replace(pixels(9, 9), part(b"IDAT", zlib.compress(bytes(90)) + b"more")),
            "media/l.png": png(9, 9, part(b"gAMA", b"more than four")),
            "media/m.jpg": jpg(9, 9).replace(SCAN, SCAN[:6]),
            "media/n.webp": webp(b"VP8X", bytes(10)),
        },
        [
            f"media/{name}:1:1: it is damaged or cut off; save it again"
            for name in (
                *("a.png", "b.png", "c.jpg", "d.jpg", "e.webp", "f.jpg", "g.png", "h.png", "i.png", "j.png", "k.png"),
                *("l.png", "m.jpg", "n.webp"),
            )
        ],
    ),
    (
        "shapes, words and uses of its own parts",
        {
            "media/a.svg": svg('<defs><path id="p" d="M0 0z"/></defs><use xlink:href="#p"/><text>Ω &lt;b&gt;</text>'),
            "media/b.svg": svg('<g clip-path="url(#p)" style="fill:url( &quot;#p&quot; )"><title>T</title></g>'),
            "media/e.svg": svg(
                '<g transform="translate(1 2)scale(-1)rotate(3)" fill="rgb(0 0 0 / 1)"/>' + 20 * "<use/>"
            ),
            "media/c.png": PNG,
            "media/d.webp": lossy(2000, 2000),
            "media/f.jpg": jpg(2000, 2000),
            "media/g.webp": webp(b"VP8L", b"\x2f" + (1999 | 1999 << 14).to_bytes(4, "little")),
            "media/h.webp": webp(b"VP8X", bytes(4) + 2 * (1999).to_bytes(3, "little"), frame(2000, 2000)),
            "media/i.svg": svg("<g>" * 29 + "</g>" * 29),
        },
        [],
    ),
    (
        "a script",
        {"media/map.svg": svg("<g/>\n  <script>alert(1)</script>")},
        [f"media/map.svg:3:3: the element <script>; {LIST}"],
    ),
    (
        "an attribute that runs",
        {"media/map.svg": svg('<path onload="alert(1)"/>')},
        ["media/map.svg:2:1: the attribute 'onload' would run a script; remove it"],
    ),
    (
        "another page inside",
        {"media/map.svg": svg('<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/></foreignObject>')},
        [
            f"media/map.svg:2:1: the element <foreignObject>; {LIST}",
            f"media/map.svg:2:16: the element <iframe>; {LIST}",
        ],
    ),
    (
        "pictures and styles from the network",
        {
            "media/a.svg": svg('<image href="https://example.org/a.png"/>'),
            "media/b.svg": svg("<style>@import url(https://example.org/a.css)</style>"),
            "media/c.svg": svg('<use xlink:href="https://example.org/a.svg#p"/>'),
            "media/d.svg": svg('<path style="fill:url( https://example.org/a.svg#p)"/>'),
            "media/e.svg": svg('<path fill="url(//example.org/a.svg#p)"/>'),
            "media/f.svg": svg('<use href="other.svg#p"/>'),
            "media/g.svg": svg('<use href="data:image/svg+xml,x"/>'),
            "media/h.svg": svg('<path style="fill:u\\72l(#p)"/>'),
            "media/i.svg": svg("<path style=\"mask:image-set('p' 1x)\"/>"),
            "media/j.svg": svg('<path style="mask:image(p)"/>'),
            "media/k.svg": svg('<g xml:base="p"/>'),
            "media/l.svg": svg("<path fill=\"url( 'p.svg#p')\"/>"),
            "media/m.svg": svg('<path fill="http:p"/>'),
        },
        [
            f"media/a.svg:2:1: the element <image>; {LIST}",
            f"media/a.svg:2:1: href='https://example.org/a.png' leads out of the picture; {OUT}",
            f"media/b.svg:2:1: the element <style>; {LIST}",
            f"media/c.svg:2:1: href='https://example.org/a.svg#p' leads out of the picture; {OUT}",
            f"media/d.svg:2:1: style='fill:url( https://example.org/a.svg#p)' leads out of the picture; {OUT}",
            f"media/e.svg:2:1: fill='url(//example.org/a.svg#p)' leads out of the picture; {OUT}",
            f"media/f.svg:2:1: href='other.svg#p' leads out of the picture; {OUT}",
            f"media/g.svg:2:1: href='data:image/svg+xml,x' leads out of the picture; {OUT}",
            f"media/h.svg:2:1: style='fill:u\\\\72l(#p)' leads out of the picture; {OUT}",
            f"media/i.svg:2:1: style=\"mask:image-set('p' 1x)\" leads out of the picture; {OUT}",
            f"media/j.svg:2:1: style='mask:image(p)' leads out of the picture; {OUT}",
            f"media/k.svg:2:1: base='p' leads out of the picture; {OUT}",
            f"media/l.svg:2:1: fill=\"url( 'p.svg#p')\" leads out of the picture; {OUT}",
            f"media/m.svg:2:1: fill='http:p' leads out of the picture; {OUT}",
        ],
    ),
    (
        "something that moves",
        {"media/map.svg": svg('<animate attributeName="href" to="javascript:x"/>')},
        [
            f"media/map.svg:2:1: the element <animate>; {LIST}",
            f"media/map.svg:2:1: to='javascript:x' leads out of the picture; {OUT}",
        ],
    ),
    (
        "a document type, whose entities could stand for gigabytes",
        {"media/map.svg": '<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "b">]>\n' + svg("&a;")},
        ["media/map.svg:2:15: a document type or an instruction; remove what is between <! or <? and >"],
    ),
    (
        "a style sheet by an instruction",
        {"media/map.svg": '<?xml version="1.0"?><?xml-stylesheet href="https://example.org/a.css"?>' + svg("")},
        ["media/map.svg:1:22: a document type or an instruction; remove what is between <! or <? and >"],
    ),
    (
        "no drawing at all",
        {"media/a.svg": "<svg><g/></svg>", "media/b.svg": svg("<g>"), "media/c.svg": "", "media/d.svg": svg("\udcff")},
        [
            f"media/a.svg:1:1: the element <svg>; {LIST}",
            f"media/a.svg:1:6: the element <g>; {LIST}",
            "media/b.svg:3:3: broken SVG: mismatched tag; fix it, or export it again",
            "media/c.svg:1:1: it does not begin like a svg file; save it again in the format of its name",
            "media/d.svg:2:1: broken SVG: not well-formed (invalid token); fix it, or export it again",
        ],
    ),
    (
        "other kinds, and names that do not fit",
        {"media/a.tiff": "", "media/b": "", "media/Big Map.svg": MAP, "media/c.gif": b"GIF89a"},
        [
            "media/Big Map.svg:1:1: 'Big Map.svg' is not in kebab-case; use a-z, 0-9 and hyphens: map-armenia.svg",
            *(
                f"media/{name}:1:1: not a kind of picture that a deck can have; make it svg, png, jpg or webp"
                for name in ("a.tiff", "b", "c.gif")
            ),
        ],
    ),
    (
        "another format than its name says",
        {"media/a.png": MAP, "media/b.svg": PNG, "media/c.webp": b"RIFF\0\0\0\0AVI ", "media/d.jpg": PNG},
        [
            f"media/{name}:1:1: it does not begin like a {name[2:]} file; save it again in the format of its name"
            for name in ("a.png", "b.svg", "c.webp", "d.jpg")
        ],
    ),
    (
        "copies of copies of copies",
        {"media/map.svg": svg(21 * '<use href="#p"/>')},
        [f"media/map.svg:2:{20 * 16 + 1}: more than 20 <use>; draw the shapes themselves"],
    ),
    (
        "a name that Anki would shorten",
        {f"media/{56 * 'a'}.svg": MAP, f"media/{57 * 'a'}.svg": MAP},
        [f"media/{57 * 'a'}.svg:1:1: a name of 61 characters; use at most 60"],
    ),
    (
        "too large",
        {"media/a.png": filled(MAX_PICTURE_BYTES), "media/b.png": filled(MAX_PICTURE_BYTES + 1)},
        ["media/b.png:1:1: a file of 100,001 bytes; make it smaller: the limit is 100,000"],
    ),
    (
        "small files that a phone would unpack to gigabytes, or not know what they are",
        {
            "media/a.png": png(2000, 2001),
            "media/b.png": png(0, 9),
            "media/c.jpg": jpg(2000, 2001),
            "media/d.jpg": b"\xff\xd8\xff\xe0\0\x04",
            "media/e.webp": lossy(2000, 2001),
            "media/f.webp": webp(b"VP8L", b"\x2f" + (16383 | 16383 << 14).to_bytes(4, "little")),
            "media/g.webp": webp(b"VP8X", bytes(4) + b"\xff" * 6),
            "media/h.webp": webp(b"ICCP", bytes(10)),
        },
        [
            f"media/{name}:1:1: its size cannot be read, or is too large; save it again with at most 4,000,000 pixels"
            for name in ("a.png", "b.png", "c.jpg", "d.jpg", "e.webp", "f.webp", "g.webp", "h.webp")
        ],
    ),
    (
        "a drawing that is nested deeply",
        {"media/a.svg": svg("<g>" * 30 + "</g>" * 30), "media/b.svg": svg("<g>" * 9000 + "</g>" * 9000)},
        [f"media/{name}.svg:2:88: more than 30 levels of elements; use fewer levels" for name in "ab"],
    ),
    (
        "a chain of masks, which would be drawn a million times",
        {
            "media/a.svg": svg('<mask id="m"><path mask="url(#n)"/></mask>'),
            "media/b.svg": svg('<clipPath id="m"><path clip-path="url(#n)"/></clipPath>'),
            "media/c.svg": svg('<pattern id="m"><path style="fill:url(#n)"/></pattern>'),
            "media/d.svg": svg('<mask id="m"><path/></mask><path mask="url(#m)"/>'),
        },
        [
            f"media/{name}.svg:2:{column}: a reference to another part from within a mask, in <path>; "
            "draw the shapes themselves"
            for name, column in (("a", 14), ("b", 18), ("c", 17))
        ],
    ),
    (
        "names that Windows keeps for devices",
        {"media/con.svg": MAP, "media/lpt1.svg": MAP, "media/console.svg": MAP},
        [
            f"media/{name}.svg:1:1: Windows cannot have a file with this name; give it another"
            for name in ("con", "lpt1")
        ],
    ),
    (
        "a name in another form of Unicode",
        {"media/caf\u0065\u0301.svg": MAP},
        [
            "media/caf\u0065\u0301.svg:1:1: 'cafe\u0301.svg' is not in kebab-case; "
            "use a-z, 0-9 and hyphens: map-armenia.svg"
        ],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_each_fault_has_its_place(
    files: dict[str, str | bytes | None],
    expected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    require_names(*files)
    for name, content in files.items():
        assert content is not None
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
    pictures, problems = images.read(Path("media"), tmp_path)
    assert [str(problem) for problem in problems] == expected
    if not expected:
        assert pictures == {
            name.removeprefix("media/"): content.encode() if isinstance(content, str) else content
            for name, content in files.items()
            if name.endswith((".svg", ".png", ".jpg", ".webp")) and "$" not in name
        }


def test_what_is_no_file_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe would be waited for, for ever."""
    monkeypatch.chdir(tmp_path)
    Path("media/maps").mkdir(parents=True)
    expected = ["media/maps:1:1: not a regular file; put a file here, not a folder, device or pipe"]
    if hasattr(os, "mkfifo"):
        os.mkfifo("media/pipe.svg")
        expected.append("media/pipe.svg:1:1: not a regular file; put a file here, not a folder, device or pipe")
    assert [str(problem) for problem in images.read(Path("media"), tmp_path)[1]] == expected


@pytest.mark.skipif(sys.platform == "win32", reason="where links need a right that few users have")
def test_a_link_may_not_lead_out_of_the_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contribution could else carry any file of the machine into a deck that is shared."""
    monkeypatch.chdir(tmp_path)
    Path("deck/media").mkdir(parents=True)
    Path("deck/media/map.svg").write_text(MAP)
    Path("secret.svg").write_text(MAP)
    Path("deck/media/out.svg").symlink_to("../../secret.svg")
    Path("deck/media/gone.svg").symlink_to("../../nowhere.svg")
    Path("deck/media/zero.svg").symlink_to("/dev/zero")
    Path("deck/media/same.svg").symlink_to("map.svg")
    pictures, problems = images.read(Path("deck/media"), Path("deck"))
    assert [str(problem) for problem in problems] == [
        f"deck/media/{name}.svg:1:1: a link that leads out of its folder; put the file itself here"
        for name in ("gone", "out", "zero")
    ]
    assert [name for name, data in pictures.items() if data] == ["map.svg", "same.svg"]
    Path("deck/media").rename("elsewhere")
    Path("deck/media").symlink_to("../elsewhere")
    assert [str(problem) for problem in images.read(Path("deck/media"), Path("deck"))[1]] == [
        "deck/media:1:1: a link that leads out of its folder; put the folder itself here"
    ]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("media").write_text("")
    (problem,) = images.read(Path("media"), tmp_path)[1]
    assert re.fullmatch("media:1:1: cannot be read: .*; make it a folder", str(problem))


@pytest.mark.skipif(os.path.normcase("A") == "a", reason="this machine cannot have two such files")
def test_a_doubled_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Mac, a Windows machine and some phones one would overwrite the other."""
    monkeypatch.chdir(tmp_path)
    Path("media").mkdir()
    Path("media/map.svg").write_text(MAP)
    Path("media/Map.svg").write_text(MAP)
    if len([*Path("media").iterdir()]) < 2:
        pytest.skip("this machine cannot have two such files")
    _, problems = images.read(Path("media"), tmp_path)
    assert [str(problem) for problem in problems] == [
        "media/Map.svg:1:1: 'Map.svg' is not in kebab-case; use a-z, 0-9 and hyphens: map-armenia.svg",
        "media/map.svg:1:1: the same name as Map.svg, except for capital letters; "
        "give it another name: a phone would mix up the two",
    ]


IN_ENTRIES: list[tuple[str, dict[str, str | bytes | None], list[str]]] = [
    (
        "a picture that is not there",
        {
            "media/map.svg": MAP,
            "dates.yaml": FILES["dates.yaml"] + picture("mpa.svg") + picture("x-y.png", "answer_image"),
        },
        [
            "dates.yaml:7:5: treaty-signed: there is no picture 'mpa.svg'; did you mean 'map.svg'?",
            "dates.yaml:10:5: treaty-signed: there is no picture 'x-y.png'; put it into media",
        ],
    ),
    (
        "a picture by a path out of the folder",
        {"media/map.svg": MAP, "dates.yaml": FILES["dates.yaml"] + picture("../media/map.svg")},
        [
            "dates.yaml:7:11: treaty-signed: '../media/map.svg' is not the name of a picture; "
            "name a file of the folder media, without path"
        ],
    ),
    (
        "a picture by a whole path",
        {"media/map.svg": MAP, "dates.yaml": FILES["dates.yaml"] + picture("/etc/passwd")},
        [
            "dates.yaml:7:11: treaty-signed: '/etc/passwd' is not the name of a picture; "
            "name a file of the folder media, without path"
        ],
    ),
    (
        "a picture without words",
        {"media/map.svg": MAP, "dates.yaml": FILES["dates.yaml"] + "  image: {file: map.svg}\n"},
        [
            "dates.yaml:6:10: treaty-signed: the key 'alt' is missing; add it: what it shows, for people who cannot "
            "see it; on the front it must not say the answer"
        ],
    ),
    (
        "a picture by its name alone",
        {"media/map.svg": MAP, "dates.yaml": FILES["dates.yaml"] + "  image: map.svg\n"},
        [
            "dates.yaml:6:10: treaty-signed: a text where keys belong; "
            "write lines of the form 'key: value', indented by two spaces under the id"
        ],
    ),
    (
        "a picture of the name of the timeline",
        {"media/timeline.svg": MAP, "dates.yaml": FILES["dates.yaml"] + "  timeline: Signed\n"},
        ["media/timeline.svg:1:1: a picture with the name of the drawn timeline; give it another name"],
    ),
    (
        "a timeline that no phone can show",
        {
            "dates.yaml": "".join(
                f"e{year}:\n  question: Which year?\n  date: {year}\n  timeline: Event\n  sources: [charter]\n"
                for year in range(1000, 1600)
            )
        },
        ["dates.yaml:2999:13: e1599: it makes the timeline 108,825 bytes large; put fewer facts on it"],
    ),
    (
        "a place on the timeline without a date",
        {"bodies.yaml": FILES["bodies.yaml"] + "  timeline: Founded\n"},
        ["bodies.yaml:9:13: highest-body: a place on the timeline without a date; give a date or remove it"],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in IN_ENTRIES], ids=[case[0] for case in IN_ENTRIES])
def test_each_fault_of_an_entry(
    files: dict[str, str | bytes | None],
    expected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    deck, problems = read(write_deck(Path(), files))
    assert deck is None
    assert [str(problem) for problem in problems] == expected


def test_pictures_that_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures: dict[str, str | bytes | None] = {f"media/{name}.svg": MAP for name in "abc"}
    folder = write_deck(tmp_path / "cards", pictures)
    for most, problems in (
        (3 * len(MAP), []),
        (3 * len(MAP) - 1, [f"pictures of more than {3 * len(MAP) - 1} bytes together"]),
    ):
        monkeypatch.setattr(images, "MAX_ALL_PICTURES_BYTES", most)
        assert [problem.message for problem in images.read(folder / "media", folder)[1]] == problems


@pytest.mark.parametrize("text", ["a" * 99_000, "a-" * 49_000, "url(" * 24_000, "a (" * 33_000, "/*" * 49_000])
def test_no_value_of_a_drawing_takes_long(text: str) -> None:
    """Within a second of computing; a careless pattern took a minute."""
    started = time.process_time()
    list(images.faults("a.svg", "a.svg", svg(f'<g style="dasharray:{text}" id=":{text}"/>').encode()))
    assert time.process_time() - started < 5


def problems_in_drawing(inside: str) -> list[str]:
    return [str(problem) for problem in images.faults("a.svg", "a.svg", svg(inside).encode())]


def test_a_quick_look_at_the_real_drawings_misses_nothing() -> None:
    for file in (REPOSITORY / "cards" / "media").glob("*.svg"):
        data = file.read_bytes()
        with_reference = data.replace(b"</svg>", b"<desc>&#97;</desc></svg>")
        assert [*images.faults("a.svg", "a.svg", data)] == [*images.faults("a.svg", "a.svg", with_reference)] == []


PIECES = (
    "url( URL( uRl( ) #a a ' \" / // : ; , ( \\ @import http: none 0 1 px /* */ * arr ay stroke- -dash "
    "stroke-dasharray DASHARRAY rotate evil"
)
VALUES = st.lists(st.sampled_from(PIECES.split()), max_size=6).map("".join)
ELEMENTS = st.builds(
    "<{0} {1}={2}{3}>".format,
    st.sampled_from(["path", "mask", "use", "script"]),
    st.sampled_from(["style", "fill", "stroke-dasharray", "href", "xlink:href", "onload", "data-a", "content"]),
    VALUES.map(quoteattr),
    st.sampled_from(["/", ""]),
)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(ELEMENTS, min_size=1, max_size=4))
@example(['<path style="stroke-dasharr/**/ay:1"/>'])
def test_a_quick_look_at_a_drawing_misses_nothing(elements: list[str]) -> None:
    """A reference to a number anywhere in a drawing makes the tool look at every value."""
    inside = "".join(elements) + "".join(f"</{each[1:].split()[0]}>" for each in elements[::-1] if each[-2] != "/")
    assert problems_in_drawing(inside) == problems_in_drawing(f"{inside}<desc>&#97;</desc>")


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "media").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "iterdir", fail)
    (problem,) = images.read(Path("media"), tmp_path)[1]
    assert str(problem) == "media:1:1: cannot be read: Permission denied; check that you may read it"
