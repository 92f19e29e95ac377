"""Problems in each format of `check`: text for people, JSON for programs, annotations for pull requests on GitHub."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from csto_anki import files
from csto_anki.deck.parser import MAX_FILE_BYTES
from csto_anki.deck.problem import Place, Problem, printable

MAX_SHOWN = 100  # problems in a format that people read
WIDTH = 100  # characters that are shown of a line of a file


def as_text(problems: Sequence[Problem], style: Callable[[str, str], str]) -> Iterator[str]:
    """One line for each problem, and below it the line of the file with a mark under the place.

    `style` gets a part ("error", "warning", "place", "hint") and its text, and returns the text to print.
    """
    lines: dict[str, list[str]] = {}
    for problem in problems[:MAX_SHOWN]:
        place = problem.place
        kind = "" if problem.is_error else "warning: "
        message = style(problem.severity, printable(f"{kind}{problem.message_with_id}"))
        code = style("hint", f" [{problem.code}]" if problem.code else "")
        yield f"{style('place', printable(str(place)))}: {message}; {printable(problem.hint)}{code}"
        if place.path not in lines:
            lines[place.path] = _lines(place.path)
        # A problem of a whole file has no end, so it shows no line.
        if place.line <= len(lines[place.path]) and (place.end or (place.line, place.column) != (1, 1)):
            line, blanks, mark = _marked(lines[place.path][place.line - 1], place)
            if line:
                yield f"    {line}"
                yield f"    {blanks}{style(problem.severity, mark)}"
    if len(problems) > MAX_SHOWN:
        yield f"and {len(problems) - MAX_SHOWN:,} more"


def as_json(problems: Sequence[Problem]) -> str:
    """All problems as JSON, in ASCII so that no encoding breaks it. docs/commands.md documents the names."""
    rows = [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "end": dict(zip(("line", "column"), problem.place.end, strict=True)) if problem.place.end else None,
            "code": problem.code,
            "severity": problem.severity,
            "id": problem.id or None,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    return json.dumps({"problems": rows}, indent=2)


def as_github(problems: Sequence[Problem]) -> Iterator[str]:
    """Annotations of a pull request, as workflow commands of GitHub."""
    for problem in problems[:MAX_SHOWN]:
        place = problem.place
        where = {"file": printable(place.path), "line": str(place.line), "col": str(place.column)}
        if place.end and place.end[0] == place.line:
            where |= {"endLine": str(place.end[0]), "endColumn": str(place.end[1])}
        where["title"] = problem.code
        values = ",".join(f"{name}={_escaped(value, ',:')}" for name, value in where.items())
        yield f"::{problem.severity} {values}::{_escaped(printable(problem.sentence))}"
    if len(problems) > MAX_SHOWN:
        yield f"::notice::and {len(problems) - MAX_SHOWN:,} more"


def _escaped(text: str, more: str = "") -> str:
    """A text as it is escaped in a workflow command of GitHub."""
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + more else character for character in text)


def _marked(line: str, place: Place) -> tuple[str, str, str]:
    """A line of a file, shortened around a place; the blanks before the mark below it; the mark."""
    line = line.rstrip()
    start = place.column - 1
    end = place.end[1] - 1 if place.end and place.end[0] == place.line else len(line)
    first = max(0, min(start - WIDTH // 4, len(line) - WIDTH))
    last = first + WIDTH
    part = "".join(character if character.isprintable() else "\ufffd" for character in line[first:last])
    left, right = ("..." if first else ""), ("..." if last < len(line) else "")
    before, marked = part[: start - first], part[start - first : min(end, last) - first]
    return f"{left}{part}{right}", " " * (_width(before) + len(left)), "^" * max(_width(marked), 1)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)


def _lines(path: str) -> list[str]:
    """The lines of a file that people write (YAML or SVG); none for another file or if it cannot be read."""
    try:
        if not path.endswith((".yaml", ".svg")):
            return []
        return files.load(Path(path), Path(path).parent, MAX_FILE_BYTES).decode("utf-8", "replace").split("\n")
    except files.Refused:
        return []
