"""What a family represents, in words."""

EVERY = "every kernel"


def represented(when: str) -> str:
    """Which kernels a family represents, as a sentence.

    >>> represented("every kernel"), represented("its rank is 1")
    ('Represents every kernel.', 'Represents a kernel if and only if its rank is 1.')
    """
    return f"Represents {when if when == EVERY else f'a kernel if and only if {when}'}."
