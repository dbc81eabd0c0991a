"""The public Python: its names, what importing it costs, and what it says to wrong input."""

import doctest
import inspect
import json
import pickle
import pydoc
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from sympy import IndexedBase, Integer, simplify, Symbol, sympify

import derive
from derive.api.comparison import Comparison, Design
from derive.api.count import Counted
from derive.api.factorization import Factorization
from derive.api.formula import Formula
from derive.api.layer import Layer
from derive.api.proof import Proof, Theorem
from derive.catalogue import FAMILIES, own
from derive.comparison import Choices
from derive.facts import compare
from derive.notation import letters
from derive.notation.letters import i, j, o, u, v
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS

NAMES = {
    *("Family", "InputError", "__version__", "compare", "count", "define", "factor", "families"),
    *("layer", "prove", "relate", "theorems"),
}
ASYMMETRIC = derive.families["asymmetric"]
LAYER = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)


def fresh(code):
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_dir_lists_exactly_the_public_names():
    assert set(dir(derive)) == set(derive.__all__) == NAMES
    assert set(fresh("from derive import *; print(*dir())")) >= NAMES
    code = "import derive.cli, derive.api.proof, derive.families; print(*dir(derive))"
    assert set(fresh(code)) == NAMES


def test_importing_loads_nothing():
    heavy = "import sys; before = set(sys.modules); import derive"
    loaded = fresh(f"{heavy}; print(*set(sys.modules) - before)")
    others = {name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names}
    assert others == {"derive"}


def test_the_public_python_needs_no_optional_package():
    optional = "('z3', 'mkdocs', 'jinja2', 'torch', 'safetensors', 'PIL')"
    names = "[getattr(derive, name) for name in dir(derive)]; derive.families['cp']"
    code = f"import sys, derive; {names}; print(*(x for x in {optional} if x in sys.modules))"
    assert fresh(code) == []


def test_a_name_that_is_not_public_is_refused_in_one_line():
    with pytest.raises(AttributeError, match="module 'derive' has no attribute 'nonsense'"):
        _ = derive.nonsense


CLASSES = (
    *(derive.Family, Formula, Layer, Design, Comparison, Counted, Factorization),
    *(Theorem, Proof),
    *(derive.compare, derive.count, derive.define, derive.factor, derive.layer, derive.prove),
)


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__qualname__)
def test_docstrings_stand_alone(one):
    own = [value for name, value in vars(one).items() if not name.startswith("_")]
    members = [x for x in own if inspect.isfunction(x) or isinstance(x, property)]
    for each in [one, *members]:
        first = inspect.getdoc(each).partition("\n")[0]
        assert first.endswith((".", ";", ",")) or len(first) > 80
        assert first.partition(" ")[0] not in ("That", "Those")
        assert " the same " not in first


@pytest.mark.parametrize(
    "name", ["Family", "compare", "define", "factor", "layer", "prove", "families", "theorems"]
)
def test_help_describes_it_with_an_example(name):
    one = getattr(derive, name)
    text = pydoc.render_doc(one, renderer=pydoc.plaintext)
    assert inspect.getdoc(one).splitlines()[0] in text
    assert doctest.DocTestParser().get_examples(one.__doc__)


def test_help_of_family_describes_the_class():
    text = pydoc.render_doc(derive.Family, renderer=pydoc.plaintext)
    assert text.startswith("Python Library Documentation: class Family in module derive.api.family")
    assert "one line of factors, and everything derived from it" in text
    assert isinstance(ASYMMETRIC, derive.Family)


