"""What counts as a change, of which kind, and how two texts differ."""

from __future__ import annotations

import pytest

from csto_anki.history.changes import Budget, Change, compare, is_another_fact, is_unexplained, kind_of, word_diff
from csto_anki.note.contents import Contents, Note, Settings

OLD = {
    "Question": "Who chairs it?",
    "Answer": "Armenia",
    "AsOf": "May 2026",
    "Sources": "S",
    "Tags": "small::dates",
    "Changed": "It was Belarus.",
}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, ""),
        # Worth what a learner wrote.
        ({"Answer": "Russia"}, "wording"),
        ({"Detail": "D"}, "wording"),
        ({"Question": "Who takes the chair?"}, "wording"),
        ({"Reverse": "R?"}, "wording"),
        ({"Answer": "Russia", "Changed": "It was Armenia."}, "fact"),
        ({"Answer": "Russia", "Changed": "", "Reworded": "Mended."}, "wording"),
        ({"Retired": "No longer asked."}, "retired"),
        ({"Retired": "No longer asked.", "Changed": "It was Armenia."}, "retired"),
        # Not worth it, so held back.
        ({"AsOf": "June 2026"}, "silent"),
        ({"AsOf": ""}, "silent"),
        ({"Sources": "Another name or address"}, "silent"),
        ({"Report": "R"}, "silent"),
        ({"Tags": "small::dates small::trap"}, "silent"),
        ({"AsOf": "June 2026", "Tags": "x", "Sources": "T"}, "silent"),
        # Anki sorts the tags when it exports a deck.
        ({"Tags": "small::trap small::dates"}, "silent"),
        # Other markup of the same text is not worth it, a picture is.
        ({"Question": '<span lang="en">Who chairs it?</span>'}, "silent"),
        ({"Image": '<img src="small-map-1.svg" alt="M">'}, "wording"),
        # Only a new text of the author counts, and that is enough to send a note again.
        ({"Changed": ""}, "silent"),
        ({"Changed": "It was Russia."}, "fact"),
        ({"Reworded": "Taken back."}, "wording"),
        ({"Answer": "Russia", "Changed": ""}, "wording"),
        # It is sent together with a real change.
        ({"AsOf": "June 2026", "Detail": "D"}, "wording"),
    ],
)
def test_which_changes_are_worth_what_a_learner_wrote(changes: dict[str, str], kind: str) -> None:
    new = {name: value for name, value in {**OLD, **changes}.items() if value}
    assert kind_of(Note.of(OLD), Note.of(new)) == kind


def test_the_order_of_tags_is_no_change() -> None:
    old, new = (Note.of({**OLD, "Tags": tags}) for tags in ("small::dates small::a", "small::a small::dates"))
    assert kind_of(old, new) == ""
    assert Change("a", "wording", old, new._replace(fields={**new.fields, "Answer": "B"})).fields() == [
        ("Answer", "Armenia", "B")
    ]


def test_a_note_that_was_not_there_is_new_and_a_retired_one_may_come_back() -> None:
    assert kind_of(None, Note.of(OLD)) == "added"
    retired = Note.of({**OLD, "Retired": "R"})
    assert kind_of(retired, Note.of(OLD)) == "wording"
    assert kind_of(retired, Note.of({**OLD, "Retired": "Better"})) == "wording"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"Detail": "D"}, False),
        ({"Answer": "Russia"}, True),
        ({"ReverseAnswer": "R"}, True),
        ({"Reasons": '<ol><li class="wrong"><b>✗ Not correct.</b> Why</li></ol>'}, True),
        ({"Reasons": '<ol><li class="right"><b>✓ Correct.</b> Another reason</li></ol>'}, False),
        ({"Answer": "Russia", "Changed": "It was Armenia."}, False),
        ({"Answer": "Russia", "Reworded": "A slip."}, False),
        ({"Answer": "Russia", "Changed": ""}, True),
        ({"Answer": "Russia", "Retired": "R"}, False),
    ],
)
def test_a_changed_answer_must_be_explained(changes: dict[str, str], expected: bool) -> None:
    old = {**OLD, "Reasons": '<ol><li class="right"><b>✓ Correct.</b> Why</li></ol>'}
    new = {name: value for name, value in {**old, **changes}.items() if value}
    assert is_unexplained(Note.of(old), Note.of(new)) is expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Who chairs it?", "Russia", False),  # the fact has changed
        ("Which member state has the chair of the organisation?", "Armenia", False),  # reworded
        ("Who chairs it since the summit of 2026?", "Russia", False),
        ("In which city is the seat of the CIS?", "Minsk", True),
        ("Where do its parliamentarians meet?", "St Petersburg", True),
    ],
)
def test_an_id_that_is_used_for_another_fact(question: str, answer: str, expected: bool) -> None:
    new = Note.of({**OLD, "Question": question, "Answer": answer})
    assert is_another_fact(Note.of(OLD), new) is expected


