"""The texts of a release: release notes for learners, the section of the changelog, the download line of the README."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from csto_anki.deck.model import Date, Deck
from csto_anki.history.changes import ADDED, FACT, HELD_BACK, RETIRED, SENT, WORDING, Diff
from csto_anki.history.describe import ASKED, HEADINGS, as_markdown, escape_markdown, question, summary
from csto_anki.history.record import file_stem
from csto_anki.note.contents import RETIRED_TAG

_HOW_TO_IMPORT = (
    "Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes and note "
    "types *if newer*, no learning progress, no deck presets, no merging of note types."
)


CHECKSUMS = "\n## Checksums (SHA-256)\n"  # the heading of the last part of the release notes


class Download(NamedTuple):
    """A package that learners can download: its file name, numbers of notes and cards, SHA-256, size in bytes."""

    name: str
    only: str | None  # the tag of its notes, without namespace; None if it is the whole deck
    notes: int
    cards: int
    sha256: str
    size: int


def changelog_section(deck: Deck, diff: Diff, cards: int) -> str:
    """The section of a release in the changelog."""
    lines = [f"## {escape_markdown(deck.title)} {diff.new}\n"]
    if diff.old:
        lines.append(f"{_sentence(summary(diff))} since {diff.old}.")
        lines += as_markdown(diff, (FACT, ADDED, WORDING, RETIRED), level=3, fields=ASKED)
    else:
        notes = sum(not change.note.is_retired for change in diff.changes)
        lines.append(f"The first release: {notes} notes, {cards} cards.")
    return "\n".join(lines) + "\n"


def release_notes(deck: Deck, diff: Diff, time: int, downloads: list[Download], made_with: str) -> str:
    """What a learner needs to know before and after importing a release; `time` is in seconds since 1970."""
    lines = [f"# {escape_markdown(deck.title)} {diff.new}\n"]
    lines.append(escape_markdown(deck.description.partition("\n")[0]) + "\n")
    lines += _downloads(deck, for_newcomers(downloads))
    lines += _update(deck, diff, time, downloads) if diff.old else _first_release(deck, diff)
    lines += _may_change(deck)
    lines.append(f"{CHECKSUMS}\n```\n{checksums(downloads)}```")
    lines.append(f"\nMade with {made_with}; with other versions of these, the same cards give a file with other bytes.")
    return "\n".join(lines) + "\n"


def checksums(downloads: list[Download]) -> str:
    """The checksums as the command sha256sum writes and checks them."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in downloads)


def download_line(deck: Deck, diff: Diff, downloads: list[Download]) -> str:
    """The line in the README with the links to the newest packages."""
    links = []
    for each in for_newcomers(downloads):
        label = f"only `{each.only}`" if each.only else f"**{escape_markdown(deck.title)} {diff.new}**"
        links.append(f"[{label}](dist/{each.name}?raw=true) ({each.cards} cards)")
    name = file_stem(deck.namespace, diff.new)
    return " · ".join([*links, f"[what is new](dist/{name}.md)", f"[checksums](dist/{name}.sha256)"])


def for_newcomers(downloads: list[Download]) -> list[Download]:
    """The packages for everybody; the one with the retired notes is only for those who have the deck."""
    return [each for each in downloads if each.only != RETIRED_TAG]


def _sentence(text: str) -> str:
    """The text with a capital letter; `str.capitalize` would also change the rest."""
    return text[:1].upper() + text[1:]


def _downloads(deck: Deck, downloads: list[Download]) -> Iterator[str]:
    yield "| download | what it holds | notes | cards |\n|---|---|---:|---:|"
    for each in downloads:
        holds = f"`{each.only}`: {escape_markdown(deck.priorities[each.only])}" if each.only else "everything"
        # With this query, a web host sends the file and not a page about it.
        yield f"| [{each.name}]({each.name}?raw=true) | {holds} | {each.notes} | {each.cards} |"
    if len(downloads) > 1:
        yield "\nBoth are the same deck: you can begin with the part and import the whole later. You lose nothing."


def _first_release(deck: Deck, diff: Diff) -> Iterator[str]:
    yield "\n## What is in it\n\nBy topic:\n"
    yield from _added_by_kind(deck, diff)
    yield "\n## To study a part of it\n"
    yield "Search in *Browse*. Then suspend the other notes, or make a filtered deck of those that you found:\n"
    yield "| search | what it finds | notes |\n|---|---|---:|"
    for tag, meaning in {**deck.priorities, **deck.parts, **deck.tags}.items():
        number = sum(tag in fact.tags for fact in deck.facts if not fact.retired)
        yield f"| `tag:{deck.namespace}::{tag}` | {escape_markdown(meaning)} | {number} |"
    yield f"\n## To import it\n\n{_HOW_TO_IMPORT}"


def _may_change(deck: Deck) -> Iterator[str]:
    facts = [fact for fact in deck.facts if fact.as_of and not fact.retired and not fact.statements]
    if facts:
        yield f"\n## What can still change ({len(facts)})\n"
        latest = max((fact.as_of for fact in facts if fact.as_of), key=Date.first_day)
        yield f"Nothing after {latest} is in this version. Check these in the news before the exam. Each was still true"
        yield "at the date given:\n"
        yield from (f"- {escape_markdown(fact.question)} (as of {fact.as_of})" for fact in facts)


def _added_by_kind(deck: Deck, diff: Diff) -> Iterator[str]:
    yield "| tag | what it is about | notes |\n|---|---|---:|"
    kinds = [change.note.kind for change in diff.of(ADDED) if not change.note.is_retired]
    for kind, meaning in deck.kinds.items():
        if number := kinds.count(kind):
            yield f"| `{deck.namespace}::{kind}` | {escape_markdown(meaning)} | {number} |"


