"""What is far down a page, which a browser lays out when it comes near (assets/separable.css)."""

import re

SECTION = "<h2"
NEAR = 2  # sections that are laid out with the page
PARTS = {"<ul>": '<ul class="far">', '<div class="plots">': '<div class="plots far">'}


def far_down(page: str) -> int:
    """Where in a page the first section begins that is far down, or its end if there is none."""
    sections = [place.start() for place in re.finditer(SECTION, page)]
    return sections[NEAR] if len(sections) > NEAR else len(page)


def marked_far(page: str) -> str:
    """The page, whose lists and plots far down are marked as such.

    >>> marked_far("<h2>a</h2><ul></ul><h2>b</h2><h2>c</h2><ul></ul>")
    '<h2>a</h2><ul></ul><h2>b</h2><h2>c</h2><ul class="far"></ul>'
    """
    start = far_down(page)
    near, far = page[:start], page[start:]
    for part, marked in PARTS.items():
        far = far.replace(part, marked)
    return near + far
