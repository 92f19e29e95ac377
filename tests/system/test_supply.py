"""What is delivered, and what it is made with: pinned, reproducible and complete."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from csto_anki import __version__
from system.old_ankis import VERSIONS

REPOSITORY = Path(__file__).parents[2]
PINS = [REPOSITORY / ".ci" / name for name in ("requirements.txt", *(f"anki-{version}.txt" for version in VERSIONS))]
# What is in a clone beside the sources, and is not delivered.
ELSEWHERE = shutil.ignore_patterns(
    *(".git", ".venv", ".anki", ".npm", ".bench", ".fuzz", ".wheels", ".hypothesis", ".*_cache", "__pycache__"),
    *("node_modules", "*.egg-info", "*.dev-*", "*-dev-*"),
)


def left_out(folder: str, names: list[str]) -> set[str]:
    """What of a folder is not delivered; a folder `preview` at the top is a website, and elsewhere code."""
    made_here = {"preview", "packages"} & set(names) if Path(folder) == REPOSITORY else set()
    return ELSEWHERE(folder, names) | made_here


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_each_dependency_of_ci_has_one_version_and_hashes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    entries = re.findall(
        r"^([a-z0-9-]+)==(\S+)( ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M
    )
    assert len(entries) == text.count("==") - sum(marker.count("==") for _, _, marker, _ in entries)
    assert len(entries) >= 10
    # Each Python has one version.
    assert len({(name, marker) for name, _, marker, _ in entries}) == len(entries)


def test_the_pins_cover_all_that_the_project_asks_for() -> None:
    pinned = set(re.findall(r"^([a-z0-9-]+)==", PINS[0].read_text("utf-8"), re.M))
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    asked = {name.lower() for name in re.findall(r'^\s*(?:requires = \[)?"([A-Za-z0-9_-]+)[>=]', project, re.M)}
    assert {"click", "genanki", "pyyaml", "rapidfuzz", "anki", "hatchling", "nh3", "pytest"} <= asked
    assert asked <= pinned


def test_each_npm_package_of_ci_has_its_hash() -> None:
    lock = json.loads((REPOSITORY / ".ci" / "npm" / "package-lock.json").read_text("utf-8"))
    for name, package in lock["packages"].items():
        assert not name or (package["version"] and package["integrity"].startswith("sha512-")), name
        assert "resolved" not in package


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with the wheel and the sdist, each built from a copy of the sources in another place and time."""
    folders = []
    for number, when in enumerate((1_000_000_000, 1_700_000_000)):
        copy = tmp_path_factory.mktemp("copy") / ("long" * 8 * number or "copy")
        shutil.copytree(REPOSITORY, copy, ignore=left_out)
        for path in copy.rglob("*"):
            os.utime(path, (when, when))
        folder = tmp_path_factory.mktemp("built")
        command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
        environment = {**os.environ, "TZ": ("UTC", "Asia/Kolkata")[number], "LC_ALL": "C"}
        subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=True)
        folders.append(folder)
    return folders[0], folders[1]


def test_wheel_and_sdist_are_the_same_byte_for_byte(built: tuple[Path, Path]) -> None:
    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in built)
    assert sorted(name.rpartition("-")[2] for name in one) == [f"{__version__}.tar.gz", "any.whl"]
    assert one == other


def test_they_carry_the_cards_and_the_licences_and_nothing_of_the_machine(built: tuple[Path, Path]) -> None:
    (wheel,) = built[0].glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    licences = {re.sub(r".*/licenses/", "", name) for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "cards/LICENSE", "cards/media/README.md"}
    cards = {path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "cards").rglob("*") if path.is_file()}
    assert {f"csto_anki/{name}" for name in cards} <= set(names)
    code = {
        path.relative_to(REPOSITORY / "src").as_posix() for path in (REPOSITORY / "src").rglob("*") if path.is_file()
    }
    assert {name for name in code if "__pycache__" not in name} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "dist", "."))]
    (sdist,) = built[0].glob("*.tar.gz")
    with tarfile.open(sdist) as source:
        inside = {member.name.partition("/")[2]: member for member in source.getmembers()}
    assert {
        *cards,
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "pyproject.toml",
        "tests/system/test_supply.py",
    } <= inside.keys()
    assert not [
        name
        for name in inside
        if re.search(r"[.-]dev-.*\.apkg$", name) or "__pycache__" in name or name.startswith(".venv")
    ]
    assert {(member.uid, member.gid, member.uname) for member in inside.values()} == {(0, 0, "")}


def test_the_wheel_of_the_sdist_is_the_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    (sdist,) = built[0].glob("*.tar.gz")
    shutil.unpack_archive(sdist, tmp_path)
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "built")]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    (wheel,), (other,) = (tmp_path / "built").glob("*.whl"), built[0].glob("*.whl")
    assert wheel.read_bytes() == other.read_bytes()


@pytest.fixture(scope="module")
def program(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment with nothing but the wheel and what it needs."""
    (wheel,) = built[0].glob("*.whl")
    folder = tmp_path_factory.mktemp("wheel") / "venv"
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    installed = run_alone(folder, programs / "python", "-m", "pip", "install", "--quiet", wheel)
    if installed.returncode:
        reason = "pip finds no packages here"
        pytest.fail(f"{reason}: {installed.stderr}") if os.environ.get("CI") else pytest.skip(reason)
    return programs / "csto-anki"


def alone() -> dict[str, str]:
    """The environment without the path to the code of this folder."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run_alone(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command], cwd=folder, capture_output=True, encoding="utf-8", env=alone())


def test_the_wheel_in_an_empty_environment_builds_the_deck(program: Path, tmp_path: Path) -> None:
    """As somebody without a clone does: an empty folder, the wheel, and what pip finds."""
    (tmp_path / "empty").mkdir()
    result = run_alone(tmp_path / "empty", program, "build", "--today", "2026-11-24")
    assert result.returncode == 0, result.stderr
    assert str(Path("site-packages/csto_anki/cards")) in result.stderr
    ours = [sys.executable, "-m", "csto_anki", "build", "--cards", str(REPOSITORY / "cards"), "--today", "2026-11-24"]
    expected = subprocess.run(ours, cwd=tmp_path, capture_output=True, text=True, check=True)
    package = tmp_path / "empty" / result.stdout.strip()
    assert package.read_bytes() == (tmp_path / expected.stdout.strip()).read_bytes()
    told = run_alone(tmp_path, program, "inspect", package)
    assert told.returncode == 0, told.stdout


def test_the_wheel_alone_can_do_all_that_needs_no_more(program: Path, tmp_path: Path) -> None:
    """And what its messages advise works there: install what `preview` needs, set up and build a new deck."""
    assert run_alone(tmp_path, program, "check", "--strict").returncode == 0
    refused = run_alone(tmp_path, program, "preview")
    assert refused.returncode == 1
    if os.name != "nt":
        assert run_alone(tmp_path, *shlex.split(refused.stderr.partition("install them: ")[2])).returncode == 0
        assert run_alone(tmp_path, program, "preview").returncode == 0
    made = run_alone(tmp_path, program, "init", "quad")
    assert made.returncode == 0, made.stderr
    if os.name == "nt":
        return
    lines = "\n".join(line for line in made.stderr.splitlines() if line.startswith("  "))
    built = run_alone(tmp_path, "bash", "-ec", lines)
    assert built.returncode == 0, built.stderr
    assert list((tmp_path / "quad" / "dist").glob("quad-*.apkg"))
