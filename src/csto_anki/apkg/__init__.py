"""Contents -> an .apkg file (`writer`), and an .apkg file, whoever made it, -> what is in it.

`archive` opens the zip safely, `reader` reads its database, `inspect` reports on a package without Anki, and `verify`
tries it in the real Anki.
"""
