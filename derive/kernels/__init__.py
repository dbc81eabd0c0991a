"""The gallery: classical filters by name, in gallery.json.

Most are integer tables with a divisor. Those with a transcendental formula are sampled when they
are asked for, as float64.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sympy import pi, Rational

from derive.kernels.sampled import FORMULAS, Sampled, SYMBOLS, theta
from derive.notation.names import resolve

Table = tuple[tuple[int, ...], ...]
TAGS = {
    "blur": "Blurs",
    "edge": "Edges",
    "second-derivative": "Second derivatives",
    "sharpen": "Sharpening and relief",
    "texture": "Waves and directions",
}


@dataclass(frozen=True)
class NamedKernel:
    """A filter of one channel: the table over the divisor, or the samples of a formula.

    ``use`` says what it is for; ``source`` is empty if the definition is its own.
    """

    name: str
    title: str
    use: str
    tags: tuple[str, ...]
    source: str
    divisor: int = 1
    table: Table = ()
    sampled: Sampled | None = None

    @property
    def entries(self) -> tuple[tuple[Fraction, ...], ...]:
        """The weights, exact.

        >>> gallery()["box-3"].entries[0][0]
        Fraction(1, 9)
        """
        if self.sampled:
            return self.sampled.entries
        return tuple(tuple(Fraction(entry, self.divisor) for entry in row) for row in self.table)

    @property
    def floating(self) -> str | None:
        """The floating-point format that the weights were rounded to, None for tables."""
        return "float64" if self.sampled else None


@cache
def gallery() -> Mapping[str, NamedKernel]:
    """Every filter of the gallery by name.

    >>> gallery()["sobel"].table
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    """
    known = json.loads((files(__package__) / "gallery.json").read_text(encoding="utf-8"))
    return MappingProxyType({one["name"]: _kernel(**one) for one in known})


def kernel_id(text: str) -> str:
    """The name of the filter that a text means: a name, a title or another name that is used.

    Raises UnknownNameError if no filter, or more than one, is called so.

    >>> kernel_id("Sobel Y"), kernel_id("Difference of Gaussians")
    ('sobel-y', 'dog')
    """
    return resolve("kernel", text, {name: (one.title,) for name, one in gallery().items()})


def _kernel(
    tags: list[str],
    table: list[list[int]] | None = None,
    sampled: Mapping[str, Any] | None = None,
    **words: Any,
) -> NamedKernel:
    return NamedKernel(
        tags=tuple(tags),
        table=tuple(map(tuple, table or ())),
        sampled=_sampled(**sampled) if sampled else None,
        **words,
    )


def _sampled(formula: str, reach: int, total: int | None = None, **values: str) -> Sampled:
    """A formula by name, with its values; the angle theta is in degrees."""
    symbols = {symbol.name: symbol for symbol in SYMBOLS}
    degree = {theta: pi / 180}
    given = {symbols[name]: Rational(value) for name, value in values.items()}
    scaled = tuple((symbol, value * degree.get(symbol, 1)) for symbol, value in given.items())
    return Sampled(FORMULAS[formula], scaled, reach, total)
