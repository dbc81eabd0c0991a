"""What axe-core finds on a page, once no colour is on its way from one scheme to the other.

Most of a page of the book are the spans that KaTeX paints its formulas with. They are hidden from
screen readers, whom their MathML is for, so of them axe looks at nothing but what takes the focus.
They are emptied first, at the size they have.
"""

from tests.browser.states import still

EMPTIED = """() => {
  const painted = [...document.querySelectorAll(".katex-html[aria-hidden=true]")]
    .filter((one) => !one.querySelector("a, button, input, [tabindex]"));
  const sizes = painted.map((one) => one.getBoundingClientRect());
  painted.forEach((one, n) => {
    const size = { width: `${sizes[n].width}px`, height: `${sizes[n].height}px` };
    Object.assign(one.style, { display: "inline-block", ...size });
    one.replaceChildren();
  });
}"""


def violations(page, within=None):
    """Every rule that is broken, as axe-core tells it."""
    from axe_playwright_python.sync_playwright import Axe

    still(page)
    page.evaluate(EMPTIED)
    return Axe().run(page, within).response["violations"]


def told(violation):
    """A broken rule, and the first elements that break it."""
    return violation["id"], [node["html"][:160] for node in violation["nodes"]][:3]


def serious(page):
    """What keeps someone from reading the page."""
    return [told(one) for one in violations(page) if one["impact"] in ("serious", "critical")]
