"""Families over a field of p elements, where every kernel and all weights can be tried."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from math import prod

from flint import nmod_mat
from sympy import Integer, Symbol

from derive.algebra.kernel import Index, Kernel
from derive.algebra.matrix import Rows
from derive.algebra.network import Cut, network
from derive.notation.family import Family, Letters

Sizes = Mapping[Symbol, int]  # what the symbols of the sizes stand for


@cache
def contractions(
    family: Family, values: tuple[tuple[Symbol, int], ...], prime: int = 2
) -> frozenset[Index]:
    """The kernels, as their entries in order, that some weights below a prime contract to.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, k_h, k_w, m
    >>> sizes = {C_in: 1, C_out: 1, k_h: 2, k_w: 2, m: 1}
    >>> len(contractions(asymmetric.family, tuple(sizes.items())))
    10
    """
    extents = letter_sizes(family, dict(values))
    starts, places = 0, []
    for factor in family.factors:
        box = _box(tuple(factor.indices), extents)
        places.append({at: starts + number for number, at in enumerate(box)})
        starts += len(places[-1])
    terms = [tuple(_terms(family, extents, places, at)) for at in _box(family.kernel, extents)]
    return frozenset(
        tuple(sum(prod(w[n] for n in term) for term in entry) % prime for entry in terms)
        for w in product(range(prime), repeat=starts)
    )


def every_kernel(family: Family, sizes: Sizes, prime: int = 2) -> Iterator[Kernel]:
    """All kernels with entries below a prime."""
    extents = letter_sizes(family, sizes)
    box = _box(family.kernel, extents)
    shape = tuple(extents[x] for x in family.kernel)
    for entries in product(range(prime), repeat=len(box)):
        yield Kernel(family.kernel, shape, dict(zip(box, entries, strict=True)))


def passes(family: Family, sizes: Sizes, kernel: Kernel, prime: int = 2) -> bool:
    """Whether every cut of the kernel has a rank modulo the prime within its bond.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, k_h, k_w, m
    >>> sizes = {C_in: 1, C_out: 1, k_h: 2, k_w: 2, m: 1}
    >>> sum(passes(asymmetric.family, sizes, K) for K in every_kernel(asymmetric.family, sizes))
    10
    """
    net = network(family, {symbol: Integer(value) for symbol, value in sizes.items()})
    return all(_rank_at(kernel, cut, prime) <= int(net.extent(cut.bonds)) for cut in net.cuts)


def rank_modulo(rows: Rows, prime: int) -> int:
    """The rank of an integer matrix over the field of p elements.

    >>> rank_modulo([[1, 1], [1, -1]], 2), rank_modulo([[1, 1], [1, -1]], 3)
    (1, 2)
    """
    entries = [int(x) % prime for row in rows for x in row]
    return int(nmod_mat(len(rows), len(rows[0]), entries, prime).rank())


def letter_sizes(family: Family, sizes: Sizes) -> dict[Symbol, int]:
    """How far every letter runs, in numbers."""
    given = {symbol: Integer(value) for symbol, value in sizes.items()}
    return {x: int(family.sizes[x].xreplace(given)) for x in (*family.kernel, *family.summed)}


def _rank_at(kernel: Kernel, cut: Cut, prime: int) -> int:
    """The largest rank of a cut over the kept letters; letters of one value are held at 0."""
    alone = {x: 0 for x in kernel.letters if x not in (*cut.rows, *cut.columns)}
    return max(
        rank_modulo(kernel.matrix(cut.rows, cut.columns, alone | held), prime)
        for held in (dict(zip(cut.kept, at, strict=True)) for at in kernel.over(cut.kept))
    )


def _terms(
    family: Family, extents: Mapping[Symbol, int], places: list[dict[Index, int]], at: Index
) -> Iterator[Index]:
    """For one entry: the products it sums, as the numbers of their weights."""
    value = dict(zip(family.kernel, at, strict=True))
    for bound in _box(family.summed, extents):
        value |= zip(family.summed, bound, strict=True)
        yield tuple(
            numbers[tuple(value[x] for x in factor.indices)]
            for factor, numbers in zip(family.factors, places, strict=True)
        )


def _box(letters: Letters, extents: Mapping[Symbol, int]) -> list[Index]:
    return list(product(*(range(extents[x]) for x in letters)))
