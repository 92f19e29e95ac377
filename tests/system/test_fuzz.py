"""Random inputs for everything that reads, checks, builds and inspects: no traceback, nothing active, nothing lost.

CSTO_ANKI_EXAMPLES sets the number of random inputs of each test, by default 60; `docs/trust.md` says how many were
tried. The coverage-guided runs are in `fuzz/guided.py`; what they found is kept in `fuzz/found` and tried here.
"""

from __future__ import annotations

import functools
import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nh3
import pytest
from anki.collection import Collection
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from csto_anki.apkg import writer
from csto_anki.deck import keys, practice, values
from csto_anki.deck.reader import read
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note import html
from csto_anki.note.contents import contents as contents_of
from csto_anki.note.contents import pictures as pictures_of
from csto_anki.rules.check import errors
from support.real_anki import import_package
from support.releases import JUNE
from support.small_deck import FILES, SVG, write_deck
from system.fuzz import targets

FOUND = sorted((Path(__file__).parent / "fuzz" / "found").iterdir())
EXAMPLES = int(os.environ.get("CSTO_ANKI_EXAMPLES", "60"))
RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CSTO_ANKI_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once_is_fixed(path: Path) -> None:
    targets.TARGETS[path.name.partition("-")[0]](path.read_bytes())


# Pieces that have a meaning in YAML, HTML, Anki, terminals or Unicode, and letters.
SIGNS = [
    *("{{", "}}", "[sound:a.mp3]", "[latex]", "[$]", "[anki:tts]", "[[type:x]]", "\\(", "\\["),
    *("<script>", "</b>", "<br>", '<img src="x" onerror="y">', '<a href="javascript:x">', "&lt;", "&", "<", ">"),
    *('"', "'", "javascript:", "\u202e", ": ", " #", "- ", "? ", "|", ">", "*a", "&a", "!!x", "%", "@", "`"),
    *("[", "]", "{", "}", ",", "\\", "\n", "\t", "---", "\x1b[2J", "\x00", "\x7f", "\u0301", "\u200d", "\ud7ff"),
    *("\ufffd", "\U0001f600", "Ж", "ё", "é", "e\u0301", "१", "\x1f", "//", "..", "::", " ", "  ", "csto-"),
    *("true", "null", "1992", "1992-05-15", "charter", "prelims", "the CSTO"),
]
TEXT = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=6)), min_size=1, max_size=6).map("".join)
ADDRESS = TEXT.map(lambda text: f"https://example.org/{text}")
DATE = st.one_of(st.dates().map(str), st.integers(0, 9999).map(str), TEXT)


