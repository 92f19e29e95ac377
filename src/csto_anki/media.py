"""The folder of pictures -> their bytes, and every problem in any of them; alone knows kinds of pictures.

A picture goes to hundreds of phones, and a drawing (SVG) is a program of a kind: so it may hold shapes and words only,
from a list, and nothing that runs, moves, or comes from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from csto_anki.facts import Place, Problem

LARGEST = 100_000  # bytes; a deck of fifty such pictures is still one that a chat takes
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z]+")
BEGINS = {"svg": (b"<svg", b"<?xml"), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "webp": (b"RIFF",)}
TEXTS = frozenset({"README.md", "LICENSE"})  # where the pictures come from may be told beside them

SVG = "http://www.w3.org/2000/svg "
SHAPES = frozenset(
    {
        *(
            "svg",
            "g",
            "defs",
            "symbol",
            "use",
            "title",
            "desc",
            "path",
            "rect",
            "circle",
            "ellipse",
            "line",
            "polyline",
        ),
        *("polygon", "text", "tspan", "pattern", "clipPath", "mask", "linearGradient", "radialGradient", "stop"),
    }
)

# What an attribute may not do, however it is spelt: CSS and links to anything that is not a part of the picture.
OUTWARD = re.compile(r"url\((?!#)|@import|\w:\s*/|(?:data|javascript):", re.IGNORECASE)


def read(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """All pictures of a folder by name, and the problems of all of them; none where there is no such folder."""
    pictures: dict[str, bytes] = {}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name in TEXTS or path.name.startswith("."):
            continue
        place = Place(path.as_posix())
        other = seen.setdefault(path.name.casefold(), path.name)
        if other != path.name:
            what = f"the same name as {other}, but for large and small letters"
            problems.append(Problem(place, "", what, "give it another: phones would take one for the other"))
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            problems.append(Problem(place, "", f"cannot be read: {error.strerror}", "put files alone here"))
            continue
        pictures[path.name] = data
        problems += _wrong(path.as_posix(), path.name, data)
    return pictures, problems


def _wrong(path: str, name: str, data: bytes) -> Iterator[Problem]:
    kind = name.rpartition(".")[2].lower()
    if kind not in BEGINS:
        yield Problem(Place(path), "", "no picture of a kind that a deck takes", f"make it {_kinds()}")
        return
    if not NAME.fullmatch(name):
        yield Problem(Place(path), "", f"{name!r} is not in kebab-case", "use a-z, 0-9 and hyphens: map-armenia.svg")
    if len(data) > LARGEST:
        what = f"a picture of {len(data):,} bytes"
        yield Problem(Place(path), "", what, f"make it smaller: at most {LARGEST:,} go to every phone")
    elif not data.startswith(BEGINS[kind]) or (kind == "webp" and data[8:12] != b"WEBP"):
        yield Problem(Place(path), "", f"it does not begin as {kind} does", "save it again in the format of its name")
    elif kind == "svg":
        yield from _wrong_in_svg(path, data)


def _kinds() -> str:
    *most, last = BEGINS
    return f"{', '.join(most)} or {last}"


def _wrong_in_svg(path: str, data: bytes) -> list[Problem]:
    problems: list[Problem] = []
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")

    def report(what: str, way_out: str) -> None:
        before = data[: parser.CurrentByteIndex].decode("utf-8", "replace")
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.append(Problem(place, "", what, way_out))

    def start(element: str, attributes: dict[str, str]) -> None:
        if not element.startswith(SVG) or element.removeprefix(SVG) not in SHAPES:
            way_out = f"remove it; what a drawing may hold: {', '.join(sorted(SHAPES))}, each of SVG's namespace"
            report(f"the element <{element.rpartition(' ')[2]}>", way_out)
        for name, value in attributes.items():
            short = name.rpartition(" ")[2]
            if short.lower().startswith("on"):
                report(f"the attribute {short!r} would run a script", "remove it")
            elif (short == "href" and not value.startswith("#")) or OUTWARD.search(value):
                report(f"{short}={value[:40]!r} leads out of the picture", "draw it in the picture, or leave it out")

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
        problems.append(
            Problem(place, "", f"broken SVG: {expat.ErrorString(error.code)}", "mend it, or export it again")
        )
    return problems
