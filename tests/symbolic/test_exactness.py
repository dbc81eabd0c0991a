"""Exactness conditions read off the letters: expected ones, true ones, and reached ones (T3-T6)."""

from itertools import product
from random import Random

import pytest
from flint import fmpz_mat
from sympy import Integer, prod

from derive import oracle
from derive.algebra.exactness import Exactness
from derive.catalogue import FAMILIES
from derive.notation.letters import C_in, C_out, k_h, k_t, k_w, size
from derive.parse.line import read_line
from tests.oracle import branches_of, factors_of, sizes_of, word
from tests.ranks import ambient, cut_rank, extents, jacobian_rank, kernel_word
from tests.symbolic.test_dimension import POINTS, sizes

ROOMY = sizes(3, 4, 3, 3, 3, 2, 2)  # every bond is smaller than what it joins

# family: cuts as kept:rows|columns:bonds, and what the words must name, in this order
EXPECTED = {
    "standard": ("", ["every kernel"]),
    "acnet-block": ("", ["every kernel"]),
    "depthwise": ("", ["zero between different input channels"]),
    "grouped": ("", ["zero between different groups"]),
    "pointwise": ("", ["zero except at the middle tap"]),
    "asymmetric": (":ov|iu:j", ["(o, v) × (i, u)", "rank at most m"]),
    "asymmetric-horizontal-first": (":ou|iv:j", ["(o, u) × (i, v)", "rank at most m"]),
    "r2plus1d": (":ot|iuv:j", ["(o, t) × (i, u, v)", "rank at most m"]),
    "depthwise-separable": (
        "i:o|uv:l",
        ["for each input channel i", "o × (u, v)", "rank at most M"],
    ),
    "network-decoupling": (
        "i:o|uv:tau",
        ["for each input channel i", "o × (u, v)", "rank at most T"],
    ),
    "blueprint-separable": (
        "o:uv|i:",
        ["for each output channel o", "an outer product over i and (u, v)"],
    ),
    "flattened": (
        "o:i|uv: o:u|iv: o:v|iu:",
        ["for each output channel o", "an outer product over i, u and v"],
    ),
    "depthwise-asymmetric": (
        "i:v|u:",
        ["zero between different input channels", "for each input channel i", "over u and v"],
    ),
    "depthwise-asymmetric-separable": (
        "i:u|ov: i:v|ou: i:o|uv:",
        ["for each input channel i", "an outer product over u, v and o"],
    ),
    "grouped-asymmetric": (
        "g:bv|au:c",
        ["zero between different groups", "for each group g", "(b, v) × (a, u)", "at most C_c"],
    ),
    "tucker-2": (
        ":ouv|i:q :o|iuv:p",
        ["(o, u, v) × i", "rank at most Q", "o × (i, u, v)", "rank at most P"],
    ),
    "tensor-train": (
        ":ouv|i:q :ov|iu:r :o|iuv:p",
        [
            "(o, u, v) × i",
            "most Q",
            "(o, v) × (i, u)",
            "most R",
            "o × (i, u, v)",
            "most P",
        ],
    ),
    "cp": ("", ["a sum of at most R outer products over i, u, v and o"]),
    "cp-joint": ("", ["a sum of at most R outer products over i, (u, v) and o"]),
}


def as_text(cut):
    names = ["".join(map(str, letters)) for letters in (cut.kept, cut.rows, cut.columns, cut.bonds)]
    return "{}:{}|{}:{}".format(*names)


def check_expected(name):
    cuts, phrases = EXPECTED[name]
    exactness = Exactness(FAMILIES[name].family)
    assert " ".join(map(as_text, exactness.cuts)) == cuts
    rest = exactness.words
    for phrase in phrases:
        _, found, rest = rest.partition(phrase)
        assert found, f"{phrase!r} is not in its place in {exactness.words!r}"


@pytest.mark.parametrize("name", EXPECTED)
def test_conditions_read_off_the_letters(name):
    check_expected(name)


def test_conditions_of_a_product_of_sums_are_left_open():
    undecided = {name for name in FAMILIES if not Exactness(FAMILIES[name].family).decided}
    assert undecided >= {"cp", "cp-joint"}
    assert not undecided & (EXPECTED.keys() - {"cp", "cp-joint"})


