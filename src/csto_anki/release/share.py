"""The page `dist/README.md`: which file to share, a message for a chat, and a text for the shared decks of AnkiWeb."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csto_anki.deck.model import Deck
from csto_anki.files import digest_of
from csto_anki.history.changes import Diff
from csto_anki.history.describe import escape_markdown
from csto_anki.language.words import ReleaseWords
from csto_anki.note.contents import RETIRED_TAG
from csto_anki.release.notes import Download, for_newcomers

MARK = "<!-- Written by `csto-anki release`. -->"  # the first line of the page
# Telegram takes 1,024 characters below a file, the other messengers more.
MAX_MESSAGE = 1_000
# AnkiWeb's limits on title and tags, by https://glama.ai/mcp/servers/shbernal/anki-web-mcp/tools/share_deck
MAX_TITLE = MAX_TAGS = 60


def share_page(
    deck: Deck, diff: Diff, downloads: list[Download], picture: bytes, picture_name: str = "card.png"
) -> str:
    """What a group leader needs to share a release: `diff` is what it changes, `picture` that of a card, if any."""
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
        lines.append(f"To show what it is like, send a picture of a card, `{picture_name}`.\n")
        lines.append(f"<!-- SHA-256 of {picture_name}: {digest_of(picture)} -->\n")
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
    texts = [_message(deck, diff, shown, summed) for shown, summed in choices]
    return next((text for text in texts if len(text) < MAX_MESSAGE), min(texts, key=len, default=""))


def _message(deck: Deck, diff: Diff, shown: list[Download], summed: list[Download]) -> str:
    """The message with the addresses of some packages and the checksums of some of these."""
    say = deck.words.release
    title = _shortened(deck.title, 80)
    lines = [say.message.format(title=title, version=diff.new, news=_news(diff, say)) + "\n"]
    first = say.begin_with if len(shown) > 1 else say.the_file
    for each, lead in zip(shown, (first, say.all_of_it), strict=False):
        cards = say.one_card if each.cards == 1 else say.many_cards.format(each.cards)
        lines.append(f"{lead} ({cards}, {_size(each)}):\n{_address(deck, diff.new, each)}")
    lines += [f"\n1. {say.install}", f"2. {say.save_file}", f"3. {say.import_file}", say.on_iphone]
    if diff.old:
        lines.append(say.have_it_already.format(file=say.second_file if len(shown) > 1 else say.this_file))
    lines.append(f"{say.card_is_wrong}\n")
    lines += (f"{say.checksum_of.format(each.name)}\n{each.sha256}" for each in summed)
    return "\n".join(lines) + "\n"


def _news(diff: Diff, say: ReleaseWords) -> str:
    """What an update brings, in numbers; empty for the first release."""
    found = [text.format(len(diff.of(kind))) for kind, text in say.message_counts.items() if diff.of(kind)]
    counts = ", ".join(found)
    return "\n" + say.message_news.format(version=diff.old, counts=counts) if diff.old and found else ""


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
    say = deck.words.release
    yield f"{say.facts_on_cards.format(notes=whole.notes, cards=whole.cards)}\n"
    for kind, meaning in deck.kinds.items():
        if number := sum(fact.kind == kind and not fact.retired for fact in deck.facts):
            yield f"- {escape_markdown(meaning)} ({number})"
    if deck.priorities:
        yield f"\n{say.learn_first}\n"
        yield from (f"- `{deck.namespace}::{tag}`: {escape_markdown(text)}" for tag, text in deck.priorities.items())
    if deck.download:
        yield f"\n{say.newest_version.format(address=_address(deck, version, whole))}"
    yield f"\n{say.licence.format(licence=escape_markdown(deck.licence))}"
    yield f"\n{deck.words.card.version} {version}"
