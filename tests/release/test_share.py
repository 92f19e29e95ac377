"""The page dist/README.md: which file to share, a message for a chat, a text for AnkiWeb; and the picture of a card."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from csto_anki.deck.model import Deck
from csto_anki.history.changes import ADDED, FACT, HELD_BACK, Change, Diff
from csto_anki.note.contents import Note
from csto_anki.release import share
from csto_anki.release.notes import Download
from support.commands import call
from support.releases import CORE, FIRST, JUNE, SECOND, THIRD, release
from support.small_deck import read_deck, write_deck

WHOLE = Download("small-2026-06-01.apkg", None, 3, 4, "a" * 64, 1_234_567)
PART = Download("small-core-2026-06-01.apkg", "core", 1, 1, "b" * 64, 40_000)
NEW = Diff("", "2026.06.01", (), (), (), reordered=False)
LONG = Diff("2026.12.01.9", "2026.12.01.10", (), (), (), reordered=False)
ADDRESS = "download: https://example.org/{version}/{file}\n"


def test_the_page_of_a_release(tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {**FIRST, "deck.yaml": CORE + ADDRESS})
    assert (
        share.share_page(deck, NEW, [WHOLE, PART], b"PNG")
        == """\
<!-- Written by `csto-anki release`. -->
# Share Small 2026.06.01

- To those who begin: [small-core-2026-06-01.apkg](small-core-2026-06-01.apkg?raw=true), 1 card.
- To those who have the deck, or want everything at once: [small-2026-06-01.apkg](small-2026-06-01.apkg?raw=true), \
4 cards.
- A package with `-dev-` in its name is not a release. All other packages are older releases.

To show what it is like, send a picture of a card, `card.png`.

<!-- SHA-256 of card.png: 796120837694d3f3f29259cfeb25091698c2a0aa87873658d840b4993ee889b3 -->

## A message for a chat

```
Small: flashcards for Anki, version 2026.06.01

Begin with this file (1 card, 40 kB):
https://example.org/2026.06.01/small-core-2026-06-01.apkg
Everything, now or later (4 cards, 1.2 MB):
https://example.org/2026.06.01/small-2026-06-01.apkg

1. Install AnkiDroid (Android, free), AnkiMobile (iPhone) or Anki.
2. Save the file to Downloads. Do not open it here in the chat: AnkiDroid fails.
3. Import it. AnkiDroid: ⋮ > Import, then choose it in Downloads. Anki: File > Import.
AnkiMobile: tap it, Share, Anki. Change no options.
A card is wrong? Answer with the id in the last line on its back.

SHA-256 of small-core-2026-06-01.apkg:
bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
SHA-256 of small-2026-06-01.apkg:
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
```

## The shared decks of AnkiWeb

AnkiWeb shares a deck of an account. So that it has nothing of yours, import the file with everything into a new \
profile of Anki, synchronise that profile with an AnkiWeb account of its own, and choose *Share* in the deck's menu on \
AnkiWeb. The deck appears after a day.

Title:

```
Small
```

Tags:

```
small
```

Description:

```
A small deck

**3 facts on 4 cards**, by topic:

- when (1)
- who (1)

**What to learn first.** Each fact has one of these tags:

- `small::core`: first
- `small::rest`: then

**Newest version**: https://example.org/2026.06.01/small-2026-06-01.apkg

**Licence**: CC BY 4.0

Version 2026.06.01
```

