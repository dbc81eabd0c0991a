"""Matrices of a kernel whose rank a form bounds: letters that part the factors into two sides.

Hold some letters, take others for the rows and the rest for the columns. If no factor has letters
of both, the matrix is a product over the summed letters that stand on both sides. Of a forest these
are the cuts of its bonds, and they decide (T6); of any other form they are necessary.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from operator import itemgetter

from sympy import Integer, Symbol

from derive.algebra.factorize import Forest
from derive.algebra.kernel import Index, Kernel
from derive.algebra.network import Cut, Network, network
from derive.algebra.skeleton import Skeleton
from derive.decide.floats import Tensor
from derive.decide.form import Form
from derive.decide.minor import Minor, minor
from derive.decide.terms import Star
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters
from derive.notation.words import short

Sizes = Mapping[Symbol, int]
HELD, ROW, COLUMN = range(3)
MOST_MATRICES = 10**6  # letters held, in rows or in columns, times sides of factors
MOST_FREE = 12  # factors that may stand on either side


@dataclass(frozen=True)
class CutRank:
    """A matrix for each value of the kept letters, the rank that the form allows it, and the
    largest that it has."""

    cut: Cut
    bound: int
    rank: int


@dataclass(frozen=True)
class Cuts:
    """The matrices whose ranks bear on a form, with what it allows and what the kernel has.

    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> asked = form(asymmetric.family, Kernel.of([[[[1, 2], [3, 4]]]]), {m: 1})
    >>> Cuts(asked).ranks
    (CutRank(cut=Cut(kept=(), rows=(v,), columns=(u,), bonds=()), bound=1, rank=2),)
    """

    form: Form

    @cached_property
    def forest(self) -> Forest | None:
        """The line if its network is a forest: then the ranks decide."""
        net = self._network
        return Forest(*self._parts(net)) if net and net.forest else None

    @cached_property
    def star(self) -> Star | None:
        """The line if it is a sum of outer products of three vectors or more."""
        net = self._network
        return Star(*self._parts(net)) if net and net.star else None

    @cached_property
    def _network(self) -> Network | None:
        values = {symbol: Integer(value) for symbol, value in self.form.values.items()}
        terms = self.form.terms
        return network(terms[0], values) if len(terms) == 1 else None

    def _parts(self, net: Network) -> tuple[Family, Network, Sizes, Kernel, int]:
        (family,), below = self.form.terms, self.form.kernel.scaled[1]
        return family, net, self.form.sizes(family), self.whole, below

    @cached_property
    def bounds(self) -> dict[Cut, int]:
        """What each matrix may have for a rank."""
        if self.forest is None:
            return dict(necessary(self.form))
        allowed = (
            (cut, bound(self.form, cut.rows, cut.columns)) for cut in self.forest.network.cuts
        )
        return {cut: found[0] for cut, found in allowed if found}

    @cached_property
    def ranks(self) -> tuple[CutRank, ...]:
        """What each has, at the kept values where it is largest."""
        return tuple(
            CutRank(cut, least, max(found.rank for _, found in self._skeletons(cut)))
            for cut, least in self.bounds.items()
        )

    @property
    def refutation(self) -> Minor | None:
        """A minor that is too large for the form, the smallest there is."""
        for cut, least in sorted(self.bounds.items(), key=itemgetter(1)):
            for at, found in self._skeletons(cut):
                if found.rank > least:
                    return minor(self.whole, self.form.kernel.scaled[1], cut, at, found, least)
        return None

    @cached_property
    def whole(self) -> Kernel:
        """The entries that the line may represent, as integers."""
        return self.form.view(self.form.letters)

    @cached_property
    def bits(self) -> int:
        """How long the longest of these integers is."""
        return max(int(entry).bit_length() for entry in self.whole.flat)

    @cached_property
    def tensor(self) -> Tensor:
        """The entries that the line may have, in float64."""
        return Tensor.of(self.form.reached)

    def _skeletons(self, cut: Cut) -> Iterator[tuple[Index, Skeleton]]:
        for at in self.whole.over(cut.kept):
            yield at, self.whole.skeleton(cut, at)


def bound(form: Form, rows: Letters, columns: Letters) -> tuple[int, Letters] | None:
    """The largest rank that the form allows a matrix, and the letters that are summed across; None
    if a factor has letters of rows and of columns.

    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import i, m, o, u, v
    >>> asked = form(asymmetric.family, Kernel.of([[[[1, 2], [3, 4]]]]), {m: 3})
    >>> bound(asked, (o, v), (i, u)), bound(asked, (o, u), (i, v))
    ((3, (j,)), None)
    """
    total, across = 0, ()
    for term in form.terms:
        found = _crossing(term, form.sizes(term), rows, columns)
        if found is None:
            return None
        total, across = total + found[0], (*across, *found[1])
    return total, tuple(dict.fromkeys(across))


def necessary(form: Form) -> Iterator[tuple[Cut, int]]:
    """Every matrix whose rank the form bounds below its width and height, with the bound; but not
    where fewer letters held give the same bound.

    InputError, before any is tried, if letters and factors can be parted in too many ways.
    """
    letters = [x for x in form.letters if form.size(x) > 1]
    ways = 3 ** len(letters) * sum(2 ** len(term.factors) for term in form.terms)
    if ways > MOST_MATRICES:
        raise InputError(
            f"{short(str(form.line))} can be parted into two sides in {ways:,} ways: at most"
            f" {MOST_MATRICES:,} are tried, so use fewer factors or fewer letters for channels"
        )
    found: list[tuple[Cut, int]] = []
    for sides in sorted(
        product((HELD, ROW, COLUMN), repeat=len(letters)), key=lambda s: s.count(HELD)
    ):
        kept, rows, columns = (
            tuple(x for x, side in zip(letters, sides, strict=True) if side == part)
            for part in (HELD, ROW, COLUMN)
        )
        if not (rows and columns and letters.index(rows[0]) < letters.index(columns[0])):
            continue
        least = bound(form, rows, columns)
        room = min(prod(map(form.size, rows)), prod(map(form.size, columns)))
        if least is None or least[0] >= room:
            continue
        cut = Cut(kept, rows, columns, least[1])
        if not any(_implies(other, number, cut, least[0]) for other, number in found):
            found.append((cut, least[0]))
    yield from found


def _crossing(
    term: Family, sizes: Sizes, rows: Letters, columns: Letters
) -> tuple[int, Letters] | None:
    """The bound of one contraction; factors with neither kind of letter stand where it costs least.

    InputError if there are too many of them.
    """
    sides = []
    for factor in term.factors:
        above, below = set(rows) & set(factor.indices), set(columns) & set(factor.indices)
        if above and below:
            return None
        sides.append((ROW,) if above else (COLUMN,) if below else (ROW, COLUMN))
    if (free := sides.count((ROW, COLUMN))) > MOST_FREE:
        raise InputError(
            f"{short(str(term))} has {free} factors that may stand on either side of a matrix: at"
            f" most {MOST_FREE} are tried, so use fewer factors"
        )
    options = (_across(term, chosen) for chosen in product(*sides))
    return min(
        ((prod(sizes[x] for x in letters), letters) for letters in options), key=itemgetter(0)
    )


def _across(term: Family, sides: tuple[int, ...]) -> Letters:
    """Summed letters that stand in factors on both sides."""
    held = {
        side: {
            x for f, own in zip(term.factors, sides, strict=True) if own == side for x in f.indices
        }
        for side in (ROW, COLUMN)
    }
    return tuple(x for x in term.summed if x in held[ROW] & held[COLUMN])


def _implies(one: Cut, bound: int, other: Cut, weaker: int) -> bool:
    """Whether the matrices of the other are parts of those of the one, whose bound is no larger."""
    sides = ((one.rows, one.columns), (one.columns, one.rows))
    return bound <= weaker and any(
        set(other.rows) <= set(rows) and set(other.columns) <= set(columns)
        for rows, columns in sides
    )
