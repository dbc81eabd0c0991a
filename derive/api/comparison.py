"""Families on a layer in numbers: one of them, or all side by side."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from rich.console import RenderableType

from derive.api.layer import Layer, shown
from derive.api.layer import layer as usual_layer
from derive.api.notebook import table
from derive.api.sizes import chosen
from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, free_sizes, RANKS, Row
from derive.facts import compare as compared
from derive.facts.comparison import ComparisonFacts, row_facts, RowFacts
from derive.notation import layer as notation
from derive.notation.errors import InputError, require
from derive.notation.fields import BIASES, SIDES
from derive.notation.letters import C_c, M, m
from derive.parse.layer import read_bias
from derive.render.amount import memory, number
from derive.render.comparison import comparison_text
from derive.render.console import as_text
from derive.render.family import represented
from derive.render.filters import filters
from derive.render.table import compare_table, labelled, times
from derive.render.values import json_values

Numbers = int | Sequence[int]
Widths = int | str | Sequence[int | str]
Ranks = int | Mapping[str, int] | Sequence[int | Mapping[str, int]]
HEAD = ("family", "parameters", "MACs", "in-bounds MACs", "FLOPs", "moved", "× standard")


@dataclass(frozen=True, repr=False)
class Design:
    """A family at a setting on a layer, in numbers.

    Counts are integers and ratios are Fractions; with a bias on the layer, ``parameters``,
    ``additions``, ``flops`` and ``bytes`` are those with bias. ``ratio`` compares with the standard
    convolution on the same layer.

    >>> import derive
    >>> design = derive.families["asymmetric"].on(derive.layer(), m=3)
    >>> design
    Design asymmetric m=3: 99 parameters, 1,622,016 MACs, 0.458 × standard
    >>> design.ratio["macs"], design.exact_when
    (Fraction(11, 24), 'the (o, v) × (i, u) matrix of the kernel has rank at most 3 of 9')
    """

    facts: RowFacts

    @property
    def setting(self) -> dict[str, int]:
        """The sizes that the family chooses for itself, by name."""
        return {symbol.name: size for symbol, size in self.facts.setting.items()}

    @property
    def ratio(self) -> dict[str, Fraction]:
        """Parameters, MACs and FLOPs over those of the standard convolution."""
        return dict(vars(self.facts.ratio))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about it, a sentence each."""
        return tuple(note.words for note in self.facts.notes)

    @property
    def name(self) -> str:
        """The id of the family, such as ``depthwise-separable``."""
        return self.facts.name

    @property
    def title(self) -> str:
        """The name of the family in words."""
        return self.facts.title

    @property
    def filters(self) -> str:
        """The filters of every stage, each as taps by channels.

        >>> import derive
        >>> derive.families["asymmetric"].on(derive.layer(), m="out").filters
        '8 filters of 3×1×3, then 8 filters of 1×3×8'
        """
        return filters(self.facts.stages)

    @property
    def parameters(self) -> int:
        """Number of weights, with the biases of a layer that has them."""
        return self.facts.parameters

    @property
    def macs(self) -> int:
        """Multiply–accumulates, products with padding zeros included."""
        return self.facts.macs

    @property
    def macs_in_bounds(self) -> int:
        """Multiply–accumulates on pixels of the image."""
        return self.facts.macs_in_bounds

    @property
    def multiplications(self) -> int:
        """Multiplications of all stages, those with padding zeros included."""
        return self.facts.multiplications

    @property
    def additions(self) -> int:
        """Additions, with those of the biases of a layer that has them."""
        return self.facts.additions

    @property
    def flops(self) -> int:
        """Multiplications plus additions."""
        return self.facts.flops

    @property
    def activations(self) -> int:
        """Numbers written by all stages."""
        return self.facts.activations

    @property
    def bytes(self) -> int:
        """Bytes moved: each stage reads its input and weights once and writes its output once."""
        return self.facts.bytes

    @property
    def intensity(self) -> Fraction:
        """FLOPs per byte moved."""
        return self.facts.intensity

    @property
    def degrees_of_freedom(self) -> int:
        """Dimension of the set of kernels that it represents, or a bound above it."""
        return self.facts.degrees_of_freedom

    @property
    def exact_when(self) -> str:
        """The condition under which a kernel is of this form, in words."""
        return self.facts.exact_when

    @property
    def label(self) -> str:
        """The id with the setting, such as ``asymmetric m=3``."""
        return labelled(self.name, self.setting)

    def __hash__(self) -> int:
        return hash((self.name, *self.setting.items(), self.parameters, self.macs))

    def __repr__(self) -> str:
        counts = f"{number(self.parameters)} parameters, {number(self.macs)} MACs"
        return f"Design {self.label}: {counts}, {times(self.ratio['macs'])} × standard"

    def _repr_markdown_(self) -> str:
        return table(HEAD, [self._cells()], "lrrrrrr") + f"\n\n{represented(self.exact_when)}"

    def _cells(self) -> tuple[str, ...]:
        return (
            self.label,
            *map(number, (self.parameters, self.macs, self.macs_in_bounds, self.flops)),
            memory(self.bytes),
            times(self.ratio["macs"]),
        )


