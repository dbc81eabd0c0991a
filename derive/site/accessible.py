"""What the theme and Markdown leave out for those who do not see a page."""

import re

# Material's search dialog has no name that a screen reader could say.
SEARCH_DIALOG = (
    'data-md-component="search" role="dialog"',
    'data-md-component="search" role="dialog" aria-label="Search"',
)
# Neither has the box that opens the menu of a phone, which our sheet lets take the focus.
DRAWER = (
    'data-md-toggle="drawer" type="checkbox"',
    'data-md-toggle="drawer" type="checkbox" aria-label="Menu"',
)
# A part of the navigation is named by a label that is empty where the part has a page of its own;
# its title is the label that follows.
PART = re.compile(r'aria-labelledby="(__nav_\w+)_label"([^>]*>\s*<label class="md-nav__title") ')
# Every heading with others below it would be a part of the navigation, some of one name.
HEADINGS = re.compile(r'<nav class="md-nav" aria-label="[^"]*">')
CORNER = re.compile(r"<th\b([^>]*)></th>")


def named(page: str) -> str:
    """The page with names for its search, its menu and each part of its navigation.

    >>> print(named('<nav aria-labelledby="__nav_3_label"><label class="md-nav__title" for="x">'))
    <nav aria-labelledby="__nav_3_title"><label class="md-nav__title" id="__nav_3_title" for="x">
    """
    page = page.replace(*SEARCH_DIALOG).replace(*DRAWER)
    page = HEADINGS.sub('<nav class="md-nav" role="presentation">', page)
    return PART.sub(r'aria-labelledby="\1_title"\2 id="\1_title" ', page)


def cornered(page: str) -> str:
    """The page, whose tables have no header without words: the corner of a table is a cell.

    >>> cornered("<th></th><th>MACs</th>")
    '<td></td><th>MACs</th>'
    """
    return CORNER.sub(r"<td\1></td>", page)
