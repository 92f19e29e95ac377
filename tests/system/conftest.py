"""Fixtures of the slow tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import ankis
from support.browser import browser
from support.commands import preview

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
