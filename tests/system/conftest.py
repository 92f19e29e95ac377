"""Fixtures of the slow tests."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from csto_anki.deck.model import Deck
from support import ankis
from support.browser import browser
from support.commands import preview
from support.packages import build
from support.real_anki import Sides, render

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(params=ankis.ALL)
def anki(request: pytest.FixtureRequest) -> str:
    """Each version of Anki in turn."""
    version: str = request.param
    ankis.require(version)
    return version


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The running browser; a process can have only one."""
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the curated deck's website, which no test may change."""
    folder = tmp_path_factory.mktemp("site") / "preview"
    result = preview(folder, "--cards", str(REPOSITORY / "cards"))
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{folder / 'index.html'}\n"
    return folder


@pytest.fixture(scope="session")
def sides(curated: Deck, tmp_path_factory: pytest.TempPathFactory) -> Sides:
    """The cards of the curated deck as Anki renders them."""
    folder = tmp_path_factory.mktemp("cards")
    return render(folder, build(curated, folder))


class _Silent(SimpleHTTPRequestHandler):
    """Serves files without a word; the website has no icon, for which browsers ask at times."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[str]:
    """The address of the website on a host of this machine.

    What a page stores is sure to be there after a reload; of a page that is opened as a file, Chromium forgets it at
    times if the machine is busy.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
