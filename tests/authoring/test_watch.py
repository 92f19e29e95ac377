"""`watch` before it begins to wait; tests/system has what it does after a save."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import watchfiles

from csto_anki.authoring.watch import changes
from support.commands import PIP, run, run_without
from support.small_deck import SVG, write_deck


@pytest.mark.parametrize("name", ["nowhere", "cards/dates.yaml"])
def test_there_must_be_a_folder(name: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run(tmp_path, "watch", "--cards", name)
    assert result.returncode == 1
    assert result.stderr == f"csto-anki: {Path(name)}: there is no such folder; name a deck's folder with --cards\n"


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    result = run_without(("watchfiles",), tmp_path, "watch")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (f'csto-anki: watch needs a file watcher; install it: {PIP} "watchfiles>=1.1,<2"\n')


def test_each_change_is_a_step_and_a_schema_is_none(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    steps = changes(cards)
    next(steps)
    write_deck(cards, {"schema/facts.json": "{}"})  # which a step writes
    write_deck(cards, {"media/map.svg": "<svg/>"})
    next(steps)
    (cards / "dates.yaml").unlink()
    next(steps)


def test_a_folder_may_go_just_before_it_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = write_deck(tmp_path / "cards")
    steps = changes(cards)
    next(steps)

    def replace(folder: Path, **_: object) -> Iterator[None]:
        monkeypatch.undo()
        shutil.rmtree(folder)
        with pytest.raises(FileNotFoundError):
            next(watchfiles.watch(folder))
        write_deck(folder, {"dates.yaml": "# one more comment"})
        raise FileNotFoundError

    monkeypatch.setattr(watchfiles, "watch", replace)
    next(steps)
    assert (cards / "dates.yaml").read_text("utf-8") == "# one more comment"


@pytest.mark.parametrize("error", [OSError("OS file watch limit reached."), RuntimeError("no watch")])
def test_without_a_watch_of_the_system_it_looks_by_itself(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux gives each user so many watches, and other programs may have taken all."""

    def fail(*_: object, **__: object) -> None:
        raise error

    cards = write_deck(tmp_path / "cards")
    monkeypatch.setattr(watchfiles, "watch", fail)
    steps = changes(cards)
    next(steps)
    (cards / "dates.yaml").write_text("# new")
    next(steps)


def test_a_picture_that_changes_is_a_step(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards", {"media/map.svg": SVG.format("map")})
    steps = changes(cards)
    next(steps)
    (cards / "media" / "map.svg").write_text(SVG.format("another-map"))
    changed = threading.Thread(target=next, args=(steps,), daemon=True)
    changed.start()
    changed.join(10)
    assert not changed.is_alive()
