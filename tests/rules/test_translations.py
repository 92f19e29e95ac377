"""The rules on an edition: those on translations, and the general ones in Devanagari."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from csto_anki.rules import english
from csto_anki.rules.check import check
from support.small_deck import FILES, Files
from support.small_edition import HINDI, read_edition

TODAY = datetime.date(2026, 11, 24)
SIGNED = "treaty-signed:\n  translates: {treaty-signed}\n"


def found(folder: Path, files: Files) -> list[str]:
    problems = check(read_edition(folder, files), TODAY)
    return [f"{Path(problem.place.path).name}:{problem.place.line}: {problem.message}" for problem in problems]


def test_a_sound_edition_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, {}) == []


def test_a_translation_that_is_new_or_behind(tmp_path: Path) -> None:
    files: Files = {
        "hi/dates.yaml": "treaty-signed:\n  question: संधि पर किस तिथि को हस्ताक्षर हुए?\n",
        "hi/bodies.yaml": str(HINDI["hi/bodies.yaml"]).replace("{highest-body}", "00000000"),
    }
    assert found(tmp_path, files) == [
        "bodies.yaml:1: its original has changed since it was translated",
        "dates.yaml:1: it is new",
    ]


def dated(question: str, translation: str) -> Files:
    return {
        "dates.yaml": FILES["dates.yaml"].replace("On which day was the Treaty signed?", question),
        "hi/dates.yaml": f"{SIGNED}  question: {translation}\n",
    }


@pytest.mark.parametrize(
    ("question", "translation", "expected"),
    [
        ("On which day in 1992 was it?", "1992 में यह किस तिथि को हुआ?", []),
        ("On which day in 1992 was it?", "1993 में यह किस तिथि को हुआ?", ["has 1992", "has 1993"]),
        ("On which day of May was it?", "मई की किस तिथि को यह हुआ?", []),
        ("On which day of May was it?", "जून की किस तिथि को यह हुआ?", ["has May", "has June"]),
        ("On which day did six sign?", "छह ने किस तिथि को हस्ताक्षर किए?", []),
        ("On which day did 6 sign?", "छह ने किस तिथि को हस्ताक्षर किए?", []),
        ("On which day did 3,500 go?", "3500 किस तिथि को गए?", []),
        ("On which day was 15.05.1992?", "15.05.1992 किस तिथि को?", []),
        ("On which day was 15.05.1992?", "15.05.1993 किस तिथि को?", ["has 1992", "has 1993"]),
        ("On which day did 3.5 go?", "3.5 किस तिथि को गए?", []),
        ("On which day in 1992 was it?", "१९९२ में यह किस तिथि को हुआ?", []),
        ("On which day did 3,500 go?", "35,000 किस तिथि को गए?", ["has 35000", "has 3500"]),
    ],
)
def test_numbers_and_months(question: str, translation: str, expected: list[str], tmp_path: Path) -> None:
    problems = found(tmp_path, dated(question, translation))
    assert sorted(part for part in expected if any(f"{part}," in line for line in problems)) == sorted(expected)
    assert len(problems) == len(expected), problems


GLOSSARY = """\
Collective Security Treaty:
  word: सामूहिक सुरक्षा संधि
  not: [सामूहिक सुरक्षा समझौता]
Treaty:
  word: करार
base:
  word: अड्डा