def test_sizes_are_keywords():
    assert ASYMMETRIC.parameters(C_in=3, C_out=8, n=3, m=3) == 99
    assert ASYMMETRIC.parameters(C_in=3, C_out=8, k_h=3, k_w=5, m=2) == 2 * (3 * 3 + 8 * 5)
    assert ASYMMETRIC.parameters(C_in=np.int64(3), C_out=8, n=3, m=Integer(3)) == 99
    assert type(ASYMMETRIC.parameters(C_in=3, C_out=8, n=3, m=3)) is int


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"C_in": 3, "C_out": 8, "n": 3}, "parameters needs m (width: middle channels); it takes"),
        ({"C_in": 3, "C_out": 8, "n": 3, "M": 3}, "parameters has no size M; it takes"),
        (
            {},
            "parameters needs C_in (input channels), C_out (output channels), k_h (kernel",
        ),
        ({"C_in": 3, "C_out": 8, "n": 3, "k_w": 3, "m": 3}, "n is k_h = k_w: leave out n or k_w"),
        ({"C_in": True, "C_out": 8, "n": 3, "m": 3}, "C_in must be an integer of at least 1, not"),
        ({"C_in": "3", "C_out": 8, "n": 3, "m": 3}, "C_in must be an integer of at least 1, not"),
    ],
)
def test_a_wrong_size_is_one_line_that_lists_the_sizes(sizes, words):
    with pytest.raises(derive.InputError) as caught:
        ASYMMETRIC.parameters(**sizes)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    if "it takes" in words:
        assert "it takes C_in, C_out, k_h, k_w (or n for a square kernel), m" in str(caught.value)


@pytest.mark.parametrize("entry", FAMILIES.values(), ids=FAMILIES)
def test_every_formula_called_is_the_formula_evaluated(entry):
    for name, formula in derive.families[entry.name].formulas.items():
        sizes = {x: 3 + n for n, x in enumerate(formula.sizes)}
        odd = {x: 5 for x in sizes if x.startswith("k_")}
        values = {x: (sizes | odd)[x.name] for x in entry.formulas[name].symbols}
        if entry.formulas[name].holds(values):
            assert formula(**sizes | odd) == entry.formulas[name].at(values)
            assert formula.subs(**sizes | odd).expr == entry.formulas[name].at(values)
            assert formula.at(sizes | odd) == entry.formulas[name].at(values)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_plain_symbol_is_the_size_of_its_name(name):
    for formula in derive.families[name].formulas.values():
        for size in formula.sizes:
            plain = formula.expr.subs(Symbol(size), 3)
            assert not plain.has(Symbol(size))
            assert plain == formula.expr.subs(size, 3) == formula.expr.subs(formula.sizes[size], 3)
            assert formula.expr.free_symbols <= set(map(Symbol, formula.sizes))


def test_symbols_of_any_assumptions_name_a_size():
    parameters = ASYMMETRIC.parameters
    for m in (Symbol("m"), Symbol("m", positive=True), letters.m, "m"):
        assert parameters.subs({m: 3}) == parameters.subs(m=3)
        assert parameters.at({m: 3, "C_in": 3, "C_out": 8, "n": 3}) == 99
    twice = parameters.subs({"C_out": 2 * Symbol("C_in")})
    assert list(twice.sizes) == ["C_in", "k_h", "k_w", "m"]
    assert twice(C_in=3, n=3, m=3) == 3 * 3 * (3 + 6)


@pytest.mark.parametrize("value", ["__import__('os')", "3", True, [3], None])
def test_a_value_that_is_no_number_is_refused_and_never_evaluated(value):
    with pytest.raises(derive.InputError, match="a size is a number or an expression of SymPy"):
        ASYMMETRIC.parameters.subs(m=value)
    with pytest.raises(derive.InputError):
        ASYMMETRIC.parameters.at({"m": value, "C_in": 3, "C_out": 8, "n": 3})


def test_a_symbol_that_is_no_size_is_refused():
    for swap in (ASYMMETRIC.parameters.subs, ASYMMETRIC.parameters.at):
        with pytest.raises(derive.InputError, match="parameters has no size M; it takes C_in"):
            swap({Symbol("M"): 3})


def test_a_formula_is_an_expression_to_sympy():
    parameters = ASYMMETRIC.parameters
    assert sympify(parameters) == parameters.expr
    assert simplify(parameters.expr - sympify(parameters)) == 0
    assert parameters.subs(n=3).subs({"m": 2})(C_in=3, C_out=8) == 66
    assert derive.families["pointwise"].parameters.subs(n=3).guard == ()


