"""Take pictures of cards as Anki renders them: python tests/system/picture_cards.py FILE.apkg PICTURE.png ID...

The picture has a row for every id (ID:reverse for its second card): question and answer by day and by night on a phone,
and the answer by day and by night on a desktop. Without PICTURE.png and ids, it takes the two pictures of the README,
which show a phone.
It needs the extra `test` and Chromium, Chrome or Edge.
"""

from __future__ import annotations

import html
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from anki.collection import Collection
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests
from support.browser import browser
from support.real_anki import import_package

PHONE, DESKTOP = 360, 900
PHONE_HEIGHT = 640
DAY, NIGHT = "", "nightMode night_mode"
DOCS = Path(__file__).parents[2] / "docs"
OF_THE_README = {"card-day.png": ("am-status-to-teach", DAY), "card-night.png": ("map-six", NIGHT)}
# As high as its content.
FRAME = (
    '<iframe srcdoc="{}" width="{}" style="border: 0; margin: 6px; border-radius: 10px; vertical-align: top" '
    'onload="this.height = this.contentDocument.documentElement.scrollHeight"></iframe>'
)
# A phone around a card.
IN_A_PHONE = (
    '<!doctype html><meta charset="utf-8"><body style="margin: 0"><div style="display: inline-block; overflow: hidden; '
    'border: 12px solid #23272e; border-radius: 40px; outline: 1px solid #59616d; outline-offset: -1px">'
    f'<iframe srcdoc="{{}}" width="{PHONE}" height="{PHONE_HEIGHT}" style="border: 0; display: block"></iframe></div>'
)
BEZEL = 24  # of both sides together
CARD = '<!doctype html><meta charset="utf-8"><base href="{}/"><body class="card card1 {}">{}</body>'
PAGE = (
    '<!doctype html><meta charset="utf-8"><body style="margin: 6px; background: #8a93a0; white-space: nowrap">{}</body>'
)

if TYPE_CHECKING:  # Anki's modules import each other in a circle
    from anki.cards import Card


def rows(show: Callable[[str], Card], media: str, wanted: list[str]) -> str:
    """A page with a row of pictures for each id, of which `show` gives the card."""
    found = []
    for card in map(show, wanted):
        settings = [("mobile", PHONE), (f"mobile {NIGHT}", PHONE)]
        frames = [(side, *setting) for setting in settings for side in (card.question(), card.answer())]
        frames += [(card.answer(), DAY, DESKTOP), (card.answer(), NIGHT, DESKTOP)]
        row = (FRAME.format(html.escape(CARD.format(media, classes, side)), width) for side, classes, width in frames)
        found.append(f"<div>{''.join(row)}</div>")
    return PAGE.format("".join(found))


def photograph(running: Browser, page: Path, picture: Path, width: int, height: int, scale: float = 1) -> None:
    """Take a picture of a page: of `height`, or as high as the page if that is 0; without a background of its own."""
    shown = running.new_page(viewport={"width": width, "height": height or 600}, device_scale_factor=scale)
    shown.goto(page.as_uri())
    shown.screenshot(path=picture, full_page=not height, omit_background=True)


def main(package: Path, picture: Path | None, wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, browser() as running:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        import_package(collection, package)
        media = Path(collection.media.dir()).as_uri()
        page = Path(folder) / "page.html"

        def show(name: str) -> Card:
            id, _, which = name.partition(":")
            return collection.get_note(collection.find_notes(f"Id:{id}")[0]).cards()[1 if which else 0]

        if picture:
            page.write_text(rows(show, media, wanted), "utf-8")
            photograph(running, page, picture, 4 * (PHONE + 14) + 2 * (DESKTOP + 14) + 12, 0)
        else:
            for name, (id, classes) in OF_THE_README.items():
                card = CARD.format(media, f"mobile {classes}", show(id).answer())
                page.write_text(IN_A_PHONE.format(html.escape(card)), "utf-8")
                photograph(running, page, DOCS / name, PHONE + BEZEL, PHONE_HEIGHT + BEZEL, 1.5)
        collection.close()


if __name__ == "__main__":
    package, *more = sys.argv[1:]
    main(Path(package), Path(more[0]) if more else None, more[1:])
