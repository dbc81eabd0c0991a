r"""Classical filters: the rank of a filter is the number of pairs of a column and a row pass that it needs.

Let \($one_channel\). A kernel is a sum of \(r\) outer products of a column and a row, and no fewer, $iff_sum_of_products its rank is \(r\); and then it is an asymmetric pair of width \(r\), in either order. Ranks of well-known filters:

$ranks

Sampled filters have these ranks on every grid that is large enough: two different \(|x|\) and \(|y|\) for LoG and DoG, three for LoG minus its mean (which must not be 0).

A Gabor filter \($gabor\), with a circular envelope, has rank 2 on pixels unless \(\alpha\) or \(\beta\) is a multiple of \(\pi\), and rank 1 if it lies along an axis. A Gaussian that is longer one way and not aligned with the axes has full rank \(n\) on every \(n \times n\) grid. A Gabor filter with such an envelope may have, too: the one at \(30^\circ\) with \($slim\), \($deviation\), \($period\) has rank 7 on \(7 \times 7\) pixels.

**Symmetry.** An \(n \times n\) kernel that is the same upside down, or left to right, has rank at most \($same\); if the flip changes its sign, at most \($opposite\). The \(3 \times 3\) kernel with \(a\) in the corners, \(b\) on the edges and \(c\) in the middle has rank at most 1 $iff_edge_squared \($square\).

Hypotheses:
- one channel: \($one_channel\), over the rational or the real numbers
- circular envelope: for Gabor filters, \($circular\)
- a flip: the symmetry is top to bottom or left to right

Use: The table tells how many pairs of a column and a row pass replace a fixed filter.

Source: Steve Eddins (2006), Separable convolution: Part 2, Steve on Image Processing, 28 November 2006; Rigamonti, Sironi, Lepetit, Fua (2013), Learning Separable Filters, CVPR, pages 2754-2761 (filters as sums of separable ones)
"""

from sympy import cos, sin

from derive.families import asymmetric, asymmetric_horizontal_first
from derive.kernels import gallery
from derive.kernels.sampled import FORMULAS, gamma, Sampled, sigma, theta, wave
from derive.proof.exact import *
from derive.proof.language import *

number = "T16"
topic = "freedom"

x, y, z, w, alpha, beta = symbols("x y z w alpha beta", real=True)
a, b, c = map(letter, "abc")
one_channel = Claim(C_in, "=", C_out, "=", 1)
ranks = Table(
    ("rank", "filters"),
    *{
        1: r"identity (delta), box, binomial, sampled Gaussian, Sobel, Prewitt, Scharr, \((1, -2, 1) \otimes (1, -2, 1)\)",
        2: r"Roberts, Laplacian of 4 neighbours, of 8 neighbours and nine-point (1 4 1; 4 −20 4; 1 4 1), sharpen, \(5 \times 5\) unsharp mask, Kirsch north; sampled Laplacian of Gaussian (LoG); sampled difference of two Gaussians (DoG)",
        3: r"emboss, Kirsch north-west, discs of radius 2 and 3, LoG as a \(5 \times 5\) integer table, the \(5 \times 5\) table over 273 that is called Gaussian and **does not split**, diagonal motion blur of length 3 (rank \(n\) for length \(n\)); sampled LoG minus its mean",
        5: r"LoG as a \(9 \times 9\) integer table, of standard deviation 1.4",
    }.items(),
)
gabor = Claim(exp(-(x**2 + y**2) / (2 * sigma**2)) * cos(alpha * x + beta * y))
circular, slim = Claim(gamma, "=", 1), Claim(gamma, "=", Rational(1, 2))
deviation, period = Claim(sigma, "=", 2), Claim(wave, "=", 4)
same, opposite = Claim(ceiling(n / 2)), Claim(floor(n / 2))
square = Claim(b**2, "=", a * c)
iff_sum_of_products = iff()
iff_edge_squared = iff()


