"""Whether a text and an object mean the same: relation signs are read, and values compared."""

from fractions import Fraction

from sympy import Sum

from tests.readback import objects, python, script, tex
from tests.readback.meaning import points, relations, World

ROWS = 2  # of the matrices that stand for symbols that do not commute
FEW, MANY = 3, 40  # the largest size where sums are carried out, and where there are none


def check_latex(expr, text):
    """The LaTeX of an object is read back as that object."""
    same(tex.read(text, objects.tensors(expr), own=objects.written(expr)), expr)


def check_python(expr, text):
    """The object in Python's words is read back as that object."""
    same(python.read(text), expr)


def check_javascript(expr, text):
    """The function in JavaScript is read back as that object."""
    same(script.read_function(text), expr)


def check_equation(left, right, text):
    """The LaTeX of an equation is read back as the equality of two objects."""
    tensors = objects.tensors(left) | objects.tensors(right)
    kind, one, sign, other = tex.read(text, tensors)
    assert (kind, sign) == ("relation", "="), f"no equation: {text}"
    same(one, left)
    same(other, right)


def check_relations(meant, trees):
    """Relations that were read are these relations, with their signs."""
    assert len(trees) == len(meant), f"{len(trees)} relations, not {len(meant)}"
    for relation, read in zip(meant, trees, strict=True):
        kind, left, sign, right = read
        own = objects.tree(relation)
        assert (kind, sign) == (own[0], own[2]), f"{sign}, not {own[2]}"
        same(left, relation.lhs)
        same(right, relation.rhs)


def same(read, expr):
    """A tree that was read has the relation signs and the values of an object."""
    meant, blocks = objects.tree(expr), objects.blocks(expr)
    names = [x for x in objects.names(expr) if x not in blocks]
    signs = [sorted(relations(tree)) for tree in (read, meant)]
    assert signs[0] == signs[1], f"relations {signs[0]}, not {signs[1]}"
    for number, at in enumerate(points(names, FEW if expr.has(Sum) else MANY)):
        values = at | {x: _block(x, number) for x in blocks}
        found, value = World(values).value(read), World(values).value(meant)
        assert found == value, f"{found}, not {value}, at {values}"


def _block(symbol, number):
    """An invertible matrix of its own for every symbol."""
    start = sum(map(ord, symbol)) + number
    off = [[(start * (2 + row) + 3 * column) % 11 for column in range(ROWS)] for row in range(ROWS)]
    return tuple(
        tuple(Fraction(n + 12 * (row == column)) for column, n in enumerate(numbers))
        for row, numbers in enumerate(off)
    )
