"""Every family that represents a kernel, against ranks of NumPy, with a proof that is checked."""

import copy
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod
from random import Random

import numpy as np
import pytest

import derive
from derive.algebra import kernel as kernels
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.certificate import complaint
from derive.comparison import Choices
from derive.decide.verdict import decide, Word
from derive.decide.width import least
from derive.facts import represented as facts
from derive.facts.question import Question
from derive.facts.represented import FamiliesFacts, represented
from derive.facts.verdict import verdict_facts
from derive.kernels import gallery
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
from derive.render.console import as_text
from derive.render.factor_table import factor_table
from derive.render.values import json_values

PLANES = sorted(name for name, kernel in gallery().items() if not kernel.floating)
THREE_ONES = Kernel.by(lambda o, i, u, v: int(i + u + v == 1), o=1, i=2, u=2, v=2)


def asked(kernel, groups=1, floating=None):
    layer = read_layer_of(kernel.extents, groups=groups)
    return Question("a kernel", kernel, FAMILIES["asymmetric"], layer, Choices(), floating)


def classical(name):
    return read_kernel(name).kernel


def settings(found):
    return {one.family: {str(x): n for x, n in one.setting.items()} for one in found.represented_by}


def numbers(kernel):
    flat = [float(x) for x in kernel.flat]
    return np.array(flat).reshape(kernel.extents)


def rank(array, rows):
    """The rank of an array with these axes for rows; others that are of size one may be left."""
    height = prod(array.shape[n] for n in rows)
    rest = [n for n in range(array.ndim) if n not in rows]
    return max(1, int(np.linalg.matrix_rank(array.transpose(*rows, *rest).reshape(height, -1))))


