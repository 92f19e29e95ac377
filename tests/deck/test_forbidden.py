"""The quick search for forbidden characters finds what the pattern finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csto_anki.deck.characters import FORBIDDEN, forbidden

REPOSITORY = Path(__file__).parents[2]
# What English, Russian and Hindi texts have, the joiners, and some of what is forbidden.
CHARACTERS = st.sampled_from("aZ0 .\n\t\r\x00\x7f\x85\xa0\xad–“жक्ह\u200c\u200d\u200b\u2028\ufeff\ufffe\U000e0041\ud800")


@settings(max_examples=2_000, deadline=None)
@given(st.text(CHARACTERS, max_size=8) | st.text(max_size=8))
def test_random_texts(text: str) -> None:
    quick, slow = forbidden(text), FORBIDDEN.search(text)
    assert (quick and quick.span()) == (slow and slow.span())


@pytest.mark.parametrize("pattern", ["*.yaml", "media/*.svg"])
def test_the_real_deck_has_none(pattern: str) -> None:
    for file in (REPOSITORY / "cards").glob(pattern):
        text = file.read_text("utf-8")
        assert forbidden(text) is FORBIDDEN.search(text) is None, file
        assert forbidden(f"{text}\u200b"), file
