"""What is wrong with a line: each complaint names the letter and the factor."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Indexed, Symbol

from derive.notation.letters import DIRECTIONS, SIZE

if TYPE_CHECKING:
    from derive.notation.family import Family

PIXELS = {pixel for d in DIRECTIONS.values() for pixel in (d.pixel, d.position)}
RESERVED = ("X", "Y", "Z")  # the image, the result and what lies between


def complaints(family: "Family") -> Iterator[str]:
    """Every reason why the factors are no convolution, the first things first."""
    yield from _factor_complaints(family)
    yield from _letter_complaints(family)


def _factor_complaints(family: "Family") -> Iterator[str]:
    if not family.factors:
        yield "a family needs at least one factor, for example W[o, i, u, v]"
    names = []
    for number, factor in enumerate(family.factors, start=1):
        if not isinstance(factor, Indexed):
            yield f"factor {number} is {factor!r}, not an indexed tensor such as A[j, i, u]"
        for letter in factor.indices:
            if not isinstance(letter, Symbol):
                yield f"index {letter} of {factor} is not a letter"
            if letter not in family.sizes:
                if str(letter) in map(str, family.sizes):
                    yield f"letter {letter} of {factor} is not the one of derive.notation.letters"
                yield f"unknown letter {letter} in {factor}: say what it runs over with sizes="
            if letter in PIXELS:
                yield f"letter {letter} of {factor} is a pixel of the image: take another"
            if factor.indices.count(letter) > 1:
                yield f"letter {letter} stands twice in {factor}"
        name = str(factor.base)
        if name in names:
            yield f"two factors are called {name}: each has weights, so a name, of its own"
        if name.partition("_")[0] in RESERVED:
            yield f"factor {factor}: X, Y and Z are the image and what is made of it"
        names.append(name)


def _letter_complaints(family: "Family") -> Iterator[str]:
    one_channel = not family.inputs and not family.outputs
    for role, letters in (("inputs", family.inputs), ("outputs", family.outputs)):
        if not (letters or one_channel) or len(set(letters)) < len(letters):
            yield f"{role} must name each channel letter once, not {letters}"
    for name, letters in (("taps", family.taps), ("axes", family.axes)):
        ordered = [x for x in DIRECTIONS if x in letters]
        if set(letters) <= set(DIRECTIONS) and list(letters) != ordered:
            yield f"{name} must be in the order {', '.join(map(str, DIRECTIONS))}, not {letters}"
    for tap in family.taps:
        if tap in DIRECTIONS and tap not in family.axes:
            yield f"tap {tap} belongs to none of the axes {family.axes}"
        if tap in SIZE and family.sizes[tap] != SIZE[tap]:
            yield f"tap {tap} runs over {SIZE[tap]}, the kernel: its size cannot be changed"
    for tap in family.taps:
        homes = [factor for factor in family.factors if tap in factor.indices]
        if tap not in DIRECTIONS:
            known = "".join(map(str, DIRECTIONS))
            yield f"tap {tap} is none of {known}, the letters of the spatial axes"
        if tap in (*family.inputs, *family.outputs):
            yield f"letter {tap} is a tap and cannot be a channel too"
        if len(homes) != 1:
            where = f"found {len(homes)}: {', '.join(map(str, homes))}" if homes else "found none"
            yield f"tap {tap} must sit in exactly one factor, {where}"
    for role, letters in (("input", family.inputs), ("output", family.outputs)):
        for letter in letters:
            if not any(letter in factor.indices for factor in family.factors):
                yield f"{role} letter {letter} is in no factor of {family!r}"
    for tap in DIRECTIONS:
        if tap in family.letters and tap not in family.taps:
            factor = next(f for f in family.factors if tap in f.indices)
            yield f"letter {tap} of {factor} is a spatial tap, missing from taps={family.taps}"
