"""Each code of `check` has an entry in examples.yaml: one example breaks its rule, and the other one keeps it."""

from __future__ import annotations

import ast
import datetime
import re
import textwrap
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

import pytest

import csto_anki
from csto_anki.authoring.pages import rules_page
from csto_anki.deck.edition import read
from csto_anki.deck.parser import parse
from csto_anki.deck.problem import Problem
from csto_anki.history.record import Released, dump, load
from csto_anki.note.contents import contents
from csto_anki.rules.check import RULES, UPDATE_RULES, check
from csto_anki.rules.explain import EXAMPLES, explain, explanations
from csto_anki.rules.updates import check_update
from support.commands import run
from support.small_deck import FILES, SVG, Files, write_deck

TODAY = datetime.date(2026, 11, 24)
JUNE = 1780304400  # 2026-06-01 09:00 UTC
SOURCE = Path(csto_anki.__file__).parent
RULE_CODES = {rule.code for rule in (*RULES, *UPDATE_RULES)}
# Its examples are Python, which `check` does not read. A test in test_updates.py breaks the rule.
NOT_RUN = "the-note-type-stays"
CODES = [code for code in explanations() if code != NOT_RUN]
IN_EXAMPLES = f"in {EXAMPLES.relative_to(SOURCE.parents[1]).as_posix()}"

MAP = """\
map:
  question: Which shape is dark on this map?
  answer: A triangle
  image: {file: map.svg, alt: A drawing}
  sources: [charter, treaty]
"""
UNDATED = FILES["sources.yaml"].replace("  date: 2002-10-07\n", "")
TREATY = "treaty:\n  title: Treaty\n  publisher: UN\n  url: https://example.org/treaty\n"
BODIES = FILES["bodies.yaml"].replace("Art. 13", "Art. 13, treaty") + "  tags: [prelims]\n"
BASE: Files = {
    **FILES,
    "sources.yaml": UNDATED + TREATY,
    "bodies.yaml": BODIES + MAP,
    "dates.yaml": "",
    "media/map.svg": SVG.format("map"),
}
EDITION: Files = {
    "hi/edition.yaml": """\
title: Small in Hindi
description: एक छोटा डेक
licence: CC BY 4.0
kinds: {dates: कब, bodies: कौन}
tags: {prelims: पूछा गया}
""",
    "hi/glossary.yaml": "Treaty:\n  word: संधि\n  not: [समझौता]\n",
    "hi/released.json": FILES["released.json"],
}
# Another deck around an example, if BASE does not suit it: the files that differ, None for one that is not there.
AROUND: dict[str, Files] = {
    "a-deck-has-facts": {"media/map.svg": None, "sources.yaml": UNDATED},
    "a-fact-has-one-priority": {"bodies.yaml": BODIES.replace("[pre", "[depth, pre") + MAP + "  tags: [depth]\n"},
    "an-important-fact-has-a-source-of-standing": {
        "bodies.yaml": BODIES.replace("[pre", "[depth, pre") + MAP + "  tags: [depth]\n"
    },
    "every-picture-is-shown": {"bodies.yaml": BODIES},
    "every-source-is-cited": {"bodies.yaml": (BODIES + MAP).replace(", treaty", ""), "sources.yaml": UNDATED},
    "a-source-is-not-older-than-its-fact": {"sources.yaml": FILES["sources.yaml"] + TREATY},
    "as-of-is-vouched-for": {"sources.yaml": FILES["sources.yaml"].replace("2002-10-07", "2026-03") + TREATY},
    "no-tag-has-two-meanings": {"deck.yaml": FILES["deck.yaml"].replace("tags:\n  prelims: asked\n", "")},
}

# For rules that need several practice questions: whether the two statements of each are correct.
EACH = ["--", "+-", "-+", "++"]
VERDICTS = {
    ("no-answer-letter-dominates", "wrong"): ["+-"] * 6,
    ("no-answer-letter-dominates", "right"): ["++", *EACH, "+-"],
    ("few-answers-are-none", "wrong"): EACH * 2,
    ("few-answers-are-none", "right"): ["--", *["+-", "-+", "++"] * 3],
}


