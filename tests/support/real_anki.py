"""Drive the real Anki, as the desktop and the phones use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anki import import_export_pb2
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

IF_NEWER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER


def import_package(collection: Collection, package: Path) -> Any:
    """Import a package with the options that the dialog shows in a fresh profile; returns Anki's log."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return collection.import_anki_package(request).log
