r"""Depthwise multiplier: a convolution is depthwise separable with multiplier M exactly when, for every input channel, its filters span at most M dimensions.

For an input channel \(i\) let \(\rho_i\) be the rank of the slice \(K_{\cdot\,i\,\cdot\,\cdot}\), written as a matrix of \(C_{\mathrm{out}}\) rows and \(k_h k_w\) columns: its rows are the filters that read channel \(i\). Over any field, a depthwise separable layer with multiplier \(M\) (\(M\) spatial filters per input channel, then a \(1 \times 1\) mix) can realize \(K\) **if and only if \(\rho_i \le M\) for every \(i\)**. The least multiplier is

\[M = \max(1, \max_i \rho_i) \le \min(C_{\mathrm{out}},\, k_h k_w);\]

with a multiplier of its own for each channel, \(M_i = \rho_i\) is the least, and a channel with \(\rho_i = 0\) is not read at all. A sum of \(T\) depthwise separable layers without multiplier has the kernels of one with \(M = T\).

So every convolution is depthwise separable with \(M = \min(C_{\mathrm{out}}, k_h k_w)\), but that layer has exactly \(C_{\mathrm{in}} M^2\) parameters more than the convolution. If \(C_{\mathrm{out}} = 1\) or \(k_h = k_w = 1\), this is \(M = 1\): every convolution is depthwise separable.

The blueprint separable layer is the mirror image. With \(M\) blueprints per output channel it can realize \(K\) if and only if for every output channel \(o\) the slice \(K_{o\,\cdot\,\cdot\,\cdot}\), of \(C_{\mathrm{in}}\) rows and \(k_h k_w\) columns, has rank at most \(M\).

Hypotheses:
- multiplier at least the rank: no slice has a rank above \(M\)
- a field: kernel and weights come from one field, any one
- no activation: nothing but linear maps between the depthwise and the pointwise stage

Use: Read off the smallest depth multiplier that replaces a trained convolution without error, channel by channel.

Source: Guo et al. (2018), Network Decoupling: From Regular to Depthwise Separable Convolutions, BMVC, arXiv 1808.05517; He et al. (2019), Depth-wise Decomposition for Accelerating Separable Convolutions in Efficient Convolutional Neural Networks, arXiv 1910.09455; Haase, Amthor (2020), Rethinking Depthwise Separable Convolutions: How Intra-Kernel Correlations Lead to Improved MobileNets, CVPR, arXiv 2003.13549 (blueprints)
"""

from collections.abc import Iterator

from sympy import Expr, IndexedBase, KroneckerDelta

from derive.algebra.contraction import contraction, filled, Weights, whole
from derive.algebra.counting import Count
from derive.algebra.exactness import Exactness
from derive.algebra.factorize import realizes
from derive.algebra.finite import passes
from derive.algebra.kernel import Kernel
from derive.families import blueprint_separable, depthwise_separable, network_decoupling, standard
from derive.notation.family import Family
from derive.notation.letters import C_in, C_out, i, k_h, k_w, l, M, o, q, r, T, u, v
from derive.proof.cases import Listed
from derive.proof.evidence import Agree, Counterexample, Every, Exact, Identity, SameSum, Uses
from derive.proof.samples import all_kernels, Design, reached, seeded
from derive.proof.theorem import Dropped, Part, Sentence
from derive.theorems.two_factor import rebuilt

number = "T4"
topic = "equality"


