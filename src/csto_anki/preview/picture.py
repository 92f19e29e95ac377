"""A picture of a card on a phone, to be shared with a release; it needs an installed browser."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
from pathlib import Path

from csto_anki import files
from csto_anki.apkg.anki import render
from csto_anki.note.contents import Contents, Note
from csto_anki.note.note_type import STYLING

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# With these, it does not use the network by itself.
OFFLINE = ["--disable-background-networking", "--disable-component-update", "--disable-quic"]
_MAX_SECONDS = 60
_WIDTH, _HEIGHT = 560, 720  # no browser has a narrower window than 500 pixels
_PAGE = f"""<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; height: {_HEIGHT}px; background: #59616d; display: grid; place-items: center }}
iframe {{ width: 360px; height: 640px; border: 12px solid #23272e; border-radius: 40px }}
</style><iframe srcdoc="CARD"></iframe>"""
_CARD = '<!doctype html><meta charset="utf-8"><style>{}</style><body class="card card1 mobile">{}</body>'


def browser() -> str | None:
    """The program of an installed Chromium, Chrome or Edge; None if there is none.

    If the environment variable CHROME_PATH is set, it names the program.
    """
    names = [os.environ["CHROME_PATH"]] if "CHROME_PATH" in os.environ else [*NAMES, *PATHS]
    return next(filter(None, map(shutil.which, names)), None)


def card_picture(program: str, contents: Contents, package: Path) -> bytes:
    """A PNG of the back of the first card with a detail and no picture. `program` is the browser. Raises OSError."""
    cards = {card.id: card for card in reversed(render(package))}  # of each note the first one
    found = [id for id, note in contents.notes.items() if id in cards and _is_plain(note)]
    card = cards[next(iter([*found, *cards]))]
    page = _CARD.format(contents.looks[STYLING], card.front + card.back)
    with files.temporary_folder() as folder:
        (folder / "page.html").write_text(_PAGE.replace("CARD", html.escape(page)), "utf-8")
        _photograph(program, folder / "page.html", folder / "picture.png", folder / "profile")
        return (folder / "picture.png").read_bytes()


def _is_plain(note: Note) -> bool:
    return "Detail" in note.fields and not {"Image", "AnswerImage", "Statements"} & note.fields.keys()


def _photograph(program: str, page: Path, picture: Path, profile: Path) -> None:
    """Take a picture of a page with the browser. Raises OSError."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [program, "--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars", *OFFLINE]
    command += ["--force-device-scale-factor=1.5", f"--window-size={_WIDTH},{_HEIGHT}", f"--user-data-dir={profile}"]
    command += ["--no-sandbox"] * is_root + [f"--screenshot={picture}", page.as_uri()]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MAX_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise OSError(f"{program} did not end within {_MAX_SECONDS} seconds") from error
    if not picture.exists():
        raise OSError(f"{program} made no picture")
