"""Questions for the second prover by name, and the words that several of them share.

A question builds queries from z3 alone, so that it shares no code with the symbolic proof. Division
is not among its words: a quotient is a number with inequalities of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

from derive.notation.errors import CheckError
from derive.proof.evidence import Query

Queries: TypeAlias = Iterator[Query]
Question: TypeAlias = Callable[[Any], Iterable[Query]]


def at_hand() -> bool:
    """Whether there are cross-checks at all: the page of your own line is without them."""
    return find_spec("derive.crosschecks") is not None


def question(name: str) -> Question:
    """The question of a name, file and function: "rank_one.pivot_form".

    CheckError if there is no such file among the cross-checks, or no such function in it.

    >>> question("rank_one.pivot_form").__name__
    'pivot_form'
    """
    file, _, function = name.partition(".")
    module = f"derive.crosschecks.{file}"
    if not file.isidentifier() or not find_spec(module):
        raise CheckError(f"no question {name!r}: there is no derive/crosschecks/{file}.py")
    found: Question | None = vars(import_module(module)).get(function)
    if not callable(found):
        raise CheckError(f"no question {name!r}: derive/crosschecks/{file}.py has no {function!r}")
    return found


def rounded_up(z3: Any, quotient: Any, of: Any, by: Any) -> Any:
    """The quotient is ``of`` divided by ``by``, rounded up."""
    return z3.And(by * (quotient - 1) < of, of <= by * quotient)


def rounded_down(z3: Any, quotient: Any, of: Any, by: Any) -> Any:
    """The quotient is ``of`` divided by ``by``, rounded down."""
    return z3.And(by * quotient <= of, of < by * (quotient + 1))


def smaller(z3: Any, one: Any, other: Any) -> Any:
    """The smaller of two."""
    return z3.If(one < other, one, other)


def positive(z3: Any, number: Any) -> Any:
    """The number, or 0 if it is negative."""
    return z3.If(number > 0, number, 0)


def counts_windows(z3: Any, N: Any, room: Any, s: Any) -> Any:
    """N = max(0, floor(room / s) + 1)."""
    return z3.Or(rounded_down(z3, N - 1, room, s) & (room >= 0), (N == 0) & (room < 0))
