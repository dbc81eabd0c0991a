r"""Price of a ReLU: to be a convolution with an activation between its two stages, an asymmetric pair needs exactly twice the middle channels.

Let \(K\) have the [asymmetric rank](asymmetric-rank.md) \(\rho\), unfolded in the order in which the pair runs, so that without an activation \(\rho\) middle channels are enough and no fewer. With \($activation\), \($straight\) and \($kinked\), between the stages, and the hypotheses of [the theorem on linear pairs](relu-linear.md), the least number of middle channels with which the pair is the convolution with \(K\) on every image is

\[$enough.\]

ReLU is \($half\). That \($enough\) are enough, each column filter once with either sign, holds for every \(\tau\) with \($odd\), kinked or smooth:

$activations

So one channel with a ReLU behind it represents no kernel but 0, two or three represent kernels of rank at most 1, and \(m'\) channels kernels of a rank \($most\).

Hypotheses:
- linear part: \($straight\)
- kink: \($kinked\), \($activation\); for the lower bound only
- one order: \(\rho\) is the rank for the order in which the two filters run
- no bias: none before the activation
- all taps seen: some row reads all its \(k_h\) taps on the image and each \(v\) meets a column; for the lower bound only

Use: Leave the bottleneck of a pair linear if it is to stand for a convolution: without the activation the same kernels take half the middle channels.
"""

from sympy import erf

from derive.families import asymmetric
from derive.proof.exact import *
from derive.proof.language import *

Filters = tuple[tuple[int, ...], ...]  # the column filter of every middle channel
ONE: Filters = ((1, 0),)
BOTH: Filters = ((1, 0), (-1, 0))

number = "A2"
topic = "borders"

a, b, t = (Symbol(name, real=True) for name in "abt")
tau, normal = Function("tau"), Function("Phi")
rho, channels = padding("rho"), padding("m'")

activation = Claim(tau(t), "=", a * t + b * Abs(t))
straight = Claim(a, "≠", 0)
kinked = Claim(b, "≠", 0)
half = Claim(a, "=", b, "=", Rational(1, 2))
odd = Claim(tau(t) - tau(-t), "=", 2 * a * t)
enough = Claim(2 * rho)
most = Claim(rho, "≤", floor(channels / 2))
activations = Table(
    ("activation", tau(t), odd.terms[0]),
    ("ReLU", Max(t, 0), t),
    ("SiLU (swish)", t / (1 + exp(-t)), t),
    ("GELU", (t * normal(t), r", \(\Phi\) the normal distribution"), t),
    ("softplus", log(1 + exp(t)), t),
)


