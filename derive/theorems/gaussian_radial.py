r"""Separable and radial: on the plane only Gaussians are both; on pixels every symmetric filter up to 9 × 9 is.

Let \(f: \mathbb{R}^2 \to \mathbb{R}\) be continuous, not zero everywhere, and both a product and a function of the radius,

\[$both.\]

Then \($gaussian\) with \($amplitude\) and real \(\lambda\). It is integrable $iff_integrable \($integrable\). That \(f\) has one sign and is smooth need not be asked: it follows.

**On pixels this is false.** Take positive numbers \(g_{-h}, \dots, g_h\) with \($symmetric\). On the grid with rows and columns from \(-h\) to \(h\), \(g_a g_b\) is a function of \($radius\) $iff_on_the_grid

\[$equal \quad\text{whenever}\quad $whenever .\]

The first number that is a sum of two squares in two ways is \($coincidence\), so up to \(9 \times 9\) nothing is asked: **every** symmetric \(g\) will do. Apart from the amplitude these kernels have as many free parameters as the table says; a Gaussian has one.

$parameters

At \(3 \times 3\) such a kernel is always \($power\), and so, trivially, it is at \(1 \times 1\). At every larger size, however large, there are others: \($even\) for even and \($uneven\) for odd \(a\) is one.

Hypotheses:
- continuity: \(f\) is continuous
- the plane: \(x\) and \(y\) run over all real numbers, not over a few pixels
- not zero everywhere: \(f\) has a value other than 0
- decay: for \($integrable\), \(f\) is integrable

Use: On pixels a separable filter that looks the same in all directions need not be Gaussian; up to 9 × 9 every symmetric profile gives one.

Source: Mathematics Stack Exchange, question 1306695
"""

from itertools import chain, combinations_with_replacement
from math import isqrt

from sympy import Integral

from derive.proof.exact import *
from derive.proof.language import *

number = "T17"
topic = "freedom"

f, g, h, rho = map(Function, ("f", "g", "h", "varrho"))
x, y, C, lam = (Symbol(name, real=True) for name in ("x", "y", "C", "lambda"))
both = Claim(f(x, y), "=", g(x) * h(y), "=", rho(x**2 + y**2))
gaussian = Claim(f(x, y), "=", C * exp(-lam * (x**2 + y**2)))
amplitude = Claim(C, "≠", 0)
integrable = Claim(lam, ">", 0)

G = IndexedBase("g")
a, b, c, d = map(letter, "abcd")
scale, ratio = Symbol("c"), Symbol("q")
symmetric = Claim(G[-a], "=", G[a])
radius = Claim(a**2 + b**2)
equal = Claim(G[a] * G[b], "=", G[c] * G[d])
whenever = Claim(a**2 + b**2, "=", c**2 + d**2)
power = Claim(scale * ratio ** (x**2 + y**2))
even = Claim(G[a], "=", 1)
uneven = Claim(G[a], "=", 2)
SIZES = range(3, 19, 2)
parameters = Table(("size", *SIZES), ("free parameters", 1, 2, 3, 4, 4, 5, 5, 5))
iff_integrable = iff()
iff_on_the_grid = iff()


def squares(one: int, other: int) -> Expr:
    """The sum of two squares, as it is written."""
    return Add(*(Pow(number, 2, evaluate=False) for number in (one, other)), evaluate=False)


coincidence = Claim(25, "=", squares(0, 5), "=", squares(3, 4))