"""


@pytest.mark.parametrize(
    ("question", "translation", "expected"),
    [
        ("On which day was the Treaty signed?", "करार पर किस तिथि को हस्ताक्षर हुए?", 0),
        ("On which day was the Treaty signed?", "संधि पर किस तिथि को हस्ताक्षर हुए?", 1),
        # The longer term counts, and not the one in it.
        ("On which day was the Collective Security Treaty?", "सामूहिक सुरक्षा संधि किस तिथि को हुई?", 0),
        ("On which day was the Collective Security Treaty?", "सामूहिक सुरक्षा समझौता किस तिथि को हुआ?", 2),
        # Other forms of a word: plural, and the Hindi of "of the base".
        ("On which day did the bases open?", "अड्डों का उद्घाटन किस तिथि को हुआ?", 0),
        ("On which day did the Base open?", "अड्डे का उद्घाटन किस तिथि को हुआ?", 0),
        ("On which day did the database open?", "वह किस तिथि को खुला?", 0),
    ],
)
def test_a_term_has_one_word(question: str, translation: str, expected: int, tmp_path: Path) -> None:
    files = dated(question, translation) | {"hi/glossary.yaml": GLOSSARY}
    assert len(problems := found(tmp_path, files)) == expected, problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("संधि पर संधि पर हुआ।", []),
        ("संधि संधि पर हुआ।", ["a doubled word"]),
        ("वह वहाँ था।", []),  # the second word begins with the first
        ("यह  हुआ।", ["two spaces together"]),
        ("यह हुआ (कब।", ["'(' without its other half"]),
    ],
)
def test_texts_are_tidy_in_devanagari(text: str, expected: list[str], tmp_path: Path) -> None:
    files: Files = {
        "dates.yaml": FILES["dates.yaml"] + "  detail: A detail.\n",
        "hi/dates.yaml": f"{HINDI['hi/dates.yaml']!s}  detail: {text}\n",
    }
    problems = found(tmp_path, files)
    assert [line.partition(": ")[2][: len(start)] for line, start in zip(problems, expected, strict=True)] == expected


def answered(answer: str, question: str) -> Files:
    return {
        "bodies.yaml": FILES["bodies.yaml"].replace("  reverse:", "  mnemonic: M\n  reverse:"),
        "hi/bodies.yaml": str(HINDI["hi/bodies.yaml"])
        .replace("सदस्य देशों के प्रमुख", answer)
        .replace("परिषद में कौन बैठते हैं?", question),
    }


@pytest.mark.parametrize(
    ("answer", "question", "is_given_away"),
    [
        ("रूस", "रूस का कौन-सा निकाय?", True),
        ("रूस", "रूसी सेना कहाँ है?", False),  # a part of another word
        ("दान", "दिन कौन-सा है?", False),  # other vowel signs
    ],
)
def test_the_front_gives_the_answer_away_by_whole_words(
    answer: str, question: str, is_given_away: bool, tmp_path: Path
) -> None:
    problems = found(tmp_path, answered(answer, question))
    assert any("is on the front" in line for line in problems) is is_given_away, problems


def test_the_length_of_an_answer_is_that_of_its_letters(tmp_path: Path) -> None:
    """Vowel signs stand above and below letters, and take no room."""
    assert found(tmp_path / "a", answered("कि" * 80, "परिषद में कौन?")) == []
    assert found(tmp_path / "b", answered("कि" * 81, "परिषद में कौन?")) == ["bodies.yaml:5: an answer of 81 characters"]


def test_the_items_of_an_answer_are_divided_by_the_word_of_the_language(tmp_path: Path) -> None:
    files = answered("क, ख, ग, घ और च", "परिषद में कौन?")
    files["bodies.yaml"] = None
    assert found(tmp_path, {**files, "bodies.yaml": FILES["bodies.yaml"]}) == ["bodies.yaml:5: an answer of 5 items"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("परिषद का वर्णन कीजिए।", []),  # an instruction ends with a full stop
        ("परिषद", ["a question without a question mark"]),
        ("कौन? कब?", ["2 questions in one"]),
    ],
)
def test_a_question_ends_as_one(question: str, expected: list[str], tmp_path: Path) -> None:
    problems = found(tmp_path, answered("प्रमुख", question))
    assert [line.partition(": ")[2] for line in problems] == expected


def test_rules_on_english_are_for_english(tmp_path: Path) -> None:
    """In English, a yes-or-no question is a problem, and a text on the present without `as_of`."""
    files = answered("yes", "Is it current?")
    assert [line for line in found(tmp_path, files) if "yes" in line or "as_of" in line] == []


def test_questions_are_compared_by_the_names_of_their_originals(tmp_path: Path) -> None:
    """Devanagari has no capital letters, by which the names in English questions are found."""
    entry = "{}:\n  about: Borders\n  question: Which states border {}?\n  answer: {}\n  sources: [charter]\n"
    translation = "{}:\n  translates: {}\n  about: सीमाएँ\n  question: {} की सीमा किन देशों से लगती है?\n  answer: {}\n"
    two = [("belarus", "Belarus", "Five", "बेलारूस", "पाँच"), ("armenia", "Armenia", "Four", "आर्मेनिया", "चार")]
    files: Files = {
        "dates.yaml": "".join(entry.format(id, name, answer) for id, name, answer, _, _ in two),
        "hi/dates.yaml": "".join(translation.format(id, f"{{{id}}}", name, answer) for id, _, _, name, answer in two),
    }
    assert found(tmp_path, files) == []


def test_what_is_wrong_only_in_the_original_is_reported_there(tmp_path: Path) -> None:
    files: Files = {"dates.yaml": FILES["dates.yaml"] + "  as_of: 2002-10\n"}
    assert found(tmp_path / "old", files) == []
    deck = read_edition(tmp_path / "old", files).original
    assert deck is not None
    assert "what-can-move-is-confirmed-within-a-year" in {problem.code for problem in check(deck, TODAY)}


def test_an_edition_accepts_its_own_warnings(tmp_path: Path) -> None:
    doubled: Files = {
        "dates.yaml": FILES["dates.yaml"] + "  detail: A detail.\n",
        "hi/dates.yaml": f"{HINDI['hi/dates.yaml']!s}  detail: धीरे धीरे हुआ।\n",
    }
    assert len(found(tmp_path / "a", doubled)) == 1
    doubled["hi/dates.yaml"] = f"{doubled['hi/dates.yaml']!s}  accept: {{texts-are-tidy: So one says it.}}\n"
    assert found(tmp_path / "b", doubled) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("दिन, दान और दून", ["दिन", "दान", "और", "दून"]),
        ("हस्ताक्षर हुए।", ["हस्ताक्षर", "हुए"]),
        ("ক্ষমতা, கடல்; ಕನ್ನಡ", ["ক্ষমতা", "கடல்", "ಕನ್ನಡ"]),
        ("naïve café", ["naïve", "café"]),
    ],
)
def test_the_words_of_a_text_in_any_script(text: str, words: list[str]) -> None:
    assert english.words(text) == words
