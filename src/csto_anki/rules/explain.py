"""What each code of `check` means, with an example that breaks the rule and one that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from csto_anki.deck.keys import pairs
from csto_anki.deck.parser import parse
from csto_anki.deck.problem import ERROR, WARNING
from csto_anki.rules import check

EXAMPLES = Path(__file__).with_name("examples.yaml")


class Explanation(NamedTuple):
    """A rule in words, its severity, and its entry in examples.yaml.

    `says` are the lines that `check` prints for the wrong example, and `example` has the other keys of the entry.
    """

    meaning: str
    severity: str
    says: tuple[str, ...]
    example: Mapping[str, str]


@cache
def explanations() -> dict[str, Explanation]:
    """All codes there are, each with its explanation, in the order of examples.yaml."""
    root = parse(EXAMPLES.as_posix(), EXAMPLES.read_bytes())[0]
    assert root is not None  # noqa: S101  # a file of ours; the tests read it
    rules = {rule.code: rule for rule in (*check.RULES, *check.UPDATE_RULES)}
    found = {}
    for key, entry in pairs(root)[0]:
        code, nodes = key.text, {name.text: node for name, node in pairs(entry)[0]}
        says = tuple(line.text for line in nodes.pop("says").children) if "says" in nodes else ()
        example = {name: node.text for name, node in nodes.items()}
        if code in rules:
            meaning, severity = rules[code].meaning, rules[code].severity
        else:
            meaning, severity = example.get("rule", ""), WARNING if code == check.IN_VAIN else ERROR
        found[code] = Explanation(meaning, severity, says, example)
    return found


def explain(code: str) -> Iterator[str]:
    """The lines that explain a code. Raises KeyError if there is no such code."""
    meaning, severity, _, example = explanations()[code]
    yield f"{code} ({severity})"
    yield meaning
    if note := example.get("note"):
        yield note.strip()
    for name, heading in (("deck", "In deck.yaml"), ("original", "The original"), ("released", "What learners have")):
        if example.get(name):
            yield f"\n{heading}:\n\n{_indented(example[name])}"
    for name in ("wrong", "right"):
        file = example.get(f"{name}_file", example.get("file"))
        yield f"\n{name.capitalize()}{f', in {file}' if file else ''}:\n\n{_indented(example[name])}"
    if code in check.acceptable():
        yield "\nIf the warning is wrong in one case, say why in the entry:"
        yield f"\n      accept:\n        {code}: the reason"


def explain_all() -> str:
    """The explanations of all codes, as Markdown."""
    return "\n\n".join("## " + "\n".join(explain(code)) for code in explanations())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip("\n").split("\n"))
