"""One YAML file -> a tree of texts with their places; alone knows YAML.

Every scalar stays the text that was typed: no booleans, numbers or dates are guessed. What would make a card file
hard to read in review (anchors, aliases, tags, several documents) is a problem, as is text that Anki would change
in silence (control characters, text that is not NFC).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from csto_anki.facts import Place, Problem
from csto_anki.inert import FORBIDDEN

if not yaml.__with_libyaml__:
    # The other loader is ten times slower and reports other places: never fall back to it in silence.
    raise SystemExit(
        "csto-anki: this PyYAML has no C loader; replace it: "
        "python -m pip install --force-reinstall --only-binary PyYAML PyYAML"
    )

# Codes of problems.
UNCLEAN = "unclean-text"
CLEVER = "clever-yaml"
MUCH = "too-much"

# What one file may hold. The deck on the CSTO has at most 97 kB, 268 characters and 5 levels; all of it in one file,
# ten times over, would be 3 MB. Whatever keeps to this is read in seconds, however it is made.
LARGEST = 4_000_000  # bytes of a file
LONGEST = 4_000  # characters of a text
DEEPEST = 12  # levels of lists and mappings
ENTRIES = 12_000  # in a file
PARTS = 25_000  # texts, lists and mappings in an entry
EVENTS = 400_000  # of the YAML library, in a file
DIRECTIVES = 10  # of which each is a problem
TOLD = 20_000  # problems of one kind in a file

# Signs alone; where these are hundreds of accents on one letter, to bring them into order takes the square of time.
CRAMMED = re.compile(r"[^\w\s\x00-\x7f]{100,}")

# The first line of an entry; and one whose value stands beside it, so that nothing can be indented below.
MARGIN = re.compile(r"[^\s#]")
STARTS = re.compile(r"\S.*?:(?:\s|$)")
RUNS_ON = re.compile(r"\S.*?:\s+[^\s&*!|>'\"\[{#]")
MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
CONFLICT = re.compile(rf"(?:{'|'.join(map(re.escape, MARKS))})(?: |$)")
COMMENT = re.compile(r"[ \t]+#")

STARTS_OF = {yaml.SequenceStartEvent: "list", yaml.MappingStartEvent: "mapping"}


class _TooMuch(Exception):  # noqa: N818  # it is one
    """The problem of a file that nobody would write by hand; caught here."""

    def __init__(self, place: Place, what: str, way_out: str) -> None:
        super().__init__(what)
        self.problem = Problem(place, "", what, way_out, code=MUCH)


_MANY_ENTRIES = (f"more than {ENTRIES:,} entries in one file", "split it")


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

    `data` has at most LARGEST bytes. Returns the tree, the problems, and whether the tree is whole: of a file that is
    broken somewhere it has the entries that are not, so that their problems need no second run. No tree where there is
    nothing to read.
    """
    text, problem = _text(path, data)
    if problem:
        return None, [problem], False
    lines = text.split("\n")
    problems: list[Problem] = []
    if text.count("\n%") > DIRECTIVES:  # YAML compares each with all
        what = f"more than {DIRECTIVES} YAML directives"
        return None, [Problem(Place(path), "", what, "remove the lines that begin with %", code=MUCH)], False
    # Nearly every file is clean as a whole, and to look line by line took a fifth of the time of reading.
    if not _is_clean(text):
        numbered = enumerate(lines, start=1)
        found_here = (problem for number, line in numbered for problem in _unclean(path, number, line))
        problems += itertools.islice(found_here, TOLD)
        # What is forbidden is reported; a stand-in for each lets the rest be read at its place.
        lines = [FORBIDDEN.sub("\ufffd", line) for line in [lines[0].removeprefix("\ufeff"), *lines[1:]]]
        lines = ["" if CONFLICT.match(line) else line for line in lines]
    found: list[Problem] = []
    whole = Lines(path, lines)
    top = Node("list", whole)
    try:
        if _build(whole, top, found):
            root = top.children[0] if top.children else None
            giants = list(_giants(root)) if root else []
            return root, problems + found + giants, not giants
        entries, breaks = _by_entries(path, lines)
    except _TooMuch as error:
        return None, [*problems, error.problem], False
    # What is wrong with the whole and with none of its entries is told as it was found.
    return entries, problems + (breaks or found) + list(_giants(entries) if entries else ()), False


