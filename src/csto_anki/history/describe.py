"""The differences of two contents in words: as text for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from csto_anki.history.changes import (
    ADDED,
    EXPLANATIONS,
    FACT,
    GONE,
    HELD_BACK,
    KINDS,
    NOT_SENT_ALONE,
    RETIRED,
    SENT,
    WORDING,
    Budget,
    Change,
    Diff,
    word_diff,
)
from csto_anki.note.contents import REWORDED, TAGS
from csto_anki.note.note_type import LABELS

HEADINGS = {
    FACT: "Changed facts: to be learnt again",
    ADDED: "New",
    WORDING: "Corrected in wording",
    RETIRED: "No longer taught",
    HELD_BACK: 'Held back until the note\'s next change, because only "as of", sources, tags or markup differ',
    GONE: "No longer in the newer one: retired or removed",
}
_SUMMARY_WORDS = {
    FACT: "with a changed fact",
    ADDED: "new",
    WORDING: "corrected in wording",
    RETIRED: "retired",
    HELD_BACK: "held back",
    GONE: "no longer in the newer one (retired or removed)",
}
# What a card asks and answers; learners do not read how a detail was worded before.
ASKED = frozenset({"Question", "Answer", "Reverse", "ReverseAnswer"})


def as_text(diff: Diff, mark: Callable[[str, str], str]) -> Iterator[str]:
    """The differences in lines for a terminal; `mark` formats deleted ("-") and new ("+") words."""
    yield f"{diff.old} -> {diff.new}: {summary(diff)}"
    budget = Budget()
    for kind in KINDS:
        changes = diff.of(kind)
        if changes:
            yield f"\n{HEADINGS[kind]} ({len(changes)})"
        if kind == HELD_BACK:  # there can be hundreds
            continue
        for change in changes:
            yield f"  {change.id}: {question(change)}"
            yield from (f"    {line}" for line in _details(change, mark, budget))


def as_markdown(
    diff: Diff, kinds: tuple[str, ...] = KINDS, *, level: int = 2, fields: frozenset[str] | None = None
) -> Iterator[str]:
    """The differences as paragraphs and lists of Markdown, under headings of this level.

    `fields` are the fields whose old and new texts are shown; without it, all are.
    """
    budget = Budget()
    for kind in kinds:
        changes = diff.of(kind)
        if changes:
            yield f"\n{'#' * level} {HEADINGS[kind]} ({len(changes)})\n"
        if kind == HELD_BACK:
            continue
        for change in changes:
            yield f"- **{escape_markdown(question(change))}** (`{change.id}`)"
            yield from (f"  - {line}" for line in _details(change, _markdown_mark, budget, escape_markdown, fields))


def as_json(diff: Diff) -> str:
    """The differences for programs. The names of the fields are documented and stable."""
    budget = Budget()
    data = {
        "old": diff.old,
        "new": diff.new,
        "counts": {kind: len(diff.of(kind)) for kind in KINDS},
        "changes": [
            {
                "id": change.id,
                "change": change.kind,
                "sent": change.kind in SENT,
                "question": question(change),
                "because": change.explanation(),
                "fields": [
                    {"field": _label(name), "old": old, "new": new, "words": word_diff(old, new, budget)}
                    for name, old, new in change.fields()
                ],
            }
            for change in diff.changes
        ],
        "looks": diff.looks,
        "settings": diff.settings,
        "reordered": diff.reordered,
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def summary(diff: Diff) -> str:
    """What differs, in numbers and one line."""
    parts = [f"{len(diff.of(kind))} {_SUMMARY_WORDS[kind]}" for kind in KINDS if diff.of(kind)]
    if diff.reordered:
        parts.append("order changed")
    if diff.looks:
        parts.append("the cards look different")
    parts += [f"{name} changed" for name in diff.settings]
    return ", ".join(parts) or "no difference"


def question(change: Change) -> str:
    """The question of a changed note in one line, with what distinguishes it from the same question on another note."""
    note = change.note
    lead = note.text("Question").replace("\n", " ")
    if "Image" in note.fields:  # nine pictures can have the same question
        return f"{lead} ({note.text('Answer')})"
    if "Statements" in note.fields and "About" in note.fields:
        return f"{note.text('About')}: {lead}"
    return lead


def _details(
    change: Change,
    mark: Callable[[str, str], str],
    budget: Budget,
    show: Callable[[str], str] = str,
    fields: frozenset[str] | None = None,
) -> Iterator[str]:
    """The lines below the question of a change; `mark` formats old and new words, and `show` all other texts."""
    if explanation := change.explanation():
        yield show(explanation.replace("\n", " "))
    if change.kind in (ADDED, GONE):
        yield show(change.note.text("Answer").replace("\n", " "))
    elif change.kind != RETIRED:
        for name, old, new in change.fields():
            if name not in EXPLANATIONS and name not in NOT_SENT_ALONE and (fields is None or name in fields):
                parts = word_diff(old, new, budget)
                words = [show(part) if kind == "=" else mark(kind, part) for kind, part in parts]
                text = re.sub(r"\s*\n\s*", " / ", ("" if "=" in dict(parts) else " ").join(words))
                yield f"{_label(name)}: {text}"


def _label(name: str) -> str:
    return {**LABELS, TAGS: "tags", REWORDED: "reworded"}.get(name) or "another field"


def _markdown_mark(kind: str, text: str) -> str:
    """Old words struck through and new ones bold; blanks at the ends stay outside, as Markdown requires."""
    sign = "~~" if kind == "-" else "**"
    bare = text.strip()
    if not bare:
        return text if kind == "+" else ""
    before, after = text[: text.index(bare)], text[text.index(bare) + len(bare) :]
    return f"{before}{sign}{escape_markdown(bare)}{sign}{after}"


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it was typed."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
