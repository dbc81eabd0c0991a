"""The one error of bad input: what is wrong, where, and what would be right, in one sentence."""


class InputError(ValueError):
    """Raised for input that cannot be meant; its text is a single line for the user."""


class CheckError(Exception):
    """Raised when two roads to the same number, or two forms of a function, disagree."""
