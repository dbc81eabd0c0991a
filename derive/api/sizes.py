"""Sizes by name: keywords of a call, matched with the symbols of a formula."""

from collections.abc import Iterable, Mapping
from operator import index

from sympy import Symbol

from derive.notation.errors import InputError
from derive.notation.letters import DIRECTIONS, meaning, n

SIDES = tuple(d.kernel for d in DIRECTIONS.values())  # what n stands for


def listed(symbols: Iterable[Symbol]) -> str:
    """The sizes that something takes, in one line.

    >>> from derive.notation.letters import C_in, k_h, k_w
    >>> listed([C_in, k_h, k_w])
    'C_in, k_h, k_w (or n for a square kernel)'
    """
    names = [symbol.name for symbol in symbols]
    sides = [symbol.name for symbol in SIDES if symbol in symbols]
    if sides:
        names[names.index(sides[-1])] += " (or n for a square kernel)"
    return ", ".join(names) or "no sizes"


def chosen(what: str, symbols: Iterable[Symbol], given: Mapping[str, object]) -> dict[Symbol, int]:
    """The number of each symbol that is given by its name; ``n`` is every side of the kernel.

    Raises InputError, one line that lists the sizes, for a name that is none of the symbols, for a
    side given twice and for a number that is no positive integer.

    >>> from derive.notation.letters import k_h, k_w, m
    >>> chosen("the count", (k_h, k_w, m), {"n": 3, "m": 8})
    {k_h: 3, k_w: 3, m: 8}
    """
    symbols = tuple(symbols)
    known = {symbol.name: symbol for symbol in symbols}
    sides = [symbol for symbol in SIDES if symbol in symbols]
    if sides and n not in symbols:
        known[n.name] = n
    for name in given:
        if name not in known:
            raise InputError(f"{what} has no size {name}; it takes {listed(symbols)}")
    numbers = {known[name]: _number(known[name], value) for name, value in given.items()}
    if n in numbers and n not in symbols:
        side = numbers.pop(n)
        if twice := [symbol.name for symbol in sides if symbol in numbers]:
            raise InputError(f"n is {' = '.join(s.name for s in sides)}: leave out n or {twice[0]}")
        numbers = dict.fromkeys(sides, side) | numbers
    return numbers


def complete(
    what: str, symbols: Iterable[Symbol], given: Mapping[str, object]
) -> dict[Symbol, int]:
    """The number of every symbol; InputError, one line that lists the sizes, if one is missing.

    >>> from derive.notation.letters import C_in, m
    >>> complete("the count", (C_in, m), {"C_in": 3})
    Traceback (most recent call last):
    derive.notation.errors.InputError: the count needs m (width: middle channels); it takes C_in, m
    """
    symbols = tuple(symbols)
    numbers = chosen(what, symbols, given)
    if missing := [symbol for symbol in symbols if symbol not in numbers]:
        words = ", ".join(f"{symbol.name} ({meaning(symbol)})" for symbol in missing)
        raise InputError(f"{what} needs {words}; it takes {listed(symbols)}")
    return numbers


def _number(symbol: Symbol, value: object) -> int:
    """A size as an integer, also one of NumPy's; InputError for anything else."""
    least = 1 if symbol.is_positive else 0
    try:
        number = None if isinstance(value, bool) else index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < least:
        raise InputError(f"{symbol.name} must be an integer of at least {least}, not {value!r}")
    return number