def exactness_at(line, values):
    return Exactness(line, tuple((symbol, Integer(value)) for symbol, value in values.items()))


def random_kernel(line, values, seed):
    """A kernel of the family, keyed by kernel_word: its weights drawn from -4 to 4."""
    random, extent, free = Random(seed), extents(line, values), kernel_word(line)
    taps = word(line.taps)
    kernels = [
        oracle.contract(factors_of(f, extent, random), "", free.removesuffix(taps), taps, extent)
        for f in branches_of(line, values)
    ]
    return {index: sum(kernel[index] for kernel in kernels) for index in kernels[0]}


def ranks_of_cut(line, values, cut, seed):
    words = (word(cut.rows), word(cut.columns), word(cut.kept))
    kernel = random_kernel(line, values, seed)
    return cut_rank(kernel, kernel_word(line), extents(line, values), *words)


def check_cuts(line, values, seeds=range(3)):
    """Every cut of every kernel is within its bound."""
    exactness = exactness_at(line, values)
    for cut in exactness.cuts:
        bound = exactness.network.extent(cut.bonds)
        for seed in seeds:
            assert max(ranks_of_cut(line, values, cut, seed)) <= bound, (cut, values)


@pytest.mark.parametrize("point", [*POINTS, "roomy"])
def test_cuts_bound_the_ranks_of_random_kernels(entry, point):
    check_cuts(entry.family, (POINTS | {"roomy": ROOMY})[point])


def test_cuts_are_reached(entry):
    """Sharpness: in every slice some kernel has exactly the rank of the bond, less than full."""
    exactness = exactness_at(entry.family, ROOMY)
    assert len(exactness.cuts) == len(Exactness(entry.family).cuts)
    for cut in exactness.cuts:
        net = exactness.network
        bound = net.extent(cut.bonds)
        assert bound < min(net.extent(cut.rows), net.extent(cut.columns))
        found = zip(*(ranks_of_cut(entry.family, ROOMY, cut, s) for s in range(3)), strict=True)
        assert {max(slices) for slices in found} == {bound}


def test_universal_families_have_every_degree_of_freedom_and_decided_others_have_not(entry):
    for values in POINTS.values():
        exactness = exactness_at(entry.family, values)
        full = jacobian_rank(entry.family, values) == ambient(entry.family, values)
        if exactness.universal:
            assert full, values
        elif exactness.decided:
            assert not full, values


def test_both_verdicts_occur():
    verdicts = [
        (exactness.universal, exactness.decided)
        for entry in FAMILIES.values()
        for values in POINTS.values()
        if (exactness := exactness_at(entry.family, values))
    ]
    assert min(map(verdicts.count, [(True, True), (True, False), (False, True)])) > 2


def test_as_many_terms_as_entries_off_the_longest_side_spell_every_kernel():
    """Sharp: one matrix unit per entry; with fewer terms the claim is not made."""
    line = FAMILIES["cp"].family
    claims = [exactness_at(line, sizes(2, 3, 1, 2, 2, 1, rank)).universal for rank in (7, 8, 9)]
    assert claims == [False, True, True]


def test_a_missing_tap_is_zero_off_its_middle():
    pointwise = FAMILIES["pointwise"].family
    values = sizes(2, 3, 1, 3, 3, 1, 1)
    weights = factors_of(pointwise, sizes_of(pointwise, values), Random(0))
    kernel = oracle.contract(weights, "i", "o", "uv", {"i": 2, "o": 3, "u": 3, "v": 3})
    assert {index[2:] for index, value in kernel.items() if value} == {(1, 1)}
    assert exactness_at(pointwise, values).zeros
    assert not exactness_at(pointwise, {**values, k_t: 1, k_h: 1, k_w: 1}).zeros


def test_groups_are_zero_off_the_diagonal_unless_there_is_one():
    grouped = FAMILIES["grouped"].family
    values = sizes(2, 2, 1, 1, 1, 2, 1)
    weights = factors_of(grouped, extents(grouped, values), Random(0))
    kernel = oracle.contract(weights, "ga", "gb", "uv", extents(grouped, values))
    assert {index[0] == index[2] for index, value in kernel.items() if value} == {True}
    assert "zero between different groups" in exactness_at(grouped, values).words
    assert exactness_at(grouped, sizes(2, 2, 1, 1, 1, 1, 1)).words == "every kernel"


