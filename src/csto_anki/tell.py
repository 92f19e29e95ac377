"""Differences and releases in words: for the terminal, in Markdown, in JSON, and as a learner's release notes."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from csto_anki.diff import (
    ADDED,
    FACT,
    GONE,
    KINDS,
    RETIRED,
    SENT,
    SILENT,
    SILENTLY,
    WORDING,
    Change,
    Diff,
    plain,
    words,
)
from csto_anki.facts import Deck

HEADINGS = {
    FACT: "Changed in fact: to be learnt again",
    ADDED: "New",
    WORDING: "Corrected in wording",
    RETIRED: "No longer taught",
    SILENTLY: "Too small to send: as of, sources, tags, markup",
    GONE: "Not in the newer one",
}
COUNTED = {
    FACT: "changed in fact",
    ADDED: "new",
    WORDING: "corrected in wording",
    RETIRED: "retired",
    SILENTLY: "too small to send",
    GONE: "gone",
}


class Package(NamedTuple):
    """A package as it is offered: its file's name, the tag of its notes (empty: all), their number, its checksum."""

    name: str
    only: str
    notes: int
    cards: int
    sha256: str


def as_text(diff: Diff, mark: Callable[[str, str], str]) -> Iterator[str]:
    """The differences in lines for a terminal; `mark` makes what is deleted ("-") or new ("+") visible."""
    yield f"{diff.old} -> {diff.new}: {summary(diff)}"
    for kind in KINDS:
        if changes := diff.of(kind):
            yield f"\n{HEADINGS[kind]} ({len(changes)})"
        for change in changes:
            yield f"  {change.id}: {_question(change)}"
            yield from (f"    {line}" for line in _details(change, mark))


def as_markdown(diff: Diff, kinds: tuple[str, ...] = KINDS, level: int = 2) -> Iterator[str]:
    """The differences as paragraphs and lists of Markdown, under headings of this level."""
    for kind in kinds:
        if changes := diff.of(kind):
            yield f"\n{'#' * level} {HEADINGS[kind]} ({len(changes)})\n"
        for change in changes:
            yield f"- **{escape(_question(change))}** (`{change.id}`)"
            yield from (f"  - {line}" for line in _details(change, _markdown_mark, escape))


def as_json(diff: Diff) -> str:
    """The differences for programs; the README documents the names."""
    changes = [
        {
            "id": change.id,
            "change": change.kind,
            "sent": change.kind in SENT,
            "question": _question(change),
            "because": _because(change),
            "fields": [
                {"field": _name(name), "old": old, "new": new, "words": words(old, new)}
                for name, old, new in change.fields()
            ],
        }
        for change in diff.changes
    ]
    counts = {kind: len(diff.of(kind)) for kind in KINDS}
    everything = {
        "old": diff.old,
        "new": diff.new,
        "counts": counts,
        "changes": changes,
        "looks": diff.looks,
        "settings": diff.settings,
        "reordered": diff.moved,
    }
    return json.dumps(everything, ensure_ascii=False, indent=2)


def summary(diff: Diff) -> str:
    """What differs, in numbers and one line."""
    parts = [f"{len(diff.of(kind))} {COUNTED[kind]}" for kind in KINDS if diff.of(kind)]
    parts += ["another order"] * diff.moved + ["the cards look different"] * bool(diff.looks)
    parts += [f"another {name}" for name in diff.settings]
    return ", ".join(parts) or "no difference"


def _question(change: Change) -> str:
    fields = change.new or change.old
    lead = plain(fields["Question"]).replace("\n", " ")
    if "Image" in fields:  # of nine questions on nine pictures, the answer alone tells which is meant
        return f"{lead} ({plain(fields['Answer'])})"
    return f"{plain(fields['About'])}: {lead}" if "Statements" in fields and "About" in fields else lead


def _because(change: Change) -> str:
    """What the author says of the change."""
    if change.kind == RETIRED:
        return plain(change.new["Retired"])
    said = ("Changed", "Reworded") if change.kind in (FACT, WORDING) else ()
    new = (plain(change.new[name]) for name in said if change.new.get(name) not in ("", None, change.old.get(name)))
    return next(new, "")


