"""How a card looks: what its templates and style may hold, and that its colours can be read."""

from __future__ import annotations

import re

import pytest

from csto_anki.note.note_type import FIELDS, STYLING, VERSION_FIELD, looks

CSS = re.sub(r"/\*.*?\*/", "", looks()[STYLING], flags=re.DOTALL)
RULES = [
    (selectors.strip(), dict(re.findall(r"([\w-]+):\s*([^;]+);", body)))
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)
]
DAY = next(body for selectors, body in RULES if selectors == ".card")
NIGHT = {**DAY, **next(body for selectors, body in RULES if ".nightMode" in selectors and "--paper" in body)}


def contrast(one: str, other: str) -> float:
    """Of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.2, "contrast ratio")."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize("mode", ["day", "night"])
def test_every_text_can_be_read_by_day_and_by_night(mode: str) -> None:
    """Each colour of a text against the paper that its rule gives it, or else the card's, and the answer's links."""
    colours = {"day": DAY, "night": NIGHT}[mode]
    found = 0
    for selectors, body in RULES:
        if body.get("color", "inherit") != "inherit":
            papers = [body["background"]] if "background" in body else ["var(--paper)"]
            for paper in papers:
                ratio = contrast(*(colours[text[4:-1]] for text in (body["color"], paper)))
                assert ratio >= 4.5, f"{selectors}: {ratio:.2f}"
                found += 1
    assert found >= 10


def test_all_colours_stand_in_one_place_and_have_a_night() -> None:
    """So that the test above sees them all."""
    for selectors, body in RULES:
        for name, value in body.items():
            if not name.startswith("--"):
                assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", value), f"{selectors}: {name}: {value}"
    day = {name for name in DAY if name.startswith("--")}
    night = next(body for selectors, body in RULES if ".nightMode" in selectors and "--paper" in body)
    # Anki's desktop colours `body.nightMode`, so the two stand here again, where they count for more than that.
    assert night.keys() == day | {"background", "color"}
    assert ".card.nightMode" in CSS and ".card.night_mode" in CSS
    assert "prefers-color-scheme" not in CSS


def test_nothing_comes_from_the_network_and_nothing_runs() -> None:
    for name, text in looks().items():
        assert not re.search(r"@import|url\(|https?:|<script|<link|\bon[a-z]+=|javascript:", text), name


def test_every_field_shows_where_it_belongs() -> None:
    templates = looks()
    names = {field.name for field in FIELDS if field.label}
    shown = {name: set(re.findall(r"\{\{[#/^]?(\w+)\}\}", text)) for name, text in templates.items()}
    assert shown["Question front"] == {"Question", "About", "Statements", "Image", "Retired", "Language"}
    assert shown["Reverse front"] == {"Reverse", "Spare3", "Retired", "Language"}
    hint = "give each field that a template shows a label in note/note_type.py, and show each field that has one"
    assert set.union(*shown.values()) - {"FrontSide"} == names, hint
    assert VERSION_FIELD in shown["Question back"]
    assert '<hr id="answer">' in templates["Question back"]
    assert "{{#Reverse}}" in templates["Reverse front"]
