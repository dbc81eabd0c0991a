"""The calculator in node: formulas as JavaScript against SymPy, layers against the facts."""

import json
import random
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
from sympy import (
    Basic,
    ceiling,
    Eq,
    floor,
    Function,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Max,
    Min,
    Mod,
    pi,
    sqrt,
    Sum,
    Symbol,
)

from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts import compare
from derive.notation.axis import Axis
from derive.notation.errors import CheckError, InputError
from derive.notation.formula import evaluate
from derive.notation.letters import C_in, H, k_h, m, n, u
from derive.parse.choices import read_numbers, read_ranks
from derive.parse.layer import read_fields
from derive.render.comparison import comparison_text
from derive.render.javascript import function, javascript
from derive.render.values import json_values
from derive.site import formulas, grammar
from tests.readback.check import check_javascript
from tests.tools import program

SCRIPTS = Path(__file__).parents[2] / "docs" / "assets" / "js"
ENGINE = (
    "engine.js",
    "numbers.js",
    "read-layer.js",
    "text.js",
    "my-layer.js",
    "embed.js",
    "lab/exports.js",
)
SAMPLES = {
    2: 200,
    1: 20,
    3: 24,
}  # by number of axes; tests/browser/test_calculator.py asks for them
PARTS = list(product(formulas.ON, formulas.KINDS))
BEYOND = {"base", "indices", "taps", "summed", "terms", "per", "reads", "writes"}
BEYOND |= {"spreads", "label", "kernel", "bonds", "single"}

