"""An independent reader of all that is printed: what a text means, as a tree that has a value.

It shares no code with the printers of derive/write: its symbols are its own tables.
"""