def around(code: str) -> Files:
    """The deck around an example, without its record and its own file."""
    deck = {**BASE, **AROUND.get(code, {})}
    return {**deck, "deck.yaml": f"{deck['deck.yaml']!s}{explanations()[code].example.get('deck', '')}"}


def example_deck(folder: Path, code: str, which: str) -> Path:
    """Write the deck with one of the two examples of a code."""
    example = explanations()[code].example
    text, files = example[which], around(code)
    if "released" in example:
        files["released.json"] = released(folder / "released", files, example["released"])
    file = example.get(f"{which}_file", example.get("file", "dates.yaml"))
    if "original" in example:  # the example is in an edition
        files |= {**EDITION, "dates.yaml": with_sources(example["original"])}
        file = file if file.startswith("hi/") else "hi/dates.yaml"
        return write_deck(folder / "cards", {**files, file: text}) / "hi"
    if (code, which) in VERDICTS:
        text = copies(text, VERDICTS[code, which])
    if file == "deck.yaml":
        replaced = ("title", "language")
        kept = [
            line
            for line in str(files[file]).split("\n")
            if not line.startswith(replaced) or line.split(":")[0] not in text
        ]
        files[file] = "\n".join(kept) + text
    elif file == "sources.yaml":
        base = str(files[file])
        files[file] = text + (TREATY if TREATY in base and "treaty:" not in text else "")
        if "charter:" not in text:
            files[file] = base + text
    elif file == "released.json":
        files[file] = text if which == "wrong" else FILES[file]
    else:
        files[file] = with_sources(text) if file.endswith("ml") else text
    return write_deck(folder / "cards", files)


def with_sources(text: str) -> str:
    """The entries of an example, with the sources that it leaves out."""
    entries = re.split(r"(?m)^(?=[a-z])", text)
    return "".join(
        each if "  sources:" in each or not each[:1].isalpha() else f"{each.rstrip()}\n  sources: [charter]\n"
        for each in entries
    )


def copies(text: str, verdicts: list[str]) -> str:
    """Practice questions like the example, one for each pair of verdicts, such as `+-`."""
    entries = []
    for number, pair in enumerate(verdicts):
        entry = text.replace("practice:", f"practice-{number}:").replace("statements:", f"statements on {number}:", 1)
        for name, mark in zip(("One", "Two"), pair, strict=True):
            entry = re.sub(rf"{name}, correct: \w+", f"{name} of {number}, correct: {str(mark == '+').lower()}", entry)
        entries.append(entry)
    return "".join(entries)


def released(folder: Path, files: Files, text: str) -> str:
    """The record of a release of the deck in which dates.yaml has this text."""
    deck, problems = read(write_deck(folder, {**files, "dates.yaml": with_sources(text)}))
    assert deck is not None, problems
    return dump(Released({}, None, {}, None).after("2026.06.01", JUNE, contents(deck)))


def found(folder: Path) -> list[Problem]:
    """All that `csto-anki check` finds."""
    deck, problems = read(folder)
    record, more = load(folder / "released.json")
    problems += more
    if deck is not None:
        problems += check(deck, TODAY)
    if deck is not None and record is not None:
        problems += check_update(deck, contents(deck), record)
    return sorted(problems)


def as_yaml(lines: list[str]) -> str:
    """The key `says` of an entry with these lines, to be copied."""
    wrapped = [textwrap.fill(line, 114, initial_indent=6 * " ", subsequent_indent=6 * " ") for line in lines]
    return "\n".join(["  says:", *[f"    - >-\n{line}" for line in wrapped]])


def codes_given(path: Path) -> Iterator[str]:
    """The codes that a module passes to problems as `code=`; in a formatted one, * is what is not known.

    The constant of another module is left out, because that module passes it, too.
    """
    module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "code":
            if isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            elif isinstance(node.value, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.value.values)
            elif isinstance(node.value, ast.Name):
                yield getattr(import_module(module), node.value.id)


