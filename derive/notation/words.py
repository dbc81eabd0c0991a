"""Words that users type or that stand in their files: shown short, and read as whole numbers."""

import re

LONG = re.compile(r"\S{61,}")


def short(text: str, most: int = 40) -> str:
    """A word that fits into a line.

    >>> short("9" * 5000, 12)
    '999999999...'
    """
    return text if len(text) <= most else f"{text[: most - 3]}..."


def brief(message: str) -> str:
    """A message of one line in which no word, and not the whole, is of any length.

    >>> brief("No such option: --" + "x" * 5000)
    'No such option: --xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'
    """
    line = " ".join(message[:20_000].split())
    return short(LONG.sub(lambda word: short(word[0]), line), 400)


def natural(word: str, most: int) -> int | None:
    """The whole number from 0 to ``most`` that a word of digits stands for, None for other words.

    >>> natural("0080", 65535), natural("-1", 9), natural("9" * 5000, 9)
    (80, None, None)
    """
    if not (word.isascii() and word.isdecimal()):
        return None
    digits = word.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(most)) and int(digits) <= most else None
