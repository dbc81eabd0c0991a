"""Statements display named formulas: no mathematics is typed, and each formula is established."""

import re

import pytest

from derive.proof.claim import Claim
from derive.proof.library import THEOREMS
from derive.render.statement import claim_code, hypotheses, statement, use
from tests.proofs import verdict

RELATION = re.compile(
    r"[=<>/+^]|\\(ne|neq|le|leq|ge|geq|lt|gt|in|notin|subset|subseteq|equiv|iff|mid|nmid|approx|ll"
    r"|Leftrightarrow|Rightarrow|frac|tfrac|sum|prod|min|max|lceil|lfloor|sqrt|cdot|sup|binom)\b"
)
SINGLE = re.compile(r"_(\{[^{}]*\}|\\[a-z]+|.)|\^(\{.\}|\\[a-z]+|[^{])")  # hangs on one symbol


def typed(text):
    """The mathematics of a text that is more than symbols, named formulas aside."""
    for tex in re.findall(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", text, re.DOTALL):
        tex = tex[0] or tex[1]
        if RELATION.search(SINGLE.sub("", tex)):
            yield tex


def words(theorem):
    return "\n".join([*theorem.statement, *(one.words for one in theorem.hypotheses), theorem.use])


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_no_mathematics_is_typed(name):
    assert THEOREMS[name].formulas
    assert list(typed(words(THEOREMS[name]))) == []


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_every_formula_is_displayed_and_established(name):
    theorem = THEOREMS[name]
    established = [one for outcome in verdict(name).outcomes for one in outcome.establishes]
    for formula, one in theorem.formulas.items():
        assert re.search(rf"\${formula}\b|\$\{{{formula}\}}", words(theorem)), formula
        assert any(one is shown for shown in established), formula


EQUIVALENCE = re.compile(r"if and only if|exactly (when|if)|neither contains|are equivalent")


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_no_equivalence_is_typed(name):
    """What is said in both directions is named, so that sentences can say which they establish."""
    assert not EQUIVALENCE.search(" ".join(words(THEOREMS[name]).split()))


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_each_half_of_an_equivalence_is_established(name):
    theorem = THEOREMS[name]
    established = [one for outcome in verdict(name).outcomes for one in outcome.establishes]
    for word, said in theorem.said.items():
        assert f"${word}" in words(theorem), word
        assert [half.name for half in said.halves if half not in established] == [], word


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_nothing_is_left_unprinted(name):
    theorem = THEOREMS[name]
    assert not any(
        "$" in text for text in (*statement(theorem), *hypotheses(theorem), use(theorem))
    )


@pytest.mark.parametrize("name", sorted(THEOREMS))
def test_the_code_of_a_formula_says_what_it_says(name):
    """A relation that SymPy decides by the signs of its symbols was once only "True"."""
    claims = (one for one in THEOREMS[name].formulas.values() if isinstance(one, Claim))
    assert not [code for code in map(claim_code, claims) if re.search("= (True|False)$", code)]


@pytest.mark.parametrize(
    "text",
    [
        r"\(m < n\)",
        r"\[a \le b\]",
        r"\(2^{n - 1}\)",
        r"\(\frac{a}{b}\)",
        r"\(2/n\)",
        r"\(\max_i \rho_i\)",
        r"\(n^2\)",
    ],
)
def test_typed_mathematics_is_seen(text):
    assert list(typed(text)) or text == r"\(n^2\)"


@pytest.mark.parametrize(
    "text", [r"\(k_h\)", r"\(C_{\mathrm{in}}\)", r"\(3 \times 3\)", r"\(p^-\)"]
)
def test_symbols_and_sizes_may_be_typed(text):
    assert not list(typed(text))
