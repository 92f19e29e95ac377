"""Rules that compare facts with each other; alone knows which cards get in each other's way.

No rule here compares each with each: an index by words first finds the few that can be alike.
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from csto_anki import english, near
from csto_anki.facts import MONTHS, Card, Date, Deck, Fact, Problem

ALIKE = 82  # of 100: questions that differ in a word or two
ALIKE_BY_ANSWER = 62  # those that have the same answer as well
TURNED = 0.75  # of the words that remain of the shorter of two questions without their answers
MOST = 100  # cards that are looked at for one word: where more have it, it tells nothing
FEW = 5  # facts that are told to disagree with one sentence; more would say the same
SHARED = 0.5  # of the words of two questions that can be alike, those that both have, at least

CYRILLIC = re.compile(r"[\u0400-\u04ff]{4,}")
# What may repeat has an end in these: a text made to do so would take minutes.
TRANSLITERATED = re.compile(r"\b([\u0400-\u04ff][\u0400-\u04ff -]{0,80}), ([A-Z][\w-]{0,40}(?: [\w-]{1,40}){0,6})")
TRANSLATED = re.compile(r"([A-Z][\w-]{0,40}(?: [A-Z][\w-]{0,40}){0,4}) \($")
WANTED = re.compile(
    rf"\b(which|what|who|whom|whose|when|where|how many|how|why)\b(?: (?:{'|'.join(english.NUMBERS)}))?(?: (\w+))?",
    re.IGNORECASE,
)
LONG = re.compile(r"\b[A-Za-z\u00c0-\u024f]{7,}")


class Asked(NamedTuple):
    """A card to be compared: its words, all of them and without the deck's own subject, and what sets it apart.

    That is the names in it, and what it wants.
    """

    fact: Fact
    card: Card
    all_words: tuple[str, ...]
    words: tuple[str, ...]
    whole_bag: frozenset[str]
    bag: frozenset[str]
    names: frozenset[str]
    wanted: str

    def problem(self, what: str, way_out: str, other: Asked) -> Problem:
        place = self.fact.places[self.card.key]
        return Problem(place, self.fact.id, what, way_out, other=other.fact.id)


def a_question_fits_one_answer(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No question is so wide that a narrower one of the deck asks the same, or has another answer that fits it as well.

    It is, where all its words stand in another question that asks for the same kind of thing.
    """
    asked = _asked(deck)
    for narrow, wide in _within(asked):
        alone = narrow.fact.id == wide.fact.id
        if alone or wide.wanted != narrow.wanted or _first(wide) != _first(narrow) or _nearly(wide, narrow):
            continue  # what stands first is what both are about; the next rule tells of those that are nearly the same
        what = f"{narrow.card.answer!r}, the answer of {narrow.fact.id}, fits it as well"
        if _same_answer(wide, narrow):
            what = f"it asks what {narrow.fact.id} asks, and says less"
        yield wide.problem(what, "say what sets it apart from that question, or remove it", narrow)


