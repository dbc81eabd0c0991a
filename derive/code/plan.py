"""A family on a layer as the convolutions that frameworks have: channels, groups, windows.

A stage multiplies its factor with what the stage before wrote. Its channel letters say which
convolution it is: those of the factor that it reads and writes are groups, those that it only reads
are summed, those that it only writes are made. Channels of several letters are flattened, the first
letter slowest, in an order that suits both the stage that writes them and the one that reads them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from math import prod

from sympy import Symbol

from derive.algebra.counting import StageCount
from derive.comparison import Row
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.convolution import Stage
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters

WASTE = (
    "stage {factor} repeats itself for every {letters} with the same weights, which no framework"
    " has as a convolution: write the factors in another order"
)
SHUFFLE = (
    "stage {factor} of {line} needs its channels in another order than they come in, a shuffle"
    " between two convolutions: no chain of convolutions has it"
)


@dataclass(frozen=True)
class Window:
    """What a convolution does along one axis; negative padding crops.

    A transposed one writes ``full`` pixels, of which ``before`` and ``after`` are cropped.
    """

    input: int
    output: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0

    @property
    def span(self) -> int:
        """Pixels from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def full(self) -> int:
        """Pixels that a transposed convolution writes to, cropped or not."""
        return (self.input - 1) * self.stride + self.span

    @property
    def upper(self) -> bool:
        """Whether the padding is that of TensorFlow and Keras: outputs for every stride-th pixel,
        the odd padding after."""
        total = max(0, (-(-self.input // self.stride) - 1) * self.stride + self.span - self.input)
        return (self.before, self.after) == (total // 2, total - total // 2)


@dataclass(frozen=True)
class Convolution:
    """One stage as a convolution: its factor, the roles of the letters, and its windows.

    ``letters`` are those of the factor in its own order, ``extents`` what they run over. In a file
    of factors the copies of a ``stacked`` one lie along the last axis of one array.
    """

    name: str
    letters: tuple[str, ...]
    extents: Mapping[str, int]
    grouped: tuple[str, ...]
    made: tuple[str, ...]
    summed: tuple[str, ...]
    taps: tuple[str, ...]
    windows: tuple[Window, ...]
    bias: bool
    transposed: bool
    weights: int
    macs: int
    stacked: bool = False

    @property
    def groups(self) -> int:
        """Into how many groups the channels fall."""
        return self.extent(self.grouped)

    @property
    def channels_in(self) -> int:
        """Channels read."""
        return self.groups * self.extent(self.summed)

    @property
    def channels_out(self) -> int:
        """Channels written."""
        return self.groups * self.extent(self.made)

    @property
    def kernel(self) -> tuple[int, ...]:
        """Taps along every axis."""
        return tuple(window.kernel for window in self.windows)

    @property
    def depthwise(self) -> bool:
        """Whether every channel is a group of its own."""
        return self.groups > 1 and self.groups == self.channels_in

    @property
    def biases(self) -> int:
        """How many biases it has."""
        return self.channels_out if self.bias else 0

    @property
    def layout(self) -> tuple[str, ...]:
        """The letters of a weight in PyTorch and ONNX: what is made, what is summed, the taps.

        A transposed convolution has what is summed first.
        """
        channels = (self.summed, self.made) if self.transposed else (self.made, self.summed)
        return (*self.grouped, *channels[0], *channels[1], *self.taps)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a weight as PyTorch and ONNX have it."""
        first, second = (self.summed, self.made) if self.transposed else (self.made, self.summed)
        return (self.groups * self.extent(first), self.extent(second), *self.kernel)

    def array(self, name: str) -> str:
        """The array of a copy of the factor in a file of factors."""
        if not self.stacked:
            return f'factors["{name}"]'
        return f'factors["{self.name}"][..., {self.copy(name)}]'

    def copy(self, name: str) -> int:
        """Which copy of the factor has a name, from 0: A, A_2, A_3 and so on."""
        return int(name[len(self.name) + 1 :] or 1) - 1

    def extent(self, letters: tuple[str, ...]) -> int:
        """How many values the letters take together."""
        return prod(self.extents[x] for x in letters)

    def sizes(self, letters: tuple[str, ...]) -> tuple[int, ...]:
        """What each of the letters runs over."""
        return tuple(self.extents[x] for x in letters)


@dataclass(frozen=True)
class Pipeline:
    """The convolutions of a branch, which occurs as often as there are ``names``.

    ``names`` are those of the factors of each copy: the name of the line, numbered where one is
    used again, as in a file of factors. ``middle`` are the axes of which the branch holds no tap:
    its kernel is the middle tap alone there.
    """

    stages: tuple[Convolution, ...]
    names: tuple[tuple[str, ...], ...]
    middle: tuple[bool, ...]

    @property
    def times(self) -> int:
        """How many copies there are, each with weights of its own."""
        return len(self.names)


@dataclass(frozen=True)
class Plan:
    """Branches whose results are added, and the single convolution that they equal."""

    name: str
    title: str
    line: str
    setting: Mapping[str, int]
    branches: tuple[Pipeline, ...]
    single: Convolution
    bias: Bias
    parameters: int
    macs: int

    @property
    def alone(self) -> bool:
        """Whether there is one pipeline, taken once."""
        return len(self.branches) == 1 and self.branches[0].times == 1

    @property
    def whole(self) -> bool:
        """Whether one pipeline, taken once, holds every tap of the kernel: nothing is added."""
        return self.alone and not any(self.branches[0].middle)

    @property
    def image(self) -> tuple[int, ...]:
        """The sides of the image."""
        return tuple(window.input for window in self.single.windows)

    @property
    def output(self) -> tuple[int, ...]:
        """The sides of the result."""
        return tuple(window.output for window in self.single.windows)

    def apart(self, at_zero: str) -> str:
        """What is subtracted in a check where stages before the last have biases, whose sum the
        single convolution does not know: the value at zero; what it equals else is ""."""
        return f" - {at_zero}" if self.bias else ""

    @property
    def stages(self) -> tuple[Convolution, ...]:
        """The convolutions of all branches, each branch once."""
        return tuple(stage for branch in self.branches for stage in branch.stages)


def plan(row: Row) -> Plan:
    """The convolutions of a family on a layer, with the biases of the layer.

    Raises InputError, one line, for a stage that no framework has as a convolution: one that
    repeats itself for a letter that it carries along, or that needs its channels in another order.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.comparison import attempts, Choices
    >>> from derive.parse.layer import read_layer
    >>> row = next(attempts(FAMILIES["asymmetric"], read_layer(), Choices()))
    >>> [(stage.name, stage.kernel, stage.groups) for stage in plan(row).stages]
    [('A', (3, 1), 1), ('B', (1, 3), 1)]
    """
    bias = row.layer.bias
    return Plan(
        name=row.entry.name,
        title=row.entry.title,
        line=str(row.line),
        setting={symbol.name: number for symbol, number in row.chosen.items()},
        branches=_branches(row, bias),
        single=_single(row),
        bias=bias,
        parameters=row.number(bias.of("parameters")),
        macs=row.number("macs"),
    )


def _branches(row: Row, bias: Bias) -> tuple[Pipeline, ...]:
    """The branches; where only the last of several copies has a bias, it is one by itself."""
    taken: Counter[str] = Counter()
    found: list[Pipeline] = []
    last = len(row.count.stages) - 1
    for n, ((times, counts), (_, family)) in enumerate(
        zip(row.count.stages, row.line.branches, strict=True)
    ):
        names = tuple(tuple(_numbered(family, taken)) for _ in range(row.size(times)))
        middle = tuple(tap not in family.taps for tap in row.layer.taps)
        bare, biased = (
            tuple(_convolutions(row, family, counts, some))
            for some in (Bias.NONE, Bias.NONE if bias is Bias.LAST and n < last else bias)
        )
        if bias is Bias.LAST and n == last:
            found += [Pipeline(bare, names[:-1], middle)] if names[:-1] else []
            names = names[-1:]
        found.append(Pipeline(biased, names, middle))
    return tuple(found)


def _numbered(family: Family, taken: Counter[str]) -> Iterator[str]:
    """The names of the factors, with a number where one is used again."""
    for name in map(str, family.bases):
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}_{taken[name]}"


def _convolutions(
    row: Row, family: Family, counts: tuple[StageCount, ...], bias: Bias
) -> Iterator[Convolution]:
    """The stages of a family as convolutions, from first to last."""
    order = _orders(row, family)
    for n, count in enumerate(counts):
        before, after, factor = order[n], order[n + 1], family.factors[n].indices
        final = n + 1 == len(counts)
        yield Convolution(
            name=str(family.bases[n]),
            letters=_names(factor),
            extents={x.name: row.size(family.sizes[x]) for x in factor},
            grouped=_names(x for x in before if x in after and x in factor),
            made=_names(x for x in after if x not in before),
            summed=_names(x for x in before if x not in after),
            taps=_names(d.tap for d in row.layer.directions if d.tap in factor),
            windows=tuple(_windows(row, family, count.stage, counts[:n])),
            bias=bias is Bias.ALL or (bias is Bias.LAST and final),
            transposed=row.layer.transposed,
            weights=row.size(count.weights),
            macs=row.size(count.products),
        )


def _names(letters: Iterable[Symbol]) -> tuple[str, ...]:
    return tuple(x.name for x in letters)


def _orders(row: Row, family: Family) -> tuple[Letters, ...]:
    """The letters of the channels before each stage and after the last, slowest first.

    A stage's groups stand first in what it reads and in what it writes, in one order.
    """
    for factor, idle in family.waste:
        if any(row.size(family.sizes[x]) > 1 for x in idle):
            raise InputError(WASTE.format(factor=factor, letters=", ".join(_names(idle))))
    states = family.states
    kept = [{*one} & {*other} for one, other in pairwise(states)]
    paths: list[tuple[Letters, ...]] = [(states[0],)]
    for n, state in enumerate(states[1:], start=1):
        last = n == len(states) - 1
        options = [state] if last else _arrangements(state, kept[n - 1] | kept[n])
        paths = [(*path, option) for path in paths for option in options if _fits(path[-1], option)]
        paths = list({path[-1]: path for path in reversed(paths)}.values())[::-1]
        if not paths:
            raise InputError(SHUFFLE.format(factor=family.factors[n - 1], line=family))
    return paths[0]


def _arrangements(state: Letters, bound: set[Symbol]) -> list[Letters]:
    """The orders of the channels that can matter: letters of no group stand last."""
    rest = tuple(x for x in state if x not in bound)
    return [(*some, *rest) for some in permutations(x for x in state if x in bound)]


def _fits(before: Letters, after: Letters) -> bool:
    """Whether the letters that a stage keeps stand first on both sides, in one order."""
    kept = tuple(x for x in before if x in after)
    return before[: len(kept)] == kept == after[: len(kept)]


def _windows(
    row: Row, family: Family, stage: Stage, earlier: tuple[StageCount, ...]
) -> Iterator[Window]:
    """What a stage does along every axis of the layer."""
    done = {d for count in earlier for d in count.stage.applied}
    for direction, axis in zip(row.layer.directions, row.layer.axes, strict=True):
        if direction not in stage.applied:
            side = int(axis.output if direction in done else axis.input)
            yield Window(side, side, 1)
        else:
            yield _window(axis, direction.tap in family.taps)


def _window(axis: Axis | Transposed, tapped: bool) -> Window:
    """The window of an axis, or that of its middle tap alone."""
    kernel, dilation = int(axis.kernel), int(axis.dilation)
    moved = 0 if tapped else dilation * (kernel - 1) // 2
    found = Window(
        input=int(axis.input),
        output=int(axis.output),
        kernel=kernel if tapped else 1,
        stride=int(axis.stride),
        dilation=dilation if tapped else 1,
        before=int(axis.before) - moved,
        after=int(axis.after) - moved,
    )
    if isinstance(axis, Axis):
        return found
    return replace(found, after=found.full - found.before - found.output)


def _single(row: Row) -> Convolution:
    """The convolution with the contracted kernel."""
    family = row.line.branches[0][1]
    kept = [x for x in family.outputs if x in family.inputs]
    made, summed = ([x for x in side if x not in kept] for side in (family.outputs, family.inputs))
    channels = (*kept, *made, *summed)
    extents = {x.name: row.size(family.sizes[x]) for x in channels}
    extents |= {d.tap.name: int(row.sizes[d.kernel]) for d in row.layer.directions}
    letters = (*_names(channels), *_names(row.layer.taps))
    windows = tuple(_window(axis, True) for axis in row.layer.axes)
    found = Convolution(
        name="K",
        letters=letters,
        extents=extents,
        grouped=_names(kept),
        made=_names(made),
        summed=_names(summed),
        taps=_names(row.layer.taps),
        windows=windows,
        bias=False,
        transposed=row.layer.transposed,
        weights=prod(extents.values()),
        macs=0,
    )
    pixels = prod(w.input if found.transposed else w.output for w in windows)
    return replace(found, macs=found.weights * pixels)