@dataclass(frozen=True, repr=False)
class Comparison(Sequence[Design]):
    """Every family on one layer: a table, and a sequence of its rows.

    ``print`` shows it as the command line does; ``csv``, ``latex``, ``markdown`` and ``json`` give
    it as text.

    >>> import derive
    >>> found = derive.compare(derive.layer(), middle=[3, 8])
    >>> found["asymmetric m=8"].macs
    4325376
    >>> found.csv().splitlines()[0][:22]
    'name,title,m,M,P,Q,R,T'
    """

    layer: Layer
    designs: tuple[Design, ...]
    _facts: ComparisonFacts

    def __len__(self) -> int:
        return len(self.designs)

    def __getitem__(self, key: Any) -> Any:
        """A row by its number or by its label; KeyError if there is none of that label."""
        if not isinstance(key, str):
            return self.designs[key]
        found = [one for one in self.designs if key in (one.label, one.name)]
        if not found:
            known = ", ".join(one.label for one in self.designs)
            raise KeyError(f"no row {key}; there are {known}")
        return found[0]

    def __iter__(self) -> Iterator[Design]:
        return iter(self.designs)

    def __hash__(self) -> int:
        return hash((self.layer, self.designs))

    def __repr__(self) -> str:
        return f"Comparison of {len(self.designs)} designs on a {self.layer.words}"

    def __str__(self) -> str:
        return as_text(self._table())

    def _table(self) -> RenderableType:
        return compare_table(self._facts)

    def json(self) -> str:
        """The text that ``derive compare --json`` prints, in the schema derive/compare/1."""
        return json.dumps(json_values(self._facts), indent=2, ensure_ascii=False)

    def csv(self) -> str:
        """A line per row with every count, the names of the columns first."""
        return comparison_text(self._facts, "csv")

    def latex(self) -> str:
        """A table for an article; it needs the package booktabs."""
        return comparison_text(self._facts, "latex")

    def markdown(self) -> str:
        """A table in Markdown."""
        return comparison_text(self._facts, "markdown")

    def _repr_markdown_(self) -> str:
        rows = table(HEAD, [one._cells() for one in self.designs], "lrrrrrr")
        return f"{self.layer._repr_markdown_()}\n\n{rows}"

    def _repr_latex_(self) -> str:
        return self.latex()


def compare(
    layer: notation.Layer | None = None,
    *,
    middle: Widths = (),
    multiplier: Numbers = (),
    rank: Ranks = (),
) -> Comparison:
    """Every family on one layer: parameters, MACs, FLOPs, memory, and what each is exact for.

    Args:
        layer: as ``derive.layer`` makes it; that of the opening question unless given.
        middle: widths m, one or several; ``"in"`` and ``"out"`` are the channels of that side;
            C_in, or full rank if that is less, unless given.
        multiplier: depth multipliers M, one or several; 1 unless given.
        rank: ranks of the other bonds and parallel terms, one or several; a mapping such as
            ``{"P": 4, "Q": 2}`` chooses each.

    Raises InputError, one line, for anything that is no layer or no positive integer.

    >>> import derive
    >>> for design in compare(derive.layer(), middle=[3, 8]):
    ...     if design.name == "asymmetric":
    ...         print(design.setting, design.parameters, design.macs)
    {'m': 3} 99 1622016
    {'m': 8} 264 4325376
    """
    layer = shown(_layer(layer))
    choices = Choices(widths(middle, layer), several(multiplier), several(rank))
    facts = compared(layer, choices)
    return Comparison(layer, tuple(map(Design, facts.families)), facts)


