"""Ranks with proof from both sides, and kernels as flat lists: against flint and by definition."""

from fractions import Fraction
from itertools import islice, product
from math import prod
from operator import mul
from random import Random

import pytest
from flint import fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from derive.algebra import kernel as kernels
from derive.algebra import skeleton as module
from derive.algebra.kernel import Kernel, places
from derive.algebra.network import Cut
from derive.algebra.skeleton import primes, skeleton
from derive.notation.errors import InputError
from derive.notation.letters import i, o, u, v

FIRST, SECOND = islice(primes(), 2)


def times(left, right):
    columns = list(zip(*right, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in left]


def planted(random, height, width, rank, bound=9):
    """A matrix of integers of at most that rank."""
    left, right = (
        [[random.randint(-bound, bound) for _ in range(across)] for _ in range(down)]
        for down, across in ((height, rank), (rank, width))
    )
    return times(left, right) if rank else [[0] * width for _ in range(height)]


@st.composite
def matrices(draw):
    random = Random(draw(st.integers(0, 2**32)))
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    bound = draw(st.sampled_from([1, 9, 2**70]))
    return planted(random, height, width, draw(st.integers(0, 9)), bound)


@given(matrices())
def test_the_rank_is_that_of_flint_and_the_matrix_is_the_product(matrix):
    found = skeleton(matrix)
    assert found.rank == fmpz_mat(matrix).rank()
    left, right = found.split()
    assert (len(left), len(right)) == (len(matrix), found.rank)
    assert all(len(row) == found.rank for row in left)
    assert all(isinstance(x, int) for row in (*left, *right) for x in row)
    assert (times(left, right) if right else [[0] * len(matrix[0]) for _ in left]) == matrix


@given(matrices())
def test_minors_up_to_the_rank_are_not_zero(matrix):
    found = skeleton(matrix)
    for size in range(1, found.rank + 1):
        rows, columns = found.minor(size)
        assert len(set(rows)) == len(set(columns)) == size
        assert fmpz_mat([[matrix[y][x] for x in columns] for y in rows]).det() != 0


@given(matrices(), st.sampled_from([0, 1, 10**9]))
def test_the_lattice_and_the_columns_prove_the_same(matrix, flat):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FLAT", flat)
        assert skeleton(matrix).rank == fmpz_mat(matrix).rank()


def test_beyond_the_effort_the_factors_are_columns_and_fractions(monkeypatch):
    monkeypatch.setattr(module, "INTEGER_EFFORT", 0)
    matrix = [[2, 3, 4], [4, 6, 8], [0, 0, 0]]
    left, right = skeleton(matrix).split()
    assert left == [[2], [4], [0]]
    assert right == [[1, Fraction(3, 2), 2]]


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        ([[FIRST, 0], [0, 1]], 2),
        ([[FIRST, 0], [0, FIRST]], 2),
        ([[FIRST * SECOND]], 1),
        ([[FIRST, 0, 0], [0, SECOND, 0], [0, 0, 0]], 2),
        ([[1, 1, 0], [1, 1 + FIRST, 0], [0, 0, 0]], 2),
        ([[FIRST, FIRST], [FIRST, FIRST]], 1),
        ([[1] * 10, [1] * 9 + [1 + FIRST], [1] * 10], 2),
    ],
)
@pytest.mark.parametrize("flat", [0, 5, 10**9])
def test_a_prime_that_divides_the_minors_misleads_nobody(matrix, rank, flat, monkeypatch):
    monkeypatch.setattr(module, "FLAT", flat)
    found = skeleton(matrix)
    assert found.rank == rank
    left, right = found.split()
    assert times(left, right) == matrix
    rows, columns = found.minor(rank)
    assert fmpz_mat([[matrix[y][x] for x in columns] for y in rows]).det() != 0


def test_one_entry_more_raises_a_planted_rank():
    matrix = planted(Random(4), 30, 40, 7)
    assert skeleton(matrix).rank == 7
    matrix[29][39] += 1
    assert skeleton(matrix).rank == 8


def test_short_factors_of_a_planted_product_are_found_again():
    _, right = skeleton(planted(Random(5), 60, 50, 6)).split()
    assert max(abs(x) for row in right for x in row) < 100


