"""How quick the site is: python benchmarks/site.py [--build] [--edit] [--read] [--type]

--build: `derive build` from a cold cache against the same pages built as plain Markdown by MkDocs;
goal: 2.5 times.
--edit: seconds from an edit to the page under `derive serve` (medians of 3); goal: a few.
--read: Lighthouse on a phone (medians of 3) on a page of every kind, and what home transfers
compressed; goals: performance 95, all else 100, layout shift below 0.02, home below 250 kB. Needs
node and Chromium; Lighthouse is fetched into the cache. Only ratios and scores mean much.
--type: milliseconds from a keystroke to the finished layout (medians of 60); goal: 16, one frame.
"""

import argparse
import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".derive-cache"
TOOLS = CACHE / "tools"
ROUNDS = 3
PAGES = (  # one of every kind
    "",
    "families/",
    "families/asymmetric/",
    "theorems/asymmetric-rank/",
    "gallery/",
    "lab/kernel/",
    "lab/layer/",
    "lab/line/",
    "lab/count/",
    "learn/convolution/",
)
SCORES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
FIELDS = (
    ("", "#calculator-kernel", [str(1 + n % 9) for n in range(60)]),
    ("lab/layer/", "layer-lab input[name=in]", [str(3 + n) for n in range(60)]),
    ("lab/kernel/", "#kl-text", [f"1 2 1; 2 {n} 2; 1 2 1" for n in range(60)]),
)
KEYSTROKES = """([field, values]) => values.map((value) => {
  const box = document.querySelector(field), start = performance.now();
  box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight; // layout included
  return performance.now() - start;
})"""
EDITS = (
    ("derive/families/asymmetric.py", "families/asymmetric/", "column filter"),
    ("derive/theorems/rank_one.py", "theorems/rank-one/", "with one channel"),
    ("docs/reference/glossary.md", "reference/glossary/", "Words of the trade"),
)
COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml")
PLAIN = """
INHERIT: {root}/mkdocs.yml
docs_dir: {docs}
hooks: []
watch: []
nav: null
theme: {{name: material, font: false, custom_dir: "{root}/overrides"}}
validation:
  nav: {{omitted_files: ignore, not_found: ignore, absolute_links: ignore}}
  links: {{absolute_links: ignore, unrecognized_links: ignore, anchors: ignore, not_found: ignore}}
"""


class Gzipped(SimpleHTTPRequestHandler):
    """Text compressed, as any host does."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file() or path.suffix not in COMPRESSED:
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


def mkdocs(*arguments, **environment):
    """The seconds that a build takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", *arguments],
        check=True,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
    )
    return time.perf_counter() - start


def cold():
    """Nothing kept but the packages of npm, which are fetched only once."""
    for folder in ("theorems", "pages", "book", "python"):
        shutil.rmtree(CACHE / folder, ignore_errors=True)


def build(folder):
    """The ratios of a cold build to the same pages as plain Markdown."""
    docs, config = folder / "docs", folder / "plain.yml"
    subprocess.run([sys.executable, "-m", "derive", "build", "--markdown", docs], check=True)
    (folder / "derive").symlink_to(ROOT / "derive")  # the API page names a file of it
    config.write_text(PLAIN.format(root=ROOT, docs=docs), "utf-8")
    pairs = []
    for _ in range(ROUNDS):
        cold()
        ours = mkdocs("--strict", "--site-dir", str(folder / "ours"))
        pairs.append((ours, mkdocs("-f", str(config), "--site-dir", str(folder / "plain"))))
    ours, plain = (median(side) for side in zip(*pairs, strict=True))
    print(f"cold build over plain Markdown {median(a / b for a, b in pairs):.2f}  (goal 2.5)")
    print(f"  ours {ours:.1f} s, plain {plain:.1f} s")


