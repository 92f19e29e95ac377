"""A folder of translations -> an edition: the same deck in another language.

The folder is in that of the original deck and has the name of the language, such as `cards/hi`. It holds only what is
language; dates, sources, tags, pictures, order and `as_of` are those of the original. A fact without a translation is
left out. Each translation has a digest of the wording that it translates, so that nobody misses what has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from csto_anki import files
from csto_anki.deck import images, practice, reader, values
from csto_anki.deck.keys import (
    EDITION_FILE,
    EDITION_KEYS,
    GLOSSARY_FILE,
    NO_KINDS,
    READ_NAMES,
    TERM_KEYS,
    TRANSLATION_KEYS,
    WORDS_FILE,
    read_entry,
)
from csto_anki.deck.model import Date, Deck, Fact, Picture, Retired, Term
from csto_anki.deck.parser import Lines, Node
from csto_anki.deck.problem import Place, Problem
from csto_anki.deck.similarity import closest
from csto_anki.deck.timeline import NAME as TIMELINE
from csto_anki.language.words import Words

MAX_NAME_LENGTH = 40  # of a language
FAULT = "wrong-translation"  # the code of problems of translations beside their original
_LEADS_OUT = "a link that leads out of the deck's folder"
# Names of the deck that learners read, so that an edition needs all of them in its language.
NAMED = ("kinds", "priorities", "parts", "tags", *READ_NAMES)
# The values of a fact that are its wording. A translation needs each that the original has, except a mnemonic.
_SIMPLE = ("about", "question", "predicate", "detail", "mnemonic", "timeline")


def read(folder: Path) -> tuple[Deck | None, list[Problem]]:
    """Read a folder of card files or of translations.

    Returns the deck and no problems; or None and every problem, in the order of their places. If the original deck of
    translations has problems, these are all.
    """
    if not is_edition(folder):
        return reader.read(folder)
    if files.leads_out(folder, files.parent(folder)):
        return None, [Problem(_file(folder), "", _LEADS_OUT, "put the folder itself here", code="wrong-file")]
    original, problems = reader.read(files.parent(folder))
    if original is None:
        return None, problems
    if fault := fault_of_language(files.name(folder), original):
        return None, [Problem(_file(folder), "", *fault, code="wrong-file")]
    return _read(folder, original)


def _read(folder: Path, original: Deck) -> tuple[Deck | None, list[Problem]]:
    """The edition of a sound deck, or None and every problem."""
    language = files.name(folder)
    words, problems = reader.words_of(folder, language, _file(folder))
    problems += _faults_of_name(folder, words)
    settings, places, found = _settings(folder, original)
    problems += found
    facts, found = _facts(folder, original, words)
    problems += found
    pictures, found = _pictures(folder, original, facts, words)
    problems += found
    glossary, found = terms(folder)
    problems += found
    if problems:
        return None, sorted(problems)
    ids = {fact.id for fact in facts}
    return replace(
        original,
        **settings,
        **_frozen(original, language, words),
        sources=_cited(original, facts),
        facts=tuple(facts),
        path=tuple(id for id in original.path if id in ids),
        pictures=pictures,
        places={**original.places, **places},
        words=words,
        terms=glossary,
        original=original,
    ), []


def _frozen(original: Deck, language: str, words: Words) -> dict[str, Any]:
    """What tells Anki which deck it is: an edition has a deck and a note type of its own, for ever."""
    return {
        "language": language,
        "deck_id": _number(original.deck_id, language),
        "note_type": f"{original.note_type} ({words.name}{f', {language}' if '-' in language else ''})",
        "note_type_id": _number(original.note_type_id, language),
    }


def _faults_of_name(folder: Path, words: Words) -> Iterator[Problem]:
    """What is wrong with the name of the language, which is a part of the note type's name in Anki."""
    if not re.fullmatch(values.ANKI_NAME, words.name) or len(words.name) > MAX_NAME_LENGTH or "::" in words.name:
        message = f"{words.name[:MAX_NAME_LENGTH]!r} is not the name of a language"
        place = Place((folder / WORDS_FILE).as_posix())
        hint = f"write `name` in one line without quotes and colons, of at most {MAX_NAME_LENGTH} characters"
        yield Problem(place, "", message, hint, code="no-words")


