"""A family on the first example layer that it fits: what its page, the sheet and slides show."""

from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts.own_line import LAYERS
from derive.notation.errors import CheckError


def example(entry: Entry) -> tuple[Row, Row]:
    """A family on the first example layer that it fits, and the standard convolution there.

    Raises CheckError if it fits none.
    """
    for layer in (read() for read in LAYERS):
        found = attempts(entry, layer, Choices())
        if fitting := [row for row in found if isinstance(row, Row)]:
            (standard,) = attempts(FAMILIES["standard"], layer, Choices())
            assert isinstance(standard, Row)
            return fitting[0], standard
    raise CheckError(f"{entry.name} fits no example layer: add one to LAYERS")