def test_a_design_is_the_row_of_its_comparison():
    found = derive.compare(derive.layer(bias=True), middle=[3, 8])
    rows = compare(read_layer(bias=True), Choices(widths=(3, 8))).families
    assert [one.facts for one in found] == list(rows)
    assert [field.name for field in fields(Design)] == ["facts"]
    for one, row in zip(found, rows, strict=True):
        assert (one.parameters, one.bytes, one.exact_when) == (
            row.parameters,
            row.bytes,
            row.exact_when,
        )
        assert one.ratio["macs"] == row.ratio.macs
        assert list(one.setting.values()) == list(row.setting.values())


def test_names_of_the_literature_are_understood():
    assert derive.families["bottleneck"] == derive.families["tucker-2"]
    assert derive.families["Asymmetric convolution, vertical first"] == ASYMMETRIC
    assert derive.theorems["T2"] == derive.theorems["Rank One"] == derive.theorems["rank-one"]
    assert derive.prove("T2").name == "rank-one"
    with pytest.raises(derive.InputError, match="did you mean asymmetric"):
        _ = derive.families["asymetric"]
    assert list(derive.families) == list(FAMILIES)
    assert list(derive.theorems) == list(THEOREMS)


LAYERS = {
    "the question": ({}, "--image 128x128"),
    "numbers": (
        {"image": (56, 48), "channels": (4, 8), "kernel": (3, 5), "stride": 2, "groups": 2},
        "--image 56x48 --in 4 --out 8 --kernel 3x5 --stride 2 --groups 2",
    ),
    "a square": ({"image": 56, "bias": True}, "--image 56x56 --bias"),
    "one bias": ({"bias": "last"}, "--bias last"),
    "padding": (
        {"padding": ((0, 1), (2, 3)), "dilation": (2, 1)},
        "--padding 0:1x2:3 --dilation 2x1",
    ),
    "margins": ({"padding": (1, 2), "kernel": 4}, "--padding 1x2 --kernel 4"),
    "words": ({"image": "64×32", "kernel": "3x5", "padding": "VALID"}, None),
    "a square in words": ({"image": "56"}, "--image 56"),
    "video": ({"image": (16, 112, 112), "kernel": 3}, "--image 16x112x112"),
    "a signal": ({"image": (100,), "kernel": 5}, "--image 100 --axes 1 --kernel 5"),
    "transposed": (
        {"transposed": True, "stride": 2, "output_padding": 1, "bytes_per_number": 2},
        "--transposed --stride 2 --output-padding 1 --bytes-per-number 2",
    ),
    "of numpy": ({"image": np.array([9, 7]).tolist(), "channels": (np.int64(3), 8)}, "--image 9x7"),
}


@pytest.mark.parametrize("case", LAYERS)
def test_a_comparison_is_that_of_the_command_line(case, command):
    words, options = LAYERS[case]
    options = options or "--image 64x32 --kernel 3x5 --padding valid"
    found = derive.compare(derive.layer(**words), middle=4)
    done = command("compare", *options.split(), "--middle", "4", "--json")
    assert json.loads(found.json()) == json.loads(done.stdout)
    assert f"{found.json()}\n" == done.stdout


@pytest.mark.parametrize("form", ["csv", "latex", "markdown"])
def test_a_comparison_as_text_is_that_of_the_command_line(form, command):
    found = derive.compare(derive.layer(kernel=(3, 5)), middle=[3, 8])
    said = command("compare", "--kernel", "3x5", "--middle", "3", "--middle", "8", f"--{form}")
    assert getattr(found, form)().rstrip() == said.stdout.rstrip()
    shown = command("compare", "--kernel", "3x5", "--middle", "3", "--middle", "8").stdout
    assert str(found).split() == shown.split()


