"""Each rule with an example that fails and one that passes, and the curated deck as a test of its own."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest

from csto_anki.check import RULES, check
from csto_anki.practice import ASKS
from csto_anki.read import read
from small_deck import FILES, SVG, picture, read_deck

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
    "a_fact_has_one_priority": (
        {
            "deck.yaml": FILES["deck.yaml"] + "priorities:\n  core: first\n  rest: then\n",
            "dates.yaml": FILES["dates.yaml"].replace("[prelims]", "[prelims, core]"),
            "bodies.yaml": FILES["bodies.yaml"] + "  tags: [rest]\n",
        },
        {
            "deck.yaml": FILES["deck.yaml"] + "priorities:\n  core: first\n  rest: then\n",
            "dates.yaml": FILES["dates.yaml"].replace("[prelims]", "[core, rest]"),
        },
        [
            "dates.yaml:5:9: treaty-signed: 2 priorities; give it one of core, rest",
            "bodies.yaml:1:1: highest-body: 0 priorities; give it one of core, rest",
        ],
    ),
    "a_replacement_is_taught": (
        {"dates.yaml": FILES["dates.yaml"] + "  retired: {why: W, replaced_by: highest-body}\n"},
        {
            "dates.yaml": FILES["dates.yaml"] + "  retired: {why: W, replaced_by: gone}\n",
            "bodies.yaml": FILES["bodies.yaml"] + "  retired: {why: W, replaced_by: highest-body}\n",
        },
        [
            "dates.yaml:6:12: treaty-signed: 'gone', which should replace it, is not taught; "
            "name a fact that is, or none",
            "bodies.yaml:9:12: highest-body: 'highest-body', which should replace it, is not taught; "
            "name a fact that is, or none",
        ],
    ),
    "answers_are_short": (
        {"bodies.yaml": FILES["bodies.yaml"].replace("The heads of the member states", "A, B, C and D" + 67 * "d")},
        {
            "bodies.yaml": FILES["bodies.yaml"]
            .replace("The heads of the member states", "A, B, C, D and E")
            .replace("The Collective Security Council", 81 * "x")
        },
        [
            "bodies.yaml:4:11: highest-body: an answer of more than four items; ask for less, or for one of them",
            "bodies.yaml:6:5: highest-body: an answer of 81 characters; say it in 80",
        ],
    ),
    "as_of_is_not_in_the_future": (
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-11\n"},
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-12-01\n"},
        ["dates.yaml:6:10: treaty-signed: as_of 1 December 2026 is in the future; mend the date"],
    ),
    "every_picture_is_shown": (
        {
            "media/map.svg": SVG.format("map"),
            "media/flag.svg": SVG.format("flag"),
            "dates.yaml": FILES["dates.yaml"] + picture("map.svg") + picture("flag.svg", "answer_image"),
        },
        {
            "media/map.svg": SVG.format("map"),
            "dates.yaml": FILES["dates.yaml"] + "  timeline: Signed\n",
        },
        ["media/map.svg:1:1: no fact shows this picture; show it in `image` or `answer_image`, or remove it"],
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
        {"deck.yaml": FILES["deck.yaml"] + "  mains: argued\npriorities: {core: first}\n"},
        [
            "deck.yaml:13:3: no fact carries the tag 'mains'; use it or remove it",
            "deck.yaml:15:13: no fact carries the tag 'core'; use it or remove it",
        ],
    ),
    "no_front_gives_the_answer_away": (
        {
            "bodies.yaml": FILES["bodies.yaml"].replace("Who sits on it?", "What is the Charter's name?")
            + picture("map.svg", "image", "The Collective Security Council")
            + picture("map.svg", "answer_image", "The heads of the member states"),
            "media/map.svg": SVG.format("map"),
        },
        {
            "dates.yaml": FILES["dates.yaml"] + picture("map.svg", "image", "A treaty of 15 May 1992"),
            "media/map.svg": SVG.format("map"),
            "bodies.yaml": FILES["bodies.yaml"]
            .replace("about: Council", "about: Heads of the member states")
            .replace("Which is the highest body?", "What is the Collective Security Council?"),
        },
        [
            "dates.yaml:2:13: treaty-signed: the answer '15 May 1992' stands on the front; reword it",
            "bodies.yaml:3:13: highest-body: the answer 'The heads of the member states' stands on the front; "
            "reword it",
            "bodies.yaml:6:5: highest-body: the answer 'The Collective Security Council' stands on the front; "
            "reword it",
        ],
    ),
    "no_tag_has_two_meanings": (
        {},
        {
            "deck.yaml": FILES["deck.yaml"]
            + "  bodies: again\n  retired: ours\n  changed: ours\npriorities: {prelims: first}\n",
            "dates.yaml": FILES["dates.yaml"].replace("[prelims]", "[prelims, bodies, retired, changed]"),
        },
        [
            "deck.yaml:13:3: 'prelims' is a tag already; give this one another name",
            "deck.yaml:13:3: 'bodies' is a tag already; give this one another name",
            "deck.yaml:13:3: 'retired' is a tag already; give this one another name",
            "deck.yaml:13:3: 'changed' is a tag already; give this one another name",
        ],
    ),
    "questions_differ": (
        {
            "dates.yaml": FILES["dates.yaml"] + picture("a.svg"),
            "bodies.yaml": "b:\n  question: On which day was the treaty signed?\n  answer: A\n  sources: [charter]\n"
            + picture("b.svg"),
            **{f"media/{name}.svg": SVG.format(name) for name in ("a", "b")},
        },
        {
            "bodies.yaml": FILES["bodies.yaml"].replace(
                "Which is the highest body?", "On which day was the  TREATY signed"
            )
        },
        [
            "bodies.yaml:6:5: highest-body: the same question stands at dates.yaml:2:13; reword or remove one",
        ],
    ),
    "what_can_move_is_confirmed_within_a_year": (
        {
            "dates.yaml": FILES["dates.yaml"] + "  as_of: 2025-11-25\n",
            "bodies.yaml": FILES["bodies.yaml"] + "  as_of: 2025-11\n  retired: {why: W}\n",
        },
        {
            "dates.yaml": FILES["dates.yaml"] + "  as_of: 2025-11-24\n",
            "bodies.yaml": FILES["bodies.yaml"] + "  as_of: 2025-11\n",
        },
        [
            "dates.yaml:6:10: warning: treaty-signed: as of 24 November 2025, so due to be confirmed again; look for "
            "newer sources, or ask for the past state with its date",
            "bodies.yaml:9:10: warning: highest-body: as of November 2025, so due to be confirmed again; look for "
            "newer sources, or ask for the past state with its date",
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
    assert [problem for problem in problems if not problem.warning] == [], "\n".join(map(str, problems))


def test_every_fact_that_can_move_is_due_a_year_later() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert check(deck, TODAY) == []
    due = check(deck, datetime.date(2027, 12, 1))
    assert sorted(problem.id for problem in due) == sorted(fact.id for fact in deck.facts if fact.as_of)
    assert len(due) >= 20


def test_the_curated_deck_covers_its_ground() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert len(deck.facts) >= 300
    assert {"dates", "members", "bodies", "operations"} <= {fact.kind for fact in deck.facts} == set(deck.kinds)
    assert all(fact.sources for fact in deck.facts)
    core = [fact for fact in deck.facts if "core" in fact.tags]
    assert 90 <= len(core) + sum(fact.reverse is not None for fact in core) <= 110


def test_the_practice_questions_come_last_and_no_letter_dominates() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    practice = [fact for fact in deck.facts if fact.statements]
    assert practice == [fact for fact in deck.facts if fact.kind == "practice"] == list(deck.facts[-len(practice) :])
    assert len(practice) >= 40
    letters = Counter(str(fact.answer)[:3] for fact in practice)
    assert set(letters) == {"(a)", "(b)", "(c)", "(d)"}
    assert max(letters.values()) <= len(practice) / 3
    assert {fact.ask for fact in practice} == set(ASKS)


def test_the_four_operations_carry_their_russian_names() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    words = " ".join(f"{fact.question} {fact.answer} {fact.detail}" for fact in deck.facts if fact.kind == "operations")
    for name in ("Канал", "Kanal", "Canal", "Channel", "Нелегал", "Nelegal", "Illegal", "ПРОКСИ", "PROKSI", "PROXY"):
        assert name in words
    for name in ("Наёмник", "Nayomnik", "Mercenary"):
        assert name in words
