"""A release on the disk.

This room lists the reasons against a release, writes its packages and texts, and puts all of its files in place, or
none.
"""
