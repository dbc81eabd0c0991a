"""Which stages of a layer have a bias."""

from enum import StrEnum


class Bias(StrEnum):
    """Which stages have a bias: none, each, or the last alone, which adds to each output once.

    No bias counts as false.

    >>> bool(Bias.NONE), bool(Bias("last"))
    (False, True)
    """

    NONE = "none"
    LAST = "last"
    ALL = "all"

    def __bool__(self) -> bool:
        return self is not Bias.NONE

    def of(self, count: str) -> str:
        """The name of a count with these biases.

        >>> Bias.LAST.of("flops"), Bias.ALL.of("flops"), Bias.NONE.of("flops")
        ('flops_with_last_bias', 'flops_with_bias', 'flops')
        """
        return f"{count}{ENDINGS[self]}"


ENDINGS = {Bias.NONE: "", Bias.LAST: "_with_last_bias", Bias.ALL: "_with_bias"}
