"""What is printed is what was derived: the LaTeX of every formula is read back by an independent
reader of a few rules, and takes the value of the expression at random sizes."""

import re
from fractions import Fraction
from math import floor
from random import Random

import pytest
from sympy import Indexed, IndexedBase, Integer, Matrix, MatrixBase, Mul, Sum, Symbol

from derive.algebra.everyday import everyday
from derive.catalogue import FAMILIES
from derive.notation.convolution import Within
from derive.notation.formula import evaluate
from derive.notation.letters import C_in, C_out, H_out, i, j, k_h, m, n, nu, P, R, u
from derive.site.pages import family
from derive.write.latex import latex, OWN_RANGE
from tests.proofs import steps

MARKS = [
    r"\frac",
    r"\min",
    r"\left\lfloor",
    r"\right\rfloor",
    r"\left\lceil",
    r"\right\rceil",
    r"\left(",
    r"\right)",
    r"^",
    r"{",
    r"}",
    r",",
    r"+",
    r"-",
]


class Reader:
    """A recursive reader of sums, products, fractions, powers, minima and floors."""

    def __init__(self, text, values):
        names = {latex(symbol): Fraction(int(value)) for symbol, value in values.items()}
        known = sorted((*names, *MARKS), key=len, reverse=True)
        pattern = "|".join([*map(re.escape, known), r"\d+", r"\s+", "."])
        tokens = [token for token in re.findall(pattern, text) if not token.isspace()]
        self.names, self.tokens = names, tokens

    def value(self):
        total = self.sum()
        assert not self.tokens, f"unread: {self.tokens}"
        return total

    def take(self, wanted):
        assert self.tokens
        assert self.tokens[0] == wanted, f"{wanted} expected at {self.tokens[:6]}"
        self.tokens.pop(0)

    def sees(self, *wanted):
        return bool(self.tokens) and self.tokens[0] in wanted

    def sum(self):
        total = -self.product() if self.minus() else self.product()
        while self.sees("+", "-"):
            total += -self.product() if self.minus() else self.product(plus=True)
        return total

    def minus(self):
        if self.sees("-"):
            self.take("-")
            return True
        return False

    def product(self, plus=False):
        if plus:
            self.take("+")
        total = self.power()
        while self.tokens and not self.sees("+", "-", ",", "}", r"\right)", r"\right\rfloor"):
            total *= self.power()
        return total

    def power(self):
        base = self.atom()
        if self.sees("^"):
            self.take("^")
            return base ** int(self.group())
        return base

    def group(self):
        self.take("{")
        inside = self.sum()
        self.take("}")
        return inside

    def atom(self):
        token = self.tokens.pop(0)
        if token in self.names:
            return self.names[token]
        if token.isdigit():
            return Fraction(int(token))
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\left(":
            return self.closed(r"\right)")
        if token == r"\left\lfloor":
            return Fraction(floor(self.closed(r"\right\rfloor")))
        if token == r"\min":
            self.take(r"\left(")
            least = [self.sum()]
            while self.sees(","):
                self.take(",")
                least.append(self.sum())
            self.take(r"\right)")
            return min(least)
        raise AssertionError(f"cannot read {token!r}")

    def closed(self, end):
        inside = self.sum()
        self.take(end)
        return inside


def check(expr, random):
    values = {s: Integer(random.randint(2, 40)) for s in sorted(expr.free_symbols, key=str)}
    exact = evaluate(expr, values)
    assert Reader(latex(expr), values).value() == Fraction(int(exact.p), int(exact.q))


@pytest.mark.parametrize("name", FAMILIES)
def test_every_formula_reads_back_as_itself(name):
    entry, random = FAMILIES[name], Random(name)
    for formula in entry.formulas.values():
        check(formula.expr, random)
        check(everyday(formula, entry.directions).expr, random)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_share_reads_back_as_the_ratio_of_the_counts(name):
    """The printed share of standard, at the sizes of the example, is the share of the numbers."""
    context = family.context(FAMILIES[name])
    row, _ = family.example(FAMILIES[name])
    values = {**row.values, n: 3}
    for count in context["counts"]:
        if count["ratio"]:
            here, standard = (context[k][count["name"]] for k in ("number", "standard_number"))
            assert Reader(count["ratio"], values).value() == Fraction(here, standard)


@pytest.mark.parametrize(
    "expr",
    [
        1 / n**2,
        1 / C_in,
        1 / (C_in + 1),
        (C_in - C_out) / (nu * H_out),
        -(n**2),
        n * (C_in - 2 * C_out) ** 3 / 6,
        P / R - R / P,
        -1 / C_in,
        1 - C_in,
        Symbol("x", integer=True) / 4 - 1,
    ],
    ids=str,
)
def test_fractions_powers_and_signs_read_back(expr):
    check(expr, Random(1))


def test_the_reader_notices_a_wrong_print():
    values = {C_in: 5, C_out: 7}
    assert Reader(latex(C_in + C_out), values).value() == 12
    assert Reader(latex(C_in - C_out), values).value() != 12
    assert Reader("- 2 n", {n: 3}).value() != Fraction(1, 9)
    with pytest.raises(AssertionError, match="cannot read"):
        Reader(r"\sqrt{n}", {n: 3}).value()


def test_blocks_of_matrices_keep_their_order():
    r, U, c, x = (Symbol(name, commutative=False) for name in "rUcx")
    assert latex(r * U**-1 * c) == "r U^{-1} c"
    assert latex(x - r * U**-1 * c) == "x - r U^{-1} c"
    assert latex(Matrix([[U * x]])) == r"\left[\begin{matrix}U x\end{matrix}\right]"


A, B = map(IndexedBase, "AB")
TENSORS = {
    "a number": (2 * A[i] * B[j], r"2\,A_{i}\,B_{j}"),
    "minus": (-A[i] * B[j], r"- A_{i}\,B_{j}"),
    "minus a number": (-3 * n * A[i], r"- 3 n\,A_{i}"),
    "a size": (n * A[i], r"n\,A_{i}"),
    "a sum of tensors": ((A[i] + B[j]) * A[j], r"\Bigl(A_{i} + B_{j}\Bigr)\,A_{j}"),
    "a bracket": (A[i] * Within(i - 1, m), r"A_{i}\,\left[0 \le i - 1 < m\right]"),
    "a quotient": (A[i] / B[j], r"\frac{1}{B_{j}}\,A_{i}"),
    "a range of its own": (Sum(A[u], (u, 0, k_h - 1)), r"\sum_{u} A_{u}"),
    "another range": (Sum(A[u], (u, 0, n - 1)), r"\sum_{u < n} A_{u}"),
    "a range from 1": (Sum(A[u], (u, 1, n)), r"\sum_{1 \le u \le n} A_{u}"),
    "a sum in a product": (n * Sum(A[i], (i, 0, C_in - 1)), r"n\,\Bigl(\sum_{i} A_{i}\Bigr)"),
}


@pytest.mark.parametrize("name", TENSORS)
def test_products_of_tensors_are_printed_whole(name):
    expr, text = TENSORS[name]
    assert latex(expr) == text


def mentioned(expr):
    """The symbols that a print has to show: all but the ends of a letter's own range."""
    if isinstance(expr, Sum):
        ends = [(x, last) for x, first, last in expr.limits if first != 0 or own_end(x) != last]
        parts = [expr.function, *(x for x, _, _ in expr.limits), *(last for _, last in ends)]
        return set().union(*map(mentioned, parts))
    if isinstance(expr, MatrixBase):
        return set().union(*map(mentioned, expr))
    if isinstance(expr, Indexed):
        base = Symbol(str(expr.base).partition("_")[0])
        return {base}.union(*map(mentioned, expr.indices))
    if not expr.args:
        return {expr} if isinstance(expr, Symbol) else set()
    return set().union(*map(mentioned, expr.args))


def own_end(x):
    return OWN_RANGE[x] - 1 if x in OWN_RANGE else None


def dropped(expr):
    """Symbols, tensors and numbers of an expression that its print does not show."""
    text = latex(expr)
    names = {x for x in mentioned(expr) if not str(x).startswith("_")}
    shown = re.sub(r"[{}\\ ]|mathrm", "", text)
    missing = {x for x in names if re.sub(r"[{}\\ ]|mathrm", "", latex(x)) not in shown}
    scaled = [x.as_coeff_Mul()[0] for x in expr.atoms(Mul)]
    numbers = {abs(x) for x in scaled if x.is_Integer and abs(x) > 1}
    return missing | {x for x in numbers if str(x) not in text}


def test_nothing_of_a_proof_is_dropped_in_print():
    shown = [expr for _, outcome in steps() for _, expr in outcome.finding.shown]
    assert len(shown) > 300
    faults = {str(expr)[:200]: dropped(expr) for expr in shown if dropped(expr)}
    assert not faults
