"""What a test waits for: a page has come to life, stands still, or has said something."""

from tests import waiting

PATIENCE = 1000 * waiting.PATIENCE  # ms

# One test for all pages: an element that a script brings to life is undefined until then.
ALIVE = "!document.querySelector(':not(:defined)')"

# Fonts and images are there, every transition has ended, and two frames have been drawn since.
# What is not laid out (`content-visibility`) neither moves nor loads until it comes near.
STILL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const near = (one) => one.checkVisibility({ contentVisibilityAuto: true });
  await document.fonts.ready;
  await Promise.allSettled([...document.images].filter(near).map((image) => image.decode()));
  await Promise.allSettled(document.getAnimations()
    .filter((one) => one instanceof CSSTransition && near(one.effect.target))
    .map((one) => one.finished));
  await frame();
  await frame();
  return true;
}"""

SHIFTED = """async () => {
  const seen = new PerformanceObserver(() => {});
  seen.observe({ type: "layout-shift", buffered: true });
  return seen.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
}"""

HEARD = """() => {
  window.heard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) window.heard.push(target.textContent.trim());
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def alive(page):
    """Wait until every element that a script defines is defined; say which one never is."""
    from playwright.sync_api import TimeoutError

    try:
        page.wait_for_function(ALIVE)
    except TimeoutError:
        left = page.locator(":not(:defined)").evaluate_all("all => all.map((one) => one.localName)")
        raise AssertionError(f"no script brought {set(left)} to life") from None


def still(page):
    """Wait until the page is alive and nothing on it is on its way any more."""
    alive(page)
    page.wait_for_function(STILL)


def everything_laid_out(page):
    """Have the page lay out what is far down too: what is not laid out has no text to be seen."""
    page.add_style_tag(content="* { content-visibility: visible !important; }")


def shifted(page):
    """How far things on the page have moved by themselves, once it stands still."""
    still(page)
    return page.evaluate(SHIFTED)


def listen(page):
    """Keep what elements say from now on, also what they say for a short while only."""
    page.evaluate(HEARD)


def heard(page, words):
    """Wait until an element has said the words."""
    page.wait_for_function("words => window.heard.includes(words)", arg=words)


def shown(page, words, place):
    """Wait until the first element at a place has the words in it."""
    page.wait_for_function(
        "([place, words]) => document.querySelector(place).textContent.includes(words)",
        arg=[place, words],
    )


def address(page):
    """The address as the page sees it: what the browser reports may be late."""
    return page.evaluate("location.href")