You have to declare that the material is your own work, or that you have a licence to share it. The deck says of its \
licence: CC BY 4.0
"""
    )


def test_the_message_of_an_update_says_what_it_brings(tmp_path: Path) -> None:
    note = Note({"Question": "Q?"}, ())
    changes = [Change(id, kind, note, note) for id, kind in (("a", ADDED), ("b", ADDED), ("c", FACT), ("d", HELD_BACK))]
    diff = Diff("2026.05.01", "2026.06.01", tuple(changes), ("CSS",), (), reordered=True)
    text = share.message(read_deck(tmp_path), diff, [WHOLE, PART])
    assert text.startswith(
        "Small: flashcards for Anki, version 2026.06.01\nSince 2026.05.01: 2 new, 1 changed\n\nBegin with this file"
    )
    assert "\nYou have the deck already? Do the same with the second file: your progress stays.\n" in text
    text = share.message(read_deck(tmp_path), LONG, [WHOLE])
    assert text.startswith("Small: flashcards for Anki, version 2026.12.01.10\n\nThe file")
    assert "\nYou have the deck already? Do the same with this file: your progress stays.\n" in text


def test_a_deck_without_address_names_the_files_that_are_sent(tmp_path: Path) -> None:
    deck = read_deck(tmp_path)
    assert "\nThe file (4 cards, 1.2 MB):\nsmall-2026-06-01.apkg\n" in share.message(deck, NEW, [WHOLE])
    page = share.share_page(deck, NEW, [WHOLE], b"")
    assert "card.png" not in page
    assert "\nSend the files with it: `deck.yaml` has no `download`, the address for links.\n" in page
    assert "- To everybody: [small-2026-06-01.apkg](small-2026-06-01.apkg?raw=true), 4 cards.\n" in page
    assert "Newest version" not in page


@pytest.mark.parametrize(
    ("title", "shortened", "tags"),
    [
        ("CSTO for UPSC", "CSTO for UPSC", "small csto upsc"),
        ("Small", "Small", "small"),
        ("The Shanghai Cooperation Organisation, BRICS, the QUAD and the G20 for UPSC",
         "The Shanghai Cooperation Organisation, BRICS, the QUAD and",
         "small the shanghai cooperation organisation brics quad g20"),
        ("एससीओ UPSC के लिए", "एससीओ UPSC के लिए", "small एससीओ upsc के लिए"),
        ("W" * 70, "W" * 60, "small"),
    ],
)  # fmt: skip
def test_ankiweb_takes_sixty_characters(title: str, shortened: str, tags: str, tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {"deck.yaml": CORE.replace("title: Small", f"title: {title}")})
    page = share.share_page(deck, NEW, [WHOLE], b"")
    assert f"Title:\n\n```\n{shortened}\n```\n" in page
    assert f"Tags:\n\n```\n{tags}\n```\n" in page
    assert max(len(shortened), len(tags)) <= 60


@pytest.mark.parametrize(("length", "files", "checksums"), [(20, 2, 2), (130, 2, 1), (157, 2, 0)])
def test_a_message_fits_below_a_file_in_a_chat(length: int, files: int, checksums: int, tmp_path: Path) -> None:
    address = f"download: https://example.org/{'a' * length}/{{version}}/{{file}}\n"
    deck = read_deck(tmp_path, {**FIRST, "deck.yaml": CORE + address})
    text = share.message(deck, NEW, [WHOLE, PART])
    assert len(text) < share.MAX_MESSAGE
    assert len(re.findall("(?m)^https://", text)) == files
    assert len(re.findall("(?m)^[ab]{64}$", text)) == checksums


def test_the_longest_message_fits_too(tmp_path: Path) -> None:
    address = f"download: https://example.org/{'a' * 160}/{{version}}/{{file}}\n"
    text = CORE.replace("title: Small", f"title: {'W' * 300}").replace("namespace: small", f"namespace: {'n' * 40}")
    deck = read_deck(tmp_path, {**FIRST, "deck.yaml": text + address})
    part = PART._replace(name=f"{'n' * 40}-{'t' * 80}-2026-06-01-10.apkg")
    message = share.message(deck, LONG, [WHOLE._replace(name=part.name), part])
    assert message.startswith("W" * 80 + ":")
    assert len(message) < share.MAX_MESSAGE
    assert "\nThe file (4 cards, 1.2 MB):\nhttps://" in message  # the whole, with which those go on who have the deck


def test_a_text_with_fences_stays_in_its_fence(tmp_path: Path) -> None:
    description = "description: |\n  A\n  ````\n  # B\n"
    deck = read_deck(tmp_path, {"deck.yaml": CORE.replace("description: A small deck\n", description)})
    page = share.share_page(deck, NEW, [WHOLE], b"")
    assert "\n```\nA\n\\`\\`\\`\\`\n\\# B\n" in page  # where no fence is left
    assert share._fenced("a ```` b") == "`````\na ```` b\n`````"


def test_the_message_for_this_deck_is_short_enough(curated: Deck) -> None:
    downloads = [
        Download("csto-2026-12-01-10.apkg", None, 380, 420, "a" * 64, 300_000),
        Download("csto-core-2026-12-01-10.apkg", "core", 87, 100, "b" * 64, 100_000),
        Download("csto-retired-2026-12-01-10.apkg", "retired", 260, 300, "c" * 64, 100_000),
    ]
    text = share.message(curated, LONG, downloads)
    assert len(text) < share.MAX_MESSAGE
    assert "retired" not in text
    assert "\n- Not to those who begin: the file with `retired` in its name." in share.share_page(
        curated, LONG, downloads, b""
    )


def test_each_release_replaces_the_page(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    where = release(tmp_path, SECOND, "2026.07.01", JUNE + 30 * 86400)
    assert where.share_page.read_text().startswith(f"{share.MARK}\n# Share Small 2026.07.01\n")
    release(tmp_path, THIRD, "2026.08.01", JUNE + 60 * 86400)
    assert "\n- Not to those who begin: the file with `retired`" in where.share_page.read_text()


def test_a_page_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "README.md").write_text("mine")
    result = call(tmp_path, "release")
    page = Path("dist/README.md")
    assert (result.returncode, result.stderr) == (
        1,
        f"csto-anki: cannot release: {page} is not the page of a release, which would replace it; move it away\n",
    )
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["README.md"]


def test_words_too_long_for_a_message_give_the_shortest_one(tmp_path: Path) -> None:
    deck = read_deck(tmp_path, {**FIRST})
    words = deck.words._replace(release=deck.words.release._replace(install="x" * 2_000))
    text = share.message(replace(deck, words=words), NEW, [WHOLE, PART])
    assert "x" * 2_000 in text
    assert "SHA-256" not in text
