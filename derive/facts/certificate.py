"""A verdict with what proves it, which the separate checker has passed, and the exact numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from string import ascii_letters
from typing import Annotated, Any, overload

from sympy import Symbol

from derive.algebra.dyadic import Dyadics
from derive.algebra.kernel import Kernel
from derive.algebra.matrix import Number
from derive.certificate import complaint
from derive.decide.form import Form
from derive.decide.minor import Minor
from derive.decide.verdict import Verdict, Word
from derive.facts.factors import FactorFacts, TensorFacts
from derive.facts.image import image
from derive.facts.record import As, printed, WITHIN
from derive.notation.errors import CheckError
from derive.notation.family import Family, Letters

Names = Mapping[Symbol, str]


@dataclass(frozen=True)
class Residue:
    """What a minor leaves modulo a prime."""

    residue: int
    prime: int


@dataclass(frozen=True)
class CertificateFacts:
    """A minor that is too large for the form: its value, or what it leaves modulo a prime."""

    kept: Mapping[str, int]
    row_letters: str
    rows: tuple[tuple[int, ...], ...]
    column_letters: str
    columns: tuple[tuple[int, ...], ...]
    minor: Fraction | Residue
    bound: int


@dataclass(frozen=True)
class ClaimFacts:
    """A form as an einsum with all sizes, the verdict on a kernel, and what proves it.

    Every letter has a name of one character; a sum of branches is their einsums with a plus sign.
    """

    einsum: str
    outputs: str
    inputs: str
    sizes: Mapping[str, int]
    verdict: Word
    factors: Annotated[tuple[FactorFacts, ...] | None, printed(factors=As.PRESENT)] = None
    certificate: Annotated[CertificateFacts | None, printed(certificate=As.PRESENT)] = None
    reason: Annotated[str | None, printed(reason=As.PRESENT)] = None


@dataclass(frozen=True)
class ProofFacts:
    """The kernel, and what is claimed of it: a form, the verdict and what proves it."""

    schema: str
    kernel: TensorFacts
    claim: Annotated[ClaimFacts, WITHIN]


def checked(verdict: Verdict) -> ProofFacts:
    """A verdict with its proof; CheckError if the separate checker finds that it does not hold.

    >>> from derive.decide.verdict import decide
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> proof = checked(decide(asymmetric.family, Kernel.of([[[[1, 2], [2, 4]]]]), {m: 1}))
    >>> proof.claim.einsum, proof.claim.factors[0].tensor
    ('jiu,ojv->oiuv', TensorFacts(letters='jiu', extents=(1, 1, 2), entries=(1, 2)))
    """
    found = ProofFacts("derive/factor/1", named(verdict.form), claim(verdict))
    if words := complaint(_document(found), inf):
        raise CheckError(f"the proof of the verdict does not hold: {words}")
    return found


def claim(verdict: Verdict) -> ClaimFacts:
    """A verdict with what is offered for its proof, which nobody has checked."""
    asked = verdict.form
    names, first = _names(asked), asked.terms[0]
    shared = {x: name for own in names for x, name in own.items()}
    minor, factors = verdict.minor, verdict.factors
    return ClaimFacts(
        einsum=einsum(asked),
        outputs=_word(first.outputs, shared),
        inputs=_word(first.inputs, shared),
        sizes=_sizes(asked, names),
        verdict=verdict.word,
        factors=None if factors is None else tuple(_factors(asked, factors, names)),
        certificate=_certificate(minor, shared, _file(asked)) if minor else None,
        reason=verdict.reason or None,
    )


def named(asked: Form) -> TensorFacts:
    """The kernel with the letters that it has in a file."""
    return tensor(asked.kernel, _file(asked))


def einsum(asked: Form) -> str:
    """The contraction of a form, a term for each branch."""
    return " + ".join(_einsum(*pair) for pair in zip(asked.terms, _names(asked), strict=True))


def _file(asked: Form) -> Names:
    """The letters that a kernel has in a file."""
    return {x: x.name for x in asked.kernel.letters}


class _Texts(Sequence[str]):
    """Numbers as texts, written as they are asked for."""

    def __init__(self, numbers: Sequence[Number]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        if isinstance(place, slice):
            return tuple(map(str, self._numbers[place]))
        numbers = self._numbers
        return numbers.text(place) if isinstance(numbers, Dyadics) else str(numbers[place])

    def __iter__(self) -> Iterator[str]:
        return map(str, self._numbers)


def _document(proof: ProofFacts) -> dict[str, Any]:
    """The JSON of a proof, in which the entries of the kernel are written as they are read."""
    bare = replace(proof, kernel=replace(proof.kernel, entries=()))
    document: Any = image(bare)
    document["kernel"]["entries"] = _Texts(proof.kernel.entries)
    return dict(document)


def tensor(kernel: Kernel, names: Names) -> TensorFacts:
    """A kernel or factor with its letters named."""
    return TensorFacts(_word(kernel.letters, names), tuple(kernel.extents), kernel.flat)


def _factors(
    asked: Form, factors: tuple[Kernel, ...], names: list[dict[Symbol, str]]
) -> Iterator[FactorFacts]:
    """The factors in the order of the line, each under its name there."""
    pairs = zip(asked.terms, names, strict=True)
    homes = ((str(factor.base), own) for term, own in pairs for factor in term.factors)
    for (name, own), factor in zip(homes, factors, strict=True):
        yield FactorFacts(name, tensor(factor, own))


def _certificate(minor: Minor, shared: Names, file: Names) -> CertificateFacts:
    """A minor; one of bound 0 is an entry of the kernel itself, which has the letters of a file."""
    names = shared if minor.bound else file
    value = Residue(*minor.residue) if minor.residue else minor.value
    assert value is not None
    return CertificateFacts(
        kept={names[x]: place for x, place in minor.kept.items()},
        row_letters=_word(minor.row_letters, names),
        rows=minor.rows,
        column_letters=_word(minor.column_letters, names),
        columns=minor.columns,
        minor=value,
        bound=minor.bound,
    )


def _names(asked: Form) -> list[dict[Symbol, str]]:
    """For each term, one character for every letter: its own if it has one that no other uses.

    >>> from derive.decide.form import form
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