def proof() -> Proof:
    down, across = asymmetric.family, asymmetric_horizontal_first.family
    channels = dict.fromkeys(one_channel.terms[:2], one_channel.expr)

    yield Part("Rank and passes")
    yield "With one channel the matrix that decides for an asymmetric pair is the kernel itself, in either order."
    yield {"column filter first": (cut_of(down, channels), Cut((), (v,), (u,), (j,)))}
    yield {"row filter first": (cut_of(across, channels), Cut((), (u,), (v,), (j,)))}
    yield Establishes(one_channel)
    yield r"So width \(r\), which is a sum of \(r\) outer products, is enough exactly if the rank is at most \(r\)."
    yield Uses("asymmetric-rank", "Width")
    yield Establishes(iff_sum_of_products)

    yield Part("Tables")
    for claimed, words in ranks:
        kernels = [gallery()[name] for name in named(str(words))]
        yield f"Rank {claimed}, by exact arithmetic: {'; '.join(one.title for one in kernels)}."
        yield {one.title: (rank(one.entries), claimed) for one in kernels}
        yield Establishes(ranks)

    yield Part("Sampled filters")
    yield from gaussians()
    yield from gabor_filters()

    yield Part("Symmetry")
    h = padding("h")
    yield r"Let the kernel be the same upside down. Rows \(y\) and \(n - 1 - y\) are equal: \(n = 2h\) rows are \(h\) pairs, \(n = 2h + 1\) rows are \(h\) pairs and the middle row. So at most \(\lceil n/2 \rceil\) rows are different. Left to right, the columns are."
    yield Equal(same.given({n: 2 * h}).expr, h)
    yield Equal(same.given({n: 2 * h + 1}).expr, h + 1)
    yield Establishes(same)
    yield r"If the flip changes the sign, rows of a pair are opposite, and the middle row is its own opposite, so 0: \(\lfloor n/2 \rfloor\) rows are left up to sign."
    yield Equal(opposite.given({n: 2 * h}).expr, h)
    yield Equal(opposite.given({n: 2 * h + 1}).expr, h)
    yield Establishes(opposite)
    star = Matrix([[a, b, a], [b, c, b], [a, b, a]])
    minors = {cofactor.expand() for cofactor in star.adjugate()}
    yield r"With \(a\) in the corners, \(b\) on the edges and \(c\) in the middle the only minors that are not 0 are \(\pm(ac - b^2)\)."
    yield {"2 × 2 minors": (minors, {0 * a, square.gap, -square.gap})}
    yield Establishes(square, iff_edge_squared)


