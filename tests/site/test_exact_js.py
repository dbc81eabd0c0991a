"""The kernel lab's arithmetic in node against derive, on random kernels and the gallery."""

import json
import re
import shutil
import subprocess
from fractions import Fraction
from math import gcd, hypot, prod
from pathlib import Path
from random import Random

import pytest

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import rank
from derive.catalogue import FAMILIES
from derive.decide.spectrum import enclosed
from derive.decide.verdict import decide
from derive.kernels import gallery
from derive.notation.errors import InputError
from derive.notation.letters import C_in, C_out, k_h, k_w, m
from derive.parse.text import read_by_hand
from derive.site.heat import number
from derive.site.pages import kernel_lab
from derive.site.pages.gallery import outer
from tests.tools import program

SCRIPTS = Path(__file__).parents[2] / "docs" / "assets" / "js"
KERNELS = 400
LINE = FAMILIES["asymmetric"].family

DRIVER = """
import { readFileSync } from "node:fs";
import { determinant, part, rank, skeleton, terms, text, violatingMinor, floats } from "./exact.js";
import { BadInput, readKernel } from "./kernel/words.js";
import { added, decompose, missed, nearest } from "./kernel/spectrum.js";
import { filtered, twoPasses } from "./kernel/filter.js";
import { number } from "./kernel/heat.js";
import { sampleImage } from "./kernel/sample.js";
import * as cost from "./kernel/cost.js";

const words = (vector) => vector.map(text);
const run = (work) => {
  let step;
  do step = work.next();
  while (!step.done);
  return [...step.value.pixels];
};
const jobs = {
  decide(written) {
    const { rows } = readKernel(written);
    const minor = violatingMinor(rows);
    const { rank: size, ...least } = skeleton(rows);
    const value = size ? text(determinant(part(rows, least.rows, least.columns))) : null;
    return {
      entries: rows.map(words), rank: rank(rows), size,
      numbers: rows.map((row) => row.map(number)),
      minor: minor && { ...minor, value: text(minor.value) },
      least: { ...least, value },
      terms: terms(rows).map(({ scale, column, row }) => (
        { scale: text(scale), column: words(column), row: words(row) })),
    };
  },
  spectrum(written) {
    const rows = floats(readKernel(written).rows);
    const found = decompose(rows);
    const ranks = found.values.map((_, k) => k);
    return {
      values: found.values, missed: ranks.map((k) => missed(found.values, k)),
      nearest: ranks.map((k) => added(nearest(found, k), rows.length, rows[0].length)),
    };
  },
  read(written) {
    try {
      return { entries: readKernel(written).rows.map(words) };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { error: error.message };
    }
  },
  filter({ image, kernel, pairs }) {
    const given = { ...image, pixels: Float64Array.from(image.pixels) };
    return [run(filtered(given, kernel)), run(twoPasses(given, pairs))];
  },
  cost(sizes) {
    const pairs = Object.entries(sizes).map(([name, size]) => [name, BigInt(size)]);
    const big = Object.fromEntries(pairs);
    return [Number(cost.full(big)), Number(cost.twoPasses(big))];
  },
  sample: () => [...sampleImage().pixels],
};
const [job, all] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(all.map((one) => jobs[job](one))));
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Run a job of the driver on many inputs."""
    folder = tmp_path_factory.mktemp("js")
    shutil.copytree(SCRIPTS / "kernel", folder / "kernel")
    shutil.copy(SCRIPTS / "exact.js", folder)
    (folder / "kernel" / "cost.js").write_text(kernel_lab.costs())
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "driver.js").write_text(DRIVER)

    def run(job, inputs):
        done = subprocess.run(
            [*program("node"), "driver.js"],
            input=json.dumps([job, inputs]),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def random_kernel(random):
    """A kernel of a random size, mostly of small rank, now and then with fractions."""
    height, width = random.randint(1, 7), random.randint(1, 7)
    below = random.choice((1, 1, 9, 16, 30))

    def entry():
        return Fraction(random.randint(-4, 4), random.choice((1, below)))

    if random.random() < 0.3:
        return [[entry() for _ in range(width)] for _ in range(height)]
    total = [[Fraction(0)] * width for _ in range(height)]
    for _ in range(random.randint(0, 3)):
        column, row = [entry() for _ in range(height)], [entry() for _ in range(width)]
        total = added(total, outer(column, row))
    return total


def added(one, two):
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(one, two, strict=True)]


