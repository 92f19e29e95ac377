"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from csto_anki.deck import edition
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read


@pytest.fixture(scope="session", autouse=True)
def _the_programs_that_tests_start() -> None:
    """Let them run the code of this folder, whatever copy of it is installed, and print the same in every locale."""
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")
    os.environ["PYTHONUTF8"] = "1"
    os.environ["CHROME_PATH"] = ""  # a browser takes a second at each release


@pytest.fixture(scope="session")
def curated() -> Deck:
    """The deck in `cards`, which every test may read and none may change."""
    deck, problems = read(Path(__file__).parents[1] / "cards")
    assert deck is not None, "\n".join(map(str, problems))
    return deck


@pytest.fixture(scope="session")
def hindi() -> Deck:
    """The Hindi edition in `cards/hi`, which every test may read and none may change."""
    deck, problems = edition.read(Path(__file__).parents[1] / "cards" / "hi")
    assert deck is not None, "\n".join(map(str, problems))
    return deck


@pytest.fixture(scope="session")
def taught(curated: Deck) -> Deck:
    """The deck in `cards` as a new learner gets it: without retired facts, and what only these need."""
    facts = tuple(fact for fact in curated.facts if not fact.retired)
    cited = {citation.source for fact in facts for citation in fact.sources}
    return replace(curated, facts=facts, sources={key: curated.sources[key] for key in curated.sources if key in cited})


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project with two releases of the small deck; its cards are those of the second one.

    All tests share it, so none may change it.
    """
    from support.releases import FIRST, JUNE, SECOND, release  # here, because most tests do not need it

    folder = tmp_path_factory.mktemp("project")
    release(folder, FIRST, "2026.06.01", JUNE)
    release(folder, SECOND, "2026.07.01", JUNE + 30 * 86400)
    return folder
