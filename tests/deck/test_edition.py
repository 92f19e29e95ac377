"""A folder of translations in, an edition of the deck out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from csto_anki.deck import edition
from csto_anki.deck.model import Citation, Date, Deck, Fact, Statement
from support.small_deck import FILES, SVG, Files, picture, write_deck
from support.small_edition import HINDI, read_edition, write_edition

TREATY = FILES["dates.yaml"]
PRACTICE = """\
practice:
  question: "Consider the following statements:"
  statements:
    - {text: "One.", correct: true, why: "It is."}
    - {text: "Two.", correct: false, why: "It is not."}
  ask: which statements
  sources: [charter]
"""
PRACTICE_IN_HINDI = """\
practice:
  question: "निम्नलिखित कथनों पर विचार कीजिए:"
  statements:
    - {text: "एक।", why: "है।"}
    - {text: "दो।", why: "नहीं है।"}
"""


def by_id(deck: Deck) -> dict[str, Fact]:
    return {fact.id: fact for fact in deck.facts}


def problems_with(folder: Path, files: Files) -> list[str]:
    deck, problems = edition.read(write_edition(folder, files))
    assert deck is None
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in problems]


def test_an_edition_has_the_texts_of_its_files_and_all_else_of_the_original(tmp_path: Path) -> None:
    deck = read_edition(tmp_path)
    signed, body = by_id(deck)["treaty-signed"], by_id(deck)["highest-body"]
    assert (deck.title, deck.language, deck.namespace, deck.file_name) == ("छोटा", "hi", "small", "small-hi")
    assert (deck.kinds, deck.tags) == ({"dates": "कब", "bodies": "कौन"}, {"prelims": "पूछा गया"})
    assert (signed.question, signed.answer, signed.answer_text) == (
        "संधि पर किस तिथि को हस्ताक्षर हुए?",
        Date(1992, 5, 15),
        "15 मई 1992",
    )
    assert (signed.tags, signed.sources, signed.kind) == (("prelims",), (Citation("charter"),), "dates")
    assert body.reverse is not None
    assert [card.answer for card in body.cards] == ["सदस्य देशों के प्रमुख", "सामूहिक सुरक्षा परिषद"]
    assert body.original is not None
    assert body.original.question == "Who sits on the Council?"
    assert [str(body.places[key]).rpartition("/")[2] for key in ("question", "sources")] == [
        "bodies.yaml:4:13",
        "bodies.yaml:8:12",
    ]
    assert "hi/bodies.yaml" in str(body.places["question"])


def test_its_deck_and_note_type_are_its_own_for_ever(tmp_path: Path) -> None:
    """Whoever has an edition is found by these numbers, so they never change."""
    deck = read_edition(tmp_path)
    assert (deck.deck_id, deck.note_type, deck.note_type_id) == (196568408090960, "Small (हिन्दी)", 244279599985622)


def test_a_folder_of_cards_is_read_as_ever(tmp_path: Path) -> None:
    deck, problems = edition.read(write_deck(tmp_path))
    assert deck is not None
    assert (deck.title, deck.original, problems) == ("Small", None, [])


def test_a_fact_without_a_translation_is_left_out(tmp_path: Path) -> None:
    files: Files = {
        "deck.yaml": FILES["deck.yaml"] + "path: [highest-body, treaty-signed]\n",
        "hi/dates.yaml": None,
        "sources.yaml": FILES["sources.yaml"] + "un:\n  title: U\n  publisher: U\n  url: https://example.org/u\n",
        "dates.yaml": TREATY.replace("[charter]", "[un]"),
    }
    deck = read_edition(tmp_path, files)
    assert ([*by_id(deck)], deck.path, [*deck.sources]) == (["highest-body"], ("highest-body",), ["charter"])


def test_what_names_an_untranslated_fact_does_without_it(tmp_path: Path) -> None:
    files: Files = {
        "dates.yaml": TREATY + PRACTICE.replace("  ask:", "  tests: [treaty-signed, highest-body]\n  ask:"),
        "hi/dates.yaml": PRACTICE_IN_HINDI,
    }
    assert by_id(read_edition(tmp_path, files))["practice"].tests == ("highest-body",)


def test_a_practice_question_is_in_the_words_of_the_exam(tmp_path: Path) -> None:
    files: Files = {"dates.yaml": TREATY + PRACTICE, "hi/dates.yaml": f"{HINDI['hi/dates.yaml']!s}{PRACTICE_IN_HINDI}"}
    fact = by_id(read_edition(tmp_path, files))["practice"]
    assert fact.answer == "(a) केवल 1"
    assert fact.statements == (
        Statement("एक।", correct=True, why="है।"),
        Statement("दो।", correct=False, why="नहीं है।"),
    )


def test_pictures_are_its_own_or_those_of_the_original(tmp_path: Path) -> None:
    both = picture("map.svg") + picture("flag.svg", "answer_image")
    alts = "  image: {alt: एक आकृति}\n  answer_image: {alt: एक ध्वज}\n"
    files: Files = {
        "dates.yaml": TREATY + both + "  timeline: Signed\n",
        "media/map.svg": SVG.format("map"),
        "media/flag.svg": SVG.format("flag"),
        "hi/media/map.svg": SVG.format("hindi"),
        "hi/dates.yaml": f"{HINDI['hi/dates.yaml']!s}{alts}  timeline: हस्ताक्षर\n",
    }
    deck = read_edition(tmp_path, files)
    assert {name: data for name, data in deck.pictures.items() if name != "timeline.svg"} == {
        "map.svg": SVG.format("hindi").encode(),
        "flag.svg": SVG.format("flag").encode(),
    }
    timeline = deck.pictures["timeline.svg"].decode()
    assert ">1990 का दशक<" in timeline
    assert ">15 मई 1992<" in timeline
    assert ">हस्ताक्षर<" in timeline
    assert [shown.alt for _, shown in by_id(deck)["treaty-signed"].pictures()] == ["एक आकृति", "एक ध्वज"]


def test_a_mnemonic_can_be_left_out_or_be_its_own(tmp_path: Path) -> None:
    own = f"{HINDI['hi/dates.yaml']!s}  mnemonic: अपना\n"
    assert by_id(read_edition(tmp_path / "a", {"hi/dates.yaml": own}))["treaty-signed"].mnemonic == "अपना"
    theirs: Files = {"dates.yaml": TREATY + "  mnemonic: Theirs\n"}
    assert by_id(read_edition(tmp_path / "b", theirs))["treaty-signed"].mnemonic == ""


def test_a_retired_fact_is_retired_in_its_words(tmp_path: Path) -> None:
    files: Files = {
        "dates.yaml": TREATY + "  retired: {why: Nobody asks it., replaced_by: highest-body}\n",
        "hi/dates.yaml": f"{HINDI['hi/dates.yaml']!s}  retired: अब कोई नहीं पूछता।\n",
    }
    retired = by_id(read_edition(tmp_path, files))["treaty-signed"].retired
    assert retired == ("अब कोई नहीं पूछता।", "highest-body")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"hi/bodies.yaml": "highest-body:\n  about: A\n  question: B?\n"},
            [
                "hi/bodies.yaml:1:1: highest-body: 'answer' is missing, which the original has; translate it",
                "hi/bodies.yaml:1:1: highest-body: 'reverse' is missing, which the original has; translate it",
            ],
        ),
        (
            {"hi/dates.yaml": "treaty-signed:\n  question: A?\n  answer: B\n  detail: C\n"},
            [
                "hi/dates.yaml:3:11: treaty-signed: 'answer', which the original does not have; remove it",
                "hi/dates.yaml:4:11: treaty-signed: 'detail', which the original does not have; remove it",
            ],
        ),
        (
            {"hi/dates.yaml": "treaty-signed:\n  question: A?\n  date: 1992\n"},
            ["hi/dates.yaml:3:3: treaty-signed: the unknown key 'date'; use one of translates"],
        ),
        (
            {"hi/dates.yaml": "treaty-sinned:\n  question: A?\n"},
            ["hi/dates.yaml:1:1: treaty-sinned: the original has no such fact; did you mean 'treaty-signed'?"],
        ),
        (
            {"hi/dates.yaml": "", "hi/bodies.yaml": "treaty-signed:\n  question: A?\n"},
            ["hi/bodies.yaml:1:1: treaty-signed: the original is in dates.yaml; move it to dates.yaml"],
        ),
        (
            {"dates.yaml": TREATY + PRACTICE, "hi/dates.yaml": PRACTICE_IN_HINDI.rpartition("    -")[0]},
            [
                "hi/dates.yaml:4:5: practice: 1 statements, but the original has 2; "
                "translate each, in the order of the original"
            ],
        ),
        (
            {"hi/edition.yaml": str(HINDI["hi/edition.yaml"]).replace("छोटा", "small", 1)},
            ["hi/edition.yaml:1:8: the title of the original or another edition; give it another"],
        ),
        (
            {"hi/edition.yaml": str(HINDI["hi/edition.yaml"]).replace("bodies: कौन", "posts: कौन")},
            [
                "hi/edition.yaml:4:8: 'bodies' of the original's `kinds` is missing; add it",
                "hi/edition.yaml:4:8: 'posts' is not in the original's `kinds`; remove it",
            ],
        ),
        (
            {"hi/posts.yaml": "a:\n  question: A?\n"},
            ["hi/posts.yaml:1:1: a file that is not read; name it as the file of the original that it translates"],
        ),
        (
            {"hi/media/map.svg": SVG.format("map")},
            ["hi/media/map.svg:1:1: the original has no such picture; remove it"],
        ),
        (
            {"hi/glossary.yaml": "Treaty:\n  seen: https://example.org/\n"},
            ["hi/glossary.yaml:1:1: the key 'word' is missing; add it: the one word for it in this language"],
        ),
        (
            {"hi/dates.yaml": "treaty-signed:\n  question: On which day was the Treaty signed?\n"},
            ["hi/dates.yaml:2:13: treaty-signed: the question is still in the words of the original; translate it"],
        ),
        (
            {
                "hi/edition.yaml": str(HINDI["hi/edition.yaml"]).replace(
                    "{dates: कब, bodies: कौन}", "{dates: when, bodies: who}"
                )
            },
            ["hi/edition.yaml:4:8: `kinds` is still in the words of the original; translate it"],
        ),
        (
            {"hi/glossary.yaml": '"":\n  word: a\n'},
            ["hi/glossary.yaml:1:1: '' is not a term; write it in one line"],
        ),
        ({"hi/dates.yml": "a:\n"}, ["hi/dates.yml:1:1: a file that is not read; compare it with dates.yaml"]),
        (
            {
                "deck.yaml": FILES["deck.yaml"] + "exams: {A: 2027-05-23, B: 2027-08-20}\n",
                "hi/edition.yaml": str(HINDI["hi/edition.yaml"]) + "exams: {A: एक, B: एक}\n",
            },
            [
                "hi/edition.yaml:6:8: 'A' has the same name as another one; give each its own",
                "hi/edition.yaml:6:8: 'B' has the same name as another one; give each its own",
            ],
        ),
        ({"hi/dates.yaml": "treaty-signed: ["}, ["hi/dates.yaml:2:1: "]),
    ],
    ids=[
        *("missing", "too much", "unknown key", "unknown id", "other file", "statements", "title", "kinds", "file"),
        *("picture", "glossary", "English", "English kinds", "a term", "an ending", "two exams", "yaml"),
    ],
)
def test_what_is_wrong_with_an_edition(files: Files, expected: list[str], tmp_path: Path) -> None:
    found = problems_with(tmp_path, files)
    assert len(found) == len(expected), found
    assert [line[: len(start)] for line, start in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Hindi", "the folder 'Hindi' is not named by a language code"),
        ("en", "'en' is the language of the original"),
        ("ta-tag", "'ta-tag' is or ends in a tag of the deck, so files would have the same names"),
        ("tag", "'tag' is or ends in a tag of the deck, so files would have the same names"),
    ],
)
def test_the_folder_has_the_name_of_another_language(name: str, message: str, tmp_path: Path) -> None:
    write_edition(tmp_path, {"deck.yaml": FILES["deck.yaml"] + "  tag: a tag\n"})
    edition_file = str(HINDI["hi/edition.yaml"]).replace("tags: {", "tags: {tag: a tag, ")
    (tmp_path / "hi" / "edition.yaml").write_text(edition_file, "utf-8")
    (tmp_path / "hi").rename(tmp_path / name)
    deck, problems = edition.read(tmp_path / name)
    assert deck is None
    assert message in str(problems[0]), problems


def test_a_link_out_of_the_deck_is_no_edition(tmp_path: Path) -> None:
    write_edition(tmp_path / "cards")
    (tmp_path / "cards" / "hi").rename(tmp_path / "elsewhere")
    (tmp_path / "cards" / "hi").symlink_to(tmp_path / "elsewhere")
    deck, problems = edition.read(tmp_path / "cards" / "hi")
    assert deck is None
    assert ["a link that leads out of the deck's folder" in str(problem) for problem in problems] == [True]
    assert edition.editions(tmp_path / "cards") == []


def test_two_editions_have_two_titles(tmp_path: Path) -> None:
    folder = write_edition(tmp_path).with_name("hi-IN")
    shutil.copytree(tmp_path / "hi", folder)
    _, problems = edition.read(folder)
    assert ["the title of the original or another edition" in str(problem) for problem in problems] == [True]
    settings = (folder / "edition.yaml").read_text("utf-8")
    (folder / "edition.yaml").write_text(settings.replace("छोटा", "दूसरा", 1), "utf-8")
    one, other = (edition.read(tmp_path / name)[0] for name in ("hi", "hi-IN"))
    assert one is not None
    assert other is not None
    assert (one.note_type, other.note_type) == ("Small (हिन्दी)", "Small (हिन्दी, hi-IN)")
    assert (one.file_name, other.file_name) == ("small-hi", "small-hi-in")


def test_problems_of_the_original_are_all_that_is_reported(tmp_path: Path) -> None:
    folder = write_edition(tmp_path, {"hi/dates.yaml": "treaty-signed: ["})
    (tmp_path / "dates.yaml").write_text(TREATY.replace("date: 1992-05-15", "date: 1992-05-35"), "utf-8")
    deck, problems = edition.read(folder)
    assert deck is None
    assert ["dates.yaml:3:9" in str(problem) for problem in problems] == [True]


@pytest.mark.parametrize(
    ("pair", "is_behind"),
    [
        (("", ""), False),
        (("the Treaty", "the treaty"), True),
        (("1992-05-15", "1992-05-16"), True),
        (("[prelims]", "[]"), False),
        (("[charter]", "[charter Art. 1]"), False),
        (("  sources", "  as_of: 2002-10\n  sources"), False),
        (("  sources", "  detail: New.\n  sources"), True),
    ],
    ids=["nothing", "question", "date", "tags", "sources", "as of", "detail"],
)
def test_a_translation_is_behind_if_the_wording_of_its_original_has_changed(
    pair: tuple[str, str], is_behind: bool, tmp_path: Path
) -> None:
    read_edition(tmp_path)
    (tmp_path / "dates.yaml").write_text(TREATY.replace(*pair), "utf-8")
    if "detail" in "".join(pair):
        with (tmp_path / "hi" / "dates.yaml").open("a", encoding="utf-8") as file:
            file.write("  detail: पुराना।\n")
    deck, problems = edition.read(tmp_path / "hi")
    assert deck is not None, problems
    assert edition.is_behind(by_id(deck)["treaty-signed"]) is is_behind


def test_the_digest_of_a_wording() -> None:
    """It is in every translation, so it never changes; what is said of a change since a release is not part of it."""
    fact = Fact("a", "k", "Q?", "A", (Citation("s"),))
    assert edition.digest(fact) == "beb22f3b"
    assert edition.digest(Fact("b", "j", "Q?", "A", (), reworded="It was B.", tags=("t",))) == "beb22f3b"


def test_a_language_without_words_gives_them_itself(tmp_path: Path) -> None:
    from csto_anki.language.known import template

    words = template().replace("'May'", "'மே'")
    files: Files = {**{name.replace("hi/", "ta/"): text for name, text in HINDI.items()}}
    write_deck(tmp_path, files)
    deck, problems = edition.read(tmp_path / "ta")
    assert deck is None
    assert [str(problem).partition("ta/")[2] for problem in problems if problem.code == "no-words"] == [
        "edition.yaml:1:1: csto-anki has no words in 'ta', such as the months; translate csto-anki's words into "
        f"{(tmp_path / 'ta' / 'words.yaml').as_posix()}; csto-anki translate --words prints them"
    ]
    (tmp_path / "ta" / "words.yaml").write_text(words, "utf-8")
    deck, problems = edition.read(tmp_path / "ta")
    assert deck is None
    line = 1 + words.split("\n").index("  hint: 'Hint to remember'")
    wanted = f"ta/words.yaml:{line}:9: 'card.hint' is still in English; translate it"
    assert next(str(problem) for problem in problems if "card.hint" in str(problem)).endswith(wanted)
    assert not any("month" in str(problem) for problem in problems)