def written(rows):
    return "; ".join(" ".join(map(str, row)) for row in rows)


RANDOM = [random_kernel(Random(seed)) for seed in range(KERNELS)]
NAMED = [kernel.entries for kernel in gallery().values()]
EDGES = [
    [[0]],
    [[5]],
    [[0, 0], [0, 0]],
    [[0, 1], [1, 0]],
    [[0, 0, 3]],
    [[10**40, 1], [1, Fraction(1, 10**40)]],
    [[10**40, 1], [1, Fraction(1, 10**40 + 1)]],
    [[Fraction(1, 14000), Fraction(-96, 10**6)], [Fraction(1, 2001), Fraction(3, 10**40)]],
    [[Fraction((x * y) % 7 + x**2, y + 1) for x in range(15)] for y in range(15)],
]
ALL = [*RANDOM, *NAMED, *EDGES]


@pytest.fixture(scope="module")
def decided(node):
    return list(zip(ALL, node("decide", [written(rows) for rows in ALL]), strict=True))


def fractions(words):
    return [Fraction(word) for word in words]


def laplace(rows):
    """The determinant along the first row."""
    if not rows:
        return 1
    rest = [[row[:x] + row[x + 1 :] for row in rows[1:]] for x in range(len(rows))]
    return sum((-1) ** x * a * laplace(rest[x]) for x, a in enumerate(rows[0]) if a)


def minor_of(rows, found):
    return laplace([[Fraction(rows[y][x]) for x in found["columns"]] for y in found["rows"]])


def test_the_kernels_are_of_every_kind():
    ranks = [rank(rows) for rows in RANDOM]
    assert all(ranks.count(size) > 10 for size in range(4))
    assert any(len(rows) > len(rows[0]) for rows in RANDOM)
    assert sum(any(x.denominator > 1 for row in rows for x in row) for rows in RANDOM) > 50


def test_entries_are_read_exactly(decided):
    for rows, found in decided:
        assert [fractions(row) for row in found["entries"]] == [list(row) for row in rows]


def test_the_rank_is_that_of_derive(decided):
    for rows, found in decided:
        assert found["rank"] == found["size"] == rank(rows)


def test_the_verdict_is_that_of_derive(decided):
    for rows, found in decided[:120] + decided[KERNELS:-1]:
        verdict = decide(LINE, Kernel.of([[[list(row) for row in rows]]]), {m: 1})
        assert (verdict.word == "exact") == (found["rank"] <= 1) == (found["minor"] is None)


def test_factors_multiply_back_in_smallest_integers(decided):
    for rows, found in decided:
        assert len(found["terms"]) == found["rank"]
        total = [[Fraction(0)] * len(rows[0]) for _ in rows]
        for term in found["terms"]:
            column, row = fractions(term["column"]), fractions(term["row"])
            assert all(x.denominator == 1 for x in column + row)
            assert gcd(*map(int, column)) == gcd(*map(int, row)) == 1
            assert Fraction(term["scale"]) > 0
            assert next(x for x in column if x) > 0
            total = added(total, outer([Fraction(term["scale"]) * x for x in column], row))
        assert total == [list(row) for row in rows]


def test_minors_are_what_they_say_and_not_zero(decided):
    for rows, found in decided:
        assert (found["minor"] is not None) == (found["rank"] >= 2)
        for claimed, size in ((found["minor"], 2), (found["least"], found["rank"])):
            if not claimed or claimed["value"] is None:
                continue
            assert len(claimed["rows"]) == len(claimed["columns"]) == size
            assert claimed["rows"] == sorted(set(claimed["rows"]))
            assert claimed["columns"] == sorted(set(claimed["columns"]))
            assert Fraction(claimed["value"]) != 0
            if size <= 7:
                assert Fraction(claimed["value"]) == minor_of(rows, claimed)


def test_numbers_are_drawn_as_in_the_gallery(decided):
    for rows, found in decided[: KERNELS + len(NAMED)]:
        drawn = [number(x) for row in rows for x in row]
        assert [x for row in found["numbers"] for x in row] == drawn


