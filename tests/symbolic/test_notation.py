"""What can be written and what cannot: every complaint, forms on other axes, states and waste."""

import re

import pytest
from sympy import Expr, IndexedBase, Symbol, symbols

from derive.catalogue import FAMILIES
from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError
from derive.notation.family import Branches, Family
from derive.notation.formula import Formula
from derive.notation.layer import Layer
from derive.notation.letters import (
    C_a,
    C_b,
    C_in,
    C_out,
    G,
    H,
    HEIGHT,
    i,
    j,
    l,
    M,
    n,
    nu,
    o,
    r,
    SIZE,
    t,
    u,
    v,
    WIDTH,
)
from derive.parse.layer import read_layer
from tests.oracle import word

A, B, C, W = map(IndexedBase, "ABCW")
e, z = Symbol("e", integer=True), Symbol("w", integer=True)

BAD_FAMILIES = {
    "nothing": ([], {}, "a family needs at least one factor"),
    "no tensor": ([Symbol("x")], {}, "factor 1 is x, not an indexed tensor such as A[j, i, u]"),
    "sum as index": ([W[o, i + 1, u]], {}, "index i + 1 of W[o, i + 1, u] is not a letter"),
    "number as index": ([W[o, i, 0]], {}, "index 0 of W[o, i, 0] is not a letter"),
    "unknown letter": (
        [W[o, i, z]],
        {},
        "unknown letter w in W[o, i, w]: say what it runs over",
    ),
    "pixel as letter": (
        [A[HEIGHT.pixel, i, u], B[o, HEIGHT.pixel, v]],
        {"sizes": {HEIGHT.pixel: 2}},
        "letter y of A[y, i, u] is a pixel of the image: take another",
    ),
    "factor named as the image": (
        [IndexedBase("X")[o, i]],
        {},
        "factor X[o, i]: X, Y and Z are the image and what is made of it",
    ),
    "letter by name only": (
        [A[Symbol("j"), i, u], B[o, j, v]],
        {},
        "letter j of A[j, i, u] is not the one of derive.notation.letters",
    ),
    "size no integer": (
        [A[e, i, u], B[o, e, v]],
        {"sizes": {e: 1.5}},
        "letter e must run over a positive integer, not 1.5",
    ),
    "size zero": (
        [A[e, i, u], B[o, e, v]],
        {"sizes": {e: 0}},
        "letter e must run over a positive integer, not 0",
    ),
    "size as text": (
        [A[e, i, u], B[o, e, v]],
        {"sizes": {e: "4"}},
        "letter e must run over a positive integer, not '4'",
    ),
    "size of a tap": (
        [W[o, i, u, v]],
        {"sizes": {u: 5}},
        "tap u runs over k_h, the kernel: its size cannot be changed",
    ),
    "role as a list": ([W[o, i]], {"inputs": [i]}, "inputs must be a tuple of letters, not [i]"),
    "role as a letter": ([W[o, i]], {"outputs": o}, "outputs must be a tuple of letters, not o"),
    "channel twice": ([W[o, i]], {"inputs": (i, i)}, "inputs must name each channel letter once"),
    "no channel": ([W[o, i]], {"outputs": ()}, "outputs must name each channel letter once"),
    "taps out of order": ([W[o, i, u, v]], {"taps": (v, u)}, "taps must be in the order t, u, v"),
    "tap off the axes": ([W[o, i, u]], {"axes": (v,)}, "tap u belongs to none of the axes (v,)"),
    "twice in a factor": ([W[o, i, i, u]], {}, "letter i stands twice in W[o, i, i, u]"),
    "same name": ([A[j, i, u], A[o, j, v]], {}, "two factors are called A: each has weights"),
    "tap twice": (
        [A[j, i, u, v], B[o, j, v]],
        {},
        "tap v must sit in exactly one factor, found 2: A[j, i, u, v], B[o, j, v]",
    ),
    "tap in no factor": (
        [W[o, i, u]],
        {"taps": (u, v)},
        "tap v must sit in exactly one factor, found none",
    ),
    "tap that is no axis": ([W[o, i, r]], {"taps": (r,)}, "tap r is none of tuv"),
    "tap as channel": ([W[o, u]], {"inputs": (u,)}, "letter u is a tap and cannot be a channel"),
    "tap left out": (
        [W[o, i, u, v]],
        {"taps": (u,)},
        "letter v of W[o, i, u, v] is a spatial tap, missing from taps=(u,)",
    ),
    "no output": ([W[i, u, v]], {}, "output letter o is in no factor of W[i, u, v]"),
    "no input": ([W[o, u, v]], {}, "input letter i is in no factor of W[o, u, v]"),
}


