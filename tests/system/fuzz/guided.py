"""Coverage-guided fuzzing of everything that reads what a stranger made, by atheris (Linux).

    python tests/system/fuzz/guided.py TARGET [FOLDER] [libFuzzer's options, such as -max_total_time=1800]

TARGET is one of `cards`, `picture`, `record`, `package`, `database`, `listing`. The corpus begins with real files and
grows in FOLDER, by default `.fuzz/TARGET`. The first exception, hang or excess of memory ends the run and saves the
input that caused it. It needs an environment with the extra `test` and atheris; `docs/trust.md` says what was tried.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))  # tests

with atheris.instrument_imports(include=["csto_anki"]):
    from system.fuzz import targets


def main() -> None:
    name = sys.argv[1]
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 and not sys.argv[2].startswith("-") else Path(".fuzz") / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(targets.seeds(name)):
        (folder / f"seed-{number:03}").write_bytes(data)
    options = [each for each in sys.argv[2:] if each.startswith("-")]
    one = targets.TARGETS[name]
    atheris.Setup(
        [sys.argv[0], str(folder), "-timeout=10", "-rss_limit_mb=1500", f"-artifact_prefix={folder}-", *options], one
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