def test_singular_values_and_errors(node):
    chosen = [*RANDOM[:120], *NAMED]
    for rows, found in zip(chosen, node("spectrum", list(map(written, chosen))), strict=True):
        below = prod({Fraction(x).denominator for row in rows for x in row})
        whole = [[int(x * below) for x in row] for row in rows]
        values = list(map(float, enclosed(whole, below).values))
        scale = max(values) or 1
        assert found["values"] == pytest.approx(values, abs=1e-12 * scale)
        for kept, (missed, near) in enumerate(zip(found["missed"], found["nearest"], strict=True)):
            error = hypot(*values[kept:])
            assert missed["error"] == pytest.approx(error, abs=1e-12 * scale)
            assert missed["relative"] == pytest.approx(error / (hypot(*values) or 1), abs=1e-12)
            apart = [
                float(a) - b
                for line, other in zip(rows, near, strict=True)
                for a, b in zip(line, other, strict=True)
            ]
            assert hypot(*apart) == pytest.approx(error, abs=1e-12 * scale)


GOOD = [
    "1 2 1; 2 4 2; 1 2 1",
    "1,2;3,4;",
    " [1 2; 3 4] ",
    "[[1, 2], [3, 1/2]]",
    "0.1 1e-3; +2 \N{MINUS SIGN}3",
    "1 / 3, .5; -2., 1E2",
    "-0 0",
    "7",
    '[["1/3", 2]]',
    "1 2 1\n2 4 2\n1 2 2",
    "1 2 1\r\n2 4 2\r\n1 2 2\r\n",
    "1 2 1\r2 4 2",
    "1\t2\t1\n2\t4\t2\n",
    "\t1\t2\n\t3\t4\n",
    "1\t2\t\n3\t4\t\n",
    "  1 2  \n  3 4  ",
    "\n\n1 2\n\n3 4\n \n",
    "1 2 1\n\n2 4 2\n1 2 2",
    "1 2 1;\n2 4 2;\n1 2 2;\n",
    "1 2;\n3 4",
    "1, 2\n3, 4\n",
    "1,2\n3 4",
    "[1 2\n3 4]",
    "[\n1 2;\n3 4\n]",
    "[[1, 2],\n [3, 4]]\n",
    "[\n[1,2],\n[3,4]\n]",
    "1\n2\n3",
    "1\N{NO-BREAK SPACE}2\n3\N{NO-BREAK SPACE}4",
    "1 2\N{LINE SEPARATOR}3 4",
    "1 2\v3 4\f5 6\x857 8",
    "\N{ZERO WIDTH NO-BREAK SPACE}1 2\n3 4",
    "1 \t 2\n3 \t4",
]
BAD = [
    "1 2; x 1",
    "1 2; 3",
    "1/0 2",
    "nan 1",
    "1 -inf",
    "1 2.5.1",
    "1 1/2.5",
    "1 0x10",
    "1 1e3.5",
    "1 --2",
    "1 \N{ARABIC-INDIC DIGIT THREE}",
    "",
    " \n\t\n",
    ";",
    " ; ",
    "1 2;; 3 4",
    ";1 2",
    "1,,2",
    "1 2,",
    "1 2\n3",
    "1 2\n3 x",
    "1 2 1; 2 4 2\n1 2 1",
    "1;2;1\n2;4;2",
    "1;2;1;\n2;4;2;",
    "1 2\n;\n3 4",
    "1\t\t1\n2\t\t2",
    "\t1\n2\t",
    "1\t2\n\t4",
    "0,5\t1\n2\t3",
    "1 2\n3 4\n\n5 6\n7 8",
    "1 2\n3 4\n\n5 6\n7 8\n\n1 1\n1 1\n",
    "[1 2",
    "[1 2; 3 4",
    "[1, 2",
    "[[1, 2]",
    "[[1, 2], [3]]",
    "[[1, 2], 3]",
    "[[1, [2]], [3, 4]]",
    "[[1, x]]",
    "[[1 2], [3 4]]",
    "[[1, 2]; [3, 4]]",
    "[1, 2]",
    "[1 2 3]",
    "[]",
    "[[]]",
    "[[], []]",
    "<b>1</b>",
    "it's 1",
    "say \"1\" '2'",
    "a\\b",
    "1 2\n3 \N{ZERO WIDTH SPACE}4",
    "1e+ 2",
    f"{'x' * 50} 1",
]
SIGNS = "0123 \t\n;,[]./-ex'"
ONLY_HERE = re.compile("(?<!written )here|this page|±60")  # limits of the page


def test_text_is_read_as_on_the_command_line(node):
    for text, found in zip(GOOD, node("read", GOOD), strict=True):
        assert found == by_hand(text), text


