"""Which texts are nearly the same; alone knows how nearness is measured, by rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 40  # letters; what is longer is no word, and would take memory by the square of its length


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or an empty one."""
    from rapidfuzz import fuzz, process  # here, for most runs find nothing misspelt

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=66)
    return found[0] if found else ""


def alike(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 100."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def misspelt(words: Iterable[str], usual: Iterable[str]) -> dict[str, str]:
    """Which words are a usual one but for one letter inside them, left out, doubled, swapped or another."""
    from rapidfuzz.distance import OSA

    found = {}
    words, usual = ([word for word in each if len(word) <= LONGEST] for each in (words, usual))
    # Two words that differ by one letter are the same once each has lost one, or none: no need to try all with all.
    shorter = {part: word for word in usual for part in _without_one(word)}
    for word in words:
        for meant in {shorter[part] for part in _without_one(word) if part in shorter}:
            same_ends = (meant[:2], meant[-2:]) == (word[:2], word[-2:])
            if meant != word and same_ends and OSA.distance(word, meant) == 1:
                found[word] = meant
    return found


def _without_one(word: str) -> list[str]:
    """The word, and what is left of it without each of its letters."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