def gaussians() -> Proof:
    """Sampled Gaussians, their differences and their Laplacian."""
    tau, rho = Symbol("tau", real=True), Symbol("rho", positive=True)
    yield "A Gaussian is a function of x times a function of y, at every point."
    yield Equal(gaussian(x, y), gaussian(x) * gaussian(y))
    p, q = IndexedBase("a"), IndexedBase("b")
    yield r"A difference \(a_x a_y - \tau b_x b_y\) of two is a sum of two outer products, and its minor of rows \(x, z\) and columns \(y, w\) is \(-\tau (a_x b_z - a_z b_x)(a_y b_w - a_w b_y)\)."
    yield Equal(
        minor_of(lambda x, y: p[x] * p[y] - tau * q[x] * q[y]),
        -tau * (p[x] * q[z] - p[z] * q[x]) * (p[y] * q[w] - p[w] * q[y]),
    )
    yield r"For widths \(\sigma\) and \(\rho\) the two terms of such a bracket have the ratio below. It is not 1 if \(\sigma \ne \rho\) and \(|x| \ne |z|\); likewise for the columns, so with \(\tau \ne 0\) the rank is 2."
    yield Equal(
        gaussian(x) * gaussian(z, width=rho) / (gaussian(z) * gaussian(x, width=rho)),
        exp((x**2 - z**2) * (1 / rho**2 - 1 / sigma**2) / 2),
    )
    s, t, a, b, c, d = symbols("s t a b c d", real=True)
    lam = Symbol("lambda", positive=True)
    yield r"The Laplacian of a Gaussian is, up to a factor, the Gaussian times \(x^2 + y^2 - 2\sigma^2\), which is a function of \(x\) plus the same function of \(y\): two outer products."
    yield Equal(
        gaussian(x, y).diff(x, 2) + gaussian(x, y).diff(y, 2),
        gaussian(x, y) * ((x**2 - sigma**2) + (y**2 - sigma**2)) / sigma**4,
    )
    yield r"Not fewer: divided by the Gaussians of its rows and columns, its minor of rows \(x, z\) and columns \(y, w\) is a product of differences, not 0 if \(|x| \ne |z|\) and \(|y| \ne |w|\)."
    yield Equal(minor_of(lambda x, y: x**2 + y**2 - 2 * s), -(x**2 - z**2) * (y**2 - w**2))
    phi_x, phi_y = (Matrix([[exp(-lam * p**2) * (p**2 - s), exp(-lam * p**2), 1]]) for p in (x, y))
    middle = Matrix([[0, 1, 0], [1, 0, 0], [0, 0, -c]])
    yield r"Less a constant \(c\) it is a sum of three outer products: with \(s = \sigma^2\), \(\lambda = 1/(2\sigma^2)\) and rows \(\varphi(x) = (e^{-\lambda x^2} (x^2 - s),\; e^{-\lambda x^2},\; 1)\) its entries are \(\varphi(x)\, B\, \varphi(y)^T\), where \(B\) is \(3 \times 3\) with determinant \(c\)."
    yield Equal(
        exp(-lam * (x**2 + y**2)) * (x**2 + y**2 - 2 * s) - c, (phi_x * middle * phi_y.T)[0]
    )
    yield Equal(middle.det(), c)
    yield r"So a minor of three rows and columns is \(c\) times the determinants of three \(\varphi(x)\) and of three \(\varphi(y)\). Were the first of these 0, some combination \(e^{-\lambda t} (a t + b) + d\), not all of \(a, b, d\) zero, would vanish at three different \(t = x^2\), and its derivative, by Rolle's theorem, at two. But that is \(e^{-\lambda t}\) times a linear function of \(t\): it would be zero everywhere, so \(a = b = 0\), and then \(d = 0\). The rank is 3 as soon as the grid has three different \(|x|\), three different \(|y|\), and a mean \(c\) other than 0."
    yield Equal(
        (exp(-lam * t) * (a * t + b) + d).diff(t), exp(-lam * t) * (a - lam * b - lam * a * t)
    )


def gabor_filters() -> Proof:
    """Waves under a Gaussian, and Gaussians that are longer one way."""
    c, s = symbols("c s", real=True)
    waves = cos(alpha * x) * cos(beta * y) - sin(alpha * x) * sin(beta * y)
    yield "A wave is a sum of two outer products, and with a circular envelope so is a Gabor filter; along an axis one of the two is 0."
    yield Equal(gabor.expr.expand(trig=True), gaussian(x) * gaussian(y) * waves)
    yield Establishes(gabor)
    yield r"Its minor of rows \(x, z\) and columns \(y, w\), divided by the Gaussians, is a product of two sines. For neighbouring pixels these are the sines of \(\alpha\) and \(\beta\): the rank is 2 if neither is a multiple of \(\pi\)."
    yield Equal(
        minor_of(lambda x, y: cos(alpha * x + beta * y)).expand(trig=True),
        -(sin(alpha * x - alpha * z) * sin(beta * y - beta * w)).expand(trig=True),
    )
    mixed = 2 * c * s * (1 - gamma**2) * x * y
    yield r"Turn the axes by an angle of cosine \(c\) and sine \(s\). The exponent of a Gaussian that is \(1/\gamma\) times as long as wide gains a mixed term, unless \(\gamma = 1\) or \(cs = 0\). So up to factors of the rows and of the columns the entries are \(p^{xy}\) with \(p \ne 1\) positive: in row \(x\) the powers of \(p^x\), \(n\) successive ones. A combination of the columns that vanishes is a polynomial of degree less than \(n\) with the \(n\) zeros \(p^x\), so it is zero: the rank is \(n\)."
    yield Equal(
        (c * x + s * y) ** 2 + gamma**2 * (c * y - s * x) ** 2,
        (c**2 + gamma**2 * s**2) * x**2 + mixed + (s**2 + gamma**2 * c**2) * y**2,
    )
    shape, sampled = (slim, deviation, period), gallery()["gabor-elongated"].sampled
    values = dict(sampled.values if sampled else ())
    yield r"For a Gabor filter with such an envelope, at \(30^\circ\), with \(\gamma = 1/2\), \(\sigma = 2\), \(\lambda = 4\), on \(7 \times 7\) pixels, interval arithmetic shows a determinant that is not 0."
    yield {"rank": (elongated().ideal_rank, 7)}
    yield {str(one): (one, Claim(one.terms[0], "=", values[one.terms[0]])) for one in shape}
    yield Establishes(*shape)


