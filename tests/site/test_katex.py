"""How set formulas stand in a page; setting them is KaTeX's."""

import pytest

from derive.site.cache import CACHE
from derive.site.katex import formulas, Katex, parted
from derive.site.npm import store

SECTIONS = "".join(
    f'<h2>{name}</h2><div class="arithmatex">\\[{name}\\]</div>' for name in ("a", "b", "c", "d")
)


@pytest.fixture
def katex():
    """A KaTeX that sets every formula as itself in brackets, without node."""
    found = Katex(store(CACHE))
    found.__dict__["here"] = True
    found.known = {(tex, True): f"[{tex}]" for tex in ("a", "b", "c", "d", "x = 1,", "y = 2")}
    return found


def test_formulas_from_the_third_section_on_are_laid_out_when_they_come_near(katex):
    page = katex.typeset(SECTIONS)
    assert page.count('<div class="formula">') == 2
    assert page.index("[b]") < page.index('<div class="formula far">[c]')
    assert '<div class="formula far">[d]' in page


def test_a_page_of_two_sections_lays_out_all_at_once(katex):
    assert "far" not in katex.typeset(SECTIONS[: SECTIONS.index("<h2>c")])


def test_the_formulas_of_one_display_are_set_one_by_one(katex):
    page = '<div class="arithmatex">\\[x = 1, \\qquad y = 2\\]</div>'
    assert formulas(page) == {("x = 1,", True), ("y = 2", True)}
    assert katex.typeset(page) == '<div class="formula several">[x = 1,][y = 2]</div>'


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"a = b", ["a = b"]),
        (r"a, \quad b, \qquad c", ["a,", "b,", "c"]),
        (r"a \quad\text{or}\quad b", [r"a \quad\text{or}\quad b"]),
        (r"\begin{cases} 1, \quad x \\ 2, \quad y \end{cases}", None),
        (r"\left(a, \quad b\right)", None),
        (r"{a \qquad b}", None),
        (r"\{a, \qquad b\}", None),
        (r"[a, \quad b) = c, \quad d", [r"[a, \quad b) = c,", "d"]),
    ],
)
def test_what_is_one_formula(tex, parts):
    assert parted(tex) == (parts or [tex])
