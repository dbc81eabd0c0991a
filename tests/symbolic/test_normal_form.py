"""Sums with one normal form are equal, sums with two are not: true and false equalities."""

from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Add, Dummy, IndexedBase, Integer, Mul, sin, Sum, Symbol, symbols

from derive.algebra.normal_form import normal_form
from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import FAMILIES
from derive.notation import convolution
from derive.notation.convolution import direct, stages, Within
from derive.notation.errors import InputError
from derive.notation.family import Family
from derive.notation.letters import i, j, o, u, v
from tests.caches import forget

A, B, C = map(IndexedBase, "ABC")
a, b, c, d = symbols("a b c d", integer=True)
n, k = (Symbol(name, integer=True, positive=True) for name in "nk")

EQUAL = {
    "rename": (Sum(A[a], (a, 0, n)), Sum(A[b], (b, 0, n))),
    "shift": (Sum(A[a], (a, 3, n)), Sum(A[a + 3], (a, 0, n - 3))),
    "reorder": (
        Sum(A[a, b], (a, 0, n), (b, 0, k)),
        Sum(A[a, b], (b, 0, k), (a, 0, n)),
    ),
    "nest": (
        Sum(A[a] * Sum(B[a, b], (b, 0, k)), (a, 0, n)),
        Sum(A[a] * B[a, b], (a, 0, n), (b, 0, k)),
    ),
    "distribute": (
        Sum(A[a] * (B[a] + 2 * C[a]), (a, 0, n)),
        Sum(A[a] * B[a], (a, 0, n)) + 2 * Sum(A[b] * C[b], (b, 0, n)),
    ),
    "square": (
        Sum(A[a], (a, 0, n)) ** 2,
        Sum(A[a] * A[b], (a, 0, n), (b, 0, n)),
    ),
    "swap of equal letters": (
        Sum(A[a, b] * A[b, a], (a, 0, n), (b, 0, n)),
        Sum(A[b, a] * A[a, b], (a, 0, n), (b, 0, n)),
    ),
    "three-cycle": (
        Sum(A[a, b] * A[b, c] * A[c, a], (a, 0, n), (b, 0, n), (c, 0, n)),
        Sum(A[b, c] * A[c, a] * A[a, b], (a, 0, n), (b, 0, n), (c, 0, n)),
    ),
    "unused letter": (Sum(A[a], (a, 0, n), (b, 1, k)), k * Sum(A[a], (a, 0, n))),
    "bracket of a range": (
        Sum(A[a] * Within(a, n), (a, 0, n - 1)),
        Sum(A[a], (a, 0, n - 1)),
    ),
    "repeated bracket": (
        Sum(A[a] * Within(2 * a, k) ** 2, (a, 0, n)),
        Sum(A[a] * Within(2 * a, k), (a, 0, n)),
    ),
    "single value": (Sum(A[a] * B[a, b], (a, 2, 2)), A[2] * B[2, b]),
    "empty range": (Sum(A[a], (a, 0, -1)) + B[b], B[b]),
    "free and summed letter of one name": (
        B[a] * Sum(A[a], (a, 0, n)),
        Sum(A[b] * B[a], (b, 0, n)),
    ),
    "the same letter summed twice": (
        Sum(A[a] * Sum(B[a], (a, 0, k)), (a, 0, n)),
        Sum(A[a], (a, 0, n)) * Sum(B[b], (b, 0, k)),
    ),
    "indices multiplied out": (A[n * (a + 1)], A[n * a + n]),
    "coefficients as fractions": ((n**2 - 1) / (n - 1) * B[b], (n + 1) * B[b]),
    "a single value that breaks a bracket": (
        B[b] * Sum(A[a] * Within(a + k, k), (a, 0, 0)),
        Integer(0),
    ),
    "a range that starts at an outer letter": (
        Sum(A[a] * B[b], (a, b, b + 2), (b, 0, n)),
        Sum(A[a + b] * B[b], (a, 0, 2), (b, 0, n)),
    ),
    "cancel": (Sum(A[a], (a, 0, n)) - Sum(A[b], (b, 0, n)), Integer(0)),
}
UNEQUAL = {
    "extent": (Sum(A[a], (a, 0, n)), Sum(A[a], (a, 0, n - 1))),
    "shift without the index": (Sum(A[a], (a, 1, n)), Sum(A[a], (a, 0, n - 1))),
    "letters of another tensor": (
        Sum(A[a, b] * B[a], (a, 0, n), (b, 0, n)),
        Sum(A[a, b] * B[b], (a, 0, n), (b, 0, n)),
    ),
    "square of a sum, sum of squares": (
        Sum(A[a], (a, 0, n)) ** 2,
        Sum(A[a] ** 2, (a, 0, n)),
    ),
    "three-cycle, path": (
        Sum(A[a, b] * A[b, c] * A[c, a], (a, 0, n), (b, 0, n), (c, 0, n)),
        Sum(A[a, b] * A[b, c] * A[a, c], (a, 0, n), (b, 0, n), (c, 0, n)),
    ),
    "six-cycle, two triangles": (
        Sum(
            Mul(*(A[x, y] for x, y in zip(symbols("q0:6"), symbols("q1:6 q0"), strict=True))),
            *((x, 0, n) for x in symbols("q0:6")),
        ),
        Sum(A[a, b] * A[b, c] * A[c, a], (a, 0, n), (b, 0, n), (c, 0, n)) ** 2,
    ),
    "bracket of another extent": (
        Sum(A[a] * Within(a, n - 1), (a, 0, n - 1)),
        Sum(A[a], (a, 0, n - 1)),
    ),
    "a bracket that bites": (
        Sum(A[a] * Within(a + 1, n), (a, 0, n - 1)),
        Sum(A[a], (a, 0, n - 1)),
    ),
    "coefficient": (2 * Sum(A[a], (a, 0, n)), Sum(A[a], (a, 0, n))),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_sums_have_one_normal_form(name):
    left, right = EQUAL[name]
    assert normal_form(left) == normal_form(right)


@pytest.mark.parametrize("name", UNEQUAL)
def test_different_sums_have_two(name):
    left, right = UNEQUAL[name]
    assert normal_form(left) != normal_form(right)


def test_names_do_not_collide():
    """Free letters called like the canonical names, or like each other, stay themselves."""
    for free in (Symbol("_0", integer=True), Dummy("_0", integer=True)):
        loose = Sum(A[a, free], (a, 0, n - 1))
        assert normal_form(loose) != normal_form(Sum(A[a, a], (a, 0, n - 1)))
    other = Symbol("n", integer=True)
    assert normal_form(Sum(A[a], (a, 0, n))) != normal_form(Sum(A[a], (a, 0, other)))
    one, two = Dummy("i", integer=True), Dummy("i", integer=True)
    assert normal_form(A[one]) != normal_form(A[two])


def test_symmetric_powers_are_quick_to_name():
    inner = Sum(A[a, b], (a, 0, n))
    powers = Sum(Mul(*([inner] * 8), evaluate=False), (b, 0, k))
    renamed = Sum(Mul(*([Sum(A[c, d], (c, 0, n))] * 8), evaluate=False), (d, 0, k))
    assert normal_form(powers) == normal_form(renamed)


def test_eight_letters_alike_are_quick_to_name():
    letters = symbols("q0:8")
    ring = [(letters[x], letters[(x + 1) % 8]) for x in range(8)]
    limits = [(x, 0, n) for x in letters]
    loose = Sum(Mul(*(A[x] for x in letters), evaluate=False), *limits)
    assert normal_form(loose) == normal_form(Sum(A[a], (a, 0, n)) ** 8)
    turned = [(y, x) for x, y in reversed(ring)]
    assert normal_form(Sum(Mul(*(B[e] for e in ring)), *limits)) == normal_form(
        Sum(Mul(*(B[e[::-1]] for e in turned)), *limits)
    )


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Sum(a * A[a], (a, 0, n)), "a coefficient depends on a letter"),
        (Sum(1 / A[a], (a, 0, n)), "is no sum of products"),
        (sin(Sum(A[a], (a, 0, n))), "is no sum of products"),
    ],
)
def test_what_is_no_sum_of_products_is_refused(expr, message):
    with pytest.raises(InputError, match=message):
        normal_form(expr)


