"""The pictures of a deck: their bytes, and every problem in any of them.

A picture goes to hundreds of phones, and a drawing (SVG) is a kind of program. So a drawing may only have elements of a
fixed list, for shapes and words, and nothing that runs, moves, or comes from elsewhere.
"""

from __future__ import annotations

import functools
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from csto_anki import files
from csto_anki.deck.characters import forbidden
from csto_anki.deck.problem import Place, Problem

BAD_PICTURE = "bad-picture"

MAX_PICTURE_BYTES = 100_000  # a deck with fifty such pictures can still be sent in a chat
MAX_NAME_LENGTH = 60
MAX_PIXELS = 4_000_000  # a phone unpacks each to four bytes, whatever the size of the file
MAX_PROBLEMS_OF_DRAWING = 20
MAX_PICTURES = 2_000
MAX_ALL_PICTURES_BYTES = 20_000_000  # of all pictures together
MAX_DRAWING_DEPTH = 30  # levels of elements
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z]+")
_SIGNATURES = {
    "svg": (b"<svg", b"<?xml", b"<!--"),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "webp": (b"RIFF",),
}
_OTHER_FILES = {  # they may say where the pictures come from
    *("readme.md", "readme.txt", "readme", "license", "license.md", "license.txt", "licence", "copying", "notice"),
}
# How programs name a second file of one name.
_COPY = r"(?i)\(\d+\)| \d+\.|copy|conflict|kopie"
# What systems, editors and browsers leave in a folder, and put back if it is deleted.
_LEFTOVER = re.compile(
    r"\..*|desktop\.ini|(?:eh)?thumbs(?:_vista)?\.db|icon\r|__macosx|@eadir|system volume information|\$recycle\.bin|"
    r"lost\+found|~\$.*|#.*#|.*~|.*_original|.*\.(?:tmp|bak|sw[opn]|orig|rej|part|partial|crdownload|download)"
)

_SVG = "http://www.w3.org/2000/svg "
_NAMESPACES = {"", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"}  # of attributes
_ELEMENT_NAMES = (
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "text", "tspan", "path", "rect", "circle", "ellipse"),
    *("line", "polyline", "polygon", "pattern", "clipPath", "mask", "linearGradient", "radialGradient", "stop"),
)
_ELEMENTS = {f"{_SVG}{name}" for name in _ELEMENT_NAMES}

# What an attribute may not hold, however it is spelt: CSS escapes, and references to anything outside the picture.
_OUTWARD = r"(?i)\\|//|@import|(?:https?|ftp|file|data|javascript):|url\(\s*(?![\s'\"#])|url\(\s*['\"](?!#)"
_DASHES = r"(?i)dasharray\s*:([^;]*)"
_CSS_COMMENT = r"(?s)/\*.*?\*/"
_NO_DASHES = r"(?i)(?:none|inherit|initial|unset|(?:0(?:px)?[\s,]*)*)(?:\s*!important)?"
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
_LENGTH = re.compile(r"(\d{1,9}\.?\d{0,30}|\.\d{1,30})(?:px|pt|pc|mm|cm|in|em|ex)?")
_FUNCTION = re.compile(r"(?<![a-z-])([a-z-]+)\s*\(", re.IGNORECASE)
_FUNCTIONS = {
    *("url", "calc", "blur", "circle", "ellipse", "polygon", "inset", "matrix", "rotate", "skewx", "skewy"),
    *("translate", "translatex", "translatey", "scale", "scalex", "scaley"),
    *("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix", "light-dark"),
}
# Elements that can refer to others of their kind: a chain of twenty would be drawn a million times.
_REFERRING = {f"{_SVG}{name}" for name in ("mask", "clipPath", "pattern")}
MAX_BYTES_WITH_USE = 20_000  # of a drawing with <use>, which copies parts
MAX_USES = 20  # however they are nested, they draw fewer than 1,500 copies, which a phone can show


