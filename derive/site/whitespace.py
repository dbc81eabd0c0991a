"""The whitespace that the theme's templates leave in every page, taken out."""

import re

BODY = re.compile(r"<article\b.*?</article>", re.DOTALL)
EMPTY = re.compile(r"\n\s+")


def tight(output: str) -> str:
    """The page without empty lines and indentation around its article; the article, which may hold
    code, stays as it is.

    >>> tight("<nav>\\n\\n   a  b\\n</nav><article>\\n\\n  <pre>x</pre></article>\\n\\n  <p>")
    '<nav>\\na  b\\n</nav><article>\\n\\n  <pre>x</pre></article>\\n<p>'
    """
    found = BODY.search(output)
    if not found:
        return EMPTY.sub("\n", output)
    before, after = output[: found.start()], output[found.end() :]
    return f"{EMPTY.sub(chr(10), before)}{found[0]}{EMPTY.sub(chr(10), after)}"
