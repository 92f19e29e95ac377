"""Files that try to hang the tool or to fill the memory: every run ends soon, with little memory and short lines.

`python tests/support/attacks.py` prints what each costs. The limit on seconds here only finds what hangs. It is far
above what is promised, because times differ from machine to machine; memory hardly does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.attacks import ATTACKS, attack, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs the bounds on processes that Windows lacks")
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