def sharpness() -> Proof:
    long, circle = elongated(), elongated(circular.expr)
    yield Without("circular envelope")
    yield r"A wave at \(30^\circ\) on \(7 \times 7\) pixels, \(\sigma = 2\), \(\lambda = 4\): under a circular Gaussian it has rank 2, under one that is twice as long as wide it has rank 7. The entries shown are rounded."
    yield Counterexample(
        {"K": [[f"{float(x.mid()):.2f}" for x in row] for row in long.samples]},
        {"rank, elongated": long.ideal_rank, "rank, circular": circle.ideal_rank},
    )
    diagonal = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    bound = int(same.given({n: 3}).expr)
    turned = [row[::-1] for row in reversed(diagonal)]
    yield Without("a flip")
    yield "The diagonal motion blur is the same turned by half a circle, but its rank is 3."
    yield Counterexample(
        {"K": diagonal},
        {"rank": rank(diagonal) if turned == diagonal else 0, "bound for a flip": bound},
    )


NAMES = {
    "delta-3": "identity (delta)",
    "box-3": "box",
    **{"binomial-3": "binomial", "binomial-5": "binomial"},
    **{"sobel": "Sobel", "prewitt": "Prewitt", "scharr": "Scharr"},
    "second-difference": r"\((1, -2, 1) \otimes (1, -2, 1)\)",
    "roberts": "Roberts",
    **{"laplacian-4": "of 4 neighbours", "laplacian-8": "of 8 neighbours"},
    **{"laplacian-9": "nine-point", "sharpen": "sharpen", "unsharp-5": "unsharp mask"},
    **{"kirsch-north": "Kirsch north;", "kirsch-north-west": "Kirsch north-west"},
    "emboss": "emboss",
    **{"disc-2": "discs of radius 2 and 3", "disc-3": "discs of radius 2 and 3"},
    **{"log-5": r"LoG as a \(5 \times 5\)", "log-9": r"LoG as a \(9 \times 9\)"},
    **{"gaussian-273": "table over 273", "motion-blur-3": "motion blur of length 3"},
}


def named(words: str) -> list[str]:
    """The kernels of the gallery that a text names."""
    return [name for name, called in NAMES.items() if called in words]


def gaussian(*at: Expr, width: Expr = sigma) -> Expr:
    """A Gaussian of one or two coordinates."""
    return exp(-Add(*(place**2 for place in at)) / (2 * width**2))


def minor_of(entry: Callable[[Expr, Expr], Expr]) -> Expr:
    """The minor of rows x, z and columns y, w of a matrix with these entries."""
    return entry(x, y) * entry(z, w) - entry(x, w) * entry(z, y)


def elongated(stretch: Expr | None = None) -> Sampled:
    """The Gabor filter at 30 degrees, or one of another envelope, at 7 × 7 pixels."""
    shape = {gamma: stretch or slim.expr, sigma: deviation.expr, wave: period.expr}
    return Sampled(FORMULAS["slim gabor"], ((theta, pi / 6), *shape.items()), reach=3)