def by_hand(text):
    """What the command line makes of a text: the rows, or the sentence that refuses it."""
    try:
        entries = read_by_hand("the kernel", text)
    except InputError as error:
        return {"error": str(error).removeprefix("the kernel, ")}
    height, width = entries.shape[-2:]
    words = list(map(str, entries.numbers))
    return {"entries": [words[width * y : width * (y + 1)] for y in range(height)]}


def test_bad_text_is_refused_in_the_same_words(node):
    for text, found in zip(BAD, node("read", BAD), strict=True):
        assert found == by_hand(text), text
        assert set(found) == {"error"}, text


def test_any_text_is_read_or_refused_alike(node):
    random = Random(11)
    texts = ["".join(random.choices(SIGNS, k=random.randint(1, 12))) for _ in range(4000)]
    shapes = [
        random.choice(("{} {}\n{} {}", "{}\t{}\r\n{}\t{}", "[{}, {}\n{}, {}]", "[[{},{}],[{},{}]]"))
        for _ in range(400)
    ]
    texts += [x.format(*("".join(random.choices(SIGNS, k=2)) for _ in range(4))) for x in shapes]
    pairs = [(text, by_hand(text), x) for text, x in zip(texts, node("read", texts), strict=True)]
    for text, ours, found in pairs:
        if not ONLY_HERE.search(found.get("error", "")):
            assert found == ours, text
    assert sum("entries" in ours for _, ours, _ in pairs) > 150


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[[[1]]]]", "a list of rows"),
        ("1e99999999999999999999", "beyond ±60"),
        ("1e61", "beyond ±60"),
        ("9" * 81, "at most 80"),
        (" ".join("1" * 16), "at most 15 × 15"),
        ("\n".join("1" * 16), "at most 15 × 15"),
    ],
)
def test_the_limits_of_the_page_say_what_is_right(node, text, words):
    (found,) = node("read", [text])
    assert words in found["error"]


def test_multiplications_are_those_of_the_families(node):
    sizes = [{"k_h": a, "k_w": b, "m": c} for a in (1, 3, 15) for b in (1, 4) for c in (1, 2)]
    for given, (full, two) in zip(sizes, node("cost", sizes), strict=True):
        values = {C_in: 1, C_out: 1, k_h: given["k_h"], k_w: given["k_w"], m: given["m"]}
        assert full == FAMILIES["standard"].parameters.xreplace(values)
        assert two == FAMILIES["asymmetric"].parameters.xreplace(values)


def test_filters_are_sums_with_the_border_repeated(node):
    random = Random(5)
    jobs = []
    for height, width in ((1, 1), (3, 3), (2, 5), (4, 1), (1, 4), (7, 6)):
        pairs = [
            {"column": [random.randint(-3, 3) for _ in range(height)],
             "row": [random.randint(-3, 3) for _ in range(width)]}
            for _ in range(2)
        ]  # fmt: skip
        kernel = [[sum(p["column"][u] * p["row"][v] for p in pairs) for v in range(width)]
                  for u in range(height)]  # fmt: skip
        pixels = [random.randint(0, 255) for _ in range(6 * 5)]
        jobs.append({"image": {"width": 6, "height": 5, "pixels": pixels},
                     "kernel": kernel, "pairs": pairs})  # fmt: skip
    for job, (full, passes) in zip(jobs, node("filter", jobs), strict=True):
        assert full == literal(job["image"]["pixels"], job["kernel"])
        assert passes == full


def literal(pixels, kernel):
    """Cross-correlation of a 5 × 6 image, pixel by pixel."""
    up, left = (len(kernel) - 1) // 2, (len(kernel[0]) - 1) // 2

    def at(y, x):
        return pixels[6 * min(max(y, 0), 4) + min(max(x, 0), 5)]

    return [
        sum(
            weight * at(y + u - up, x + v - left)
            for u, row in enumerate(kernel)
            for v, weight in enumerate(row)
        )
        for y in range(5)
        for x in range(6)
    ]


def test_the_sample_image_has_something_of_everything(node):
    (pixels,) = node("sample", [0])
    assert len(pixels) == 192 * 192
    assert 0 <= min(pixels) < 30
    assert 230 < max(pixels) <= 255
    assert len({round(x) for x in pixels}) > 150


def test_the_asset_holds_the_gallery_exactly():
    held = json.loads(kernel_lab.kernels())
    assert list(held) == list(gallery())
    for name, kernel in gallery().items():
        assert [fractions(row) for row in held[name]["entries"]] == [
            list(row) for row in kernel.entries
        ]
        assert max(len(kernel.entries), len(kernel.entries[0])) <= 15