# T3 and A1: sizes, entries of K[o,i,u,v] that are 1, needed vertical first, needed horizontal first
ORDERS = (
    ((1, 2, 1, 2), [(0, 0, 0, 1), (0, 1, 0, 0)], 2, 1),
    ((2, 1, 2, 2), [(0, 0, 0, 0), (1, 0, 0, 1)], 1, 2),
    ((3, 3, 3, 3), [(o, i, o, i) for o in range(3) for i in range(3)], 9, 1),
)


@pytest.mark.parametrize(("shape", "ones", "vertical", "horizontal"), ORDERS)
def test_the_two_orders_of_an_asymmetric_pair_need_different_widths(
    shape, ones, vertical, horizontal
):
    extent = dict(zip("oiuv", shape, strict=True))
    kernel = dict.fromkeys(ones, 1)
    whole = {index: kernel.get(index, 0) for index in oracle.contract([], "i", "o", "uv", extent)}
    needed = []
    for name in ("asymmetric", "asymmetric-horizontal-first"):
        (cut,) = Exactness(FAMILIES[name].family).cuts
        needed += cut_rank(whole, "oiuv", extent, word(cut.rows), word(cut.columns), "")
    assert needed == [vertical, horizontal]
    assert prod(shape) == len(whole)


def test_the_order_of_the_two_filters_can_cost_nine():
    """K = [o = u][i = v], 3 × 3 with 3 channels: nine middle channels one way, one the other."""
    kernel = {(a, b, c, d): int(a == c and b == d) for a, b, c, d in product(range(3), repeat=4)}
    ranks = {}
    for name in ("asymmetric", "asymmetric-horizontal-first"):
        (cut,) = Exactness(FAMILIES[name].family).cuts
        places = ["oiuv".index(x.name) for x in (*cut.rows, *cut.columns)]
        flat = [[0] * 9 for _ in range(9)]
        for index, value in kernel.items():
            first, second, third, fourth = (index[place] for place in places)
            flat[3 * first + second][3 * third + fourth] = value
        ranks[name] = fmpz_mat(flat).rank()
    assert ranks == {"asymmetric": 9, "asymmetric-horizontal-first": 1}


# line: its criterion for symbols, and the rank that random kernels of the line have where N_e = 2,
# N_f = 3, N_h = 1 and the sides are larger
ONE_MATRIX = {
    "A[e,i,u] B[f,e] C[o,f,v]": ("rank (o, v) × (i, u) ≤ min(N_e, N_f)", 2),
    "A[e,i,u] B[f,e] C[o,f,v] where e = 4": ("rank (o, v) × (i, u) ≤ min(4, N_f)", 3),
    "A[e,i,u] B[f,e] C[o,f,v] where e = 4, f = 2": ("rank (o, v) × (i, u) ≤ 2", 2),
    "A[f,i,u] B[h,f] C[e,h] D[o,e,v]": ("rank (o, v) × (i, u) ≤ min(N_f, N_h, N_e)", 1),
    "A[e,i,u] B[o,v,f] C[f,e]": ("rank (o, v) × (i, u) ≤ min(N_e, N_f)", 2),
    "A[e,f,i,u] B[o,e,f,v]": ("rank (o, v) × (i, u) ≤ N_e*N_f", 6),
    "A[e,f,i,u] B[e,f,h] C[o,h,v]": ("rank (o, v) × (i, u) ≤ min(N_e*N_f, N_h)", 1),
    "A[o,e,i] B[o,e,f] C[o,f,u,v]": ("per o: rank (u, v) × i ≤ min(N_e, N_f)", 2),
}


@pytest.mark.parametrize("text", ONE_MATRIX)
def test_a_matrix_that_several_cuts_give_is_named_once_with_the_smallest_bound(text):
    line = read_line(text)
    brief, rank = ONE_MATRIX[text]
    assert Exactness(line).brief == brief
    values = {C_in: 3, C_out: 3, k_h: 3, k_w: 3}
    values |= {size("N_e"): 2, size("N_f"): 3, size("N_h"): 1}
    cut = Exactness(line).cuts[0]
    ranks = [ranks_of_cut(line, values, cut, seed) for seed in range(3)]
    assert {max(found) for found in zip(*ranks, strict=True)} == {rank}
