"""A new deck: a small one that builds, made from a template, with names and numbers of its own."""

from __future__ import annotations

import importlib.metadata
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from string import Template
from urllib.parse import unquote, urlsplit

from csto_anki import __version__, files
from csto_anki.authoring import json_schema
from csto_anki.authoring.pages import keys_page
from csto_anki.deck.reader import read
from csto_anki.history.record import Released, dump

_TEMPLATE = Path(__file__).with_name("template")


def create(folder: Path, title: str, namespace: str) -> None:
    """Create the folder of a new deck: all of it or nothing.

    `title` and `namespace` must be valid in deck.yaml. Raises FileExistsError if the folder exists and is not empty,
    ValueError for an invalid title or namespace, and OSError.
    """
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileExistsError(0, "it exists already, and is not an empty folder", str(folder))
    existing = next(parent for parent in [folder, *folder.absolute().parents] if parent.is_dir())
    with files.staging(existing) as work:
        for name, text in _files(title, namespace):
            _write(work / name, text)
        deck, problems = read(work / "cards")
        if deck is None:
            raise ValueError("; ".join(sorted({problem.sentence for problem in problems})))
        for name, text in json_schema.schemas(deck).items():
            _write(work / "cards" / json_schema.SCHEMA_FOLDER / name, text)
        _move(work, folder)


def origin() -> str:
    """What pip installs to get this very csto-anki, in every folder: a version, an address, or a path.

    By https://packaging.python.org/specifications/direct-url, an installation that is not from the index says where
    it is from.
    """
    version = f"csto-anki~={__version__}"
    try:
        text = importlib.metadata.distribution("csto-anki").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return version
    if not text:
        return version
    found = json.loads(text)
    address = found["url"]
    if "vcs_info" in found:
        return f"csto-anki @ {found['vcs_info']['vcs']}+{address}@{found['vcs_info']['commit_id']}"
    if address.startswith("file:"):
        path = unquote(urlsplit(address).path)
        return path.lstrip("/") if os.name == "nt" else path
    return f"csto-anki @ {address}"


def _requirement() -> str:
    """The line of requirements.txt, for other machines, on which no path of this one leads anywhere."""
    found = origin()
    return found if "://" in found else f"csto-anki~={__version__}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _move(work: Path, folder: Path) -> None:
    """Move the finished folder to its place; if an empty folder is there, move the parts into it."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        work.rename(folder)
        return
    names = [part.name for part in work.iterdir()]
    try:
        for name in names:
            (work / name).replace(folder / name)
    except BaseException:
        for part in (folder / name for name in names):  # only our parts: other programs can write there meanwhile
            files.remove(part) if part.is_dir() else part.unlink(missing_ok=True)
        raise


def _files(title: str, namespace: str) -> Iterator[tuple[str, str]]:
    """The path and text of each file of a new deck, except the schemas.

    `dot-` at the start of a name in the template becomes a dot. Workflows and pictures are copied as they are, because
    `$` means something else in them.
    """
    values = {
        "title": title,
        # YAML reads a JSON string as it is, whatever it contains.
        "quoted_title": json.dumps(title, ensure_ascii=False),
        "namespace": namespace,
        "requirement": _requirement(),
        "deck_id": str(_random_id()),
        "note_type": namespace.upper(),
        "note_type_id": str(_random_id()),
    }
    for path in sorted(path for path in _TEMPLATE.rglob("*") if path.is_file()):
        name = path.relative_to(_TEMPLATE).as_posix().replace("dot-", ".")
        text = path.read_text("utf-8")
        if not name.startswith((".github/", "cards/media/")):
            text = Template(text).substitute(values, head=json_schema.head(path.name))
        yield name, text
    yield "cards/released.json", dump(Released({}, None, {}, None))
    yield "docs/keys.md", keys_page()


def _random_id() -> int:
    """An id that no other deck has. Anki's own ids are times in milliseconds; this one is a time from 2033 to 2065."""
    return 2 * 10**12 + random.SystemRandom().randrange(10**12)
