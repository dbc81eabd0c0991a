"""A reader of formulas as the terminal and JSON write them: Python's own grammar, never run."""

import ast
import re

from tests.readback.meaning import name, number, UnreadableError

BINARY = {ast.Mult: "times", ast.Div: "over", ast.Pow: "power", ast.Add: "add"}
SIGNS = {
    **{ast.Eq: "=", ast.NotEq: "≠", ast.LtE: "≤", ast.Lt: "<", ast.GtE: "≥", ast.Gt: ">"},
}
CALLS = {
    **{"floor": "floor", "ceiling": "ceiling", "Max": "maximum", "Min": "minimum"},
    **{"Mod": "modulo", "Gcd": "gcd", "Abs": "size", "sqrt": "root"},
}


def read(text):
    """The tree of a formula in Python's words."""
    return _read(ast.parse(text, mode="eval").body)


def guard(text):
    """The relations of a guard in words, such as "n odd, k_h = n"."""
    apart = re.split(r", (?![^()]*\))", text)
    return [_relation(part) for part in apart if text != "all sizes at least 1"]


def _relation(text):
    if text.endswith(" odd"):
        return ("relation", ("modulo", read(text.removesuffix(" odd")), number(2)), "=", number(1))
    return read(text.replace(" = ", " == "))


def _read(node):
    if isinstance(node, ast.Constant):
        return number(node.value)
    if isinstance(node, ast.Name):
        return name(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return ("negative", _read(node.operand))
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.Compare):
        parts = [_read(node.left)]
        for sign, side in zip(node.ops, node.comparators, strict=True):
            parts += [SIGNS[type(sign)], _read(side)]
        return ("relation", *parts)
    if isinstance(node, ast.Subscript):
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return ("tensor", name(node.value.id)[1], [*map(_read, indices)])
    if isinstance(node, ast.Call):
        return _call(node.func.id, node.args)
    raise UnreadableError(f"cannot read {ast.dump(node)}")


def _binary(node):
    left, right = _read(node.left), _read(node.right)
    if isinstance(node.op, ast.Sub):
        return ("add", left, ("negative", right))
    return (BINARY[type(node.op)], left, right)


def _call(function, arguments):
    if function == "Sum":
        body, *limits = arguments
        ranges = [
            (name(x.id)[1], _read(first), _read(last))
            for x, first, last in (t.elts for t in limits)
        ]
        return ("sum", ranges[::-1], _read(body))
    given = [*map(_read, arguments)]
    if function == "KroneckerDelta":
        return ("holds", ("relation", given[0], "=", given[1]))
    if function == "Within":
        return ("holds", ("relation", number(0), "≤", given[0], "<", given[1]))
    if function not in CALLS:
        raise UnreadableError(f"no function {function}")
    return (CALLS[function], *given)
