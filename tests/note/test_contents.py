"""The notes of a deck: the HTML of their fields, and their tags."""

from __future__ import annotations

from pathlib import Path

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
  reverse: {question: What?, answer: That.}
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
        "Answer": "One<br>two",
        "Reverse": "What?",
        "ReverseAnswer": "That.",
        "About": "A &amp; B",
        "Detail": "D",
        "Mnemonic": "M",
        "AsOf": "June 2026",
        "Sources": '<a href="https://example.org/charter">Charter</a> (CSTO, 7 October 2002), Art. 4<br>'
        '<a href="https://example.org/?a=1&amp;b=2">T</a> (P)',
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
        "<p>(a) 1 only<br>(b) 2 only<br>(c) Both 1 and 2<br>(d) Neither 1 nor 2</p>"
    )
    assert note["Reasons"] == (
        '<ol><li class="right"><b>✓ Correct.</b> A &lt;reason&gt;</li>'
        '<li class="wrong"><b>✗ Not correct.</b> Not C.</li></ol>'
    )


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
