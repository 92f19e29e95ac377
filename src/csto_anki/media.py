"""The folder of pictures -> their bytes, and every problem in any of them; alone knows kinds of pictures.

A picture goes to hundreds of phones, and a drawing (SVG) is a program of a kind: so it may hold shapes and words only,
from a list, and nothing that runs, moves, or comes from elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from csto_anki import files
from csto_anki.facts import Place, Problem

CODE = "bad-picture"

LARGEST = 100_000  # bytes; a deck of fifty such pictures is still one that a chat takes
LONGEST = 60  # characters of a name
PIXELS = 4_000_000  # of a picture: a phone unpacks each to four bytes, whatever the size of the file
TOLD = 20  # problems of a drawing
MOST = 2_000  # files
DEEPEST = 30  # levels of a drawing, which a browser goes down one by one
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z]+")
BEGINS = {"svg": (b"<svg", b"<?xml"), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "webp": (b"RIFF",)}
TEXTS = frozenset({"README.md", "LICENSE"})  # where the pictures come from may be told beside them

SVG = "http://www.w3.org/2000/svg "
SHAPES = frozenset(
    [
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "text", "tspan", "path", "rect", "circle", "ellipse"),
        *("line", "polyline", "polygon", "pattern", "clipPath", "mask", "linearGradient", "radialGradient", "stop"),
    ]
)

# What an attribute may not hold, however it is spelt: CSS escapes, and ways to anything that is not in the picture.
OUTWARD = re.compile(
    r"\\|//|@import|(?:https?|ftp|file|data|javascript):|url\(\s*(?![\s'\"#])|url\(\s*['\"](?!#)", re.IGNORECASE
)
# Without one of these it cannot: a long path has none, and looking for more there took nine tenths of the time.
TELLING = re.compile(r"[\\/@:(]")
FUNCTION = re.compile(r"([a-z-]+)\s*\(", re.IGNORECASE)
FUNCTIONS = frozenset({"url", "matrix", "translate", "scale", "rotate", "skewx", "skewy", "rgb", "rgba", "hsl", "hsla"})
# Where each is drawn with the help of another, a chain of twenty would draw a million times.
INSIDE = frozenset(f"{SVG}{name}" for name in ("mask", "clipPath", "pattern"))
COPIED = 20_000  # bytes of a drawing in which anything is copied
USES = 20  # however these are nested, they draw fewer than 1,500 copies, which a phone bears


def read(folder: Path, deck: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """All pictures of a folder by name, and the problems of all of them; none where there is no such folder.

    No link may lead out of the folder of the deck.
    """
    pictures: dict[str, bytes] = {}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    if files.leads_out(folder, deck):
        what, way_out = "a link that leads out of its folder", "put the folder itself here"
        return {}, [Problem(Place(folder.as_posix()), "", what, way_out, code=CODE)]
    try:
        names = sorted(path.name for path in folder.iterdir()) if os.path.lexists(folder) else []
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return {}, [Problem(Place(folder.as_posix()), "", what, "make it a folder", code=CODE)]
    if len(names) > MOST:
        what = f"a folder of {len(names):,} files"
        return {}, [Problem(Place(folder.as_posix()), "", what, f"keep at most {MOST:,}", code=CODE)]
    for name in names:
        if name in TEXTS or name.startswith("."):
            continue
        path = (folder / name).as_posix()
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            what = f"the same name as {other}, but for large and small letters"
            way_out = "give it another: phones would take one for the other"
            problems.append(Problem(Place(path), "", what, way_out, code=CODE))
            continue
        pictures[name], found = _picture(folder / name, deck)
        problems += found
    return pictures, problems


def _picture(path: Path, deck: Path) -> tuple[bytes, list[Problem]]:
    """The bytes of one file, as far as it is one that can be a picture, and what is wrong with it."""
    try:
        data = files.load(path, deck, LARGEST)
    except files.Refused as error:
        return b"", [Problem(Place(path.as_posix()), "", error.what, error.way_out, code=CODE)]
    return data, [*wrong(path.as_posix(), path.name, data)]


def wrong(path: str, name: str, data: bytes) -> Iterator[Problem]:
    """What is wrong with the contents of a picture, or with its name."""
    kind = name.rpartition(".")[2].lower()
    if kind not in BEGINS:
        what = "no picture of a kind that a deck takes"
        yield Problem(Place(path), "", what, f"make it {_kinds()}", code=CODE)
        return
    if not NAME.fullmatch(name):
        what, way_out = f"{name!r} is not in kebab-case", "use a-z, 0-9 and hyphens: map-armenia.svg"
        yield Problem(Place(path), "", what, way_out, code=CODE)
    if name.partition(".")[0] in files.NOT_ON_WINDOWS:
        yield Problem(Place(path), "", "Windows can have no file of this name", "give it another", code=CODE)
    if len(name) > LONGEST:  # Anki shortens what is much longer, and does not find it again
        yield Problem(Place(path), "", f"a name of {len(name)} characters", f"use at most {LONGEST}", code=CODE)
    if not data.startswith(BEGINS[kind]) or (kind == "webp" and data[8:12] != b"WEBP"):
        what, way_out = f"it does not begin as {kind} does", "save it again in the format of its name"
        yield Problem(Place(path), "", what, way_out, code=CODE)
    elif kind == "svg":
        yield from _wrong_in_svg(path, data)
    elif not 0 < _pixels(data) <= PIXELS:
        what, way_out = "its size cannot be told, or is too large", f"save it again with at most {PIXELS:,} pixels"
        yield Problem(Place(path), "", what, way_out, code=CODE)


def _faults(element: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one element of a drawing, and the way out; names have their namespace before a blank."""
    if not element.startswith(SVG) or element.removeprefix(SVG) not in SHAPES:
        way_out = f"remove it; what a drawing may hold: {', '.join(sorted(SHAPES))}, each of SVG's namespace"
        yield f"the element <{element.rpartition(' ')[2]}>", way_out
    for name, value in attributes.items():
        short = name.rpartition(" ")[2]
        if short.lower().startswith("on"):
            yield f"the attribute {short!r} would run a script", "remove it"
        elif _leads_out(short, value):
            yield f"{short}={value[:40]!r} leads out of the picture", "draw it in the picture, or leave it out"


