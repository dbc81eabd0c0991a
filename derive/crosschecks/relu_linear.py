"""Activation between the stages: cross-checks by grids of cases and questions for z3."""

from itertools import chain
from math import gcd

from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.theorems import relu_linear as theorem


def checks() -> Proof:
    yield "A second prover: the absolute value of a real number has a kink at zero."
    yield Confirmed(kink_at_zero)
    yield "As many absolute values of linear forms are independent as there are classes of proportional forms."
    yield Agree(
        lambda forms: rank(values(forms, range(-2, 3))),
        lambda forms: len({direction(form) for form in forms if any(form)}),
        CaseList("up to 3 forms in 2 variables over {-1, 0, 1}", lambda: some_forms(2, (-1, 0, 1))),
        CaseList(
            "up to 3 forms in 2 variables over -2..2 and in 3 over {-1, 0, 1}",
            lambda: chain(some_forms(2, range(-2, 3)), some_forms(3, (-1, 0, 1))),
        ),
    )
    yield "Literal loops: a pair with a leaky ReLU inside adds up on all pairs of small images exactly if its groups cancel."
    yield Agree(
        additive,
        cancels,
        CaseList(
            "2 column filters out of (1, 0), (-2, 0), (1, 1), weights -1, 0, 2",
            lambda: two_channels([(1, 0), (-2, 0), (1, 1)], (-1, 0, 2)),
        ),
        CaseList(
            "2 column filters of 2 taps over -1..2, weights -1..2",
            lambda: two_channels(product(range(-1, 3), repeat=2), range(-1, 3)),
        ),
    )
    yield Establishes(theorem.cancelling)
    yield r"In the same loops a single channel is linear exactly if its filter or its weight is 0, or \(b\) is."
    yield Decides(
        (theorem.nonzero,),
        lambda form: not additive((form,), (1,)),
        Grid(form=((0, 0), (1, 0), (0, -2))),
        measured=lambda form: {theorem.filters[j]: max(map(abs, form))},
    )
    yield Decides(
        (theorem.no_weight,),
        lambda weight: additive(((1, -1),), (weight,)),
        Grid(weight=(-1, 0, 2)),
        measured=lambda weight: {theorem.weights[o, j, v]: weight},
    )
    yield Decides(
        (theorem.kinked,),
        lambda a, b: not additive(((1, 0),), (1,), with_slopes(a, b)),
        Grid(a=(0, 1), b=(-1, 0, 2)),
    )
    yield Establishes(theorem.nonzero, theorem.no_weight, theorem.kinked, theorem.activation)
    yield "Every filter is a multiple of the least integer one in its direction."
    yield Holds(
        theorem.proportional,
        lambda form, tap: {
            theorem.filters[j]: form[tap],
            theorem.scale[j]: multiple(form),
            theorem.shape[theorem.G]: direction(form)[tap],
        },
        Grid(form=((0, 0), (1, 0), (0, -2), (-2, 4)), tap=(0, 1)),
    )
    yield Establishes(theorem.proportional)
    slopes = [Rational(n, 4) for n in range(5)]
    yield r"ReLU is 0 below 0 and \(t\) above, a leaky ReLU \(\epsilon t\) below: for these \(a\) and \(b\), and no others."
    yield Decides((theorem.half,), lambda **at: is_leaky(epsilon=0, **at), Grid(a=slopes, b=slopes))
    yield Decides(
        (theorem.leaky_a, theorem.leaky_b), is_leaky, Grid(a=slopes, b=slopes, epsilon=slopes[::2])
    )
    yield Establishes(theorem.half, theorem.leaky_a, theorem.leaky_b, theorem.activation)


def far_along(z3: Any) -> Queries:
    """alpha + beta t is not 0, unless alpha and beta both are, if t |beta| exceeds |alpha|."""
    alpha, beta, t = z3.Reals("alpha beta t")
    yield Query(
        assume={
            "not both zero": z3.Or(alpha != 0, beta != 0),
            "far along": z3.Implies(beta != 0, t * absolute(z3, beta) > absolute(z3, alpha)),
        },
        claim=alpha + beta * t != 0,
        dropped=["not both zero", "far along"],
    )


