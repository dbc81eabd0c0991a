"""A pipeline of two stages with something between them: a bias, a scale, an activation."""

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr, Indexed, IndexedBase, Mul, Sum

from derive.notation.convolution import compose, PLANE, Stage, stages, Within
from derive.notation.family import Family
from derive.notation.letters import Direction


def altered(
    family: Family, between: Callable[[Expr], Expr], directions: tuple[Direction, ...] = PLANE
) -> Expr:
    """The pipeline in which the first stage's result z is replaced by ``between(z)``; the image
    in the middle still counts as zero outside.

    >>> from derive.notation.letters import i, j, m, o
    >>> A, B = IndexedBase("A"), IndexedBase("B")
    >>> altered(Family(A[j, i], B[o, j]), lambda z: m, ())
    Sum(m*Within(j, m)*B[o, j], (j, 0, m - 1))
    """
    first, *later = stages(family, directions)
    return compose((replace(first, value=between(first.value)), *later), brackets=True)


def one_per_channel(name: str, family: Family) -> Indexed:
    """A number for every channel between the two stages, such as a bias.

    >>> from derive.families import asymmetric
    >>> one_per_channel("c", asymmetric.family)
    c[j]
    """
    return IndexedBase(name)[family.states[1]]


def summed_by_the_last(family: Family, between: Expr) -> Expr:
    """What the last stage makes of an expression that it reads, with no padding anywhere.

    >>> from derive.families import asymmetric
    >>> summed_by_the_last(asymmetric.family, one_per_channel("c", asymmetric.family))
    Sum(B[o, j, v]*c[j], (j, 0, m - 1), (v, 0, k_w - 1))
    """
    last = stages(family)[-1]
    return Sum(last.factor * between, *last.limits)


def inside(family: Family) -> Expr:
    """The bracket that is 1 where the last stage reads a pixel of the middle image, else 0.

    >>> from derive.families import depthwise_separable
    >>> inside(depthwise_separable.family)
    Within(x, W_out)*Within(y, H_out)
    """
    last = stages(family)[-1]
    return Mul(*(Within(place, extent) for place, extent in read_places(last)))


def read_places(stage: Stage) -> list[tuple[Expr, Expr]]:
    """Along every axis of the plane: where a stage reads, and how far its source reaches."""
    places = list(zip(stage.source.indices, (extent for _, extent in stage.reads), strict=True))
    return places[-len(PLANE) :]
