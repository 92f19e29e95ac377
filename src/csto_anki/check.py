"""Rules across facts that a good editor would hold; alone knows editorial rules.

Each rule is one function from a deck and the day of the check to problems; its docstring is the rule. The rules run
only on a deck that read cleanly: a broken entry would also make its sources "unused".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from csto_anki import timeline
from csto_anki.facts import Date, Deck, Fact, Place, Problem


def check(deck: Deck, today: datetime.date) -> list[Problem]:
    """All problems by all rules, in the order of their places."""
    return sorted(problem for rule in RULES for problem in rule(deck, today))


def a_fact_has_one_priority(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Where a deck has priorities, each fact carries one: a learner with little time must know what to leave out."""
    for fact in deck.facts:
        found = {tag for tag in fact.tags if tag in deck.priorities}
        if deck.priorities and len(found) != 1:
            way_out = f"give it one of {', '.join(deck.priorities)}"
            yield Problem(fact.places.get("tags", fact.places["id"]), fact.id, f"{len(found)} priorities", way_out)


def a_deck_has_facts(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A deck without a single fact is a mistake, not a deck."""
    if not deck.facts:
        yield Problem(deck.places["kinds"], "", "no fact in any card file", "add an entry")


def a_date_question_names_its_precision(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A question whose answer is a date says whether it wants the day, the month or the year."""
    for fact in deck.facts:
        if isinstance(fact.answer, Date) and deck.language == "en":
            wanted = "day" if fact.answer.day else "month" if fact.answer.month else "year"
            if not re.search(rf"\b{wanted}\b", fact.question):
                place = fact.places["question"]
                yield Problem(place, fact.id, f"it does not say that it wants the {wanted}", f"ask: which {wanted}")


def answers_are_short(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """An answer has at most 80 characters and four items: what is longer is several facts, or detail."""
    for fact in deck.facts:
        for key, _, answer in _cards(fact):
            if len(answer) > 80:
                what, way_out = f"an answer of {len(answer)} characters", "say it in 80"
            elif len(re.split(r"[,;] | and ", answer)) > 4:
                what, way_out = "an answer of more than four items", "ask for less, or for one of them"
            else:
                continue
            yield Problem(fact.places["answer" if key == "question" else key], fact.id, what, way_out)


def a_replacement_is_taught(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What a retired fact names in its place is another fact, which is there and not itself retired."""
    taught = {fact.id for fact in deck.facts if not fact.retired}
    for fact in deck.facts:
        if fact.retired and fact.retired.replaced_by and fact.retired.replaced_by not in taught:
            what = f"{fact.retired.replaced_by!r}, which should replace it, is not taught"
            yield Problem(fact.places["retired"], fact.id, what, "name a fact that is, or none")


def as_of_is_not_in_the_future(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """Nobody can have confirmed a fact on a day that has not come."""
    for fact in deck.facts:
        if fact.as_of and fact.as_of.first_day() > today:
            yield Problem(fact.places["as_of"], fact.id, f"as_of {fact.as_of} is in the future", "mend the date")


def every_picture_is_shown(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A picture file that no fact shows is left over; it would not even be in the package."""
    shown = {timeline.NAME} | {picture.file for fact in deck.facts for _, picture in fact.pictures()}
    for name in deck.pictures:
        if name not in shown:
            place = deck.place_of(f"media/{name}")
            yield Problem(place, "", "no fact shows this picture", "show it in `image` or `answer_image`, or remove it")


def every_source_is_cited(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A source that no fact cites is left over or, worse, misspelt somewhere."""
    cited = {citation.source for fact in deck.facts for citation in fact.sources}
    for source in deck.sources.values():
        if source.key not in cited:
            yield Problem(source.place, source.key, "no fact cites this source", "cite it or remove it")


def every_tag_is_used(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A tag that no fact carries promises a learner a search that finds nothing."""
    used = {tag for fact in deck.facts for tag in fact.tags}
    for key, tags in (("tags", deck.tags), ("priorities", deck.priorities), ("parts", deck.parts)):
        for tag in tags:
            if tag not in used:
                yield Problem(deck.places[key], "", f"no fact carries the tag {tag!r}", "use it or remove it")


def no_front_gives_the_answer_away(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """What a learner must recall stands nowhere on the front: not above the question, not in the words of a picture."""
    for fact in deck.facts:
        image = fact.image.alt if fact.image else ""
        for key, question, answer in _cards(fact):
            front = f"{fact.about} {question} {image}" if key == "question" else question
            if re.search(rf"\b{re.escape(answer.casefold().removeprefix('the '))}(?!\w)", front.casefold()):
                yield Problem(fact.places[key], fact.id, f"the answer {answer!r} stands on the front", "reword it")


def no_tag_has_two_meanings(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A kind, a priority, a part and a tag of one name would be one tag in Anki, as would those that the tool gives."""
    meanings = {"kinds": deck.kinds, "priorities": deck.priorities, "parts": deck.parts, "tags": deck.tags}
    seen = {"added", "changed", "retired"}
    for key, names in meanings.items():
        for name in names:
            if name in seen:
                yield Problem(deck.places[key], "", f"{name!r} is a tag already", "give this one another name")
            seen.add(name)


def questions_differ(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """No two cards ask the same of the same picture: a learner would be asked twice and could answer either."""
    asked: dict[tuple[str, str], Place] = {}
    for fact in deck.facts:
        for key, question, _ in _cards(fact):
            image = fact.image.file if fact.image and key == "question" else ""
            plain = (" ".join(question.casefold().rstrip("?").split()), image)
            place = fact.places[key]
            if asked.setdefault(plain, place) != place:
                yield Problem(place, fact.id, f"the same question stands at {asked[plain]}", "reword or remove one")


def what_can_move_is_confirmed_within_a_year(deck: Deck, today: datetime.date) -> Iterator[Problem]:
    """A taught fact that can move is due a year after the date up to which its sources vouch for it.

    A warning: the deck stays true as of the dates on its cards, and a builder may not be the one who can look.
    """
    for fact in deck.facts:
        if fact.as_of and not fact.retired and fact.as_of.first_day() <= today - datetime.timedelta(days=365):
            what = f"as of {fact.as_of}, so due to be confirmed again"
            way_out = "look for newer sources, or ask for the past state with its date"
            yield Problem(fact.places["as_of"], fact.id, what, way_out, warning=True)


def _cards(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """The key, the question and the answer of each card that a fact makes."""
    yield "question", fact.question, str(fact.answer)
    if fact.reverse:
        yield "reverse", fact.reverse.question, fact.reverse.answer


RULES = (
    a_date_question_names_its_precision,
    a_deck_has_facts,
    a_fact_has_one_priority,
    a_replacement_is_taught,
    answers_are_short,
    as_of_is_not_in_the_future,
    every_picture_is_shown,
    every_source_is_cited,
    every_tag_is_used,
    no_front_gives_the_answer_away,
    no_tag_has_two_meanings,
    questions_differ,
    what_can_move_is_confirmed_within_a_year,
)
