"""Mappings read by a table of keys."""

from __future__ import annotations

from csto_anki.deck.keys import Key, pairs, read_entry
from csto_anki.deck.parser import Node, parse
from csto_anki.deck.problem import Place
from csto_anki.deck.values import boolean, text

KEYS = {"title": Key(text, "its name", required=True), "open": Key(boolean, "whether it is")}


def mapping(yaml: str) -> Node:
    root, problems, _ = parse("a.yaml", yaml.encode())
    assert root is not None, problems
    return root


def test_an_entry_has_its_values_and_the_nodes_of_its_keys() -> None:
    entry = read_entry(mapping("title: A\nopen: true\n"), KEYS)
    assert (entry.values, list(entry.nodes), entry.problems) == ({"title": "A", "open": True}, ["title", "open"], [])


def test_what_is_wrong_is_told_with_the_id_and_the_rest_is_read() -> None:
    entry = read_entry(mapping("titel: A\nopen: yes\n"), KEYS, "x")
    assert entry.values == {}
    assert [str(problem) for problem in entry.problems] == [
        "a.yaml:1:1: x: the unknown key 'titel'; did you mean 'title'?",
        "a.yaml:2:7: x: 'yes' is neither true nor false; write true or false",
    ]


def test_a_missing_key_is_reported_at_a_place_of_choice() -> None:
    entry = read_entry(mapping("open: true\n"), KEYS, place=Place("b.yaml"))
    assert [str(problem) for problem in entry.problems] == ["b.yaml:1:1: the key 'title' is missing; add it: its name"]


def test_a_doubled_key_is_a_problem_and_the_first_counts() -> None:
    kept, problems = pairs(mapping("a: 1\na: 2\n"), "x")
    assert [(key.text, value.text) for key, value in kept] == [("a", "1")]
    assert [str(problem) for problem in problems] == [
        "a.yaml:2:1: x: the key 'a' is here twice, first in line 1; keep one of the two"
    ]
