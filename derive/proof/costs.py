"""What lines cost, as claims, and evidence for parameters and multiply-accumulates alike."""

from collections.abc import Callable, Mapping
from typing import Any

from derive.algebra.costs import Cost, macs, parameters
from derive.notation.family import Line
from derive.proof.claim import Claim, Said
from derive.proof.established import SameCondition
from derive.proof.result import Evidence


def less(cost: Cost, line: Line, than: Line) -> Claim:
    """The claim that a line costs less than another.

    >>> from derive.families import depthwise, pointwise
    >>> str(less(parameters, pointwise.family, depthwise.family))
    'C_in*C_out < C_in*M*k_h*k_w'
    """
    return Claim(cost(line), "<", cost(than))


def both(evidence: Callable[[Cost], Evidence]) -> dict[str, Evidence]:
    """Evidence for parameters and for MACs.

    >>> from derive.families import pointwise
    >>> from derive.proof.evidence import Positive
    >>> sorted(both(lambda cost: Positive(cost(pointwise.family))))
    ['MACs', 'parameters']
    """
    return {"parameters": evidence(parameters), "MACs": evidence(macs)}


def cheaper_when(
    line: Line, than: Line, given: Mapping[Any, Any], condition: Claim, words: Said | None = None
) -> dict[str, Evidence]:
    """Evidence that a line has fewer parameters, and fewer MACs, than another at some sizes exactly
    under a condition; ``words`` say so in the statement.

    >>> from derive.families import asymmetric, standard
    >>> from derive.notation.letters import C_in, C_out, H, H_out, k_h, k_w, m, n, W, W_out
    >>> alike = {k_h: n, k_w: n, C_in: m, C_out: m}
    >>> pair, whole = asymmetric.family, standard.family
    >>> cheaper_when(pair, whole, alike, Claim(n, ">", 2))["parameters"].holds
    True
    """
    return both(lambda cost: SameCondition(less(cost, line, than).given(given), condition, words))
