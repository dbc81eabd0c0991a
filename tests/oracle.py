"""A family on a layer, in the words of the oracle: strings of letters, integers and tensors."""

from dataclasses import dataclass
from functools import cache
from random import Random

from derive import oracle
from derive.algebra.counting import Count
from derive.notation.axis import Transposed
from derive.notation.family import Line
from derive.notation.letters import DIRECTIONS, t, u, v
from derive.oracle import drawn, word


@dataclass(frozen=True)
class Design:
    """A family on an image with the given tap letters as axes."""

    name: str
    taps: tuple
    line: Line

    def __str__(self):
        return f"{self.name}-{len(self.taps)}d"

    @property
    def directions(self):
        return tuple(DIRECTIONS[tap] for tap in self.taps)

    @property
    def odd(self):
        """For each axis, whether some branch reads it at the middle: only odd kernels have one."""
        return tuple(any(tap not in f.taps for _, f in self.line.branches) for tap in self.taps)


def designs(entry):
    """The forms of a family on one, two and three axes."""
    forms = {taps: entry.family.on(taps) for taps in ((v,), (u, v), (t, u, v))}
    return [Design(entry.name, taps, line) for taps, line in forms.items() if line is not None]


def native_design(entry):
    """The family on the axes it is written for."""
    return Design(entry.name, tuple(d.tap for d in entry.directions), entry.family)


@cache
def counted(line, directions, transposed=False):
    return Count(line, directions, transposed)


def literal(axis):
    """The axis of the oracle with the same numbers."""
    names = ("size", "kernel", "stride", "dilation", "before", "after")
    return oracle.Axis(**{name: int(getattr(axis, name)) for name in names})


def axes_of(layer):
    return {tap.name: literal(axis) for tap, axis in zip(layer.taps, layer.axes, strict=True)}


def sizes_of(family, values, axes=()):
    """What every letter of the family runs over, as integers."""
    letters = dict.fromkeys((*family.letters, *family.outputs))
    sizes = {x.name: int(family.sizes[x].xreplace(values)) for x in letters if x not in family.taps}
    return sizes | {tap: axis.kernel for tap, axis in dict(axes).items()}


def factors_of(family, sizes, random):
    """Random weights for every factor, the same in whatever order the factors stand."""
    words = {str(factor): word(factor.indices) for factor in family.factors}
    made = {
        name: drawn(random, *(sizes[x] for x in words[name]), largest=4) for name in sorted(words)
    }
    return [(words[name], made[name]) for name in words]


def image_of(line, sizes, axes, random):
    extents = [sizes[x] for x in word(line.inputs)] + [axis.size for axis in axes.values()]
    return drawn(random, *extents, largest=4)


def branches_of(line, values):
    """Every branch as often as it occurs."""
    for times, family in line.branches:
        for _ in range(int(times.xreplace(values))):
            yield family


class Run:
    """A line run on a layer by the oracle, with random weights: what came out and what it took.

    ``bias`` says which stages have one: none, all, or the last of the last branch.
    """

    def __init__(self, line, layer, widths, seed=0, bias="none"):
        self.random, self.axes = Random(seed), axes_of(layer)
        self.values = {**layer.values, **widths}
        self.families = list(branches_of(line, self.values))
        self.inputs, self.outputs = word(line.inputs), word(line.outputs)
        self.sizes = {}
        for family in self.families:
            self.sizes |= sizes_of(family, self.values, self.axes)
        self.image = image_of(line, self.sizes, self.axes, self.random)
        self.extra = {
            tap.name: int(axis.extra) if isinstance(axis, Transposed) else 0
            for tap, axis in zip(layer.taps, layer.axes, strict=True)
        }
        self.factors = [factors_of(family, self.sizes, self.random) for family in self.families]
        self.biases = [
            [self._bias(state) if bias == "all" else None for state in family.states[1:]]
            for family in self.families
        ]
        if bias == "last":
            self.biases[-1][-1] = self._bias(self.families[-1].states[-1])
        one = self._scattered if layer.transposed else self._gathered
        self.branches = [
            one(factors, biases) for factors, biases in zip(self.factors, self.biases, strict=True)
        ]
        self.total = oracle.add(*self.branches)
        self.output = self.total.output

    @property
    def weights(self):
        """Numbers in all tensors made."""
        return sum(len(entries) for branch in self.factors for _, entries in branch)

    @property
    def bias_entries(self):
        return sum(len(bias) for branch in self.biases for bias in branch if bias)

    @property
    def kernel(self):
        """The full kernel, over all taps of the layer: the contractions of the branches added."""
        kernels = [
            oracle.contract(factors, self.inputs, self.outputs, "".join(self.axes), self.sizes)
            for factors in self.factors
        ]
        return {index: sum(kernel[index] for kernel in kernels) for index in kernels[0]}

    def convolved(self):
        """The definition, on the full kernel."""
        return oracle.convolve(
            self.kernel,
            self.image,
            self.inputs,
            self.outputs,
            "".join(self.axes),
            self.sizes,
            self.axes,
        )

    def scattered(self):
        """The transposed convolution with the full kernel as its one factor."""
        letters = self.outputs + "".join(x for x in self.inputs if x not in self.outputs)
        taps = "".join(self.axes)
        free = self.outputs + self.inputs + taps
        kernel = {
            tuple(dict(zip(free, index, strict=True))[x] for x in letters + taps): value
            for index, value in self.kernel.items()
            if all(
                index[free.index(x)] == index[free.rindex(x)] for x in letters
            )  # a shared letter is one index of the factor and two of the kernel
        }
        return self._scattered([(letters + taps, kernel)], None)

    def _bias(self, state):
        return drawn(self.random, *(self.sizes[letter] for letter in word(state)), largest=4)

    def _gathered(self, factors, biases):
        return oracle.pipeline(
            factors, self.image, self.inputs, self.outputs, self.sizes, self.axes, biases
        )

    def _scattered(self, factors, biases):
        words = self.inputs, self.outputs, self.sizes, self.axes
        return oracle.scatter(factors, self.image, *words, self.extra, biases)
