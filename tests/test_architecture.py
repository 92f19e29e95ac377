"""How the code hangs together: which package may import which, how large things are, and what each command loads."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from csto_anki.cli.main import cli
from support.small_deck import write_deck

REPOSITORY = Path(__file__).parents[1]
SOURCE = REPOSITORY / "src" / "csto_anki"
MAX_FILES = 13  # in a package; a folder in it counts as one
MAX_FUNCTION_LINES = 40
MAX_DOCSTRING_LINES = 5  # of a package

# Each third-party library, and the one module that imports it. Commands are made of click, so it has a whole package.
LIBRARIES = {
    "anki": "csto_anki.apkg.anki",
    "click": "csto_anki.cli",
    "genanki": "csto_anki.apkg.writer",
    "jinja2": "csto_anki.preview.pages",
    "rapidfuzz": "csto_anki.deck.similarity",
    "watchfiles": "csto_anki.authoring.watch",
    "yaml": "csto_anki.deck.parser",
}


class Import(NamedTuple):
    """One imported name: where, the module it is imported from, the name in it (empty: all of it), and its alias."""

    place: str
    module: str
    name: str
    alias: str | None

    @property
    def is_ours(self) -> bool:
        return self.module.partition(".")[0] == "csto_anki"

    @property
    def path(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


class Module(NamedTuple):
    name: str
    file: str
    tree: ast.Module

    def place(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.file}:{node.lineno}"

    def imports(self) -> Iterator[Import]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Import(self.place(node), each.name, "", each.asname) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.place(node)}: a relative import"
                yield from (Import(self.place(node), node.module or "", each.name, each.asname) for each in node.names)


def modules(source: Path) -> list[Module]:
    """All modules of a package."""
    found = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        file = path.relative_to(source.parents[1]).as_posix()
        found.append(Module(name, file, ast.parse(path.read_text("utf-8"))))
    return found


# Each of these checks takes the folder of the package `csto_anki`, and returns a line for each fault that it finds.


def wrong_way(source: Path) -> list[str]:
    """Imports that the contract in pyproject.toml does not allow."""
    config = str(REPOSITORY / "pyproject.toml")
    code = f"from importlinter.cli import lint_imports; exit(lint_imports({config!r}, no_cache=True))"
    command = [sys.executable, "-c", code]  # which imports the package of the current folder
    environment = {**os.environ, "PYTHONUTF8": "1"}  # it draws with characters that not every terminal has
    result = subprocess.run(command, cwd=source.parent, env=environment, capture_output=True, encoding="utf-8")
    files = {module.name: module.file for module in modules(source)}
    chains = re.findall(r"(csto_anki\S*) -> (csto_anki\S*) \(l\.(\d+)", result.stdout)
    found = [f"{files[importer]}:{line}: imports {imported}" for importer, imported, line in chains]
    return found if found or result.returncode == 0 else [result.stdout + result.stderr]


def crowded(source: Path) -> list[str]:
    """Packages with too many files."""
    folders = [source, *(path.parent for path in source.glob("*/__init__.py"))]
    counts = {folder: sum(path.name != "__pycache__" for path in folder.iterdir()) for folder in folders}
    return [f"{folder.name}: {count} files" for folder, count in counts.items() if count > MAX_FILES]


def more_than_a_docstring(source: Path) -> list[str]:
    """Packages whose `__init__.py` is not a short docstring; the outermost has the version, too."""
    found = []
    for module in modules(source):
        if not module.file.endswith("__init__.py"):
            continue
        docstring, *rest = module.tree.body or [ast.Pass()]
        names = [ast.unparse(node).partition(" = ")[0] for node in rest]
        if ast.get_docstring(module.tree) is None:
            found.append(f"{module.file}: no docstring")
        elif (lines := (docstring.end_lineno or 0) - docstring.lineno + 1) > MAX_DOCSTRING_LINES:
            found.append(f"{module.file}: a docstring of {lines} lines")
        if names != (["__version__"] if module.name == "csto_anki" else []):
            found.append(f"{module.file}: more than a docstring: {', '.join(names)}")
    return found


def libraries_elsewhere(source: Path) -> list[str]:
    """Imports of third-party libraries outside their one module."""
    found = []
    for module in modules(source):
        for each in module.imports():
            library = each.module.partition(".")[0]
            if library in sys.stdlib_module_names or each.is_ours:
                continue
            home = LIBRARIES.get(library, "no module")
            if not f"{module.name}.".startswith(f"{home}."):
                found.append(f"{each.place}: {library}, which {home} imports")
    return found


def private_names_of_others(source: Path) -> list[str]:
    """Private names that are imported from or used of another module; those of named tuples are public."""
    found = []
    for module in modules(source):
        ours = [each for each in module.imports() if each.is_ours]
        found += [f"{each.place}: {each.path}" for each in ours if _is_private(each.path)]
        names = {each.alias or each.name or each.module.partition(".")[0] for each in ours}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and _is_private(node.attr) and _root(node) in names:
                found.append(f"{module.place(node)}: {ast.unparse(node)}")
    return found


def _is_private(path: str) -> bool:
    public = {"_asdict", "_fields", "_make", "_replace"}
    return any(name.startswith("_") and not name.endswith("__") and name not in public for name in path.split("."))


def _root(node: ast.expr) -> str:
    """The first name of `a.b.c`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def modules_under_an_alias(source: Path) -> list[str]:
    """Modules of ours that are imported under another name than their own."""
    ours = {module.name for module in modules(source)}
    return [
        f"{each.place}: {each.path} as {each.alias}"
        for module in modules(source)
        for each in module.imports()
        if each.alias and each.path in ours
    ]


