"""The folder of pictures -> their bytes, and every problem in any of them; alone knows kinds of pictures.

A picture goes to hundreds of phones, and a drawing (SVG) is a program of a kind: so it may hold shapes and words only,
from a list, and nothing that runs, moves, or comes from elsewhere.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from csto_anki.facts import Place, Problem

CODE = "bad-picture"

LARGEST = 100_000  # bytes; a deck of fifty such pictures is still one that a chat takes
LONGEST = 60  # characters of a name
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
USES = 20  # however these are nested, they draw fewer than 1,500 copies, which a phone bears


def read(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """All pictures of a folder by name, and the problems of all of them; none where there is no such folder."""
    pictures: dict[str, bytes] = {}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    try:
        names = sorted(path.name for path in folder.iterdir()) if os.path.lexists(folder) else []
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return {}, [Problem(Place(folder.as_posix()), "", what, "make it a folder", code=CODE)]
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
        pictures[name], found = _picture(folder / name)
        problems += found
    return pictures, problems


def _picture(path: Path) -> tuple[bytes, list[Problem]]:
    """The bytes of one file, as far as it is one that can be a picture, and what is wrong with it."""
    place = Place(path.as_posix())
    try:
        if not os.path.isfile(path):  # noqa: PTH113  # Path.is_file raises where this says no
            return b"", [Problem(place, "", "no file", "put files alone here", code=CODE)]
        if (size := path.stat().st_size) > LARGEST:
            what = f"a picture of {size:,} bytes"
            way_out = f"make it smaller: at most {LARGEST:,} go to every phone"
            return b"", [Problem(place, "", what, way_out, code=CODE)]
        data = path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return b"", [Problem(place, "", what, "see that it is open to you", code=CODE)]
    return data, [*_wrong(path.as_posix(), path.name, data)]


def _wrong(path: str, name: str, data: bytes) -> Iterator[Problem]:
    kind = name.rpartition(".")[2].lower()
    if kind not in BEGINS:
        what = "no picture of a kind that a deck takes"
        yield Problem(Place(path), "", what, f"make it {_kinds()}", code=CODE)
        return
    if not NAME.fullmatch(name):
        what, way_out = f"{name!r} is not in kebab-case", "use a-z, 0-9 and hyphens: map-armenia.svg"
        yield Problem(Place(path), "", what, way_out, code=CODE)
    if len(name) > LONGEST:  # Anki shortens what is much longer, and does not find it again
        yield Problem(Place(path), "", f"a name of {len(name)} characters", f"use at most {LONGEST}", code=CODE)
    if not data.startswith(BEGINS[kind]) or (kind == "webp" and data[8:12] != b"WEBP"):
        what, way_out = f"it does not begin as {kind} does", "save it again in the format of its name"
        yield Problem(Place(path), "", what, way_out, code=CODE)
    elif kind == "svg":
        yield from _wrong_in_svg(path, data)


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


def _kinds() -> str:
    *most, last = BEGINS
    return f"{', '.join(most)} or {last}"


def _wrong_in_svg(path: str, data: bytes) -> list[Problem]:
    problems: list[Problem] = []
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    uses = itertools.count(1)

    def report(what: str, way_out: str) -> None:
        before = data[: parser.CurrentByteIndex].decode("utf-8", "replace")
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.append(Problem(place, "", what, way_out, code=CODE))

    def start(element: str, attributes: dict[str, str]) -> None:
        for what, way_out in _faults(element, attributes):
            report(what, way_out)
        if element == f"{SVG}use" and next(uses) == USES + 1:
            report(f"more than {USES} <use>", "draw the shapes themselves")

    def refuse(*_: object) -> None:
        report("a document type or an instruction", "remove what stands between <! or <? and >")
        raise StopIteration  # an entity could stand for gigabytes: read no further

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(data, True)
    except StopIteration:
        pass
    except expat.ExpatError as error:
        place = Place(path, error.lineno, error.offset + 1)
        what = f"broken SVG: {expat.ErrorString(error.code)}"
        problems.append(Problem(place, "", what, "mend it, or export it again", code=CODE))
    return problems
