"""How far the letters of a family run if layers are its stages, by channels, groups and taps."""

from collections.abc import Sequence
from itertools import pairwise

from sympy import Indexed, Symbol

from derive.notation.family import Family
from derive.notation.layer import Layer

Extents = dict[Symbol, int]


def extents(term: Family, layers: Sequence[Layer]) -> Extents | None:
    """How far each letter runs if these layers are the stages of a family, on its axes.

    The groups of a layer are what the letters run over that its factor reads and writes, its input
    channels of a group those that it only reads, its output channels those that it only writes. A
    layer has one tap along every axis that its factor has no tap for.

    Returns:
        None if the layers are not its stages. Where several letters are found only together, the
        first runs over all of it and the others over one value.

    >>> from derive.notation.axis import Axis
    >>> from derive.notation.letters import i, j, o, u, v
    >>> from sympy import IndexedBase
    >>> A, B = map(IndexedBase, "AB")
    >>> column, row = (Axis(9, 3, before=1, after=1), Axis(9, 1)), (Axis(9, 1), Axis(9, 3))
    >>> extents(Family(A[j, i, u], B[o, j, v]), [Layer(3, 5, column), Layer(5, 8, row)])
    {u: 3, i: 3, j: 5, v: 3, o: 8}
    """
    if len(layers) != len(term.factors) or term.waste:
        return None
    known: Extents = {}
    for (before, after), factor, layer in zip(
        pairwise(term.states), term.factors, layers, strict=True
    ):
        if layer.taps != term.axes or not _taps(known, factor, layer):
            return None
        kept = [x for x in before if x in after and x in factor.indices]
        sides = (
            (kept, layer.groups),
            ([x for x in before if x not in after], layer.channels_in // layer.groups),
            ([x for x in after if x not in before], layer.channels_out // layer.groups),
        )
        if not all(_solve(known, letters, number) for letters, number in sides):
            return None
    return known


def _taps(known: Extents, factor: Indexed, layer: Layer) -> bool:
    """Whether a layer has several taps only along the axes that its factor has a tap for, which are
    found."""
    sides = dict(zip(layer.taps, (int(axis.kernel) for axis in layer.axes), strict=True))
    found = {tap: side for tap, side in sides.items() if tap in factor.indices}
    known |= found
    return all(side == 1 for tap, side in sides.items() if tap not in found)


def _solve(known: Extents, letters: Sequence[Symbol], number: int) -> bool:
    """Whether letters run over this number of values together; the first that is open is found."""
    rest = number
    open_ones = [x for x in letters if x not in known]
    for x in letters:
        if x in known:
            if rest % known[x]:
                return False
            rest //= known[x]
    if not open_ones:
        return rest == 1
    known |= dict.fromkeys(open_ones[1:], 1)
    known[open_ones[0]] = rest
    return True
