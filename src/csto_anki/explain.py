"""What each code of `check` means, with an example that breaks the rule and one that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from csto_anki import check, guard
from csto_anki.tree import parse

EXAMPLES = Path(__file__).with_name("examples.yaml")


class Explanation(NamedTuple):
    """A rule in words, whether it can be accepted, and what its entry in examples.yaml says."""

    code: str
    meaning: str
    warning: bool
    example: Mapping[str, str]


@cache
def explanations() -> dict[str, Explanation]:
    """All codes there are, in the order of examples.yaml."""
    root = parse(EXAMPLES.as_posix(), EXAMPLES.read_bytes())[0]
    assert root is not None  # noqa: S101  # a file of ours; the tests read it
    every: list[Callable[..., object]] = [*check.ERRORS, *check.WARNINGS, *guard.RULES]
    rules = {check.code_of(rule): check.meaning(rule) for rule in every}
    warnings = {check.code_of(rule) for rule in check.WARNINGS} | {check.IN_VAIN}
    found = {}
    for key, node in zip(root.children[::2], root.children[1::2], strict=True):
        example = {name.text: value.text for name, value in zip(node.children[::2], node.children[1::2], strict=True)}
        meaning = example.get("rule") or rules[key.text]
        found[key.text] = Explanation(key.text, meaning, key.text in warnings, example)
    return found


def meanings() -> dict[str, str]:
    """What each code means, in words alone."""
    return {code: each.meaning for code, each in explanations().items()}


def explain(code: str) -> Iterator[str]:
    """The lines that explain a code."""
    _, meaning, warning, example = explanations()[code]
    yield f"{code} ({'warning' if warning else 'error'})"
    yield meaning
    if note := example.get("note"):
        yield note.strip()
    for name, heading in (("deck", "In deck.yaml"), ("released", "What learners have")):
        if example.get(name):
            yield f"\n{heading}:\n\n{_indented(example[name])}"
    for name in ("wrong", "right"):
        file = example.get(f"{name}_file", example.get("file"))
        yield f"\n{name.capitalize()}{f', in {file}' if file else ''}:\n\n{_indented(example[name])}"
    if warning and code != check.IN_VAIN:
        yield f"\nWhere it is wrong in one case, say why in the entry:\n\n      accept:\n        {code}: the reason"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip("\n").split("\n"))
