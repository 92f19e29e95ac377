"""Each rule on what learners have, with an example that fails and one that passes; and the rules on the real deck."""

from __future__ import annotations

from pathlib import Path

import pytest

from csto_anki.deck.reader import read
from csto_anki.history.record import Released, load
from csto_anki.note import contents as note_contents
from csto_anki.rules.check import UPDATE_RULES
from csto_anki.rules.common import Rule
from csto_anki.rules.updates import check_update
from support.small_deck import FILES, read_deck

CARDS = Path(__file__).parents[2] / "cards"
Files = dict[str, "str | bytes | None"]

NEW = "seat:\n  question: In which city is its seat?\n  answer: Moscow\n  sources: [charter]\n"
ANOTHER = "highest-body:\n  question: In which city is its seat?\n  answer: Moscow\n  sources: [charter]\n"

AGAIN = "retire it again, and teach the fact under a new id"

# For each rule: files that it passes, files that it does not, and the problems that it finds there. Learners have the
# small deck.
EXAMPLES: dict[str, tuple[Files, Files, list[str]]] = {
    "frozen-settings-stay": (
        {"deck.yaml": FILES["deck.yaml"].replace("A small deck", "Small as ever")},
        {
            "deck.yaml": FILES["deck.yaml"]
            .replace("title: Small", "title: Smaller")
            .replace("language: en", "language: hi")
            .replace("deck_id: 1000001", "deck_id: 1000003")
            .replace("namespace: small", "namespace: smaller")
            .replace("note_type: Small", "note_type: Smaller")
            .replace("note_type_id: 1000002", "note_type_id: 1000004")
        },
        [
            "deck.yaml:1:8: title was released as 'Small' and is frozen; put it back",
            "deck.yaml:3:11: language was released as 'en' and is frozen; put it back",
            "deck.yaml:5:12: namespace was released as 'small' and is frozen; put it back",
            "deck.yaml:6:10: deck_id was released as '1000001' and is frozen; put it back",
            "deck.yaml:7:12: note_type was released as 'Small' and is frozen; put it back",
            "deck.yaml:8:15: note_type_id was released as '1000002' and is frozen; put it back",
        ],
    ),
    "the-note-type-stays": ({}, {}, []),  # its examples are below
    "no-released-id-vanishes": (
        {"bodies.yaml": FILES["bodies.yaml"] + "  retired: {why: W}\n" + NEW},
        {"bodies.yaml": "the-highest-body:\n" + FILES["bodies.yaml"].partition("\n")[2], "dates.yaml": ""},
        [
            "dates.yaml:1:1: treaty-signed: learners have had this fact since 2026.06.01, but it is gone from the "
            "cards; put the entry back, and retire it if it is no longer taught",
            "bodies.yaml:1:1: the-highest-body: it was released as 'highest-body', and learners' progress depends on "
            "that id; name it highest-body again",
        ],
    ),
    "no-released-id-is-another-fact": (
        {"bodies.yaml": FILES["bodies.yaml"].replace("Who sits on the Council?", "Who has a seat on the Council?")},
        {"bodies.yaml": ANOTHER},
        [
            "bodies.yaml:1:1: highest-body: this id was released with another fact: 'Who sits on the Council?'; "
            "give the new fact an id of its own and retire the old one, or change fewer words"
        ],
    ),
    "no-released-reverse-vanishes": (
        {
            "bodies.yaml": FILES["bodies.yaml"].replace(
                "Which is the highest body of the CSTO?", "Which body is the highest?"
            )
        },
        {"bodies.yaml": FILES["bodies.yaml"].partition("  reverse")[0] + "  sources: [charter]\n"},
        [
            "bodies.yaml:1:1: highest-body: learners have its reverse, and would keep a blank card; put it back, "
            "in better words if necessary"
        ],
    ),
    "only-what-learners-have-is-retired": (
        {"bodies.yaml": FILES["bodies.yaml"] + "  retired: {why: W}\n" + NEW},
        {"bodies.yaml": FILES["bodies.yaml"] + NEW + "  retired: {why: W}\n"},
        ["bodies.yaml:13:12: seat: no learner has this fact; remove the whole entry"],
    ),
    "what-is-retired-stays-retired": ({}, {}, []),  # its examples are below
    "what-is-new-has-not-changed": (
        {"bodies.yaml": FILES["bodies.yaml"] + "  changed: It was another.\n"},
        {"bodies.yaml": FILES["bodies.yaml"] + NEW + "  changed: It was Minsk.\n"},
        ["bodies.yaml:13:12: seat: `changed`, but the fact is not released yet; remove the line"],
    ),
    "an-answer-that-changes-says-how": (
        {
            "bodies.yaml": FILES["bodies.yaml"].replace("The heads of", "Heads of") + "  reworded: Shorter.\n",
            "dates.yaml": FILES["dates.yaml"].replace("05-15", "05-16") + "  changed: It was a day earlier.\n",
        },
        {
            "bodies.yaml": FILES["bodies.yaml"].replace("The Collective", "Collective"),
            "dates.yaml": FILES["dates.yaml"].replace("05-15", "05-16"),
        },
        [
            f"{place}: the answer differs from the one in 2026.06.01; before you release it, say in `changed:` "
            "what must be learnt again, or in `reworded:` what was fixed"
            for place in ("dates.yaml:3:9: warning: treaty-signed", "bodies.yaml:4:11: warning: highest-body")
        ],
    ),
}


