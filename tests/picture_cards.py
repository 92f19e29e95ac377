"""Take a picture of cards as Anki renders them: python tests/picture_cards.py FILE.apkg PICTURE.png ID...

A row for every id (ID:reverse for its second card): question and answer by day, answer by night, each as wide as a
phone. Needs the `test` extra and Chromium. The picture in the README was made with op-channel.
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection

from real_anki import import_package

FRAME = '<iframe srcdoc="{}" width="400" height="440" style="border: 0; margin: 8px; border-radius: 12px"></iframe>'
CARD = '<!doctype html><meta charset="utf-8"><body class="card card1 mobile {}">{}</body>'
PAGE = '<!doctype html><meta charset="utf-8"><body style="margin: 8px; background: #8a93a0; font-size: 0">{}</body>'


def main(package: Path, picture: Path, wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        import_package(collection, package)
        rows = []
        for name in wanted:
            id, _, which = name.partition(":")
            card = collection.get_note(collection.find_notes(f"Id:{id}")[0]).cards()[1 if which else 0]
            sides = (("", card.question()), ("", card.answer()), ("nightMode night_mode", card.answer()))
            rows.append("".join(FRAME.format(html.escape(CARD.format(*side))) for side in sides) + "<br>")
        collection.close()
        page = Path(folder) / "page.html"
        page.write_text(PAGE.format("".join(rows)), "utf-8")
        shoot(page, picture, len(rows))


def shoot(page: Path, picture: Path, rows: int) -> None:
    size = f"--window-size=1264,{16 + 456 * rows}"
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
    command = ["chromium", *flags, f"--screenshot={picture.absolute()}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
