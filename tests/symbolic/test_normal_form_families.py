"""Random families: rewriting keeps the normal form, corruption changes it, and loops say so too."""

from itertools import permutations, product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sympy import Dummy, IndexedBase, Integer, Mul, Sum, Symbol

from derive.algebra.normal_form import normal_form
from derive.algebra.pipeline import is_the_convolution, two_sides
from derive.notation.convolution import compose, direct, stages, Within
from derive.notation.errors import InputError
from derive.notation.family import Family
from derive.notation.letters import i, j, letter, o, q, r, size, u, v
from tests.literal import program

A, B, C, D = map(IndexedBase, "ABCD")
a, b, n, k = letter("a"), letter("b"), size("n"), size("k")
CHANNELS = (i, o, j, q, r)


@st.composite
def families(draw):
    """A line of two to four factors over channels, bonds and both taps, in random places."""
    count = draw(st.integers(2, 4))
    places = [set() for _ in range(count)]
    for x in (u, v):
        places[draw(st.integers(0, count - 1))].add(x)
    for x in CHANNELS:
        least = 1 if x in (i, o) else 0
        for place in draw(st.lists(st.integers(0, count - 1), min_size=least, max_size=2)):
            places[place].add(x)
    order = (*CHANNELS, u, v)
    factors = [
        base[tuple(x for x in order if x in letters)]
        for base, letters in zip((A, B, C, D), places, strict=False)
        if letters
    ]
    try:
        return Family(*factors)
    except InputError:
        assume(False)


@given(families(), st.randoms(use_true_random=False))
def test_every_random_family_is_the_convolution_in_any_order(family, random):
    factors = list(family.factors)
    random.shuffle(factors)
    assert is_the_convolution(family)
    sides = two_sides(Family(*factors), kernel_of=family)
    forms = [normal_form(x, sides.free, sides.supports) for x in (sides.nested, sides.single)]
    assert forms[0] == forms[1]


def rewritten(expr, random):
    """The same sum with other names, shifted ranges, another order and another nesting."""
    names = {x: Dummy(x.name, integer=True) for x, _, _ in expr.limits}
    shifts = {x: random.randint(-2, 2) for x in names}
    moved = {x: name - shifts[x] for x, name in names.items()}
    total = expr.function.xreplace(moved)
    limits = [(names[x], shifts[x], last + shifts[x]) for x, _, last in expr.limits]
    random.shuffle(limits)
    for limit in limits:
        total = Sum(total, limit)
    return total


def corrupted(expr, random):
    """The same sum with two letters exchanged in one of its tensors."""
    tensors = sorted(expr.function.atoms(Mul).pop().args, key=str)
    tensor = random.choice(tensors)
    letters = sorted(tensor.free_symbols & set(CHANNELS) | {u, v}, key=str)
    one, other = random.sample([x for x in letters if isinstance(x, Symbol)], 2)
    swapped = tensor.xreplace({one: other, other: one})
    rest = Mul(*(x for x in tensors if x != tensor))
    return Sum(rest * swapped, *expr.limits)


class Opaque:
    """A tensor of random entries, each made when it is asked for."""

    def __init__(self, name):
        self.name = name

    def get(self, index, _):
        return Random(f"{self.name}{index}").randint(-(10**6), 10**6)


def looped(expr, free, sizes):
    """The sum at every value of its free letters, by loops, with random tensors."""
    run = program(expr.xreplace(sizes), {name: Opaque(name) for name in "ABCDX"})
    ranges = [range(int(extent.xreplace(sizes))) for extent in free.values()]
    return [run(dict(zip(free, at, strict=True))) for at in product(*ranges)]


@given(families(), st.randoms(use_true_random=False))
def test_unequal_normal_forms_are_unequal_sums(family, random):
    """Where every index is a single letter the normal form decides, for sizes all different."""
    expr = direct(family, ())
    assume(isinstance(expr, Sum) and len(family.letters) <= 6)
    free = {x: family.sizes[x] for x in family.outputs}
    values = {family.sizes[x]: Integer(n) for n, x in enumerate(family.letters, start=2)}
    wrong = corrupted(expr, random)
    same = normal_form(expr, free) == normal_form(wrong, free)
    letters = {x for x in wrong.free_symbols if isinstance(x, Symbol)} - set(free)
    assume(not letters & {*CHANNELS, u, v})
    assert normal_form(expr, free) == normal_form(rewritten(expr, random), free)
    assert same == (looped(expr, free, values) == looped(wrong, free, values))


# Equal sums with unequal normal forms: beyond single letters the normal form only ever proves.
UNDECIDED = {
    "a range cut in two": (
        Sum(A[a], (a, 0, n - 1)),
        A[0] + Sum(A[a], (a, 1, n - 1)),
    ),
    "two ranges end to end": (
        Sum(A[a], (a, 0, 2 * n - 1)),
        Sum(A[a] + A[a + n], (a, 0, n - 1)),
    ),
    "a range run backwards": (
        Sum(A[a], (a, 0, n - 1)),
        Sum(A[n - 1 - a], (a, 0, n - 1)),
    ),
    "a bracket that arithmetic implies": (
        Sum(A[a] * Within(2 * a, 2 * n), (a, 0, n - 1)),
        Sum(A[a], (a, 0, n - 1)),
    ),
    "a bracket that another implies": (
        Sum(A[a] * Within(a, k) * Within(a, k + 1), (a, 0, n - 1)),
        Sum(A[a] * Within(a, k), (a, 0, n - 1)),
    ),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_beyond_single_letters_unequal_normal_forms_refute_nothing(name):
    left, right = UNDECIDED[name]
    assert normal_form(left) != normal_form(right)
    for values in ({n: Integer(3), k: Integer(2)}, {n: Integer(2), k: Integer(4)}):
        assert worth(left, values) == worth(right, values)


def worth(expr, values):
    """A sum with brackets, by substitution, for a random tensor A."""
    random = Random(5)
    entries = [random.randint(-99, 99) for _ in range(8)]
    if isinstance(expr, Sum):
        ((x, first, last),) = expr.limits
        span = range(int(first.xreplace(values)), int(last.xreplace(values)) + 1)
        return sum(worth(expr.function.xreplace({x: Integer(at)}), values) for at in span)
    if expr.is_Add:
        return sum(worth(part, values) for part in expr.args)
    if expr.is_Mul:
        return Integer(Mul(*(worth(part, values) for part in expr.args)))
    if expr.is_Indexed:
        return entries[int(expr.indices[0].xreplace(values))]
    return expr.xreplace(values)


def test_a_spatial_pipeline_with_a_wrong_factor_is_refused_in_every_order():
    vertical, dense = Family(A[j, i, u], B[o, j, v]), Family(A[j, i, u, v], B[o, j])
    for one, other in permutations((vertical, dense)):
        sides = two_sides(one, kernel_of=other)
        nested = normal_form(compose(stages(one), brackets=True), sides.free, sides.supports)
        assert nested != normal_form(sides.single, sides.free, sides.supports)
