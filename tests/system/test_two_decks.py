"""A new deck beside another one, in one collection of the real Anki."""

from __future__ import annotations

import time
from pathlib import Path

from anki.collection import Collection

from support.commands import run
from support.real_anki import import_package
from support.small_deck import write_deck


def rows(col: Collection, namespace: str) -> list[object]:
    """The notes and cards of a deck, as they are in the collection."""
    notes = col.find_notes(f"tag:{namespace}::*")
    chosen = ",".join(map(str, notes))
    assert col.db is not None
    return [
        col.db.all(f"select * from notes where id in ({chosen}) order by id"),  # noqa: S608  # numbers
        col.db.all(f"select * from cards where nid in ({chosen}) order by id"),  # noqa: S608  # numbers
    ]


def test_two_decks_in_one_collection_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Both are imported, studied, written into and updated in turn: each import changes only its own deck."""
    names = {"small": tmp_path / "ours", "quad": tmp_path / "quad"}
    write_deck(names["small"] / "cards")
    run(tmp_path, "init", "quad", "--title", "QUAD for UPSC")
    edits = {
        "small": ("  sources:", "  mnemonic: New words\n  sources:"),
        "quad": ("with Apollo 11", "in Apollo 11"),
    }
    packages = {}
    for version in ("2026.11.01", "2026.11.02"):
        time.sleep(1.1)  # two releases never have the same second
        for name, folder in names.items():
            dates = folder / "cards" / "dates.yaml"
            if version == "2026.11.02":
                dates.write_text(dates.read_text("utf-8").replace(*edits[name], 1), "utf-8")
            done = run(folder, "release", "--date", version.replace(".", "-"))
            assert done.returncode == 0, done.stderr
            packages[name, version] = folder / done.stdout.splitlines()[0]
    col = Collection(str(tmp_path / "collection.anki2"))
    try:
        for name in names:
            import_package(col, packages[name, "2026.11.01"])
        counts = {name: len(col.find_notes(f"tag:{name}::*")) for name in names}
        assert counts == {"small": 2, "quad": 3}
        assert {"Small", "QUAD for UPSC"} <= {deck.name for deck in col.decks.all_names_and_ids()}
        types = {entry.name: entry.use_count for entry in col.models.all_use_counts() if entry.use_count}
        assert types == {"Small": 2, "QUAD": 3}
        mine = col.get_note(col.find_notes("tag:quad::basics")[0])
        mine["Mnemonic"] = "my own"
        col.update_note(mine)
        for name, other in (("small", "quad"), ("quad", "small")):
            before, own = rows(col, other), rows(col, name)
            log = import_package(col, packages[name, "2026.11.02"])
            assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
            assert rows(col, other) == before
            assert rows(col, name) != own
        assert col.get_note(mine.id)["Mnemonic"] == "my own"
        assert col.fix_integrity()[1]
    finally:
        col.close()