def _file(folder: Path) -> Place:
    return Place((folder / EDITION_FILE).as_posix())


def is_edition(folder: Path) -> bool:
    """Whether a folder holds translations."""
    return os.path.lexists(folder / EDITION_FILE)


def editions(folder: Path) -> list[Path]:
    """The folders of all editions of the deck in a folder, in alphabetical order."""
    if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir and Path.glob can raise
        return []
    found = (path.parent for path in folder.glob(f"*/{EDITION_FILE}"))
    return sorted(each for each in found if not files.leads_out(each, folder))


def digest(fact: Fact) -> str:
    """A short digest of the wording of a fact, which tells whether a translation is of this wording."""
    import json  # here, because only editions need it

    verdicts = [[each.correct, each.explains, each.date] for each in fact.statements]
    return _sha256(json.dumps([fact.wording(), str(fact.answer), verdicts])).hex()[:8]


def is_behind(fact: Fact) -> bool:
    """Whether a translated fact is not of the present wording of its original."""
    return fact.original is not None and fact.translates != digest(fact.original)


def fault_of_language(code: str, original: Deck) -> tuple[str, str] | None:
    """Why there can be no edition of a deck in a language: message and hint; None if there can."""
    tags = {*original.kinds, *original.tags, *original.priorities, *original.parts, "retired"}
    message = ""
    if not re.fullmatch(values.LANGUAGE, code):
        message = f"the folder {code!r} is not named by a language code"
    elif code == original.language:
        message = f"{code!r} is the language of the original"
    elif any(f"-{code}".endswith(f"-{tag}") for tag in tags):
        message = f"{code!r} is or ends in a tag of the deck, so files would have the same names"
    return (message, "name the folder by the code of another language, such as hi (BCP 47)") if message else None


def _number(number: int, language: str) -> int:
    """The number of a deck or note type in another language, for ever."""
    return int.from_bytes(_sha256(f"{number} {language}")[:6], "big")


def _sha256(text: str) -> bytes:
    import hashlib  # here, because only editions need it

    return hashlib.sha256(text.encode()).digest()


def _settings(folder: Path, original: Deck) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    file = folder / EDITION_FILE
    root, problems, is_whole = reader.parse_file(file)
    if not is_whole:
        return {}, {}, problems
    entry = read_entry(root or Node("mapping", Lines("", [])), EDITION_KEYS, place=Place(file.as_posix()))
    places = reader.places_of(entry.nodes).all()
    problems += entry.problems
    settings = dict(entry.values)
    if "title" in settings and settings["title"].casefold() in _other_titles(folder, original):
        hint = "give it another title: Anki would put both into one deck"
        problems.append(Problem(places["title"], "", "the title of the original or another edition", hint, code=FAULT))
    if settings.get("description") == original.description:
        message, hint = "the description of the original", "write it in this language"
        problems.append(Problem(places["description"], "", message, hint, code=FAULT))
    for key in NAMED:
        names = getattr(original, key)
        given = settings.pop(key, {})
        place = places.get(key, Place(file.as_posix()))
        if key in entry.values or key not in entry.nodes:  # otherwise its value is invalid, which is reported
            problems += _name_faults(key, names, given, place)
        if not problems:
            settings[key] = names if not given else _renamed(key, names, given)
    settings["accept"] = settings.get("accept", {})
    # The place of a kind or tag is where the original has it; that of `kinds` says which folder the deck is in.
    own = {key: place for key, place in places.items() if key.partition(".")[0] not in NAMED or key == "kinds"}
    return settings, {**_renamed_places(original, entry.values), **own}, problems


def _renamed_places(original: Deck, given: Mapping[str, Any]) -> dict[str, Place]:
    """The places of the original's exams and groups by their names in this language."""
    found = {}
    for key, place in original.places.items():
        part, _, rest = key.partition(".")
        for old in (rest, rest.rpartition(".")[0]) if part in READ_NAMES else ():
            if new := given.get(part, {}).get(old):
                found[f"{part}.{new}{rest.removeprefix(old)}"] = place
    return found


def _other_titles(folder: Path, original: Deck) -> set[str]:
    """The titles of the original and of its other editions, as far as they can be read, in lowercase."""
    found = {original.title.casefold()}
    for other in editions(files.parent(folder)):
        if other.name != files.name(folder):
            entries, _, _ = reader.entries_of(other / EDITION_FILE)
            found |= {value.text.casefold() for key, value in entries if key.text == "title"}
    return found


