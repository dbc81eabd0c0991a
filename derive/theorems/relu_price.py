r"""Price of a ReLU: to be a convolution with an activation between its two stages, an asymmetric pair needs exactly twice the middle channels.

Let \(K\) have the [asymmetric rank](asymmetric-rank.md) \(\rho\), unfolded in the order in which the pair runs, so that without an activation \(\rho\) middle channels are enough and no fewer. With \(\tau(t) = a t + b |t|\), \(a \ne 0\) and \(b \ne 0\), between the stages, and the hypotheses of [the theorem on linear pairs](relu-linear.md), the least number of middle channels with which the pair is the convolution with \(K\) on every image is

\[2\rho.\]

ReLU is \(a = b = \tfrac12\). That \(2\rho\) are enough, each column filter once with either sign, holds for every \(\tau\) with \(\tau(t) - \tau(-t) = 2at\), kinked or smooth:

| activation | \(\tau(t)\) | \(\tau(t) - \tau(-t)\) |
|---|---|---|
| ReLU | \(\max(t, 0)\) | \(t\) |
| SiLU (swish) | \(t / (1 + e^{-t})\) | \(t\) |
| GELU | \(t\, \Phi(t)\), \(\Phi\) the normal distribution | \(t\) |
| softplus | \(\log(1 + e^t)\) | \(t\) |

So one channel with a ReLU behind it spells no kernel but 0, two or three spell kernels of rank at most 1, and \(m'\) channels kernels of rank at most \(\lfloor m'/2 \rfloor\).

Hypotheses:
- linear part: \(a \ne 0\)
- kink: \(b \ne 0\), \(\tau(t) = a t + b |t|\); for the lower bound only
- one order: \(\rho\) is the rank for the order in which the two filters run
- no bias: none before the activation
- all taps seen: some row reads all its \(k_h\) taps on the image and each \(v\) meets a column; for the lower bound only

Use: Leave the bottleneck of a pair linear if it is to stand for a convolution: without the activation the same kernels take half the middle channels.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any

from sympy import Abs, erf, exp, Expr, IndexedBase, sqrt, Sum, Symbol

from derive.algebra.between import altered
from derive.algebra.matrix import rank
from derive.algebra.pipeline import two_sides
from derive.families import asymmetric
from derive.notation.convolution import stages
from derive.notation.letters import i, j, m, u
from derive.proof.cases import Listed
from derive.proof.evidence import Agree, Bounded, Counterexample, Every, Identity, SameSum, Uses
from derive.proof.theorem import Dropped, Part, Sentence

Filters = Sequence[tuple[int, ...]]  # the column filter of every middle channel

number = "A2"
topic = "borders"


def proof() -> Iterator[Part | Sentence]:
    a, b, t = Symbol("a", real=True, zero=False), *(Symbol(name, real=True) for name in "bt")
    pair = asymmetric.family
    first, last = stages(pair)
    sides = two_sides(pair)

    yield Part("Twice is enough")
    yield (
        r"The difference of \(\tau(t)\) and \(\tau(-t)\) is linear: \(2at\) for \(a t + b |t|\); \(t\) for ReLU, SiLU and GELU.",
        Every(
            {
                "a t + b |t|": Identity(difference(a * t + b * Abs(t), t), 2 * a * t),
                "ReLU": Identity(difference((t + Abs(t)) / 2, t), t),
                "SiLU": Identity(difference(t / (1 + exp(-t)), t), t),
                "GELU": Identity(difference(t * (1 + erf(t / sqrt(2))) / 2, t), t),
            }
        ),
    )
    yield (
        r"For softplus too: \(\log(1 + e^t) - \log(1 + e^{-t})\) is the logarithm of \((1 + e^t)/(1 + e^{-t}) = e^t\).",
        Identity((1 + exp(t)) / (1 + exp(-t)), exp(t)),
    )
    yield (
        r"The kernel has factors \(A\), \(B\) with \(\rho\) middle channels.",
        Uses("asymmetric-rank", "Width"),
    )
    minus = IndexedBase("N")[first.target.indices]
    yield (
        r"Take the channels \(A_j\) with weights \(B_j / 2a\), and \(-A_j\) with weights \(-B_j / 2a\). Their results \(N = \tau(-t)\) and \(N + 2at = \tau(t)\), \(t\) the first stage of the pair \(A\), \(B\), leave the second stage as the convolution with \(K\), borders included.",
        SameSum(
            (altered(pair, lambda z: minus + 2 * a * z) - altered(pair, lambda z: minus)) / (2 * a),
            sides.single,
            sides.free,
            sides.supports,
        ),
    )

    yield Part("Less is not")
    yield (
        r"Let \(m'\) channels be the convolution with \(K\) on every image. Then the pair is linear, so it is the convolution with \(a \sum_j A_j B_j\), and the second stage makes 0 of the absolute values of the first.",
        Uses("relu-linear", "Odd part"),
    )
    yield (
        r"That makes \(\sum_j B_{o\,j\,v} |\ell_j| = 0\) at every \(o\) and \(v\), with \(\ell_j\) the linear form of the filter \(A_j\);",
        Uses("relu-linear", "One tap at a time"),
    )
    yield (
        r"and that makes \(\sum_j |\lambda_j| B_{o\,j\,v} = 0\) in each group of proportional filters, \(A_j = \lambda_j g\).",
        Uses("relu-linear", "Independence"),
    )
    yield (
        r"All taps being seen, equal convolutions have equal kernels: \(K = a \sum_j A_j B_j\), where channels with \(A_j = 0\) add nothing.",
        Uses("visibility", "Independence"),
    )
    scale, form = IndexedBase("lambda"), IndexedBase("g")
    yield (
        r"A group adds \(\sum_j \lambda_j\, g_{i\,u} B_{o\,j\,v} = g_{i\,u} \sum_j \lambda_j B_{o\,j\,v}\): a column \((o, v)\) times a row \((i, u)\), of rank 1 at most.",
        SameSum(
            Sum(scale[j] * form[i, u] * last.factor, (j, 0, m - 1)),
            form[i, u] * Sum(scale[j] * last.factor, (j, 0, m - 1)),
        ),
    )
    positive, negative = Symbol("lambda", positive=True), Symbol("lambda", negative=True)
    yield (
        r"If all \(\lambda_j\) of a group have one sign, \(\lambda_j = \pm |\lambda_j|\), it adds \(\pm g \sum_j |\lambda_j| B_j = 0\). So a group that adds something has two channels at least.",
        Every(
            {
                "positive": Identity(Abs(positive), positive),
                "negative": Identity(Abs(negative), -negative),
            }
        ),
    )
    yield (
        r"So \(K\) is a sum of as many products as groups add something, which is a pair of that width without activation: its rank \(\rho\) is at most the number of these groups. With two channels in each of them, \(2\rho \le m'\).",
        Uses("asymmetric-rank", "Width"),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "Of all choices of up to three column filters, those that are linear with a ReLU inside reach half their number as rank, rounded down, and no more; linear is asked of values at points.",
        Bounded(
            lambda A: reached(A, relu),
            lambda A: len(A) // 2,
            Listed("1 to 3 filters of 2 taps over {-1, 0, 1}", lambda: some_filters(3, (-1, 0, 1))),
            Listed(
                "1 to 4 filters of 2 taps over {-1, 0, 1}, 1 to 3 over -2..2",
                lambda: (
                    case
                    for count, entries in ((4, (-1, 0, 1)), (3, range(-2, 3)))
                    for case in some_filters(count, entries)
                ),
            ),
        ),
    )
    yield (
        "Every one of them, doubled with both signs, reaches the rank it has without activation.",
        Agree(
            lambda A: reached([*A, *(tuple(-x for x in row) for row in A)], relu),
            lambda A: rank(A),
            Listed("1 to 2 filters of 2 taps over {-1, 0, 1}", lambda: some_filters(2, (-1, 0, 1))),
            Listed("1 to 3 filters of 2 taps over -2..2", lambda: some_filters(3, range(-2, 3))),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    one, both = [(1, 0)], [(1, 0), (-1, 0)]
    yield (
        "kink",
        r"With \(\tau(t) = t\) one channel spells a kernel of rank 1; with ReLU it spells 0 only.",
        Counterexample(
            {"A": [[1], [0]]},
            {"rank with t": reached(one, int), "rank with ReLU": reached(one, relu)},
        ),
    )
    yield (
        "linear part",
        r"With \(\tau(t) = |t|\) not even \(A\) and \(-A\) together spell a kernel other than 0.",
        Counterexample(
            {"A": [[1], [0]]},
            {"rank with |t|": reached(both, abs), "rank with ReLU": reached(both, relu)},
        ),
    )


def difference(tau: Expr, t: Symbol) -> Expr:
    """tau(t) - tau(-t)."""
    return tau - tau.xreplace({t: -t})


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
    for window in product(range(-1, 3), repeat=len(A[0])):
        yield [sum(x * y for x, y in zip(row, window, strict=True)) for row in A]


def some_filters(count: int, entries: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Up to so many column filters of two taps, in any order and with repetition."""
    filters = list(product(entries, repeat=2))
    for number in range(1, count + 1):
        yield from ({"A": A} for A in combinations_with_replacement(filters, number))
