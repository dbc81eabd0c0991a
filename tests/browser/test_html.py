"""Every built page is valid HTML, but for faults of the theme, listed with their reasons.

On all pages but two the markup of KaTeX and of listings is left out: it is alike everywhere, and
most of the site.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from derive.site.cache import CACHE
from tests.once import alone
from tests.tools import need, program

VALIDATOR = "html-validate@10.9.0"  # 11 needs node 22
TOOLS = CACHE.resolve() / "tools"
FAULTS = json.loads(Path(__file__).with_name("html_faults.json").read_text("utf-8"))
CONFIG = {
    "root": True,
    "extends": ["html-validate:standard", "html-validate:document"],
    "rules": {"require-sri": "off"},  # everything comes from the same origin
}
LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
LARGEST = 400_000  # bytes
WHOLE = ("families/cp/index.html", "theorems/rank-one/index.html")


@pytest.fixture(scope="module")
def validator():
    """html-validate, installed into the cache without running anyone's scripts."""
    script = TOOLS / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    with alone(TOOLS / "npm.lock"):
        if not script.is_file():
            arguments = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            words = [*program("npm"), "install", *arguments, "--prefix", str(TOOLS), VALIDATOR]
            subprocess.run(words, check=False)
    need(script.is_file(), f"npm cannot fetch {VALIDATOR}")
    return script


@pytest.fixture(scope="module")
def complaints(validator, site_folder, tmp_path_factory):
    """What the validator says about the pages: page, rule, message and selector."""
    return judged(validator, copied(site_folder, tmp_path_factory.mktemp("html")))


def copied(site, folder):
    """The pages of the site without their formulas, but for two."""
    for page in site.rglob("*.html"):
        name = page.relative_to(site)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = page.read_text("utf-8")
        target.write_text(text if str(name) in WHOLE else LISTING.sub("", without(text)), "utf-8")
    return folder


def without(page):
    """A page without what KaTeX has set; its spans are balanced, so depth tells where each ends."""
    pieces, at = [], 0
    while (start := page.find('<span class="katex">', at)) >= 0:
        pieces.append(page[at:start])
        depth = 0
        for tag in re.compile(r"<(/?)span\b").finditer(page, start):
            depth += -1 if tag[1] else 1
            if not depth:
                at = page.index(">", tag.end()) + 1
                break
    return "".join([*pieces, page[at:]])


def judged(validator, folder):
    (folder / ".htmlvalidate.json").write_text(json.dumps(CONFIG), "utf-8")
    said = folder / "said.json"  # a pipe would be cut off when the validator exits
    with said.open("w") as file:
        words = [*program("node"), str(validator), "--formatter", "json", str(folder)]
        subprocess.run(words, stdout=file, check=False)
    return [
        (
            str(Path(page["filePath"]).relative_to(folder)),
            m["ruleId"],
            m["message"],
            m.get("selector") or "",
        )
        for page in json.loads(said.read_text("utf-8"))
        for m in page["messages"]
    ]


def excused(fault, complaint):
    _, rule, message, selector = complaint
    return (
        rule == fault["rule"]
        and re.search(fault["where"], message + selector)
        and re.search(fault.get("selector", ""), selector)
    )


def test_no_element_says_how_markdown_reads_it(site_folder):
    """No rule of the validator sees it on an element with a name of its own."""
    said = re.compile(r"<[^<>]* markdown[=\s>][^<>]*")
    found = {page: said.findall(page.read_text("utf-8")) for page in site_folder.rglob("*.html")}
    assert {str(page): tags for page, tags in found.items() if tags} == {}


def test_no_page_is_too_large(site_folder):
    sizes = {str(page): page.stat().st_size for page in site_folder.rglob("*.html")}
    assert {page: size for page, size in sizes.items() if size > LARGEST} == {}


def test_every_page_is_valid(complaints):
    left = [one for one in complaints if not any(excused(fault, one) for fault in FAULTS)]
    assert left == []


def test_every_listed_fault_still_occurs(complaints):
    """A fault that the theme has mended is taken off the list."""
    idle = [one["why"] for one in FAULTS if not any(excused(one, c) for c in complaints)]
    assert idle == []


def test_the_validator_sees_what_is_broken(validator, tmp_path):
    page = "<!DOCTYPE html><html lang='en'><head><title>A</title></head><body>{}</body></html>"
    (tmp_path / "bad.html").write_text(page.format("<p><built-in method></p>"), "utf-8")
    assert "close-order" in {rule for _, rule, *_ in judged(validator, tmp_path)}


def test_formulas_are_left_out_whole():
    page = '<p>a<span class="katex"><span>x<span>y</span></span></span>b<span>c</span></p>'
    assert without(page) == "<p>ab<span>c</span></p>"