def test_numbers_on_a_layer_are_those_of_the_comparison():
    assert ASYMMETRIC.on(LAYER, m=8).macs == 4325376
    found = derive.compare(LAYER, middle=[3, 8])
    assert found["asymmetric m=3"] == ASYMMETRIC.on(LAYER, m=3) == ASYMMETRIC.on(LAYER)
    assert [one.label for one in found if one.name == "asymmetric"] == [
        "asymmetric m=3",
        "asymmetric m=8",
    ]
    ranks = derive.compare(LAYER, rank=[{"P": 2, "Q": 3}, 4], multiplier=2)
    assert ranks["tucker-2 P=2 Q=3"] == derive.families["tucker-2"].on(LAYER, P=2, Q=3)
    assert ranks["tucker-2 P=4 Q=4"].parameters == 3 * 4 + 4 * 4 * 9 + 8 * 4
    mine = derive.define("A[e,i,u] B[o,e,v]")
    assert mine.on(LAYER, N_e=3).parameters == 99
    grouped = derive.layer(channels=(4, 8), groups=2)
    assert derive.families["grouped-asymmetric"].on(grouped, m=4).setting == {"m": 4}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ASYMMETRIC.on(LAYER, M=3), "asymmetric on this layer has no size M; it takes m"),
        (lambda: ASYMMETRIC.on(LAYER, m=0), "m must be an integer of at least 1, not 0"),
        (lambda: ASYMMETRIC.on("128x128"), "a layer is such as derive.layer(image=(56, 56)), not"),
        (
            lambda: derive.families["standard"].on(LAYER, m=3),
            "standard on this layer has no size m; it takes no sizes",
        ),
        (
            lambda: derive.families["depthwise"].on(LAYER),
            "depthwise does not fit this layer: m",
        ),
        (lambda: derive.families["r2plus1d"].on(LAYER), "r2plus1d does not fit this layer: has"),
        (lambda: derive.layer(image=2.5), "image must be an integer, one for each axis such as"),
        (
            lambda: derive.layer(channels=3),
            "channels must be (input, output) such as (3, 8),",
        ),
        (lambda: derive.layer(channels=(3, 8, 9)), "channels must be (input, output) such as"),
        (lambda: derive.layer(padding=[(0, 1, 2)] * 2), "padding 0:1:2"),
        (lambda: derive.layer(padding=None), "padding must be 'same', 'valid', an integer, or"),
        (
            lambda: derive.layer(kernel=(3, 3, 3)),
            "kernel 3x3x3 has 3 numbers, the layer has 2",
        ),
        (lambda: derive.layer(bias="some"), "bias must be none, last or all, not 'some'"),
        (lambda: derive.compare(LAYER, rank={"Z": 3}), "there is no rank Z: ranks are P, Q, R, T"),
        (lambda: derive.factor("sobel", rank={"Z": 3}), "there is no rank Z: ranks are P, Q, R, T"),
        (lambda: derive.layer(groups=2), "groups 2 must divide the 3 input channels"),
        (lambda: derive.layer(kernel=0), "kernel must be at least 1, not 0"),
        (lambda: derive.compare(3), "a layer is such as derive.layer(image=(56, 56)), not 3"),
        (
            lambda: derive.compare(LAYER, middle=[3, 0]),
            "widths, multipliers and ranks are",
        ),
        (lambda: derive.compare(LAYER, middle="3"), "widths, multipliers and ranks are"),
        (lambda: derive.factor("sobel", 3), "a family is such as derive.families['asymmetric'] or"),
        (lambda: derive.factor("sobel", "asymetric"), "unknown family asymetric; did you mean"),
        (lambda: derive.define("A[j,i,u"), ""),
        (lambda: derive.define(3), "a line must be text such as 'A[j,i,u] B[o,j,v]', not 3"),
    ],
)
def test_a_wrong_argument_is_one_line(call, words):
    with pytest.raises(derive.InputError) as caught:
        call()
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


