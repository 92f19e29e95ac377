"""The page `dist/README.md`: which file to share, a message for a chat, and a text for the shared decks of AnkiWeb."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csto_anki.deck.model import Deck
from csto_anki.files import digest_of
from csto_anki.history.changes import ADDED, FACT, WORDING, Diff
from csto_anki.history.describe import escape_markdown
from csto_anki.note.contents import RETIRED_TAG
from csto_anki.release.notes import Download, for_newcomers

MARK = "<!-- Written by `csto-anki release`. -->"  # the first line of the page
# Telegram takes 1,024 characters below a file, the other messengers more.
MAX_MESSAGE = 1_000
# AnkiWeb's limits on title and tags, by https://glama.ai/mcp/servers/shbernal/anki-web-mcp/tools/share_deck
MAX_TITLE = MAX_TAGS = 60


def share_page(deck: Deck, diff: Diff, downloads: list[Download], picture: bytes) -> str:
    """What a group leader needs to share a release; `diff` is what it changes, `picture` its card.png, if any."""
    version = diff.new
    whole, part = _whole_and_part(downloads)
    lines = [MARK, f"# Share {escape_markdown(deck.title)} {version}\n"]
    if part:
        lines.append(f"- To those who begin: [{part.name}]({part.name}?raw=true), {_cards(part)}.")
    everybody = "To those who have the deck, or want everything at once" if part else "To everybody"
    lines.append(f"- {everybody}: [{whole.name}]({whole.name}?raw=true), {_cards(whole)}.")
    if any(each.only == RETIRED_TAG for each in downloads):
        lines.append(
            "- Not to those who begin: the file with `retired` in its name. The release notes say who can use it."
        )
    lines.append("- A package with `-dev-` in its name is not a release. All other packages are older releases.\n")
    if picture:
        lines.append("To show what it is like, send a picture of a card, `card.png`.\n")
        lines.append(f"<!-- SHA-256 of card.png: {digest_of(picture)} -->\n")
    lines.append("## A message for a chat\n")
    if not deck.download:
        lines.append("Send the files with it: `deck.yaml` has no `download`, the address for links.\n")
    lines.append(f"{_fenced(message(deck, diff, downloads))}\n")
    lines.append("## The shared decks of AnkiWeb\n")
    lines.append(
        "AnkiWeb shares a deck of an account. So that it has nothing of yours, import the file with everything into a "
        "new profile of Anki, synchronise that profile with an AnkiWeb account of its own, and choose *Share* in the "
        "deck's menu on AnkiWeb. The deck appears after a day.\n"
    )
    lines.append(f"Title:\n\n{_fenced(_shortened(deck.title, MAX_TITLE))}\n")
    lines.append(f"Tags:\n\n{_fenced(_tags(deck))}\n")
    lines.append("Description:\n\n" + _fenced("\n".join(_description(deck, version, whole))) + "\n")
    lines.append(
        "You have to declare that the material is your own work, or that you have a licence to share it. The deck says "
        f"of its licence: {escape_markdown(deck.licence)}"
    )
    return "\n".join(lines) + "\n"


def message(deck: Deck, diff: Diff, downloads: list[Download]) -> str:
    """A message for a chat, of less than MAX_MESSAGE characters: what it is, where it is, what to do on the phone.

    If addresses are long, it leaves out checksums, which are also in the release notes, or the file for beginners.
    """
    whole, part = _whole_and_part(downloads)
    both = [part, whole] if part else [whole]
    choices = [(both, both), (both, both[:1]), (both, []), ([whole], [whole]), ([whole], [])]
    texts = (_message(deck, diff, shown, summed) for shown, summed in choices)
    return next(text for text in texts if len(text) < MAX_MESSAGE)


def _message(deck: Deck, diff: Diff, shown: list[Download], summed: list[Download]) -> str:
    """The message with the addresses of some packages and the checksums of some of these."""
    lines = [f"{_shortened(deck.title, 80)}: flashcards for Anki, version {diff.new}{_news(diff)}\n"]
    first = "Begin with this file" if len(shown) > 1 else "The file"
    for each, lead in zip(shown, (first, "Everything, now or later"), strict=False):
        lines.append(f"{lead} ({_cards(each)}, {_size(each)}):\n{_address(deck, diff.new, each)}")
    lines.append("\n1. Install AnkiDroid (Android, free), AnkiMobile (iPhone) or Anki.")
    lines.append("2. Save the file to Downloads. Do not open it here in the chat: AnkiDroid fails.")
    lines.append("3. Import it. AnkiDroid: ⋮ > Import, then choose it in Downloads. Anki: File > Import.")
    lines.append("AnkiMobile: tap it, Share, Anki. Change no options.")
    if diff.old:
        newer = "the second file" if len(shown) > 1 else "this file"
        lines.append(f"You have the deck already? Do the same with {newer}: your progress stays.")
    lines.append("A card is wrong? Answer with the id in the last line on its back.\n")
    lines += (f"SHA-256 of {each.name}:\n{each.sha256}" for each in summed)
    return "\n".join(lines) + "\n"


def _news(diff: Diff) -> str:
    """What an update brings, in numbers; empty for the first release."""
    words = {ADDED: "new", FACT: "changed", WORDING: "corrected"}
    found = [f"{len(diff.of(kind))} {word}" for kind, word in words.items() if diff.of(kind)]
    return f"\nSince {diff.old}: {', '.join(found)}" if diff.old and found else ""


def _fenced(text: str) -> str:
    """A text that Markdown shows as it is, with a button to copy it; the fence is longer than any in the text."""
    fence = "`" * max([3, *(len(found) + 1 for found in re.findall("`+", text))])
    return f"{fence}\n{text.rstrip()}\n{fence}"


def _whole_and_part(downloads: list[Download]) -> tuple[Download, Download | None]:
    """The package with everything, and the smaller one for those who begin, if there is one."""
    whole, *parts = for_newcomers(downloads)
    return whole, next(iter(parts), None)


def _address(deck: Deck, version: str, download: Download) -> str:
    """Where a file can be downloaded; its name, if the deck does not say where."""
    return deck.download.replace("{version}", version).replace("{file}", download.name) or download.name


def _cards(download: Download) -> str:
    return f"{download.cards} card{'s' * (download.cards != 1)}"


def _size(download: Download) -> str:
    thousands = -(-download.size // 1000)
    return f"{thousands} kB" if thousands < 1000 else f"{thousands / 1000:.1f} MB"


def _shortened(text: str, most: int) -> str:
    """A text of at most `most` characters, without its last words if it is longer."""
    return text if len(text) <= most else text[: most + 1].rpartition(" ")[0] or text[:most]


def _tags(deck: Deck) -> str:
    """Words by which people search: those of the namespace and of the title, without the small words in it."""
    words = [word.strip(".,;:()[]") for word in deck.title.split()]
    found = [*deck.namespace.split("-"), *(word.lower() for word in words if not word.islower())]
    return _shortened(" ".join(dict.fromkeys(found)), MAX_TAGS)


def _description(deck: Deck, version: str, whole: Download) -> Iterator[str]:
    """The description in the Markdown of AnkiWeb, which has no headings and no tables."""
    yield f"{escape_markdown(deck.description.strip())}\n"
    yield f"**{whole.notes} facts on {whole.cards} cards**, by topic:\n"
    for kind, meaning in deck.kinds.items():
        if number := sum(fact.kind == kind and not fact.retired for fact in deck.facts):
            yield f"- {escape_markdown(meaning)} ({number})"
    if deck.priorities:
        yield "\n**What to learn first.** Each fact has one of these tags:\n"
        yield from (f"- `{deck.namespace}::{tag}`: {escape_markdown(text)}" for tag, text in deck.priorities.items())
    if deck.download:
        yield f"\n**Newest version**: {_address(deck, version, whole)}"
    yield f"\n**Licence**: {escape_markdown(deck.licence)}"
    yield f"\nVersion {version}"