def _yaml(value: Any, indent: int = 2) -> str:
    """A value as YAML: texts in double quotes, as JSON writes them."""
    if isinstance(value, dict):
        return "".join(f"\n{' ' * indent}{json.dumps(key)}: {_yaml(each, indent + 2)}" for key, each in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(json.dumps(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=len(str(value)) % 2 == 0)


# For each reader of a value, inputs that may be right.
VALUES: dict[Callable[..., Any], st.SearchStrategy[Any]] = {
    values.text: TEXT,
    values.date: DATE,
    values.kebab_case: st.one_of(st.sampled_from(["prelims", "treaty-signed", "x-1"]), TEXT),
    values.words: st.lists(st.one_of(st.just("prelims"), TEXT), max_size=3),
    values.citations: st.lists(st.one_of(st.just("charter"), TEXT.map(lambda text: f"charter {text}")), max_size=3),
    values.ask: st.sampled_from([*practice.FORMS]),
    keys.reverse: st.fixed_dictionaries({"question": TEXT, "answer": TEXT}),
    keys.picture: st.fixed_dictionaries({"file": st.one_of(st.just("map.svg"), TEXT), "alt": TEXT}),
    keys.retired: st.fixed_dictionaries({"why": TEXT}, optional={"replaced_by": TEXT}),
    keys.accepted: st.dictionaries(st.sampled_from(["texts-are-tidy", "x"]), TEXT, max_size=2),
    keys.statements: st.just([]),
    values.address: ADDRESS,
    values.texts: st.lists(TEXT, max_size=2),
}
# What only a practice question has, and what is always right so that some decks build.
OF_PRACTICE = {"statements", "ask", "columns", "predicate", "tests"}
GIVEN = {"question", "answer", "date", "sources", "changed", "reworded"}
FACT = st.fixed_dictionaries(
    {"question": TEXT, "answer": TEXT, "sources": st.just(["charter"])},
    optional={name: VALUES[key.read] for name, key in keys.FACT_KEYS.items() if name not in OF_PRACTICE | GIVEN},
)
IDS = st.lists(st.sampled_from(["e0", "e1", "e2", "treaty-signed", "x"]), max_size=3)
BOOLEAN = st.sampled_from(["true", "false"])
STATEMENT = st.fixed_dictionaries(
    {"text": st.one_of(TEXT, st.just("one | two | three")), "why": TEXT},
    optional={"correct": BOOLEAN, "explains": BOOLEAN, "date": DATE},
)
PRACTICE = st.fixed_dictionaries(
    {
        "question": TEXT,
        "ask": st.sampled_from([*practice.FORMS]),
        "statements": st.lists(STATEMENT, min_size=2, max_size=6),
        "sources": st.just(["charter"]),
    },
    optional={"columns": st.lists(TEXT, max_size=3), "predicate": TEXT, "tests": IDS},
)
SOURCE = st.fixed_dictionaries(
    {"title": TEXT, "publisher": TEXT, "url": ADDRESS}, optional={"date": DATE, "archive": ADDRESS}
)


def _entry(number: int, fact: dict[str, Any]) -> str:
    listed = fact.get("statements")
    if isinstance(listed, list) and listed:
        items = "".join(f"\n    -{_yaml(each, 6)}" for each in listed)
        fact = {key: value for key, value in fact.items() if key != "statements"}
        return f"e{number}:{_yaml(fact)}\n  statements:{items}\n"
    return f"e{number}:{_yaml(fact)}\n"


FACTS = st.lists(st.one_of(FACT, PRACTICE), min_size=1, max_size=4).map(
    lambda facts: "".join(_entry(number, fact) for number, fact in enumerate(facts))
)
SETTINGS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(("description", "licence", "report", "title"), TEXT), "path": IDS}
)


# Texts that a card may have, although they look like something else; with these, some of the random decks build.
ODD = [
    *SIGNS[9:20],
    *("#1", "- a", "5 < 6 > 4", "A & B", "Ж", "ё", "१", "a\nb", "\U0001f600", "\u0915\u094d\u200d\u0937", "'", '"'),
]
MAY = st.lists(st.sampled_from([each for each in ODD if "\u202e" not in each]), min_size=1, max_size=4).map(" ".join)
SOUND = st.fixed_dictionaries(
    {"question": MAY, "answer": MAY, "sources": st.just(["charter Art. 1"])},
    optional={
        **dict.fromkeys(("about", "detail", "mnemonic"), MAY),
        "reverse": st.fixed_dictionaries({"question": MAY, "answer": MAY}),
        "image": st.fixed_dictionaries({"file": st.just("map.svg"), "alt": MAY}),
        "retired": st.fixed_dictionaries({"why": MAY}),
        "as_of": st.dates(max_value=targets.TODAY).map(str),
        "tags": st.just(["prelims"]),
    },
)
SOUND_FACTS = st.lists(SOUND, min_size=1, max_size=6).map(
    lambda facts: "".join(_entry(number, fact) for number, fact in enumerate(facts))
)


@RANDOM
@given(facts=FACTS)
def test_random_facts(facts: str) -> None:
    targets.cards(b"\0" + facts.encode("utf-8", "surrogatepass"))


@RANDOM
@given(source=SOURCE)
def test_random_sources(source: dict[str, str]) -> None:
    targets.cards(b"\1" + f"charter:{_yaml(source)}\n".encode("utf-8", "surrogatepass"))


@RANDOM
@given(said=SETTINGS)
def test_random_settings(said: dict[str, str]) -> None:
    lines = [line for line in str(FILES["deck.yaml"]).split("\n") if line.partition(":")[0] not in said]
    text = "\n".join([*(f"{key}: {_yaml(value)}" for key, value in said.items()), *lines])
    targets.cards(b"\2" + text.encode("utf-8", "surrogatepass"))


