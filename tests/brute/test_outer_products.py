"""Factors that share no letter are an outer product: their counts, conditions and factors."""

from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import IndexedBase

from derive.algebra.exactness import Exactness
from derive.algebra.factorize import contracted, factorize
from derive.algebra.kernel import Kernel
from derive.algebra.pipeline import is_the_convolution
from derive.notation.family import Family
from derive.notation.letters import DIRECTIONS, i, m, o, u, v
from derive.parse.line import read_line
from tests.brute.test_counts import check
from tests.brute.test_pipeline import check_pipeline
from tests.decide.criteria import rank
from tests.oracle import Design
from tests.ranks import jacobian_rank
from tests.strategies import layers_of, seeds, widths
from tests.symbolic.test_dimension import check_dimension, POINTS

# line: the criterion in words, and the matrices (rows, columns, largest rank) that decide
LINES = {
    "A[i,u] B[o,v]": (
        "the kernel is an outer product over (i, u) and (o, v)",
        [("ov", "iu", 1)],
    ),
    "B[o,v] A[i,u]": (
        "the kernel is an outer product over (o, v) and (i, u)",
        [("ov", "iu", 1)],
    ),
    "P[o] A[i,u] B[v]": (
        "the kernel is an outer product over o, (i, u) and v",
        [("o", "iuv", 1), ("iu", "ov", 1), ("v", "oiu", 1)],
    ),
    "D[u,v] P[o,i]": (
        "the kernel is an outer product over (u, v) and (o, i)",
        [("oi", "uv", 1)],
    ),
    "A[i] B[o] C[u] D[v]": (
        "the kernel is an outer product over i, o, u and v",
        [("o", "iuv", 1), ("i", "ouv", 1), ("u", "oiv", 1), ("v", "oiu", 1)],
    ),
    "A[j,i] B[o,j] D[u,v]": (
        "the o × (i, u, v) matrix of the kernel has rank at most m and"
        " the (u, v) × (o, i) matrix of the kernel has rank at most 1",
        [("o", "iuv", 2), ("uv", "oi", 1)],
    ),
    "a[u] b[v]": ("the kernel is an outer product over u and v", [("u", "v", 1)]),
    "A[j,u] B[j,v]": ("the v × u matrix of the kernel has rank at most m", [("u", "v", 2)]),
}
SIDES = {o: 3, i: 2, u: 2, v: 3}


def design(text):
    return Design(text, (u, v), read_line(text))


@pytest.mark.parametrize("text", LINES)
def test_the_pipeline_is_proved_for_all_sizes(text):
    line = read_line(text)
    assert is_the_convolution(line, tuple(DIRECTIONS[tap] for tap in line.axes))


def layers(asked, transposed=False):
    """Random layers; of one channel for a line without channel letters."""
    found = layers_of(asked, transposed)
    if asked.line.inputs:
        return found
    return found.map(lambda layer: replace(layer, channels_in=1, channels_out=1, groups=1))


@pytest.mark.parametrize("text", LINES)
@given(data=st.data(), bonds=widths(), seed=seeds)
@settings(max_examples=12)
def test_pipeline_and_counts_are_those_of_literal_loops(text, data, bonds, seed):
    asked = design(text)
    layer = data.draw(layers(asked))
    check_pipeline(asked, layer, bonds, seed)
    check(asked, layer, bonds, seed)


@pytest.mark.parametrize("text", LINES)
@given(data=st.data(), bonds=widths(), seed=seeds)
@settings(max_examples=6)
def test_transposed_counts_are_those_of_literal_loops(text, data, bonds, seed):
    asked = design(text)
    check(asked, data.draw(layers(asked, transposed=True)), bonds, seed)


@pytest.mark.parametrize("text", LINES)
def test_the_criterion_in_words(text):
    exactness = Exactness(read_line(text))
    assert exactness.words == LINES[text][0]
    assert exactness.decided
    assert not exactness.universal


@pytest.mark.parametrize("text", LINES)
def test_degrees_of_freedom_are_the_rank_of_the_jacobian(text):
    line = read_line(text)
    for values in POINTS.values():
        check_dimension(line, values)
    assert jacobian_rank(line, POINTS["wide"]) > 0


def matrix(kernel, rows, columns):
    names = [x.name for x in kernel.letters]
    sizes = dict(zip(names, kernel.extents, strict=True))

    def box(word):
        return product(*(range(sizes[x]) for x in word))

    def entry(row, column):
        value = dict(zip(rows + columns, row + column, strict=True))
        return kernel.entries[tuple(value[x] for x in names)]

    return [[entry(row, column) for column in box(columns)] for row in box(rows)]


def meets(kernel, text):
    """Whether every matrix has a rank that the condition allows, by elimination with fractions."""
    return all(rank(matrix(kernel, *sides)) <= most for *sides, most in LINES[text][1])


def kernels(text):
    """Kernels with one or two ones, and the one of ones: the condition is met and is missed."""
    letters = read_line(text).kernel
    extents = [SIDES[x] for x in letters]
    places = list(product(*map(range, extents)))
    for ones in map(set, combinations_with_replacement(places[::2] + places[-1:], 2)):
        yield Kernel.by(lambda *at, ones=ones: int(at in ones), **named(letters, extents))
    yield Kernel.by(lambda *_: 1, **named(letters, extents))


def named(letters, extents):
    return {x.name: extent for x, extent in zip(letters, extents, strict=True)}


@pytest.mark.parametrize("text", LINES)
def test_factors_are_found_exactly_where_the_condition_is_met(text):
    line, verdicts = read_line(text), set()
    for kernel in kernels(text):
        factors = factorize(line, kernel, {m: 2})
        verdicts.add(met := meets(kernel, text))
        assert (factors is not None) == met, kernel
        if factors is not None:
            assert contracted(factors, kernel.letters) == kernel
    assert verdicts == ({True} if "j" in text and "i" not in text else {True, False})


def test_derive_family_takes_them_too():
    A, B = map(IndexedBase, "AB")
    assert Family(A[i, u], B[o, v]).einsum == "iu,ov->oiuv"
    one_channel = Family(A[u], B[v])
    assert (one_channel.inputs, one_channel.outputs) == ((), ())
    assert one_channel.einsum == "u,v->uv"
    assert set(one_channel.channels.values()) == {1}
