"""The differences of two contents in words: as text for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from csto_anki.history.changes import (
    ADDED,
    EXPLANATIONS,
    GONE,
    HELD_BACK,
    KINDS,
    NOT_SENT_ALONE,
    RETIRED,
    SENT,
    Budget,
    Change,
    Diff,
    word_diff,
)
from csto_anki.language.english import ENGLISH
from csto_anki.language.words import ReleaseWords
from csto_anki.note.contents import REWORDED, TAGS
from csto_anki.note.note_type import LABELS

# What a card asks and answers; learners do not read how a detail was worded before.
ASKED = frozenset({"Question", "Answer", "Reverse", "ReverseAnswer"})


def as_text(diff: Diff, mark: Callable[[str, str], str]) -> Iterator[str]:
    """The differences in lines for a terminal; `mark` formats deleted ("-") and new ("+") words."""
    yield f"{diff.old} -> {diff.new}: {summary(diff)}"
    budget = Budget()
    for kind in KINDS:
        changes = diff.of(kind)
        if changes:
            yield f"\n{ENGLISH.release.headings[kind]} ({len(changes)})"
        if kind == HELD_BACK:  # there can be hundreds
            continue
        for change in changes:
            yield f"  {change.id}: {question(change)}"
            yield from (f"    {line}" for line in _details(change, mark, budget))


def as_markdown(
    diff: Diff,
    kinds: tuple[str, ...] = KINDS,
    *,
    level: int = 2,
    fields: frozenset[str] | None = None,
    words: ReleaseWords = ENGLISH.release,
) -> Iterator[str]:
    """The differences as paragraphs and lists of Markdown, under headings of this level.

    `fields` are the fields whose old and new texts are shown; without it, all are. `words` are those of headings.
    """
    budget = Budget()
    for kind in kinds:
        changes = diff.of(kind)
        if changes:
            yield f"\n{'#' * level} {words.headings[kind]} ({len(changes)})\n"
        if kind == HELD_BACK:
            continue
        for change in changes:
            yield f"- **{escape_markdown(question(change))}** (`{change.id}`)"
            details = _details(change, _markdown_mark, budget, escape_markdown, fields, words)
            yield from (f"  - {line}" for line in details)


def as_json(diff: Diff, behind: Sequence[str] = ()) -> str:
    """The differences for programs, and the ids of translations that are behind their originals.

    The names of the fields are documented and stable.
    """
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
        "behind": behind,
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def summary(diff: Diff, words: ReleaseWords = ENGLISH.release) -> str:
    """What differs, in numbers and one line."""
    parts = [words.summaries[kind].format(len(diff.of(kind))) for kind in KINDS if diff.of(kind)]
    if diff.reordered:
        parts.append(words.order_changed)
    if diff.looks:
        parts.append(words.looks_changed)
    if words is ENGLISH.release:
        parts += [f"{name} changed" for name in diff.settings]  # which only authors need to know
    return ", ".join(parts) or words.no_difference


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
    words: ReleaseWords = ENGLISH.release,
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
                marked = [show(part) if kind == "=" else mark(kind, part) for kind, part in parts]
                text = re.sub(r"\s*\n\s*", " / ", ("" if "=" in dict(parts) else " ").join(marked))
                label = _label(name)
                yield f"{words.labels.get(label, label)}: {text}"


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
