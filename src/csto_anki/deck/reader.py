"""A folder of card files -> a deck, or every problem in any of its files.

There is a deck only if nothing is wrong, so that no later step has to doubt what it gets. Each function returns what it
could read together with the problems that it found.
"""

from __future__ import annotations

import os.path
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki import files
from csto_anki.deck import images, practice, timeline
from csto_anki.deck.keys import (
    DECK_KEYS,
    FACT_KEYS,
    NO_KINDS,
    SETTINGS_FILE,
    SOURCE_KEYS,
    SOURCES_FILE,
    WORDS_FILE,
    Entry,
    pairs,
    read_entry,
)
from csto_anki.deck.model import Deck, Fact, Source
from csto_anki.deck.parser import MAX_FILE_BYTES, Lines, Node, parse
from csto_anki.deck.problem import Place, Places, Problem
from csto_anki.deck.similarity import closest
from csto_anki.deck.values import KEBAB_CASE, Invalid, kebab_case
from csto_anki.language.english import ENGLISH
from csto_anki.language.known import build, known
from csto_anki.language.words import Words

MEDIA = "media"
_ENTRY_NAME = rb"(?m)^[\"']?([a-z0-9-]+)[\"']?[ \t]*:"
_KEBAB_CASE = re.compile(KEBAB_CASE)
MAX_GUESSES = 500  # unknown names for which a known one is looked up; it takes a while
MAX_PROBLEMS = 20_000  # of all files; then no further entry is read, because the problems would fill the memory
# Of all card files together; 100,000 facts like those on the CSTO have 115 MB.
MAX_ALL_FILES_BYTES = 150_000_000
MAX_FACTS = 120_000
EXCLUSIVE = "keys-apart"  # the code of keys that exclude each other


class _Names(NamedTuple):
    """The tags and sources that a fact may name; None if the file that lists them cannot be read."""

    tags: set[str] | None
    sources: Mapping[str, Source] | None


def read(folder: Path) -> tuple[Deck | None, list[Problem]]:
    """Read a folder of card files.

    Returns the deck and no problems; or None and every problem in any file, in the order of their places. Bad content
    raises nothing.
    """
    if not os.path.isdir(folder):  # noqa: PTH112  # Path.is_dir can raise
        message, hint = "there is no such folder", "name a deck's folder with --cards"
        return None, [Problem(Place(folder.as_posix()), "", message, hint, code="wrong-file")]
    settings, places, problems = _settings(folder)
    words, found = words_of(folder, settings.get("language", "en"), places.get("language", Place("")))
    problems += found
    sources, found = _sources(folder)
    problems += found
    card_files, found = _card_files(folder, settings.get("kinds"))
    problems += found
    facts, found = _facts(card_files, _Names(_tags(settings, places), sources), words)
    problems += [*found, *doubled_ids(facts)]
    pictures, found = pictures_of(folder, facts, words)
    problems += found
    if problems:
        return None, sorted(problems)
    return Deck(
        **settings, sources=sources or {}, facts=tuple(facts), places=places, pictures=pictures, words=words
    ), []


def words_of(folder: Path, language: str, place: Place) -> tuple[Words, list[Problem]]:
    """The words of a deck's language: those of its file words.yaml, else those that csto-anki has.

    Without them it returns the English ones, and the problem at `place`, where the language is named.
    """
    path = folder / WORDS_FILE
    if not os.path.lexists(path):
        found = known(language)
        hint = f"translate csto-anki's words into {path.as_posix()}; csto-anki translate --words prints them"
        message = f"csto-anki has no words in {language!r}, such as the months"
        return found or ENGLISH, [] if found else [Problem(place, "", message, hint, code="no-words")]
    root, problems, _ = parse_file(path)
    if problems:
        return ENGLISH, problems
    whole = root or Node("mapping", Lines(path.as_posix(), []))
    if problems := list(_faults_of_pairs(whole)):
        return ENGLISH, problems
    built, faults = build(language, _plain(whole))
    places = places_of({key.text: value for key, value in pairs(whole)[0]}).all()
    return built or ENGLISH, [
        Problem(_nearest(places, fault.key, path), "", fault.message, fault.hint, code="no-words") for fault in faults
    ]


