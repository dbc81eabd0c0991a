"""The strict build served below a subpath, and a browser that keeps what pages complain about."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.states import PATIENCE
from tests.once import once
from tests.tools import need, program

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BUILD = {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1795392000"}
LAPTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def served(web):
    """The strict build, made once for all workers: its address below a subpath, and its folder."""
    program("node")
    address, folder = web
    once(folder / "built", lambda: build(address, folder / "book"))
    return address, folder / "book"


def build(address, folder):
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **BUILD, "SITE_URL": address},
    )
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr


@pytest.fixture(scope="session")
def site(served):
    """The address of the strict build."""
    return served[0]


@pytest.fixture(scope="session")
def site_folder(served):
    """The folder of the strict build."""
    return served[1]


@dataclass(frozen=True)
class Patient:
    """A browser whose pages give a busy machine time."""

    browser: Any

    def new_context(self, **how):
        context = self.browser.new_context(**how)
        context.set_default_timeout(PATIENCE)
        return context

    def new_page(self, **how):
        return self.new_context(**how).new_page()


@pytest.fixture(scope="session")
def browser():
    """One browser per worker."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    need(chromium, "chromium is not installed")
    need(find_spec("playwright"), 'playwright is not installed: pip install -e ".[test]" brings it')
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS, timeout=PATIENCE)
        yield Patient(opened)
        opened.close()


@pytest.fixture(scope="session")
def contexts():
    """What tests with the same window and scheme take turns in, in the order of their visits."""
    return {}


def emptied(context, site):
    """Close the pages of a context; all that is left of them is what was fetched and compiled."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(site))
    context.unroute_all(behavior="ignoreErrors")
    context.set_offline(False)
    context.clear_permissions()
    context.clear_cookies()
    for page in context.pages[1:]:
        page.close()
    for page in context.pages:
        kept = {"origin": origin, "storageTypes": "local_storage,indexeddb,cache_storage"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
        page.close()


@pytest.fixture(scope="module")
def kept(browser):
    """One page for all tests of a file, with every request and complaint of it so far."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def visit(browser, site, contexts):
    """Open a page and keep what it complained about.

    Every visit of a test is in a context of its own, which the next test finds emptied; a new one
    takes as long as the rest of a visit. With ``first`` it is a new one, whose cache is empty.
    """
    taken, new = [], []

    def context(first, **how):
        if first:
            new.append(browser.new_context(**how))
            return new[-1]
        alike = contexts.setdefault(str(how), [])
        free = [one for one in alike if one not in taken]
        if not free:
            free = [browser.new_context(**how)]
            alike += free
        taken.append(free[0])
        return free[0]

    def opened(path, viewport=LAPTOP, scheme="light", first=False):
        page = context(first, viewport=viewport, color_scheme=scheme).new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((site, "data:")) else page.complaints.append(r.url),
        )
        answer = page.goto(site + path)
        page.status = answer.status
        return page

    yield opened
    for one in taken:
        emptied(one, site)
    for one in new:
        one.close()
