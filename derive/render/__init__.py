"""Printed forms of what was derived: LaTeX, words, terminal tables, JSON."""
