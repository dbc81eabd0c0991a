"""What Markdown leaves behind in the HTML of a page, and what it leaves out."""

import re

# ERR: md_in_html of Python-Markdown takes the attribute out of a copy of the tag, and prints the
# tag as it was written where what is inside stays as it is.
WAYS = re.compile(r'(<[a-z][\w-]*(?: [^<>]*?)??) markdown="(?:\d|span|block)"(?=[^<>]*>)')
CODE = re.compile(r"<pre.*?</pre>|<code>[^<]*</code>", re.DOTALL)
OPTION = re.compile(r"(?<=[ >])--[\w-]+")


def without_ways(page: str) -> str:
    """The page, whose elements no longer say how Markdown was to read what is inside them.

    >>> without_ways('<div class="a" markdown="0" tabindex="0"><br markdown="1"></div>')
    '<div class="a" tabindex="0"><br></div>'
    """
    return WAYS.sub(r"\1", page)


def whole_options(page: str) -> str:
    """The page, where a line of text may not break within an option such as ``--middle``.

    >>> whole_options("<code>derive list --json</code> <pre><code>a --b</code></pre>")
    '<code>derive list <span class="option">--json</span></code> <pre><code>a --b</code></pre>'
    """
    return CODE.sub(lambda found: _whole(found[0]), page)


def _whole(code: str) -> str:
    return (
        code if code.startswith("<pre") else OPTION.sub(r'<span class="option">\g<0></span>', code)
    )
