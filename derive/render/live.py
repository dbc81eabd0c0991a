"""What the labs ask of Python in the page: every answer is JSON, bad input a message.

It runs inside the browser, where there is Python, SymPy and this package and nothing else; no
module that it reaches may import anything else.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from time import perf_counter

from derive.catalogue import FAMILIES, own_line
from derive.code.printers import code, TITLES
from derive.code.text import Weights
from derive.comparison import attempts, Choices, Row
from derive.facts.block import block_facts
from derive.facts.image import image, Json
from derive.facts.model import model_facts
from derive.facts.own_factors import Numbers, OwnFactors
from derive.facts.own_line import LAYERS, own_line_facts
from derive.models.network import network_model
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.layer import read_fields
from derive.parse.line import read_line
from derive.proof.library import THEOREMS
from derive.proof.run import Session, weakest
from derive.render.diagram import pipelines
from derive.render.factor_notebook import factor_notebook
from derive.render.highlight import pieces
from derive.render.model_page import model_page
from derive.render.model_text import model_text
from derive.render.proof import step_facts
from derive.render.status import LOOKS
from derive.render.values import json_values

LIST = "layers.txt"  # what a list of layers is called, in the page and in the command
FILES = {"factors": "Numbers (JSON)", "notebook": "Notebook"}  # of a kernel, next to its code


def defined(text: str, fields: str = "") -> str:
    """The document of a line on the layer whose fields are given as JSON, or what is wrong with it;
    on a layer of its own, if none is given or it does not fit that one.

    >>> json.loads(defined("A[j,i,u] B[j,v]"))["error"][:20]
    'no factor holds o, t'
    >>> layer = '{"image": "56", "in": "64", "out": "64"}'
    >>> json.loads(defined("A[j,i,u] B[o,j,v]", layer))["example"]["line"]["break_even"]
    {'size': 'm', 'at_most': 95}
    >>> json.loads(defined("D[i,u,v]", layer.replace("64", "32", 1)))["misfit"]
    'the line does not fit this layer: it makes 32 output channels, the layer has 64'
    """
    try:
        layer, misfit = read_fields(json.loads(fields)) if fields else None, ""
        try:
            facts = own_line_facts(text, layer=layer)
        except InputError as error:
            if layer is None:
                raise
            facts, layer, misfit = own_line_facts(text), None, str(error)
        document, row = json_values(facts), _row(text, layer)
        assert isinstance(document, dict)
        pictures = pipelines(row) if row else []
        more = {"code": _code(row) if row else {}, "pictures": pictures, "misfit": misfit}
        return json.dumps({**document, **more})
    except InputError as error:
        return json.dumps({"error": str(error)})


def _row(text: str, layer: Layer | None) -> Row | None:
    """A line on a layer, or on the first of a few that it fits."""
    entry = own_line(read_line(text))
    layers = [layer] if layer else [read() for read in LAYERS]
    tried = (one for layer in layers for one in attempts(entry, layer, Choices()))
    return next((one for one in tried if isinstance(one, Row)), None)


def _code(row: Row) -> dict[str, str]:
    """The code of a line in every framework; where a framework does not have it, what is said of
    that."""
    found = {}
    for framework, title in TITLES.items():
        try:
            found[title] = code(row, framework)
        except InputError as error:
            found[title] = f"# {error}"
    return found


def scored(text: str, fields: str, sizes: str, measure: str, most: str) -> str:
    """A line as a block within a budget on the layer whose fields are given as JSON, or what is
    wrong with it.

    ``sizes`` are those of the line that are chosen, as JSON, and ``most`` the budget in digits.

    >>> found = json.loads(scored("A[j,i,u] B[o,j,v]", "{}", "{}", "macs", "1769472"))
    >>> found["line"]["degrees_of_freedom"], found["largest"]
    (90, {'size': 'm', 'at_most': 3})
    >>> json.loads(scored("D[i,u,v]", "{}", "{}", "macs", "1"))["error"]
    'the line does not fit this layer: it makes 3 output channels, the layer has 8'
    """
    try:
        layer = read_fields(json.loads(fields))
        facts = block_facts(text, layer, json.loads(sizes), measure, int(most))
    except InputError as error:
        return json.dumps({"error": str(error)})
    return json.dumps(json_values(facts))


def counted(text: str) -> str:
    """A list of layers in numbers: a part of the page, and files to take away; or what is wrong
    with the list.

    >>> json.loads(counted("image 3x8x8\\n3x3"))["error"]
    'line 2: the number of output channels is missing'
    >>> list(json.loads(counted("image 3x8x8\\n3x3 4"))["files"])
    ['csv', 'json', 'markdown']
    """
    try:
        facts = model_facts(network_model(LIST, text))
    except InputError as error:
        return json.dumps({"error": str(error)})
    document = json.dumps(json_values(facts), ensure_ascii=False, indent=2)
    files = {form: model_text(facts, form) for form in ("csv", "markdown")}
    files = {"csv": files["csv"], "json": document, "markdown": files["markdown"]}
    return json.dumps({"html": model_page(facts), "files": files})


def coded(family: str, setting: str, fields: str) -> str:
    """The code of a family on a layer in every framework, or why a framework has none.

    ``setting`` are the family's own sizes and ``fields`` the words of the layer, both as JSON.

    >>> found = json.loads(coded("asymmetric", '{"m": 3}', '{"in": "3", "out": "8"}'))
    >>> found["code"]["keras"]["file"], "error" in found["code"]["keras"]
    ('asymmetric_keras.py', False)
    """
    try:
        layer = read_fields(json.loads(fields))
        own = json.loads(setting)
        ranks = {name: size for name, size in own.items() if name not in ("m", "M")}
        widths, copies = ((own[x],) if x in own else () for x in ("m", "M"))
        choices = Choices(widths, copies, (ranks,))
    except InputError as error:
        return json.dumps({"error": str(error)})
    row = next(attempts(FAMILIES[family], layer, choices))
    if isinstance(row, str):
        return json.dumps({"error": f"{family} {row}"})
    return json.dumps({"code": _files(row)})


def factored(name: str, source: str, factors: str) -> str:
    """Columns and rows of a kernel of one channel, contracted back: their error, and code that
    holds them, their JSON and a notebook that asks again about the kernel of ``source``.

    ``factors`` is JSON: ``kernel``, ``columns`` and ``rows``, of exact numbers as texts, the last
    two also of floats.

    >>> given = {"kernel": [["1", "2"], ["2", "4"]], "columns": [["1", "2"]], "rows": [["1", "2"]]}
    >>> json.loads(factored("", "1 2; 2 4", json.dumps(given)))["relative_error"]
    0.0
    """
    given = json.loads(factors)
    kernel = [[Fraction(x) for x in row] for row in given["kernel"]]
    columns, rows = ([_numbers(one) for one in given[part]] for part in ("columns", "rows"))
    found = OwnFactors(name, kernel, columns, rows)
    files = {
        "factors": ("factors.json", f"{json.dumps(image(found.facts), indent=2)}\n"),
        "notebook": ("factors.ipynb", factor_notebook(found, found.einsum, source, {})),
    }
    code = _files(found.row, found.arrays)
    code |= {kind: {"file": file, "text": text} for kind, (file, text) in files.items()}
    return json.dumps({"relative_error": found.relative_error, "code": code})


def _numbers(vector: list[str | float]) -> Numbers:
    """Numbers that are exact if they are texts, else floats."""
    texts = [x for x in vector if isinstance(x, str)]
    return list(map(Fraction, texts)) if texts else list(map(float, vector))


def _files(row: Row, weights: Weights | None = None) -> dict[str, dict[str, Json]]:
    """For every framework a file with its name, or why there is none."""
    found: dict[str, dict[str, Json]] = {}
    for framework in TITLES:
        try:
            file = f"{row.entry.name.replace('-', '_')}_{framework}.py"
            text = code(row, framework, weights)
            found[framework] = {
                "file": file,
                "text": text,
                "pieces": [[*one] for one in pieces(text)],
            }
        except InputError as error:
            found[framework] = {"error": str(error)}
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
