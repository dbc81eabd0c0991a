"""The visits of the tests: none finds what another left behind, except what was fetched."""

from urllib.parse import urlsplit

from tests.browser.conftest import emptied

LEFT = """async () => ({
  cookie: document.cookie,
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  clipboard: (await navigator.permissions.query({ name: "clipboard-read" })).state,
  scheme: matchMedia("print").matches,
})"""
LEAVE = """async () => {
  document.cookie = "left=1";
  localStorage.setItem("left", "1");
  sessionStorage.setItem("left", "1");
  await caches.open("left");
  await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
}"""
PAGE = "reference/errata/"


def opened(context, site):
    page = context.new_page()
    page.goto(site + PAGE)
    return page


def test_a_context_that_is_emptied_is_like_a_new_one(browser, site):
    context = browser.new_context()
    page = opened(context, site)
    before = page.evaluate(LEFT)
    page.evaluate(LEAVE)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(site))
    context.grant_permissions(["clipboard-read"], origin=origin)
    page.emulate_media(media="print")
    left = page.evaluate(LEFT)
    assert all(left[name] != before[name] for name in before)
    opened(context, site)
    context.route("**/*", lambda route: route.abort())
    context.set_offline(True)
    emptied(context, site)
    assert context.pages == []
    assert opened(context, site).evaluate(LEFT) == before
    context.close()


def test_two_visits_of_a_test_share_nothing(visit):
    one, other = visit(PAGE), visit(PAGE)
    one.evaluate(LEAVE)
    assert one.context != other.context
    assert other.evaluate("[localStorage.getItem('left'), document.cookie]") == [None, ""]


def test_a_first_visit_fetches_everything(visit):
    fetched = "performance.getEntriesByType('resource').map((one) => one.transferSize)"
    visit(PAGE)
    assert min(visit(PAGE, first=True).evaluate(fetched)) > 0
