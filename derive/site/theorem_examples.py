"""Examples with numbers for the theorems whose statements are long: one kernel or one layer, worked
out when the page is built."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from sympy import Poly, Symbol

from derive.algebra.matrix import rank
from derive.kernels import gallery
from derive.notation.axis import Axis
from derive.site.grids import grid
from derive.site.theorem_plots import at, claim, taps_in_bounds

LETTERS = ("o", "i", "u", "v")
FILTERS = ("sobel", "laplacian-4")  # of the gallery, of ranks 1 and 2
MIX = ((1, 1), (1, -1))  # P[o, i], with independent columns
FIRST, SECOND = (1, 2), (1, 1)  # two kernels in a row


def theorem_example(name: str) -> tuple[str, ...]:
    """The paragraphs of a theorem's example as Markdown, none for most.

    >>> theorem_example("rank-one")
    ()
    """
    return tuple(EXAMPLES[name]()) if name in EXAMPLES else ()


def in_bounds() -> Iterator[str]:
    """One axis of a common layer, then both."""
    axis = Axis(56, 3, 1, 1, 1, 1)
    side, taps, windows = (int(x) for x in (axis.size, axis.kernel, axis.output))
    pairs, inside = windows * taps, taps_in_bounds(axis)
    yield (
        f"Take an axis of {side} pixels with {taps} taps, padding {axis.before}, stride 1 and"
        f" dilation 1. There are \\(N = {windows}\\) windows and {windows} · {taps} = {pairs} pairs"
        f" of a window and a tap, of which {pairs - inside} miss the image: \\(T = {inside}\\)."
    )
    share = Fraction(inside, pairs) ** 2
    yield (
        f"On a {side} × {side} image {inside} · {inside} = {inside**2:,} of {pairs} · {pairs} ="
        f" {pairs**2:,} are on the image: {float(share):.1%} of the multiply–accumulates of a"
        " standard layer meet a pixel."
    )


def trees() -> Iterator[str]:
    """The kernel all of whose cuts have rank 2 or less, though its rank is 3."""
    stated = claim("T6", "ones")
    ones = {tuple(map(int, one.indices)) for one in stated.terms[:-1]}
    sizes = [1 + max(index[n] for index in ones) for n in range(len(LETTERS))]
    tensor = _tensor(sizes, ones)
    cuts = dict(_cuts(sizes, ones))
    named = ", ".join(f"{found} with rows {_letters(rows)}" for rows, found in cuts.items())
    yield "One output channel, two input channels, two taps a side, and three entries that are 1:"
    yield f'<div class="objects" markdown="0">\n{grid("W[o,i,u,v]", tensor)}\n</div>'
    least, most = at("T6", "two"), at("T6", "three")
    yield (
        f"Laid out as a matrix it has rank {named}; the other matrices are these transposed."
        f" No rank is above {max(cuts.values())}, as for a sum of {least} outer products. But it"
        f" takes {most} ([proof](#proof)): the ranks of the cuts do not decide about CP."
    )


def _tensor(sizes: list[int], ones: set[tuple[int, ...]], index: tuple[int, ...] = ()) -> Any:
    """Nested lists with 1 at some places and 0 elsewhere."""
    if len(index) == len(sizes):
        return int(index in ones)
    return [_tensor(sizes, ones, (*index, n)) for n in range(sizes[len(index)])]


def _cuts(sizes: list[int], ones: set[tuple[int, ...]]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every way to lay a tensor out as a matrix, by the places of the letters of its rows."""
    every = [n for n in range(len(sizes)) if sizes[n] > 1]
    for many in range(1, len(every) // 2 + 1):
        for rows in combinations(every, many):
            columns = [n for n in every if n not in rows]
            matrix = [
                [_entry(ones, rows, r, columns, c) for c in _places(columns, sizes)]
                for r in _places(rows, sizes)
            ]
            yield rows, rank(matrix)


def _places(letters: Any, sizes: list[int]) -> list[tuple[int, ...]]:
    return list(product(*(range(sizes[n]) for n in letters)))


def _entry(ones: Any, rows: Any, r: Any, columns: Any, c: Any) -> int:
    found = dict(zip(rows, r, strict=True)) | dict(zip(columns, c, strict=True))
    return int(tuple(found.get(n, 0) for n in range(len(LETTERS))) in ones)


def _letters(rows: tuple[int, ...]) -> str:
    return f"\\({', '.join(LETTERS[n] for n in rows)}\\)"


def composition() -> Iterator[str]:
    """Two short kernels multiplied as polynomials, then two 3 × 3 layers."""
    z = Symbol("z")
    first, second = (Poly(list(reversed(one)), z) for one in (FIRST, SECOND))
    found = [int(x) for x in reversed((first * second).all_coeffs())]
    yield (
        f"Along one axis, at stride and dilation 1: the kernel {list(FIRST)} and after it"
        f" {list(SECOND)} are the kernel {found}, because"
        f" \\(({_written(FIRST)})({_written(SECOND)}) = {_written(found)}\\)."
    )
    sizes = dict.fromkeys("abcd", 3)
    entries, free = at("T13", "entries", **sizes), at("T13", "freedom", **sizes)
    yield (
        f"In the plane, two 3 × 3 kernels make a 5 × 5 one: {entries} entries, {free} degrees of"
        f" freedom, {at('T13', 'missing', **sizes)} fewer."
    )


def _written(kernel: Any) -> str:
    """A kernel as a polynomial in TeX.

    >>> _written((1, 2, 1))
    '1 + 2 z + z^{2}'
    """
    powers = ("", "z", *(f"z^{{{n}}}" for n in range(2, len(kernel))))
    terms = (
        (str(x) if x != 1 or not power else "", power)
        for x, power in zip(kernel, powers, strict=False)
    )
    return " + ".join(" ".join(filter(None, term)) for term in terms)


def intersections() -> Iterator[str]:
    """A depthwise separable kernel of two classical filters, and the pair that it takes."""
    filters = [gallery()[name] for name in FILTERS]
    ranks = [rank(one.entries) for one in filters]
    taps = range(len(filters[0].entries))
    rows = [
        [MIX[o][i] * filters[i].entries[u][v] for i in range(len(filters)) for u in taps]
        for o in range(len(MIX))
        for v in taps
    ]
    width, columns = rank(rows), list(zip(*MIX, strict=True))
    words = " and ".join(
        f"[{one.title}](../gallery/index.md#{one.name}) (rank {found})"
        for one, found in zip(filters, ranks, strict=True)
    )
    yield (
        f"Two input channels, filtered with {words}, are mixed into two outputs, their sum and"
        f" their difference. The mixing columns \\({columns[0]}\\) and \\({columns[1]}\\) are"
        " linearly independent, so the kernel, laid out with rows \\((o, v)\\) and columns"
        f" \\((i, u)\\), has rank {' + '.join(map(str, ranks))} = {sum(ranks)}. Worked out on its"
        f" {len(rows)} × {len(rows[0])} matrix, the rank is {width}."
    )
    yield (
        f"So the kernel is depthwise separable and a vertical-first pair of width {width}. It is"
        f" no narrower pair: \\(m = C_{{\\mathrm{{in}}}} = {len(filters)}\\) is not enough."
    )


EXAMPLES: Mapping[str, Callable[[], Iterator[str]]] = {
    "in-bounds-taps": in_bounds,
    "trees-and-cp": trees,
    "composition": composition,
    "intersections": intersections,
}
