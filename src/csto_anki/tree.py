"""One YAML file -> a tree of texts with their places; alone knows YAML.

Every scalar stays the text that was typed: no booleans, numbers or dates are guessed. What would make a card file
hard to read in review (anchors, aliases, tags, several documents) is a problem, as is text that Anki would change
in silence (control characters, text that is not NFC).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from csto_anki.facts import Place, Problem

if not yaml.__with_libyaml__:
    # The other loader is ten times slower and reports other places: never fall back to it in silence.
    raise SystemExit(
        "csto-anki: this PyYAML has no C loader; replace it: "
        "python -m pip install --force-reinstall --only-binary PyYAML PyYAML"
    )

# YAML and Anki both refuse or drop these; a byte order mark and the rarer line separators are as invisible.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)")


@dataclass(slots=True)
class Node:
    """A piece of YAML and where it starts: a text, or a list or mapping with its children (keys and values in turn)."""

    kind: str  # "text", "list" or "mapping"
    place: Place
    text: str = ""
    children: list[Node] = field(default_factory=list)


def parse(path: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    """Parse the bytes of one file, named `path` in problems; no node where the file is empty or broken."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place_at(path, data[: error.start].decode("utf-8"))
        return None, [Problem(place, "", "not UTF-8", "save the file in the encoding UTF-8")]
    problems = list(_control_characters(path, text))
    if problems:
        return None, problems
    try:
        return _build(path, text, problems), problems
    except yaml.MarkedYAMLError as error:
        return None, [*problems, _broken(path, error)]
    except yaml.reader.ReaderError as error:
        return None, [*problems, Problem(Place(path), "", f"broken YAML: {error.reason}", "remove that character")]


def _place_at(path: str, before: str) -> Place:
    """The place that follows the text `before`."""
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _control_characters(path: str, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        for match in FORBIDDEN.finditer(line):
            if match[0] != "\r" or match.end() < len(line):  # a line may end in CRLF
                yield _control_character(Place(path, number, match.start() + 1), match[0])


def _control_character(place: Place, character: str) -> Problem:
    return Problem(place, "", f"the control character U+{ord(character):04X}", "remove it")


def _unclean(place: Place, event: yaml.ScalarEvent) -> Iterator[Problem]:
    """What only the finished text shows: characters that came in by an escape, and text that is not NFC.

    Anki turns text into NFC on import, so text that is not would differ from what learners have.
    """
    text = event.value
    if match := FORBIDDEN.search(text):
        yield _control_character(place, match[0])
    if not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        offset = next(i for i, (a, b) in enumerate(zip(text, composed + "\0", strict=False)) if a != b)
        if _place(place.path, event.end_mark).line == place.line:  # else only the start of the text is certain
            place = Place(place.path, place.line, place.column + offset + bool(event.style))
        yield Problem(place, "", "text that is not in Unicode's form NFC", "type it anew, each letter as one character")


def _cut_off(path: str, lines: list[str], event: yaml.ScalarEvent) -> Iterator[Problem]:
    """In `answer: Room #1` YAML takes ` #1` for a comment, and the card would say `Room`."""
    end = _place(path, event.end_mark)
    comment = re.match(r"[ \t]+#", lines[end.line - 1][end.column - 1 :])
    if comment and not event.style:
        place = Place(path, end.line, end.column + comment.end() - 1)
        way_out = "put quotes round the text, or the comment on a line of its own"
        yield Problem(place, "", "a comment cuts the text off", way_out)


def _broken(path: str, error: yaml.MarkedYAMLError) -> Problem:
    place = _place(path, error.problem_mark or error.context_mark)
    what = "broken YAML: " + " ".join(part for part in (error.context, error.problem) if part)
    way_out = "here or just above, mend the indentation, close the quote or bracket, or quote a text that holds ': '"
    return Problem(place, "", what, way_out)


def _build(path: str, text: str, problems: list[Problem]) -> Node | None:
    """Build the tree from parse events, without recursion, so that no depth of nesting can hurt."""
    top = Node("list", Place(path))
    open_nodes = [top]
    lines = text.split("\n")
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent):
            node = _node(path, lines, event, problems)
            open_nodes[-1].children.append(node)
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and top.children:
            problems.append(Problem(_start(path, event), "", "a second YAML document", "remove the line '---'"))
            break
    return top.children[0] if top.children else None


def _node(path: str, lines: list[str], event: yaml.NodeEvent, problems: list[Problem]) -> Node:
    """A node without its children. YAML's means of cleverness have no use in a file of facts and are problems."""
    place = _start(path, event)
    if isinstance(event, yaml.AliasEvent):
        problems.append(Problem(place, "", f"the alias *{event.anchor}", "write the text out"))
        return Node("text", place, f"*{event.anchor}")
    if event.anchor is not None:
        problems.append(Problem(place, "", f"the anchor &{event.anchor}", "remove it and write the text out again"))
    tag = getattr(event, "tag", None)
    if tag not in (None, "!"):
        problems.append(Problem(place, "", f"the YAML tag {tag}", "remove it: every value is read as text"))
    if isinstance(event, yaml.ScalarEvent):
        problems.extend(_unclean(place, event))
        problems.extend(_cut_off(path, lines, event))
        return Node("text", place, event.value)
    return Node("list" if isinstance(event, yaml.SequenceStartEvent) else "mapping", place)


def _start(path: str, event: yaml.Event) -> Place:
    return _place(path, event.start_mark)


def _place(path: str, mark: Any) -> Place:
    """PyYAML's marks count from 0 and may be missing."""
    return Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
