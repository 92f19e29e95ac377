"""`watch` as an author uses it: files are saved, broken, mended, removed and brought back."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from small_deck import FILES, write_deck

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
READY = "watching cards, Ctrl-C ends it"


class Watch:
    """A running `csto-anki watch`, and what it says."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-u", "-m", "csto_anki", "watch"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(command, cwd=folder, encoding="utf-8", **pipes)  # type: ignore[call-overload]
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def round(self) -> str:
        """All that it says in the next round; a minute is the most it may take."""
        said = [self.lines.get(timeout=20)]
        while not said[-1].endswith(READY):
            said.append(self.lines.get(timeout=20))
        return "\n".join(said)

    def until(self, text: str) -> str:
        """The first round from now on that says a text; one save can be more than one change."""
        for _ in range(5):
            if text in (said := self.round()):
                return said
        raise AssertionError(said)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    write_deck(tmp_path / "cards")
    (tmp_path / "cards" / "schema").mkdir()
    running = Watch(tmp_path)
    yield running
    running.process.kill()
    running.process.communicate()


def packages(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "dist").iterdir())


def test_each_save_is_checked_built_and_shown(watch: Watch, tmp_path: Path) -> None:
    said = watch.round()
    assert f"preview{os.sep}index.html" in said
    (first,) = packages(tmp_path)
    assert "treaty-signed" in (tmp_path / "preview" / "index.html").read_text("utf-8")
    assert '"prelims"' in (tmp_path / "cards" / "schema" / "names.json").read_text("utf-8")
    dates = tmp_path / "cards" / "dates.yaml"
    dates.write_text(FILES["dates.yaml"].replace("05-15", "05-16"), "utf-8")
    watch.until("index.html")
    (second,) = packages(tmp_path)  # the package of the save before is gone
    assert second != first
    assert "16 May 1992" in (tmp_path / "preview" / "index.html").read_text("utf-8")


def test_what_is_broken_is_told_and_what_was_good_stays(watch: Watch, tmp_path: Path) -> None:
    watch.round()
    before = packages(tmp_path)
    cards = tmp_path / "cards"
    for break_it, said in (
        (lambda: (cards / "dates.yaml").write_text('a:\n  question: "open\n', "utf-8"), "cards/dates.yaml:2:13: "),
        (lambda: (cards / "dates.yaml").write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda: (cards / "dates.yaml").unlink(), "cards/dates.yaml:1:1: cannot be read: "),
        (lambda: (cards / "deck.yaml").write_text("title: x\n", "utf-8"), "the key 'description' is missing"),
        (lambda: (cards / "released.json").write_text("{", "utf-8"), "not JSON"),
    ):
        break_it()
        watch.until(said)
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
    said = [watch.lines.get(timeout=10), watch.lines.get(timeout=10)]  # the first ends the line of ^C
    assert said == ["", "csto-anki: interrupted; nothing is half-written"]


@pytest.mark.parametrize("name", ["nowhere", "cards/dates.yaml"])
def test_there_must_be_a_folder(name: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    command = [sys.executable, "-m", "csto_anki", "watch", "--cards", name]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == f"csto-anki: {Path(name)}: there is no such folder; name a deck's folder with --cards\n"


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    code = (
        "import sys; sys.modules['watchfiles'] = None; sys.argv[1:] = ['watch']; "
        "from csto_anki.__main__ import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        'csto-anki: watch needs a file watcher; install it: python -m pip install "watchfiles>=1.1,<2"\n'
    )
