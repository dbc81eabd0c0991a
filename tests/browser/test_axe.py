"""The check of accessibility itself: nothing that axe would find is lost before it looks."""

import pytest

from tests.browser.axe import COLOURS, PALETTES, serious, violations

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
    assert [name for name, _ in serious(page)["light"]] == [rule]


@pytest.mark.parametrize(("scheme", "palette"), PALETTES.items())
def test_a_colour_that_fails_in_one_scheme_is_found_there(visit, scheme, palette):
    page = visit("learn/same/")
    pale = "p { color: #777 !important; background: #888; }"
    page.add_style_tag(content=f"[data-md-color-scheme={palette}] {pale}")
    (found,) = serious(page).items()
    assert (found[0], [name for name, _ in found[1]]) == (scheme, ["color-contrast"])


def test_the_rules_of_colours_are_axes(visit):
    page = visit("learn/same/")
    violations(page, "h1")
    rules = page.evaluate("axe.getRules(['cat.color']).filter((rule) => rule.enabled)")
    assert {rule["ruleId"] for rule in rules} == set(COLOURS)


def test_formulas_keep_their_size_and_their_words(visit):
    page = visit("families/asymmetric/")
    before = page.evaluate(FORMULAS)
    violations(page)
    after = page.evaluate(FORMULAS)
    assert page.locator(".katex-html:empty").count() == len(before) > 100
    assert [words for words, _ in before] == [words for words, _ in after]
    assert all(abs(a - b) <= 1 for (_, a), (_, b) in zip(before, after, strict=True))
