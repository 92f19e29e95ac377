"""Files in, facts or problems out: each kind of problem with its exact line and column."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from csto_anki.deck import reader
from csto_anki.deck.keys import FACT_KEYS
from csto_anki.deck.model import Citation, Date, Reverse, Statement
from csto_anki.deck.practice import FORMS
from csto_anki.deck.reader import read
from support.small_deck import FILES, read_deck, write_deck

MEND = (
    "; here or just above, put quotes round a text that has ': ' in it or ends with ':', close a quote or bracket, or "
    "fix the indentation"
)
SIGN = "; replace a tab by spaces, or quote a text that begins with a sign such as @ or %"
MARGIN = "; indent it under its key, or write `id:` for a new entry"
KEYS = "; write lines of the form 'key: value', indented by two spaces under the id"

ENTRY = "b:\n  question: Q?\n  answer: A\n  sources: [charter]\n"

STATEMENTS = """\
  statements:
    - {text: One, correct: true, why: Yes}
    - {text: Two, correct: false, why: No}
"""
PRACTICE = "p:\n  question: Consider?\n  sources: [charter]\n" + STATEMENTS + "  ask: which statements\n"

# What is wrong, the files that say so, and all that `read` says of them.
PROBLEMS: list[tuple[str, dict[str, str | bytes | None], list[str]]] = [
    (
        "broken YAML",
        {"dates.yaml": 'a:\n  question: "open\n  answer: A\n'},
        ["dates.yaml:2:13: broken YAML: while scanning a quoted scalar found unexpected end of stream" + MEND],
    ),
    (
        "a tab for indentation",
        {"dates.yaml": "a:\n\tquestion: Q?\n"},
        [
            "dates.yaml:2:1: broken YAML: while scanning for the next token found character that cannot start any token"
            + SIGN
        ],
    ),
    (
        "a colon without quotes",
        {"dates.yaml": "a:\n  question: What is this: that?\n"},
        ["dates.yaml:2:25: broken YAML: mapping values are not allowed in this context" + MEND],
    ),
    (
        "an unknown key, near a known one",
        {"dates.yaml": ENTRY + "  detial: D\n"},
        ["dates.yaml:5:3: b: the unknown key 'detial'; did you mean 'detail'?"],
    ),
    (
        "misspelt keys that must be there: they are not missing as well",
        {"dates.yaml": "b:\n  qestion: Q?\n  anwser: A\n  source: [chartr]\n  reverse: {question: R?, answr: A}\n"},
        [
            "dates.yaml:2:3: b: the unknown key 'qestion'; did you mean 'question'?",
            "dates.yaml:3:3: b: the unknown key 'anwser'; did you mean 'answer'?",
            "dates.yaml:4:3: b: the unknown key 'source'; did you mean 'sources'?",
            "dates.yaml:4:12: b: the unknown source 'chartr'; did you mean 'charter'? or add it to sources.yaml",
            "dates.yaml:5:27: b: the unknown key 'answr'; did you mean 'answer'?",
        ],
    ),
    (
        "a comment that cuts a text off",
        {"dates.yaml": ENTRY.replace("Q?", "Room #1 or\n    #2?").replace("A\n", '"quoted"  # a harmless one\n')},
        [
            "dates.yaml:2:18: a comment cuts the text off; put quotes round the text, or the comment on a line of its "
            "own"
        ],
    ),
    (
        "an unknown key, far from all",
        {"sources.yaml": FILES["sources.yaml"] + "  xyzzy: D\n"},
        ["sources.yaml:6:3: charter: the unknown key 'xyzzy'; use one of title, publisher, url, date, archive, accept"],
    ),
    (
        "a missing key",
        {"dates.yaml": "b:\n  answer: A\n  sources: [charter]\n"},
        [
            "dates.yaml:1:1: b: the key 'question' is missing; add it: one question with one answer; it must make "
            "sense alone, years later"
        ],
    ),
    (
        "a missing key in a mapping of its own",
        {"dates.yaml": ENTRY + "  reverse:\n    question: R?\n"},
        ["dates.yaml:6:5: b: the key 'answer' is missing; add it: its one answer"],
    ),
    (
        "a doubled key",
        {"dates.yaml": ENTRY + "  answer: B\n"},
        ["dates.yaml:5:3: b: the key 'answer' is here twice, first in line 3; keep one of the two"],
    ),
    (
        "a doubled key inside a key",
        {"dates.yaml": ENTRY + "  reverse: {question: R?, answer: A, question: S?}\n"},
        ["dates.yaml:5:38: b: the key 'question' is here twice, first in line 5; keep one of the two"],
    ),
    (
        "a doubled id in one file",
        {"dates.yaml": ENTRY + ENTRY},
        ["dates.yaml:5:1: the key 'b' is here twice, first in line 1; keep one of the two"],
    ),
    (
        "an id used twice across files",
        {"bodies.yaml": FILES["dates.yaml"].replace("On which", "Which")},
        ["bodies.yaml:1:1: treaty-signed: this id is at dates.yaml:1:1, too; give the newer fact another id"],
    ),
    (
        "an id used twice, once in a faulty entry",
        {"bodies.yaml": "treaty-signed:\n  question: Q?\n  sources: [charter]\n"},
        [
            "bodies.yaml:1:1: treaty-signed: neither an answer nor a date nor statements; give one of them",
            "bodies.yaml:1:1: treaty-signed: this id is at dates.yaml:1:1, too; give the newer fact another id",
        ],
    ),
    (
        "an answer of two kinds",
        {"dates.yaml": ENTRY + "  date: 1992\n" + ENTRY.replace("b:", "c:") + STATEMENTS + "  ask: which pairs\n"},
        [
            "dates.yaml:5:9: b: answer and date together; keep one of them",
            "dates.yaml:11:5: c: answer and statements together; keep one of them",
        ],
    ),
    (
        "statements without a way to ask, turned round; a way to ask without statements",
        {
            "dates.yaml": PRACTICE.replace("  ask: which statements\n", "  reverse: {question: R?, answer: A}\n")
            + ENTRY
            + "  ask: which pairs\n"
        },
        [
            f"dates.yaml:5:5: p: statements without the key 'ask'; add one of {', '.join(FORMS)}",
            "dates.yaml:7:12: p: statements cannot be turned round; remove the reverse",
            "dates.yaml:12:8: b: 'ask' without statements; add them or remove it",
        ],
    ),
    (
        "statements that are not sound: each says so",
        {
            "dates.yaml": PRACTICE.replace("correct: false", "correct: no").replace("why: Yes", "wy: Yes")
            + "    extra\n"
        },
        [
            "dates.yaml:5:34: p: the unknown key 'wy'; did you mean 'why'?",
            "dates.yaml:6:28: p: 'no' is neither true nor false; write true or false",
            f"dates.yaml:7:8: p: 'which statements extra' is not a form of question; write one of {', '.join(FORMS)}",
        ],
    ),
    (
        "priorities that are not sound: no tag is called unknown",
        {
            "deck.yaml": FILES["deck.yaml"] + "prioritis: {core: first}\n",
            "dates.yaml": FILES["dates.yaml"].replace("[prelims]", "[prelims, core]"),
        },
        ["deck.yaml:14:1: the unknown key 'prioritis'; did you mean 'priorities'?"],
    ),
    (
        "statements for which UPSC has no question",
        {"dates.yaml": PRACTICE.replace("which statements", "how many pairs")},
        ["dates.yaml:5:5: p: the number of statements, 2, does not fit 'how many pairs'; give 3 or 4 of them"],
    ),
    (
        "what belongs to statements, without them",
        {"dates.yaml": ENTRY + "  columns: [A, B]\n  predicate: are two\n  tests: [b]\n"},
        [
            "dates.yaml:5:12: b: 'columns' without statements; add them or remove it",
            "dates.yaml:6:14: b: 'predicate' without statements; add them or remove it",
            "dates.yaml:7:10: b: 'tests' without statements; add them or remove it",
        ],
    ),
    (
        "a row of the wrong width",
        {"dates.yaml": PRACTICE.replace("which statements", "which pairs\n  columns: [A, B]").replace("One", "1 | O")},
        [
            "dates.yaml:6:14: p: the number of columns, 1, is not that of the heads, 2; write one text for each head, "
            "and a bar with a space on each side between them"
        ],
    ),
    (
        "a statement without a verdict, and another with a date",
        {"dates.yaml": PRACTICE.replace("correct: true, ", "").replace("why: No", "why: No, date: 1992")},
        [
            "dates.yaml:5:7: p: a statement without 'correct'; 'which statements' needs it: add it",
            "dates.yaml:6:50: p: 'date' has no meaning here; remove it",
        ],
    ),
    (
        "statements whose answer is no option",
        {"dates.yaml": PRACTICE.replace("  ask", "    - {text: Three, correct: false, why: No}\n  ask")},
        [
            "dates.yaml:5:5: p: 1 of 3 are correct, and no option of 'which statements' says exactly this; change the "
            "statements, or write `ask: how many statements`"
        ],
    ),
    (
        "an id with a line break, which a terminal must not show",
        {"dates.yaml": ENTRY + '"b\\n": {answer: A}\n'},
        [
            "dates.yaml:5:1: 'b\\n' is not in kebab-case; use a-z, 0-9 and single hyphens: treaty-signed",
            "dates.yaml:5:1: b\\n: the key 'question' is missing; add it: one question with one answer; it must make "
            "sense alone, years later",
            "dates.yaml:5:1: b\\n: the key 'sources' is missing; add it: [key place, ...]: keys of sources.yaml, each "
            "with the place in it, if any, such as `charter Art. 13`",
        ],
    ),
    (
        "a list where a key belongs",
        {"dates.yaml": ENTRY + "  ? [a]\n  : b\n  ? [c]\n  : d\n"},
        [
            "dates.yaml:5:5: b: a list where a key belongs; write one word and a colon",
            "dates.yaml:7:5: b: a list where a key belongs; write one word and a colon",
        ],
    ),
    (
        "an id that is not in kebab-case",
        {"dates.yaml": ENTRY.replace("b:", "Big_Id:")},
        ["dates.yaml:1:1: 'Big_Id' is not in kebab-case; use a-z, 0-9 and single hyphens: treaty-signed"],
    ),
    (
        "a date that is none",
        {"dates.yaml": ENTRY.replace("answer: A", "date: 15 May 1992")},
        [
            "dates.yaml:3:9: b: '15 May 1992' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, as precise as the "
            "source and no more"
        ],
    ),
    (
        "a date that the calendar does not have",
        {"dates.yaml": ENTRY + "  as_of: 2025-02-29\n"},
        [
            "dates.yaml:5:10: b: '2025-02-29' is not in the calendar; write YYYY, YYYY-MM or YYYY-MM-DD, as precise "
            "as the source and no more"
        ],
    ),
    (
        "an unknown source, near a known one",
        {"dates.yaml": ENTRY.replace("[charter]", "[charter, chartr Art. 3]")},
        ["dates.yaml:4:22: b: the unknown source 'chartr'; did you mean 'charter'? or add it to sources.yaml"],
    ),
    (
        "an unknown source, far from all",
        {"dates.yaml": ENTRY.replace("[charter]", "[xyzzy]")},
        ["dates.yaml:4:13: b: the unknown source 'xyzzy'; add it to sources.yaml"],
    ),
    (
        "no source",
        {"dates.yaml": ENTRY.replace("[charter]", "[]")},
        ["dates.yaml:4:12: b: no source; name at least one key of sources.yaml"],
    ),
    (
        "an unknown tag",
        {"dates.yaml": ENTRY + "  tags: [prelim]\n"},
        ["dates.yaml:5:10: b: the unknown tag 'prelim'; did you mean 'prelims'? or add it to deck.yaml"],
    ),
    (
        "several faults in one list, and in one mapping of texts",
        {
            "dates.yaml": ENTRY + "  tags: [Prelims, [prelims]]\n",
            "deck.yaml": FILES["deck.yaml"] + "  Mains: argued\n  UPSC: [x]\n",
        },
        [
            "dates.yaml:5:10: b: 'Prelims' is not in kebab-case; use a-z, 0-9 and single hyphens: treaty-signed",
            "dates.yaml:5:19: b: a list where a text belongs; write one text, in quotes if it begins with [ or {",
            "deck.yaml:14:3: 'Mains' is not in kebab-case; use a-z, 0-9 and single hyphens: treaty-signed",
            "deck.yaml:15:3: 'UPSC' is not in kebab-case; use a-z, 0-9 and single hyphens: treaty-signed",
        ],
    ),
    (
        "both answer and date",
        {"dates.yaml": ENTRY + "  date: 1992\n"},
        ["dates.yaml:5:9: b: answer and date together; keep one of them"],
    ),
    (
        "what changed, said twice, and a retired fact without a reason",
        {"dates.yaml": ENTRY + "  changed: C\n  reworded: R\n  retired: {replaced: a}\n"},
        [
            "dates.yaml:6:13: b: changed and reworded together; keep the one that describes the last change",
            "dates.yaml:7:12: b: the key 'why' is missing; add it: why it is no longer taught",
            "dates.yaml:7:13: b: the unknown key 'replaced'; did you mean 'replaced_by'?",
        ],
    ),
    (
        "a retired fact in the old way",
        {"dates.yaml": ENTRY + "  retired: See a.\n"},
        [
            "dates.yaml:5:12: b: a text where keys belong; write lines of the form 'key: value', "
            "indented by two spaces under the id"
        ],
    ),
    (
        "neither answer nor date",
        {"dates.yaml": ENTRY.replace("  answer: A\n", "")},
        ["dates.yaml:1:1: b: neither an answer nor a date nor statements; give one of them"],
    ),
    (
        "not UTF-8",
        {"dates.yaml": b"a:\n  question: Caf\xe9?\n"},
        ["dates.yaml:2:16: not UTF-8; save the file in the encoding UTF-8"],
    ),
    (
        "control characters",
        {"dates.yaml": "a:\n  question: Q\x08?\x7f\n  answer: A\u2028B\n  sources: [chartr]\n"},
        [
            "dates.yaml:2:14: the control character U+0008; remove it",
            "dates.yaml:2:16: the control character U+007F; remove it",
            "dates.yaml:3:12: the invisible character U+2028; remove it",
            "dates.yaml:4:13: a: the unknown source 'chartr'; did you mean 'charter'? or add it to sources.yaml",
        ],
    ),
    (
        "a control character by an escape",
        {"dates.yaml": ENTRY.replace("A\n", '"A\\x1fB"\n')},
        ["dates.yaml:3:11: the control character U+001F; remove it"],
    ),
    (
        "a byte order mark",
        {"dates.yaml": "\ufeff" + ENTRY},
        ["dates.yaml:1:1: the invisible character U+FEFF; remove it"],
    ),
    (
        "text that is not NFC",
        {"dates.yaml": ENTRY.replace("Q?", "Cafe\u0301?").replace("A\n", '"e\u0301"\n')},
        [
            "dates.yaml:2:16: text that is not in Unicode's form NFC; replace it by: Caf\u00e9?",
            'dates.yaml:3:12: text that is not in Unicode\'s form NFC; replace it by: "\u00e9"',
        ],
    ),
    (
        "text that is not NFC, over several lines",
        {"dates.yaml": ENTRY.replace("Q?", "Q of\n    the cafe\u0301?")},
        ["dates.yaml:3:12: text that is not in Unicode's form NFC; replace it by: caf\u00e9?"],
    ),
    (
        "Hindi text that is not NFC, whose NFC is two characters",
        {"dates.yaml": ENTRY.replace("Q?", "\u0958?")},
        ["dates.yaml:2:13: text that is not in Unicode's form NFC; replace it by: \u0915\u093c?"],
    ),
    (
        "text that is not NFC by an escape",
        {"dates.yaml": ENTRY.replace("A\n", '"Cafe\\u0301"\n')},
        ["dates.yaml:3:11: escapes for text that is not in Unicode's form NFC; write the letters themselves"],
    ),
    (
        "a combining mark without its letter",
        {"dates.yaml": ENTRY.replace("A\n", "\u0338A\n")},
        ["dates.yaml:3:11: b: a line that begins with a combining mark; put the letter before it"],
    ),
    (
        "a text that nobody can see",
        {"dates.yaml": ENTRY.replace("A\n", "\u200f\n")},
        ["dates.yaml:3:11: b: an empty value; write the text or remove the key"],
    ),
    (
        "joiners where no script needs them",
        {"dates.yaml": ENTRY.replace("Q?", "Q\u200d?").replace("A\n", "क\u200dष a\u200cb\n")},
        [
            "dates.yaml:2:14: the invisible character U+200D; remove it",
            "dates.yaml:3:16: the invisible character U+200C; remove it",
        ],
    ),
    (
        "an answer that shows nothing",
        {"dates.yaml": ENTRY.replace("A\n", "\u2800\n")},
        ["dates.yaml:3:11: the invisible character U+2800; remove it"],
    ),
    (
        "blanks that are no spaces for YAML",
        {
            "dates.yaml": ENTRY.replace("  answer:", "\u00a0\u00a0answer:").replace("question: ", "question:\u2003")
            + "  tags:\n    -\u3000prelims\n  detail: D\u00a0d\n"
        },
        [
            "dates.yaml:2:12: the blank U+2003 where YAML needs a space; replace it by a space",
            "dates.yaml:3:1: the blank U+00A0 where YAML needs a space; replace it by a space",
            "dates.yaml:6:6: the blank U+3000 where YAML needs a space; replace it by a space",
        ],
    ),
    (
        "a carriage return by an escape",
        {"dates.yaml": ENTRY.replace("A\n", '"A\\r\\nB"\n')},
        ["dates.yaml:3:11: the control character U+000D; remove it"],
    ),
    (
        "a list where a text belongs",
        {"dates.yaml": ENTRY.replace("Q?", "[Q?]")},
        ["dates.yaml:2:13: b: a list where a text belongs; write one text, in quotes if it begins with [ or {"],
    ),
    (
        "a text where a list belongs",
        {"dates.yaml": ENTRY.replace("[charter]", "charter")},
        [
            "dates.yaml:4:12: b: a text where a list belongs; write it in brackets, [one, two], or in lines that begin "
            "with a hyphen"
        ],
    ),
    (
        "a text where an entry belongs",
        {"dates.yaml": "b: B\n"},
        ["dates.yaml:1:4: b: a text where keys belong" + KEYS],
    ),
    (
        "a list where entries belong",
        {"dates.yaml": "- b\n"},
        ["dates.yaml:1:1: a list where keys belong" + KEYS],
    ),
    (
        "an empty value",
        {"dates.yaml": ENTRY.replace("A\n", "\n")},
        ["dates.yaml:3:10: b: an empty value; write the text or remove the key"],
    ),
    (
        "blanks at the edge",
        {"dates.yaml": ENTRY.replace("A\n", '" A"\n')},
        ["dates.yaml:3:11: b: a text with spaces at its start or end; remove them"],
    ),
    (
        "an anchor and an alias",
        {"dates.yaml": ENTRY.replace("Q?", "&q Q?").replace("A\n", "*q\n")},
        [
            "dates.yaml:2:13: the anchor &q; remove it and write the text out again",
            "dates.yaml:3:11: the alias *q; write the text out",
        ],
    ),
    (
        "a YAML tag",
        {"dates.yaml": ENTRY.replace("A\n", "!!int 6\n")},
        ["dates.yaml:3:11: the YAML tag tag:yaml.org,2002:int; remove it: every value is read as text"],
    ),
    (
        "a second document",
        {"dates.yaml": ENTRY + "---\n" + ENTRY},
        ["dates.yaml:5:1: a second YAML document; remove the line '---'"],
    ),
    (
        "an address that is none",
        {"sources.yaml": FILES["sources.yaml"].replace("https://", "javascript:")},
        [
            "sources.yaml:4:8: charter: 'javascript:example.org/charter' is not a web address; begin it with "
            "https:// or http://, without spaces and quotes; write %5B for [ and %5D for ]"
        ],
    ),
    (
        "a number that is none, and a language",
        {"deck.yaml": FILES["deck.yaml"].replace("1000001", "1").replace("language: en", "language: English")},
        [
            "deck.yaml:3:11: 'English' is not a language code; write a code such as en or hi (BCP 47)",
            "deck.yaml:6:10: '1' is not a whole number above 1; write up to 18 digits and nothing else",
        ],
    ),
    (
        "a name that Anki would change",
        {"deck.yaml": FILES["deck.yaml"].replace("title: Small", "title: 'A:: B'").replace(": Small", ': say "hi"')},
        [
            "deck.yaml:1:8: 'A:: B' is not a name for Anki; use one line without double quotes, "
            "no blank or colon at an end, at most 11 levels A::B",
            "deck.yaml:7:12: 'say \"hi\"' is not a name for Anki; use one line without double quotes, "
            "no blank or colon at an end, at most 11 levels A::B",
        ],
    ),
    (
        "an exam without a day, and publishers without a group",
        {"deck.yaml": FILES["deck.yaml"] + "exams: {Prelims: 2027}\nstanding: {Official: CSTO}\n"},
        [
            "deck.yaml:14:18: '2027' is not a day; write YYYY-MM-DD",
            "deck.yaml:15:22: a text where a list belongs; write it in brackets, [one, two], or in lines that begin "
            "with a hyphen",
        ],
    ),
    (
        "a kind whose file is another thing",
        {"deck.yaml": FILES["deck.yaml"].replace("  bodies: who", "  bodies: who\n  sources: what")},
        ["deck.yaml:12:3: sources.yaml has no facts; give the kind another name"],
    ),
    (
        "a kind without its file, and a file without its kind",
        {"bodies.yaml": None, "forces.yaml": ENTRY},
        [
            "bodies.yaml:1:1: there is no such file; create it, or remove 'bodies' from kinds in deck.yaml",
            "forces.yaml:1:1: the kind 'forces' is not listed; add it to kinds in deck.yaml, at its place in the "
            "learning order",
        ],
    ),
    (
        "an ending that is not read",
        {"forces.yml": ENTRY, "exercises.YAML": ENTRY, "more.yaml.txt": ENTRY, "dates.yml": ENTRY},
        [
            "dates.yml:1:1: a file that is not read; compare it with dates.yaml, and delete it",
            "exercises.YAML:1:1: a file that is not read; rename it to exercises.yaml",
            "forces.yml:1:1: a file that is not read; rename it to forces.yaml",
            "more.yaml.txt:1:1: a file that is not read; rename it to more.yaml",
        ],
    ),
    (
        "no settings: what can be checked without them still is",
        {"deck.yaml": None, "dates.yaml": ENTRY + "  tags: [x]\n  detial: D\n"},
        [
            "dates.yaml:6:3: b: the unknown key 'detial'; did you mean 'detail'?",
            "deck.yaml:1:1: cannot be read: No such file or directory; check that it exists and that you may read it",
        ],
    ),
    (
        "no sources: no source is called unknown",
        {"sources.yaml": "charter: [\n"},
        ["sources.yaml:2:1: broken YAML: while parsing a flow node did not find expected node content" + MEND],
    ),
    (
        "broken YAML: what stands before the break is checked all the same",
        {"dates.yaml": ENTRY + "  detial: D\nc:\n  question: Q: ?\n"},
        [
            "dates.yaml:5:3: b: the unknown key 'detial'; did you mean 'detail'?",
            "dates.yaml:7:14: broken YAML: mapping values are not allowed in this context" + MEND,
        ],
    ),
    (
        "a key indented too deep, and one too little",
        {"dates.yaml": ENTRY.replace("  answer", "    answer"), "bodies.yaml": ENTRY.replace("  answer", " answer")},
        [
            "bodies.yaml:3:2: broken YAML: while parsing a block mapping did not find expected key" + MEND,
            "dates.yaml:3:11: broken YAML: mapping values are not allowed in this context" + MEND,
        ],
    ),
    (
        "a key at the margin, and a line of a text there: the entry is not called incomplete",
        {"dates.yaml": ENTRY.replace("  answer", "answer"), "bodies.yaml": ENTRY.replace("Q?", "Who\nknows?")},
        [
            f"{name}: a line at the margin that does not begin an entry" + MARGIN
            for name in ("bodies.yaml:3:1", "dates.yaml:3:1")
        ],
    ),
    (
        "a quote that is not closed, before others that do: and what stands behind is checked all the same",
        {
            "dates.yaml": ENTRY.replace("Q?", '"Q?')
            + ENTRY.replace("b:", "c:").replace("Q?", "Q: ?")
            + ENTRY.replace("b:", "d:").replace("Q?", '"Q?"').replace("answer", "anwser")
        },
        [
            "dates.yaml:2:13: broken YAML: while scanning a quoted scalar found unexpected end of stream" + MEND,
            "dates.yaml:6:14: broken YAML: mapping values are not allowed in this context" + MEND,
            "dates.yaml:11:3: d: the unknown key 'anwser'; did you mean 'answer'?",
        ],
    ),
    (
        "a merge key",
        {"dates.yaml": "a: &x\n" + ENTRY.partition("\n")[2] + ENTRY + "  <<: *x\n"},
        [
            "dates.yaml:1:4: the anchor &x; remove it and write the text out again",
            f"dates.yaml:9:3: b: the unknown key '<<'; use one of {', '.join(FACT_KEYS)}",
            "dates.yaml:9:7: the alias *x; write the text out",
        ],
    ),
    (
        "a YAML directive",
        {"dates.yaml": "%YAML 1.1\n---\n" + ENTRY},
        ["dates.yaml:1:1: a YAML directive; remove the line that begins with %"],
    ),
    (
        "the marks of a merge",
        {"dates.yaml": ENTRY.replace("  answer: A", "<<<<<<< ours\n  answer: A\n=======\n  answer: B\n>>>>>>> theirs")},
        [
            "dates.yaml:3:1: a mark of an unfinished merge; keep one of the two versions and remove the marks",
            "dates.yaml:5:1: a mark of an unfinished merge; keep one of the two versions and remove the marks",
            "dates.yaml:6:3: b: the key 'answer' is here twice, first in line 4; keep one of the two",
            "dates.yaml:7:1: a mark of an unfinished merge; keep one of the two versions and remove the marks",
        ],
    ),
    (
        "a key twice, three levels down",
        {"dates.yaml": PRACTICE.replace("why: Yes", "why: Yes, text: Again")},
        ["dates.yaml:5:44: p: the key 'text' is here twice, first in line 5; keep one of the two"],
    ),
    (
        "a mapping where a text belongs, at the edge of a text",
        {"dates.yaml": ENTRY.replace("answer: A", "answer: {Tashkent}") + "  detail: [1992]\n"},
        [
            "dates.yaml:3:11: b: a mapping where a text belongs; write one text, in quotes if it begins with [ or {",
            "dates.yaml:5:11: b: a list where a text belongs; write one text, in quotes if it begins with [ or {",
        ],
    ),
    (
        "half of a surrogate pair, as bytes and as an escape",
        {
            "dates.yaml": ENTRY.encode().replace(b"Q?", b"Q \xed\xa0\x80?"),
            "bodies.yaml": ENTRY.replace("Q?", '"Q \\ud800"'),
        },
        [
            "bodies.yaml:2:18: broken YAML: while parsing a quoted scalar found invalid Unicode character escape code"
            + MEND,
            "dates.yaml:2:15: not UTF-8; save the file in the encoding UTF-8",
        ],
    ),
    (
        "line ends of Windows: the places are the same",
        {"dates.yaml": (ENTRY + "  detial: D\n").replace("\n", "\r\n")},
        ["dates.yaml:5:3: b: the unknown key 'detial'; did you mean 'detail'?"],
    ),
    (
        "broken YAML without a line at the margin",
        {"dates.yaml": "\t", "bodies.yaml": '  a:\n    question: "x\n'},
        [
            "bodies.yaml:2:15: broken YAML: while scanning a quoted scalar found unexpected end of stream" + MEND,
            "dates.yaml:1:1: broken YAML: while scanning for the next token found character that cannot start any token"
            + SIGN,
        ],
    ),
    (
        "a quote that closes where the next one opens",
        {"dates.yaml": ENTRY.replace("Q?", '"Q?').replace("answer: A", 'answer: "A"')},
        ["dates.yaml:2:13: a quote that is not closed; close it, or put quotes of the other kind round the text"],
    ),
    (
        "a bracket that does not close",
        {"dates.yaml": ENTRY.replace("[charter]", "[charter") + ENTRY.replace("b:", "c:")},
        ["dates.yaml:4:12: broken YAML: while parsing a flow sequence did not find expected ',' or ']'" + MEND],
    ),
    (
        "the marks of a merge with its base",
        {"dates.yaml": ENTRY + "||||||| base\n"},
        ["dates.yaml:5:1: a mark of an unfinished merge; keep one of the two versions and remove the marks"],
    ),
    (
        "a broken entry behind the mark of a document",
        {"dates.yaml": "---\n" + ENTRY.replace("Q?", "Q: ?")},
        ["dates.yaml:3:14: broken YAML: mapping values are not allowed in this context" + MEND],
    ),
    (
        "a directive without its document: no entry is wrong, but the whole is",
        {"dates.yaml": "%YAML 1.1\n" + ENTRY},
        ["dates.yaml:2:1: broken YAML: did not find expected <document start>" + MEND],
    ),
    (
        "a key that is none, at the end of what can be read of a broken file",
        {"dates.yaml": "? \n" + ENTRY.replace("Q?", "Q: ?")},
        [
            "dates.yaml:1:1: a line at the margin that does not begin an entry" + MARGIN,
            "dates.yaml:3:14: broken YAML: mapping values are not allowed in this context" + MEND,
        ],
    ),
    (
        "UTF-16 without its mark",
        {"dates.yaml": ENTRY.encode("utf-16-le")},
        ["dates.yaml:1:2: not UTF-8; save the file in the encoding UTF-8"],
    ),
    (
        "everything in one run, in the order of places",
        {
            "bodies.yaml": ENTRY.replace("Q?", "Q: ?"),
            "dates.yaml": "a:\n  detial: A\n  sources: [chartr]\n  date: 1992-13\n",
            "sources.yaml": FILES["sources.yaml"] + "  xyzzy: D\n",
        },
        [
            "bodies.yaml:2:14: broken YAML: mapping values are not allowed in this context" + MEND,
            "dates.yaml:1:1: a: the key 'question' is missing; add it: one question with one answer; it must make "
            "sense alone, years later",
            "dates.yaml:2:3: a: the unknown key 'detial'; did you mean 'detail'?",
            "dates.yaml:3:13: a: the unknown source 'chartr'; did you mean 'charter'? or add it to sources.yaml",
            "dates.yaml:4:9: a: '1992-13' is not in the calendar; write YYYY, YYYY-MM or YYYY-MM-DD, as precise as "
            "the source and no more",
            "sources.yaml:6:3: charter: the unknown key 'xyzzy'; use one of title, publisher, url, date, archive, "
            "accept",
        ],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in PROBLEMS], ids=[case[0] for case in PROBLEMS])
def test_each_problem_stands_at_its_line_and_column(
    files: dict[str, str | bytes | None], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_deck(tmp_path, files))
    deck, problems = read(Path())
    assert [str(problem) for problem in problems] == expected
    assert deck is None


def test_a_sound_deck_is_read_as_it_is_written(tmp_path: Path) -> None:
    deck = read_deck(tmp_path)
    assert (deck.title, deck.language, deck.namespace) == ("Small", "en", "small")
    assert (deck.deck_id, deck.note_type, deck.note_type_id) == (1000001, "Small", 1000002)
    assert (list(deck.kinds), list(deck.tags), list(deck.sources)) == (["dates", "bodies"], ["prelims"], ["charter"])
    assert deck.sources["charter"].date == Date(2002, 10, 7)
    treaty, body = deck.facts
    assert (treaty.id, treaty.kind, treaty.answer, treaty.tags) == (
        "treaty-signed",
        "dates",
        Date(1992, 5, 15),
        ("prelims",),
    )
    assert (body.id, body.about, body.answer) == ("highest-body", "Council", "The heads of the member states")
    assert body.reverse == Reverse("Which is the highest body of the CSTO?", "The Collective Security Council")
    assert body.sources == (Citation("charter", "Art. 13"),)


@pytest.mark.parametrize(
    "entry",
    [
        PRACTICE,
        PRACTICE.replace("correct: true", 'correct: "true\\n"'),
        PRACTICE.replace("ask: which", "ask: |\n    which"),
    ],
    ids=["plain", "a truth that ends in a line break", "a way to ask that ends in a line break"],
)
def test_the_answer_of_a_practice_question_follows(entry: str, tmp_path: Path) -> None:
    (fact, _) = read_deck(tmp_path, {"dates.yaml": entry}).facts
    assert fact.answer == "(a) 1 only"
    assert (fact.statements[1], fact.ask) == (Statement("Two", False, "No"), "which statements")


def test_priorities_are_tags(tmp_path: Path) -> None:
    settings = FILES["deck.yaml"] + "priorities:\n  core: first\n"
    deck = read_deck(tmp_path, {"deck.yaml": settings, "dates.yaml": ENTRY + "  tags: [core, prelims]\n"})
    assert (list(deck.priorities), deck.facts[0].tags) == (["core"], ("core", "prelims"))


def test_every_value_is_text(tmp_path: Path) -> None:
    """YAML 1.1 would make these a boolean, a number in base 60, an octal one, a null and a float."""
    for word in ("no", "12:30", "0123", "null", "1.10"):
        deck = read_deck(tmp_path / word.replace(":", ""), {"dates.yaml": ENTRY.replace("A\n", f"{word}\n")})
        assert deck.facts[0].answer == word


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    crlf: dict[str, str | bytes | None] = {name: text.replace("\n", "\r\n") for name, text in FILES.items()}
    decks = [read_deck(tmp_path / "crlf", crlf), read_deck(tmp_path / "lf")]
    one, other = ({field.name: getattr(deck, field.name) for field in fields(deck) if field.compare} for deck in decks)
    assert one == other


def test_a_missing_folder_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, problems = read(Path("nowhere"))
    assert [str(problem) for problem in problems] == [
        "nowhere:1:1: there is no such folder; name a deck's folder with --cards"
    ]


@pytest.mark.parametrize(
    ("text", "count", "last"),
    [
        (ENTRY + "".join(f"  detial{n}: D\n" for n in range(10_000)), 10_000, "dates.yaml:10004:3"),
        (ENTRY.replace("[charter]", "") + "    - chatrer\n" * 10_000, 10_001, "dates.yaml:10004:7"),
        (
            "".join(ENTRY.replace("b:", f"b{n}:").replace("Q?", '"Q?') for n in range(10_000)),
            10_000,
            "dates.yaml:39998:13",
        ),
        (ENTRY * 10_001, 10_000, "dates.yaml:40001:1"),
    ],
    ids=["unknown keys", "unknown sources", "broken entries", "doubled ids"],
)
def test_ten_thousand_problems_are_all_told(text: str, count: int, last: str, tmp_path: Path) -> None:
    """In seconds, where each of these once took minutes."""
    write_deck(tmp_path, {"dates.yaml": text})
    _, problems = read(tmp_path)
    assert len(problems) == count
    assert str(problems[-1].place).endswith(last)


def test_a_broken_settings_file_still_reports_its_doubled_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = FILES["deck.yaml"].replace("title: Small\n", "title: Small\ntitle: Small\n") + 'report: "open\n'
    monkeypatch.chdir(write_deck(tmp_path, {"deck.yaml": broken}))
    found = [str(problem) for problem in read(Path())[1]]
    assert "deck.yaml:2:1: the key 'title' is here twice, first in line 1; keep one of the two" in found


def test_card_files_that_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_deck(tmp_path / "cards", {})
    sizes = sum((folder / name).stat().st_size for name in ("dates.yaml", "bodies.yaml"))
    for most, expected in ((sizes, []), (sizes - 1, [f"card files of more than {sizes - 1:,} bytes together"])):
        monkeypatch.setattr(reader, "MAX_ALL_FILES_BYTES", most)
        assert [problem.message for problem in reader.read(folder)[1]] == expected


def test_too_many_facts_in_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_deck(tmp_path / "cards", {})
    for most, expected in ((2, []), (1, ["more than 1 facts"])):
        monkeypatch.setattr(reader, "MAX_FACTS", most)
        assert [problem.message for problem in reader.read(folder)[1]] == expected


def test_no_further_file_is_read_once_there_are_too_many_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of thousands of files can have thousands of problems."""
    broken = "".join(f"a{n}:\n  nonsense: x\n" for n in range(10))
    folder = write_deck(tmp_path / "cards", {"dates.yaml": broken, "bodies.yaml": broken.replace("a", "b")})
    monkeypatch.setattr(reader, "MAX_PROBLEMS", 5)
    paths = {problem.place.path for problem in reader.read(folder)[1] if problem.code != "wrong-file"}
    assert [Path(path).name for path in sorted(paths)] == ["dates.yaml"]


