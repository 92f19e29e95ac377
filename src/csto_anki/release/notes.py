"""The texts of a release: release notes for learners, the section of the changelog, the download line of the README."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from csto_anki.deck.edition import is_behind
from csto_anki.deck.model import Date, Deck
from csto_anki.history.changes import ADDED, FACT, HELD_BACK, RETIRED, SENT, WORDING, Diff
from csto_anki.history.describe import ASKED, as_markdown, escape_markdown, question, summary
from csto_anki.history.record import file_stem
from csto_anki.note.contents import RETIRED_TAG


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
    say = deck.words.release
    lines = [f"# {escape_markdown(deck.title)} {diff.new}\n"]
    lines.append(escape_markdown(deck.description.partition("\n")[0]) + "\n")
    lines += _downloads(deck, for_newcomers(downloads))
    lines += _update(deck, diff, time, downloads) if diff.old else _first_release(deck, diff)
    lines += _behind(deck)
    lines += _may_change(deck)
    lines.append(f"{checksums_heading(deck)}\n```\n{checksums(downloads)}```")
    lines.append(f"\n{say.made_with.format(libraries=made_with)}")
    return "\n".join(lines) + "\n"


def checksums_heading(deck: Deck) -> str:
    """The heading of the last part of the release notes."""
    return f"\n## {deck.words.release.checksums}\n"


def checksums(downloads: list[Download]) -> str:
    """The checksums as the command sha256sum writes and checks them."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in downloads)


def download_line(deck: Deck, diff: Diff, downloads: list[Download]) -> str:
    """The line in the README with the links to the newest packages."""
    say = deck.words.release
    links = []
    for each in for_newcomers(downloads):
        title = f"**{escape_markdown(deck.title)} {diff.new}**"
        label = say.only_part.format(each.only) if each.only else title
        links.append(f"[{label}](dist/{each.name}?raw=true) ({say.many_cards.format(each.cards)})")
    name = file_stem(deck.file_name, diff.new)
    return " · ".join([*links, f"[{say.what_is_new}](dist/{name}.md)", f"[{say.checksum_file}](dist/{name}.sha256)"])


def for_newcomers(downloads: list[Download]) -> list[Download]:
    """The packages for everybody; the one with the retired notes is only for those who have the deck."""
    return [each for each in downloads if each.only != RETIRED_TAG]


def _sentence(text: str) -> str:
    """The text with a capital letter; `str.capitalize` would also change the rest."""
    return text[:1].upper() + text[1:]


def _downloads(deck: Deck, downloads: list[Download]) -> Iterator[str]:
    say = deck.words.release
    yield f"{say.downloads}\n|---|---|---:|---:|"
    for each in downloads:
        holds = f"`{each.only}`: {escape_markdown(deck.priorities[each.only])}" if each.only else say.everything
        # With this query, a web host sends the file and not a page about it.
        yield f"| [{each.name}]({each.name}?raw=true) | {holds} | {each.notes} | {each.cards} |"
    if len(downloads) > 1:
        yield f"\n{say.part_or_whole}"


def _first_release(deck: Deck, diff: Diff) -> Iterator[str]:
    say = deck.words.release
    yield f"\n## {say.first_release}\n\n{say.by_topic}\n"
    yield from _added_by_kind(deck, diff)
    yield f"\n## {say.a_part_of_it}\n\n{say.how_to_search}\n"
    yield f"{say.searches}\n|---|---|---:|"
    for tag, meaning in {**deck.priorities, **deck.parts, **deck.tags}.items():
        number = sum(tag in fact.tags for fact in deck.facts if not fact.retired)
        yield f"| `tag:{deck.namespace}::{tag}` | {escape_markdown(meaning)} | {number} |"
    yield f"\n## {say.import_it}\n\n{say.how_to_import}"


def _behind(deck: Deck) -> Iterator[str]:
    """The notes of an edition whose originals have changed since they were translated."""
    behind = [fact for fact in deck.facts if is_behind(fact) and not fact.retired]
    if behind:
        yield f"\n{deck.words.release.behind.format(count=len(behind))}\n"
        yield from (f"- {escape_markdown(fact.question)} (`{fact.id}`)" for fact in behind)


def _may_change(deck: Deck) -> Iterator[str]:
    say = deck.words.release
    facts = [(fact, fact.as_of) for fact in deck.facts if fact.as_of and not fact.retired and not fact.statements]
    if facts:
        yield f"\n## {say.can_change} ({len(facts)})\n"
        latest = max((as_of for _, as_of in facts), key=Date.first_day)
        yield f"{say.can_change_text.format(date=deck.words.date_in_words(latest))}\n"
        for fact, as_of in facts:
            question = escape_markdown(fact.question)
            yield f"- {say.as_of.format(question=question, date=deck.words.date_in_words(as_of))}"


