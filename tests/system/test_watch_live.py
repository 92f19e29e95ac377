"""`watch` as an author uses it: files are saved, broken, fixed, removed and brought back."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from support.commands import PIP
from support.small_deck import FILES, write_deck

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


READY = "watching cards, Ctrl-C ends it"


class Watch:
    """A running `csto-anki watch`, and what it prints."""

    def __init__(self, folder: Path, command: Sequence[str] = ("-m", "csto_anki", "watch")) -> None:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        whole = [sys.executable, "-u", *command]
        self.process = subprocess.Popen(whole, cwd=folder, encoding="utf-8", **pipes)  # type: ignore[call-overload]
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def round(self) -> str:
        """All that it prints in the next round; it waits at most 20 seconds for a line."""
        printed = [self.lines.get(timeout=20)]
        while not printed[-1].endswith(READY):
            printed.append(self.lines.get(timeout=20))
        return "\n".join(printed)

    def until(self, text: str) -> str:
        """The first round from now on that prints a text; one save can be more than one change."""
        for _ in range(5):
            if text in (printed := self.round()):
                return printed
        raise AssertionError(printed)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    write_deck(tmp_path / "cards")
    (tmp_path / "cards" / "schema").mkdir()
    running = Watch(tmp_path)
    yield running
    running.stop()


def packages(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "dist").glob("*.apkg"))


def test_each_save_is_checked_built_and_shown(watch: Watch, tmp_path: Path) -> None:
    assert f"preview{os.sep}index.html" in watch.round()
    (first,) = packages(tmp_path)
    assert "treaty-signed" in (tmp_path / "preview" / "index.html").read_text("utf-8")
    assert '"prelims"' in (tmp_path / "cards" / "schema" / "names.json").read_text("utf-8")
    dates = tmp_path / "cards" / "dates.yaml"
    dates.write_text(FILES["dates.yaml"].replace("05-15", "05-16"), "utf-8")
    watch.until("index.html")
    (second,) = packages(tmp_path)  # the package of the save before is gone
    assert second != first
    assert "16 May 1992" in (tmp_path / "preview" / "index.html").read_text("utf-8")


def save(path: Path, data: bytes | None) -> None:
    """Save a file in one step, as editors do, or delete it (None).

    A file that is just being written would be a deck without its facts.
    """
    if data is None:
        path.unlink()
    else:
        path.with_name(".saving").write_bytes(data)
        path.with_name(".saving").replace(path)


def test_what_is_broken_is_reported_and_the_last_good_package_stays(watch: Watch, tmp_path: Path) -> None:
    watch.round()
    before = packages(tmp_path)
    cards = tmp_path / "cards"
    for name, data, message in (
        ("dates.yaml", b'a:\n  question: "open\n', "cards/dates.yaml:2:13: "),
        ("dates.yaml", b"\xff\xfe", "not UTF-8"),
        ("dates.yaml", None, "cards/dates.yaml:1:1: there is no such file"),
        ("deck.yaml", b"title: x\n", "the key 'description' is missing"),
        ("released.json", b"{", "not JSON"),
    ):
        save(cards / name, data)
        watch.until(message)
        assert packages(tmp_path) == before
    write_deck(cards)
    assert "index.html" in watch.until("index.html")
    assert packages(tmp_path) == before


def test_a_folder_that_goes_and_comes_back_is_watched_again(watch: Watch, tmp_path: Path) -> None:
    watch.round()
    (tmp_path / "cards").rename(tmp_path / "away")
    (tmp_path / "away").rename(tmp_path / "cards")
    write_deck(tmp_path / "new", {"dates.yaml": FILES["dates.yaml"].replace("05-15", "05-17")})
    (tmp_path / "cards").rename(tmp_path / "old")
    (tmp_path / "new").rename(tmp_path / "cards")
    for _ in range(5):
        watch.until("index.html")
        if "17 May 1992" in (tmp_path / "preview" / "index.html").read_text("utf-8"):
            break
    else:
        raise AssertionError
    (tmp_path / "cards" / "dates.yaml").write_text(FILES["dates.yaml"].replace("05-15", "05-18"), "utf-8")
    watch.until("index.html")
    assert "18 May 1992" in (tmp_path / "preview" / "index.html").read_text("utf-8")


@POSIX
def test_an_interruption_ends_it_in_one_line(watch: Watch) -> None:
    watch.round()
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(timeout=30) == 1
    printed = [watch.lines.get(timeout=10), watch.lines.get(timeout=10)]  # the first ends the line of ^C
    assert printed == ["", "csto-anki: interrupted; nothing is half-written"]


def test_without_a_library_of_the_website_it_says_so_and_builds(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    code = """
import sys
sys.modules["jinja2"] = None  # as if it were not installed
sys.argv = ["csto-anki", "watch"]
from csto_anki.__main__ import main
main()
"""
    running = Watch(tmp_path, ("-c", code))
    printed = running.round().splitlines()
    running.stop()
    assert printed[0] == (
        "csto-anki: no website is written, because it needs the template library Jinja; install it: "
        f'{PIP} "jinja2>=3.1,<4"'
    )
    assert len(packages(tmp_path)) == 1
    assert not (tmp_path / "preview").exists()