def proof() -> Proof:
    pair = asymmetric.family
    first, last = stages(pair)
    sides = two_sides(pair)
    rows = {name: differences(made, said) for name, made, said in activations}
    softplus = rows.pop("softplus")

    yield Part("Twice is enough")
    yield r"The difference of \(\tau(t)\) and \(\tau(-t)\) is linear: \(2at\) for \(a t + b |t|\); \(t\) for ReLU, SiLU and GELU."
    yield Equation(odd, {tau: function(activation.expr)})
    yield {str(name): Equal(*row) for name, row in rows.items()}
    yield Establishes(odd, activation, activations)
    yield r"For softplus too: \(\log(1 + e^t) - \log(1 + e^{-t})\) is the logarithm of \((1 + e^t)/(1 + e^{-t}) = e^t\)."
    yield Equal(*map(exp, softplus))
    yield Establishes(activations)
    yield r"The kernel has factors \(A\), \(B\) with \(\rho\) middle channels."
    yield Uses("asymmetric-rank", "Width")
    minus, twice = IndexedBase("N")[first.target.indices], function(odd.expr)
    yield r"Take the channels \(A_j\) with weights \(B_j / 2a\), and \(-A_j\) with weights \(-B_j / 2a\). Their results \(N = \tau(-t)\) and \(N + 2at = \tau(t)\), \(t\) the first stage of the pair \(A\), \(B\), leave the second stage as the convolution with \(K\), borders included."
    yield Equal(
        (altered(pair, lambda z: minus + twice(z)) - altered(pair, lambda z: minus)) / twice(1),
        sides.single,
        sides.free,
        sides.supports,
    )

    yield Part("Less is not")
    yield r"Let \(m'\) channels be the convolution with \(K\) on every image. Then the pair is linear, so it is the convolution with \(a \sum_j A_j B_j\), and the second stage makes 0 of the absolute values of the first."
    yield Uses("relu-linear", "Odd part")
    yield r"That makes \(\sum_j B_{o\,j\,v} |\ell_j| = 0\) at every \(o\) and \(v\), with \(\ell_j\) the linear form of the filter \(A_j\);"
    yield Uses("relu-linear", "One tap at a time")
    yield r"and that makes \(\sum_j |\lambda_j| B_{o\,j\,v} = 0\) in each group of proportional filters, \(A_j = \lambda_j g\)."
    yield Uses("relu-linear", "Independence")
    yield r"All taps being seen, equal convolutions have equal kernels: \(K = a \sum_j A_j B_j\), where channels with \(A_j = 0\) add nothing."
    yield Uses("visibility", "Independence")
    scale, form = IndexedBase("lambda"), IndexedBase("g")
    yield r"A group adds \(\sum_j \lambda_j\, g_{i\,u} B_{o\,j\,v} = g_{i\,u} \sum_j \lambda_j B_{o\,j\,v}\): a column \((o, v)\) times a row \((i, u)\), of rank 1 at most."
    yield Equal(
        Sum(scale[j] * form[i, u] * last.factor, (j, 0, m - 1)),
        form[i, u] * Sum(scale[j] * last.factor, (j, 0, m - 1)),
    )
    positive, negative = Symbol("lambda", positive=True), Symbol("lambda", negative=True)
    yield r"If all \(\lambda_j\) of a group have one sign, \(\lambda_j = \pm |\lambda_j|\), it adds \(\pm g \sum_j |\lambda_j| B_j = 0\). So a group that adds something has two channels at least."
    yield {"positive": Equal(Abs(positive), positive), "negative": Equal(Abs(negative), -negative)}
    yield r"So \(K\) is a sum of as many products as groups add something, which is a pair of that width without activation: its rank \(\rho\) is at most the number of these groups."
    yield Uses("asymmetric-rank", "Width")
    groups, more = padding("G"), padding("c")
    yield r"With two channels in each of them, \(2\rho \le m'\)."
    yield Signs(Claim(2 * groups + more, "≥", enough.expr.xreplace({rho: groups})))
    yield Establishes(enough)


def sharpness() -> Proof:
    yield Without("kink")
    yield r"With \(\tau(t) = t\) one channel represents a kernel of rank 1; with ReLU it represents 0 only."
    yield Counterexample(
        {"A": [[1], [0]]}, {"rank with t": reached(ONE, int), "rank with ReLU": reached(ONE, relu)}
    )
    yield Without("linear part")
    yield r"With \(\tau(t) = |t|\) not even \(A\) and \(-A\) together represent a kernel other than 0."
    yield Counterexample(
        {"A": [[1], [0]]},
        {"rank with |t|": reached(BOTH, abs), "rank with ReLU": reached(BOTH, relu)},
    )


def function(expr: Expr) -> Callable[[Expr], Expr]:
    """An expression in t as a function."""
    return lambda z: expr.xreplace({t: z})


def differences(cell: Any, said: Any) -> tuple[Expr, Expr]:
    """tau(t) - tau(-t) for an activation of the table, and what the table says it is."""
    made = cell[0] if isinstance(cell, tuple) else cell
    made = made.rewrite(Abs).replace(normal, lambda z: (1 + erf(z / sqrt(2))) / 2)
    return odd.given({tau: function(made)}).terms[0], said


def relu(t: int) -> int:
    """Twice a ReLU, t + |t|."""
    return t + abs(t)


def reached(A: Filters, tau: Callable[[int], int]) -> int:
    """The largest rank of the linear functions among the sums of B_j tau(A_j x), any B_j.

    Such a sum is linear only if its even part is zero at every point; the rank is the number of
    conditions that a zero odd part adds to that.
    """
    even = [[tau(t) + tau(-t) for t in row] for row in results(A)]
    odd = [[tau(t) - tau(-t) for t in row] for row in results(A)]
    return rank([*even, *odd]) - rank(even)


def results(A: Filters) -> Iterator[list[int]]:
    """What the first stage makes of the windows over -1, 0, 1, 2."""
    for window in product(range(-1, 3), repeat=2):
        yield [sum(x * y for x, y in zip(row, window, strict=True)) for row in A]
