"""Designs as sets of kernels that a statement names, so that one may lie within another."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from sympy import Expr, Symbol, sympify

from derive.notation.family import Family
from derive.notation.letters import size
from derive.proof.claim import Claim, Quantity
from derive.proof.equality import Includes
from derive.proof.result import Context, Result
from derive.proof.status import Status


class Kernels(Quantity):
    """The set of kernels that a design represents, a symbol printed as the TeX.

    ``leaves`` are modules of families, two for a pair that may run in either order, and ``bonds``
    the sizes of their bonds; their lines are read when they are asked for.

    >>> from derive.families import cp
    >>> from derive.notation.letters import R
    >>> terms = Kernels("CP_R", r"\\mathrm{CP}_R", cp, R=R)
    >>> terms.tex, terms.bonds
    ('\\\\mathrm{CP}_R', {R: R})
    """

    __slots__ = ("bonds", "leaves")
    leaves: tuple[ModuleType, ...]
    bonds: Mapping[Symbol, Expr]

    def __new__(cls, name: str, tex: str, *leaves: ModuleType, **bonds: Any) -> "Kernels":
        """The symbol of a name, with what it stands for."""
        made = super().__new__(cls, name, tex)
        made.leaves = leaves
        made.bonds = {size(bond): sympify(extent) for bond, extent in bonds.items()}
        return made

    def line(self, order: int = 0) -> Family:
        """The line of its design, in one of the orders; without the bonds of size 1.

        >>> from derive.families import depthwise_separable
        >>> Kernels("DWS", "D", depthwise_separable, M=1).line()
        D[i, u, v] P[o, i]
        """
        family: Family = self.leaves[order if len(self.leaves) > 1 else 0].family
        return family.without(x for x in family.summed if self.bonds.get(family.sizes[x]) == 1)


@dataclass(frozen=True)
class LiesWithin:
    """A set of kernels of a claim such as A ⊂ B ⊂ C lies within the next: the first, or the one at
    ``link``, where the next may have two orders.

    >>> from derive.families import asymmetric, cp
    >>> from derive.notation.letters import R
    >>> terms, pairs = Kernels("CP", "C", cp, R=R), Kernels("pairs", "A", asymmetric, m=R)
    >>> claims = Claim(terms, "⊂", pairs), Claim(pairs, "⊂", terms)
    >>> [LiesWithin(one).run(None).status.slug for one in claims]
    ['proved', 'failed']
    """

    claim: Claim
    link: int = 0
    order: int = 0
    kind: ClassVar[str] = Includes.kind

    @property
    def sets(self) -> tuple[Kernels, Kernels]:
        """The set and the next."""
        small, large = self.claim.terms[self.link : self.link + 2]
        return small, large

    @property
    def says(self) -> tuple[Claim, ...]:
        """The claim that it is about."""
        return (self.claim,)

    def run(self, context: Context | None) -> Result:
        """Search for weights of the larger design; another sign than ⊂ is no inclusion."""
        if self.claim.signs[self.link] != "⊂":
            return Result(Status.FAILED, f"{self.claim} is no inclusion")
        small, large = self.sets
        inclusion = Includes(small.line(), large.line(self.order), small.bonds, large.bonds)
        return inclusion.run(context)
