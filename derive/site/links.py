"""Links that lead elsewhere say so: on paper only their addresses are printed."""

import re

ELSEWHERE = re.compile(r'<a (?=[^>]*href="https?://)(?![^>]*\brel=)')


def marked(page: str) -> str:
    """The page before scripts make every link absolute, with links to other sites marked.

    >>> marked('<a href="https://example.org/">there</a>, <a href="../cp/">here</a>')
    '<a rel="external" href="https://example.org/">there</a>, <a href="../cp/">here</a>'
    """
    return ELSEWHERE.sub('<a rel="external" ', page)