@pytest.mark.parametrize(("factors", "given", "message"), BAD_FAMILIES.values(), ids=BAD_FAMILIES)
def test_lines_that_are_no_convolution(factors, given, message):
    with pytest.raises(InputError, match=re.escape(message)) as error:
        Family(*factors, **given)
    assert "\n" not in str(error.value)


def test_a_letter_of_the_readers_own_needs_a_size():
    line = Family(A[e, i, u], B[o, e, v], sizes={e: Symbol("Z", integer=True, positive=True)})
    assert line.einsum == "eiu,oev->oiuv"
    assert str(line.extent(line.summed)) == "Z"


def test_branches_share_their_inputs_and_outputs():
    one, two = Family(A[o, i, u]), Family(B[i, u], outputs=(i,))
    message = "branches A[o, i, u] and B[i, u] differ in input or output letters"
    with pytest.raises(InputError, match=re.escape(message)):
        Branches((*one.branches, *two.branches))
    with pytest.raises(InputError, match="differ in input or output letters"):
        one + two


GEOMETRY = {
    "size": ({"size": 0}, "size must be at least 1, not 0"),
    "kernel": ({"kernel": 0}, "kernel must be at least 1, not 0"),
    "stride": ({"stride": 0}, "stride must be at least 1, not 0"),
    "dilation": ({"dilation": -2}, "dilation must be at least 1, not -2"),
    "before": ({"before": -1}, "before must be at least 0, not -1"),
    "after": ({"after": -1}, "after must be at least 0, not -1"),
    "fraction": ({"kernel": 2.5}, "kernel must be an integer, not 2.5"),
    "truth": ({"stride": True}, "stride must be an integer, not True"),
    "word": ({"before": "same"}, "before must be an integer, not 'same'"),
    "symbol": ({"size": -n}, "size must be at least 1, not -n"),
}


@pytest.mark.parametrize("kind", [Axis, Transposed])
@pytest.mark.parametrize(("given", "message"), GEOMETRY.values(), ids=GEOMETRY)
def test_impossible_axes(kind, given, message):
    with pytest.raises(InputError, match=re.escape(message)):
        kind(**{"size": 4, "kernel": 3, **given})


def test_axes_of_symbols_are_welcome():
    assert isinstance(Axis(H, n).output, Expr)


SQUARE = (Axis(5, 3), Axis(5, 3))
LAYERS = {
    "no input": ((0, 8, SQUARE), "channels in must be an integer of at least 1, not 0"),
    "no output": ((3, 0, SQUARE), "channels out must be an integer of at least 1, not 0"),
    "half a channel": ((3, 1.5, SQUARE), "channels out must be an integer of at least 1, not 1.5"),
    "no group": ((3, 8, SQUARE, 0), "groups must be an integer of at least 1, not 0"),
    "no bytes": ((3, 8, SQUARE, 1, False, 0), "bytes per number must be an integer of at least 1"),
    "no axis": ((3, 8, ()), "a layer has one to three axes, not 0"),
    "four axes": ((3, 8, SQUARE * 2), "a layer has one to three axes, not 4"),
    "input groups": ((3, 8, SQUARE, 2), "groups 2 must divide the 3 input channels"),
    "output groups": ((4, 9, SQUARE, 2), "groups 2 must divide the 9 output channels"),
    "window": (
        (3, 8, (Axis(5, 3), Axis(5, 4, dilation=3, before=1, after=1))),
        "kernel 4 with dilation 3 spans 10 pixels, more than the padded width of 7",
    ),
    "window in height": ((1, 1, (Axis(1, 2), Axis(5, 3))), "more than the padded height of 1"),
    "window in depth": ((1, 1, (Axis(1, 2), *SQUARE)), "more than the padded depth of 1"),
}


@pytest.mark.parametrize(("given", "message"), LAYERS.values(), ids=LAYERS)
def test_impossible_layers(given, message):
    with pytest.raises(InputError, match=re.escape(message)):
        Layer(*given)


