r"""Depthwise multiplier: a convolution is depthwise separable with multiplier M exactly when, for every input channel, its filters span at most M dimensions.

For an input channel \(i\) let \(\rho_i\) be the rank of the slice \(K_{\cdot\,i\,\cdot\,\cdot}\), written as a matrix of \(C_{\mathrm{out}}\) rows and \(k_h k_w\) columns: its rows are the filters that read channel \(i\). Over any field, a depthwise separable layer with multiplier \(M\) (\(M\) spatial filters per input channel, then a \(1 \times 1\) mix) can realize \(K\) **$iff_multiplier \($passing\) for every \(i\)**. The least multiplier is

\[$least;\]

with a multiplier of its own for each channel, \($own\) is the least, and a channel with \($unread\) is not read at all. A sum of \(T\) depthwise separable layers without multiplier has the kernels of one with \($terms\).

So every convolution is depthwise separable with \($every\), but that layer has exactly \($more\) parameters more than the convolution. If \($one_output\) or \($one_tap\), this is \($alone\): every convolution is depthwise separable.

The blueprint separable layer is the mirror image. With \(M\) blueprints per output channel it can realize \(K\) $iff_blueprint for every output channel \(o\) the slice \(K_{o\,\cdot\,\cdot\,\cdot}\), of \(C_{\mathrm{in}}\) rows and \(k_h k_w\) columns, has rank at most \(M\).

Hypotheses:
- multiplier at least the rank: no slice has a rank above \(M\)
- a field: kernel and weights come from one field, any one
- no activation: nothing but linear maps between the depthwise and the pointwise stage

Use: Read off the smallest depth multiplier that replaces a trained convolution without error, channel by channel.

Source: Guo et al. (2018), Network Decoupling: From Regular to Depthwise Separable Convolutions, BMVC, arXiv 1808.05517; He et al. (2019), Depth-wise Decomposition for Accelerating Separable Convolutions in Efficient Convolutional Neural Networks, arXiv 1910.09455; Haase, Amthor (2020), Rethinking Depthwise Separable Convolutions: How Intra-Kernel Correlations Lead to Improved MobileNets, CVPR, arXiv 2003.13549 (blueprints)
"""

from derive.algebra.contraction import filled, whole
from derive.families import blueprint_separable, depthwise_separable, network_decoupling, standard
from derive.proof.exact import *
from derive.proof.language import *

number = "T4"
topic = "equality"
families = ("blueprint-separable", "depthwise-separable", "network-decoupling", "standard")

rho = Quantity("rho_i", r"\rho_i")
largest = Quantity("rho", r"\max_i \rho_i")
copies = Quantity("M_i", "M_i")

passing = Claim(rho, "≤", M)
least = Claim(M, "=", Max(1, largest), "≤", Min(C_out, k_h * k_w))
own = Claim(copies, "=", rho)
unread = Claim(rho, "=", 0)
terms = Claim(M, "=", T)
every = Claim(M, "=", Min(C_out, k_h * k_w))
more = Claim(C_in * M**2)
one_output = Claim(C_out, "=", 1)
one_tap = Claim(k_h, "=", k_w, "=", 1)
alone = Claim(M, "=", 1)
iff_multiplier = iff()
iff_blueprint = iff()


