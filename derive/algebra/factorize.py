"""Exact factors of a kernel: of every family whose network is a forest, read off its letters.

Strip a leaf: the matrix of its letters by all others is a product over the bond (T5), one side is
the leaf, the other a kernel of the smaller forest (T6). Kept letters are met value by value.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations, product
from math import prod

from sympy import Expr, Integer, Symbol

from derive.algebra.contraction import whole
from derive.algebra.kernel import Index, Kernel
from derive.algebra.matrix import Number, rank_factors
from derive.algebra.network import Network, network, Node
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters, Line

Values = Mapping[Symbol, int | Expr]
Sizes = Mapping[Symbol, int]


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
    [[[[Fraction(1, 1), Fraction(2, 1)]]], [[[Fraction(1, 1), Fraction(2, 1)]]]]
    >>> factorize(asymmetric.family, Kernel.of([[[[1, 0], [0, 1]]]]), {m: 1}) is None
    True
    """
    family, given = _sized(line, kernel, values or {})
    net, sizes = _forest(family, given), _extents(family, given)
    small = _in_order(kernel, net.kernel)
    slices: dict[Index, Mapping[int, Kernel]] = {}
    for at in small.over(net.kept):
        nodes = {number: node - set(net.kept) for number, node in enumerate(net.nodes)}
        found = _peeled(_slice(small, net.kept, at), nodes, sizes)
        if found is None:
            return None
        slices[at] = found
    return tuple(_factors(family, net, slices, sizes))


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
    small = _in_order(kernel, net.kernel)
    return all(small.rank_at(cut) <= int(net.extent(cut.bonds)) for cut in net.cuts)


def contracted(factors: Iterable[Kernel], letters: Letters) -> Kernel:
    """The kernel with the given letters that tensors contract to: all other letters are summed.

    >>> from derive.notation.letters import i, j, o
    >>> A, B = Kernel.of([[1], [2]], (j, i)), Kernel.of([[3, 4]], (o, j))
    >>> contracted([A, B], (o, i)).nested
    [[11]]
    """
    factors = tuple(factors)
    sizes = {x: extent for factor in factors for x, extent in factor.sizes.items()}
    everything = (*letters, *(x for x in sizes if x not in letters))
    entries: dict[Index, Number] = dict.fromkeys(_box(letters, sizes), 0)
    for at in _box(everything, sizes):
        entries[at[: len(letters)]] += _entry(factors, dict(zip(everything, at, strict=True)))
    return Kernel(letters, tuple(sizes[x] for x in letters), entries)


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


def _in_order(kernel: Kernel, letters: Letters) -> Kernel:
    """The same entries with the letters in another order; letters of one value may be left out."""
    places = [kernel.letters.index(x) for x in letters]
    entries = {tuple(at[p] for p in places): entry for at, entry in kernel.entries.items()}
    return Kernel(letters, tuple(kernel.extents[p] for p in places), entries)


def _slice(kernel: Kernel, kept: Letters, at: Index) -> Kernel:
    """The entries where the kept letters have the given values."""
    rest = tuple(x for x in kernel.letters if x not in kept)
    held = [(kernel.letters.index(x), value) for x, value in zip(kept, at, strict=True)]
    entries = {
        index: entry
        for index, entry in kernel.entries.items()
        if all(index[place] == value for place, value in held)
    }
    return _in_order(Kernel(kernel.letters, kernel.extents, entries), rest)


def _peeled(kernel: Kernel, nodes: Mapping[int, Node], sizes: Sizes) -> dict[int, Kernel] | None:
    """The tensors of a forest: a leaf, then those of what is left, on which its bond is open."""
    if len(nodes) == 1:
        return dict.fromkeys(nodes, kernel)
    leaf = next(number for number in nodes if _ends(nodes, number))
    others = {number: node for number, node in nodes.items() if number != leaf}
    held = frozenset[Symbol]().union(*others.values())
    bond = tuple(sorted((x for x in nodes[leaf] & held), key=str))
    rows = tuple(x for x in kernel.letters if x in nodes[leaf])
    columns = tuple(x for x in kernel.letters if x not in rows)
    left, right = rank_factors(kernel.matrix(rows, columns))
    if len(right) > prod(sizes[x] for x in bond):
        return None
    own = _tensor(rows, bond, sizes, left)
    rest = _tensor(columns, bond, sizes, list(zip(*right, strict=True)))
    found = _peeled(rest, others, sizes)
    return None if found is None else {leaf: own, **found}


def _ends(nodes: Mapping[int, Node], number: int) -> bool:
    """Whether a factor shares letters with one other at most."""
    node = nodes[number]
    return sum(bool(node & other) for key, other in nodes.items() if key != number) <= 1


def _tensor(
    open_letters: Letters, bond: Letters, sizes: Sizes, rows: Iterable[Iterable[Number]]
) -> Kernel:
    """Rows over the open letters, columns over the bond's values; beyond the columns, zeros."""
    letters = (*open_letters, *bond)
    entries: dict[Index, Number] = dict.fromkeys(_box(letters, sizes), 0)
    for at, row in zip(_box(open_letters, sizes), rows, strict=False):
        for value, entry in zip(_box(bond, sizes), row, strict=False):
            entries[(*at, *value)] = entry
    return Kernel(letters, tuple(sizes[x] for x in letters), entries)


def _factors(
    family: Family, net: Network, slices: Mapping[Index, Mapping[int, Kernel]], sizes: Sizes
) -> Iterator[Kernel]:
    """The tensors of the network spread over the factors as written.

    A factor that the network has done without is all ones. A letter that it has summed away has
    one term only, that of 0.
    """
    homes = _homes(family, net)
    alive = frozenset(net.kernel).union(*net.nodes)
    gone = [x for x in family.summed if x not in alive]
    for place, factor in enumerate(family.factors):
        letters = tuple(factor.indices)
        entries: dict[Index, Number] = {}
        for at in _box(letters, sizes):
            value = dict(zip(letters, at, strict=True))
            if any(value.get(x) for x in gone):
                entries[at] = 0
            elif place in homes:
                tensor = slices[tuple(value[x] for x in net.kept)][homes[place]]
                entries[at] = tensor.entries[tuple(value[x] for x in tensor.letters)]
            else:
                entries[at] = 1
        yield Kernel(letters, tuple(sizes[x] for x in letters), entries)


def _homes(family: Family, net: Network) -> dict[int, int]:
    """For factors as written, the node of the network that each carries."""
    held = [set(factor.indices) for factor in family.factors]
    for places in permutations(range(len(held)), len(net.nodes)):
        if all(node <= held[place] for place, node in zip(places, net.nodes, strict=True)):
            return {place: number for number, place in enumerate(places)}
    raise InputError(f"the factors of {family} do not hold its network")


def _entry(factors: tuple[Kernel, ...], value: dict[Symbol, int]) -> Number:
    """The product of the tensors' entries where the letters have these values."""
    return prod(factor.entries[tuple(value[x] for x in factor.letters)] for factor in factors)


def _box(letters: Iterable[Symbol], sizes: Sizes) -> Iterator[Index]:
    return product(*(range(sizes[x]) for x in letters))
