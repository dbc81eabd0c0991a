"""When a family represents a given kernel exactly: a condition read off its letters, and in words.

A forest of bonds is decided by the ranks of its cuts (T3-T6), a single bond between three factors
or more is CP rank, and any other shape has no known criterion.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Integer, Symbol

from derive.algebra.network import Cut, Network, network, single, unrestricted
from derive.notation.family import Branches, Family, Letters, Line
from derive.notation.letters import DIRECTIONS, MEANING
from derive.notation.monomial import at_most

Values = dict[Symbol, Expr]
SUM_OF_BRANCHES = (
    "the kernel is a sum of kernels of its branches (no criterion known)",
    "sum of branches",
)
OF_THIS_SHAPE = (
    "the kernel is a contraction of this shape (no criterion known)",
    "of this shape",
)


@dataclass(frozen=True)
class Exactness:
    """The kernels of a family; with ``values`` at given sizes, else for symbolic ones.

    >>> from derive.families import asymmetric, standard
    >>> Exactness(asymmetric.family).words
    'the (o, v) × (i, u) matrix of the kernel has rank at most m'
    >>> Exactness(standard.family).words
    'every kernel'
    """

    line: Line
    values: tuple[tuple[Symbol, Expr], ...] = ()

    @cached_property
    def family(self) -> Family | None:
        """The line as one contraction, or None if it is a sum of unlike branches."""
        if isinstance(self.line, Branches) and (whole := unrestricted(self.line)):
            return whole
        return single(self.line)

    @cached_property
    def network(self) -> Network | None:
        """The tensor network of the family, or None if the line is no single contraction."""
        return network(self.family, dict(self.values)) if self.family else None

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The matrices whose ranks decide; those that any kernel passes are left out."""
        net = self.network
        if net is None or not net.forest:
            return ()
        return tuple(cut for cut in net.cuts if not self._vacuous(net, cut))

    @property
    def decided(self) -> bool:
        """Whether the condition is one that exact linear algebra decides."""
        return self.network is not None and self.network.forest

    @cached_property
    def narrow(self) -> "Exactness | None":
        """The condition with bonds of size 1, if ranks decide it only there; else None.

        >>> from derive.families import asymmetric, cp
        >>> Exactness(asymmetric.family).narrow, Exactness(cp.family).narrow.words
        (None, 'the kernel is an outer product over i, u, v and o')
        """
        if self.decided or self.family is None:
            return None
        ones = {bond: Integer(1) for bond in self.bonds}
        found = Exactness(self.line, tuple((dict(self.values) | ones).items()))
        return found if found.decided else None

    @property
    def bonds(self) -> tuple[Symbol, ...]:
        """The sizes of the bonds that are symbols."""
        family = self.family
        return tuple(family.sizes[x] for x in family.summed) if family else ()

    @property
    def universal(self) -> bool:
        """Whether every kernel with the family's zeros is of this form (at these sizes, surely)."""
        net = self.network
        if net is None:
            return False
        return (net.forest and not self.cuts) or self._enough_terms(net)

    @property
    def every_kernel(self) -> bool:
        """Whether nothing at all is asked of the kernel."""
        return self.universal and not self.zeros

    @property
    def zeros(self) -> tuple[str, ...]:
        """Where the kernel has to vanish, in words."""
        values = dict(self.values)
        return tuple(
            words
            for words, sizes in self.vanishing
            if any(size.xreplace(values) != 1 for size in sizes)
        )

    @property
    def vanishing(self) -> tuple[tuple[str, Letters], ...]:
        """Where the kernel has to vanish if one of some sizes is not 1: words and sizes."""
        if self.family is None:
            return ()
        family, line = self.family, self.line
        blocks = [
            (f"zero between different {MEANING.get(x, x)}s", (family.sizes[x],))
            for x in family.shared
        ]
        off = [
            (f"zero except at the middle {MEANING[tap]}", (DIRECTIONS[tap].kernel,))
            for tap in line.axes
            if tap not in line.taps
        ]
        if off and not line.taps:
            return (*blocks, ("zero except at the middle tap", tuple(size for _, (size,) in off)))
        return (*blocks, *off)

    @property
    def words(self) -> str:
        """The condition in one phrase."""
        zeros = [f"the kernel is {' and '.join(self.zeros)}"] if self.zeros else []
        return "; ".join([*zeros, *(words for words, _ in self._condition)]) or "every kernel"

    @property
    def brief(self) -> str:
        """The condition in symbols, for tables.

        >>> from derive.families import asymmetric, flattened
        >>> Exactness(asymmetric.family).brief, Exactness(flattened.family).brief
        ('rank (o, v) × (i, u) ≤ m', 'per o: i ⊗ u ⊗ v')
        """
        return "; ".join([*self.zeros, *(brief for _, brief in self._condition)]) or "every kernel"

    @property
    def _condition(self) -> list[tuple[str, str]]:
        """What is required, other than zeros, in words and in symbols; nothing if universal."""
        net = self.network
        if net is None:
            return [SUM_OF_BRANCHES]
        if self.universal:
            return []
        if net.star:
            return [self._cp(net, net.extent(net.star.letters))]
        if not net.forest:
            return [OF_THIS_SHAPE]
        if all(not cut.bonds for cut in self.cuts):
            return [self._outer(net)]
        return [self._ranks(net)]

    def _vacuous(self, net: Network, cut: Cut) -> bool:
        smaller = min_of(net.extent(cut.rows), net.extent(cut.columns))
        return smaller is not None and bool(at_most(smaller, net.extent(cut.bonds)))

    def _enough_terms(self, net: Network) -> bool:
        """A tensor is a sum of as many outer products as it has entries off its longest side."""
        if not net.star:
            return False
        sides = [net.extent(net.open_letters([number])) for number in range(len(net.nodes))]
        if not all(side.is_Integer for side in sides):
            return False
        others = net.extent(net.open_letters(range(len(net.nodes)))) / max(sides)
        return bool(net.extent(net.star.letters) >= others)

    def _ranks(self, net: Network) -> tuple[str, str]:
        matrices = [
            (tuple_of(rows), tuple_of(columns), self._bound(net, rows, columns, bonds))
            for (rows, columns), bonds in self._unfoldings.items()
        ]
        return ranks(net.kept, matrices)

    @property
    def _unfoldings(self) -> dict[tuple[Letters, Letters], list[Letters]]:
        return unfoldings(self.cuts)

    def _bound(self, net: Network, rows: Letters, columns: Letters, bonds: list[Letters]) -> str:
        """The smallest bound on a rank; in numbers, with the largest rank there can be."""
        largest = min_of(net.extent(rows), net.extent(columns))
        full = f" of {largest}" if largest and self.values else ""
        return f"{least_of([net.extent(own) for own in bonds])}{full}"

    def _outer(self, net: Network) -> tuple[str, str]:
        return outer(net.kept, [tuple_of(net.open_letters(part)) for part in net.parts])

    def _cp(self, net: Network, terms: Expr) -> tuple[str, str]:
        return sum_of_outer(net.kept, str(terms), modes(net))