def edit(folder):
    """How long an edited file takes to show, in a copy of the repository that is served."""
    copy, port = folder / "copy", free_port()
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "tools"))
    command = [sys.executable, "-m", "derive", "serve", "--address", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command,
        cwd=copy,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        shown(address, "</html>")
        for file, page, words in EDITS:
            spent = [seen_after(copy / file, address + page, words, n) for n in range(ROUNDS)]
            print(f"{file:36} {median(spent):5.1f} s, at most {max(spent):5.1f} s")
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait()


def seen_after(file, address, words, number):
    """The seconds until an edit of a file shows on a page."""
    text, new = file.read_text("utf-8"), f"{words} {number} times"
    assert words in text, f"{file} does not say: {words}"
    start = time.perf_counter()
    file.write_text(text.replace(words, new, 1), "utf-8")
    shown(address, new)
    spent = time.perf_counter() - start
    file.write_text(text, "utf-8")
    shown(address, new, gone=True)
    return spent


def shown(address, words, *, gone=False):
    """Wait until a page says something, or no longer does."""
    for _ in range(3000):
        try:
            with urlopen(address) as page:
                if (words in page.read().decode()) != gone:
                    return
        except OSError:
            pass  # not up yet
        time.sleep(0.04)
    raise SystemExit(f"{address} never {'lost' if gone else 'showed'}: {words}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def read(folder):
    """Scores of key pages, and the bytes of home."""
    if not (TOOLS / "node_modules" / "lighthouse").is_dir():
        npm = ["npm", "install", "--silent", "--ignore-scripts", "--prefix", str(TOOLS)]
        subprocess.run([*npm, "lighthouse@12.8.2"], check=True)
    with served(folder) as address:
        judged(address)


def judged(address):
    """One line per page, and what it does not pass."""
    print(f"{'page':28} {'perf':>5} {'a11y':>5} {'best':>5} {'seo':>5} {'shift':>7} {'kB':>6}")
    for page in PAGES:
        reports = [lighthouse(address + page) for _ in range(ROUNDS)]
        scores = [median(r["categories"][name]["score"] * 100 for r in reports) for name in SCORES]
        shift = median(number(r, "cumulative-layout-shift") for r in reports)
        weight = median(number(r, "total-byte-weight") for r in reports) / 1000
        words = " ".join(f"{score:5.0f}" for score in scores)
        print(f"{page or 'home':28} {words} {shift:7.4f} {weight:6.0f}")
        for name, title in sorted({bad for report in reports for bad in complaints(report)}):
            print(f"    {name}: {title}")


def typed(folder):
    """How long the calculators take to answer a keystroke, layout included."""
    from playwright.sync_api import sync_playwright

    with served(folder) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for path, field, values in FIELDS:
            page.goto(address + path)
            page.wait_for_timeout(1500)
            spent = sorted(page.evaluate(KEYSTROKES, [field, values]))
            print(f"{path or 'home':12} {median(spent):5.1f} ms, at most {spent[-1]:5.1f} ms")
        browser.close()


@contextmanager
def served(folder):
    """The site built for the address it is served at."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Gzipped, directory=str(folder)))
    address = f"http://127.0.0.1:{server.server_port}/book/"
    mkdocs("--site-dir", str(folder / "book"), SITE_URL=address)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()


def lighthouse(url):
    run = subprocess.run(
        [
            *("node", TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js", url),
            *("--quiet", "--output=json", f"--only-categories={','.join(SCORES)}"),
            f"--chrome-flags={FLAGS}",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
    )
    return json.loads(run.stdout)


def number(report, audit):
    return report["audits"][audit]["numericValue"]


def complaints(report):
    """The audits other than of performance that a page does not pass."""
    for name in SCORES[1:]:
        for entry in report["categories"][name]["auditRefs"]:
            audit = report["audits"][entry["id"]]
            if entry["weight"] and audit["score"] is not None and audit["score"] < 1:
                yield entry["id"], audit["title"]


def main():
    options = argparse.ArgumentParser(description="How quick the site is to build and to read.")
    measures = {"build": build, "edit": edit, "read": read, "type": typed}
    for name in measures:
        options.add_argument(f"--{name}", action="store_true")
    chosen = vars(options.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in measures.items():
            if chosen[name] or not any(chosen.values()):
                measure(Path(folder))


if __name__ == "__main__":
    main()
