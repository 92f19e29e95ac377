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


def test_verdicts_are_read_back() -> None:
    field = html.verdicts([(True, "It did."), (False, "It <never> did.")])
    assert field == (
        '<ol><li class="right"><b>✓ Correct.</b> It did.</li>'
        '<li class="wrong"><b>✗ Not correct.</b> It &lt;never&gt; did.</li></ol>'
    )
    assert html.read(field).verdicts == (True, False)
    assert html.to_text(field) == "✓ Correct. It did.\n✗ Not correct. It <never> did."


def test_a_numbered_list() -> None:
    assert html.to_text(html.numbered(["One", "Two"]) + "<p>Which?</p>") == "One\nTwo\nWhich?"


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (html.verdicts([(True, "a")]) + html.link("https://a.b", "c") + html.image("a.svg", "d"), []),
        ("<script>x</script>", ["<script>", "<script>"]),
        ('<a href="javascript:x">y</a>', ["<a>"]),
        ("a < b", ["a bare < or >"]),
        ("[sound:a.mp3]", ["[sound:"]),
    ],
)
def test_only_our_own_markup_is_expected(field: str, found: list[str]) -> None:
    assert list(html.unexpected(field)) == found
