"""One YAML file -> a tree of texts with their places.

Every scalar stays the text that was typed: no booleans, numbers or dates are guessed. What makes a card file hard to
read in review (anchors, aliases, tags, several documents) is a problem, as is text that Anki would silently change
(control characters, text that is not NFC).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from csto_anki.deck.characters import FORBIDDEN, forbidden, rare
from csto_anki.deck.problem import Place, Problem

if not yaml.__with_libyaml__:
    # The other loader is ten times slower and reports other places: never silently fall back to it.
    raise ImportError("this PyYAML has no C loader", name="yaml._yaml")

_UNCLEAN_TEXT = "unclean-text"
_CLEVER_YAML = "clever-yaml"
_TOO_MUCH_CODE = "too-much"

# What one file may hold. In the deck on the CSTO the largest file has 97 kB, the longest text 268 characters, and there
# are 5 levels; ten times the whole deck in one file would be 3 MB. Any file within these limits is read in seconds.
MAX_FILE_BYTES = 4_000_000  # bytes of a file
MAX_TEXT_LENGTH = 4_000  # characters of a text
MAX_DEPTH = 12  # levels of lists and mappings
MAX_ENTRIES = 12_000  # in a file
MAX_NODES_OF_ENTRY = 25_000  # texts, lists and mappings in an entry
MAX_EVENTS = 400_000  # parse events of the YAML library, in a file
MAX_DIRECTIVES = 10  # in a file; each is a problem
MAX_PROBLEMS_OF_KIND = 20_000  # problems of one kind in a file

# Only signs and accents, no letters: the time to normalise accents on one letter grows with the square of their number.
_STACKED_ACCENTS = re.compile(r"[^\w\s\x00-\x7f]{100,}")

# A line at the margin; one that begins an entry; and one with a value beside the key, so that nothing can be below it.
_AT_MARGIN = r"[^\s#]"
_ENTRY_START = r"\S.*?:(?:\s|$)"
_VALUE_BESIDE_KEY = r"\S.*?:\s+[^\s&*!|>'\"\[{#]"
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_CONFLICT = rf"(?:{'|'.join(map(re.escape, _CONFLICT_MARKS))})(?: |$)"
_COMMENT = re.compile(r"[ \t]+#")
# A blank that looks like a space and is none for YAML, where YAML needs one: before a line, after - and after a key.
_BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_OTHER_BLANK = (
    rf"^[ ]*(?:-[ ]+)*(?:[a-z0-9_-]+:)?[ ]*-?[{_BLANKS}][ {_BLANKS}]*"
    rf"|^[ ]*[a-z0-9_-]+[{_BLANKS}]+(?=:)|(?<=[{{,])[ ]*[a-z_]+:[{_BLANKS}]+"
)
_PLAIN_BLANKS = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")

_COLLECTIONS = {yaml.SequenceStartEvent: "list", yaml.MappingStartEvent: "mapping"}


class _TooMuch(Exception):  # noqa: N818  # it is a limit, not a fault of the program
    """Raised for a file that is larger than people write, with its problem; caught in this module."""

    def __init__(self, place: Place, message: str, hint: str) -> None:
        super().__init__(message)
        self.problem = Problem(place, "", message, hint, code=_TOO_MUCH_CODE)


_TOO_MANY_ENTRIES = (f"more than {MAX_ENTRIES:,} entries in one file", "split it")


class Lines(NamedTuple):
    """The lines of a file, or of a part of it, which has `above` lines above it in the file."""

    path: str
    lines: list[str]
    above: int = 0


_NO_CHILDREN: Any = ()  # the children of a text


class Node:
    """A piece of YAML: a text, or a list or mapping with its children (in a mapping keys and values in turn).

    It keeps the marks of its parse event, because to make a Place of each took half of the time of reading.
    """

    __slots__ = ("children", "kind", "part", "start", "stop", "text")

    def __init__(self, kind: str, part: Lines, start: Any = None, stop: Any = None, text: str = "") -> None:
        self.kind = kind  # "text", "list" or "mapping"
        self.part = part
        self.start = start
        self.stop = stop  # None if it is not known
        self.text = text
        self.children: list[Node] = _NO_CHILDREN if kind == "text" else []

    @property
    def place(self) -> Place:
        return _place(self.part, self.start, self.stop)


def parse(path: str, data: bytes) -> tuple[Node | None, list[Problem], bool]:
    """Parse the bytes of one file (at most MAX_FILE_BYTES); `path` is its name in problems.

    Returns the tree (None if there is nothing to read), the problems, and whether the tree is whole. For a broken file
    the tree has only the sound entries, so that their problems are reported in the same run.
    """
    text, problem = _text(path, data)
    if problem:
        return None, [problem], False
    lines = text.split("\n")
    problems: list[Problem] = []
    try:
        # The YAML library compares each directive with all others. To count single characters is much faster.
        if text.count("%") > MAX_DIRECTIVES and text.count("\n%") > MAX_DIRECTIVES:
            message = f"more than {MAX_DIRECTIVES} YAML directives"
            raise _TooMuch(Place(path), message, "remove the lines that begin with %")
        # Nearly every file is clean as a whole, and to look line by line took a fifth of the time of reading.
        if not _is_clean(text):
            problems, lines = _cleaned(path, lines)
        tree = _Tree(Lines(path, lines))
        if tree.is_whole:
            giants = list(_giants(tree.root)) if tree.root else []
            return tree.root, problems + tree.problems + giants, not giants
        root, broken = _by_entries(path, lines)
        # If no single entry is at fault, report the error for the whole file.
        return root, problems + (broken or tree.problems) + list(_giants(root) if root else ()), False
    except _TooMuch as error:
        return None, [*problems, error.problem], False


def _cleaned(path: str, lines: list[str]) -> tuple[list[Problem], list[str]]:
    """Problems for what no line may hold, and the lines without it; all else can be read and keeps its place."""
    found = (problem for number, line in enumerate(lines, start=1) for problem in _unclean(path, number, line))
    problems = list(itertools.islice(found, MAX_PROBLEMS_OF_KIND))
    lines = [FORBIDDEN.sub("\ufffd", line) for line in [lines[0].removeprefix("\ufeff"), *lines[1:]]]
    lines = [re.sub(_OTHER_BLANK, lambda found: found[0].translate(_PLAIN_BLANKS), line) for line in lines]
    return problems, ["" if re.match(_CONFLICT, line) else line for line in lines]


def _text(path: str, data: bytes) -> tuple[str, Problem | None]:
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").removesuffix("\r")
        if data.count(0) > len(data) // 4:
            raise UnicodeDecodeError("utf-8", data, data.index(0), data.index(0) + 1, "probably UTF-16")
    except UnicodeDecodeError as error:
        place = _at_end(path, data[: error.start].decode("utf-8"))
        return "", Problem(place, "", "not UTF-8", "save the file in the encoding UTF-8", code=_UNCLEAN_TEXT)
    for match in _STACKED_ACCENTS.finditer(text) if _STACKED_ACCENTS.search(rare(text)) else ():
        if any(map(unicodedata.combining, match[0])):  # not a line of dashes
            place, message = _at_end(path, text[: match.start()]), "a hundred signs and accents without a letter"
            return "", Problem(place, "", message, "remove them", code=_UNCLEAN_TEXT)
    return text, None


def _at_end(path: str, before: str) -> Place:
    """The place right after `before`, the first part of a file."""
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _by_entries(path: str, lines: list[str]) -> tuple[Node | None, list[Problem]]:
    """The sound entries of a broken file, and the problems of the others, each at its place.

    It parses each entry separately. In a whole file, a quote that is not closed is only noticed at the next quote, and
    nothing after it is read.
    """
    root = Node("mapping", Lines(path, lines))
    problems: list[Problem] = []
    starts = [number for number, line in enumerate(lines) if re.match(_AT_MARGIN, line)]
    if len(starts) > MAX_ENTRIES:
        raise _TooMuch(Place(path, starts[MAX_ENTRIES] + 1), *_TOO_MANY_ENTRIES)
    for start, end in itertools.pairwise([*starts, len(lines)]):
        if lines[start].startswith(("---", "%")) and not root.children:
            continue  # before the first entry
        tree = _Tree(Lines(path, lines[start:end], start))
        found = tree.problems
        if not re.match(_ENTRY_START, lines[start]) or (
            not tree.is_whole and re.match(_VALUE_BESIDE_KEY, lines[start])
        ):
            message = "a line at the margin that does not begin an entry"
            hint = "indent it under its key, or write `id:` for a new entry"
            found = [Problem(Place(path, start + 1), "", message, hint, code="broken-yaml")]
            del root.children[-2:]  # the entry before it is not whole
        elif not tree.is_whole:
            if runaway := _runaway(lines, tree.top):
                hint = "close it, or put quotes of the other kind round the text"
                found = [Problem(runaway, "", "a quote that is not closed", hint, code="broken-yaml")]
        elif tree.root and tree.root.kind == "mapping":
            root.children += tree.root.children
        problems += found
    return root if starts else None, problems


def _giants(root: Node) -> Iterator[Problem]:
    """Remove the entries that are larger than people write, and report each."""
    if len(root.children) > 2 * MAX_ENTRIES:
        raise _TooMuch(root.children[2 * MAX_ENTRIES].place, *_TOO_MANY_ENTRIES)
    if root.kind != "mapping":
        return
    entries = list(zip(root.children[::2], root.children[1::2], strict=True))
    lines, starts = root.part.lines, [key.part.above + key.start.line for key, _ in entries]
    root.children = []
    for (start, end), (key, value) in zip(itertools.pairwise([*starts, len(lines)]), entries, strict=True):
        # No character makes more than two nodes (a line `?` has two), so nearly every entry need not be counted.
        is_short = sum(map(len, lines[start : end + 1])) < MAX_NODES_OF_ENTRY // 3
        if is_short or (count := _count(value)) <= MAX_NODES_OF_ENTRY:
            root.children += [key, value]
        else:
            message = f"an entry of {count:,} texts, lists and mappings"
            yield Problem(key.place, "", message, f"split it: the limit is {MAX_NODES_OF_ENTRY:,}", code=_TOO_MUCH_CODE)


def _count(node: Node) -> int:
    """The number of nodes in a node, itself included."""
    count, waiting = 0, [node]
    while waiting:
        count += 1
        waiting += waiting.pop().children
    return count


def _runaway(lines: list[str], top: Node) -> Place | None:
    """The place of the first quote that is not closed, so that the keys after it became a part of its text."""
    found, waiting = [], [top]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        first, last = node.place.line, (node.place.end or (0, 0))[0]
        line, column = "".join(lines[first - 1 : first]), node.place.column  # an empty text can end the file
        quoted = node.kind == "text" and line[column - 1 : column] in ("'", '"')
        if quoted and any(re.match(r"  [a-z_]+:(?: |$)", line) for line in lines[first:last]):
            found.append(node.place)
    return min(found, default=None)


def _is_clean(text: str) -> bool:
    """Whether `_unclean` certainly finds nothing in a file; if False, the file may still be clean."""
    printable = not forbidden(text) and rare(text).isprintable()
    return printable and unicodedata.is_normalized("NFC", text) and not any(mark in text for mark in _CONFLICT_MARKS)


def _unclean(path: str, number: int, line: str) -> Iterator[Problem]:
    """Forbidden characters, marks of an unfinished merge, and text that is not NFC.

    Anki turns text into NFC on import, so other text would differ from what learners have.
    """
    if re.match(_CONFLICT, line):
        message, hint = "a mark of an unfinished merge", "keep one of the two versions and remove the marks"
        yield Problem(Place(path, number), "", message, hint, code="broken-yaml")
    for match in FORBIDDEN.finditer(line):
        yield _control_character(Place(path, number, match.start() + 1), match[0])
    if blank := re.search(_OTHER_BLANK, line):
        at = next(at for at in range(blank.start(), blank.end()) if ord(line[at]) in _PLAIN_BLANKS)
        message = f"the blank U+{ord(line[at]):04X} where YAML needs a space"
        yield Problem(Place(path, number, at + 1), "", message, "replace it by a space", code=_UNCLEAN_TEXT)
    if not unicodedata.is_normalized("NFC", line) and not line.lstrip().startswith("#"):
        composed = unicodedata.normalize("NFC", line)
        at = next(i for i, (a, b) in enumerate(zip(line, composed + "\0", strict=False)) if a != b)
        word = re.split(r"\s", line[:at])[-1] + re.split(r"\s", line[at:])[0]
        message, hint = "text that is not in Unicode's form NFC", f"replace it by: {unicodedata.normalize('NFC', word)}"
        yield Problem(Place(path, number, at + 1), "", message, hint, code=_UNCLEAN_TEXT)


def _control_character(place: Place, character: str) -> Problem:
    kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
    return Problem(place, "", f"the {kind} character U+{ord(character):04X}", "remove it", code=_UNCLEAN_TEXT)


def _unclean_by_escapes(node: Node) -> Iterator[Problem]:
    """The problems of `_unclean` in a double-quoted scalar whose characters were written as escapes."""
    if match := forbidden(node.text):
        yield _control_character(node.place, match[0])
    lines = node.part.lines[node.start.line : node.stop.line + 1]
    lines[-1] = lines[-1][: node.stop.column]
    raw = "\n".join([lines[0][node.start.column :], *lines[1:]])
    if not unicodedata.is_normalized("NFC", node.text) and unicodedata.is_normalized("NFC", raw):
        message = "escapes for text that is not in Unicode's form NFC"
        yield Problem(node.place, "", message, "write the letters themselves", code=_UNCLEAN_TEXT)


def _cut_off(node: Node) -> Iterator[Problem]:
    """A comment that cuts off a text: in `answer: Room #1` YAML takes ` #1` for one, and the card would say `Room`."""
    # An empty text at the end of a file ends on a line that does not exist.
    line = "".join(node.part.lines[node.stop.line : node.stop.line + 1])
    if comment := _COMMENT.match(line, node.stop.column):
        place = Place(node.part.path, node.part.above + node.stop.line + 1, comment.end())
        hint = "put quotes round the text, or the comment on a line of its own"
        yield Problem(place, "", "a comment cuts the text off", hint, code="cut-off-text")


def _broken(part: Lines, error: yaml.MarkedYAMLError) -> Problem:
    # The scanner often gives up long after the start of what it was scanning.
    long = ("while scanning a simple key", "while scanning a quoted scalar", "while parsing a flow")
    mark = error.context_mark if (error.context or "").startswith(long) else None
    place = _place(part, mark or error.problem_mark)
    message = "broken YAML: " + " ".join(part for part in (error.context, error.problem) if part)
    hint = (
        "here or just above, put quotes round a text that has ': ' in it or ends with ':', close a quote or bracket, "
        "or fix the indentation"
    )
    if "cannot start any token" in (error.problem or ""):
        hint = "replace a tab by spaces, or quote a text that begins with a sign such as @ or %"
    return Problem(place, "", message, hint, code="broken-yaml")


class _Tree:
    """The tree of a file or of a part of it, as far as its YAML is valid; and its problems. `top` holds the root."""

    def __init__(self, part: Lines) -> None:
        self.part = part
        self.top = Node("list", part)
        self.problems: list[Problem] = []
        self.is_whole = True
        try:
            _build(self)
        except yaml.MarkedYAMLError as error:
            self.problems.append(_broken(part, error))
            self.is_whole = False
        self.root = self.top.children[0] if self.top.children else None


def _build(tree: _Tree) -> None:
    """Build a tree from parse events; without recursion, so that no depth of nesting can exhaust the stack."""
    part, problems = tree.part, tree.problems
    text = "\n".join(part.lines)
    # Only a file with one of these can have texts that are cut off or have escapes.
    suspicious = "\\" in text or ("#" in text and (" #" in text or "\t#" in text))
    open_nodes = [tree.top]
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    events = iter(next_event, None)  # as yaml.parse does, but that makes two calls for each event
    for event in itertools.islice(events, MAX_EVENTS):
        kind = event.__class__  # faster than isinstance, and this loop takes half of the time of reading
        if kind is yaml.ScalarEvent:
            node = Node("text", part, event.start_mark, event.end_mark, event.value)
            if suspicious or len(node.text) > MAX_TEXT_LENGTH:
                problems += _text_problems(node, event.style)
        elif kind in _COLLECTIONS:
            node = Node(_COLLECTIONS[kind], part, event.start_mark)  # the start event has no end mark
        elif kind is yaml.AliasEvent:
            node = Node("text", part, event.start_mark, None, f"*{event.anchor}")
        elif _is_second_document(part, event, open_nodes, problems):
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
            raise _TooMuch(open_nodes[-1].place, f"more than {MAX_EVENTS:,} pieces of YAML in one file", "split it")


def _open(open_nodes: list[Node], node: Node) -> None:
    if len(open_nodes) > MAX_DEPTH:
        raise _TooMuch(node.place, f"more than {MAX_DEPTH} levels of lists and mappings", "write it flat")
    open_nodes.append(node)


def _is_second_document(part: Lines, event: Any, open_nodes: list[Node], problems: list[Problem]) -> bool:
    """Handle the end of a list or mapping, and the start of a document; return whether it starts a second document."""
    if isinstance(event, yaml.CollectionEndEvent):
        open_nodes.pop()
    elif isinstance(event, yaml.DocumentStartEvent):
        place = _place(part, event.start_mark)
        if open_nodes[0].children:
            problems.append(Problem(place, "", "a second YAML document", "remove the line '---'", code=_CLEVER_YAML))
            return True
        if event.version or event.tags:
            message, hint = "a YAML directive", "remove the line that begins with %"
            problems.append(Problem(place, "", message, hint, code=_CLEVER_YAML))
    return False


def _clever(node: Node, event: Any, reported: int) -> Iterator[Problem]:
    """Aliases, anchors and tags, which have no use in a file of facts."""
    if reported > MAX_PROBLEMS_OF_KIND:
        raise _TooMuch(node.place, f"more than {MAX_PROBLEMS_OF_KIND:,} problems up to here", "fix these first")
    if isinstance(event, yaml.AliasEvent):
        yield Problem(node.place, "", f"the alias {node.text}", "write the text out", code=_CLEVER_YAML)
        return
    if event.anchor is not None:
        hint = "remove it and write the text out again"
        yield Problem(node.place, "", f"the anchor &{event.anchor}", hint, code=_CLEVER_YAML)
    if event.tag not in (None, "!"):
        hint = "remove it: every value is read as text"
        yield Problem(node.place, "", f"the YAML tag {event.tag}", hint, code=_CLEVER_YAML)


def _text_problems(node: Node, style: str) -> Iterator[Problem]:
    if len(node.text) > MAX_TEXT_LENGTH:
        message, hint = f"a text of {len(node.text):,} characters", f"shorten it: the limit is {MAX_TEXT_LENGTH:,}"
        yield Problem(node.place, "", message, hint, code=_TOO_MUCH_CODE)
        node.text = node.text[:MAX_TEXT_LENGTH].rstrip()  # so that later steps stay fast
    if style == '"':
        yield from _unclean_by_escapes(node)
    elif not style:
        yield from _cut_off(node)


def _place(part: Lines, start: Any, stop: Any = None) -> Place:
    """The place between two marks of PyYAML, which count from 0 and may be missing."""
    if not start:
        return Place(part.path, part.above + 1)
    last = (part.above + stop.line + 1, stop.column + 1) if stop else None
    return Place(part.path, part.above + start.line + 1, start.column + 1, last)
