"""The waist: numbers are converted once, a problem is solved once, JSON is the image of records."""

import json
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Annotated

import pytest

from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.comparison import Choices, rows
from derive.decide import verdict as decided
from derive.decide import width
from derive.facts import compare
from derive.facts.image import image, keys
from derive.facts.question import Question
from derive.facts.record import As, printed, WITHIN
from derive.facts.restored import restored
from derive.facts.theorem import HypothesisFacts, TheoremFacts
from derive.facts.verdict import verdict_facts
from derive.notation import formula
from derive.notation.letters import m, n
from derive.parse.layer import read_layer
from derive.render.proof import theorem_facts
from derive.render.values import json_values
from tests import proofs


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    share: Fraction


@dataclass(frozen=True)
class Outer:
    plain: int
    renamed: Annotated[int, printed(other=As.PLAIN)]
    twice: Annotated[object, printed(sympy=As.PLAIN, latex=As.LATEX)]
    hidden: Annotated[int, printed()]
    inner: Annotated[Inner | None, WITHIN]
    absent: Annotated[int | None, printed(absent=As.PRESENT)]
    colour: Colour
    letters: Annotated[tuple[object, ...], printed(letters=As.WORD)]
    exact: Annotated[tuple[object, ...], printed(exact=As.EXACT)]


RECORD = Outer(1, 2, 2 * n, 3, Inner(Fraction(1, 2)), None, Colour.RED, (m, n), (1, Fraction(1, 3)))


def test_every_way_of_printing_a_field():
    assert json_values(RECORD) == {
        "plain": 1,
        "other": 2,
        "sympy": "2*n",
        "latex": "2 n",
        "share": "1/2",
        "colour": "red",
        "letters": "mn",
        "exact": ["1", "1/3"],
    }
    assert keys(RECORD) == list(json_values(RECORD))


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"a", 1j], ids=["object", "set", "bytes", "complex"]
)
def test_what_json_has_no_value_for_is_refused(value):
    with pytest.raises(TypeError, match="JSON has no value"):
        json_values(value)


def test_latex_needs_a_printer():
    with pytest.raises(TypeError, match="is to be printed as LATEX"):
        image(RECORD)


def test_long_numbers_are_written_in_full():
    assert json_values(Fraction(1, 10**5000)) == "1/1" + "0" * 5000


@pytest.fixture
def calls(monkeypatch):
    """Counts the calls of a function of some modules."""

    def count(name, *modules):
        made = []
        for module in modules:
            real = getattr(module, name)

            def counted(*given, real=real):
                made.append(given)
                return real(*given)

            monkeypatch.setattr(module, name, counted)
        return made

    return count


def test_a_comparison_converts_every_number_once(calls):
    """It was 23 times as often: every formula converted the sizes anew."""
    layer = read_layer(image="19x23", stride="3")
    settings = [row.setting for row in rows(layer)[0]]
    rows(read_layer())  # the sizes of the last layer are remembered
    made = calls("exact", formula)
    compare(layer)
    assert len(made) == len(layer.values) + sum(map(len, settings))


@pytest.mark.parametrize(
    ("family", "problems"), [("asymmetric", 2), ("cp", 1), ("depthwise-separable", 1)]
)
def test_a_report_solves_every_problem_once(calls, family, problems):
    """An asymmetric pair has two orders, and each is a problem; it was 6 to 8 times."""
    made = calls("form", decided, width)
    kernel = Kernel.by(lambda o, i, u, v: o + 2 * i * u - v, o=2, i=3, u=3, v=2)
    layer = read_layer(channels_in=3, channels_out=2, kernel="3x2")
    verdict_facts(Question("a kernel", kernel, FAMILIES[family], layer, Choices((2,), (1,), (2,))))
    assert len(made) == problems


def test_a_theorem_comes_back_from_its_image():
    """What lies on a cache between two builds is what was put there, statuses included."""
    facts = theorem_facts(proofs.verdict("order-gap"))
    back = restored(TheoremFacts, json.loads(json.dumps(image(facts))))
    assert back == facts
    assert back.status is facts.status


@pytest.mark.parametrize("wrong", [{}, [], {"label": 1, "words": ""}, {"label": "a"}], ids=repr)
def test_the_image_of_something_else_is_refused(wrong):
    with pytest.raises(TypeError):
        restored(HypothesisFacts, wrong)
