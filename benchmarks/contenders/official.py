"""The official `anki` package: add the notes of a package to a new collection one by one, and export that."""

from __future__ import annotations

import json
import sqlite3
import sys
import zipfile
from pathlib import Path

from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions
from anki.decks import DeckId


def main(package: Path, output: Path) -> None:
    work = output.with_suffix(".collection")
    work.mkdir(exist_ok=True)
    with zipfile.ZipFile(package) as archive:
        (work / "from.anki2").write_bytes(archive.read("collection.anki2"))
        pictures = {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}
    source = sqlite3.connect(work / "from.anki2")
    ((models,),) = source.execute("SELECT models FROM col")
    (model,) = json.loads(models).values()
    collection = Collection(str(work / "collection.anki2"))
    for name, data in pictures.items():
        collection.media.write_data(name, data)
    note_type = collection.models.new(model["name"])
    for field in model["flds"]:
        collection.models.add_field(note_type, collection.models.new_field(field["name"]))
    for template in model["tmpls"]:
        made = collection.models.new_template(template["name"])
        made["qfmt"], made["afmt"] = template["qfmt"], template["afmt"]
        collection.models.add_template(note_type, made)
    note_type["css"] = model["css"]
    collection.models.add_dict(note_type)
    note_type = collection.models.by_name(model["name"]) or note_type
    deck = DeckId(collection.decks.id("Deck") or 0)
    for guid, tags, values in source.execute("SELECT guid, tags, flds FROM notes ORDER BY id"):
        note = collection.new_note(note_type)
        note.guid, note.tags, note.fields = guid, tags.split(), values.split("\x1f")
        collection.add_note(note, deck)
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False)
    collection.export_anki_package(out_path=str(output), options=options, limit=DeckIdLimit(deck))
    collection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
