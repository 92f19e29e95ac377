"""Make decks of any size from the real cards.

A corpus begins with the real facts. Each further round repeats all of them for another organisation: ids get another
end, and names get other first letters, so that no two questions are the same and names are as rare as in real texts.
Dates and small English words stay. All rounds cite the same sources.
"""

from __future__ import annotations

import datetime
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from csto_anki.deck.reader import read
from csto_anki.history.record import Released, dump
from csto_anki.language.english import ENGLISH
from csto_anki.note.contents import contents
from csto_anki.rules.english import STOP_WORDS

START = re.compile(r"^([a-z0-9-]+):\n", re.MULTILINE)
NAME = re.compile(r"\b[A-Z]\w*|\b[\u0410-\u042f][\u0400-\u04ff]*")
OTHER_ID = re.compile(r"^(    [a-z]+(?:-[a-z]+)+ |    replaced_by: )([a-z0-9-]+)(?=:|$)", re.MULTILINE)
TIMELINE = re.compile(r"^  timeline: .*\n(?: {4}.*\n)*", re.MULTILINE)
BARE = re.compile(r'^(  (?:detail|mnemonic): "?)(?=\w)', re.MULTILINE)  # may have no name to change
LONG = re.compile(r"^ +answer: (?:.{66,}|\|)$", re.MULTILINE)  # or of several lines
KEPT = {*STOP_WORDS, "name", "give", "both", *(month.casefold() for month in ENGLISH.months)}


def make(cards: Path, folder: Path, notes: int, entries: int) -> None:
    """Write a deck of `notes` notes to `folder`, in files of `entries` entries."""
    shutil.rmtree(folder, ignore_errors=True)
    found = list(itertools.islice(_entries(cards), notes))
    _copy_what_they_use(cards, folder, "\n".join(found))
    parts = [found[start : start + entries] for start in range(0, notes, entries)]
    kinds = [f"part-{number:04}" for number in range(1, len(parts) + 1)]
    for kind, part in zip(kinds, parts, strict=True):
        (folder / f"{kind}.yaml").write_text("\n".join(part), "utf-8", newline="\n")
    listed = "kinds:\n" + "".join(f"  {kind}: part of a corpus\n" for kind in kinds)
    deck = (cards / "deck.yaml").read_text("utf-8")
    # A kind can also be a tag on facts of other kinds; here it is a tag like the others.
    tags = [kind for kind in _kinds(deck) if any(re.search(rf"\n  tags: .*\b{kind}\b", entry) for entry in found)]
    deck = deck.replace("\ntags:\n", "\ntags:\n" + "".join(f"  {tag}: once a kind\n" for tag in tags))
    deck = re.sub(r"^kinds:\n(?:[ #].*\n)*", lambda _: listed, deck, flags=re.MULTILINE)
    # The lists of publishers name those of all sources, not only of the used ones.
    deck = re.sub(r"^(?:news|standing):\n(?:  .*\n)*", "", deck, flags=re.MULTILINE)
    (folder / "deck.yaml").write_text(deck, "utf-8", newline="\n")
    (folder / "released.json").write_text(dump(Released({}, None, {}, None)), "utf-8", newline="\n")


def _copy_what_they_use(cards: Path, folder: Path, entries: str) -> None:
    """Copy the pictures and the sources that entries name."""
    (folder / "media").mkdir(parents=True)
    for picture in (cards / "media").iterdir():
        if f"file: {picture.name}" in entries:
            shutil.copy(picture, folder / "media")
    head, *sources = START.split((cards / "sources.yaml").read_text("utf-8"))
    used = [
        f"{key}:\n{text}"
        for key, text in zip(sources[::2], sources[1::2], strict=True)
        if re.search(rf"[\[ ]{key}[ ,\]]", entries)
    ]
    (folder / "sources.yaml").write_text(head + "".join(used), "utf-8", newline="\n")


def release(folder: Path) -> None:
    """Write the record of a first release of the whole corpus; then change the words of one fact."""
    deck, problems = read(folder)
    if deck is None:
        raise ValueError(f"the corpus has problems: {problems[0]}")
    now = int(datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc).timestamp())
    record = Released({}, None, {}, None).after("2026.11.24", now, contents(deck))
    (folder / "released.json").write_text(dump(record), "utf-8", newline="\n")
    touch(folder)


def touch(folder: Path) -> None:
    """Change one file of a deck, as an author would: add a mnemonic to the first entry that has only a detail."""
    for kind in _kinds((folder / "deck.yaml").read_text("utf-8")):
        file = folder / f"{kind}.yaml"
        text = file.read_text("utf-8")
        changed = re.sub(
            r"^(  detail: .*\n)(?=  sources:)", r"\1  mnemonic: In other words.\n", text, count=1, flags=re.M
        )
        if changed != text:
            file.write_text(changed, "utf-8", newline="\n")
            return
    raise ValueError(f"no entry of {folder} can get a mnemonic")


def _entries(cards: Path) -> Iterator[str]:
    """The entries of all kinds, and then, without end, each of them again for another organisation.

    What is no longer taught is left out, because other tools do not know that.
    """
    texts = [(cards / f"{kind}.yaml").read_text("utf-8") for kind in _kinds((cards / "deck.yaml").read_text("utf-8"))]
    found = [entry for text in texts for entry in re.split(r"\n\n(?=[a-z0-9-]+:\n)", text)[1:]]
    entries = [entry.partition("\n\n\n#")[0] for entry in found if "\n  retired:" not in entry]
    yield from entries
    # There is one set of pictures, and a question on a picture has no name to change. There is one timeline, too. The
    # longest answers would be too long with longer names.
    again = [TIMELINE.sub("", entry) for entry in entries if "\n  image:" not in entry and not LONG.search(entry)]
    for number in itertools.count():
        yield from (_renamed(entry, number) for entry in again)


def _kinds(deck: str) -> list[str]:
    """The kinds that deck.yaml lists."""
    listed = re.search(r"^kinds:\n((?:  .*\n)*)", deck, re.MULTILINE)
    return re.findall(r"^  ([a-z0-9-]+):", listed[1], re.MULTILINE) if listed else []


def _renamed(entry: str, number: int) -> str:
    """An entry with other names: Armenia, CSTO and Наёмник become Abarmenia, ABCSTO and Абнаёмник."""
    first, second = divmod(number, 26)
    latin, cyrillic = f"{chr(65 + first)}{chr(97 + second)}", f"{chr(0x0410 + first)}{chr(0x0430 + second)}"

    def rename(match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in KEPT:
            return word
        if word[0] > "z":
            return cyrillic + word.lower()
        return latin.upper() + word if word.isupper() else latin + word.lower()

    entry = BARE.sub(rf"\1By {latin}land, ", entry)
    entry = OTHER_ID.sub(rf"\1\2-{latin.lower()}", START.sub(rf"\1-{latin.lower()}:\n", entry, count=1))
    return NAME.sub(rename, entry)
