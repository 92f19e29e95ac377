"""Readers of the values of card files: each takes a node of YAML and returns its value, or raises Invalid."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from csto_anki.deck import practice
from csto_anki.deck.characters import anki_command
from csto_anki.deck.model import Citation, Date
from csto_anki.deck.parser import Node
from csto_anki.deck.problem import Problem
from csto_anki.files import RESTORED, is_backup_name

# What values look like, as regular expressions that JavaScript understands, too, because editors use them.
KEBAB_CASE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NUMBER = r"[1-9][0-9]{0,17}"
DATE = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ADDRESS = r"https?://[^\s\"'<>\\\[\]]+"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_LEVEL = r'[^\s":](([^\t\n":]|:(?!:))*[^\s":])?'
ANKI_NAME = rf"{_LEVEL}(::{_LEVEL}){{0,10}}"  # Anki refuses more levels

MAX_WORD_LENGTH = 80  # of an id, a tag, a kind, the key of a source
MAX_NAMESPACE_LENGTH = 40  # with it, the name of a picture stays below the 120 bytes at which Anki cuts names
MAX_ADDRESS_LENGTH = 2_000
MAX_DOWNLOAD_LENGTH = 200
MAX_ITEMS = 200  # of a list of sources, tags or statements; a card shows each of them
MAX_IDS = 5_000  # of a list of ids

_KEBAB_CASE = re.compile(KEBAB_CASE)
# The note types of every new collection, by their English names.
_NOTE_TYPES_OF_ANKI = {
    *("basic", "basic (and reversed card)", "basic (optional reversed card)", "basic (type in the answer)", "cloze"),
    "image occlusion",
}


class Invalid(Exception):  # noqa: N818  # it is raised about a value, not about the program
    """The problems of one value, without the id of its entry; `read_entry` catches it and adds the id."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def invalid(node: Node, message: str, hint: str) -> Invalid:
    """The exception for a value with one problem."""
    return Invalid(Problem(node.place, "", message, hint, code="wrong-value"))


def text(node: Node) -> str:
    value = node.text
    if found := anki_command(value):
        hint = "use other words; in an address write %7B for {"
        raise Invalid(Problem(node.place, "", f"{found!r}, which Anki takes for a command", hint, code="no-commands"))
    if value and value.isascii() and value.isprintable() and value == value.strip():
        return value  # nine texts in ten; they break none of the rules below
    if node.kind != "text":
        raise invalid(node, f"a {node.kind} where a text belongs", "write one text, in quotes if it begins with [ or {")
    if all(unicodedata.category(character)[0] in "CMZ" for character in node.text):
        raise invalid(node, "an empty value", "write the text or remove the key")
    if any(unicodedata.combining(line[:1] or " ") for line in node.text.split("\n")):
        raise invalid(node, "a line that begins with a combining mark", "put the letter before it")
    if node.text.strip() != node.text.rstrip("\n"):
        raise invalid(node, "a text with spaces at its start or end", "remove them")
    return node.text.rstrip("\n")


def number(node: Node) -> int:
    value = text(node)
    if not re.fullmatch(NUMBER, value) or value == "1":
        raise invalid(node, f"{value!r} is not a whole number above 1", "write up to 18 digits and nothing else")
    return int(value)


def date(node: Node) -> Date:
    hint = "write YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no more"
    value = text(node)
    match = re.fullmatch(DATE, value)
    if not match:
        raise invalid(node, f"{value!r} is not a date", hint)
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        datetime.date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise invalid(node, f"{value!r} is not in the calendar", hint) from None
    return Date(year, month, day)


def day(node: Node) -> datetime.date:
    found = date(node)
    if not found.day:
        raise invalid(node, f"{node.text!r} is not a day", "write YYYY-MM-DD")
    return found.first_day()


def address(node: Node) -> str:
    value = text(node)
    if not re.fullmatch(ADDRESS, value):
        hint = "begin it with https:// or http://, without spaces and quotes; write %5B for [ and %5D for ]"
        raise invalid(node, f"{value!r} is not a web address", hint)
    if len(value) > MAX_ADDRESS_LENGTH:
        raise invalid(node, f"an address of {len(value):,} characters", f"use at most {MAX_ADDRESS_LENGTH:,}")
    if value.count("{id}") > 3:
        raise invalid(node, "{id} more than three times", "leave the others out")
    return value


