"""A verdict on one kernel as a notebook: the same question in Python, the factors, the kernel that
they give."""

from collections.abc import Mapping
from typing import Protocol

from sympy import Symbol

from derive.notation.errors import InputError
from derive.notation.letters import C_c, M, m
from derive.render.notebook import Cell, Code, INSTALL, notebook, Prose

USUAL = (None, False, "", "1")  # arguments that need not be written


class Asked(Protocol):
    """What is asked about a kernel: its name, a family and the sizes of that."""

    @property
    def name(self) -> str:
        """The name of the kernel."""

    @property
    def family(self) -> str:
        """The id of the family."""

    @property
    def setting(self) -> Mapping[Symbol, int]:
        """The sizes of its bonds."""


def factor_notebook(facts: Asked, einsum: str, source: str, options: Mapping[str, object]) -> str:
    """A notebook that asks about the kernel of a source again, whose factors contract to it by
    ``einsum``; ``options`` are further arguments of ``derive.factor``, of which the usual ones are
    left out.

    Raises InputError for standard input, which a notebook has not.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.catalogue import FAMILIES
    >>> from derive.comparison import Choices
    >>> from derive.facts.question import Question
    >>> from derive.facts.verdict import verdict_facts
    >>> from derive.parse.layer import read_layer_of
    >>> sobel = Kernel.of([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    >>> layer = read_layer_of(sobel.extents)
    >>> ask = Question("sobel", sobel, FAMILIES["asymmetric"], layer, Choices())
    >>> text = factor_notebook(verdict_facts(ask), "jiu,ojv->oiuv", "sobel", {"groups": None})
    >>> "derive.factor('sobel', 'asymmetric', middle=1, nearest=True)" in text
    True
    """
    if source == "-":
        raise InputError("a notebook cannot read standard input: save the kernel to a file first")
    return notebook(_cells(facts, einsum, source, options))


def _cells(facts: Asked, einsum: str, source: str, options: Mapping[str, object]) -> list[Cell]:
    given = {**_sizes(facts), **{x: value for x, value in options.items() if value not in USUAL}}
    words = "".join(f", {x}={value!r}" for x, value in given.items())
    asked = f"found = derive.factor({source!r}, {facts.family!r}{words}, nearest=True)"
    cells: list[Cell] = [
        Prose(f"# {facts.name} as {facts.family}\n\n{INSTALL}"),
        Code(f"import numpy as np\n\nimport derive\n\n{asked}\nfound"),
        Prose("All there is to say: the exact verdict, the width curve, the error of the factors."),
        Code("print(found)"),
        Prose("The nearest factors, of equal norms, as arrays by name."),
        Code("{name: array.shape for name, array in found.factors.items()}"),
        Code("found.relative_error"),
    ]
    if " + " not in einsum:
        near = f"near = np.einsum({einsum!r}, *found.factors.values())"
        cells += [Prose("The kernel that they contract to."), Code(f"{near}\nnear.shape")]
    return cells


def _sizes(facts: Asked) -> dict[str, object]:
    """The sizes of the family as arguments of ``derive.factor``."""
    named = {m: "middle", M: "multiplier"}
    own = {named[x]: n for x, n in facts.setting.items() if x in named}
    ranks = {x.name: n for x, n in facts.setting.items() if x not in (*named, C_c)}
    return {**own, **({"rank": ranks} if ranks else {})}
