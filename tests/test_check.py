"""Each rule with an example that fails and one that passes, and the curated deck as a test of its own."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from csto_anki.check import RULES, check
from csto_anki.read import read
from small_deck import FILES, read_deck

TODAY = datetime.date(2026, 11, 24)
CARDS = Path(__file__).parents[1] / "cards"

Files = dict[str, "str | bytes | None"]

# For each rule: files that it passes, files that it does not, and what it says of those.
EXAMPLES: dict[str, tuple[Files, Files, list[str]]] = {
    "a_date_question_names_its_precision": (
        {
            "dates.yaml": FILES["dates.yaml"]
            + "b:\n  question: In which year?\n  date: 1992\n  sources: [charter]\n"
            + "c:\n  question: In which month?\n  date: 1992-05\n  sources: [charter]\n"
        },
        {
            "dates.yaml": FILES["dates.yaml"].replace("On which day", "When")
            + "b:\n  question: When in the year?\n  date: 1992-05\n  sources: [charter]\n"
        },
        [
            "dates.yaml:2:13: treaty-signed: it does not say that it wants the day; ask: which day",
            "dates.yaml:7:13: b: it does not say that it wants the month; ask: which month",
        ],
    ),
    "a_deck_has_facts": (
        {},
        {"dates.yaml": "", "bodies.yaml": "# nothing yet\n"},
        ["deck.yaml:10:3: no fact in any card file; add an entry"],
    ),
    "as_of_is_not_in_the_future": (
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-11\n"},
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-12-01\n"},
        ["dates.yaml:6:10: treaty-signed: as_of 1 December 2026 is in the future; mend the date"],
    ),
    "every_source_is_cited": (
        {},
        {
            "sources.yaml": FILES["sources.yaml"]
            + "treaty:\n  title: Treaty\n  publisher: CSTO\n  url: https://example.org\n"
        },
        ["sources.yaml:6:1: treaty: no fact cites this source; cite it or remove it"],
    ),
    "every_tag_is_used": (
        {},
        {"deck.yaml": FILES["deck.yaml"] + "  mains: argued\n"},
        ["deck.yaml:13:3: no fact carries the tag 'mains'; use it or remove it"],
    ),
    "no_front_gives_the_answer_away": (
        {"bodies.yaml": FILES["bodies.yaml"].replace("Who sits on it?", "What is the Charter's name?")},
        {
            "bodies.yaml": FILES["bodies.yaml"]
            .replace("about: Council", "about: Heads of the member states")
            .replace("Which is the highest body?", "What is the Collective Security Council?")
        },
        [
            "bodies.yaml:3:13: highest-body: the answer 'The heads of the member states' stands on the front; "
            "reword it",
            "bodies.yaml:6:5: highest-body: the answer 'The Collective Security Council' stands on the front; "
            "reword it",
        ],
    ),
    "questions_differ": (
        {},
        {
            "bodies.yaml": FILES["bodies.yaml"].replace(
                "Which is the highest body?", "On which day was the  TREATY signed"
            )
        },
        [
            "bodies.yaml:6:5: highest-body: the same question stands at dates.yaml:2:13; reword or remove one",
        ],
    ),
}


def test_no_rule_lacks_its_examples() -> None:
    assert [rule.__name__ for rule in RULES] == list(EXAMPLES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_tells_the_examples_apart(rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    passing, failing, expected = EXAMPLES[rule.__name__]
    for name, files in (("passing", passing), ("failing", failing)):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        deck = read_deck(Path(), files)
        assert [str(problem) for problem in rule(deck, TODAY)] == (expected if name == "failing" else [])


def test_the_curated_deck_has_no_problem() -> None:
    deck, problems = read(CARDS)
    if deck is not None:
        problems = check(deck, datetime.datetime.now(datetime.timezone.utc).date())
    assert problems == [], "\n".join(map(str, problems))


def test_the_curated_deck_covers_its_ground() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert len(deck.facts) >= 110
    assert {"dates", "members", "bodies", "operations"} <= {fact.kind for fact in deck.facts}
    assert all(fact.sources for fact in deck.facts)


def test_the_four_operations_carry_their_russian_names() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    words = " ".join(f"{fact.question} {fact.answer} {fact.detail}" for fact in deck.facts if fact.kind == "operations")
    for name in ("Канал", "Kanal", "Canal", "Channel", "Нелегал", "Nelegal", "Illegal", "ПРОКСИ", "PROKSI", "PROXY"):
        assert name in words
    for name in ("Наёмник", "Nayomnik", "Mercenary"):
        assert name in words
