"""Each code of `check`, with the example that breaks its rule and the one that keeps it, as people can read them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from csto_anki import fields
from csto_anki.check import ERRORS, WARNINGS, check, code_of
from csto_anki.explain import EXAMPLES, explain, explanations
from csto_anki.facts import Problem
from csto_anki.guard import RULES, guard
from csto_anki.read import read
from csto_anki.release import Released, dump, load
from csto_anki.tree import parse
from small_deck import FILES, SVG, Files, write_deck
from test_cli import run

TODAY = datetime.date(2026, 11, 24)
JUNE = 1780304400  # 2026-06-01 09:00 UTC

MAP = """\
map:
  question: Which shape is dark on this map?
  answer: A triangle
  image: {file: map.svg, alt: A drawing}
  sources: [charter, treaty]
"""
UNDATED = FILES["sources.yaml"].replace("  date: 2002-10-07\n", "")
TREATY = "treaty:\n  title: Treaty\n  publisher: UN\n  url: https://example.org/treaty\n"
BODIES = FILES["bodies.yaml"].replace("Art. 13", "Art. 13, treaty") + "  tags: [prelims]\n"
BASE: Files = {
    **FILES,
    "sources.yaml": UNDATED + TREATY,
    "bodies.yaml": BODIES + MAP,
    "dates.yaml": "",
    "media/map.svg": SVG.format("map"),
}
# Examples that need another deck around them.
AROUND: dict[str, Files] = {
    "a-deck-has-facts": {"media/map.svg": None, "sources.yaml": UNDATED},
    "a-fact-has-one-priority": {"bodies.yaml": BODIES.replace("[pre", "[depth, pre") + MAP + "  tags: [depth]\n"},
    "every-picture-is-shown": {"bodies.yaml": BODIES},
    "every-source-is-cited": {"bodies.yaml": (BODIES + MAP).replace(", treaty", ""), "sources.yaml": UNDATED},
    "a-source-is-not-older-than-its-fact": {"sources.yaml": FILES["sources.yaml"] + TREATY},
    "as-of-is-vouched-for": {"sources.yaml": FILES["sources.yaml"].replace("2002-10-07", "2026-03") + TREATY},
    "no-tag-has-two-meanings": {"deck.yaml": FILES["deck.yaml"].replace("tags:\n  prelims: asked\n", "")},
}

# All that `check` says of the wrong examples.
EXPECTED: dict[str, list[str]] = {
    "broken-yaml": [
        "dates.yaml:2:13: broken YAML: while scanning a quoted scalar found unexpected end of stream; here "
        "or just above, mend the indentation, close the quote or bracket, or quote a text that holds ': '",
    ],
    "clever-yaml": [
        "dates.yaml:2:13: the anchor &q; remove it and write the text out again",
    ],
    "unclean-text": [
        "dates.yaml:2:13: escapes for text that is not in Unicode's form NFC; write the letters themselves",
    ],
    "too-much": [
        "dates.yaml:4:19: more than 12 levels of lists and mappings; write it flat",
    ],
    "no-commands": [
        "dates.yaml:3:11: anthem: '[sound:', which Anki takes for a command; word it otherwise; "
        "in an address write %7B for {",
    ],
    "cut-off-text": [
        "dates.yaml:3:16: a comment cuts the text off; put quotes round the text, or the comment on a line of its own",
    ],
    "unknown-key": [
        "dates.yaml:2:3: signed: the unknown key 'qestion'; did you mean 'question'?",
    ],
    "missing-key": [
        "dates.yaml:1:1: signed: neither an answer nor a date nor statements; give one of them",
    ],
    "doubled-key": [
        "dates.yaml:4:3: signed: the key 'date' stands here twice, first in line 3; keep one of the two",
    ],
    "doubled-id": [
        "bodies.yaml:1:1: highest-body: this id stands at dates.yaml:1:1 too; give the newer fact another id",
    ],
    "keys-apart": [
        "dates.yaml:3:9: signed: answer and date together; keep one of them",
    ],
    "wrong-value": [
        "dates.yaml:3:9: signed: '15 May 1992' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, as "
        "precise as the source and no more",
    ],
    "unknown-source": [
        "dates.yaml:4:13: signed: the unknown source 'chater'; did you mean 'charter'? or add it to sources.yaml",
    ],
    "unknown-tag": [
        "dates.yaml:4:10: signed: the unknown tag 'prelim'; did you mean 'prelims'? or add it to deck.yaml",
    ],
    "unknown-picture": [
        "dates.yaml:4:10: place: there is no picture 'mpa.svg'; did you mean 'map.svg'?",
    ],
    "bad-picture": [
        "media/map.svg:1:59: the element <script>; remove it; what a drawing may hold: circle, clipPath, "
        "defs, desc, ellipse, g, line, linearGradient, mask, path, pattern, polygon, polyline, "
        "radialGradient, rect, stop, svg, symbol, text, title, tspan, use, each of SVG's namespace",
    ],
    "no-option": [
        "dates.yaml:4:5: practice: no option of UPSC's fits what is correct; change the statements or the key 'ask'",
    ],
    "wrong-file": [
        "dates.yml:1:1: a file that is not read; rename it to .yaml",
    ],
    "broken-record": [
        "released.json:1:1: not a record of releases: KeyError('sha256'); restore it from version control",
    ],
    "frozen-settings-stay": [
        "deck.yaml:13:8: title was released as 'Small' and is frozen; put it back",
    ],
    "no-released-id-vanishes": [
        "dates.yaml:1:1: treaty-signed: it was released as 'signed', and learners' progress hangs on that "
        "id; name it signed again",
    ],
    "no-released-id-is-another-fact": [
        "dates.yaml:1:1: signed: this id was released with another fact: 'On which day was the Treaty "
        "signed?'; give the new fact an id of its own and retire the old, or keep nearer to its words",
        "dates.yaml:3:11: warning: signed: the answer is another than in 2026.06.01; say in `changed:` "
        "what is to be learnt again, or in `reworded:` what was mended in the words",
    ],
    "no-released-reverse-vanishes": [
        "dates.yaml:1:1: signed: learners have its reverse, and would keep a blank card; put it back, in "
        "better words if need be",
        "dates.yaml:3:9: warning: signed: the answer is another than in 2026.06.01; say in `changed:` what "
        "is to be learnt again, or in `reworded:` what was mended in the words",
    ],
    "what-is-new-has-not-changed": [
        "dates.yaml:4:12: signed: changed, and it is not released yet; remove the line",
    ],
    "an-answer-that-changes-says-how": [
        "dates.yaml:3:9: warning: signed: the answer is another than in 2026.06.01; say in `changed:` what "
        "is to be learnt again, or in `reworded:` what was mended in the words",
    ],
    "nothing-is-accepted-in-vain": [
        "dates.yaml:4:12: warning: signed: 'texts-are-tidy' is accepted, and there is no such warning; "
        "remove the line; an error cannot be accepted",
    ],
    "a-deck-has-facts": [
        "deck.yaml:10:3: no fact in any card file; add an entry",
        "deck.yaml:13:3: no fact carries the tag 'prelims'; use it or remove it",
        "sources.yaml:1:1: charter: no fact cites this source; cite it or remove it",
    ],
    "a-fact-has-one-priority": [
        "dates.yaml:4:9: signed: 2 priorities; give it one of core, depth",
    ],
    "a-replacement-is-taught": [
        "dates.yaml:4:52: head-2025: 'head-of-2026', which should replace it, is not taught; name a fact "
        "that is, or none",
    ],
    "as-of-is-not-in-the-future": [
        "dates.yaml:4:10: head: as_of January 2062 is in the future; mend the date",
    ],
    "every-picture-is-shown": [
        "media/map.svg:1:1: no fact shows this picture; show it in `image` or `answer_image`, or remove it",
    ],
    "every-source-is-cited": [
        "sources.yaml:5:1: treaty: no fact cites this source; cite it or remove it",
    ],
    "every-tag-is-used": [
        "deck.yaml:14:9: no fact carries the tag 'mains'; use it or remove it",
    ],
    "no-tag-has-two-meanings": [
        "deck.yaml:12:8: 'prelims' is a tag already; give this one another name",
    ],
    "nothing-is-named-twice": [
        "dates.yaml:4:10: signed: 'dates' is the kind already; remove one",
    ],
    "a-date-question-names-its-precision": [
        "dates.yaml:2:13: signed: it does not say that it wants the day; ask: which day; or mend the date",
    ],
    "answers-are-short": [
        "dates.yaml:3:11: members: an answer of more than four items; ask for less, or for one of them",
    ],
    "no-draft-is-left": [
        "dates.yaml:4:11: signed: 'TODO' stands in it; finish the text",
    ],
    "no-front-gives-the-answer-away": [
        "dates.yaml:2:10: seat: the answer 'Moscow' stands on the front; reword it",
    ],
    "only-practice-asks-which-of-the-following": [
        "dates.yaml:2:13: observer: it asks of what follows, and nothing does; ask directly: which body, which state",
    ],
    "questions-are-not-yes-or-no": [
        "dates.yaml:2:13: india: a question of yes or no; ask who, what, when or which",
    ],
    "questions-differ": [
        "dates.yaml:6:13: treaty-of-tashkent: the same question stands at dates.yaml:2:13; reword or remove one",
    ],
    "a-date-has-come": [
        "dates.yaml:3:9: warning: session: 11 December 2026 has not come yet; mend the date, or ask for "
        "the plan and who announced it",
    ],
    "a-source-is-not-older-than-its-fact": [
        "dates.yaml:4:12: warning: observer: of 2 December 2004, and the newest source is of 7 October "
        "2002; mend the date, or cite what tells that it happened",
    ],
    "as-of-is-vouched-for": [
        "dates.yaml:5:10: warning: members: as of October 2026, and the newest source is of March 2026; "
        "write the date of the newest source, as precise as it is",
    ],
    "no-answer-letter-dominates": [
        "dates.yaml:36:1: warning: practice-5: (a) is right in 6 of 6 practice questions; make another "
        "statement false, or one true",
    ],
    "no-fact-rests-on-one-page-of-news": [
        "dates.yaml:4:12: warning: signed: its one source, charter, is a page of news without an archived "
        "copy; cite a second page, or add `archive` to the source",
    ],
    "sources-differ": [
        "sources.yaml:5:1: charter-2002: no fact cites this source; cite it or remove it",
        "sources.yaml:8:8: warning: charter-2002: the page of charter once more; cite charter, or mend the address",
    ],
    "what-can-move-is-confirmed-within-a-year": [
        "dates.yaml:4:10: warning: head: as of 24 November 2025, so due to be confirmed again; look for "
        "newer sources, or ask for the past state with its date",
    ],
    "a-date-stands-under-date": [
        "dates.yaml:3:11: warning: signed: an answer that is a date; write `date: YYYY-MM-DD`, or as much "
        "of it as is known, in the place of `answer`",
    ],
    "a-question-is-one-question": [
        "dates.yaml:2:13: warning: signed: two questions in one; ask one of them, and the other on another card",
    ],
    "a-question-stands-alone": [
        "dates.yaml:2:13: warning: seat: 'it' needs another card to make sense; name what it means",
    ],
    "a-question-wants-no-list": [
        "dates.yaml:2:13: warning: left: it wants a list; ask for one thing: which one is missing, which came first",
    ],
    "a-reverse-turns-the-question-round": [
        "dates.yaml:4:23: warning: seat: the reverse has nothing of the question and its answer; turn this "
        "fact's question round",
    ],
    "dates-in-a-fact-agree": [
        "dates.yaml:4:11: warning: signed: 16 May 1992, where the date is 15 May 1992; mend one of them, "
        "or accept it if both are true",
    ],
    "no-front-gives-a-part-of-the-answer-away": [
        "dates.yaml:2:13: warning: council: all words of the answer 'The Collective Security Council' "
        "stand on the front; reword it",
    ],
    "no-letter-is-of-another-script": [
        "dates.yaml:2:13: warning: channel: 'Kанал' mixes Latin and Cyrillic letters; type it again in one script",
    ],
    "no-markup-is-typed": [
        "dates.yaml:2:13: warning: signed: '<b>' is shown as typed; write plain text",
    ],
    "texts-are-tidy": [
        "dates.yaml:2:13: warning: signed: two blanks together: 'ay was the  Treaty sig'; mend it",
    ],
    "what-is-told-of-now-has-an-as-of": [
        "dates.yaml:2:13: warning: head: 'currently' without an `as_of`; add `as_of`, or tell it of a past day",
    ],
    "a-question-fits-one-answer": [
        "dates.yaml:2:13: warning: left: 'Uzbekistan', the answer of left-and-came-back, fits it as well; "
        "say what sets it apart from that question, or remove it",
    ],
    "dates-agree-between-facts": [
        "dates.yaml:8:11: warning: place: 16 May 1992, where signed has 15 May 1992; mend one of them, or "
        "say what else it is",
    ],
    "questions-are-not-nearly-the-same": [
        "dates.yaml:6:13: warning: headquarters: nearly the question of seat, 'In which city does the CSTO "
        "have its headquarters?'; remove or reword one, or accept it with the other's id",
    ],
    "russian-names-are-spelt-one-way": [
        "dates.yaml:6:13: warning: mercenary-again: 'Наемник', which is 'наёмник' elsewhere; spell it one way",
    ],
    "texts-are-not-copied": [
        "dates.yaml:9:11: warning: force: the same detail as that of signed; write its own, or none",
    ],
    "a-reason-says-more": [
        "dates.yaml:4:74: warning: practice: the reason repeats the statement; say why",
    ],
    "an-answer-is-closed": [
        "dates.yaml:3:11: warning: seat: an answer that is a question; write the answer",
    ],
    "an-archive-is-of-its-page": [
        "sources.yaml:5:12: warning: charter: the archived copy is that of another page; mend one of the two",
    ],
    "news-has-an-archived-copy": [
        "sources.yaml:1:1: warning: charter: a page of news without an archived copy; add `archive`, or "
        "accept it for the whole deck in deck.yaml",
    ],
    "russian-names-have-latin-letters": [
        "dates.yaml:3:11: warning: proxy: 'ПРОКСИ' without its Latin letters; add them: (Наёмник, Nayomnik)",
    ],
    "sources-are-reached-safely": [
        "sources.yaml:8:8: warning: treaty: an address without https; begin it with https://",
    ],
    "words-are-spelt-one-way": [
        "dates.yaml:9:11: warning: force: 'Colective' stands only here, and 'collective' often; did you "
        "mean 'collective'?",
    ],
    "a-place-in-a-source-is-no-source": [
        "dates.yaml:4:13: signed: 'treaty' stands as a place in 'charter', and is a source itself; put a "
        "comma between them",
    ],
    "a-source-has-the-date-of-its-address": [
        "sources.yaml:5:9: warning: charter: 10 July 2002, and its address says 2002/10/07; mend the date, "
        "or accept it if both are right",
    ],
    "a-question-wants-what-it-gets": [
        "dates.yaml:2:13: warning: left: it asks for two, and the answer has 3; mend the number or the answer",
    ],
    "no-card-sends-to-another": [
        "dates.yaml:4:11: warning: seat: 'next card' means nothing on a card by itself; say what stands there",
    ],
    "no-two-facts-are-each-other-turned-round": [
        "dates.yaml:6:13: warning: document: place turned round, 'In which city was the Charter of the "
        "CSTO signed in 2002?'; make it the `reverse` there, or ask something else",
    ],
}


def around(code: str) -> Files:
    """The deck around an example, without its record and its own file."""
    deck = {**BASE, **AROUND.get(code, {})}
    return {**deck, "deck.yaml": f"{deck['deck.yaml']!s}{explanations()[code].example.get('deck', '')}"}


def example_deck(folder: Path, code: str, which: str) -> Path:
    """Write the deck with one of the two examples of a code."""
    example = explanations()[code].example
    text, files = example[which], around(code)
    if "released" in example:
        files["released.json"] = released(folder / "released", files, example["released"])
    file = example.get(f"{which}_file", example.get("file", "dates.yaml"))
    if code == "no-answer-letter-dominates":
        text = six(text, vary=which == "right")
    if file == "deck.yaml":
        kept = str(files[file]).replace("title: Small\n", "") if "title" in text else str(files[file])
        files[file] = kept + text
    elif file == "sources.yaml":
        base = str(files[file])
        files[file] = text + (TREATY if TREATY in base and "treaty:" not in text else "")
        if "charter:" not in text:
            files[file] = base + text
    elif file == "released.json":
        files[file] = text if which == "wrong" else FILES[file]
    else:
        files[file] = with_sources(text) if file.endswith("ml") else text
    return write_deck(folder / "cards", files)


def with_sources(text: str) -> str:
    """The entries of an example with the sources that it leaves out."""
    entries = re.split(r"(?m)^(?=[a-z])", text)
    return "".join(
        each if "  sources:" in each or not each[:1].isalpha() else f"{each.rstrip()}\n  sources: [charter]\n"
        for each in entries
    )


def six(text: str, vary: bool) -> str:
    """Six practice questions like the example, or with each of the four options right once or twice."""
    entries = []
    for number in range(6):
        entry = text.replace("practice:", f"practice-{number}:").replace("statements:", f"statements on {number}:", 1)
        entry = entry.replace("One", f"One of {number}").replace("Two", f"Two of {number}")
        for name, correct in (("One", number % 2), ("Two", number // 2 % 2)):
            if vary:
                entry = re.sub(rf"({name} of \d, correct): \w+", rf"\1: {'true' if correct else 'false'}", entry)
        entries.append(entry)
    return "".join(entries)


def released(folder: Path, files: Files, text: str) -> str:
    """The record of a release of the deck with a text in dates.yaml."""
    deck, problems = read(write_deck(folder, {**files, "dates.yaml": with_sources(text)}))
    assert deck is not None, problems
    return dump(Released({}, {}, {}, None).after("2026.06.01", JUNE, fields.contents(deck)))


def found(folder: Path) -> list[Problem]:
    """All that `check` finds."""
    deck, problems = read(folder)
    record, more = load(folder / "released.json")
    problems += more
    if deck is not None:
        problems += check(deck, TODAY)
    if deck is not None and record is not None:
        problems += guard(deck, fields.contents(deck), record)
    return sorted(problems)


def test_no_code_lacks_its_examples_or_its_words() -> None:
    rules: list[Callable[..., object]] = [*ERRORS, *WARNINGS, *RULES]
    codes = explanations()
    assert {code_of(rule) for rule in rules} <= codes.keys()
    assert codes.keys() - EXPECTED.keys() == {"the-note-type-stays"}  # its examples are of code; see test_guard
    for code, each in codes.items():
        assert each.meaning.endswith("."), code
        assert each.example["wrong"].strip(), code
        assert each.example["right"] != each.example["wrong"] or "right_file" in each.example, code


def test_every_code_that_a_problem_can_have_is_explained() -> None:
    source = "".join(path.read_text("utf-8") for path in EXAMPLES.parent.glob("*.py"))
    written = set(re.findall(r'(?:code=|CODE = |APART = |IN_VAIN = |UNCLEAN = |CLEVER = |MUCH = )"([a-z-]+)"', source))
    written |= {"unknown-source", "unknown-tag"}  # made of nouns
    assert written <= explanations().keys()
    rules: list[Callable[..., object]] = [*ERRORS, *WARNINGS, *RULES]
    assert explanations().keys() - written == {code_of(rule) for rule in rules}


def test_the_examples_are_themselves_in_order() -> None:
    root, problems, whole = parse("examples.yaml", EXAMPLES.read_bytes())
    assert (problems, whole) == ([], True)
    assert root is not None
    known = {"rule", "note", "deck", "file", "right_file", "released", "wrong", "right"}
    assert {key.text for entry in root.children[1::2] for key in entry.children[::2]} <= known


@pytest.mark.parametrize("code", EXPECTED)
def test_the_wrong_example_breaks_the_rule(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = example_deck(tmp_path, code, "wrong")
    monkeypatch.chdir(folder)
    problems = found(Path())
    assert [str(problem) for problem in problems] == EXPECTED[code]
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize("code", EXPECTED)
def test_the_right_example_keeps_every_rule(code: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in found(example_deck(tmp_path, code, "right"))] == []


def test_an_explanation_has_the_rule_both_examples_and_the_way_to_accept() -> None:
    assert (
        "\n".join(explain("a-question-stands-alone"))
        == """\
a-question-stands-alone (warning)
A question makes sense without another card: it names its subject, and "it" or "this body" only after a name.

Wrong:

    seat:
      question: In which city does it have its seat?
      answer: Moscow

Right:

    seat:
      question: In which city does the CSTO have its seat?
      answer: Moscow

Where it is wrong in one case, say why in the entry:

      accept:
        a-question-stands-alone: the reason"""
    )


def test_the_page_of_rules_is_what_the_command_prints(tmp_path: Path) -> None:
    page = (EXAMPLES.parents[2] / "docs" / "rules.md").read_text("utf-8")
    head, _, rest = page.partition("\n\n## ")
    assert head.startswith("# What `csto-anki check` looks at")
    assert "## " + rest == run(tmp_path, "check", "--explain", "all").stdout
