"""What a printed text or an object means: a tree of tuples, and its value at given sizes.

A tree is ``(kind, *parts)``. Tensors and functions that nothing is known of take values that depend
on their name and arguments only, so that two trees agree there if and only if they read the same.
"""

from fractions import Fraction
from itertools import pairwise, product
from math import ceil, floor, gcd
from operator import eq, ge, gt, le, lt, ne
from random import Random

RELATIONS = {"=": eq, "≠": ne, "≤": le, "<": lt, "≥": ge, ">": gt}
# How far a letter runs where a sum does not say it: the book's alphabet.
RUNS = {
    **{"i": "Cin", "o": "Cout", "t": "kt", "u": "kh", "v": "kw", "j": "m", "l": "M"},
    **{"q": "Q", "r": "R", "p": "P", "g": "G", "a": "Ca", "b": "Cb", "c": "Cc"},
    **{"z0": "F", "y0": "H", "x0": "W"},
}
TAPS = {"t": "kt", "u": "kh", "v": "kw"}


class UnreadableError(AssertionError):
    """A text that the reader has no meaning for."""


def number(n):
    """A number as a tree."""
    return ("number", Fraction(n))


def name(text):
    """A symbol by its plain name: ``C_in`` and ``Cin`` are one."""
    return ("name", text.replace("_", "").replace(" ", ""))


def some(*key):
    """A number that nothing is known of but its name and arguments."""
    return Fraction(Random(repr(key)).randint(1, 997), 7)


class World:
    """Values of all names; letters of sums are added while a sum is carried out."""

    def __init__(self, values):
        self.values = {
            name(key)[1]: Fraction(value) if isinstance(value, int) else value
            for key, value in values.items()
        }
        assert len(self.values) == len(values), f"two symbols of one name: {list(values)}"

    def value(self, tree):
        """The value of a tree: a fraction, a truth value, or a matrix of fractions."""
        kind, *parts = tree
        return getattr(self, f"_{kind}")(*parts)

    def all(self, trees):
        return [self.value(tree) for tree in trees]

    def _number(self, n):
        return n

    def _name(self, text):
        if text not in self.values:
            raise UnreadableError(f"{text} is not in the object: {sorted(self.values)}")
        return self.values[text]

    def _middle(self, tap):
        return (self._name(TAPS[tap]) - 1) / 2

    def _tensor(self, base, indices):
        return some("tensor", base, *self.all(indices))

    def _call(self, base, arguments):
        return some("function", base, *self.all(arguments))

    def _add(self, *terms):
        total, *others = self.all(terms)
        for other in others:
            total = added(total, other)
        return total

    def _negative(self, term):
        return times(Fraction(-1), self.value(term))

    def _times(self, *factors):
        result, *others = self.all(factors)
        for other in others:
            result = times(result, other)
        return result

    def _over(self, above, below):
        return times(self.value(above), inverse(self.value(below)))

    def _power(self, base, exponent):
        return power(self.value(base), self.value(exponent))

    def _root(self, inside):
        return power(self.value(inside), Fraction(1, 2))

    def _floor(self, inside):
        return Fraction(floor(self.value(inside)))

    def _ceiling(self, inside):
        return Fraction(ceil(self.value(inside)))

    def _size(self, inside):
        return abs(self.value(inside))

    def _minimum(self, *of):
        return min(self.all(of))

    def _maximum(self, *of):
        return max(self.all(of))

    def _gcd(self, *of):
        return Fraction(gcd(*map(whole, self.all(of))))

    def _pointsbelow(self, *of):
        bound, rows, columns, stride, dilation = map(whole, self.all(of))
        points = product(range(rows), range(columns))
        return Fraction(sum(stride * y + dilation * u < bound for y, u in points))

    def _modulo(self, one, other):
        return self.value(one) % self.value(other)

    def _sum(self, ranges, body):
        (letter, first, last), *inner = ranges
        before, total = self.values.get(letter), Fraction(0)
        for at in range(whole(self.value(first)), whole(self.value(last)) + 1):
            self.values[letter] = Fraction(at)
            total = added(total, self._sum(inner, body) if inner else self.value(body))
        self.values.pop(letter, None)
        if before is not None:
            self.values[letter] = before
        return total

    def _count(self, letters, conditions):
        """How many points there are: a condition ``y < H'`` says that y runs from 0."""
        ends = {c[1][1]: c[3] for c in conditions if len(c) == 4 and c[2] == "<"}
        if not ends.keys() >= set(letters):
            raise UnreadableError(f"{letters} run without end: {conditions}")
        runs = [range(whole(self.value(ends[x]))) for x in letters]
        kept = dict(self.values)
        points = 0
        for at in product(*runs):
            self.values |= {x: Fraction(n) for x, n in zip(letters, at, strict=True)}
            points += all(self.all(conditions))
        self.values = kept
        return Fraction(points)

    def _relation(self, *parts):
        values = [self.value(part) if isinstance(part, tuple) else part for part in parts]
        sides, signs = values[::2], values[1::2]
        chain = zip(signs, pairwise(sides), strict=True)
        return all(RELATIONS[sign](*pair) for sign, pair in chain)

    def _holds(self, relation):
        return Fraction(int(self.value(relation)))

    def _both(self, *of):
        return all(self.all(of))

    def _either(self, *of):
        return any(self.all(of))

    def _not(self, of):
        return not self.value(of)

    def _matrix(self, *rows):
        return tuple(tuple(self.all(row)) for row in rows)


