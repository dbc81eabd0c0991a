"""Two layers in a row, each in symbols of its own: the first reads X, the second reads Z."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Basic, Expr, IndexedBase, Integer, Sum, Symbol

from derive.notation.axis import Axis
from derive.notation.convolution import compose, Stage, stages
from derive.notation.family import Family
from derive.notation.letters import (
    C_in,
    C_out,
    Direction,
    HEIGHT,
    i,
    j,
    letter,
    m,
    o,
    size,
    v,
    X,
    Y,
)

Margin = Callable[[str, str], Symbol]  # the padding of a layer on its side "-" or "+"


@dataclass(frozen=True)
class NumberedLayer:
    """A layer of one factor in symbols of its own, and its geometry along the first axis."""

    stage: Stage
    axis: Axis
    tap: Symbol

    @property
    def reads(self) -> Expr:
        """The place that a window's tap reads."""
        return self.stage.source.indices[-1]

    @property
    def still(self) -> "NumberedLayer":
        """The layer with stride and dilation 1."""
        ones = {self.axis.stride: Integer(1), self.axis.dilation: Integer(1)}
        return NumberedLayer(
            self.stage.renamed(ones), replace(self.axis, stride=1, dilation=1), self.tap
        )


@dataclass(frozen=True)
class TwoLayers:
    """Two layers of a design of one factor, and the one layer that they make.

    Its stride and its padding are given in terms of s_1 and s_2 and of the paddings "\\pm".

    >>> from derive.families import standard
    >>> from derive.notation.letters import padding
    >>> TwoLayers(standard.family, lambda which, side: padding(f"p_{which}")).last.reads
    d_2*v - p_2 + s_2*y
    """

    family: Family
    margin: Margin
    directions: tuple[Direction, ...] = (HEIGHT,)

    @cached_property
    def first(self) -> NumberedLayer:
        """The layer that reads X."""
        return self._layer(1)

    @cached_property
    def last(self) -> NumberedLayer:
        """The layer that reads what the first one writes."""
        return self._layer(2)

    def in_a_row(self, *, brackets: bool = False) -> Expr:
        """The last layer of the first; with brackets the image between them ends."""
        return compose((self.first.stage, self.last.stage), brackets=brackets)

    def as_one(self, stride: Expr, margins: Expr) -> Sum:
        """The one layer: its taps are the pairs of a tap of the last and one of the first."""
        first, last = self.first.stage, self.last.stage
        values: dict[Basic, Basic] = {}
        for d in self.directions:
            one, two = (self._names(which) for which in (1, 2))
            taps = one[d.dilation] * one[d.tap] + one[d.stride] * two[d.dilation] * two[d.tap]
            sizes = {size("s_1"): one[d.stride], size("s_2"): two[d.stride]}
            sizes |= self._either(one[d.before], two[d.before])
            values |= {d.tap: taps, d.dilation: Integer(1), d.stride: stride.xreplace(sizes)}
            values[d.before] = margins.xreplace(sizes)
        read = only_stage(self.family, self.directions).source.xreplace(values)
        summand = last.factor * first.factor.xreplace({o: j}) * read
        return Sum(summand, *last.limits, *first.limits)

    def axis(self, stride: Expr, margins: Expr) -> Axis:
        """The geometry of the one layer: its kernel is as long as the product of polynomials."""
        one, two = self.first.axis, self.last.axis
        span = one.dilation * (one.kernel - 1) + one.stride * two.dilation * (two.kernel - 1)
        before, after = (
            margins.xreplace(self._either(*paddings))
            for paddings in ((one.before, two.before), (one.after, two.after))
        )
        return Axis(one.size, span + 1, stride, before=before, after=after)

    def _layer(self, which: int) -> NumberedLayer:
        names, d = self._names(which), self.directions[0]
        symbols = (d.input, d.kernel, d.stride, d.dilation, d.before, d.after)
        axis = Axis(*(names.get(x, x) for x in symbols))
        return NumberedLayer(
            only_stage(self.family, self.directions).renamed(names), axis, names[d.tap]
        )

    def _names(self, which: int) -> dict[Basic, Basic]:
        return numbered(self.family, which, self.margin, self.directions)

    def _either(self, first: Basic, last: Basic) -> dict[Symbol, Basic]:
        return {self.margin("1", r"\pm"): first, self.margin("2", r"\pm"): last}


def only_stage(family: Family, directions: tuple[Direction, ...]) -> Stage:
    """The stage of a design of one factor on an image with these axes."""
    design = family.on(tuple(d.tap for d in directions))
    assert design is not None, "the design exists on every image"
    (stage,) = stages(design, directions)
    return stage


def numbered(
    family: Family, which: int, margin: Margin, directions: tuple[Direction, ...]
) -> dict[Basic, Basic]:
    """What the symbols of a layer are called in the first or the second of two; between
    them lies Z with m channels, N_1 pixels long."""
    weight = family.factors[0].base
    names: dict[Basic, Basic] = {weight: IndexedBase("AB"[which - 1])}
    names |= {Y: IndexedBase("Z"), C_out: m} if which == 1 else {X: IndexedBase("Z"), i: j, C_in: m}
    for d in directions:
        axis = d.kernel.name[-1] if len(directions) > 1 else ""
        later = letter(f"{d.tap}'") if len(directions) > 1 else v
        names |= {
            d.tap: d.tap if which == 1 else later,
            d.kernel: size(f"k_{axis}{which}"),
            d.stride: size(f"s_{axis}{which}"),
            d.dilation: size(f"d_{axis}{which}"),
            d.before: margin(f"{axis}{which}", "-"),
            d.after: margin(f"{axis}{which}", "+"),
            (d.output if which == 1 else d.input): size(f"N_{axis}1"),
        }
    return names
