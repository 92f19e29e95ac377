"""Rules on the words of one card: its question, its answer and the texts below them."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

from csto_anki.deck import practice
from csto_anki.deck.model import Card, Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Problem
from csto_anki.language.english import ENGLISH
from csto_anki.rules import english
from csto_anki.rules.common import problem_at, rule

MAX_ANSWER_LENGTH = 80  # characters
MAX_LENGTH_OF_POINTS = 240  # characters of an answer of several lines
MAX_ANSWER_ITEMS = 4
MAX_LIST_ITEMS = 7  # of an answer with a mnemonic
MAX_COMPARED_ITEMS = 30  # of an answer, that are looked for on its front
MIN_ITEM_LENGTH = 4  # characters
MIN_REASON_WORDS = 3  # of a reason that is compared with its statement
MIN_REPEATED_SHARE = 0.8  # of the words of a reason; if so many are in its statement, it only repeats that

_PRONOUN = r"(?i)\b(?:it|they|them|he|she)\b"
# What refers to another text, unless it is a noun that the card itself shows, such as "this map".
_REFERENCE = (
    r"(?i)\b(?:(?:the|this|that) (?:above|aforesaid|previous|said)|the latter|mentioned above|"
    r"(?:this|these|such) (?!map|maps|flag|picture|day|year|month|way|form|timeline|letter|question|name)"
    r"(?:an? )?(?:\w+ )?\w+)"
)
_OTHER_CARD = r"(?i)\b(?:last|next|previous|other|following|preceding) (?:question|card)s?\b|\bsee (?:above|below)\b"
_SECOND_QUESTION = r",? and (?:when|where|who|why|how|what(?! else)|in which|on which)\b[^?]*\?$"
_INSTRUCTION = r"(?:Name|Give|Compare|Complete|Fill|Say)\b"  # it asks without a question mark
_LIST_IS_ASKED_FOR = r"(?:List|Enumerate|Name (?!the (?:one|body|state|city)))\b"
_COUNT_IS_ASKED_FOR = r"(?:Which|What|Name(?: the)?|Who are the) (two|three|four|five|six|seven)\b"
_COUNTS = {word: number for number, word in enumerate(english.NUMBERS, start=1)}
_YES_OR_NO_QUESTION = (
    r"(?i)(?:Is|Are|Was|Were|Did|Do|Does|Has|Have|Had|Can|Could|Will|Would|Should|May|Must|True or false)\b"
)
_YES_OR_NO_ANSWER = r"(?i)(?:yes|no|true|false)\b(?! )"
_VERDICTS = frozenset(("not", "no", "yes", "true", "false", "correct", "incorrect", "right", "wrong", "so", "indeed"))
_REVERSING_WORDS = ("not", "no", "never", "only")
_OPEN_END = r"\betc\b|\band so on\b|\bamong others\b|\.\.\.$|…$| (?:आदि|इत्यादि)$"
_IN_WORD = rf"[\w{english.MARKS}]"
# Compiled when it is first used, because a build does not use it.
_MARKUP = r"""(?ix)
    </? [a-z][a-z0-9]* (?:\s[^<>]*)? /?>  # an element of HTML
    | & (?:[a-z]{2,8}|\#\d+) ;  # an entity
    | \*\* | __\w | \]\(http  # Markdown
    | \{\{ | \}\}  # Anki
    """
_DRAFT = r"\b(?:TODO|FIXME|TBD|TBA|TBC|XXX+|lorem ipsum)\b|\?\?\?+|\[(?:citation|source)s? needed\]|\(\?\)"
_DRAFT_SIGNS = ("???", "(?)", "needed]", "todo", "fixme", "tbd", "tba", "tbc", "xxx", "lorem")
# Twice the same word between blanks and signs. \w+ would take a part of a word in Hindi, without its vowel signs.
_SIGN = r"""[^\s,;:.!?؟।…()\[\]"'“”‘«»-]"""
_DOUBLED = rf"(?i)(?<!{_SIGN})(?!had had|that that)({_SIGN}+) \1(?!{_SIGN})"
# A pattern for untidy text, its message, and a quick pattern that matches every such text.
_UNTIDY = (
    (r"(?<=\S)  +(?=\S)", "two spaces together", "  "),
    (r"(?<! ) +[,;:.?!](?!\S)", "a space before a comma or full stop", " [,;:.?!]"),
    (r"(?<=[a-z])[,;](?=[A-Za-z])", "no space after a comma", "[,;][a-z]"),
    (_DOUBLED, "a doubled word", _DOUBLED),
    (r"[,;]{2,}|(?<!\.)\.\.(?!\.)|\?\?|!!", "a doubled comma or full stop", "[,;.?!][,;.?!]"),
)
_QUESTION_MARKS = "?؟？"  # of Latin, Arabic and Chinese writing
_PAIRS = {")": "(", "]": "[", "”": "“", "»": "«"}
_LATIN_LETTERS_FIRST = r"\([A-Z][\w -]+, [\u0400-\u04ff]"  # in the bracket of "Channel (Kanal, Канал)"
_CYRILLIC_LETTERS_ONLY = r"\(([\u0400-\u04ff -]{3,})\)"  # "(Канал)"


@rule(WARNING)
def a_question_is_one_question(deck: Deck) -> Iterator[Problem]:
    """A question has one question mark, at its end.

    The first words of a practice question end with a colon, as in "Consider the following statements:", unless it asks
    which one of four options is right.
    """
    for fact, card in deck.cards:
        if fact.statements and not practice.FORMS[fact.ask].has_own_options:
            if not card.question.endswith(":"):
                yield problem_at(fact, card.key, "a practice question without a colon", "end it with a colon")
        elif not (count := sum(map(card.question.count, _QUESTION_MARKS))) and not _is_instruction(fact, card):
            yield problem_at(fact, card.key, "a question without a question mark", "end it with ?")
        elif count > 1 or re.search(_SECOND_QUESTION, card.question):
            message = f"{count if count > 1 else 'two'} questions in one"
            yield problem_at(fact, card.key, message, "ask one of them, and the other on another card")


@rule(WARNING, language="en")
def a_question_stands_alone(deck: Deck) -> Iterator[Problem]:
    """A question makes sense without another card.

    It names its subject, "it" comes only after a name, and there is no "this body" or "the above".
    """
    for fact, card in deck.cards:
        if fact.statements:
            continue
        name = next((match for match in english.WORD.finditer(card.question) if _is_name(match)), None)
        before = card.question[: name.start()] if name else card.question
        if reference := re.search(_PRONOUN, before) or re.search(_REFERENCE, card.question):
            message = f"{reference[0]!r} needs another card to make sense"
            yield problem_at(fact, card.key, message, "write a name instead")
        elif not name and not card.image:
            hint = "name the treaty, body or state it is about"
            yield problem_at(fact, card.key, "a question that names nothing", hint)


def _is_instruction(fact: Fact, card: Card) -> bool:
    """Whether it asks without a question mark: in English by its first word, in other languages by a full stop."""
    if fact.words is ENGLISH:
        return bool(re.match(_INSTRUCTION, card.question))
    return card.question.endswith(fact.words.sentence_ends[0])


@rule(WARNING, language="en")
def a_question_wants_no_list(deck: Deck) -> Iterator[Problem]:
    """A question does not ask to list or name several things, because a list is recited rather than known.

    Only a short list that the exam itself asks for may be asked, with a `mnemonic` (see `answers-are-short`).
    """
    for fact, card in deck.cards:
        if re.match(_LIST_IS_ASKED_FOR, card.question) and not fact.mnemonic:
            hint = "ask for one thing, such as which one is missing; or add a mnemonic for the list"
            yield problem_at(fact, card.key, "it asks for a list", hint)


@rule(WARNING, language="en")
def a_question_wants_what_it_gets(deck: Deck) -> Iterator[Problem]:
    """If a question asks for two, three or more things, its answer has as many."""
    for fact, card in deck.cards:
        asked = re.match(_COUNT_IS_ASKED_FOR, card.question)
        items = len(card.answer.split("\n") if "\n" in card.answer else re.split(r", and |, | and ", card.answer))
        if asked and items != _COUNTS[asked[1]] and items > 1:
            message = f"it asks for {asked[1]}, but the answer has {items}"
            yield problem_at(fact, card.key, message, "fix the number or the answer")


@rule(WARNING, language="en")
def a_reason_says_more(deck: Deck) -> Iterator[Problem]:
    """The reason of a statement says more than the statement, because it is for learners who answered wrongly.

    "It was." and "True." are no reasons.
    """
    for fact in deck.facts:
        for number, each in enumerate(fact.statements):
            why, text = (set(english.words(part)) - _VERDICTS for part in (each.why, each.text))
            key, hint = f"statements.{number}.why", "say why instead"
            if not why - text and len(why) < MIN_REASON_WORDS:
                yield problem_at(fact, key, "the reason says nothing that the statement does not say", hint)
            elif len(why) >= MIN_REASON_WORDS and len(why & text) >= MIN_REPEATED_SHARE * len(why):
                yield problem_at(fact, key, "the reason repeats the statement", hint)


@rule(WARNING, language="en")
def a_reverse_turns_the_question_round(deck: Deck) -> Iterator[Problem]:
    """A reverse has words of the answer in its question, or words of the question in its answer.

    If it has neither, it belongs to another fact.
    """
    for fact in deck.facts:
        if not fact.reverse:
            continue
        front, back = (set(english.words(text)) for text in (fact.reverse.question, fact.reverse.answer))
        question = set(english.words(f"{fact.about} {fact.question} {fact.image.alt if fact.image else ''}"))
        if not front & set(english.words(fact.answer_text)) and not back & question:
            message = "the reverse shares no word with the question and its answer"
            yield problem_at(fact, "reverse.question", message, "turn this fact's question round")


@rule(WARNING)
def an_answer_is_closed(deck: Deck) -> Iterator[Problem]:
    """An answer is complete: it is not a question, and not left open by "etc." or "among others"."""
    for fact, card in deck.cards:
        if card.answer.endswith("?"):
            yield problem_at(fact, card.answer_key, "an answer that is a question", "write the answer")
        elif match := re.search(_OPEN_END, card.answer):
            message = f"an answer left open by {match[0]!r}"
            yield problem_at(fact, card.answer_key, message, "write all of it, or ask for one thing")


@rule(ERROR)
def answers_are_short(deck: Deck) -> Iterator[Problem]:
    """An answer has at most 80 characters and four items. A longer one is several facts, or belongs in `detail`.

    A short list that the exam always asks for, such as the members, may have up to seven items, if the fact has a
    `mnemonic` for it. The points of a Mains answer stand each on a line of its own: at most four, of together 240
    characters.
    """
    for fact, card in deck.cards:
        if fact.statements:
            continue  # an option as UPSC prints it
        points = card.answer.split("\n")
        longest, whole = max(map(_length, points)), _length(card.answer)
        items = len(points) if len(points) > 1 else len(re.split(rf",?{fact.words.conjunction}|[,;] ", card.answer))
        if len(points) > 1 and whole > MAX_LENGTH_OF_POINTS:
            message = f"an answer of {whole} characters"
            yield problem_at(fact, card.answer_key, message, f"use at most {MAX_LENGTH_OF_POINTS}")
        elif longest > MAX_ANSWER_LENGTH:
            what = "a line of an answer" if len(points) > 1 else "an answer"
            hint = f"use at most {MAX_ANSWER_LENGTH}"
            yield problem_at(fact, card.answer_key, f"{what} of {longest} characters", hint)
        elif items > MAX_LIST_ITEMS or (items > MAX_ANSWER_ITEMS and not fact.mnemonic):
            hint = "ask for less, or for one of them"
            if items <= MAX_LIST_ITEMS:
                hint += "; if the exam always asks for this list, add a mnemonic"
            yield problem_at(fact, card.answer_key, f"an answer of {items} items", hint)


@rule(WARNING)
def no_card_sends_to_another(deck: Deck) -> Iterator[Problem]:
    """No text refers to another card by its place, as in "see the next card", because learners see each by itself."""
    for fact, key, text in deck.texts.containing("question", "card", "see "):
        if match := re.search(_OTHER_CARD, text):
            hint = "write here what that card says"
            yield problem_at(fact, key, f"{match[0]!r} means nothing on a card by itself", hint)


@rule(ERROR)
def no_draft_is_left(deck: Deck) -> Iterator[Problem]:
    """No text has a note to its author in it, such as TODO or ???."""
    for fact, key, text in deck.texts.containing(*_DRAFT_SIGNS):
        if match := re.search(_DRAFT, text):
            yield problem_at(fact, key, f"it still has {match[0]!r} in it", "finish the text")


@rule(ERROR)
def no_front_gives_the_answer_away(deck: Deck) -> Iterator[Problem]:
    """The answer of a card is nowhere on its front: not above the question, and not in the `alt` text of a picture."""
    for fact, card in deck.cards:
        answer = card.answer
        if fact.statements and practice.FORMS[fact.ask].has_own_options:
            answer = answer[len("(a) ") :]
        for key, text in _front(card):
            if _has_answer(text, answer):
                yield problem_at(fact, key, f"the answer {answer!r} is on the front", _other_words(card, key))


@rule(WARNING)
def no_front_gives_a_part_of_the_answer_away(deck: Deck) -> Iterator[Problem]:
    """The front of a card has no item of its answer, no short form of it, and not all its words in another order."""
    for fact, card in deck.cards:
        front = _front(card)
        yield from _items_on_front(fact, card, front)
        words = english.words(card.answer)
        whole = " ".join([text for _, text in front])
        folded = whole.casefold()
        if len(set(words)) < 2 or not all(word in folded for word in words):
            continue
        has_all_words = set(words) <= set(english.words(whole))
        if has_all_words and not any(_has_answer(text, card.answer) for _, text in front):
            yield problem_at(fact, card.key, f"all words of the answer {card.answer!r} are on the front", "reword it")


def _items_on_front(fact: Fact, card: Card, front: list[tuple[str, str]]) -> Iterator[Problem]:
    parts = [part.strip() for part in re.split(rf"[,;()]|{fact.words.conjunction}", card.answer)]
    items = [part for part in parts if len(part) >= MIN_ITEM_LENGTH or (len(part) > 1 and part.isupper())]
    if fact.statements or len(items) < 2:
        return
    for key, text in front:
        if item := next((item for item in items[:MAX_COMPARED_ITEMS] if _has_answer(text, item)), ""):
            yield problem_at(fact, key, f"{item!r}, a part of the answer, is on the front", _other_words(card, key))


@rule(WARNING)
def no_letter_is_of_another_script(deck: Deck) -> Iterator[Problem]:
    """No word mixes Latin and Cyrillic letters. Such a word looks right, but a search does not find it."""
    for fact, key, text in deck.texts:
        if text.isascii():
            continue
        for word in re.findall(r"[^\W\d_]+", text):
            scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
            if {"LATIN", "CYRILLIC"} <= scripts:
                yield problem_at(fact, key, f"{word!r} mixes Latin and Cyrillic letters", "type it again in one script")


@rule(WARNING)
def no_markup_is_typed(deck: Deck) -> Iterator[Problem]:
    """No text has HTML, an entity, Markdown or Anki's braces in it, because learners would see them as typed."""
    for fact, key, text in deck.texts.matching(r"[<&*_\]{}]"):
        if match := re.search(_MARKUP, text):
            yield problem_at(fact, key, f"{match[0]!r} is shown as typed", "write plain text")


@rule(ERROR)
def only_practice_asks_which_of_the_following(deck: Deck) -> Iterator[Problem]:
    """Only a practice question asks "which of the following", because nothing follows another question."""
    for fact, key, text in deck.texts.containing("the following"):
        is_question = key in ("question", "reverse.question") and not fact.statements
        if is_question and re.search(r"\bthe following\b", text, re.IGNORECASE):
            message = "it asks for one of the following, but nothing follows"
            yield problem_at(fact, key, message, "ask directly: which body, which state")


@rule(ERROR, language="en")
def questions_are_not_yes_or_no(deck: Deck) -> Iterator[Problem]:
    """No question can be answered by yes or no, because learners would guess half of such answers."""
    for fact, card in deck.cards:
        if fact.statements:
            continue
        if re.match(_YES_OR_NO_ANSWER, card.answer):
            yield problem_at(fact, card.answer_key, "the answer is yes or no", "ask who, what, when or which")
        elif re.match(_YES_OR_NO_QUESTION, card.question):
            yield problem_at(fact, card.key, "a yes-or-no question", "ask who, what, when or which")


@rule(WARNING, language="en")
def no_statement_gives_another_away(deck: Deck) -> Iterator[Problem]:
    """No two statements of a practice question differ only in a number or a negation.

    One of the two is wrong, and a learner can see that without knowing the fact.
    """
    for fact in deck.facts:
        sentences = fact.statements if fact.ask and practice.FORMS[fact.ask].has_sentences else ()
        for (first, one), (second, other) in itertools.combinations(enumerate(sentences, start=1), 2):
            if _is_contrary(one.text, other.text):
                message = f"it differs from statement {first} only in a number or a negation"
                yield problem_at(fact, f"statements.{second - 1}.text", message, "ask about something else")


def _is_contrary(one: str, other: str) -> bool:
    first, second = (set(english.words(text)) for text in (one, other))
    differing = (first - second) | (second - first)
    if one.split()[:2] != other.split()[:2] or not 0 < len(differing) < 3:
        return False
    return all(_is_number(word) or word in _REVERSING_WORDS for word in differing)


def _is_number(word: str) -> bool:
    return word in english.NUMBERS or word[0].isdigit()


@rule(WARNING)
def russian_names_have_latin_letters(deck: Deck) -> Iterator[Problem]:
    """A Russian name in brackets is followed by a comma and its Latin spelling, because candidates read that."""
    for fact, key, text in deck.texts:
        if text.isascii():
            continue
        if match := re.search(_LATIN_LETTERS_FIRST, text):
            hint = "write the Cyrillic letters first, as elsewhere"
            yield problem_at(fact, key, f"{match[0]!r}...: Latin letters first", hint)
        elif match := re.search(_CYRILLIC_LETTERS_ONLY, text):
            hint = "add them, as in (Наёмник, Nayomnik)"
            yield problem_at(fact, key, f"{match[1]!r} without its Latin letters", hint)


@rule(WARNING)
def texts_are_tidy(deck: Deck) -> Iterator[Problem]:
    """Texts have no doubled space, comma, full stop or word, and no space before a comma.

    Each bracket and quotation mark that opens is closed.
    """
    for pattern, message, sign in _UNTIDY:
        for fact, key, text in deck.texts.matching(sign):
            if match := re.search(pattern, text):
                around = text[max(0, match.start() - 10) : match.end() + 10]
                yield problem_at(fact, key, f"{message}: {around!r}", "fix it")
    for fact, key, text in deck.texts.matching(r'[()\[\]“”«»"]'):
        if mark := _unpaired(text):
            yield problem_at(fact, key, f"{mark!r} without its other half", "add the other half or remove it")


def _length(text: str) -> int:
    """The number of characters that take room: vowel signs and the like stand above and below letters."""
    return len(text) if text.isascii() else sum(unicodedata.category(each)[0] != "M" for each in text)


def _front(card: Card) -> list[tuple[str, str]]:
    """The texts that a learner reads before the answer, by their keys."""
    alt = card.image.alt if card.image else ""
    front = [(card.about_key, card.about), (card.key, card.question), ("image.alt", alt)]
    return [(key, text) for key, text in front if text]


def _other_words(card: Card, key: str) -> str:
    """What to do about a text on a front that has words of the answer."""
    is_for_both = key == "about" and card.key == "reverse.question"
    return "give the reverse an `about` of its own" if is_for_both else "reword it"


def _has_answer(text: str, answer: str) -> bool:
    """Whether a text has an answer in it as whole words, in capital or small letters, with or without its article."""
    bare, folded = answer.casefold().removeprefix("the "), text.casefold()
    return bare in folded and bool(re.search(rf"(?<!{_IN_WORD}){re.escape(bare)}(?!{_IN_WORD})", folded))


def _is_name(match: re.Match[str]) -> bool:
    word = match[0]
    return (word[0].isupper() and word.casefold() not in english.STOP_WORDS) or word[0].isdigit()


def _unpaired(text: str) -> str:
    """The first bracket or quotation mark that has no other half, or an empty text."""
    opened: list[str] = []
    marks: list[str] = re.findall(r"[()\[\]“”«»]", text)
    for mark in marks:
        if mark in _PAIRS.values():
            opened.append(mark)
        elif not opened or opened.pop() != _PAIRS[mark]:
            return mark
    if opened:
        return opened[0]
    return '"' if text.count('"') % 2 else ""
