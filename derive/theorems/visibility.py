r"""Visibility: two kernels act alike on every image exactly when they agree at the taps that some window lays on the image.

Let \(N\) be the number of windows along an axis. Tap \(u\) of that axis is *seen* if some window lays it on the image: \($on_image\) for some \($windows\). Tap \((u, v)\) is seen if \(u\) is seen along the height and \(v\) along the width.

As a matrix, the convolution with \(K\) has the entry \(K_{o\,i\,u\,v}\) where output \((o, y, x)\) meets the pixel of channel \(i\) that tap \((u, v)\) of its window reads; all other entries are 0. So **two kernels give the same output on every image $iff_agree they agree at every tap seen**, and if all taps are seen different kernels are different layers. What this book says of "the kernel of a layer" is meant of the seen taps.

Tap \(u\) is seen $iff_seen

\[$criterion,\]

where \(t^+\) is \(t\), or 0 if \(t\) is negative. With \($room\), **all taps are seen only if**

\[$last \quad\text{and}\quad $first,\]

and if \($long\) these two inequalities are enough. With the same padding \(p\) on both sides they are the one inequality

\[$both,\]

which for stride 1 says \($stride_one\). An image shorter than the stride can slip between the windows: there each tap has to be looked at.

Hypotheses:
- every tap is seen: for different kernels to be different layers; without it, only the taps seen count
- zero padding: outside the image a tap reads 0
- an image no shorter than the stride: \($long\), for the two inequalities to be enough
- sizes: \($sizes\) and \($paddings\), any integers

Use: Before a large kernel or dilation meets a small map, make sure that each tap lies on the map in some window; weights of the others only ever multiply padding.
"""

from functools import reduce

from sympy.concrete.delta import deltasummation

from derive import oracle
from derive.algebra.windows import axis_of
from derive.families import standard
from derive.proof.established import named
from derive.proof.language import *

number = "L0"
topic = "equality"

H, N, k, s, d = ALONE.input, ALONE.output, ALONE.kernel, ALONE.stride, ALONE.dilation
before, after, p, L = ALONE.before, ALONE.after, padding("p"), letter("L")

on_image = Claim(0, "≤", s * y + d * u - before, "<", H)
windows = Claim(0, "≤", y, "<", N)
criterion = Claim(
    positive_part(ceiling((before - d * u) / s)),
    "≤",
    minimum(N - 1, floor((H - 1 + before - d * u) / s)),
)
room = Claim(L, "=", H + before + after - d * (k - 1) - 1)
last = Claim(d * (k - 1), "≤", H - 1 + before)
first = Claim(s * ceiling(before / s), "≤", L)
long = Claim(H, "≥", s)
both = Claim(d * (k - 1), "≤", H - 1 + 2 * p - s * ceiling(p / s))
stride_one = Claim(d * (k - 1), "≤", H - 1 + p)
sizes = Claim((H, k, s, d), "≥", 1)
paddings = Claim((before, after), "≥", 0)
iff_agree = iff()
iff_seen = iff()


def proof() -> Proof:
    yield Part("Independence")
    yield r"Two taps of one window never read the same pixel: their rows differ by \(d_h (u - u')\), their columns by \(d_w (v - v')\), and \(d_h, d_w \ge 1\)."
    yield {"rows": apart(0, u), "columns": apart(1, v)}
    entry, weight = entry_at_a_seen_tap()
    yield r"Let an image be 1 at the pixel of channel \(i'\) that tap \((u', v')\) of window \((y, x)\) reads, and 0 elsewhere. Of the sum over \(i\), \(u\) and \(v\) one term is left, and output \((o, y, x)\) is \(K_{o\,i'\,u'\,v'}\). These are the entries of the operator that are not 0 for every kernel, and each of them is a single entry of the kernel; so two kernels have the same operator if and only if they agree at every tap that some window lays on the image, \(u\) along the height and \(v\) along the width."
    yield Equal(entry, weight)
    yield Establishes(iff_agree)

    yield Part("When a tap is seen")
    yield r"Window \(y\) lays tap \(u\) on the image, \(0 \le s y + d u - p^- \le H - 1\), if and only if \(\lceil (p^- - d u)/s \rceil \le y \le \lfloor (H - 1 + p^- - d u)/s \rfloor\)."
    yield Confirmed("visibility.on_the_image")
    yield Establishes(iff_seen)
    yield r"One of the windows \(0, \dots, N - 1\) lies between the two if and only if the larger of the lower ends, which is then such a window, is at most the smaller of the upper ends: the criterion."
    yield Confirmed("visibility.some_window")
    yield Establishes(iff_seen)

    yield Part("All taps seen")
    yield r"Write \([\text{low}_u, \text{high}_u]\) for that range of windows. A later tap reads further on by \(d(u' - u)\), so what is rounded in either end is the smaller, the larger the tap."
    yield apart(0, u)
    yield r"Rounding keeps that order: the first tap has the highest lower end, the last tap has the lowest upper end."
    yield Confirmed("visibility.extreme_taps")
    yield r"If \(H \ge s\), then \(\text{low}_u \le \text{high}_u\) for every tap, because among \(H\) consecutive places there is a multiple of \(s\)."
    yield Confirmed("visibility.no_gaps")
    yield r"Given that and \(N \ge 1\), tap \(u\) is seen if and only if \(\text{high}_u \ge 0\) and \(\text{low}_u \le N - 1\); the last and the first tap decide. \(\text{high}_{k-1} \ge 0\) says \(d(k - 1) \le H - 1 + p^-\), and \(\text{low}_0 \le N - 1\) says \(s \lceil p^-/s \rceil \le L\), which implies \(N \ge 1\). Without \(H \ge s\) a tap that is seen still has \(\text{high}_u \ge 0\) and \(\text{low}_u \le N - 1\), so both are necessary for any \(H\)."
    yield Confirmed("visibility.two_inequalities")
    axis = axis_of(ALONE)
    yield r"With \(p^- = p^+ = p\) the second inequality is \(d(k - 1) \le H - 1 + 2p - s \lceil p/s \rceil\)."
    yield SameCondition(first.given({L: axis.room}).given({before: p, after: p}), both)
    yield Equal({"how far a window can move": (room, Claim(L, "=", axis.room))})
    yield Domain(sizes, paddings)
    yield Establishes(first, both, room, sizes, paddings)
    yield r"It implies the first one, because \(s \lceil p/s \rceil \ge p\); for \(s = 1\), when \(\lceil p/s \rceil = p\), it is the first one."
    yield Confirmed("visibility.equal_padding")


