"""The least widths, multipliers and ranks at which a kernel is of a form (T3-T6)."""

from dataclasses import replace

from sympy import Integer, Symbol

from derive.algebra.kernel import Kernel
from derive.decide.cuts import Cuts
from derive.decide.form import Form, form, own_sizes, terms_on, Values
from derive.decide.verdict import factors_of
from derive.notation.family import Family, Line


def minimal(line: Line, kernel: Kernel, values: Values | None = None) -> dict[Symbol, int] | None:
    """The least sizes of the bonds at which the kernel is of the form; None if there are none or
    they are not known, as for a sum of outer products whose bounds do not meet.

    ``values`` are further sizes, such as the number of groups; those of bonds are not looked at.
    Where two sizes may stand in for each other, the first is the one that grows.

    >>> from derive.families import asymmetric, depthwise_separable
    >>> crossed = Kernel.of([[[[1, 0]], [[0, 1]]]])
    >>> minimal(asymmetric.family, crossed), minimal(depthwise_separable.family, crossed)
    ({m: 2}, {M: 1})
    """
    return least(opened(_form(line, kernel, values or {})))


def least(cuts: Cuts) -> dict[Symbol, int] | None:
    """The least sizes of the bonds of a form that are opened; None if there are none or they are
    not known."""
    asked, free = cuts.form, own_sizes(cuts.form.terms)
    if asked.outside is not None:
        return None
    if cuts.star and [asked.terms[0].extent(cuts.star.bond)] == free:
        fewest, most = cuts.star.least, cuts.star.most
        return {free[0]: max(1, fewest)} if fewest == most else None
    if cuts.forest:
        return _grown(asked, cuts, free)
    ones = replace(asked, values={**asked.values, **dict.fromkeys(free, 1)})
    return dict.fromkeys(free, 1) if factors_of(Cuts(ones)) else None


def bounds(
    line: Line, kernel: Kernel, values: Values | None = None
) -> dict[Symbol, tuple[int, int]] | None:
    """For a sum of outer products over one bond: how many are needed, and how many are enough; None
    for any other line, and for a kernel that has entries where the form leaves zeros.

    >>> from derive.families import cp
    >>> three_ones = Kernel.by(lambda o, i, u, v: int(i + u + v == 1), o=1, i=2, u=2, v=2)
    >>> bounds(cp.family, three_ones)
    {R: (2, 3)}
    """
    return enough(opened(_form(line, kernel, values or {})))


def enough(cuts: Cuts) -> dict[Symbol, tuple[int, int]] | None:
    """How many outer products are needed, and how many are enough, for a form whose bonds are
    opened; None for one that is no sum of them."""
    star = cuts.star if cuts.form.outside is None else None
    return dict.fromkeys(own_sizes(cuts.form.terms), (star.least, star.most)) if star else None


def opened(asked: Form) -> Cuts:
    """The matrices of a form with every bond of its own more than a single value."""
    return Cuts(replace(asked, values={**asked.values, **_twos(asked.terms)}))


def _form(line: Line, kernel: Kernel, values: Values) -> Form:
    """The line against a kernel, whatever the sizes of its bonds."""
    return form(line, kernel, {**values, **_twos(terms_on(line, kernel))})


def _twos(terms: tuple[Family, ...]) -> dict[Symbol, int]:
    return dict.fromkeys(own_sizes(terms), 2)


def _grown(asked: Form, cuts: Cuts, free: list[Symbol]) -> dict[Symbol, int] | None:
    """The least sizes that give every cut of a forest its rank."""
    known = {s: Integer(value) for s, value in asked.values.items() if s not in free}
    term, found = asked.terms[0], dict.fromkeys(free, 1)
    needs = [(term.extent(own.cut.bonds).xreplace(known), own.rank) for own in cuts.ranks]
    for extent, rank in sorted(needs, key=lambda need: len(need[0].free_symbols)):
        growing = [symbol for symbol in free if symbol in extent.free_symbols]
        while int(extent.xreplace({s: Integer(value) for s, value in found.items()})) < rank:
            if not growing:
                return None
            found[growing[0]] += 1
    return found
