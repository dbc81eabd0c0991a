"""The convolution itself, built by SymPy: each stage of a family is one nested sum.

X and every intermediate result are zero outside their image. A stage sums the letters that no later
factor needs; the pipeline is the stages put into one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from sympy import (
    Basic,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Sum,
    Symbol,
)

from derive.notation.family import Family, Letters
from derive.notation.letters import Direction, HEIGHT, tau, WIDTH, X, Y

Range = tuple[Symbol, Expr]
PLANE = (HEIGHT, WIDTH)


@dataclass(frozen=True)
class Stage:
    """One layer of a pipeline: ``target`` over its ``domain`` equals ``value``.

    ``applied`` are the directions whose windows this stage slides; ``source`` is what it reads and
    ``reads`` how far each of the source's indices runs.
    """

    factor: Indexed
    source: Indexed
    reads: tuple[Range, ...]
    target: Indexed
    domain: tuple[Range, ...]
    value: Expr
    applied: tuple[Direction, ...]

    @property
    def limits(self) -> tuple[tuple[Symbol, Expr, Expr], ...]:
        """Limits of the sum, empty if the stage sums nothing."""
        return self.value.limits if isinstance(self.value, Sum) else ()

    @cached_property
    def summed(self) -> dict[Symbol, Expr]:
        """The letters that the stage sums, and how far each runs."""
        return {letter: last - first + 1 for letter, first, last in self.limits}

    @property
    def summand(self) -> Expr:
        """What is summed."""
        return self.value.function if isinstance(self.value, Sum) else self.value

    @cached_property
    def tied(self) -> frozenset[Symbol]:
        """Output letters that a Kronecker delta determines: they are not run over freely."""
        return frozenset(delta.args[0] for delta in self.summand.atoms(KroneckerDelta))

    def renamed(self, names: Mapping[Basic, Basic]) -> "Stage":
        """The stage in other symbols.

        >>> from derive.families import pointwise
        >>> str(stages(pointwise.family)[0].renamed({Y: IndexedBase("Z")}).target)
        'Z[o, y, x]'
        """
        return replace(
            self,
            factor=self.factor.xreplace(names),
            source=self.source.xreplace(names),
            reads=tuple((x.xreplace(names), extent.xreplace(names)) for x, extent in self.reads),
            target=self.target.xreplace(names),
            domain=tuple((x.xreplace(names), extent.xreplace(names)) for x, extent in self.domain),
            value=self.value.xreplace(names),
        )


@lru_cache(maxsize=1024)
def stages(
    family: Family,
    directions: tuple[Direction, ...] = PLANE,
    *,
    transposed: bool = False,
    result: IndexedBase = Y,
) -> tuple[Stage, ...]:
    """The layers of a family in order, each a nested sum over the letters that end there.

    A direction whose tap is in no factor is read at its middle tap by the first stage.

    >>> from derive.notation.letters import i, j, o, u, v
    >>> from sympy import IndexedBase
    >>> A, B = IndexedBase("A"), IndexedBase("B")
    >>> [str(stage.target) for stage in stages(Family(A[j, i, u], B[o, j, v]))]
    ['Z_1[j, y, x]', 'Y[o, y, x]']
    """
    built: list[Stage] = []
    for number, factor in enumerate(family.factors):
        applied = tuple(
            d
            for d in directions
            if d.tap in factor.indices or (d.tap not in family.taps and number == 0)
        )
        built.append(_stage(family, number, factor, applied, directions, transposed, built, result))
    return tuple(built)


def _stage(
    family: Family,
    number: int,
    factor: Indexed,
    applied: tuple[Direction, ...],
    directions: tuple[Direction, ...],
    transposed: bool,
    earlier: list[Stage],
    result: IndexedBase,
) -> Stage:
    before, after = family.states[number], family.states[number + 1]
    done = {d for stage in earlier for d in stage.applied}
    last = number + 1 == len(family.factors)
    origin = earlier[-1].target.base if earlier else X
    base = result if last else IndexedBase(f"Z_{number + 1}")
    target = base[(*after, *(d.pixel for d in directions))]
    source = origin[(*before, *(_read(d, family, d in applied, transposed) for d in directions))]
    letters = dict.fromkeys((*before, *factor.indices))
    ended = tuple(x for x in letters if x not in after)
    limits = [(letter, Integer(0), family.sizes[letter] - 1) for letter in ended]
    summand = Mul(factor, source, evaluate=False)
    if transposed:
        limits += [(d.position, Integer(0), d.input - 1) for d in applied]
        hits = (KroneckerDelta(d.pixel, _write(d, family)) for d in applied)
        summand = Mul(factor, source, *hits, evaluate=False)
    return Stage(
        factor=factor,
        source=source,
        reads=(
            *_channels(family, before),
            *((d.pixel, d.output if d in done else d.input) for d in directions),
        ),
        target=target,
        domain=(
            *_channels(family, after),
            *((d.pixel, d.output if d in done | set(applied) else d.input) for d in directions),
        ),
        value=Sum(summand, *limits) if limits else summand,
        applied=applied,
    )


def _channels(family: Family, letters: Letters) -> tuple[Range, ...]:
    return tuple((letter, family.sizes[letter]) for letter in letters)


def _tap(direction: Direction, family: Family) -> Expr:
    return direction.tap if direction.tap in family.taps else direction.middle


def _read(direction: Direction, family: Family, applied: bool, transposed: bool) -> Expr:
    """Where a stage reads: window s y + d u - p if it slides, else the pixel itself."""
    if not applied:
        return direction.pixel
    if transposed:
        return direction.position
    windows = direction.stride * direction.pixel
    return windows + direction.dilation * _tap(direction, family) - direction.before


def _write(direction: Direction, family: Family) -> Expr:
    """Where a transposed stage writes what it read at a position."""
    windows = direction.stride * direction.position
    return windows + direction.dilation * _tap(direction, family) - direction.before


class Within(Function):  # type: ignore[misc]
    """The bracket [0 <= index < extent]: 1 where it holds, else 0."""

    nargs = 2

    @classmethod
    def eval(cls, index: Expr, extent: Expr) -> Integer | None:
        """What the bracket is where the signs of its parts decide it.

        >>> from derive.notation.letters import C_in, i
        >>> Within(Integer(0), C_in), Within(C_in, C_in), Within(i, C_in)
        (1, 0, Within(i, C_in))
        """
        if not (index.is_Number or (index - extent).is_Number):
            return None  # signs of letters are not known, and asking takes time
        if index.is_nonnegative and (extent - index).is_positive:
            return Integer(1)
        if index.is_negative or (index - extent).is_nonnegative:
            return Integer(0)
        return None


@lru_cache(maxsize=1024)
def compose(pipeline: tuple[Stage, ...], *, brackets: bool = False) -> Expr:
    """The whole pipeline as one nested expression in X: every stage put into the next.

    With brackets every intermediate result says where it is not zero.

    >>> from derive.notation.letters import i, o, u, v
    >>> from sympy import IndexedBase
    >>> D, P = IndexedBase("D"), IndexedBase("P")
    >>> len(compose(stages(Family(D[i, u, v], P[o, i]))).atoms(Sum))
    2
    """
    *before, last = pipeline
    if not before:
        return last.value
    read = before[-1]
    places = dict(zip(read.target.indices, last.source.indices, strict=True))
    inner = [compose(tuple(before), brackets=brackets).xreplace(places)]
    if brackets:
        inner += [Within(places[letter], extent) for letter, extent in read.domain]
    return last.value.xreplace({last.source: Mul(*inner)})


@lru_cache(maxsize=1024)
def direct(family: Family, directions: tuple[Direction, ...] = PLANE) -> Expr:
    """The one convolution with the contracted kernel: a single sum over all letters but the output.

    >>> from derive.notation.letters import i, o
    >>> from sympy import IndexedBase
    >>> direct(Family(IndexedBase("W")[o, i]), ())
    Sum(W[o, i]*X[i], (i, 0, C_in - 1))
    """
    places = (_read(d, family, applied=True, transposed=False) for d in directions)
    summed = [x for x in family.letters if x not in family.outputs]
    limits = ((x, Integer(0), family.sizes[x] - 1) for x in summed)
    summand = Mul(*family.factors, X[(*family.inputs, *places)])
    return Sum(summand, *limits) if summed else summand


def numbered(times: Expr, family: Family) -> Family:
    """One of several equal branches, its weights and its result numbered by tau."""
    if times == 1:
        return family
    return Family(
        *(factor.base[(*factor.indices, tau)] for factor in family.factors),
        inputs=family.inputs,
        outputs=(*family.outputs, tau),
        sizes={**family.sizes, tau: times},
        axes=family.axes,
    )
