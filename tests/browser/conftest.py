"""The strict build served below a subpath, and a browser that keeps what pages complain about."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Patient(opened)
        opened.close()


@pytest.fixture(scope="session")
def reader(browser, site):
    """The one context of a worker: its page and its cache keep what all pages share."""
    context = browser.new_context()
    page_of(context, site)
    return context


@pytest.fixture
def visit(reader, site):
    """Open a page as who has read others before, and keep what it complained about."""
    idle = reader.pages[:1]
    yield lambda path, *how, **named: opened(
        idle.pop() if idle else page_of(reader, site), site + path, *how, **named
    )
    forget(reader)


@pytest.fixture
def first_visit(browser, site):
    """The same with nothing fetched before: what comes late may move what is there."""
    context = browser.new_context()
    yield lambda path, *how, **named: opened(page_of(context, site), site + path, *how, **named)
    context.close()


def page_of(context, site):
    """A new page that keeps what it complains about."""
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((site, "data:", "about:")) else page.complaints.append(r.url)
        ),
    )
    return page


def opened(page, url, viewport=LAPTOP, scheme="light"):
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.status = page.goto(url).status
    return page


def forget(context):
    """Leave one empty page, and take back all that a test may have done to it."""
    context.set_offline(False)
    context.unroute_all(behavior="ignoreErrors")
    context.clear_permissions()
    context.clear_cookies()
    first, *others = context.pages
    for page in others:
        page.close()
    if first.url.startswith("http"):
        first.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    first.unroute_all(behavior="ignoreErrors")
    first.goto("about:blank")
    first.mouse.move(-1, -1)
    first.complaints = []
