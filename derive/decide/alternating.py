"""Approximation by improving one side at a time: sums of outer products, and a core with leaves.

Each step is a least-squares problem that is solved, so the error never grows. Where it stops is
stationary and need not be the best there is.

Sources: Carroll, Chang (1970), Psychometrika 35, and Harshman (1970), UCLA Working Papers in
Phonetics 16 (alternating least squares); De Lathauwer, De Moor, Vandewalle (2000), SIAM J. Matrix
Anal. Appl. 21(4) (higher-order orthogonal iteration); Kolda, Bader (2009), SIAM Review 51(3).
"""

from collections.abc import Iterator, Sequence
from math import inf, prod
from typing import Any

STARTS = 4  # the first from singular vectors, the others random
SEED = 1  # the same factors every time
ROUNDS = 500
EFFORT = 3 * 10**9  # entries times terms times rounds of one start
STILL = 1e-9  # share of its norm by which an error must fall in a round


def outer_products(
    array: Any, start: Sequence[Any] | None = None, terms: int = 1
) -> tuple[list[Any], float]:
    """Matrices with a column for each term, one matrix for each axis, such that the sum of the
    outer products of their columns is near an array, and how far it is.

    From the given start, or from several, of which the best is taken.

    >>> import numpy as np
    >>> ones, error = outer_products(np.ones((2, 3, 4)))
    >>> [one.shape for one in ones], error < 1e-12
    ([(2, 1), (3, 1), (4, 1)], True)
    """
    starts = _starts(array, terms) if start is None else iter([list(start)])
    best: tuple[list[Any], float] = ([], inf)
    for sides in starts:
        found = _alternated(array, sides)
        best = min(best, found, key=lambda one: one[1])
    return best


def _starts(array: Any, terms: int) -> Iterator[list[Any]]:
    """Leading singular vectors of every unfolding, filled up with random ones; then random ones."""
    import numpy as np

    random = np.random.default_rng(SEED)
    for number in range(STARTS):
        sides = [random.standard_normal((extent, terms)) for extent in array.shape]
        if not number:
            for place, side in enumerate(sides):
                left = np.linalg.svd(_unfolded(array, place), full_matrices=False)[0][:, :terms]
                side[:, : left.shape[1]] = left
        yield sides


def _alternated(array: Any, sides: list[Any]) -> tuple[list[Any], float]:
    """Sides that are solved for in turn, until the error stays, and the error."""
    import numpy as np

    unfolded = [np.ascontiguousarray(_unfolded(array, n)) for n in range(len(sides))]
    whole, terms = float(np.linalg.norm(array)), sides[0].shape[1]
    best, error = sides, _apart(unfolded, sides)
    for _ in range(max(10, min(ROUNDS, EFFORT // (array.size * terms)))):
        sides = list(best)
        for place, matrix in enumerate(unfolded):
            sides[place] = _solved(matrix, sides, place)
        sides = _evened(sides)
        now = _apart(unfolded, sides)
        if now >= error:
            break
        fallen, best, error = error - now, sides, now
        if fallen <= STILL * whole:
            break
    return best, error


def _solved(matrix: Any, sides: list[Any], place: int) -> Any:
    """The side that is best while the others stay, by the normal equations."""
    import numpy as np

    others = [side for n, side in enumerate(sides) if n != place]
    gram = prod((side.T @ side for side in others[1:]), start=others[0].T @ others[0])
    return np.linalg.lstsq(gram, (matrix @ _paired(others)).T, rcond=None)[0].T


def _paired(sides: Sequence[Any]) -> Any:
    """The outer products of the columns of some sides, each as a column (Khatri-Rao product)."""
    found = sides[0]
    for side in sides[1:]:
        found = (found[:, None, :] * side[None, :, :]).reshape(-1, side.shape[1])
    return found


def _evened(sides: list[Any]) -> list[Any]:
    """Outer products with vectors of equal norms, each as before."""
    import numpy as np

    norms = np.array([np.linalg.norm(side, axis=0) for side in sides])
    live = (norms > 0).all(axis=0)
    safe = np.where(live, norms, 1.0)
    mean = np.exp(np.log(safe).mean(axis=0)) * live
    return [side * (mean / own) for side, own in zip(sides, safe, strict=True)]


def _apart(unfolded: list[Any], sides: list[Any]) -> float:
    """The norm of the array less the sum of the outer products."""
    import numpy as np

    return float(np.linalg.norm(unfolded[0] - sides[0] @ _paired(sides[1:]).T))


def higher_order_iteration(array: Any, sides: Sequence[Any]) -> tuple[list[Any], Any]:
    """Orthonormal columns for every axis but the last, and the array in terms of them, by which
    most of it is kept; from the given columns.

    >>> import numpy as np
    >>> start = [np.eye(2)[:, :1], np.eye(3)[:, :1]]
    >>> sides, core = higher_order_iteration(np.ones((2, 3, 4)), start)
    >>> core.shape, bool(abs(np.linalg.norm(core) - np.sqrt(24)) < 1e-12)
    ((1, 1, 4), True)
    """
    import numpy as np

    found, kept = list(sides), -1.0
    whole = float(np.linalg.norm(array))
    for _ in range(ROUNDS):
        for place, side in enumerate(found):
            seen = _projected(array, found, place)
            left = np.linalg.svd(_unfolded(seen, place), full_matrices=False)[0]
            found[place] = left[:, : side.shape[1]]
        core = _projected(array, found)
        now = float(np.linalg.norm(core))
        if now - kept <= STILL * whole:
            break
        kept = now
    return found, core


def _projected(array: Any, sides: Sequence[Any], but: int | None = None) -> Any:
    """The array in terms of the columns of every side but one."""
    import numpy as np

    for place, side in enumerate(sides):
        if place != but:
            array = np.moveaxis(np.tensordot(side.T, array, axes=(1, place)), 0, place)
    return array


def _unfolded(array: Any, place: int) -> Any:
    """The matrix whose rows are one axis."""
    import numpy as np

    return np.moveaxis(array, place, 0).reshape(array.shape[place], -1)
