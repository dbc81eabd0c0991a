"""The check of accessibility itself: nothing that axe would find is lost before it looks."""

import pytest

from tests.browser.axe import serious, violations

FAULTS = [
    ("light", "color-contrast", "e => { e.closest('p, td').style.color = '#ccc'; }"),
    ("dark", "color-contrast", "e => { e.closest('p, td').style.color = '#444'; }"),
    (
        "light",
        "aria-allowed-attr",
        "e => e.querySelector('math').setAttribute('aria-checked', 'true')",
    ),
]
FORMULAS = """() => [...document.querySelectorAll(".katex")].map((one) =>
  [one.querySelector("math").outerHTML, Math.round(one.getBoundingClientRect().width)])"""


@pytest.mark.parametrize(("scheme", "rule", "fault"), FAULTS)
def test_a_fault_at_a_formula_is_found_in_its_scheme(visit, scheme, rule, fault):
    page = visit("reference/conventions/")
    page.locator("p:has(.katex)").last.locator(".katex").last.evaluate(fault)
    found = serious(page)
    assert {one: [name for name, _ in told] for one, told in found.items()} == {scheme: [rule]}


def test_formulas_keep_their_size_and_their_words(visit):
    page = visit("families/asymmetric/")
    before = page.evaluate(FORMULAS)
    violations(page)
    after = page.evaluate(FORMULAS)
    assert page.locator(".katex-html:empty").count() == len(before) > 100
    assert [words for words, _ in before] == [words for words, _ in after]
    assert all(abs(a - b) <= 1 for (_, a), (_, b) in zip(before, after, strict=True))
