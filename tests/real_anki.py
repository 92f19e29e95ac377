"""Drive the real Anki, as the desktop and the phones use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def import_package(collection: Collection, package: Path) -> Any:
    """Import a package with the options that the dialog shows in a fresh profile; returns Anki's log."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=0,  # 0: if newer, 1: always, 2: never
        update_notetypes=0,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return collection.import_anki_package(request).log
