"""The lesson on borders, biases, activations and strides between two stages, on one small image."""

from derive.oracle import Axis, convolve, Factor, pipeline, Tensor
from derive.site.heat import heat
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise
from derive.site.worked import line, table, Worked
from derive.theorems.border_pixels import leaving

Plane = list[list[int]]

IMAGE: Plane = [
    [1, 0, 2, 4, 3, 1],
    [2, 5, 1, 0, 1, 2],
    [0, 3, 2, 5, 2, 0],
    [4, 1, 0, 1, 3, 3],
    [2, 2, 5, 2, 0, 1],
    [1, 0, 3, 1, 4, 2],
]
COLUMN, ROW = (1, 2, -1), (2, 1, -1)
MIXED = (  # two middle channels: a column and a row each, of weights that make up for each other
    ((1, 2, -1), (2, 1, 2)),
    ((1, 0, -1), (2, 3, 2)),
)
BIAS, TOP = 1, 5  # the bias of the middle image; pixels go up to TOP
SIZE, TAPS = len(IMAGE), len(COLUMN)
WORDS = {
    "plain": "Zero padding, no bias, no activation: one and the same function.",
    "bias zeros": "The bias is on the middle image, but not on the zeros around it: part of it is "
    "missing in {columns}.",
    "bias edge": "An edge that is repeated repeats the bias too: no output misses part of it.",
    "bias repaired": "Around the middle image stands the bias itself: no output misses part of it.",
    "edge": "Repeating the edge works along one axis at a time: it factors as the kernel does.",
    "ones": "Around the image there are ones. Around the middle image there would have to be what "
    "the column filter makes of ones, and there are ones again.",
    "bias ones": "Around the image there are ones. Around the middle image there would have to be "
    "what the column filter and the bias make of ones, and there are ones again.",
    "relu": "The activation cuts off what is negative in the middle image. One convolution has no "
    "middle image to cut.",
    "split": "Each filter keeps the stride of its own axis: no pixel is lost.",
    "last": "The row filter takes every second row and column: no pixel is lost, but the column "
    "filter has run everywhere.",
    "first": "The column filter has thrown away every second column before the row filter could "
    "read it.",
}


def context() -> dict[str, object]:
    """The facts of the figure and its still picture: a bias between two zero-padded stages."""
    chain, single = two_stages(BIAS), one_convolution(BIAS)
    gap = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(chain, single, strict=True)]
    places = [(y, x) for y, row in enumerate(gap) for x, entry in enumerate(row) if entry]
    return {
        "facts": facts_html(
            {
                "image": IMAGE,
                "column": COLUMN,
                "row": ROW,
                "bias": BIAS,
                "top": TOP,
                "words": WORDS,
            }
        ),
        "chain": heat("Two stages", chain),
        "single": heat("One convolution", single),
        "gap": heat("Difference", gap),
        "differ": len(places),
        "outputs": SIZE**2,
        "border": border(),
        "by_hand": by_hand(),
        "sums": [sum(column) for column, _ in MIXED],
        "exercises": (border_outputs(),),
    }


def by_hand() -> Worked:
    """The first output of the figure, two stages against one; CheckError if loops differ."""
    middle = _plane(
        pipeline(
            [("ju", {(0, u): COLUMN[u] for u in range(TAPS)})],
            _image(),
            "",
            "j",
            {"j": 1},
            _axes() | {"v": Axis(SIZE, 1)},
            [{(0,): BIAS}],
        ).output
    )
    chain, single = two_stages(BIAS)[0][0], one_convolution(BIAS)[0][0]

    def column(x: int) -> list[tuple[int, int]]:
        """The column filter in the first row: its upper tap is above the image."""
        return [(COLUMN[1], IMAGE[0][x]), (COLUMN[2], IMAGE[1][x]), (BIAS, 1)]

    along = [(ROW[1], middle[0][0]), (ROW[2], middle[0][1])]
    full = [(COLUMN[u] * ROW[v], IMAGE[u - 1][v - 1]) for u in (1, 2) for v in (1, 2)]
    lines = (
        line("The middle image in column 0, bias included", column(0), middle[0][0]),
        line("In column 1", column(1), middle[0][1]),
        line("The row filter on both, and on the zero to their left", [(ROW[0], 0), *along], chain),
        line("One convolution, and the bias times all its row weights",
             [*full, *((BIAS, weight) for weight in ROW)], single),
        line("What is missing: the weight on the zero, times the bias", [(ROW[0], BIAS)],
             single - chain),
    )  # fmt: skip
    return Worked((table("X, upper left", [row[:2] for row in IMAGE[:2]]),), lines)


