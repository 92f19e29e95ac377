"""Take pictures of cards as Anki renders them: python tests/picture_cards.py FILE.apkg FOLDER ID...

For every id (add :reverse for its second card): question and answer, light and dark, at the width of a phone. Needs
the `test` extra and Chromium.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection
from real_anki import import_package

PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<body class="card card1 mobile {mode}">{html}</body>"""


def main(package: Path, folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        collection = Collection(str(Path(temp) / "collection.anki2"))
        import_package(collection, package)
        for name in wanted:
            id, _, which = name.partition(":")
            (note_id,) = collection.find_notes(f"Id:{id}")
            card = collection.get_note(note_id).cards()[1 if which else 0]
            for side, html in (("question", card.question()), ("answer", card.answer())):
                for mode in ("light", "nightMode night_mode"):
                    page = Path(temp) / "page.html"
                    page.write_text(PAGE.format(mode=mode, html=html), "utf-8")
                    shoot(page, folder / f"{name.replace(':', '-')}-{side}-{mode.split()[-1].split('_')[0]}.png")
        collection.close()


def shoot(page: Path, picture: Path) -> None:
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=2"]
    subprocess.run(
        ["chromium", *flags, "--window-size=480,720", f"--screenshot={picture}", page.as_uri()],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
