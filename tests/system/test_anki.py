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

from csto_anki.apkg import writer
from csto_anki.deck.model import Deck
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import RETIRED_TAG
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.contents import pictures as pictures_of
from csto_anki.note.note_type import FIELD_IDS, TEMPLATES
from csto_anki.note.order import teaching_order
from csto_anki.release.notes import search_for
from support.real_anki import import_package
from support.small_deck import FILES, SVG, picture, read_deck

CARDS = Path(__file__).parents[2] / "cards"
NOTHING = Released({}, None, {}, None)
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The curated deck as a group leader builds it, and what the tool printed."""
    output = tmp_path_factory.mktemp("dist") / "csto.apkg"
    return output, build(output)


def build(output: Path, *options: str) -> str:
    """Run the command on the curated deck, always on the same day; returns what it printed to standard error."""
    command = [sys.executable, "-m", "csto_anki", "build", "--cards", str(CARDS), "--output", str(output)]
    command += ["--today", f"{TODAY}", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def package(deck: Deck, released: Released, day: datetime.date, output: Path) -> Path:
    contents = contents_of(deck)
    writer.write(contents, pictures_of(deck), stamp(released, contents, day), output)
    return output


def rows(collection: Collection) -> list[object]:
    """Everything a learner has, without the collection's own bookkeeping."""
    tables = ("SELECT * FROM notes ORDER BY id", "SELECT * FROM cards ORDER BY id", "SELECT id, name FROM decks")
    assert collection.db is not None
    return [row for table in tables for row in collection.db.all(table)]


def test_the_deck_arrives_as_declared(collection: Collection, built: tuple[Path, str], taught: Deck) -> None:
    output, said = built
    log = import_package(collection, output)
    cards = len(taught.facts) + sum(fact.reverse is not None for fact in taught.facts)
    assert (len(log.new), log.found_notes) == (len(taught.facts), len(taught.facts))
    assert f": {collection.note_count()} of " in said
    assert f", {collection.card_count()} cards; " in said
    assert (collection.note_count(), collection.card_count()) == (len(taught.facts), cards)
    assert {deck.name for deck in collection.decks.all_names_and_ids()} == {"Default", "CSTO for UPSC"}
    for fact in taught.facts:
        (note_id,) = collection.find_notes(f"Id:{fact.id}")
        note = collection.get_note(note_id)
        assert len(note.cards()) == 1 + (fact.reverse is not None)
        assert dict(note.items())["Sources"]
        # The other tags say when the note last changed; they depend on the record of releases.
        given = {tag for tag in note.tags if not tag.startswith(("csto::added::", "csto::changed::"))}
        assert given == {"csto::" + fact.kind, *(f"csto::{tag}" for tag in fact.tags)}
    assert collection.fix_integrity() == ("Database rebuilt and optimized.", True)  # nothing had to be repaired


def test_the_pictures_arrive_with_the_cards(collection: Collection, built: tuple[Path, str], taught: Deck) -> None:
    """Each picture is where Anki looks for it, and there is no picture that no card shows."""
    import_package(collection, built[0])
    there = {path.name: path.read_bytes() for path in Path(collection.media.dir()).iterdir()}
    assert there == pictures_of(taught)
    assert len(there) >= 20
    found = collection.media.check()
    assert (list(found.missing), list(found.unused)) == ([], [])


def test_a_corrected_picture_reaches_learners_and_costs_no_other_note(collection: Collection, tmp_path: Path) -> None:
    """Anki keeps the file that it has under a name, so the corrected picture has another name in the notes."""
    shows = FILES["dates.yaml"] + picture("map.svg")
    lives: list[dict[str, str | bytes | None]] = [
        {"dates.yaml": shows, "media/map.svg": SVG.format("old")},
        {"dates.yaml": shows, "media/map.svg": SVG.format("corrected")},
    ]
    first, second = released(tmp_path, *lives)
    import_package(collection, first)
    (kept,) = collection.find_notes("Id:highest-body")
    note = collection.get_note(kept)
    note.tags.append("mine")
    collection.update_note(note)
    log = import_package(collection, second)
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, 1)
    (note_id,) = collection.find_notes("Id:treaty-signed")
    (name,) = re.findall('src="([^"]*)"', collection.get_note(note_id)["Image"])
    folder = Path(collection.media.dir())
    assert (folder / name).read_text("utf-8") == SVG.format("corrected")
    assert "mine" in collection.get_note(kept).tags
    assert list(collection.media.check().missing) == []


