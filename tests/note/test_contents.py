"""The notes of a deck: the HTML of their fields, and their tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from csto_anki.note.contents import Note, contents
from support.small_deck import FILES, read_deck


def test_a_note_has_its_fields_as_html(tmp_path: Path) -> None:
    entry = """\
full:
  about: A & B
  question: Is <b>Канал</b> a "канал-центр"?
  answer: |
    One
    two
  reverse: {question: What?, answer: That (it)}
  detail: D
  mnemonic: M
  as_of: 2026-06
  sources: [charter Art. 4, page]
  tags: [prelims]
  changed: C
  retired: {why: W & w, replaced_by: treaty-signed}
"""
    sources = FILES["sources.yaml"] + "page:\n  title: T\n  publisher: P\n  url: https://example.org/?a=1&b=2\n"
    report = FILES["deck.yaml"] + "report: https://example.org/new?template=mistake.yml&id={id}\n"
    deck = read_deck(tmp_path, {"dates.yaml": entry, "sources.yaml": sources, "deck.yaml": report})
    assert contents(deck).notes["full"].values() == {
        "Question": 'Is &lt;b&gt;<span lang="ru">Канал</span>&lt;/b&gt; a "<span lang="ru">канал-центр</span>"?',
        "Answer": "<p>One</p><p>two</p>",
        "Reverse": "What?",
        "ReverseAnswer": "That <small>(it)</small>",
        "Spare3": "A &amp; B",
        "About": "A &amp; B",
        "Detail": "D",
        "Mnemonic": "M",
        "AsOf": "June 2026",
        "Sources": '<p>CSTO: <a href="https://example.org/charter">Charter</a>, Art. 4 (7 October 2002)</p>'
        '<p>P: <a href="https://example.org/?a=1&amp;b=2">T</a></p>',
        "Retired": "W &amp; w<br>Instead, learn the card that this search finds: Id:treaty-signed",
        "Report": '<a href="https://example.org/new?template=mistake.yml&amp;id=full">Report a mistake</a>',
        "Language": "en",
        "Id": "full",
        "Changed": "C",
        "Tags": "small::dates small::prelims small::retired",
    }


def test_a_practice_question_is_laid_out_as_in_the_exam(tmp_path: Path) -> None:
    entry = """\
p:
  question: "Consider the following pairs:"
  statements:
    - {text: "Канал: drugs & more", correct: true, why: A <reason>}
    - {text: "B: C", correct: false, why: Not C.}
  ask: which pairs
  sources: [charter]
  tags: [prelims]
"""
    note = contents(read_deck(tmp_path, {"dates.yaml": entry})).notes["p"].fields
    assert (note["Question"], note["Answer"]) == ("Consider the following pairs:", "(a) 1 only")
    assert note["Statements"] == (
        '<ol><li><span lang="ru">Канал</span>: drugs &amp; more</li><li>B: C</li></ol>'
        "<p>Which of the pairs given above is/are correctly matched?</p>"
        '<ol class="options"><li class="key">(a) 1 only</li><li>(b) 2 only</li><li>(c) Both 1 and 2</li>'
        "<li>(d) Neither 1 nor 2</li></ol>"
    )
    assert note["Reasons"] == (
        '<ol><li class="right"><b>✓ Correct.</b> A &lt;reason&gt;</li>'
        '<li class="wrong"><b>✗ Not correct.</b> Not C.</li></ol>'
    )


ROWS = """\
p:
  question: "Consider the following:"
  columns: [State, Part, Year]
  statements:
    - {text: Georgia | left | 1999, correct: true, why: W1}
    - {text: Armenia | froze | 2024, correct: true, why: W2}
    - {text: Belarus | left | 1999, correct: false, why: W3}
  ask: how many rows
  sources: [charter]
"""
NAMES = """\
p:
  question: "Consider the following countries:"
  predicate: are members of the CSTO
  statements:
    - {text: Armenia, correct: true, why: W1}
    - {text: Georgia, correct: false, why: W2}
    - {text: Belarus, correct: true, why: W3}
    - {text: Russia, correct: true, why: W4}
  ask: how many names
  sources: [charter]
"""
EXPLANATION = """\
p:
  question: "Consider the following:"
  statements:
    - {text: It was founded., correct: true, why: W1}
    - {text: It had to be., correct: true, explains: true, why: W2}
  ask: explanation
  sources: [charter]
