"""The one error of bad input: a sentence that says what is wrong, where, and what would be right."""


class InputError(ValueError):
    """Raised for input that cannot be meant; its text is a single line for the user."""
