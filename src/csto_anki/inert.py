"""What in a card could act; alone knows the signs that Anki takes for commands, and the markup of our own fields.

A field of a note is HTML. Ours hold text and the few elements below; whatever else stands in one came from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Tried in Anki 26.9: wherever these stand, in a text or in an address, Anki plays a file, speaks, runs LaTeX, asks for
# an answer to be typed, or lets MathJax work. Braces are for templates; in a field they do nothing yet.
COMMAND = re.compile(r"\{\{|\[/?latex\]|\[/?\${1,2}\]|\[/?(?:sound|anki):|\[\[type:|\\[()\[\]]", re.IGNORECASE)

MARKUP = re.compile(
    r'<(?:br|/?(?:ol|p|b)|li(?: class="(?:right|wrong)")?|/li|span lang="ru"|/span|a href="https?://[^"<>\s]*"|/a|'
    r'img src="[a-z0-9.-]+" alt="[^"<>]*")>'
)
TAG = re.compile(r"</?([!?a-zA-Z][^\s/>]{0,20})")


def command(text: str) -> str:
    """What in a text Anki would take for a command, an empty text if nothing."""
    if "[" not in text and "{" not in text and "\\" not in text:  # nearly every text, and to look for these is fast
        return ""
    match = COMMAND.search(text)
    return match[0] if match else ""


def strange(field: str) -> Iterator[str]:
    """What a field of a note holds beside text and our own markup: each element or command by its beginning."""
    rest = MARKUP.sub("", field)
    if "<" in rest or ">" in rest:
        yield from (f"<{name.lower()}>" for name in TAG.findall(rest))
        if not TAG.search(rest):
            yield "a bare < or >"
    if found := command(field):
        yield found
