"""One YAML file -> a tree of texts with their places; alone knows YAML.

Every scalar stays the text that was typed: no booleans, numbers or dates are guessed. What would make a card file
hard to read in review (anchors, aliases, tags, several documents) is a problem, as is text that Anki would change
in silence (control characters, text that is not NFC).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from csto_anki.facts import Place, Problem

if not yaml.__with_libyaml__:
    # The other loader is ten times slower and reports other places: never fall back to it in silence.
    raise SystemExit(
        "csto-anki: this PyYAML has no C loader; replace it: "
        "python -m pip install --force-reinstall --only-binary PyYAML PyYAML"
    )

UNCLEAN, CLEVER = "unclean-text", "clever-yaml"  # codes of problems

# YAML and Anki both refuse or drop these; a byte order mark and the rarer line separators are as invisible.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# The first line of an entry; and one whose value stands beside it, so that nothing can be indented below.
MARGIN = re.compile(r"[^\s#]")
STARTS = re.compile(r"\S.*?:(?:\s|$)")
RUNS_ON = re.compile(r"\S.*?:\s+[^\s&*!|>'\"\[{#]")
MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
CONFLICT = re.compile(rf"(?:{'|'.join(map(re.escape, MARKS))})(?: |$)")
COMMENT = re.compile(r"[ \t]+#")

STARTS_OF = {yaml.SequenceStartEvent: "list", yaml.MappingStartEvent: "mapping"}


class Lines(NamedTuple):
    """The lines of a file, or of a part of it with so many lines above."""

    path: str
    lines: list[str]
    above: int = 0


NONE: list[Any] = []  # what a text has for children; never added to


class Node:
    """A piece of YAML: a text, or a list or mapping with its children (keys and values in turn).

    It keeps the marks of its parse event: to make a Place of each took half of the time of reading.
    """

    __slots__ = ("children", "kind", "part", "start", "stop", "text")

    def __init__(self, kind: str, part: Lines, start: Any = None, stop: Any = None, text: str = "") -> None:
        self.kind = kind  # "text", "list" or "mapping"
        self.part = part
        self.start = start
        self.stop = stop  # None where it is not known
        self.text = text
        self.children: list[Node] = NONE if kind == "text" else []

    @property
    def place(self) -> Place:
        return _place(self.part, self.start, self.stop)


def parse(path: str, data: bytes) -> tuple[Node | None, list[Problem], bool]:
    """Parse the bytes of one file, named `path` in problems.

    Returns the tree, the problems, and whether the tree is whole: of a file that is broken somewhere it has the entries
    that are not, so that their problems need no second run. No tree where there is nothing to read.
    """
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").removesuffix("\r")
        if data.count(0) > len(data) // 4:
            raise UnicodeDecodeError("utf-8", data, data.index(0), data.index(0) + 1, "UTF-16, by the look of it")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        what, way_out = "not UTF-8", "save the file in the encoding UTF-8"
        return None, [Problem(place, "", what, way_out, code=UNCLEAN)], False
    lines = text.split("\n")
    problems: list[Problem] = []
    # Nearly every file is clean as a whole, and to look line by line took a fifth of the time of reading.
    if not _is_clean(text):
        problems += (problem for number, line in enumerate(lines, start=1) for problem in _unclean(path, number, line))
        # What is forbidden is reported; a stand-in for each lets the rest be read at its place.
        lines = [FORBIDDEN.sub("\ufffd", line) for line in [lines[0].removeprefix("\ufeff"), *lines[1:]]]
        lines = ["" if CONFLICT.match(line) else line for line in lines]
    found: list[Problem] = []
    whole = Lines(path, lines)
    top = Node("list", whole)
    if _build(whole, top, found):
        return (top.children[0] if top.children else None), problems + found, True
    entries, breaks = _by_entries(path, lines)
    # What is wrong with the whole and with none of its entries is told as it was found.
    return entries, problems + (breaks or found), False


def _by_entries(path: str, lines: list[str]) -> tuple[Node | None, list[Problem]]:
    """The sound entries of a broken file, and all that is wrong: so a break is told where it is, and hides no other.

    In the whole file, a quote that does not close is noticed at the next quote, and nothing behind it is read.
    """
    root = Node("mapping", Lines(path, lines))
    problems: list[Problem] = []
    starts = [number for number, line in enumerate(lines) if MARGIN.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):  # no start, no entry
        if lines[start].startswith(("---", "%")) and not root.children:
            continue  # before the first entry
        found: list[Problem] = []
        part = Lines(path, lines[start:end], start)
        top = Node("list", part)
        whole = _build(part, top, found)
        entry = top.children[0] if top.children else None
        if not STARTS.match(lines[start]) or (not whole and RUNS_ON.match(lines[start])):
            what = "a line at the margin that begins no entry"
            way_out = "indent it under its key, or write `id:` for a new entry"
            found = [Problem(Place(path, start + 1), "", what, way_out, code="broken-yaml")]
            del root.children[-2:]  # what stands before it is not whole
        elif not whole:
            if runaway := _runaway(lines, top):
                way_out = "close it, or quote a quotation mark by another"
                found = [Problem(runaway, "", "a quote that does not close", way_out, code="broken-yaml")]
        elif entry and entry.kind == "mapping":
            root.children += entry.children
        problems += found
    return root if starts else None, problems


def _runaway(lines: list[str], top: Node) -> Place | None:
    """Where a quote opens that swallows the keys behind it, up to the next quote; the first there is."""
    found = []
    waiting = [top]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        first, last = node.place.line, (node.place.end or (0, 0))[0]
        quoted = node.kind == "text" and lines[first - 1][node.place.column - 1 :][:1] in ("'", '"')
        if quoted and any(re.match(r"  [a-z_]+:(?: |$)", line) for line in lines[first:last]):
            found.append(node.place)
    return min(found, default=None)


def _is_clean(text: str) -> bool:
    """Whether a file surely has nothing for `_unclean`; a blank other than a space is no proof that it has."""
    printable = text.replace("\n", "").isprintable()
    return printable and unicodedata.is_normalized("NFC", text) and not any(mark in text for mark in MARKS)


def _unclean(path: str, number: int, line: str) -> Iterator[Problem]:
    """Characters that must not be, and text that is not NFC.

    Anki turns text into NFC on import, so text that is not would differ from what learners have.
    """
    if CONFLICT.match(line):
        what, way_out = "a mark of a merge that was not finished", "keep one of the two versions and remove the marks"
        yield Problem(Place(path, number), "", what, way_out, code="broken-yaml")
    for match in FORBIDDEN.finditer(line):
        yield _control_character(Place(path, number, match.start() + 1), match[0])
    if not unicodedata.is_normalized("NFC", line) and not line.lstrip().startswith("#"):
        composed = unicodedata.normalize("NFC", line)
        at = next(i for i, (a, b) in enumerate(zip(line, composed + "\0", strict=False)) if a != b)
        word = re.split(r"\s", line[:at])[-1] + re.split(r"\s", line[at:])[0]
        way_out = f"put in its place: {unicodedata.normalize('NFC', word)}"
        what = "text that is not in Unicode's form NFC"
        yield Problem(Place(path, number, at + 1), "", what, way_out, code=UNCLEAN)


def _control_character(place: Place, character: str) -> Problem:
    return Problem(place, "", f"the control character U+{ord(character):04X}", "remove it", code=UNCLEAN)


def _unclean_by_escapes(node: Node) -> Iterator[Problem]:
    """The same in the text of a double-quoted scalar, where its characters came in by escapes."""
    if match := FORBIDDEN.search(node.text):
        yield _control_character(node.place, match[0])
    raw = "\n".join(node.part.lines[node.start.line : node.stop.line + 1])
    if not unicodedata.is_normalized("NFC", node.text) and unicodedata.is_normalized("NFC", raw):
        what = "escapes for text that is not in Unicode's form NFC"
        yield Problem(node.place, "", what, "write the letters themselves", code=UNCLEAN)


def _cut_off(node: Node) -> Iterator[Problem]:
    """In `answer: Room #1` YAML takes ` #1` for a comment, and the card would say `Room`."""
    # An empty text at the end of a file ends on a line that is not there.
    line = "".join(node.part.lines[node.stop.line : node.stop.line + 1])
    if comment := COMMENT.match(line, node.stop.column):
        place = Place(node.part.path, node.part.above + node.stop.line + 1, comment.end())
        way_out = "put quotes round the text, or the comment on a line of its own"
        yield Problem(place, "", "a comment cuts the text off", way_out, code="cut-off-text")


def _broken(part: Lines, error: yaml.MarkedYAMLError) -> Problem:
    # Where the scanner had to give up is often far behind what it was scanning.
    scanning = (error.context or "").startswith(
        ("while scanning a simple key", "while scanning a quoted scalar", "while parsing a flow")
    )
    place = _place(part, (error.context_mark if scanning else error.problem_mark) or error.problem_mark)
    what = "broken YAML: " + " ".join(part for part in (error.context, error.problem) if part)
    if "cannot start any token" in (error.problem or ""):
        return Problem(
            place,
            "",
            what,
            "put blanks in the place of a tab, or quote a text that begins with a sign",
            code="broken-yaml",
        )
    way_out = "here or just above, mend the indentation, close the quote or bracket, or quote a text that holds ': '"
    return Problem(place, "", what, way_out, code="broken-yaml")


def _build(part: Lines, top: Node, problems: list[Problem]) -> bool:
    """Build the tree below `top`, as far as the YAML is sound, and return whether all of it is."""
    try:
        _grow(part, top, problems)
    except yaml.MarkedYAMLError as error:
        problems.append(_broken(part, error))
        return False
    return True


def _grow(part: Lines, top: Node, problems: list[Problem]) -> None:
    """Build the tree from parse events, without recursion, so that no depth of nesting can hurt."""
    text = "\n".join(part.lines)
    # What only a file with one of these can have wrong is not looked for, value by value, in one without.
    suspicious = "\\" in text or " #" in text or "\t#" in text
    open_nodes = [top]
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    for event in iter(next_event, None):  # as by yaml.parse, which asks twice for each
        kind = event.__class__  # nobody derives others, and for reading this loop is half of the time
        if kind is yaml.ScalarEvent:
            node = Node("text", part, event.start_mark, event.end_mark, event.value)
            if suspicious:
                problems += _mistyped(node, event.style)
        elif kind in STARTS_OF:
            node = Node(STARTS_OF[kind], part, event.start_mark)  # where it ends, its first event does not know
        elif kind is yaml.AliasEvent:
            node = Node("text", part, event.start_mark, None, f"*{event.anchor}")
        elif _is_after_its_end(part, event, open_nodes, problems):
            break
        else:
            continue
        open_nodes[-1].children.append(node)
        if event.anchor is not None or event.tag is not None:
            problems += _clever(node, event)
        if node.kind != "text":
            open_nodes.append(node)


def _is_after_its_end(part: Lines, event: Any, open_nodes: list[Node], problems: list[Problem]) -> bool:
    """Take note of an end, or of a document, of which a file is one and no more."""
    if isinstance(event, yaml.CollectionEndEvent):
        open_nodes.pop()
    elif isinstance(event, yaml.DocumentStartEvent):
        place = _place(part, event.start_mark)
        if open_nodes[0].children:
            problems.append(Problem(place, "", "a second YAML document", "remove the line '---'", code=CLEVER))
            return True
        if event.version or event.tags:
            problems.append(Problem(place, "", "a YAML directive", "remove the line that begins with %", code=CLEVER))
    return False


def _clever(node: Node, event: Any) -> Iterator[Problem]:
    """YAML's means of cleverness have no use in a file of facts and are problems."""
    if isinstance(event, yaml.AliasEvent):
        yield Problem(node.place, "", f"the alias {node.text}", "write the text out", code=CLEVER)
        return
    if event.anchor is not None:
        way_out = "remove it and write the text out again"
        yield Problem(node.place, "", f"the anchor &{event.anchor}", way_out, code=CLEVER)
    if event.tag not in (None, "!"):
        way_out = "remove it: every value is read as text"
        yield Problem(node.place, "", f"the YAML tag {event.tag}", way_out, code=CLEVER)


def _mistyped(node: Node, style: str) -> Iterator[Problem]:
    """What a text is not as its author thought."""
    if style == '"':
        yield from _unclean_by_escapes(node)
    elif not style:
        yield from _cut_off(node)


def _place(part: Lines, start: Any, stop: Any = None) -> Place:
    """PyYAML's marks count from 0 and may be missing."""
    if not start:
        return Place(part.path, part.above + 1)
    last = (part.above + stop.line + 1, stop.column + 1) if stop else None
    return Place(part.path, part.above + start.line + 1, start.column + 1, last)
