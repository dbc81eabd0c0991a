"""A line of factors set against one kernel: sizes in numbers, the entries it represents."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from sympy import Expr, Integer, Symbol

from derive.algebra.dyadic import Dyadics
from derive.algebra.kernel import Index, Kernel, places
from derive.algebra.network import single
from derive.notation.errors import InputError, require
from derive.notation.family import Branches, Family, Letters, Line
from derive.notation.formula import by_symbol
from derive.notation.letters import C_in, C_out, DIRECTIONS, i, meaning, o

Values = Mapping[Symbol, int]


@dataclass(frozen=True)
class Form:
    """A line on the axes of a kernel K[o, i, taps], as the contractions that it sums, with every
    size in numbers.

    Several output letters run through the output channels together, the last one fastest, and so do
    input letters; a letter in both makes blocks.

    >>> from derive.families import grouped
    >>> from derive.notation.letters import G
    >>> asked = form(grouped.family, Kernel.of([[[[5]], [[0]]], [[[0]], [[7]]]]), {G: 2})
    >>> asked.view(asked.terms[0].kernel).flat, asked.outside
    ((5, 7), None)
    """

    line: Line
    kernel: Kernel
    terms: tuple[Family, ...]
    values: Values

    def sizes(self, term: Family) -> dict[Symbol, int]:
        """How far every letter of a term runs."""
        known = {symbol: Integer(value) for symbol, value in self.values.items()}
        return {x: int(term.sizes[x].xreplace(known)) for x in (*term.kernel, *term.summed)}

    @property
    def letters(self) -> Letters:
        """Output letters, input letters and the taps of all terms; a letter in both once."""
        first = self.terms[0]
        return tuple(dict.fromkeys((*first.outputs, *first.inputs, *self.line.taps)))

    @property
    def weights(self) -> int:
        """How many weights all terms have together."""
        return sum(
            prod(sizes[x] for x in factor.indices)
            for term, sizes in ((term, self.sizes(term)) for term in self.terms)
            for factor in term.factors
        )

    def size(self, letter: Symbol) -> int:
        """How far a letter of the line runs."""
        return self._sizes[letter]

    def view(self, letters: Letters) -> Kernel:
        """The entries with the letters of the line, taps that are left out in the middle, as
        integers over the common denominator of the kernel."""
        integers, _ = self.kernel.scaled
        if letters == integers.letters:
            return integers
        extents = tuple(self.size(x) for x in letters)
        return Kernel(letters, extents, [integers.flat[place] for place in self.places(letters)])

    @property
    def reached(self) -> Kernel:
        """The entries that the line may have, by its own letters."""
        kernel = self.kernel
        if self.letters == kernel.letters:
            return kernel
        extents, places = tuple(self.size(x) for x in self.letters), self.places(self.letters)
        if isinstance(kernel.flat, Dyadics):
            return Kernel(self.letters, extents, kernel.flat.at(places))
        return Kernel(self.letters, extents, [kernel.flat[n] for n in places])

    def places(self, letters: Letters) -> list[int]:
        """Where in the kernel the entries of the form are."""
        out = [tap for tap in self.taps if tap not in letters]
        start = sum(self.kernel.sizes[tap] // 2 * self.kernel.strides[tap] for tap in out)
        return [start + place for place in places(letters, self._strides, self._sizes)]

    @property
    def taps(self) -> Letters:
        """The taps of the kernel."""
        return taps_of(self.kernel)

    @cached_property
    def outside(self) -> Index | None:
        """The first entry that is not 0 where every term leaves zeros."""
        if any(term.kernel == self.kernel.letters for term in self.terms):
            return None
        reached = {place for term in self.terms for place in self.places(term.kernel)}
        if len(reached) == len(self.kernel.flat):
            return None
        wrong = (n for n, entry in enumerate(self.kernel.flat) if entry and n not in reached)
        place = next(wrong, None)
        return None if place is None else self.kernel.index(place)

    @cached_property
    def _sizes(self) -> dict[Symbol, int]:
        return {x: extent for term in self.terms for x, extent in self.sizes(term).items()}

    @cached_property
    def _strides(self) -> dict[Symbol, int]:
        """How far apart in the kernel the neighbours along each letter of the line are."""
        strides = {tap: self.kernel.strides[tap] for tap in self.taps}
        for side, letters in ((o, self.terms[0].outputs), (i, self.terms[0].inputs)):
            step = self.kernel.strides[side]
            for x in reversed(letters):
                strides[x] = strides.get(x, 0) + step
                step *= self._sizes[x]
        return strides


def form(line: Line, kernel: Kernel, values: Values) -> Form:
    """The line against the kernel: sizes of channels and taps are read off, those of bonds given.

    InputError if the line has no form on the axes of the kernel or makes other channels, if a size
    is missing and if a middle tap is asked of an even kernel.
    """
    by_symbol(values)
    terms = terms_on(line, kernel)
    for term in terms:
        for tap in taps_of(kernel):
            if tap not in term.taps and kernel.sizes[tap] % 2 == 0:
                raise InputError(
                    f"{term} reads the middle tap {tap}, which an even kernel has not: it has"
                    f" {kernel.sizes[tap]} taps {tap}"
                )
    own = line.on(taps_of(kernel)) or line
    return Form(own, kernel, terms, solved(terms, kernel, values))


def terms_on(line: Line, kernel: Kernel) -> tuple[Family, ...]:
    """The contractions that a line sums on the axes of a kernel: equal branches are one, with a
    letter to count them. InputError if it has no form there.

    >>> from derive.families import acnet_block, pointwise
    >>> kernel = Kernel.of([[[[1]]]])
    >>> len(terms_on(acnet_block.family, kernel)), len(terms_on(pointwise.family, kernel))
    (3, 1)
    """
    require(line, (Family, Branches), "a line is such as derive.families['asymmetric'].line")
    require(kernel, Kernel, "a kernel is such as read_kernel(array).kernel")
    taps = taps_of(kernel)
    if kernel.letters != (o, i, *taps):
        raise InputError(
            f"a kernel has letters o, i and taps in order, not {_list(kernel.letters)}"
        )
    own = line.on(taps)
    if own is None:
        raise InputError(f"{line} has no form on the axes {_list(taps)} of the kernel")
    if whole := single(own):
        return (whole,)
    alone = (single(Branches((branch,))) for branch in own.branches)
    return tuple(term for term in alone if term)


def own_sizes(terms: Iterable[Family]) -> list[Symbol]:
    """The symbols that are sizes of summed letters only, in order of appearance.

    >>> from derive.families import grouped_asymmetric
    >>> own_sizes([grouped_asymmetric.family])
    [C_c]
    """
    terms = tuple(terms)
    fixed = {s for term in terms for x in term.kernel for s in term.sizes[x].free_symbols}
    summed = (term.sizes[x].free_symbols for term in terms for x in term.summed)
    found = dict.fromkeys(s for symbols in summed for s in sorted(symbols, key=str))
    return [symbol for symbol in found if symbol not in fixed]


def taps_of(kernel: Kernel) -> Letters:
    """The taps among the letters of a kernel, in order."""
    return tuple(x for x in DIRECTIONS if x in kernel.letters)


def solved(terms: Iterable[Family], kernel: Kernel, values: Values) -> dict[Symbol, int]:
    """What every symbol of the sizes is: as given, or such that the kernel has them.

    InputError if there is no such number or not enough is given.
    """
    known = {symbol: Integer(_positive(symbol, value)) for symbol, value in values.items()}
    terms = tuple(terms)
    waiting = dict.fromkeys(demand for term in terms for demand in _demands(term, kernel))
    while ready := [
        demand for demand in waiting if len(demand[0].xreplace(known).free_symbols) < 2
    ]:
        expr, number, words = ready[0]
        del waiting[ready[0]]
        known |= _root(expr.xreplace(known), number, words)
    sizes = {x: term.sizes[x] for term in terms for x in (*term.kernel, *term.summed)}
    missing = {s.name: s for extent in sizes.values() for s in extent.xreplace(known).free_symbols}
    if missing:
        words = ", ".join(f"{name} ({meaning(symbol)})" for name, symbol in missing.items())
        raise InputError(f"a size is not given: {words}")
    return {symbol: int(value) for symbol, value in known.items()}


Demand = tuple[Expr, int, str]


def _demands(term: Family, kernel: Kernel) -> Iterator[Demand]:
    """What the sizes of channels and taps must be."""
    yield term.channels[C_in], kernel.sizes[i], "input channels"
    yield term.channels[C_out], kernel.sizes[o], "output channels"
    for tap in term.taps:
        yield term.sizes[tap], kernel.sizes[tap], f"taps {tap}"


def _root(expr: Expr, number: int, words: str) -> dict[Symbol, Integer]:
    """The value of the one symbol left at which the expression is the number."""
    if not expr.free_symbols:
        if expr != number:
            raise InputError(f"the family makes {expr} {words}, the kernel has {number}")
        return {}
    symbol = next(iter(expr.free_symbols))
    slope, constant = expr.coeff(symbol, 1), expr.coeff(symbol, 0)
    if not (slope.is_Integer and constant.is_Integer and slope * symbol + constant == expr):
        raise InputError(f"give {symbol} ({meaning(symbol)}), of which {expr} {words} are made")
    value = Integer(number - constant) / slope
    if not (value.is_Integer and value > 0):
        raise InputError(
            f"the kernel has {number} {words}, the family makes {expr}: no {symbol} fits"
        )
    return {symbol: value}


def _positive(symbol: Symbol, value: int) -> int:
    if not isinstance(value, int) or value < 1:
        raise InputError(f"{symbol} ({meaning(symbol)}) must be a positive integer, not {value!r}")
    return value


def _list(letters: Letters) -> str:
    return ", ".join(map(str, letters))
