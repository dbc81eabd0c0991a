"""Factors in a .npz file: their shapes, and the sizes that a line has with them.

Only the headers of the arrays are read. Copies in parallel branches are arrays of their own, D, D_2
and so on, or lie along a last axis of one array.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sympy import Symbol

from derive.code.plan import Pipeline, Plan
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.notation.words import short

BROKEN = (EOFError, KeyError, OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
Shapes = Mapping[str, tuple[int, ...]]


def shapes(path: str) -> Shapes:
    """The shape of every array of a .npz file, by its name.

    Raises InputError, one line, for a file that there is not, or that is none.
    """
    import numpy as np

    found = {}
    try:
        with zipfile.ZipFile(Path(path)) as archive:
            for member in archive.namelist():
                with archive.open(member) as stream:
                    version = np.lib.format.read_magic(stream)
                    read = getattr(np.lib.format, f"read_array_header_{version[0]}_0")
                    found[member.removesuffix(".npy")] = read(stream)[0]
    except FileNotFoundError:
        raise InputError(f"there is no file {short(path)}") from None
    except (*BROKEN, AttributeError):
        raise InputError(f"{short(path)} is no .npz file of NumPy's arrays") from None
    return found


def sizes(line: Line, stored: Shapes, path: str) -> dict[Symbol, int]:
    """What the sizes of a line are with these arrays: of the letters, and of its parallel terms.

    Raises InputError, one line, if an array is missing, or if two say different things.
    """
    found: dict[Symbol, int] = {}
    for times, family in line.branches:
        for factor in family.factors:
            name, letters = str(factor.base), factor.indices
            stacked = isinstance(times, Symbol) and len(stored.get(name, ())) == len(letters) + 1
            shape = _shape(stored, name, len(letters) + stacked, path)
            if stacked:
                found[times] = shape[-1]
            for letter, extent in zip(letters, shape[: len(letters)], strict=True):
                size = family.sizes[letter]
                if isinstance(size, Symbol) and found.setdefault(size, extent) != extent:
                    other = f"{size} is {found[size]} in one array of {short(path)}"
                    raise InputError(f"{other} and {extent} in {name}")
        if isinstance(times, Symbol) and times not in found:
            found[times] = sum(1 for _ in _copies(stored, str(family.factors[0].base)))
    return found


def _copies(stored: Shapes, name: str) -> Iterator[str]:
    """The names of the copies of a factor: A, A_2, A_3 and so on."""
    number = 1
    while (copy := name if number == 1 else f"{name}_{number}") in stored:
        yield copy
        number += 1


def _shape(stored: Shapes, name: str, axes: int, path: str) -> tuple[int, ...]:
    if name not in stored:
        held = ", ".join(map(short, stored)) or "nothing"
        raise InputError(f"{short(path)} has no array {name}; it holds {held}")
    if len(stored[name]) != axes:
        raise InputError(f"{name} of {short(path)} has {len(stored[name])} axes, not {axes}")
    return stored[name]


def fitted(plan: Plan, stored: Shapes, path: str) -> Plan:
    """The plan with the arrays of the file, of which those of copies may be stacked.

    Raises InputError, one line, unless every factor is in the file, in its shape.
    """
    branches = tuple(_fitted(branch, stored, path) for branch in plan.branches)
    return replace(plan, branches=branches)


def _fitted(branch: Pipeline, stored: Shapes, path: str) -> Pipeline:
    stages = tuple(
        replace(stage, stacked=len(stored.get(stage.name, ())) == len(stage.letters) + 1)
        for stage in branch.stages
    )
    for names in branch.names:
        for stage, name in zip(stages, names, strict=True):
            axes = len(stage.letters) + stage.stacked
            found = _shape(stored, stage.name if stage.stacked else name, axes, path)
            if found[: len(stage.letters)] != (wanted := stage.sizes(stage.letters)):
                letters = ", ".join(stage.letters)
                raise InputError(
                    f"{name}[{letters}] of {short(path)} has the shape {found}, the layer needs"
                    f" {wanted}"
                )
    return replace(branch, stages=stages)
