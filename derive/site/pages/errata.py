"""Errata: what has been printed about factorized convolutions, against what the formulas give."""

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, floor, Integer

from derive.algebra.counting import Count
from derive.catalogue import FAMILIES
from derive.comparison import Choices, Row, rows
from derive.facts import layer_facts
from derive.notation.layer import Layer
from derive.notation.letters import C_in, C_out, k_h, k_t, k_w, m
from derive.parse.layer import read_layer
from derive.render.table import layer_words
from derive.site.errata import Erratum, listed

SECTIONS = {"figures": "Figures", "sentences": "Sentences"}
PROFILE = (1, 2, 7, 2, 1)  # symmetric, and no sampled Gaussian
STEM = {"c_in": 3, "c_out": 64, "side": 7}
BLOCKS = ((64, 128), (128, 256), (256, 512))

# Input and output channels, kernel, image, stride, padding: AlexNet as torchvision has it.
ALEXNET = (
    (3, 64, 11, 224, 4, 2),
    (64, 192, 5, 27, 1, 2),
    (192, 384, 3, 13, 1, 1),
    (384, 256, 3, 13, 1, 1),
    (256, 256, 3, 13, 1, 1),
    (256, 4096, 6, 6, 1, 0),  # the first linear layer reads 6 × 6 pixels
    (4096, 4096, 1, 1, 1, 0),
    (4096, 1000, 1, 1, 1, 0),
)


@dataclass(frozen=True)
class ErrataPage:
    """What the template shows: sections with an anchor, a title and their errata, and the numbers
    of our own that they are held against."""

    sections: tuple[tuple[str, str, tuple[Erratum, ...]], ...]
    values: Mapping[str, str]


def context() -> ErrataPage:
    """The page of the errata, our numbers filled in."""
    values = _values()
    errata = [one.filled(values) for one in listed()]
    return ErrataPage(
        sections=tuple(
            (anchor, title, tuple(one for one in errata if one.section == anchor))
            for anchor, title in SECTIONS.items()
        ),
        values=values,
    )


def _values() -> dict[str, str]:
    """The numbers in the right-hand sides, all of them worked out."""
    layer = read_layer()
    standard, pair = _row(layer, "standard"), _row(layer, "asymmetric")
    by_side = {side: _row(read_layer(image=f"{side}x{side}"), "standard") for side in (128, 256)}
    ours, theirs = pair.number("parameters"), standard.number("parameters")
    numbers = {
        "stem": midplanes(**STEM),
        "used": ", ".join(str(midplanes(*block)) for block in BLOCKS),
        "ruled": ", ".join(str(midplanes(out, out)) for _, out in BLOCKS),
        "alexnet": alexnet(),
        "alexnet_flops": 2 * alexnet(),
        "macs": standard.number("macs"),
        "flops": standard.number("flops"),
        "flops_with_bias": standard.number("flops_with_bias"),
        "width": layer.channels_out,
        "pair": ours,
        "standard": theirs,
        "percent": round(100 * (ours / theirs - 1)),
        **{f"macs_{side}": row.number("macs") for side, row in by_side.items()},
    }
    shares = {
        f"in_bounds_{side}": f"{row.number('macs_in_bounds') / side**2:.1f}"
        for side, row in by_side.items()
    }
    written = {name: n if isinstance(n, str) else f"{n:,}" for name, n in numbers.items()}
    words = {"layer": layer_words(layer_facts(layer)), "profile": ", ".join(map(str, PROFILE))}
    return written | shares | words


def _row(layer: Layer, name: str) -> Row:
    """A family on a layer, with as many middle channels as outputs where it has any."""
    found = rows(layer, Choices(widths=(layer.channels_out,)))[0]
    return next(row for row in found if row.entry.name == name)


def alexnet() -> int:
    """Multiply–accumulates of AlexNet, whose linear layers are convolutions of one output pixel.

    >>> alexnet()
    714188480
    """
    return sum(
        _row(
            read_layer(
                image=f"{image}x{image}",
                channels_in=c_in,
                channels_out=c_out,
                kernel=str(kernel),
                stride=str(stride),
                padding=str(padding),
            ),
            "standard",
        ).number("macs")
        for c_in, c_out, kernel, image, stride, padding in ALEXNET
    )


def midplanes(c_in: int, c_out: int, side: int = 3, depth: int = 3) -> int:
    """The most middle channels of a (2+1)D pair with no more parameters than the full kernel.

    >>> midplanes(64, 64)
    144
    """
    sizes = {C_in: c_in, C_out: c_out, k_h: side, k_w: side, k_t: depth}
    per_channel = FAMILIES["r2plus1d"].parameters.coeff(m)
    full = _standard_in_space_and_time()
    return int(floor((full / per_channel).xreplace({x: Integer(n) for x, n in sizes.items()})))


def _standard_in_space_and_time() -> Expr:
    """The weights of a full kernel with depth, height and width."""
    line = FAMILIES["standard"].family.on(FAMILIES["r2plus1d"].family.axes)
    assert line is not None
    return Count(line, FAMILIES["r2plus1d"].directions).parameters.expr
