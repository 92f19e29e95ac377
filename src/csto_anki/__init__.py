"""Build a curated Anki deck from a folder of YAML facts."""

__version__ = "0.1.0"