@pytest.mark.parametrize(
    ("name", "original"),
    [
        *((f"dates{end}.yaml", "dates") for end in (" (conflicted copy)", " (1)", " - Copy", " copy", " 2", "-old")),
        *((f"dates{end}.yaml", "dates") for end in (".sync-conflict-20261128-120000-ABCDEFG", "_LOCAL_1234", ".orig")),
        *(
            (name, "dates")
            for name in ("Copy of dates.yaml", "Dates.yaml", "dates-DESKTOP-1A2B3C.yaml", "new-dates.yaml")
        ),
        *((f"{kind} (1).yaml", kind) for kind in ("deck", "sources", "bodies")),
    ],
)
def test_a_copy_that_a_program_leaves_is_told_as_one(name: str, original: str, tmp_path: Path) -> None:
    """Other advice would double every fact for all learners. Deleting the copy, as advised, mends it."""
    copied = str(FILES[f"{original}.yaml"])
    folder = write_deck(
        tmp_path / "cards", {name: copied + ("" if original != "dates" else "\nnew-one:\n  answer: A\n")}
    )
    (problem,) = reader.read(folder)[1]
    assert str(problem) == (
        f"{(folder / name).as_posix()}:1:1: a copy of {original}.yaml, as a program that syncs or merges leaves it; "
        f"compare the two, keep what is right in {original}.yaml, and delete this file"
    )
    (folder / name).unlink()
    assert reader.read(folder)[1] == []


