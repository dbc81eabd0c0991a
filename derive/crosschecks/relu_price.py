"""Price of a ReLU: cross-checks by grids of cases."""

from itertools import combinations_with_replacement, count

from sympy import diff

from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import relu_price as theorem


def checks() -> Proof:
    made: dict[Any, Any] = {name: expr for name, expr, _ in theorem.activations}
    yield r"ReLU is the activation with \(a = b = \tfrac12\) and with no other \(a\) and \(b\), SiLU is \(t\) times the slope of softplus."
    yield Equal(
        made["ReLU"].rewrite(Abs),
        theorem.activation.expr.xreplace(
            {theorem.a: theorem.half.expr, theorem.b: theorem.half.expr}
        ),
    )
    yield Equal(made["SiLU (swish)"], theorem.t * diff(made["softplus"], theorem.t))
    yield Decides(
        (theorem.half,), is_relu, Grid(a=(0, Rational(1, 2), 1), b=(0, Rational(1, 2), 1))
    )
    yield Establishes(theorem.half, theorem.activation, theorem.activations)
    slopes = range(-1, 2)
    yield r"One filter and its opposite reach a kernel other than 0 exactly if \(a \ne 0\), one filter alone, where \(a \ne 0\), exactly if \(b = 0\)."
    yield Decides(
        (theorem.straight,),
        lambda **at: theorem.reached(theorem.BOTH, kinky(**at)) == 1,
        Grid(a=slopes, b=slopes),
    )
    yield Decides(
        (theorem.kinked,),
        lambda **at: theorem.reached(theorem.ONE, kinky(**at)) == 0,
        Grid(a=(1, 2), b=slopes),
    )
    yield Establishes(theorem.straight, theorem.kinked, theorem.activation)
    yield "Of all choices of up to three column filters, those that are linear with a ReLU inside reach half their number as rank, rounded down, and no more; linear is asked of values at points."
    yield Holds(
        theorem.most,
        lambda A: {theorem.rho: theorem.reached(A, theorem.relu), theorem.channels: len(A)},
        CaseList("1 to 3 filters of 2 taps over {-1, 0, 1}", lambda: some_filters(3, (-1, 0, 1))),
        CaseList(
            "1 to 4 filters of 2 taps over {-1, 0, 1}, 1 to 3 over -2..2",
            lambda: (
                case
                for count, entries in ((4, (-1, 0, 1)), (3, range(-2, 3)))
                for case in some_filters(count, entries)
            ),
        ),
    )
    yield Establishes(theorem.most)
    yield "Among them, the largest rank of each number of filters, and the least number of filters for each rank."
    yield Holds(
        Claim(theorem.rho, "=", theorem.most.expr),
        lambda width: {theorem.rho: largest(width), theorem.channels: width},
        Grid(width=range(4)),
        Grid(width=range(5)),
    )
    yield Holds(
        Claim(theorem.channels, "=", theorem.enough.expr),
        lambda rho: {theorem.channels: next(width for width in count() if largest(width) >= rho)},
        Grid(rho=range(2)),
        Grid(rho=range(3)),
    )
    yield Establishes(theorem.most, theorem.enough)
    yield "Every one of them, doubled with both signs, reaches the rank it has without activation."
    yield Agree(
        lambda A: theorem.reached((*A, *(tuple(-x for x in row) for row in A)), theorem.relu),
        lambda A: rank(A),
        CaseList("1 to 2 filters of 2 taps over {-1, 0, 1}", lambda: some_filters(2, (-1, 0, 1))),
        CaseList("1 to 3 filters of 2 taps over -2..2", lambda: some_filters(3, range(-2, 3))),
    )


def is_relu(**slopes: Expr) -> bool:
    """Whether the activation with these a and b is ReLU at some points of either sign."""
    known = {theorem.a: slopes["a"], theorem.b: slopes["b"]}
    return all(
        theorem.activation.holds({**known, theorem.t: z, theorem.tau(theorem.t): max(z, 0)})
        for z in range(-2, 3)
    )


def kinky(**slopes: int) -> Callable[[int], int]:
    """The activation with integers for a and b."""
    made = theorem.function(
        theorem.activation.expr.xreplace(
            {theorem.a: Integer(slopes["a"]), theorem.b: Integer(slopes["b"])}
        )
    )
    return lambda z: int(made(Integer(z)))


def some_filters(count: int, entries: Sequence[int]) -> Iterator[Case]:
    """Up to a given number of column filters of two taps, in any order and with repetition."""
    filters = list(product(entries, repeat=2))
    for number in range(1, count + 1):
        yield from ({"A": A} for A in combinations_with_replacement(filters, number))


@cache
def largest(width: int) -> int:
    """The largest rank that a number of filters of two taps over -1, 0, 1 reach with a ReLU."""
    filters = list(product((-1, 0, 1), repeat=2))
    return max(
        theorem.reached(A, theorem.relu) for A in combinations_with_replacement(filters, width)
    )
