"""Separable and radial: cross-checks by grids of cases."""

from math import hypot

from sympy import oo

from derive.proof.language import *
from derive.theorems import gaussian_radial as theorem


def checks() -> Proof:
    plane = Grid(x=(-1, 2), y=(0, 3), rate=(-2, 0, 3), size=(-1, 5))
    yield "A Gaussian is the product of its values on the two axes; it is 0 everywhere if and only if its amplitude is 0."
    yield Holds(theorem.both, product_of_axes, plane)
    yield Holds(theorem.gaussian, product_of_axes, plane)
    yield Decides(
        (theorem.amplitude,),
        lambda C: any(C * exp(-n) != 0 for n in range(3)),
        Grid(C=range(-2, 3)),
    )
    yield Establishes(theorem.both, theorem.gaussian, theorem.amplitude)
    yield "What such a function has over the disc stays bounded if and only if the exponent is negative."
    yield Decides(
        (theorem.integrable,),
        lambda rate: theorem.disc(oo, Integer(rate)).is_finite,
        Grid(rate=range(-2, 3)),
        measured=lambda rate: {theorem.lam: rate},
    )
    yield Establishes(theorem.integrable)
    tied = CaseList("pairs up to 8 with one sum of squares", lambda: theorem.same_radius(8))
    places = Grid(a=(0, 3, 4), b=(4, 5), c=(0, 3, 5), d=(1, 4, 5))
    yield "On pixels: two places are equally far from the middle if and only if they have one sum of squares, and there the entries are equal."
    yield Decides((theorem.whenever,), lambda a, b, c, d: hypot(a, b) == hypot(c, d), places)
    yield Holds(theorem.equal, alternating, tied)
    yield Holds(theorem.even, alternating, Grid(a=range(0, 5, 2)))
    yield Holds(theorem.uneven, alternating, Grid(a=range(1, 5, 2)))
    yield Holds(theorem.symmetric, alternating, Grid(a=range(5)))
    yield Establishes(
        theorem.whenever, theorem.equal, theorem.even, theorem.uneven, theorem.symmetric
    )
    yield "A symmetric filter of different primes gives a function of the radius up to 9 × 9, and no further."
    yield Agree(
        lambda n: theorem.is_radial(theorem.outer_product(primes(n))),
        lambda n: n <= 9,
        Grid(n=(3, 7, 9, 11)),
        Grid(n=range(3, 33, 2)),
    )


def product_of_axes(x: int, y: int, rate: int, size: int) -> Mapping[Any, Any]:
    """A Gaussian in all its forms, worked out from its values on the two axes."""
    return {
        **{theorem.C: size, theorem.lam: rate, theorem.g: lambda at: exp(-rate * at**2)},
        **{
            theorem.h: lambda at: size * exp(-rate * at**2),
            theorem.rho: lambda at: size * exp(-rate * at),
        },
        theorem.f: lambda p, q: exp(-rate * p**2) * (size * exp(-rate * q**2)),
    }


def alternating(**places: int) -> Mapping[Expr, int]:
    """The entries of the filter with 2 at odd places and 1 at even ones, and their mirror images."""
    line = theorem.odd(17)
    return {
        theorem.G[sign * letter(name)]: line[8 + sign * place]
        for name, place in places.items()
        for sign in (1, -1)
    }


def primes(n: int) -> list[int]:
    """A symmetric filter of odd length whose entries are different primes, 2 at the ends."""
    found: list[int] = []
    candidate = 2
    while len(found) <= n // 2:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return [*found[:-1], *reversed(found)]