def dates_agree_between_facts(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Where a sentence of one fact tells the event of another with a date, it is the date of that other."""
    dated = [
        (fact, fact.answer, english.stems(english.undated(fact.question)))
        for fact in deck.facts
        if isinstance(fact.answer, Date) and deck.language == "en"
    ]
    # Each under the rarest of its words: a deck has many facts of one date, and few of them have a rare word.
    rarity = _rarity(words for _, _, words in dated)
    near_misses: dict[tuple[str, int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (_, date, words) in enumerate(dated):
        if len(words) > 2 and date.day:
            rarest = min(words, key=rarity.__getitem__)
            for part in _parts(date):
                if len(near_misses[part][rarest]) < MOST:
                    near_misses[part][rarest].append(number)
    for teller, key, sentence in _told_with_days(deck):
        told = [date for date in english.dates(sentence) if date.day]
        parts = [near_misses[part] for date in told for part in _parts(date) if part in near_misses]
        if not parts:
            continue
        if key.endswith(".why"):  # what the reason is of
            sentence = f"{teller.statements[int(key.split('.')[1])].text} {sentence}"
        words = english.stems(sentence)
        about = words | english.stems(f"{teller.about} {teller.question}")
        found = {number for part in parts for word in about & part.keys() for number in part[word]}
        for number in itertools.islice(_contradicted(dated, sorted(found), teller, told, words, about), FEW):
            other, date, _ = dated[number]
            missed = next(each for each in told if english.near_miss(date, each))
            what, way_out = f"{missed}, where {other.id} has {date}", "mend one of them, or say what else it is"
            yield Problem(teller.places[key], teller.id, what, way_out, other=other.id)


def _contradicted(
    dated: list[tuple[Fact, Date, frozenset[str]]],
    numbers: list[int],
    teller: Fact,
    told: list[Date],
    words: frozenset[str],
    about: frozenset[str],
) -> Iterator[int]:
    """Which of these events a sentence tells with a date that is nearly, and nowhere, the right one."""
    for number in numbers:
        other, date, needed = dated[number]
        told_of_it = other.id != teller.id and needed <= about and len(needed & words) > 1
        if told_of_it and date not in told and any(english.near_miss(date, each) for each in told):
            yield number


def questions_are_not_nearly_the_same(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No two cards ask nearly the same, in other words: a learner would be asked twice, or could answer either.

    Questions that differ in a name, a number or the picture ask different things.
    """
    for one, other in _alike(_asked(deck)):
        equal = _plain(one.card.question) == _plain(other.card.question)  # of these, `questions_differ` tells
        if not equal and _nearly(one, other):
            first, second = sorted((one, other), key=lambda each: each.fact.places[each.card.key])
            what = f"nearly the question of {first.fact.id}, {first.card.question!r}"
            what += ", with another answer" * (not _same_answer(one, other))
            yield second.problem(what, "remove or reword one, or accept it with the other's id", first)


def no_two_facts_are_each_other_turned_round(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Where each of two cards has the answer of the other in its question, they are one fact and its `reverse`."""
    asked = [each for each in _asked(deck) if not each.card.image]
    by_answer = {number: frozenset(english.words(_first_item(each.card.answer))) for number, each in enumerate(asked)}
    index = _index({number: words for number, words in by_answer.items() if words})
    for number, one in enumerate(asked):
        words, answer = one.whole_bag, by_answer[number]
        for other in {other for word in words & index.keys() for other in index[word]} if answer else ():
            first = asked[other]
            if other >= number or not (answer <= first.whole_bag and by_answer[other] <= words):
                continue
            mine, theirs = words - by_answer[other], first.whole_bag - answer
            alike = len(mine & theirs) >= TURNED * min(len(mine), len(theirs))
            if alike and first.fact.id != one.fact.id:
                early, late = sorted((first, one), key=lambda each: each.fact.places[each.card.key])
                what = f"{early.fact.id} turned round, {early.card.question!r}"
                yield late.problem(what, "make it the `reverse` there, or ask something else", early)


def questions_differ(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No two cards ask the same of the same picture: a learner would be asked twice and could answer either."""
    asked: dict[tuple[str, str], tuple[Fact, Card]] = {}
    for fact, card in deck.cards:
        image = card.image.file if card.image else ""
        first, its_card = asked.setdefault((_plain(card.question), image), (fact, card))
        if its_card is not card:
            what = f"the same question stands at {first.places[its_card.key]}"
            yield Problem(fact.places[card.key], fact.id, what, "reword or remove one")


def russian_names_are_spelt_one_way(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A Russian name is spelt in one way, in Cyrillic and in Latin letters: two spellings look like two names."""
    told = [*deck.texts.having(r"[\u0400-\u04ff]|operation ")]
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, text in told:
        for word in CYRILLIC.findall(text):
            spelt[_loose(word)][word.casefold()] += 1
    latin: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, text in told:
        for name, written in _transliterated(text):
            latin[_loose(name)][written] += 1
    common = {loose: counts.most_common(1)[0][0] for loose, counts in spelt.items()}
    common_latin = {loose: counts.most_common(1)[0][0] for loose, counts in latin.items()}
    for fact, key, text in told:
        for word in CYRILLIC.findall(text):
            usual = common[_loose(word)]
            if usual != word.casefold():
                yield Problem(fact.places[key], fact.id, f"{word!r}, which is {usual!r} elsewhere", "spell it one way")
        for name, written in _transliterated(text):
            usual = common_latin[_loose(name)]
            if usual != written:
                what = f"{name!r} is {written!r} here and {usual!r} elsewhere"
                yield Problem(fact.places[key], fact.id, what, "spell it one way")


def words_are_spelt_one_way(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A word that stands once and differs by one letter from a word that stands often is misspelt.

    Endings may differ, and short words.
    """
    told = LONG.findall(deck.texts.whole)
    often = Counter(map(str.casefold, told))
    names = {word.casefold() for word in {*told} if word[0].isupper()}
    usual = [word for word, count in often.items() if count >= (2 if word in names else 4)]
    once = {word for word, count in often.items() if count == 1}
    meant = {word: plain for word in once if (plain := _without_marks(word)) in often and plain != word}
    meant |= near.misspelt(once - meant.keys(), usual)
    for fact, key, text in deck.texts if meant else ():
        for word in LONG.findall(text):
            right = meant.get(word.casefold())
            if not right:
                continue
            way_out = f"did you mean {right!r}?"
            yield Problem(fact.places[key], fact.id, f"{word!r} stands only here, and {right!r} often", way_out)


def texts_are_not_copied(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No two facts have the same detail, hint or statement to the letter: it was left over when an entry was copied."""
    seen: dict[str, str] = {}
    for fact in deck.facts:
        texts = {} if fact.pictures() else {"detail": fact.detail, "mnemonic": fact.mnemonic}  # pictures share much
        texts |= {f"statements.{number}.text": each.text for number, each in enumerate(fact.statements)}
        for key, text in texts.items():
            if text and seen.setdefault(text, fact.id) != fact.id:
                what = f"the same {key.split('.')[0].removesuffix('s')} as that of {seen[text]}"
                yield Problem(fact.places[key], fact.id, what, "write its own, or none", other=seen[text])


@lru_cache(maxsize=1)  # three rules compare them
def _asked(deck: Deck) -> list[Asked]:
    """All cards to be compared; practice questions have leads, which `questions_differ` compares."""
    # A question of a thousand letters is wrong in other ways, and to compare many of these takes long.
    cards = [
        (fact, card)
        for fact, card in deck.cards
        if not fact.statements and not fact.retired and len(card.question) <= 1000
    ]
    short = english.abbreviations([card.question for _, card in cards])
    told = [english.words_and_names(english.shortened(card.question, short)) for _, card in cards]
    often = Counter(name for _, names in told for name in names)
    # What nearly every question names, as the deck's own subject, sets none apart.
    common = {name for name, count in often.items() if count >= 10 and count > len(cards) / 5}
    asked = []
    for (fact, card), (words, names) in zip(cards, told, strict=True):
        own = tuple([word for word in words if word not in common])
        image = {card.image.file} if card.image else set()
        bags = frozenset(words), frozenset(own)
        asked.append(Asked(fact, card, words, own, *bags, names - common | image, _wanted(card.question)))
    return asked


def _told_with_days(deck: Deck) -> Iterator[tuple[Fact, str, str]]:
    """Each sentence of a fact that names a month, as of a day."""
    months = deck.texts.having(rf"(?:{'|'.join(MONTHS).casefold()}) [12]")
    for fact in {fact.id: fact for fact, _, _ in months if not fact.retired}.values():
        yield from ((fact, key, sentence) for key, sentence in fact.stated())


def _parts(date: Date) -> list[tuple[str, int, int]]:
    """What a day and its near misses share: two of its three parts, or day and month in either order."""
    first, second = sorted((date.month, date.day))
    swapped = (f"swapped {date.year}", first, second)
    return [("ym", date.year, date.month), ("yd", date.year, date.day), ("md", date.month, date.day), swapped]


def _alike(asked: list[Asked]) -> Iterator[tuple[Asked, Asked]]:
    """The pairs of questions that want the same, of the same names, and share enough words to be alike.

    By the prefix filter of set-similarity joins: of two sets that share so much, the rarest words of one meet the
    rarest of the other, so that only these need an index.
    """
    groups: dict[tuple[frozenset[str], str], list[Asked]] = defaultdict(list)
    for each in asked:
        groups[each.names, each.wanted].append(each)
    rarity = _rarity(each.bag for each in asked)
    for group in groups.values():
        if len(group) == 1:
            continue
        index: dict[str, list[Asked]] = defaultdict(list)
        for one in group:
            mine = one.bag
            rare_first = sorted(mine, key=rarity.__getitem__)[: _prefix(len(mine))]
            others = {id(other): other for word in rare_first for other in index[word]}
            for other in others.values():
                theirs = other.bag
                if len(mine & theirs) >= SHARED * len(mine | theirs):
                    yield other, one
            for word in rare_first:
                if len(index[word]) < MOST:
                    index[word].append(one)


def _within(asked: list[Asked]) -> Iterator[tuple[Asked, Asked]]:
    """The pairs of which the first holds all words of the second, and more: it has the rarest of these, too."""
    rarity = _rarity(each.whole_bag for each in asked)
    rarest = [min(each.whole_bag, key=rarity.__getitem__, default="") for each in asked]
    index: dict[str, list[Asked]] = {word: [] for word in rarest}
    for each in asked:
        for word in each.whole_bag & index.keys():
            if len(index[word]) < MOST:
                index[word].append(each)
    for wide, word in zip(asked, rarest, strict=True):
        yield from ((other, wide) for other in index[word] if wide.whole_bag < other.whole_bag)


def _rarity(bags: Iterable[frozenset[str]]) -> dict[str, int]:
    """The place of each word among all, the rarest first; of equally rare ones by the alphabet."""
    often = Counter(itertools.chain.from_iterable(bags))
    return {word: place for place, word in enumerate(sorted(often, key=lambda word: (often[word], word)))}


def _prefix(count: int) -> int:
    """Of so many words, how many of the rarest have to be looked up."""
    return count - math.ceil(SHARED * count) + 1


def _index(sets: Mapping[int, frozenset[str]]) -> dict[str, list[int]]:
    """Each set under its rarest word only, for who holds the whole set has that one; and at most MOST for a word."""
    rarity = _rarity(sets.values())
    index: dict[str, list[int]] = defaultdict(list)
    for number, words in sets.items():
        rarest = min(words, key=rarity.__getitem__)
        if len(index[rarest]) < MOST:
            index[rarest].append(number)
    return index


def _without_marks(word: str) -> str:
    """A word without the marks that other languages set on Latin letters."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _nearly(one: Asked, other: Asked) -> bool:
    """Whether two questions are nearly the same: they have the same names and numbers, and want the same."""
    if one.names != other.names or one.wanted != other.wanted:
        return False
    first, second = (" ".join(sorted(each.words)) for each in (one, other))
    return near.alike(first, second) >= (ALIKE_BY_ANSWER if _same_answer(one, other) else ALIKE)


def _plain(question: str) -> str:
    return " ".join(question.casefold().rstrip("?").split())


def _first(asked: Asked) -> str:
    """What a question is about: its first word of weight that is no number."""
    return next((word for word in asked.all_words if word not in english.NUMBERS), "")


def _first_item(answer: str) -> str:
    """What an answer begins with: `Chisinau` of `Chisinau, Moldova`."""
    return re.split(r"[,;(]", answer)[0]


def _wanted(question: str) -> str:
    """What a question wants: `which state`, `who`, `how many`."""
    match = WANTED.search(question)
    if not match:
        return ""
    return (match[2] or "").casefold() if match[1].casefold() in ("which", "what") else match[1].casefold()


def _same_answer(one: Asked, other: Asked) -> bool:
    first, second = (english.words(each.card.answer) for each in (one, other))
    if not first or not second:
        return False
    within = set(first) <= set(second) or set(second) <= set(first)
    return within or near.alike(" ".join(first), " ".join(second)) >= 90


def _transliterated(text: str) -> Iterator[tuple[str, str]]:
    """Names and how they are written in Latin letters, of `Mercenary (Наёмник, Nayomnik)` both names."""
    for match in TRANSLITERATED.finditer(text):
        name, written = match.groups()
        if len(re.split("[ -]", name)) == len(re.split("[ -]", written)):
            yield name, written
            if translated := TRANSLATED.search(text[max(0, match.start() - 100) : match.start()]):
                yield translated[1], written
    yield from re.findall(r"Operation ([A-Z][\w-]*) \(([A-Z][\w-]*)\)", text)


def _loose(word: str) -> str:
    """A word without what spellings of one name differ in."""
    return word.casefold().replace("ё", "е").replace("й", "и")


ERRORS = (questions_differ,)
WARNINGS = (
    a_question_fits_one_answer,
    dates_agree_between_facts,
    no_two_facts_are_each_other_turned_round,
    questions_are_not_nearly_the_same,
    russian_names_are_spelt_one_way,
    texts_are_not_copied,
    words_are_spelt_one_way,
)
