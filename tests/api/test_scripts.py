"""The leaves as scripts: derivations and proofs printed, bad names refused in one line."""

import subprocess
import sys

import pytest

import derive
from derive.catalogue import FAMILIES
from derive.notation.errors import CheckError
from derive.render.derivation import COUNTS, derivation


def script(package, *names):
    """A run of ``python -m derive.PACKAGE``."""
    command = [sys.executable, "-m", f"derive.{package}", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_family_prints_its_derivation():
    done = script("families", "asymmetric", "Bottleneck")
    assert (done.returncode, done.stderr) == (0, "")
    assert "K_o,i,u,v = Σ_j A_j,i,u B_o,j,v" in done.stdout
    assert "A: Σ_(j < m, i < C_in, u < k_h) 1 = k_h C_in m" in done.stdout
    assert "in all k_h C_in m + k_w C_out m" in done.stdout
    assert done.stdout.count("They are the convolution with this kernel") == 2
    assert "Tucker-2 convolution" in done.stdout


def test_a_theorem_runs_and_prints_its_proof():
    done = script("theorems", "T2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("T2 rank-one  proved  Rank one")
    assert "counterexample" in done.stdout


@pytest.mark.parametrize(
    ("package", "name", "words"),
    [
        ("families", "asymetric", "derive: unknown family asymetric; did you mean asymmetric?"),
        ("theorems", "rank-onee", "derive: unknown theorem rank-onee; did you mean rank-one?"),
        ("families", "--json", "derive: no option --json: give names, or nothing for all"),
    ],
)
def test_a_wrong_name_is_one_line(package, name, words):
    done = script(package, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(words)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_derived_up_to_what_branches_add(name):
    text = derive.families[name].derivation
    assert text.count("\n  in all ") == len(COUNTS)
    assert ("adding the branches" in text) == (name in ("acnet-block", "network-decoupling"))


def test_a_total_that_its_stages_do_not_make_is_an_error(monkeypatch):
    from derive.render import derivation as module

    steps = module.stage_steps
    wrong = {"weights": "products"}
    monkeypatch.setattr(
        module,
        "stage_steps",
        lambda stage: {x: steps(stage)[wrong.get(x, x)] for x in steps(stage)},
    )
    with pytest.raises(CheckError, match="the stages of cp do not add up to its parameters"):
        derivation(FAMILIES["cp"])
