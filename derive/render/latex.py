"""LaTeX in the order of the textbook: the letters of a sum together, weights before the image."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

from sympy import (
    Add,
    Basic,
    Eq,
    Expr,
    Ge,
    Indexed,
    Integer,
    KroneckerDelta,
    Le,
    MatrixBase,
    Mod,
    Mul,
    Sum,
    Symbol,
)
from sympy.printing.latex import LatexPrinter

from derive.facts.family import Equation
from derive.notation.convolution import numbered, Within
from derive.notation.family import Branches, Family, Line
from derive.notation.formula import Guard
from derive.notation.letters import (
    ALONE,
    C_in,
    C_out,
    Direction,
    DIRECTIONS,
    letter,
    n,
    nu,
    SIZE,
    tau,
)
from derive.notation.monomial import exponents
from derive.render.remembering import plain_text, Remembering

CHANNELS = {C_in: r"C_{\mathrm{in}}", C_out: r"C_{\mathrm{out}}"}
ALWAYS = "all sizes at least 1"
BREAK = r"\,"
OWN_RANGE = {**SIZE, **{d.position: d.input for d in DIRECTIONS.values()}}
PIXELS = {pixel for d in DIRECTIONS.values() for pixel in (d.pixel, d.position)}
TAPS = set(DIRECTIONS)
KERNELS = {n, ALONE.kernel, *(d.kernel for d in DIRECTIONS.values())}
STEPS = {ALONE.stride, ALONE.dilation}
LETTERS = PIXELS | TAPS
SPATIAL = {s for d in (ALONE, *DIRECTIONS.values()) for s in d.symbols()}
EXTENTS = SPATIAL - KERNELS - STEPS - LETTERS
ORDER: tuple[set[Symbol], ...] = ({nu}, STEPS, KERNELS, set(), set(), EXTENTS, LETTERS)


class BookPrinter(Remembering, LatexPrinter):  # type: ignore[misc]
    """SymPy's printer with the book's names for sizes and the book's order of factors."""

    def __init__(self) -> None:
        super().__init__({"symbol_names": names(), "order": "none"})

    def _print_Indexed(self, expr: Indexed) -> str:  # noqa: N802
        plain = all(isinstance(index, Symbol) for index in expr.indices)
        separator = r"\," if plain else r",\,"
        indices = separator.join(index_latex(self, index) for index in expr.indices)
        base, _, number = expr.base.name.partition("_")
        name = self._print(Symbol(base))
        return f"{name}{'^{(' + number + ')}' if number else ''}_{{{indices}}}"

    def _print_Sum(self, expr: Sum) -> str:  # noqa: N802
        ranges = [_range(self, *limit) for limit in expr.limits]
        summand = self._print(expr.function)
        bracketed = rf"\left({summand}\right)" if isinstance(expr.function, Add) else summand
        return f"{_sigma(ranges)} {bracketed}"

    def _print_KroneckerDelta(self, expr: KroneckerDelta, exp: Any = None) -> str:  # noqa: N802
        pixel, place = expr.args
        return rf"\left[{self._print(pixel)} = {index_latex(self, place)}\right]{_power(exp)}"

    def _print_Gcd(self, expr: Expr, exp: Any = None) -> str:  # noqa: N802
        return rf"\gcd{_power(exp)}({', '.join(map(self._print, expr.args))})"

    def _print_Quantity(self, expr: Any) -> str:  # noqa: N802
        return str(expr.tex)

    def _print_Function(self, expr: Expr, exp: Any = None) -> str:  # noqa: N802
        tex = getattr(expr.func, "tex", "")  # of a sequence, such as k_{%s}
        if not tex:
            return str(super()._print_Function(expr, exp))
        return str(tex % ", ".join(map(self._print, expr.args))) + (f"^{{{exp}}}" if exp else "")

    def _print_floor(self, expr: Expr, exp: Any = None) -> str:
        return rf"\left\lfloor {self._print(expr.args[0])} \right\rfloor{_power(exp)}"

    def _print_Add(self, expr: Add, order: Any = None) -> str:  # noqa: N802
        return _sum(self, _ordered(expr.args, _degree))

    def _print_Mul(self, expr: Mul) -> str:  # noqa: N802
        found = exponents(expr)
        if found and found[0].is_Integer and found[0] > 0:
            return " ".join(map(self._print, _ordered(expr.args, _rank)))
        tensors = [x for x in expr.args if x.has(Indexed)]
        if not isinstance(expr, Mul) or not expr.is_commutative:  # 1/x**2 comes here, as a product
            return str(super()._print_Mul(expr))
        if not tensors:
            ordered = _ordered(expr.args, _rank)
            return str(super()._print_Mul(Mul(*ordered, evaluate=False)))
        brackets = [x for x in expr.args if x.has(KroneckerDelta, Within) and x not in tensors]
        numbers = Mul(*(x for x in expr.args if x not in tensors and x not in brackets))
        weights = sorted(tensors, key=lambda x: (x.has(Sum), _reads(x)))
        factors = [_bracketed(self, x) for x in (*weights, *brackets)]
        if numbers == -1:
            return f"- {BREAK.join(factors)}"
        return BREAK.join([_bracketed(self, numbers), *factors] if numbers != 1 else factors)

    def _print_Within(self, expr: Within, exp: Any = None) -> str:  # noqa: N802
        index, extent = expr.args
        inside = rf"0 \le {index_latex(self, index)} < {self._print(extent)}"
        return rf"\left[{inside}\right]{_power(exp)}"


