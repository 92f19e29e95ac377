"""`build` when it is interrupted, and when the disk is full."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.commands import POSIX, run
from support.small_deck import FILES, write_deck


@POSIX
@pytest.mark.parametrize("limit", [0, 4096, 40_000])
def test_a_disk_that_fills_up(limit: int, tmp_path: Path) -> None:
    """A limit on the size of files acts like a full disk, on every machine."""
    import resource

    write_deck(tmp_path / "cards")
    run(tmp_path, "build", "--output", "a.apkg")
    before = (tmp_path / "a.apkg").read_bytes()
    write_deck(tmp_path / "cards", {"dates.yaml": FILES["dates.yaml"].replace("1992", "1993")})
    result = run(
        tmp_path,
        *("build", "--quiet", "--output", "a.apkg"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("csto-anki: cannot write a.apkg: ")
    assert len(result.stderr.splitlines()) == 1
    assert (tmp_path / "a.apkg").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.apkg", "cards"]


@POSIX
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interruption_is_one_line(name: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    code = """
import sys, time
from csto_anki import files
from csto_anki.__main__ import main
def load(*_):
    print("reads", flush=True)
    time.sleep(60)
files.load = load
sys.argv[1:] = ["build"]
main()
"""
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "reads\n"
    process.send_signal(getattr(signal, name))
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (1, "")
    assert stderr.strip() == "csto-anki: interrupted; nothing is half-written"
    assert [path.name for path in tmp_path.iterdir()] == ["cards"]


@POSIX
def test_interrupted_at_any_moment_nothing_is_left(tmp_path: Path) -> None:
    """The old package or the new one, whole; and no working folder beside it."""
    write_deck(tmp_path / "cards")
    run(tmp_path, "build", "--output", "dist/a.apkg", "--today", "2026-11-24")
    old = (tmp_path / "dist" / "a.apkg").read_bytes()
    run(tmp_path, "build", "--output", "dist/b.apkg", "--today", "2026-11-25")
    new = (tmp_path / "dist" / "b.apkg").read_bytes()
    command = [sys.executable, "-m", "csto_anki", "build", "--output", "dist/a.apkg", "--today", "2026-11-25"]
    for tenths in range(1, 13):
        (tmp_path / "dist" / "a.apkg").write_bytes(old)
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(0.1 + tenths / 40)  # from the start of the imports to after the end
        process.terminate()
        _, stderr = process.communicate(timeout=60)
        assert "Traceback" not in stderr
        assert (tmp_path / "dist" / "a.apkg").read_bytes() in (old, new)
        assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == ["a.apkg", "b.apkg"]
