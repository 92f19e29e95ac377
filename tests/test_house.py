"""How the code hangs together: which module may import what, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from csto_anki.cli import cli
from small_deck import write_deck

SOURCE = Path(__file__).parents[1] / "src" / "csto_anki"
MODULES = {path.stem: ast.parse(path.read_text("utf-8")) for path in SOURCE.glob("*.py")}

# Arrows go one way: a module may import those that it is allowed here, and no other of ours.
ARROWS = {
    "__init__": set(),
    "facts": set(),
    "practice": {"facts"},
    "timeline": {"facts"},
    "media": {"facts", "files"},
    "files": set(),
    "inert": set(),
    "tree": {"facts", "inert"},
    "near": set(),
    "keys": {"facts", "files", "inert", "near", "practice", "tree"},
    "read": {"facts", "files", "keys", "media", "near", "practice", "timeline", "tree"},
    "english": {"facts"},
    "upkeep": {"facts", "timeline"},
    "wording": {"english", "facts"},
    "likeness": {"english", "facts", "near"},
    "check": {"facts", "likeness", "near", "upkeep", "wording"},
    "explain": {"check", "guard", "tree"},
    "schema": {"check", "facts", "keys", "practice", "tree"},
    "report": {"facts", "files", "tree"},
    "show": {"facts", "practice"},
    "start": {"read", "release", "schema", "together"},
    "watch": set(),
    "diff": set(),
    "release": {"diff", "facts", "files"},
    "guard": {"diff", "facts", "release"},
    "fields": {"diff", "facts", "practice"},
    "apkg": {"diff", "fields", "release", "together"},
    "tell": {"diff", "facts"},
    "together": {"files"},
    "publish": {"apkg", "diff", "facts", "fields", "files", "release", "tell", "together"},
    "package": {"diff", "fields", "files", "inert", "media", "together"},
    "examine": {"apkg", "diff", "fields", "files", "inert", "media", "package", "release", "tell", "together"},
    "collection": {"media", "package", "together"},
    "verify": {"collection", "diff", "examine", "fields", "files", "package", "release", "together"},
    "preview": {"apkg", "collection", "diff", "facts", "fields", "release", "timeline", "together"},
    "console": {
        *(
            "__init__",
            "check",
            "diff",
            "explain",
            "facts",
            "fields",
            "files",
            "guard",
            "near",
            "read",
            "release",
            "report",
        ),
        "together",
    },
    "cli": {
        *("__init__", "apkg", "console", "diff", "examine", "explain", "facts", "fields", "files", "near", "package"),
        *("preview", "publish", "read", "release", "schema", "show", "start", "tell", "together", "verify", "watch"),
    },
    "__main__": {"cli"},
}
# Each library in one module, but click, which the commands and what they share are made of.
THIRD_PARTY = {
    "anki": {"collection"},
    "click": {"cli", "console"},
    "genanki": {"apkg"},
    "rapidfuzz": {"near"},
    "watchfiles": {"watch"},
    "yaml": {"tree"},
}


def imported(module: str) -> set[str]:
    """The modules that one imports, ours as `csto_anki.NAME`."""
    found = set()
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "csto_anki":
            found |= {f"csto_anki.{alias.name if alias.name in MODULES else '__init__'}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_arrows_go_one_way() -> None:
    ours = {
        module: {name.removeprefix("csto_anki.") for name in imported(module) if name.startswith("csto_anki")}
        for module in MODULES
    }
    assert ours == ARROWS


def test_each_library_is_imported_in_one_module() -> None:
    homes: dict[str, set[str]] = {}
    for module in MODULES:
        for name in imported(module):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top != "csto_anki":
                homes.setdefault(top, set()).add(module)
    assert homes == THIRD_PARTY


# What takes long to load: to read YAML, to write packages, to find what was meant, and what those would load with them.
HEAVY = {
    *("anki", "asyncio", "chevron", "concurrent.futures", "difflib", "genanki", "google.protobuf", "hashlib", "http"),
    *("json", "multiprocessing", "rapidfuzz", "socket", "sqlite3", "ssl", "watchfiles", "yaml", "zipfile"),
    *("csto_anki.apkg", "csto_anki.check", "csto_anki.facts"),
}
READS = {"yaml", "csto_anki.facts"}
CHECKS = {*READS, "csto_anki.check", "hashlib", "json"}
WRITES = {"chevron", "csto_anki.apkg", "genanki", "sqlite3", "zipfile"}
# Each command, and all of these that it may load.
LOADS: list[tuple[list[str], set[str]]] = [
    (["--help"], set()),
    (["--version"], set()),
    *(([name, "--help"], set()) for name in cli.commands),
    (["show", "treaty"], READS),
    (["stats"], READS),
    (["schema"], {*READS, "csto_anki.check", "hashlib", "json"}),
    (["check"], {*CHECKS, "rapidfuzz"}),
    (["build"], CHECKS | WRITES),
    (["build", "--only", "prelims"], CHECKS | WRITES),
    (["diff"], {*READS, "hashlib", "json"}),
    (["diff", "cards", "cards"], {*READS, "hashlib", "json"}),
    (["release", "--dry-run"], {*CHECKS, *WRITES, "rapidfuzz"}),
    (["init", "new"], CHECKS),
]


@pytest.mark.parametrize(("arguments", "loads"), LOADS, ids=lambda value: " ".join(value))
def test_a_command_loads_what_it_needs(arguments: list[str], loads: set[str], tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    code = f"""
import sys
sys.argv[1:] = {arguments!r}
from csto_anki.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code
print(*({HEAVY!r} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(result.stdout.splitlines()[-1].split()) == loads


def test_functions_stay_short() -> None:
    long = [
        f"{module}.{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 42
    ]
    assert long == []
