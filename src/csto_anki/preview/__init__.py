"""The website of a deck: all cards, both sides, as Anki shows them, for people who have no Anki.

`site` renders the cards and fills the pages; the pages, their styling and their script are files beside it.
"""
