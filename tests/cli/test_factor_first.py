"""A large trained kernel: what floats come to is there before its exact verdict, and that before
all families; what is printed in the end is the same."""

import re
from dataclasses import replace
from shlex import split

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts import represented, verdict
from derive.facts.question import Question
from derive.facts.represented import represented as every_family
from derive.facts.verdict import verdict_facts
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
from derive.parse.layout import Known
from derive.render.console import as_text
from derive.render.factor_table import factor_table


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "weights.npy"
    np.save(path, np.random.default_rng(3).normal(size=(24, 24, 3, 3)).astype("float32"))
    return path


@pytest.fixture
def moments(monkeypatch, capsys):
    """What has been printed when the verdict is asked for, and when the families are."""
    printed = []

    def noted(work):
        def run(*given, **named):
            printed.append(capsys.readouterr().out)
            return work(*given, **named)

        return run

    monkeypatch.setattr(verdict, "verdict_facts", noted(verdict.verdict_facts))
    monkeypatch.setattr(represented, "represented", noted(represented.represented))
    return printed


def whole(path):
    """The answer in one piece."""
    entry = FAMILIES["asymmetric"]
    given = read_kernel(str(path), Known(None, None, False, entry.family), None)
    layer = read_layer_of(given.kernel.extents)
    asked = Question(
        given.name, given.kernel, entry, layer, Choices(), given.floating, given.reading
    )
    facts = verdict_facts(asked)
    return as_text(factor_table(replace(facts, families=every_family(asked, facts.proof))))


def test_floats_come_first_then_the_verdict_then_the_families(derive, weights, moments):
    wanted = whole(weights)
    end = derive("factor", weights)
    first, second = moments
    assert re.search(r"^At break-even width \d+ the error is 0\.\d+, at half the cost", first, re.M)
    assert "As floats it is not of this form: the nearest one has a relative error of" in first
    assert "Exactly" not in first
    assert second.startswith("Exactly it is not either: ")
    assert "Smallest sizes that represent this kernel exactly" in second
    assert "Families that represent" not in second
    lines = (first + second + end.stdout).splitlines()
    assert [line.rstrip() for line in lines] == wanted.splitlines()


@pytest.mark.parametrize("options", ["--json", "--csv", "--out f.npz --code numpy"])
def test_other_forms_wait_for_all_of_it(derive, weights, moments, options, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    derive("factor", weights, *split(options))
    assert not any(moments)


def test_a_kernel_that_is_of_the_form_to_its_precision_is_not_foreseen(derive, moments, tmp_path):
    rng = np.random.default_rng(4)
    pair = rng.normal(size=(8, 24, 3)), rng.normal(size=(24, 8, 3))
    np.save(tmp_path / "pair.npy", np.einsum("jiu,ojv->oiuv", *pair).astype("float32"))
    end = derive("factor", tmp_path / "pair.npy", "--middle", "8")
    assert not any(moments)
    assert "As floats it is of this form to a relative error of" in end.stdout
