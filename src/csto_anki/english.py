"""English as far as rules need it: the words, names and dates of a text; alone knows the language.

None of it understands a sentence. It is right often enough for a warning, which an author can accept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

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
# No word is longer than 40 letters; of one without end each letter would be tried as the first.
_NAMED = re.compile(
    r"[A-Z][\w’'-]{0,40}(?: (?:of|and|for|on|the|in) (?:the )?(?=[A-Z])[\w’'-]{1,40}| [A-Z][\w’'-]{0,40})+"
)
# It begins with digits, which are quickly found, and looks back then for a word that runs into them.
_YEAR = re.compile(r"(?:1[0-9]|20)[0-9]{2}\b(?<!\w.{4})(?!-\d)")
_MONTH = tuple(f"{month} " for month in MONTHS)
_DAY_AND_MONTH = re.compile(
    rf"(?:\b(?P<from>\d\d?)(?: and | to | or |-|–))?(?:\b(?P<day>\d\d?) )?\b(?P<month>{'|'.join(MONTHS)}) $"
)
_LONGEST = len(".30 and 30 September ")  # with what stands before it


def dates(text: str) -> list[Date]:
    """The days, months and years that a text names; of `5 to 7 May 1992` both days."""
    return [date for _, _, named in _dated(text) for date in named]


def _dated(text: str) -> Iterator[tuple[int, int, list[Date]]]:
    """Where each date begins and ends in a text, and the days that it names. Years are found first: few are."""
    for year in _YEAR.finditer(text):
        start = max(0, year.start() - _LONGEST)
        before = text[start : year.start()]
        match = _DAY_AND_MONTH.search(before) if before.endswith(_MONTH) else None
        if not match:
            yield year.start(), year.end(), [Date(int(year[0]))]
            continue
        month = MONTHS.index(match["month"]) + 1
        days = [int(day) for day in (match["from"], match["day"]) if day] or [0]
        named = [Date(int(year[0]), month, day) for day in days if day <= 31]
        yield start + match.start(), year.end(), named


def undated(text: str) -> str:
    """The text without the dates that it names."""
    ends = [(0, 0), *((start, end) for start, end, _ in _dated(text)), (len(text), len(text))]
    return "".join(text[end:start] for (_, end), (start, _) in itertools.pairwise(ends))


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
    return [word for word in _plain(WORD.findall(text)) if word not in SMALL]


def stems(text: str) -> frozenset[str]:
    """The words of a text, cut short, so that `entered` is `enter` and `amendments` are `amended`."""
    return frozenset(word[:5] for word in words(text))


def words_and_names(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The `words` of a question, and what tells it from others that ask in the same way.

    That is its names, numbers and telling words.
    """
    typed = WORD.findall(text)
    small = _plain(typed)
    found = set()
    for place, (word, plain) in enumerate(zip(typed, small, strict=True)):
        if word.islower() and word.isalpha() and plain not in TELLING:
            continue  # most words
        capital = word[0].isupper() and (place > 0 or word[1:2].isupper())
        if (capital and plain not in SMALL) or plain in TELLING or any(map(str.isdigit, word)):
            found.add(plain)
    return tuple([word for word in small if word not in SMALL]), frozenset(found)


def abbreviations(texts: list[str]) -> frozenset[str]:
    """The abbreviations in capital letters, such as CSTO, that occur in texts."""
    return frozenset(re.findall(r"\b[A-Z]{3,}\b", "\n".join(texts)))


def shortened(text: str, short: frozenset[str]) -> str:
    """The text with its known abbreviations in the place of what they stand for."""

    def shorten(match: re.Match[str]) -> str:
        initials = "".join(word[0] for word in re.findall(r"[\w’']+", match[0]) if word[0].isupper())
        return initials if initials in short else match[0]

    return _NAMED.sub(shorten, text) if short else text


def _plain(typed: list[str]) -> list[str]:
    """Words in small letters, without the ends of genitives."""
    together = " ".join(typed).casefold()
    small = together.split(" ")
    if "'" in together or "’" in together:
        small = [word[:-2] if word.endswith(("'s", "’s")) else word for word in small]
    return small if typed else []