def test_the_statements_tell_apart_two_practice_questions() -> None:
    """They have the same lead and the same answer; the statements are their question."""
    asked = {"Question": "Consider the following statements:", "Answer": "1 only", "Tags": "small::practice"}
    old = Note.of({**asked, "Statements": "<ol><li>Armenia signed the Treaty</li><li>Russia left in 1999</li></ol>"})
    other = "<ol><li>Parliamentarians meet twice a year</li><li>Minsk has the seat of another body</li></ol>"
    assert is_another_fact(old, Note.of({**asked, "Answer": "Neither 1 nor 2", "Statements": other}))
    assert not is_another_fact(
        old, Note.of({**asked, "Answer": "Both 1 and 2", "Statements": old.fields["Statements"]})
    )


@pytest.mark.parametrize(("kept", "expected"), [(3, True), (4, True), (5, False), (6, False), (7, False)])
def test_half_of_the_words_make_it_the_same_fact(kept: int, expected: bool) -> None:
    words = [f"word{number}" for number in range(10)]
    new = [*words[:kept], *(f"other{number}" for number in range(10 - kept))]
    old = Note.of({**OLD, "Question": " ".join(words)})
    assert is_another_fact(old, Note.of({**OLD, "Question": " ".join(new), "Answer": "Minsk"})) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Six states", "Six states", [("=", "Six states")]),
        ("Six states", "Seven states", [("-", "Six"), ("+", "Seven"), ("=", " states")]),
        ("on 15 May 1992", "on 16 May 1992", [("=", "on "), ("-", "15"), ("+", "16"), ("=", " May 1992")]),
        ("", "New", [("+", "New")]),
        ("Old", "", [("-", "Old")]),
        ("Advisers", "Aid, but no troops", [("-", "Advisers"), ("+", "Aid, but no troops")]),
        ("Finland", "Finland, Sweden", [("=", "Finland"), ("+", ", Sweden")]),
        ("a b, c d", "a x, y d", [("=", "a "), ("-", "b, c"), ("+", "x, y"), ("=", " d")]),
        # Fewer than half of the words stay, then half.
        ("By whom is it led?", "Is it Russia?", [("-", "By whom is it led?"), ("+", "Is it Russia?")]),
        ("Канал, Нелегал", "Канал", [("=", "Канал"), ("-", ", Нелегал")]),
    ],
)
def test_texts_differ_word_by_word(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert word_diff(old, new, Budget()) == expected
    assert "".join(text for mark, text in word_diff(old, new, Budget()) if mark != "+") == old
    assert "".join(text for mark, text in word_diff(old, new, Budget()) if mark != "-") == new


def test_two_contents_are_compared_as_a_whole() -> None:
    a, b, c, d = (Note({"Question": f"{name}?", "Answer": name}, ()) for name in "abcd")
    changed = Note({**a.fields, "Answer": "A"}, ())
    old = Contents(Settings("T", description="D"), {"a": a, "b": b, "c": c}, {"Styling": "plain"})
    new = Contents(Settings("T", description="E"), {"c": c, "d": d, "a": changed}, {"Styling": "fine"})
    diff = compare("one", old, "two", new)
    assert [(change.id, change.kind) for change in diff.changes] == [("d", "added"), ("a", "wording"), ("b", "gone")]
    assert (diff.old, diff.new, diff.looks, diff.settings, diff.reordered) == (
        "one",
        "two",
        ("Styling",),
        ("description",),
        True,
    )
    assert diff.of("wording")[0].fields() == [("Answer", "a", "A")]
    same = compare("one", old, "one", old)
    assert (same.changes, same.looks, same.settings, same.reordered) == ((), (), (), False)


def test_texts_are_compared_until_that_has_cost_too_much() -> None:
    """One comparison of texts of 300 words can take a second, and two packages can differ in thousands of them."""
    texts = "one two three", "one two four"
    assert word_diff(*texts, Budget()) == [("=", "one two "), ("-", "three"), ("+", "four")]
    assert word_diff(*texts, Budget(124)) == [("-", texts[0]), ("+", texts[1])]  # 5 * 5 = 25 words; 25 ** 1.5 = 125
    budget = Budget(250)
    assert [len(word_diff(*texts, budget)) for _ in range(3)] == [3, 3, 2]
    assert Budget().affords(400_000)
    assert not Budget().affords(400_001)
