"""The plots of a family's page: what it costs as the layer has more channels or a larger kernel,
next to the standard convolution, and what a real kernel loses at each of its sizes.

Costs are the derived counts of ``Row``; errors are those of ``derive.facts.curve``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.algebra.kernel import Kernel
from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts.curve import Curve, curve
from derive.facts.design import Guarantee
from derive.facts.question import Question
from derive.kernels import gallery, NamedKernel
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.letters import g
from derive.parse.layer import read_layer_of
from derive.render.curve import curve_words
from derive.site.plot import figure, Line, Plot

CHANNELS = tuple(2**power for power in range(2, 10))
KERNELS = (1, 3, 5, 7, 9, 11, 13)
KERNEL = "log-9"  # of the gallery, of high rank
SIDE = 3  # of the kernels that make up a layer of one input channel
FLOOR = 1e-3  # the smallest error that is distinguished from 0
STANDARD = "standard"


@dataclass(frozen=True)
class FamilyPlots:
    """The plots of cost as HTML, and that of the error with the kernels it is about, if any."""

    costs: tuple[str, ...]
    error: str
    kernels: tuple[NamedKernel, ...]


def family_plots(entry: Entry, layer: Layer) -> FamilyPlots:
    """The plots of a family on the layer of its page."""
    found = error_curve(entry)
    wider = ((n, replace(layer, channels_in=n, channels_out=n)) for n in CHANNELS)
    larger = ((n, larger_kernel(layer, n)) for n in KERNELS)
    return FamilyPlots(
        costs=(
            _cost(entry, "channels", "channels, as many in as out", wider, CHANNELS),
            _cost(entry, "kernel", "kernel size n, same padding", larger, KERNELS),
        ),
        error=_error(entry, *found) if found else "",
        kernels=found[0] if found else (),
    )


def larger_kernel(layer: Layer, size: int) -> Layer:
    """The layer with another odd kernel size on every axis, and as much padding as that needs.

    >>> from derive.parse.layer import read_layer
    >>> larger_kernel(read_layer(), 7).axes[0].before
    3
    """
    margin = (size - 1) // 2
    axes = (replace(axis, kernel=size, before=margin, after=margin) for axis in layer.axes)
    return replace(layer, axes=tuple(axes))


def macs(entry: Entry, layers: Iterable[tuple[int, Layer]]) -> Iterator[tuple[int, int]]:
    """Multiply–accumulates of a family at its usual setting on each layer that it fits."""
    for size, layer in layers:
        for row in attempts(entry, layer, Choices()):
            if isinstance(row, Row):
                yield size, row.number("macs")


def _cost(
    entry: Entry, name: str, across: str, layers: Iterable[tuple[int, Layer]], marks: Sequence[int]
) -> str:
    layers = list(layers)
    own = list(macs(entry, layers))
    standard = list(macs(FAMILIES[STANDARD], layers))
    lines = [Line(short_title(entry), own)]
    if entry.name != STANDARD:
        lines.append(Line("Standard", standard, baseline=True))
    what = "channels" if name == "channels" else "the kernel"
    return figure(
        Plot(
            name=f"{entry.name}-{name}",
            title=f"MACs of {entry.title.lower()} against {what}",
            words=_cost_words(name, own, dict(standard)),
            across=across,
            up="MACs",
            lines=lines,
            log_across=name == "channels",
            log_up=True,
            marks=marks,
        )
    )


def _cost_words(name: str, own: list[tuple[int, int]], standard: dict[int, int]) -> str:
    """What the plot shows at its ends: as shares of the standard convolution, if it is another."""
    with_it = "with {} channels" if name == "channels" else "with n = {}"
    if dict(own) == standard:
        (begin, least), (end, most) = own[0], own[-1]
        words = f"{with_it.format(begin).capitalize()} it takes {least:,} MACs"
        return f"{words}, {with_it.format(end)} {most:,}."
    shares = [(size, Fraction(cost, standard[size])) for size, cost in own]
    (first, low), (last, high) = shares[0], shares[-1]
    if low == high and len({share for _, share in shares}) == 1:
        return f"At every size shown it takes {share_words(low)}."
    begins, ends = with_it.format(first).capitalize(), with_it.format(last)
    return f"{begins} it takes {share_words(low)}, and {share_words(high)} {ends}."


def short_title(entry: Entry) -> str:
    """The title of a family without the word that all share.

    >>> short_title(FAMILIES["depthwise-separable"])
    'Depthwise separable'
    """
    return entry.title.replace(" convolution", "")


def share_words(share: Fraction) -> str:
    """A share of the MACs of the standard layer.

    >>> share_words(Fraction(1)), share_words(Fraction(11, 24))
    ('as many MACs as the standard layer', '0.458 of the MACs of the standard layer')
    """
    if share == 1:
        return "as many MACs as the standard layer"
    return f"{float(share):.3g} {'times' if share > 1 else 'of'} the MACs of the standard layer"


def error_curve(entry: Entry) -> tuple[tuple[NamedKernel, ...], Curve] | None:
    """Errors of a family on kernels of the gallery at each size that it chooses, and the kernels;
    None if it chooses none, several, or is exact at the first.

    The kernel is one of high rank; for families that represent every kernel of one channel it is a
    layer that has all kernels of three taps a side as its outputs.
    """
    if g in entry.family.inputs:  # on one channel it is its ungrouped counterpart
        return None
    small = (one for one in gallery().values() if sides(one) == (SIDE, SIDE))
    for kernels in ((gallery()[KERNEL],), tuple(small)):
        asked = Kernel.of([[[list(row) for row in one.entries]] for one in kernels])
        layer = read_layer_of(asked.extents)
        try:
            found = curve(Question(KERNEL, asked, entry, layer, Choices()))
        except InputError:  # no form on these axes or channels
            return None
        if found and _one_size(found) and found.errors[0]:
            return kernels, found
    return None


def sides(kernel: NamedKernel) -> tuple[int, int]:
    """Rows and columns of a kernel."""
    return len(kernel.entries), len(kernel.entries[0])


def _one_size(found: Curve) -> bool:
    """Whether one size grows along the curve."""
    return sum(most > 1 for most in found.path.free.values()) == 1


def _error(entry: Entry, kernels: tuple[NamedKernel, ...], found: Curve) -> str:
    facts = found.facts
    (size,) = (x for x, most in found.path.free.items() if most > 1)
    points = [(one.ratio.macs, one.relative_error) for one in facts.curve]
    shown = next((n + 1 for n, (_, error) in enumerate(points) if not error), len(points))
    what = kernels[0].title if len(kernels) == 1 else f"{len(kernels)} kernels of the gallery"
    most = "at most " if facts.curve_error is Guarantee.AT_MOST else ""
    return figure(
        Plot(
            name=f"{entry.name}-error",
            title=f"Error of {entry.title.lower()} against its cost, for {what}",
            words=curve_words(facts),
            across="MACs, as a share of the standard layer",
            up=f"relative error{', ' + most.strip() if most else ''}, a dot for each {size}",
            lines=[Line(f"{short_title(entry)}, {size} = 1 to {shown}", points[:shown])],
            log_up=True,
            floor=FLOOR,
        )
    )