class Tensor:
    """Like a parameter of PyTorch: an array only once it is detached."""

    def __init__(self, array, attached=True):
        self.array, self.attached = array, attached

    def detach(self):
        return Tensor(self.array, attached=False)

    def __array__(self, dtype=None, copy=None):
        if self.attached:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.array


WEIGHTS = np.random.default_rng(7).standard_normal((4, 2, 3, 5))


@pytest.mark.parametrize("wrap", [Tensor, np.asarray, lambda array: array.tolist()])
def test_arrays_tensors_and_lists_give_the_same_factors(wrap):
    found = derive.factor(wrap(WEIGHTS), ASYMMETRIC, middle=3)
    assert found.verdict == "not exact"
    assert [array.shape for array in found.factors.values()] == [(3, 2, 3), (4, 3, 5)]
    near = np.einsum("jiu,ojv->oiuv", *found.factors.values())
    error = np.linalg.norm(near - WEIGHTS) / np.linalg.norm(WEIGHTS)
    unfolded = WEIGHTS.transpose(0, 3, 1, 2).reshape(20, 6)
    values = np.linalg.svd(unfolded, compute_uv=False)
    least = np.sqrt(sum(values[3:] ** 2) / sum(values**2))  # Eckart and Young
    assert found.relative_error == pytest.approx(error, rel=1e-9)
    assert error == pytest.approx(least, rel=1e-9)
    assert found.optimal


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("asymmetric", {"middle": 2}),
        ("depthwise-separable", {"multiplier": 2}),
        ("tensor-train", {"rank": {"P": 2, "Q": 2, "R": 3}}),
        ("acnet-block", {}),
    ],
)
def test_factors_of_an_exact_kernel_contract_to_it(name, sizes):
    family = derive.families[name]
    design = derive.factor(np.ones((4, 2, 3, 3)), family, **sizes)
    assert design.exact
    assert design.relative_error == 0
    branches = [branch for _, branch in family.line.branches]
    arrays = iter(design.factors.values())
    total = np.zeros((4, 2, 3, 3))
    for branch in branches:
        own = [next(arrays) for _ in branch.factors]
        made = np.einsum(branch.einsum, *own)
        middle = [slice(None) if tap in branch.taps else slice(1, 2) for tap in (u, v)]
        shape = [4, 2, *(3 if tap in branch.taps else 1 for tap in (u, v))]
        total[:, :, *middle] += made.reshape(shape)
    assert np.allclose(total, 1)


def test_a_kernel_without_known_factors_says_so():
    found = derive.factor(WEIGHTS[:, :, :, :3], "cp", rank=2, nearest=False)
    assert found.exact is False
    assert (found.factors, found.relative_error, found.optimal) == (None, None, None)
    assert "minor" in found.why


def test_factors_that_are_only_found_are_not_called_the_best():
    found = derive.factor(WEIGHTS[:, :, :, :3], "cp", rank=2)
    near = np.einsum("ri,ru,rv,or->oiuv", *found.factors.values())
    error = np.linalg.norm(near - WEIGHTS[:, :, :, :3]) / np.linalg.norm(WEIGHTS[:, :, :, :3])
    assert found.relative_error == pytest.approx(error, rel=1e-9)
    assert (found.exact, found.optimal) == (False, False)
    assert "found, not proved best" in str(found)


def test_an_error_or_a_cost_chooses_the_size():
    values = np.linalg.svd(WEIGHTS.transpose(0, 3, 1, 2).reshape(20, 6), compute_uv=False)
    errors = [np.sqrt(sum(values[n:] ** 2) / sum(values**2)) for n in range(1, 7)]
    found = derive.factor(WEIGHTS, ASYMMETRIC, error=0.5)
    width = next(n for n, error in enumerate(errors, start=1) if error <= 0.5)
    assert found.setting == {"m": width}
    assert found.relative_error == pytest.approx(errors[width - 1], rel=1e-9)
    assert [one.shape[:1] for one in found.factors.values()] == [(width,), (4,)]
    assert derive.factor(WEIGHTS, ASYMMETRIC, cost=0.5).setting == {"m": 2}  # 26 m of 120
    assert derive.factor(WEIGHTS, ASYMMETRIC, cost="80parameters").setting == {"m": 3}


