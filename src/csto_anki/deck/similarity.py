"""Which texts are nearly the same, measured by rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable

MAX_WORD_LENGTH = 40  # longer words are not compared: the memory grows with the square of the length


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or an empty text."""
    from rapidfuzz import fuzz, process  # here, because most runs find nothing misspelt

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=66)
    return found[0] if found else ""


def percent_alike(one: str, other: str) -> float:
    """How much of two texts is the same, in per cent."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def misspelt(words: Iterable[str], usual: Iterable[str]) -> dict[str, str]:
    """The words with one wrong letter inside (missing, added, swapped, replaced), each with the usual word meant."""
    from rapidfuzz.distance import OSA

    found = {}
    words, usual = ([word for word in each if len(word) <= MAX_WORD_LENGTH] for each in (words, usual))
    # Not all pairs are compared: two words that differ by one letter become equal if each loses at most one letter.
    shorter = {part: word for word in usual for part in _without_one(word)}
    for word in words:
        for meant in {shorter[part] for part in _without_one(word) if part in shorter}:
            same_ends = (meant[:2], meant[-2:]) == (word[:2], word[-2:])
            if meant != word and same_ends and OSA.distance(word, meant) == 1:
                found[word] = meant
    return found


def _without_one(word: str) -> list[str]:
    """The word, and the word without each of its letters."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
