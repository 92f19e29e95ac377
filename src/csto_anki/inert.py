"""What in a card could act; alone knows the signs that Anki takes for commands, and the markup of our own fields.

A field of a note is HTML. Ours hold text and the few elements below; whatever else stands in one came from elsewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# YAML and Anki both refuse or drop these; a byte order mark and the rarer line separators are as invisible. What is
# invisible too, or turns the order of letters round, shows a reviewer another text than there is. But what scripts need
# may stand: the joiners of Hindi (U+200C, U+200D), and the marks of direction of Arabic (U+200E, U+200F, U+061C).
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)

# What commands a terminal, or turns the order of letters round.
COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# Tried in Anki 26.9: wherever these stand, in a text or in an address, Anki plays a file, speaks, runs LaTeX, asks for
# an answer to be typed, or lets MathJax work. Braces are for templates; in a field they do nothing yet.
COMMAND = re.compile(r"\{\{|\[/?latex\]|\[/?\${1,2}\]|\[/?(?:sound|anki):|\[\[type:|\\[()\[\]]", re.IGNORECASE)

# Of these, what acts in a deck of others: sounds, formulas and gaps to fill are ordinary there.
OTHERS = re.compile(r"\[/?latex\]|\[/?\${1,2}\]|\[/?anki:|\[\[type:", re.IGNORECASE)

MARKUP = re.compile(
    r'<(?:br|/?(?:ol|p|b)|li(?: class="(?:right|wrong)")?|/li|span lang="ru"|/span|a href="https?://[^"<>\s]*"|/a|'
    r'img src="[a-z0-9.-]+" alt="[^"<>]*")>'
)
LONGEST = 200_000  # characters of a template that are looked at
TAG = re.compile(r"</?([!?a-zA-Z][^\s/>]{0,20})")

# What decks of others hold and what does nothing either: elements that lay out text, and attributes without addresses.
ELEMENTS = (
    "a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|"
    "kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul"
)
ATTRIBUTE = (
    r"""\s+(?:(?:class|lang|dir|alt|title|width|height|start|align|color|rowspan|colspan)="[^"<>]*"|"""
    r"""href="https?://[^"<>]*"|src="[^"<>/:\\&]+"|style="[^"<>(\\@&]*")"""
)
HARMLESS = re.compile(rf"</?(?:{ELEMENTS})(?:{ATTRIBUTE})*\s?/?>", re.IGNORECASE)
# In the templates and the styling of a note type, where elements and styles are at home.
RUNS = re.compile(
    r"<(script|iframe|object|embed|link|meta|base|form)\b|\b(on[a-z]{3,20})\s*=|(javascript|vbscript|data):|(@import)|"
    r"\b(url|image-set|image)\(|\b(srcset|poster|background)\s*=|<[^<>]{0,200}(\{\{)(?!FrontSide)|(\{\{tts)|"
    r"(?:src|href|action)\s*=[\s\"']*((?:https?:)?[/\\]{2}|https?:)|(\[latex\]|\[anki:)",
    re.IGNORECASE,
)
CSS_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)


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


def acts(field: str) -> Iterator[str]:
    """What a field of anybody's note holds that could act."""
    yield from (f"<{name.lower()}>" for name in TAG.findall(HARMLESS.sub("", field)))
    if match := OTHERS.search(field):
        yield match[0]


def runs(template: str) -> set[str]:
    """What the templates or the styling of a note type hold that runs, or reaches out, by its name.

    It looks for what is known, so that nothing found is no promise.
    """
    template = re.sub(r"[\t\n\r]", "", html.unescape(template[:LONGEST]))
    template = CSS_ESCAPE.sub(lambda match: chr(int(match[1], 16) % 0x110000), template)
    return {next(filter(None, match.groups())).lower() for match in RUNS.finditer(template)}