def _details(change: Change, mark: Callable[[str, str], str], show: Callable[[str], str] = str) -> Iterator[str]:
    """What there is to say below the question, line by line."""
    if because := _because(change):
        yield show(because.replace("\n", " "))
    if change.kind in (ADDED, GONE):
        yield show(plain((change.new or change.old)["Answer"]).replace("\n", " "))
    elif change.kind != RETIRED:
        for name, old, new in change.fields():
            if name not in ("Changed", "Reworded") and (name not in SILENT or change.kind == SILENTLY):
                marked = "".join(show(part) if kind == "=" else mark(kind, part) for kind, part in words(old, new))
                yield f"{_name(name)}: " + re.sub(r"\s*\n\s*", " / ", marked)


def _name(field: str) -> str:
    """A field's name as an author would write it: ReverseAnswer is the reverse answer."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).lower()


def _markdown_mark(kind: str, text: str) -> str:
    """Old words struck through and new ones bold; blanks at the edges stay outside, where Markdown wants them."""
    sign = "~~" if kind == "-" else "**"
    bare = text.strip()
    if not bare:
        return text if kind == "+" else ""
    before, after = text[: text.index(bare)], text[text.index(bare) + len(bare) :]
    return f"{before}{sign}{escape(bare)}{sign}{after}"


def escape(text: str) -> str:
    """Text that Markdown shows as typed."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)


def section(deck: Deck, diff: Diff, cards: int) -> str:
    """The section of a release in the changelog."""
    lines = [f"## {escape(deck.title)} {diff.new}\n"]
    if diff.old:
        lines.append(f"{_sentence(summary(diff))} since {diff.old}.")
        lines += as_markdown(diff, (FACT, ADDED, WORDING, RETIRED), level=3)
    else:
        lines.append(f"The first release: {len(diff.changes)} notes, {cards} cards.")
    return "\n".join(lines) + "\n"


def release_notes(deck: Deck, diff: Diff, moment: int, packages: list[Package], made_with: str) -> str:
    """What a learner wants to know of a release before and after importing it; `moment` is its time."""
    lines = [f"# {escape(deck.title)} {diff.new}\n"]
    lines.append(escape(deck.description.partition("\n")[0]) + "\n")
    lines += _packages(deck, packages)
    lines += _first(deck, diff) if not diff.old else _update(deck, diff, moment)
    lines += _may_change(deck)
    lines.append(f"\n## Checksums (SHA-256)\n\n```\n{checksums(packages)}```")
    lines.append(f"\nMade with {made_with}; on other versions of these the same cards give a file of other bytes.")
    return "\n".join(lines) + "\n"


