"""Rules on the words of one fact; alone knows how a card should be worded.

As everywhere among the rules, each is one function from a deck and the day of the check to problems, and its docstring
is the rule. Rules on English hold for decks in English.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from csto_anki import english
from csto_anki.facts import MONTHS, Card, Date, Deck, Fact, Problem

NOW = re.compile(
    r"\b(?:current(?:ly)?|at present|presently|nowadays|today|now|so far|to date|up to now|as yet"
    r"|(?:has|have) (?:\w+ ){0,2}been\b(?! in force)[^.?!]{0,150}?\bsince)\b",
    re.IGNORECASE,
)
# Of the present too, but for a sentence that names its day: "a page of 2020 still gave 29".
STILL = re.compile(
    r"\b(?:still|not yet|recent(?:ly)?|lately|(?:this|last|next) (?:year|month|week)|latest|newest|upcoming|soon)\b",
    re.IGNORECASE,
)
# Without one of these, a text has none of the two.
SIGNS = (
    *("current", "present", "nowadays", "today", "now", "so far", "to date", "as yet", "been"),
    *("still", "not yet", "recent", "lately", "this ", "last ", "next ", "latest", "newest", "upcoming", "soon"),
)
REFERS = re.compile(r"\b(?:it|they|them|he|she)\b", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"\b(?:(?:the|this|that) (?:above|aforesaid|previous|said)|the latter|mentioned above|"
    r"(?:this|these|such) (?!map|maps|flag|picture|day|year|month|way|form|timeline|letter|question|name)"
    r"(?:an? )?(?:\w+ )?\w+)",
    re.IGNORECASE,
)
ANOTHER = re.compile(
    r"\b(?:last|next|previous|other|following|preceding) (?:question|card)s?\b|\bsee (?:above|below)\b", re.IGNORECASE
)
NUMBERS = {"two": 2, "three": 3, "four": 4}
MARKUP = re.compile(
    r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#\d+);|\*\*|__\w|\]\(http|\{\{|\}\}", re.IGNORECASE
)
DRAFT = re.compile(r"\b(?:TODO|FIXME|TBD|TBA|TBC|XXX+|lorem ipsum)\b|\?\?\?+|\[(?:citation|source)s? needed\]|\(\?\)")
UNTIDY = (  # what is wrong, in words, and a quick sign of it
    (re.compile(r"(?<=\S)  +(?=\S)"), "two blanks together", "  "),
    (re.compile(r"(?<! ) +[,;:.?!](?!\S)"), "a blank before a comma or stop", " [,;:.?!]"),
    (re.compile(r"(?<=[a-z])[,;](?=[A-Za-z])"), "no blank after a comma", "[,;][a-z]"),
    (re.compile(r"\b(?!had had|that that)(\w+) \1\b", re.IGNORECASE), "a word twice", r"\W(\w+) \1\b"),
    (re.compile(r"[,;]{2,}|(?<!\.)\.\.(?!\.)|\?\?|!!"), "a comma or stop twice", "[,;.?!][,;.?!]"),
)
PARTS = 30  # of an answer, that are looked for on its front
QUESTIONS = ("question", "reverse.question")
PAIRS = {")": "(", "]": "[", "”": "“", "»": "«"}
YES_OR_NO = re.compile(
    r"(?:Is|Are|Was|Were|Did|Do|Does|Has|Have|Had|Can|Could|Will|Would|Should|May|Must|True or false)\b", re.IGNORECASE
)


def a_date_question_names_its_precision(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question whose answer is a date says whether it wants the day, the month or the year."""
    for fact in _in_english(deck):
        if isinstance(fact.answer, Date):
            wanted = "day" if fact.answer.day else "month" if fact.answer.month else "year"
            if not re.search(rf"\b{wanted}\b", fact.question):
                what, way_out = f"it does not say that it wants the {wanted}", f"ask: which {wanted}; or mend the date"
                yield Problem(fact.places["question"], fact.id, what, way_out)