def _power(exponent: Any) -> str:
    return f"^{{{exponent}}}" if exponent else ""


def _sigma(ranges: list[str]) -> str:
    """The sign of a sum, with what its letters run over."""
    letters = ("," if all(len(x) < 3 for x in ranges) else r",\,").join(ranges)
    return rf"\sum_{{{letters}}}"


def _range(printer: BookPrinter, x: Symbol, first: Expr, last: Expr) -> str:
    """A letter under the sum sign, with its range if that is not the letter's own."""
    letter = printer._print(x)
    if first == 0 and last + 1 == OWN_RANGE.get(x):
        return str(letter)
    if first == 0:
        return rf"{letter} < {printer._print(last + 1)}"
    return rf"{printer._print(first)} \le {letter} \le {printer._print(last)}"


def _reads(expr: Expr) -> bool:
    """Whether a factor is an image or an earlier stage, which is written after the weights."""
    return isinstance(expr, Indexed) and expr.base.name[0] in "XZ"


def _bracketed(printer: BookPrinter, expr: Expr) -> str:
    """A factor of a product: sums in brackets."""
    text = printer._print(expr)
    return rf"\Bigl({text}\Bigr)" if isinstance(expr, Sum | Add) else text


def index_latex(printer: LatexPrinter, index: Basic) -> str:
    """An index with the pixel first, then the tap, then the padding: s y + d u - p."""
    terms = _ordered(index.args, _place) if isinstance(index, Add) else [index]
    return _sum(printer, terms)


def _sum(printer: LatexPrinter, terms: Iterable[Basic]) -> str:
    """Terms with their signs between them, in the given order."""
    pieces = []
    for term in terms:
        negative = term.could_extract_minus_sign()
        size = -term if negative else term
        text = printer._print(size)
        bracketed = rf"\left({text}\right)" if isinstance(size, Add) else text
        pieces.append(f"{'-' if negative else '+'} {bracketed}")
    return " ".join(pieces).removeprefix("+ ")


def _ordered(parts: Iterable[Expr], place: Callable[[Expr], Any]) -> list[Expr]:
    """The parts by their places; those of one place by SymPy's text, which is not printed for one
    that has a place of its own."""
    groups: dict[Any, list[Expr]] = {}
    for part in parts:
        groups.setdefault(place(part), []).append(part)
    return [part for at in sorted(groups) for part in _by_text(groups[at])]


def _by_text(parts: list[Expr]) -> list[Expr]:
    return sorted(parts, key=_text) if len(parts) > 1 else parts


def _text(expr: Basic) -> str:
    return str(expr.name) if isinstance(expr, Symbol) else plain_text(expr)


def _place(term: Expr) -> int:
    symbols = term.free_symbols
    return 0 if symbols & PIXELS else 1 if symbols & TAPS else 2 if symbols else 3


@cache
def _degree(term: Expr) -> tuple[bool, bool, int]:
    """Sums start with what is added, long products first, and end with numbers."""
    return term.could_extract_minus_sign(), term.is_number, -len(Mul.make_args(term))


@cache
def _rank(factor: Expr) -> tuple[bool, int]:
    """Products start with numbers, then the steps of an axis on its own, kernel sizes, widths and
    channels, brackets, pixels."""
    symbols = factor.free_symbols
    if not symbols or len(symbols) > 1:
        return not factor.is_number, 4 if symbols else 0
    place = next((n for n, group in enumerate(ORDER) if symbols & group), 3)
    return not factor.is_number, place


@cache
def names() -> dict[Symbol, str]:
    """How the book writes its symbols."""
    found = {**CHANNELS, ALONE.before: "p^-", ALONE.after: "p^+"}
    for direction in DIRECTIONS.values():
        found[direction.output] = f"{direction.input}'"
        found[direction.before] = f"{direction.before}^-"
        found[direction.after] = f"{direction.before}^+"
        found[middle(direction)] = rf"\bar{{{direction.tap}}}"
    return found


