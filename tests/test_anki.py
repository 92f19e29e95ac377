"""The real Anki is the judge: what a learner's collection holds after an import."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from anki.collection import Collection

from csto_anki import apkg, fields
from csto_anki.facts import Deck
from csto_anki.read import read
from csto_anki.release import Released
from real_anki import import_package
from small_deck import FILES, read_deck

CARDS = Path(__file__).parents[1] / "cards"
NOTHING = Released({}, {}, {}, None)
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


@pytest.fixture(scope="module")
def curated() -> Deck:
    deck, problems = read(CARDS)
    assert deck is not None, "\n".join(map(str, problems))
    return deck


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The curated deck as a group leader builds it, and what the tool said."""
    output = tmp_path_factory.mktemp("dist") / "csto.apkg"
    return output, build(output)


def build(output: Path, *options: str) -> str:
    """Run the command on the curated deck, always on the same day; returns what it said."""
    command = [sys.executable, "-m", "csto_anki", "build", "--cards", str(CARDS), "--output", str(output)]
    command += ["--today", f"{TODAY}", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def package(deck: Deck, released: Released, day: datetime.date, output: Path) -> Path:
    contents = fields.contents(deck)
    apkg.write(contents, released.stamp(contents, day), output)
    return output


def rows(collection: Collection) -> list[object]:
    """Everything a learner has, but the bookkeeping of the collection itself."""
    tables = ("SELECT * FROM notes ORDER BY id", "SELECT * FROM cards ORDER BY id", "SELECT id, name FROM decks")
    assert collection.db is not None
    return [row for table in tables for row in collection.db.all(table)]


def test_the_deck_arrives_as_declared(collection: Collection, built: tuple[Path, str], curated: Deck) -> None:
    output, said = built
    log = import_package(collection, output)
    cards = len(curated.facts) + sum(fact.reverse is not None for fact in curated.facts)
    assert (len(log.new), log.found_notes) == (len(curated.facts), len(curated.facts))
    assert f": {collection.note_count()} notes, {collection.card_count()} cards; " in said
    assert (collection.note_count(), collection.card_count()) == (len(curated.facts), cards)
    assert {deck.name for deck in collection.decks.all_names_and_ids()} == {"Default", "CSTO for UPSC"}
    for fact in curated.facts:
        (note_id,) = collection.find_notes(f"Id:{fact.id}")
        note = collection.get_note(note_id)
        assert len(note.cards()) == 1 + (fact.reverse is not None)
        assert dict(note.items())["Sources"]
        assert set(note.tags) == {"csto::" + fact.kind, *(f"csto::{tag}" for tag in fact.tags)}
    assert collection.fix_integrity() == ("Database rebuilt and optimized.", True)  # nothing had to be mended


def test_core_first_and_the_whole_later_is_the_whole(
    collection: Collection, built: tuple[Path, str], tmp_path: Path
) -> None:
    """Whoever studied the core and imports everything has exactly everything, and the schedule of the core."""
    core = tmp_path / "core.apkg"
    said = build(core, "--only", "core")
    import_package(collection, core)
    deck_id = collection.decks.id_for_name("CSTO for UPSC")
    assert deck_id is not None
    collection.decks.select(deck_id)
    assert f" notes (tag core), {collection.card_count()} cards; " in said
    assert 90 <= collection.card_count() <= 110
    studied = study(collection, 5)
    import_package(collection, built[0])

    fresh = Collection(str(tmp_path / "fresh.anki2"))
    import_package(fresh, built[0])
    whole, expected = card_rows(collection), card_rows(fresh)
    assert set(whole) == set(expected)
    assert {id for id in expected if whole[id] != expected[id]} == set(studied)
    assert {id: whole[id] for id in studied} == studied
    notes = "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
    assert collection.db and fresh.db and collection.db.all(notes) == fresh.db.all(notes)
    assert collection.db.list("SELECT DISTINCT did FROM cards") == [deck_id]
    fresh.close()


def study(collection: Collection, count: int) -> dict[int, Sequence[object]]:
    """Answer some cards with Good; returns their rows."""
    for _ in range(count):
        card = collection.sched.getCard()
        assert card is not None
        collection.sched.answerCard(card, 3)
    return {id: row for id, row in card_rows(collection).items() if row[-1]}


def card_rows(collection: Collection) -> dict[int, Sequence[object]]:
    """The schedule of each card by its id, ending with the number of its reviews."""
    assert collection.db is not None
    rows = collection.db.all("SELECT id, nid, ord, type, queue, due, ivl, reps FROM cards")
    return {row[0]: row for row in rows}


def test_anki_itself_would_make_the_same_cards(collection: Collection, built: tuple[Path, str]) -> None:
    """genanki decides which cards exist by a rule of its own; here each note is added once more by Anki's."""
    import_package(collection, built[0])
    deck_id = collection.decks.id("Once more")
    assert deck_id is not None
    for note_id in collection.find_notes("deck:CSTO*"):
        imported = collection.get_note(note_id)
        note_type = imported.note_type()
        assert note_type is not None
        again = collection.new_note(note_type)
        again.fields = list(imported.fields)
        collection.add_note(again, deck_id)
        assert [card.ord for card in again.cards()] == [card.ord for card in imported.cards()]
    assert [card_id for card_id in collection.find_cards("is:new") if not collection.get_card(card_id).question()] == []


def test_importing_the_same_file_again_changes_nothing(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    before = rows(collection)
    log = import_package(collection, built[0])
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 0, collection.note_count())
    assert rows(collection) == before
    assert len(collection.models.all_names_and_ids()) == len(
        {model.id for model in collection.models.all_names_and_ids()}
    )


def test_new_cards_come_in_the_order_of_learning(
    collection: Collection, built: tuple[Path, str], curated: Deck
) -> None:
    import_package(collection, built[0])
    assert collection.db is not None
    note_ids = collection.db.list("SELECT nid FROM cards WHERE ord = 0 ORDER BY due, ord")
    assert [collection.get_note(note_id)["Id"] for note_id in note_ids] == [fact.id for fact in curated.facts]


def test_the_note_type_keeps_its_ids(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    note_type = collection.models.by_name("CSTO")
    assert note_type is not None
    assert note_type["id"] == 2196347344693
    assert [(field["name"], field["id"]) for field in note_type["flds"]] == list(fields.FIELDS)
    assert [(template["name"], template["id"]) for template in note_type["tmpls"]] == list(fields.TEMPLATES)


def test_both_sides_show_what_they_should_and_no_more(collection: Collection, tmp_path: Path) -> None:
    import_package(collection, package(read_deck(tmp_path), NOTHING, TODAY, tmp_path / "small.apkg"))
    first, second = collection.get_note(collection.find_notes("Id:highest-body")[0]).cards()
    answers = ("The heads of the member states", "The Collective Security Council")
    for card, shown, answer in ((first, "Who sits on it?", 0), (second, "Which is the highest body?", 1)):
        assert f'<div class="question">{shown}</div>' in card.question()
        assert '<div class="front" lang="en">' in card.question()
        assert not any(text in card.question() for text in answers)
        assert f'<div class="answer">{answers[answer]}</div>' in card.answer()
        assert answers[1 - answer] not in card.answer()
        assert '<hr id="answer">' in card.answer()
        assert "{{" not in card.question() + card.answer()
        assert "<details" not in card.answer()  # what a fact lacks leaves no trace


def test_a_development_build_reaches_a_learner_without_harm(collection: Collection, tmp_path: Path) -> None:
    """Over a release: a new fact arrives, a corrected one is corrected, an unchanged one keeps the learner's words."""
    deck = read_deck(tmp_path / "one")
    released = NOTHING.after("2026.06.01", 1780304400, fields.contents(deck))
    import_package(collection, package(deck, released, TODAY, tmp_path / "release.apkg"))
    (kept,) = collection.find_notes("Id:treaty-signed")
    note = collection.get_note(kept)
    note["Spare1"], note.tags = "my own words", [*note.tags, "mine"]
    collection.update_note(note)

    files: dict[str, str | bytes | None] = {
        "bodies.yaml": FILES["bodies.yaml"].replace("The heads of", "Heads of")
        + "seat:\n  question: Where?\n  answer: Moscow\n  sources: [charter]\n"
    }
    edited = read_deck(tmp_path / "two", files)
    log = import_package(collection, package(edited, released, TODAY, tmp_path / "development.apkg"))
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (1, 1, 1)
    assert collection.get_note(kept)["Spare1"] == "my own words"
    assert "mine" in collection.get_note(kept).tags
    (changed,) = collection.find_notes("Id:highest-body")
    assert collection.get_note(changed)["Answer"] == "Heads of the member states"
    assert (collection.note_count(), collection.card_count()) == (3, 4)


def test_two_decks_of_one_language_pair_live_side_by_side(collection: Collection, tmp_path: Path) -> None:
    """A Hindi edition has the same ids and note type, a title of its own, and disturbs nothing."""
    hindi = FILES["deck.yaml"].replace("language: en", "language: hi").replace("title: Small", "title: Small in Hindi")
    import_package(collection, package(read_deck(tmp_path / "en"), NOTHING, TODAY, tmp_path / "en.apkg"))
    deck = read_deck(tmp_path / "hi", {"deck.yaml": hindi})
    log = import_package(collection, package(deck, NOTHING, TODAY, tmp_path / "hi.apkg"))
    assert (len(log.new), len(log.conflicting)) == (2, 0)
    assert (collection.note_count(), collection.card_count()) == (4, 6)
    assert sum(model.name.startswith("Small") for model in collection.models.all_names_and_ids()) == 1


def test_the_description_names_version_and_licence(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    deck = collection.decks.by_name("CSTO for UPSC")
    assert deck is not None
    assert "Cards CC BY 4.0" in json.dumps(deck)
    assert "Version 20" in json.dumps(deck)


def test_the_searches_in_the_readme_find_something(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    searches = re.findall(r"\| `([^`]+:[^`]+)` \|", (CARDS.parent / "README.md").read_text("utf-8"))
    assert len(searches) >= 4
    for search in searches:
        assert 0 < len(collection.find_notes(search)) < collection.note_count(), search