def border_outputs() -> Exercise:
    """Outputs that a bias between the stages changes: by the windows that leave, and by loops."""
    tall, wide = 7, 9
    axis = Axis(wide, TAPS, before=1, after=1)
    chain = biased(tall, wide, BIAS)
    plain = biased(tall, wide, 0)
    inside = BIAS * sum(ROW)
    changed = [at for at, value in chain.items() if value - plain[at] != inside]
    columns = sum(leaving(axis))
    count = agreed(columns * tall, len(changed))
    return Exercise(
        f"A column filter with a bias, then a row filter of {TAPS} taps, on {tall} × {wide} pixels"
        " with stride 1 and one zero around each image. How many outputs miss part of the bias?",
        f"{count}: the windows of the row filter leave the image in {columns} columns of"
        f" {tall} rows. (That is if no weights that fall on padding add up to 0.)",
    )


def biased(tall: int, wide: int, bias: int) -> Tensor:
    """The two stages of the lesson on an image of ones, with a bias after the first."""
    factors: list[Factor] = [
        ("ju", {(0, u): COLUMN[u] for u in range(TAPS)}),
        ("ojv", {(0, 0, v): ROW[v] for v in range(TAPS)}),
    ]
    image: Tensor = {(y, x): 1 for y in range(tall) for x in range(wide)}
    axes = {tap: Axis(n, TAPS, before=1, after=1) for tap, n in (("u", tall), ("v", wide))}
    run = pipeline(factors, image, "", "o", {"j": 1, "o": 1}, axes, [{(0,): bias}, None])
    return run.output


def border() -> dict[str, object]:
    """Windows of three and of four taps that leave an image, of stride 2 with a padding of 1."""
    axes = {taps: Axis(SIZE, taps, stride=2, before=1, after=1) for taps in (TAPS, TAPS + 1)}
    return {
        "size": SIZE,
        "stride": 2,
        "padding": 1,
        "leaving": {taps: sum(leaving(axis)) for taps, axis in axes.items()},
    }


def two_stages(bias: int) -> Plane:
    """The column filter with a bias, then the row filter, both padded with zeros.

    >>> two_stages(0) == one_convolution(0), two_stages(1) == one_convolution(1)
    (True, False)
    """
    factors: list[Factor] = [
        ("ju", {(0, u): COLUMN[u] for u in range(TAPS)}),
        ("ojv", {(0, 0, v): ROW[v] for v in range(TAPS)}),
    ]
    sizes = {"j": 1, "o": 1}
    run = pipeline(factors, _image(), "", "o", sizes, _axes(), [{(0,): bias}, None])
    return _plane(run.output)


def one_convolution(bias: int) -> Plane:
    """The convolution with the product of the two filters, and all of the bias at once."""
    kernel: Tensor = {(0, u, v): COLUMN[u] * ROW[v] for u in range(TAPS) for v in range(TAPS)}
    run = convolve(kernel, _image(), "", "o", "uv", {"o": 1}, _axes())
    return [[entry + bias * sum(ROW) for entry in row] for row in _plane(run.output)]


def _axes() -> dict[str, Axis]:
    margin = TAPS // 2
    return {tap: Axis(SIZE, TAPS, before=margin, after=margin) for tap in "uv"}


def _image() -> Tensor:
    return {(y, x): IMAGE[y][x] for y in range(SIZE) for x in range(SIZE)}


def _plane(output: Tensor) -> Plane:
    return [[int(output[0, y, x]) for x in range(SIZE)] for y in range(SIZE)]
