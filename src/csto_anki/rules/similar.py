"""Rules that compare cards with each other: cards that are too similar, and spelling.

No rule compares every pair of cards: an index by words first finds the few that can be similar.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from csto_anki.deck import practice, similarity
from csto_anki.deck.characters import folded
from csto_anki.deck.model import Card, Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Place, Problem
from csto_anki.rules import english
from csto_anki.rules.common import MAX_INDEXED_PER_WORD, problem_at, rarity, rule

# Questions with at least this similarity, of 100, are nearly the same: they differ in a word or two.
MIN_SIMILARITY = 82
MIN_SIMILARITY_WITH_SAME_ANSWER = 62
MIN_SIMILARITY_OF_ANSWERS = 90
MIN_SHARED_WORDS = 0.5  # of the words of two questions, those in both; with fewer, they cannot be nearly the same
MIN_SHARED_WHEN_TURNED = 0.75  # of the shorter of two questions, each without the answer of the other
MAX_QUESTION_LENGTH = 1000  # characters; a longer question is wrong in other ways, and takes long to compare
# A name in so many cards, and in more than this share of all cards, is the subject of the whole deck.
MIN_CARDS_ON_SUBJECT = 10
MIN_SHARE_ON_SUBJECT = 0.2
# A word that is used so often is spelt correctly, and a word that differs by one letter is not.
MIN_USES = 4
MIN_USES_OF_NAME = 2

_CYRILLIC_WORD = r"[\u0400-\u04ff]{4,}"
_LONG_WORD = re.compile(r"\b[A-Za-z\u00c0-\u024f]{7,}")
# The repetitions in the next two patterns have limits, because a malicious text would take minutes otherwise.
# A name in Cyrillic letters, and in Latin ones: Наёмник, Nayomnik
_TRANSLITERATED = r"\b([\u0400-\u04ff][\u0400-\u04ff -]{0,80}), ([A-Z][\w-]{0,40}(?: [\w-]{1,40}){0,6})"
_TRANSLATED = r"([A-Z][\w-]{0,40}(?: [A-Z][\w-]{0,40}){0,4}) \($"  # the English name before the bracket
_OPERATION = r"Operation ([A-Z][\w-]*) \(([A-Z][\w-]*)\)"  # such as Operation Channel (Kanal)
_ASKED_FOR = (
    # which two STATES
    rf"(?i)\b(which|what|who|whom|whose|when|where|how many|how|why)\b(?: (?:{'|'.join(english.NUMBERS)}))?(?: (\w+))?"
)


class _Question(NamedTuple):
    """A card as it is compared with others.

    `word_set` has the words of its question without stop words; the own words are without the subject of the whole
    deck. `about` is its first word that is not a number, `names` has its names, numbers and picture, and `asked_for` is
    the kind of thing that it asks for. `answer_words` has the words of the first item of its answer.
    """

    fact: Fact
    card: Card
    about: str
    own_words: tuple[str, ...]
    word_set: frozenset[str]
    own_word_set: frozenset[str]
    names: frozenset[str]
    asked_for: str
    answer_words: frozenset[str]

    def problem(self, message: str, hint: str, other: _Question) -> Problem:
        return problem_at(self.fact, self.card.key, message, hint, other=other.fact.id)


@rule(WARNING)
def a_question_fits_one_answer(deck: Deck) -> Iterator[Problem]:
    """No question is so broad that the answer of another card fits it, too, or that a narrower card asks the same.

    It is too broad if all its words are in another question that asks for the same kind of thing.
    """
    for narrow, broad in _broader_questions(_questions(deck)):
        is_same_kind = broad.asked_for == narrow.asked_for and broad.about == narrow.about
        # `questions_are_not_nearly_the_same` reports those that are nearly the same.
        if broad.fact.id == narrow.fact.id or not is_same_kind or _are_nearly_the_same(broad, narrow):
            continue
        message = f"{narrow.card.answer!r}, the answer of {narrow.fact.id}, fits it as well"
        if _have_same_answer(broad, narrow):
            message = f"it asks what {narrow.fact.id} asks, and says less"
        yield broad.problem(message, "say what sets it apart from that question, or remove it", narrow)


@rule(WARNING)
def no_two_facts_are_each_other_turned_round(deck: Deck) -> Iterator[Problem]:
    """If each of two cards has the answer of the other in its question, they are one fact with a `reverse`."""
    questions = [each for each in _questions(deck) if each.answer_words and not each.card.image]
    index = _index_by_rarest_word([each.answer_words for each in questions])
    for number, one in enumerate(questions):
        for candidate in {each for word in one.word_set & index.keys() for each in index[word]}:
            other = questions[candidate]
            if candidate < number and one.fact.id != other.fact.id and _are_turned_round(one, other):
                first, second = sorted((other, one), key=_place)
                message = f"it turns the question of {first.fact.id} round, {first.card.question!r}"
                yield second.problem(message, "make it the `reverse` there, or ask something else", first)


def _are_turned_round(one: _Question, other: _Question) -> bool:
    """Whether each question has the other answer in it, and what is left of both is nearly the same."""
    if not (one.answer_words <= other.word_set and other.answer_words <= one.word_set):
        return False
    rest, other_rest = one.word_set - other.answer_words, other.word_set - one.answer_words
    return len(rest & other_rest) >= MIN_SHARED_WHEN_TURNED * min(len(rest), len(other_rest))


@rule(WARNING)
def questions_are_not_nearly_the_same(deck: Deck) -> Iterator[Problem]:
    """No two cards ask nearly the same in other words: learners would be asked twice, or could give either answer.

    Questions that differ in a name, a number or the picture ask different things.
    """
    for one, other in _similar_questions(_questions(deck)):
        is_same = _plain(one.card.question) == _plain(other.card.question)  # `questions_differ` reports these
        if not is_same and _are_nearly_the_same(one, other):
            first, second = sorted((one, other), key=_place)
            message = f"nearly the same as the question of {first.fact.id}, {first.card.question!r}"
            if not _have_same_answer(one, other):
                message += ", with another answer"
            yield second.problem(message, "remove or reword one, or accept the warning with the other's id", first)


@rule(ERROR)
def questions_differ(deck: Deck) -> Iterator[Problem]:
    """No two cards ask the same about the same picture: learners would be asked twice, or could give either answer."""
    asked: dict[tuple[str, str], tuple[Fact, Card]] = {}
    for fact, card in deck.cards:
        image = card.image.file if card.image else ""
        first, first_card = asked.setdefault((_plain(card.question), image), (fact, card))
        if first_card is not card:
            message = f"the same question is at {first.places[first_card.key]}"
            yield problem_at(fact, card.key, message, "reword or remove one")


@rule(WARNING)
def russian_names_are_spelt_one_way(deck: Deck) -> Iterator[Problem]:
    """A Russian name has one spelling in Cyrillic letters and one in Latin ones: two would look like two names."""
    texts = [*deck.texts.matching(r"[\u0400-\u04ff]|operation ")]
    cyrillic: dict[str, Counter[str]] = defaultdict(Counter)
    latin: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, text in texts:
        for word in re.findall(_CYRILLIC_WORD, text):
            cyrillic[_spelling_key(word)][word.casefold()] += 1
        for name, written in _transliterated(text):
            latin[_spelling_key(name)][written] += 1
    usual_cyrillic, usual_latin = (
        {key: counts.most_common(1)[0][0] for key, counts in spellings.items()} for spellings in (cyrillic, latin)
    )
    for fact, key, text in texts:
        for word in re.findall(_CYRILLIC_WORD, text):
            usual = usual_cyrillic[_spelling_key(word)]
            if usual != word.casefold():
                yield problem_at(fact, key, f"{word!r}, which is {usual!r} elsewhere", "spell it one way")
        for name, written in _transliterated(text):
            usual = usual_latin[_spelling_key(name)]
            if usual != written:
                yield problem_at(fact, key, f"{name!r} is {written!r} here and {usual!r} elsewhere", "spell it one way")


@rule(WARNING)
def texts_are_not_copied(deck: Deck) -> Iterator[Problem]:
    """No two facts have the same detail, mnemonic or statement: it would be left over from a copied entry.

    Facts with a picture may share a detail or mnemonic, and practice questions may share names, pairs and events.
    """
    seen: dict[str, str] = {}
    for fact in deck.facts:
        texts = {} if fact.pictures() else {"detail": fact.detail, "mnemonic": fact.mnemonic}
        statements = fact.statements if fact.ask and practice.FORMS[fact.ask].has_sentences else ()
        texts |= {f"statements.{number}.text": each.text for number, each in enumerate(statements)}
        for key, text in texts.items():
            first = seen.setdefault(folded(text), fact.id)
            if text and first != fact.id:
                message = f"the same {key.split('.')[0].removesuffix('s')} as that of {first}"
                yield problem_at(fact, key, message, "write its own, or none", other=first)


@rule(WARNING)
def words_are_spelt_one_way(deck: Deck) -> Iterator[Problem]:
    """A word that occurs once and differs by one letter from a frequent word is misspelt.

    Words of less than seven letters are not compared, and endings may differ.
    """
    words = _LONG_WORD.findall(deck.texts.whole)
    counts = Counter(map(str.casefold, words))
    names = {word.casefold() for word in {*words} if word[0].isupper()}
    usual = [word for word, count in counts.items() if count >= (MIN_USES_OF_NAME if word in names else MIN_USES)]
    once = {word for word, count in counts.items() if count == 1}
    meant = {word: plain for word in once if (plain := _without_accents(word)) in counts and plain != word}
    meant |= similarity.misspelt(once - meant.keys(), usual)
    for fact, key, text in deck.texts if meant else ():
        for word in _LONG_WORD.findall(text):
            if right := meant.get(word.casefold()):
                message = f"{word!r} is only here, but {right!r} is often in the deck"
                yield problem_at(fact, key, message, f"did you mean {right!r}?")


# Three rules compare the questions of a deck, so these are kept as long as the deck.
_questions_of: WeakKeyDictionary[Deck, list[_Question]] = WeakKeyDictionary()


def _questions(deck: Deck) -> list[_Question]:
    """The cards of a deck that are compared; leads of practice questions are not, nor are retired facts."""
    if deck not in _questions_of:
        _questions_of[deck] = _read_questions(deck)
    return _questions_of[deck]


def _read_questions(deck: Deck) -> list[_Question]:
    cards = [
        (fact, card)
        for fact, card in deck.cards
        if not fact.statements and not fact.retired and len(card.question) <= MAX_QUESTION_LENGTH
    ]
    read = _words_and_names(cards)
    counts = Counter(name for _, names in read for name in names)
    # The subject of the deck is in many questions, and sets none of them apart.
    share = len(cards) * MIN_SHARE_ON_SUBJECT
    subject = {name for name, count in counts.items() if count >= MIN_CARDS_ON_SUBJECT and count > share}
    questions = []
    for (fact, card), (words, names) in zip(cards, read, strict=True):
        about = next((word for word in words if word not in english.NUMBERS), "")
        own_words = tuple([word for word in words if word not in subject])
        own_names = names - subject | ({card.image.file} if card.image else set())
        sets = frozenset(words), frozenset(own_words)
        answer_words = frozenset(english.words(re.split(r"[,;(]", card.answer)[0]))
        asked_for = _asked_for(_english(fact, card))
        questions.append(_Question(fact, card, about, own_words, *sets, own_names, asked_for, answer_words))
    return questions


def _words_and_names(cards: list[tuple[Fact, Card]]) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """The words of each question, and the ones that set it apart; of a translation, those of its original do that."""
    asked = [_english(fact, card) for fact, card in cards]
    abbreviations = english.abbreviations(asked)
    read = [english.words_and_names(english.abbreviated(question, abbreviations)) for question in asked]
    return [
        (tuple(english.words(card.question)) if fact.original else words, names)
        for (fact, card), (words, names) in zip(cards, read, strict=True)
    ]


def _english(fact: Fact, card: Card) -> str:
    """The question of a card; if it is a translation, that of its original, whose names have capital letters."""
    originals = fact.original.cards if fact.original else ()
    return next((each.question for each in originals if each.key == card.key), card.question)


def _similar_questions(questions: list[_Question]) -> Iterator[tuple[_Question, _Question]]:
    """The pairs of questions with the same names that ask for the same kind of thing and share enough words.

    By the prefix filter of set-similarity joins: if two sets share enough words, one of the rarest words of each is in
    both. So only the rarest words need an index.
    """
    groups: dict[tuple[frozenset[str], str], list[_Question]] = defaultdict(list)
    for each in questions:
        groups[each.names, each.asked_for].append(each)
    ranks = rarity(each.own_word_set for each in questions)
    for group in groups.values():
        if len(group) == 1:
            continue
        index: dict[str, list[_Question]] = defaultdict(list)
        for one in group:
            words = one.own_word_set
            looked_up = len(words) - math.ceil(MIN_SHARED_WORDS * len(words)) + 1
            rarest = sorted(words, key=ranks.__getitem__)[:looked_up]
            others = {id(other): other for word in rarest for other in index[word]}
            for other in others.values():
                other_words = other.own_word_set
                if len(words & other_words) >= MIN_SHARED_WORDS * len(words | other_words):
                    yield other, one
            for word in rarest:
                if len(index[word]) < MAX_INDEXED_PER_WORD:
                    index[word].append(one)


def _broader_questions(questions: list[_Question]) -> Iterator[tuple[_Question, _Question]]:
    """The pairs of questions of which the first has all words of the second, the broader one, and more.

    The first then has the rarest word of the second, so only this word needs an index.
    """
    ranks = rarity(each.word_set for each in questions)
    rarest = [min(each.word_set, key=ranks.__getitem__, default="") for each in questions]
    index: dict[str, list[_Question]] = {word: [] for word in rarest}
    for each in questions:
        for word in each.word_set & index.keys():
            if len(index[word]) < MAX_INDEXED_PER_WORD:
                index[word].append(each)
    for broad, word in zip(questions, rarest, strict=True):
        yield from ((other, broad) for other in index[word] if broad.word_set < other.word_set)


def _index_by_rarest_word(sets: list[frozenset[str]]) -> dict[str, list[int]]:
    """The numbers of sets by the rarest word of each: whatever contains a whole set has this word."""
    ranks = rarity(sets)
    index: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(sets):
        rarest = min(words, key=ranks.__getitem__)
        if len(index[rarest]) < MAX_INDEXED_PER_WORD:
            index[rarest].append(number)
    return index


def _place(question: _Question) -> Place:
    return question.fact.places[question.card.key]


def _are_nearly_the_same(one: _Question, other: _Question) -> bool:
    if one.names != other.names or one.asked_for != other.asked_for:
        return False
    first, second = (" ".join(sorted(each.own_words)) for each in (one, other))
    least = MIN_SIMILARITY_WITH_SAME_ANSWER if _have_same_answer(one, other) else MIN_SIMILARITY
    return similarity.percent_alike(first, second) >= least


def _have_same_answer(one: _Question, other: _Question) -> bool:
    first, second = (english.words(each.card.answer) for each in (one, other))
    if not first or not second:
        return False
    is_part = set(first) <= set(second) or set(second) <= set(first)
    return is_part or similarity.percent_alike(" ".join(first), " ".join(second)) >= MIN_SIMILARITY_OF_ANSWERS


def _plain(question: str) -> str:
    return folded(question).rstrip("?؟ ")


def _asked_for(question: str) -> str:
    """The kind of thing that a question asks for: `state` of `which state`, or `who`, or `how many`."""
    match = re.search(_ASKED_FOR, question)
    if not match:
        return ""
    return (match[2] or "").casefold() if match[1].casefold() in ("which", "what") else match[1].casefold()


def _transliterated(text: str) -> Iterator[tuple[str, str]]:
    """Names, each with how it is written in Latin letters; of `Mercenary (Наёмник, Nayomnik)` both names."""
    for match in re.finditer(_TRANSLITERATED, text):
        name, written = match.groups()
        if len(re.split("[ -]", name)) == len(re.split("[ -]", written)):
            yield name, written
            if translated := re.search(_TRANSLATED, text[max(0, match.start() - 100) : match.start()]):
                yield translated[1], written
    yield from re.findall(_OPERATION, text)


def _spelling_key(word: str) -> str:
    """A word without what often differs between two spellings of a name."""
    return word.casefold().replace("ё", "е").replace("й", "и")


def _without_accents(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
