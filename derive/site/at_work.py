"""A pipeline at work on a small image: its weights and every number that it makes, by loops.

The figure shows one output pixel being made. Of its numbers the page multiplies and adds those that
it shows; what they add up to is here already, and a test compares the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod
from random import Random

from sympy import Symbol

from derive import oracle
from derive.algebra.counting import StageCount
from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts.image import image, Json
from derive.notation.errors import CheckError
from derive.notation.family import Family, Letters
from derive.notation.letters import DIRECTIONS, MEANING
from derive.parse.layer import read_layer
from derive.site.filters import Filters, filters
from derive.site.first_state import mark
from derive.site.pages.learn.course import facts_html

SIDE = 5  # pixels of the image along either side
WIDEST = 4  # planes next to each other that a phone has room for
SMALL = Choices(widths=(2,), multipliers=(1,), ranks=(2,))
BRIGHTEST = 3  # pixels are 0 to 3
WEIGHTS = (-1, 1, 2)
SEED = 5
small = partial(read_layer, image=f"{SIDE}x{SIDE}", kernel="3")
LAYERS = (
    partial(small, channels_in=3, channels_out=2),
    partial(small, channels_in=3, channels_out=3),
    partial(small, channels_in=4, channels_out=2, groups=2),
)


def figure(name: str) -> str:
    """The figure of a family at work as raw HTML; nothing if it has none.

    >>> figure("r2plus1d")
    ''
    """
    facts = at_work(name)
    if facts is None:
        return ""
    stage = f'<div class="stage">{mark(_state(name))}</div>'
    return f"<at-work>{facts_html(facts)}{stage}</at-work>"


def figures() -> dict[str, Json]:
    """The facts of every figure of a family at work, by the name of its first state.

    >>> figures()["at-work-asymmetric"]["name"]
    'asymmetric'
    """
    found = {name: at_work(name) for name in FAMILIES}
    return {_state(name): image(facts) for name, facts in found.items() if facts}


def _state(name: str) -> str:
    return f"at-work-{name}"


@dataclass(frozen=True)
class Work:
    """A pipeline that has run: sizes by letter, image, factors, kernel, what every stage made."""

    sizes: dict[str, int]
    pixels: dict[oracle.Index, int]
    factors: list[oracle.Factor]
    kernel: dict[oracle.Index, oracle.Number]
    channels: list[Letters]
    made: list[dict[oracle.Index, oracle.Number]]


def at_work(name: str) -> dict[str, object] | None:
    """A family at work, for its figure: tensors with their planes, stages with their weights.

    ``None`` if it has no row of its own there. Raises CheckError if the pipeline is not the
    convolution with its kernel on this image.

    >>> at_work("asymmetric")["stages"][0]["filters"]
    '2 filters of 3 × 1 × 3'
    """
    entry = FAMILIES[name]
    row = at_work_row(entry)
    if row is None:
        return None
    run, stages = worked(row), [stage for _, stage in row.stages]
    names = ["X", *(f"Z{_number(n, len(stages))}" for n in range(1, len(stages))), "Y"]
    numbers: list[oracle.Tensor] = [run.pixels, *run.made]
    tensors = zip(names, [_family(row).inputs, *run.channels], numbers, strict=True)
    return {
        "name": name,
        "title": entry.title,
        "side": SIDE,
        "sizes": run.sizes,
        "tensors": [_tensor(*one, run.sizes) for one in tensors],
        "stages": [
            {
                "factor": str(stage.stage.factor.base),
                "letters": list(word),
                "filters": str(shape),
                "weights": {",".join(map(str, at)): weight for at, weight in weights.items()},
            }
            for stage, shape, (word, weights) in zip(
                stages, all_filters(row), run.factors, strict=True
            )
        ],
    }


def _family(row: Row) -> Family:
    ((_, family),) = row.line.branches
    return family


def worked(row: Row) -> Work:
    """Run a row on random numbers; CheckError if it is not the convolution with its kernel."""
    family, random = _family(row), Random(SEED)  # noqa: S311
    sizes = {x.name: row.size(family.sizes[x]) for x in family.letters}
    sizes |= {d.tap.name: row.size(d.kernel) for d in row.layer.directions}
    pixels = _image(random, row, sizes, family)
    factors = [_factor(random, sizes, factor.indices) for factor in family.factors]
    inputs, outputs = oracle.word(family.inputs), oracle.word(family.outputs)
    kernel = oracle.contract(factors, inputs, outputs, "uv", sizes)
    whole = oracle.convolve(kernel, pixels, inputs, outputs, "uv", sizes, _axes(sizes))
    channels = [_channels(stage) for _, stage in row.stages]
    made = [
        oracle.pipeline(
            factors[: n + 1], pixels, inputs, oracle.word(letters), sizes, _axes(sizes)
        ).output
        for n, letters in enumerate(channels)
    ]
    if whole.output != made[-1]:
        raise CheckError(f"{family} at work is not the convolution with its kernel")
    return Work(sizes, pixels, factors, kernel, channels, made)


def all_filters(row: Row) -> list[Filters]:
    """The filters of every stage of a row."""
    return [filters(stage, row.layer.directions, row.values) for _, stage in row.stages]


def at_work_row(entry: Entry) -> Row | None:
    """A family of one pipeline on the first small layer that it fits, if a phone can show it."""
    if len(entry.family.branches) > 1 or entry.family.branches[0][0] != 1:
        return None
    for layer in (read() for read in LAYERS):
        for row in attempts(entry, layer, SMALL):
            if isinstance(row, Row) and max(_planes(row)) <= WIDEST:
                return row
    return None


def _planes(row: Row) -> Iterator[int]:
    """How many planes every tensor of the pipeline has."""
    yield row.layer.channels_in
    for _, stage in row.stages:
        yield prod(row.size(extent) for x, extent in stage.stage.domain if x not in _pixels())


def _pixels() -> set[Symbol]:
    return {direction.pixel for direction in DIRECTIONS.values()}


def _channels(stage: StageCount) -> Letters:
    """The letters that number the planes that a stage writes."""
    return tuple(x for x, _ in stage.stage.domain if x in MEANING and x not in _pixels())


def _number(n: int, stages: int) -> str:
    """What tells the tensors between the stages apart, where there are several."""
    return "" if stages == 2 else "₀₁₂₃₄₅₆₇₈₉"[n]


def _image(
    random: Random, row: Row, sizes: dict[str, int], family: Family
) -> dict[oracle.Index, int]:
    extents = [sizes[x.name] for x in family.inputs] + [axis.size for axis in row.layer.axes]
    places = product(*map(range, map(int, extents)))
    return {at: random.randint(0, BRIGHTEST) for at in places}


def _factor(random: Random, sizes: dict[str, int], letters: Letters) -> oracle.Factor:
    extents = [sizes[x.name] for x in letters]
    places = product(*map(range, extents))
    return oracle.word(letters), {at: random.choice(WEIGHTS) for at in places}


def _axes(sizes: dict[str, int]) -> dict[str, oracle.Axis]:
    sides = (sizes[tap] for tap in "uv")
    return {
        tap: oracle.Axis(SIDE, side, before=side // 2, after=side // 2)
        for tap, side in zip("uv", sides, strict=True)
    }


def _tensor(
    name: str, letters: Letters, numbers: oracle.Tensor, sizes: dict[str, int]
) -> dict[str, object]:
    """A tensor as planes, each with the values of its channel letters."""
    places = product(*(range(sizes[x.name]) for x in letters))
    return {
        "name": name,
        "letters": [x.name for x in letters],
        "planes": [
            {
                "at": list(at),
                "rows": [[numbers[(*at, y, x)] for x in range(SIDE)] for y in range(SIDE)],
            }
            for at in places
        ],
    }
