"""What axe-core finds on a page, once no colour is on its way from one scheme to the other.

Most of a page of the book are the spans that KaTeX paints its formulas with. They are hidden from
screen readers, whom their MathML is for, so of them axe looks at nothing but what takes the focus.
They are emptied first, at the size they have.
"""

from tests.browser.states import everything_laid_out, still

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


COLOURS = ("color-contrast", "link-in-text-block")  # the rules that another scheme can break
PALETTES = {"light": "default", "dark": "slate"}


def violations(page, within=None, rules=None):
    """Every rule that is broken, or every one of some, as axe-core tells it."""
    from axe_playwright_python.sync_playwright import Axe

    everything_laid_out(page)
    still(page)
    page.evaluate(EMPTIED)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    return Axe().run(page, within, options).response["violations"]


def told(violation):
    """A broken rule, and the first elements that break it."""
    return violation["id"], [node["html"][:160] for node in violation["nodes"]][:3]


def is_serious(violation):
    """Whether it keeps someone from reading the page."""
    return violation["impact"] in ("serious", "critical")


def in_scheme(page, scheme):
    """Wait until the page has the colours of a reader's scheme."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "name => document.body.dataset.mdColorScheme === name", arg=PALETTES[scheme]
    )


def in_both_schemes(page, within=None, counts=lambda _: True):
    """By colour scheme what is broken: every rule in the light one, those of colours in both."""
    found = {}
    for scheme, rules in {"light": None, "dark": list(COLOURS)}.items():
        in_scheme(page, scheme)
        found[scheme] = [told(one) for one in violations(page, within, rules) if counts(one)]
    return {scheme: broken for scheme, broken in found.items() if broken}


def serious(page):
    """What keeps someone from reading the page, by colour scheme."""
    return in_both_schemes(page, counts=is_serious)