def sharpness() -> Proof:
    spread = oracle.Axis(1, 2, dilation=2, before=1, after=1)
    yield Without("every tap is seen")
    yield r"One pixel, \(n = d = 2\), \(p = s = 1\): there is one window and it lays no tap on the image. Every kernel acts as zero."
    yield Counterexample({"K": [1, 1]}, {"taps": spread.kernel, "taps seen": seen_taps(spread)})
    small = oracle.Axis(1, 3, before=1, after=1)
    yield r"One pixel, \(n = 3\), \(p = 1\), the usual padding: only the centre is seen."
    yield Counterexample({"K": [1, 1, 1]}, {"taps": small.kernel, "taps seen": seen_taps(small)})
    strided = oracle.Axis(1, 2, stride=2, before=1, after=1)
    yield r"One pixel, \(n = s = 2\), \(p = 1\): there is one window, and only its second tap is seen."
    yield Counterexample({"K": [1, 1]}, {"taps": strided.kernel, "taps seen": seen_taps(strided)})
    left, right = oracle.impulses(2)
    yield Without("zero padding")
    yield "One pixel, repeated all round instead of zeros: both taps read it, and two different kernels act alike."
    yield Counterexample(
        {"K": [1, 0], "K′": [0, 1]},
        {"the kernels agree": left == right, "the layers agree": around(left) == around(right)},
    )
    slipping = {"H": 1, "k": 2, "s": 2, "d": 1, "before": 2, "beyond": 2}
    yield Without("an image no shorter than the stride")
    yield r"One pixel, \(n = s = p = 2\): both inequalities hold, but every window reads it with its first tap or not at all."
    yield Counterexample(
        {"K": [1, 1]},
        {
            "the inequalities hold": inequalities_hold(slipping),
            "all taps are seen": all_seen(oracle.Axis.named(**slipping)),
        },
    )


def read() -> Indexed:
    """What one term of the standard convolution reads of the image."""
    return next(x for x in direct(standard.family, PLANE).atoms(Indexed) if x.base == X)


def apart(axis: int, tap: Expr) -> Equivalent:
    """Evidence that the places two taps read are in the order of the taps."""
    place, other = places(standard.family)[axis], letter(f"{tap}'")
    return Equivalent(place - place.xreplace({tap: other}), tap - other)


def entry_at_a_seen_tap() -> tuple[Expr, Expr]:
    """The convolution of a single 1 at what tap (u', v') reads, and the kernel there."""
    whole, pixel = direct(standard.family, PLANE), read()
    names = {x: letter(f"{x}'") for x in (i, u, v)}
    impulse = Mul(*(KroneckerDelta(at, at.xreplace(names)) for at in pixel.indices))
    summand = whole.function.xreplace({pixel: impulse})
    one_left = reduce(lambda f, limit: deltasummation(f, limit, True), whole.limits, summand)
    return one_left, standard.family.factors[0].xreplace(names)


def measured(**axis: int) -> Mapping[Any, int]:
    """The windows of an axis, one by one, and how far the first can move."""
    of = oracle.Axis.named(**axis)
    return {N: of.outputs, L: of.size + of.after - 1 - of.at(0, of.kernel - 1)}


def is_seen(axis: oracle.Axis, tap: int) -> bool:
    """Whether some window lays a tap on the image."""
    return any(axis.on_image(window, tap) for window in range(axis.outputs))


def seen_taps(axis: oracle.Axis) -> int:
    """How many taps of an axis are seen."""
    return sum(is_seen(axis, tap) for tap in range(axis.kernel))


def all_seen(axis: oracle.Axis) -> bool:
    """Whether every tap of an axis is seen."""
    return seen_taps(axis) == axis.kernel


def inequalities_hold(axis: Mapping[str, int]) -> bool:
    """Whether both inequalities for all taps do."""
    return all(one.holds({**named(one, axis), **measured(**axis)}) for one in (last, first))


def enough(H: int, s: int) -> bool:
    """Whether the inequalities decide for two taps next to each other and all small paddings."""
    layers = (
        {"H": H, "k": 2, "s": s, "d": 1, "before": before, "beyond": beyond}
        for before, beyond in product(range(s + 1), repeat=2)
    )
    return all(inequalities_hold(axis) == all_seen(oracle.Axis.named(**axis)) for axis in layers)


def around(kernel: oracle.Tensor) -> tuple[oracle.Number, ...]:
    """The convolution of one pixel of 1 that repeats on its right."""
    axis = oracle.Axis(1, 2, after=1)
    return oracle.filtered(kernel, [1], axis, padding=oracle.circular).values
