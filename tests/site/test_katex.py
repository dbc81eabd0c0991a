"""How set formulas stand in a page, and when they are set; setting them is KaTeX's."""

import pytest

from derive.notation.errors import InputError
from derive.site import katex as module
from derive.site.cache import CACHE
from derive.site.katex import formulas, Katex, parted
from derive.site.npm import store
from tests.tools import program, reached

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


class Counted(Katex):
    """A KaTeX that keeps what it was asked to set, and refuses ``broken``."""

    def __init__(self):
        super().__init__(store(CACHE))
        self.__dict__["here"] = True
        self.asked = []

    def _set(self, ordered):
        self.asked.append([tex for tex, _ in ordered])
        if "broken" in self.asked[-1]:
            raise InputError("mathematics: broken")
        return [f"[{tex}]" for tex, _ in ordered]


def page_of(*formulas):
    return "".join(f'<div class="arithmatex">\\[{tex}\\]</div>' for tex in formulas)


def test_many_formulas_are_set_while_pages_are_read_and_each_once(monkeypatch):
    monkeypatch.setattr(module, "LOT", 3)
    katex, pages = Counted(), [page_of("a", "b"), page_of("b", "c"), page_of("c", "d")]
    katex.note(pages[0])
    assert not katex._begun
    for page in pages[1:]:
        katex.note(page)
    katex.prepare(pages)
    assert katex.asked == [["a", "b", "c"], ["d"]]
    assert "[d]" in katex.typeset(pages[2])
    assert katex.asked == [["a", "b", "c"], ["d"]]


def test_a_formula_that_is_broken_is_told_of_and_set_again_once_it_is_mended(monkeypatch):
    monkeypatch.setattr(module, "LOT", 1)
    katex = Counted()
    katex.note(page_of("broken"))
    with pytest.raises(InputError, match="broken"):
        katex.prepare([page_of("broken")])
    katex.note(page_of("mended"))
    katex.prepare([page_of("mended")])
    assert katex.typeset(page_of("mended")) == '<div class="formula">[mended]</div>'


@pytest.fixture
def node():
    """KaTeX as it is, in lots of one formula."""
    program("node")
    place = store(CACHE)
    try:
        place.folder(module.PACKAGE)
    except InputError as error:
        reached(False, str(error))
    return Katex(place)


def test_node_sets_lot_after_lot_until_a_formula_is_broken(monkeypatch, node):
    monkeypatch.setattr(module, "LOT", 1)
    for tex in ("x", r"\fraq", "y"):
        node.note(page_of(tex))
    with pytest.raises(InputError, match=r"mathematics: KaTeX parse error: .*\\fraq"):
        node.prepare([])
    assert node._typesetter is None
    node.note(page_of(r"y \text{ — é }"))
    node.prepare([page_of("z")])
    assert node._typesetter is None
    assert [tex for tex, _ in node.known] == ["x", r"y \text{ — é }", "z"]
    assert "é" in node.typeset(page_of(r"y \text{ — é }"))
