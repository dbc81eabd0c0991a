"""Lessons 6 to 10: their numbers computed a second way, mostly loops; and what their pages say."""

from itertools import product
from random import Random

import pytest
from sympy import expand, Poly, Rational, symbols

from derive import oracle
from derive.algebra import winograd
from derive.comparison import rows
from derive.parse.layer import read_layer
from derive.site.pages.learn import (
    channels,
    counting,
    course,
    speed,
    stacking,
    where_equality_breaks,
)
from derive.site.templating import render

LESSONS = ("channels", "counting", "where-equality-breaks", "speed", "stacking")
ORDERS = (("ov", "iu"), ("ou", "iv"))  # column first, row first


def modular_rank(matrix, prime=2**31 - 1):
    """The rank modulo a prime, by elimination: a lower bound for the rank."""
    left, found = [[entry % prime for entry in row] for row in matrix], 0
    for x in range(len(left[0])):
        pivot = next((y for y in range(found, len(left)) if left[y][x]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        scale = pow(left[found][x], -1, prime)
        top = [entry * scale % prime for entry in left[found]]
        for y in range(found + 1, len(left)):
            if lead := left[y][x]:
                left[y] = [(a - lead * b) % prime for a, b in zip(left[y], top, strict=True)]
        found += 1
    return found


def unfolded(kernel, down, across):
    """A nested K[o][i][u][v] as a matrix, by two letters for the rows and two for the columns."""
    sizes = dict(zip("oiuv", _shape(kernel), strict=True))

    def entry(at):
        return kernel[at["o"]][at["i"]][at["u"]][at["v"]]

    pairs = [list(product(*(range(sizes[x]) for x in side))) for side in (down, across)]
    return [
        [entry(dict(zip(down + across, a + b, strict=True))) for b in pairs[1]] for a in pairs[0]
    ]


def _shape(nested):
    return (len(nested), *_shape(nested[0])) if isinstance(nested, list) else ()


@pytest.mark.parametrize("one", channels.presets(), ids=lambda one: one[0])
def test_ranks_of_the_presets_by_elimination(one):
    preset = channels.preset(*one)
    assert [modular_rank(unfolded(preset["kernel"], *order)) for order in ORDERS] == preset["ranks"]


def test_the_pairwise_product_is_what_the_page_says():
    said = channels.pairwise()
    kernel = channels.drawn().nested
    assert [modular_rank(unfolded(kernel, *order)) for order in ORDERS] == said["ranks"]
    assert all(modular_rank(kernel[o][i]) <= 1 for o, i in product(range(64), range(16)))
    assert said["middle"] == 64 * 16
    assert said["weights"] == 64 * 16 * 3 + 64 * 16 * 3 == said["products"]
    assert said["chain"] == 48 * 3 * 16 + 48 * 3 * 64 > said["whole"] == 64 * 16 * 3 * 3


@pytest.mark.parametrize("dilation", range(1, counting.SIDE + 1))
def test_products_of_the_small_layer_by_loops(dilation):
    said = counting.spent(dilation)
    axis = oracle.Axis(counting.SIDE, counting.TAPS, 1, dilation, dilation, dilation)
    places, taps = range(counting.SIDE), range(counting.TAPS)
    kernel = dict.fromkeys(product(taps, taps), 1)
    image = dict.fromkeys(product(places, places), 1)
    run = oracle.convolve(kernel, image, "", "", "uv", {}, {"u": axis, "v": axis})
    assert (said["dense"], said["inside"]) == (run.multiplications, run.in_bounds)
    assert said["inside"] == sum(run.output.values())


# What the tools reported on the opening layer, without and with a bias, as measured.
MEASURED = {
    "fvcore": (3_538_944, 3_538_944),
    "ptflops": (3_538_944, 3_670_016),
    "FlopCounterMode": (7_077_888, 7_077_888),
    "calflops": (7_077_888, 7_208_960),
    "torchscan": (6_946_816, 7_077_888),
    "XLA": (7_004_352, 7_135_424),
}


def test_the_table_of_conventions_is_what_the_tools_reported():
    table = counting.convention_table()
    standard = table["families"][0]
    assert standard["label"] == "standard"
    for tool, reported in MEASURED.items():
        (at,) = [
            n
            for n, one in enumerate(table["conventions"])
            if any(tool in name for name in one["tools"])
        ]
        assert (standard["plain"][at], standard["biased"][at]) == reported


def test_the_spread_of_ratios_is_that_of_the_published_table():
    assert counting.spread(counting.convention_table()) == ["3.61", "4.66"]


def test_one_output_by_loops():
    taps = range(3)
    tensor = dict.fromkeys(product(taps, taps), 1)
    axes = {x: oracle.Axis(3, 3) for x in "uv"}
    said = counting.one_output()
    for bias, key in ((None, "additions"), ({(): 1}, "additions_with_bias")):
        run = oracle.pipeline([("uv", tensor)], tensor, "", "", {}, axes, [bias])
        assert (run.multiplications, run.additions) == (said["products"], said[key])


def at(image, y, x):
    """A pixel, zero outside the image."""
    inside = 0 <= y < len(image) and 0 <= x < len(image[0])
    return image[y][x] if inside else 0


def test_the_bias_defect_by_loops():
    page = where_equality_breaks
    image, column, row, size = page.IMAGE, page.COLUMN, page.ROW, page.SIZE
    for bias in (0, page.BIAS, -3):
        middle = [
            [bias + sum(column[u] * at(image, y + u - 1, x) for u in range(3)) for x in range(size)]
            for y in range(size)
        ]
        chain = [
            [sum(row[v] * at(middle, y, x + v - 1) for v in range(3)) for x in range(size)]
            for y in range(size)
        ]
        assert chain == page.two_stages(bias)
        gap = {
            (x, chain[y][x] - single)
            for y, line in enumerate(page.one_convolution(bias))
            for x, single in enumerate(line)
        }
        defect = {0: -bias * row[0], size - 1: -bias * row[-1]}
        assert gap == {(x, defect.get(x, 0)) for x in range(size)}
    assert page.context()["differ"] == 2 * size


def test_products_of_kernels_are_products_of_polynomials():
    z, w = symbols("z w")

    def polynomial(kernel):
        return sum(x * z**u * w**v for u, line in enumerate(kernel) for v, x in enumerate(line))

    for A, B in stacking.PAIRS.values():
        K = stacking.multiplied(A, B)
        assert Poly(polynomial(A) * polynomial(B) - polynomial(K), z, w).is_zero


def test_only_a_full_first_layer_leaves_no_ring():
    for (A, B), pads in product(stacking.PAIRS.values(), stacking.PADDINGS.values()):
        chain, single = stacking.in_a_row(A, B, *pads), stacking.as_one(A, B, *pads)
        places = {
            (y, x)
            for y, line in enumerate(chain)
            for x, value in enumerate(line)
            if value != single[y][x]
        }
        assert pads != (2, 0) or not places
        reach = pads[1]
        assert all(min(y, x, 5 - y, 5 - x) < reach for y, x in places)
    assert stacking.context()["differ"] == 20


def test_costs_and_freedom_of_stacks():
    said = stacking.costs()
    assert (said["stack"], said["whole"]) == (9 * 3 * 8 + 9 * 8 * 8, 25 * 3 * 8) == (792, 600)
    assert (said["twice"], said["once"], said["saved"], said["extra"]) == (18, 25, 28, 32)
    fewer = [m for m in range(1, 20) if 9 * (3 * m + 8 * m) < 600]
    assert said["widest"] == max(fewer)
    assert said["stacked"] == said["whole"]
    assert stacking.derivative_rank(stacking.products(3, 6, 8)) < 600
    assert stacking.context()["freedom"] == 9 + 9 - 1


@pytest.mark.parametrize("name", speed.STAGES)
def test_operations_and_bytes_of_stages_by_loops(name):
    layer = read_layer("5x6", 2, 2)
    row = next(row for row in rows(layer)[0] if row.entry.name == name)
    said = speed.stages_of(row, speed.STAGES[name])
    letters = {"i": 2, "o": 2, "j": 2, "l": 1, "u": 3, "v": 3}
    axes = {tap: oracle.Axis(size, 3, before=1, after=1) for tap, size in (("u", 5), ("v", 6))}
    factors = []
    for factor in row.entry.family.factors:
        word = "".join(x.name for x in factor.indices)
        factors.append((word, dict.fromkeys(product(*(range(letters[x]) for x in word)), 1)))
    image = dict.fromkeys(product(range(2), range(5), range(6)), 1)
    sizes = {x: letters[x] for x in "iojl"}
    whole = oracle.pipeline(factors, image, "i", "o", sizes, axes)
    assert sum(stage["flops"] for stage in said) == whole.multiplications + whole.additions
    read = len(image) + whole.written - len(whole.output)
    weights = sum(len(tensor) for _, tensor in factors)
    assert sum(stage["bytes"] for stage in said) == 4 * (read + weights + whole.written)


def test_less_work_is_slower_on_a_machine_of_high_balance():
    layer = speed.described(read_layer("56x56", 64, 64))
    slow = speed.compared(layer, 1e-6)
    assert f"{float(slow['time']):.1f}" == slow["work"], "there the operations are all that counts"
    times = [float(speed.compared(layer, balance)["time"]) for balance in (1, 17.4, 76.5, 200)]
    assert times == sorted(times, reverse=True)
    assert times[-1] < 1 < times[0]


def test_winograd_is_the_filter():
    d, g = symbols("d0:4"), symbols("g0:3")
    for y, output in enumerate(_winograd(d, g)):
        assert expand(output - sum(g[u] * d[y + u] for u in range(3))) == 0
    random = Random(5)
    for _ in range(20):
        d, g = ([random.randint(-9, 9) for _ in range(n)] for n in (4, 3))
        filtered = [sum(g[u] * d[y + u] for u in range(3)) for y in (0, 1)]
        assert winograd.two_outputs(d, g) == filtered
    assert speed.multiplications() | {"gain": "2.25"} == {
        "whole": "9",
        "pair": "6",
        "whole_fast": "4",
        "pair_fast": "4",
        "tile": "16",
        "direct": "36",
        "gain": "2.25",
    }


def _winograd(d, g):
    def times(matrix, vector):
        return [
            sum(Rational(str(a)) * b for a, b in zip(row, vector, strict=True)) for row in matrix
        ]

    return times(
        winograd.A,
        [a * b for a, b in zip(times(winograd.G, g), times(winograd.B, d), strict=True)],
    )


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request):
    one = next(one for one in course.COURSE if one.slug == request.param)
    context = course.module(one).context()
    return one.slug, render(one.template, navigation=course.navigation(one.slug), **context)


def test_every_lesson_has_a_question_a_theorem_a_family_and_a_way_on(lesson):
    slug, text = lesson
    assert text.count("??? question") >= 2, slug
    assert "](../theorems/" in text
    assert "](../families/" in text
    assert 'class="onward"' in text
    assert 'class="still"' in text


def test_what_is_said_is_what_was_computed():
    texts = {
        one.slug: render(
            one.template, navigation=course.navigation(one.slug), **course.module(one).context()
        )
        for one in course.COURSE
        if one.slug in LESSONS
    }
    assert "9 middle channels against 1" in texts["channels"]
    assert "**costs 32 % more**" in texts["stacking"]
    assert "28 % saved" in texts["stacking"]
    assert "between 3.61 and 4.66 times cheaper" in texts["counting"]
    assert "*slower* than the standard layer" in texts["speed"]
    assert "4 against 4" in texts["speed"]
