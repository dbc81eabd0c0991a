"""What the page "your own line" asks of Python: every answer is JSON, bad input a message.

It runs inside the browser, where there is Python, SymPy and this package and nothing else; no
module that it reaches may import anything else.
"""

import json
from collections.abc import Callable
from time import perf_counter

from derive.facts.own_line import own_line_facts
from derive.notation.errors import InputError
from derive.proof.library import THEOREMS
from derive.proof.run import Session, weakest
from derive.render.proof import step_facts
from derive.render.status import LOOKS
from derive.render.values import json_values


def defined(text: str) -> str:
    """The document of a line, or what is wrong with it.

    >>> json.loads(defined("A[j,i,u] B[j,v]"))["error"][:20]
    'no factor holds o, t'
    """
    try:
        return json.dumps(json_values(own_line_facts(text)))
    except InputError as error:
        return json.dumps({"error": str(error)})


def proved(name: str, tell: Callable[[str], object]) -> str:
    """A theorem proved by id: every sentence is reported as soon as it has run, then the verdict.

    The second prover is not asked, as it does not run in a page.

    >>> json.loads(proved("operation-count", lambda step: None))["status"]
    'proved'
    """
    try:
        theorem = THEOREMS[name]
    except InputError as error:
        return json.dumps({"error": str(error)})
    start = perf_counter()
    session = Session(second=False)
    steps = []
    for outcome in session.outcomes(theorem.proof()):
        steps.append(outcome)
        tell(json.dumps(json_values(step_facts(outcome))))
    status = weakest(steps)
    return json.dumps(
        {
            "id": theorem.name,
            "status": status.slug,
            "words": LOOKS[status].words,
            "seconds": round(perf_counter() - start, 3),
        }
    )
