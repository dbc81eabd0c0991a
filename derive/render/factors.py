"""Factors in a file: .npz for programs, .json to be read by anyone, .safetensors for PyTorch."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, TYPE_CHECKING

from derive.algebra.matrix import Number
from derive.decide.nearest import numbered
from derive.facts.certificate import ProofFacts
from derive.facts.factors import ArrayFacts, FactorFacts, FactorsFacts, NearFactorsFacts
from derive.facts.image import image, long_numbers
from derive.facts.verdict import NearestFacts, VerdictFacts
from derive.notation.errors import InputError
from derive.notation.letters import DIRECTIONS
from derive.render.files import write_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 2**28  # bytes of exact texts in a .npz
SAFE = {"float64": "F64", "float32": "F32"}  # formats of .safetensors


def near_of(facts: VerdictFacts) -> NearestFacts | None:
    """What is said of the nearest factors, if there are any."""
    return facts.nearest if isinstance(facts.nearest, NearestFacts) else None


def write_factors(
    path: Path,
    proof: ProofFacts,
    near: NearestFacts | None = None,
    transposed: bool = False,
    force: bool = False,
) -> None:
    """Write factors to a .npz, a .json or a .safetensors file: those near the kernel if they are
    given, else those of a kernel that is exact.

    In .npz each factor is an array under its name, ``einsum`` says how they contract to the kernel
    and ``letters`` along what each axis runs; where float64 rounds exact numbers, they are there
    too as texts such as 1/3, under the name with _exact. In .json the numbers of exact factors are
    exact texts. In .safetensors each factor is the weight of a convolution of PyTorch, A.weight for
    A, of shape (out, in/groups, taps), or (in, out/groups, taps) if it is transposed.

    Raises InputError if there are no factors, if the file exists, unless ``force`` is set, and if
    it cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".npz", ".json", ".safetensors"):
        raise InputError(
            f"{path.name} ends in none of .npz, .json and .safetensors, the formats of factors"
        )
    if near is not None and near.factors is not None:
        data = _near(proof, near, near.factors, suffix, transposed)
    elif proof.claim.factors is not None:
        data = _exact(proof, suffix, transposed)
    else:
        raise _none(path)
    write_file(path, data, overwrite=force)


def factor_shapes(
    path: Path, proof: ProofFacts, near: NearestFacts | None = None
) -> dict[str, tuple[int, ...]]:
    """The shapes of the factors that ``write_factors`` writes to a .npz file, by name.

    Raises InputError if there are no factors.
    """
    if near is not None and near.factors is not None:
        return {one.name: one.extents for one in near.factors}
    if proof.claim.factors is not None:
        return {one.name: one.tensor.extents for one in factors_facts(proof).factors}
    raise _none(path)


def _none(path: Path) -> InputError:
    return InputError(
        f"no factors to write to {path.name}: the kernel is not known to have any; --nearest finds"
        " those of a kernel near it"
    )


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
    found = proof.claim.factors or ()
    names = numbered(factor.name for factor in found)
    factors = tuple(replace(one, name=name) for one, name in zip(found, names, strict=True))
    return FactorsFacts("derive/factors/1", proof.claim.einsum, proof.claim.sizes, factors)


def near_arrays(factors: tuple[ArrayFacts, ...], precision: str) -> "dict[str, NDArray[Any]]":
    """The arrays of nearest factors by name, in the precision in which they are stored."""
    import numpy as np

    return {one.name: np.array(one.entries, precision).reshape(one.extents) for one in factors}


def _near(
    proof: ProofFacts,
    near: NearestFacts,
    factors: tuple[ArrayFacts, ...],
    suffix: str,
    transposed: bool,
) -> bytes:
    """The bytes of a file of nearest factors."""
    arrays = near_arrays(factors, near.precision)
    letters = {one.name: one.letters for one in factors}
    if suffix == ".npz":
        return _npz(proof.claim.einsum, arrays, letters)
    if suffix == ".safetensors":
        return _safetensors(
            _weights(proof, arrays, letters, transposed), proof.claim.einsum, near.relative_error
        )
    said = NearFactorsFacts(
        "derive/nearest-factors/1",
        proof.claim.einsum,
        proof.claim.sizes,
        {str(x): n for x, n in near.setting.items()},
        near.relative_error,
        near.precision,
        factors,
    )
    return f"{json.dumps(image(said), indent=2)}\n".encode()


