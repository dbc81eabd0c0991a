"""Two layers in a row, each in symbols of its own: the first reads X, the second reads Z."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Basic, Expr, IndexedBase, Integer, Symbol

from derive.notation.axis import Axis
from derive.notation.convolution import Stage, stages
from derive.notation.family import Family
from derive.notation.letters import C_in, C_out, Direction, HEIGHT, i, j, letter, m, size, v, X, Y

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


def numbered_layer(
    family: Family, which: int, margin: Margin, directions: tuple[Direction, ...] = (HEIGHT,)
) -> NumberedLayer:
    """The first or the second of two layers of a design of one factor.

    >>> from derive.families import standard
    >>> from derive.notation.letters import padding
    >>> numbered_layer(standard.family, 2, lambda which, side: padding(f"p_{which}")).reads
    d_2*v - p_2 + s_2*y
    """
    names, d = numbered(family, which, margin, directions), directions[0]
    symbols = (d.input, d.kernel, d.stride, d.dilation, d.before, d.after)
    axis = Axis(*(names.get(x, x) for x in symbols))
    return NumberedLayer(only_stage(family, directions).renamed(names), axis, names[d.tap])


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
