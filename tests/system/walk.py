"""Walk through the first days of a deck in the real Anki, as a new learner with the default preset.

It runs in the Python of the Anki that is the judge, and needs nothing else but `anki`:
python tests/system/walk.py FILE.apkg DECK CARDS DAYS, where CARDS is the number of new cards a day (20 is the default).

It prints one JSON object: `anki` is the version, and `days` has a list for each day, of the new cards in the order in
which Anki showed them: the id of the note and the number of the card, 0 or 1.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import anki.buildinfo
from anki.collection import Collection

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests
from support.real_anki import import_package

DAY = 86400
DEFAULT = 20  # new cards a day in Anki's default preset


def walk(package: Path, deck: str, cards: int, days: int, folder: Path) -> list[list[tuple[str, int]]]:
    path = str(folder / "collection.anki2")
    collection = Collection(path)
    import_package(collection, package)
    deck_id = collection.decks.id_for_name(deck)
    assert deck_id is not None
    preset = collection.decks.config_dict_for_deck_id(deck_id)
    assert preset["new"]["perDay"] == DEFAULT
    if cards != DEFAULT:
        preset["new"]["perDay"] = cards
        collection.decks.update_config(preset)
    found = []
    for _ in range(days):
        found.append(_new_cards_of_a_day(collection, deck))
        assert collection.db is not None
        collection.db.execute("UPDATE col SET crt = crt - ?", DAY)  # the next day
        collection.close()
        collection = Collection(path)
    collection.close()
    return found


def _new_cards_of_a_day(collection: Collection, deck: str) -> list[tuple[str, int]]:
    """Answer every card of the day with Good, until none is left."""
    deck_id = collection.decks.id_for_name(deck)
    assert deck_id is not None
    collection.decks.select(deck_id)
    shown = []
    while (card := collection.sched.getCard()) is not None:
        if card.type == 0:  # new
            shown.append((card.note()["Id"], card.ord))
        collection.sched.answerCard(card, 3)
    return shown


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        days = walk(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(folder))
    print(json.dumps({"anki": anki.buildinfo.version, "days": days}))