def whole(n):
    """The integer that a fraction is."""
    assert n.denominator == 1, f"{n} is no integer"
    return n.numerator


def is_matrix(x):
    return isinstance(x, tuple)


def scaled(n, like):
    """A number as that multiple of the identity, as a block is that is written 0 or 1."""
    return tuple(
        tuple(n if row == column else n * 0 for column in range(len(like)))
        for row in range(len(like))
    )


def added(x, y):
    if not is_matrix(x) and not is_matrix(y):
        return x + y
    x, y = (x if is_matrix(x) else scaled(x, y)), (y if is_matrix(y) else scaled(y, x))
    return tuple(tuple(map(added, *rows)) for rows in zip(x, y, strict=True))


def times(x, y):
    if not is_matrix(x):
        return tuple(tuple(times(x, n) for n in row) for row in y) if is_matrix(y) else x * y
    if not is_matrix(y):
        return tuple(tuple(times(n, y) for n in row) for row in x)
    columns = list(zip(*y, strict=True))
    return tuple(tuple(_total(map(times, row, column)) for column in columns) for row in x)


def _total(terms):
    total, *others = terms
    for other in others:
        total = added(total, other)
    return total


def inverse(x):
    if x == 0:
        raise UnreadableError("divided by zero")
    if not is_matrix(x):
        return 1 / x
    (a, b), (c, d) = x
    return times(1 / (a * d - b * c), ((d, -b), (-c, a)))


def power(base, exponent):
    """Exact for an exponent that is an integer; a root is a number nothing more is known of."""
    if exponent.denominator != 1:
        return some("power", base, exponent)
    if not is_matrix(base):
        return base**exponent.numerator
    factors = [base if exponent > 0 else inverse(base)] * abs(exponent.numerator)
    result = factors[0]
    for factor in factors[1:]:
        result = times(result, factor)
    return result


def relations(tree):
    """The signs of each relation of a tree; how far the letters of a set run is none."""
    if not isinstance(tree, tuple | list):
        return []
    if tree[:1] == ("count",):
        tree = [one for one in tree[2] if one[1] not in [("name", x) for x in tree[1]]]
    own = [tree[2::2]] if tree[:1] == ("relation",) else []
    return own + [found for part in tree for found in relations(part)]


def points(names, most, count=3):
    """Sizes at random, up to the largest."""
    random = Random(repr(names))
    for _ in range(count):
        yield {one: Fraction(random.randint(1, most)) for one in names}