@pytest.mark.parametrize(
    "text", ["", "a: {answer: A}\nb: {answer: A}\n", '"treaty-signed" : {answer: A}\nx: {}\ny: {}\n']
)
def test_a_copy_by_its_name_is_told_as_one_whatever_is_in_it(text: str, tmp_path: Path) -> None:
    folder = write_deck(tmp_path / "cards", {"dates (conflicted copy).yaml": text})
    assert [problem.message for problem in reader.read(folder)[1]] == [
        "a copy of dates.yaml, as a program that syncs or merges leaves it"
    ]


def test_a_new_kind_that_shares_an_entry_is_no_copy(tmp_path: Path) -> None:
    shared = str(FILES["dates.yaml"]) + ENTRY + ENTRY.replace("b:", "c:")
    problems = reader.read(write_deck(tmp_path / "cards", {"forces.yaml": shared}))[1]
    assert [problem.message.partition(" at ")[0] for problem in problems if "forces.yaml" in problem.place.path] == [
        "the kind 'forces' is not listed",
        "this id is",
    ]


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    """A Mac puts one beside each file on a foreign disk."""
    folder = write_deck(tmp_path / "cards", {"._dates.yaml": b"\0\5\x16\7", ".more.yaml": "x", ".yaml": "x"})
    assert reader.read(folder)[1] == []


def test_a_comment_behind_a_tab_cuts_a_text_off(tmp_path: Path) -> None:
    text = str(FILES["dates.yaml"]) + "  detail: Room\t#1\n"
    (problem,) = reader.read(write_deck(tmp_path / "cards", {"dates.yaml": text}))[1]
    assert problem.message == "a comment cuts the text off"
