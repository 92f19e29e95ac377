"""What counts as a change, of which kind, and how two texts differ."""

from __future__ import annotations

import pytest

from csto_anki.diff import Contents, another_fact, compare, kind_of, plain, unsaid, words

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
        # What is worth a learner's own words.
        ({"Answer": "Russia"}, "wording"),
        ({"Detail": "D"}, "wording"),
        ({"Question": "Who takes the chair?"}, "wording"),
        ({"Reverse": "R?"}, "wording"),
        ({"Answer": "Russia", "Changed": "It was Armenia."}, "fact"),
        ({"Answer": "Russia", "Changed": "", "Reworded": "Mended."}, "wording"),
        ({"Retired": "No longer asked."}, "retired"),
        ({"Retired": "No longer asked.", "Changed": "It was Armenia."}, "retired"),
        # What is not, and waits.
        ({"AsOf": "June 2026"}, "silent"),
        ({"AsOf": ""}, "silent"),
        ({"Sources": "Another name or address"}, "silent"),
        ({"Report": "R"}, "silent"),
        ({"Tags": "small::dates small::trap"}, "silent"),
        ({"AsOf": "June 2026", "Tags": "x", "Sources": "T"}, "silent"),
        # Markup that reads the same is not worth it, a picture is.
        ({"Question": '<span lang="en">Who chairs it?</span>'}, "silent"),
        ({"Image": '<img src="small-map-1.svg" alt="M">'}, "wording"),
        # Only a new word of the author counts, but that alone does: it sends a note again.
        ({"Changed": ""}, "silent"),
        ({"Changed": "It was Russia."}, "fact"),
        ({"Reworded": "Taken back."}, "wording"),
        ({"Answer": "Russia", "Changed": ""}, "wording"),
        # It travels with a real one.
        ({"AsOf": "June 2026", "Detail": "D"}, "wording"),
    ],
)
def test_what_is_worth_a_learners_own_words(changes: dict[str, str], kind: str) -> None:
    new = {name: value for name, value in {**OLD, **changes}.items() if value}
    assert kind_of(OLD, new) == kind


def test_a_note_that_was_not_there_is_new_and_a_retired_one_may_come_back() -> None:
    assert kind_of(None, OLD) == "added"
    assert kind_of({**OLD, "Retired": "R"}, OLD) == "wording"
    assert kind_of({**OLD, "Retired": "R"}, {**OLD, "Retired": "Better"}) == "wording"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"Detail": "D"}, False),
        ({"Answer": "Russia"}, True),
        ({"ReverseAnswer": "R"}, True),
        ({"Reasons": "<ol><li><b>✗ Not correct.</b> Why</li></ol>"}, True),
        ({"Reasons": "<ol><li><b>✓ Correct.</b> Another reason</li></ol>"}, False),
        ({"Answer": "Russia", "Changed": "It was Armenia."}, False),
        ({"Answer": "Russia", "Reworded": "A slip."}, False),
        ({"Answer": "Russia", "Changed": ""}, True),
        ({"Answer": "Russia", "Retired": "R"}, False),
    ],
)
def test_an_answer_that_changes_is_said_to(changes: dict[str, str], expected: bool) -> None:
    old = {**OLD, "Reasons": "<ol><li><b>✓ Correct.</b> Why</li></ol>"}
    assert unsaid(old, {**old, **changes}) is expected


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
def test_an_id_that_is_used_again_is_seen(question: str, answer: str, expected: bool) -> None:
    assert another_fact(OLD, {**OLD, "Question": question, "Answer": answer}) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Six states", "Six states", [("=", "Six states")]),
        ("Six states", "Seven states", [("-", "Six"), ("+", "Seven"), ("=", " states")]),
        ("on 15 May 1992", "on 16 May 1992", [("=", "on "), ("-", "15"), ("+", "16"), ("=", " May 1992")]),
        ("", "New", [("+", "New")]),
        ("Old", "", [("-", "Old")]),
        ("Канал, Нелегал", "Канал", [("=", "Канал"), ("-", ", Нелегал")]),
    ],
)
def test_texts_differ_word_by_word(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert words(old, new) == expected
    assert "".join(text for mark, text in words(old, new) if mark != "+") == old
    assert "".join(text for mark, text in words(old, new) if mark != "-") == new


def test_a_field_is_told_as_text() -> None:
    html = 'A &lt;b&gt; <span lang="ru">Канал</span><br>line <a href="https://example.org/?a=1&amp;b=2">Title</a> (P)'
    assert plain(html) == "A <b> Канал\nline Title [https://example.org/?a=1&b=2] (P)"
    assert plain("<ol><li><b>✓ Correct.</b> One</li><li>Two</li></ol><p>Which?</p>") == "✓ Correct. One\nTwo\nWhich?"


def test_two_contents_are_compared_whole() -> None:
    a, b, c, d = ({"Question": f"{name}?", "Answer": name} for name in "abcd")
    old = Contents({"title": "T", "description": "D"}, {"a": a, "b": b, "c": c}, {"Styling": "plain"})
    new = Contents({"title": "T", "description": "E"}, {"c": c, "d": d, "a": {**a, "Answer": "A"}}, {"Styling": "fine"})
    diff = compare("one", old, "two", new)
    assert [(change.id, change.kind) for change in diff.changes] == [("d", "added"), ("a", "wording"), ("b", "gone")]
    assert (diff.old, diff.new, diff.looks, diff.settings, diff.moved) == (
        "one",
        "two",
        ("Styling",),
        ("description",),
        True,
    )
    assert diff.of("wording")[0].fields() == [("Answer", "a", "A")]
    same = compare("one", old, "one", old)
    assert (same.changes, same.looks, same.settings, same.moved) == ((), (), (), False)
