"""What the figures of the lessons say, at all their settings, against literal loops."""

import json
import re
import shutil
import subprocess
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import numpy
import pytest

from derive.parse.layer import read_layer
from derive.site.pages.learn import (
    asymmetric,
    channels,
    convolution,
    counting,
    depthwise_separable,
    factoring,
    speed,
    stacking,
    where_equality_breaks,
)
from tests.tools import need

SCRIPTS = Path(__file__).parents[2] / "docs" / "assets" / "js"
DRIVER = """
import { readFileSync } from "node:fs";
import { drawn, swept } from "./dom.mjs";
const { name, facts, names, looks } = JSON.parse(readFileSync(0, "utf8"));
const look = (figure) => Object.fromEntries(
  looks.map((at) => [at, figure.querySelectorAll(at).map((one) => one.textContent)]));
console.log(JSON.stringify(swept(await drawn(name, facts), names, look)));
"""


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A figure at all settings of some controls: these, and the texts at some selectors."""
    need(shutil.which("node"), "node is not installed")
    folder = tmp_path_factory.mktemp("figures")
    shutil.copytree(SCRIPTS / "learn", folder / "learn")
    for name in ("dom.js", "exact.js"):
        shutil.copy(SCRIPTS / name, folder)
    shutil.copy(Path(__file__).parent / "dom.mjs", folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "driver.js").write_text(DRIVER)

    def run(name, facts, names, looks=(".said",)):
        given = {"name": name, "facts": facts, "names": names, "looks": looks}
        done = subprocess.run(
            ["node", "driver.js"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return [(*one["at"].values(), *(one[look] for look in looks)) for one in found]

    return run


def facts_of(module, key="facts"):
    """What a lesson gives its figure."""
    return json.loads(re.search(r">(.*)</template>", context_of(module)[key], re.DOTALL)[1])


@cache
def context_of(module):
    """What a lesson gives its page."""
    return module.context()


def plain(text):
    """Digits as Python reads them."""
    return text.replace("−", "-").replace(",", "")


# Where equality breaks

COLUMN, ROW = where_equality_breaks.COLUMN, where_equality_breaks.ROW
STRIDES = {  # (down, across) of either stage
    "1": ((1, 1), (1, 1)),
    "2, split by axis": ((2, 1), (1, 2)),
    "2, all in the second": ((1, 1), (2, 2)),
    "2, all in the first": ((2, 2), (1, 1)),
}
SIDE = 6


def read(rows, y, x, outside):
    """A pixel; outside the image a number, or the nearest one for None."""
    if 0 <= y < len(rows) and 0 <= x < len(rows[0]):
        return rows[y][x]
    if outside is not None:
        return outside
    return rows[min(max(y, 0), len(rows) - 1)][min(max(x, 0), len(rows[0]) - 1)]


def two_and_one(image, bias, relu, padding, stride):
    """What two stages make of an image and what one convolution does, as loops."""
    (down, across), (later_down, later_across) = STRIDES[stride]
    outside = {"edge repeated": None, "ones": 1}.get(padding, 0)
    middle = [
        [bias + sum(COLUMN[u] * read(image, y + u - 1, x, outside) for u in range(3)) for x in xs]
        for y in range(0, SIDE, down)
        for xs in [range(0, SIDE, across)]
    ]
    if relu:
        middle = [[max(0, pixel) for pixel in line] for line in middle]
    around = bias if padding == "zeros, then the bias" else outside
    two = [
        [
            sum(ROW[v] * read(middle, y, x + v - 1, around) for v in range(3))
            for x in range(0, len(middle[0]), later_across)
        ]
        for y in range(0, len(middle), later_down)
    ]
    one = [
        [
            bias * sum(ROW)
            + sum(
                COLUMN[u] * ROW[v] * read(image, y + u - 1, x + v - 1, outside)
                for u, v in product(range(3), repeat=2)
            )
            for x in range(0, SIDE, across * later_across)
        ]
        for y in range(0, SIDE, down * later_down)
    ]
    return two, one


def images():
    """Enough images to tell affine functions apart, and one full of negative middle pixels."""
    yield [[0] * SIDE for _ in range(SIDE)]
    for at in product(range(SIDE), repeat=2):
        yield [[int((y, x) == at) for x in range(SIDE)] for y in range(SIDE)]
    yield where_equality_breaks.IMAGE


def same_function(*setting):
    return all(two == one for two, one in (two_and_one(image, *setting) for image in images()))


CONTROLS = ["Bias between", "ReLU between", "Padding", "Stride"]


@pytest.mark.parametrize("level", [None, 0, 5], ids=["its image", "black", "grey"])
def test_notes_where_equality_breaks_fit_the_verdict(sweep, level):
    """In 31 of the 64 settings they contradicted it."""
    facts = facts_of(where_equality_breaks)
    image = facts["image"] if level is None else [[level] * SIDE for _ in range(SIDE)]
    words = facts["words"]
    harmless = {"plain", "bias edge", "bias repaired", "edge", "split", "last"}
    found = sweep("breaks", facts | {"image": image}, CONTROLS, (".said", "li"))
    assert len(found) == 64
    for bias, relu, padding, stride, (said,), reasons in found:
        setting = (int(bias == "yes"), relu == "yes", padding, stride)
        two, one = two_and_one(image, *setting)
        differ = [
            (y, x)
            for y, line in enumerate(two)
            for x, pixel in enumerate(line)
            if pixel != one[y][x]
        ]
        same, count = same_function(*setting), len(two) * len(two[0])
        if differ:
            assert said.startswith(f"They differ at {len(differ)} of {count} outputs"), setting
            assert not same
        else:
            scope = ", on every image." if same else " of this image; on others they differ."
            assert said.startswith(f"They agree at all {count} outputs{scope}"), setting
        columns = {x for _, x in differ}
        edges = {0: "the first", len(two[0]) - 1: "the last"}
        named = " and ".join(edges[x] for x in sorted(columns)) if columns <= set(edges) else None
        assert (f"all in {named} column" in said) == bool(named), (setting, said)
        keys = {
            key
            for key, text in words.items()
            if any(re.fullmatch(re.escape(text).replace(r"\{columns\}", ".*"), r) for r in reasons)
        }
        assert len(keys) == len(reasons) > 0
        assert (keys <= harmless) == same, (setting, keys)


@pytest.mark.parametrize("stride", STRIDES)
def test_the_columns_that_miss_the_bias_are_those_that_do(sweep, stride):
    facts = facts_of(where_equality_breaks)
    for *setting, _, reasons in sweep("breaks", facts, CONTROLS, (".said", "li")):
        if setting != ["yes", "no", "zeros", stride]:
            continue
        black = [[0] * SIDE for _ in range(SIDE)]
        two, one = two_and_one(black, 1, False, "zeros", stride)
        edges = {0: "the first", len(two[0]) - 1: "the last"}
        short = sorted({x for y in range(len(two)) for x in edges if two[y][x] != one[y][x]})
        named = " and ".join(edges[x] for x in short)
        assert f"missing in {named} column." in " ".join(reasons)


def test_padding_with_ones_may_agree_though_no_column_adds_up_to_one():
    """Sufficient, not necessary: sums 2 and 0, with equal weights at the ends of the rows."""
    sums = context_of(where_equality_breaks)["sums"]
    assert sums == [2, 0]
    image = where_equality_breaks.IMAGE
    middles = [
        [
            [sum(c[u] * read(image, y + u - 1, x, 1) for u in range(3)) for x in range(SIDE)]
            for y in range(SIDE)
        ]
        for c, _ in where_equality_breaks.MIXED
    ]
    for y, x in product(range(SIDE), repeat=2):
        two = sum(
            row[v] * read(middle, y, x + v - 1, 1)
            for middle, (_, row) in zip(middles, where_equality_breaks.MIXED, strict=True)
            for v in range(3)
        )
        one = sum(
            column[u] * row[v] * read(image, y + u - 1, x + v - 1, 1)
            for column, row in where_equality_breaks.MIXED
            for u, v in product(range(3), repeat=2)
        )
        assert two == one


def test_border_windows_depend_on_the_kernel_through_slack():
    said = where_equality_breaks.border()
    for taps, leaving in said["leaving"].items():
        windows = range(0, 6 + 2 - taps + 1, 2)
        assert leaving == sum(y - 1 < 0 or y - 1 + taps > 6 for y in windows)
    assert said["leaving"] == {3: 1, 4: 2}


# Column, then row


def test_a_filter_says_how_much_is_left_of_what_it_draws(sweep):
    """It drew a pivot term and gave the error of another: 94.9 % drawn, 10.1 % said."""
    titles = {}
    for name in asymmetric.ONE_CHANNEL:
        titles[len(titles)] = asymmetric.specimen(name)
    found = sweep("outer", facts_of(asymmetric, "terms"), ["Filter", "Width m"])
    assert len(found) == 3 * len(titles)
    for number, (_, width, (said,)) in enumerate(found):
        shown = titles[number // 3]
        rows = numpy.array(shown["rows"], dtype=float)
        values = numpy.linalg.svd(rows, compute_uv=False)
        if numpy.linalg.matrix_rank(rows) <= width:
            assert said.startswith(f"Exact at width {width}.")
            continue
        drawn = sum(numpy.outer(term["column"], term["row"]) for term in shown["terms"][:width])
        left = 100 * numpy.linalg.norm(rows - drawn) / numpy.linalg.norm(rows)
        best = 100 * numpy.linalg.norm(values[width:]) / numpy.linalg.norm(rows)
        numbers = [float(one) for one in re.findall(r"([\d.]+) %", said)]
        assert numbers == pytest.approx([left, best], rel=5e-3), shown["title"]
        u, s, v = numpy.linalg.svd(rows)
        nearest = (u[:, :width] * s[:width]) @ v[:width]
        assert abs(nearest - nearest.round()).max() > 0.01, "no whole numbers"


def test_on_3_by_3_only_rank_one_saves():
    shown = context_of(asymmetric)
    assert [one["products"] for one in shown["passes"]] == [r * (3 + 3) for r in (1, 2, 3)]
    assert [one["products"] < shown["taps"] == 9 for one in shown["passes"]] == [True, False, False]


def test_a_width_is_cheaper_exactly_where_its_weights_are_fewer(sweep):
    layers = facts_of(asymmetric, "costs")
    for name, place, (said,) in sweep("width", layers, ["Layer", "Width m"]):
        layer = next(one for one in layers if one["layer"] == name)
        into, out, n, widths = asymmetric.LAYERS[layers.index(layer)]
        m = list(widths)[place]
        pair, whole = m * n * (into + out), n * n * into * out
        word = "A tie" if pair == whole else "Cheaper" if pair < whole else "More expensive"
        assert said.startswith(word), (name, m)
        assert ("Represents every kernel" in said) == (m >= n * min(into, out))
        limit = int(re.search(r"up to m = (\d+)", said)[1])
        assert limit * n * (into + out) < whole <= (limit + 1) * n * (into + out)


def test_the_matrix_lays_out_the_filters(sweep):
    kernels = facts_of(asymmetric, "matrix")
    found = sweep("matrix", kernels, ["Kernel", "Entry"], (".said", ".verdict-of"))
    for title, step, (said,), (verdict,) in found:
        kernel = next(one for one in kernels.values() if one["title"] == title)
        o, v, i, u = (int(x) for x in re.findall(r"[oviu] = (\d)", said))
        assert 6 * (3 * o + v) + 3 * i + u == step
        assert plain(said).endswith(f"K is {kernel['filters'][o][i][u][v]}")
        rank = numpy.linalg.matrix_rank(numpy.array(kernel["matrix"]))
        assert verdict.startswith(f"Rank {rank} of 6")
        assert verdict.endswith(f"m = {rank}.")


# Stacking


def ran(image, kernel, margin):
    """A layer of stride 1, by loops."""
    size = len(image) + 2 * margin - len(kernel) + 1
    taps = range(len(kernel))
    return [
        [
            sum(
                kernel[u][v] * read(image, y + u - margin, x + v - margin, 0)
                for u in taps
                for v in taps
            )
            for x in range(size)
        ]
        for y in range(size)
    ]


def test_stacks_differ_where_the_figure_and_the_table_say(sweep):
    """The page said "on almost every image", of a preset that agrees everywhere."""
    name = "Zeros around the image, then around the middle one"
    found = sweep("stacking", facts_of(stacking), ["Kernels", name])
    table = dict(stacking.differences())
    for label, padding, (said,) in found:
        (A, B), (first, last) = stacking.PAIRS[label], stacking.PADDINGS[padding]
        K = [[0] * 5 for _ in range(5)]
        for u, v, p, q in product(range(3), repeat=4):
            K[u + p][v + q] += A[u][v] * B[p][q]
        image = stacking.IMAGE
        two, one = ran(ran(image, A, first), B, last), ran(image, K, first + last)
        places = [(y, x) for y, x in product(range(len(two)), repeat=2) if two[y][x] != one[y][x]]
        assert table[label][list(stacking.PADDINGS).index(padding)] == len(places)
        if not places:
            assert said == f"They agree at all {len(two) ** 2} pixels."
        else:
            ring = all(min(y, x) == 0 or max(y, x) == len(two) - 1 for y, x in places)
            where = "all in the outer ring" if ring else "near the border"
            assert said == f"They differ at {len(places)} of {len(two) ** 2} pixels, {where}."
    assert (
        table["column, row"][0]
        == 0
        < min(row[0] for name, row in table.items() if name != "column, row")
    )
    assert [row[1] for row in table.values()] == [0] * len(table)


def test_two_kernels_of_two_taps_are_said_to_make_one_of_three_exactly_if_they_do(sweep):
    names = ["Entry a", "Entry b", "Entry c"]
    found = sweep("quadratic", facts_of(stacking, "quadratic"), names)
    assert len(found) == 9**3
    for a, b, c, (said,) in found:
        said = plain(said)
        splits = b * b - 4 * a * c >= 0
        assert ("is no product" in said) == (not splits)
        assert f"b² - 4ac = {b * b - 4 * a * c}" in said
        if splits:
            sign, *numbers = re.match(
                r"\[.*?\] (=|≈) \[(.*?)\s+(.*?)\] ∗ \[(.*?)\s+(.*?)\]", said
            ).groups()
            p, q, r, s = map(Fraction, numbers)
            product_ = (p * r, p * s + q * r, q * s)
            exact = product_ == (a, b, c)
            assert exact == (sign == "="), said
            assert all(abs(x - y) < 0.2 for x, y in zip(product_, (a, b, c), strict=True)), said


def test_with_two_channels_between_two_taps_twice_reach_every_three():
    for a, b, c in product(range(-2, 3), repeat=3):
        one, other = (
            stacking.multiplied([[1, 0]], [[a, b]]),
            stacking.multiplied([[0, 1]], [[0, c]]),
        )
        assert [x + y for x, y in zip(one[0], other[0], strict=True)] == [a, b, c]


# Factoring


def test_the_letters_move_in_as_many_clicks_as_it_says():
    places = {
        family: next(
            name
            for name, assignment in factoring.assignments(read_layer())
            if (assignment.get("family") or {}).get("name") == family
        )
        for family in ("asymmetric", "depthwise-separable")
    }
    assert list(places.values()) == [
        "first second first second bond",
        "both second first first none",
    ]
    assert context_of(factoring)["clicks"] == 3


def test_every_assignment_says_the_products_of_its_stages(sweep):
    names = ["i input channel", "o output channel", "u vertical tap", "v horizontal tap"]
    facts = facts_of(factoring)
    found = sweep("factoring", facts, [*names, "j bond between them"], (".said", ".words"))
    assert len(found) == 72 == len(facts["assignments"])
    for into, out, tall, wide, bond, (said,), words in found:
        assignment = facts["assignments"][
            " ".join((into, out, tall, wide, bond if bond == "none" else "bond"))
        ]
        assert ("Not a line" in said) == ("error" in assignment)
        if "error" in assignment:
            continue
        total = sum(stage["products"] for stage in assignment["stages"])
        assert f"{total} products, {assignment['weights']} weights" in words[1]
        assert ("Represents every kernel" in said) == (assignment["exact"] == "every kernel")
        assert ("a wasteful order" in said) == bool(assignment["again"])


def test_areas_are_counted_cell_by_cell_and_factored(sweep):
    heights, widths = factoring.HEIGHTS, factoring.WIDTHS
    found = sweep("distributive", facts_of(factoring, "law"), ["Rows", "Columns", "Add up"])
    for rows, columns, way, (said,) in found:
        a, b = heights[:rows], widths[:columns]
        cells = way == "cell by cell"
        counts = (rows * columns, rows * columns - 1) if cells else (1, rows + columns - 2)
        value, products, sums = re.search(
            r" = (\d+): (\d+) products?, (\d+) additions?", said
        ).groups()
        assert int(value) == sum(a) * sum(b)
        assert (int(products), int(sums)) == counts


# Channels, counting, shares, speed


def test_ranks_of_the_presets_are_said(sweep):
    facts = facts_of(channels)
    found = sweep("channels", facts, ["Kernel"])
    for preset, (label, (said,)) in zip(facts["presets"], found, strict=True):
        K = numpy.array(preset["kernel"])
        size = len(K)
        column = numpy.linalg.matrix_rank(K.transpose(0, 3, 1, 2).reshape(size**2, -1))
        row = numpy.linalg.matrix_rank(K.transpose(0, 2, 1, 3).reshape(size**2, -1))
        if column == row:
            assert said.startswith(f"Either order needs {column} middle channel"), label
        else:
            assert said.startswith(f"Column first needs {column} middle channel"), label
            assert f"row first {row}." in said


def test_both_bounds_on_the_ranks_are_needed():
    """Lesson 6 gave the first bound for both ways: ranks 1 and 3 at a factor of 1."""
    for out, into, tall, wide in product((1, 2, 3), (1, 2), (1, 2, 3), (1, 2, 3)):
        first, second = min(out, tall) * min(into, wide), min(out, wide) * min(into, tall)
        o, i, u, v = numpy.indices((out, into, tall, wide))
        for K in (o == u) & (i == v), (o == v) & (i == u):
            column = numpy.linalg.matrix_rank(K.transpose(0, 3, 1, 2).reshape(out * wide, -1) + 0)
            row = numpy.linalg.matrix_rank(K.transpose(0, 2, 1, 3).reshape(out * tall, -1) + 0)
            assert column <= first * row
            assert row <= second * column
    said = channels.mirror()
    assert said["ranks"] == [1, 3] == said["bounds"]


def test_products_of_the_small_layer_are_said(sweep):
    looks, facts, side = (".said", ".steps-of-output"), facts_of(counting), counting.SIDE

    def inside(y, x, d):
        taps = product((-d, 0, d), repeat=2)
        return sum(0 <= y + u < side and 0 <= x + v < side for u, v in taps)

    for d, at, (said,), (steps,) in sweep(
        "counting", facts, ["Dilation = padding", "Output"], looks
    ):
        seen = inside(*divmod(at, side), d)
        assert f"{seen} with a pixel, {9 - seen} with a zero" in steps
        whole = sum(inside(y, x, d) for y, x in product(range(side), repeat=2))
        assert said.startswith(f"The whole layer: {9 * side**2:,} products, {whole:,} with a pixel")
    for bias, _, (steps,) in sweep("counting", facts, ["Bias"], looks):
        assert f"{18 if bias == 'yes' else 17} operations" in steps
        assert ("less one" in steps) == (bias == "no")


def test_the_spread_of_conventions_is_said(sweep):
    facts = facts_of(counting, "table")
    for label, bias, (said,) in sweep("conventions", facts, ["Layer", "Bias"]):
        key = "biased" if bias == "yes" else "plain"
        one = next(family for family in facts["families"] if family["label"] == label)
        whole = facts["families"][0][key]
        assert said.startswith(f"{len(set(one[key]))} different numbers for one layer.")
        ratios = [a / b for a, b in zip(whole, one[key], strict=True)]
        if one is not facts["families"][0]:
            assert f"It is {min(ratios):.2f} to {max(ratios):.2f} times cheaper" in said


def test_shares_are_said_as_fractions_and_as_what_they_save(sweep):
    names = ["Output channels", "Kernel"]
    for place, kernel, (said,) in sweep("shares", facts_of(depthwise_separable, "shares"), names):
        out, n = depthwise_separable.OUTPUTS[place], int(kernel[0])
        share = Fraction(1, out) + Fraction(1, n * n)
        assert f"= {share} of standard, " in said
        percent = float(re.search(r"([\d.]+) %", said)[1])
        assert percent == pytest.approx(float(100 * share), abs=0.051)
        end = "a tie." if share == 1 else "more expensive." if share > 1 else "times cheaper."
        assert said.endswith(end), (out, n)


def test_time_and_work_in_the_model_are_said(sweep):
    facts = facts_of(speed)
    for words, at, (said,) in sweep("speed", facts, ["Layer", "Machine, operations per byte"]):
        balance = facts["balances"][at]
        layer = next(one for one in facts["layers"] if one["words"] == words)
        sides = [
            (
                sum(stage["flops"] for stage in family["stages"]),
                sum(max(stage["flops"] / balance, stage["bytes"]) for stage in family["stages"]),
            )
            for family in layer["families"][:2]
        ]
        work, time = (100 * cheap / whole for whole, cheap in zip(*sides, strict=True))
        found = [int(one) for one in re.findall(r"(\d+) %", said)]
        assert found == pytest.approx([work, time], abs=0.51), (words, balance)


def test_a_measurement_and_the_one_that_disagrees_stand_together():
    slow, fast = context_of(speed)["reports"]
    assert (slow["both"], slow["times"], slow["than"]) == (272 + 387, "1.32", "slower")
    assert (fast["both"], fast["times"], fast["than"]) == (201 + 290, "1.66", "faster")


# Mixing channels, one output pixel


def test_mixed_filters_and_combinations_are_said(sweep):
    outputs = [f"Weight to output {o}" for o in range(3)]
    found = sweep("mix", facts_of(depthwise_separable, "mix"), ["Input channel i", *outputs])
    for i, *weights, (said,) in found:
        assert plain(said).startswith(
            f"Input {i} reaches the outputs as {' '.join(map(str, weights))} times"
        )
    planes = depthwise_separable.PLANES
    facts = facts_of(depthwise_separable, "combination")
    names = [f"Weight of channel {i}" for i in range(3)]
    settings = [(*one[:3], 0, one[3]) for one in sweep("combination", facts, names)]
    settings += [(1, -1, 2, *one) for one in sweep("combination", facts, ["Pixel"])]
    for *weights, at, (said,) in settings:
        y, x = divmod(at, 4)
        total = sum(w * plane[y][x] for w, plane in zip(weights, planes, strict=True))
        assert plain(said).endswith(f" = {total}. No neighbour is looked at.")


def test_every_output_of_the_first_lesson_is_the_sum_it_says(sweep):
    names = ["Stride s", "Dilation d", "Padding p", "Input channels", "Output channel o"]
    facts = facts_of(convolution)
    found = sweep("convolution", facts, names)
    assert len(found) > 50
    for s, d, p, into, o, (said,) in found:
        y, x, total, terms = map(
            int,
            re.search(
                r", (\d+), (\d+)\] = (-?\d+), a sum of (\d+)", said.replace("−", "-")
            ).groups(),
        )
        K, image, taps = facts["kernels"][int(o)], facts["image"], product(range(3), repeat=2)
        assert total == sum(
            K[i][u][v] * read(image[i], s * y + d * u - p, s * x + d * v - p, 0)
            for u, v in taps
            for i in range(int(into))
        )
        assert terms == 9 * int(into)
