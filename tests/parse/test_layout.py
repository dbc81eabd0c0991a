"""Weights as frameworks store them, against kernels written out by plain loops."""

from itertools import cycle, islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.catalogue import FAMILIES
from derive.cli.factor import factor
from derive.comparison import Choices
from derive.decide.verdict import decide
from derive.families import asymmetric, depthwise, depthwise_asymmetric, grouped
from derive.notation.axis import Axis
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.letters import C_a, C_b, G, g, t, u, v
from derive.notation.weights import LAYOUTS
from derive.parse.entries import Entries
from derive.parse.layout import Known, laid_out
from tests.documents import document

AXES = {1: (v,), 2: (u, v), 3: (t, u, v)}
TAPS = {1: (3,), 2: (3, 3), 3: (1, 3, 1)}


def written_out(blocks):
    """W[group, output, input, taps] as K[o, i, taps], entry by entry."""
    groups, outputs, inputs, *taps = blocks.shape
    kernel = np.zeros((groups * outputs, groups * inputs, *taps), dtype=int)
    for group, b, a, *at in product(*map(range, blocks.shape)):
        kernel[(group * outputs + b, group * inputs + a, *at)] = blocks[(group, b, a, *at)]
    return kernel


def pytorch(blocks):
    """Conv.weight[o, a, taps]."""
    groups, outputs, inputs, *taps = blocks.shape
    weight = np.zeros((groups * outputs, inputs, *taps), dtype=int)
    for group, b, a, *at in product(*map(range, blocks.shape)):
        weight[(group * outputs + b, a, *at)] = blocks[(group, b, a, *at)]
    return weight


def pytorch_transposed(blocks):
    """ConvTranspose.weight[i, b, taps]."""
    groups, outputs, inputs, *taps = blocks.shape
    weight = np.zeros((groups * inputs, outputs, *taps), dtype=int)
    for group, b, a, *at in product(*map(range, blocks.shape)):
        weight[(group * inputs + a, b, *at)] = blocks[(group, b, a, *at)]
    return weight


def taps_first(weight):
    """The axes of the channels at the end and exchanged, as Keras has them."""
    keras = np.zeros((*weight.shape[2:], weight.shape[1], weight.shape[0]), dtype=int)
    for first, second, *at in np.ndindex(weight.shape):
        keras[(*at, second, first)] = weight[(first, second, *at)]
    return keras


def keras_depthwise(blocks):
    """DepthwiseConv.kernel[taps, channel, copy]."""
    channels, copies, _, *taps = blocks.shape
    weight = np.zeros((*taps, channels, copies), dtype=int)
    for channel, copy, _, *at in np.ndindex(blocks.shape):
        weight[(*at, channel, copy)] = blocks[(channel, copy, 0, *at)]
    return weight


STORED = {
    ("pytorch", False): pytorch,
    ("pytorch", True): pytorch_transposed,
    ("keras", False): lambda blocks: taps_first(pytorch(blocks)),
    ("keras", True): lambda blocks: taps_first(pytorch_transposed(blocks)),
    ("dense", False): written_out,
    ("dense", True): written_out,
    ("keras-depthwise", False): keras_depthwise,
}


def read(array, *known, **more):
    return laid_out("k", Entries(array.shape, array.ravel().tolist()), Known(*known, **more))


def refused(array, *known, **more):
    with pytest.raises(InputError, match=r"^[^\n]+$") as caught:
        read(array, *known, **more)
    return str(caught.value)


def random_blocks(seed, shape, rank_one=False):
    """Integers, at random or outer products of the taps with what is left."""
    random = np.random.default_rng(seed)
    if not rank_one:
        return random.integers(-4, 5, shape)
    blocks = random.integers(1, 4, (*shape[:3], *(1 for _ in shape[3:])))
    for place, extent in enumerate(shape[3:]):
        sides = [1] * len(shape)
        sides[3 + place] = extent
        sides[0] = shape[0]
        blocks = blocks * random.integers(1, 4, sides)
    return blocks


@st.composite
def weights(draw):
    """Blocks W[group, output, input, taps] of one to three axes, and how they are stored."""
    layout, transposed = draw(st.sampled_from(sorted(STORED)))
    small, taps = st.integers(1, 3), st.lists(st.integers(1, 3), min_size=1, max_size=3)
    inputs = 1 if layout == "keras-depthwise" else draw(small)
    shape = (draw(small), draw(small), inputs, *draw(taps))
    return random_blocks(draw(st.integers(0, 99)), shape), layout, transposed


