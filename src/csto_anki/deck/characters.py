"""Characters that no text of a deck may hold, and the signs that Anki takes for commands."""

from __future__ import annotations

import re
import unicodedata

# Invisible characters, and those that change the direction of text: a reviewer would see another text than there is.
# They have Unicode's property Default_Ignorable_Code_Point or one of the categories Cf, Zl and Zp; U+2800, U+FFFC and
# U+1D159 have neither and show nothing, either. Allowed is what scripts need: the direction marks of Arabic (U+200E,
# U+200F, U+061C) and its signs that span numbers, and the joiners of Hindi and others (U+200C, U+200D) behind a letter
# of such a script, that is, from U+0590 on.
_NONCHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, which YAML refuses or Anki drops
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2028-\u202e"  # rare line separators and changes of direction
    "\ud800-\udfff\ufdd0-\ufdef"
    f"{_NONCHARACTERS}"
    "]|(?<![^\x00-\u058f])[\u200c\u200d]"
)
_JOINERS = frozenset("\u200c\u200d")
_ORDINARY = bytes([9, 10, *range(32, 127)])  # the characters of ASCII that are not forbidden


def forbidden(text: str) -> re.Match[str] | None:
    """The first forbidden character of a text: FORBIDDEN.search, but fifty times as fast on mostly English texts."""
    found = rare(text)
    if not found or (_JOINERS.isdisjoint(found) and not FORBIDDEN.search(found)):
        return None
    return FORBIDDEN.search(text)  # whether a joiner is forbidden depends on the character before it


def rare(text: str | bytes) -> str:
    """A text, or one in UTF-8, without the ordinary characters of ASCII, made in 1 ns for each of them.

    Raises UnicodeDecodeError.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return data.translate(None, _ORDINARY).decode("utf-8", "surrogatepass")


# What a terminal takes for a command, and what changes the direction of text.
TERMINAL_COMMAND = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# Tried in Anki 26.9: wherever one of these occurs, in a text or in an address, Anki plays a file, speaks, runs LaTeX,
# asks for a typed answer, or starts MathJax. Braces are for templates; in a field they have no effect yet.
_ANKI_COMMAND = re.compile(
    r"""
      \{\{                              # a field of a template
    | \[/?latex\] | \[/?\${1,2}\]       # LaTeX
    | \[/?(?:sound|anki): | \[\[type:   # a sound, speech, a typed answer
    | \\[()\[\]]                        # MathJax
    """,
    re.IGNORECASE | re.VERBOSE,
)


def anki_command(text: str) -> str:
    """The first sign in a text that Anki takes for a command, or an empty text."""
    if "[" not in text and "{" not in text and "\\" not in text:  # true of nearly every text, and fast
        return ""
    match = _ANKI_COMMAND.search(text)
    return match[0] if match else ""


# Signs that look alike for the eye of a learner: quotation marks, dashes, Cyrillic and Greek letters beside Latin ones.
_ALIKE = {
    **dict.fromkeys(map(ord, "‘’ʼʻ′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **str.maketrans("аеорсухіѕјАВЕКМНОРСТУХІЅЈ", "aeopcyxisjABEKMHOPCTYXISJ"),
    **str.maketrans("οıΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oiABEZHIKMNOPTYX"),
    **dict.fromkeys((0x200C, 0x200D, 0x200E, 0x200F, 0x61C)),
}


def folded(text: str) -> str:
    """A text without what a learner cannot see: capital letters, kinds of quotation marks, dashes and blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE)
    return " ".join(text.casefold().split())