def _exact(proof: ProofFacts, suffix: str, transposed: bool) -> bytes:
    """The bytes of a file of exact factors."""
    found = factors_facts(proof)
    if suffix == ".json":
        return f"{json.dumps(image(found), indent=2)}\n".encode()
    arrays, exact = {}, {}
    for one in found.factors:
        arrays[one.name], exact[one.name] = _float64(one, suffix == ".npz")
    letters = {one.name: one.tensor.letters for one in found.factors}
    if suffix == ".safetensors":
        return _safetensors(_weights(proof, arrays, letters, transposed), proof.claim.einsum, 0.0)
    texts = {f"{name}_exact": array for name, array in exact.items() if array is not None}
    return _npz(found.einsum, {**arrays, **texts}, letters)


def _npz(einsum: str, arrays: Mapping[str, Any], letters: Mapping[str, str]) -> bytes:
    """An array for each factor, with how they contract and the letters of each, as texts."""
    import numpy as np

    about = {"einsum": np.array(einsum), "letters": np.array(list(letters.values()))}
    stream = BytesIO()
    np.savez(stream, **{**about, **arrays})
    return stream.getvalue()


def _float64(factor: FactorFacts, texts: bool) -> tuple[Any, Any]:
    """A factor as float64, and its exact numbers as texts where that rounds, or None."""
    import numpy as np

    name, entries, extents = factor.name, factor.tensor.entries, factor.tensor.extents
    rounded = [_rounded(name, number) for number in entries]
    array = np.array(rounded, dtype=np.float64).reshape(extents)
    if not texts or all(exact == near for exact, near in zip(entries, rounded, strict=True)):
        return array, None
    with long_numbers():
        words = list(map(str, entries))
    if 4 * len(words) * max(map(len, words)) > LONGEST:
        raise InputError(f"the exact entries of {name} are too long for .npz: write .json")
    return array, np.array(words).reshape(extents)


def _rounded(name: str, number: Number) -> float:
    """The nearest float64."""
    try:
        return number.numerator / number.denominator
    except OverflowError:
        raise InputError(f"{name} has entries beyond float64: write .json") from None


def _safetensors(named: Iterable[tuple[str, Any]], einsum: str, error: float) -> bytes:
    """The weights of the convolutions: a length of eight bytes, a header in JSON, the numbers.

    Source: the description of the format in the README of huggingface/safetensors.
    """
    weights = dict(named)
    header: dict[str, Any] = {
        "__metadata__": {
            "format": "pt",
            "einsum": einsum,
            "relative_error": repr(error),
        }
    }
    end = 0
    for name, array in weights.items():
        start, end = end, end + array.nbytes
        header[name] = {
            "dtype": SAFE[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = (array.astype(array.dtype.newbyteorder("<")).tobytes() for array in weights.values())
    return len(text).to_bytes(8, "little") + text + b"".join(data)


def _weights(
    proof: ProofFacts, arrays: Mapping[str, Any], letters: Mapping[str, str], transposed: bool
) -> Iterator[tuple[str, Any]]:
    """The weight of every stage as PyTorch stores it, by name; InputError if a stage is no plain
    convolution."""
    if "+" in proof.claim.einsum:
        raise InputError("a sum of branches has no one list of layers: write .npz or .json")
    taps = [x for x in map(str, DIRECTIONS) if x in proof.kernel.letters]
    state, words = proof.claim.inputs, list(letters.values())
    for number, (name, word) in enumerate(letters.items()):
        needed = {*proof.claim.outputs, *"".join(words[number + 1 :])}
        groups = [x for x in state if x in word and x in needed]
        summed = [x for x in state if x in word and x not in needed]
        new = [x for x in word if x not in state and x not in taps]
        if [*groups, *summed] != list(state):
            raise InputError(
                f"stage {name} carries letters along that it has not: write .npz or .json"
            )
        state = "".join([*groups, *new])
        order = [*groups, *(summed if transposed else new), *(new if transposed else summed)]
        sizes = {x: proof.claim.sizes[x] for x in word}
        sides = [groups + (summed if transposed else new), new if transposed else summed]
        shape = [
            *(prod(sizes[x] for x in side) for side in sides),
            *(sizes.get(tap, 1) for tap in taps),
        ]
        places = [word.index(x) for x in (*order, *(tap for tap in taps if tap in word))]
        yield f"{name}.weight", arrays[name].transpose(places).reshape(shape)