def proof() -> Proof:
    yield Part("The plane")
    yield from functional_equation()
    yield from exponential()

    yield Part("Pixels")
    first = next((total for total in range(100) if len(pairs_of(total)) > 1), 0)
    pairs = (x for pair in pairs_of(first) for x in ("=", squares(*pair)))
    yield r"A function of \(a^2 + b^2\) takes one value wherever this sum does. The first sum that two pairs of squares have is 25."
    yield {
        "one value": (whenever.terms, (radius.expr, radius.given({a: c, b: d}).expr)),
        "first": (coincidence, Claim(first, *pairs)),
    }
    yield Establishes(radius, whenever, coincidence)
    yield r"With \(g\) positive, the logarithms of \(g_0, \dots, g_h\) are any solution of the linear equations \(\log g_a + \log g_b = \log g_c + \log g_d\): as many parameters as numbers, less the rank of the equations; one of them is the amplitude."
    yield {
        f"{n} × {n}": ((n // 2 + 1) - rank(list(relations(n))) - 1, claimed)
        for n, claimed in zip(SIZES, parameters.rows[0][1:], strict=True)
    }
    yield Establishes(equal, parameters, iff_on_the_grid)
    entries = {place: G[abs(place)] for place in (-1, 0, 1)}
    values = {scale: G[0] ** 2, ratio: G[1] / G[0]}
    yield r"A \(3 \times 3\) kernel has the entries \(g_0^2\), \(g_0 g_1\) and \(g_1^2\): these are \(c\), \(cq\) and \(cq^2\) with \(c = g_0^2\), \(q = g_1 / g_0\). A \(1 \times 1\) kernel has the first only."
    yield {
        f"({q}, {p})": Equal(power.given({**values, x: p, y: q}).expr, entries[p] * entries[q])
        for p, q in product(entries, repeat=2)
    }
    yield Establishes(power)
    yield r"At \(5 \times 5\) the filter \((1, 2, 7, 2, 1)\) is one of the others: its kernel has rank 1 and is a function of the radius on the grid."
    yield {
        "rank": (rank(outer_product(PEAK)), 1),
        "function of the radius": (is_radial(outer_product(PEAK)), True),
    }

    k, e, l, o = map(letter, "kelf")
    yield r"At every size from there on \(g_a = 1\) for even and \(g_a = 2\) for odd \(a\) is another. With \(a = 2k + e\) and \(b = 2l + f\), where \(e\) and \(f\) are 0 or 1, \(a^2 + b^2\) is a multiple of 4 and \(e^2 + f^2 = e + f\): the radius tells how many of \(a\) and \(b\) are odd, and so what \(g_a g_b\) is. But \(g_2 = g_0 \ne g_1\), and no Gaussian has that."
    yield Equal(
        (2 * k + e) ** 2 + (2 * l + o) ** 2, 4 * (k**2 + k * e + l**2 + l * o) + (e**2 + o**2)
    )
    yield {
        f"{n} × {n}, function of the radius": (is_radial(outer_product(odd(n))), True)
        for n in (5, 11, 17)
    }
    yield {"g_0, g_1, g_2": (odd(5)[2:], [even.expr, uneven.expr, even.expr])}
    yield Establishes(even, uneven)


def functional_equation() -> Proof:
    """From separable and radial to the equation of the exponential function."""
    s, t = Symbol("s", nonnegative=True), Symbol("t", nonnegative=True)
    points = ((sqrt(s), 0), (0, sqrt(t)), (0, 0), (sqrt(s), sqrt(t)))
    terms = [both.given({x: p, y: q}).terms for p, q in points]
    on_x, on_y, middle, off = (products for _, products, _ in terms)
    yield r"For \(s, t \ge 0\) take the points \((\sqrt s, 0)\), \((0, \sqrt t)\), \((0, 0)\) and \((\sqrt s, \sqrt t)\): \(\varrho(s)\, \varrho(t) = g(\sqrt s) h(0) \cdot g(0) h(\sqrt t) = g(0) h(0) \cdot g(\sqrt s) h(\sqrt t) = \varrho(0)\, \varrho(s + t)\)."
    yield Equal(on_x * on_y, middle * off)
    yield Equal({"values": ([value for *_, value in terms], [rho(s), rho(t), rho(0), rho(s + t)])})
    yield Establishes(both)
    yield r"If \(\varrho(0) = g(0) h(0)\) were 0, then \(\varrho(s)^2 = \varrho(0) \varrho(2s)\) would be 0 for every \(s\), and \(f\) zero everywhere. So let \(\psi = \varrho / \varrho(0)\): \(\psi(s) \psi(t) = \psi(s + t)\) and \(\psi(0) = 1\)."
    yield Equal((on_x / middle) * (on_y / middle), off / middle)


def exponential() -> Proof:
    """From that equation to the exponential function, and when that is integrable."""
    s, t = Symbol("s", real=True), Symbol("t", real=True)
    c = Symbol("c", positive=True)
    psi = Function("psi")
    yield r"As \(f\) is continuous, so is \(\psi(s) = f(\sqrt s, 0) / f(0, 0)\). Integrate over \(t\) from 0 to \(c\): \(\psi(s) \int_0^c \psi = \int_s^{s + c} \psi\), of which the right side may be differentiated."
    yield Equal(Integral(psi(t), (t, s, s + c)).diff(s), psi(s + c) - psi(s))
    yield r"As \(\psi\) is continuous and \(\psi(0) = 1\), the integral on the left is not 0 for small \(c\). So \(\psi\) itself may be differentiated."
    yield Argued(
        "near 0 the continuous function ψ exceeds 1/2, and an integral of a continuous function over an interval with moving ends has a derivative"
    )
    yield r"Differentiate \(\psi(s) \psi(t) = \psi(s + t)\) at \(t = 0\): \(\psi' = -\lambda \psi\) with \(\lambda = -\psi'(0)\). Then \(\psi(s) e^{\lambda s}\) has the derivative 0, so it is \(\psi(0) = 1\), and \(\psi(s) = e^{-\lambda s}\)."
    yield Equal((psi(s) * exp(lam * s)).diff(s), exp(lam * s) * (psi(s).diff(s) - (-lam * psi(s))))
    yield r"Hence \(f(x, y) = \varrho(0)\, e^{-\lambda (x^2 + y^2)}\). Conversely such a function is a product."
    yield Equal(gaussian.expr, C * exp(-lam * x**2) * exp(-lam * y**2))
    yield Establishes(gaussian)
    r = Symbol("r", nonnegative=True)
    mass = disc(r, lam)
    yield r"Over the disc of radius \(r\) its integral is \(C \pi (1 - e^{-\lambda r^2}) / \lambda\), as a ring of radius \(r\) adds \(2 \pi r\) times its value. For \(\lambda > 0\) this tends to \(C \pi / \lambda\); for \(\lambda \le 0\) the function is nowhere smaller than at the origin, up to sign, and is not integrable."
    yield Equal(mass.diff(r), 2 * pi * r * exp(-lam * r**2))
    yield Equal(lam * mass.xreplace({r: Integer(0)}) + lam, lam)
    yield Establishes(iff_integrable)


def sharpness() -> Proof:
    point = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    yield Without("continuity")
    yield "The function that is 1 at the origin and 0 elsewhere is a product and a function of the radius, but a Gaussian is nowhere 0."
    yield Counterexample(
        {"f": point},
        {
            "at the origin": point[1][1],
            "elsewhere": point[1][2] if rank(point) == 1 and is_radial(point) else 1,
        },
    )
    g_0, g_1, g_2 = map(Fraction, PEAK[2:])
    yield Without("the plane")
    yield r"On \(5 \times 5\) pixels \((1, 2, 7, 2, 1)\) with itself is a product and a function of the radius. A Gaussian would have \(g_2 / g_0 = (g_1 / g_0)^4\)."
    yield Counterexample(
        {"K": outer_product(PEAK)}, {"g_2 / g_0": g_2 / g_0, "(g_1 / g_0)⁴": (g_1 / g_0) ** 4}
    )


PEAK = (1, 2, 7, 2, 1)


def odd(n: int) -> list[int]:
    """The symmetric filter of odd length with 2 at odd places and 1 at even ones."""
    return [1 + abs(place) % 2 for place in range(-(n // 2), n // 2 + 1)]


def disc(r: Expr, rate: Expr) -> Expr:
    """The integral of a Gaussian of amplitude 1 over a disc."""
    return pi * r**2 if rate == 0 else pi * (1 - exp(-rate * r**2)) / rate


def same_radius(reach: int) -> Iterator[dict[str, int]]:
    """Every two pairs of places, each in order, that have one sum of squares."""
    sums: dict[Expr, list[tuple[int, int]]] = {}
    for one, other in combinations_with_replacement(range(reach + 1), 2):
        sums.setdefault(radius.given({a: one, b: other}).expr, []).append((one, other))
    for pairs in sums.values():
        for two in combinations(pairs, 2):
            yield dict(zip("abcd", chain(*two), strict=True))


def pairs_of(total: int) -> list[tuple[int, int]]:
    """The pairs of numbers, the smaller one first, whose squares have a sum."""
    pairs = combinations_with_replacement(range(isqrt(total) + 1), 2)
    return [(p, q) for p, q in pairs if radius.given({a: p, b: q}).expr == total]


def relations(n: int) -> Iterator[list[int]]:
    """One row for every two pairs with one sum of squares: how often it takes each log g."""
    for case in same_radius(n // 2):
        one, other = equal.given({letter(name): place for name, place in case.items()}).sides
        powers = (one / other).as_powers_dict()
        yield [int(powers[G[place]]) for place in range(n // 2 + 1)]


def outer_product(g: Sequence[int]) -> list[list[int]]:
    """A filter times itself."""
    return [[a * b for b in g] for a in g]


def is_radial(kernel: list[list[int]]) -> bool:
    """Whether entries as far from the middle are equal."""
    reach, places = len(kernel) // 2, product(range(len(kernel)), repeat=2)
    found = {((y - reach) ** 2 + (x - reach) ** 2, kernel[y][x]) for y, x in places}
    return len(found) == len({far for far, _ in found})