def _faults_of_pairs(node: Node) -> Iterator[Problem]:
    """What is wrong with the keys of a mapping and of those in it: keys that are there twice, and lists as keys."""
    found, problems = pairs(node)
    yield from problems
    for _, value in found:
        if value.kind == "mapping":
            yield from _faults_of_pairs(value)


def _plain(node: Node) -> Any:
    """A piece of YAML as texts in lists and mappings."""
    if node.kind == "text":
        return node.text
    if node.kind == "list":
        return [_plain(each) for each in node.children]
    return {name.text: _plain(value) for name, value in zip(node.children[::2], node.children[1::2], strict=True)}


def _nearest(places: Mapping[str, Place], key: str, path: Path) -> Place:
    """The place of a key such as `card.hint`, or of what should have it."""
    while key and key not in places:
        key = key.rpartition(".")[0]
    return places[key] if key else Place(path.as_posix())


def _settings(folder: Path) -> tuple[dict[str, Any], dict[str, Place], list[Problem]]:
    file = folder / SETTINGS_FILE
    root, problems, is_whole = parse_file(file)
    if not is_whole:
        return {}, {}, problems + (pairs(root)[1] if root else [])
    entry = read_entry(root or Node("mapping", Lines("", [])), DECK_KEYS, place=Place(file.as_posix()))
    places = places_of(entry.nodes).all()
    for key, node in entry.nodes.items():  # the place of a tag or kind is that of its name, not of its meaning
        if node.kind == "mapping":
            places |= {f"{key}.{name.text}": name.place for name in node.children[::2]}
    return entry.values, places, problems + entry.problems


def _tags(settings: Mapping[str, Any], places: Mapping[str, Place]) -> set[str] | None:
    """All tags that a fact can have; None if deck.yaml does not say."""
    optional = {"priorities", "parts"} & places.keys()
    if not {"kinds", "tags", *optional} <= settings.keys():
        return None
    return {tag for key in ("kinds", "tags", *optional) for tag in settings[key]}


def _sources(folder: Path) -> tuple[dict[str, Source] | None, list[Problem]]:
    """The sources by key, including faulty ones, so that these do not look unknown; None if not all can be known."""
    entries, is_whole, problems = entries_of(folder / SOURCES_FILE)
    sources = {}
    for key, node in entries:
        values, nodes, found = _entry(key, node, SOURCE_KEYS)
        problems += found
        if found:
            values = {"title": "", "publisher": "", "url": ""}
        sources[key.text] = Source(key.text, place=key.place, places=places_of(nodes), **values)
    return sources if is_whole else None, problems


def _entry(key: Node, node: Node, keys: Mapping[str, Any]) -> Entry:
    entry = read_entry(node, keys, key.text, key.place)
    try:
        kebab_case(key)
    except Invalid as error:
        entry.problems[:0] = error.problems
    return entry


def _card_files(folder: Path, kinds: Mapping[str, str] | None) -> tuple[list[Path], list[Problem]]:
    """The card files in learning order; all that there are if deck.yaml cannot be read (`kinds` is None)."""
    found = sorted(folder.glob("[!.]*"))
    problems = list(wrong_endings(folder))
    card_files = [file for file in found if file.suffix == ".yaml" and file.name not in NO_KINDS]
    if kinds is None:
        return card_files, problems
    listed = [folder / f"{kind}.yaml" for kind in kinds]
    missing = [file for file in listed if not os.path.lexists(file)]
    for file in missing:
        hint = f"create it, or remove {file.stem!r} from kinds in {SETTINGS_FILE}"
        problems.append(Problem(Place(file.as_posix()), "", "there is no such file", hint, code="wrong-file"))
    strays = [file for file in card_files if file.stem not in kinds]
    copies = _copies(strays, [*listed, folder / SETTINGS_FILE, folder / SOURCES_FILE])
    for stray in strays:
        message = f"the kind {stray.stem!r} is not listed"
        hint = f"add it to kinds in {SETTINGS_FILE}, at its place in the learning order"
        if original := copies.get(stray):
            message = f"a copy of {original.name}, as a program that syncs or merges leaves it"
            hint = f"compare the two, keep what is right in {original.name}, and delete this file"
        problems.append(Problem(Place(stray.as_posix()), "", message, hint, code="wrong-file"))
    there = [file for file in listed if file not in missing]
    return there + [stray for stray in strays if stray not in copies], problems


