"""Names: an id by its title or an alias of the literature, in any case."""

import pickle
import re

import pytest

from derive.catalogue import FAMILIES, family_id, theorem_id
from derive.kernels import gallery, kernel_id
from derive.notation.names import _listed, key, UnknownNameError
from derive.proof.library import THEOREMS

SAID = {
    "standard": ("Conv2d", "full", "dense conv", "vanilla convolution", "conv"),
    "pointwise": ("1x1", "1×1 conv", "PW conv", "Pointwise Convolution"),
    "grouped": ("group conv", "filter groups"),
    "depthwise": ("dw", "DWConv", "channel wise", "DepthwiseConv2D"),
    "depthwise-separable": ("dws", "DSC", "SeparableConv2D", "depthwise_separable"),
    "blueprint-separable": ("BSConv-U", "bsconv", "pointwise, then depthwise"),
    "asymmetric": ("spatially separable", "Spatially-Separable Convolution", "n×1→1×n"),
    "asymmetric-horizontal-first": ("1xn -> nx1", "horizontal first"),
    "depthwise-asymmetric": ("strip", "strip convolution"),
    "flattened": ("LVH", "rank-one filters"),
    "tucker-2": ("bottleneck", "Tucker", "tucker_2", "Tucker 2"),
    "cp": ("CPD", "PARAFAC", "CANDECOMP", "CP decomposition"),
    "tensor-train": ("TT", "tensor train", "matrix product state"),
    "r2plus1d": ("(2+1)D", "R(2+1)D", "2plus1d", "P3D-A"),
    "acnet-block": ("ACNet", "ACB", "acnet_block"),
    "network-decoupling": ("decoupled convolution",),
}
OTHERS = {  # another design, a whole network, or several: said, and not answered by one
    "separable": "write depthwise-separable or asymmetric",
    "separable conv": "write depthwise-separable or asymmetric",
    "factorized": "write asymmetric, asymmetric-horizontal-first or r2plus1d",
    "factorised convolution": "write asymmetric, asymmetric-horizontal-first or r2plus1d",
    "MobileNet": "write depthwise-separable or cp-joint",
    "XSepConv": "did you mean depthwise-asymmetric-separable?",
    "inverted residual": "did you mean cp-joint?",
    "Tucker decomposition": "did you mean tucker-2?",
    "P3D": "did you mean r2plus1d?",
    "EffNet": "there are acnet-block, ",
    "": "there are acnet-block, ",
}


@pytest.mark.parametrize(("name", "said"), [(a, b) for a, named in SAID.items() for b in named])
def test_a_name_of_the_literature_is_a_name(name, said):
    assert family_id(said) == family_id(said.upper()) == family_id(said.casefold()) == name
    assert FAMILIES[said] is FAMILIES[name]


@pytest.mark.parametrize(("said", "hint"), OTHERS.items())
def test_the_name_of_another_design_is_no_name(said, hint):
    with pytest.raises(UnknownNameError, match=re.escape(hint)) as wrong:
        family_id(said)
    assert wrong.value.hint.startswith(hint)
    assert str(pickle.loads(pickle.dumps(wrong.value))) == str(wrong.value)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_title_and_alias_of_a_family_names_it(name):
    entry = FAMILIES[name]
    for said in (name, entry.title, *entry.aliases):
        listed = {key(one): ids for one, ids in _listed()["family"].items()}
        if len(ids := listed.get(key(said), [name])) == 1:
            assert family_id(said) == (name if name in ids else ids[0])


def test_only_the_two_orders_share_names():
    """An alias that leads to another family is one that both orders of a pair have."""
    strange = {
        (name, family_id(said))
        for name, entry in FAMILIES.items()
        for said in entry.aliases
        if "factorized convolution" not in said and "separable convolution (" not in said
        if family_id(said) != name
    }
    assert strange == {("asymmetric-horizontal-first", "asymmetric")}


@pytest.mark.parametrize("name", THEOREMS)
def test_a_theorem_answers_to_id_number_and_title(name):
    one = THEOREMS[name]
    for said in (name, one.number, one.number.casefold(), one.title, name.replace("-", "_")):
        assert theorem_id(said) == theorem_id(said.upper()) == name


@pytest.mark.parametrize("name", gallery())
def test_a_kernel_answers_to_id_and_title(name):
    assert kernel_id(name.upper()) == kernel_id(gallery()[name].title) == name


KNOWN = {"family": FAMILIES, "theorem": THEOREMS, "kernel": gallery()}


def test_listed_names_lead_to_ids_and_say_nothing_twice():
    assert set(_listed()) == set(KNOWN)
    for kind, names in _listed().items():
        assert len({key(one) for one in names}) == len(names)
        assert {one for ids in names.values() for one in ids} <= set(KNOWN[kind])
        assert not {key(one) for one in names} & {key(one) for one in KNOWN[kind]}


def test_near_misses_of_theorems_and_kernels():
    with pytest.raises(UnknownNameError, match="unknown theorem rank-on; did you mean rank-one"):
        theorem_id("rank-on")
    with pytest.raises(UnknownNameError, match="unknown kernel sobell; did you mean sobel"):
        kernel_id("sobell")
    with pytest.raises(UnknownNameError, match="log names more than one kernel; write log-5, "):
        kernel_id("log")
