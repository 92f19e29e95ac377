"""Characters that no text of a deck may hold, and the signs that Anki takes for commands."""

from __future__ import annotations

import re

# Invisible characters, and those that change the direction of text: a reviewer would see another text than there is.
# Those that scripts need are allowed: the joiners of Hindi (U+200C, U+200D) and the direction marks of Arabic (U+200E,
# U+200F, U+061C).
FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, which YAML refuses or Anki drops
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"  # invisible
    "\u2028-\u202e"  # rare line separators and changes of direction
    "\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff"  # noncharacters, tags, surrogates
    "]"
)

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