def test_every_rule_has_its_entry() -> None:
    missing = sorted(RULE_CODES - explanations().keys())
    assert not missing, f"add an entry with `wrong`, `says` and `right` {IN_EXAMPLES} for: {missing}"


def test_every_code_of_the_reader_and_of_the_record_has_its_entry() -> None:
    missing = {
        code: path.name
        for path in sorted(SOURCE.rglob("*.py"))
        if path.parent.name != "rules"
        for code in codes_given(path)
        if not any(fnmatchcase(known, code) for known in explanations())
    }
    assert not missing, f"add an entry with `rule`, `wrong`, `says` and `right` {IN_EXAMPLES} for: {missing}"


@pytest.mark.parametrize("code", explanations())
def test_an_entry_is_complete(code: str) -> None:
    each = explanations()[code]
    if code in RULE_CODES:
        assert "rule" not in each.example, (
            f"remove `rule` from {code} {IN_EXAMPLES}: the docstring of its function is used"
        )
        assert each.meaning.endswith("."), f"the function of {code} needs a docstring that ends with a full stop"
    else:
        assert each.meaning.endswith("."), f"there is no rule {code}; if the reader finds it, add `rule` {IN_EXAMPLES}"
    for key in ("wrong", "right"):
        assert each.example.get(key, "").strip(), f"add `{key}` to {code} {IN_EXAMPLES}"
    assert each.example["right"] != each.example["wrong"] or "right_file" in each.example
    assert each.says or code == NOT_RUN, f"add `says` to {code} {IN_EXAMPLES}: test_the_wrong_example prints the lines"


def test_the_file_of_examples_is_in_order() -> None:
    root, problems, whole = parse("examples.yaml", EXAMPLES.read_bytes())
    assert (problems, whole) == ([], True)
    assert root is not None
    known = {"rule", "note", "deck", "file", "right_file", "original", "released", "wrong", "says", "right"}
    assert {key.text for entry in root.children[1::2] for key in entry.children[::2]} <= known


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_breaks_the_rule(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = example_deck(tmp_path, code, "wrong")
    monkeypatch.chdir(tmp_path / "cards")
    problems = found(folder.relative_to(tmp_path / "cards"))
    lines = [str(problem) for problem in problems]
    is_found = code in {problem.code for problem in problems}
    assert is_found, f"`check` does not find {code} in its wrong example {IN_EXAMPLES}; it finds:\n{lines}"
    is_said = lines == list(explanations()[code].says)
    assert is_said, f"if `check` should print this for {code}, copy it into its entry {IN_EXAMPLES}:\n{as_yaml(lines)}"


@pytest.mark.parametrize("code", CODES)
def test_the_right_example_keeps_every_rule(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = example_deck(tmp_path, code, "right")
    monkeypatch.chdir(tmp_path / "cards")
    lines = [str(problem) for problem in found(folder.relative_to(tmp_path / "cards"))]
    assert not lines, f"the right example of {code} {IN_EXAMPLES} breaks a rule:\n{lines}"


def test_an_explanation_has_the_rule_both_examples_and_the_way_to_accept() -> None:
    assert (
        "\n".join(explain("a-question-stands-alone"))
        == """\
a-question-stands-alone (warning)
A question makes sense without another card. It names its subject, "it" comes only after a name, and there is no "this \
body" or "the above".

Wrong:

    seat:
      question: In which city does it have its seat?
      answer: Moscow

Right:

    seat:
      question: In which city does the CSTO have its seat?
      answer: Moscow

If the warning is wrong in one case, say why in the entry:

      accept:
        a-question-stands-alone: the reason"""
    )


def test_the_page_of_rules_is_what_the_command_prints(tmp_path: Path) -> None:
    page = (SOURCE.parents[1] / "docs" / "rules.md").read_text("utf-8")
    assert page == rules_page(), "run csto-anki schema"
    assert page.endswith("\n\n" + run(tmp_path, "check", "--explain", "all").stdout)
