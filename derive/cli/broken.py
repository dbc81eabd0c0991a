"""Leaf files that cannot be read, on standard error."""

from typing import TYPE_CHECKING

from derive.render.streams import say

if TYPE_CHECKING:
    from derive.notation.leaf import LeafError


def report_broken(errors: "tuple[LeafError, ...]") -> int:
    """A line for each leaf file that cannot be read; returns the exit code for them."""
    for error in errors:
        say(f"derive: {error}")
    return 2 if errors else 0
