"""The check of accessibility itself: nothing that axe would find is lost before it looks."""

import pytest

from tests.browser.axe import serious, violations

FAULTS = {
    "color-contrast": "e => { e.closest('p, td').style.color = '#ccc'; }",
    "aria-allowed-attr": "e => e.querySelector('math').setAttribute('aria-checked', 'true')",
}
FORMULAS = """() => [...document.querySelectorAll(".katex")].map((one) =>
  [one.querySelector("math").outerHTML, Math.round(one.getBoundingClientRect().width)])"""


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_at_a_formula_is_found(visit, rule):
    page = visit("reference/conventions/")
    page.locator("p:has(.katex)").last.locator(".katex").last.evaluate(FAULTS[rule])
    assert [name for name, _ in serious(page)] == [rule]


def test_formulas_keep_their_size_and_their_words(visit):
    page = visit("families/asymmetric/")
    before = page.evaluate(FORMULAS)
    violations(page)
    after = page.evaluate(FORMULAS)
    assert page.locator(".katex-html:empty").count() == len(before) > 100
    assert [words for words, _ in before] == [words for words, _ in after]
    assert all(abs(a - b) <= 1 for (_, a), (_, b) in zip(before, after, strict=True))
