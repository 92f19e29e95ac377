"""The HTML of a field: written, read back, and what does not belong in it."""

from __future__ import annotations

import pytest

from csto_anki.note import html


def test_a_text_is_shown_as_it_was_typed() -> None:
    assert html.from_text("a < b\nЩит (Shield)") == 'a &lt; b<br><span lang="ru">Щит</span> (Shield)'


@pytest.mark.parametrize("text", ["a < b & c", "two\nlines", "Взаимодействие-2009 (Vzaimodeystviye)", '"quoted"'])
def test_what_is_written_is_read_back(text: str) -> None:
    assert html.to_text(html.from_text(text)) == text


def test_a_link_is_read_with_its_address() -> None:
    link = html.link('https://example.org/?a="b"&c', "A & B")
    assert link == '<a href="https://example.org/?a=&quot;b&quot;&amp;c">A &amp; B</a>'
    assert html.to_text(f"{link} (CSTO)") == 'A & B [https://example.org/?a="b"&c] (CSTO)'


def test_an_image_is_read_by_its_name() -> None:
    image = html.image("map.svg", 'A "map"')
    assert image == '<img src="map.svg" alt="A &quot;map&quot;">'
    assert html.read(image) == html.Content('[map.svg] A "map"', ("map.svg",))


def test_the_points_of_an_answer_are_paragraphs() -> None:
    assert html.answer("For: a & b\nAgainst: c (d)") == "<p>For: a &amp; b</p><p>Against: c (d)</p>"
    assert html.to_text(html.answer("One\nTwo")) == "One\nTwo"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ("Article 4", "Article 4"),
        ("Mercenary (Nayomnik)", "Mercenary <small>(Nayomnik)</small>"),
        ("The force (KSOR) of all", "The force (KSOR) of all"),
        ("(b) Only two", "(b) Only two"),
        ("Channel (Канал)", 'Channel <small>(<span lang="ru">Канал</span>)</small>'),
    ],
)
def test_a_bracket_at_the_end_of_an_answer_is_small(answer: str, field: str) -> None:
    assert html.answer(answer) == field
    assert html.to_text(field) == answer
    assert list(html.unexpected(field)) == []


def test_the_right_option_is_marked_and_reads_as_the_others() -> None:
    field = html.options(["(a) A & B", "(b) C"], "(b) C")
    assert field == '<ol class="options"><li>(a) A &amp; B</li><li class="key">(b) C</li></ol>'
    assert html.to_text(field) == "(a) A & B\n(b) C"
    assert list(html.unexpected(field)) == []


def test_verdicts_are_read_back() -> None:
    field = html.verdicts(
        [(True, "Correct.", "It did."), (False, "Not correct.", "It <never> did."), (None, "1992.", "In May.")]
    )
    assert field == (
        '<ol><li class="right"><b>✓ Correct.</b> It did.</li>'
        '<li class="wrong"><b>✗ Not correct.</b> It &lt;never&gt; did.</li><li><b>1992.</b> In May.</li></ol>'
    )
    assert html.read(field).verdicts == (True, False)
    assert html.to_text(field) == "✓ Correct. It did.\n✗ Not correct. It <never> did.\n1992. In May."


def test_a_numbered_list() -> None:
    field = html.numbered(["One", "Two"], "1") + html.paragraphs(["Which?"])
    assert field == "<ol><li>One</li><li>Two</li></ol><p>Which?</p>"
    assert html.to_text(field) == "One\nTwo\nWhich?"
    assert html.numbered(["One"], "I") == '<ol type="I"><li>One</li></ol>'
    assert html.numbered(["Statement I: One"], "Statement I") == '<ol class="words"><li>Statement I: One</li></ol>'


def test_rows_of_columns() -> None:
    field = html.numbered([html.cells(["A", "B & C"])], "1", html.cells(["State", "Year"]))
    assert field == (
        '<p class="heads"><span class="cells"><span>State</span><span class="bar"> | </span>'
        "<span>Year</span></span></p>"
        '<ol><li><span class="cells"><span>A</span><span class="bar"> | </span><span>B &amp; C</span></span></li></ol>'
    )
    assert html.to_text(field) == "State | Year\nA | B & C"


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (html.verdicts([(True, "a", "b")]) + html.link("https://a.b", "c") + html.image("a.svg", "d"), []),
        (html.numbered([html.cells("ab")], "I", html.cells("ab")) + html.numbered(["a"], "words"), []),
        ('<span class="x">y</span>', ["<span>"]),
        ("<script>x</script>", ["<script>", "<script>"]),
        ('<a href="javascript:x">y</a>', ["<a>"]),
        ("a < b", ["a bare < or >"]),
        ("[sound:a.mp3]", ["[sound:"]),
    ],
)
def test_only_our_own_markup_is_expected(field: str, found: list[str]) -> None:
    assert list(html.unexpected(field)) == found