def proof() -> Iterator[Part | Sentence]:
    yield Part("Rank per channel")
    yield (
        r"The depthwise and the pointwise factor share the channel \(i\), which the kernel keeps, and are summed over the \(M\) copies: for each \(i\) the rows are the output channels and the columns the taps.",
        Exact(
            {
                "condition": (
                    Exactness(depthwise_separable.family).brief,
                    "per i: rank o × (u, v) ≤ M",
                )
            }
        ),
    )
    yield (
        r"A contraction of two factors is possible exactly when, slice by slice, the rank is at most the size of the bond: \(\rho_i \le M\) for every \(i\).",
        Uses("two-factor", "Slice by slice"),
    )
    yield (
        r"The proof of that splits the matrix of a slice into two of any inner size from its rank on, so channel \(i\) alone needs \(\rho_i\) copies, neither more nor less, and all of them together the largest of these (and one, for a layer to exist at all).",
        Uses("two-factor", "Rank"),
    )
    yield (
        r"Side by side, \(T\) layers without multiplier sum \(T\) products per channel: it is the same contraction.",
        SameSum(*alike()),
    )

    yield Part("Every convolution")
    copies, per_tap = every_kernel()
    yield (
        r"With \(M = C_{\mathrm{out}}\) let the copies be the filters themselves, \(D_{i\,l\,u\,v} = K_{l\,i\,u\,v}\), and let the \(1 \times 1\) stage pick, \(P_{o\,i\,l} = [o = l]\): the contraction is \(K\).",
        copies,
    )
    yield (
        r"With \(M = k_h k_w\) let copy \((q, r)\) read tap \((q, r)\) alone and the \(1 \times 1\) stage hold the kernel, \(P_{o\,i\,q\,r} = K_{o\,i\,q\,r}\): the contraction is \(K\) again. So no slice has a rank above \(\min(C_{\mathrm{out}}, k_h k_w)\), which is 1 for one output channel or one tap.",
        per_tap,
    )
    yield (
        r"At these sizes the two factors have \(C_{\mathrm{in}} M^2\) weights more than the convolution.",
        Every(
            {f"M = {size}": Identity(excess(size), C_in * size**2) for size in (C_out, k_h * k_w)}
        ),
    )

    yield Part("Blueprints")
    yield (
        r"In the blueprint layer with \(M\) blueprints the factors share the output channel: for each \(o\) the rows are the taps and the columns the input channels, and the bond has size \(M\).",
        Exact({"condition": (Exactness(blueprints()).brief, "per o: rank (u, v) × i ≤ M")}),
    )
    yield (
        "Again the ranks of the slices decide.",
        Uses("two-factor", "Slice by slice"),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "Over a finite field, where all weights can be tried, they reach exactly the kernels whose slices pass.",
        Agree(
            reached,
            passes,
            Listed("every kernel over {0, 1} of a small design", lambda: all_kernels(small()[:1])),
            Listed("every kernel over {0, 1} of 4 small designs", lambda: all_kernels(small())),
        ),
    )
    yield (
        r"For integer kernels the least multiplier for which weights are found, which literal loops contract to the kernel, is \(\max(1, \max_i \rho_i)\).",
        Agree(
            lambda family, sizes, kernel: least_multiplier(kernel),
            lambda family, sizes, kernel: max(1, kernel.rank((o,), (u, v), (i,))),
            Listed("4 seeded integer kernels", lambda: seeded([depthwise_separable.family], 4)),
            Listed("200 seeded integer kernels", lambda: seeded([depthwise_separable.family], 200)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    pair = Kernel.of([[[[1, 0]]], [[[0, 1]]]])
    yield (
        "multiplier at least the rank",
        r"One input and two output channels, a 1 × 2 kernel, each output reads one tap: the slice has rank 2, so one copy does not do, and two do.",
        Counterexample(
            {"K": pair.nested},
            {
                "one copy is enough": realizes(depthwise_separable.family, pair, {M: 1}),
                "two copies are enough": realizes(depthwise_separable.family, pair, {M: 2}),
            },
        ),
    )


def alike() -> tuple[Expr, Expr]:
    """The contractions of T layers side by side and of one with T copies, under one set of names."""
    D, P = (factor.base for factor in depthwise_separable.family.factors)
    weights: Weights = {D: lambda i, u, v, tau: D[i, tau, u, v], P: lambda o, i, tau: P[o, i, tau]}
    return filled(whole(network_decoupling.family), weights), contraction(
        depthwise_separable.family
    ).xreplace({M: T})


def every_kernel() -> tuple[SameSum, SameSum]:
    """An arbitrary kernel spelled with a copy for every output channel, or one for every tap."""
    D, P = (factor.base for factor in depthwise_separable.family.factors)
    K = IndexedBase("K")
    copies: Weights = {D: lambda i, l, u, v: K[l, i, u, v], P: lambda o, i, l: KroneckerDelta(o, l)}
    taps: Weights = {
        D: lambda i, q, r, u, v: KroneckerDelta(q, u) * KroneckerDelta(r, v),
        P: lambda o, i, q, r: K[o, i, q, r],
    }
    return (
        SameSum(filled(depthwise_separable.family, copies, {M: C_out}), K[o, i, u, v]),
        SameSum(filled(with_two_letters(), taps, {}), K[o, i, u, v]),
    )


def with_two_letters() -> Family:
    """The same design with a copy for every tap: its letter is the pair (q, r)."""
    return Family(
        *(
            f.base[tuple(x for y in f.indices for x in ((q, r) if y == l else (y,)))]
            for f in depthwise_separable.family.factors
        ),
        sizes={q: k_h, r: k_w},
    )


def excess(copies: Expr) -> Expr:
    """Parameters of the design with so many copies, less those of the convolution."""
    two, one = (Count(module.family).parameters.expr for module in (depthwise_separable, standard))
    return two.xreplace({M: copies}) - one


def blueprints() -> Family:
    """The blueprint layer with a letter more, which runs over M blueprints."""
    return Family(*(f.base[(*f.indices, l)] for f in blueprint_separable.family.factors))


def small() -> list[Design]:
    """Designs for which all weights over {0, 1} can be tried."""
    return [
        (depthwise_separable.family, {C_in: 2, C_out: 2, k_h: 1, k_w: 2, M: 1}),
        (blueprints(), {C_in: 2, C_out: 2, k_h: 2, k_w: 1, M: 1}),
        (depthwise_separable.family, {C_in: 1, C_out: 3, k_h: 1, k_w: 3, M: 2}),
        (blueprints(), {C_in: 3, C_out: 1, k_h: 3, k_w: 1, M: 2}),
    ]


def least_multiplier(kernel: Kernel) -> int:
    """The least number of copies for which there are weights."""
    family = depthwise_separable.family
    return next(n for n in range(1, 10) if rebuilt(family, {M: n}, kernel))