def proof() -> Iterator[Part | Sentence]:
    net = network(depthwise_separable.family)
    cut = the_cut()

    yield Part("Rank per channel")
    yield step(
        r"The depthwise and the pointwise factor share the channel \(i\), which the kernel keeps, and are summed over the \(M\) copies: for each \(i\) the rows are the output channels and the columns the taps.",
        Equal(
            {
                "channel of a slice, its rows, its columns": (
                    (net.kept, cut.rows, cut.columns),
                    ((i,), (o,), (u, v)),
                ),
                "bound": (passing, Claim(rho, "≤", net.extent(cut.bonds))),
            }
        ),
        establishes=passing,
    )
    yield step(
        r"A contraction of two factors is possible exactly when, slice by slice, the rank is at most the size of the bond: \(\rho_i \le M\) for every \(i\).",
        Uses("two-factor", "Slice by slice"),
        establishes=iff_multiplier.halves,
    )
    yield (
        r"The proof of that splits the matrix of a slice into two of any inner size from its rank on, so channel \(i\) alone needs \(\rho_i\) copies, neither more nor less, and all of them together the largest of these (and one, for a layer to exist at all).",
        Uses("two-factor", "Rank"),
    )
    yield step(
        r"Side by side, \(T\) layers without multiplier sum \(T\) products per channel: it is the same contraction.",
        Equal(*alike()),
        establishes=terms,
    )

    yield Part("Every convolution")
    per_output, per_tap = every_kernel()
    yield (
        r"With \(M = C_{\mathrm{out}}\) let the copies be the filters themselves, \(D_{i\,l\,u\,v} = K_{l\,i\,u\,v}\), and let the \(1 \times 1\) stage pick, \(P_{o\,i\,l} = [o = l]\): the contraction is \(K\).",
        per_output,
    )
    yield step(
        r"With \(M = k_h k_w\) let copy \((q, r)\) read tap \((q, r)\) alone and the \(1 \times 1\) stage hold the kernel, \(P_{o\,i\,q\,r} = K_{o\,i\,q\,r}\): the contraction is \(K\) again. So no slice has a rank above \(\min(C_{\mathrm{out}}, k_h k_w)\), which is 1 for one output channel or one tap.",
        per_tap,
        Equal(least.expr, Min(net.extent(cut.rows), net.extent(cut.columns))),
        Equal(
            {
                str(size): (
                    every.expr.xreplace(dict.fromkeys(size.terms[:-1], size.expr)),
                    alone.expr,
                )
                for size in (one_output, one_tap)
            }
        ),
        establishes=(least, one_output, one_tap, alone),
    )
    yield step(
        r"At these sizes the two factors have \(C_{\mathrm{in}} M^2\) weights more than the convolution.",
        {
            f"M = {size}": Equal(excess(size), more.expr.xreplace({M: size}))
            for size in every.expr.args
        },
        establishes=(every, more),
    )

    yield Part("Blueprints")
    mirrored = network(blueprints())
    (slices,) = mirrored.cuts
    yield (
        r"In the blueprint layer with \(M\) blueprints the factors share the output channel: for each \(o\) the rows are the taps and the columns the input channels, and the bond has size \(M\).",
        Equal(
            {
                "channel of a slice, its rows, its columns": (
                    (mirrored.kept, slices.rows, slices.columns),
                    ((o,), (u, v), (i,)),
                ),
                "bound": (passing, Claim(rho, "≤", mirrored.extent(slices.bonds))),
            }
        ),
    )
    yield step(
        "Again the ranks of the slices decide.",
        Uses("two-factor", "Slice by slice"),
        establishes=iff_blueprint.halves,
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
    multiplied = contraction(depthwise_separable.family).xreplace(dict([terms.sides]))
    return filled(whole(network_decoupling.family), weights), multiplied


def every_kernel() -> tuple[Evidence, Evidence]:
    """An arbitrary kernel spelled with a copy for every output channel, or one for every tap."""
    D, P = (factor.base for factor in depthwise_separable.family.factors)
    K = IndexedBase("K")
    outputs: Weights = {
        D: lambda i, l, u, v: K[l, i, u, v],
        P: lambda o, i, l: KroneckerDelta(o, l),
    }
    taps: Weights = {
        D: lambda i, q, r, u, v: KroneckerDelta(q, u) * KroneckerDelta(r, v),
        P: lambda o, i, q, r: K[o, i, q, r],
    }
    return (
        Equal(filled(depthwise_separable.family, outputs, {M: C_out}), K[o, i, u, v]),
        Equal(filled(with_two_letters(), taps, {}), K[o, i, u, v]),
    )


def with_two_letters() -> Family:
    """The depthwise separable design with a copy for every tap: its letter is the pair (q, r)."""
    return Family(
        *(
            f.base[tuple(x for y in f.indices for x in ((q, r) if y == l else (y,)))]
            for f in depthwise_separable.family.factors
        ),
        sizes={q: k_h, r: k_w},
    )


def excess(size: Expr) -> Expr:
    """Parameters of the design with so many copies, less those of the convolution."""
    two, one = (Count(module.family).parameters.expr for module in (depthwise_separable, standard))
    return two.xreplace({M: size}) - one


def blueprints() -> Family:
    """The blueprint layer with a letter more, which runs over M blueprints."""
    return Family(*(f.base[(*f.indices, l)] for f in blueprint_separable.family.factors))


def the_cut() -> Cut:
    """The matrix that decides, for every input channel."""
    (cut,) = network(depthwise_separable.family).cuts
    return cut
