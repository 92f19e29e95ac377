"""The edges of rules, the warnings that authors accept, and the curated deck as a test of its own.

Each rule has its two examples in examples.yaml, which test_examples.py runs; here is what these do not show.
"""

from __future__ import annotations

import datetime
import gc
import inspect
import re
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from csto_anki import rules
from csto_anki.deck.reader import read
from csto_anki.rules import wording
from csto_anki.rules.check import RULES, UPDATE_RULES, check
from csto_anki.rules.common import Rule
from support.small_deck import FILES, SVG, Files, picture, read_deck

TODAY = datetime.date(2026, 11, 24)
MODULES = sorted(path.stem for path in Path(rules.__file__).parent.glob("*.py") if path.stem != "__init__")
CARDS = Path(__file__).parents[2] / "cards"


def entry(id: str, question: str, answer: str, *more: str) -> str:
    """An entry of a card file; an answer in figures is a date."""
    key = "date" if re.fullmatch(r"[\d-]+", answer) else "answer"
    lines = [f"{id}:", f"question: {question}", f"{key}: {answer}", "sources: [charter]", *more]
    return "\n  ".join(lines) + "\n"


PRACTICE = """\
p:
  question: "Consider the following:"
  statements:
    - {{text: One is first., correct: true, why: Why}}
    - {{text: Two is next., correct: false, why: Why}}
  ask: which statements
  sources: [charter]
  {}
"""
ONE_OF_FOUR = """\
p:
  question: Which one of the following is {} of the CSTO?
  statements:
    - {{text: Minsk, correct: false, why: It is in Belarus.}}
    - {{text: Moscow, correct: true, why: Since 2002.}}
    - {{text: Astana, correct: false, why: It is in Kazakhstan.}}
    - {{text: Tashkent, correct: false, why: It is in Uzbekistan.}}
  ask: which one
  sources: [charter]
"""
LEVELS = f"{FILES['deck.yaml']!s}priorities:\n  core: first\n  rest: then\n"
OF_LEVEL = (
    PRACTICE.format("tests: [treaty-signed]") + "  tags: [rest]\n" + FILES["dates.yaml"].replace("prelims", "rest")
)
OF_OTHER_LEVEL = PRACTICE.replace("p:", "q:", 1).format("tests: [highest-body]") + "  tags: [core]\n"
OLD = entry("old", "What was it?", "An error", "retired: {why: An error.}")

