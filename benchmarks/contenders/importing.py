"""Print the seconds that the real Anki takes to import a package into an empty collection, and its number of notes."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def main(package: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        start = time.perf_counter()
        collection.import_anki_package(request)
        took = time.perf_counter() - start
        print(took, collection.note_count())
        collection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
