"""The derivation of every count, stage by stage: what is run over, the sum, its closed form."""

from dataclasses import dataclass

from sympy import Expr, Integer, Mul, Sum, Symbol

from derive.algebra.counting import StageCount
from derive.notation.errors import CheckError
from derive.notation.formula import evaluate
from derive.notation.letters import Direction, nu
from derive.write.latex import BookPrinter, index_latex, latex, with_middles

SAMPLES = (2, 3)  # every symbol at 2, then at 3: where a step is carried out term by term


@dataclass(frozen=True)
class Step:
    """A sum and its closed form, which are found equal at sample sizes when the step is made.

    Raises CheckError if they are not.
    """

    sum: Expr
    closed: Expr
    latex: str

    def __post_init__(self) -> None:
        for sample in SAMPLES:
            values = {s: Integer(sample) for s in self.sum.free_symbols | self.closed.free_symbols}
            if evaluate(self.sum, values) != evaluate(self.closed, values):
                raise CheckError(f"{self.sum} is not {self.closed} at {values}")


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
    each = Mul(*summed.values())
    with_bias = count.additions + count.bias_additions
    steps = {
        "weights": _step([factor], Integer(1), count.weights),
        "outputs": _step([domain], Integer(1), count.outputs),
        "products": _step([domain, summed], Integer(1), count.products),
        "additions": _step([domain], each - 1, count.additions),
        "additions_with_bias": _step([domain], each, with_bias),
        "in_bounds": _on_the_image(count, domain | summed),
        "moved": _moved(count),
    }
    return {name: step.latex for name, step in steps.items()}


def _step(groups: list[dict[Symbol, Expr]], summand: Expr, closed: Expr) -> Step:
    """The summand added up over groups of letters."""
    letters = {x: extent for group in groups for x, extent in group.items()}
    text = latex(summand) if summand.is_Atom or summand.is_Mul else f"({latex(summand)})"
    sums = " ".join(map(_sum, groups))
    return Step(_summed(letters, summand), closed, f"{sums} {text} = {latex(closed)}")


def _summed(letters: dict[Symbol, Expr], summand: Expr) -> Expr:
    limits = ((x, Integer(0), extent - 1) for x, extent in letters.items())
    return Sum(summand, *limits) if letters else summand


def _sum(letters: dict[Symbol, Expr]) -> str:
    ranges = r",\, ".join(f"{latex(x)} < {latex(extent)}" for x, extent in letters.items())
    return rf"\sum_{{{ranges}}}" if ranges else ""


def _on_the_image(count: StageCount, letters: dict[Symbol, Expr]) -> Step:
    """Products on the image: windows and taps are counted only where the pixel exists."""
    applied = count.stage.applied
    grid = {x for d in applied for x in (d.pixel, d.tap)}
    rest = {x: extent for x, extent in letters.items() if x not in grid}
    pairs = Mul(*(d.pairs if d.tap in count.domain else d.centre for d in applied))
    sets = r"\,".join(_pairs(count, d) for d in applied) or "1"
    closed = count.products_in_bounds
    return Step(_summed(rest, pairs), closed, f"{_sum(rest)} {sets} = {latex(closed)}".strip())


def _pairs(count: StageCount, direction: Direction) -> str:
    index = next(x for x in count.stage.source.indices if direction.pixel in x.free_symbols)
    free = [str(x) for x in (direction.pixel, direction.tap) if x in count.domain]
    point = f"({', '.join(free)})" if len(free) > 1 else free[0]
    place = index_latex(BookPrinter(), with_middles(index))
    return rf"\#\{{{point} : 0 \le {place} < {latex(direction.input)}\}}"


def _moved(count: StageCount) -> Step:
    """Bytes moved: what the stage reads, its weights and what it writes, each once."""
    parts = (count.reads, count.weights, count.outputs)
    total = nu * sum(parts)
    return Step(total, total, rf"\nu\,({' + '.join(map(latex, parts))})")
