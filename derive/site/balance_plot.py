"""Time against the balance of a machine, in the roofline model: designs as shares of a standard
layer's time, and the balance from which a design is no longer faster.

Source: Williams, Waterman, Patterson (2009), Roofline, Communications of the ACM 52(4),
doi 10.1145/1498765.1498785.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.site.plot import Scale

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 22, 40
LEAST, MOST, FINE = 1, 256, 8  # operations per byte drawn, and points for each doubling
MARKS = (1, 4, 16, 64, 256)
Work = Sequence[tuple[int, int]]  # operations and bytes of every stage


def time(stages: Work, balance: Fraction) -> Fraction:
    """Time in bytes at full speed: each stage waits for its operations or for its bytes.

    >>> time([(100, 50)], Fraction(1)), time([(100, 50)], Fraction(4))
    (Fraction(100, 1), Fraction(50, 1))
    """
    return sum((max(flops / balance, Fraction(moved)) for flops, moved in stages), Fraction(0))


def crossings(one: Work, other: Work) -> list[Fraction]:
    """The balances at which two designs change places, exactly.

    Between two balances at which a stage changes what it waits for, both times are a/b + c.

    >>> crossings([(8, 1)], [(2, 1), (2, 1)])
    [Fraction(4, 1)]
    """
    kinks = sorted({Fraction(flops, moved) for flops, moved in (*one, *other)})
    found = []
    for low, high in pairwise((Fraction(0), *kinks, 2 * kinks[-1])):
        middle = (low + high) / 2
        a, c = (x - y for x, y in zip(_line(one, middle), _line(other, middle), strict=True))
        if a * c < 0 and low < -Fraction(a, c) <= high:
            found.append(-Fraction(a, c))
    return found


def _line(stages: Work, balance: Fraction) -> tuple[int, int]:
    """The operations that are waited for at a balance, and the bytes of the other stages."""
    slow = [(flops, moved) for flops, moved in stages if Fraction(flops, moved) > balance]
    fast = [(flops, moved) for flops, moved in stages if Fraction(flops, moved) <= balance]
    return sum(flops for flops, _ in slow), sum(moved for _, moved in fast)


@dataclass(frozen=True)
class Curve:
    """A design of the plot: its name and the work of its stages."""

    name: str
    stages: Work


def balance_plot(
    whole: Work, curves: Sequence[Curve], machines: Mapping[str, float], title: str
) -> str:
    """The times of designs over that of a layer, by balance, as SVG; a ring marks each balance from
    which a design takes as long, and a dashed line every machine."""
    box = f"0 0 {WIDTH} {HEIGHT}"
    name = "balance-plot-title"
    svg = Element(
        "svg", {"class": "balance-plot", "viewBox": box, "role": "img", "aria-labelledby": name}
    )
    SubElement(svg, "title", {"id": name}).text = title
    across = Scale(LEAST, MOST, LEFT, WIDTH - RIGHT)
    balances = [Fraction(2 ** (step / FINE)) for step in range(8 * FINE + 1)]
    shares = {
        curve.name: [time(curve.stages, b) / time(whole, b) for b in balances] for curve in curves
    }
    most = max(map(max, shares.values())) * Fraction(11, 10)

    def up(share: float) -> float:
        return HEIGHT - BOTTOM - share / float(most) * (HEIGHT - BOTTOM - TOP)

    _axes(svg, across, [(share, up(share)) for share in _quarters(most)])
    for n, (machine, at) in enumerate(machines.items()):
        x = across.at(at)
        _line_at(svg, "machine", x, x, TOP, HEIGHT - BOTTOM)
        _text(svg, "tick machine-name", x - 4, TOP + 10 + 13 * n, machine)
    for n, curve in enumerate(curves):
        points = zip(balances, shares[curve.name], strict=True)
        path = "L".join(f"{across.at(float(b)):.1f} {up(float(share)):.1f}" for b, share in points)
        SubElement(svg, "path", {"class": f"curve of-{n + 1}", "d": f"M{path}"})
        for balance in crossings(whole, curve.stages):
            place = {"cx": f"{across.at(float(balance)):.1f}", "cy": f"{up(1):.1f}", "r": "5"}
            SubElement(svg, "circle", {"class": f"crossing of-{n + 1}", **place})
        _text(svg, f"name of-{n + 1}", LEFT + 6, up(float(shares[curve.name][0])) - 6, curve.name)
    return tostring(svg, encoding="unicode")


def _quarters(most: Fraction) -> Iterable[float]:
    """Marks of the shares.

    >>> list(_quarters(Fraction(11, 10)))
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    return (n / 4 for n in range(int(4 * most) + 1))


def _axes(svg: Element, across: Scale, shares: Sequence[tuple[float, float]]) -> None:
    for mark in MARKS:
        x = across.at(mark)
        _line_at(svg, "gridline", x, x, TOP, HEIGHT - BOTTOM)
        _text(svg, "tick middle", x, HEIGHT - BOTTOM + 15, str(mark))
    for share, y in shares:
        _line_at(svg, "whole" if share == 1 else "gridline", LEFT, WIDTH - RIGHT, y, y)
        _text(svg, "tick end", LEFT - 6, y + 4, f"{share:g}")
    _text(svg, "axis middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "operations per byte")
    _text(svg, "axis", 4, 12, "time, standard layer = 1")


def _line_at(svg: Element, kind: str, x1: float, x2: float, y1: float, y2: float) -> None:
    ends = {"x1": x1, "x2": x2, "y1": y1, "y2": y2}
    SubElement(svg, "line", {"class": kind, **{key: f"{n:.1f}" for key, n in ends.items()}})


def _text(svg: Element, kind: str, x: float, y: float, words: str) -> None:
    SubElement(svg, "text", {"class": kind, "x": f"{x:.1f}", "y": f"{y:.1f}"}).text = words