RUN = """
import { coming, compare } from "./engine.js";
import { understood } from "./read-layer.js";
import { readFileSync } from "node:fs";
const exact = (_, value) => (typeof value === "bigint" ? { big: String(value) } : value);
const answers = [];
for (const words of JSON.parse(readFileSync(0, "utf-8"))) {
  const { layer, choices, errors } = understood(words);
  if (layer) await coming(layer);
  answers.push(errors ? { errors } : compare(layer, choices));
}
process.stdout.write(JSON.stringify(answers, exact));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The engine with the generated module next to it, as on the site."""
    folder = tmp_path_factory.mktemp("js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "formulas.js").write_text(formulas.module(), "utf-8")
    for axes, kind in PARTS:
        (folder / f"formulas-{kind}-{axes}.js").write_text(formulas.part(axes, kind), "utf-8")
    (folder / "grammar.js").write_text(grammar.module(), "utf-8")
    (folder / "lab").mkdir()
    for name in ENGINE:
        shutil.copy(SCRIPTS / name, folder / name)
    return folder


def node(folder, script, given):
    (folder / "run.js").write_text(script, "utf-8")
    run = subprocess.run(
        [*program("node"), "run.js"],
        cwd=folder,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return numbers(run.stdout)


def numbers(answers):
    """What a script has answered, with its whole numbers."""
    return json.loads(answers, object_hook=lambda one: int(one["big"]) if "big" in one else one)


def sample(axes):
    """The words of random layers, the same ones each time."""
    rng = random.Random(axes)
    return [words(rng, axes) for _ in range(SAMPLES[axes])]


def words(rng, axes=2):
    """The words of a form for some layer, odd ones on purpose; it may well not fit."""

    def sizes(most, least=1):
        numbers = [str(rng.randint(least, most)) for _ in range(axes)]
        return "x".join(numbers) if rng.random() < 0.7 else numbers[0]

    groups = rng.choice([1, 1, 2, 3])
    margins = "x".join(f"{rng.randint(0, 4)}:{rng.randint(0, 4)}" for _ in range(axes))
    scale = rng.choice([1, 1, 1, 50])
    transposed = rng.random() < 0.25
    return {
        "axes": str(axes),
        "image": "x".join(str(rng.randint(1, 12 * scale)) for _ in range(axes)),
        "in": str(groups * rng.choice([1, 2, 3, 5, 64])),
        "out": str(groups * rng.choice([1, 2, 4, 7, 128])),
        "kernel": sizes(rng.choice([1, 3, 5, 9])),
        "stride": sizes(3),
        "dilation": sizes(3),
        "padding": rng.choice(["same", "valid", "1", sizes(3, 0), margins, margins]),
        "groups": str(groups),
        "bias": rng.choice(["yes", "no", "last", "ALL"]),
        "middle": rng.choice(["", "1", "2, 3", "6 12", "64"]),
        "multiplier": rng.choice(["", "1", "2", "2,3"]),
        "rank": rng.choice(["", "1", "2", "4, 9", "P=2,Q=3", "R=2; 5"]),
        "bytes": rng.choice(["4", "2"]),
        "transposed": "yes" if transposed else "no",
        "output_padding": rng.choice(["0", "0", "1"]) if transposed else "0",
    }


def compared(fields):
    """What Python says, or None for a layer that it refuses."""
    try:
        layer = read_fields(fields)
    except InputError:
        return None
    widths, copies = (read_numbers(name, fields[name]) for name in ("middle", "multiplier"))
    choices = Choices(widths, copies, read_ranks(fields["rank"]))
    return compare(layer, choices)


def expected(fields):
    """The same as JSON."""
    return json_values(compared(fields))


def shared(value):
    """The part of a row that the command line has too."""
    if isinstance(value, dict):
        return {name: shared(one) for name, one in value.items() if name not in BEYOND}
    return [shared(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("axes", SAMPLES)
def test_random_layers_give_the_rows_of_compare(folder, axes):
    asked = sample(axes)
    answers = node(folder, RUN, asked)
    fitting, met = 0, set()
    for fields, answer in zip(asked, answers, strict=True):
        facts = expected(fields)
        assert ("errors" in answer) == (facts is None), fields
        if facts is None:
            continue
        fitting += 1
        answer["layer"].pop("values")
        assert answer["layer"] == facts["layer"], fields
        assert answer["omitted"] == facts["omitted"], fields
        assert len(answer["families"]) == len(facts["families"])
        for mine, row in zip(answer["families"], facts["families"], strict=True):
            assert shared(mine) == row, fields
            met.add(row["name"])
    assert fitting > len(asked) / 2
    if axes == 2:
        assert met >= FAMILIES.keys() - {"r2plus1d"}


EXPORTS = """
import { coming, compare } from "./engine.js";
import { toCsv, toLatex, toMarkdown } from "./lab/exports.js";
import { understood } from "./read-layer.js";
import { layerWords } from "./text.js";
import { readFileSync } from "node:fs";
const answers = [];
for (const asked of JSON.parse(readFileSync(0, "utf-8"))) {
  const { layer, choices } = understood(asked);
  await coming(layer);
  const result = compare(layer, choices), words = layerWords(layer);
  answers.push([toCsv(result), toLatex(result, words), toMarkdown(result)]);
}
process.stdout.write(JSON.stringify(answers));
"""


def test_exports_of_the_page_are_those_of_python(folder):
    rng = random.Random(3)
    asked = [words(rng, axes) for axes in (1, 2, 2, 2, 3) for _ in range(3)]
    good = [(fields, facts) for fields in asked if (facts := compared(fields))]
    texts = node(folder, EXPORTS, [fields for fields, _ in good])
    for (fields, facts), found in zip(good, texts, strict=True):
        forms = ("csv", "latex", "markdown")
        assert found == [f"{comparison_text(facts, form)}\n" for form in forms], fields
    assert len(good) > 5


ALONE = """
import { coming, compare } from "./engine.js";
import { understood } from "./read-layer.js";
import { readFileSync } from "node:fs";
const plain = (_, one) => (typeof one === "bigint" ? String(one) : one);
const text = (value) => JSON.stringify(value, plain);
const { asked, names } = JSON.parse(readFileSync(0, "utf-8")), answers = [];
for (const words of asked) {
  const { layer, choices } = understood(words);
  await coming(layer);
  const { families, omitted } = compare(layer, choices);
  for (const family of names) {
    const own = ({ name }) => name === family;
    const among = { layer, families: families.filter(own), omitted: omitted.filter(own) };
    answers.push(text(compare(layer, choices, family)) === text(among));
  }
}
process.stdout.write(JSON.stringify(answers));
"""


def test_a_family_alone_is_as_among_the_others(folder):
    rng = random.Random(4)
    asked = [words(rng, axes) for axes in (1, 2, 2, 2, 3) for _ in range(3)]
    good = [fields for fields in asked if compared(fields)]
    assert len(good) > 5
    answers = node(folder, ALONE, {"asked": good, "names": [*FAMILIES]})
    assert answers == [True] * (len(good) * len(FAMILIES))


def test_numbers_beyond_double_precision_are_exact(folder):
    fields = {"image": "1000000000x999999937", "in": "999999999", "out": "1000000000", "rank": "3"}
    fields |= {"kernel": "7", "groups": "3", "padding": "same", "bias": "yes", "bytes": "8"}
    whole = {**words(random.Random(1)), **fields, "middle": "999", "dilation": "2", "stride": "1"}
    whole |= {"out": "999999999", "multiplier": "1"}
    (answer,) = node(folder, RUN, [whole])
    rows = zip(answer["families"], expected(whole)["families"], strict=True)
    assert all(shared(mine) == row for mine, row in rows)
    assert max(row["flops"] for row in answer["families"]) > 2**100


AXIS = Axis(H, k_h, n, m)
TRICKY = [
    AXIS.output,
    AXIS.slack,
    (H - n) * (H + n) * H / 2 - n**2 * H / 2 - H**3 / 2,
    -((H - n) ** 2) - (m - H) * -k_h,
    n - (H - (m - k_h)),
    floor(H / n) - ceiling(k_h / m),
    Min(H, n) * Max(k_h, m),
    Mod(H, n),
    Sum(u * H - (n - u), (u, 2, k_h)) * -m,
    Sum(H * u + C_in, (C_in, 0, n), (u, 0, m)),
]
RELATIONS = [Eq(Mod(n, 2), 1), Ge(H, n), Gt(H, n), Le(H - m, n), Lt(H, n * m)]


def shown():
    """Every formula and relation of the modules, once."""
    parts = [formulas.families(axes, kind) for axes, kind in PARTS]
    return dict.fromkeys(objects_of([*parts, formulas.shared()]))


def objects_of(data):
    if isinstance(data, Basic):
        return [data]
    parts = (
        data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    )
    return [found for part in parts for found in objects_of(part)]


def test_every_formula_of_the_module_reads_back_as_itself(folder):
    modules = [file.read_text("utf-8") for file in folder.glob("formulas*.js")]
    constants = re.findall(r"^const f\d+ = (s =>.*);$", "".join(modules), re.MULTILINE)
    assert len(constants) > 100
    assert set(constants) <= check_scripts([*shown(), *TRICKY, *RELATIONS])


def check_scripts(objects):
    """Every object is read back from its script; the scripts."""
    scripts = [function(one) for one in objects]
    for script, one in zip(scripts, objects, strict=True):
        check_javascript(one, script)
    return set(scripts)


def test_formulas_as_javascript_take_the_values_of_sympy(folder):
    rng = random.Random(7)
    script = f"""
import {{ ceilDiv, exact, floorDiv, max, min, mod, sum }} from "./numbers.js";
import {{ readFileSync }} from "node:fs";
const big = (_, value) => (typeof value === "bigint" ? {{ big: String(value) }} : value);
const all = [{", ".join(f"(s) => {javascript(expr, 's')}" for expr in TRICKY)}];
const asked = JSON.parse(readFileSync(0, "utf-8"));
const at = (s) => Object.fromEntries(Object.entries(s).map(([name, n]) => [name, BigInt(n)]));
process.stdout.write(JSON.stringify(asked.map((s) => all.map((f) => f(at(s)))), big));
"""
    symbols = (H, k_h, n, m)
    points = [{s: rng.randint(1, 9) for s in symbols} for _ in range(50)]
    answers = node(folder, script, [{s.name: x for s, x in at.items()} for at in points])
    for at, found in zip(points, answers, strict=True):
        numbers = {s: Integer(x) for s, x in at.items()}
        assert found == [int(evaluate(expr, numbers)) for expr in TRICKY]


@pytest.mark.parametrize(
    "expr", [sqrt(H), H**n, pi * H, H + 0.5, Function("f")(H), Symbol("x") + 1]
)
def test_what_has_no_exact_form_is_refused(expr):
    with pytest.raises(CheckError, match="no exact JavaScript"):
        javascript(expr)