def _update(deck: Deck, diff: Diff, time: int, downloads: list[Download]) -> Iterator[str]:
    # Later changes of a retired note are only in the package with the retired notes.
    changes = tuple(change for change in diff.changes if change.kind == RETIRED or not change.note.is_retired)
    arriving = diff._replace(changes=changes)
    yield f"\n{_sentence(summary(arriving))} since {diff.old}.\n"
    yield from _before_import(deck, arriving, time)
    yield from as_markdown(arriving, (FACT,), fields=ASKED)
    if added := arriving.of(ADDED):
        yield f"\n## {HEADINGS[ADDED]} ({len(added)})\n"
        yield from _added_by_kind(deck, arriving)
        yield ""
        yield from (f"- {escape_markdown(question(change))}" for change in added)
    yield from as_markdown(arriving, (WORDING,), fields=ASKED)
    yield from _no_longer_taught(deck, diff, downloads)
    if held_back := arriving.of(HELD_BACK):
        yield (
            f'\nIn {len(held_back)} notes, only an "as of" date, a source, a tag or the markup is newer. New learners '
            "get it now. If you have the note already, you get it with the note's next change, because replacing "
            "a note deletes what you wrote into it."
        )
    yield from _searches(deck, arriving)


def _before_import(deck: Deck, diff: Diff, time: int) -> Iterator[str]:
    """What the import keeps and replaces, and how learners save what they wrote."""
    replaced = [change.id for change in diff.changes if change.kind in SENT - {ADDED, RETIRED}]
    yield "## Before you import\n"
    yield "Your schedule, flags and suspended cards stay as they are, and cards that you moved stay in their decks."
    if replaced:
        at = f"{datetime.datetime.fromtimestamp(time, datetime.timezone.utc):%d %B %Y, %H:%M UTC}"
        yield (
            f"Your own words and tags stay in all notes except {len(replaced)}, which this version replaces as a whole."
            " Find these with this search in *Browse*. If you have written into one of them, copy your words into a "
            "note of your own before you import:\n"
        )
        yield f"```\n{search_for(replaced)}\n```\n"
        yield (
            f"If you wrote into one of these after {at}, your note wins: it stays as you have it, and you do not get "
            f"its correction. {_HOW_TO_IMPORT}"
        )
    else:
        yield f"Your own words and tags stay, too, because no note that you have is replaced. {_HOW_TO_IMPORT}"
    if diff.reordered:
        yield "\nNew cards come in another order now. This does not move the cards that you have already."
    if diff.looks:
        yield (
            "\nThe cards look different in this version. If you changed their styling yourself, or the fonts of the "
            "editor, it is replaced."
        )
    if replaced:
        yield from _unusual_imports(deck, bool(diff.looks))


def _unusual_imports(deck: Deck, has_new_looks: bool) -> Iterator[str]:
    """How learners who changed the note type get the corrections, which Anki holds back otherwise."""
    if has_new_looks:
        yield (
            "\nIf the browser sorts these notes by another field than the first (*Manage Note Types > Fields > Sort by "
            "this field in the browser*), import the file twice: first with *Update note types* set to *Never*, then "
            "with the options as they are. Otherwise you get none of the corrections."
        )
    name = escape_markdown(deck.note_type)
    yield (
        f"\nIf you added, moved or deleted a field or a card type of *{name}*, tick *Merge note types* and set *Update "
        "note types* to *Never*. Otherwise you get none of the corrections."
    )


def _no_longer_taught(deck: Deck, diff: Diff, downloads: list[Download]) -> Iterator[str]:
    """What those who have the deck can do with all cards that were ever retired; newcomers never get these."""
    package = next((each.name for each in downloads if each.only == RETIRED_TAG), None)
    if package is None:
        return
    new = {change.id for change in diff.of(ADDED)}
    retired = [fact.id for fact in deck.facts if fact.retired and fact.id not in new]
    yield from as_markdown(diff, (RETIRED,)) if diff.of(RETIRED) else [f"\n## {HEADINGS[RETIRED]}"]
    yield (
        "\nThe files above no longer have the cards that were retired in this version or earlier. If you have these "
        "cards, they stay as they are. This search finds all of them. Suspend them or delete them; the files above do "
        "not bring them back:\n"
    )
    yield f"```\n{search_for(retired)}\n```\n"
    yield (
        f"If you want to read on each card why it is no longer taught, import [{package}]({package}?raw=true), too. It "
        "replaces these notes as a whole, with your words and tags in them. It brings back those that you deleted, and "
        "adds those that you never had."
    )


def search_for(ids: list[str]) -> str:
    """Anki's search for the notes of these ids."""
    return f'"Id:re:^({"|".join(ids)})$"' if len(ids) > 1 else f"Id:{ids[0]}"


def _searches(deck: Deck, diff: Diff) -> Iterator[str]:
    meanings = {
        FACT: "what is a different fact now: select these cards and choose *Reset* (in older versions *Forget*) to "
        "learn them again",
        WORDING: "what is worded better now; you need not do anything",
        ADDED: "what is new",
    }
    kinds = [kind for kind in meanings if diff.of(kind)]
    if kinds:
        yield "\n## To find the changes in Anki, after the import\n"
        yield "| search | what it finds |\n|---|---|"
        for kind in kinds:
            mark = f"added::{diff.new}" if kind == ADDED else f"changed::{diff.new}::{kind}"
            yield f"| `tag:{deck.namespace}::{mark}` | {meanings[kind]} |"
        yield f"| `tag:{deck.namespace}::changed` | everything that has changed since its first release |"
