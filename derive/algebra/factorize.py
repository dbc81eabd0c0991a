"""Exact factors of a kernel: of every family whose network is a forest, read off its letters.

Strip a leaf: the matrix of its letters by all others is a product over the bond (T5), one side is
the leaf, the other a kernel of the smaller forest (T6). Kept letters are met value by value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from math import isqrt, prod
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.algebra.contraction import whole
from derive.algebra.kernel import Index, Kernel
from derive.algebra.matrix import Number
from derive.algebra.network import leaf, Network, network, Node
from derive.algebra.skeleton import Skeleton, skeleton
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters, Line

Values = Mapping[Symbol, int | Expr]
Sizes = Mapping[Symbol, int]
Sides = tuple[Letters, Letters]


def factorize(
    line: Line, kernel: Kernel, values: Values | None = None
) -> tuple[Kernel, ...] | None:
    """A tensor for every factor, which contract to the kernel exactly; None if no weights do.

    ``values`` are the sizes of the bonds; those of the kernel's own letters are known. Equal
    branches are one family with a further letter that counts them. Raises InputError for a line
    whose network is no forest, for a size that is missing and for a kernel with other letters.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> kernel = Kernel.of([[[[1, 2], [2, 4]]]])
    >>> [factor.nested for factor in factorize(asymmetric.family, kernel, {m: 1})]
    [[[[1, 2]]], [[[1, 2]]]]
    >>> factorize(asymmetric.family, Kernel.of([[[[1, 0], [0, 1]]]]), {m: 1}) is None
    True
    """
    family, given = _sized(line, kernel, values or {})
    net, (integers, below) = _forest(family, given), kernel.scaled
    return Forest(family, net, _extents(family, given), integers, below).factors


def realizes(line: Line, kernel: Kernel, values: Values | None = None) -> bool:
    """Whether some weights contract to the kernel: every cut has a rank within its bond.

    Errors as for ``factorize``.

    >>> from derive.families import depthwise_separable
    >>> from derive.notation.letters import M
    >>> pair = Kernel.of([[[[1, 0]]], [[[0, 1]]]])
    >>> [realizes(depthwise_separable.family, pair, {M: copies}) for copies in (1, 2)]
    [False, True]
    """
    net = _forest(*_sized(line, kernel, values or {}))
    return all(kernel.rank_at(cut) <= int(net.extent(cut.bonds)) for cut in net.cuts)


def contracted(factors: Iterable[Kernel], letters: Letters) -> Kernel:
    """The kernel with the given letters that tensors contract to: all other letters are summed.

    >>> from derive.notation.letters import i, j, o
    >>> A, B = Kernel.of([[1], [2]], (j, i)), Kernel.of([[3, 4]], (o, j))
    >>> contracted([A, B], (o, i)).nested
    [[11]]
    """
    factors = tuple(factors)
    sizes = {x: extent for factor in factors for x, extent in factor.sizes.items()}
    summed = tuple(x for x in sizes if x not in letters)
    everything, terms = (*letters, *summed), prod(sizes[x] for x in summed)
    found: list[Number] = [1] * (prod(sizes[x] for x in letters) * terms)
    for factor in factors:
        places = factor.places(everything, sizes)
        found = [value * factor.flat[place] for value, place in zip(found, places, strict=True)]
    sums = [sum(found[start : start + terms]) for start in range(0, len(found), terms)]
    return Kernel(letters, tuple(sizes[x] for x in letters), sums)


def kernel_with(family: Family, *weights: Any) -> Kernel:
    """The kernel of a family with numbers for its weights: nested lists, one for every factor.

    >>> from derive.families import asymmetric
    >>> kernel_with(asymmetric.family, [[[1, 2]]], [[[3, 4]]]).nested
    [[[[3, 4], [6, 8]]]]
    """
    factors = zip(weights, family.factors, strict=True)
    return contracted([Kernel.of(one, factor.indices) for one, factor in factors], family.kernel)


@dataclass(frozen=True)
class Forest:
    """A family whose network is a forest and a kernel with its letters, at sizes in numbers; the
    kernel is that of integers over ``below``."""

    family: Family
    network: Network
    sizes: Sizes
    kernel: Kernel
    below: int

    @cached_property
    def factors(self) -> tuple[Kernel, ...] | None:
        """A tensor for every factor, which contract to the kernel; None if no weights do."""
        tensors: dict[Index, Mapping[int, Kernel]] = {}
        kept = self.network.kept
        nodes = [node - set(kept) for node in self.network.nodes]
        letters = [x for x in self.network.kernel if x not in kept]
        for at in self.kernel.over(kept):
            part = self.kernel.view(letters, dict(zip(kept, at, strict=True)))
            known = {(c.rows, c.columns): self.kernel.skeleton(c, at) for c in self.network.cuts}
            found = _exact_tensors(part, dict(enumerate(nodes)), self.sizes, known)
            if found is None:
                return None
            tensors[at] = found
        return spread(self.family, self.network, self.sizes, tensors, self.below)


def spread(
    family: Family,
    net: Network,
    sizes: Sizes,
    tensors: Mapping[Index, Mapping[int, Kernel]],
    below: int,
) -> tuple[Kernel, ...]:
    """The tensors of a network, for each value of its kept letters, as those of the factors as
    written, over a number that they share.

    A factor that the network has done without is all ones. A letter that it has summed away has one
    term only, that of 0.
    """
    nodes = homes(family, net)
    gone = set(family.summed).difference(*net.nodes)
    shared = {at: _divided(found, below) for at, found in tensors.items()}
    found = []
    for place, factor in enumerate(family.factors):
        letters = tuple(factor.indices)
        extents = tuple(sizes[x] for x in letters)
        blank = Kernel(letters, extents, [0] * prod(extents))
        if place in nodes:
            parts = {at: tensors[nodes[place]] for at, tensors in shared.items()}
            found.append(_filled(blank, net.kept, parts))
        else:
            rest = tuple(x for x in letters if x not in gone)
            shape = tuple(sizes[x] for x in rest)
            found.append(_filled(blank, (), {(): Kernel(rest, shape, [1] * prod(shape))}))
    return tuple(found)


def _sized(line: Line, kernel: Kernel, values: Values) -> tuple[Family, dict[Symbol, Expr]]:
    """The line as one contraction, and the sizes of bonds and kernel together."""
    family = whole(line)
    if set(kernel.letters) != set(family.kernel):
        raise InputError(f"the kernel has letters {kernel.letters}, {line} has {family.kernel}")
    given = {symbol: Integer(value) for symbol, value in values.items()}
    for x, extent in kernel.sizes.items():
        if family.sizes[x].is_Symbol:
            given.setdefault(family.sizes[x], Integer(extent))
        if (found := family.sizes[x].xreplace(given)) != extent:
            raise InputError(f"letter {x} runs over {found} values, in the kernel over {extent}")
    return family, given


def _extents(family: Family, given: Mapping[Symbol, Expr]) -> dict[Symbol, int]:
    """How far every letter runs, in numbers."""
    sizes = {x: family.sizes[x].xreplace(dict(given)) for x in (*family.kernel, *family.summed)}
    missing = [f"{x} over {extent} values" for x, extent in sizes.items() if not extent.is_Integer]
    if missing:
        raise InputError(f"sizes are not given: {', '.join(missing)}")
    return {x: int(extent) for x, extent in sizes.items()}


def _forest(family: Family, given: Mapping[Symbol, Expr]) -> Network:
    """The network at these sizes; InputError unless ranks decide."""
    _extents(family, given)
    net = network(family, dict(given))
    if not net.forest:
        raise InputError(f"{family} is no forest of factors: ranks do not decide")
    return net


def _exact_tensors(
    kernel: Kernel, nodes: Mapping[int, Node], sizes: Sizes, known: Mapping[Sides, Skeleton]
) -> dict[int, Kernel] | None:
    """The tensors of a forest: a leaf, then those of what is left, on which its bond is open."""
    if len(nodes) == 1:
        return dict.fromkeys(nodes, kernel)
    end, bond = leaf(nodes)
    others = {number: node for number, node in nodes.items() if number != end}
    columns = tuple(x for x in kernel.letters if x in nodes[end])
    rows = tuple(x for x in kernel.letters if x not in columns)
    found = known.get((rows, columns)) or skeleton(kernel.matrix(rows, columns))
    if found.rank > prod(sizes[x] for x in bond):
        return None
    left, right = found.split()
    own = _tensor(columns, bond, sizes, zip(*right, strict=True) if right else [])
    rest = _exact_tensors(_tensor(rows, bond, sizes, left), others, sizes, {})
    return None if rest is None else {end: own, **rest}


def _tensor(
    open_letters: Letters, bond: Letters, sizes: Sizes, rows: Iterable[Sequence[Number]]
) -> Kernel:
    """Rows over the open letters, columns over the bond's values; beyond the given, zeros."""
    letters, width = (*open_letters, *bond), prod(sizes[x] for x in bond)
    numbers = [x for row in rows for x in (*row, *[0] * (width - len(row)))]
    extents = tuple(sizes[x] for x in letters)
    return Kernel(letters, extents, numbers + [0] * (prod(extents) - len(numbers)))


