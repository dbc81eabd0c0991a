"""The pipeline theorem of one family: its stages compute the convolution with its kernel (T1).

Both are nested sums in symbolic sizes, strides, dilations and zero paddings; they are the same
function if their normal forms are equal.
"""

from dataclasses import dataclass, replace

from sympy import Expr, IndexedBase, Integer, Mul, Sum

from derive.algebra.normal_form import normal_form, Ranges, Supports
from derive.notation.convolution import compose, direct, PLANE, Stage, stages
from derive.notation.family import Family
from derive.notation.letters import Direction, X


@dataclass(frozen=True)
class TwoSides:
    """The pipeline as one nested sum, the single convolution, and where letters and X live."""

    nested: Expr
    single: Expr
    free: Ranges
    supports: Supports


def two_sides(
    family: Family,
    directions: tuple[Direction, ...] = PLANE,
    kernel_of: Family | None = None,
) -> TwoSides:
    """The pipeline of a family and the convolution with its kernel, or with that of another."""
    pipeline = stages(family, directions)
    return TwoSides(
        nested=compose(pipeline, brackets=True),
        single=direct(kernel_of or family, directions),
        free=dict(pipeline[-1].domain),
        supports={X: (*(None for _ in family.inputs), *(d.input for d in directions))},
    )


def is_the_convolution(family: Family, directions: tuple[Direction, ...] = PLANE) -> bool:
    """Whether pipeline and single convolution have one normal form, for all sizes at once.

    >>> from derive.families import tensor_train
    >>> is_the_convolution(tensor_train.family)
    True
    """
    sides = two_sides(family, directions)
    forms = (normal_form(x, sides.free, sides.supports) for x in (sides.nested, sides.single))
    return next(forms) == next(forms)


def extended(family: Family, directions: tuple[Direction, ...] = PLANE) -> tuple[Expr, Expr]:
    """Pipeline and single convolution when every axis is padded by a matrix E of its own:
    what is read at place b is the sum over the pixels a of E[b, a] times pixel a.

    >>> from derive.families import standard
    >>> nested, single = extended(standard.family)
    >>> normal_form(nested) == normal_form(single)
    True
    """
    pipeline = tuple(map(_extended, stages(family, directions)))
    whole = Mul(*family.factors, *(_matrix(d)[_place(d, family), d.position] for d in directions))
    pixels = X[(*family.inputs, *(d.position for d in directions))]
    summed = (x for x in family.letters if x not in family.outputs)
    limits = [(x, Integer(0), family.sizes[x] - 1) for x in summed]
    limits += [(d.position, Integer(0), d.input - 1) for d in directions]
    return compose(pipeline), Sum(whole * pixels, *limits)


def _extended(stage: Stage) -> Stage:
    """A stage that reads every axis it slides along through the matrix of that axis."""
    places = dict(zip(stage.reads, stage.source.indices, strict=True))
    through = {(d.pixel, d.input): d for d in stage.applied}
    read = [through[x].position if x in through else index for x, index in places.items()]
    source = stage.source.base[tuple(read)]
    matrices = (
        _matrix(d)[index, d.position] for x, index in places.items() if (d := through.get(x))
    )
    limits = ((d.position, Integer(0), d.input - 1) for d in stage.applied)
    value = stage.value.xreplace({stage.source: Mul(*matrices, source)})
    return replace(stage, source=source, value=Sum(value, *limits) if stage.applied else value)


def _matrix(direction: Direction) -> IndexedBase:
    return IndexedBase(f"E_{direction.pixel}")


def _place(direction: Direction, family: Family) -> Expr:
    """Where the window reads: s y + d u - p, with the middle tap if the family holds none."""
    tap = direction.tap if direction.tap in family.taps else direction.middle
    return direction.stride * direction.pixel + direction.dilation * tap - direction.before
