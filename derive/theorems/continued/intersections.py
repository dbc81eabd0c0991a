"""Intersections, continued: which designs contain which, and what separates them."""

from derive.families import cp
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import intersections as theorem
from derive.theorems.asymmetric_rank import orders


def proof() -> Proof:
    yield Part("Inclusions")
    yield r"Flattened in blueprint separable: the column and the row of an output multiply to its blueprint."
    yield LiesWithin(theorem.flattened_blueprint)
    yield r"Flattened in CP with \(R = C_{\mathrm{out}}\): a term for every output, picked by \([o = r]\)."
    yield LiesWithin(theorem.flattened_cp)
    yield r"Depthwise asymmetric separable in depthwise separable: the column and the row of an input multiply to its filter."
    yield LiesWithin(theorem.das_dws)
    yield r"The same in CP with \(R = C_{\mathrm{in}}\): a term for every input, picked by \([r = i]\)."
    yield LiesWithin(theorem.das_cp)
    yield r"CP in asymmetric pairs of width \(m = R\), in either order: each middle channel is a term, and each filter takes one of the mixes along."
    yield {
        f"{claim.terms[link]} in {claim.terms[link + 1]}, {name}": LiesWithin(claim, link, order)
        for claim, link in ((theorem.cp_pair, 0), (theorem.flattened_cp, 1), (theorem.das_cp, 1))
        for order, name in enumerate(orders())
    }
    yield r"CP in the tensor train with all three bonds of size \(R\): the two inner factors pass the number of the term on."
    yield LiesWithin(theorem.cp_train)
    yield r"CP in Tucker-2 with both bonds of size \(R\): the core is diagonal in them."
    yield LiesWithin(theorem.cp_tucker)
    down, across = (order.extent(cut_of(order).rows) for order in orders().values())
    yield r"The matrix of a pair has \(C_{\mathrm{out}} k_w\) rows, or \(C_{\mathrm{out}} k_h\) horizontal first, which bounds its rank;"
    yield {
        "vertical first": Equal(down, C_out * k_w),
        "horizontal first": Equal(across, C_out * k_h),
    }
    yield r"so does \(\sum_i \rho_i\), by 1, and no \(\rho_i\) exceeds \(\min(k_h, k_w)\)."
    yield Equal(Sum(minimum(k_h, k_w), over(i)), theorem.generic)
    yield Equal(minimum(down, theorem.generic.expr), theorem.containing)
    yield Equal(minimum(across, theorem.generic.expr), theorem.containing_across)

    yield Part("Separations")
    unit, zeros = [[1, 0], [0, 1]], [[0, 0], [0, 0]]
    yield r"With one channel the \(2 \times 2\) identity matrix is depthwise separable, blueprint separable and Tucker-2 with bonds of size 1; it is no outer product, so it is not flattened, not depthwise asymmetric separable, not CP with \(R = 1\), and no asymmetric pair of width 1."
    inside = (
        theorem.das_dws.terms[1],
        theorem.flattened_blueprint.terms[1],
        theorem.cp_tucker.terms[1],
    )
    outside = theorem.flattened_blueprint.terms[0], theorem.das_dws.terms[0], *theorem.cp_pair.terms
    yield Members(Kernel.of([[unit]]), inside, outside, at={R: 1})
    yield Members(
        Kernel.of([[unit]]), (), (theorem.cp_tucker.terms[0], theorem.cp_pair.terms[1]), 1, {R: 1}
    )
    yield Establishes(theorem.das_dws, theorem.flattened_blueprint, theorem.cp_tucker)
    yield Establishes(theorem.neither["a depthwise separable kernel is no pair"])
    pairs, by_channel = (
        theorem.das_cp.terms[2:],
        (theorem.das_dws.terms[1], theorem.das_cp.terms[1]),
    )
    yield r"One input, two outputs, two taps: \(K_{o\,v} = [o = v]\) is an asymmetric pair of width 1, column filter first, and \(K_{o\,u} = [o = u]\) one with the row filter first; neither is depthwise separable, nor CP with \(R = 1 = C_{\mathrm{in}}\)."
    yield Members(Kernel.ones("ov", o=2, v=2), pairs, by_channel)
    yield Members(Kernel.ones("ou", o=2, u=2), pairs, by_channel, order=1)
    yield Establishes(
        theorem.das_cp, theorem.das_dws, theorem.neither["a pair is not depthwise separable"]
    )
    narrower, wider = zip(theorem.flattened_cp.terms[1:], theorem.cp_pair.terms, strict=True)
    yield r"One output, two inputs, two taps: \(K_{i\,u} = [i = u]\) is an asymmetric pair of width 1, column filter first, \(K_{i\,v} = [i = v]\) one with the row filter first; neither is CP with \(R = 1 = C_{\mathrm{out}}\)."
    yield Members(Kernel.ones("iu", i=2, u=2), wider, narrower, at={R: 1})
    yield Members(Kernel.ones("iv", i=2, v=2), wider, narrower, order=1, at={R: 1})
    yield Establishes(theorem.flattened_cp, theorem.cp_pair)
    outputs, inputs = [[unit], [zeros]], [[unit, zeros]]
    of_outputs = kernel_with(cp.family, [[1], [1]], unit, unit, [[1, 1], [0, 0]])
    of_inputs = kernel_with(cp.family, [[1, 0], [1, 0]], unit, unit, [[1, 1]])
    yield r"The identity matrix at the first of two outputs, and zeros at the other, is CP with \(R = 2 = C_{\mathrm{out}}\), and not flattened; at the first of two inputs it is CP with \(R = 2 = C_{\mathrm{in}}\), and not depthwise asymmetric separable."
    yield Members(Kernel.of(outputs), outside=theorem.flattened_cp.terms[:1])
    yield Members(Kernel.of(inputs), outside=theorem.das_cp.terms[:1])
    yield {
        "two terms, two outputs": (of_outputs.nested, outputs),
        "two terms, two inputs": (of_inputs.nested, inputs),
    }
    yield Establishes(theorem.flattened_cp, theorem.das_cp)
    yield r"The kernel \(\mathcal{W}\) of two inputs, one output and \(2 \times 2\) taps is a tensor train with bonds of size 2,"
    yield Members(three_ones(), inside=theorem.cp_train.terms[1:], at={R: 2})
    yield Establishes(theorem.cp_train)
    yield r"but not CP with \(R = 2\)."
    yield Uses("trees-and-cp", "CP of rank two and more")