WORDS = {
    "four sides": ({"image": "4x4x4x4"}, "image 4x4x4x4 has 4 sides: at most depth"),
    "other axes": ({"image": "4x4", "axes": 3}, "image 4x4 has 2 sides, but the layer has 3 axes"),
    "word": ({"image": "axb"}, "image must be an integer, not 'a'"),
    "zero": ({"image": "0x4"}, "image must be at least 1, not 0"),
    "huge": ({"image": "10000000000x4"}, "image must be at most 1,000,000,000, not 10000000000"),
    "endless": ({"image": "1" * 500 + "x4"}, "image must be at most 1,000,000,000, not 111"),
    "kernel": (
        {"kernel": "3x3x3"},
        "kernel 3x3x3 has 3 numbers, the layer has 2 axes: give one or 2",
    ),
    "stride": ({"stride": "0"}, "stride must be at least 1, not 0"),
    "dilation": ({"dilation": "1.5"}, "dilation must be an integer, not '1.5'"),
    "other digits": ({"kernel": "³"}, "kernel must be an integer, not '³'"),
    "padding": ({"padding": "full"}, "not 'full': write same, valid, 1, 1x2 or 0:1x2:3"),
    "negative padding": ({"padding": "-1"}, "padding must be at least 0, not -1"),
    "padding axes": ({"padding": "1x1x1"}, "padding 1x1x1 is for 3 axes, the layer has 2"),
    "padding ends": ({"padding": "1:2:3"}, "padding 1:2:3: write before:after for an axis"),
    "output padding": ({"output_padding": "1"}, "output padding needs a transposed convolution"),
    "output padding of the stride": (
        {"transposed": True, "stride": "2", "output_padding": "2"},
        "output padding must be smaller than the stride 2, not 2",
    ),
    "groups": ({"groups": 2}, "groups 2 must divide the 3 input channels"),
    "window": ({"image": "2x2", "padding": "valid"}, "more than the padded height of 2"),
}


@pytest.mark.parametrize(("given", "message"), WORDS.values(), ids=WORDS)
def test_words_that_describe_no_layer(given, message):
    with pytest.raises(InputError, match=re.escape(message)) as error:
        read_layer(**given)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


READ = {
    "seed": ({}, (Axis(128, 3, before=1, after=1),) * 2),
    "square": ({"image": "128"}, (Axis(128, 3, before=1, after=1),) * 2),
    "signs": ({"image": "9×8", "padding": "VALID"}, (Axis(9, 3), Axis(8, 3))),
    "even": ({"kernel": "3x4"}, (Axis(128, 3, 1, 1, 1, 1), Axis(128, 4, 1, 1, 1, 2))),
    "valid": ({"image": "9x8", "padding": "valid"}, (Axis(9, 3), Axis(8, 3))),
    "ends": (
        {"image": "9x8", "padding": "0:1x2"},
        (Axis(9, 3, 1, 1, 0, 1), Axis(8, 3, 1, 1, 2, 2)),
    ),
    "dilated": ({"image": "9", "axes": 1, "dilation": "2"}, (Axis(9, 3, 1, 2, 2, 2),)),
    "video": ({"image": "4x5x6", "stride": "1x2x2", "padding": "1"}, None),
    "transposed": (
        {"image": "4x4", "transposed": True, "stride": "2", "output_padding": "1"},
        (Transposed(4, 3, 2, 1, 1, 1, 1),) * 2,
    ),
}


@pytest.mark.parametrize(("given", "axes"), READ.values(), ids=READ)
def test_words_that_describe_a_layer(given, axes):
    layer = read_layer(**given)
    video = tuple(Axis(size, 3, s, 1, 1, 1) for size, s in ((4, 1), (5, 2), (6, 2)))
    assert layer.axes == (axes or video)
    assert (layer.values[C_in], layer.values[C_out]) == (3, 8)


def test_a_layer_gives_every_symbol_its_number():
    layer = Layer(4, 6, (Axis(9, 3, 2, 3, 4, 5), Axis(8, 2)), groups=2, bytes_per_number=2)
    values = layer.values
    assert [values[x] for x in (C_in, C_out, G, C_a, C_b, nu)] == [4, 6, 2, 2, 3, 2]
    assert [values[x] for x in HEIGHT.symbols()[3:10]] == [9, 6, 3, 2, 3, 4, 5]
    assert [values[x] for x in WIDTH.symbols()[3:10]] == [8, 7, 2, 1, 1, 0, 0]


def test_channels_of_a_family_are_those_of_the_layer(entry):
    """Unless an input channel is an output channel too: then there are as many, or M times."""
    values = Layer(4, 6, (Axis(9, 3),) * len(entry.directions), groups=2).values | {M: 3}
    channels = {name: expr.xreplace(values) for name, expr in entry.family.channels.items()}
    copies = 3 if l in entry.family.outputs else 1
    assert channels == {C_in: 4, C_out: 4 * copies if i in entry.family.outputs else 6}


