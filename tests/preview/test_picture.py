"""The picture of a card that a release makes, with a real browser."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from csto_anki.preview import picture
from support import browser
from support.commands import POSIX, call
from support.small_deck import FILES, write_deck


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_a_release_has_a_picture_of_its_first_plain_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROME_PATH", browser.require())
    write_deck(tmp_path / "cards")
    first = call(tmp_path, "release", "--date", "2026-06-01")
    assert (first.returncode, "a picture" in first.stderr) == (0, False), first.stderr
    taken = (tmp_path / "dist" / "card.png").read_bytes()
    assert size_of(taken) == (840, 1080)
    # A detail makes that card the first plain one, so the next release shows another one.
    detailed = FILES["bodies.yaml"].replace("  sources:", "  detail: They meet once a year.\n  sources:")
    (tmp_path / "cards" / "bodies.yaml").write_text(detailed)
    second = call(tmp_path, "release", "--date", "2026-06-02")
    assert second.returncode == 0, second.stderr
    assert (tmp_path / "dist" / "card.png").read_bytes() != taken


@POSIX
@pytest.mark.parametrize(
    ("script", "reason"), [("exit 1", "made no picture"), ("exec sleep 60", "did not end within 1 seconds")]
)
def test_a_browser_that_fails_does_not_stop_a_release(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROME_PATH", str(program))
    monkeypatch.setattr(picture, "_MAX_SECONDS", 1)
    write_deck(tmp_path / "cards")
    result = call(tmp_path, "release")
    assert result.returncode == 0
    assert f"csto-anki: a picture of a card is optional; it needs a browser: {program} {reason}\n" in result.stderr
    assert not (tmp_path / "dist" / "card.png").exists()


@POSIX
def test_the_browser_is_searched_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chrome"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROME_PATH", "")
    assert picture.browser() is None
    monkeypatch.setenv("CHROME_PATH", str(program))
    assert picture.browser() == str(program)
    monkeypatch.delenv("CHROME_PATH")
    assert picture.browser() == str(program)