def wrong_endings(folder: Path) -> Iterator[Problem]:
    """The files of a folder that look like YAML but are not read, because of the ends of their names."""
    for stray in sorted(folder.glob("[!.]*")):
        if stray.suffix != ".yaml" and stray.name.casefold().endswith((".yaml", ".yml", ".yaml.txt", ".yml.txt")):
            right = folder / f"{stray.name.partition('.')[0]}.yaml"
            hint = f"compare it with {right.name}, and delete it" if right.exists() else f"rename it to {right.name}"
            yield Problem(Place(stray.as_posix()), "", "a file that is not read", hint, code="wrong-file")


def _copies(strays: list[Path], listed: list[Path]) -> dict[Path, Path]:
    """The files that are copies of others, each with its original: by their names, or by half of their entries."""
    if not strays:
        return {}
    of_entry = {entry: file for file in listed for entry in _entry_names(file)}
    copies = {}
    for stray in strays:
        names = _entry_names(stray)
        originals = Counter(of_entry[name] for name in names if name in of_entry)
        named = [file for file in listed if _looks_like_a_copy(stray.stem, file.stem)]
        if named or (originals and 2 * originals.most_common(1)[0][1] >= len(names)):
            copies[stray] = named[0] if named else originals.most_common(1)[0][0]
    return copies


def _looks_like_a_copy(name: str, original: str) -> bool:
    """Whether a file is named as programs name a second `dates`: no kind can have such a name."""
    stem = name.casefold().removeprefix("copy of ")
    return (
        stem.startswith(original) and not _KEBAB_CASE.fullmatch(name) and not stem.removeprefix(original)[:1].isalpha()
    )


def _entry_names(file: Path) -> set[bytes]:
    """The names of the entries of a file, without parsing it; none if it cannot be read."""
    try:
        return set(re.findall(_ENTRY_NAME, files.load(file, file.parent, MAX_FILE_BYTES)))
    except files.Refused:
        return set()


def _facts(card_files: Iterable[Path], names: _Names, words: Words) -> tuple[list[Fact], list[Problem]]:
    """The facts of all card files; a faulty one has its id and its place, so that doubled ids can be found."""
    facts: list[Fact] = []
    problems: list[Problem] = []
    guesses = 0
    left = MAX_ALL_FILES_BYTES
    for file in card_files:
        if len(problems) > MAX_PROBLEMS:
            break
        left -= file.stat().st_size if file.is_file() else 0
        if left < 0:
            place, message = Place(file.as_posix()), f"card files of more than {MAX_ALL_FILES_BYTES:,} bytes together"
            problems.append(Problem(place, "", message, "make it two decks", code="too-much"))
            break
        entries, _, found = entries_of(file)
        problems += found
        for key, node in entries:
            if len(problems) > MAX_PROBLEMS:
                return facts, problems
            if len(facts) == MAX_FACTS:
                message = f"more than {MAX_FACTS:,} facts"
                return facts, [*problems, Problem(key.place, "", message, "make it two decks", code="too-much")]
            fact, found = _fact(file.stem, key, node, names, words, guess=guesses < MAX_GUESSES)
            guesses += sum(problem.code in ("unknown-source", "unknown-tag") for problem in found)
            facts.append(fact)
            problems += found
    return facts, problems


