"""Is this kernel of that form? An exact verdict, with factors or with a minor that proves it.

A forest of bonds is decided by the ranks of its cuts (T3-T6). For any other form these are
necessary: a rank that is too large refutes it, weights that are found prove it, and else the answer
is undecided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from sympy import Symbol

from derive.algebra.kernel import Kernel, places
from derive.decide.cuts import CutRank, Cuts
from derive.decide.form import Form, form, Values
from derive.decide.minor import entry, Minor
from derive.notation.errors import InputError
from derive.notation.family import Family, Line

LARGEST_WEIGHTS = 50_000_000


class Word(StrEnum):
    """What a verdict says."""

    EXACT = "exact"
    NOT_EXACT = "not exact"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdict:
    """Whether a kernel is of a form: factors in the order of the line if it is, a minor if not, and
    a reason if neither is known. ``matrices`` are those of the form, ``cuts`` the ranks that were
    looked at.
    """

    matrices: Cuts
    word: Word
    cuts: tuple[CutRank, ...] = ()
    factors: tuple[Kernel, ...] | None = None
    minor: Minor | None = None
    reason: str = ""

    @property
    def form(self) -> Form:
        """The line set against the kernel."""
        return self.matrices.form

    @property
    def line(self) -> Line:
        """The line on the axes of the kernel."""
        return self.form.line

    @property
    def kernel(self) -> Kernel:
        """The kernel that was asked about."""
        return self.form.kernel

    @property
    def values(self) -> Values:
        """All sizes."""
        return self.form.values


def decide(line: Line, kernel: Kernel, values: Values) -> Verdict:
    """Whether a kernel K[o, i, taps] is of the form of a line, whose bonds have the given sizes.

    InputError if the line does not fit the kernel or a size is missing.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> laplacian = Kernel.of([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    >>> [str(decide(asymmetric.family, laplacian, {m: width}).word) for width in (1, 2)]
    ['not exact', 'exact']
    >>> decide(asymmetric.family, laplacian, {m: 1}).minor.value
    Fraction(-1, 1)
    """
    asked = form(line, kernel, values)
    if asked.weights > LARGEST_WEIGHTS:
        raise InputError(f"{line} has {asked.weights} weights at these sizes: too many to work out")
    cuts = Cuts(asked)
    if asked.outside is not None:
        return Verdict(cuts, Word.NOT_EXACT, minor=entry(kernel, asked.outside))
    if proof := cuts.refutation:
        return Verdict(cuts, Word.NOT_EXACT, cuts.ranks, minor=proof)
    if factors := factors_of(cuts):
        return Verdict(cuts, Word.EXACT, cuts.ranks, factors)
    return Verdict(cuts, Word.UNDECIDED, cuts.ranks, reason=_reason(cuts))


def factors_of(cuts: Cuts) -> tuple[Kernel, ...] | None:
    """Factors that contract to the kernel, if they are found; of a forest, if there are any."""
    if cuts.forest:
        return cuts.forest.factors
    if cuts.star:
        return cuts.star.factors
    return _thinner(cuts.form) if len(cuts.form.terms) == 1 else _alone(cuts.form)


def _alone(asked: Form) -> tuple[Kernel, ...] | None:
    """Factors of a sum of which one term represents the kernel, the others zero."""
    for place, term in enumerate(asked.terms):
        single = Form(term, asked.kernel, (term,), asked.values)
        found = factors_of(Cuts(single)) if single.outside is None else None
        if found:
            before, after = asked.terms[:place], asked.terms[place + 1 :]
            return (*_zeros(asked, before), *found, *_zeros(asked, after))
    return None


def _thinner(asked: Form) -> tuple[Kernel, ...] | None:
    """Factors of a contraction of no known criterion that do without one of its bonds."""
    (term,) = asked.terms
    sizes = asked.sizes(term)
    for bond in (x for x in term.summed if sizes[x] > 1):
        thin = Family(
            *term.factors,
            inputs=term.inputs,
            outputs=term.outputs,
            axes=term.axes,
            sizes={**term.sizes, bond: 1},
        )
        found = factors_of(Cuts(Form(thin, asked.kernel, (thin,), asked.values)))
        if found:
            return tuple(_padded(factor, bond, sizes[bond]) for factor in found)
    return None


def _zeros(asked: Form, terms: Iterable[Family]) -> Iterator[Kernel]:
    for term in terms:
        sizes = asked.sizes(term)
        for factor in term.factors:
            extents = tuple(sizes[x] for x in factor.indices)
            yield Kernel(tuple(factor.indices), extents, [0] * prod(extents))


def _padded(factor: Kernel, bond: Symbol, size: int) -> Kernel:
    """A factor with zeros at all values of a bond but the first."""
    extents = tuple(size if x == bond else n for x, n in factor.sizes.items())
    blank = Kernel(factor.letters, extents, [0] * prod(extents))
    numbers = list(blank.flat)
    kept = places(factor.letters, blank.strides, factor.sizes)
    for place, number in zip(kept, factor.flat, strict=True):
        numbers[place] = number
    return Kernel(factor.letters, extents, numbers)


def _reason(cuts: Cuts) -> str:
    """Why neither factors nor a refutation are found."""
    passed = "every matrix whose rank it bounds passes, which is necessary and not sufficient"
    if cuts.star:
        return (
            f"{passed}: whether so many outer products are enough is NP-hard to decide;"
            f" at least {cuts.star.least} are needed, {cuts.star.most} are enough"
        )
    if len(cuts.form.terms) > 1:
        return f"{passed} for a sum of unlike branches, and no branch alone spells the kernel"
    return f"{passed} for a contraction of this shape"
