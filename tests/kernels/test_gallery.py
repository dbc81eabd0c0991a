"""The gallery: tables from their definitions, samples and ranks computed a second way."""

import re
from fractions import Fraction
from itertools import combinations, permutations
from math import comb, prod

import mpmath
import pytest
import sympy
from flint import arb

from derive.algebra.matrix import rank
from derive.kernels import gallery, sampled, TAGS
from derive.kernels.sampled import ball, FORMULAS, Sampled, sigma, x, y
from derive.notation.errors import CheckError
from derive.theorems import named_kernels

SAMPLED = [name for name, kernel in gallery().items() if kernel.sampled]
TABLES = [name for name, kernel in gallery().items() if not kernel.sampled]
ASKED = (
    *("box-3", "binomial-3", "binomial-4", "binomial-5", "binomial-6", "binomial-7"),
    *("sobel", "sobel-y", "prewitt", "scharr", "roberts", "kirsch-north", "kirsch-north-west"),
    *("laplacian-4", "laplacian-8", "laplacian-9", "sharpen", "unsharp-5", "emboss"),
    *("log-sampled", "log-zero-sum", "log-5", "log-9", "dog", "gabor", "gabor-elongated"),
    *("disc-2", "disc-3", "motion-blur-3", "gaussian-5", "gaussian-273"),
)  # by the issue that asked for the gallery


def table(name):
    return [list(row) for row in gallery()[name].table]


def outer(column, row):
    return [[a * b for b in row] for a in column]