def _name_faults(key: str, names: Mapping[str, Any], given: Mapping[str, str], place: Place) -> Iterator[Problem]:
    for name in names:
        if name not in given:
            message, hint = f"{name!r} of the original's `{key}` is missing", "add it in the words of this language"
            yield Problem(place, "", message, hint, code=FAULT)
    for name in given:
        if name not in names:
            yield Problem(place, "", f"{name!r} is not in the original's `{key}`", "remove it", code=FAULT)
    for name, words in given.items():
        if key in READ_NAMES and [*given.values()].count(words) > 1:
            yield Problem(place, "", f"{name!r} has the same name as another one", "give each its own", code=FAULT)
    if given and given == names:
        yield Problem(place, "", f"`{key}` is still in the words of the original", "translate it", code=FAULT)


def _renamed(key: str, names: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The names in the words of the language: of tags the meanings, of exams and groups the names themselves."""
    if key in READ_NAMES:
        return {given[name]: value for name, value in names.items()}
    return {name: given[name] for name in names}


def _cited(original: Deck, facts: list[Fact]) -> dict[str, Any]:
    cited = {citation.source for fact in facts for citation in fact.sources}
    return {key: source for key, source in original.sources.items() if key in cited}


def _facts(folder: Path, original: Deck, words: Words) -> tuple[list[Fact], list[Problem]]:
    """The translated facts in the order of the original."""
    originals = {fact.id: fact for fact in original.facts}
    found: list[Fact] = []
    problems = list(reader.wrong_endings(folder))
    strays = {file for file in folder.glob("[!.]*.yaml") if file.stem not in original.kinds}
    for file in sorted(strays):
        if file.name not in NO_KINDS:
            hint = "name it as the file of the original that it translates"
            problems.append(Problem(Place(file.as_posix()), "", "a file that is not read", hint, code="wrong-file"))
    for kind in original.kinds:
        file = folder / f"{kind}.yaml"
        entries, _, faults = reader.entries_of(file) if os.path.lexists(file) else ([], True, [])
        problems += faults
        for key, node in entries:
            if len(problems) > reader.MAX_PROBLEMS:
                return found, problems
            fact, faults = _fact(key, node, originals, kind, words, guess=len(problems) < reader.MAX_GUESSES)
            problems += faults
            if fact:
                found.append(fact)
    problems += reader.doubled_ids(found)
    ids = {fact.id for fact in found}
    order = {fact.id: place for place, fact in enumerate(original.facts)}
    return [_within(fact, ids) for fact in sorted(found, key=lambda fact: order[fact.id])], problems


def _within(fact: Fact, ids: set[str]) -> Fact:
    """The fact without what it says of facts that have no translation."""
    tests = tuple(id for id in fact.tests if id in ids)
    retired = fact.retired
    if retired and retired.replaced_by not in ids:
        retired = retired._replace(replaced_by="")
    return replace(fact, tests=tests, retired=retired)


def _fact(
    key: Node, node: Node, originals: Mapping[str, Fact], kind: str, words: Words, guess: bool
) -> tuple[Fact | None, list[Problem]]:
    id = key.text
    entry = read_entry(node, TRANSLATION_KEYS, id, key.place)
    if (original := originals.get(id)) is None:
        meant = closest(id, originals) if guess else ""
        hint = f"did you mean {meant!r}?" if meant else "name the id of a fact of the original"
        return None, [*entry.problems, Problem(key.place, id, "the original has no such fact", hint, code="unknown-id")]
    places = {**dict(original.places), **reader.places_of({"id": key, **entry.nodes}).all()}
    problems = entry.problems
    if original.kind != kind:
        hint = f"move it to {original.kind}.yaml"
        problems.append(Problem(key.place, id, f"the original is in {original.kind}.yaml", hint, code=FAULT))
    if not problems:
        problems = [
            Problem(entry.nodes.get(name, key).place, id, message, hint, code=FAULT)
            for name, message, hint in _faults(entry.values, original)
        ]
    if problems:
        return None, problems
    fact = _translated(entry.values, original, places, words)
    if fact.statements:
        problems += reader.form_faults(fact)
    return fact, problems


def _faults(given: Mapping[str, Any], original: Fact) -> Iterator[tuple[str, str, str]]:
    """What a translation lacks or has too much, beside its original: key, message and hint."""
    wanted = _wanted(original)
    for key, is_wanted in wanted.items():
        if key in given and not is_wanted:
            yield key, f"{key!r}, which the original does not have", "remove it"
        elif key not in given and is_wanted and key != "mnemonic":
            yield key, f"{key!r} is missing, which the original has", "translate it"
    for key in ("statements", "columns"):
        if wanted[key] and key in given and len(given[key]) != len(getattr(original, key)):
            message = f"{len(given[key])} {key}, but the original has {len(getattr(original, key))}"
            yield key, message, "translate each, in the order of the original"
    if original.reverse and "reverse" in given and bool(original.reverse.about) and not given["reverse"].about:
        yield "reverse", "no `about` in the reverse, which the original has", "translate it"
    if given.get("question") == original.question:
        yield "question", "the question is still in the words of the original", "translate it"
    if "changed" in given and "reworded" in given:
        yield "reworded", "changed and reworded together", "keep the one that describes the last change"


def _wanted(original: Fact) -> dict[str, bool]:
    """Whether a translation needs each key. A mnemonic can be its own."""
    is_text = not original.statements and not isinstance(original.answer, Date)
    return {
        **{key: bool(getattr(original, key)) for key in _SIMPLE},
        "answer": is_text,
        "mnemonic": True,
        **{key: bool(getattr(original, key)) for key in ("statements", "columns", "reverse", "retired")},
        **{key: getattr(original, key) is not None for key in ("image", "answer_image")},
    }


def _translated(given: Mapping[str, Any], original: Fact, places: Mapping[str, Place], words: Words) -> Fact:
    """The original in the words of its translation, which has no faults."""
    changes: dict[str, Any] = {key: given.get(key, "") for key in (*_SIMPLE, "changed", "reworded", "translates")}
    changes["answer"] = given.get("answer", original.answer)
    changes["columns"] = given.get("columns", ())
    changes["reverse"] = given.get("reverse")
    for key, picture in original.pictures():
        changes[key] = Picture(picture.file, given[key])
    if original.retired:
        changes["retired"] = Retired(given["retired"], original.retired.replaced_by)
    if original.statements:
        pairs = zip(original.statements, given["statements"], strict=True)
        statements = tuple(own._replace(text=each.text, why=each.why) for own, each in pairs)
        options = practice.options(original.ask, statements, original.id, words)
        changes |= {"statements": statements, "answer": practice.answer(options)}
    accept = given.get("accept", {})
    return replace(original, **changes, accept=accept, places=places, words=words, original=original)


def _pictures(
    folder: Path, original: Deck, facts: list[Fact], words: Words
) -> tuple[Mapping[str, bytes], list[Problem]]:
    """The pictures that the edition shows: its own, and those of the original that have no words."""
    own, problems = images.read(folder / reader.MEDIA, folder)
    for name in own:
        if name not in original.pictures:
            place = Place((folder / reader.MEDIA / name).as_posix())
            message = "the original has no such picture"
            problems.append(Problem(place, "", message, "remove it", code=images.BAD_PICTURE))
    drawn, found = reader.drawn_timeline(facts, words)
    shown = {picture.file for fact in facts for _, picture in fact.pictures()} | {TIMELINE}
    pictures = {name: data for name, data in {**original.pictures, **own}.items() if name in shown and name != TIMELINE}
    return pictures | ({TIMELINE: drawn} if drawn else {}), problems + found


def terms(folder: Path) -> tuple[dict[str, Term], list[Problem]]:
    """The terms of the glossary by their names in the language of the original; none if there is no glossary."""
    file = folder / GLOSSARY_FILE
    entries, _, problems = reader.entries_of(file) if os.path.lexists(file) else ([], True, [])
    found = {}
    for key, node in entries:
        entry = read_entry(node, TERM_KEYS, place=key.place)
        faults = entry.problems
        if "\n" in key.text or not key.text.strip():
            faults.append(Problem(key.place, "", f"{key.text!r} is not a term", "write it in one line", code=FAULT))
        problems += faults
        if not faults:
            given = entry.values
            found[key.text] = Term(given["word"], given.get("seen", ""), given.get("not", ()), key.place)
    return found, problems
