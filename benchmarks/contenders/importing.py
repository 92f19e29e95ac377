"""Print the CPU seconds of importing a package into an empty collection of the real Anki, and the number of notes."""

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
        start = time.process_time()
        collection.import_anki_package(request)
        took = time.process_time() - start
        print(took, collection.note_count())
        collection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