def delta(n):
    return [[int(a == b == n // 2) for b in range(n)] for a in range(n)]


def combined(*parts):
    """The sum of factors times tables."""
    _, first = parts[0]
    return [
        [sum(times * rows[a][b] for times, rows in parts) for b in range(len(first[0]))]
        for a in range(len(first))
    ]


def total(rows):
    return sum(map(sum, rows))


def transposed(rows):
    return [list(row) for row in zip(*rows, strict=True)]


# The catalogue


def test_nothing_that_was_asked_for_is_missing():
    assert set(ASKED) <= set(gallery())


@pytest.mark.parametrize("name", gallery())
def test_every_kernel_is_described(name):
    kernel = gallery()[name]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    assert kernel.name == name
    assert kernel.title[0].isupper()
    assert re.fullmatch(r"[A-Z][^.]*( [^.]+|[0-9]\.[0-9][^.]*)*\.", kernel.use), "one sentence"
    assert kernel.tags
    assert set(kernel.tags) <= set(TAGS)
    assert bool(kernel.table) != bool(kernel.sampled)
    assert len({len(row) for row in kernel.entries}) == 1
    assert kernel.floating == ("float64" if kernel.sampled else None)
    assert kernel.source or kernel.name in PLAIN


PLAIN = {  # definitions that need no source
    *("box-5", "binomial-4", "binomial-6", "binomial-7", "disc-2", "disc-3", "second-difference"),
    *("motion-blur-3", "motion-blur-horizontal-5", "gaussian-rotated"),
}


def test_titles_are_different():
    titles = [kernel.title for kernel in gallery().values()]
    assert len(set(titles)) == len(titles)


# Tables, each by its definition

SMOOTH, SLOPE = (1, 2, 1), (-1, 0, 1)
DEFINED = {
    "delta-3": delta(3),
    "box-3": outer((1,) * 3, (1,) * 3),
    "box-5": outer((1,) * 5, (1,) * 5),
    **{
        f"binomial-{n}": outer(*[[comb(n - 1, k) for k in range(n)]] * 2) for n in (3, 4, 5, 6, 7)
    },
    "sobel": outer(SMOOTH, SLOPE),
    "prewitt": outer((1, 1, 1), SLOPE),
    "scharr": outer((3, 10, 3), SLOPE),
    "second-difference": outer((1, -2, 1), (1, -2, 1)),
    "sharpen": combined((1, delta(3)), (-1, table("laplacian-4"))),
    "laplacian-8": combined((1, outer((1,) * 3, (1,) * 3)), (-9, delta(3))),
    "laplacian-4": combined(
        (1, outer((0, 1, 0), (1, -2, 1))), (1, outer((1, -2, 1), (0, 1, 0)))
    ),
    "laplacian-9": combined((6, table("laplacian-4")), (1, table("second-difference"))),
    "unsharp-5": combined((-512, delta(5)), (1, table("binomial-5"))),
    "motion-blur-3": [[int(a == b) for b in range(3)] for a in range(3)],
    "motion-blur-horizontal-5": outer((0, 0, 1, 0, 0), (1,) * 5),
    **{
        f"disc-{r}": [
            [int(a * a + b * b <= r * r) for b in range(-r, r + 1)] for a in range(-r, r + 1)
        ]
        for r in (2, 3)
    },
}  # fmt: skip


@pytest.mark.parametrize("name", DEFINED)
def test_a_table_is_its_definition(name):
    assert table(name) == DEFINED[name]


@pytest.mark.parametrize("name", ["sobel", "prewitt", "scharr"])
def test_downwards_is_rightwards_transposed(name):
    assert table(f"{name}-y") == transposed(table(name))


def test_other_directions_are_turned():
    assert table("roberts-2") == [row[::-1] for row in table("roberts")]
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    north, west = table("kirsch-north"), table("kirsch-north-west")
    assert north[1][1] == west[1][1] == 0
    around = [north[a][b] for a, b in ring]
    assert [west[a][b] for a, b in ring] == [*around[1:], around[0]]


@pytest.mark.parametrize("name", TABLES)
def test_blurs_keep_a_constant_image_and_edges_do_not_see_it(name):
    first = gallery()[name].tags[0]
    want = 1 if first in ("blur", "sharpen") else 0
    assert total(gallery()[name].entries) == want


ROUND = (
    *("delta-3", "box-3", "box-5", "gaussian-5", "gaussian-7", "gaussian-273", "disc-2", "disc-3"),
    *("laplacian-4", "laplacian-8", "laplacian-9", "log-5", "log-9", "log-sampled", "dog"),
    *("log-zero-sum", "sharpen", "unsharp-5", *(f"binomial-{n}" for n in range(3, 8))),
)


@pytest.mark.parametrize("name", ROUND)
def test_what_is_the_same_in_all_directions_has_all_symmetries(name):
    rows = [list(row) for row in gallery()[name].entries]
    assert rows == transposed(rows) == rows[::-1]


@pytest.mark.parametrize("name", [x for x in SAMPLED if x not in ROUND])
def test_waves_are_the_same_turned_by_half_a_circle(name):
    rows = [list(row) for row in gallery()[name].entries]
    assert rows == [row[::-1] for row in reversed(rows)]


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7])
def test_the_width_of_a_binomial_is_what_the_gallery_says(n):
    weights = [Fraction(comb(n - 1, k), 2 ** (n - 1)) for k in range(n)]
    mean = sum(k * w for k, w in enumerate(weights))
    spread = float(sum((k - mean) ** 2 * w for k, w in enumerate(weights))) ** 0.5
    said = re.search(r"σ = ([0-9.]+)", gallery()[f"binomial-{n}"].use)
    assert said is None or float(said[1].rstrip(".")) == pytest.approx(spread, abs=0.05)
    assert (said is None) == (n % 2 == 0)


def test_the_famous_table_is_no_product():
    """The 1/273 table: one minor says so."""
    rows = table("gaussian-273")
    assert total(rows) == 273
    assert rows[0][0] * rows[2][2] - rows[0][2] * rows[2][0] == 41 - 49


# Ranks


def determinant(rows):
    """By permutations."""
    return sum(
        (-1) ** sum(a > b for a, b in combinations(order, 2))
        * prod(rows[k][column] for k, column in enumerate(order))
        for order in permutations(range(len(rows)))
    )


def rank_by_minors(rows):
    """The largest size of a minor that is not 0: slow, by definition."""
    for size in range(min(len(rows), len(rows[0])), 0, -1):
        for lines in combinations(range(len(rows)), size):
            for columns in combinations(range(len(rows[0])), size):
                if determinant([[rows[a][b] for b in columns] for a in lines]):
                    return size
    return 0


SMALL = [name for name, kernel in gallery().items() if len(kernel.entries) <= 5]


@pytest.mark.parametrize("name", SMALL)
def test_ranks_agree_with_all_minors(name):
    entries = gallery()[name].entries
    assert rank(entries) == rank_by_minors(entries)


def gauss(rows):
    """The rank by elimination in fractions."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((k for k in range(found, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for k in range(found + 1, len(rows)):
            times = rows[k][column] / rows[found][column]
            rows[k] = [a - times * b for a, b in zip(rows[k], rows[found], strict=True)]
        found += 1
    return found


@pytest.mark.parametrize("name", gallery())
def test_ranks_agree_with_elimination(name):
    entries = gallery()[name].entries
    assert rank(entries) == gauss(entries)


def test_the_theorem_speaks_of_kernels_of_the_gallery():
    found = [name for _, words in named_kernels.ranks for name in named_kernels.named(words)]
    assert sorted(found) == sorted(named_kernels.NAMES)
    for claimed, words in named_kernels.ranks:
        names = named_kernels.named(words)
        assert all(rank(gallery()[name].entries) == claimed for name in names)


# Samples: the formulas written anew, in 60 digits


def blob(a, b, s):
    return mpmath.exp(-(a * a + b * b) / (2 * s * s))


def slim(a, b):
    along = a * mpmath.cos(mpmath.pi / 6) + b * mpmath.sin(mpmath.pi / 6)
    across = -a * mpmath.sin(mpmath.pi / 6) + b * mpmath.cos(mpmath.pi / 6)
    return mpmath.exp(-(along**2 + across**2 / 4) / 8)


def stripes(a, b, degrees):
    angle = mpmath.pi * degrees / 180
    return mpmath.cos(mpmath.pi / 2 * (a * mpmath.cos(angle) + b * mpmath.sin(angle)))


def curvature(a, b):
    s = mpmath.mpf(7) / 5
    weight = -1 / (mpmath.pi * s**4) * (1 - (a * a + b * b) / (2 * s * s))
    return weight * blob(a, b, s)


def band(a, b):
    wide = mpmath.mpf(8) / 5
    return (blob(a, b, 1) - blob(a, b, wide) / wide**2) / (2 * mpmath.pi)


ANEW = {
    "gaussian-5": (2, lambda a, b: blob(a, b, 1), 1),
    "gaussian-7": (3, lambda a, b: blob(a, b, mpmath.mpf(3) / 2), 1),
    "log-sampled": (4, curvature, None),
    "log-zero-sum": (4, curvature, 0),
    "dog": (4, band, None),
    "gabor": (3, lambda a, b: blob(a, b, 2) * stripes(a, b, 30), None),
    "gabor-upright": (3, lambda a, b: blob(a, b, 2) * stripes(a, b, 0), None),
    "gabor-elongated": (3, lambda a, b: slim(a, b) * stripes(a, b, 30), None),
    "gaussian-rotated": (3, slim, 1),
}


def anew(name):
    """The samples in 60 digits, rows downwards."""
    reach, formula, wanted = ANEW[name]
    pixels = range(-reach, reach + 1)
    rows = [[formula(mpmath.mpf(a), mpmath.mpf(b)) for a in pixels] for b in pixels]
    whole = mpmath.fsum(x for row in rows for x in row)
    if wanted == 1:
        return [[x / whole for x in row] for row in rows]
    mean = whole / len(pixels) ** 2 if wanted == 0 else 0
    return [[x - mean for x in row] for row in rows]


def test_every_sampled_kernel_is_checked():
    assert sorted(ANEW) == sorted(SAMPLED)


@pytest.mark.parametrize("name", SAMPLED)
def test_samples_are_the_nearest_floats(name):
    with mpmath.workdps(60):
        wanted = anew(name)
    for row, other in zip(gallery()[name].entries, wanted, strict=True):
        for entry, exact in zip(row, other, strict=True):
            assert float(entry) == (float(exact) if abs(exact) > 1e-50 else 0.0)


IDEAL = {
    **{"gaussian-5": 1, "gaussian-7": 1, "gabor-upright": 1, "dog": 2, "log-sampled": 2},
    **{"gabor": 2, "log-zero-sum": 3, "gabor-elongated": 7, "gaussian-rotated": 7},
}  # by T16


@pytest.mark.parametrize("name", SAMPLED)
def test_the_rank_before_rounding_is_that_of_the_theorem_and_of_60_digits(name):
    assert gallery()[name].sampled.ideal_rank == IDEAL[name]
    with mpmath.workdps(60):
        values = mpmath.svd_r(mpmath.matrix(anew(name)), compute_uv=False)
        assert sum(value > values[0] * mpmath.mpf(10) ** -40 for value in values) == IDEAL[name]


@pytest.mark.parametrize("name", SAMPLED)
def test_rounding_never_lowers_a_rank_here(name):
    assert rank(gallery()[name].entries) >= IDEAL[name]


def test_a_float64_gaussian_has_rank_3_and_is_separable_to_1e_17():
    entries = gallery()["gaussian-5"].entries
    assert rank(entries) == 3
    with mpmath.workdps(60):
        rows = [[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in entries]
        values = mpmath.svd_r(mpmath.matrix(rows), compute_uv=False)
        assert 9e-18 < values[1] / values[0] < 1e-17


def test_the_laplacian_is_that_of_the_gaussian():
    unit = FORMULAS["gaussian"] / (2 * sympy.pi * sigma**2)
    difference = unit.diff(x, 2) + unit.diff(y, 2) - FORMULAS["laplacian of gaussian"]
    assert sympy.simplify(difference) == 0


def test_the_elongated_gabor_is_that_of_the_theorem():
    for row, other in zip(
        gallery()["gabor-elongated"].sampled.samples, named_kernels.elongated().samples, strict=True
    ):
        assert all(a.overlaps(b) for a, b in zip(row, other, strict=True))


def test_what_is_not_certain_is_an_error(monkeypatch):
    with pytest.raises(CheckError, match="has no ball"):
        ball(sympy.tan(1))
    vanishing = Sampled(sympy.cos(sigma * 0) - 1 + 0 * x, (), 1)
    with pytest.raises(CheckError, match="no 1 × 1 minor"):
        _ = vanishing.ideal_rank
    with pytest.raises(CheckError, match="too wide a ball"):
        sampled._nearest(arb(1, 1e-3))
    monkeypatch.setattr(sampled, "BITS", 20)
    with pytest.raises(CheckError, match="too wide a ball"):
        _ = Sampled(sympy.exp(x + y / 3), (), 1).entries