def read(folder: Path, deck: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """All pictures of a folder by name, and the problems of all of them; neither if there is no such folder.

    No link may lead out of the deck's folder, `deck`.
    """
    names, problems = _names(folder, deck)
    pictures: dict[str, bytes] = {}
    seen: dict[str, str] = {}
    left = MAX_ALL_PICTURES_BYTES
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            message = f"the same name as {other}, except for capital letters"
            hint = "give it another name: a phone would mix up the two"
            problems.append(_problem((folder / name).as_posix(), message, hint))
            continue
        pictures[name], found = _picture(folder / name, deck)
        problems += found
        left -= len(pictures[name])
        if left < 0:
            message = f"pictures of more than {MAX_ALL_PICTURES_BYTES:,} bytes together"
            problems.append(_problem(folder.as_posix(), message, "make them smaller or remove some"))
            break
    return pictures, problems


def _names(folder: Path, deck: Path) -> tuple[list[str], list[Problem]]:
    """The names of the files that should be pictures."""
    path = folder.as_posix()
    if files.leads_out(folder, deck):
        return [], [_problem(path, "a link that leads out of its folder", "put the folder itself here")]
    try:
        names = sorted(file.name for file in folder.iterdir()) if os.path.lexists(folder) else []
    except OSError as error:
        hint = "make it a folder" if isinstance(error, NotADirectoryError) else "check that you may read it"
        return [], [_problem(path, f"cannot be read: {error.strerror}", hint)]
    if len(names) > MAX_PICTURES:
        return [], [_problem(path, f"a folder of {len(names):,} files", f"keep at most {MAX_PICTURES:,}")]
    return [name for name in names if name.lower() not in _OTHER_FILES and not _LEFTOVER.fullmatch(name.lower())], []


def _picture(path: Path, deck: Path) -> tuple[bytes, list[Problem]]:
    """The bytes of one file (none if it cannot be read), and what is wrong with it."""
    try:
        data = files.load(path, deck, MAX_PICTURE_BYTES)
    except files.Refused as error:
        return b"", [_problem(path.as_posix(), error.message, error.hint)]
    return data, [*faults(path.as_posix(), path.name, data)]


def _problem(path: str, message: str, hint: str) -> Problem:
    return Problem(Place(path), "", message, hint, code=BAD_PICTURE)


def faults(path: str, name: str, data: bytes) -> Iterator[Problem]:
    """What is wrong with the contents of a picture, or with its name."""
    kind = name.rpartition(".")[2].lower()
    if kind not in _SIGNATURES:
        yield _problem(path, "not a kind of picture that a deck can have", "make it svg, png, jpg or webp")
        return
    if not _NAME.fullmatch(name):
        hint = "use a-z, 0-9 and hyphens: map-armenia.svg"
        if re.search(_COPY, name):
            hint = "compare it with the picture of which it looks like a copy, keep one, and delete the other"
        yield _problem(path, f"{name!r} is not in kebab-case", hint)
    if name.partition(".")[0] in files.RESERVED_ON_WINDOWS:
        yield _problem(path, "Windows cannot have a file with this name", "give it another")
    if len(name) > MAX_NAME_LENGTH:  # Anki cuts much longer names, and then does not find the file
        yield _problem(path, f"a name of {len(name)} characters", f"use at most {MAX_NAME_LENGTH}")
    if not _begins_like(kind, data):
        yield _problem(path, f"it does not begin like a {kind} file", "save it again in the format of its name")
    elif kind == "svg":
        yield from _svg_problems(path, data)
    elif not 0 < _pixels(data) <= MAX_PIXELS:
        hint = f"save it again with at most {MAX_PIXELS:,} pixels"
        yield _problem(path, "its size cannot be read, or is too large", hint)
    elif message := _PARTS[kind](data):
        how = " without it; docs/writing-cards.md says how" if message.startswith(_METADATA) else ""
        yield _problem(path, message, f"save it again{how}")


def _begins_like(kind: str, data: bytes) -> bool:
    if kind == "svg":  # which is a text
        data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    return data.startswith(_SIGNATURES[kind]) and (kind != "webp" or data[8:12] == b"WEBP")


def _element_faults(element: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Messages and hints for one element of a drawing. In names, a namespace and a space may come first."""
    if element not in _ELEMENTS:
        hint = f"remove it; a drawing may hold: {', '.join(sorted(_ELEMENT_NAMES))}, each of SVG's namespace"
        yield f"the element <{element.rpartition(' ')[2]}>", hint
    for name, value in attributes.items():
        if fault := _fault_of_name(name):
            yield fault
        elif _leads_out(short := name.rpartition(" ")[2], value):
            yield f"{short}={value[:40]!r} leads out of the picture", "draw it in the picture, or leave it out"


@functools.lru_cache(1_000)
def _fault_of_name(name: str) -> tuple[str, str] | None:
    """The message and hint for the name of an attribute; drawings have few names, and each of them many times."""
    namespace, _, short = name.rpartition(" ")
    if namespace not in _NAMESPACES or short == "content" or short.startswith("data-"):
        return f"the attribute {short!r} of a program that draws", "save the drawing as plain SVG, or remove it"
    if short.lower().startswith("on"):
        return f"the attribute {short!r} would run a script", "remove it"
    return None


def _has_dashes(attribute: str, value: str) -> bool:
    """Whether an attribute, perhaps a style, draws dashes. Drawing programs write `none` on every line."""
    given = [value] if attribute == "stroke-dasharray" else []
    if attribute == "style":
        given = re.findall(_DASHES, re.sub(_CSS_COMMENT, "", value))
    return any(not re.fullmatch(_NO_DASHES, each.strip()) for each in given)


def _has_size(attributes: Mapping[str, str]) -> bool:
    """Whether the outermost element says how large the drawing is; without that, browsers show 300 x 150 of it."""
    sizes = [_LENGTH.fullmatch(attributes[name].strip()) for name in ("width", "height") if name in attributes]
    if any(match and float(match[1]) == 0 for match in sizes):
        return False
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) == 4 and all(map(_NUMBER.fullmatch, box)):
        return float(box[2]) > 0 and float(box[3]) > 0
    return "viewBox" not in attributes and len(sizes) == 2 and all(sizes)


def _leads_out(attribute: str, value: str) -> bool:
    if attribute == "base" or (attribute == "href" and not value.startswith("#")):
        return True
    if "(" not in value and ":" not in value and "/" not in value and "@" not in value and "\\" not in value:
        return False  # true of most, and much faster than the patterns, above all for long paths
    functions = {name.lower() for name in _FUNCTION.findall(value)}
    return bool(re.search(_OUTWARD, value)) or not functions <= _FUNCTIONS


def _pixels(data: bytes) -> int:
    """How many pixels a picture has according to its header; 0 if the header cannot be read.

    A file of 100 kB can unpack to gigabytes on a phone. Sources: PNG (RFC 2083), JPEG (ITU T.81, B.2), WebP (RFC 9649).
    """
    if data.startswith(_SIGNATURES["png"]):
        return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")
    if data.startswith(_SIGNATURES["jpg"]):
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
    at = 2  # then from segment to segment by their lengths, until the one with the size of the frame
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 5 : at + 7], "big") * int.from_bytes(data[at + 7 : at + 9], "big")
        at += 1 if marker == 0xFF else 2 + length
    return 0


# The parts that a picture needs. All others say who made it, when, where and with what, or hold something else.
# For a PNG, with the most bytes that each can have.
_PNG_PARTS = {
    b"IHDR": 13,
    b"PLTE": 768,
    b"IDAT": MAX_PICTURE_BYTES,
    b"IEND": 0,
    b"tRNS": 256,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"sBIT": 4,
    b"bKGD": 6,
    b"pHYs": 9,
}
_WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_METADATA = "it has metadata, such as place, time, camera or author"
_CUT_OFF = "it is damaged or cut off"
_BEHIND = "something is behind the picture"


def _png_message(data: bytes) -> str:
    """What is wrong with the parts of a PNG; empty if nothing (RFC 2083, 3.2)."""
    at, pixels = 8, b""
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        checksum = int.from_bytes(data[at + 8 + length : at + 12 + length], "big")
        if zlib.crc32(data[at + 4 : at + 8 + length]) != checksum:
            return _CUT_OFF
        if kind not in _PNG_PARTS:
            return f"{_METADATA} (in a part {kind.decode('ascii', 'backslashreplace')})"
        if length > _PNG_PARTS[kind]:
            return _CUT_OFF
        pixels += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
        if kind == b"IEND":
            return _BEHIND if at < len(data) else "" if _is_whole(data[16:29], pixels) else _CUT_OFF
    return _CUT_OFF


def _is_whole(header: bytes, packed: bytes) -> bool:
    """Whether the packed pixels of a PNG are those that its header says, and nothing else (RFC 2083, 2.3 and 2.6)."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = header[8] * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(header[9], 0)  # of a pixel
    passes = [(0, 0, 1, 1)]
    if header[12]:  # in seven passes, each with the first column and row and the distances of the next ones
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    expected = 0
    for column, row, right, down in passes:
        columns, rows = -(-max(width - column, 0) // right), -(-max(height - row, 0) // down)
        expected += rows * (1 + -(-columns * bits // 8)) if columns else 0
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed and size <= expected and not unpacker.eof:
            size += len(unpacker.decompress(packed, 1 << 16))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return size == expected and unpacker.eof and not unpacker.unused_data


def _jpg_message(data: bytes) -> str:
    """What is wrong with the segments of a JPEG; empty if nothing (ITU T.81, B.1; JFIF 1.02)."""
    at, has_pixels = 2, False
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xD9:
            return _BEHIND
        is_needed = marker in (0xDB, 0xDD, 0xDA) or 0xC0 <= marker <= 0xCF
        is_plain_jfif = marker == 0xE0 and length == 16 and data[at + 4 : at + 9] == b"JFIF\0"  # without a preview
        is_adobe = marker == 0xEE and length == 14  # how its colours are stored
        if not (is_needed or is_plain_jfif or is_adobe):
            return f"{_METADATA} (in a segment {marker:X})"
        at += 2 + length
        if marker == 0xDA:
            begin, at = at, _end_of_scan(data, at)
            has_pixels = at > begin
    return "" if has_pixels and data[at:] == b"\xff\xd9" else _CUT_OFF


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next segment begins after the pixels, in which FF is followed by 0 or by the number of a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1 : at + 2] != b"\0" and not 0xD0 <= int.from_bytes(data[at + 1 : at + 2], "big") <= 0xD7:
            return at
        at += 2
    return len(data)


def _webp_message(data: bytes) -> str:
    """What is wrong with the chunks of a WebP; empty if nothing (RFC 9649, 2.3)."""
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return _CUT_OFF if int.from_bytes(data[4:8], "little") + 8 > len(data) else _BEHIND
    at, frames = 12, 0
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind in (b"VP8 ", b"VP8L"):
            frames += 1
            if _pixels(b"RIFF____WEBP" + data[at:]) != _pixels(data):
                return "its frame has another size than the picture"
        if kind not in _WEBP_PARTS:
            return f"{_METADATA} (in a part {kind.decode('ascii', 'backslashreplace')})"
        at += 8 + length + length % 2
    return "" if at == len(data) and frames == 1 else _CUT_OFF


_PARTS: dict[str, Callable[[bytes], str]] = {"png": _png_message, "jpg": _jpg_message, "webp": _webp_message}


def _place_after(path: str, before: str) -> Place:
    """The place right after `before`, the first part of a drawing."""
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Enough(Exception):  # noqa: N818  # a decision, not an error
    """Raised through expat, to read no further; caught in this module."""


class _Drawing:
    """A drawing, read element by element, and its problems."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data
        self.problems: list[Problem] = []
        self.levels: list[str] = []
        self.uses = 0
        # Most drawings have no references to numbers, such as `&#45;`. Then all is there as it is written.
        lowercase, self.has_references = data.lower(), b"&#" in data
        self.may_refer = self.has_references or b"url(" in lowercase
        self.may_have_dashes = self.has_references or b"array" in lowercase or b"/*" in lowercase
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = lambda _: self.levels.pop()
        self.parser.CharacterDataHandler = self.show if self.has_references else None
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.ProcessingInstructionHandler = self.refuse

    def report(self, message: str, hint: str) -> None:
        if len(self.problems) == MAX_PROBLEMS_OF_DRAWING:
            raise _Enough  # to count the lines up to each further problem takes long
        before = self.data[: self.parser.CurrentByteIndex].decode("utf-8", "replace")
        place = _place_after(self.path, before)
        self.problems.append(Problem(place, "", message, hint, code=BAD_PICTURE))

    def show(self, text: str) -> None:
        """Report what nobody can see in a text or a value if it is written as a reference to a number."""
        if hidden := forbidden(text.replace("\r", "\n")):
            self.report(f"the character U+{ord(hidden[0]):04X}, which nobody can see", "remove it")

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self.levels.append(element)
        if self.has_references:
            self.show(" ".join(attributes.values()))
        name = element.rpartition(" ")[2]
        if len(self.levels) == MAX_DRAWING_DEPTH + 1:
            self.report(f"more than {MAX_DRAWING_DEPTH} levels of elements", "use fewer levels")
        refers = self.may_refer and any("url(" in value.lower() for value in attributes.values())
        if refers and not _REFERRING.isdisjoint(self.levels):
            self.report(f"a reference to another part from within a mask, in <{name}>", "draw the shapes themselves")
        for message, hint in _element_faults(element, attributes):
            self.report(message, hint)
        if element == f"{_SVG}use":
            self.uses += 1
            if self.uses == MAX_USES + 1:
                self.report(f"more than {MAX_USES} <use>", "draw the shapes themselves")
            if self.uses == 1 and len(self.data) > MAX_BYTES_WITH_USE:
                message = f"<use> in a drawing of more than {MAX_BYTES_WITH_USE:,} bytes"
                self.report(message, "draw the shapes themselves")
        if self.may_have_dashes and any(_has_dashes(name, value) for name, value in attributes.items()):
            self.report("dashes, of which one line can have millions", "draw a solid line")
        if self.levels == [f"{_SVG}svg"] and not _has_size(attributes):
            hint = 'give the <svg> a viewBox, such as viewBox="0 0 640 480"'
            self.report("no size, so that only its upper left corner may show", hint)

    def refuse(self, *_: object) -> None:
        self.report("a document type or an instruction", "remove what is between <! or <? and >")
        raise _Enough  # an entity could stand for gigabytes


def _svg_problems(path: str, data: bytes) -> list[Problem]:
    if hidden := forbidden(data.decode("utf-8-sig", "replace").replace("\r\n", "\n")):
        place = _place_after(path, hidden.string[: hidden.start()])
        message = f"the character U+{ord(hidden[0]):04X}, which nobody can see"
        return [Problem(place, "", message, "remove it", code=BAD_PICTURE)]
    drawing = _Drawing(path, data)
    try:
        drawing.parser.Parse(data, True)
    except _Enough:
        pass
    except expat.ExpatError as error:
        place = Place(path, error.lineno, error.offset + 1)
        message = f"broken SVG: {expat.ErrorString(error.code)}"
        drawing.problems.append(Problem(place, "", message, "fix it, or export it again", code=BAD_PICTURE))
    del drawing.parser  # they refer to each other, and no garbage collector frees what does
    return drawing.problems
