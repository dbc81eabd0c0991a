"""Pages without the indentation of the theme's templates, a sixth of the page of the API."""

import re

# What keeps its lines as they are, or space with a line break in it.
FOUND = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>|\s*\n\s*", re.DOTALL)


def unindented(page: str) -> str:
    r"""The page with one line break instead of space that has one, where a browser sees no other.

    >>> unindented("<li>\n\n    <pre>a\n  b</pre>\n  </li>")
    '<li>\n<pre>a\n  b</pre>\n</li>'
    """
    return FOUND.sub(lambda found: found[0] if found[1] else "\n", page)
