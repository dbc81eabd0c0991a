"""Products and roots left as they are written, where SymPy would multiply out or pull apart."""

from sympy import Expr, Mul, Pow, Rational


def product_as_written(*factors: Expr) -> Expr:
    """A product with its factors as they are.

    >>> from sympy import Rational
    >>> from derive.notation.letters import n
    >>> product_as_written(1 + n, Rational(1, 2)), (1 + n) * Rational(1, 2)
    ((n + 1)*(1/2), n/2 + 1/2)
    """
    return Mul(*factors, evaluate=False)


def square_root(under: Expr, *times: Expr) -> Expr:
    """A square root with all that is under it together, times others.

    >>> from sympy import sqrt
    >>> from derive.notation.letters import k_h, k_w
    >>> square_root(k_h * k_w), sqrt(k_h * k_w)
    (sqrt(k_h*k_w), sqrt(k_h)*sqrt(k_w))
    """
    return product_as_written(Pow(under, Rational(1, 2), evaluate=False), *times)
