"""Learners who are not like the one in `gate.py`: each does one thing before an update that Anki takes in its own way.

It runs in the Python of the Anki that is the judge: python tests/system/unusual_learners.py LIFE.json, where LIFE has

    habit       what the learner does: the name of a function of this module
    advised     whether the learner imports as the release notes and docs/learners.md advise, or always in the usual way
    packages    the files: `first`, `second` (the update), `edition` (the same facts in another language), `other` (a
                deck with a note type of its own)
    released    the time of the update, in seconds since 1970; all of this happens before the real present
    version     the version of the update

It prints one JSON object: `lost` has a line for everything that is not as promised, and `told` what happens as
docs/learners.md says.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anki.buildinfo
from anki.collection import ExportAnkiPackageOptions

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests
from support.real_anki import import_package
from system.gate import DAY, Learner, Package

WORDS = "my own words"


class Unusual(Learner):
    """A learner with a habit, who has studied, and written into notes that the update does not change."""

    def __init__(self, folder: Path, life: dict[str, Any]) -> None:
        super().__init__(folder / "collection.anki2")
        self.folder = folder
        self.advised, self.packages = life["advised"], {name: Path(path) for name, path in life["packages"].items()}
        self.first, self.second = (Package(life["packages"][name]) for name in ("first", "second"))
        self.now = life["released"] - 20 * DAY
        self.has_new_looks = self.first.looks() != self.second.looks()
        self.corrected = self.second.changed_since(self.first)
        self.css = ""
        self.of_the_friend = 0  # notes with the friend's words
        self.version = life["version"]

    def bring(self, path: Path, **options: bool) -> None:
        import_package(self.collection, path, **options)
        self.reopen()

    def date_all_back(self) -> None:
        """Everything that has just been written was written at the present of LIFE."""
        self.date_back(self.first)
        self.sql("UPDATE notetypes SET mtime_secs = ? WHERE mtime_secs >= ?", self.now, self.started)
        self.reopen()

    @property
    def type(self) -> Any:
        found = self.collection.models.get(self.first.note_type["id"])
        return found or self.collection.models.by_name(self.first.note_type["name"])

    def fields_of_notes(self) -> dict[str, dict[str, str]]:
        """The fields by name of each note of the deck, by its guid."""
        collection = self.collection
        notes = [collection.get_note(id) for id in collection.find_notes("")]
        return {note.guid: dict(note.items()) for note in notes if note.guid in self.second.fields}

    def schedules(self) -> dict[int, tuple[Any, ...]]:
        return {id: row for id, row in self.cards().items() if row[9]}  # which has reviews


def begin(learner: Unusual) -> None:
    """Import the first package, study, write into notes, and restyle."""
    learner.bring(learner.packages["first"])
    learner.date_all_back()
    learner.study(learner.first.deck, 3, 12)
    kept = sorted(learner.first.fields.keys() & learner.second.fields.keys() - learner.corrected)
    for guid in kept[::5]:
        learner.write(guid, WORDS)
    learner.restyle(learner.first.note_type["name"])
    learner.date_all_back()


# What the learners do, and how they then import the update.


def another_sort_field(learner: Unusual) -> None:
    found = learner.type
    found["sortf"] = 4
    learner.collection.models.update_dict(found)
    learner.date_all_back()
    if learner.advised and learner.has_new_looks:
        learner.bring(learner.packages["second"], update_types=False)
    learner.bring(learner.packages["second"])


def _after_a_change_of_the_note_type(learner: Unusual) -> None:
    learner.date_all_back()
    if learner.advised:
        learner.bring(learner.packages["second"], merge=True, update_types=False)
    else:
        learner.bring(learner.packages["second"])


def a_field_added(learner: Unusual) -> None:
    models, found = learner.collection.models, learner.type
    models.add_field(found, models.new_field("Mine"))
    models.update_dict(found)
    _after_a_change_of_the_note_type(learner)


def a_field_moved(learner: Unusual) -> None:
    models, found = learner.collection.models, learner.type
    models.reposition_field(found, next(each for each in found["flds"] if each["name"] == "Spare1"), 0)
    models.update_dict(found)
    _after_a_change_of_the_note_type(learner)


def a_field_deleted(learner: Unusual) -> None:
    models, found = learner.collection.models, learner.type
    models.remove_field(found, next(each for each in found["flds"] if each["name"] == "Spare2"))
    models.update_dict(found)
    learner.date_all_back()
    if learner.advised:  # the first such import puts the field back
        learner.bring(learner.packages["first"], merge=True, update_types=False)
    _after_a_change_of_the_note_type(learner)


def a_card_type_deleted(learner: Unusual) -> None:
    models, found = learner.collection.models, learner.type
    models.remove_template(found, found["tmpls"][1])
    models.update_dict(found)
    _after_a_change_of_the_note_type(learner)


def a_field_renamed(learner: Unusual) -> None:
    models, found = learner.collection.models, learner.type
    models.rename_field(found, next(each for each in found["flds"] if each["name"] == "Spare1"), "Mine")
    models.update_dict(found)
    learner.date_all_back()
    learner.bring(learner.packages["second"])


def a_description_and_settings_of_ones_own(learner: Unusual) -> None:
    """A description of the deck; a font for the editor, a field that is folded, and another deck for a card type."""
    deck = learner.collection.decks.by_name(learner.first.deck)
    assert deck is not None
    deck["desc"] = "my own description"
    learner.collection.decks.save(deck)
    found = learner.type
    found["flds"][0]["font"] = "My Font"
    found["flds"][1]["collapsed"] = True
    found["tmpls"][1]["did"] = learner.collection.decks.id("Mine")
    learner.collection.models.update_dict(found)
    learner.date_all_back()
    learner.bring(learner.packages["second"])


def an_older_release_by_mistake(learner: Unusual) -> None:
    learner.bring(learner.packages["second"])
    learner.bring(learner.packages["first"])


def a_filtered_deck_of_the_decks_name(learner: Unusual) -> None:
    decks = learner.collection.decks
    mine = decks.by_name(learner.first.deck)
    assert mine is not None
    decks.rename(mine, "Renamed")
    filtered = decks.get(decks.new_filtered("x"))
    assert filtered is not None
    filtered["name"] = learner.first.deck
    decks.save(filtered)
    learner.bring(learner.packages["second"])


def several_decks(learner: Unusual) -> None:
    """Another deck, and one in another language that shares our note type; both imported after studying."""
    for name in ("other", "edition"):
        learner.bring(learner.packages[name])
    learner.date_all_back()
    learner.css = str(learner.type["css"])
    learner.bring(learner.packages["second"])


def _friend(learner: Unusual, with_own_field: bool) -> Path:
    """An export by a friend, who has written into two notes that the update changes, and restyled."""
    (folder := learner.folder / "friend").mkdir()
    friend = Learner(folder / "collection.anki2")
    import_package(friend.collection, learner.packages["first"])
    friend.now = learner.now + DAY
    friend.date_back(learner.first)
    if with_own_field:
        models = friend.collection.models
        found = models.by_name(learner.first.note_type["name"])
        assert found is not None
        models.add_field(found, models.new_field("Mine"))
        models.update_dict(found)
    for guid in sorted(learner.corrected)[:2]:
        friend.write(guid, "the friend's words")
    friend.restyle(learner.first.note_type["name"])
    friend.date_back(learner.first)
    friend.sql("UPDATE notetypes SET mtime_secs = ? WHERE mtime_secs >= ?", friend.now, friend.started)
    friend.reopen()
    friend.collection.export_anki_package(
        out_path=str(folder / "deck.apkg"),
        options=ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=True, with_deck_configs=False),
        limit=None,
    )
    return folder / "deck.apkg"


def an_export_of_a_friend(learner: Unusual) -> None:
    """It is imported in the place of the first release, and then the update."""
    learner.bring(_friend(learner, with_own_field=False))
    learner.date_all_back()
    learner.css, learner.of_the_friend = str(learner.type["css"]), _of_the_friend(learner)
    learner.bring(learner.packages["second"])


def an_export_of_a_friend_with_a_field_of_their_own(learner: Unusual) -> None:
    learner.bring(_friend(learner, with_own_field=True))
    learner.date_all_back()
    learner.bring(learner.packages["second"])


def judge(learner: Unusual, before: dict[int, tuple[Any, ...]], words: set[str]) -> Iterator[str]:
    """What is not as promised after the update."""
    after = learner.fields_of_notes()
    names = learner.second.fields[next(iter(learner.second.fields))].keys() - {"Spare1"}
    for guid in sorted(learner.second.fields.keys() - words):
        if guid not in after:
            yield f"{learner.second.fields[guid]['Id']}: the note did not arrive"
        elif guid in learner.corrected and any(
            after[guid].get(name) != learner.second.fields[guid][name] for name in names
        ):
            yield f"{learner.second.fields[guid]['Id']}: the correction did not arrive"
    for guid in sorted(words & after.keys()):
        if WORDS not in after[guid]["Detail"]:
            yield f"{learner.second.fields[guid]['Id']}: the learner's words are gone"
    cards = learner.cards()
    if lost := [id for id, row in before.items() if cards.get(id) != row]:
        yield f"{len(lost)} cards lost their schedule"
    types = [each.name for each in learner.collection.models.all_names_and_ids() if each.name[-1] == "+"]
    if types:
        yield f"a second note type: {types}"
    if not learner.has_new_looks and learner.type["css"] != learner.css:
        yield "the learner's styling was replaced"


def told(learner: Unusual) -> dict[str, Any]:
    """What docs/learners.md says of the rarer things."""
    deck = learner.collection.decks.by_name(learner.first.deck)
    description = str(deck.get("desc", "")) if deck else ""
    found = learner.type
    settings = [found["flds"][0].get("font"), found["flds"][1].get("collapsed"), bool(found["tmpls"][-1].get("did"))]
    decks = {learner.collection.decks.name(did) for (did,) in learner.sql("SELECT DISTINCT did FROM cards")}
    return {
        "description": "ours" if " · Version " in description else description,
        "names the update": f" · Version {learner.version}" in description,
        "settings": settings == ["My Font", True, True],
        "new cards": any(name == learner.first.deck for name in decks),
        "new looks": found["css"].startswith(learner.second.note_type["css"]) and learner.has_new_looks,
        "the styling is the learner's": "30px" in found["css"],
        "friend's words after the export": learner.of_the_friend,
        "friend's words after the update": _of_the_friend(learner),
    }


def _of_the_friend(learner: Unusual) -> int:
    return sum("the friend's words" in fields["Detail"] for fields in learner.fields_of_notes().values())


def main(life: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        learner = Unusual(Path(folder), life)
        begin(learner)
        learner.css = str(learner.type["css"])
        words = {guid for guid, fields in learner.fields_of_notes().items() if WORDS in fields["Detail"]}
        before = learner.schedules()
        globals()[life["habit"]](learner)
        gone = before.keys() - learner.cards().keys() if life["habit"] == "a_card_type_deleted" else set()
        lost = [*judge(learner, {id: row for id, row in before.items() if id not in gone}, words)]
        counts = {"corrected": len(learner.corrected), "with words": len(words), "studied": len(before)}
        result = {"anki": anki.buildinfo.version, "lost": lost, "told": told(learner), "counts": counts}
        learner.collection.close()
    return result


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
