"""A deck -> what is on its notes.

In here are the note type, which is frozen for ever, its templates, the HTML of its fields, and `Contents`, which is all
that a package holds.
"""
