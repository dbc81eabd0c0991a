"""Counts of a convolution, found by walking the expression it was built as.

A stage writes one number per point of its domain and multiplies once per point of domain × sum; a
sum of D products takes D - 1 additions, one more with a bias. Nothing here knows any family.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import prod

from sympy import Add, Eq, Expr, floor, Indexed, Integer, KroneckerDelta, Max, Mod, Mul, Symbol

from derive.notation.convolution import PLANE, Stage, stages
from derive.notation.family import Family, Line
from derive.notation.formula import Formula, Gcd, Guard
from derive.notation.letters import Direction, DIRECTIONS, nu

MOVED = ("reads", "weights", "outputs")  # what a stage moves, each number once
Extent = Callable[[Expr], Expr]


def symbolic(extent: Expr) -> Expr:
    """An extent as the formula that it is."""
    return extent


@dataclass(frozen=True)
class StageCount:
    """What one stage costs, per image: each field is a polynomial in the sizes, or a number where
    ``extent`` puts numbers for them."""

    stage: Stage
    extent: Extent = symbolic

    @cached_property
    def written_over(self) -> dict[Symbol, Expr]:
        """The letters of the output, and how far each runs."""
        return {letter: self.extent(extent) for letter, extent in self.stage.domain}

    @cached_property
    def domain(self) -> dict[Symbol, Expr]:
        """Every letter the stage runs over, output letters first, and how far it runs."""
        summed = self.stage.summed.items()
        return self.written_over | {letter: self.extent(extent) for letter, extent in summed}

    @cached_property
    def factors(self) -> tuple[Indexed, ...]:
        """The numbers multiplied in one product."""
        return tuple(x for x in Mul.make_args(self.stage.summand) if isinstance(x, Indexed))

    @cached_property
    def outputs(self) -> Expr:
        """Numbers written."""
        return prod(self.written_over.values(), start=Integer(1))

    @cached_property
    def products(self) -> Expr:
        """Products formed, padding included: points of the domain times points of the sum."""
        free = (extent for letter, extent in self.domain.items() if letter not in self.stage.tied)
        return prod(free, start=Integer(1))

    @cached_property
    def products_in_bounds(self) -> Expr:
        """Products whose pixel is on the image: each windows × taps grid replaced by its pairs."""
        grids = {letter for d in self.stage.applied for letter in (d.pixel, d.position, d.tap)}
        rest = (extent for letter, extent in self.domain.items() if letter not in grids)
        pairs = (d.pairs if d.tap in self.domain else d.centre for d in self.stage.applied)
        return prod((*rest, *map(self.extent, pairs)), start=Integer(1))

    @cached_property
    def written(self) -> Expr:
        """Numbers that receive a product: all outputs, or all that a transposed stage writes to."""
        if not self.stage.tied:
            return self.outputs
        return self._outputs(
            {d: d.written if d.tap in self.domain else d.input for d in self.stage.applied}
        )

    @cached_property
    def reached(self) -> Expr:
        """Outputs that receive at least one product from the image."""
        return self._outputs(
            {d: d.reached if d.tap in self.domain else d.centre for d in self.stage.applied}
        )

    @cached_property
    def multiplications(self) -> Expr:
        """One less than the numbers in a product, for every product."""
        return self.products * (len(self.factors) - 1)

    @cached_property
    def additions(self) -> Expr:
        """Products less the outputs they are summed into: D - 1 per output."""
        return self.products - self.written

    @cached_property
    def additions_in_bounds(self) -> Expr:
        """Additions without those of padding; an output that overlaps no pixel needs none."""
        return self.products_in_bounds - self.reached

    @cached_property
    def bias_additions(self) -> Expr:
        """One per output; in a transposed stage one per output that something is written to."""
        return self.reached if self.stage.tied else self.outputs

    @cached_property
    def weights(self) -> Expr:
        """Parameters: the size of every index of the factor."""
        sizes = self.domain
        return prod((sizes[letter] for letter in self.stage.factor.indices), start=Integer(1))

    @cached_property
    def biases(self) -> Expr:
        """Parameters of a bias: one per channel written."""
        pixels = {direction.pixel for direction in DIRECTIONS.values()}
        channels = (n for letter, n in self.written_over.items() if letter not in pixels)
        return prod(channels, start=Integer(1))

    @property
    def filters(self) -> Expr:
        """Channels written, each by a filter of its own."""
        return self.biases

    @property
    def filter(self) -> tuple[Expr, ...]:
        """Taps of a filter along every axis, 1 where the factor has none, and channels it reads."""
        axes = [d for d in DIRECTIONS.values() if d.pixel in self.written_over]
        taps = (d.kernel if d.tap in self.stage.factor.indices else Integer(1) for d in axes)
        within = {letter for d in axes for letter in (d.tap, d.position)}
        summed = self.stage.summed.keys() - within
        return *map(self.extent, taps), prod((self.domain[x] for x in summed), start=Integer(1))

    @cached_property
    def reads(self) -> Expr:
        """Numbers read from the stage before, each once."""
        return prod((self.extent(extent) for _, extent in self.stage.reads), start=Integer(1))

    @cached_property
    def moved(self) -> Expr:
        """Numbers moved, without biases: the input, the weights and the output, each once."""
        return sum((getattr(self, name) for name in MOVED), start=Integer(0))

    def _outputs(self, along: Mapping[Direction, Expr]) -> Expr:
        """Numbers written, with another extent along some directions."""
        extents = {d.pixel: self.extent(extent) for d, extent in along.items()}
        return prod((self.written_over | extents).values(), start=Integer(1))


@dataclass(frozen=True)
class Count:
    """What a family costs on an image: sums of its stages over its branches.

    Branches are added to the first one by one, which writes a result each time.

    >>> from derive.families import flattened
    >>> Count(flattened.family).parameters.expr
    C_in*C_out + C_out*k_h + C_out*k_w
    """

    line: Line
    directions: tuple[Direction, ...] = PLANE
    transposed: bool = False
    extent: Extent = symbolic

    def at(self, extent: Extent) -> "Count":
        """The counts with numbers for sizes, put in before anything is multiplied."""
        return replace(self, extent=extent)

    @cached_property
    def stages(self) -> tuple[tuple[Expr, tuple[StageCount, ...]], ...]:
        """The stages of each branch, with how often the branch occurs."""
        return tuple(
            (self.extent(times), tuple(self._stages(family)))
            for times, family in self.line.branches
        )

    @cached_property
    def guard(self) -> Guard:
        """A direction that some branch reads at the middle tap needs an odd kernel."""
        even = (
            d.kernel
            for d in self.directions
            if any(d.tap not in family.taps for _, family in self.line.branches)
        )
        return tuple(Eq(Mod(kernel, 2), 1) for kernel in even)

    @cached_property
    def parameters(self) -> Formula:
        """Weights, without biases."""
        return self._sum("weights")

    @cached_property
    def parameters_with_bias(self) -> Formula:
        """Weights and one bias per channel that a stage writes."""
        return self._sum("weights", "biases")

    @cached_property
    def parameters_with_last_bias(self) -> Formula:
        """Weights and one bias per channel of the result."""
        return self._sum("weights", last="biases")

    @cached_property
    def multiplications(self) -> Formula:
        """Multiplications, those by padding zeros included."""
        return self._sum("multiplications")

    @cached_property
    def additions(self) -> Formula:
        """Additions: exactly D - 1 for a sum of D products, and one per output and extra branch."""
        return self._sum("additions", joins=1)

    @cached_property
    def additions_with_bias(self) -> Formula:
        """Additions when every stage has a bias."""
        return self._sum("additions", "bias_additions", joins=1)

    @cached_property
    def additions_with_last_bias(self) -> Formula:
        """Additions when the last stage alone has a bias."""
        return self._sum("additions", joins=1, last="bias_additions")

    @cached_property
    def macs(self) -> Formula:
        """Multiply-accumulates, padding included."""
        return self._sum("products")

    @cached_property
    def macs_in_bounds(self) -> Formula:
        """Multiply-accumulates on pixels of the image only."""
        return self._sum("products_in_bounds")

    @cached_property
    def flops(self) -> Formula:
        """Multiplications and additions."""
        return self._sum("multiplications", "additions", joins=1)

    @cached_property
    def flops_with_bias(self) -> Formula:
        """Multiplications and additions when every stage has a bias."""
        return self._sum("multiplications", "additions", "bias_additions", joins=1)

    @cached_property
    def flops_with_last_bias(self) -> Formula:
        """Multiplications and additions when the last stage alone has a bias."""
        return self._sum("multiplications", "additions", joins=1, last="bias_additions")

    @cached_property
    def flops_in_bounds(self) -> Formula:
        """Multiplications and additions when padding is skipped, without bias."""
        return self._sum("products_in_bounds", "additions_in_bounds", joins=1)

    @cached_property
    def activations(self) -> Formula:
        """Numbers written: the output of every stage and of every sum of branches."""
        return self._sum("outputs", joins=1)

    @cached_property
    def bytes(self) -> Formula:
        """Bytes moved: every stage reads its input and weights once and writes its output once."""
        return self._bytes(*MOVED)

    @cached_property
    def bytes_with_bias(self) -> Formula:
        """Bytes moved, the biases included."""
        return self._bytes(*MOVED, "biases")

    @cached_property
    def bytes_with_last_bias(self) -> Formula:
        """Bytes moved, the biases of the last stage included."""
        return self._bytes(*MOVED, last="biases")

    @cached_property
    def intensity(self) -> Formula:
        """Arithmetic intensity: FLOPs per byte moved, without bias."""
        return Formula(self.flops.expr / self.bytes.expr, self.guard)

    @cached_property
    def intensity_with_bias(self) -> Formula:
        """Arithmetic intensity when every stage has a bias."""
        return Formula(self.flops_with_bias.expr / self.bytes_with_bias.expr, self.guard)

    @cached_property
    def intensity_with_last_bias(self) -> Formula:
        """Arithmetic intensity when the last stage alone has a bias."""
        flops, moved = self.flops_with_last_bias, self.bytes_with_last_bias
        return Formula(flops.expr / moved.expr, self.guard)

    def receptive_field(self, direction: Direction) -> Formula:
        """Pixels from the first to the last that one output reads along a direction, borders aside.

        In a transposed convolution outputs differ by where they stand: this is the most that any
        of them reads.

        >>> from derive.families import standard
        >>> from derive.notation.letters import WIDTH
        >>> Count(standard.family).receptive_field(WIDTH).expr
        d_w*(k_w - 1) + 1
        """
        fields = (
            self.extent(_reach(stage.stage, direction))
            for _, branch in self.stages
            for stage in branch
            if direction in stage.stage.applied
        )
        return Formula(Max(*fields), self.guard)

    def _stages(self, family: Family) -> Iterator[StageCount]:
        for stage in stages(family, self.directions, transposed=self.transposed):
            yield StageCount(stage, self.extent)

    def _bytes(self, *names: str, last: str = "") -> Formula:
        moved = self._sum(*names, joins=3, last=last)
        return Formula(self.extent(nu) * moved.expr, moved.guard)

    def _sum(self, *names: str, joins: int = 0, last: str = "") -> Formula:
        """The named counts summed over stages and branches, ``joins`` per output and join, and the
        ``last`` of the final stage of one branch, once."""
        terms = [
            times * getattr(stage, name)
            for times, branch in self.stages
            for stage in branch
            for name in names
        ]
        extra = Add(*(times for times, _ in self.stages)) - 1
        if joins and extra != 0:
            terms.append(joins * extra * self.stages[0][1][-1].outputs)
        if last:
            terms.append(getattr(self.stages[-1][1][-1], last))
        return Formula(Add(*terms), self.guard)


@cache
def counted(line: Line, directions: tuple[Direction, ...], transposed: bool = False) -> Count:
    """The counts of a family, worked out once for all layers with these directions."""
    return Count(line, directions, transposed)


def _reach(stage: Stage, direction: Direction) -> Expr:
    """How far apart the first and the last pixel are that one output of a stage reads, plus one.

    Transposed, pixel a and tap u write to s a + d u - p. With c = gcd(s, d), two taps of one output
    are a multiple of s/c apart, and their pixels the same multiple of d/c.
    """
    last = direction.kernel - 1
    for delta in stage.summand.atoms(KroneckerDelta):
        pixel, place = delta.args
        if pixel == direction.pixel:
            stride, dilation = place.coeff(direction.position), place.coeff(direction.tap)
            common = Gcd(stride, dilation)
            return dilation / common * floor(common * last / stride) + 1
    read = next(x for x in stage.source.indices if x.has(direction.stride))
    return read.xreplace({direction.tap: last}) - read.xreplace({direction.tap: Integer(0)}) + 1
