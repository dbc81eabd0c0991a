"""Arrows of the design: a module imports what stands to its left, never what stands to its right.

notation -> algebra -> relations -> catalogue -> proof -> theorems -> crosschecks -> comparison ->
decide -> models -> facts -> code -> render -> api -> site -> cli; the leaves, families and
networks, know the notation only, readers also what they make; oracle and certificate know nothing
but the standard library.
"""

import ast
import sys
from pathlib import Path

import pytest

import derive

ROOT = Path(derive.__file__).parent
FLOW = (
    *("notation", "algebra", "relations", "catalogue", "proof", "theorems", "crosschecks"),
    *("comparison", "decide", "models", "facts"),
    *("code", "render", "api", "site", "cli", "__main__"),
)
ONLY_NOTATION = ("parse", "families", "kernels", "networks")  # the leaves
DOORS = {  # packages that read like mappings, and scripts: what they show is the public Python
    f"{folder}/{name}.py"
    for folder in ("families", "theorems")
    for name in ("__init__", "__main__")
}
ALLOWED = {"parse": ("notation", "algebra", "kernels")}  # a reader makes layers and kernels
ALONE = {
    "oracle": ("cli", "site", "theorems", "crosschecks"),
    "certificate": ("facts", "site", "cli"),
}  # and its users

MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def imported(source):
    """Every module of derive that a source imports anywhere, functions included, as paths."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (tuple(name.name.split(".")) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the arrow"
            base = tuple(node.module.split("."))
            names = [(*base, name.name) for name in node.names] if base == ("derive",) else [base]
            yield from names


def own(source):
    return [path[1:] for path in imported(source) if path[0] == "derive" and path[1:]]


def complaints(module, source):
    """Imports of the module (a path within derive) that point the wrong way."""
    part = module.parts[0].removesuffix(".py")
    if str(module) in DOORS:
        yield from (f"{module} imports {path[0]}" for path in own(source) if path[0] != "api")
        return
    for target in {path[0] for path in own(source)} - {part}:
        leaf = part in ONLY_NOTATION and module.name != "__init__.py"
        if target in ALONE and part not in ALONE[target]:
            yield f"{module} imports the oracle"
        elif leaf and target not in ALLOWED.get(part, ("notation",)):
            yield f"{module} imports {target}, not only the notation"
        elif part in FLOW[:2] and target not in FLOW[:2]:
            yield f"{module} imports {target}, which it has to do without"
        elif part in FLOW and target in FLOW and FLOW.index(target) > FLOW.index(part):
            yield f"{module} imports {target}, which stands to its right"
    if part in ALONE:
        foreign = {path for path in imported(source) if path[0] not in sys.stdlib_module_names}
        others = {path for path in foreign if path[:2] != ("derive", part)}
        yield from (f"{module} imports {'.'.join(path)}" for path in sorted(others))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_arrows_point_to_the_left(module):
    assert not list(complaints(module, (ROOT / module).read_text(encoding="utf-8")))


WRONG = {
    "notation/axis.py": "from derive.algebra.counting import Count",
    "notation/layer.py": "def f():\n    import derive.catalogue",
    "notation/family.py": "from derive import families",
    "algebra/counting.py": "from derive.render import table",
    "algebra/network.py": "from derive.parse.layer import read_layer",
    "families/cp.py": "from derive.algebra.counting import Count",
    "parse/layer.py": "from derive.catalogue import entry",
    "facts/comparison.py": "from derive.render.table import table",
    "render/latex.py": "import derive.site",
    "site/pages.py": "from derive.cli import main",
    "catalogue.py": "from derive import facts",
    "algebra/dimension.py": "from derive import oracle",
    "facts/layer.py": "from derive.oracle import convolve",
    "oracle/loops.py": "import sympy",
    "oracle/axis.py": "from derive.notation.axis import Axis",
    "oracle/layers.py": "import derive",
    "certificate.py": "from derive.algebra.kernel import Kernel",
    "algebra/matrix.py": "from derive.certificate import complaint",
    "parse/kernel.py": "from derive.decide.verdict import decide",
    "models/onnx.py": "from derive.facts.model import model_facts",
    "networks/vgg_16.py": "from derive.models.model import Model",
    "decide/verdict.py": "from derive.render.table import number",
    "proof/run.py": "from derive.theorems import pipeline",
    "theorems/cp.py": "from derive.render.latex import latex",
    "algebra/kernel.py": "from derive.proof.run import Session",
    "families/__init__.py": "from derive.catalogue import FAMILIES",
    "theorems/__init__.py": "from derive.site import generate",
    "facts/image.py": "from derive.code.plan import plan",
    "code/pytorch.py": "from derive.render.code import sympy_code",
    "render/table.py": "from derive.api.family import Family",
}


@pytest.mark.parametrize(("module", "source"), WRONG.items(), ids=WRONG)
def test_every_back_arrow_is_seen(module, source):
    assert list(complaints(Path(module.strip()), source))


def test_every_module_has_a_place_in_the_flow():
    parts = {module.parts[0].removesuffix(".py") for module in MODULES}
    assert parts <= {*FLOW, *ONLY_NOTATION, *ALONE, "__init__"}
    assert {"notation", "algebra", "families", "parse", "catalogue", "oracle"} <= parts