def of_a_plane(plane):
    """What represents one channel, by the rank of its numbers."""
    r, once = rank(plane, [0]), {"P": 1, "Q": 1}
    right = {
        **{key: {} for key in ("standard", "blueprint-separable", "acnet-block")},
        **{key: {"M": 1} for key in ("depthwise", "depthwise-separable")},
        **{key: {"m": r} for key in ("asymmetric", "asymmetric-horizontal-first")},
        "network-decoupling": {"T": 1},
        "tucker-2": once,
        "tensor-train": {**once, "R": r},
        "cp-joint": {"R": 1},
        "cp": {"R": r},
    }
    thin = ("flattened", "depthwise-asymmetric", "depthwise-asymmetric-separable")
    right |= {key: {} for key in thin} if r == 1 else {}
    side = len(plane)
    if side % 2 == 0:
        right.pop("acnet-block")
        return right
    middle = np.zeros((side, side))
    middle[side // 2, side // 2] = plane[side // 2, side // 2]
    return right | ({"pointwise": {}} if (plane == middle).all() else {})


def of_a_layer(array):
    """The sizes that ranks of unfoldings decide, for weights K[o, i, u, v]."""
    slices = [rank(array[:, i], [0]) for i in range(array.shape[1])]
    ends = {"P": rank(array, [0]), "Q": rank(array, [1])}
    return {
        "asymmetric": {"m": rank(array, [0, 3])},
        "asymmetric-horizontal-first": {"m": rank(array, [0, 2])},
        "depthwise-separable": {"M": max(slices)},
        "network-decoupling": {"T": max(slices)},
        "tucker-2": ends,
        "tensor-train": {**ends, "R": rank(array, [1, 2])},
    }


def planted(seed, extents, terms):
    """Integers that are a sum of that many outer products."""
    random = Random(seed)
    total = np.zeros(extents, dtype=int)
    for _ in range(terms):
        sides = [[random.randint(-3, 3) for _ in range(n)] for n in extents]
        total += np.einsum("o,i,u,v->oiuv", *sides)
    return total


@pytest.mark.parametrize("name", PLANES)
def test_a_kernel_of_the_gallery_is_of_the_families_that_its_rank_allows(name):
    kernel = classical(name)
    found = represented(asked(kernel))
    assert settings(found) == of_a_plane(numbers(kernel)[0, 0])
    assert all(one.smallest for one in found.represented_by)


@pytest.mark.parametrize("terms", [1, 2, 4, 30])
def test_the_sizes_of_a_layer_are_ranks_of_its_unfoldings(terms):
    array = planted(terms, (4, 3, 3, 3), terms)
    found = settings(represented(asked(Kernel.of(array.tolist()))))
    right = of_a_layer(array)
    assert {name: found[name] for name in right} == right


def test_groups_have_a_width_each():
    array = np.zeros((4, 4, 3, 3), dtype=int)
    array[:2, :2], array[2:, 2:] = planted(1, (2, 2, 3, 3), 1), planted(2, (2, 2, 3, 3), 2)
    kernel = Kernel.of(array.tolist())
    found = settings(represented(asked(kernel, groups=2)))
    width = max(rank(array[a : a + 2, a : a + 2], [0, 3]) for a in (0, 2))
    assert found["grouped-asymmetric"] == {"m": 2 * width, "C_c": width}
    assert "grouped" in found
    assert "grouped" not in settings(represented(asked(kernel)))


@pytest.mark.parametrize("terms", [1, 2])
def test_one_less_is_not_enough(terms):
    kernel = Kernel.of(planted(7, (3, 2, 3, 3), terms).tolist())
    question = asked(kernel)
    for one in represented(question).represented_by:
        free = one.setting if one.family not in ("depthwise", "grouped") else {}
        for symbol, size in free.items():
            if one.smallest and size > 1:
                fewer = {**one.setting, symbol: size - 1}
                verdict = decide(FAMILIES[one.family].family, kernel, fewer)
                assert verdict.word is Word.NOT_EXACT


def test_every_family_is_there_once_and_the_fewest_parameters_first():
    for kernel in (classical("sobel"), THREE_ONES):
        found = represented(asked(kernel))
        named = [one.family for one in (*found.represented_by, *found.not_represented_by)]
        assert sorted(named) == sorted(FAMILIES)
        assert all(one.why for one in found.not_represented_by)
        costs = [one.cost.parameters for one in found.represented_by]
        assert all(one <= other for one, other in pairwise(costs))


def test_parameters_are_the_weights_of_the_factors():
    found = represented(asked(Kernel.of(planted(3, (4, 3, 3, 3), 2).tolist())))
    for one in found.represented_by:
        assert one.cost.parameters == sum(prod(x.tensor.extents) for x in one.claim.factors)
        assert one.cost.ratio.parameters == Fraction(one.cost.parameters, 108)


def test_outer_products_that_are_enough_are_not_called_the_smallest():
    question = asked(THREE_ONES)
    found = represented(question)
    (cp,) = (one for one in found.represented_by if one.family == "cp")
    assert ({str(x): n for x, n in cp.setting.items()}, cp.smallest) == ({"R": 3}, False)
    alone = replace(verdict_facts(question), families=FamiliesFacts((cp,), ()))
    assert "R = 3, or less" in as_text(factor_table(alone))


def one_more(cuts):
    return {x: n + 1 for x, n in (least(cuts) or {}).items()}


def left_out(asked, cuts, fewest):
    return dict(asked.setting)


@pytest.mark.parametrize(("name", "fault"), [("least", one_more), ("_setting", left_out)])
def test_a_fault_in_the_sizes_is_seen(monkeypatch, name, fault):
    kernel, right = classical("laplacian-4"), of_a_plane(numbers(classical("laplacian-4"))[0, 0])
    assert settings(represented(asked(kernel))) == right
    monkeypatch.setattr(facts, name, fault)
    assert settings(represented(asked(kernel))) != right


def document(kernel, groups=1):
    question = asked(kernel, groups)
    facts = verdict_facts(question)
    return json_values(facts) | json_values(represented(question, facts.proof))


@pytest.mark.parametrize("name", ["sobel", "laplacian-4", "gaussian-273"])
def test_every_proof_passes_the_separate_checker_alone(name):
    found = document(classical(name))
    given = {key: found[key] for key in ("schema", "kernel")}
    proofs = [one for one in found["represented_by"] if "factors" in one]
    assert len(proofs) == len(found["represented_by"]) > 10
    refuted = [one for one in found["not_represented_by"] if "certificate" in one]
    for one in (*proofs, *refuted):
        assert complaint({**given, **one}) == ""
    assert complaint(found) == ""


def entry(found, name):
    return next(one for one in found["represented_by"] if one["family"] == name)


def other_factor(found):
    entry(found, "flattened")["factors"][0]["entries"][0] = "5"


def other_size(found):
    entry(found, "asymmetric")["setting"]["m"] = 2


def other_cost(found):
    found["represented_by"][-1]["parameters"] += 1


def other_order(found):
    found["represented_by"].reverse()


def other_verdict(found):
    entry(found, "cp")["verdict"] = "undecided"


def other_family(found):
    entry(found, "asymmetric")["family"] = "asymmetric-horizontal-first"


def other_minor(found):
    (pointwise,) = (x for x in found["not_represented_by"] if x["family"] == "pointwise")
    pointwise["certificate"]["minor"] = "7"


FAULTS = (
    other_factor,
    other_size,
    other_cost,
    other_order,
    other_verdict,
    other_family,
    other_minor,
)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_checker_refuses_a_family_with_a_fault(fault):
    found = document(classical("sobel"))
    assert complaint(found) == ""
    broken = copy.deepcopy(found)
    fault(broken)
    assert complaint(broken)


def test_no_matrix_is_decomposed_twice(monkeypatch):
    seen, real = [], kernels.skeleton

    def counting(matrix):
        seen.append(tuple(map(tuple, matrix)))
        return real(matrix)

    monkeypatch.setattr(kernels, "skeleton", counting)
    represented(asked(Kernel.of(planted(9, (4, 3, 3, 3), 30).tolist())))
    assert len(seen) == len(set(seen)) > 5


def test_of_a_large_kernel_of_full_rank_no_factors_are_worked_out():
    array = np.random.default_rng(5).normal(size=(24, 20, 3, 3)).astype("float32")
    kernel = Kernel.of([[[[Fraction(float(x)) for x in w] for w in v] for v in u] for u in array])
    found = represented(asked(kernel, floating="float32"))
    right = of_a_layer(array.astype(float))
    assert {name: settings(found)[name] for name in right} == right
    assert all(one.claim.factors is None and one.claim.reason for one in found.represented_by)
    left = {one.family: one.why for one in found.not_represented_by}
    assert "not worked out" in left["cp"]
    whole = verdict_facts(asked(kernel, floating="float32"))
    assert complaint(json_values(whole) | json_values(found)) == ""


def test_the_table_names_the_cheapest_and_how_many_more():
    question = asked(classical("sobel"))
    facts = verdict_facts(question)
    shown = str(derive.factor("sobel")).split("Families that represent this kernel exactly")[1]
    first = [line.split()[0] for line in shown.splitlines()[2:7]]
    found = represented(question, facts.proof).represented_by
    assert first == [one.family for one in found[:5]]
    assert f"and {len(found) - 5} more: --json" in shown


def test_in_python_each_has_its_factors():
    found = derive.factor("scharr").represented_by
    assert [one.parameters for one in found] == sorted(one.parameters for one in found)
    assert {one.verdict for one in found} == {"exact"}
    (flat,) = (one for one in found if one.family == "flattened")
    product = np.einsum("oi,ou,ov->oiuv", *flat.factors.values())
    assert np.array_equal(product[0, 0], numbers(classical("scharr"))[0, 0])
    assert repr(flat) == "flattened: 7 parameters, 7/9 of the standard layer"
