"""Which texts are nearly the same; alone knows how nearness is measured, by rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or an empty one."""
    from rapidfuzz import fuzz, process  # here, for most runs find nothing misspelt

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else ""


def alike(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 100."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def misspelt(words: Iterable[str], usual: Iterable[str]) -> dict[str, str]:
    """Which words are a usual one but for one letter inside them, left out, doubled, swapped or another."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = {}
    by_beginning: dict[str, list[str]] = {}
    for word in usual:
        by_beginning.setdefault(word[:2], []).append(word)
    for word in words:
        likely = by_beginning.get(word[:2], [])
        match = process.extractOne(word, likely, scorer=OSA.distance, score_cutoff=1)
        if match and match[0][-2:] == word[-2:] and match[0] != word:
            found[word] = match[0]
    return found