@settings(max_examples=150)
@given(weights())
def test_every_layout_is_the_kernel_written_out(stored):
    blocks, layout, transposed = stored
    array, groups = STORED[layout, transposed](blocks), len(blocks)
    kernel, reading = read(array, layout, groups, transposed)
    assert np.array_equal(np.array(kernel.nested), written_out(blocks))
    assert (reading.stored.layout, reading.groups) == (layout, groups)
    assert reading.stored.extents == kernel.extents == written_out(blocks).shape
    assert reading.stored.groups == (1 if layout == "dense" else groups)


def verdict(entry, kernel, groups):
    """What is decided at the usual widths of a layer, checked by the separate checker."""
    outputs, inputs, *taps = kernel.extents
    layer = Layer(inputs, outputs, tuple(Axis(9, k) for k in taps), groups)
    line = entry.family.on(layer.taps)
    setting = next(Choices((groups,), (2,), (1,)).settings(line, layer))
    if g in line.inputs:
        setting |= {G: groups, C_a: inputs // groups, C_b: outputs // groups}
    found = decide(entry.family, kernel, setting)
    document(found)
    return found


FORMS = [
    (entry, axes)
    for entry in FAMILIES.values()
    for axes, taps in AXES.items()
    if entry.family.on(taps) is not None
]


@pytest.mark.parametrize(("entry", "axes"), FORMS, ids=lambda x: getattr(x, "name", x))
def test_the_verdict_on_a_stored_array_is_that_on_the_kernel_written_out(entry, axes):
    """For every family, exact and not, with groups and multipliers; the layouts take turns."""
    apart = set(entry.family.inputs) <= set(entry.family.outputs)
    shapes = [(3, 2 if entry.name == "depthwise" else 1, 1), *([] if apart else [(2, 2, 2)])]
    layouts = cycle(STORED)
    for shape, rank_one in product(shapes, (True, False)):
        blocks = random_blocks(sum(shape), (*shape, *TAPS[axes]), rank_one)
        whole, _ = read(written_out(blocks), "dense", len(blocks))
        expected = verdict(entry, whole, len(blocks))
        for layout, transposed in islice(layouts, 2):
            if layout == "keras-depthwise" and shape[2] > 1:
                continue
            array = STORED[layout, transposed](blocks)
            kernel, reading = read(array, layout, len(blocks), transposed, line=entry.family)
            found = verdict(entry, kernel, reading.groups)
            assert (found.word, found.kernel) == (expected.word, expected.kernel)
            assert (found.factors, found.minor) == (expected.factors, expected.minor)


def test_the_exact_grouped_pair_of_the_issue():
    """(16, 4, 3, 3) with four groups: 16 input channels, not 4."""
    random = np.random.default_rng(0)
    columns, rows = random.integers(1, 5, (4, 1, 4, 3)), random.integers(1, 5, (4, 4, 1, 3))
    blocks = np.einsum("gcau,gbcv->gbauv", columns, rows)
    kernel, reading = read(pytorch(blocks), groups=4)
    assert pytorch(blocks).shape == (16, 4, 3, 3)
    assert kernel.extents == (16, 16, 3, 3)
    assert [options for options, _ in reading.others] == ["--layout dense"]
    assert verdict(FAMILIES["grouped-asymmetric"], kernel, 4).word == "exact"
    kernel, reading = read(pytorch(blocks), "dense", 4)
    assert (kernel.extents, reading.groups) == ((16, 4, 3, 3), 4)
    assert verdict(FAMILIES["grouped-asymmetric"], kernel, 4).word == "not exact"


FILTERS = random_blocks(1, (6, 1, 1, 3, 3), rank_one=True)


@pytest.mark.parametrize("array", [pytorch(FILTERS), keras_depthwise(FILTERS)], ids=["p", "k"])
def test_depthwise_filters_need_no_options(array):
    kernel, _ = read(array, line=depthwise_asymmetric.family)
    assert np.array_equal(np.array(kernel.nested), written_out(FILTERS))
    assert verdict(FAMILIES["depthwise-asymmetric"], kernel, 1).word == "exact"


def said(array, *known, **more):
    """The layout, the extents and the options that read the array otherwise."""
    kernel, reading = read(array, *known, **more)
    return reading.stored.layout, kernel.extents, [options for options, _ in reading.others]


CASES = {
    "one input channel of another family": (
        *((6, 1, 3, 3), {"line": asymmetric.family}),
        ("pytorch", (6, 1, 3, 3), ["--groups 6"]),
    ),
    "one input channel of a depthwise family": (
        *((6, 1, 3, 3), {"line": depthwise.family}),
        ("pytorch", (6, 6, 3, 3), ["--groups 1"]),
    ),
    "with a multiplier": (
        *((6, 1, 3, 3), {"line": depthwise.family, "multiplier": 2}),
        ("pytorch", (6, 3, 3, 3), ["--groups 1"]),
    ),
    "the multiplier of a family without one": (
        *((6, 1, 3, 3), {"line": depthwise_asymmetric.family, "multiplier": 2}),
        ("pytorch", (6, 6, 3, 3), []),
    ),
    "with groups": (
        *((6, 1, 3, 3), {"line": depthwise.family, "groups": 3}),
        ("pytorch", (6, 3, 3, 3), []),
    ),
    "with one group": (
        *((6, 1, 3, 3), {"line": depthwise.family, "groups": 1}),
        ("pytorch", (6, 1, 3, 3), []),
    ),
    "transposed": (
        *((6, 2, 3, 3), {"line": depthwise.family, "transposed": True}),
        ("pytorch", (12, 6, 3, 3), []),
    ),
    "transposed and grouped": (
        *((6, 2, 3, 3), {"groups": 3, "transposed": True}),
        ("pytorch", (6, 6, 3, 3), []),
    ),
    "groups that only Keras fits": (
        *((3, 3, 4, 16), {"groups": 4}),
        ("keras", (16, 16, 3, 3), []),
    ),
    "a large window after a small channel": (
        *((3, 3, 16, 32), {}),
        ("pytorch", (3, 3, 16, 32), ["--layout keras"]),
    ),
    "depthwise and of no other size in PyTorch": (
        *((3, 8, 1), {"line": depthwise.family}),
        ("keras-depthwise", (8, 8, 3), []),
    ),
    "an array of one input channel each": (
        *((64, 3, 7, 7), {}),
        ("pytorch", (64, 3, 7, 7), []),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_read_without_a_layout(case):
    shape, known, expected = CASES[case]
    assert said(np.arange(1, np.prod(shape) + 1).reshape(shape), **known) == expected


def test_zeros_between_the_groups_are_seen():
    """The same shape is grouped storage or the kernel in full, as its zeros say."""
    whole = written_out(random_blocks(2, (2, 2, 2, 3, 3), rank_one=True))
    assert said(whole, groups=2) == ("dense", (4, 4, 3, 3), ["--layout pytorch"])
    assert said(whole, "pytorch", groups=2) == ("pytorch", (4, 8, 3, 3), [])
    assert said(whole + 1, groups=2) == ("pytorch", (4, 8, 3, 3), ["--layout dense"])
    assert said(0 * whole, groups=2) == ("pytorch", (4, 8, 3, 3), ["--layout dense"])


REFUSED = {
    "groups": (
        *((6, 4, 3, 3), {"groups": 4}),
        "k is 6 × 4 × 3 × 3 in the layout (C_out, C_in/4, k_h, k_w) of pytorch:"
        " groups 4 must divide the 6 output channels; 1, 2, 3, 6 would fit",
    ),
    "transposed": (
        *((6, 4, 3), {"groups": 4, "transposed": True}),
        "(C_in, C_out/4, k_w) of pytorch: groups 4 must divide the 6 input channels",
    ),
    "keras": (
        *((3, 3, 4, 6), {"layout": "keras", "groups": 4}),
        "(k_h, k_w, C_in/4, C_out) of keras: groups 4 must divide the 6 output channels",
    ),
    "keras depthwise": (
        *((3, 3, 8, 1), {"layout": "keras-depthwise", "groups": 4}),
        "(k_h, k_w, C, M) of keras-depthwise: the array has 8 groups, not 4",
    ),
    "keras depthwise transposed": (
        *((3, 3, 8, 1), {"layout": "keras-depthwise", "transposed": True}),
        "Keras has no transposed depthwise layer",
    ),
    "dense": (
        *((8, 6, 3, 3), {"layout": "dense", "groups": 4}),
        "k is 8 × 6 × 3 × 3: groups 4 must divide the 6 input channels",
    ),
    "depthwise": (
        *((2, 3, 3, 3), {"line": depthwise.family}),
        "makes M outputs of every input channel, not 2 of 3; PyTorch stores (C·M, 1, 3, 3)",
    ),
    "depthwise asymmetric": (
        *((6, 3, 3, 3), {"line": depthwise_asymmetric.family}),
        "as many output as input channels, not 6 of 3; PyTorch stores (C, 1, 3, 3)",
    ),
    "too large": (
        *((1500, 1, 3, 3), {"groups": 1500}),
        "k of 1500 × 1 × 3 × 3 has 20,250,000 entries when written out in full",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_fits_nothing_is_one_line(case):
    shape, known, words = REFUSED[case]
    assert words in refused(np.ones(shape, dtype=int), **known)


def test_the_command_knows_every_layout():
    (option,) = (one for one in factor.params if one.name == "layout")
    assert tuple(option.type.choices) == LAYOUTS


def test_a_grouped_line_knows_its_groups():
    kernel, _ = read(pytorch(random_blocks(3, (2, 2, 2, 3))), groups=2, line=grouped.family)
    assert verdict(FAMILIES["grouped"], kernel, 2).word == "exact"
