"""The pictures of the deck: they draw only what may be drawn, and each has its origin and licence."""

from __future__ import annotations

import re
from pathlib import Path

from csto_anki.deck.reader import read

REPOSITORY = Path(__file__).parents[2]
MEDIA = REPOSITORY / "cards" / "media"
MAPS = {path.stem: path.read_text("utf-8") for path in sorted(MEDIA.glob("map-*.svg"))}

# States of the former Soviet Union: members, former members, and their neighbours.
DRAWN = {
    *("armenia", "azerbaijan", "belarus", "estonia", "georgia", "kazakhstan", "kyrgyzstan", "latvia", "lithuania"),
    *("moldova", "russia", "tajikistan", "turkmenistan", "ukraine", "uzbekistan"),
}
NAMES = {name.capitalize() for name in DRAWN} | {"Black Sea", "Caspian Sea", "Baltic Sea", "disputed"}
PLACES = {"A", "B", "C", "D", "A Moscow", "B St Petersburg", "C Tashkent", "D Chisinau"}
LAND = "#d8d4c8"


def test_only_states_that_may_be_drawn_are() -> None:
    """No border of India or of its neighbours: every filled area is one of these states, or the one plain land.

    The only other lines are one path, where two of these states meet, and the edges of the disputed areas.
    """
    for name, text in MAPS.items():
        paths = re.findall(r"<path ([^>]*) d=", text)
        land = [path for path in paths if path == f'fill="{LAND}"']
        states = [path for path in paths if re.fullmatch(r'id="[a-z]+" fill="#[0-9a-f]{6}"', path)]
        lines = [path for path in paths if path.startswith('fill="none" stroke=')]
        hatched = [path for path in paths if path.startswith('fill="url(#hatch)"')]
        assert len(land) == 1, name
        assert len(lines) == 1, name
        assert len(paths) == len(land) + len(states) + len(lines) + len(hatched), name
        assert {re.split('"', path)[1] for path in states} <= DRAWN, name
        assert "stroke" not in "".join(land + states), name


def test_no_other_state_is_named() -> None:
    for name, text in MAPS.items():
        assert set(re.findall(r">([^<\n]+)</text>", text)) <= NAMES | PLACES, name


def test_what_is_disputed_is_hatched_and_called_so() -> None:
    for name, text in MAPS.items():
        assert ("disputed</text>" in text) == ('<path fill="url(#hatch)"' in text), name
    for name in ("map-georgia", "map-armenia", "map-six", "map-left", "map-russia"):
        assert "disputed</text>" in MAPS[name]
    assert MAPS["map-georgia"].count('<path fill="url(#hatch)"') == 2  # Abkhazia and South Ossetia
    assert MAPS["map-places"].count('<path fill="url(#hatch)"') == 3  # and Crimea


def test_a_map_without_names_names_nothing() -> None:
    for name, text in MAPS.items():
        if not name.endswith("-named"):
            assert set(re.findall(r">([^<\n]+)</text>", text)) <= {"disputed", "A", "B", "C", "D"}, name
            assert MAPS[f"{name}-named"]


def test_each_picture_has_its_origin_and_licence() -> None:
    table = dict(re.findall(r"^\| `([^`]+)` \| .* \| (.*) \|$", (MEDIA / "README.md").read_text("utf-8"), re.MULTILINE))
    assert set(table) == {path.name for path in MEDIA.iterdir() if path.name != "README.md"}
    assert set(table.values()) == {"public domain", "MIT"}
    assert {name for name, licence in table.items() if licence == "MIT"} == {
        path.name for path in MEDIA.glob("flag-*.svg")
    }
    for path in MEDIA.glob("flag-*.svg"):
        assert "MIT licence, copyright (c) 2013 Panayiotis Lipiridis" in path.read_text("utf-8")


def test_each_member_and_former_member_has_a_map_and_a_flag() -> None:
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, problems
    shown = {picture.file for fact in deck.facts for _, picture in fact.pictures()}
    for state in ("armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan", "azerbaijan", "georgia"):
        assert {f"map-{state}.svg", f"map-{state}-named.svg", f"flag-{state}.svg"} <= shown
    assert {"map-uzbekistan.svg", "flag-uzbekistan.svg", "map-six.svg", "map-left.svg", "map-places.svg"} <= shown


def test_every_map_says_whose_shapes_it_has() -> None:
    deck, problems = read(REPOSITORY / "cards")
    assert deck is not None, problems
    for fact in deck.facts:
        if fact.image and fact.image.file.startswith("map-"):
            assert "Natural Earth" in fact.detail, fact.id
            hatched = 'url(#hatch)" stroke' in MAPS[fact.image.file.removesuffix(".svg")]
            assert hatched == ("hatched is disputed" in fact.detail), fact.id
