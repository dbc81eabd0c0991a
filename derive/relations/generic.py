"""The rank of a matrix of a generic kernel of a design: random weights modulo a prime.

The rank modulo a prime is a lower bound on the rank of the kernel with the same weights over the
rationals, and the min cut is an upper bound: where the two agree, the bound is attained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from flint import nmod_mat
from numpy.typing import NDArray
from sympy import Symbol

from derive.relations.design import Format, Term
from derive.relations.min_cut import Layout

PRIME = 2097143  # below 2^21: sums of 2^21 products of two residues fit into 64 bits
FLOATS = 2**53  # integers up to here are exact in floats
LARGE = 2**12  # entries from which multiplying floats is faster than loops over integers
TRIES = 3

Array = NDArray[np.int64]
Weights = tuple[tuple[Array, ...], ...]  # of every factor of every term


def random_weights(design: Format, seed: int, most: int = PRIME) -> Weights:
    """Weights of every factor from 1 to one less than ``most``, drawn from a seed."""
    random = np.random.default_rng(seed)
    return tuple(
        tuple(random.integers(1, most, _shape(term, factor.letters)) for factor in term.factors)
        for term in design.terms
    )


def kernel(design: Format, weights: Weights, prime: int = PRIME) -> Array:
    """The kernel of some weights modulo a prime, one axis for each place."""
    shape = tuple(int(extent) for extent in design.extents.values())
    total = np.zeros(shape, np.int64)
    for term, held, own in zip(design.terms, design.held, weights, strict=True):
        _add(total, design, held, _contracted(term, own, prime))
    return total % prime


def rank(design: Format, layout: Layout, weights: Weights) -> int:
    """The rank of a matrix of a kernel, where the places that are held are 0."""
    return matrix_rank(matrix(design, layout, kernel(design, weights)))


@dataclass(frozen=True)
class Generic:
    """A design at sizes in numbers, whose kernels of random weights are contracted once each."""

    design: Format

    @cached_property
    def _kernels(self) -> dict[int, Array]:
        return {}

    def _kernel(self, seed: int) -> Array:
        if seed not in self._kernels:
            self._kernels[seed] = kernel(self.design, random_weights(self.design, seed))
        return self._kernels[seed]

    def rank(self, layout: Layout, bound: int) -> int:
        """The largest rank that random weights reach, tried until the bound is reached.

        >>> from derive.families import asymmetric, depthwise_separable
        >>> from derive.notation.letters import i, o, sized, u, v
        >>> from derive.relations.design import pair
        >>> both = pair(depthwise_separable.family, asymmetric.family)
        >>> design = both.one.at(sized(C_in=3, C_out=8, k_h=3, k_w=3, M=1))
        >>> Generic(design).rank(Layout((), (o, v), (i, u)), 9)
        9
        """
        found = 0
        for seed in range(TRIES):
            found = max(found, rank_near(bound, matrix(self.design, layout, self._kernel(seed))))
            if found >= bound:
                break
        return found


def matrix(design: Format, layout: Layout, entries: Array) -> Array:
    """The matrix of a kernel's rows and columns, where the places that are held are 0."""
    axes = {place: n for n, place in enumerate(design.places)}
    order = (*layout.kept, *layout.rows, *layout.columns)
    others = tuple(place for place in design.places if place not in order)
    moved = np.transpose(
        entries, [axes[x] for x in (*layout.kept, *others, *layout.rows, *layout.columns)]
    )
    block = moved[tuple(held_at(design, place) for place in (*layout.kept, *others))]
    return np.reshape(block, (prod(block.shape[: len(layout.rows)]), -1))


def held_at(design: Format, place: Symbol) -> int:
    """Where a place is held: a tap at its middle, any other place at its first value."""
    middle = (int(design.extents[place]) - 1) // 2
    return middle if any(place not in held for held in design.held) else 0


def rank_near(bound: int, entries: Array) -> int:
    """The rank of a matrix modulo the prime, found quickly where it is the bound.

    Random sums of the rows, and then of the columns, one more of each than the bound, have a rank
    that is no larger than the matrix has. If theirs is the bound, which the min cut lets no rank
    exceed, it is that of the matrix.

    >>> ones = np.ones((100, 100), np.int64)
    >>> rank_near(1, ones), rank_near(9, ones)
    (1, 1)
    """
    rows, columns = entries.shape
    exact = max(rows, columns) * (PRIME - 1) ** 2 <= FLOATS
    if exact and entries.size >= LARGE and 2 * bound < min(rows, columns):
        random = np.random.default_rng((rows, columns, bound))
        left, right = random.integers(PRIME, size=(2, bound + 1, max(rows, columns)))
        sums = _product(_product(left[:, :rows], entries), right[:, :columns].T)
        if matrix_rank(sums) == bound:
            return bound
    return matrix_rank(entries)


def _product(one: Array, other: Array) -> Array:
    """The product of two matrices modulo the prime, whose sums are exact in floats."""
    return np.asarray(one.astype(np.float64) @ other.astype(np.float64) % PRIME, np.int64)


def matrix_rank(entries: Array) -> int:
    """The rank of a matrix modulo the prime."""
    rows, columns = entries.shape
    return int(nmod_mat(rows, columns, entries.ravel().tolist(), PRIME).rank())


def _add(total: Array, design: Format, held: Mapping[Symbol, Symbol], entries: Array) -> None:
    """Add the entries of a term at their places; at a tap it lacks it is at the middle."""
    grids = np.indices(entries.shape, sparse=True)
    axis = {x: n for n, x in enumerate(dict.fromkeys(held[p] for p in design.places if p in held))}
    total[
        tuple(
            grids[axis[held[place]]] if place in held else (int(extent) - 1) // 2
            for place, extent in design.extents.items()
        )
    ] += entries


def _shape(term: Term, letters: tuple[Symbol, ...]) -> tuple[int, ...]:
    return tuple(int(term.sizes[x]) for x in letters)


def _contracted(term: Term, weights: tuple[Array, ...], prime: int) -> Array:
    """The contraction, an axis for each letter of the kernel, in its order."""
    names = {x: chr(ord("a") + n) for n, x in enumerate(term.letters)}
    held, result = term.factors[0].letters, weights[0]
    for number in range(1, len(weights)):
        factor, later = term.factors[number], term.factors[number + 1 :]
        needed = {*term.kernel, *(x for other in later for x in other.letters)}
        kept = tuple(x for x in dict.fromkeys((*held, *factor.letters)) if x in needed)
        words = ["".join(map(names.__getitem__, part)) for part in (held, factor.letters, kept)]
        summed = prod(int(term.sizes[x]) for x in {*held, *factor.letters} - {*kept})
        letters = f"{words[0]},{words[1]}->{words[2]}"
        result = _einsum(letters, result, weights[number], summed * (prime - 1) ** 2) % prime
        held = kept
    words = ["".join(map(names.__getitem__, part)) for part in (held, term.kernel)]
    return np.asarray(np.einsum(f"{words[0]}->{words[1]}", result) % prime)


def _einsum(letters: str, one: Array, other: Array, most: int) -> Array:
    """The sums of products that the letters say, none larger than ``most``.

    Large arrays are multiplied in floats, which is faster, where these are exact.
    """
    if one.size + other.size < LARGE or most > FLOATS:
        return np.asarray(np.einsum(letters, one, other))
    floats = one.astype(np.float64), other.astype(np.float64)
    return np.asarray(np.einsum(letters, *floats, optimize=True), np.int64)
