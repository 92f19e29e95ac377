"""Take pictures of cards in the real Anki window: python tests/system/picture_desktop.py FILE.apkg FOLDER

It writes question and answer of one card of each kind, by day and by night: FOLDER/KIND-question-day.png and so on. It
needs Anki's desktop program in its own environment, and on Debian these libraries:

    python3 -m venv .anki/desktop
    .anki/desktop/bin/pip install aqt==26.9.3 pyqt6 pyqt6-webengine
    apt install libnss3 libasound2 libegl1 libgl1 libxcb-cursor0 libxkbcommon-x11-0 libxkbfile1 \
        libxcomposite1 libxdamage1 libxrandr2 libxtst6
    .anki/desktop/bin/python tests/system/picture_desktop.py dist/csto-DATE.apkg pictures

No window opens: it draws offscreen. It uses a new profile in a temporary folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox --disable-gpu"

import aqt
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from aqt import gui_hooks
from aqt.profiles import ProfileManager
from aqt.qt import QTimer
from aqt.theme import Theme

SIZE = (520, 760)
CARDS = {
    "basics": "csto-became-organisation",
    "treaty": "treaty-art4-collective-defence",
    "dates": "cst-signed-tashkent",
    "members": "renewal-1999-three-refused",
    "bodies": "parliamentary-assembly-seat",
    "forces": "ksor-decision-2009",
    "operations": "op-channel-centre",
    "exercises": "ex-first-interaction-2009",
    "leadership": "sg-term",
    "conflicts": "kz-decision-2022",
    "current": "am-freeze-2024",
    "comparisons": "sco-permanent-bodies",
    "geography": "geo-caspian",
    "india": "in-ca-summit-2022",
    "arguments": "mains-turkic-divided-loyalty",
    "practice": "practice-protocols",
    "map": "map-armenia",
    "flag": "flag-kazakhstan",
    "timeline": "timeline-ten-years",
}
PAUSE = 700  # milliseconds that the window gets to draw a card


def main(package: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as base:
        profiles = ProfileManager(Path(base))
        profiles.setupMeta()
        profiles.create("pictures")
        profiles.openProfile("pictures")
        profiles.meta.update(firstRun=False, defaultLang="en_US", updates=False)
        profiles.save()
        gui_hooks.profile_did_open.append(lambda: begin(package, folder))
        sys.argv[1:] = ["--base", base, "--profile", "pictures", "--lang", "en_US"]
        aqt.run()


def begin(package: Path, folder: Path) -> None:
    window: Any = aqt.mw
    request = ImportAnkiPackageRequest(package_path=str(package.absolute()), options=ImportAnkiPackageOptions())
    window.col.import_anki_package(request)
    window.resize(*SIZE)
    window.show()
    steps: list[Callable[[], object]] = []
    for theme, name in ((Theme.LIGHT, "day"), (Theme.DARK, "night")):
        steps.append(lambda theme=theme: window.set_theme(theme))  # type: ignore[misc]
        for kind, id in CARDS.items():
            card = window.col.get_note(window.col.find_notes(f"Id:{id}")[0]).card_ids()[0]
            steps.append(lambda card=card: show(window, card))  # type: ignore[misc]
            steps.append(lambda kind=kind, name=name: grab(window, folder / f"{kind}-question-{name}.png"))  # type: ignore[misc]
            steps.append(lambda: window.reviewer._showAnswer())
            steps.append(lambda kind=kind, name=name: grab(window, folder / f"{kind}-answer-{name}.png"))  # type: ignore[misc]
    steps.append(window.unloadProfileAndExit)
    run(steps)


def run(steps: list[Callable[[], object]]) -> None:
    """Run one step after the other, each with time for the window to draw."""
    if steps:
        steps[0]()
        QTimer.singleShot(PAUSE, lambda: run(steps[1:]))


def show(window: Any, card_id: int) -> None:
    """Let the reviewer show this card, even if other cards are due."""
    window.col.decks.select(window.col.get_card(card_id).did)
    if window.state != "review":
        window.moveToState("review")
    card = window.col.get_card(card_id)
    card.start_timer()
    window.reviewer.card = card
    window.reviewer._showQuestion()


def grab(window: Any, path: Path) -> None:
    window.grab().save(str(path))
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
