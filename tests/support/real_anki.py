"""Drive the real Anki, as the desktop and the phones use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anki import import_export_pb2
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

# The front and the back of each card by its name: the id of its fact, or `id:reverse`.
Sides = dict[str, tuple[str, str]]

IF_NEWER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
NEVER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER


def import_package(collection: Collection, package: Path, *, merge: bool = False, update_types: bool = True) -> Any:
    """Import a package and return Anki's log.

    The options are those that the dialog shows in a fresh profile, except that note types are merged if `merge`, and
    updated never unless `update_types`.
    """
    options = ImportAnkiPackageOptions(
        merge_notetypes=merge,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER if update_types else NEVER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return collection.import_anki_package(request).log


def render(folder: Path, *packages: Path) -> Sides:
    """All cards after the import of these packages, one over the other, into a new collection in `folder`."""
    collection = Collection(str(folder / "collection.anki2"))
    for package in packages:
        import_package(collection, package)
    found = {}
    for id in collection.find_cards(""):
        card = collection.get_card(id)
        found[card.note()["Id"] + (":reverse" if card.ord else "")] = (card.question(), card.answer())
    collection.close()
    return found
