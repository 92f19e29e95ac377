"""Fixtures of the slow tests."""

from __future__ import annotations

import pytest

from support import ankis


@pytest.fixture(params=ankis.ALL)
def anki(request: pytest.FixtureRequest) -> str:
    """Each version of Anki in turn."""
    version: str = request.param
    ankis.require(version)
    return version
