"""Problems for people, programs, reviews and code scanners; alone knows these formats."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csto_anki import files
from csto_anki.facts import Place, Problem, printable
from csto_anki.tree import LARGEST

SHOWN = 100  # of the problems of one run, in formats that people read
WIDTH = 100  # characters of a source line around the place

Style = Callable[[str, str], str]  # a part ("error", "warning", "place", "hint") and its text -> the text to print


def as_text(problems: Sequence[Problem], style: Style) -> Iterator[str]:
    """One line a problem, and below it the line of the file with a mark under the place."""
    files: dict[str, list[str]] = {}
    for problem in problems[:SHOWN]:
        place, kind = problem.place, "warning" if problem.warning else "error"
        said = f"{'warning: ' * problem.warning}{problem.id}{': ' * bool(problem.id)}{problem.what}"
        code = style("hint", f" [{problem.code}]" if problem.code else "")
        yield (
            f"{style('place', printable(str(place)))}: {style(kind, printable(said))}; "
            f"{printable(problem.way_out)}{code}"
        )
        if place.path not in files:
            files[place.path] = _lines(place.path)
        # What is wrong with a whole file has no end, and stands in no line.
        if place.line <= len(files[place.path]) and (place.end or (place.line, place.column) != (1, 1)):
            line, mark = _marked(files[place.path][place.line - 1], place)
            yield from (f"    {line}", f"    {mark[0]}{style(kind, mark[1])}") if line else ()
    if len(problems) > SHOWN:
        yield f"and {len(problems) - SHOWN:,} more"


def as_json(problems: Sequence[Problem]) -> str:
    """All problems for programs; the README documents the names. In ASCII, for any encoding of the terminal."""
    rows = [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "end": dict(zip(("line", "column"), problem.place.end, strict=True)) if problem.place.end else None,
            "code": problem.code,
            "severity": "warning" if problem.warning else "error",
            "id": problem.id or None,
            "message": problem.what,
            "hint": problem.way_out,
        }
        for problem in problems
    ]
    return json.dumps({"problems": rows}, indent=2)


def as_github(problems: Sequence[Problem]) -> Iterator[str]:
    """Annotations of a pull request, by GitHub's workflow commands."""
    for problem in problems[:SHOWN]:
        kind = "warning" if problem.warning else "error"
        where = {
            "file": printable(problem.place.path),
            "line": str(problem.place.line),
            "col": str(problem.place.column),
        }
        if problem.place.end and problem.place.end[0] == problem.place.line:
            where |= {"endLine": str(problem.place.end[0]), "endColumn": str(problem.place.end[1])}
        where["title"] = problem.code
        values = ",".join(f"{name}={_escaped(value, ',:')}" for name, value in where.items())
        message = f"{problem.id}{': ' * bool(problem.id)}{problem.what}; {problem.way_out}"
        yield f"::{kind} {values}::{_escaped(printable(message))}"
    if len(problems) > SHOWN:
        yield f"::notice::and {len(problems) - SHOWN:,} more"


def as_sarif(problems: Sequence[Problem], meanings: Mapping[str, str], version: str) -> str:
    """All problems as SARIF 2.1.0, the format of code scanners; `meanings` are those of the codes."""
    found = sorted({problem.code for problem in problems})
    rules = [{"id": code, "shortDescription": {"text": meanings[code]}} for code in found]
    driver = {"name": "csto-anki", "version": version, "rules": rules}
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": found.index(problem.code),
            "level": "warning" if problem.warning else "error",
            "message": {"text": f"{problem.id}{': ' * bool(problem.id)}{problem.what}; {problem.way_out}"},
            "locations": [{"physicalLocation": _location(problem.place)}],
        }
        for problem in problems
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _location(place: Place) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column}
    if place.end:
        region |= {"endLine": place.end[0], "endColumn": place.end[1]}
    return {"artifactLocation": {"uri": quote(os.fsencode(place.path))}, "region": region}


def _escaped(text: str, more: str = "") -> str:
    """Text in a workflow command of GitHub, which has its own way to escape."""
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + more else character for character in text)


def _marked(line: str, place: Place) -> tuple[str, tuple[str, str]]:
    """A line of a file, shortened around a place, with the blanks and the mark below it."""
    line = line.rstrip()
    start = place.column - 1
    end = place.end[1] - 1 if place.end and place.end[0] == place.line else len(line)
    first = max(0, min(start - WIDTH // 4, len(line) - WIDTH))
    last = first + WIDTH
    part = "".join(character if character.isprintable() else "\ufffd" for character in line[first:last])
    shown = "..." * bool(first) + part + "..." * (last < len(line))
    before, marked = part[: start - first], part[start - first : min(end, last) - first]
    return shown, (" " * (_width(before) + 3 * bool(first)), "^" * max(_width(marked), 1))


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)


def _lines(path: str) -> list[str]:
    """The lines of a file that people write; none where there is nothing to show."""
    try:
        if not path.endswith((".yaml", ".svg")):
            return []
        return files.load(Path(path), Path(path).parent, LARGEST).decode("utf-8", "replace").split("\n")
    except files.Refused:
        return []