def _leads_out(attribute: str, value: str) -> bool:
    """Whether an attribute of a drawing names anything that is not a part of it."""
    if attribute == "base" or (attribute == "href" and not value.startswith("#")):
        return True
    if not TELLING.search(value):
        return False
    functions = {name.lower() for name in FUNCTION.findall(value)}
    return bool(OUTWARD.search(value)) or not functions <= FUNCTIONS


def _pixels(data: bytes) -> int:
    """How many pixels a picture says it has; 0 where it does not say it as its format does.

    A file of 100 kB can unpack to gigabytes on a phone. Sources: PNG (RFC 2083), JPEG (ITU T.81, B.2), WebP (RFC 9649).
    """
    if data.startswith(BEGINS["png"]):
        return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")
    if data.startswith(BEGINS["jpg"]):
        return _pixels_of_jpg(data)
    kind, payload = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":  # three bytes each, less one
        return (int.from_bytes(payload[4:7], "little") + 1) * (int.from_bytes(payload[7:10], "little") + 1)
    if kind == b"VP8L":  # 14 bits each, less one, after a byte
        bits = int.from_bytes(payload[1:5], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":  # 14 bits each, after a tag and a start code of three bytes each
        return (int.from_bytes(payload[6:8], "little") & 0x3FFF) * (int.from_bytes(payload[8:10], "little") & 0x3FFF)
    return 0


def _pixels_of_jpg(data: bytes) -> int:
    """From segment to segment, each with its length, to that of a frame."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 5 : at + 7], "big") * int.from_bytes(data[at + 7 : at + 9], "big")
        at += 1 if marker == 0xFF else 2 + length
    return 0


def _kinds() -> str:
    *most, last = BEGINS
    return f"{', '.join(most)} or {last}"


class _Drawing:
    """A drawing as it is read, element by element, and what is wrong with it."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data
        self.problems: list[Problem] = []
        self.levels: list[str] = []
        self.uses = 0
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = lambda _: self.levels.pop()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.ProcessingInstructionHandler = self.refuse

    def report(self, what: str, way_out: str) -> None:
        if len(self.problems) == TOLD:
            raise StopIteration  # the rest will be no better, and to count the lines up to each takes long
        before = self.data[: self.parser.CurrentByteIndex].decode("utf-8", "replace")
        place = Place(self.path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        self.problems.append(Problem(place, "", what, way_out, code=CODE))

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self.levels.append(element)
        name = element.rpartition(" ")[2]
        if len(self.levels) == DEEPEST + 1:
            self.report(f"more than {DEEPEST} levels of elements", "draw it flatter")
        if any("url(" in value.lower() for value in attributes.values()) and not INSIDE.isdisjoint(self.levels):
            self.report(f"a reference to another part from within a mask, in <{name}>", "draw the shapes themselves")
        for what, way_out in _faults(element, attributes):
            self.report(what, way_out)
        self.uses += element == f"{SVG}use"
        if element == f"{SVG}use" and self.uses == USES + 1:
            self.report(f"more than {USES} <use>", "draw the shapes themselves")
        if element == f"{SVG}use" and self.uses == 1 and len(self.data) > COPIED:
            self.report(f"<use> in a drawing of more than {COPIED:,} bytes", "draw the shapes themselves")
        if any("dasharray" in f"{name}:{value}".lower() for name, value in attributes.items()):
            self.report("dashes, which can be millions on one line", "draw a whole line")

    def refuse(self, *_: object) -> None:
        self.report("a document type or an instruction", "remove what stands between <! or <? and >")
        raise StopIteration  # an entity could stand for gigabytes: read no further


def _wrong_in_svg(path: str, data: bytes) -> list[Problem]:
    drawing = _Drawing(path, data)
    try:
        drawing.parser.Parse(data, True)
    except StopIteration:
        pass
    except expat.ExpatError as error:
        place = Place(path, error.lineno, error.offset + 1)
        what = f"broken SVG: {expat.ErrorString(error.code)}"
        drawing.problems.append(Problem(place, "", what, "mend it, or export it again", code=CODE))
    return drawing.problems