LETTERS = (o, i, u, v)


@st.composite
def filled(draw):
    extents = tuple(draw(st.integers(1, 3)) for _ in LETTERS)
    size = prod(extents)
    entries = st.fractions(-3, 3, max_denominator=6)
    return Kernel(LETTERS, extents, draw(st.lists(entries, min_size=size, max_size=size)))


@given(filled(), st.permutations(LETTERS))
def test_every_way_to_an_entry_leads_to_the_same(kernel, order):
    entries = {}
    for at, number in zip(product(*map(range, kernel.extents)), kernel.flat, strict=True):
        entries[at] = number
        assert kernel.entries[at] == kernel.flat[kernel.place(at)] == number
        assert kernel.index(kernel.place(at)) == at
        row = kernel.nested
        for x in at:
            row = row[x]
        assert row == number
    assert Kernel(LETTERS, kernel.extents, entries) == kernel == Kernel.of(kernel.nested)
    turned = kernel.view(order)
    for at, number in turned.entries.items():
        value = dict(zip(order, at, strict=True))
        assert number == entries[tuple(value[x] for x in LETTERS)]


@given(filled(), st.permutations(LETTERS), st.integers(1, 3), st.integers(0, 2))
def test_a_matrix_holds_letters_at_their_values(kernel, order, cut, hold):
    rows, columns = order[:cut], order[cut:]
    rows, kept = rows[: len(rows) - hold], rows[len(rows) - hold :]
    for at in kernel.over(kept):
        held = dict(zip(kept, at, strict=True))
        matrix = kernel.matrix(rows, columns, held)
        for row, line in zip(kernel.over(rows), matrix, strict=True):
            for column, entry in zip(kernel.over(columns), line, strict=True):
                pairs = (*zip(rows, row, strict=True), *zip(columns, column, strict=True))
                value = held | dict(pairs)
                assert entry == kernel.entries[tuple(value[x] for x in LETTERS)]


def test_a_letter_left_open_is_an_error():
    kernel = Kernel.of([[[[1, 2]]], [[[3, 4]]]])
    with pytest.raises(KeyError):
        kernel.matrix((v,), (u,))
    assert kernel.matrix((v,), (u,), {o: 1}) == [[3], [4]]


@given(filled())
def test_scaled_entries_are_integers_over_the_least_denominator(kernel):
    integers, below = kernel.scaled
    assert all(isinstance(x, int) for x in integers.flat)
    assert [Fraction(x, below) for x in integers.flat] == list(kernel.flat)
    assert below == 1 or any(x % 2 or below % 2 for x in integers.flat)
    assert integers.scaled == (integers, 1)


def test_denominators_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(kernels, "LARGEST_SCALED", 40)
    wild = Kernel((u, v), (1, 3), [Fraction(1, 101), Fraction(1, 103), Fraction(1, 10007)])
    with pytest.raises(InputError, match="common denominator of 27 bits"):
        _ = wild.scaled


@pytest.mark.parametrize(
    ("nested", "words"),
    [
        ([[1, 2], [3]], "lists of equal length"),
        ([[1], 2], "lists nested 2 deep, not 1"),
        ([[1.5]], r"needs integers and Fractions .* not 1\.5"),
        ([["1"]], "needs integers and Fractions .* not '1'"),
        (5, "lists nested 2 deep, not 0"),
        ([], "lists of equal length at every level, not empty"),
        ([[], []], "lists of equal length at every level, not empty"),
    ],
)
def test_ragged_lists_and_other_numbers_are_no_kernel(nested, words):
    with pytest.raises(InputError, match=words):
        Kernel.of(nested, (u, v))


def test_too_few_entries_are_refused():
    with pytest.raises(InputError, match="2 × 2 needs 4 entries, has 3"):
        Kernel((u, v), (2, 2), [1, 2, 3])


def test_a_skeleton_is_worked_out_once():
    kernel = Kernel.of([[1, 2], [3, 4]], (u, v))
    cut = Cut((), (u,), (v,), ())
    assert kernel.skeleton(cut, ()) is kernel.skeleton(cut, ())


def test_places_of_letters_that_are_not_held_repeat():
    assert places((o, v), {v: 1}, {o: 2, v: 2}) == [0, 1, 0, 1]
