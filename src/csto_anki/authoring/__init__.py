"""What helps authors of decks.

The schemas for editors and the other generated files, a new deck from a template, and the watcher of a folder.
"""
