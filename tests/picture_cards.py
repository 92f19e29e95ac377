"""Take pictures of cards as Anki renders them: python tests/picture_cards.py FILE.apkg PICTURE.png ID...

A row for every id (ID:reverse for its second card): question and answer by day and by night on a phone, and the answer
on a desktop by day and by night. Needs the `test` extra and a Chromium.
"""

from __future__ import annotations

import html
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection

from browser import browser
from real_anki import import_package

PHONE, DESKTOP = 380, 900
NIGHT = "nightMode night_mode"
# As high as what is in it.
FRAME = (
    '<iframe srcdoc="{}" width="{}" style="border: 0; margin: 6px; border-radius: 10px; vertical-align: top" '
    'onload="this.height = this.contentDocument.documentElement.scrollHeight"></iframe>'
)
CARD = '<!doctype html><meta charset="utf-8"><base href="{}/"><body class="card card1 {}">{}</body>'
PAGE = (
    '<!doctype html><meta charset="utf-8"><body style="margin: 6px; background: #8a93a0; white-space: nowrap">{}</body>'
)


def main(package: Path, picture: Path, wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        import_package(collection, package)
        media = Path(collection.media.dir()).as_uri()
        rows = []
        for name in wanted:
            id, _, which = name.partition(":")
            card = collection.get_note(collection.find_notes(f"Id:{id}")[0]).cards()[1 if which else 0]
            settings = [("mobile", PHONE), (f"mobile {NIGHT}", PHONE)]
            frames = [(side, *setting) for setting in settings for side in (card.question(), card.answer())]
            frames += [(card.answer(), "", DESKTOP), (card.answer(), NIGHT, DESKTOP)]
            row = (
                FRAME.format(html.escape(CARD.format(media, classes, side)), width) for side, classes, width in frames
            )
            rows.append(f"<div>{''.join(row)}</div>")
        collection.close()
        page = Path(folder) / "page.html"
        page.write_text(PAGE.format("".join(rows)), "utf-8")
        with browser() as running:
            shown = running.new_page(viewport={"width": 4 * (PHONE + 14) + 2 * (DESKTOP + 14) + 12, "height": 600})
            shown.goto(page.as_uri())
            shown.screenshot(path=picture, full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
