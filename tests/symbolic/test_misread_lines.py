"""Lines that a classifier could misread: what is said of each, against kernels worked out by loops.

Every test here has a planted fault in tests/mutation that it must see.
"""

from itertools import product

import pytest
from sympy import IndexedBase, Integer

from derive.algebra.exactness import Exactness
from derive.notation.axis import Axis
from derive.notation.errors import InputError
from derive.notation.family import Branches, Family
from derive.notation.layer import Layer
from derive.notation.letters import (
    C_in,
    C_out,
    i,
    j,
    k_h,
    k_w,
    l,
    letter,
    m,
    o,
    R,
    SIZE,
    size,
    u,
    v,
)
from derive.parse.line import read_line
from tests.brute.test_counts import check
from tests.brute.test_pipeline import check_built, check_pipeline
from tests.oracle import Design, Run
from tests.ranks import ambient, cut_rank, extents, jacobian_rank, kernel_word
from tests.symbolic.test_exactness import exactness_at, random_kernel

A, B, C, W = map(IndexedBase, "ABCW")
SIZES = {C_in: 2, C_out: 3, k_h: 3, k_w: 3, m: 2, R: 2}


def ranks_of(line, rows, columns, values=SIZES, kept=""):
    """The largest exact rank of a matrix of random kernels of the line."""
    kernels = [random_kernel(line, values, seed) for seed in range(4)]
    free, sizes = kernel_word(line), extents(line, values)
    return max(max(cut_rank(k, free, sizes, rows, columns, kept)) for k in kernels)


# A factor apart


def test_a_pair_and_a_factor_apart_are_no_sum_of_outer_products():
    """A[j,i] B[o,j] D[u,v]: channels of rank m times one filter, which two matrices decide."""
    exactness = Exactness(read_line("A[j,i] B[o,j] D[u,v]"))
    assert exactness.network.star is None
    assert "outer products" not in exactness.words
    assert exactness.decided
    bounds = [(cut.rows, cut.columns, cut.bonds) for cut in exactness.cuts]
    assert bounds == [((o,), (i, u, v), (j,)), ((u, v), (o, i), ())]
    line = exactness.line
    assert ranks_of(line, "o", "iuv") == 2
    assert ranks_of(line, "uv", "oi") == 1
    assert ranks_of(read_line("A[r,i] B[o,r] D[r,u,v]"), "uv", "oi") == 2  # CP is not of this form


def test_three_factors_on_a_bond_and_one_apart_have_no_criterion():
    exactness = Exactness(read_line("A[r,i] B[o,r] C[r,u] D[v]"))
    assert exactness.network.star is None
    assert not exactness.decided
    assert "no criterion known" in exactness.words
    assert ranks_of(exactness.line, "v", "oiu") == 1
    assert ranks_of(read_line("A[r,i] B[o,r] C[r,u] D[r,v]"), "v", "oiu") == 2


# Sums


SUMS = {  # a sum, and whether its branches together are every kernel
    "A[o,i,u] + B[o,i,v]": False,
    "A[o,i] + B[o,i,v]": False,
    "A[o,i,u,v] + B[o,i,v]": True,
    "A[o,i,u] + B[o,i,u,v]": True,
    "2 × (A[o,i,u]) + B[o,i,v]": False,
}


@pytest.mark.parametrize(("text", "every"), SUMS.items())
def test_a_sum_is_every_kernel_if_and_only_if_it_fills_every_entry(text, every):
    line = read_line(text)
    assert (Exactness(line).words == "every kernel") == every
    assert exactness_at(line, SIZES).every_kernel == every
    layer = Layer(2, 3, (Axis(3, 3, before=1, after=1),) * 2)
    runs = [Run(line, layer, {}, seed).kernel for seed in range(4)]
    entries = {index for kernel in runs for index, x in kernel.items() if x}
    places = 3 * 2 * 3 * 3
    assert (len(entries) == places) == every  # a cross of taps has no corners
    assert (jacobian_rank(line, SIZES) == places) == every


