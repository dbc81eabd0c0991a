r"""Separable and radial: on the plane only Gaussians are both; on pixels every symmetric filter up to 9 × 9 is.

Let \(f: \mathbb{R}^2 \to \mathbb{R}\) be continuous, not zero everywhere, and both a product and a function of the radius,

\[f(x, y) = g(x)\, h(y) = \varrho(x^2 + y^2).\]

Then \(f(x, y) = C\, e^{-\lambda (x^2 + y^2)}\) with \(C \ne 0\) and real \(\lambda\). It is integrable if and only if \(\lambda > 0\). That \(f\) has one sign and is smooth need not be asked: it follows.

**On pixels this is false.** Take positive numbers \(g_{-h}, \dots, g_h\) with \(g_{-a} = g_a\). On the \((2h + 1) \times (2h + 1)\) grid \(g_a g_b\) is a function of \(a^2 + b^2\) if and only if

\[g_a g_b = g_c g_d \quad\text{whenever}\quad a^2 + b^2 = c^2 + d^2 .\]

The first number that is a sum of two squares in two ways is \(25 = 0 + 25 = 9 + 16\), so up to \(9 \times 9\) nothing is asked: **every** symmetric \(g\) will do. Beside the amplitude these kernels have as many free parameters as the table says; a Gaussian has one.

| size | 3 | 5 | 7 | 9 | 11 | 13 | 15 | 17 |
|---|---|---|---|---|---|---|---|---|
| free parameters | 1 | 2 | 3 | 4 | 4 | 5 | 5 | 5 |

At \(3 \times 3\) such a kernel is always \(c\, q^{x^2 + y^2}\), and so, trivially, it is at \(1 \times 1\). At every larger size, however large, there are others: \(g_a = 1\) for even and \(g_a = 2\) for odd \(a\) is one.

Hypotheses:
- continuity: \(f\) is continuous
- the plane: \(x\) and \(y\) run over all real numbers, not over a few pixels
- not zero everywhere: \(f\) has a value other than 0
- decay: for \(\lambda > 0\), \(f\) is integrable

Use: On pixels a separable filter that looks the same in all directions need not be Gaussian; up to 9 × 9 every symmetric profile gives one.

Source: Mathematics Stack Exchange, question 1306695
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

from sympy import exp, Function, Integer, Integral, pi, sqrt, Symbol

from derive.algebra.matrix import rank
from derive.proof.cases import Box
from derive.proof.evidence import Agree, Argued, Counterexample, Every, Exact, Identity
from derive.proof.theorem import Dropped, Part, Sentence

number = "T17"
topic = "freedom"


def proof() -> Iterator[Part | Sentence]:
    yield Part("The plane")
    yield from functional_equation()
    yield from exponential()
    yield from decay()

    yield Part("Pixels")
    yield (
        r"A function of \(a^2 + b^2\) takes one value wherever this sum does. The first sum that two pairs of squares have is 25.",
        Exact(
            {
                "first": (first_coincidence(), 25),
                "its pairs": (pairs_of(25), [(0, 5), (3, 4)]),
            }
        ),
    )
    yield (
        r"With \(g\) positive, the logarithms of \(g_0, \dots, g_h\) are any solution of the linear equations \(\log g_a + \log g_b = \log g_c + \log g_d\): as many parameters as numbers, less the rank of the equations; one of them is the amplitude.",
        Exact({f"{n} × {n}": (free_parameters(n), claimed) for n, claimed in PARAMETERS.items()}),
    )
    c, q = Symbol("c"), Symbol("q")
    inner, outer = Symbol("g_0"), Symbol("g_1")
    values = {c: inner**2, q: outer / inner}
    yield (
        r"A \(3 \times 3\) kernel has the entries \(g_0^2\), \(g_0 g_1\) and \(g_1^2\): these are \(c\), \(cq\) and \(cq^2\) with \(c = g_0^2\), \(q = g_1 / g_0\). A \(1 \times 1\) kernel has the first only.",
        Every(
            {
                f"x² + y² = {radius}": Identity(
                    (c * q**radius).xreplace(values), inner ** (2 - radius) * outer**radius
                )
                for radius in range(3)
            }
        ),
    )
    yield (
        r"At \(5 \times 5\) the filter \((1, 2, 7, 2, 1)\) is one of the others: its kernel has rank 1 and is a function of the radius on the grid.",
        Exact(
            {
                "rank": (rank(outer_product(PEAK)), 1),
                "function of the radius": (is_radial(outer_product(PEAK)), True),
            }
        ),
    )

    k, e, l, f = (Symbol(name, integer=True) for name in "kelf")
    yield (
        r"At every size from there on \(g_a = 1\) for even and \(g_a = 2\) for odd \(a\) is another. With \(a = 2k + e\) and \(b = 2l + f\), where \(e\) and \(f\) are 0 or 1, \(a^2 + b^2\) is a multiple of 4 and \(e^2 + f^2 = e + f\): the radius tells how many of \(a\) and \(b\) are odd, and so what \(g_a g_b\) is. But \(g_2 = g_0 \ne g_1\), and no Gaussian has that.",
        Every(
            {
                "remainder": Identity(
                    (2 * k + e) ** 2 + (2 * l + f) ** 2,
                    4 * (k**2 + k * e + l**2 + l * f) + (e**2 + f**2),
                ),
                "sizes": Exact(
                    {
                        f"{n} × {n}, function of the radius": (
                            is_radial(outer_product(odd(n))),
                            True,
                        )
                        for n in (5, 11, 17)
                    }
                ),
            }
        ),
    )


def functional_equation() -> Iterator[Sentence]:
    """From separable and radial to the equation of the exponential function."""
    g, h = Function("g"), Function("h")
    s, t = Symbol("s", nonnegative=True), Symbol("t", nonnegative=True)
    on_x, on_y = g(sqrt(s)) * h(0), g(0) * h(sqrt(t))
    yield (
        r"For \(s, t \ge 0\) take the points \((\sqrt s, 0)\), \((0, \sqrt t)\), \((0, 0)\) and \((\sqrt s, \sqrt t)\): \(\varrho(s)\, \varrho(t) = g(\sqrt s) h(0) \cdot g(0) h(\sqrt t) = g(0) h(0) \cdot g(\sqrt s) h(\sqrt t) = \varrho(0)\, \varrho(s + t)\).",
        Identity(on_x * on_y, (g(0) * h(0)) * (g(sqrt(s)) * h(sqrt(t)))),
    )
    yield (
        r"If \(\varrho(0) = g(0) h(0)\) were 0, then \(\varrho(s)^2 = \varrho(0) \varrho(2s)\) would be 0 for every \(s\), and \(f\) zero everywhere. So let \(\psi = \varrho / \varrho(0)\): \(\psi(s) \psi(t) = \psi(s + t)\) and \(\psi(0) = 1\).",
        Identity(
            (on_x / (g(0) * h(0))) * (on_y / (g(0) * h(0))),
            (g(sqrt(s)) * h(sqrt(t))) / (g(0) * h(0)),
        ),
    )


def exponential() -> Iterator[Sentence]:
    """From that equation to the exponential function."""
    s, t, x, y = (Symbol(name, real=True) for name in "stxy")
    c, lam = Symbol("c", positive=True), Symbol("lambda", real=True)
    psi = Function("psi")
    yield (
        r"As \(f\) is continuous, so is \(\psi(s) = f(\sqrt s, 0) / f(0, 0)\). Integrate over \(t\) from 0 to \(c\): \(\psi(s) \int_0^c \psi = \int_s^{s + c} \psi\), of which the right side may be differentiated.",
        Identity(Integral(psi(t), (t, s, s + c)).diff(s), psi(s + c) - psi(s)),
    )
    yield (
        r"As \(\psi\) is continuous and \(\psi(0) = 1\), the integral on the left is not 0 for small \(c\). So \(\psi\) itself may be differentiated.",
        Argued(
            "near 0 the continuous function ψ exceeds 1/2, and an integral of a continuous function over an interval with moving ends has a derivative"
        ),
    )
    yield (
        r"Differentiate \(\psi(s) \psi(t) = \psi(s + t)\) at \(t = 0\): \(\psi' = -\lambda \psi\) with \(\lambda = -\psi'(0)\). Then \(\psi(s) e^{\lambda s}\) has the derivative 0, so it is \(\psi(0) = 1\), and \(\psi(s) = e^{-\lambda s}\).",
        Identity(
            (psi(s) * exp(lam * s)).diff(s), exp(lam * s) * (psi(s).diff(s) - (-lam * psi(s)))
        ),
    )
    yield (
        r"Hence \(f(x, y) = \varrho(0)\, e^{-\lambda (x^2 + y^2)}\). Conversely such a function is a product.",
        Identity(exp(-lam * (x**2 + y**2)), exp(-lam * x**2) * exp(-lam * y**2)),
    )


def decay() -> Iterator[Sentence]:
    """When such a function is integrable."""
    r, lam = Symbol("r", nonnegative=True), Symbol("lambda", nonzero=True, real=True)
    mass = pi * (1 - exp(-lam * r**2)) / lam
    yield (
        r"Over the disc of radius \(r\) its integral is \(C \pi (1 - e^{-\lambda r^2}) / \lambda\), as a ring of radius \(r\) adds \(2 \pi r\) times its value. For \(\lambda > 0\) this tends to \(C \pi / \lambda\); for \(\lambda \le 0\) the function is nowhere smaller than at the origin, up to sign, and is not integrable.",
        Every(
            {
                "growth": Identity(mass.diff(r), 2 * pi * r * exp(-lam * r**2)),
                "start": Identity(lam * mass.xreplace({r: Integer(0)}) + lam, lam),
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "A symmetric filter of different primes gives a function of the radius up to 9 × 9, and no further.",
        Agree(
            lambda n: is_radial(outer_product(primes(n))),
            lambda n: n <= 9,
            Box(n=(3, 7, 9, 11)),
            Box(n=range(3, 33, 2)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    point = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    yield (
        "continuity",
        "The function that is 1 at the origin and 0 elsewhere is a product and a function of the radius, but a Gaussian is nowhere 0.",
        Counterexample(
            {"f": point},
            {
                "at the origin": point[1][1],
                "elsewhere": point[1][2] if rank(point) == 1 and is_radial(point) else 1,
            },
        ),
    )
    g_0, g_1, g_2 = map(Fraction, PEAK[2:])
    yield (
        "the plane",
        r"On \(5 \times 5\) pixels \((1, 2, 7, 2, 1)\) with itself is a product and a function of the radius. A Gaussian would have \(g_2 / g_0 = (g_1 / g_0)^4\).",
        Counterexample(
            {"K": outer_product(PEAK)},
            {"g_2 / g_0": g_2 / g_0, "(g_1 / g_0)⁴": (g_1 / g_0) ** 4},
        ),
    )


PEAK = (1, 2, 7, 2, 1)
PARAMETERS = {3: 1, 5: 2, 7: 3, 9: 4, 11: 4, 13: 5, 15: 5, 17: 5}


def odd(n: int) -> list[int]:
    """The symmetric filter of odd length with 2 at odd places and 1 at even ones."""
    return [1 + abs(place) % 2 for place in range(-(n // 2), n // 2 + 1)]


def pairs_of(total: int) -> list[tuple[int, int]]:
    """The pairs of numbers, the smaller one first, whose squares have a sum."""
    pairs = combinations_with_replacement(range(total + 1), 2)
    return [(a, b) for a, b in pairs if a * a + b * b == total]


def first_coincidence() -> int:
    """The least number that is a sum of two squares in two ways."""
    total = 0
    while len(pairs_of(total)) < 2:
        total += 1
    return total


def relations(n: int) -> list[list[int]]:
    """One row for every two pairs with one sum of squares: how often it takes each log g."""
    reach = n // 2
    sums: dict[int, list[tuple[int, int]]] = {}
    for pair in combinations_with_replacement(range(reach + 1), 2):
        sums.setdefault(pair[0] ** 2 + pair[1] ** 2, []).append(pair)
    return [
        [one.count(x) - other.count(x) for x in range(reach + 1)]
        for pairs in sums.values()
        for one, other in combinations(pairs, 2)
    ]


def free_parameters(n: int) -> int:
    """Dimension of the symmetric filters of odd length n that give radial kernels, less one."""
    return (n // 2 + 1) - rank(relations(n)) - 1


def outer_product(g: Sequence[int]) -> list[list[int]]:
    """A filter times itself."""
    return [[a * b for b in g] for a in g]


def is_radial(kernel: list[list[int]]) -> bool:
    """Whether entries as far from the middle are equal."""
    reach = len(kernel) // 2
    found: dict[int, set[int]] = {}
    for y, x in product(range(len(kernel)), repeat=2):
        found.setdefault((y - reach) ** 2 + (x - reach) ** 2, set()).add(kernel[y][x])
    return all(len(values) == 1 for values in found.values())


def primes(n: int) -> list[int]:
    """A symmetric filter of odd length whose entries are different primes, 2 at the ends."""
    found: list[int] = []
    candidate = 2
    while len(found) <= n // 2:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return [*found[:-1], *reversed(found)]