def download(node: Node) -> str:
    """An address with the placeholder `{file}` and, optionally, `{version}`, each once."""
    value = address(node)
    if len(value) > MAX_DOWNLOAD_LENGTH:
        hint = f"use at most {MAX_DOWNLOAD_LENGTH}, because a message for a chat takes no more"
        raise invalid(node, f"an address of {len(value)} characters", hint)
    placeholders = re.findall(r"\{[^{}]*\}?|\}", value)
    if sorted(placeholders) not in (["{file}"], ["{file}", "{version}"]):
        hint = "write {file} once in it, for the name of the file, and {version} once or not at all"
        raise invalid(node, f"{value!r} is not an address for all files", hint)
    return value


def language(node: Node) -> str:
    value = text(node)
    if not re.fullmatch(LANGUAGE, value):
        raise invalid(node, f"{value!r} is not a language code", "write a code such as en or hi (BCP 47)")
    return value


def anki_name(node: Node) -> str:
    """A name that Anki does not change, as tried in Anki 26.9; it changes quotes, line breaks, blanks at an end."""
    value = text(node)
    if not re.fullmatch(ANKI_NAME, value):
        hint = "use one line without double quotes, no blank or colon at an end, at most 11 levels A::B"
        raise invalid(node, f"{value!r} is not a name for Anki", hint)
    return value


def deck_title(node: Node) -> str:
    """The name of the deck in Anki. Anki would put the cards of another `default` among the learner's own."""
    value = anki_name(node)
    if value.partition("::")[0].casefold() == "default":
        raise invalid(node, f"{value!r} is the name of the deck that every learner has", "choose another title")
    return value


def note_type_name(node: Node) -> str:
    value = anki_name(node)
    if value.casefold() in _NOTE_TYPES_OF_ANKI:
        hint = f"choose another name: every learner would see {value}+"
        raise invalid(node, f"{value!r} is the name of a note type that every learner has", hint)
    return value


def kebab_case(node: Node) -> str:
    """A name in kebab-case, such as an id or a tag."""
    if node.kind == "text" and len(node.text) > MAX_WORD_LENGTH:
        raise invalid(node, f"a word of {len(node.text):,} characters", f"use at most {MAX_WORD_LENGTH}")
    # The text is not stripped here: a key that ends in a line break is not the same as one without it.
    if node.kind != "text" or not _KEBAB_CASE.fullmatch(node.text):
        text(node)
        raise invalid(node, f"{node.text!r} is not in kebab-case", "use a-z, 0-9 and single hyphens: treaty-signed")
    return node.text


def namespace(node: Node) -> str:
    value = kebab_case(node)
    if len(value) > MAX_NAMESPACE_LENGTH:
        hint = f"use at most {MAX_NAMESPACE_LENGTH}: all names begin with it"
        raise invalid(node, f"a namespace of {len(value)} characters", hint)
    if is_backup_name(f"{value}-.apkg"):
        hint = f"{RESTORED}; use another word"
        raise invalid(node, f"the namespace {value!r} gives packages a name such as {value}-2026-12-01.apkg", hint)
    return value


def boolean(node: Node) -> bool:
    value = text(node)
    if value not in ("true", "false"):
        raise invalid(node, f"{value!r} is neither true nor false", "write true or false")
    return value == "true"


def ask(node: Node) -> str:
    """The form of a practice question."""
    value = text(node)
    if value not in practice.FORMS:
        raise invalid(node, f"{value!r} is not a form of question", f"write one of {', '.join(practice.FORMS)}")
    return value


def picture_file(node: Node) -> str:
    value = text(node)
    if set(value) & set("/\\:"):
        raise invalid(node, f"{value!r} is not the name of a picture", "name a file of the folder media, without path")
    return value


def citation(node: Node) -> Citation:
    return Citation(*text(node).split(maxsplit=1))


def citations(node: Node) -> tuple[Citation, ...]:
    found = items(node)
    if not found:
        raise invalid(node, "no source", "name at least one key of sources.yaml")
    return tuple(each(found, citation))


def words(node: Node) -> tuple[str, ...]:
    return tuple(each(items(node), kebab_case))


def ids(node: Node) -> tuple[str, ...]:
    return tuple(each(items(node, MAX_IDS), kebab_case))


def texts(node: Node) -> tuple[str, ...]:
    return tuple(each(items(node), text))


def items(node: Node, most: int = MAX_ITEMS) -> list[Node]:
    """The items of a list; raises Invalid if there are too many."""
    if node.kind != "list":
        hint = "write it in brackets, [one, two], or in lines that begin with a hyphen"
        raise invalid(node, f"a {node.kind} where a list belongs", hint)
    found = node.children
    if len(found) > most:
        raise invalid(found[most], f"a list of {len(found):,} items", f"keep at most {most:,} items")
    return found


def each(parts: Iterable[Any], read_one: Callable[[Any], Any]) -> list[Any]:
    """The values of all parts; raises Invalid with the problems of all of them together."""
    values: list[Any] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            values.append(read_one(part))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return values
