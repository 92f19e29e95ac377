"""Files that try to hang the tool or to fill the memory: every run ends soon, with little memory and short lines.

`python tests/support/attacks.py` prints what each costs. The limit on seconds here only finds what hangs. It is far
above what is promised, because times differ from machine to machine; memory hardly does.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.attacks import ATTACKS, attack, run
from support.packages import changed, members, zipped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs the bounds on processes that Windows lacks")
DIST = Path(__file__).parents[2] / "dist"
MEMORY = 300  # MiB


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_soon_and_small(name: str, tmp_path: Path) -> None:
    attack(tmp_path, name)
    cost = run(tmp_path, "check", seconds=20)
    assert cost.code in (0, 1), cost
    assert any(each in cost.output for each in ATTACKS[name][2].split("|"))
    assert "Traceback" not in cost.output
    assert cost.memory < MEMORY
    assert not name.startswith("texts of") or "[too-much]" not in cost.output  # otherwise no rule has seen it
    assert max(map(len, cost.output.split("\n"))) < 1000
    if not name.startswith("texts of"):
        build = run(tmp_path, "build", seconds=20)
        assert build.code in (0, 1), build
        assert build.memory < MEMORY


def _in_every_note(field: str) -> Callable[[sqlite3.Connection], object]:
    """Put a text behind the question, the answer and the detail of every note."""

    def change(connection: sqlite3.Connection) -> None:
        for id, fields in connection.execute("SELECT id, flds FROM notes").fetchall():
            values = fields.split("\x1f")
            for at in (0, 1, 5):
                values[at] = f"{values[at]} {field}"
            connection.execute("UPDATE notes SET flds = ? WHERE id = ?", ("\x1f".join(values), id))

    return change


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" {}/>'.format(" ".join(f'a{n}="(/"' for n in range(9_000)))
# What a package of the whole deck can hold within the limits of each part: a text for every note, and pictures.
PACKAGES: dict[str, tuple[str, dict[str, str]]] = {
    "long texts of many words": ("word other " * 4_900, {}),
    "texts whose comparison is slow": (".," * 300, {}),
    "long texts of signs": (".," * 25_000, {}),
    "nothing but markup": ("<p>" * 30_000, {}),
    "nothing but entities": ("&notit;&amp" * 4_900, {}),
    "pictures of 20 MB": ("", {f"x{n}.svg": DRAWING for n in range(210)}),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_of_which_each_part_is_within_its_limit(name: str, tmp_path: Path) -> None:
    text, pictures = PACKAGES[name]
    path = Path(shutil.copy(DIST / "csto-2026-11-28-1.apkg", tmp_path / "deck.apkg"))
    if text:
        changed(path, _in_every_note(text))
    found = members(path)
    listed = json.loads(found["media"]) | {str(1_000 + n): name for n, name in enumerate(pictures)}
    found |= {str(1_000 + n): data.encode() for n, data in enumerate(pictures.values())}
    zipped(path, {**found, "media": json.dumps(listed).encode()})
    cost = run(tmp_path, "inspect", path.name, "--cards", str(DIST.parent / "cards"), seconds=20)
    assert cost.code == 1, cost
    assert cost.memory < MEMORY
    assert len(cost.output) < 100_000
