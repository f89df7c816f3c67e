"""Readers of nested logs: one file each, and the file's name is the `format` that a source names.

A reader is a function `read(text: str, where: str) -> Iterator[(row, record or reason code)]`; its records
then go through the source's shape and column mapping like those of any other format. What spoils the whole
file is a KefuError with `where`.
"""
