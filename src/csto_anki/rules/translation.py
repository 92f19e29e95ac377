"""Rules on translations: each is of the present wording of its original, and has the words of the glossary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from csto_anki.deck.edition import is_behind
from csto_anki.deck.model import Deck, Fact, Term
from csto_anki.deck.problem import WARNING, Problem
from csto_anki.language.english import ENGLISH
from csto_anki.rules.common import problem_at, rule

MIN_COMPARED_NUMBER = 13  # smaller ones are also written as words
MAX_QUOTED = 30  # characters of a number in a message
MIN_STEM_LENGTH = 3  # letters and marks of a word of a term; shorter ones are such as "of"
_THOUSANDS = r"(?<=\d),(?=\d{3}(?!\d))"  # a comma between three digits and those before them
_WORD = r"\w[\w’'-]*"
_OTHER_FORMS = r"(?<=\w)(?:[ाीे]|ना)$"  # the end of a Hindi word that other forms of it do not have


@rule(WARNING)
def a_translation_is_of_the_present_wording(deck: Deck) -> Iterator[Problem]:
    """A translation is of the wording that its original has now.

    When the original has changed, revise the translation; then `csto-anki translate` with its id says that it is done.
    """
    for fact in deck.facts if deck.original else ():
        if is_behind(fact):
            message = "its original has changed since it was translated" if fact.translates else "it is new"
            language = deck.language
            hint = f"compare the two, then run csto-anki translate --language {language} {fact.id}"
            yield problem_at(fact, "id", message, hint)


@rule(WARNING)
def a_translation_has_the_numbers_of_its_original(deck: Deck) -> Iterator[Problem]:
    """A translation has the numbers and the months of its original, and no others.

    Numbers up to twelve are not compared, because they can be written as words.
    """
    for fact in deck.facts:
        if fact.original:
            theirs, own = (_numbers(each) | _months(each) for each in (fact.original, fact))
            for name in sorted(theirs - own):
                yield problem_at(
                    fact, "id", f"the original has {name[:MAX_QUOTED]}, the translation has not", "put it in"
                )
            for name in sorted(own - theirs):
                yield problem_at(fact, "id", f"the translation has {name[:MAX_QUOTED]}, the original has not", "fix it")


def _whole(fact: Fact) -> str:
    """The wording of a fact as one text."""
    return "\n".join([text for _, text in fact.wording()])


def _numbers(fact: Fact) -> set[str]:
    text = re.sub(r"[^\W0-9]", lambda match: _in_ascii(match[0]), _whole(fact))
    found = re.findall(r"\d+", re.sub(_THOUSANDS, "", text))
    return {number for number in found if len(number) > 2 or int(number) >= MIN_COMPARED_NUMBER}


def _in_ascii(character: str) -> str:
    """A digit of any script as one from 0 to 9; other characters stay."""
    return str(int(character)) if character.isdecimal() else character


def _months(fact: Fact) -> set[str]:
    """The months that a fact names, in English."""
    text, pairs = _whole(fact), zip(ENGLISH.months, fact.words.months, strict=True)
    return {name for name, own in pairs if re.search(rf"(?<!\w){re.escape(own)}(?!\w)", text)}


@rule(WARNING)
def a_term_has_one_word(deck: Deck) -> Iterator[Problem]:
    """If the original has a term of the glossary, its translation has the word that the glossary gives for it.

    No text has another word that the glossary says is not used. In this way, a term has one word in the whole edition.
    """
    stems = {name: _stems(term.word) for name, term in deck.terms.items()}
    index = _index(stems)
    for fact in deck.facts if stems else ():
        text = _whole(fact)
        for name in sorted(_terms_in(_whole(fact.original), index)) if fact.original else ():
            if not all(stem in text for stem in stems[name]):
                message = f"the original has {name!r}, but the translation does not have {deck.terms[name].word!r}"
                yield problem_at(fact, "id", message, "use the word of the glossary")
    for term in deck.terms.values():
        yield from _rivals(deck, term)


def _rivals(deck: Deck, entry: Term) -> Iterator[Problem]:
    for fact, key, text in deck.texts.containing(*map(str.lower, entry.rivals)):
        rival = next((each for each in entry.rivals if each in text), "")
        if rival:
            yield problem_at(fact, key, f"{rival!r} is {entry.word!r} in the glossary", "use the word of the glossary")


def _index(terms: Iterable[str]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """The terms and their patterns by their first word in lowercase, the longest first."""
    index: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for term in sorted(terms, key=len, reverse=True):
        if first := re.search(_WORD, term):
            index[first[0].casefold()].append((term, re.compile(_pattern(term))))
    return index


def _terms_in(text: str, index: Mapping[str, list[tuple[str, re.Pattern[str]]]]) -> set[str]:
    """The terms that a text has; a term inside a longer one does not count."""
    found, end = set(), 0
    for word in re.finditer(_WORD, text):
        folded = word[0].casefold()
        for key in (folded, re.sub("['’]?s$", "", folded)) if word.start() >= end else ():
            for term, pattern in index.get(key, ()):
                if match := pattern.match(text, word.start()):
                    found.add(term)
                    end = match.end()
                    break
    return found


def _pattern(term: str) -> str:
    """What finds an English term: also in the plural, and if it has no capital letter, also with one."""
    escaped = re.escape(term)
    anyhow = f"(?i:{escaped})" if term.islower() else escaped
    return rf"(?<![\w-]){anyhow}(?:s|’s|'s)?(?![\w-])"


def _stems(word: str) -> list[str]:
    """The words of a term without their endings, which differ by case and number; short ones are left out."""
    return [re.sub(_OTHER_FORMS, "", each) for each in word.split() if len(each) >= MIN_STEM_LENGTH]