def _text(path: str, data: bytes) -> tuple[str, Problem | None]:
    """The text of a file, or what keeps it from being read."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").removesuffix("\r")
        if data.count(0) > len(data) // 4:
            raise UnicodeDecodeError("utf-8", data, data.index(0), data.index(0) + 1, "UTF-16, by the look of it")
    except UnicodeDecodeError as error:
        place = _at_end(path, data[: error.start].decode("utf-8"))
        return "", Problem(place, "", "not UTF-8", "save the file in the encoding UTF-8", code=UNCLEAN)
    for match in () if text.isascii() else CRAMMED.finditer(text):
        if any(map(unicodedata.combining, match[0])):  # a line of dashes is none
            place = _at_end(path, text[: match.start()])
            return "", Problem(place, "", "a hundred signs and accents, and no letter", "remove them", code=UNCLEAN)
    return text, None


def _at_end(path: str, before: str) -> Place:
    """The place behind a beginning of a file."""
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _by_entries(path: str, lines: list[str]) -> tuple[Node | None, list[Problem]]:
    """The sound entries of a broken file, and all that is wrong: so a break is told where it is, and hides no other.

    In the whole file, a quote that does not close is noticed at the next quote, and nothing behind it is read.
    """
    root = Node("mapping", Lines(path, lines))
    problems: list[Problem] = []
    starts = [number for number, line in enumerate(lines) if MARGIN.match(line)]
    if len(starts) > ENTRIES:
        raise _TooMuch(Place(path, starts[ENTRIES] + 1), *_MANY_ENTRIES)
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


def _giants(root: Node) -> Iterator[Problem]:
    """Take out the entries that are larger than any that people write, and say so of each."""
    if len(root.children) > 2 * ENTRIES:
        raise _TooMuch(root.children[2 * ENTRIES].place, *_MANY_ENTRIES)
    if root.kind != "mapping":
        return
    kept = []
    for key, value in zip(root.children[::2], root.children[1::2], strict=True):
        parts, waiting = 0, [value]
        while waiting:
            node = waiting.pop()
            parts += 1
            waiting += node.children
        if parts > PARTS:
            what = f"an entry of {parts:,} texts, lists and mappings"
            yield Problem(key.place, "", what, f"split it: at most {PARTS:,} are read", code=MUCH)
        else:
            kept += [key, value]
    root.children = kept


def _runaway(lines: list[str], top: Node) -> Place | None:
    """Where a quote opens that swallows the keys behind it, up to the next quote; the first there is."""
    found = []
    waiting = [top]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        first, last = node.place.line, (node.place.end or (0, 0))[0]
        line, column = "".join(lines[first - 1 : first]), node.place.column  # an empty text can end the file
        begins = line[column - 1 : column]
        quoted = node.kind == "text" and begins in ("'", '"')
        if quoted and any(re.match(r"  [a-z_]+:(?: |$)", line) for line in lines[first:last]):
            found.append(node.place)
    return min(found, default=None)


def _is_clean(text: str) -> bool:
    """Whether a file surely has nothing for `_unclean`; a blank other than a space is no proof that it has."""
    printable = text.isascii() or not FORBIDDEN.search(text)  # some of these count as printable
    printable = printable and text.replace("\n", "").isprintable()
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
    kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
    return Problem(place, "", f"the {kind} character U+{ord(character):04X}", "remove it", code=UNCLEAN)


def _unclean_by_escapes(node: Node) -> Iterator[Problem]:
    """The same in the text of a double-quoted scalar, where its characters came in by escapes."""
    if match := FORBIDDEN.search(node.text):
        yield _control_character(node.place, match[0])
    lines = node.part.lines[node.start.line : node.stop.line + 1]
    lines[-1] = lines[-1][: node.stop.column]
    raw = "\n".join([lines[0][node.start.column :], *lines[1:]])
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
    events = iter(next_event, None)  # as by yaml.parse, which asks twice for each
    for event in itertools.islice(events, EVENTS):
        kind = event.__class__  # nobody derives others, and for reading this loop is half of the time
        if kind is yaml.ScalarEvent:
            node = Node("text", part, event.start_mark, event.end_mark, event.value)
            if suspicious or len(node.text) > LONGEST:
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
            problems += _clever(node, event, len(problems))
        if node.kind != "text":
            _open(open_nodes, node)
    else:
        if next(events, None) is not None:
            raise _TooMuch(open_nodes[-1].place, f"more than {EVENTS:,} pieces of YAML in one file", "split it")


def _open(open_nodes: list[Node], node: Node) -> None:
    if len(open_nodes) > DEEPEST:
        raise _TooMuch(node.place, f"more than {DEEPEST} levels of lists and mappings", "write it flat")
    open_nodes.append(node)


def _too_long(node: Node) -> Problem:
    """Say so, and keep its beginning, that nothing which looks at it takes long."""
    what, way_out = f"a text of {len(node.text):,} characters", f"shorten it: at most {LONGEST:,} are read"
    node.text = node.text[:LONGEST].rstrip()
    return Problem(node.place, "", what, way_out, code=MUCH)


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


def _clever(node: Node, event: Any, told: int) -> Iterator[Problem]:
    """YAML's means of cleverness have no use in a file of facts and are problems."""
    if told > TOLD:
        raise _TooMuch(node.place, f"more than {TOLD:,} problems up to here", "mend these first")
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
    if len(node.text) > LONGEST:
        yield _too_long(node)
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
