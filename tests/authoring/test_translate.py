"""A new edition to translate, and the digests that say of which wording a translation is."""

from __future__ import annotations

from pathlib import Path

import pytest

from csto_anki.deck import edition
from support.commands import call
from support.small_deck import FILES, write_deck
from support.small_edition import HINDI, write_edition

QUESTION = "  question: संधि पर किस तिथि को हस्ताक्षर हुए?\n"


def test_a_new_edition_in_a_language_that_csto_anki_knows(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    done = call(tmp_path, "translate", "--language", "hi")
    assert (done.returncode, done.stdout) == (0, "cards/hi/edition.yaml\n")
    assert done.stderr == (
        "csto-anki: a new edition in 'hi': translate these files, then cards, in files with the names of theirs\n"
    )
    assert (
        (cards / "hi" / "edition.yaml").read_text("utf-8")
        == """\
# yaml-language-server: $schema=../schema/edition.json
# What each key means: ../../docs/keys.md

title: 'Small'
description: |
  A small deck
licence: 'CC BY 4.0'
kinds:
  'dates': 'when'
  'bodies': 'who'
tags:
  'prelims': 'asked'
"""
    )
    assert (cards / "hi" / "released.json").read_text("utf-8") == FILES["released.json"]


def test_three_facts_in_a_language_that_csto_anki_does_not_know(tmp_path: Path) -> None:
    """As docs/leaders.md says it: the folder, the words, the settings, the facts."""
    write_deck(tmp_path / "cards")
    done = call(tmp_path, "translate", "--language", "mr")
    assert done.stdout == "cards/mr/edition.yaml\ncards/mr/words.yaml\n"
    words = tmp_path / "cards" / "mr" / "words.yaml"
    done = call(tmp_path, "check", "--language", "mr")
    assert done.returncode == 1
    assert "cards/mr/edition.yaml:4:8: the title of the original" in done.stdout
    assert "cards/mr/words.yaml:" in done.stdout
    assert "'card.hint' is still in English; translate it [no-words]" in done.stdout
    # Every text gets a letter before it, as if somebody had translated all of them.
    lines = words.read_text("utf-8").split("\n")
    kept = ("direction", "digits", "fonts", "sentence_ends", "date", "month", "decade")
    translated = [
        line if line.strip().startswith(tuple(f"{key}:" for key in kept)) else line.replace(": '", ": 'é", 1)
        for line in lines
    ]
    translated = [line.replace(': "', ': "é', 1).replace("- '", "- 'é", 1) for line in translated]
    words.write_text("\n".join(translated), "utf-8")
    settings = tmp_path / "cards" / "mr" / "edition.yaml"
    texts = {"'Small'": "'लहान'", "A small deck": "एक लहान संच", "'when'": "'कधी'", "'asked'": "'विचारले'"}
    text = settings.read_text("utf-8")
    for english, marathi in texts.items():
        text = text.replace(english, marathi)
    settings.write_text(text, "utf-8")
    dates = "treaty-signed:\n  question: करारावर कोणत्या दिवशी सह्या झाल्या?\n"
    (tmp_path / "cards" / "mr" / "dates.yaml").write_text(dates, "utf-8")
    assert call(tmp_path, "translate", "--language", "mr").stdout == "treaty-signed\n"
    done = call(tmp_path, "check", "--language", "mr")
    assert (done.returncode, done.stderr) == (0, "1 of 2 facts translated: no problem\n")
    done = call(tmp_path, "build", "--language", "mr", "--today", "2026-11-24")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("dist/small-mr-2026-11-24-dev-")
    done = call(tmp_path, "inspect", done.stdout.strip())
    assert (done.returncode, "templates" in done.stdout) == (0, False), done.stdout


def test_the_words_are_printed_for_a_deck_in_another_language(tmp_path: Path) -> None:
    done = call(tmp_path, "translate", "--words")
    assert "\n# The name of the language in the language itself.\nname: 'English'\n" in done.stdout
    hindi = call(tmp_path, "translate", "--words", "--language", "hi").stdout
    assert "\nname: 'हिन्दी'\n" in hindi
    assert hindi.count("\n") == done.stdout.count("\n")


def test_digests_are_written_into_new_translations_only(tmp_path: Path) -> None:
    old = str(HINDI["hi/bodies.yaml"]).replace("{highest-body}", "00000000")
    folder = write_edition(tmp_path / "cards", {"hi/dates.yaml": f"treaty-signed:\n{QUESTION}", "hi/bodies.yaml": old})
    done = call(tmp_path, "translate", "--language", "hi")
    assert (done.returncode, done.stdout) == (0, "treaty-signed\n")
    deck, _ = edition.read(folder)
    assert deck is not None
    digests = {fact.id: edition.digest(fact.original) for fact in deck.facts if fact.original}
    text = (folder / "dates.yaml").read_text("utf-8")
    assert text == f"treaty-signed:\n  translates: {digests['treaty-signed']}\n{QUESTION}"
    assert (folder / "bodies.yaml").read_text("utf-8") == old


def test_a_revised_translation_is_marked_by_its_id(tmp_path: Path) -> None:
    old = str(HINDI["hi/bodies.yaml"]).replace("{highest-body}", "00000000").replace("\n", "\r\n")
    folder = write_edition(tmp_path / "cards")
    (folder / "bodies.yaml").write_bytes(old.encode())
    assert call(tmp_path, "translate", "--language", "hi", "highest-body").stdout == "highest-body\n"
    deck, problems = edition.read(folder)
    assert deck is not None, problems
    assert not any(map(edition.is_behind, deck.facts))
    text = (folder / "bodies.yaml").read_bytes().decode()
    assert text.count("translates:") == 1
    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "name the edition with --language"),
        (["--language", "Hindi"], 2, "'Hindi' is not a language code; give one such as hi (BCP 47)"),
        (["--language", "hi", "treaty-singed"], 2, "no translation has the id 'treaty-singed'; did you mean treaty-si"),
    ],
)
def test_what_cannot_be_marked(arguments: list[str], code: int, message: str, tmp_path: Path) -> None:
    write_edition(tmp_path / "cards")
    done = call(tmp_path, "translate", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr


QUESTION_IN_ONE_LINE = "question: संधि पर किस तिथि को हस्ताक्षर हुए?"


@pytest.mark.parametrize(
    "entry",
    [
        "treaty-signed: {QUESTION}\n",
        "treaty-signed: {\n  QUESTION}\n",
        "treaty-signed: {translates: x, QUESTION}\n  # a comment\n",
        "treaty-signed:\n  translates: >\n    12345678\n  QUESTION\n",
        "? treaty-signed\n: QUESTION\n",
    ],
    ids=["one line", "two lines", "with a digest", "folded", "question mark"],
)
def test_an_entry_in_another_form_is_refused_and_stays(entry: str, tmp_path: Path) -> None:
    text = entry.replace("QUESTION", QUESTION_IN_ONE_LINE)
    bodies = str(HINDI["hi/bodies.yaml"]).replace("  translates: {highest-body}\n", "")
    folder = write_edition(tmp_path / "cards", {"hi/dates.yaml": text, "hi/bodies.yaml": bodies})
    ids = ["treaty-signed"] if "translates" in text else []
    done = call(tmp_path, "translate", "--language", "hi", *ids)
    if done.returncode == 0:  # then it is right
        deck, problems = edition.read(folder)
        assert deck is not None, problems
        assert not any(edition.is_behind(fact) for fact in deck.facts if fact.id == "treaty-signed")
        return
    assert done.stdout == ""
    assert "treaty-signed: write each of its keys on a line of its own, below the id" in done.stderr
    assert (folder / "dates.yaml").read_text("utf-8") == text
    assert (folder / "bodies.yaml").read_text("utf-8") == bodies


@pytest.mark.parametrize(
    "between",
    ["# at the margin\n", "      # indented\n", "\n", "   \n"],
    ids=["at the margin", "indented", "empty", "blank"],
)
def test_a_comment_or_an_empty_line_below_the_id_stays(between: str, tmp_path: Path) -> None:
    folder = write_edition(
        tmp_path / "cards", {"hi/dates.yaml": f"treaty-signed:\n{between}  {QUESTION_IN_ONE_LINE}\n"}
    )
    assert call(tmp_path, "translate", "--language", "hi").stdout == "treaty-signed\n"
    deck, problems = edition.read(folder)
    assert deck is not None, problems
    assert not any(map(edition.is_behind, deck.facts))
    assert (folder / "dates.yaml").read_text("utf-8").startswith(f"treaty-signed:\n{between}  translates: ")
    assert call(tmp_path, "translate", "--language", "hi").stderr == "csto-anki: no translation is new\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--language", "ta", "treaty-signed"], "there is no edition in 'ta' with translations; leave out the ids"),
        (["--language", "en"], "'en' is the language of the original"),
        (["--language", "hi", "--cards", "cards/hi"], "cards/hi is an edition itself"),
        (["--language", "../hi"], "'../hi' is not a language code"),
    ],
)
def test_where_no_edition_can_begin(arguments: list[str], message: str, tmp_path: Path) -> None:
    write_edition(tmp_path / "cards")
    before = sorted(tmp_path.rglob("*"))
    done = call(tmp_path, "translate", *arguments)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_what_has_the_name_of_a_new_edition_stays(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "cards" / "hi").write_text("mine", "utf-8")
    done = call(tmp_path, "translate", "--language", "hi")
    assert (done.returncode, "something else has this name; move it away" in done.stderr) == (1, True)
    assert (tmp_path / "cards" / "hi").read_text("utf-8") == "mine"
