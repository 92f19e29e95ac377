"""A folder of card files -> a deck, or every problem in them.

In here are the model of a deck, the YAML parser, the tables of keys and the reader, and also the images, the timeline
and the practice questions. Nothing in here needs Anki.
"""
