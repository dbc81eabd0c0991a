"""The one error of bad input: what is wrong, where, and what would be right, in one sentence."""

import reprlib


class InputError(ValueError):
    """Raised for input that cannot be meant; its text is a single line for the user."""


class CheckError(Exception):
    """Raised when two ways to compute a number, or two forms of a function, disagree."""


def require(value: object, kinds: type | tuple[type, ...], words: str) -> None:
    """Raise InputError, with the value in one line, unless the value is of one of the types.

    >>> require(3, str, "the line must be text such as 'A[j,i,u] B[o,j,v]'")
    Traceback (most recent call last):
    derive.notation.errors.InputError: the line must be text such as 'A[j,i,u] B[o,j,v]', not 3
    """
    if not isinstance(value, kinds):
        raise InputError(f"{words}, not {' '.join(reprlib.repr(value).split())}")
