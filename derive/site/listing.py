"""Listings without the elements that colour nothing: most of what the highlighter writes."""

import re

LISTING = re.compile(r"<pre.*?</pre>", re.DOTALL)
# Of names, punctuation, operators and space, all of which have the colour of text.
PLAIN = re.compile(r'<span class="(?:n|p|o|w)">([^<]*)</span>')


def plain(page: str) -> str:
    """The page with what is not coloured in its listings as text.

    >>> plain('<pre><span class="k">in</span><span class="p">(</span></pre>')
    '<pre><span class="k">in</span>(</pre>'
    >>> plain('<span class="p">(</span>')
    '<span class="p">(</span>'
    """
    return LISTING.sub(lambda listing: PLAIN.sub(r"\1", listing[0]), page)
