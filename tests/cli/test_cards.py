"""Cards and figures on a terminal."""

from __future__ import annotations

import datetime
from pathlib import Path

from csto_anki.cli.cards import card_lines, find_facts, statistics
from support.commands import call
from support.small_deck import FILES, SVG, read_deck, write_deck


def plain(part: str, text: str) -> str:
    return text


MORE = """\
  image: {file: map.svg, alt: Nine shapes}
  detail: Heads of state, and where the law so says of government.
  mnemonic: Heads head it.
  as_of: 2021-01
  changed: Until 2021 heads of state alone.
  tags: [prelims]
  retired: {why: Too easy., replaced_by: treaty-signed}
"""


PRACTICE = """\
p:
  question: "Consider:"
  statements:
    - {text: One, correct: true, why: Yes}
    - {text: Two, correct: false, why: No}
  ask: which statements
  sources: [charter]
"""


def test_a_card_is_printed_as_a_learner_reads_it(tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {"bodies.yaml": FILES["bodies.yaml"] + MORE, "media/map.svg": SVG.format("map")})
    assert (
        "\n".join(card_lines(deck, deck.facts[1], plain))
        == f"""\
highest-body  (bodies prelims)  {tmp_path.as_posix()}/bodies.yaml:1
  Council
  Who sits on the Council?
  [picture: Nine shapes]
  --------------------
  The heads of the member states

  Council
  Which is the highest body of the CSTO?
  --------------------
  The Collective Security Council
  Changed since an earlier version of this card: Until 2021 heads of state
  alone.
  As of January 2021
  No longer taught: Too easy.
  Heads of state, and where the law so says of government.
  Hint to remember: Heads head it.
  Charter (CSTO, 7 October 2002), Art. 13"""
    )


def test_a_practice_question_is_printed_with_its_options_and_reasons(tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {"dates.yaml": PRACTICE, "bodies.yaml": ""})
    assert (
        "\n".join(card_lines(deck, deck.facts[0], plain))
        == f"""\
p  (dates)  {tmp_path.as_posix()}/dates.yaml:1
  Consider:
    1. One
    2. Two
  Which of the statements given above is/are correct?
    (a) 1 only
    (b) 2 only
    (c) Both 1 and 2
    (d) Neither 1 nor 2
  --------------------
  (a) 1 only
  1. Correct. Yes
  2. Not correct. No
  Charter (CSTO, 7 October 2002)"""
    )


def test_a_question_with_columns_and_one_whose_statements_are_the_options(tmp_path: Path) -> None:
    pairs = PRACTICE.replace("One", "1. | One").replace("Two", "2 | Two").replace("which statements", "which pairs")
    options = "".join(f"    - {{text: {each}, correct: {str(each == 'B').lower()}, why: W}}\n" for each in "ABCD")
    one = f"q:\n  question: Which?\n  statements:\n{options}  ask: which one\n  sources: [charter]\n"
    deck = read_deck(tmp_path, {"dates.yaml": pairs + "  columns: [Number, Word]\n" + one, "bodies.yaml": ""})
    first, second = ("\n".join(card_lines(deck, fact, plain)) for fact in deck.facts)
    assert "  Consider:\n    Number | Word\n    1. 1. | One\n    2. 2 | Two\n  Which of the pairs" in first
    assert second.startswith(
        f"""\
q  (dates)  {tmp_path.as_posix()}/dates.yaml:9
  Which?
    (a) A
    (b) B
    (c) C
    (d) D
  --------------------
  (b) B
  (a) A. W
  (b) B. W
"""
    )


def test_a_card_is_found_by_its_id_or_by_all_words_anywhere(tmp_path: Path) -> None:
    deck = read_deck(
        tmp_path, {"dates.yaml": FILES["dates.yaml"] + FILES["dates.yaml"].replace("signed:", "signed-2:")}
    )
    for words, ids in (
        (["treaty-signed"], ["treaty-signed"]),
        (["TREATY"], ["treaty-signed", "treaty-signed-2"]),
        (["council", "heads"], ["highest-body"]),
        (["Art. 13"], ["highest-body"]),
        (["prelims"], ["treaty-signed", "treaty-signed-2"]),
        (["15 May 1992", "day"], ["treaty-signed", "treaty-signed-2"]),
        (["council", "treaty"], []),
    ):
        assert [fact.id for fact in find_facts(deck, words)] == ids


def test_the_deck_in_figures(tmp_path: Path) -> None:
    settings = FILES["deck.yaml"] + "priorities: {core: first}\n"
    dates = FILES["dates.yaml"].replace("[prelims]", "[prelims, core]")
    due = "".join(
        f"d{n}:\n  question: Q{n}?\n  answer: A\n  sources: [charter]\n  tags: [core]\n  as_of: {as_of}\n"
        for n, as_of in enumerate(("2025-06", "2026-03-01", "2026-03-31", "2026-10"))
    )
    deck = read_deck(tmp_path, {"deck.yaml": settings, "dates.yaml": dates + due, "bodies.yaml": ""})
    assert (
        "\n".join(statistics(deck, datetime.date(2026, 11, 24)))
        == f"""\
5 facts, 5 cards, 1 source, 0 pictures

By kind, in the order of learning
  dates   {"#" * 40}      5
  bodies  {" " * 40}      0

By priority
  core  {"#" * 40}      5

By tag
  prelims  {"#" * 40}      1

By number of sources
  1  {"#" * 40}      5

Facts that can change, by the month in which they are due to be confirmed again
  now      {"#" * 20}{" " * 20}      1
  2027-03  {"#" * 40}      2
  2027-10  {"#" * 20}{" " * 20}      1

Longest answers, in characters
    11  treaty-signed
     1  d0
     1  d1
     1  d2
     1  d3"""
    )


def test_the_last_year_has_no_next(tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {"dates.yaml": FILES["dates.yaml"] + "  as_of: 9999-12\n"})
    assert "  10000-12  " in "\n".join(statistics(deck, datetime.date(2026, 11, 24)))


def test_show_and_stats_on_the_command_line(tmp_path: Path) -> None:
    deck = {"dates.yaml": FILES["dates.yaml"] + "  mnemonic: Канал\n"}
    write_deck(tmp_path / "cards", {**deck})
    result = call(tmp_path, "show", "heads", "council")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("highest-body  (bodies)  cards/bodies.yaml:1\n  Council\n")
    result = call(tmp_path, "show", "treaty-sigend")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "csto-anki: no card contains 'treaty-sigend'; did you mean treaty-signed?\n"
    result = call(tmp_path, "show", "канал")
    assert result.stdout.count("\n\n") == 0
    assert "Hint to remember: Канал" in result.stdout
    result = call(tmp_path, "stats", "--today", "2026-11-24")
    assert (result.returncode, result.stdout.split("\n")[0]) == (0, "2 facts, 3 cards, 1 source, 0 pictures")
    write_deck(tmp_path / "cards", {"dates.yaml": "a"})
    for arguments in (("show", "council"), ("stats",), ("schema",)):
        result = call(tmp_path, *arguments)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.endswith("csto-anki: 1 error\n")
