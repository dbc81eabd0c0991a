"""What axe-core finds on a page, once no colour is on its way from one scheme to the other."""

from tests.browser.states import still


def violations(page, within=None):
    """Every rule that is broken, as axe-core tells it."""
    from axe_playwright_python.sync_playwright import Axe

    still(page)
    return Axe().run(page, within).response["violations"]


def told(violation):
    """A broken rule, and the first elements that break it."""
    return violation["id"], [node["html"][:160] for node in violation["nodes"]][:3]


def serious(page):
    """What keeps someone from reading the page."""
    return [told(one) for one in violations(page) if one["impact"] in ("serious", "critical")]