def a_date_stands_under_date(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An answer that is nothing but a date stands under `date`, where its form and its question are checked."""
    for fact in _in_english(deck):
        if isinstance(fact.answer, str) and fact.answer in map(str, english.dates(fact.answer)):
            way_out = "write `date: YYYY-MM-DD`, or as much of it as is known, in the place of `answer`"
            yield Problem(fact.places["answer"], fact.id, "an answer that is a date", way_out)


def a_question_is_one_question(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question has one question mark, at its end, and the lead of a practice question has a colon there."""
    for fact, card in deck.cards:
        if fact.statements:
            if not card.question.endswith(":"):
                yield _problem(fact, card.key, "a lead without a colon", "end it with a colon")
        elif (count := card.question.count("?")) > 1:
            yield _problem(
                fact, card.key, f"{count} questions in one", "ask one of them, and the other on another card"
            )
        elif not count and not re.match(r"(?:Name|Give|Complete|Fill|Say)\b", card.question):
            yield _problem(fact, card.key, "a question without its mark", "end it with ?")
        elif re.search(r",? and (?:when|where|who|why|how|what(?! else)|in which|on which)\b[^?]*\?$", card.question):
            yield _problem(fact, card.key, "two questions in one", "ask one of them, and the other on another card")


def a_question_stands_alone(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question makes sense without another card: it names its subject, and "it" or "this body" only after a name."""
    for fact, card in deck.cards:
        if deck.language != "en" or fact.statements:
            continue
        name = next((match for match in english.WORD.finditer(card.question) if _is_name(match)), None)
        before = card.question[: name.start()] if name else card.question
        refers = REFERS.search(before) or ELSEWHERE.search(card.question)
        if refers:
            what = f"{refers[0]!r} needs another card to make sense"
            yield _problem(fact, card.key, what, "name what it means")
        elif not name and not card.image:
            yield _problem(
                fact, card.key, "a question that names nothing", "name the treaty, body or state it is about"
            )


def a_question_wants_no_list(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question does not ask to list or name several things: lists are recited, not known."""
    for fact, card in deck.cards:
        if deck.language == "en" and re.match(
            r"(?:List|Enumerate|Name (?!the (?:one|body|state|city)))\b", card.question
        ):
            yield _problem(
                fact, card.key, "it wants a list", "ask for one thing: which one is missing, which came first"
            )


def a_reverse_turns_the_question_round(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """The reverse asks with what was the answer, or for what stood in the question; else it is that of another fact."""
    for fact in _in_english(deck):
        if not fact.reverse:
            continue
        front, back = (set(english.words(text)) for text in (fact.reverse.question, fact.reverse.answer))
        asked = set(english.words(f"{fact.about} {fact.question} {fact.image.alt if fact.image else ''}"))
        answer = set(english.words(str(fact.answer)))
        if not answer & front and not back & asked:
            what = "the reverse has nothing of the question and its answer"
            yield _problem(fact, "reverse.question", what, "turn this fact's question round")


def an_answer_is_closed(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An answer is one: it is no question, and is not left open by "etc." or "among others"."""
    for fact, card in deck.cards:
        if card.answer.endswith("?"):
            yield _problem(fact, card.answer_key, "an answer that is a question", "write the answer")
        elif match := re.search(r"\betc\b|\band so on\b|\bamong others\b|\.\.\.$|…$", card.answer):
            yield _problem(
                fact, card.answer_key, f"an answer left open by {match[0]!r}", "say all of it, or ask for one"
            )


def a_question_wants_what_it_gets(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question for two, three or four things has as many in its answer."""
    for fact, card in deck.cards:
        wanted = re.match(r"(?:Which|What|Name(?: the)?|Who are the) (two|three|four)\b", card.question)
        items = len(re.split(r", and |, | and ", card.answer))
        if deck.language == "en" and wanted and items != NUMBERS[wanted[1]] and items > 1:
            what = f"it asks for {wanted[1]}, and the answer has {items}"
            yield _problem(fact, card.key, what, "mend the number or the answer")


def a_reason_says_more(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """The reason of a statement says more than the statement: it is for those who marked it wrongly."""
    for fact in _in_english(deck):
        for number, each in enumerate(fact.statements):
            why, text = (set(english.words(part)) for part in (each.why, each.text))
            if len(why) > 2 and len(why & text) >= 0.8 * len(why):
                yield _problem(fact, f"statements.{number}.why", "the reason repeats the statement", "say why")


def answers_are_short(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An answer has at most 80 characters and four items: what is longer is several facts, or detail."""
    for fact, card in deck.cards:
        if len(card.answer) > 80:
            yield _problem(fact, card.answer_key, f"an answer of {len(card.answer)} characters", "say it in 80")
        elif len(re.split(r"[,;] | and |\n", card.answer)) > 4:
            what = "an answer of more than four items"
            yield _problem(fact, card.answer_key, what, "ask for less, or for one of them")


def dates_in_a_fact_agree(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No text of a fact names its date with one part another, its id has no other year or month, no period ends early.

    And the years of a hint stand in the fact itself, if more than one of them does.
    """
    told_in: dict[str, list[tuple[str, Date]]] = defaultdict(list)
    for fact, key, text in deck.texts.having("1[0-9]{3}|20[0-9]{2}") if deck.language == "en" else ():
        told_in[fact.id] += [(key, date) for date in english.dates(text)]
    for fact, key, text in deck.texts.having(r"(?:from|between) \d") if deck.language == "en" else ():
        for first, last in re.findall(r"\b(?:from|between) (\d{4}) (?:to|until|and) (\d{4})\b", text):
            if first > last:
                yield _problem(fact, key, f"a period from {first} to {last}", "mend one of the years")
    for fact in _in_english(deck):
        told = told_in[fact.id]
        if isinstance(fact.answer, Date):
            yield from _other_in_id(fact, fact.answer)
            yield from _near_misses(fact, fact.answer, told)
        hinted = [date.year for key, date in told if key == "mnemonic"]
        years = {date.year for key, date in told if key != "mnemonic"}
        years |= {fact.answer.year} if isinstance(fact.answer, Date) else set()
        for year in hinted:
            if year not in years and sum(other in years for other in hinted) > 1:
                yield _problem(fact, "mnemonic", f"{year}, which the fact does not tell", "mend the year, or tell it")


def _other_in_id(fact: Fact, date: Date) -> Iterator[Problem]:
    """An id such as `agreement-june-2009` and the date of another month or year, unless the question names it too."""
    way_out = "mend the date, or accept it if the id is released"
    parts = fact.id.split("-")
    years = [part for part in parts if re.fullmatch(r"1[89]\d\d|20\d\d", part) and part not in fact.question]
    months = [month for month in MONTHS if month.casefold() in parts]
    if years and str(date.year) not in years:
        yield Problem(fact.places["date"], fact.id, f"its id says {', '.join(years)}, its date {date}", way_out)
    elif date.month and months and MONTHS[date.month - 1] not in months:
        yield Problem(fact.places["date"], fact.id, f"its id says {', '.join(months)}, its date {date}", way_out)


def _near_misses(fact: Fact, date: Date, told: list[tuple[str, Date]]) -> Iterator[Problem]:
    in_reverse = [other for key, other in told if key.startswith("reverse.")]
    if in_reverse and not any(english.compatible(date, other) for other in in_reverse):
        what = f"the date is {date}, and the reverse names {in_reverse[0]}"
        yield _problem(fact, "reverse.question", what, "mend one of them")
    for key, other in told:
        if not key.startswith("reverse.") and date.day and other.day and english.near_miss(date, other):
            way_out = "mend one of them, or accept it if both are true"
            yield _problem(fact, key, f"{other}, where the date is {date}", way_out)


def no_card_sends_to_another(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No text sends to another card by its place ("see the next card"): a learner meets each by itself."""
    for fact, key, text in deck.texts.with_any("question", "card", "see "):
        if match := ANOTHER.search(text):
            yield _problem(fact, key, f"{match[0]!r} means nothing on a card by itself", "say what stands there")


def no_draft_is_left(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No text holds a note to its author, such as TODO or ???."""
    signs = ("???", "(?)", "needed]", "todo", "fixme", "tbd", "tba", "tbc", "xxx", "lorem")
    for fact, key, text in deck.texts.with_any(*signs):
        if match := DRAFT.search(text):
            yield _problem(fact, key, f"{match[0]!r} stands in it", "finish the text")


def no_front_gives_the_answer_away(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What a learner must recall stands nowhere on the front: not above the question, not in the words of a picture."""
    for fact, card in deck.cards:
        for key, text in _front(fact, card):
            if _stands_in(card.answer, text):
                yield _problem(fact, key, f"the answer {card.answer!r} stands on the front", "reword it")


def no_front_gives_a_part_of_the_answer_away(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No item of an answer stands on its front, nor do all its words in another order."""
    for fact, card in deck.cards:
        front = _front(fact, card)
        parts = [part for part in re.split(r"[,;()]| and ", card.answer) if len(part.strip()) > 3][:PARTS]
        for key, text in front if not fact.statements and len(parts) > 1 else ():
            if part := next((part.strip() for part in parts if _stands_in(part.strip(), text)), ""):
                yield _problem(fact, key, f"{part!r} of the answer stands on the front", "reword it")
        answer = english.words(card.answer)
        told = " ".join([text for _, text in front])
        folded = told.casefold()
        if len(set(answer)) < 2 or not all(word in folded for word in answer):
            continue
        whole = any(_stands_in(card.answer, text) for _, text in front)
        if set(answer) <= set(english.words(told)) and not whole:
            what = f"all words of the answer {card.answer!r} stand on the front"
            yield _problem(fact, card.key, what, "reword it")


def no_letter_is_of_another_script(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No word mixes Latin and Cyrillic letters, which look the same and are not: no search would find it."""
    for fact, key, text in deck.texts:
        for word in () if text.isascii() else re.findall(r"[^\W\d_]+", text):
            scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
            if {"LATIN", "CYRILLIC"} <= scripts:
                yield _problem(fact, key, f"{word!r} mixes Latin and Cyrillic letters", "type it again in one script")


def no_markup_is_typed(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No text holds HTML, an entity, Markdown or Anki's braces: a learner would see them as typed."""
    for fact, key, text in deck.texts.having(r"[<&*_\]{}]"):
        if match := MARKUP.search(text):
            yield _problem(fact, key, f"{match[0]!r} is shown as typed", "write plain text")


def only_practice_asks_which_of_the_following(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Only practice asks "which of the following": elsewhere nothing follows."""
    for fact, key, text in deck.texts.with_any("the following"):
        if not fact.statements and key in QUESTIONS and re.search(r"\bthe following\b", text, re.IGNORECASE):
            yield _problem(
                fact, key, "it asks of what follows, and nothing does", "ask directly: which body, which state"
            )


def questions_are_not_yes_or_no(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No question can be answered by yes or no: half of the answer is guessed."""
    for fact, card in deck.cards:
        if deck.language == "en" and not fact.statements:
            if re.match(r"(?:yes|no|true|false)\b(?! )", card.answer, re.IGNORECASE):
                yield _problem(fact, card.answer_key, "an answer of yes or no", "ask who, what, when or which")
            elif YES_OR_NO.match(card.question):
                yield _problem(fact, card.key, "a question of yes or no", "ask who, what, when or which")


def russian_names_have_latin_letters(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A Russian name in brackets has its Latin letters behind a comma: candidates read these."""
    for fact, key, text in deck.texts:
        if text.isascii():
            continue
        if match := re.search(r"\([A-Z][\w -]+, [\u0400-\u04ff]", text):
            yield _problem(fact, key, f"{match[0]!r}...: Latin letters first", "write the Cyrillic first, as elsewhere")
        elif alone := re.search(r"\(([\u0400-\u04ff -]{3,})\)", text):
            yield _problem(fact, key, f"{alone[1]!r} without its Latin letters", "add them: (Наёмник, Nayomnik)")


def texts_are_tidy(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Blanks, commas and stops stand once and in their place, no word stands twice, and what opens closes."""
    for pattern, what, signs in UNTIDY:
        for fact, key, text in deck.texts.having(signs):
            if match := pattern.search(text):
                around = text[max(0, match.start() - 10) : match.end() + 10]
                yield _problem(fact, key, f"{what}: {around!r}", "mend it")
    for fact, key, text in deck.texts.having(r'[()\[\]“”«»"]'):
        if wrong := _unclosed(text):
            yield _problem(fact, key, f"{wrong!r} without its other half", "close it or remove it")


def what_is_told_of_now_has_an_as_of(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What is told of the present, by "current", "now" or "has been since", can move and so says as of when.

    A past state with its date ("by a report of 2019") is settled and needs none.
    """
    signs = [(fact, text) for fact, _, text in deck.texts.with_any(*SIGNS) if not (fact.as_of or fact.retired)]
    told_of_now = {fact.id: fact for fact, text in signs if NOW.search(text) or STILL.search(text)}
    for fact in told_of_now.values() if deck.language == "en" else ():
        for key, sentence in fact.stated():
            match = NOW.search(sentence) or (not english.dates(sentence) and STILL.search(sentence))
            if match and key not in ("changed", "reworded"):
                way_out = "add `as_of`, or tell it of a past day"
                yield _problem(fact, key, f"{_short(match[0])!r} without an `as_of`", way_out)


def _in_english(deck: Deck) -> Iterator[Fact]:
    return iter(deck.facts if deck.language == "en" else ())


def _problem(fact: Fact, key: str, what: str, way_out: str) -> Problem:
    return Problem(fact.places[key], fact.id, what, way_out)


def _front(fact: Fact, card: Card) -> list[tuple[str, str]]:
    """All that a learner reads before the answer; what stands above the question does not stand above its reverse."""
    if card.key != "question":
        return [(card.key, card.question)]
    front = [("about", fact.about), (card.key, card.question), ("image.alt", card.image.alt if card.image else "")]
    return [(key, text) for key, text in front if text]


def _stands_in(answer: str, text: str) -> bool:
    """Whether an answer stands in a text in whole words, whatever its article and the size of its letters."""
    bare, folded = answer.casefold().removeprefix("the "), text.casefold()
    return bare in folded and bool(re.search(rf"\b{re.escape(bare)}(?!\w)", folded))


def _is_name(match: re.Match[str]) -> bool:
    word = match[0]
    return (word[0].isupper() and word.casefold() not in english.SMALL) or word[0].isdigit()


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:14]} ... {text[-10:]}"


def _unclosed(text: str) -> str:
    """The first bracket or quotation mark that has no other half, or an empty text."""
    waiting: list[str] = []
    marks: list[str] = re.findall(r"[()\[\]“”«»]", text)
    for character in marks:
        if character in PAIRS.values():
            waiting.append(character)
        elif character in PAIRS and (not waiting or waiting.pop() != PAIRS[character]):
            return character
    return waiting[0] if waiting else '"' * (text.count('"') % 2)


ERRORS = (
    a_date_question_names_its_precision,
    answers_are_short,
    no_draft_is_left,
    no_front_gives_the_answer_away,
    only_practice_asks_which_of_the_following,
    questions_are_not_yes_or_no,
)
WARNINGS = (
    a_date_stands_under_date,
    a_question_is_one_question,
    a_question_stands_alone,
    a_question_wants_no_list,
    a_question_wants_what_it_gets,
    a_reason_says_more,
    an_answer_is_closed,
    a_reverse_turns_the_question_round,
    dates_in_a_fact_agree,
    no_card_sends_to_another,
    no_front_gives_a_part_of_the_answer_away,
    no_letter_is_of_another_script,
    no_markup_is_typed,
    russian_names_have_latin_letters,
    texts_are_tidy,
    what_is_told_of_now_has_an_as_of,
)
