"""The theorems of the book, one file each: this folder is the list.

A file is a statement (its docstring) and a proof (pairs of a sentence and its evidence).
"""
