"""The invisible characters are those of Unicode's own properties, which Chromium knows and Python does not."""

from __future__ import annotations

from playwright.sync_api import Browser

from csto_anki.deck.characters import FORBIDDEN, folded

# In none of the properties, but nothing is shown: a braille cell without dots, a note without a head, and the place of
# something that was not copied.
BLANK = {0x2800, 0x1D159, 0xFFFC}
# Needed by scripts: tab and line end, direction marks, and signs that span numbers, which are shown.
NEEDED = {9, 10, 0x200E, 0x200F, 0x61C, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
JOINERS = {0x200C, 0x200D}
PROPERTIES = ("Default_Ignorable_Code_Point", "Cf", "Zl", "Zp", "Cc", "Cs", "Noncharacter_Code_Point")
INVISIBLE = """(pattern) => {
  const invisible = new RegExp(pattern, "u");
  return Array.from({length: 0x110000}, (_, code) => code).filter(code => invisible.test(String.fromCodePoint(code)));
}"""


def forbidden(before: str) -> set[int]:
    return {code for code in range(0x110000) if FORBIDDEN.search(before + chr(code))}


def test_each_invisible_character_is_forbidden_and_nothing_else(chromium: Browser) -> None:
    page = chromium.new_page()
    expected = {*page.evaluate(INVISIBLE, "|".join(rf"\p{{{name}}}" for name in PROPERTIES)), *BLANK} - NEEDED
    page.close()
    assert forbidden("a") == expected
    assert forbidden("Ж") == expected
    assert forbidden("") == expected
    for letter in "क\u094dب한":
        assert forbidden(letter) == expected - JOINERS


def test_signs_that_look_alike_are_folded() -> None:
    for one, other in (
        ("India’s first", "India's first"),
        ("the “near abroad”", 'The "near abroad"'),
        ("1991–92", "1991-92"),
        ("СSTO", "CSTO"),  # the first letter is Cyrillic
        ("a\u00a0b", "a b"),
        ("क्\u200dष", "क्ष"),
        ("ﬁrst", "first"),
        ("Οrganisatiοn", "Organisation"),  # with Greek letters
    ):
        assert folded(one) == folded(other), (one, other)
    for one, other in (("CSTO", "CTSO"), ("दिन", "दान"), ("резать", "pезатъ")):
        assert folded(one) != folded(other), (one, other)
