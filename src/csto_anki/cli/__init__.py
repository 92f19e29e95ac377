"""The commands, with related ones in one module, and what they share.

`main` lists the commands. They share the options, the pipeline (read, check, compare with the record) and printing.
"""
