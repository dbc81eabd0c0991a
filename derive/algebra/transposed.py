"""A transposed convolution as one sum, its brackets [pixel = place] as a matrix for each axis."""

from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, Mul, Sum

from derive.notation.convolution import direct
from derive.notation.family import Family
from derive.notation.letters import Direction, over, X


def hits(expr: Expr) -> Expr:
    """The expression with every bracket [pixel = place] as an entry of the matrix E of its axis.

    >>> from derive.notation.letters import u, y
    >>> hits(KroneckerDelta(y, 2 * u, evaluate=False))
    E_y[2*u, y]
    """
    return expr.replace(
        KroneckerDelta, lambda pixel, place: IndexedBase(f"E_{pixel}")[place, pixel]
    )


def through_matrices(
    family: Family, directions: tuple[Direction, ...], large: IndexedBase | None = None
) -> Expr:
    """The one convolution with the kernel of a family, its windows at the places that they read or
    write through the matrices E: it writes from X, or reads from an image as large as the result.

    >>> from derive.families import standard
    >>> from derive.notation.letters import HEIGHT, u
    >>> through_matrices(standard.family.on((u,)), (HEIGHT,)).function
    E_y[d_h*u - p_h + s_h*y_0, y]*W[o, i, u]*X[i, y_0]
    """
    once = direct(family, directions)
    (image,) = (x for x in once.atoms(Indexed) if x.base == X)
    places = dict(zip(directions, image.indices[len(family.inputs) :], strict=True))
    matrices = (
        IndexedBase(f"E_{d.pixel}")[place.xreplace({d.pixel: d.position}), d.pixel]
        for d, place in places.items()
    )
    read = (
        {d.pixel: d.output for d in directions}
        if large
        else {d.position: d.input for d in directions}
    )
    seen = Mul(*matrices, (large or X)[(*family.inputs, *read)])
    limits = (over(letter, end) for letter, end in read.items())
    return Sum(once.function.xreplace({image: seen}), *once.limits, *limits)
