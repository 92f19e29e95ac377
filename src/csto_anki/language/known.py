"""The languages that csto-anki has words for, and how the words of another one are built from texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from csto_anki.language.english import ENGLISH
from csto_anki.language.words import Words

# A sign that would end a text of CSS or HTML, or that Anki takes for a command.
_UNSAFE = r'["\\<>&\x00-\x1f\x7f]|\{\{|\}\}|\['
_UNSAFE_IN_MARKDOWN = r"[<\x00-\x09\x0b-\x1f\x7f]"
_PLACEHOLDER = r"\{[^{}]*\}|[{}]"
_HEAD = """\
# The words that csto-anki itself writes for learners. Translate what is in quotes; within quotes, an apostrophe is typed
# twice. Keep what is in braces, in any order: there the tool puts a number, a date, a name. A single word may stay as it
# is in English.
"""
_COMMENTS = {
    "name": "The name of the language in the language itself.",
    "direction": "ltr, or rtl for a script from right to left.",
    "digits": "From zero to nine, for dates and counts; keep 0123456789 if the exam prints these.",
    "fonts": "Fonts that have the letters, if a phone needs them: each in double quotes with a comma after it; or nothing.",
    "sentence_ends": "The signs at which a sentence ends, the full stop first.",
    "date": "The order of day, month and year.",
    "card": "On the cards. The date in as_of can also be a month or a year.",
    "practice": "In practice questions: what the exam prints in this language.",
    "practice.lines": "Below the statements, by the form of the question. `which one` has no such line.",
    "practice.all_the_count": "Of five or six; often the same as all_count.",
    "release": "In release notes, which are Markdown, and in a message for a chat. What is between stars is the name of a "
    "button or menu in Anki; keep it in English if the apps are mostly used in English.",
    "site": "On the website.",
}
_FONTS = r'(?:(?:"[\w -]+"|[\w-]+), ?)*'


class Fault(NamedTuple):
    """What is wrong with the words of a language: the key, such as `card.hint`, a message and a hint."""

    key: str
    message: str
    hint: str


def known(code: str) -> Words | None:
    """The words of a language by its code, such as `hi` or `en-IN`; None if csto-anki does not have them."""
    language = code.partition("-")[0]
    if language == ENGLISH.language:  # the others are only loaded if they are needed
        return ENGLISH
    return next((words for words in all_known() if words.language == language), None)


def all_known() -> list[Words]:
    """The words of all languages that csto-anki has."""
    from csto_anki.language.hindi import HINDI

    return [ENGLISH, HINDI]


def build(code: str, texts: Mapping[str, Any]) -> tuple[Words | None, list[Fault]]:
    """The words of a language from texts in lists and mappings, with the keys of `Words`; or None and what is wrong."""
    faults = list(_faults("", _without_code(ENGLISH), texts))
    return (None, faults) if faults else (_made(ENGLISH, {**texts, "language": code}), [])


def template(words: Words = ENGLISH) -> str:
    """The words of a language as YAML, in the form in which a deck has those of another one, with comments."""
    return "\n".join([_HEAD, *_lines(_without_code(words), "", "")])


def _without_code(words: Words) -> dict[str, Any]:
    return {key: value for key, value in words._asdict().items() if key != "language"}


def _pairs(example: Any) -> Mapping[str, Any] | None:
    """What an example has by key, if it has keys."""
    return example._asdict() if hasattr(example, "_asdict") else example if isinstance(example, Mapping) else None


def _faults(key: str, example: Any, given: Any) -> Iterator[Fault]:
    """What is wrong with what is given for a key, beside the English example."""
    pairs = _pairs(example)
    if pairs is not None:
        yield from _faults_of_keys(key, pairs, given)
    elif isinstance(example, str):
        if fault := _fault_of_text(key, example, given):
            yield Fault(key, *fault)
    elif isinstance(given, str) or not isinstance(given, Sequence) or len(given) != len(example):
        yield Fault(key, f"{key!r} is not a list of {len(example)} texts", f"in English it is {_shown(example)}")
    elif list(given) == list(example):
        yield Fault(key, *_still_english(key))
    else:
        for number, (one, other) in enumerate(zip(example, given, strict=True)):
            yield from _faults(f"{key}.{number}", one, other)


def _faults_of_keys(key: str, pairs: Mapping[str, Any], given: Any) -> Iterator[Fault]:
    if not isinstance(given, Mapping):
        yield Fault(key, "no keys where keys belong", f"give {', '.join(pairs)}")
        return
    for name, value in pairs.items():
        inner = f"{key}.{name}".lstrip(".")
        if name not in given:
            is_group = _pairs(value) is not None
            where = "csto-anki translate --words prints it" if is_group else f"in English it is {_shown(value)}"
            yield Fault(inner, f"{inner!r} is missing", f"add it; {where}")
        else:
            yield from _faults(inner, value, given[name])
    for name in sorted({*given} - {*pairs}):
        yield Fault(f"{key}.{name}".lstrip("."), f"the unknown key {name!r}", "remove it")


def _still_english(key: str) -> tuple[str, str]:
    return f"{key!r} is still in English", "translate it"


def _fault_of_text(key: str, example: str, given: Any) -> tuple[str, str] | None:
    if not isinstance(given, str) or (not given and example):
        return f"{key!r} has no text", f"write it; in English it is {_shown(example)}"
    if key == "fonts":
        hint = 'write each in quotes with a comma after it: "A B",'
        return None if re.fullmatch(_FONTS, given) else ("not names of fonts", hint)
    if key == "direction":
        return None if given in ("ltr", "rtl") else (f"{given!r} is not a direction", "write ltr or rtl")
    if key == "sentence_ends" and (
        not given or len(given) > 10 or any(map(str.isalnum, given)) or given.split() != [given]
    ):
        return f"{given!r} are not signs at which a sentence ends", "write up to ten signs without blanks, as .?!"
    if key == "digits" and [unicodedata.decimal(each, -1) for each in given] != [*range(10)]:
        return f"{given!r} is not ten digits", "write those of the language from zero to nine, or 0123456789"
    # Single words can be the same in two languages.
    can_be_same = key != "name" and not re.search(r"[ {]", example)
    has_words = re.search("[A-Za-z]{3}", re.sub(_PLACEHOLDER, "", example))
    if has_words and not can_be_same and given.split() == example.split():
        return _still_english(key)
    unsafe = _UNSAFE_IN_MARKDOWN if key.startswith("release.") else _UNSAFE
    if match := re.search(unsafe, given):
        return f"{match[0]!r} in the text", "use other signs"
    if sorted(re.findall(_PLACEHOLDER, given)) != sorted(re.findall(_PLACEHOLDER, example)):
        return f"other braces than the English text {example!r}", "write each pair of braces once, as it is there"
    return None


def _made(example: Any, given: Any) -> Any:
    """The given texts in the types of the example."""
    if hasattr(example, "_asdict"):
        return type(example)(**{name: _made(value, given[name]) for name, value in example._asdict().items()})
    if isinstance(example, Mapping):
        return {name: given[name] for name in example}
    return given if isinstance(example, str) else tuple(given)


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:56]} ...")


def _lines(example: Any, indent: str, path: str) -> Iterator[str]:
    for name, value in (_pairs(example) or {}).items():
        key = f"{path}.{name}".lstrip(".")
        if comment := _COMMENTS.get(key):
            yield f"{indent}# {comment}"
        if isinstance(value, str):
            yield f"{indent}{name}: {quoted(value)}"
        elif _pairs(value) is not None:
            yield f"{indent}{name}:"
            yield from _lines(value, f"{indent}  ", key)
        else:
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {quoted(each)}" for each in value)


def quoted(text: str) -> str:
    """A text as YAML: in single quotes, in which only the single quote itself is special, or with its line breaks."""
    if "\n" in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return "'" + text.replace("'", "''") + "'"