def test_core_first_and_the_whole_later_is_the_whole(
    collection: Collection, built: tuple[Path, str], tmp_path: Path
) -> None:
    """Who studied the core and imports everything has exactly everything, and keeps the schedule of the core."""
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
    """genanki has its own rule for which cards exist; here Anki adds each note once more, by its rule."""
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


def test_new_cards_come_in_teaching_order(collection: Collection, built: tuple[Path, str], curated: Deck) -> None:
    import_package(collection, built[0])
    assert collection.db is not None
    note_ids = collection.db.list("SELECT nid FROM cards WHERE ord = 0 ORDER BY due, ord")
    planned = [fact.id for fact in teaching_order(curated) if not fact.retired]
    assert [collection.get_note(note_id)["Id"] for note_id in note_ids] == planned


def test_the_note_type_keeps_its_ids(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    note_type = collection.models.by_name("CSTO")
    assert note_type is not None
    assert note_type["id"] == 2196347344693
    assert [(field["name"], field["id"]) for field in note_type["flds"]] == list(FIELD_IDS)
    assert [(template["name"], template["id"]) for template in note_type["tmpls"]] == list(TEMPLATES)


def test_both_sides_show_what_they_should_and_no_more(collection: Collection, tmp_path: Path) -> None:
    import_package(collection, package(read_deck(tmp_path), NOTHING, TODAY, tmp_path / "small.apkg"))
    first, second = collection.get_note(collection.find_notes("Id:highest-body")[0]).cards()
    answers = ("The heads of the member states", "The Collective Security Council")
    for card, shown, answer in (
        (first, "Who sits on the Council?", 0),
        (second, "Which is the highest body of the CSTO?", 1),
    ):
        assert f'<div class="question">{shown}</div>' in card.question()
        assert '<div class="front" lang="en">' in card.question()
        assert not any(text in card.question() for text in answers)
        assert f'<div class="answer">{answers[answer]}</div>' in card.answer()
        assert answers[1 - answer] not in card.answer()
        assert '<hr id="answer">' in card.answer()
        assert "{{" not in card.question() + card.answer()
        assert 'mnemonic"' not in card.answer()  # a field that the fact does not have leaves no trace


def test_a_development_build_reaches_a_learner_without_harm(collection: Collection, tmp_path: Path) -> None:
    """Over a release: a new fact arrives, a corrected one is corrected, an unchanged one keeps the learner's words."""
    deck = read_deck(tmp_path / "one")
    released = NOTHING.after("2026.06.01", 1780304400, contents_of(deck))
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


def released(folder: Path, *lives: dict[str, str | bytes | None]) -> list[Path]:
    """Monthly releases of the small deck, each with these files instead of its own.

    Beside each package, such as `1.apkg`, is the one of its retired notes, `retired-1.apkg`.
    """
    record, packages = NOTHING, []
    for number, files in enumerate(lives):
        deck = read_deck(folder / f"cards{number}", files)
        contents = contents_of(deck)
        record = record.after(f"2026.0{6 + number}.01", 1780304400 + number * 30 * 86400, contents)
        packages.append(folder / f"{number}.apkg")
        stamps = stamp(record, contents, TODAY)
        writer.write(contents, pictures_of(deck), stamps, packages[-1])
        writer.write(contents, pictures_of(deck), stamps, folder / f"retired-{number}.apkg", RETIRED_TAG)
    return packages


def test_a_retired_fact_stays_and_its_own_package_says_why(collection: Collection, tmp_path: Path) -> None:
    retired = FILES["bodies.yaml"] + "  retired: {why: Not asked any more., replaced_by: treaty-signed}\n"
    first, second = released(tmp_path, {}, {"bodies.yaml": retired})
    import_package(collection, first)
    before = rows(collection)
    log = import_package(collection, second)
    assert (len(log.new), len(log.updated), collection.note_count()) == (0, 0, 2)
    assert rows(collection) == before
    log = import_package(collection, tmp_path / "retired-1.apkg")
    assert (len(log.new), len(log.updated), collection.note_count()) == (0, 1, 2)
    (note_id,) = collection.find_notes("tag:small::retired")
    for card in collection.get_note(note_id).cards():
        assert '<p class="retired">No longer taught</p>' in card.question()
        assert (
            "Not asked any more.<br>Instead, learn the card that this search finds: Id:treaty-signed" in card.answer()
        )


def test_new_learners_do_not_meet_retired_facts(collection: Collection, tmp_path: Path) -> None:
    retired = FILES["dates.yaml"] + "  retired: {why: Not asked any more.}\n"
    (only,) = released(tmp_path, {"dates.yaml": retired})
    import_package(collection, only)
    assert [collection.get_note(note_id)["Id"] for note_id in collection.find_notes("")] == ["highest-body"]


def test_a_changed_fact_says_so_on_its_card(collection: Collection, tmp_path: Path) -> None:
    changed = FILES["dates.yaml"].replace("05-15", "05-16") + "  changed: It was a day later.\n"
    first, second = released(tmp_path, {}, {"dates.yaml": changed})
    import_package(collection, first)
    import_package(collection, second)
    (note_id,) = collection.find_notes("tag:small::changed::2026.07.01::fact")
    assert collection.find_notes("tag:small::changed::2026.07.01") == [note_id]
    assert (
        "Changed since an earlier version of this card: It was a day later."
        in collection.get_note(note_id).cards()[0].answer()
    )
    deck = collection.decks.by_name("Small")
    assert deck is not None
    assert "What changed in it: search tag:small::changed::2026.07.01" in json.dumps(deck)


def test_a_correction_that_was_shared_can_be_taken_back(collection: Collection, tmp_path: Path) -> None:
    """A development build brought it. The old text alone would not be sent again, but a new `reworded` sends it."""
    wrong = FILES["dates.yaml"].replace("05-15", "05-16")
    contents = contents_of(read_deck(tmp_path / "first"))
    record = NOTHING.after("2026.06.01", 1780304400, contents)
    import_package(collection, package(read_deck(tmp_path / "a"), record, TODAY, tmp_path / "first.apkg"))
    half = read_deck(tmp_path / "b", {"dates.yaml": wrong})
    import_package(collection, package(half, record, TODAY, tmp_path / "dev.apkg"))
    (note_id,) = collection.find_notes("Id:treaty-signed")
    assert collection.get_note(note_id)["Answer"] == "16 May 1992"
    for number, (files, answer) in enumerate(
        (({}, "16 May 1992"), ({"dates.yaml": FILES["dates.yaml"] + "  reworded: taken back\n"}, "15 May 1992"))
    ):
        back = contents_of(read_deck(tmp_path / f"back{number}", {**files}))
        after = record.after("2026.11.25", 1795478400 + 86400, back)
        writer.write(back, {}, stamp(after, back, TODAY), tmp_path / "back.apkg")
        import_package(collection, tmp_path / "back.apkg")
        assert collection.get_note(note_id)["Answer"] == answer
    assert collection.note_count() == 2


def test_the_search_in_the_release_notes_finds_these_notes(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    ids = ["charter-signed-chisinau", "csto-abbreviation"]
    for some in (ids, ids[:1]):
        found = [collection.get_note(note_id)["Id"] for note_id in collection.find_notes(search_for(some))]
        assert sorted(found) == some


def test_a_renamed_deck_a_deleted_note_and_an_added_field(collection: Collection, tmp_path: Path) -> None:
    """As the table in docs/learners.md says."""
    first, second = released(tmp_path, {}, {"bodies.yaml": FILES["bodies.yaml"] + "  mnemonic: M\n"})
    import_package(collection, first)
    deck = collection.decks.by_name("Small")
    assert deck is not None
    collection.decks.rename(deck["id"], "UPSC::Mine")
    collection.remove_notes(collection.find_notes("Id:treaty-signed"))
    import_package(collection, second)
    assert collection.note_count() == 2
    assert len(collection.find_cards("deck:UPSC::Mine")) == 2
    assert len(collection.find_cards("deck:Small")) == 1
    note_type = collection.models.by_name("Small")
    assert note_type is not None
    collection.models.add_field(note_type, collection.models.new_field("Mine"))
    collection.models.update_dict(note_type)
    third = released(tmp_path, {}, {}, {"bodies.yaml": FILES["bodies.yaml"] + "  mnemonic: N\n"})[2]
    log = import_package(collection, third)
    assert (len(log.updated), len(log.conflicting)) == (0, 2)


def test_the_description_names_version_and_licence(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    deck = collection.decks.by_name("CSTO for UPSC")
    assert deck is not None
    assert "Cards CC BY 4.0" in json.dumps(deck)
    assert "Version 20" in json.dumps(deck)


def test_the_searches_on_the_page_for_learners_find_something(collection: Collection, built: tuple[Path, str]) -> None:
    import_package(collection, built[0])
    page = (CARDS.parent / "docs" / "learners.md").read_text("utf-8").partition("## What an update does")[0]
    searches = [
        search for row in re.findall(r"^\|[^|]*\|([^|]*)\|$", page, re.M) for search in re.findall("`([^`]+)`", row)
    ]
    assert len(searches) >= 4
    for search in searches:
        assert 0 < len(collection.find_notes(search)) < collection.note_count(), search