def test_a_range_may_not_depend_on_another_letter():
    with pytest.raises(InputError, match="depends on another summed letter"):
        normal_form(Sum(A[a, b], (a, 0, b), (b, 0, n)))


def value(expr, sizes, tensors):
    """A sum of products of tensors by brute force: letters are replaced by numbers, one by one."""
    if isinstance(expr, Sum):
        (letter, first, last), *rest = expr.limits
        inner = Sum(expr.function, *rest) if rest else expr.function
        span = range(int(first.subs(sizes)), int(last.subs(sizes)) + 1)
        return sum(value(inner.xreplace({letter: Integer(x)}), sizes, tensors) for x in span)
    if isinstance(expr, Add | Mul):
        parts = [value(part, sizes, tensors) for part in expr.args]
        return sum(parts) if isinstance(expr, Add) else Integer(Mul(*parts))
    if expr.is_Indexed:
        key = (str(expr.base), *(int(x.subs(sizes)) for x in expr.indices))
        return tensors.setdefault(key, Random(str(key)).randint(-50, 50))
    return expr.subs(sizes)


LETTERS = (a, b, c, d)
EXTENTS = dict(zip(LETTERS, (n, n, k, k), strict=True))


@st.composite
def monomials(draw):
    """Tensors on random letters, and how the letters are renamed and the sums nested."""
    atoms = [
        IndexedBase(name)[tuple(draw(st.permutations(LETTERS))[: draw(st.integers(1, 3))])]
        for name in draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=4))
    ]
    return atoms, draw(st.permutations(LETTERS)), draw(st.integers(0, 3))