def test_no_rule_lacks_its_examples() -> None:
    assert [rule.code for rule in UPDATE_RULES] == sorted(EXAMPLES)


def test_what_is_retired_stays_retired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    retired = FILES["dates.yaml"] + "  retired: {why: W}\n"
    contents = note_contents.contents(read_deck(tmp_path / "released", {"dates.yaml": retired}))
    record = Released({}, None, {}, None).after("2026.06.01", 1780304400, contents)
    (rule,) = (rule for rule in UPDATE_RULES if rule.code == "what-is-retired-stays-retired")
    monkeypatch.chdir(tmp_path)
    for dates, expected in (
        (retired.replace("{why: W}", "{why: Better words.}"), []),
        (FILES["dates.yaml"], ["treaty-signed: it was released as retired; " + AGAIN]),
    ):
        deck = read_deck(tmp_path / f"{len(expected)}", {"dates.yaml": dates})
        found = [problem.sentence for problem in rule.find(deck, note_contents.contents(deck), record)]
        assert found == expected


def released(folder: Path) -> Released:
    return Released({}, None, {}, None).after("2026.06.01", 1780304400, note_contents.contents(read_deck(folder)))


@pytest.mark.parametrize("rule", UPDATE_RULES, ids=lambda rule: rule.code)
def test_a_rule_distinguishes_the_examples(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = released(tmp_path / "released")
    passing, failing, expected = EXAMPLES[rule.code]
    for name, files in (("passing", passing), ("failing", failing)):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        deck = read_deck(Path(), files)
        found = [str(problem) for problem in rule.find(deck, note_contents.contents(deck), record)]
        assert found == (expected if name == "failing" else [])


@pytest.mark.parametrize(("key", "table"), [("fields", "FIELD_IDS"), ("templates", "TEMPLATES")])
def test_the_note_type_stays(key: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = released(tmp_path / "released")
    monkeypatch.setattr(note_contents, table, getattr(note_contents, table)[:-1])
    deck = read_deck(tmp_path / "now")
    (problem,) = check_update(deck, note_contents.contents(deck), record)
    assert problem.message == f"the note type's {key} are not those that were released"


def test_before_the_first_release_no_rule_runs(tmp_path: Path) -> None:
    deck = read_deck(tmp_path)
    assert check_update(deck, note_contents.contents(deck), Released({}, None, {}, None)) == []


def test_no_released_id_of_the_real_deck_vanishes_or_is_used_again() -> None:
    """If this fails, learners' progress is at stake: put the id back. The lines say which, and where."""
    deck, problems = read(CARDS)
    record, more = load(CARDS / "released.json")
    assert deck is not None and record is not None, "\n".join(map(str, [*problems, *more]))
    found = [problem for problem in check_update(deck, note_contents.contents(deck), record) if problem.is_error]
    assert found == [], "\n".join(map(str, found))
    assert record.notes.keys() <= {fact.id for fact in deck.facts}


def test_a_retired_fact_keeps_its_reverse(tmp_path: Path) -> None:
    """Those who have the card keep it, and it would be blank."""
    record = released(tmp_path / "released")
    (rule,) = (rule for rule in UPDATE_RULES if rule.code == "no-released-reverse-vanishes")
    retired = FILES["bodies.yaml"] + "  retired: {why: W}\n"
    without = retired.partition("  reverse")[0] + "  sources: [charter]\n  retired: {why: W}\n"
    for number, (text, expected) in enumerate(((retired, []), (without, ["highest-body"]))):
        deck = read_deck(tmp_path / str(number), {"bodies.yaml": text})
        assert [each.id for each in rule.find(deck, note_contents.contents(deck), record)] == expected
