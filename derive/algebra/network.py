"""A family as a tensor network: what its factors share decides which kernels it can represent.

Kernel letters that stand in every factor are *kept*: the question splits into one for each of their
values. What remains is a graph of factors joined by bonds; cutting a bond leaves a matrix.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod

from sympy import Expr, Integer, Symbol, sympify

from derive.algebra.components import components
from derive.notation.family import Branches, Family, Letters, Line
from derive.notation.letters import tau

Node = frozenset[Symbol]


@dataclass(frozen=True)
class Bond:
    """Letters summed between the same factors, and the factors (by number) they join."""

    letters: Letters
    nodes: frozenset[int]


@dataclass(frozen=True)
class Cut:
    """A matrix of the kernel, for each value of ``kept``: its rank is at most the product of
    ``bonds`` for every kernel of the family."""

    kept: Letters
    rows: Letters
    columns: Letters
    bonds: Letters

    def __str__(self) -> str:
        """Rows times columns, the bonds that are summed, and the kept letters.

        >>> from derive.families import asymmetric, depthwise_separable
        >>> print(cut_of(asymmetric.family), cut_of(depthwise_separable.family), sep="; ")
        (o,v) × (i,u), summed over j; o × (u,v), summed over l, for each i
        """
        bonds = f", summed over {indices(self.bonds)}" if self.bonds else ""
        kept = f", for each {indices(self.kept)}" if self.kept else ""
        return f"{' × '.join(map(indices, self.sides))}{bonds}{kept}"

    @property
    def sides(self) -> tuple[Letters, Letters]:
        """The letters of its rows and of its columns.

        >>> from derive.families import asymmetric
        >>> cut_of(asymmetric.family).sides
        ((o, v), (i, u))
        """
        return self.rows, self.columns

    @property
    def tex(self) -> str:
        """Rows times columns, as a formula shows them.

        >>> from derive.families import asymmetric
        >>> cut_of(asymmetric.family).tex
        '(o,v) \\\\times (i,u)'
        """
        return r" \times ".join(map(indices, self.sides))


@dataclass(frozen=True)
class Network:
    """The factors as sets of letters, with what each letter runs over (symbols or numbers).

    >>> from derive.families import asymmetric
    >>> network(asymmetric.family).cuts
    (Cut(kept=(), rows=(o, v), columns=(i, u), bonds=(j,)),)
    """

    nodes: tuple[Node, ...]
    kernel: Letters
    sizes: tuple[tuple[Symbol, Expr], ...]

    def extent(self, letters: Iterable[Symbol]) -> Expr:
        """How many values the letters take together."""
        sizes = dict(self.sizes)
        return prod((sizes[x] for x in letters), start=Integer(1))

    @cached_property
    def kept(self) -> Letters:
        """Kernel letters in every factor (none if there is only one factor)."""
        if len(self.nodes) == 1:
            return ()
        return tuple(x for x in self.kernel if all(x in node for node in self.nodes))

    @cached_property
    def bonds(self) -> tuple[Bond, ...]:
        """Letters that several factors share, kept ones aside; parallel bonds are one bond."""
        shared: dict[frozenset[int], list[Symbol]] = {}
        for x in dict(self.sizes):
            homes = frozenset(number for number, node in enumerate(self.nodes) if x in node)
            if len(homes) > 1 and x not in self.kept:
                shared.setdefault(homes, []).append(x)
        return tuple(Bond(tuple(letters), homes) for homes, letters in shared.items())

    @cached_property
    def parts(self) -> tuple[frozenset[int], ...]:
        """The factors that hang together, as sets of numbers."""
        return _parts(self, self.bonds)

    @property
    def tangled(self) -> bool:
        """A kernel letter in some but not all factors: no rank criterion is known."""
        return any(x in self.kernel for bond in self.bonds for x in bond.letters)

    @property
    def forest(self) -> bool:
        """Every bond joins two factors and there is no circle: ranks of cuts decide (T6)."""
        pairs = all(len(bond.nodes) == 2 for bond in self.bonds)
        return pairs and not self.tangled and len(self.bonds) == len(self.nodes) - len(self.parts)

    @property
    def star(self) -> Bond | None:
        """The one bond that joins all of three factors or more: CP."""
        if len(self.bonds) == 1 and not self.tangled and len(self.nodes) > 2:
            bond = self.bonds[0]
            return bond if len(bond.nodes) == len(self.nodes) else None
        return None

    @cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """One matrix per bond, and one per part where the network falls apart."""
        found = [self._cut(_side(self, bond), bond.letters) for bond in self.bonds]
        parts = self.parts if len(self.parts) > 2 else self.parts[1:]
        found += [self._cut(part, ()) for part in parts]
        return tuple(dict.fromkeys(cut for cut in found if cut.rows and cut.columns))

    def sides_of(self, bond: Bond) -> tuple[list[int], list[int]]:
        """The factors on either side of a bond, by number.

        >>> from derive.families import tensor_train
        >>> net = network(tensor_train.family)
        >>> [net.sides_of(bond) for bond in net.bonds]
        [([0], [1, 2, 3]), ([0, 1], [2, 3]), ([0, 1, 2], [3])]
        """
        far = _side(self, bond)
        return [number for number in range(len(self.nodes)) if number not in far], sorted(far)

    def open_letters(self, numbers: Iterable[int]) -> Letters:
        """Kernel letters held by the given factors, kept ones aside."""
        held = frozenset[Symbol]().union(*(self.nodes[number] for number in numbers))
        return tuple(x for x in self.kernel if x in held and x not in self.kept)

    @property
    def modes(self) -> tuple[Letters, ...]:
        """The kernel letters of each factor, kept ones aside.

        >>> from derive.families import blueprint_separable
        >>> network(blueprint_separable.family).modes
        ((i,), (u, v))
        """
        return tuple(self.open_letters([number]) for number in range(len(self.nodes)))

    def _cut(self, rows: frozenset[int], bonds: Letters) -> Cut:
        columns = (number for number in range(len(self.nodes)) if number not in rows)
        return Cut(self.kept, self.open_letters(rows), self.open_letters(columns), bonds)


def network(family: Family, values: dict[Symbol, Expr] | None = None) -> Network:
    """The network of a family; with values, letters of size 1 are left out as they sum nothing."""
    return _network(
        family, tuple((x, sympify(size, strict=True)) for x, size in (values or {}).items())
    )


@lru_cache(maxsize=256)
def _network(family: Family, values: tuple[tuple[Symbol, Expr], ...]) -> Network:
    letters = tuple(dict.fromkeys((*family.kernel, *family.letters)))
    sizes = {x: family.sizes[x].xreplace(dict(values)) for x in letters}
    return network_of([frozenset(f.indices) for f in family.factors], family.kernel, sizes)


def network_of(nodes: Iterable[Node], kernel: Letters, sizes: Mapping[Symbol, Expr]) -> Network:
    """The network of factors given by their letters; letters of size 1 are left out.

    >>> from derive.notation.letters import C_in, i, k_h, k_w, u, v
    >>> nodes = [frozenset({i, u}), frozenset({i, v})]
    >>> network_of(nodes, (i, u, v), {i: C_in, u: k_h, v: k_w}).kept
    (i,)
    """
    used = {x: extent for x, extent in sizes.items() if extent != 1}
    held = tuple(x for x in kernel if x in used)
    lean = _simplified([node & used.keys() for node in nodes], held)
    return Network(lean, held, tuple(used.items()))


def cut_of(family: Family, values: dict[Symbol, Expr] | None = None) -> Cut:
    """The one matrix that decides for a design of two factors; ValueError if there are others.

    >>> from derive.families import depthwise_separable
    >>> cut_of(depthwise_separable.family)
    Cut(kept=(i,), rows=(o,), columns=(u, v), bonds=(l,))
    """
    (cut,) = network(family, values).cuts
    return cut


def leaf(nodes: Mapping[int, Node]) -> tuple[int, Letters]:
    """A node of a forest that shares letters with one other at most, and the letters it shares.

    Raises ValueError if there is no such node: then the nodes are no forest.

    >>> from derive.families import tensor_train
    >>> leaf(dict(enumerate(network(tensor_train.family).nodes)))
    (0, (q,))
    """
    for number, node in nodes.items():
        shared = [node & other for key, other in nodes.items() if key != number and node & other]
        if len(shared) <= 1:
            return number, tuple(sorted(frozenset[Symbol]().union(*shared), key=str))
    raise ValueError("these nodes are no forest")


def indices(letters: Letters) -> str:
    """Letters as one index.

    >>> from derive.notation.letters import o, v
    >>> indices((o, v)), indices((o,))
    ('(o,v)', 'o')
    """
    return str(letters[0]) if len(letters) == 1 else f"({','.join(map(str, letters))})"


def single(line: Line) -> Family | None:
    """The sum as one contraction: itself, or equal branches with a bond that counts them."""
    if isinstance(line, Family):
        return line
    if len(line.branches) > 1:
        return None
    times, family = line.branches[0]
    if times == 1:
        return family
    return Family(
        *(factor.base[(*factor.indices, tau)] for factor in family.factors),
        inputs=family.inputs,
        outputs=family.outputs,
        axes=family.axes,
        sizes={**family.sizes, tau: times},
    )


def unrestricted(line: Branches) -> Family | None:
    """A branch that already represents every kernel of the sum, if there is one."""
    for _, family in line.branches:
        alone = len(family.factors) == 1 and not family.shared
        if alone and family.taps == line.taps:
            return family
    return None


def _simplified(nodes: list[Node], kernel: Letters) -> tuple[Node, ...]:
    """Fewer factors with the same kernels: without letters summed inside one factor, and without
    factors that only rescale another (all their letters are among its letters)."""
    counts = Counter(x for node in nodes for x in node)
    lean = [frozenset(x for x in node if counts[x] > 1 or x in kernel) for node in nodes]
    for number, node in enumerate(lean):
        others = lean[:number] + lean[number + 1 :]
        if any(node <= other for other in others):
            return _simplified(others, kernel)
    return tuple(nodes) if lean == nodes else _simplified(lean, kernel)


def _parts(net: Network, bonds: Iterable[Bond]) -> tuple[frozenset[int], ...]:
    """The factors that these bonds join, as sets of numbers."""
    joined = [
        (number, {bond for bond in bonds if number in bond.nodes})
        for number in range(len(net.nodes))
    ]
    return tuple(sorted((frozenset(part) for part, _ in components(joined)), key=min))


def _side(net: Network, bond: Bond) -> frozenset[int]:
    """The factors on the far side of a bond: those that hang on to its last factor."""
    others = [other for other in net.bonds if other != bond]
    return next(part for part in _parts(net, others) if max(bond.nodes) in part)