def unfoldings(cuts: Iterable[Cut]) -> dict[tuple[Letters, Letters], list[Letters]]:
    """The matrices of some cuts, once each, with the bonds of every cut that gives it.

    A cut whose bonds contain those of another cut of the same matrix adds nothing.
    """
    found: dict[tuple[Letters, Letters], list[Letters]] = {}
    for cut in cuts:
        sides = (cut.rows, cut.columns)
        turned = (cut.columns, cut.rows)
        found.setdefault(turned if turned in found else sides, []).append(cut.bonds)
    return {
        sides: [own for own in bonds if not any(set(x) < set(own) for x in bonds)]
        for sides, bonds in found.items()
    }


def modes(net: Network) -> list[str]:
    """The letters of each factor, as an index of the kernel."""
    return [tuple_of(net.open_letters([number])) for number in range(len(net.nodes))]


def ranks(kept: Letters, matrices: Iterable[tuple[str, str, str]]) -> tuple[str, str]:
    """The condition on the ranks of matrices (rows, columns, bound), in words and in symbols."""
    named = [(f"{rows} × {columns}", bound) for rows, columns, bound in matrices]
    words = (f"the {m} matrix of the kernel has rank at most {bound}" for m, bound in named)
    brief = (f"rank {matrix} ≤ {bound}" for matrix, bound in named)
    return each(kept) + " and ".join(words), per(kept) + ", ".join(brief)


def outer(kept: Letters, modes: list[str]) -> tuple[str, str]:
    """The condition of one outer product, in words and in symbols."""
    what = "the slice" if kept else "the kernel"
    words = f"{each(kept)}{what} is an outer product over {listed(modes)}"
    return words, per(kept) + " ⊗ ".join(modes)


def sum_of_outer(kept: Letters, terms: str, modes: list[str]) -> tuple[str, str]:
    """The condition of a sum of outer products, in words and in symbols."""
    words = f"the kernel is a sum of at most {terms} outer products over {listed(modes)}"
    return each(kept) + words, f"{per(kept)}sum of {terms}: {' ⊗ '.join(modes)}"


def each(kept: Letters) -> str:
    """The phrase that opens a condition on every slice."""
    names = (f"{MEANING.get(letter, letter)} {letter}" for letter in kept)
    return f"for each {' and '.join(names)}, " if kept else ""


def per(kept: Letters) -> str:
    """The phrase that opens a condition on every slice, in symbols."""
    return f"per {', '.join(map(str, kept))}: " if kept else ""


def tuple_of(letters: Letters) -> str:
    """Letters as an index: one as it is, several in brackets."""
    names = ", ".join(map(str, letters))
    return names if len(letters) == 1 else f"({names})"


def listed(names: list[str]) -> str:
    """An English list.

    >>> listed(["u", "v", "o"])
    'u, v and o'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def min_of(one: Expr, other: Expr) -> Expr | None:
    """The smaller of two numbers, or None for symbols that cannot be compared."""
    if one.is_Integer and other.is_Integer:
        return min(one, other)
    return Integer(1) if 1 in (one, other) else None


def least_of(bounds: list[Expr]) -> str:
    """The smallest of several bounds, for symbols as a minimum.

    >>> from sympy.abc import m, n
    >>> least_of([m]), least_of([m, n]), least_of([Integer(3), Integer(2)])
    ('m', 'min(m, n)', '2')
    """
    numbers = [bound for bound in bounds if bound.is_Integer]
    left = [min(numbers)] if numbers else []
    left += dict.fromkeys(bound for bound in bounds if not bound.is_Integer)
    return str(left[0]) if len(left) == 1 else f"min({', '.join(map(str, left))})"