@functools.cache
def _seeds(name: str) -> list[bytes]:
    return list(targets.seeds(name))


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A real input, with pieces removed, doubled or inserted."""
    data = draw(st.sampled_from(_seeds(name)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.sampled_from([0, 1, 1, 2, 4, 16, 200])))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.just(data[start:stop] * 2),
                st.sampled_from(SIGNS).map(lambda text: text.encode("utf-8", "surrogatepass")),
                st.binary(max_size=4),
            )
        )
        data = data[:start] + piece + data[stop:]
    return data


@RANDOM
@given(data=damaged("cards"))
def test_damaged_card_files(data: bytes) -> None:
    targets.cards(data)


@RANDOM
@given(data=damaged("package"))
def test_damaged_packages(data: bytes) -> None:
    targets.package_file(data)


@RANDOM
@given(data=damaged("database"))
def test_damaged_databases(data: bytes) -> None:
    targets.database(data)


@RANDOM
@given(data=damaged("listing"))
def test_damaged_lists_of_media(data: bytes) -> None:
    targets.listing(data)


@RANDOM
@given(data=damaged("picture"))
def test_damaged_pictures(data: bytes) -> None:
    targets.picture(data)


@RANDOM
@given(data=damaged("record"))
def test_damaged_records(data: bytes) -> None:
    targets.record(data)


JUDGE: dict[str, Any] = {
    "tags": {"br", "ol", "p", "b", "small", "li", "span", "a", "img"},
    "attributes": {
        "li": {"class"},
        "p": {"class"},
        "ol": {"class", "type"},
        "span": {"class", "lang"},
        "a": {"href"},
        "img": {"src", "alt"},
    },
    "url_schemes": {"http", "https"},
    "link_rel": None,
}


def _pieces(field: str) -> list[tuple[str, ...]]:
    """The elements of a field, each with its attributes in alphabetical order."""
    return [(name, *sorted(re.findall(r"([a-z]+)=", rest))) for name, rest in re.findall(r"<(/?[a-z]+)([^>]*)>", field)]


def judge(field: str) -> None:
    """A sanitiser that parses HTML as browsers do finds nothing to remove, and neither do we."""
    assert _pieces(nh3.clean(field, **JUDGE)) == _pieces(field), field
    assert list(html.unexpected(field)) == []


def test_the_judge_can_fail() -> None:
    for field in ("<script>x</script>", '<img src="x" onerror="y">', '<a href="javascript:x">x</a>', "<i>x</i>"):
        with pytest.raises(AssertionError):
            judge(field)


def test_the_judge_finds_nothing_in_the_deck() -> None:
    deck, _ = read(targets.CARDS)
    assert deck is not None
    for note in contents_of(deck).notes.values():
        for value in note.values().values():
            judge(value)


@settings(RANDOM, max_examples=max(EXAMPLES // 2, 30))
@given(facts=st.one_of(SOUND_FACTS, SOUND_FACTS, SOUND_FACTS, FACTS))
def test_whatever_builds_arrives_in_anki_and_is_inert(facts: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = facts.encode("utf-8", "surrogatepass")
        root = write_deck(Path(folder) / "cards", {"dates.yaml": text, "media/map.svg": SVG.format("map")})
        deck, _ = read(root)
        event("builds" if deck else "does not build")
        if deck is None or any(each.is_error for each in errors(deck, targets.TODAY)):
            return
        contents = contents_of(deck)
        for note in contents.notes.values():
            for value in note.values().values():
                judge(value)
        released = Released({}, None, {}, None).after("2026.06.01", JUNE, contents)
        stamps = stamp(released, contents, targets.TODAY)
        notes, cards = writer.write(contents, pictures_of(deck), stamps, Path(folder) / "a.apkg")
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            log = import_package(collection, Path(folder) / "a.apkg")
            assert (len(log.new), collection.card_count()) == (notes, cards)
            assert cards == sum(len(fact.cards) for fact in deck.facts if not fact.retired)
            for id in collection.find_cards(""):
                sides = collection.get_card(id).render_output()
                assert (sides.question_av_tags, sides.answer_av_tags) == ([], [])
                assert "{{" not in sides.question_text + sides.answer_text
            assert collection.fix_integrity()[1]
        finally:
            collection.close()
