"""What the page "your own line" asks of Python: every answer is JSON, bad input a message.

It runs inside the browser, where there is Python, SymPy and this package and nothing else; no
module that it reaches may import anything else.
"""

import json
from collections.abc import Callable
from time import perf_counter

from derive.catalogue import own_line
from derive.code.printers import code, TITLES
from derive.comparison import attempts, Choices, Row
from derive.facts.own_line import LAYERS, own_line_facts
from derive.notation.errors import InputError
from derive.parse.line import read_line
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
        document = json_values(own_line_facts(text))
        assert isinstance(document, dict)
        return json.dumps({**document, "code": _code(text)})
    except InputError as error:
        return json.dumps({"error": str(error)})


def _code(text: str) -> dict[str, str]:
    """The code of a line in every framework, on the first of a few layers that it fits; where a
    framework does not have it, what is said of that."""
    entry = own_line(read_line(text))
    tried = (one for read in LAYERS for one in attempts(entry, read(), Choices()))
    row = next((one for one in tried if isinstance(one, Row)), None)
    if row is None:
        return {}
    found = {}
    for framework, title in TITLES.items():
        try:
            found[title] = code(row, framework)
        except InputError as error:
            found[title] = f"# {error}"
    return found


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