def _fact(kind: str, key: Node, node: Node, names: _Names, words: Words, guess: bool) -> tuple[Fact, list[Problem]]:
    name = key.text
    values, nodes, problems = _entry(key, node, FACT_KEYS)
    if node.kind == "mapping":
        problems += _exclusive_keys(key, name, nodes)
    if "sources" in nodes and names.sources is not None:
        problems += _unknown(nodes["sources"], name, "source", names.sources, SOURCES_FILE, guess)
    if "tags" in nodes and names.tags is not None:
        problems += _unknown(nodes["tags"], name, "tag", names.tags, SETTINGS_FILE, guess)
    if "date" in values:
        values["answer"] = values.pop("date")
    places = places_of({"id": key, **nodes})
    if not problems and "statements" in values:
        values["answer"] = ""
        problems += form_faults(Fact(name, kind, places=places, **values))
        if not problems:
            values["answer"] = practice.answer(practice.options(values["ask"], values["statements"], name, words))
    if problems:
        values = {"question": "", "answer": "", "sources": ()}
    return Fact(name, kind, places=places, words=words, **values), problems


def places_of(nodes: Mapping[str, Node]) -> Places:
    """The places of the values of an entry, and of what is in them, by keys such as `statements.0.text`."""
    keys: list[str] = []
    numbers: list[int] = []  # four for each key, as Places wants them
    _add_places(nodes.items(), "", keys, numbers)
    part = next((node.part for node in nodes.values()), Lines("", []))  # all nodes have the same
    return Places(part.path, tuple(keys), numbers, part.above)


def _add_places(named: Iterable[tuple[str, Node]], prefix: str, keys: list[str], numbers: list[int]) -> None:
    for name, node in named:
        key = prefix + name
        keys.append(key)
        start, stop = node.start, node.stop
        numbers += (start.line, start.column, stop.line, stop.column) if stop else (start.line, start.column, -1, -1)
        if node.children and prefix.count(".") < 2:  # no valid value is deeper
            _add_places(_children(key, node), f"{key}.", keys, numbers)


def _children(key: str, node: Node) -> Iterable[tuple[str, Node]]:
    if key == "accept":  # the place of an accepted code is that of the code, not of its reason
        return [(code.text, code) for code in node.children[::2]]
    if node.kind == "list":
        return zip(map(str, range(len(node.children))), node.children, strict=True)
    return zip([name.text for name in node.children[::2]], node.children[1::2], strict=True)


