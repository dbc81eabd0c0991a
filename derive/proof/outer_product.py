"""Evidence about designs whose slices are outer products: their minors, and entries from minors."""

from collections.abc import Iterable, Mapping

from sympy import Expr, IndexedBase, Integer, Mul

from derive.algebra.network import network
from derive.notation.family import Family, Letters
from derive.notation.letters import letter
from derive.proof.equality import Equal
from derive.proof.evidence import Every
from derive.proof.result import Evidence


def modes_of_rank_one(stars: Mapping[str, Family]) -> Every:
    """For each factor of each design: every 2 × 2 minor of its letters by all others is zero.

    >>> from derive.families import flattened
    >>> list(modes_of_rank_one({"flattened": flattened.family}).of)
    ['flattened, i', 'flattened, u', 'flattened, v']
    """
    of = {
        f"{name}, {' '.join(map(str, mode))}": _swapped(star, mode)
        for name, star in stars.items()
        for mode in network(star).modes
    }
    return Every(of, designs=tuple(stars))


def _swapped(star: Family, mode: Letters) -> Evidence:
    """The minor of two entries that differ in one factor's letters and in all others."""
    entry = Mul(*star.factors)
    other = {x: letter(f"{x}_1") for x in star.kernel if x not in network(star).kept}
    one, two = ({x: other[x] for x in other if (x in mode) == own} for own in (True, False))
    return Equal(entry * entry.xreplace(other), entry.xreplace(one) * entry.xreplace(two))


def entries_from_minors(counts: Iterable[int], stars: Mapping[str, Family]) -> Every:
    """For numbers of factors: an entry of a slice, from those in which one letter has moved, and
    from the minors of the matrices of all factors but the last.

    >>> from derive.families import blueprint_separable
    >>> list(entries_from_minors((2,), {"blueprint": blueprint_separable.family}).of)
    ['2 factors']
    """
    return Every({f"{k} factors": _pulled_apart(k) for k in counts}, designs=tuple(stars))


def _pulled_apart(count: int) -> Evidence:
    """K K_0^(k-1) less the product over the factors, as a combination of the minors."""
    K, letters = IndexedBase("K"), [letter(f"x_{n}") for n in range(1, count + 1)]

    def entry(*moved: int) -> Expr:
        return K[tuple(x if n in moved else 0 for n, x in enumerate(letters))]

    zero, single = entry(), [entry(n) for n in range(count)]
    total = Integer(0)
    for t in range(count - 1):
        later = range(t + 1, count)
        minor = entry(t, *later) * zero - single[t] * entry(*later)
        total += Mul(*single[:t]) * zero ** (count - 2 - t) * minor
    return Equal(entry(*range(count)) * zero ** (count - 1) - Mul(*single), total)
