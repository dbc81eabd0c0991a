"""The other two engines, a phone's window each: Firefox by WebDriver BiDi, WebKitGTK by WebDriver.

Both are started as they come from the distribution, and spoken to without a driver of others:
nothing is fetched. A page keeps what it complains about from its first line on, in ``heard``.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.tools import need, package
from tests.waiting import PATIENCE, waited
from tests.web import Quiet

PHONE = {"width": 390, "height": 844}
LISTENER = """<head><script>
  window.heard = [];
  addEventListener("error", ({ message, target }) =>
    heard.push(message ?? `no ${target.src ?? target.href}`), true);
  addEventListener("unhandledrejection", ({ reason }) => heard.push(String(reason)));
  console.error = (...words) => heard.push(words.join(" "));
</script>"""
MINI_BROWSER = ("/usr/lib/*/webkit2gtk-4.?/MiniBrowser", "/usr/libexec/webkit2gtk-4.?/MiniBrowser")


class Heard(Quiet):
    """A folder whose pages listen to their own complaints."""

    def do_GET(self):  # noqa: N802, the library's name
        page = Path(self.translate_path(self.path)) / "index.html"
        if not page.is_file():
            super().do_GET()
            return
        body = page.read_text("utf-8").replace("<head>", LISTENER, 1).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def heard(folder):
    """The address of a site whose pages listen to their own complaints."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Heard, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def process(*words, **how):
    """A program that runs for a while, and its output."""
    with subprocess.Popen(words, text=True, stderr=subprocess.DEVNULL, **how) as started:
        try:
            yield started
        finally:
            started.terminate()


@dataclass(frozen=True)
class Firefox:
    """A tab of Firefox, at the other end of a WebSocket."""

    socket: Any
    numbers: Any = field(default_factory=count)
    tab: list[str] = field(default_factory=list)

    def call(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (said := json.loads(self.socket.recv(PATIENCE))).get("id") != number:
            pass  # what has happened meanwhile
        assert said["type"] == "success", said
        return said["result"]

    def start(self):
        self.call("session.new", capabilities={})
        self.tab.append(self.call("browsingContext.create", type="tab")["context"])
        self.call("browsingContext.setViewport", context=self.tab[0], viewport=PHONE)

    def open(self, url):
        self.call("browsingContext.navigate", context=self.tab[0], url=url, wait="complete")

    def run(self, script):
        """The value of an expression, awaited."""
        said = self.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({script})) ?? null))()",
            target={"context": self.tab[0]},
            awaitPromise=True,
        )
        assert said["type"] == "success", said
        return json.loads(said["result"]["value"])


@dataclass(frozen=True)
class WebKit:
    """The window of WebKitGTK's browser, at the other end of its driver."""

    session: str

    def call(self, command, **parameters):
        return post(f"{self.session}/{command}", **parameters)

    def start(self):
        self.call("window/rect", x=0, y=0, **PHONE)

    def open(self, url):
        self.call("url", url=url)

    def run(self, script):
        """The value of an expression, awaited."""
        wrapped = f"return (async () => JSON.stringify((await ({script})) ?? null))()"
        return json.loads(self.call("execute/sync", script=wrapped, args=[]))


def post(url, /, **parameters):
    """What a driver answers."""
    request = Request(url, json.dumps(parameters).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        return pytest.fail(error.read().decode())


@contextmanager
def firefox():
    """A tab of Firefox, as wide as a phone."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    need(program, "Firefox is not installed: apt install firefox-esr")
    connect = package("websockets.sync.client").connect
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = (program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile")
        with process(*words, profile):
            place = waited(lambda: written(Path(profile) / "WebDriverBiDiServer.json"))
            address = f"ws://{place['ws_host']}:{place['ws_port']}/session"
            with connect(address, max_size=None) as opened:
                tab = Firefox(opened)
                tab.start()
                yield tab
                tab.call("browser.close")


@contextmanager
def webkit():
    """A window of WebKitGTK on a screen that nobody sees, as wide as a phone."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    need(driver and screen, "WebKit is not installed: apt install webkit2gtk-driver xvfb")
    size = "{width}x{height}x24".format(**PHONE)
    words = (screen, "-displayfd", "1", "-screen", "0", size)
    with process(*words, stdout=subprocess.PIPE) as started:
        display, port = f":{started.stdout.readline().strip()}", free_port()
        with process(driver, f"--port={port}", env={**os.environ, "DISPLAY": display}):
            address = f"http://127.0.0.1:{port}"
            waited(lambda: listens(port))
            # Without its bars the window may be as narrow as a phone.
            browser = {"binary": mini_browser(), "args": ["--automation", "--full-screen"]}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser}}
            session = post(f"{address}/session", capabilities=wanted)["sessionId"]
            window = WebKit(f"{address}/session/{session}")
            window.start()
            yield window
            urlopen(Request(window.session, method="DELETE"), timeout=PATIENCE).close()


def written(file):
    """The data in a file, once it is whole."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def mini_browser():
    found = [file for place in MINI_BROWSER for file in Path("/").glob(place.lstrip("/"))]
    need(found, "WebKitGTK's MiniBrowser is not installed")
    return str(found[-1])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


ENGINES = {"firefox": firefox, "webkit": webkit}
