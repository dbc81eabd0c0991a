"""Widths of grouped pairs are said for all groups together: no output names C_c."""

import json

import numpy as np
import pytest

import derive as public


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "grouped.npy"
    np.save(path, np.random.default_rng(0).standard_normal((6, 3, 3, 3)).astype("float32"))
    return path


def test_text_and_errors_name_the_width_of_all_groups(derive, weights):
    words = ("factor", weights, "--as", "grouped-asymmetric", "--groups", "2")
    text = derive(*words).stdout
    assert "as grouped-asymmetric, m = 6: gcau,gbcv->gbauv" in text
    assert "grouped-asymmetric  m = 18 " in text
    assert "Factors at m = 6 in float32" in text
    for more in ((), ("--error", "0.5"), ("--pareto",), ("--csv",)):
        assert "C_c" not in derive(*words, *more).stdout, more
    refused = derive(*words, "--cost", "1macs")
    assert refused.returncode == 2
    assert "the smallest, m = 2, has" in refused.stderr


def test_json_has_both_widths(derive, weights):
    words = ("factor", weights, "--as", "grouped-asymmetric", "--groups", "2", "--json")
    said = json.loads(derive(*words).stdout)
    assert said["minimal"] == said["widths"][0]["minimal"] == {"m": 18, "C_c": 9}


def test_python_labels_it_by_the_width_of_all_groups(weights):
    found = public.factor(str(weights), "grouped-asymmetric", groups=2, middle=4)
    assert "grouped-asymmetric m=4: not exact" in repr(found)


def test_a_width_is_that_of_a_side_by_name(weights):
    layer = public.layer(channels=(4, 10), kernel=3)
    assert public.families["asymmetric"].on(layer, m="out").setting == {"m": 10}
    assert public.compare(layer, middle=["in", "out"])["asymmetric m=4"].setting == {"m": 4}
    array = np.zeros((10, 4, 3, 3), dtype=int)
    array[0, 0, 0, 0] = 1
    assert public.factor(array, middle="out").setting == {"m": 10}
    assert public.factor(array, middle="in").setting == {"m": 4}
    related = public.relate("cp-joint", "asymmetric", layer, middle="out", rank=10)
    same = public.relate("cp-joint", "asymmetric", layer, middle=10, rank=10)
    assert related.one_in_other.needs == same.one_in_other.needs
    with pytest.raises(public.InputError, match="the width 'out' needs a layer"):
        public.relate("cp-joint", "asymmetric", middle="out")
    with pytest.raises(public.InputError, match="positive integers, not 'wide'"):
        public.compare(layer, middle="wide")