def long_functions(source: Path) -> list[str]:
    """Functions with too many lines, from `def` to the end: the docstring counts, decorators do not.

    The decorators of a command are a list of its options, which is read line by line and does not make it harder.
    """
    found = []
    for module in modules(source):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    found.append(f"{module.place(node)}: {node.name} has {lines} lines")
    return found


Check = Callable[[Path], list[str]]
# Each check, files that break it, and what it must find in these.
CHECKS: list[tuple[Check, dict[str, str], list[str]]] = [
    (
        wrong_way,
        {"deck/model.py": "import os\nfrom csto_anki.rules import check\n", "rules/check.py": ""},
        ["src/csto_anki/deck/model.py:2: imports csto_anki.rules.check"],
    ),
    (crowded, {f"deck/part{number}.py": "" for number in range(13)}, ["deck: 14 files"]),
    (
        more_than_a_docstring,
        {
            "deck/__init__.py": '"""A deck."""\n\nTITLE = "x"\n',
            "note/__init__.py": "",
            "rules/__init__.py": '"""One.\n\nThree.\nFour.\nFive.\n"""\n',
        },
        [
            "src/csto_anki/deck/__init__.py: more than a docstring: TITLE",
            "src/csto_anki/note/__init__.py: no docstring",
            "src/csto_anki/rules/__init__.py: a docstring of 6 lines",
        ],
    ),
    (
        libraries_elsewhere,
        {"deck/model.py": "import yaml\nimport requests\n", "cli/main.py": "import click\n"},
        [
            "src/csto_anki/deck/model.py:1: yaml, which csto_anki.deck.parser imports",
            "src/csto_anki/deck/model.py:2: requests, which no module imports",
        ],
    ),
    (
        private_names_of_others,
        {
            "deck/model.py": "_hidden = 1\n",
            "rules/check.py": "from csto_anki.deck import model\nfrom csto_anki.deck.model import _hidden\n"
            "model._hidden\nmodel._replace\nself._hidden\n",
        },
        [
            "src/csto_anki/rules/check.py:2: csto_anki.deck.model._hidden",
            "src/csto_anki/rules/check.py:3: model._hidden",
        ],
    ),
    (
        modules_under_an_alias,
        {
            "deck/model.py": "name = 1\n",
            "rules/check.py": "from csto_anki.deck import model as other\nimport csto_anki.deck.model as more\n"
            "from csto_anki.deck.model import name as another\n",
        },
        [
            "src/csto_anki/rules/check.py:1: csto_anki.deck.model as other",
            "src/csto_anki/rules/check.py:2: csto_anki.deck.model as more",
        ],
    ),
    (
        long_functions,
        {
            "deck/model.py": "def just_right():\n" + "    x = 1\n" * 39,
            "rules/check.py": "@decorator\ndef too_long():\n" + "    x = 1\n" * 40,
        },
        ["src/csto_anki/rules/check.py:2: too_long has 41 lines"],
    ),
]
NAMES = [check.__name__ for check, _, _ in CHECKS]


