"""The floor: the least that it costs to read these files and write this package, with nothing done in between.

It sends the files through the C parser and throws its events away; it puts the rows of a package that was made before
into an empty database of the same schema, with one call for each table; and it zips that with the same settings.
"""

from __future__ import annotations

import marshal
import sqlite3
import sys
import zipfile
from pathlib import Path

import yaml

LEVEL = 1  # of zlib, as csto_anki.apkg.writer has it for development packages


def prepare(package: Path, rows: Path) -> None:
    """Save the schema and rows of a package, and its other members, so that the floor can load them quickly."""
    with zipfile.ZipFile(package) as archive:
        database = rows.with_suffix(".anki2")
        database.write_bytes(archive.read("collection.anki2"))
        others = {name: archive.read(name) for name in archive.namelist() if name != "collection.anki2"}
    connection = sqlite3.connect(database)
    schema = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    tables = {name: list(connection.execute(f"SELECT * FROM {name}")) for name in ("col", "notes", "cards")}  # noqa: S608
    rows.write_bytes(marshal.dumps((schema, tables, others)))


def main(cards: Path, rows: Path, output: Path) -> None:
    for path in cards.glob("*.yaml"):
        for _ in yaml.parse(path.read_bytes(), Loader=yaml.CSafeLoader):
            pass
    schema, tables, members = marshal.loads(rows.read_bytes())  # noqa: S302  # `prepare` wrote it
    database = output.with_suffix(".anki2")
    database.unlink(missing_ok=True)
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous = OFF")
    for sql in schema:
        if "sqlite_" not in sql:
            connection.execute(sql)
    for name, values in tables.items():
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values[0]))})", values)  # noqa: S608
    connection.commit()
    connection.close()
    members["collection.anki2"] = database.read_bytes()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in sorted(members.items()):
            archive.writestr(name, data)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(Path, sys.argv[1:4]))
