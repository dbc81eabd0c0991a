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

from derive.families import blueprint_separable, depthwise_separable, network_decoupling, standard
from derive.proof.exact import *
from derive.proof.language import *

number = "T4"
topic = "equality"

rho = Quantity("rho_i", r"\rho_i")
largest = Quantity("rho", r"\max_i \rho_i")
copies = Quantity("M_i", "M_i")

passing = Claim(rho, "≤", M)
least = Claim(M, "=", maximum(Integer(1), largest), "≤", minimum(C_out, k_h * k_w))
own = Claim(copies, "=", rho)
unread = Claim(rho, "=", 0)
terms = Claim(M, "=", T)
every = Claim(M, "=", minimum(C_out, k_h * k_w))
more = Claim(C_in * M**2)
one_output = Claim(C_out, "=", 1)
one_tap = Claim(k_h, "=", k_w, "=", 1)
alone = Claim(M, "=", 1)
iff_multiplier = iff()
iff_blueprint = iff()


def proof() -> Proof:
    separable, mirrored = depthwise_separable.family, whole(M * blueprint_separable.family)
    cut = cut_of(separable)

    yield Part("Rank per channel")
    yield r"The depthwise and the pointwise factor share the channel \(i\), which the kernel keeps, and are summed over the \(M\) copies: for each \(i\) the rows are the output channels and the columns the taps."
    yield slices_of(separable, (i,), (o,), (u, v))
    yield Establishes(passing)
    yield r"A contraction of two factors is possible exactly when, slice by slice, the rank is at most the size of the bond: \(\rho_i \le M\) for every \(i\)."
    yield Uses("two-factor", "Slice by slice")
    yield Establishes(iff_multiplier)
    yield r"The proof of that splits the matrix of a slice into two of any inner size from its rank on, so channel \(i\) alone needs \(\rho_i\) copies, neither more nor less, and all of them together the largest of these (and one, for a layer to exist at all)."
    yield Uses("two-factor", "Rank")
    yield r"Side by side, \(T\) layers without multiplier sum \(T\) products per channel: it is the same contraction."
    side_by_side, as_many = whole(network_decoupling.family), dict([terms.sides])
    yield Includes(side_by_side, separable, large_sizes=as_many)
    yield Includes(separable, side_by_side, small_sizes=as_many)
    yield Establishes(terms)

    yield Part("Every convolution")
    yield r"With \(M = C_{\mathrm{out}}\) let the copies be the filters themselves, \(D_{i\,l\,u\,v} = K_{l\,i\,u\,v}\), and let the \(1 \times 1\) stage pick, \(P_{o\,i\,l} = [o = l]\): the contraction is \(K\)."
    yield Includes(standard.family, separable, large_sizes={M: C_out})
    yield r"With \(M = k_h k_w\) let copy \((q, r)\) read tap \((q, r)\) alone and the \(1 \times 1\) stage hold the kernel, \(P_{o\,i\,q\,r} = K_{o\,i\,q\,r}\): the contraction is \(K\) again. So no slice has a rank above \(\min(C_{\mathrm{out}}, k_h k_w)\), which is 1 for one output channel or one tap."
    yield Includes(standard.family, separable.split(l, {q: k_h, r: k_w}))
    yield Equal(least.expr, minimum(*map(separable.extent, cut.sides)))
    yield {
        str(size): (every.expr.xreplace(dict.fromkeys(size.terms[:-1], size.expr)), alone.expr)
        for size in (one_output, one_tap)
    }
    yield Establishes(least, one_output, one_tap, alone)
    yield r"At these sizes the two factors have \(C_{\mathrm{in}} M^2\) weights more than the convolution."
    weights, entries = (Count(line).parameters.expr for line in (separable, standard.family))
    yield {
        f"M = {size}": Equal(weights.xreplace({M: size}) - entries, more.expr.xreplace({M: size}))
        for size in every.expr.args
    }
    yield Establishes(every, more)

    yield Part("Blueprints")
    yield r"In the blueprint layer with \(M\) blueprints the factors share the output channel: for each \(o\) the rows are the taps and the columns the input channels, and the bond has size \(M\)."
    yield slices_of(mirrored, (o,), (u, v), (i,))
    yield "Again the ranks of the slices decide."
    yield Uses("two-factor", "Slice by slice")
    yield Establishes(iff_blueprint)


def sharpness() -> Proof:
    pair = Kernel.of([[[[1, 0]]], [[[0, 1]]]])
    yield Without("multiplier at least the rank")
    yield r"One input and two output channels, a 1 × 2 kernel, each output reads one tap: the slice has rank 2, so one copy does not do, and two do."
    yield Counterexample(
        {"K": pair.nested},
        {
            "one copy is enough": realizes(depthwise_separable.family, pair, {M: 1}),
            "two copies are enough": realizes(depthwise_separable.family, pair, {M: 2}),
        },
    )


def slices_of(family: Family, kept: Letters, rows: Letters, columns: Letters) -> Evidence:
    """The letters of the matrices that decide, and the bound of their ranks."""
    cut = cut_of(family)
    letters = (cut.kept, cut.rows, cut.columns), (kept, rows, columns)
    bound = passing, Claim(rho, "≤", family.extent(cut.bonds))
    return Equal({"channel of a slice, its rows, its columns": letters, "bound": bound})
