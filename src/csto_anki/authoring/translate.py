"""A new edition to translate; and the digests in translations, which say of which wording of the original they are."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from csto_anki import files
from csto_anki.authoring.json_schema import head
from csto_anki.deck.edition import NAMED, digest
from csto_anki.deck.keys import EDITION_FILE, READ_NAMES, WORDS_FILE
from csto_anki.deck.model import Deck, Fact
from csto_anki.deck.parser import MAX_FILE_BYTES, Node, parse
from csto_anki.history.record import RECORD_FILE, Released, dump
from csto_anki.language import known
from csto_anki.language.known import quoted


def begin(deck: Deck, folder: Path) -> list[Path]:
    """Make the folder of a new edition of a deck, and return its files: texts of the original and words to translate.

    The folder is named by the language. There are words to translate only if csto-anki does not have them. Raises
    OSError, also if anything is there already; then nothing is changed.
    """
    if os.path.lexists(folder):
        raise FileExistsError(errno.EEXIST, "something else has this name; move it away", str(folder))
    texts = {EDITION_FILE: "\n".join(_edition(deck)) + "\n", RECORD_FILE: dump(Released({}, None, {}, None))}
    if known.known(files.name(folder)) is None:
        texts[WORDS_FILE] = known.template() + "\n"
    with files.staging(folder.parent) as parts:
        whole = parts / folder.name
        whole.mkdir()
        for name, text in texts.items():
            files.write(whole / name, text)
        whole.rename(folder)
    return [folder / name for name in texts if name != RECORD_FILE]


def _edition(deck: Deck) -> Iterator[str]:
    """The lines of `edition.yaml` in the words of the original."""
    yield head(EDITION_FILE, "../")
    yield f"title: {quoted(deck.title)}"
    yield "\n  ".join(["description: |", *deck.description.split("\n")])
    yield f"licence: {quoted(deck.licence)}"
    for key in NAMED:
        names = getattr(deck, key)
        if names:
            yield f"{key}:"
            meanings = {name: name for name in names} if key in READ_NAMES else names
            yield from (f"  {quoted(name)}: {quoted(meaning)}" for name, meaning in meanings.items())


def mark_as_translated(deck: Deck, ids: Collection[str]) -> list[str]:
    """Write into translations that they are of the present wording of their originals, and return their ids.

    These are the facts with `ids`; without any, those whose translation is new. Raises OSError, and ValueError for an
    entry that is not in the form `id:` with its keys in the lines below; then nothing is written.
    """
    chosen = [fact for fact in deck.facts if (fact.id in ids if ids else not fact.translates)]
    by_file: dict[str, list[Fact]] = defaultdict(list)
    for fact in chosen:
        by_file[fact.places["id"].path].append(fact)
    texts = {Path(name): _marked(Path(name), facts) for name, facts in by_file.items()}
    for path, text in texts.items():
        files.write(Path(os.path.realpath(path)), text)  # a link stays, and what it leads to is written
    return [fact.id for fact in chosen]


def _marked(path: Path, facts: Iterable[Fact]) -> str:
    """The text of a file with the digests of these facts in it."""
    data = files.load(path, path.parent, MAX_FILE_BYTES)
    lines = data.decode("utf-8-sig").split("\n")
    before = _entries(path, data)
    for fact in sorted(facts, key=lambda fact: fact.places["id"], reverse=True):  # from below, so lines stay
        _mark(lines, fact, before[fact.id])
    text = "\n".join(lines)
    after = _entries(path, text.encode())
    digests = {fact.id: digest(fact.original) for fact in facts if fact.original}
    for id, node in before.items():
        expected = [pair for pair in _plain(node) if pair[0] != "translates"]
        is_marked = id not in digests or ("translates", digests[id]) in _plain(after.get(id, node))
        if [pair for pair in _plain(after.get(id, node)) if pair[0] != "translates"] != expected or not is_marked:
            raise _refusal(node, id)
    return text


def _entries(path: Path, data: bytes) -> dict[str, Node]:
    """The entries of a file by their ids."""
    root, _, _ = parse(path.as_posix(), data)
    found = zip(root.children[::2], root.children[1::2], strict=True) if root and root.kind == "mapping" else ()
    return {key.text: node for key, node in found}


def _plain(node: Node) -> list[tuple[str, object]]:
    """The keys of an entry and their values, with all that is in these."""
    pairs = zip(node.children[::2], node.children[1::2], strict=False)
    return [(key.text, _plain(value) if value.children else value.text) for key, value in pairs]


def _mark(lines: list[str], fact: Fact, entry: Node) -> None:
    """Write the digest into the lines of a file: in the place of an old one, else above the first key of the entry."""
    assert fact.original is not None  # noqa: S101  # it is a translation
    new, first = digest(fact.original), entry.children[0]
    for key, value in zip(entry.children[::2], entry.children[1::2], strict=True):
        if key.text == "translates":
            line, stop = value.place.line - 1, value.place.end
            if key.place.line != value.place.line or not stop or stop[0] != value.place.line:
                raise _refusal(entry, fact.id)
            lines[line] = lines[line][: value.place.column - 1] + new + lines[line][stop[1] - 1 :]
            return
    line, indent = first.place.line - 1, first.place.column - 1
    if lines[line][:indent].strip() or fact.places["id"].line > line:
        raise _refusal(entry, fact.id)
    lines.insert(line, f"{' ' * indent}translates: {new}" + "\r" * lines[line].endswith("\r"))


def _refusal(entry: Node, id: str) -> ValueError:
    return ValueError(f"{entry.place}: {id}: write each of its keys on a line of its own, below the id")