def summed(atoms, order):
    used = {x for atom in atoms for x in atom.indices}
    return Sum(Mul(*atoms), *((x, 0, EXTENTS[x] - 1) for x in order if x in used))


@given(monomials())
def test_rewriting_keeps_the_normal_form_and_corruption_is_real(made):
    atoms, order, shift = made
    names = {x: Dummy(str(x), integer=True) for x in LETTERS}
    moved = {x: names[x] - shift for x in LETTERS}
    used = {x for atom in atoms for x in atom.indices}
    rewritten = Mul(*(atom.xreplace(moved) for atom in atoms))
    for x in order:
        if x in used:
            rewritten = Sum(rewritten, (names[x], shift, EXTENTS[x] - 1 + shift))
    original = summed(atoms, LETTERS)
    assert normal_form(original) == normal_form(rewritten)
    corrupted = summed([atoms[0].xreplace({a: b, b: c, c: a}), *atoms[1:]], LETTERS)
    sizes = {n: 2, k: 3}
    tensors = {}
    if normal_form(original) == normal_form(corrupted):
        assert value(original, sizes, tensors) == value(corrupted, sizes, tensors)
    elif all(atom.base not in {other.base for other in atoms[1:]} for atom in atoms[:1]):
        assert value(original, sizes, tensors) != value(corrupted, sizes, tensors)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_pipeline_is_the_convolution_for_all_sizes(name):
    entry = FAMILIES[name]
    for _, family in entry.family.branches:
        for factors in permutations(family.factors):
            other = Family(*factors, inputs=family.inputs, outputs=family.outputs)
            assert is_the_convolution(other, entry.directions)


VERTICAL = Family(A[j, i, u], B[o, j, v])
BROKEN = {
    "the taps of the two factors swapped": Family(A[j, i, v], B[o, j, u]),
    "another width": Family(A[j, i, u], B[o, j, v], sizes={j: k}),
    "a factor forgotten": Family(A[o, i, u, v]),
}


@pytest.fixture(autouse=True)
def _fresh():
    forget()
    yield
    forget()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pipeline_is_found_out(name, monkeypatch):
    assert is_the_convolution(VERTICAL)
    wrong = stages(BROKEN[name])
    monkeypatch.setattr("derive.algebra.pipeline.stages", lambda *_: wrong)
    assert not is_the_convolution(VERTICAL)


def test_a_wrong_bracket_is_found_out(monkeypatch):
    """The middle image must be zero exactly outside: one row more and the identity is refused."""
    monkeypatch.setattr(convolution, "Within", lambda index, extent: Within(index, extent + 1))
    assert not is_the_convolution(VERTICAL)


def test_a_wrong_window_is_found_out(monkeypatch):
    """A later stage that reads one pixel off is another function."""
    single = direct(VERTICAL)
    monkeypatch.setattr("derive.algebra.pipeline.direct", lambda *_: single)
    monkeypatch.setattr(convolution, "_tap", lambda direction, _: direction.tap + 1)
    forget()
    assert not is_the_convolution(VERTICAL)
