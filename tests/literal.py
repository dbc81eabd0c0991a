"""A SymPy expression as a program of loops: the built convolution evaluated as it stands."""

from itertools import product
from math import prod

from sympy import Add, Indexed, KroneckerDelta, Mul, Sum, Symbol


def program(expr, tensors):
    """A function from {letter: number} to the value; a tensor is zero where it has no entry."""
    if isinstance(expr, Symbol):
        return lambda letters: letters[expr]
    if not expr.args:
        assert expr.is_Integer, f"{expr} is no integer"
        return lambda letters: int(expr)
    if isinstance(expr, Sum):
        return looped(expr, tensors)
    if isinstance(expr, Indexed):
        entries, places = tensors[str(expr.base)], programs(expr.indices, tensors)
        return lambda letters: entries.get(tuple(place(letters) for place in places), 0)
    assert isinstance(expr, Add | Mul | KroneckerDelta), f"{expr} is no sum or product"
    parts = programs(expr.args, tensors)
    if isinstance(expr, KroneckerDelta):
        return lambda letters: int(parts[0](letters) == parts[1](letters))
    combine = sum if isinstance(expr, Add) else prod
    return lambda letters: combine(part(letters) for part in parts)


def programs(exprs, tensors):
    return [program(expr, tensors) for expr in exprs]


def looped(expr, tensors):
    body = program(expr.function, tensors)
    names = [name for name, _, _ in expr.limits]
    ranges = [range(int(low), int(high) + 1) for _, low, high in expr.limits]

    def total(letters):
        return sum(body(letters | dict(zip(names, at, strict=True))) for at in product(*ranges))

    return total
