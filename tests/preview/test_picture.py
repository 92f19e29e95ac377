"""The picture of a card that a release makes, with a real browser."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from unittest import mock

import pytest

from csto_anki.preview import picture
from support import browser
from support.commands import POSIX, call, run_without
from support.small_deck import FILES, write_deck


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_a_release_has_a_picture_of_its_first_plain_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROME_PATH", browser.require())
    write_deck(tmp_path / "cards")
    first = call(tmp_path, "release", "--date", "2026-06-01")
    assert (first.returncode, "no picture" in first.stderr) == (0, False), first.stderr
    taken = (tmp_path / "dist" / "card.png").read_bytes()
    assert size_of(taken) == (840, 1080)
    # A detail makes that card the first plain one, so the next release shows another one.
    detailed = FILES["bodies.yaml"].replace("  sources:", "  detail: They meet once a year.\n  sources:")
    (tmp_path / "cards" / "bodies.yaml").write_text(detailed)
    second = call(tmp_path, "release", "--date", "2026-06-02")
    assert second.returncode == 0, second.stderr
    assert (tmp_path / "dist" / "card.png").read_bytes() != taken


@POSIX
@pytest.mark.parametrize("script", ["exit 1", "exec sleep 60", "sleep 60 & sleep 60"])
def test_a_browser_that_fails_does_not_stop_a_release(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROME_PATH", str(program))
    monkeypatch.setattr(picture, "_MAX_SECONDS", 1)
    write_deck(tmp_path / "cards")
    result = call(tmp_path, "release")
    assert result.returncode == 0
    assert (
        "csto-anki: no picture of a card was made (it is optional); one in the next release needs a browser that takes "
        f"it: {program} did not, within 1 seconds\n"
    ) in result.stderr
    assert not (tmp_path / "dist" / "card.png").exists()


@POSIX
def test_if_one_browser_takes_no_picture_the_next_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On some systems, one that is installed does not start."""
    for name, script in (("google-chrome", "exit 1"), ("chromium", 'for last; do :; done; exec "$REAL" "$@"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("REAL", browser.require())
    monkeypatch.delenv("CHROME_PATH")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    write_deck(tmp_path / "cards")
    result = call(tmp_path, "release")
    assert (result.returncode, "no picture" in result.stderr) == (0, False), result.stderr
    assert size_of((tmp_path / "dist" / "card.png").read_bytes()) == (840, 1080)


@pytest.mark.parametrize("error", [ImportError("no such library"), OSError(5, "Input/output error")])
def test_a_broken_anki_does_not_stop_a_release(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "browsers", lambda: ["chrome"])
    monkeypatch.setattr(picture, "card_picture", mock.Mock(side_effect=error))
    write_deck(tmp_path / "cards")
    result = call(tmp_path, "release")
    assert result.returncode == 0
    reason = "no such library" if isinstance(error, ImportError) else "Input/output error"
    assert f"no picture of a card was made (it is optional); one in the next release needs {reason}\n" in result.stderr


def test_all_that_a_picture_needs_is_named_at_once(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run_without(("anki",), tmp_path, "release")
    assert result.returncode == 0
    needs = "Chrome, Chromium or Edge (if it is installed, name it in CHROME_PATH) and Anki itself; install it: "
    assert (
        f"csto-anki: no picture of a card was made (it is optional); one in the next release needs {needs}"
        in result.stderr
    )


@POSIX
def test_the_browser_is_searched_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = [tmp_path / "chrome", tmp_path / "chromium"]
    for program in programs:
        program.write_text("")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROME_PATH", "")
    assert picture.browsers() == []
    monkeypatch.setenv("CHROME_PATH", str(programs[0]))
    assert picture.browsers() == [str(programs[0])]
    monkeypatch.delenv("CHROME_PATH")
    assert picture.browsers() == [str(programs[1]), str(programs[0])]