"""
ONE = """\
p:
  question: Which one of the following left?
  statements:
    - {text: Armenia, correct: false, why: W1}
    - {text: Georgia., correct: true, why: W2}
    - {text: Belarus, correct: false, why: W3}
    - {text: Russia, correct: false, why: W4}
  ask: which one
  sources: [charter]
"""
ORDER = """\
p:
  question: "Consider the following events:"
  statements:
    - {text: Charter, date: 2002-10, why: W1}
    - {text: Treaty, date: 1992-05-15, why: W2}
    - {text: Freeze, date: 2024, why: W3}
    - {text: Renewal, date: 1999, why: W4}
  ask: order
  sources: [charter]
"""


@pytest.mark.parametrize(
    ("entry", "answer", "front", "back"),
    [
        (
            ROWS,
            "(b) Only two",
            "State | Part | Year\nGeorgia | left | 1999\nArmenia | froze | 2024\nBelarus | left | 1999\n"
            "In how many of the above rows is the given information correctly matched?\n"
            "(a) Only one\n(b) Only two\n(c) All three\n(d) None",
            "✓ Correct. W1\n✓ Correct. W2\n✗ Not correct. W3",
        ),
        (
            NAMES,
            "(c) Only three",
            "Armenia\nGeorgia\nBelarus\nRussia\nHow many of the above are members of the CSTO?\n"
            "(a) Only one\n(b) Only two\n(c) Only three\n(d) All four",
            "✓ Correct. W1\n✗ Not correct. W2\n✓ Correct. W3\n✓ Correct. W4",
        ),
        (
            EXPLANATION,
            "(a) Both Statement I and Statement II are correct and Statement II explains Statement I",
            "Statement I: It was founded.\nStatement II: It had to be.\n"
            "Which one of the following is correct in respect of the above statements?\n"
            "(a) Both Statement I and Statement II are correct and Statement II explains Statement I\n"
            "(b) Both Statement I and Statement II are correct, but Statement II does not explain Statement I\n"
            "(c) Statement I is correct, but Statement II is incorrect\n"
            "(d) Statement I is incorrect, but Statement II is correct",
            "✓ Correct. W1\n✓ Correct. It explains Statement I. W2",
        ),
        (
            ONE,
            "(b) Georgia.",
            "(a) Armenia\n(b) Georgia.\n(c) Belarus\n(d) Russia",
            "✗ (a) Armenia. W1\n✓ (b) Georgia. W2\n✗ (c) Belarus. W3\n✗ (d) Russia. W4",
        ),
        (
            ORDER,
            "(c) 2 – 4 – 1 – 3",
            "Charter\nTreaty\nFreeze\nRenewal\n"
            "Which one of the following is the correct chronological order of the above, beginning with the earliest?\n"
            "(a) 1 – 4 – 2 – 3\n(b) 2 – 3 – 4 – 1\n(c) 2 – 4 – 1 – 3\n(d) 4 – 1 – 2 – 3",
            "October 2002. W1\n15 May 1992. W2\n2024. W3\n1999. W4",
        ),
    ],
    ids=["rows", "names", "explanation", "one of four", "order"],
)
def test_each_form_of_practice_question(entry: str, answer: str, front: str, back: str, tmp_path: Path) -> None:
    note = contents(read_deck(tmp_path, {"dates.yaml": entry})).notes["p"]
    assert (note.text("Statements"), note.text("Reasons"), note.text("Answer")) == (front, back, answer)


def test_the_values_of_a_note_make_the_same_note_again() -> None:
    note = Note({"Question": "Q?", "Answer": "A"}, ("small::dates", "small::prelims"), "Two words <b>less</b>.")
    assert note.values() == {
        "Question": "Q?",
        "Answer": "A",
        "Reworded": "Two words <b>less</b>.",
        "Tags": "small::dates small::prelims",
    }
    assert Note.of(note.values()) == note
    assert (note.kind, note.short_tags, note.is_retired) == ("dates", ["dates", "prelims"], False)


def test_a_field_of_a_note_as_text() -> None:
    html = 'A &lt;b&gt; <span lang="ru">Канал</span><br>line <a href="https://example.org/?a=1&amp;b=2">Title</a> (P)'
    reasons = "<ol><li><b>✓ Correct.</b> One</li><li>Two</li></ol><p>Which?</p>"
    note = Note({"Answer": html, "Reasons": reasons}, ())
    assert note.text("Answer") == "A <b> Канал\nline Title [https://example.org/?a=1&b=2] (P)"
    assert note.text("Reasons") == "✓ Correct. One\nTwo\nWhich?"
    assert note.text("Detail") == ""
