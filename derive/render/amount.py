"""Counts and bytes as short words."""


def number(count: int) -> str:
    """A count in full, or with four digits where it would burst the column.

    >>> number(3538944), number(10**21)
    ('3,538,944', '1.000e+21')
    """
    return f"{count:,}" if count < 10**15 else f"{count:.3e}"


def memory(count: int) -> str:
    """Bytes in the largest unit that leaves a number of at least 1.

    >>> memory(720896)
    '704 KiB'
    """
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if count >= 1024**power:
            return f"{count / 1024**power:.3g} {unit}"
    return f"{count} B"