def _exclusive_keys(key: Node, id: str, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Problems with keys that exclude each other, such as answer and date, or that need another, such as ask."""
    given = [name for name in ("answer", "date", "statements") if name in nodes]
    if not given:
        message = "neither an answer nor a date nor statements"
        yield Problem(key.place, id, message, "give one of them", code="missing-key")
    for second in given[1:]:
        message = f"{given[0]} and {second} together"
        yield Problem(nodes[second].place, id, message, "keep one of them", code=EXCLUSIVE)
    if "statements" in nodes and "ask" not in nodes:
        hint = f"add one of {', '.join(practice.FORMS)}"
        yield Problem(nodes["statements"].place, id, "statements without the key 'ask'", hint, code="missing-key")
    if "statements" in nodes and "reverse" in nodes:
        message, hint = "statements cannot be turned round", "remove the reverse"
        yield Problem(nodes["reverse"].place, id, message, hint, code=EXCLUSIVE)
    if "changed" in nodes and "reworded" in nodes:
        message, hint = "changed and reworded together", "keep the one that describes the last change"
        yield Problem(nodes["reworded"].place, id, message, hint, code=EXCLUSIVE)
    if "timeline" in nodes and "date" not in nodes:
        message, hint = "a place on the timeline without a date", "give a date or remove it"
        yield Problem(nodes["timeline"].place, id, message, hint, code=EXCLUSIVE)
    for name in ("ask", "columns", "predicate", "tests"):
        if name in nodes and "statements" not in nodes:
            yield Problem(
                nodes[name].place, id, f"{name!r} without statements", "add them or remove it", code=EXCLUSIVE
            )


def form_faults(fact: Fact) -> Iterator[Problem]:
    """What keeps a practice question from having exactly one right option."""
    for fault in practice.faults(fact.ask, fact.statements, fact.columns, fact.predicate, fact.id):
        yield Problem(fact.places[fault.key], fact.id, fault.message, fault.hint, code="no-option")


def _unknown(node: Node, id: str, noun: str, known: Iterable[str], file: str, guess: bool) -> Iterator[Problem]:
    """The items of a list whose first word is not known; what else is wrong with an item is reported elsewhere.

    If `guess`, the hint names the known name that was probably meant.
    """
    for item in node.children if node.kind == "list" else []:
        words = item.text.split(maxsplit=1)
        if words and words[0] not in known:
            name = words[0]
            meant = closest(name, known) if guess else ""
            hint = f"did you mean {meant!r}? or add it to {file}" if meant else f"add it to {file}"
            yield Problem(item.place, id, f"the unknown {noun} {name!r}", hint, code=f"unknown-{noun}")


def doubled_ids(facts: list[Fact]) -> Iterator[Problem]:
    """Facts whose id another file has, too; inside one file it is a doubled key, which is reported already."""
    first: dict[str, Fact] = {}
    for fact in facts:
        if (same := first.setdefault(fact.id, fact)) is fact:
            continue
        other, place = same.places["id"], fact.places["id"]
        if other.path != place.path:
            message, hint = f"this id is at {other}, too", "give the newer fact another id"
            yield Problem(place, fact.id, message, hint, code="doubled-id")


def pictures_of(deck: Path, facts: list[Fact], words: Words) -> tuple[Mapping[str, bytes], list[Problem]]:
    """All pictures that a fact can show, the timeline included; a fact that shows another one is a problem."""
    folder = deck / MEDIA
    pictures, problems = images.read(folder, deck)
    drawn, found = drawn_timeline(facts, words)
    if drawn:
        problems += found
        if timeline.NAME in pictures:
            place, message = Place((folder / timeline.NAME).as_posix()), "a picture with the name of the drawn timeline"
            problems.append(Problem(place, "", message, "give it another name", code=images.BAD_PICTURE))
        pictures[timeline.NAME] = drawn
    for fact in facts:
        for key, shown in fact.pictures():
            if shown.file not in pictures:
                meant = closest(shown.file, pictures)
                hint = f"did you mean {meant!r}?" if meant else f"put it into {folder.as_posix()}"
                message = f"there is no picture {shown.file!r}"
                problems.append(Problem(fact.places[key], fact.id, message, hint, code="unknown-picture"))
    return pictures, problems


def drawn_timeline(facts: list[Fact], words: Words) -> tuple[bytes, list[Problem]]:
    """The timeline as a picture, empty if there is none, and a problem if it is too large."""
    drawn = timeline.draw(facts, words)
    if len(drawn) <= images.MAX_PICTURE_BYTES:
        return drawn, []
    last = max((fact for fact in facts if fact.timeline), key=lambda fact: fact.places["id"])
    message, hint = f"it makes the timeline {len(drawn):,} bytes large", "put fewer facts on it"
    return drawn, [Problem(last.places["timeline"], last.id, message, hint, code=images.BAD_PICTURE)]


def entries_of(file: Path) -> tuple[list[tuple[Node, Node]], bool, list[Problem]]:
    """The entries of a file, without doubled ones, and whether these are all."""
    root, problems, is_whole = parse_file(file)
    if root is None:
        return [], is_whole, problems
    found, faults = pairs(root)
    return found, is_whole and root.kind == "mapping", problems + faults


def parse_file(file: Path) -> tuple[Node | None, list[Problem], bool]:
    """The YAML of a file, its problems, and whether it was read whole."""
    path = file.as_posix()
    try:
        data = files.load(file, file.parent, MAX_FILE_BYTES)
    except files.Refused as error:
        return None, [Problem(Place(path), "", error.message, error.hint, code="wrong-file")], False
    return parse(path, data)
