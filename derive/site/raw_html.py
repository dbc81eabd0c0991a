"""What Markdown leaves behind in the HTML of a page."""

import re

# ERR: md_in_html of Python-Markdown takes the attribute out of a copy of the tag, and prints the
# tag as it was written where what is inside stays as it is.
WAYS = re.compile(r'(<[a-z][\w-]*(?: [^<>]*?)??) markdown="(?:\d|span|block)"(?=[^<>]*>)')


def without_ways(page: str) -> str:
    """The page, whose elements no longer say how Markdown was to read what is inside them.

    >>> without_ways('<div class="a" markdown="0" tabindex="0"><br markdown="1"></div>')
    '<div class="a" tabindex="0"><br></div>'
    """
    return WAYS.sub(r"\1", page)
