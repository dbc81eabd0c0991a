"""The size that an error or a cost chooses: the smallest within the one, the largest within the
other."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from derive.decide.cuts import Cuts
from derive.decide.form import form
from derive.decide.nearest import Approximation, nearest, NoBest
from derive.decide.spectrum import Known
from derive.facts.curve import Curve, curve, Path
from derive.facts.design import Guarantee
from derive.facts.question import Question
from derive.facts.sizes import size_list
from derive.notation.errors import InputError
from derive.parse.budget import Budget, Cost, SHARE, WORDS

COUNTS = ("parameters", "macs")  # of a setting, in the order of Path.cost


def chosen_size(question: Question, budget: Budget, known: Known | None = None) -> Question:
    """The question at the size that a budget chooses, which asks for the nearest factors there; as
    it is without one."""
    if budget.error is not None:
        return replace(within_error(question, float(budget.error), known), near=True)
    if budget.cost is not None:
        return replace(within_cost(question, budget.cost), near=True)
    return question


def within_cost(question: Question, cost: Cost) -> Question:
    """The question at the largest size that costs no more.

    Raises InputError if the smallest costs more, or if all sizes are given.
    """
    path = _open(question, "--cost")
    number, limit = _limit(cost, path)
    place = _first(len(path), lambda n: path.cost(path[n])[number] > limit)
    if not place:
        least = path.cost(path[0])[number]
        raise InputError(
            f"no size of {question.entry.name} has at most {cost.words}: the smallest,"
            f" {_setting(path, 0)}, has {least:,} {WORDS[COUNTS[number]]}"
        )
    return _at(question, path, place - 1)


def within_error(question: Question, error: float, known: Known | None = None) -> Question:
    """The question at the smallest size whose nearest factors are within a relative error.

    By the curve where it is that of the least errors; else by factors, found size by size in a
    bisection: those of the size before are not within it.

    Raises InputError if none is within it, or if all sizes are given.
    """
    path = _open(question, "--error")
    found = curve(question, known)
    reached = _reached(question, path, found, known)
    place = _first(len(path), lambda n: reached(n) <= error)
    if place == len(path):
        raise InputError(
            f"no size of {question.entry.name} is within a relative error of {error:g}: at"
            f" {_setting(path, place - 1)} it is {reached(place - 1):.2g}"
        )
    return _at(question, path, place)


def _reached(
    question: Question, path: Path, found: Curve | None, known: Known | None
) -> Callable[[int], float]:
    """The error of the factors at every place of a path."""
    if found and found.guarantee is Guarantee.LEAST:
        return found.errors.__getitem__
    errors: dict[int, float] = {}

    def fitted(place: int) -> float:
        if place not in errors:
            errors[place] = relative_error(_at(question, path, place))
        return errors[place]

    return fitted


def relative_error(question: Question) -> float:
    """The relative error of the nearest factors that are found at the sizes of a question.

    Raises InputError if no way is known to find them.
    """
    near = fitted(question)
    if isinstance(near, NoBest):
        raise InputError(f"{question.entry.name}: {near.reason}, so no size can be chosen by it")
    total = question.norm
    return near.difference.norm / total if total else 0.0


def fitted(question: Question) -> Approximation | NoBest:
    """The nearest factors in the format in which they are stored."""
    cuts = Cuts(form(question.entry.family, question.kernel, question.values))
    near = nearest(cuts)
    return near.stored(question.precision) if isinstance(near, Approximation) else near


def _limit(cost: Cost, path: Path) -> tuple[int, Fraction]:
    """Which of the counts of a path a cost bounds, and by how much."""
    if cost.unit == SHARE:
        return COUNTS.index("macs"), cost.amount * path.standard[1]
    return COUNTS.index(cost.unit), cost.amount


def _open(question: Question, option: str) -> Path:
    path = Path.of(question)
    if not path.free:
        raise InputError(
            f"{option} chooses a size, and {question.entry.name} has none left to choose"
        )
    return path


def _first(count: int, reached: Callable[[int], bool]) -> int:
    """A place that is reached while the one before is not, by bisection; the count if none is."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at(question: Question, path: Path, place: int) -> Question:
    return replace(question, sizes=tuple(path[place].items()))


def _setting(path: Path, place: int) -> str:
    return size_list(path[place])