def middle(direction: Direction) -> Symbol:
    """The symbol that stands for the middle tap in print."""
    return letter(f"middle_{direction.tap}")


def latex(expr: Basic) -> str:
    """The LaTeX of any expression of the book.

    >>> from derive.notation.letters import C_in, H_out
    >>> latex(C_in * H_out)
    "C_{\\\\mathrm{in}} H'"
    >>> latex(1 / (C_in + 1))
    '\\\\frac{1}{C_{\\\\mathrm{in}} + 1}'
    """
    return _printed(expr.as_immutable() if isinstance(expr, MatrixBase) else expr)


@lru_cache(maxsize=1024)
def _printed(expr: Basic) -> str:
    """The LaTeX of an expression, once: sides of steps are often alike."""
    return str(_book_printer().doprint(expr))


@cache
def _book_printer() -> BookPrinter:
    return BookPrinter()


def equation_latex(equation: Equation) -> str:
    """A stage, or stages put into one another, as an equation at its sizes."""
    printer = _book_printer()
    value = with_middles(equation.value).xreplace(dict(equation.at))
    return f"{printer.doprint(equation.target)} = {printer.doprint(value)}"


def printed_latex(value: object) -> str:
    """The LaTeX of what a record holds, empty for nothing; TypeError for what has none."""
    match value:
        case None:
            return ""
        case Family() | Branches():
            return definition_latex(value)
        case Equation():
            return equation_latex(value)
        case Basic():
            return latex(value)
    raise TypeError(f"there is no LaTeX for {value!r}")


def with_middles(expr: Expr) -> Expr:
    """The expression with middle taps written as such."""
    return expr.xreplace({d.middle: middle(d) for d in DIRECTIONS.values()})


def definition_latex(line: Line) -> str:
    r"""The kernel as a contraction of its factors: the one line that is the family.

    >>> from derive.families import asymmetric
    >>> print(definition_latex(asymmetric.family))
    K_{o\,i\,u\,v} = \sum_{j} A_{j\,i\,u}\,B_{o\,j\,v}
    """
    first = line.branches[0][1]
    groups = (r"\,".join(map(str, x)) for x in (first.outputs, first.inputs, line.taps) if x)
    left = (r",\;" if first.shared else r"\,").join(groups)
    return f"K_{{{left}}} = {' + '.join(_branch(line, n) for n in range(len(line.branches)))}"


def _branch(line: Line, number: int) -> str:
    printer = _book_printer()
    family = numbered(*line.branches[number])
    tensors = r"\,".join(printer.doprint(factor) for factor in family.factors)
    missing = [tap for tap in line.taps if tap not in family.taps]
    middle = "".join(rf"\,[{tap} = \bar{{{tap}}}]" for tap in missing)
    bonds = [x for x in (*family.summed, *family.outputs) if x == tau or x in family.summed]
    ranges = [_range(printer, x, Integer(0), family.sizes[x] - 1) for x in bonds]
    total = f"{_sigma(ranges)} " if bonds else ""
    return f"{total}{tensors}{middle}"


def guard_latex(guard: Guard) -> list[str]:
    """The conditions of a guard, each as LaTeX."""
    printer = _book_printer()
    return [_relation_latex(printer, relation) for relation in guard]


def _odd(relation: Basic) -> bool:
    """Whether a relation says that something is odd."""
    return (
        isinstance(relation, Eq)
        and isinstance(relation.lhs, Mod)
        and (relation.lhs.args[1], relation.rhs) == (2, 1)
    )


def _relation_latex(printer: BookPrinter, relation: Basic) -> str:
    if _odd(relation):
        return rf"{printer.doprint(relation.lhs.args[0])} \text{{ odd}}"
    sign = {Eq: "=", Le: r"\le", Ge: r"\ge"}[type(relation)]
    return f"{printer.doprint(relation.lhs)} {sign} {printer.doprint(relation.rhs)}"


def guard_words(guard: Guard) -> str:
    """A guard as plain text.

    >>> from derive.notation.letters import k_h, n
    >>> guard_words((Eq(Mod(n, 2), 1), Eq(k_h, n)))
    'n odd, k_h = n'
    """
    return ", ".join(map(_relation_words, guard)) or ALWAYS


def _relation_words(relation: Basic) -> str:
    if _odd(relation):
        return f"{relation.lhs.args[0]} odd"
    sign = {Eq: "=", Le: "<=", Ge: ">="}[type(relation)]
    return f"{relation.lhs} {sign} {relation.rhs}"
