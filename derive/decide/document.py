"""A verdict as plain data, in the schema derive/factor/1, with every number as an exact string."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import inf
from string import ascii_letters
from typing import Any

from sympy import Symbol

from derive.algebra.kernel import Kernel
from derive.check import complaint
from derive.decide.form import Form, form
from derive.decide.minor import Minor
from derive.decide.verdict import Verdict
from derive.notation.errors import CheckError
from derive.notation.family import Family, Letters

Names = Mapping[Symbol, str]


def document(verdict: Verdict) -> dict[str, Any]:
    """The kernel, the form as an einsum with all sizes, the verdict and what proves it.

    Every letter has a name of one character; a sum of branches is their einsums with a plus sign.
    CheckError if the separate checker finds that the proof does not hold.

    >>> from derive.decide.verdict import decide
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> said = document(decide(asymmetric.family, Kernel.of([[[[1, 2], [2, 4]]]]), {m: 1}))
    >>> said["einsum"], said["factors"][0]
    ('jiu,ojv->oiuv', {'letters': 'jiu', 'extents': [1, 1, 2], 'entries': ['1', '2']})
    """
    asked = form(verdict.line, verdict.kernel, verdict.values)
    names, file = _names(asked), {x: x.name for x in verdict.kernel.letters}
    shared, first = {x: name for own in names for x, name in own.items()}, asked.terms[0]
    with long_numbers():
        found: dict[str, Any] = {
            "schema": "derive/factor/1",
            "kernel": tensor(verdict.kernel, file),
            "einsum": " + ".join(_einsum(*pair) for pair in zip(asked.terms, names, strict=True)),
            "outputs": _word(first.outputs, shared),
            "inputs": _word(first.inputs, shared),
            "sizes": _sizes(asked, names),
            "verdict": verdict.word,
        }
        if verdict.factors is not None:
            homes = (
                own for term, own in zip(asked.terms, names, strict=True) for _ in term.factors
            )
            pairs = zip(verdict.factors, homes, strict=True)
            found["factors"] = [tensor(factor, own) for factor, own in pairs]
        elif verdict.minor:
            letters = shared if verdict.minor.bound else file
            found["certificate"] = certificate(verdict.minor, letters)
        else:
            found["reason"] = verdict.reason
    if words := complaint(found, inf):
        raise CheckError(f"the proof of the verdict does not hold: {words}")
    return found


def tensor(kernel: Kernel, names: Names) -> dict[str, Any]:
    """A kernel or factor as plain data, the last letter fastest."""
    return {
        "letters": _word(kernel.letters, names),
        "extents": list(kernel.extents),
        "entries": [str(entry) for entry in kernel.flat],
    }


def certificate(minor: Minor, names: Names) -> dict[str, Any]:
    """A minor as plain data: its value, or a residue and the prime."""
    residue = dict(zip(("residue", "prime"), minor.residue or (), strict=False))
    return {
        "kept": {names[x]: value for x, value in minor.kept.items()},
        "row_letters": _word(minor.row_letters, names),
        "rows": [list(row) for row in minor.rows],
        "column_letters": _word(minor.column_letters, names),
        "columns": [list(column) for column in minor.columns],
        "minor": residue or str(minor.value),
        "bound": minor.bound,
    }


@contextmanager
def long_numbers() -> Iterator[None]:
    """Integers of any length can be written."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(digits)


def _names(asked: Form) -> list[dict[Symbol, str]]:
    """For each term, one character for every letter: its own if it has one that no other uses.

    >>> from derive.families import network_decoupling
    >>> from derive.notation.letters import T
    >>> _names(form(network_decoupling.family, Kernel.of([[[[1]]]]), {T: 1}))
    [{o: 'o', i: 'i', u: 'u', v: 'v', tau: 'a'}]
    """
    own = {x.name for term in asked.terms for x in term.letters}
    spare = iter([c for c in ascii_letters if c not in own])
    shared = {x: _name(x, spare, set()) for x in asked.letters}
    used = {*shared.values(), *(tap.name for tap in asked.taps)}
    return [shared | {x: _name(x, spare, used) for x in term.summed} for term in asked.terms]


def _name(letter: Symbol, spare: Iterator[str], used: set[str]) -> str:
    name = letter.name if letter.name in ascii_letters and len(letter.name) == 1 else ""
    chosen = name if name and name not in used else next(spare)
    used.add(chosen)
    return chosen


def _sizes(asked: Form, names: list[dict[Symbol, str]]) -> dict[str, int]:
    pairs = zip(asked.terms, names, strict=True)
    return {own[x]: n for term, own in pairs for x, n in asked.sizes(term).items()}


def _einsum(term: Family, names: Names) -> str:
    factors = ",".join(_word(tuple(factor.indices), names) for factor in term.factors)
    return f"{factors}->{_word(term.kernel, names)}"


def _word(letters: Letters, names: Names) -> str:
    return "".join(names[x] for x in letters)
