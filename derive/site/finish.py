"""Two files that the built site has in addition to its pages: llms.txt and the list of pages."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from derive.site.backlinks import KINDS

ABOUT = """\
A book about convolutions written as contractions of smaller factors: asymmetric (n × 1, then \
1 × n), depthwise separable, bottleneck (Tucker-2), CP, strip, (2+1)D and others. Every formula, \
count and condition on it is derived from one line per family with SymPy when the site is built, \
proved or checked by machine, and compared with literal loops."""
CONTRACT = """\
`pip install -e .` in a clone gives the command `derive`; each command takes `--json`, whose \
answer has a top-level key `schema` (derive/compare/1, derive/family/1, derive/prove/1, \
derive/theorem/1, derive/factor/1). Data goes to standard output, the rest to standard error; the \
exit code is 0 on success, 1 when a proof or check fails, 2 on bad input."""
COMMANDS = (
    ("derive compare --image 128x128 --in 3 --out 8 --kernel 3", "every family on one layer"),
    ("derive family NAME", "definition, stages, formulas and the kernels a family represents"),
    ('derive define "A[j,i,u] B[o,j,v]"', "the same for a line of your own"),
    ("derive factor KERNEL --as FAMILY", "is this kernel of that form: factors or a certificate"),
    ("derive count MODEL", "a network, a file of ONNX or a list of layers, layer by layer"),
    ("derive prove [ID ...]", "runs the proofs, sentence by sentence"),
    ("derive theorem ID", "one theorem with its proof"),
)


@dataclass(frozen=True)
class PageItem:
    """A page in a list: where it is, its title and its one line."""

    url: str
    title: str
    description: str


def llms(pages: Iterable[PageItem], site: str = "") -> str:
    """The text of llms.txt: what the book is, how to call it, and every page with its one line.

    >>> print(llms([PageItem("families/cp/", "CP", "A sum.")]).splitlines()[-1])
    - [CP](families/cp/): A sum.
    """
    root = f"{site.rstrip('/')}/" if site else ""
    parts: dict[str, list[PageItem]] = {}
    for page in pages:
        part = page.url.split("/")[0] if page.url else ""
        parts.setdefault(KINDS.get(part, part.title()), []).append(page)
    lines = ["# Separable", "", f"> {ABOUT}", "", "## Command line", "", CONTRACT, ""]
    lines += [f"- `{command}`: {words}" for command, words in COMMANDS]
    for part, members in parts.items():
        lines += ["", f"## {part}", ""]
        lines += [f"- [{one.title}]({root}{one.url or './'}): {one.description}" for one in members]
    return "\n".join(lines) + "\n"


def finish(site: Path, pages: list[PageItem], address: str) -> None:
    """Write the files into a site as it is built."""
    (site / "assets").mkdir(parents=True, exist_ok=True)
    (site / "llms.txt").write_text(llms(pages, address), encoding="utf-8")
    listed = json.dumps([[page.url, page.title] for page in pages], ensure_ascii=False)
    (site / "assets" / "pages.json").write_text(listed, encoding="utf-8")
