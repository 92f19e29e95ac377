"""The languages that csto-anki has words for, and the words of another one from texts."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from csto_anki.deck import practice
from csto_anki.deck.parser import Node, parse
from csto_anki.language.english import ENGLISH
from csto_anki.language.known import all_known, build, known, template
from csto_anki.language.words import Words

KEPT = ("direction", "digits", "fonts", "sentence_ends", "date", "month", "decade")
CODES = [words.language for words in all_known()]


def plain(node: Node) -> Any:
    if node.kind == "text":
        return node.text
    if node.kind == "list":
        return [plain(each) for each in node.children]
    return {name.text: plain(value) for name, value in zip(node.children[::2], node.children[1::2], strict=True)}


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    """The template as it is read from a file."""
    root, problems, _ = parse("words.yaml", template().encode())
    assert (problems, root is not None) == ([], True)
    assert root is not None
    found: dict[str, Any] = plain(root)
    return found


def translated(value: Any, key: str = "") -> Any:
    """Texts in another language: each English word of two or more texts gets an accent."""
    if isinstance(value, Mapping):
        return {name: translated(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [translated(each) for each in value]
    return value if key in KEPT else f"é{value}"


def test_a_language_is_known_by_its_code() -> None:
    assert CODES == ["en", "hi"]
    assert (known("en"), known("en-IN"), known("xx"), known("english")) == (ENGLISH, ENGLISH, None, None)
    hindi = known("hi")
    assert hindi is not None
    assert hindi.name == "हिन्दी"


def test_the_template_has_every_word(english: dict[str, Any]) -> None:
    assert {"language", *english} == {*ENGLISH._fields}
    words, faults = build("xx", translated(english))
    assert faults == []
    assert isinstance(words, Words)
    assert (words.language, words.card.hint, words.months[4]) == ("xx", "éHint to remember", "éMay")
    assert words.practice.lines["which names"] == "éWhich of the above {}?"


@pytest.mark.parametrize("words", all_known(), ids=CODES)
def test_each_known_language_is_complete(words: Words, english: dict[str, Any]) -> None:
    """It has the same keys, lists of the same length and the same places to fill in as English."""
    _, faults = build(words.language, _as_texts(words))
    assert [fault for fault in faults if "still in English" not in fault.message] == []
    assert words.practice.lines.keys() == words.site.forms.keys() == practice.FORMS.keys()
    if words is not ENGLISH:
        assert faults == []


def _as_texts(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _as_texts(each) for name, each in value._asdict().items() if name != "language"}
    if isinstance(value, Mapping):
        return {name: _as_texts(each) for name, each in value.items()}
    return value if isinstance(value, str) else list(value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("card", "hint"), None, "card.hint: 'card.hint' is missing; add it; in English it is 'Hint to remember'"),
        (("card", "hint"), "", "card.hint: 'card.hint' has no text; write it; in English it is 'Hint to remember'"),
        (("card", "hint"), "Hint to remember", "card.hint: 'card.hint' is still in English; translate it"),
        (("card", "hint"), 'A "quote"', "card.hint: '\"' in the text; use other signs"),
        (("card", "hint"), "A {{Field}}", "card.hint: '{{' in the text; use other signs"),
        (
            ("card", "as_of"),
            "Date",
            "card.as_of: other braces than the English text 'As of {}'; write each pair of braces once, as it is there",
        ),
        (("months",), ["é"] * 11, "months: 'months' is not a list of 12 texts; in English it is \"('January'"),
        (("card",), "é", "card: no keys where keys belong; give as_of, changed"),
        (("card", "more"), "é", "card.more: the unknown key 'more'; remove it"),
        (("direction",), "up", "direction: 'up' is not a direction; write ltr or rtl"),
        (("digits",), "012", "digits: '012' is not ten digits; write those of the language from zero to nine"),
        (("digits",), "0000000000", "digits: '0000000000' is not ten digits"),
        (("sentence_ends",), "a.", "sentence_ends: 'a.' are not signs at which a sentence ends; write up to ten signs"),
        (("card", "one_source"), "1 x\n;", "card.one_source: '\\n' in the text; use other signs"),
        (("release", "install"), "<b>", "release.install: '<' in the text; use other signs"),
        (("fonts",), "A; B", "fonts: not names of fonts; write each in quotes with a comma after it"),
    ],
    ids=[
        *("missing", "empty", "English", "quote", "command", "braces", "list", "no keys", "unknown", "direction"),
        *("digits", "equal digits", "sentence ends", "two lines", "HTML", "fonts"),
    ],
)
def test_what_is_wrong_with_words(path: tuple[str, ...], value: Any, message: str, english: dict[str, Any]) -> None:
    texts = copy.deepcopy(translated(english))
    inner = texts
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    if value is None:
        del inner[path[-1]]
    words, faults = build("xx", texts)
    assert words is None
    assert [f"{fault.key}: {fault.message}; {fault.hint}"[: len(message)] for fault in faults] == [message]


def test_a_word_that_is_the_same_in_two_languages_is_allowed(english: dict[str, Any]) -> None:
    texts = translated(english)
    texts["site"] |= {"key": "Key", "plan": english["site"]["plan"]}
    assert build("xx", texts)[1] == []


def test_release_notes_are_markdown_and_can_have_quotes(english: dict[str, Any]) -> None:
    texts = translated(english)
    texts["release"]["held_back"] = 'In {count} notes "é" > é'
    assert build("xx", texts)[1] == []
