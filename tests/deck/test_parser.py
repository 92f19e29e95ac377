"""YAML as a tree of texts with their places, and what no file may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from csto_anki.deck.parser import Node, parse
from csto_anki.deck.reader import read
from support.small_deck import write_deck


def outline(node: Node) -> object:
    """A tree as plain Python values."""
    if node.kind == "text":
        return node.text
    children = [outline(child) for child in node.children]
    return children if node.kind == "list" else list(zip(children[::2], children[1::2], strict=True))


def test_every_scalar_stays_the_text_that_was_typed() -> None:
    root, problems, is_whole = parse("a.yaml", b"a: [no, 12:30, 0123, null, 1.10]\n")
    assert root is not None
    assert (outline(root), problems, is_whole) == ([("a", ["no", "12:30", "0123", "null", "1.10"])], [], True)


def test_a_node_knows_its_place() -> None:
    root, _, _ = parse("a.yaml", 'a:\n  b: "\u00e4"\n'.encode())
    assert root is not None
    inner = root.children[1]
    assert [str(node.place) for node in (root.children[0], *inner.children)] == [
        "a.yaml:1:1",
        "a.yaml:2:3",
        "a.yaml:2:6",
    ]
    assert inner.children[1].place.end == (2, 9)


def test_an_empty_file_is_whole_and_has_no_tree() -> None:
    assert parse("a.yaml", b"# nothing\n") == (None, [], True)


def test_of_a_broken_file_the_sound_entries_are_read() -> None:
    root, problems, is_whole = parse("a.yaml", b"a:\n  b: 'open\nc:\n  d: e\n")
    assert root is not None
    assert (outline(root), is_whole) == ([("c", [("d", "e")])], False)
    assert [str(problem) for problem in problems] == [
        "a.yaml:2:6: broken YAML: while scanning a quoted scalar found unexpected end of stream; here or just above, "
        "put quotes round a text that has ': ' in it or ends with ':', close a quote or bracket, or fix the indentation"
    ]


def test_an_error_of_the_whole_file_is_reported_if_no_entry_is_at_fault() -> None:
    _, problems, is_whole = parse("a.yaml", b"%TAG ! tag:a,2000:\n%TAG ! tag:a,2000:\n---\na: b\n")
    assert not is_whole
    assert [str(problem).partition(";")[0] for problem in problems] == [
        "a.yaml:2:1: broken YAML: found duplicate %TAG directive"
    ]


def test_deep_nesting_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    deck, problems = read(write_deck(tmp_path, {"dates.yaml": "a: " + "[" * 5_000 + "]" * 5_000}))
    assert deck is None
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        ("a:\n" + " ?\n" * 12_501, 25_003),
        ("a: {" + "?," * 12_501 + "}", 25_003),
        ("a:\n" + " - ?\n" * 8_334, 25_003),
    ],
)
def test_an_entry_with_too_many_parts_is_left_out_however_short_it_is(entry: str, count: int) -> None:
    root, problems, is_whole = parse("a.yaml", f"first: 1\n{entry}\nlast: 2\n".encode())
    assert root is not None
    assert [str(problem) for problem in problems] == [
        f"a.yaml:2:1: an entry of {count:,} texts, lists and mappings; split it: the limit is 25,000"
    ]
    assert (outline(root), is_whole) == ([("first", "1"), ("last", "2")], False)


def test_deep_nesting_in_a_broken_entry_is_no_crash(tmp_path: Path) -> None:
    _, problems = read(write_deck(tmp_path, {"dates.yaml": "a: " + "[" * 5_000 + "\nb: {\n"}))
    assert len(problems) >= 1
