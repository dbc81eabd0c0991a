"""Printers of SymPy's that print every part of an expression once."""

from functools import cache, lru_cache
from typing import Any

from sympy import Basic, Float
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter


class Remembering(Printer):  # type: ignore[misc]
    """Keeps the text of the parts that it has printed: sides of steps have most parts in common.

    Nothing is kept of a part that is printed with settings of its own, such as a power, and of
    numbers with digits, whose text depends on where they stand.
    """

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        super().__init__(settings)
        self._once = lru_cache(maxsize=4096)(super()._print)

    def _print(self, expr: Any, **settings: Any) -> str:
        kept = isinstance(expr, Basic) and not settings and not isinstance(expr, Float)
        return str(self._once(expr) if kept else super()._print(expr, **settings))


class _PlainText(Remembering, StrPrinter):  # type: ignore[misc]
    """SymPy's own text."""


@cache
def _plain_text() -> _PlainText:
    return _PlainText()


def plain_text(expr: Basic) -> str:
    """What ``str`` makes of an expression.

    >>> from derive.notation.letters import m, n
    >>> plain_text(n + m) == str(n + m)
    True
    """
    return str(_plain_text().doprint(expr))