# For some rules: files that it passes, files that it does not, and the problems that it finds in those.
EDGES: dict[str, tuple[Files, Files, list[str]]] = {
    "a-date-question-names-its-precision": (
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
            "dates.yaml:2:13: treaty-signed: it does not say that it asks for the day; begin with 'On which day', or "
            "shorten the date",
            "dates.yaml:7:13: b: it does not say that it asks for the month; begin with 'In which month', or shorten "
            "the date",
        ],
    ),
    "a-deck-has-facts": (
        {},
        {"dates.yaml": OLD, "bodies.yaml": "# nothing yet\n"},
        ["deck.yaml:10:3: no fact that is taught in any card file; add an entry"],
    ),
    "a-fact-has-one-priority": (
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
    "a-replacement-is-taught": (
        {"dates.yaml": FILES["dates.yaml"] + "  retired: {why: W, replaced_by: highest-body}\n"},
        {
            "dates.yaml": FILES["dates.yaml"] + "  retired: {why: W, replaced_by: gone}\n",
            "bodies.yaml": FILES["bodies.yaml"] + "  retired: {why: W, replaced_by: highest-body}\n",
        },
        [
            "dates.yaml:6:34: treaty-signed: 'gone', which should replace it, is not taught; "
            "name a fact that is taught, or none",
            "bodies.yaml:9:34: highest-body: 'highest-body', which should replace it, is not taught; "
            "name a fact that is taught, or none",
        ],
    ),
    "answers-are-short": (
        {"bodies.yaml": FILES["bodies.yaml"].replace("The heads of the member states", "A, B, C and D" + 67 * "d")},
        {
            "bodies.yaml": FILES["bodies.yaml"]
            .replace("The heads of the member states", "A, B, C, D and E")
            .replace("The Collective Security Council", 81 * "x")
        },
        [
            "bodies.yaml:4:11: highest-body: an answer of 5 items; ask for less, or for one of them; if the exam "
            "always asks for this list, add a mnemonic",
            "bodies.yaml:7:13: highest-body: an answer of 81 characters; use at most 80",
        ],
    ),
    "a-practice-question-comes-after-its-facts": (
        {"dates.yaml": FILES["dates.yaml"] + PRACTICE.format("tests: [treaty-signed, highest-body]")},
        {"dates.yaml": FILES["dates.yaml"] + PRACTICE.format("tests: [old, p, gone]") + OLD},
        [
            "dates.yaml:13:11: p: 'old', which it tests, is not a taught fact; name a fact that is taught",
            "dates.yaml:13:16: p: 'p', which it tests, is not a taught fact; name a fact that is taught",
            "dates.yaml:13:19: p: 'gone', which it tests, is not a taught fact; name a fact that is taught",
        ],
    ),
    "a-practice-question-comes-after-its-facts (its hints)": (
        {"deck.yaml": LEVELS + "path: [treaty-signed, p]\n", "dates.yaml": OF_LEVEL},
        {"deck.yaml": LEVELS + "path: [p]\n", "dates.yaml": OF_LEVEL + OF_OTHER_LEVEL},
        [
            "dates.yaml:22:11: q: it comes before 'highest-body', which it tests; "
            "give it the priority of that fact, or a lower one",
            "deck.yaml:17:8: p: it comes before 'treaty-signed', which it tests; put that fact before it in `path`",
        ],
    ),
    "a-question-wants-no-list": (
        {"bodies.yaml": entry("p", "Name the CSTO's members.", "A and B", "mnemonic: By the alphabet.")},
        {"bodies.yaml": entry("p", "Name the CSTO's members.", "A and B")},
        [
            "bodies.yaml:2:13: warning: p: it asks for a list; ask for one thing, such as which one is missing; or "
            "add a mnemonic for the list"
        ],
    ),
    "a-reason-says-more": (
        {"dates.yaml": PRACTICE.format("").replace("Why", "In 1994.")},
        {"dates.yaml": PRACTICE.format("").replace("Why", "It was not.")},
        [
            "dates.yaml:4:49: warning: p: the reason says nothing that the statement does not say; say why instead",
            "dates.yaml:5:49: warning: p: the reason says nothing that the statement does not say; say why instead",
        ],
    ),
    "no-front-gives-the-answer-away (an option)": (
        {"dates.yaml": ONE_OF_FOUR.format("the seat")},
        {"dates.yaml": ONE_OF_FOUR.format("Moscow")},
        ["dates.yaml:2:13: p: the answer 'Moscow' is on the front; reword it"],
    ),
    "nothing-is-named-twice": (
        {"dates.yaml": PRACTICE.format("tests: [treaty-signed, highest-body]")},
        {
            "dates.yaml": PRACTICE.format("tests: [highest-body, highest-body]").replace(
                "text: Two is next.", 'text: "one\\nis first"'
            )
        },
        [
            "dates.yaml:5:7: p: 'one is first' is here twice; remove one",
            "dates.yaml:8:25: p: 'highest-body' is here twice; remove one",
        ],
    ),
    "as-of-is-not-in-the-future": (
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-11\n"},
        {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2026-12-01\n"},
        ["dates.yaml:6:10: treaty-signed: as_of 1 December 2026 is in the future; fix the date"],
    ),
    "every-picture-is-shown": (
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
    "every-source-is-cited": (
        {},
        {
            "sources.yaml": FILES["sources.yaml"]
            + "treaty:\n  title: Treaty\n  publisher: CSTO\n  url: https://example.org\n"
        },
        ["sources.yaml:6:1: treaty: no fact cites this source; cite it or remove it"],
    ),
    "every-tag-is-used": (
        {},
        {"deck.yaml": FILES["deck.yaml"] + "  mains: argued\npriorities: {core: first}\n"},
        [
            "deck.yaml:14:3: warning: no fact has the tag 'mains'; use it or remove it",
            "deck.yaml:15:14: warning: no fact has the tag 'core'; use it or remove it",
        ],
    ),
    "no-front-gives-the-answer-away": (
        {
            "bodies.yaml": FILES["bodies.yaml"].replace("Who sits on the Council?", "What is the Charter's name?")
            + picture("map.svg", "image", "The Collective Security Council")
            + picture("map.svg", "answer_image", "The heads of the member states"),
            "media/map.svg": SVG.format("map"),
        },
        {
            "dates.yaml": FILES["dates.yaml"] + picture("map.svg", "image", "A treaty of 15 May 1992"),
            "media/map.svg": SVG.format("map"),
            "bodies.yaml": FILES["bodies.yaml"]
            .replace("about: Council", "about: Heads of the member states")
            .replace("Which is the highest body of the CSTO?", "What is the Collective Security Council?"),
        },
        [
            "dates.yaml:8:10: treaty-signed: the answer '15 May 1992' is on the front; reword it",
            "bodies.yaml:2:10: highest-body: the answer 'The heads of the member states' is on the front; reword it",
            "bodies.yaml:6:15: highest-body: the answer 'The Collective Security Council' is on the front; reword it",
        ],
    ),
    "no-front-gives-a-part-of-the-answer-away (a short form in brackets)": (
        {
            "bodies.yaml": entry("a", "Which body works in Tashkent?", "Regional Structure (RATS)")
            + entry("b", "Whose tsars asked?", "The Shanghai Organisation (SCO)", "about: Scots")
            + entry("c", "Which two are in it?", "Us and it"),
        },
        {
            "bodies.yaml": entry("a", "Which body of the SCO works in Tashkent?", "Shanghai Organisation (SCO)")
            + entry("b", "Where is Regional Structure work done?", "The Regional Structure (RATS)"),
        },
        [
            "bodies.yaml:2:13: warning: a: 'SCO', a part of the answer, is on the front; reword it",
            "bodies.yaml:6:13: warning: b: 'The Regional Structure', a part of the answer, is on the front; reword it",
        ],
    ),
    "no-tag-has-two-meanings": (
        {},
        {
            "deck.yaml": FILES["deck.yaml"]
            + "  bodies: again\n  retired: ours\n  changed: ours\npriorities: {prelims: first}\n",
            "dates.yaml": FILES["dates.yaml"].replace("[prelims]", "[prelims, bodies, retired, changed]"),
        },
        [
            "deck.yaml:13:3: 'prelims' is a tag already; give this one another name",
            "deck.yaml:14:3: 'bodies' is a tag already; give this one another name",
            "deck.yaml:15:3: 'retired' is a tag already; give this one another name",
            "deck.yaml:16:3: 'changed' is a tag already; give this one another name",
        ],
    ),
    "questions-differ": (
        {
            "dates.yaml": FILES["dates.yaml"] + picture("a.svg"),
            "bodies.yaml": "b:\n  question: On which day was the Treaty signed?\n  answer: A\n  sources: [charter]\n"
            + picture("b.svg"),
            **{f"media/{name}.svg": SVG.format(name) for name in ("a", "b")},
        },
        {
            "bodies.yaml": FILES["bodies.yaml"].replace(
                "Which is the highest body of the CSTO?", "On which day was the  TREATY signed"
            )
        },
        [
            "bodies.yaml:6:15: highest-body: the same question is at dates.yaml:2:13; reword or remove one",
        ],
    ),
    "what-can-move-is-confirmed-within-a-year": (
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
            "newer sources, or ask about a past date",
            "bodies.yaml:9:10: warning: highest-body: as of November 2025, so due to be confirmed again; look for "
            "newer sources, or ask about a past date",
        ],
    ),
    "the-path-names-taught-facts": (
        {"deck.yaml": f"{FILES['deck.yaml']!s}path: [highest-body, treaty-signed]\n"},
        {"deck.yaml": f"{FILES['deck.yaml']!s}path: [old, gone, highest-body, highest-body]\n", "dates.yaml": OLD},
        [
            "deck.yaml:14:8: 'old' is no longer taught; remove it",
            "deck.yaml:14:13: there is no fact 'gone'; remove it",
            "deck.yaml:14:33: 'highest-body' is here twice; remove it",
        ],
    ),
}


@pytest.mark.parametrize("code", EDGES)
def test_a_rule_at_its_edges(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = (rule for rule in RULES if rule.code == code.partition(" ")[0])
    passing, failing, expected = EDGES[code]
    for which, files in (("passing", passing), ("failing", failing)):
        (tmp_path / which).mkdir()
        monkeypatch.chdir(tmp_path / which)
        deck = read_deck(Path(), files)
        assert [str(problem) for problem in rule.problems(deck, TODAY)] == (expected if which == "failing" else [])


def test_to_import_check_registers_the_rules_of_every_module() -> None:
    code = f"""
from csto_anki.rules import check, common
import importlib
for name in {MODULES}:
    importlib.import_module(f"csto_anki.rules.{{name}}")
print(len(common.registered) - len(check.RULES), len(common.registered_for_updates) - len(check.UPDATE_RULES))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "0 0\n", "import the new module at the top of rules/check.py, as the others are"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_registered_as_it_is_defined(rule: Rule) -> None:
    parameters = ["deck", "today"] if rule.uses_today else ["deck"]
    assert list(inspect.signature(rule.function).parameters) == parameters, "does it need @rule(..., uses_today=True)?"
    assert [each.function for each in (*RULES, *UPDATE_RULES) if each.code == rule.code] == [rule.function]


SIGNED = entry("signed", "On which day was the Collective Security Treaty signed?", "1992-05-15")
# Entries that every rule must pass, though they look much like what it finds.
HARMLESS = {
    "the same map twice with another picture": entry("map-a", "Which shape is dark on this map?", "A cube")
    + picture("a.svg")
    + entry("map-b", "Which shape is dark on this map?", "A ball")
    + picture("b.svg"),
    "questions that differ in one name": entry("a", "On which day did Georgia accede to the Treaty?", "1993-12-09")
    + entry("b", "On which day did Belarus accede to the Treaty?", "1993-12-31"),
    "questions that differ in a distinctive word": entry("a", "On which day was the Charter signed?", "2002-10-07")
    + entry("b", "On which day was the Charter ratified?", "2003-04-01"),
    "a question on a part of what another is on": entry("a", "On which day was the Charter signed?", "2002-10-07")
    + entry("b", "On which day was the protocol that amends the Charter signed?", "2018-11-08"),
    "a date that differs in two parts": SIGNED.replace(
        "  sources", "  detail: The Charter is of 14 May 2002.\n  sources"
    ),
    "still, of a past day": SIGNED.replace("  sources", "  detail: A page of 2020 still has the 14th.\n  sources"),
    "the present in a false statement": entry("p", '"Consider the following statements:"', "x").replace(
        "  answer: x\n", ""
    )
    + "  statements:\n    - {text: India is now a member., correct: false, why: India is none.}\n"
    + "    - {text: Russia is a member of the CSTO., correct: true, why: Since the treaty of 1992.}\n"
    + "  ask: which statements\n",
    "it, after its name": entry("a", "In which city did Armenia say that it had frozen its part?", "Yerevan"),
    "initials": entry("a", "Where did the U.S. and the U.K. meet, e.g. in 1941?", "At sea"),
    "had had": entry("a", "What had Nazarbayev had until 2022?", "The chair", "detail: He had had it for life."),
    "a reverse that asks for the subject": entry("a", "In which city does the CSTO sit?", "Moscow")
    + "  reverse: {question: Which alliance has its seat in Moscow?, answer: The CSTO}\n",
    "plural and past": entry("a", "Which members deployed forces to Kazakhstan?", "All", "detail: Deploying took days.")
    + "".join(entry(f"m{n}", f"Which member deployed units to place {n}?", f"Member {n}0") for n in range(5)),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_passes(name: str, tmp_path: Path) -> None:
    sources = FILES["sources.yaml"].replace("  date: 2002-10-07\n", "")
    files: Files = {"dates.yaml": HARMLESS[name], "sources.yaml": sources, "bodies.yaml": ""}
    files |= {"deck.yaml": FILES["deck.yaml"].replace("  prelims: asked\n", "").replace("tags:", "tags: {}")}
    if "map" in name:
        files |= {f"media/{letter}.svg": SVG.format(letter) for letter in "ab"}
    assert check(read_deck(tmp_path, files), TODAY) == []


@pytest.mark.parametrize("answer", ["The League", "the League", "League"])
def test_an_answer_on_the_front_is_seen_whatever_its_article(answer: str, tmp_path: Path) -> None:
    text = entry("a", "Which league is called League in the Charter?", answer)
    found = check(read_deck(tmp_path, {"bodies.yaml": FILES["bodies.yaml"] + text}), TODAY)
    assert [problem.code for problem in found] == ["no-front-gives-the-answer-away"]


IT = entry("seat", "In which city does it have its seat?", "Moscow")
TWIN = entry("headquarters", "In which city does the CSTO have its head office?", "Moscow")
NEARLY = entry("office", "In which city does the CSTO have its main head office?", "Moscow")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (IT, ["a-question-stands-alone"]),
        (IT + "  accept: {a-question-stands-alone: the card before names it}\n", []),
        (IT + "  accept: {texts-are-tidy: no}\n", ["a-question-stands-alone", "nothing-is-accepted-in-vain"]),
        (TWIN + NEARLY, ["questions-are-not-nearly-the-same"]),
        (TWIN + NEARLY + "  accept: {questions-are-not-nearly-the-same headquarters: both}\n", []),
        (TWIN + "  accept: {questions-are-not-nearly-the-same office: both}\n" + NEARLY, []),
        (
            TWIN + NEARLY + "  accept: {questions-are-not-nearly-the-same: both}\n",
            ["questions-are-not-nearly-the-same", "nothing-is-accepted-in-vain"],
        ),
        (
            TWIN.replace("Moscow", "Yes") + "  accept: {questions-are-not-yes-or-no: it is}\n",
            ["questions-are-not-yes-or-no", "nothing-is-accepted-in-vain"],
        ),
    ],
    ids=[
        *("a warning", "accepted", "another accepted", "of two", "accepted in the second", "accepted in the first"),
        *("without the other's id", "an error"),
    ],
)
def test_a_warning_can_be_accepted_in_its_entry_and_an_error_cannot(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    found = check(read_deck(tmp_path, {"bodies.yaml": FILES["bodies.yaml"] + text}), TODAY)
    assert [problem.code for problem in found] == expected


def test_an_author_who_accepts_without_the_other_entry_is_asked_to_name_it(tmp_path: Path) -> None:
    text = TWIN + NEARLY + "  accept: {questions-are-not-nearly-the-same: both}\n"
    found = check(read_deck(tmp_path, {"bodies.yaml": FILES["bodies.yaml"] + text}), TODAY)
    assert [problem.hint for problem in found] == [
        "remove or reword one, or accept the warning with the other's id",
        "write `questions-are-not-nearly-the-same headquarters: the reason`",
    ]


def test_an_unknown_code_is_reported_with_the_one_that_was_meant(tmp_path: Path) -> None:
    text = FILES["dates.yaml"] + "  accept:\n    text-are-tidy:\n      it reads well\n"
    (found,) = check(read_deck(tmp_path, {"dates.yaml": text}), TODAY)
    assert str(found).endswith(
        "dates.yaml:7:5: warning: treaty-signed: 'text-are-tidy' is accepted, but there is no such warning; "
        "did you mean 'texts-are-tidy'?"
    )


def test_a_rule_on_english_runs_on_decks_in_english_only(tmp_path: Path) -> None:
    files: Files = {"bodies.yaml": FILES["bodies.yaml"] + IT}
    english, hindi = (
        read_deck(tmp_path / language, {**files, "deck.yaml": FILES["deck.yaml"].replace(": en", f": {language}")})
        for language in ("en", "hi")
    )
    assert [problem.code for problem in check(english, TODAY)] == ["a-question-stands-alone"]
    assert check(hindi, TODAY) == []


def test_a_deck_is_forgotten_after_its_check(tmp_path: Path) -> None:
    deck = read_deck(tmp_path)
    check(deck, TODAY)
    kept = weakref.ref(deck)
    del deck
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    "entries",
    [
        [entry(f"e{n}", f"In which city is the main office of the CSTO x{n}y seated?", "Here") for n in range(2000)],
        [entry(f"e{n}", "On which day did it begin?", f"1992-05-{n % 28 + 1:02}") for n in range(2000)],
        [
            entry(f"e{n}", f"On which day did the council of {n} meet?", "1992-05-15", "detail: On 16 May 1992.")
            for n in range(2000)
        ],
    ],
    ids=["alike", "the same", "dates"],
)
def test_two_thousand_entries_that_are_alike_end_in_time(entries: list[str], tmp_path: Path) -> None:
    assert check(read_deck(tmp_path, {"dates.yaml": "".join(entries)}), TODAY)


def test_a_warning_on_a_source_is_accepted_there_or_for_the_whole_deck(tmp_path: Path) -> None:
    news = FILES["deck.yaml"] + "news: [CSTO]\n"
    files: Files = {"dates.yaml": FILES["dates.yaml"].replace("charter]", "charter, treaty]"), "deck.yaml": news}
    files["bodies.yaml"] = FILES["bodies.yaml"].replace("Art. 13", "Art. 13, treaty")
    treaty = "treaty:\n  title: Treaty\n  publisher: UN\n  url: https://example.org/treaty\n"
    files["sources.yaml"] = FILES["sources.yaml"] + treaty
    code = "news-has-an-archived-copy"
    assert [problem.code for problem in check(read_deck(tmp_path / "a", files), TODAY)] == [code]
    accepted = FILES["sources.yaml"] + f"  accept: {{{code}: none is known}}\n" + treaty
    assert check(read_deck(tmp_path / "b", {**files, "sources.yaml": accepted}), TODAY) == []
    whole = news + f"accept: {{{code}: none is known}}\n"
    assert check(read_deck(tmp_path / "c", {**files, "deck.yaml": whole}), TODAY) == []


def test_the_curated_deck_has_neither_problem_nor_warning() -> None:
    deck, problems = read(CARDS)
    if deck is not None:
        problems = check(deck, TODAY)
    assert problems == [], "\n".join(map(str, problems))


def test_every_fact_that_can_move_is_due_a_year_later() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    assert check(deck, TODAY) == []
    due = check(deck, datetime.date(2027, 12, 1))
    assert sorted(problem.id for problem in due) == sorted(
        fact.id for fact in deck.facts if fact.as_of and not fact.retired
    )
    assert len(due) >= 20


def test_the_four_operations_carry_their_russian_names() -> None:
    deck, _ = read(CARDS)
    assert deck is not None
    words = " ".join(f"{fact.question} {fact.answer} {fact.detail}" for fact in deck.facts if fact.kind == "operations")
    for name in ("Канал", "Kanal", "Canal", "Channel", "Нелегал", "Nelegal", "Illegal", "ПРОКСИ", "PROKSI", "PROXY"):
        assert name in words
    for name in ("Наёмник", "Nayomnik", "Mercenary"):
        assert name in words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Which was India's first link?", "Which was India’s first link?"),
        ('What is the "near abroad"?', "What is the “near abroad”?"),
        ("What was the war of 1991-92?", "What was the war of 1991–92?"),
        ("What does CSTO mean?", "What does СSTO mean?"),  # with a Cyrillic letter
        ("What does CSTO mean?", "What does\u00a0CSTO mean ?"),
    ],
)
def test_questions_that_look_the_same_are_the_same(one: str, other: str, tmp_path: Path) -> None:
    entry = "{}:\n  question: '{}'\n  answer: {}\n  sources: [charter]\n"
    text = "".join(entry.format(f"e{n}", each.replace("'", "''"), f"Answer {n}") for n, each in enumerate((one, other)))
    found = [problem for problem in check(read_deck(tmp_path, {"bodies.yaml": text}), TODAY) if problem.is_error]
    assert [(problem.code, problem.id) for problem in found] == [("questions-differ", "e1")]


@pytest.mark.parametrize(("day", "is_error"), [("2026-11-25", False), ("2026-11-26", True)])
def test_a_day_that_has_come_in_india_is_not_in_the_future(day: str, is_error: bool, tmp_path: Path) -> None:
    """In India the 25th begins while it is the 24th in UTC."""
    text = FILES["dates.yaml"].replace("  sources:", f"  as_of: {day}\n  sources:")
    codes = {problem.code for problem in check(read_deck(tmp_path, {"dates.yaml": text}), TODAY)}
    assert ("as-of-is-not-in-the-future" in codes) == is_error


@pytest.mark.parametrize(
    ("text", "is_doubled"),
    [
        *(("The the Treaty", True), ("It is is here", True), ("signed, signed", False), ("He had had it", False)),
        *(("the theme", False), ("at a time time.", True), ('the "the"', False), ("well-known known", True)),
        *(("स्थापना किस संधि से हुई", False), ("यह यह संधि", True), ("दिन दिनांक", False), ("это это", True)),
    ],
)
def test_a_doubled_word_is_a_whole_word_in_every_script(text: str, is_doubled: bool) -> None:
    assert bool(re.search(wording._DOUBLED, text)) == is_doubled


@pytest.mark.parametrize("mark", ["?", "؟", "？"])
def test_a_question_ends_with_the_mark_of_its_script(mark: str, tmp_path: Path) -> None:
    text = FILES["dates.yaml"].replace("signed?", f"signed{mark}")
    codes = {problem.code for problem in check(read_deck(tmp_path, {"dates.yaml": text}), TODAY)}
    assert "a-question-is-one-question" not in codes
