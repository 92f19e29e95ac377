"""The upgrade gate: a learner studies a deck in the real Anki, imports packages, and finds out what was lost.

It runs in the Python of the Anki that is the judge, and needs nothing else but `anki`:
python tests/system/gate.py LIFE.json, where LIFE is a list of steps, one for each package:

    package     the file to import
    base        the file of the release to compare the notes of `package` with, null for the first
    retired     the file with the retired notes of the same release, null if this learner does not import it
    released    the time of the package, in seconds since 1970
    imported    the time at which the learner imports it
    changed_tag the tag that finds the changed notes, as in the release notes; null if they name none

It prints one JSON object: `anki` is the version, `lost` has a line for everything that is not as promised,
`differences` what this Anki does differently by design, and `counts` how much there was to lose.

The learner suspends some of the cards that a package no longer has and deletes the others, as the release notes advise.
Importing the package again does not bring them back. The file with the retired notes brings back what was deleted;
what was suspended stays so. Somebody new to the deck, who imports only `package`, must get no retired card.

Everything that happens "now" is dated back to the times in LIFE, which must all be in the past: Anki only asks which of
two times is later, and its check of the database changes times in the future.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import anki.buildinfo
from anki.collection import Collection

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests
from support.real_anki import import_package

DAY = 86400
# Fields whose changes are held back: they are not worth what a learner wrote into the note.
HELD_BACK = {"AsOf", "Sources", "Report", "Spare3", "Spare4"}
# Everything about a card that belongs to the learner; `mod` and `usn` are Anki's own.
CARD = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"


class Package:
    """What a package holds, read without Anki: notes by guid, cards by guid and template, the note type."""

    def __init__(self, path: str) -> None:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            (database := Path(folder) / "c").write_bytes(archive.read("collection.anki2"))
            connection = sqlite3.connect(database)
            ((models, decks),) = connection.execute("SELECT models, decks FROM col").fetchall()
            notes = connection.execute("SELECT guid, mod, tags, flds FROM notes").fetchall()
            cards = connection.execute(
                "SELECT n.guid, c.ord, c.due FROM cards c JOIN notes n ON n.id = c.nid"
            ).fetchall()
            connection.close()
        (self.note_type,) = json.loads(models).values()
        (self.deck,) = (deck["name"] for id, deck in json.loads(decks).items() if id != "1")
        names = [field["name"] for field in self.note_type["flds"]]
        self.fields = {guid: dict(zip(names, flds.split("\x1f"), strict=True)) for guid, _, _, flds in notes}
        self.tags = {guid: set(tags.split()) for guid, _, tags, _ in notes}
        self.mod = {guid: mod for guid, mod, _, _ in notes}
        self.due = {(guid, ord): due for guid, ord, due in cards}

    def changed_since(self, base: Package) -> set[str]:
        """The notes that differ from the base in more than what is held back."""
        return {guid for guid in self.fields.keys() & base.fields.keys() if self._differs(guid, base)}

    def _differs(self, guid: str, base: Package) -> bool:
        old, new = base.fields[guid], self.fields[guid]
        differing = {name for name in new if _read(new[name]) != _read(old.get(name, ""))} - HELD_BACK
        return bool(differing - {"Changed"}) or ("Changed" in differing and bool(new["Changed"]))

    def looks(self) -> object:
        return self.note_type["css"], [(each["qfmt"], each["afmt"]) for each in self.note_type["tmpls"]]


def _read(value: str) -> str:
    """The text, links and images of a field; changes of other markup are held back, too."""
    return re.sub(r"<(?!img |a )[^>]*>", "", value)


class Learner:
    """A collection, and what its owner does with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.collection = Collection(str(path))
        self.now = 0  # the current time in LIFE
        self.edited: dict[str, int] = {}  # guid: when the learner last wrote into the note
        self.own: set[str] = set()  # guids of the notes that the learner gave to a note type of their own
        self.styled = 0  # when the learner last changed the note type
        self.started = int(time.time())

    def sql(self, query: str, *values: str | int) -> list[Any]:
        assert self.collection.db is not None
        return self.collection.db.all(query, *values)

    def options(self, deck: str) -> object:
        found = self.collection.decks.by_name(deck)
        return found and found["conf"]

    def reopen(self) -> None:
        """Close the collection and open it again, because Anki keeps times and note types in memory."""
        self.collection.close()
        self.collection = Collection(str(self.path))

    def date_back(self, package: Package | None = None) -> None:
        """Change the real times that Anki has just set to the current time in LIFE."""
        for guid, mod in self.sql("SELECT guid, mod FROM notes WHERE mod >= ?", self.started):
            if mod not in (self.edited.get(guid), package.mod.get(guid) if package else None):
                self.sql("UPDATE notes SET mod = ? WHERE guid = ?", self.now, guid)
        self.reopen()

    def study(self, deck: str, days: int, cards: int) -> None:
        """Answer cards on several days, well and badly; after each day, make the collection a day older."""
        for day in range(days):
            deck_id = self.collection.decks.id_for_name(deck)
            assert deck_id is not None
            self.collection.decks.select(deck_id)
            for number in range(cards):
                card = self.collection.sched.getCard()
                if card is None:
                    break
                self.collection.sched.answerCard(card, (3, 4, 1, 2, 3)[(day + number) % 5])
            self.sql("UPDATE col SET crt = crt - ?", DAY)
            self.reopen()

    def write(self, guid: str, words: str) -> None:
        """Add words and a tag of the learner to a note."""
        ((note_id,),) = self.sql("SELECT id FROM notes WHERE guid = ?", guid)
        note = self.collection.get_note(note_id)
        note["Detail"], note.tags = f"{note['Detail']} {words}", [*note.tags, "mine::to-revise"]
        self.collection.update_note(note)
        self.sql("UPDATE notes SET mod = ? WHERE guid = ?", self.now, guid)
        self.edited[guid] = self.now

    def take(self, guids: list[str], name: str) -> None:
        """Give notes to a copy of the note type, so that no update touches them."""
        models = self.collection.models
        ours, mine = models.by_name(name), models.by_name("My own notes")
        assert ours is not None
        if mine is None:
            copied = models.copy(ours)
            copied["name"] = "My own notes"
            models.update_dict(copied)
            mine = copied
        change = models.change_notetype_info(old_notetype_id=ours["id"], new_notetype_id=mine["id"]).input
        ids = [self.sql("SELECT id FROM notes WHERE guid = ?", guid)[0][0] for guid in guids]
        change.note_ids.extend(ids)
        models.change_notetype_of_notes(change)
        self.own |= {*guids}
        for guid in guids:
            self.write(guid, "mine for ever")

    def restyle(self, name: str) -> None:
        note_type = self.collection.models.by_name(name)
        assert note_type is not None
        note_type["css"] += "\n.card { font-size: 30px }"
        self.collection.models.update_dict(note_type)
        self.styled = self.now
        self.sql("UPDATE notetypes SET mtime_secs = ? WHERE name = ?", self.now, name)

    def cards(self) -> dict[int, tuple[Any, ...]]:
        return {row[0]: tuple(row) for row in self.sql(f"SELECT {CARD} FROM cards")}  # noqa: S608

    def notes(self) -> dict[str, tuple[str, set[str], int]]:
        """The fields, tags and time of each note by its guid."""
        return {
            guid: (flds, set(tags.split()), mod)
            for guid, flds, tags, mod in self.sql("SELECT guid, flds, tags, mod FROM notes")
        }

    def everything(self) -> list[Any]:
        tables = ("notes", "cards", "revlog", "notetypes", "fields", "templates", "decks")
        return [row for table in tables for row in self.sql(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]  # noqa: S608


def live(learner: Learner, package: Package, coming: set[str], released_next: int) -> None:
    """What a learner does between two imports; `coming` are the notes that the next package changes."""
    collection = learner.collection
    notes = learner.sql("SELECT guid, id FROM notes")
    named = {guid: id for guid, id in notes if guid in package.fields and guid not in learner.own}
    kept, hit = sorted(named.keys() - coming), sorted(named.keys() & coming)
    learner.study(package.deck, 4, 12)
    collection = learner.collection
    learner.take([*kept[-1:], *hit[-1:]], package.note_type["name"])
    del kept[-1:], hit[-1:]
    for guid in [*kept[::7], *hit[1::3]]:
        learner.write(guid, "my own words")
    early, learner.now = learner.now, released_next + 1  # the release is out, but not yet imported
    for guid in hit[2::3]:
        learner.write(guid, "written after the release")
    learner.now = early
    cards = {guid: [id for (id,) in learner.sql("SELECT id FROM cards WHERE nid = ?", named[guid])] for guid in named}
    some = [*kept[1::9], *hit[::2]]
    collection.sched.suspend_cards([id for guid in some for id in cards[guid]])
    collection.sched.bury_cards([id for guid in kept[4::9] for id in cards[guid]])
    collection.set_user_flag_for_cards(4, [id for guid in [*kept[2::9], *hit[::3]] for id in cards[guid]])
    deck_id = collection.decks.id("Mine::Later")
    assert deck_id is not None
    collection.set_deck([id for guid in [*kept[3::9], *hit[1::2]] for id in cards[guid]], deck_id)
    ours = collection.decks.by_name(package.deck)
    assert ours is not None
    ours["conf"] = collection.decks.add_config_returning_id("My options")
    collection.decks.save(ours)
    filtered = collection.decks.new_filtered("Before the exam")
    deck = collection.decks.get(filtered)
    assert deck is not None
    deck["terms"] = [["is:new -is:suspended", 15, 0]]
    collection.decks.save(deck)
    collection.sched.rebuild_filtered_deck(filtered)
    collection.media.write_data("my-picture.png", b"not really a picture")
    mine = collection.new_note(collection.models.all()[0])
    mine.fields[0] = f'my own note <img src="my-picture.png"> {learner.now}'
    collection.add_note(mine, deck_id)
    learner.collection.fix_integrity()  # the newest Anki records the last review of some cards only then
    learner.restyle(package.note_type["name"])


def update(learner: Learner, package: Package, base: Package, step: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Import the newer package; returns what was lost, and how much there was to lose."""
    cards, notes, log = learner.cards(), learner.notes(), learner.sql("SELECT * FROM revlog ORDER BY id")
    looks, decks = (
        learner.collection.models.by_name(package.note_type["name"]),
        learner.sql("SELECT id, name FROM decks"),
    )
    assert looks is not None
    options = learner.options(package.deck)
    learner.now = step["imported"]
    import_package(learner.collection, Path(step["package"]))
    learner.reopen()
    changed = package.changed_since(base) - learner.own
    # Notes that came with a development build are new to the release after it.
    fresh = package.fields.keys() & notes.keys() - base.fields.keys()
    late = {guid for guid in changed if learner.edited.get(guid, 0) > step["released"]}
    lost = [
        *_notes(learner, package, notes, changed - late | fresh),
        *_cards(learner, package, cards, notes),
        *_note_type(learner, package, base, looks, step["released"]),
    ]
    if learner.sql("SELECT * FROM revlog ORDER BY id") != log:
        lost.append("the history of reviews is another")
    if not {tuple(row) for row in decks} <= {tuple(row) for row in learner.sql("SELECT id, name FROM decks")}:
        lost.append("a deck is gone")
    if learner.options(package.deck) != options:
        lost.append("the deck's options are others")
    if not learner.collection.media.have("my-picture.png"):
        lost.append("the learner's picture is gone")
    if step["changed_tag"] is not None:
        found = {
            row[0]
            for row in learner.sql("SELECT guid, id FROM notes")
            if row[1] in set(learner.collection.find_notes(f"tag:{step['changed_tag']}"))
        }
        if found != changed - late:
            lost.append(
                f"tag:{step['changed_tag']} finds {len(found)} notes, not the {len(changed - late)} that changed"
            )
    counts = {
        "kept": len(notes.keys() & package.fields.keys() - changed),
        "kept with own words": len(learner.edited.keys() & notes.keys() - changed - learner.own),
        "kept in a note type of their own": len(learner.own),
        "corrected": len(changed - late),
        "corrected over own words": len((changed - late) & learner.edited.keys()),
        "kept from a late edit": len(late),
        "new": len(package.fields.keys() - notes.keys()),
        "cards with a history": sum(row[9] > 0 for row in cards.values()),
    }
    return lost, counts


def dismiss(learner: Learner, retired: set[str]) -> dict[str, int]:
    """Suspend the cards of one half of the retired notes, and delete the other half; returns how many."""
    there = sorted((guid, id) for guid, id in learner.sql("SELECT guid, id FROM notes") if guid in retired)
    suspended, deleted = ([id for _, id in half] for half in (there[::2], there[1::2]))
    cards = [card for id in suspended for (card,) in learner.sql("SELECT id FROM cards WHERE nid = ?", id)]
    learner.collection.sched.suspend_cards(cards)
    learner.collection.remove_notes(deleted)
    learner.reopen()
    return {"retired and suspended": len(suspended), "retired and deleted": len(deleted)}


def import_retired(learner: Learner, path: str) -> list[str]:
    """Import the file with the retired notes; returns what was lost."""
    package = Package(path)
    cards, notes = learner.cards(), learner.notes()
    import_package(learner.collection, Path(path))
    learner.reopen()
    late = {guid for guid, edited in learner.edited.items() if edited > package.mod.get(guid, 0)}
    replaced = package.fields.keys() & notes.keys() - learner.own - late
    lost = [*_notes(learner, package, notes, replaced), *_cards(learner, package, cards, notes)]
    learner.date_back(package)
    return lost


def import_again(learner: Learner, path: str) -> list[str]:
    """Import a file once more, which must change nothing."""
    there = learner.everything()
    import_package(learner.collection, Path(path))
    return [] if learner.everything() == there else ["importing it again changed something"]


def newcomer(path: str) -> list[str]:
    """What somebody who is new to the deck must not get: cards that are no longer taught."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        import_package(collection, Path(path))
        count = len(collection.find_notes("Retired:_*"))
        collection.close()
    return [f"{count} retired notes come to a newcomer"] if count else []


def _notes(learner: Learner, package: Package, before: dict[str, Any], corrected: set[str]) -> list[str]:
    lost = []
    after = learner.notes()
    for guid, (flds, tags, _) in before.items():
        if guid not in after:
            lost.append(f"{guid}: the note is gone")
        elif guid in corrected:
            if (
                after[guid][0].split("\x1f") != list(package.fields[guid].values())
                or after[guid][1] != package.tags[guid]
            ):
                lost.append(f"{_id(package, guid)}: the correction did not arrive")
        elif after[guid][:2] != (flds, tags):
            what = "the learner's words or tags were replaced" if guid in learner.edited else "it was replaced"
            lost.append(f"{_id(package, guid)}: nothing in it changed, and {what}")
    for guid in package.fields.keys() - before.keys():
        if guid not in after or after[guid][0].split("\x1f") != list(package.fields[guid].values()):
            lost.append(f"{_id(package, guid)}: the new note did not arrive")
    ((doubled,),) = learner.sql("SELECT count() - count(DISTINCT guid) FROM notes")
    if doubled or len(after) != len(before.keys() | package.fields.keys()):
        lost.append(
            f"{doubled} guids twice, {len(after)} notes where {len(before.keys() | package.fields.keys())} belong"
        )
    return lost


def _cards(learner: Learner, package: Package, before: dict[int, Any], notes: dict[str, Any]) -> list[str]:
    after = learner.cards()
    lost = [f"card {id}: not as it was: {row} -> {after.get(id)}" for id, row in before.items() if after.get(id) != row]
    declared: dict[str, set[int]] = {}
    for guid, ord in package.due:
        declared.setdefault(guid, set()).add(ord)
    rows = learner.sql("SELECT n.guid, c.ord, c.due, c.id FROM cards c JOIN notes n ON n.id = c.nid")
    there: dict[str, set[int]] = {}
    for guid, ord, _, _ in rows:
        there.setdefault(guid, set()).add(ord)
    lost += [
        f"{_id(package, guid)}: cards {sorted(there.get(guid, ()))}, declared {sorted(ords)}"
        for guid, ords in declared.items()
        if there.get(guid) != ords
    ]
    lost += [
        f"{_id(package, guid)}: new card at {due}, planned at {package.due[guid, ord]}"
        for guid, ord, due, id in rows
        if id not in before and guid not in notes and due != package.due[guid, ord]
    ]
    return lost


def _note_type(learner: Learner, package: Package, base: Package, before: Any, released: int) -> list[str]:
    lost = []
    names = [row[0] for row in learner.sql("SELECT name FROM notetypes")]
    name = package.note_type["name"]
    if sum(each.startswith(name) for each in names) != 1:
        lost.append(f"note types {names}")
    now = learner.collection.models.by_name(name)
    ours = package.looks() != base.looks() and released > learner.styled
    if now is not None and now["css"] != (package.note_type["css"] if ours else before["css"]):
        lost.append("our new styling did not arrive" if ours else "the learner's styling was replaced")
    return lost


def _id(package: Package, guid: str) -> str:
    return str(package.fields.get(guid, {}).get("Id", guid))


def differences(learner: Learner, package: Package, base: Package) -> dict[str, bool]:
    """Whether corrected notes have the time of the import instead of the time of the release."""
    mods = {guid: mod for guid, (_, _, mod) in learner.notes().items()}
    corrected = {guid for guid in package.changed_since(base) if guid not in learner.edited and guid not in learner.own}
    return {
        "corrected notes get the time of the import": bool(corrected)
        and all(mods[guid] >= learner.started and mods[guid] != package.mod[guid] for guid in corrected)
    }


def main(life: list[dict[str, Any]]) -> dict[str, Any]:
    """Do the steps of LIFE in a new collection."""
    lost: list[str] = []
    counts: list[dict[str, Any]] = []
    otherwise: dict[str, bool] = {}
    packages = {step["package"]: Package(step["package"]) for step in life}
    lost += [f"{Path(path).name}: {line}" for path in packages for line in newcomer(path)]
    with tempfile.TemporaryDirectory() as folder:
        learner = Learner(Path(folder) / "collection.anki2")
        first = life[0]
        learner.now = first["imported"]
        import_package(learner.collection, Path(first["package"]))
        due = dict(learner.sql("SELECT c.id, c.due FROM cards c"))
        order = [
            row[0]
            for row in learner.sql(
                "SELECT n.guid FROM cards c JOIN notes n ON n.id = c.nid WHERE c.ord = 0 ORDER BY c.due, c.ord"
            )
        ]
        planned = sorted((due, guid) for (guid, ord), due in packages[first["package"]].due.items() if ord == 0)
        if order != [guid for _, guid in planned] or not due:
            lost.append("the new cards come in another order")
        learner.date_back(packages[first["package"]])
        for before, step in itertools.pairwise(life):
            base, package = packages[step["base"]], packages[step["package"]]
            learner.now = max(before["imported"] + 1, (before["imported"] + step["released"]) // 2)
            live(learner, packages[before["package"]], package.changed_since(base), step["released"])
            learner.date_back()
            more, count = update(learner, package, base, step)
            lost += [f"{Path(step['package']).name}: {line}" for line in more]
            counts.append(count)
            otherwise = differences(learner, package, base)
            learner.date_back(package)
            count |= dismiss(learner, base.fields.keys() - package.fields.keys())
            files = [step["package"]]
            if step["retired"]:
                files.append(step["retired"])
                lost += [f"{Path(step['retired']).name}: {line}" for line in import_retired(learner, step["retired"])]
            lost += [f"{Path(file).name}: {line}" for file in files for line in import_again(learner, file)]
        message, sound = learner.collection.fix_integrity()
        if not sound or message != "Database rebuilt and optimized.":
            lost.append(f"integrity: {message}")
        learner.collection.close()
    return {"anki": anki.buildinfo.version, "lost": lost, "differences": otherwise, "counts": counts}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
