"""Make all that the benchmark needs for one size: `prepare.py FOLDER NOTES ENTRIES` prints the number of notes.

The folder then has the cards in many files, in `one` the same cards in one file, in `released` the same with a record
of a release, and in `again` the same with one file changed after a build; the rows of our package, which the floor
starts from; and the files of the other tools. With 0 notes it is the real deck with a new mnemonic, so that it is not
as released; that is in `as released`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import corpora
from csto_anki.deck.reader import read
from csto_anki.note.contents import contents
from peers import PEERS, Card

HERE = Path(__file__).parent
CARDS = HERE.parent / "cards"
ONE_FILE = 5_000  # notes: a file with many more is refused because of its size


def main(folder: Path, notes: int, entries: int) -> int:
    """Make it, and return the number of notes."""
    if notes:
        corpora.make(CARDS, folder / "cards", notes, entries)
        if notes <= ONE_FILE:
            corpora.make(CARDS, folder / "one" / "cards", notes, notes)
        for name in ("released", "again"):
            shutil.copytree(folder / "cards", folder / name / "cards")
        corpora.release(folder / "released" / "cards")
        build(folder / "again")
        corpora.touch(folder / "again" / "cards")
    else:
        for name in ("", "as released"):
            shutil.copytree(CARDS, folder / name / "cards")
        corpora.touch(folder / "cards")
    build(folder)
    floor = [sys.executable, str(HERE / "contenders" / "floor.py"), "prepare", "ours.apkg", "rows"]
    subprocess.run(floor, cwd=folder, check=True)
    deck, problems = read(folder / "cards")
    if deck is None:
        raise SystemExit(f"{folder}: {problems[0]}")
    cards: dict[str, list[Card]] = {}
    taught = [note for note in contents(deck).notes.values() if not note.is_retired]
    for note in taught:
        cards.setdefault(note.kind, []).append(note.values())
    for name, peer in PEERS.items():
        if len(taught) <= peer.most:
            (folder / name).mkdir()
            (folder / name / "arguments.json").write_text(json.dumps(peer.write(cards, folder / name)))
    return len(taught)


def build(folder: Path) -> None:
    command = [sys.executable, "-m", "csto_anki", "build", "-q", "--output", "ours.apkg"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
