"""The words of one field of a layer: its numbers, and how a sentence repeats what was written."""

import re

from derive.notation.errors import InputError
from derive.notation.fields import (
    BLANKS,
    Field,
    FIELDS,
    LISTED,
    LONGEST,
    MESSAGES,
    NUMBER,
    SEPARATORS,
)
from derive.notation.words import short


def read_number(name: str, text: str) -> int:
    """The number of a field.

    Raises InputError, in one line, for anything else.

    >>> read_number("groups", " 4 ")
    4
    """
    return integer(FIELDS[name], text, text)


def integer(field: Field, text: str, whole: str) -> int:
    """The number of a word, which is a part of the whole text of the field.

    Raises InputError, in one line, for any other word.

    >>> integer(FIELDS["kernel"], "5", "3x5")
    5
    """
    word = stripped(text)
    given = {"what": field.what, "example": field.example, "word": shown(word or whole)}
    given |= {"least": str(field.least), "most": f"{field.most:,}"}
    if not stripped(whole):
        raise InputError(MESSAGES["empty"].format(**given))
    if not re.fullmatch(NUMBER, word):
        message = "padding" if field.name == "padding" else "integer"
        raise InputError(MESSAGES[message].format(**given))
    digits = word.lstrip("+-").lstrip("0") or "0"
    if digits != "0" and word.startswith("-"):
        raise InputError(MESSAGES["least"].format(**given))
    if len(digits) > len(str(field.most)) or int(digits) > field.most:
        raise InputError(MESSAGES["most"].format(**given))
    if int(digits) < field.least:
        raise InputError(MESSAGES["least"].format(**given))
    return int(digits)


def stripped(text: str) -> str:
    """A text without blanks around it.

    >>> stripped(" same ")
    'same'
    """
    return text.strip(BLANKS)


def split(text: str) -> list[str]:
    """The parts of a size, which stand between the separators.

    >>> split("3x5×7")
    ['3', '5', '7']
    """
    return re.split(f"[{SEPARATORS}{SEPARATORS.upper()}]", text)


def listed(text: str) -> list[str]:
    """The words of a list.

    >>> listed("3, 8")
    ['3', '8']
    """
    return [word for word in re.split(f"[{LISTED}{BLANKS}]", text) if word]


def shown(text: str) -> str:
    """A word as a sentence repeats it: in one line, of bounded length, with what prints.

    >>> shown("9" * 99)[-5:]
    '99...'
    """
    word = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return short(word.strip(), LONGEST)
