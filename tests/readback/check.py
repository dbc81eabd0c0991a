"""Whether a text and an object mean the same."""

from fractions import Fraction

from sympy import Sum

from tests.readback import objects, tex
from tests.readback.meaning import points, relations, World

BLOCK = 2  # rows of the matrices that stand for symbols that do not commute


def same(one, other, names, seed="", most=4, count=3, blocks=()):
    """Whether two trees have the same relation signs, and the same value at sizes at random."""
    signs = [relations(tree) for tree in (one, other)]
    assert signs[0] == signs[1], f"relations {signs[0]}, not {signs[1]}"
    for number, at in enumerate(points(names, seed, most, count)):
        values = at | {x: _block(x, number) for x in blocks}
        read, meant = World(values).value(one), World(values).value(other)
        assert type(read) is type(meant), f"{read} and {meant}"
        assert read == meant, f"{read}, not {meant}, at {values}"


def check_latex(expr, text, count=2):
    """The LaTeX of an object is read back as that object."""
    found = tex.read(text, objects.tensors(expr))
    blocks = objects.blocks(expr)
    names = [x for x in objects.names(expr) if x not in blocks]
    most = 3 if expr.has(Sum) else 40
    same(found, objects.tree(expr), names, text, most, count, blocks)


def _block(symbol, number):
    """An invertible matrix of its own for every symbol."""
    start = sum(map(ord, symbol)) + number
    return tuple(
        tuple(Fraction((start * (2 + row) + 3 * column) % 11 + 12 * (row == column)) for column in range(BLOCK))
        for row in range(BLOCK)
    )
