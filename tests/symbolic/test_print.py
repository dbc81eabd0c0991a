"""What is printed is what was derived: the LaTeX of every formula is read back by an independent
reader of a few rules, and takes the value of the expression at random sizes."""

import re
from fractions import Fraction
from math import floor
from random import Random

import pytest
from sympy import Integer, Symbol

from derive.algebra.everyday import everyday
from derive.catalogue import FAMILIES
from derive.notation.formula import evaluate
from derive.notation.letters import C_in, C_out, H_out, n, nu, P, R
from derive.site.pages import family
from derive.write.latex import latex

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
