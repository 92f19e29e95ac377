"""Readers of one value: a text of YAML in, the typed value or its problems out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from csto_anki.deck import values
from csto_anki.deck.model import Citation, Date
from csto_anki.deck.parser import Node, parse
from csto_anki.deck.values import Invalid


def node(yaml: str) -> Node:
    """The value of the only key of a file."""
    root, problems, _ = parse("a.yaml", f"key: {yaml}\n".encode())
    assert root is not None, problems
    return root.children[1]


@pytest.mark.parametrize(
    ("read", "yaml", "value"),
    [
        (values.text, '"a: b"', "a: b"),
        (values.number, "1607392319", 1607392319),
        (values.date, "2009-10", Date(2009, 10)),
        (values.date, "2024-02-29", Date(2024, 2, 29)),
        (values.day, "2027-05-23", datetime.date(2027, 5, 23)),
        (values.address, "https://example.org/?a=%5B", "https://example.org/?a=%5B"),
        (values.download, "https://example.org/{file}", "https://example.org/{file}"),
        (values.download, "https://example.org/{version}/{file}", "https://example.org/{version}/{file}"),
        (values.language, "pt-BR", "pt-BR"),
        (values.deck_title, "Exams::CSTO", "Exams::CSTO"),
        (values.deck_title, '"Polity: Part 1"', "Polity: Part 1"),
        (values.note_type_name, "CSTO", "CSTO"),
        (values.kebab_case, "csc-2", "csc-2"),
        (values.namespace, "csto", "csto"),
        (values.namespace, "my-backup", "my-backup"),
        (values.namespace, "collection", "collection"),
        (values.namespace, "backups", "backups"),
        (values.boolean, "false", False),
        (values.ask, "which pairs", "which pairs"),
        (values.picture_file, "map.svg", "map.svg"),
        (values.citations, "[un, charter Art. 13]", (Citation("un"), Citation("charter", "Art. 13"))),
        (values.words, "[core, prelims]", ("core", "prelims")),
        (values.texts, "[Radio Free Europe, i]", ("Radio Free Europe", "i")),
    ],
)
def test_a_valid_value(read: Callable[[Node], Any], yaml: str, value: object) -> None:
    assert read(node(yaml)) == value


@pytest.mark.parametrize(
    ("read", "yaml", "sentence"),
    [
        (values.text, "[a]", "a list where a text belongs; write one text, in quotes if it begins with [ or {"),
        (values.text, '" "', "an empty value; write the text or remove the key"),
        (values.number, "1", "'1' is not a whole number above 1; write up to 18 digits and nothing else"),
        (
            values.date,
            "2023-02-29",
            "'2023-02-29' is not in the calendar; write YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source and no "
            "more",
        ),
        (values.day, "2027-05", "'2027-05' is not a day; write YYYY-MM-DD"),
        (values.language, "english", "'english' is not a language code; write a code such as en or hi (BCP 47)"),
        *(
            (
                values.namespace,
                namespace,
                f"the namespace {namespace!r} gives packages a name such as {namespace}-2026-12-01.apkg; Anki takes "
                "a file with this name for a backup and restores it over the learner's whole collection; "
                "use another word",
            )
            for namespace in ("backup", "backup-polity")
        ),
        (
            values.deck_title,
            "DEFAULT",
            "'DEFAULT' is the name of the deck that every learner has; choose another title",
        ),
        (
            values.note_type_name,
            "BASIC",
            "'BASIC' is the name of a note type that every learner has; "
            "choose another name: every learner would see BASIC+",
        ),
        (values.boolean, "yes", "'yes' is neither true nor false; write true or false"),
        (
            values.picture_file,
            "media/a.svg",
            "'media/a.svg' is not the name of a picture; name a file of the folder media, without path",
        ),
        (values.citations, "[]", "no source; name at least one key of sources.yaml"),
        (
            values.words,
            f"[{', '.join(f'a{number}' for number in range(201))}]",
            "a list of 201 items; keep at most 200 items",
        ),
    ],
)
def test_an_invalid_value(read: Callable[[Node], Any], yaml: str, sentence: str) -> None:
    with pytest.raises(Invalid) as found:
        read(node(yaml))
    assert [problem.sentence for problem in found.value.problems] == [sentence]


def test_all_items_of_a_list_are_judged() -> None:
    with pytest.raises(Invalid) as found:
        values.words(node("[Core, prelims, a b]"))
    assert [str(problem.place) for problem in found.value.problems] == ["a.yaml:1:7", "a.yaml:1:22"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"https://example.org/{'a' * 180}/{{file}}", "an address of 207 characters"),
        ("https://example.org/latest", "'https://example.org/latest' is not an address for all files"),
        ("https://e.org/{version}", "'https://e.org/{version}' is not an address for all files"),
        ("https://e.org/{File}", "'https://e.org/{File}' is not an address for all files"),
        ("https://e.org/{file}{file}", "'https://e.org/{file}{file}' is not an address for all files"),
        ("https://e.org/{file}/{id}", "'https://e.org/{file}/{id}' is not an address for all files"),
        ("https://e.org/{file}/{", "'https://e.org/{file}/{' is not an address for all files"),
        ("https://e.org/{file}/}", "'https://e.org/{file}/}' is not an address for all files"),
    ],
)
def test_an_address_for_downloads_has_its_placeholders(address: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        values.download(node(f'"{address}"'))
    assert [problem.message for problem in caught.value.problems] == [message]
