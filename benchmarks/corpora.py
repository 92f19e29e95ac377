"""The real cards -> decks of any size; alone knows how one deck becomes a federation of decks.

A corpus begins with the real facts. Each further round is all of them again for another organisation: ids get an end
of their own, and names other first letters, so that no two questions are the same and names are as rare as in life.
Dates and the small words of English stay. All rounds cite the same sources.
"""

from __future__ import annotations

import datetime
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from csto_anki import fields, read
from csto_anki.english import SMALL
from csto_anki.facts import MONTHS
from csto_anki.release import Released, dump

START = re.compile(r"^([a-z0-9-]+):\n", re.MULTILINE)
NAME = re.compile(r"\b[A-Z]\w*|\b[\u0410-\u042f][\u0400-\u04ff]*")
OTHER_ID = re.compile(r"^(    [a-z]+(?:-[a-z]+)+ |    replaced_by: )([a-z0-9-]+)(?=:|$)", re.MULTILINE)
TIMELINE = re.compile(r"^  timeline: .*\n(?: {4}.*\n)*", re.MULTILINE)
BARE = re.compile(r'^(  (?:detail|mnemonic): "?)(?=\w)', re.MULTILINE)  # may name nothing that can be renamed
LONG = re.compile(r"^ +answer: .{66,}$", re.MULTILINE)
KEPT = {*SMALL, "name", "give", "both", *(month.casefold() for month in MONTHS)}


def make(cards: Path, folder: Path, notes: int, entries: int) -> None:
    """Write a deck of so many notes, in files of so many entries, to `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(cards / "media", folder / "media")
    shutil.copy(cards / "sources.yaml", folder)
    found = list(itertools.islice(_entries(cards), notes))
    parts = [found[start : start + entries] for start in range(0, notes, entries)]
    kinds = [f"part-{number:04}" for number in range(1, len(parts) + 1)]
    for kind, part in zip(kinds, parts, strict=True):
        (folder / f"{kind}.yaml").write_text("\n".join(part), "utf-8", newline="\n")
    listed = "kinds:\n" + "".join(f"  {kind}: part of a corpus\n" for kind in kinds)
    deck = (cards / "deck.yaml").read_text("utf-8")
    # A kind can tag the facts of others; here it is a tag like the rest.
    tags = [kind for kind in _kinds(deck) if any(re.search(rf"\n  tags: .*\b{kind}\b", entry) for entry in found)]
    deck = deck.replace("\ntags:\n", "\ntags:\n" + "".join(f"  {tag}: once a kind\n" for tag in tags))
    deck = re.sub(r"^kinds:\n(?:[ #].*\n)*", lambda _: listed, deck, flags=re.MULTILINE)
    (folder / "deck.yaml").write_text(deck, "utf-8", newline="\n")
    (folder / "released.json").write_text(dump(Released({}, {}, {}, None)), "utf-8", newline="\n")


def release(folder: Path) -> None:
    """Write a record that learners have all of a corpus, as after its first release; then reword one fact."""
    deck, problems = read.read(folder)
    if deck is None:
        raise ValueError(f"the corpus has problems: {problems[0]}")
    now = int(datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc).timestamp())
    record = Released({}, {}, {}, None).after("2026.11.24", now, fields.contents(deck))
    (folder / "released.json").write_text(dump(record), "utf-8", newline="\n")
    touch(folder)


def touch(folder: Path) -> None:
    """Change one file of a corpus, as an author would: a detail more in its first fact."""
    file = min(folder.glob("part-*.yaml"))
    text = file.read_text("utf-8")
    file.write_text(
        re.sub(r"^  sources:", "  mnemonic: In other words.\n  sources:", text, count=1, flags=re.MULTILINE)
    )


def _entries(cards: Path) -> Iterator[str]:
    """The entries of all kinds, and then, for ever, each again for another organisation."""
    texts = [(cards / f"{kind}.yaml").read_text("utf-8") for kind in _kinds((cards / "deck.yaml").read_text("utf-8"))]
    entries = [entry for text in texts for entry in re.split(r"\n\n(?=[a-z0-9-]+:\n)", text)[1:]]
    yield from entries
    # Of the pictures there is one set, and what is asked of a picture names nothing else. The timeline is one, too.
    # And the longest answers would be too long with longer names.
    again = [TIMELINE.sub("", entry) for entry in entries if "\n  image:" not in entry and not LONG.search(entry)]
    for number in itertools.count():
        yield from (_renamed(entry, number) for entry in again)


def _kinds(deck: str) -> list[str]:
    """The kinds that deck.yaml lists."""
    listed = re.search(r"^kinds:\n((?:  .*\n)*)", deck, re.MULTILINE)
    return re.findall(r"^  ([a-z-]+):", listed[1], re.MULTILINE) if listed else []


def _renamed(entry: str, number: int) -> str:
    """An entry with other names: of Armenia, CSTO and Наёмник it makes Abarmenia, ABCSTO and Абнаёмник."""
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
