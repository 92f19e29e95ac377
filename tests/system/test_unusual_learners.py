"""Learners with rarer habits, in four Ankis: what they keep, and what the table in docs/learners.md tells them.

`unusual_learners.py` is the learner and the judge; this module makes the packages. Where advice saves something, the
test runs without it, too, and then something must be lost.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from csto_anki.apkg import writer
from csto_anki.deck.model import Deck
from csto_anki.history.changes import compare
from csto_anki.history.record import Released
from csto_anki.history.stamps import Stamps, stamp
from csto_anki.note.contents import Contents
from csto_anki.note.contents import contents as contents_of
from csto_anki.release import notes
from support import ankis
from support.all_pictures import all_pictures
from support.releases import JUNE
from support.updates import edited, usual_genanki

DAY = 86400
NEXT = JUNE + 30 * DAY
CSS = "\n.card { color: black }"


class Packages(NamedTuple):
    """Where the packages are, and the release notes of each update."""

    folder: Path
    notes: str
    notes_with_looks: str

    def life(
        self, habit: str, looks: bool, advised: bool = True, others: dict[str, str] | None = None
    ) -> dict[str, Any]:
        second = "with-looks.apkg" if looks else "second.apkg"
        names = {
            "first": "first.apkg",
            "second": second,
            "edition": "edition.apkg",
            "other": "other.apkg",
            **(others or {}),
        }
        return {
            "habit": habit,
            "advised": advised,
            "released": NEXT,
            "version": "2026.07.01",
            "packages": {name: str(self.folder / file) for name, file in names.items()},
        }


@pytest.fixture(scope="module")
def packages(taught: Deck, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """A part of the deck as a first release; its update, with the same and with new looks; an edition; another deck."""
    folder = tmp_path_factory.mktemp("packages")
    part = replace(taught, facts=tuple(fact for fact in edited(taught, 0).facts if not fact.retired)[:160])
    first, second = contents_of(part), contents_of(edited(part, 1))
    looks = second._replace(looks={**second.looks, "Styling": second.looks["Styling"] + CSS})
    record = Released({}, None, {}, None).after("2026.06.01", JUNE, first)

    def write(name: str, released: Released, contents: Contents) -> Stamps:
        stamps = stamp(released, contents, None)
        writer.write(contents, all_pictures(), stamps, folder / name)
        return stamps

    write("first.apkg", record, first)
    texts = []
    for name, contents in (("second.apkg", second), ("with-looks.apkg", looks)):
        after = record.after("2026.07.01", NEXT, contents)
        write(name, after, contents)
        diff = compare("2026.06.01", first, "2026.07.01", contents)
        texts.append(notes.release_notes(part, diff, NEXT, [], "SQLite"))
    edition = contents_of(replace(part, language="hi", title="CSTO in Hindi", facts=part.facts[:40]))
    write("edition.apkg", Released({}, None, {}, None).after("2026.06.20", NEXT - 10 * DAY, edition), edition)
    other = contents_of(
        replace(
            part, title="QUAD", namespace="quad", note_type="QUAD", note_type_id=77, deck_id=78, facts=part.facts[:40]
        )
    )
    write("other.apkg", Released({}, None, {}, None).after("2026.06.20", NEXT - 10 * DAY, other), other)
    usual_genanki(second, Stamps("", NEXT, {}, 0, {}, {}, {}), folder / "usual.apkg")
    usual_genanki(edition, Stamps("", NEXT - 10 * DAY, {}, 0, {}, {}, {}), folder / "usual-edition.apkg")
    return Packages(folder, *texts)


def judge(anki: str, life: dict[str, Any], folder: Path) -> Any:
    (folder / "life.json").write_text(json.dumps(life), "utf-8")
    found = ankis.run(anki, Path(__file__).parent / "unusual_learners.py", folder / "life.json")
    assert found["counts"]["corrected"] >= 10
    assert found["counts"]["with words"] >= 10
    assert found["counts"]["studied"] >= 10
    return found


@pytest.mark.parametrize("looks", [False, True], ids=["the same looks", "new looks"])
@pytest.mark.parametrize(
    "habit",
    [
        "another_sort_field",
        *("a_field_added", "a_field_moved", "a_field_deleted", "a_card_type_deleted", "a_field_renamed"),
        *("a_description_and_settings_of_ones_own", "an_older_release_by_mistake", "a_filtered_deck_of_the_decks_name"),
        *("several_decks", "an_export_of_a_friend"),
    ],
)
def test_nothing_is_lost_if_it_is_done_as_advised(
    anki: str, habit: str, looks: bool, packages: Packages, tmp_path: Path
) -> None:
    assert judge(anki, packages.life(habit, looks), tmp_path)["lost"] == []


@pytest.mark.parametrize(
    ("habit", "looks"),
    [
        ("another_sort_field", True),
        *((habit, looks) for habit in ("a_field_added", "a_field_moved", "a_field_deleted") for looks in (False, True)),
        *(("a_card_type_deleted", looks) for looks in (False, True)),
    ],
)
def test_without_the_advice_no_correction_arrives(
    anki: str, habit: str, looks: bool, packages: Packages, tmp_path: Path
) -> None:
    found = judge(anki, packages.life(habit, looks, advised=False), tmp_path)
    late = [line for line in found["lost"] if line.endswith(": the correction did not arrive")]
    assert len(late) == found["counts"]["corrected"]


def test_the_advice_is_in_the_release_notes(packages: Packages) -> None:
    """Before the import; that on the sort field only where it matters."""
    twice = "import the file twice: first with *Update note types* set to *Never*, then with the options as they are"
    merged = "tick *Merge note types* and set *Update note types* to *Never*"
    for text, expected in ((packages.notes, False), (packages.notes_with_looks, True)):
        before, _, _ = text.partition("\n## Changed facts")
        assert (twice in before) == expected
        assert merged in before


@pytest.mark.parametrize(
    ("habit", "others", "expected"),
    [
        # One time for all notes, as genanki gives it, replaces what learners wrote, and their styling.
        ("an_older_release_by_mistake", {"second": "usual.apkg"}, "the learner's words are gone"),
        ("a_field_renamed", {"second": "usual.apkg"}, "the learner's words are gone"),
        ("a_description_and_settings_of_ones_own", {"second": "usual.apkg"}, "the learner's styling was replaced"),
        ("a_filtered_deck_of_the_decks_name", {"second": "usual.apkg"}, "the learner's words are gone"),
        ("an_export_of_a_friend", {"second": "usual.apkg"}, "the learner's words are gone"),
    ],
)
def test_with_usual_times_something_is_lost(
    anki: str, habit: str, others: dict[str, str], expected: str, packages: Packages, tmp_path: Path
) -> None:
    """Our times of notes and note types are what saves these learners."""
    lost = judge(anki, packages.life(habit, looks=False, others=others), tmp_path)["lost"]
    assert any(line.endswith(expected) for line in lost), lost


def test_a_deck_that_shares_the_note_type_and_has_the_usual_time_resets_the_styling(
    anki: str, packages: Packages, tmp_path: Path
) -> None:
    """A deck with the same note type as ours must not bring it as newer in its first release."""
    for edition, is_kept in (("edition.apkg", True), ("usual-edition.apkg", False)):
        life = packages.life("several_decks", looks=False, others={"edition": edition})
        assert judge(anki, life, tmp_path)["told"]["the styling is the learner's"] == is_kept


@pytest.mark.parametrize(
    ("habit", "looks", "expected"),
    [
        ("a_description_and_settings_of_ones_own", False, {"settings": True, "description": "ours"}),
        ("a_description_and_settings_of_ones_own", True, {"settings": False, "description": "ours"}),
        ("an_older_release_by_mistake", False, {"names the update": False}),
        ("a_field_renamed", True, {"names the update": True, "new looks": True}),
        ("another_sort_field", True, {"new looks": True}),
        ("a_field_added", True, {"new looks": False}),
        ("a_filtered_deck_of_the_decks_name", False, {"new cards": False}),
    ],
)
def test_what_the_table_tells(
    anki: str, habit: str, looks: bool, expected: dict[str, Any], packages: Packages, tmp_path: Path
) -> None:
    """The rarer lines of the table in docs/learners.md, each as it is."""
    found = judge(anki, packages.life(habit, looks), tmp_path)["told"]
    assert {name: found[name] for name in expected} == expected


def test_an_export_of_a_friend_brings_the_friends_words(anki: str, packages: Packages, tmp_path: Path) -> None:
    """Until the next correction of these notes; and their styling. With a field of their own, no correction arrives."""
    found = judge(anki, packages.life("an_export_of_a_friend", looks=False), tmp_path)
    assert found["told"]["friend's words after the export"] == 2
    assert found["told"]["friend's words after the update"] == 0
    lost = judge(anki, packages.life("an_export_of_a_friend_with_a_field_of_their_own", looks=False), tmp_path)["lost"]
    assert any(line.startswith("a second note type: ") for line in lost), lost
