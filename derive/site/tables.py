"""Tables in the frames that let them scroll, which the theme's script puts around them."""

import re

TABLE = re.compile(r"<table(?![^>]*\sclass=)[^>]*>.*?</table>", re.DOTALL)
FRAME = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{}</div></div>'
ANY = '"table:not([class])"'  # how the script finds them
UNFRAMED = '":not(.md-typeset__table)>table:not([class])"'


def framed(page: str) -> str:
    """The page with the tables framed that the theme would frame.

    ENH: for each table that the script moves a browser styles the whole page again.

    >>> framed("<table></table>").count("<div")
    2
    >>> framed('<table class="heat"></table>')
    '<table class="heat"></table>'
    """
    return TABLE.sub(lambda table: FRAME.format(table[0]), page)