def checksums(packages: list[Package]) -> str:
    """The checksums as the command sha256sum writes and checks them."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in packages)


def download(deck: Deck, diff: Diff, packages: list[Package]) -> str:
    """The line in the README that leads to the newest packages."""
    links = [
        f"[{f'only `{each.only}`' if each.only else f'**{escape(deck.title)} {diff.new}**'}](dist/{each.name}?raw=true)"
        f" ({each.cards} cards)"
        for each in packages
    ]
    name = f"{deck.namespace}-{diff.new}"
    return " · ".join([*links, f"[what is new](dist/{name}.md)", f"[checksums](dist/{name}.sha256)"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _packages(deck: Deck, packages: list[Package]) -> Iterator[str]:
    yield "| download | what it holds | notes | cards |\n|---|---|---:|---:|"
    for each in packages:
        # The name ends in the query that makes a web host send the file and not a page about it.
        holds = f"`{each.only}`: {escape(deck.priorities[each.only])}" if each.only else "everything"
        yield f"| [{each.name}]({each.name}?raw=true) | {holds} | {each.notes} | {each.cards} |"
    yield "\nBoth are one deck: whoever began with the part imports the whole later and loses nothing." * (
        len(packages) > 1
    )


def _first(deck: Deck, diff: Diff) -> Iterator[str]:
    yield "\n## What is in it\n"
    yield "In the order of learning:\n"
    yield from _by_kind(deck, diff)
    yield "\n## To study a part of it\n"
    yield "Search in *Browse*, and suspend the rest or make a filtered deck:\n"
    yield "| search | what it finds | notes |\n|---|---|---:|"
    for tag, meaning in {**deck.priorities, **deck.parts, **deck.tags}.items():
        number = sum(tag in fact.tags for fact in deck.facts)
        yield f"| `tag:{deck.namespace}::{tag}` | {escape(meaning)} | {number} |"
    yield "\n## To import it\n"
    yield _how_to_import()


def _may_change(deck: Deck) -> Iterator[str]:
    moving = [fact for fact in deck.facts if fact.as_of and not fact.retired and not fact.statements]
    if moving:
        yield f"\n## What can still change ({len(moving)})\n"
        yield "Look at these again in the news before the exam; each was true up to the date given:\n"
        yield from (f"- {escape(fact.question)} (as of {fact.as_of})" for fact in moving)


def _by_kind(deck: Deck, diff: Diff) -> Iterator[str]:
    yield "| tag | what it is about | notes |\n|---|---|---:|"
    kinds = [change.new["Tags"].split()[0].partition("::")[2] for change in diff.of(ADDED)]
    for kind, meaning in deck.kinds.items():
        if number := kinds.count(kind):
            yield f"| `{deck.namespace}::{kind}` | {escape(meaning)} | {number} |"


def _how_to_import() -> str:
    return (
        "Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes and note "
        "types *if newer*, no learning progress, no deck presets, no merging of note types."
    )


def _update(deck: Deck, diff: Diff, moment: int) -> Iterator[str]:
    yield f"\n{_sentence(summary(diff))} since {diff.old}.\n"
    yield "\n".join(_before(deck, diff, moment))
    yield from as_markdown(diff, (FACT,))
    if diff.of(ADDED):
        yield f"\n## {HEADINGS[ADDED]} ({len(diff.of(ADDED))})\n"
        yield from _by_kind(deck, diff)
        yield ""
        yield from (f"- {escape(_question(change))}" for change in diff.of(ADDED))
    yield from as_markdown(diff, (WORDING, RETIRED))
    if diff.of(SILENTLY):
        yield (
            f'\nIn {len(diff.of(SILENTLY))} notes only an "as of", a source, a tag or the markup is newer. Newcomers '
            "get it; to those who have the note it comes with its next change, for it is not worth replacing their own "
            "words."
        )
    yield from _searches(deck, diff)


def _before(deck: Deck, diff: Diff, moment: int) -> Iterator[str]:
    """What cannot be saved, said before it is lost."""
    replaced = [change.id for change in diff.changes if change.kind in SENT - {ADDED}]
    yield "## Before you import\n"
    yield "Your schedule, flags, suspended cards and the decks you moved cards to stay, all of them."
    if replaced:
        at = f"{datetime.datetime.fromtimestamp(moment, datetime.timezone.utc):%d %B %Y, %H:%M UTC}"
        yield (
            f"Your words and tags stay in every note but {len(replaced)}, which this version replaces whole. Have you "
            "written into one of these? Find them with this search in *Browse*, and copy your words into a note of "
            "your own before you import:\n"
        )
        yield f"```\n{any_of(replaced)}\n```\n"
        yield (
            f"What you wrote after {at} wins instead: that note stays as you have it, and its correction does not "
            "reach you. " + _how_to_import()
        )
    else:
        yield "So do your words and tags: no note that you have is replaced. " + _how_to_import()
    if diff.looks:
        yield "\nThe cards look different in this version; a styling of your own is replaced."


def any_of(ids: list[str]) -> str:
    """Anki's search for the notes of these ids."""
    return f'"Id:re:^({"|".join(ids)})$"' if len(ids) > 1 else f"Id:{ids[0]}"


def _searches(deck: Deck, diff: Diff) -> Iterator[str]:
    tag = f"tag:{deck.namespace}::changed::{diff.new}"
    rows: Mapping[str, tuple[str, str]] = {
        FACT: (
            f"{tag}::{FACT}",
            "is another fact now: select them and choose *Reset* (once *Forget*), to learn them again",
        ),
        WORDING: (f"{tag}::{WORDING}", "reads better now; nothing to do"),
        RETIRED: (
            f"{tag}::{RETIRED}",
            "is no longer taught: suspend it. (If you delete it, it comes back with the next import.)",
        ),
        ADDED: (f"tag:{deck.namespace}::added::{diff.new}", "is new"),
    }
    if any(diff.of(kind) for kind in rows):
        yield "\n## To find them in Anki, after the import\n"
        yield "| search | what it finds |\n|---|---|"
        yield from (f"| `{search}` | what {what} |" for kind, (search, what) in rows.items() if diff.of(kind))
        yield f"| `tag:{deck.namespace}::changed` | what ever changed since it was first released |"
        yield f"| `tag:{deck.namespace}::retired` | all that is no longer taught |"
