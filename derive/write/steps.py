"""The derivation of every count, stage by stage: what is run over, the sum, its closed form."""

from sympy import Expr, Mul, Symbol

from derive.algebra.counting import StageCount
from derive.notation.letters import Direction
from derive.write.latex import BookPrinter, index_latex, latex


def stage_steps(count: StageCount) -> dict[str, str]:
    r"""Each count of a stage as LaTeX: the sum over its domain, then the closed form.

    >>> from derive.algebra.counting import Count
    >>> from derive.families import pointwise
    >>> ((_, (stage,)),) = Count(pointwise.family).stages
    >>> print(stage_steps(stage)["weights"])
    \sum_{o < C_{\mathrm{out}},\, i < C_{\mathrm{in}}} 1 = C_{\mathrm{in}} C_{\mathrm{out}}
    """
    domain = dict(count.stage.domain)
    summed = {x: extent for x, extent in count.domain.items() if x not in domain}
    factor = {x: count.domain[x] for x in count.stage.factor.indices}
    each = latex(Mul(*summed.values()))
    moved = (latex(count.reads), latex(count.weights), latex(count.outputs))
    return {
        "weights": f"{_sum(factor)} 1 = {latex(count.weights)}",
        "outputs": f"{_sum(domain)} 1 = {latex(count.outputs)}",
        "products": f"{_sum(domain)} {_sum(summed)} 1 = {latex(count.products)}",
        "additions": f"{_sum(domain)} ({each} - 1) = {latex(count.additions)}",
        "in_bounds": _on_the_image(count, domain | summed),
        "moved": rf"\nu\,({' + '.join(moved)})",
    }


def _sum(letters: dict[Symbol, Expr]) -> str:
    ranges = r",\, ".join(f"{latex(x)} < {latex(extent)}" for x, extent in letters.items())
    return rf"\sum_{{{ranges}}}" if ranges else ""


def _on_the_image(count: StageCount, letters: dict[Symbol, Expr]) -> str:
    """Products on the image: windows and taps are counted only where the pixel exists."""
    applied = count.stage.applied
    grid = {x for d in applied for x in (d.pixel, d.tap)}
    rest = _sum({x: extent for x, extent in letters.items() if x not in grid})
    pairs = r"\,".join(_pairs(count, d) for d in applied)
    return f"{rest} {pairs or '1'} = {latex(count.products_in_bounds)}".strip()


def _pairs(count: StageCount, direction: Direction) -> str:
    index = next(x for x in count.stage.source.indices if direction.pixel in x.free_symbols)
    free = ", ".join(str(x) for x in (direction.pixel, direction.tap) if x in count.domain)
    place = index_latex(BookPrinter(), index)
    return rf"\#\{{({free}) : 0 \le {place} < {latex(direction.input)}\}}"