def smooth_away_from_zero(z3: Any) -> Queries:
    """|x + e| + |x - e| = 2|x| if |e| is at most |x|."""
    x, e = z3.Reals("x e")
    yield Query(
        assume={"e is small": absolute(z3, e) <= absolute(z3, x)},
        claim=absolute(z3, x + e) + absolute(z3, x - e) == 2 * absolute(z3, x),
        dropped=["e is small"],
    )


def kink_at_zero(z3: Any) -> Queries:
    """|x + e| + |x - e| exceeds 2|x| if x = 0 and e is not."""
    x, e = z3.Reals("x e")
    yield Query(
        assume={"at the kink": x == 0, "a step": e != 0},
        claim=absolute(z3, x + e) + absolute(z3, x - e) > 2 * absolute(z3, x),
        dropped=["at the kink", "a step"],
    )


def absolute(z3: Any, x: Any) -> Any:
    """The absolute value of x."""
    return z3.If(x >= 0, x, -x)


def with_slopes(one: int, other: int) -> Callable[[int], int]:
    """The activation with integers for a and b."""
    return lambda z: int(
        theorem.at(Integer(z)).xreplace({theorem.a: Integer(one), theorem.b: Integer(other)})
    )


def is_leaky(**case: Expr) -> bool:
    """Whether the activation with these a and b is t above 0 and epsilon t below."""
    known = {theorem.a: case["a"], theorem.b: case["b"]}
    made = {z: max(z, 0) + case["epsilon"] * min(z, 0) for z in range(-2, 3)}
    return all(
        theorem.activation.holds({**known, theorem.t: z, theorem.tau(theorem.t): made[z]})
        for z in made
    )


def leaky(t: int) -> int:
    """Twice a leaky ReLU of slope one half."""
    return theorem.relu(t) + t


def direction(form: theorem.Form) -> theorem.Form:
    """The least integer form that the given one is a multiple of, its first entry positive."""
    sign = 1 if next(filter(None, form), 0) > 0 else -1
    return tuple(sign * x // (gcd(*form) or 1) for x in form)


def multiple(form: theorem.Form) -> int:
    """What the form is of that one."""
    return next((x // y for x, y in zip(form, direction(form), strict=True) if y), 0)


def in_groups(A: theorem.Forms, B: Sequence[int]) -> Iterator[dict[Expr, int]]:
    """For every group of proportional column filters, which channels are in it, each with the
    multiple that it is and its weight."""
    places = {direction(form): place for place, form in enumerate(A) if any(form)}
    known: dict[Expr, int] = {m: len(A)}
    for place, (form, weight) in enumerate(zip(A, B, strict=True)):
        known[theorem.group[place]] = places.get(direction(form), -1)
        known |= {theorem.scale[place]: multiple(form), theorem.weights[o, place, v]: weight}
    yield from ({**known, theorem.G: place} for place in places.values())


def cancels(A: theorem.Forms, B: Sequence[int]) -> bool:
    """Whether all groups cancel."""
    return all(map(theorem.cancelling.holds, in_groups(A, B)))


def additive(
    A: theorem.Forms, B: Sequence[int], between: Callable[[int], int] | None = None
) -> bool:
    """Whether f(X + Y) = f(X) + f(Y) for all images X and Y of one column over -1, 0, 1."""
    rows, kink = tuple((weight,) for weight in B), between or leaky
    images = list(product(range(-2, 3), repeat=2))  # side by side: rows of one tap keep them apart
    f = dict(zip(images, theorem.run(A, rows, list(zip(*images, strict=True)), kink), strict=True))
    small = list(product((-1, 0, 1), repeat=2))
    return all(f[x + z, y + w] == f[x, y] + f[z, w] for (x, y), (z, w) in product(small, repeat=2))


def values(forms: theorem.Forms, numbers: Iterable[int]) -> list[list[int]]:
    """The absolute values of some forms, a row for every point with the given coordinates."""
    points = product(numbers, repeat=len(forms[0]))
    return [
        [abs(sum(x * y for x, y in zip(form, point, strict=True))) for form in forms]
        for point in points
    ]


def some_forms(variables: int, entries: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Up to three different forms."""
    forms = list(product(entries, repeat=variables))
    for count in (1, 2, 3):
        yield from ({"forms": chosen} for chosen in combinations(forms, count))


def two_channels(forms: Iterable[theorem.Form], weights: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Every choice of two column filters and their weights in the second stage."""
    pairs = product(list(forms), repeat=2), product(list(weights), repeat=2)
    yield from ({"A": A, "B": B} for A, B in product(*pairs))