def _added_by_kind(deck: Deck, diff: Diff) -> Iterator[str]:
    yield f"{deck.words.release.tags}\n|---|---|---:|"
    kinds = [change.note.kind for change in diff.of(ADDED) if not change.note.is_retired]
    for kind, meaning in deck.kinds.items():
        if number := kinds.count(kind):
            yield f"| `{deck.namespace}::{kind}` | {escape_markdown(meaning)} | {number} |"


def _update(deck: Deck, diff: Diff, time: int, downloads: list[Download]) -> Iterator[str]:
    # Later changes of a retired note are only in the package with the retired notes.
    changes = tuple(change for change in diff.changes if change.kind == RETIRED or not change.note.is_retired)
    arriving = diff._replace(changes=changes)
    say = deck.words.release
    yield f"\n{say.since.format(what=_sentence(summary(arriving, say)), version=diff.old)}\n"
    yield from _before_import(deck, arriving, time)
    yield from as_markdown(arriving, (FACT,), fields=ASKED, words=say)
    if added := arriving.of(ADDED):
        yield f"\n## {say.headings[ADDED]} ({len(added)})\n"
        yield from _added_by_kind(deck, arriving)
        yield ""
        yield from (f"- {escape_markdown(question(change))}" for change in added)
    yield from as_markdown(arriving, (WORDING,), fields=ASKED, words=say)
    yield from _no_longer_taught(deck, diff, downloads)
    if held_back := arriving.of(HELD_BACK):
        yield f"\n{say.held_back.format(count=len(held_back))}"
    yield from _searches(deck, arriving)


def _before_import(deck: Deck, diff: Diff, time: int) -> Iterator[str]:
    """What the import keeps and replaces, and how learners save what they wrote."""
    say = deck.words.release
    replaced = [change.id for change in diff.changes if change.kind in SENT - {ADDED, RETIRED}]
    yield f"## {say.before_import}\n"
    yield say.what_stays
    if replaced:
        moment = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
        day = deck.words.date_in_words((moment.year, moment.month, moment.day))
        yield f"{say.replaced.format(count=len(replaced))}\n"
        yield f"```\n{search_for(replaced)}\n```\n"
        yield f"{say.who_wins.format(time=f'{day}, {moment:%H:%M} UTC')} {say.how_to_import}"
    else:
        yield f"{say.nothing_replaced} {say.how_to_import}"
    if diff.reordered:
        yield f"\n{say.new_order}"
    if diff.looks:
        yield f"\n{say.new_looks}"
    if replaced:  # how learners who changed the note type get the corrections, which Anki holds back otherwise
        if diff.looks:
            yield f"\n{say.other_sorting}"
        yield f"\n{say.other_note_type.format(note_type=escape_markdown(deck.note_type))}"


def _no_longer_taught(deck: Deck, diff: Diff, downloads: list[Download]) -> Iterator[str]:
    """What those who have the deck can do with all cards that were ever retired; newcomers never get these."""
    package = next((each.name for each in downloads if each.only == RETIRED_TAG), None)
    if package is None:
        return
    say = deck.words.release
    new = {change.id for change in diff.of(ADDED)}
    retired = [fact.id for fact in deck.facts if fact.retired and fact.id not in new]
    has_new = bool(diff.of(RETIRED))
    yield from as_markdown(diff, (RETIRED,), words=say) if has_new else [f"\n## {say.headings[RETIRED]}"]
    yield f"\n{say.retired_text}\n"
    yield f"```\n{search_for(retired)}\n```\n"
    yield say.retired_package.format(file=f"[{package}]({package}?raw=true)")


def search_for(ids: list[str]) -> str:
    """Anki's search for the notes of these ids."""
    return f'"Id:re:^({"|".join(ids)})$"' if len(ids) > 1 else f"Id:{ids[0]}"


def _searches(deck: Deck, diff: Diff) -> Iterator[str]:
    say = deck.words.release
    kinds = [kind for kind in say.meanings if diff.of(kind)]
    if kinds:
        yield f"\n## {say.find_changes}\n"
        yield f"{say.finds}\n|---|---|"
        for kind in kinds:
            mark = f"added::{diff.new}" if kind == ADDED else f"changed::{diff.new}::{kind}"
            yield f"| `tag:{deck.namespace}::{mark}` | {say.meanings[kind]} |"
        yield f"| `tag:{deck.namespace}::changed` | {say.all_changes} |"