def test_what_factor_says_is_what_the_command_line_says(tmp_path, command):
    np.save(tmp_path / "w.npy", WEIGHTS)
    done = command("factor", str(tmp_path / "w.npy"), "--middle", "2", "--stride", "2", "--json")
    found = derive.factor(tmp_path / "w.npy", middle=2, stride=2)
    assert f"{found.json()}\n" == done.stdout
    shown = command("factor", str(tmp_path / "w.npy"), "--middle", "2", "--stride", "2").stdout
    assert str(found).split() == shown.split()


def test_a_proof_says_what_the_command_line_says(command):
    proof = derive.prove("rank-one")
    done = json.loads(command("theorem", "rank-one", "--json").stdout)
    assert proof.status == done["status"] == "proved"
    assert [one.status for one in proof] == [step["status"] for step in done["steps"]]
    assert [one.badge for one in proof] == [step["badge"] for step in done["steps"]]
    said = json.loads(proof.json())
    assert said.keys() == done.keys()
    assert said["statement"] == done["statement"]


def test_a_line_of_your_own_is_proved():
    A, B = map(IndexedBase, "AB")
    mine = derive.Family(A[j, i, u], B[o, j, v])
    assert mine == derive.define("A[j,i,u] B[o,j,v]") != ASYMMETRIC
    assert mine.line == ASYMMETRIC.line
    assert mine.entry == own(A[j, i, u], B[o, j, v])
    assert [one.status for one in derive.prove(mine)] == ["proved"] * 3
    both = 2 * mine + derive.define("W[o,i,u,v]")
    assert both.parameters(C_in=3, C_out=8, n=3, m=3) == 2 * 99 + 216
    assert sum([mine, mine]).line == (mine + mine).line
    with pytest.raises(TypeError):
        mine + "W[o,i]"


SHOWN = {
    "family": lambda: ASYMMETRIC,
    "sum": lambda: derive.families["acnet-block"],
    "formula": lambda: ASYMMETRIC.parameters,
    "layer": lambda: LAYER,
    "design": lambda: ASYMMETRIC.on(LAYER, m=8),
    "comparison": lambda: derive.compare(LAYER, middle=[3, 8]),
    "factorization": lambda: derive.factor(WEIGHTS, ASYMMETRIC, middle=3),
    "exact": lambda: derive.factor("sobel"),
    "theorem": lambda: derive.theorems["in-bounds-taps"],
    "pipeline": lambda: derive.prove(ASYMMETRIC),
    "proof": lambda: derive.prove("rank-one"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_one_line_and_in_a_notebook_a_screen(name):
    one = SHOWN[name]()
    assert "\n" not in repr(one)
    assert len(repr(one)) < 120
    shown = [getattr(one, f"_repr_{form}_", str)() for form in ("markdown", "latex")]
    assert any(hasattr(one, f"_repr_{form}_") for form in ("markdown", "latex"))
    for text in shown:
        assert text.count("\n") < 45
        assert len(text) < 5000
        assert text.count("$") % 2 == 0
        assert "\\(" not in text
        assert ".md)" not in text


@pytest.mark.parametrize("name", list(SHOWN)[:-2])
def test_what_is_shown_can_be_pickled_compared_and_hashed(name):
    one = SHOWN[name]()
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert hash(again) == hash(one)
    assert one != "nonsense"
    assert repr(again) == repr(one)


@pytest.mark.parametrize("name", THEOREMS)
def test_every_theorem_fits_on_a_screen(name):
    text = derive.theorems[name]._repr_markdown_()
    assert len(text) < 4000
    assert text.count("$") % 2 == 0
    assert "\\(" not in text
    assert "](" not in text


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_fits_on_a_screen(name):
    family = derive.families[name]
    assert len(family._repr_markdown_().splitlines()) < 20
    assert len(repr(family)) < 120
