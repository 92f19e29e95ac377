"""The command `build`."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csto_anki import files
from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, LANGUAGE, PATH, QUIET, TODAY

if TYPE_CHECKING:
    from csto_anki.history.record import Released
    from csto_anki.history.stamps import Stamps
    from csto_anki.note.contents import Contents


@click.command()
@CARDS
@LANGUAGE
@click.option("--output", type=PATH, metavar="FILE", help="The package to write.  [default: dist/NAME-DATE.apkg]")
@click.option("--only", metavar="TAG", help="Build only the notes with this tag, such as core.")
@TODAY
@QUIET
def build(
    cards: Path | None,
    language: str | None,
    output: Path | None,
    only: str | None,
    today: datetime.datetime | None,
    quiet: bool,
) -> None:
    """Build the deck as an Anki package.

    It prints the path of the package. An older package stays until the new one is finished. With --only, it builds a
    part of the deck; learners who have it can import the whole deck later. Facts that are no longer taught are only in
    the part `retired`.

    Example: csto-anki build --only core --output my-copy.apkg
    """
    _require_package_name(output)
    folder, day, dist = options.cards_folder(cards, language), options.day(today), options.output_folder("dist", cards)
    deck, contents, released, warnings = pipeline.require_sound(folder, day)

    from csto_anki.history.stamps import stamp
    from csto_anki.note.contents import pictures
    from csto_anki.release.project import remove_development

    _require_tag(only, contents)
    pipeline.show_warnings(deck, folder, warnings, quiet)
    stamps = stamp(released, contents, day)
    pipeline.warn_if_ahead(stamps, released, day)
    file_name, shown = deck.file_name, pictures(deck)
    del deck  # a third of the memory for 100,000 facts; only the contents are needed now
    path = output or dist / released.package_name(file_name, stamps.version, only)
    if _is_as_released(path, released):
        terminal.inform(quiet, f"version {stamps.version}: nothing has changed since this release; here is its package")
    else:
        counts = _write(contents, shown, stamps, path, only)
        terminal.inform(quiet, _result(contents, released, stamps, counts, only))
    if not output:
        remove_development(dist, contents, file_name, stamps.version)
    terminal.result(path)


def _require_package_name(output: Path | None) -> None:
    if output and output.suffix != ".apkg":
        raise click.BadParameter("Anki opens only files whose name ends in .apkg", param_hint="'--output'")
    if output and files.is_backup_name(output.name):
        raise click.BadParameter(f"{files.RESTORED}; use another name", param_hint="'--output'")


def _write(
    contents: Contents, shown: Mapping[str, bytes], stamps: Stamps, path: Path, only: str | None
) -> tuple[int, int]:
    """Write the package and return its numbers of notes and cards; if that fails, print why and exit with 1."""
    from csto_anki.apkg import writer

    try:
        return writer.write(contents, shown, stamps, path, only)
    except OSError as error:
        terminal.stop(f"cannot write {path}: {_reason(error, path)}; an older package is unchanged")


def _reason(error: OSError, path: Path) -> object:
    """Why a package could not be written."""
    return f"{path.parent} is not a folder" if isinstance(error, FileExistsError) else error.strerror or error


def _result(contents: Contents, released: Released, stamps: Stamps, counts: tuple[int, int], only: str | None) -> str:
    notes, cards = counts
    new = sum(id not in released.notes for id in stamps.unreleased)
    news = f"{new} new, {len(stamps.unreleased) - new} changed since {released.last}"
    if not released.last:
        news = "nothing is released yet"
    written = f"{notes} notes"
    if notes < len(contents.notes):
        written = f"{notes} of {len(contents.notes)} notes ({f'tag {only}' if only else 'without the retired'})"
    return f"version {stamps.version}: {written}, {cards} cards; {news}"


def _require_tag(only: str | None, contents: Contents) -> None:
    if only is None:
        return
    notes = contents.notes.values()
    known = {tag for note in notes for tag in note.short_tags if note.is_in(tag)}
    if only not in known:
        message = f"no fact that is taught has the tag {only!r}; name one of {', '.join(sorted(known))}"
        raise click.BadParameter(message, param_hint="'--only'")


def _is_as_released(path: Path, released: Released) -> bool:
    """Whether a file is the released package, byte for byte.

    A build must not replace it, because with other versions of the libraries the new package would have other bytes.
    """
    recorded = released.packages.get(path.name)
    with contextlib.suppress(OSError):
        return recorded is not None and files.digest(path) == recorded
    return False
