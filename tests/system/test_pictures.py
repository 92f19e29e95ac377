"""The pictures of the deck: they draw only what may be drawn, and each has its origin and licence."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from csto_anki.deck import images
from csto_anki.deck.model import Deck
from csto_anki.deck.reader import read

REPOSITORY = Path(__file__).parents[2]
MEDIA = REPOSITORY / "cards" / "media"
MAPS = {path.stem: path.read_text("utf-8") for path in sorted(MEDIA.glob("map-*.svg"))}
# Those that only retired cards show, by their SHA-256: they stay as they were released, in their own colours.
OLD = {
    "map-places": "ab3251d28c63cf2817ed6bc8f05af7867a74e1266a84a22a8b695cb97b99491e",
    "map-places-named": "acd9df5b1a3b073e720776a12a24db26e88090896508d61a0be57d2009d708a8",
}

# States of the former Soviet Union: members, former members, and their neighbours.
DRAWN = {
    *("armenia", "azerbaijan", "belarus", "estonia", "georgia", "kazakhstan", "kyrgyzstan", "latvia", "lithuania"),
    *("moldova", "russia", "tajikistan", "turkmenistan", "ukraine", "uzbekistan"),
}
# Neighbours that have a name, but no border. India, Pakistan and what lies between them must not be here.
FOREIGN = {
    *("Afghanistan", "China", "Finland", "Hungary", "Iran", "Mongolia", "North Korea", "Norway", "Poland", "Romania"),
    *("Slovakia", "Turkey"),
}
SEAS = {
    *("Arctic Ocean", "Baltic Sea", "Barents Sea", "Black Sea", "Caspian Sea", "Sea of Azov", "Sea of Okhotsk"),
}
NAMES = {name.capitalize() for name in DRAWN} | FOREIGN | SEAS | {"disputed"}
LETTERS = {"A", "B", "C", "D"}
PLACES = {
    "map-places-named": {"A Moscow", "B St Petersburg", "C Tashkent", "D Chisinau"},
    "map-place-tashkent-named": {"A Yerevan", "B Minsk", "C Tashkent", "D Moscow"},
    "map-place-chisinau-named": {"A Kyiv", "B Astana", "C Tbilisi", "D Chisinau"},
}
# Which land neighbours each map of a state must name.
NEIGHBOURS = {
    "armenia": "Azerbaijan, Georgia, Iran, Turkey",
    "azerbaijan": "Armenia, Georgia, Iran, Russia, Turkey",
    "belarus": "Latvia, Lithuania, Poland, Russia, Ukraine",
    "georgia": "Armenia, Azerbaijan, Russia, Turkey",
    "kazakhstan": "China, Kyrgyzstan, Russia, Turkmenistan, Uzbekistan",
    "kyrgyzstan": "China, Kazakhstan, Tajikistan, Uzbekistan",
    "russia": "Azerbaijan, Belarus, China, Estonia, Finland, Georgia, Kazakhstan, Latvia, Lithuania, Mongolia, "
    "North Korea, Norway, Poland, Ukraine",
    "tajikistan": "Afghanistan, China, Kyrgyzstan, Uzbekistan",
    "turkmenistan": "Afghanistan, Iran, Kazakhstan, Uzbekistan",
    "ukraine": "Belarus, Hungary, Moldova, Poland, Romania, Russia, Slovakia",
    "uzbekistan": "Afghanistan, Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan",
}

LAND, LINE, INK = "#eeebe2", "#ffffff", "#14232c"
OLD_LAND, OLD_LINE = "#d8d4c8", "#f4f1ea"
SMALLEST, SMALLEST_OF_KEY, LETTER = 12.5, 11, 17  # of 360 units; many screens show 288 pixels of them
WIDTH_OF_LETTER = 0.6  # of its height, on the whole: phones have about 0.56, a wide font has 0.66
FRAME = (
    rf'<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+" fill="none" stroke="{INK}" stroke-width="[\d.]+"/>'
)
LEADER = rf'<line x1="[-\d.]+" y1="[-\d.]+" x2="[\d.]+" y2="[\d.]+" stroke="{INK}" stroke-width="0.8"/>'
KEY = rf'<rect x="\d+" y="\d+" width="72" height="15" fill="{LINE}" fill-opacity="0.9"/>'
KEY_HATCHED = rf'<rect x="\d+" y="\d+" width="12" height="9" fill="url\(#hatch\)" stroke="{INK}" stroke-width="0.4"/>'
DOT = rf'<circle cx="[\d.]+" cy="[\d.]+" r="(?:4.5|7)" fill="#[0-9a-f]{{6}}" stroke="{LINE}"/>'


def words(text: str) -> list[str]:
    """What a map says, label by label. A label can have rows, or a name in smaller letters behind its letter."""
    labels = re.findall(r"<text [^>]*>(.*?)</text>", text, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", label)).strip() for label in labels]


def parts(text: str) -> list[str]:
    """A map and, if it has one, its inset."""
    before, _, inset = text.partition('<g id="inset">')
    return [before, *([inset.partition("</g>")[0]] if inset else [])]


def test_only_states_that_may_be_drawn_are() -> None:
    """No border of India or of its neighbours: every filled area is one of these states, or the one plain land.

    The only other lines are one path, where two of these states meet, and the edges of the disputed areas.
    """
    for name, text in MAPS.items():
        for part in parts(text):
            paths = re.findall(r"<path ([^>]*) d=", part)
            land = [path for path in paths if path == f'fill="{OLD_LAND if name in OLD else LAND}"']
            states = [path for path in paths if re.fullmatch(r'id="[a-z-]+" fill="#[0-9a-f]{6}"', path)]
            line = f'fill="none" stroke="{OLD_LINE if name in OLD else LINE}" stroke-width="0.8"'
            lines = [path for path in paths if path == line]
            hatched = [path for path in paths if path.startswith('fill="url(#hatch)"')]
            assert len(land) == 1, name
            assert len(lines) == 1, name
            assert len(paths) == len(land) + len(states) + len(lines) + len(hatched), name
            found = [re.split('"', path)[1] for path in states]
            assert len(found) == len(set(found)), name
            assert {state.removeprefix("inset-") for state in found} <= DRAWN, name
            assert all(state.startswith("inset-") == ("inset" in part) for state in found), name
            assert "stroke" not in "".join(land + states), name
        assert text.count("<path") == sum(len(re.findall(r"<path [^>]* d=", part)) for part in parts(text)), name


def test_what_is_no_path_is_no_border() -> None:
    """Beside paths: the sea below, frames of an inset, lines from a name to its state, dots, the key, and words."""
    for name in MAPS.keys() - OLD.keys():
        text = re.sub(r"<defs>.*</defs>", "", MAPS[name])
        shapes = re.findall(r"<(?!/|!--|svg |path |text |tspan |g id=\"inset\">)[^>]*>", text)
        seas = [shape for shape in shapes if re.fullmatch(r'<rect [^>]*fill="#b4d3e3"/>', shape)]
        frames = [shape for shape in shapes if re.fullmatch(FRAME, shape)]
        leaders = [shape for shape in shapes if re.fullmatch(LEADER, shape)]
        dots = [shape for shape in shapes if re.fullmatch(DOT, shape)]
        key = [shape for shape in shapes if re.fullmatch(f"{KEY}|{KEY_HATCHED}", shape)]
        assert len(shapes) == len(seas) + len(frames) + len(leaders) + len(dots) + len(key), name
        assert len(seas) == len(parts(text)), name
        assert len(frames) == (2 if name.startswith("map-six") else 0), name
        assert not leaders or name.endswith("-named"), name
        assert len(dots) == (4 if name.startswith("map-place-") else 0), name
        assert len(key) == (2 if "disputed" in words(text) else 0), name


def test_no_other_state_is_named() -> None:
    for name, text in MAPS.items():
        letters = LETTERS if name.startswith("map-place") else set()
        assert set(words(text)) <= NAMES | PLACES.get(name, letters), name


def test_a_map_names_the_state_and_all_its_neighbours_on_land() -> None:
    for state, neighbours in NEIGHBOURS.items():
        assert {state.capitalize(), *neighbours.split(", ")} <= set(words(MAPS[f"map-{state}-named"])), state
    members = {"Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan"}
    assert members <= set(words(MAPS["map-six-named"]))
    assert {"Armenia", "Azerbaijan", "Georgia"} <= set(words(parts(MAPS["map-six-named"])[1]))
    assert {"Azerbaijan", "Georgia", "Uzbekistan", "Caspian Sea"} <= set(words(MAPS["map-left-named"]))


def test_the_old_maps_stay_as_they_were_released() -> None:
    assert {name: hashlib.sha256((MEDIA / f"{name}.svg").read_bytes()).hexdigest() for name in OLD} == OLD


def test_each_letter_is_on_a_map_of_places_once() -> None:
    for name, places in PLACES.items():
        assert places <= set(words(MAPS[name])), name
        assert sorted(set(words(MAPS[name.removesuffix("-named")])) - {"disputed"}) == sorted(LETTERS), name
    tashkent, chisinau = PLACES["map-place-tashkent-named"], PLACES["map-place-chisinau-named"]
    assert "C Tashkent" in tashkent  # the released answers
    assert "D Chisinau" in chisinau
    assert not {place[2:] for place in tashkent} & {place[2:] for place in chisinau}


def test_what_is_disputed_is_hatched_and_called_so() -> None:
    for name, text in MAPS.items():
        assert ("disputed</text>" in text) == ('<path fill="url(#hatch)"' in text), name
    for name in ("map-georgia", "map-armenia", "map-six", "map-left", "map-russia", "map-ukraine"):
        assert "disputed</text>" in MAPS[name]
    assert MAPS["map-georgia"].count('<path fill="url(#hatch)"') == 2  # Abkhazia and South Ossetia
    assert MAPS["map-places"].count('<path fill="url(#hatch)"') == 3  # and Crimea
    assert MAPS["map-ukraine"].count('<path fill="url(#hatch)"') == 1  # Crimea


def shapes(text: str) -> list[str]:
    """The paths of a map without their colours: the answer can have one of its own on the back."""
    return [re.sub(r' fill="#[0-9a-f]{6}"', "", path) for path in re.findall(r"<path .*", text)]


def test_a_map_without_names_names_nothing() -> None:
    for name, text in MAPS.items():
        if not name.endswith("-named"):
            assert set(words(text)) <= {"disputed", *LETTERS}, name
            with_names = MAPS[f"{name}-named"]
            assert shapes(text) == shapes(with_names), name


def test_words_can_be_read_on_a_small_screen() -> None:
    for name in MAPS.keys() - OLD.keys():
        sizes = []
        for attributes, label in re.findall(r"<text ([^>]*)>(.*?)</text>", MAPS[name]):
            found = [float(size) for size in re.findall(r'font-size="([\d.]+)"', attributes + label)]
            assert min(found) >= (SMALLEST_OF_KEY if label == "disputed" else SMALLEST), (name, label)
            if label[:1] in LETTERS and name.startswith("map-place-"):
                assert found[0] >= LETTER, (name, label)
            sizes.append((found[0], label))
        state = name.removeprefix("map-").removesuffix("-named")
        if state in NEIGHBOURS and name.endswith("-named"):
            largest, second = sorted(sizes, reverse=True)[:2]
            assert largest[1] == state.capitalize(), name
            assert largest[0] >= 15 > second[0], name


def boxes(text: str) -> list[tuple[str, float, float, float, float]]:
    """Each row of words, with about where it begins, ends, has its top and has its bottom."""
    found = []
    for attributes, label in re.findall(r"<text ([^>]*)>(.*?)</text>", text):
        size = float(re.findall(r'font-size="([\d.]+)"', attributes)[0])
        anchor = "".join(re.findall(r'text-anchor="(\w+)"', attributes)) or "start"
        rows = re.findall(r"<tspan ([^>]*y=[^>]*)>([^<]*)", label) or [(attributes, label)]
        for place, row in rows:
            x, y = (float(re.findall(rf'\b{axis}="([-\d.]+)"', place)[0]) for axis in "xy")
            small = re.findall(r'<tspan font-size="([\d.]+)">([^<]*)', row)
            width = sum(float(each) * len(name) for each, name in small) + size * len(row.partition("<")[0])
            left = x - {"start": 0, "middle": 0.5, "end": 1}[anchor] * width * WIDTH_OF_LETTER
            found.append((f"{label}: {row}", left, left + width * WIDTH_OF_LETTER, y - size * 0.75, y + size * 0.22))
    return found


def test_no_words_leave_the_picture_or_lie_over_others() -> None:
    for name in MAPS.keys() - OLD.keys():
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', MAPS[name])[0])
        found = boxes(MAPS[name])
        for label, left, right, top, bottom in found:
            assert left >= 0, (name, label)
            assert right <= width, (name, label)
            assert top >= 0, (name, label)
            assert bottom <= height, (name, label)
        for one, other in itertools.combinations(found, 2):
            is_beside = one[2] <= other[1] or other[2] <= one[1] or one[4] <= other[3] or other[4] <= one[3]
            assert is_beside, (name, one[0], other[0])


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
    assert {"map-place-tashkent.svg", "map-place-chisinau.svg", "map-turkmenistan.svg", "map-ukraine.svg"} <= shown


def test_every_map_says_whose_shapes_it_has(taught: Deck) -> None:
    """In small print, with its source; and whether disputes are marked."""
    maps = [fact for fact in taught.facts if fact.image and fact.image.file.startswith("map-")]
    assert len(maps) >= 15
    for fact in maps:
        assert fact.image
        (where,) = (each.where for each in fact.sources if each.source == "natural-earth" and each.where)
        is_hatched = '<path fill="url(#hatch)"' in MAPS[fact.image.file.removesuffix(".svg")]
        hatched = "hatched areas are disputed, other disputes are not marked"
        assert where == f"shapes of about 2018; {hatched if is_hatched else 'disputes are not marked'}", fact.id
        assert not re.search("Natural Earth|hatched", fact.detail), fact.id


@pytest.mark.parametrize(
    ("kind", "suffix", "where"),
    [("image/png", "png", ""), ("image/jpeg", "jpg", "segment E2"), ("image/webp", "webp", "part ICCP")],
)
def test_what_a_browser_saves(kind: str, suffix: str, where: str, chromium: Browser) -> None:
    """Pictures as another program writes them. Into two kinds, Chromium puts a profile that names its maker."""
    page = chromium.new_page()
    address = page.evaluate(
        """(kind) => {
          const canvas = Object.assign(document.createElement("canvas"), {width: 200, height: 150});
          const context = canvas.getContext("2d");
          const colours = context.createLinearGradient(0, 0, 200, 150);
          colours.addColorStop(0, "red");
          colours.addColorStop(1, "blue");
          context.fillStyle = colours;
          context.fillRect(0, 0, 200, 150);
          return canvas.toDataURL(kind);
        }""",
        kind,
    )
    page.close()
    data = base64.b64decode(address.partition(",")[2])
    metadata = f"it has metadata, such as place, time, camera or author (in a {where})"
    assert [problem.message for problem in images.faults("a", f"a.{suffix}", data)] == ([metadata] if where else [])
    for length in range(0 if where else len(data) - 40, 0 if where else len(data)):
        (problem,) = images.faults("a", f"a.{suffix}", data[:length])
        assert problem.message == "it is damaged or cut off"
