"""Exact factors in a file: .npz for programs, .json to be read by anyone."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

from flint import fmpz

from derive.algebra.contraction import whole
from derive.algebra.kernel import Kernel
from derive.algebra.matrix import Number
from derive.notation.errors import InputError
from derive.notation.family import Family, Line

LONGEST = 2**28  # bytes of exact texts in a .npz


def write_factors(path: Path, line: Line, factors: Iterable[Kernel], force: bool = False) -> None:
    """Write the factors of a line, in its order, to a .npz or a .json file.

    In .npz each factor is a float64 array under its name; where that rounds, the exact numbers
    are there too as texts such as 1/3, under the name with _exact. In .json all numbers are exact
    texts. ``einsum`` says in both how the factors contract to the kernel. Raises InputError if the
    file exists, unless ``force`` is set, and if it cannot be written.
    """
    family, factors = whole(line), tuple(factors)
    if path.suffix.lower() == ".npz":
        data = _npz(family, factors)
    elif path.suffix.lower() == ".json":
        document = factors_document(family, factors)
        data = f"{json.dumps(document, ensure_ascii=False, indent=2)}\n".encode()
    else:
        raise InputError(f"{path.name} ends in neither .npz nor .json, the formats of factors")
    try:
        with path.open("wb" if force else "xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise InputError(f"{path} exists: choose another name, or --force to overwrite") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot write {path}: {reason}") from None


def factors_document(family: Family, factors: Iterable[Kernel]) -> dict[str, Any]:
    """Factors as plain data, every number an exact text.

    >>> from derive.algebra.factorize import factorize
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> line, kernel = asymmetric.family, Kernel.of([[[[1, 2], [2, 4]]]])
    >>> factors_document(line, factorize(line, kernel, {m: 1}))["factors"][1]
    {'name': 'B', 'letters': ['o', 'j', 'v'], 'shape': [1, 1, 2], 'entries': [[['1', '2']]]}
    """
    return {
        "schema": "derive/factors/1",
        "einsum": family.einsum,
        "factors": [
            {
                "name": name,
                "letters": [str(x) for x in factor.letters],
                "shape": list(factor.extents),
                "entries": _spelled(factor.nested),
            }
            for name, factor in _named(family, factors)
        ],
    }


def spelled(number: Number) -> str:
    """A number as an exact text, however many digits it has.

    >>> from fractions import Fraction
    >>> spelled(Fraction(-1, 3)), len(spelled(10**5000))
    ('-1/3', 5001)
    """
    # Python writes integers up to 4300 digits only, and slowly.
    above, below = str(fmpz(number.numerator)), str(fmpz(number.denominator))
    return above if number.denominator == 1 else f"{above}/{below}"


def _named(family: Family, factors: Iterable[Kernel]) -> Iterator[tuple[str, Kernel]]:
    return zip((str(factor.base) for factor in family.factors), factors, strict=True)


def _spelled(nested: Any) -> Any:
    return [_spelled(x) for x in nested] if isinstance(nested, list) else spelled(nested)


def _npz(family: Family, factors: tuple[Kernel, ...]) -> bytes:
    """The file: an array of float64 for each factor, and one of exact texts where that rounds."""
    try:
        import numpy
    except ModuleNotFoundError:
        raise InputError("writing .npz needs NumPy: write .json, or pip install numpy") from None
    arrays = {"einsum": numpy.array(family.einsum)}
    for name, factor in _named(family, factors):
        exact = [factor.entries[at] for at in product(*map(range, factor.extents))]
        rounded = [_rounded(name, number) for number in exact]
        arrays[name] = numpy.array(rounded, dtype=numpy.float64).reshape(factor.extents)
        if any(a != b for a, b in zip(exact, rounded, strict=True)):
            texts = [spelled(number) for number in exact]
            if 4 * len(texts) * max(map(len, texts)) > LONGEST:
                raise InputError(f"the exact entries of {name} are too long for .npz: write .json")
            arrays[f"{name}_exact"] = numpy.array(texts).reshape(factor.extents)
    stream = BytesIO()
    numpy.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _rounded(name: str, number: Number) -> float:
    """The nearest float64."""
    try:
        return number.numerator / number.denominator
    except OverflowError:
        raise InputError(f"{name} has entries beyond float64: write .json") from None
