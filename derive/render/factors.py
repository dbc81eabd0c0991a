"""Exact factors in a file: .npz for programs, .json to be read by anyone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from derive.algebra.matrix import Number
from derive.decide.form import Form
from derive.facts.certificate import FactorFacts, ProofFacts
from derive.facts.image import image, long_numbers
from derive.notation.errors import InputError
from derive.render.files import write_file

LONGEST = 2**28  # bytes of exact texts in a .npz


@dataclass(frozen=True)
class FactorsFacts:
    """Factors and how they contract to the kernel, in the schema derive/factors/1."""

    schema: str
    einsum: str
    sizes: Mapping[str, int]
    factors: tuple[FactorFacts, ...]


def write_factors(path: Path, proof: ProofFacts, force: bool = False) -> None:
    """Write the factors of a kernel that is exact to a .npz or a .json file.

    In .npz each factor is a float64 array under its name; where that rounds, the exact numbers
    are there too as texts such as 1/3, under the name with _exact. In .json all numbers are exact
    texts. ``einsum`` says in both how the factors contract to the kernel. Raises InputError if
    there are none, if the file exists, unless ``force`` is set, and if it cannot be written.
    """
    if proof.factors is None:
        raise InputError(f"no factors to write to {path.name}: the kernel is not known to have any")
    found = factors_facts(proof)
    if path.suffix.lower() == ".npz":
        data = _npz(found)
    elif path.suffix.lower() == ".json":
        data = f"{json.dumps(image(found), indent=2)}\n".encode()
    else:
        raise InputError(f"{path.name} ends in neither .npz nor .json, the formats of factors")
    write_file(path, data, overwrite=force)


def factors_facts(proof: ProofFacts) -> FactorsFacts:
    """The factors in the order of the layers, each under a name of its own.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.decide.verdict import decide
    >>> from derive.facts.certificate import checked
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> verdict = decide(asymmetric.family, Kernel.of([[[[1, 2], [2, 4]]]]), {m: 1})
    >>> [(one.name, one.tensor.entries) for one in factors_facts(checked(verdict)).factors]
    [('A', (1, 2)), ('B', (1, 2))]
    """
    found = proof.factors or ()
    names = _numbered(factor.name for factor in found)
    factors = tuple(replace(one, name=name) for one, name in zip(found, names, strict=True))
    return FactorsFacts("derive/factors/1", proof.einsum, proof.sizes, factors)


def factor_names(form: Form) -> Iterator[str]:
    """The names of the factors of a form, with a number where a name is used again."""
    return _numbered(str(factor.base) for term in form.terms for factor in term.factors)


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """Names, with a number where one is used again.

    >>> list(_numbered("ABA"))
    ['A', 'B', 'A_2']
    """
    seen: list[str] = []
    for name in names:
        seen.append(name)
        times = seen.count(name)
        yield name if times == 1 else f"{name}_{times}"


def _npz(found: FactorsFacts) -> bytes:
    """An array of float64 for each factor, and one of exact texts where that rounds."""
    import numpy as np

    arrays = {"einsum": np.array(found.einsum)}
    for factor in found.factors:
        name, entries, extents = factor.name, factor.tensor.entries, factor.tensor.extents
        rounded = [_rounded(name, number) for number in entries]
        arrays[name] = np.array(rounded, dtype=np.float64).reshape(extents)
        if any(exact != near for exact, near in zip(entries, rounded, strict=True)):
            with long_numbers():
                texts = list(map(str, entries))
            if 4 * len(texts) * max(map(len, texts)) > LONGEST:
                raise InputError(f"the exact entries of {name} are too long for .npz: write .json")
            arrays[f"{name}_exact"] = np.array(texts).reshape(extents)
    stream = BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _rounded(name: str, number: Number) -> float:
    """The nearest float64."""
    try:
        return number.numerator / number.denominator
    except OverflowError:
        raise InputError(f"{name} has entries beyond float64: write .json") from None
