"""Nothing is endless: files that mean to hang the tool or to fill the memory end in a line, soon and small.

`python tests/attacks.py` prints what each costs. Here the seconds are a bound for what hangs, far above what is
promised, for machines are noisy; memory is not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attacks import ATTACKS, attack, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs the bounds on processes that Windows lacks")
MEMORY = 300  # MiB


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_soon_and_small(name: str, tmp_path: Path) -> None:
    attack(tmp_path, name)
    cost = run(tmp_path, "check", seconds=20)
    assert cost.code in (0, 1), cost
    assert any(each in cost.said for each in ATTACKS[name][2].split("|"))
    assert "Traceback" not in cost.said
    assert cost.memory < MEMORY
    assert not name.startswith("texts of") or "[too-much]" not in cost.said  # else no rule has seen it
    assert max(map(len, cost.said.split("\n"))) < 1000
    if not name.startswith("texts of"):
        build = run(tmp_path, "build", seconds=20)
        assert build.code in (0, 1), build
        assert build.memory < MEMORY
