"""Exact factors in a file: .npz for programs, .json to be read by anyone."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from derive.algebra.matrix import Number
from derive.decide.form import form
from derive.decide.verdict import Verdict
from derive.notation.errors import InputError
from derive.write.files import write_file

LONGEST = 2**28  # bytes of exact texts in a .npz


def write_factors(
    path: Path, verdict: Verdict, document: Mapping[str, Any], force: bool = False
) -> None:
    """Write the factors of a verdict, whose document is given, to a .npz or a .json file.

    In .npz each factor is a float64 array under its name; where that rounds, the exact numbers
    are there too as texts such as 1/3, under the name with _exact. In .json all numbers are exact
    texts. ``einsum`` says in both how the factors contract to the kernel. Raises InputError if
    there are none, if the file exists, unless ``force`` is set, and if it cannot be written.
    """
    if verdict.factors is None:
        raise InputError(f"no factors to write to {path.name}: the kernel is not known to have any")
    if path.suffix.lower() == ".npz":
        data = _npz(verdict, document)
    elif path.suffix.lower() == ".json":
        data = f"{json.dumps(factors_document(verdict, document), indent=2)}\n".encode()
    else:
        raise InputError(f"{path.name} ends in neither .npz nor .json, the formats of factors")
    write_file(path, data, overwrite=force)


def factors_document(verdict: Verdict, document: Mapping[str, Any]) -> dict[str, Any]:
    """The factors as plain data: in the order of the layers, the last letter fastest.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.decide.document import document
    >>> from derive.decide.verdict import decide
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> verdict = decide(asymmetric.family, Kernel.of([[[[1, 2], [2, 4]]]]), {m: 1})
    >>> factors_document(verdict, document(verdict))["factors"][0]
    {'name': 'A', 'letters': 'jiu', 'extents': [1, 1, 2], 'entries': ['1', '2']}
    """
    return {
        "schema": "derive/factors/1",
        "einsum": document["einsum"],
        "sizes": document["sizes"],
        "factors": [
            {"name": name, **factor}
            for name, factor in zip(factor_names(verdict), document["factors"], strict=True)
        ],
    }


def factor_names(verdict: Verdict) -> Iterator[str]:
    """The names of the factors, with a number where a name is used again."""
    seen: list[str] = []
    for term in form(verdict.line, verdict.kernel, verdict.values).terms:
        for factor in term.factors:
            name = str(factor.base)
            seen.append(name)
            yield name if seen.count(name) == 1 else f"{name}_{seen.count(name)}"


def _npz(verdict: Verdict, document: Mapping[str, Any]) -> bytes:
    """An array of float64 for each factor, and one of exact texts where that rounds."""
    import numpy as np

    arrays = {"einsum": np.array(document["einsum"])}
    factors = zip(factor_names(verdict), verdict.factors or (), document["factors"], strict=True)
    for name, factor, said in factors:
        rounded = [_rounded(name, number) for number in factor.flat]
        arrays[name] = np.array(rounded, dtype=np.float64).reshape(factor.extents)
        if any(exact != near for exact, near in zip(factor.flat, rounded, strict=True)):
            texts = said["entries"]
            if 4 * len(texts) * max(map(len, texts)) > LONGEST:
                raise InputError(f"the exact entries of {name} are too long for .npz: write .json")
            arrays[f"{name}_exact"] = np.array(texts).reshape(factor.extents)
    stream = BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _rounded(name: str, number: Number) -> float:
    """The nearest float64."""
    try:
        return number.numerator / number.denominator
    except OverflowError:
        raise InputError(f"{name} has entries beyond float64: write .json") from None