# the kernel as einsum on one, two and three axes; None where the design has no form there
FORMS = {
    "standard": ("oiv->oiv", "oiuv->oiuv", "oituv->oituv"),
    "depthwise": ("ilv->ilv", "iluv->iluv", "iltuv->iltuv"),
    "grouped": ("gbav->gbav", "gbauv->gbauv", "gbatuv->gbatuv"),
    "pointwise": ("oi->oi", "oi->oi", "oi->oi"),
    "depthwise-separable": ("ilv,oil->oiv", "iluv,oil->oiuv", "iltuv,oil->oituv"),
    "blueprint-separable": ("oi,ov->oiv", "oi,ouv->oiuv", "oi,otuv->oituv"),
    "asymmetric": (None, "jiu,ojv->oiuv", None),
    "asymmetric-horizontal-first": (None, "jiv,oju->oiuv", None),
    "grouped-asymmetric": (None, "gcau,gbcv->gbauv", None),
    "depthwise-asymmetric": ("iv->iv", "iu,iv->iuv", "it,iu,iv->ituv"),
    "depthwise-asymmetric-separable": ("iv,oi->oiv", "iu,iv,oi->oiuv", "it,iu,iv,oi->oituv"),
    "flattened": ("oi,ov->oiv", "oi,ou,ov->oiuv", "oi,ot,ou,ov->oituv"),
    "cp": ("ri,rv,or->oiv", "ri,ru,rv,or->oiuv", "ri,rt,ru,rv,or->oituv"),
    "cp-joint": ("ri,rv,or->oiv", "ri,ruv,or->oiuv", "ri,rtuv,or->oituv"),
    "tucker-2": ("qi,pqv,op->oiv", "qi,pquv,op->oiuv", "qi,pqtuv,op->oituv"),
    "tensor-train": (None, "qi,rqu,prv,op->oiuv", None),
    "r2plus1d": (None, None, "jiuv,ojt->oituv"),
    "network-decoupling": ("iv,oi->oiv", "iuv,oi->oiuv", "ituv,oi->oituv"),
    "acnet-block": (None, "oiuv->oiuv + oiu->oiu + oiv->oiv", None),
}


def einsums(line):
    return line and " + ".join(family.einsum for _, family in line.branches)


def check_forms(name):
    line = FAMILIES[name].family
    assert tuple(einsums(line.on(axes)) for axes in ((v,), (u, v), (t, u, v))) == FORMS[name]


@pytest.mark.parametrize("name", FORMS)
def test_forms_on_one_two_and_three_axes(name):
    check_forms(name)


def test_a_form_keeps_inputs_outputs_and_multiplicity(design):
    native = FAMILIES[design.name].family
    assert (design.line.inputs, design.line.outputs) == (native.inputs, native.outputs)
    assert [times for times, _ in design.line.branches] == [times for times, _ in native.branches]


STATES = {
    "standard": "i o",
    "depthwise": "i il",
    "grouped": "ga gb",
    "asymmetric": "i j o",
    "depthwise-separable": "i il o",
    "flattened": "i o o o",
    "cp": "i r r r o",
    "tensor-train": "i q r p o",
    "grouped-asymmetric": "ga gc gb",
    "depthwise-asymmetric-separable": "i i i o",
}


@pytest.mark.parametrize("name", STATES)
def test_letters_carried_from_stage_to_stage(name):
    states = map(word, FAMILIES[name].family.states)
    assert [set(state) for state in states] == [set(state) for state in STATES[name].split()]


def test_every_summed_letter_is_a_bond_of_the_alphabet(entry):
    for _, family in entry.family.branches:
        assert not set(family.summed) & {*family.kernel}
        assert {*family.summed, *family.kernel} == {*family.letters, *family.outputs, *family.taps}
        assert set(family.letters) <= SIZE.keys()


def test_a_guard_that_fails_is_named():
    p, q = symbols("p q", positive=True, integer=True)
    formula = Formula(p / q, (p >= q,))
    assert formula.at({p: 4, q: 2}) == 2
    with pytest.raises(InputError, match=re.escape("the formula needs p >= q, which fails at")):
        formula.at({p: 1, q: 2})


def test_unknown_families_name_the_nearest():
    with pytest.raises(KeyError, match="unknown family asymetric; did you mean asymmetric"):
        FAMILIES["asymetric"]
    with pytest.raises(InputError, match="unknown family zzz; there are "):
        FAMILIES["zzz"]
    assert "depthwise_separabel" not in FAMILIES
