"""A learner who has both editions of a deck, in the real Anki: python tests/system/two_editions.py ONE.apkg OTHER.apkg

It runs in the Python of the Anki that is the judge, and needs nothing else but `anki`. The learner imports the first,
studies each of its cards, writes into each of its notes, and imports the second one.

It prints one JSON object: `anki` is the version, `decks` has the numbers of notes and cards of each deck by its name,
`note_types` the number of notes of each, `log` what Anki says of the second import, `is_untouched` whether nothing of
the first has changed, `blank` the number of cards with an empty front, and `is_sound` what Anki's own check says.
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


def live(first: Path, second: Path, folder: Path) -> dict[str, object]:
    collection = Collection(str(folder / "collection.anki2"))
    assert collection.db is not None
    import_package(collection, first)
    for id in collection.find_notes(""):
        note = collection.get_note(id)
        note["Mnemonic"] += " mine"
        note.tags.append("mine")
        collection.update_note(note)
    collection.db.execute("UPDATE cards SET type = 2, queue = 2, ivl = 30, due = 30, reps = 3, factor = 2500")
    own = "SELECT notes.*, cards.* FROM notes JOIN cards ON nid = notes.id WHERE tags LIKE '% mine %' ORDER BY cards.id"
    before = collection.db.all(own)
    log = import_package(collection, second)
    after = collection.db.all(own)
    names = [deck.name for deck in collection.decks.all_names_and_ids() if deck.name != "Default"]
    found = {
        "anki": anki.buildinfo.version,
        "decks": {
            name: [len(collection.find_notes(f'deck:"{name}"')), len(collection.find_cards(f'deck:"{name}"'))]
            for name in names
        },
        "note_types": {each.name: each.use_count for each in collection.models.all_use_counts() if each.use_count},
        "log": {
            name: len(getattr(log, name))
            for name in ("new", "updated", "duplicate", "conflicting")
            if len(getattr(log, name))
        },
        "is_untouched": before == after,
        "blank": sum(not collection.get_card(id).question().strip() for id in collection.find_cards("")),
        "is_sound": collection.fix_integrity()[1],
    }
    collection.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(live(Path(sys.argv[1]), Path(sys.argv[2]), Path(folder))))
