"""Rules on the deck as a whole: tags, priorities, pictures, retired facts, practice questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set

from csto_anki.deck import practice, timeline
from csto_anki.deck.model import Deck, Fact
from csto_anki.deck.problem import ERROR, WARNING, Problem
from csto_anki.deck.similarity import closest
from csto_anki.note.order import teaching_order
from csto_anki.rules.common import problem_at, rule

MIN_QUESTIONS_TO_COMPARE = 6  # practice questions; if there are fewer, the letters of their answers are not counted
MAX_SHARE_OF_LETTER = 0.3  # of the practice questions in which a letter is right
MAX_SHARE_OF_NONE = 1 / 8  # of the practice questions that offer "None" or "Neither"
MAX_LISTED_PRIORITIES = 10


@rule(ERROR)
def a_deck_has_facts(deck: Deck) -> Iterator[Problem]:
    """A deck has at least one fact that is taught; an empty deck is a mistake."""
    if all(fact.retired for fact in deck.facts):
        yield Problem(deck.places["kinds"], "", "no fact that is taught in any card file", "add an entry")


@rule(ERROR)
def a_fact_has_one_priority(deck: Deck) -> Iterator[Problem]:
    """If a deck has priorities, each fact has exactly one, so that learners with little time know what to leave out."""
    for fact in deck.facts if deck.priorities else ():
        found = {tag for tag in fact.tags if tag in deck.priorities}
        if len(found) != 1:
            key = "tags" if "tags" in fact.places else "id"
            hint = f"give it one of {', '.join([*deck.priorities][:MAX_LISTED_PRIORITIES])}"
            yield problem_at(fact, key, f"{len(found)} priorities", hint)


@rule(ERROR)
def a_practice_question_comes_after_its_facts(deck: Deck) -> Iterator[Problem]:
    """A practice question tests only facts that are taught, and it is taught after them.

    So none of them has a lower priority than the question, and on the `path` in deck.yaml they come before it.
    """
    facts = {fact.id: (place, fact) for place, fact in enumerate(teaching_order(deck)) if not fact.retired}
    for place, question in facts.values():
        for number, id in enumerate(question.tests):
            tested_place, tested = facts.get(id, (0, question))
            if tested.statements:
                meant = closest(id, facts)
                hint = f"did you mean {meant!r}?" if id not in facts and meant else "name a fact that is taught"
                message = f"{id!r}, which it tests, is not a taught fact"
                yield problem_at(question, f"tests.{number}", message, hint)
            elif tested_place > place:
                yield _too_early(deck, question, number, tested)


def _too_early(deck: Deck, question: Fact, number: int, tested: Fact) -> Problem:
    """The problem of a question that is taught before the fact that it names as the `number`th of its `tests`."""
    message = f"it comes before {tested.id!r}, which it tests"
    if question.id not in deck.path or {*question.tags} & deck.priorities.keys() - {*tested.tags}:
        hint = "give it the priority of that fact, or a lower one"
        return problem_at(question, f"tests.{number}", message, hint)
    hint = "move it to a place after that fact" if tested.id in deck.path else "put that fact before it"
    place = deck.places[f"path.{deck.path.index(question.id)}"]
    return Problem(place, question.id, message, f"{hint} in `path`")


@rule(ERROR)
def a_replacement_is_taught(deck: Deck) -> Iterator[Problem]:
    """The fact that replaces a retired one exists, and is not retired itself."""
    taught = {fact.id for fact in deck.facts if not fact.retired}
    for fact in deck.facts:
        if fact.retired and fact.retired.replaced_by and fact.retired.replaced_by not in taught:
            message = f"{fact.retired.replaced_by!r}, which should replace it, is not taught"
            yield problem_at(fact, "retired.replaced_by", message, "name a fact that is taught, or none")


@rule(ERROR)
def every_picture_is_shown(deck: Deck) -> Iterator[Problem]:
    """Every picture file is shown by a fact. One that no fact shows is left over, and is not in the package."""
    shown = {timeline.NAME} | {picture.file for fact in deck.facts for _, picture in fact.pictures()}
    for name in deck.pictures:
        if name not in shown:
            place = deck.place_of(f"media/{name}")
            yield Problem(place, "", "no fact shows this picture", "show it in `image` or `answer_image`, or remove it")


@rule(WARNING)
def every_tag_is_used(deck: Deck) -> Iterator[Problem]:
    """Each tag of the deck is on at least one fact, because a search for an unused tag would find nothing.

    Each publisher under `news` and `standing` has at least one source.
    """
    used = {tag for fact in deck.facts for tag in fact.tags}
    for key, tags in (("tags", deck.tags), ("priorities", deck.priorities), ("parts", deck.parts)):
        for tag in tags:
            if tag not in used:
                yield Problem(deck.places[f"{key}.{tag}"], "", f"no fact has the tag {tag!r}", "use it or remove it")
    publishers = {source.publisher for source in deck.sources.values()}
    groups = {"news": deck.news} | {f"standing.{group}": names for group, names in deck.standing.items()}
    for key, names in groups.items():
        for number, name in enumerate(names):
            if name not in publishers:
                place = deck.places[f"{key}.{number}"]
                yield Problem(place, "", f"no source is from {name!r}", "fix the name or remove it")


@rule(WARNING)
def few_answers_are_none(deck: Deck) -> Iterator[Problem]:
    """If eight or more practice questions offer "None" or "Neither", it is the answer of at most one in eight.

    In the papers of 2023 to 2026 it is seldom right. Learners of a deck where it often is distrust every statement.
    """
    questions = _practice_questions(deck)
    options = {fact.id: practice.options(fact.ask, fact.statements, fact.id) for fact in questions}
    offering = [fact for fact in questions if any(option.is_none for option in options[fact.id])]
    none = [fact for fact in offering if any(option.is_none and option.is_right for option in options[fact.id])]
    if len(offering) * MAX_SHARE_OF_NONE >= 1 and len(none) > len(offering) * MAX_SHARE_OF_NONE:
        message = f'"None" or "Neither" is right in {len(none)} of the {len(offering)} practice questions that offer it'
        yield problem_at(none[-1], "id", message, "make one of its statements true")


def _practice_questions(deck: Deck) -> list[Fact]:
    """Those that are taught."""
    return [fact for fact in deck.facts if fact.statements and not fact.retired]


@rule(WARNING)
def no_answer_letter_dominates(deck: Deck) -> Iterator[Problem]:
    """If there are six or more practice questions, no letter, such as (a), is right in more than 30 per cent of them.

    Otherwise learners could guess it. Two of six are allowed.
    """
    questions = _practice_questions(deck)
    if len(questions) < MIN_QUESTIONS_TO_COMPARE:
        return
    for letter, count in Counter(fact.answer_text[:3] for fact in questions).items():
        if count > max(2, MAX_SHARE_OF_LETTER * len(questions)):
            last = [fact for fact in questions if fact.answer_text.startswith(letter)][-1]
            message = f"{letter} is right in {count} of {len(questions)} practice questions"
            hint = "change which of its statements are true, or their order"
            yield problem_at(last, "id", message, hint)


@rule(ERROR)
def no_tag_has_two_meanings(deck: Deck) -> Iterator[Problem]:
    """Kinds, priorities, parts and tags have different names, because all of them become tags in Anki.

    The names `added`, `changed` and `retired` are taken: the tool itself gives these tags.
    """
    meanings = {"kinds": deck.kinds, "priorities": deck.priorities, "parts": deck.parts, "tags": deck.tags}
    seen = {"added", "changed", "retired"}
    for key, names in meanings.items():
        for name in names:
            if name in seen:
                place = deck.places[f"{key}.{name}"]
                yield Problem(place, "", f"{name!r} is a tag already", "give this one another name")
            seen.add(name)


@rule(ERROR)
def the_path_names_taught_facts(deck: Deck) -> Iterator[Problem]:
    """The `path` in deck.yaml has only ids of facts that are taught, and each of them once."""
    taught = {fact.id: not fact.retired for fact in deck.facts}
    seen = set()
    for number, id in enumerate(deck.path):
        message, hint = "", "remove it"
        if id not in taught:
            meant = closest(id, taught)
            message, hint = f"there is no fact {id!r}", f"did you mean {meant!r}?" if meant else "remove it"
        elif not taught[id]:
            message = f"{id!r} is no longer taught"
        elif id in seen:
            message = f"{id!r} is here twice"
        if message:
            yield Problem(deck.places[f"path.{number}"], "", message, hint)
        seen.add(id)


@rule(ERROR)
def nothing_is_named_twice(deck: Deck) -> Iterator[Problem]:
    """A fact cites each place of a source once, and has each tag once. Its kind is a tag already.

    The statements of a practice question differ, and so do the facts that it tests.
    """
    for fact in deck.facts:
        cited, tagged = {*fact.sources}, {fact.kind, *fact.tags}
        if len(cited) == len(fact.sources) and len(tagged) == 1 + len(fact.tags) and not fact.statements:
            continue  # most facts
        sources = [f"{citation.source} {citation.where}".strip() for citation in fact.sources]
        yield from _repeated(fact, "sources", sources)
        yield from _repeated(fact, "tags", fact.tags, known={fact.kind})
        yield from _repeated(fact, "statements", [_folded(each.text) for each in fact.statements])
        yield from _repeated(fact, "tests", fact.tests)


def _folded(text: str) -> str:
    """A text without upper case, line breaks and full stop, to compare it."""
    return " ".join(text.casefold().split()).rstrip(".")


def _repeated(fact: Fact, key: str, names: Iterable[str], known: Set[str] = frozenset()) -> Iterator[Problem]:
    """A problem for each name that is there twice or that is `known` already, as the fact's kind is."""
    seen = set(known)
    for number, name in enumerate(names):
        if name in seen:
            if name == fact.kind:
                message, hint = f"{name!r} is its kind, and so a tag already", "remove it"
            else:
                message, hint = f"{name!r} is here twice", "remove one"
            yield problem_at(fact, f"{key}.{number}", message, hint)
        seen.add(name)
