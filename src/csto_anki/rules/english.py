"""The words, names and dates of an English text.

Nothing here understands a sentence. It is right often enough for a warning, which an author can accept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from csto_anki.deck.model import Date
from csto_anki.language.english import ENGLISH

MONTHS = ENGLISH.months
WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
# Vowel signs and joiners are parts of words, for example in Hindi, but for Python they are not: accents, the scripts of
# India without their full stops, and joiners.
MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0df3\u200c\u200d"
_LETTER = rf"(?:[^\W_]|[{MARKS}])"
_WORD_OF_ANY_SCRIPT = re.compile(rf"{_LETTER}+(?:[.,'’-]{_LETTER}+)*")


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# Words that questions are made of, whatever they ask about.
STOP_WORDS = _word_set(
    """
    a an the of in on at to by for and or is are was were did does do has have had be been being which what who whom
    whose when where why how many much long old it its they them their this that these those there as with from into
    between than then also will would can could may might day month year
    """
)
# Words that make two questions different, however similar they are otherwise.
_DISTINCTIVE_WORDS = frozenset(NUMBERS) | _word_set(
    """
    first second third fourth fifth sixth last next signed ratified adopted decided announced force began ended before
    after former not no never only without except least most fewest largest smallest longest shortest oldest youngest
    north south east west northern southern eastern western joined left
    """
)
# A name of several words, such as "Treaty on Collective Security". Each word has at most about 40 letters, because the
# pattern would try a very long word again from each of its letters. It is compiled when it is first used, because a
# build does not use it.
_LONG_NAME = r"""(?x)
    [A-Z][\w’'-]{0,40} (?:
        [ ](?:of|and|for|on|the|in)[ ] (?:the[ ])? (?=[A-Z])[\w’'-]{1,40} | [ ][A-Z][\w’'-]{0,40}
    )+
    """
# The pattern begins with digits, which are found quickly. Digits that are the end of a longer word are not a year.
_YEAR = re.compile(r"(?:1[0-9]|20)[0-9]{2}\b(?<!\w.{4})(?!-\d)")
_MONTH_ENDINGS = tuple(f"{month} " for month in MONTHS)
# What is before a year: "5 to 7 May ", "7 May " or "May ".
_DAY_AND_MONTH = re.compile(
    r"(?:\b(?P<from>\d\d?)(?: and | to | or |-|–))?(?:\b(?P<day>\d\d?) )?"
    rf"\b(?P<month>{'|'.join(MONTHS)}) $"
)
_MAX_DAY_AND_MONTH_LENGTH = len(".30 and 30 September ")  # with the character before it


def dates(text: str) -> list[Date]:
    """The days, months and years that a text names; of `5 to 7 May 1992` both days."""
    return [date for _, _, named in _dates_with_places(text) for date in named]


def undated(text: str) -> str:
    """The text without the dates that it names."""
    ends = [(0, 0), *((start, end) for start, end, _ in _dates_with_places(text)), (len(text), len(text))]
    return "".join(text[end:start] for (_, end), (start, _) in itertools.pairwise(ends))


def _dates_with_places(text: str) -> Iterator[tuple[int, int, list[Date]]]:
    """Where each date begins and ends in a text, and the days that it names.

    It looks for years first, because few texts have one.
    """
    for year in _YEAR.finditer(text):
        start = max(0, year.start() - _MAX_DAY_AND_MONTH_LENGTH)
        before = text[start : year.start()]
        match = _DAY_AND_MONTH.search(before) if before.endswith(_MONTH_ENDINGS) else None
        if not match:
            yield year.start(), year.end(), [Date(int(year[0]))]
            continue
        month = MONTHS.index(match["month"]) + 1
        days = [int(day) for day in (match["from"], match["day"]) if day] or [0]
        named = [Date(int(year[0]), month, day) for day in days if day <= 31]
        yield start + match.start(), year.end(), named


def are_compatible(one: Date, other: Date) -> bool:
    """Whether two dates can be the same, one perhaps less precise than the other."""
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def is_near_miss(one: Date, other: Date) -> bool:
    """Whether one date looks like a typing error of the other: one part differs, or day and month are swapped."""
    if one.day and one != other and (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    known = [a == b for a, b in zip(one, other, strict=True) if a and b]
    return len(known) > 1 and known.count(False) == 1


def words(text: str) -> list[str]:
    """The words of a text in lowercase, without stop words."""
    return [word for word in _lowercase(_typed(text)) if word not in STOP_WORDS]


def stems(text: str) -> frozenset[str]:
    """The words of a text, cut off after five letters, so that `entered` and `enters` are the same."""
    return frozenset(word[:5] for word in words(text))


def words_and_names(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The `words` of a question, and the ones that set it apart from others: names, numbers and distinctive words."""
    typed = _typed(text)
    small = _lowercase(typed)
    names = {*_DISTINCTIVE_WORDS.intersection(small)}
    for position, word in enumerate(typed):
        if word.islower() and word.isalpha():
            continue  # most words
        is_capital = word[0].isupper() and (position > 0 or word[1:2].isupper())
        if (is_capital and small[position] not in STOP_WORDS) or any(map(str.isdigit, word)):
            names.add(small[position])
    return tuple([word for word in small if word not in STOP_WORDS]), frozenset(names)


def abbreviations(texts: list[str]) -> frozenset[str]:
    """The abbreviations in capital letters, such as CSTO, that are in texts."""
    return frozenset(re.findall(r"\b[A-Z]{3,}\b", "\n".join(texts)))


def abbreviated(text: str, known: frozenset[str]) -> str:
    """The text with known abbreviations instead of what they stand for."""

    def abbreviate(match: re.Match[str]) -> str:
        initials = "".join(word[0] for word in re.findall(r"[\w’']+", match[0]) if word[0].isupper())
        return initials if initials in known else match[0]

    return re.sub(_LONG_NAME, abbreviate, text) if known else text


def _typed(text: str) -> list[str]:
    """The words of a text in any script."""
    words: list[str] = (WORD if text.isascii() else _WORD_OF_ANY_SCRIPT).findall(text)
    return words


def _lowercase(typed: list[str]) -> list[str]:
    """Words in lowercase, without the `'s` of genitives."""
    joined = " ".join(typed).casefold()  # one call for all words is faster
    small = joined.split(" ")
    if "'" in joined or "’" in joined:
        small = [word[:-2] if word.endswith(("'s", "’s")) else word for word in small]
    return small if typed else []
