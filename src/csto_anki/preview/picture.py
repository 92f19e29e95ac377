"""A picture of a card on a phone, to be shared with a release; it needs an installed browser."""

from __future__ import annotations

import contextlib
import html
import os
import shutil
import signal
import subprocess
from pathlib import Path

from csto_anki import files
from csto_anki.note.contents import Contents, Note
from csto_anki.note.note_type import STYLING

NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome", "msedge")
PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# Without the services that use the network by themselves.
OFFLINE = ["--disable-background-networking", "--disable-component-update", "--disable-quic"]
_NO_NAMES = ["--host-resolver-rules=MAP * ~NOTFOUND"]  # it can look up no address
_MAX_SECONDS = 60
_WIDTH, _HEIGHT = 560, 720  # no browser has a narrower window than 500 pixels
_PAGE = f"""<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; height: {_HEIGHT}px; background: #59616d; display: grid; place-items: center }}
iframe {{ width: 360px; height: 640px; border: 12px solid #23272e; border-radius: 40px }}
</style><iframe srcdoc="CARD"></iframe>"""
_CARD = '<!doctype html><meta charset="utf-8"><style>{}</style><body class="card card1 mobile">{}</body>'


def browsers() -> list[str]:
    """The programs of installed Chromes, Chromiums and Edges.

    If the environment variable CHROME_PATH is set, it names the only program.
    """
    names = [os.environ["CHROME_PATH"]] if "CHROME_PATH" in os.environ else [*NAMES, *PATHS]
    return list(dict.fromkeys(filter(None, map(shutil.which, names))))


def card_picture(programs: list[str], contents: Contents, package: Path) -> bytes:
    """A PNG of the back of the first card with a detail and no picture, taken by the first of these browsers that can.

    Raises OSError.
    """
    from csto_anki.apkg.anki import render  # here, because without Anki, too, it is asked for browsers

    cards = {card.id: card for card in reversed(render(package))}  # of each note the first one
    found = [id for id, note in contents.notes.items() if id in cards and _is_plain(note)]
    card = cards[next(iter([*found, *cards]))]
    page = _CARD.format(contents.looks[STYLING], card.front + card.back)
    with files.temporary_folder() as folder:
        (folder / "page.html").write_text(_PAGE.replace("CARD", html.escape(page)), "utf-8")
        for number, program in enumerate(programs):
            _photograph(program, folder / "page.html", folder / "picture.png", folder / f"profile-{number}")
            if (folder / "picture.png").exists():
                return (folder / "picture.png").read_bytes()
    raise OSError(f"a browser that takes it: {programs[-1]} did not, within {_MAX_SECONDS} seconds")


def _is_plain(note: Note) -> bool:
    return "Detail" in note.fields and not {"Image", "AnswerImage", "Statements"} & note.fields.keys()


def _photograph(program: str, page: Path, picture: Path, profile: Path) -> None:
    """Let a browser take a picture of a page. Raises OSError if it cannot be started."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [program, "--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars", *OFFLINE, *_NO_NAMES]
    command += ["--force-device-scale-factor=1.5", f"--window-size={_WIDTH},{_HEIGHT}", f"--user-data-dir={profile}"]
    command += ["--no-sandbox"] * is_root + [f"--screenshot={picture}", page.as_uri()]
    nothing = subprocess.DEVNULL
    running = subprocess.Popen(  # noqa: S603
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    try:
        running.wait(_MAX_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:  # its own children, too, which a wrapper can leave behind
        with contextlib.suppress(OSError):
            os.killpg(running.pid, signal.SIGKILL) if hasattr(os, "killpg") else running.kill()
        running.wait()