def placed(
    entry: Entry, layer: notation.Layer, sizes: Mapping[str, int | str], bias: str | None = None
) -> Design:
    """A family on a layer at sizes given by name, the usual ones where none is given; ``bias`` says
    which stages have one, None that the layer does.

    Raises InputError, one line, for a size that it does not have, and if it does not fit the layer.

    >>> import derive
    >>> placed(FAMILIES["depthwise"], derive.layer(channels=(3, 3)), {}).parameters
    27
    >>> placed(FAMILIES["depthwise"], derive.layer(channels=(3, 3)), {"m": 3})
    Traceback (most recent call last):
    derive.notation.errors.InputError: depthwise on this layer has no size m; it takes M
    """
    row = placed_row(entry, layer, sizes, bias)
    baseline = next(attempts(FAMILIES["standard"], row.layer, Choices()))
    assert isinstance(baseline, Row)
    return Design(row_facts(row, baseline))


def placed_row(
    entry: Entry,
    layer: notation.Layer | None,
    sizes: Mapping[str, int | str],
    bias: str | None = None,
) -> Row:
    """The row of a family on a layer; InputError as of ``placed``."""
    layer = _layer(layer)
    if bias is not None:
        require(bias, str, f"bias must be one of {', '.join(BIASES)}")
        layer = replace(layer, bias=read_bias(bias))
    line = entry.family.on(layer.taps)
    free = free_sizes(line) if line else set()
    own = {m if symbol == C_c else symbol for symbol in free}
    what = f"{entry.name} on this layer"
    given = {name: width(x, layer) if name == m.name else x for name, x in sizes.items()}
    numbers = chosen(what, sorted(own, key=str), given) if line else {}
    ranks = {symbol.name: size for symbol, size in numbers.items() if symbol not in (m, M)}
    middle, copies = ((numbers[x],) if x in numbers else () for x in (m, M))
    choices = Choices(middle, copies, (ranks,) if ranks else ())
    row = next(attempts(entry, layer, choices))
    if not isinstance(row, Row):
        raise InputError(f"{entry.name} does not fit this layer: {row}")
    return row


def _layer(given: notation.Layer | None) -> notation.Layer:
    """The layer, that of the opening question for None; InputError for anything else."""
    if given is None:
        return usual_layer()
    require(given, notation.Layer, "a layer is such as derive.layer(image=(56, 56))")
    return given


def widths(given: Any, layer: notation.Layer | None) -> tuple[int, ...]:
    """The widths that are given, one or several; InputError as of ``several`` and ``width``.

    >>> widths(["in", 8], usual_layer())
    (3, 8)
    """
    alone = isinstance(given, str) or not isinstance(given, Sequence)
    return several([width(one, layer) for one in ([given] if alone else given)])


def width(given: Any, layer: notation.Layer | None) -> Any:
    """A width: the channels of a side of the layer, in or out, or what is given.

    Raises InputError, one line, for a side without a layer.
    """
    if not isinstance(given, str) or given not in SIDES:
        return given
    if layer is None:
        raise InputError(f"the width {given!r} needs a layer: give one, or a positive integer")
    return layer.channels_in if given == "in" else layer.channels_out


def several(given: Any) -> tuple[Any, ...]:
    """One number as a tuple of one; InputError unless all are positive integers."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    numbers = tuple(given) if several else (given,)
    for one in numbers:
        sizes = rank_sizes(one) if isinstance(one, Mapping) else (one,)
        if not all(isinstance(size, int) and size > 0 for size in sizes):
            raise InputError(f"widths, multipliers and ranks are positive integers, not {one!r}")
    return numbers


def rank_sizes(ranks: Mapping[str, int]) -> list[int]:
    """The numbers of a mapping from the names of ranks; InputError for a name that is none.

    >>> rank_sizes({"P": 4, "Z": 2})
    Traceback (most recent call last):
    derive.notation.errors.InputError: there is no rank Z: ranks are P, Q, R, T
    """
    known = [symbol.name for symbol in RANKS]
    for name in ranks:
        if name not in known:
            raise InputError(f"there is no rank {name}: ranks are {', '.join(known)}")
    return list(ranks.values())
