"""A kernel of one design that another lacks: small integers, and the minor that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from flint import fmpz_mat, nmod_mat
from sympy import Integer, Symbol

from derive.notation.family import Letters
from derive.relations.criterion import Zero
from derive.relations.design import Format
from derive.relations.generic import (
    Array,
    held_at,
    kernel,
    matrix,
    PRIME,
    random_weights,
    rank,
    TRIES,
    Weights,
)
from derive.relations.min_cut import Layout, min_cut

LARGE = 40  # rows of a minor: beyond, one more than the bound has to do
MOST_ROWS = 1100  # of a minor that is looked for
MOST_WORK = 10**9  # ranks that are tried, times their cubes
LARGEST = (2, 4, 101)  # weights are tried below these
VALUES = (1, 2, 3)
EXACT = 2**61 - 1  # a prime above every entry that small weights give

Index = tuple[int, ...]
Place = tuple[int, int]  # a factor and the place of a weight in it


@dataclass(frozen=True)
class Witness:
    """The entries of a kernel that are not 0, by place, and a minor that is not 0 and too large.

    ``bound`` is the rank that the other design allows the matrix of ``layout``, less than the minor
    has rows; at bound 0 the minor is a single entry, where that design has zeros.
    """

    extents: Mapping[Symbol, int]
    entries: Mapping[Index, int]
    layout: Layout
    kept: Mapping[Symbol, int]
    rows: tuple[Index, ...]
    columns: tuple[Index, ...]
    minor: int
    bound: int

    @property
    def places(self) -> Letters:
        """The places of the kernel, in the order of the indices."""
        return tuple(self.extents)


def against_rank(design: Format, layout: Layout, bound: int, full: int) -> Witness | None:
    """A kernel of the design whose matrix has the full rank, or a rank above the bound where that
    is large; None if none is found.

    >>> from derive.families import asymmetric, depthwise_separable
    >>> from derive.notation.letters import i, o, sized, u, v
    >>> from derive.relations.design import pair
    >>> sizes = sized(C_in=3, C_out=8, k_h=3, k_w=3, M=1)
    >>> design = pair(depthwise_separable.family, asymmetric.family).one.at(sizes)
    >>> found = against_rank(design, Layout((), (o, v), (i, u)), 1, 2)
    >>> found.minor, dict(found.entries)
    (-1, {(0, 0, 0, 1): 1, (0, 0, 1, 0): 1})
    """
    aim = full if full <= LARGE else bound + 1
    if aim > MOST_ROWS:
        return None
    small = _smallest(design, layout, aim)
    for seed, most in product(range(TRIES), LARGEST):
        weights = random_weights(small, seed, most)
        if rank(small, layout, weights) >= aim:
            return _witness(design, small, layout, _sparse(small, layout, weights, aim), aim, bound)
    return None


def against_zero(design: Format, zero: Zero) -> Witness | None:
    """A kernel of the design with an entry where the other has zeros, or None if it has none."""
    for held in design.held:
        letters = [held[place] for place in zero.places if place in held]
        if len(letters) == len(zero.places) == len(set(letters)):
            return _entry(design, held, zero, letters)
    return None


def _entry(
    design: Format, held: Mapping[Symbol, Symbol], zero: Zero, letters: list[Symbol]
) -> Witness:
    """One entry that is 1: at different values of two places, or off the middle of a tap."""
    middle = {place: (int(extent) - 1) // 2 for place, extent in design.extents.items()}
    apart = len(letters) > 1 or not middle[zero.places[0]]
    value = {letters[-1]: int(apart)}
    at = {
        place: value.get(held[place], 0) if place in held else middle[place]
        for place in design.places
    }
    extents = {place: int(extent) for place, extent in design.extents.items()}
    layout = Layout(design.places, (), ())
    return Witness(extents, {tuple(at.values()): 1}, layout, at, ((),), ((),), 1, 0)


def _witness(
    design: Format, small: Format, layout: Layout, weights: Weights, aim: int, bound: int
) -> Witness:
    """The kernel of some weights of the smaller design, with a minor of its matrix."""
    entries = kernel(small, weights, EXACT)
    found = matrix(small, layout, entries)
    rows, columns = _minor(found, aim)
    sizes = {place: int(extent) for place, extent in small.extents.items()}
    return Witness(
        extents={place: int(extent) for place, extent in design.extents.items()},
        entries={
            tuple(map(int, at)): int(entries[tuple(at)]) for at in np.argwhere(entries).tolist()
        },
        layout=layout,
        kept={place: held_at(small, place) for place in small.places if place in layout.kept},
        rows=_indices(layout.rows, sizes, rows),
        columns=_indices(layout.columns, sizes, columns),
        minor=int(fmpz_mat([[int(found[y, x]) for x in columns] for y in rows]).det()),
        bound=bound,
    )


def _indices(places: Letters, sizes: Mapping[Symbol, int], chosen: list[int]) -> tuple[Index, ...]:
    every = list(product(*(range(sizes[place]) for place in places)))
    return tuple(every[n] for n in chosen)


def _minor(entries: Array, size: int) -> tuple[list[int], list[int]]:
    """Rows and columns of a minor of the given size that is not 0, of a matrix of that rank."""
    columns = _pivots(entries)[:size]
    rows = _pivots(entries[:, columns].T)[:size]
    return rows, columns


def _pivots(entries: Array) -> list[int]:
    """Columns that are independent of those before them, modulo the prime."""
    height, width = entries.shape
    reduced, found = nmod_mat(height, width, (entries % PRIME).ravel().tolist(), PRIME).rref()
    return [next(x for x in range(width) if int(reduced[y, x])) for y in range(found)]


def _smallest(design: Format, layout: Layout, aim: int) -> Format:
    """The design at the smallest sizes at which its min cut is as large as the rank to reach."""
    letters = {x for term in design.terms for x in term.letters}
    cap = {x: max(int(term.sizes[x]) for term in design.terms if x in term.sizes) for x in letters}
    for x in sorted(letters, key=lambda x: (-cap[x], str(x))):
        low, high = 1, cap[x]
        while low < high:
            middle = (low + high) // 2
            if int(min_cut(_capped(design, {**cap, x: middle}), layout).bound) >= aim:
                high = middle
            else:
                low = middle + 1
        cap[x] = high
    return _capped(design, cap)


def _capped(design: Format, cap: Mapping[Symbol, int]) -> Format:
    """The design with letters that run less far."""
    terms = tuple(
        replace(term, sizes={x: Integer(min(int(size), cap[x])) for x, size in term.sizes.items()})
        for term in design.terms
    )
    pairs = list(zip(terms, design.held, strict=True))
    extents = {
        place: max(term.sizes[held[place]] if place in held else extent for term, held in pairs)
        for place, extent in design.extents.items()
    }
    return Format(terms, extents)


def _sparse(design: Format, layout: Layout, weights: Weights, aim: int) -> Weights:
    """Weights with as many zeros as the work allows, such that the rank stays: groups of weights
    are set to 0 together, ever smaller ones; the few that are left are made as small as can be."""
    found = tuple(tuple(weight.copy() for weight in own) for own in weights)
    flat = [weight.reshape(-1) for own in found for weight in own]
    trials = iter(range(MOST_WORK // aim**3))

    def kept(places: list[Place], value: int) -> bool:
        """Set weights to a value, and back if the rank suffers."""
        before = [int(flat[n][at]) for n, at in places]
        for n, at in places:
            flat[n][at] = value
        if next(trials, None) is not None and rank(design, layout, found) >= aim:
            return True
        for (n, at), old in zip(places, before, strict=True):
            flat[n][at] = old
        return False

    left = [(n, at) for n, part in enumerate(flat) for at in range(len(part))]
    size = len(left) // 2
    while size:
        groups = [left[start : start + size] for start in range(0, len(left), size)]
        left = [place for group in groups if not kept(group, 0) for place in group]
        size = min(size // 2, len(left))
    for place in left:
        n, at = place
        next((value for value in VALUES if value >= flat[n][at] or kept([place], value)), None)
    return found
