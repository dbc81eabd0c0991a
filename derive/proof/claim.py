"""The named formulas of a theorem: its statement is printed from them, its steps establish them."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, TypeAlias

from sympy import (
    Add,
    Basic,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Ne,
    Symbol,
    sympify,
    Tuple,
)
from sympy.core.function import UndefinedFunction

from derive.notation.errors import CheckError
from derive.notation.formula import evaluate
from derive.notation.numbers import NoFractionError, number

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "≠": operator.ne,
    "<": operator.lt,
    "≤": operator.le,
    ">": operator.gt,
    "≥": operator.ge,
    "∈": lambda element, members: element in members,
    "⊂": lambda part, whole: part < whole,
    "⊆": lambda part, whole: part <= whole,
    "∣": lambda divisor, number: number % divisor == 0,
}
RELATION = {"=": Eq, "≠": Ne, "<": Lt, "≤": Le, ">": Gt, "≥": Ge}
UPWARDS = {"<", "≤"}
DOWNWARDS = {">", "≥"}


@dataclass(frozen=True, init=False)
class Claim:
    """Expressions with a sign between each two, or one expression alone, as a statement shows it.

    The signs are those of ``COMPARE``. What stands on either side stays as it is given; a list of
    expressions on the left, as in k, s ≥ 1, has the rest said of each.

    >>> from derive.notation.letters import m, n
    >>> double = Claim(2 * n, "≤", m)
    >>> double.holds({n: 2, m: 4}), double.gap, double.given({m: n + 3}).gap
    (True, m - 2*n, 3 - n)
    """

    terms: tuple[Basic, ...]
    signs: tuple[str, ...]

    def __init__(self, first: Any, *rest: Any) -> None:
        signs, terms = rest[::2], (first, *rest[1::2])
        if len(rest) % 2 or not set(signs) <= COMPARE.keys():
            raise CheckError(f"between terms stands one of {' '.join(COMPARE)}, not {signs}")
        object.__setattr__(self, "terms", tuple(map(sympify, terms)))
        object.__setattr__(self, "signs", signs)

    @property
    def sides(self) -> tuple[Any, Any]:
        """The first term and the last."""
        return self.terms[0], self.terms[-1]

    @property
    def sign(self) -> str:
        """The sign of a claim that has one."""
        (sign,) = self.signs
        return sign

    @property
    def each(self) -> tuple["Claim", ...]:
        """The claim for each expression of a list on its left; itself if there is no list."""
        first, *others = self.terms
        if not isinstance(first, Tuple):
            return (self,)
        return tuple(_joined(one, self.signs, others) for one in first)

    @property
    def expr(self) -> Any:
        """The last term: what the others are said to be, or the only one."""
        return self.terms[-1]

    @property
    def gap(self) -> Expr:
        """What is positive if and only if the sides differ in the direction of the sign."""
        left, right = self.sides
        return left - right if self.sign in DOWNWARDS else right - left

    @property
    def symbols(self) -> set[Symbol]:
        """Every symbol of the terms, bound ones too."""
        return set().union(*(term.atoms(Symbol) for term in self.terms))

    @property
    def strict(self) -> bool:
        """Whether equal sides break the claim."""
        return self.sign in ("<", ">", "≠")

    @property
    def relations(self) -> tuple[Basic, ...]:
        """The claim as relations of SymPy, unevaluated; the expression itself if it is one alone;
        none where SymPy has no such relation."""
        if len(self.each) > 1:
            return tuple(relation for one in self.each for relation in one.relations)
        parts = list(zip(self.signs, pairwise(self.terms), strict=True))
        if any(sign not in RELATION for sign, _ in parts):
            return ()
        relations = (RELATION[sign](*pair, evaluate=False) for sign, pair in parts)
        return tuple(relations) or self.terms

    def __str__(self) -> str:
        parts = zip(self.signs, self.terms[1:], strict=True)
        return " ".join([str(self.terms[0]), *(f"{sign} {term}" for sign, term in parts)])

    def given(self, values: Mapping[Any, Any]) -> "Claim":
        """The claim with other expressions for its symbols and for functions without a body."""
        first, *others = (replaced(term, values) for term in self.terms)
        return _joined(first, self.signs, others)

    def holds(self, values: Mapping[Any, Any]) -> bool:
        """Whether the claim is true of numbers (or of sets, for a symbol that stands for one).

        Raises CheckError for a term that does not come to a number.
        """
        if len(self.each) > 1:
            return all(one.holds(values) for one in self.each)
        numbers = [value(term, values) for term in self.terms]
        return all(
            COMPARE[sign](one, two)
            for sign, (one, two) in zip(self.signs, pairwise(numbers), strict=True)
        )

    def tight(self, values: Mapping[Any, Any]) -> bool:
        """Whether all terms are equal, so that a bound is reached."""
        first, *others = (value(term, values) for term in self.terms)
        return all(first == other for other in others)


def _joined(first: Basic, signs: Iterable[str], others: Iterable[Basic]) -> Claim:
    return Claim(first, *chain.from_iterable(zip(signs, others, strict=True)))


def replaced(term: Basic, values: Mapping[Any, Any]) -> Basic:
    """A term with expressions for symbols, all at once, then bodies for functions without one."""
    symbols = {
        key: sympify(new, strict=True) for key, new in values.items() if isinstance(key, Basic)
    }
    term = term.xreplace(symbols)
    for function, body in values.items():
        if isinstance(function, UndefinedFunction):
            term = term.replace(function, body)
    return term


@lru_cache(maxsize=1024)
def symbols_of(term: Basic) -> set[Basic]:
    """The free symbols of a term, once: SymPy builds a sum anew to find them."""
    return term.free_symbols  # type: ignore[no-any-return]


def _numbers(term: Basic, values: Mapping[Any, Any]) -> dict[Basic, Basic]:
    """The values of what is free in a term, and of entries of tensors."""
    symbols = symbols_of(term)
    return {
        key: sympify(new)
        for key, new in values.items()
        if key in symbols or (isinstance(key, Basic) and not isinstance(key, Symbol))
    }


def value(term: Basic, values: Mapping[Any, Any]) -> Any:
    """The number of a term, or what its symbol stands for; CheckError if it comes to neither.

    A function is called with numbers.

    >>> from sympy import Function
    >>> from derive.notation.letters import n
    >>> digits = Function("digits")
    >>> value(digits(n) + n, {n: 100, digits: lambda number: len(str(int(number)))})
    103
    >>> from sympy import IndexedBase, Sum
    >>> from derive.notation.letters import i, n
    >>> rho = IndexedBase("rho")
    >>> value(Sum(rho[i], (i, 0, n - 1)), {n: 2, rho[0]: 3, rho[1]: 4})
    7
    """
    try:
        return number(term, values)
    except NoFractionError:
        return _by_sympy(term, values)


def _by_sympy(term: Basic, values: Mapping[Any, Any]) -> Basic:
    """The value of a term with roots and other numbers that are no fractions."""
    bodies = {key: body for key, body in values.items() if isinstance(key, UndefinedFunction)}
    entries = replaced(term.xreplace(_numbers(term, values)), bodies)
    numbers = _numbers(entries, values)
    found = evaluate(entries, numbers).xreplace(numbers)  # entries in sums, too
    if found.free_symbols or not found.is_number:
        raise CheckError(f"{term} comes to {found}, which is no number")
    return found


class Quantity(Symbol):  # type: ignore[misc]
    """A symbol that a theorem measures, with the TeX that a reader sees; zero or a positive integer
    unless ``assumptions`` say otherwise.

    >>> rank = Quantity("rank", r"\\operatorname{rank} M")
    >>> rank.is_integer, rank, rank.tex
    (True, rank, '\\\\operatorname{rank} M')
    """

    __slots__ = ("tex",)
    tex: str

    def __new__(cls, name: str, tex: str, **assumptions: bool) -> "Quantity":
        """The symbol of a name, printed as the TeX."""
        made = Symbol.__xnew__(cls, name, **(assumptions or {"integer": True, "nonnegative": True}))
        made.tex = tex
        return made  # type: ignore[no-any-return]

    def _hashable_content(self) -> tuple[Any, ...]:
        """Quantities that print differently are different, so that what is printed can be kept."""
        return (*super()._hashable_content(), self.tex)

    @property
    def plain(self) -> Symbol:
        """The symbol of that name without its TeX."""
        return Symbol(self.name, **self._assumptions_orig)


def sequence(name: str, tex: str, **assumptions: bool) -> Any:
    """A function without a body, printed as TeX with %s for its index; its values are zero or
    positive integers unless ``assumptions`` say otherwise.

    >>> from derive.notation.letters import n
    >>> taps = sequence("k", "k_{%s}")
    >>> taps(n), taps.tex, Claim(taps(n), "≥", 2).given({n: 2}).holds({taps: members(3, 5)})
    (k(n), 'k_{%s}', True)
    """
    made = Function(name, **(assumptions or {"integer": True, "nonnegative": True}))
    made.tex = tex
    return made


def members(*values: Any) -> Callable[[Expr], Expr]:
    """The body of a sequence with these values, the first at 1."""
    return lambda at: Add(*(value * KroneckerDelta(at, n) for n, value in enumerate(values, 1)))


Cell: TypeAlias = "str | int | Basic | Claim | tuple[str | int | Basic | Claim, ...]"


@dataclass(frozen=True, init=False)
class Table:
    """A table of a statement: words, numbers, expressions and claims in its cells.

    >>> Table(("layer", "weights"), ("standard", 216), ("asymmetric", 99)).row("asymmetric")
    {'layer': 'asymmetric', 'weights': 99}
    """

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __init__(self, head: tuple[Cell, ...], *rows: tuple[Cell, ...]) -> None:
        if any(len(row) != len(head) for row in rows):
            raise CheckError(f"every row of a table has {len(head)} cells")
        object.__setattr__(self, "head", head)
        object.__setattr__(self, "rows", rows)

    def row(self, name: Cell) -> Mapping[Cell, Any]:
        """The cells of the row that begins with a name, each by its title; CheckError for none."""
        for row in self.rows:
            if row[0] == name:
                return dict(zip(self.head, row, strict=True))
        raise CheckError(f"no row of the table begins with {name}")

    @property
    def claims(self) -> tuple[tuple[tuple[Claim, ...], ...], ...]:
        """The claims in each cell of each row.

        >>> from derive.notation.letters import m, n
        >>> Table(("sizes", "m"), (("for ", Claim(n, "≥", 2)), Claim(m, "=", n))).claims
        (((Claim(terms=(n, 2), signs=('≥',)),), (Claim(terms=(m, n), signs=('=',)),)),)
        """
        return tuple(tuple(map(_claims_in, row)) for row in self.rows)

    @property
    def symbols(self) -> set[Symbol]:
        """Every symbol in a cell."""
        return set().union(*(_symbols_in(cell) for row in (self.head, *self.rows) for cell in row))

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)


def _claims_in(cell: Cell) -> tuple[Claim, ...]:
    parts = cell if isinstance(cell, tuple) else (cell,)
    return tuple(one for one in parts if isinstance(one, Claim))


def _symbols_in(cell: Cell) -> set[Symbol]:
    if isinstance(cell, tuple):
        return set().union(*map(_symbols_in, cell))
    if isinstance(cell, Claim):
        return cell.symbols
    return cell.atoms(Symbol) if isinstance(cell, Basic) else set()


@dataclass(frozen=True, eq=False)
class Said:
    """Words of a statement that say several things at once; steps establish each of them.

    >>> width = iff()
    >>> width.words, [str(half) for half in width.halves]
    ('if and only if', ['only if', 'if'])
    """

    words: str
    names: tuple[str, ...]

    @property
    def halves(self) -> "tuple[Half, ...]":
        """What the words say, one by one."""
        return tuple(Half(self, name) for name in self.names)

    def __getitem__(self, name: str) -> "Half":
        if name not in self.names:
            raise CheckError(f"“{self.words}” says {', '.join(self.names)}, not {name}")
        return Half(self, name)


@dataclass(frozen=True)
class Half:
    """One of the things that words say at once: of an equivalence, one direction."""

    of: Said
    name: str

    def __str__(self) -> str:
        return self.name


def iff(words: str = "if and only if") -> Said:
    """The words of an equivalence: in "A if and only if B", "only if" says that B follows from A,
    and "if" that A follows from B."""
    return Said(words, ("only if", "if"))


Displayed: TypeAlias = Claim | Table
Established: TypeAlias = Claim | Table | Half