def _divided(tensors: Mapping[int, Kernel], below: int) -> dict[int, Kernel]:
    """The tensors, the first two of them over two numbers with the given product, equal if they
    can be."""
    root = _root(below)
    shares = [root, below // root] if len(tensors) > 1 else [below]
    return dict(tensors) | {
        number: Kernel(found.letters, found.extents, [Fraction(x, share) for x in found.flat])
        for (number, found), share in zip(tensors.items(), shares, strict=False)
        if share != 1
    }


def _root(number: int) -> int:
    """The root of a square, or of half of twice one (as are all powers of two); else 1.

    >>> _root(36), _root(32), _root(6)
    (6, 4, 1)
    """
    for part in (1, 2):
        root = isqrt(number // part)
        if root * root * part == number:
            return root
    return 1


def _filled(blank: Kernel, kept: Letters, parts: Mapping[Index, Kernel]) -> Kernel:
    """A tensor with other tensors put in, one for each value of the kept letters."""
    numbers = list(blank.flat)
    for at, part in parts.items():
        start = sum(blank.strides.get(x, 0) * value for x, value in zip(kept, at, strict=True))
        for place, entry in zip(blank.places(part.letters), part.flat, strict=True):
            numbers[start + place] = entry
    return Kernel(blank.letters, blank.extents, numbers)


def homes(family: Family, net: Network) -> dict[int, int]:
    """For factors as written, the node of the network that each carries; InputError if there is
    none."""
    held = [set(factor.indices) for factor in family.factors]
    for places in permutations(range(len(held)), len(net.nodes)):
        if all(node <= held[place] for place, node in zip(places, net.nodes, strict=True)):
            return {place: number for number, place in enumerate(places)}
    raise InputError(f"the factors of {family} do not hold its network")