@pytest.mark.parametrize("check", [check for check, _, _ in CHECKS], ids=NAMES)
def test_the_source_is_built_as_it_should_be(check: Check) -> None:
    found = check(SOURCE)
    assert not found, "\n".join([f"{check.__name__}: {check.__doc__}", *found])


@pytest.mark.parametrize(("check", "files", "expected"), CHECKS, ids=NAMES)
def test_each_check_finds_what_is_wrong(
    check: Check, files: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    """A small package with the same layers, first sound and then broken."""
    source = tmp_path / "src" / "csto_anki"
    layers = ("cli", "release", "preview", "authoring", "rules", "apkg", "history", "note", "deck", "language")
    sound = {f"{layer}/__init__.py": '"""What it is for."""\n' for layer in layers}
    sound |= {"__init__.py": '"""All."""\n\n__version__ = "1"\n', "__main__.py": "", "files.py": ""}
    for some, faults in ((sound, []), (files, expected)):
        for name, text in some.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, "utf-8")
        assert check(source) == faults


def test_each_library_is_used_in_its_module() -> None:
    used = {each.module.partition(".")[0] for module in modules(SOURCE) for each in module.imports()}
    assert LIBRARIES.keys() <= used


# What takes long to load: to read YAML, to write packages, to guess what was meant, and what these load with them.
HEAVY = {
    *("anki", "asyncio", "chevron", "concurrent.futures", "difflib", "genanki", "google.protobuf", "hashlib", "http"),
    *("jinja2", "json", "multiprocessing", "rapidfuzz", "socket", "sqlite3", "ssl", "watchfiles", "yaml", "zipfile"),
    *("csto_anki.apkg.writer", "csto_anki.deck.model", "csto_anki.rules.check"),
}
READS = {"yaml", "csto_anki.deck.model"}
CHECKS_CARDS = {*READS, "csto_anki.rules.check", "hashlib", "json"}
WRITES = {"chevron", "csto_anki.apkg.writer", "genanki", "sqlite3", "zipfile"}
# What the library loads that knows where a program was installed from; each Python has its own.
OF_METADATA = HEAVY & set(
    subprocess.run(
        [sys.executable, "-c", "import sys, importlib.metadata; print(*sys.modules)"], capture_output=True, text=True
    ).stdout.split()
)
# Each command, and all of these that it may load.
LOADS: list[tuple[list[str], set[str]]] = [
    (["--help"], set()),
    (["--version"], set()),
    *(([name, "--help"], set()) for name in cli.commands),
    (["show", "treaty"], READS),
    (["stats"], READS),
    (["schema"], {*READS, "csto_anki.rules.check", "hashlib", "json"}),
    (["check"], {*CHECKS_CARDS, "rapidfuzz"}),
    (["build"], CHECKS_CARDS | WRITES),
    (["build", "--only", "prelims"], CHECKS_CARDS | WRITES),
    (["diff"], {*READS, "hashlib", "json"}),
    (["diff", "cards", "cards"], {*READS, "hashlib", "json"}),
    (["release", "--dry-run"], {*CHECKS_CARDS, *WRITES, "rapidfuzz"}),
    (["init", "new"], CHECKS_CARDS | OF_METADATA),
]


@pytest.mark.parametrize(("arguments", "loads"), LOADS, ids=[" ".join(arguments) for arguments, _ in LOADS])
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
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert set(result.stdout.splitlines()[-1].split()) == loads


def test_no_test_module_imports_another() -> None:
    """What two of them need is in tests/support or, as a fixture, in tests/conftest.py."""
    tests = REPOSITORY / "tests"
    found = [
        f"{path.relative_to(tests)}:{node.lineno}: {node.module}"
        for path in tests.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    ]
    assert found == []
