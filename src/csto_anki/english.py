"""English as far as rules need it: the words, names and dates of a text; alone knows the language.

None of it understands a sentence. It is right often enough for a warning, which an author can accept.
"""

from __future__ import annotations

import functools
import re

from csto_anki.facts import MONTHS, Date

WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
# What a question is built of, whatever it asks about.
SMALL = frozenset(
    re.findall(
        r"\w+",
        """a an the of in on at to by for and or is are was were did does do has have had be been being which what who
        whom whose when where why how many much long old it its they them their this that these those there as with
        from into between than then also will would can could may might day month year""",
    )
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# Words that make two questions different ones, however alike they are else.
TELLING = frozenset(NUMBERS) | frozenset(
    re.findall(
        r"\w+",
        """first second third fourth fifth sixth last next signed ratified adopted decided announced force began ended
        before after former not no never only without except least most fewest largest smallest longest shortest oldest
        youngest north south east west northern southern eastern western joined left""",
    )
)
_NAMED = re.compile(r"[A-Z][\w’'-]*(?: (?:of|and|for|on|the|in) (?:the )?(?=[A-Z])[\w’'-]+| [A-Z][\w’'-]*)+")
_DATE = re.compile(
    rf"(?:(?:\b(?P<from>\d\d?)(?: and | to | or |-|–))?(?:\b(?P<day>\d\d?) )?\b(?P<month>{'|'.join(MONTHS)}) )?"
    r"\b(?P<year>1[0-9]{3}|20[0-9]{2})\b(?!-\d|\d)"
)


def dates(text: str) -> list[Date]:
    """The days, months and years that a text names; of `5 to 7 May 1992` both days."""
    found = []
    for match in _DATE.finditer(text):
        month = MONTHS.index(match["month"]) + 1 if match["month"] else 0
        days = [int(day) for day in (match["from"], match["day"]) if day and month] or [0]
        found += [Date(int(match["year"]), month, day) for day in days if day <= 31]
    return found


def undated(text: str) -> str:
    """The text without the dates that it names."""
    return _DATE.sub("", text)


def compatible(one: Date, other: Date) -> bool:
    """Whether two dates can be the same, one perhaps less precise than the other."""
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(a == b or not a or not b for a, b in pairs)


def near_miss(one: Date, other: Date) -> bool:
    """Whether two dates differ as by a slip: in one of the two or three parts that both have, or day and month."""
    if one.day and one != other and (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    known = [a == b for a, b in pairs if a and b]
    return len(known) > 1 and known.count(False) == 1


def words(text: str) -> list[str]:
    """The words of a text in small letters, without those that every question is built of."""
    return [word for word in _plain(text) if word not in SMALL]


def stems(text: str) -> frozenset[str]:
    """The words of a text, cut short, so that `entered` is `enter` and `amendments` are `amended`."""
    return frozenset(word[:5] for word in words(text))


def names(text: str, short: frozenset[str] = frozenset()) -> frozenset[str]:
    """What tells a question from others that ask in the same way: its names, numbers and telling words.

    `short` are the abbreviations of the deck: what these stand for counts as the same name.
    """
    found = set()
    for place, match in enumerate(WORD.finditer(shortened(text, short))):
        word = match[0]
        plain = _bare(word)
        capital = word[0].isupper() and (place > 0 or word[1:2].isupper())
        if (capital and plain not in SMALL) or any(map(str.isdigit, word)) or plain in TELLING:
            found.add(plain)
    return frozenset(found)


def abbreviations(texts: list[str]) -> frozenset[str]:
    """The abbreviations in capital letters, such as CSTO, that occur in texts."""
    return frozenset(word for text in texts for word in re.findall(r"\b[A-Z]{3,}\b", text))


def shortened(text: str, short: frozenset[str]) -> str:
    """The text with its known abbreviations in the place of what they stand for."""

    def shorten(match: re.Match[str]) -> str:
        initials = "".join(word[0] for word in re.findall(r"[\w’']+", match[0]) if word[0].isupper())
        return initials if initials in short else match[0]

    return _NAMED.sub(shorten, text) if short else text


@functools.lru_cache(maxsize=4096)
def _plain(text: str) -> tuple[str, ...]:
    return tuple(_bare(match[0]) for match in WORD.finditer(text))


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())