def test_branches_agree_in_axes_and_channels():
    other = size("C_other")
    one = Family(W[o, i, u, v])
    for two in (
        Family(A[o, i], sizes={i: 7}),
        Family(A[o, i], sizes={o: other}),
        Family(A[o, i], sizes={o: 2}),
        Family(A[o, i, v], axes=(v,)),
    ):
        with pytest.raises(InputError, match="differ in axes or channels"):
            one + two
        with pytest.raises(InputError, match="differ in axes or channels"):
            Branches(((Integer(1), one), (Integer(1), two)))
    assert len((one + Family(A[o, i])).branches) == 2


@pytest.mark.parametrize("times", [0, -1, Integer(0)])
def test_a_family_is_taken_once_or_more(times):
    one = Family(W[o, i, u, v])
    message = "a family is taken a positive integer number of times"
    with pytest.raises(InputError, match=message):
        times * one
    with pytest.raises(InputError, match=message):
        Branches(((times, one),))
    with pytest.raises(InputError, match="at least one branch"):
        Branches(())


# Letters left out


def test_without_keeps_the_sizes_of_the_letters_that_stay():
    e, f = letter("e"), letter("f")
    line = Family(A[e, f, i, u], B[o, e, f, v], sizes={e: 4, f: size("N_f"), o: 5})
    thin = line.without([f])
    assert thin.einsum == "eiu,oev->oiuv"
    assert {x: thin.sizes[x] for x in (e, o, i)} == {e: 4, o: 5, i: SIZE[i]}
    assert thin.axes == line.axes
    values = {C_in: 2, C_out: 5, k_h: 3, k_w: 3, size("N_f"): 1}
    assert exactness_at(thin, values).brief == "rank (o, v) × (i, u) ≤ 4 of 6"
    assert ranks_of(thin, "ov", "iu", values) == ranks_of(line, "ov", "iu", values) == 4


def test_without_is_the_family_at_size_one():
    line = Family(A[i, l, u, v], B[o, i, l], C[l])
    thin = line.without([l])
    assert str(thin) == "A[i, u, v] B[o, i]"
    at_one = {C_in: 2, C_out: 3, k_h: 2, k_w: 2, SIZE[l]: 1}
    assert jacobian_rank(thin, at_one) == jacobian_rank(line, at_one)
    assert Family(A[u], B[v], axes=(u, v)).without([u]).axes == (u, v)


# No tap


def test_a_pair_without_taps_reads_the_middle_once():
    line = read_line("A[j,i] B[o,j]")
    full_width, narrow = (exactness_at(line, {**SIZES, m: width}) for width in (2, 1))
    assert full_width.words == "the kernel is zero except at the middle tap"
    assert narrow.words == f"{full_width.words}; the kernel is an outer product over i and o"
    assert not full_width.every_kernel
    assert exactness_at(line, {**SIZES, k_h: 1, k_w: 1}).words == "every kernel"
    tapless = Design("pair", (u, v), line)
    for layer in (
        Layer(2, 3, (Axis(5, 3, 2, 1, 1, 2), Axis(4, 5, 1, 2, 4, 4))),
        Layer(2, 3, (Axis(5, 3, 1, 1, 3, 1), Axis(2, 1))),  # some middle taps see no pixel
    ):
        check_pipeline(tapless, layer, {m: 2})
        check_built(tapless, layer)
        check(tapless, layer, {m: 2})
        full = _over_all_taps(tapless, layer)
        middle = tuple((int(axis.kernel) - 1) // 2 for axis in layer.axes)
        assert {at[2:] for at, entry in full.items() if entry} == {middle}


def _over_all_taps(design, layer):
    return Run(design.line, layer, {m: 2}).kernel


def test_one_tap_left_out_is_read_at_its_middle_and_the_other_is_not():
    line = read_line("A[j,i,u] B[o,j]")
    exactness = exactness_at(line, {**SIZES, m: 1})
    assert exactness.zeros == ("zero except at the middle horizontal tap",)
    layer = Layer(2, 3, (Axis(5, 3, 2, 1, 1, 2), Axis(4, 3, 1, 2, 1, 1)))
    design = Design("column", (u, v), line)
    check_pipeline(design, layer, {m: 2})
    full = _over_all_taps(design, layer)
    assert {at[2:] for at, entry in full.items() if entry} == set(product(range(3), [1]))
    assert ambient(line, SIZES) == 3 * 2 * 3
