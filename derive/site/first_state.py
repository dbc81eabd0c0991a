"""The first state of calculators and figures, and pictures that stay as they are, drawn by the
scripts that draw every later one.

Pages are made with a mark where it belongs; node fills it in once the generated scripts are there.
Where there is no node, a line says that they come with their script.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.facts.image import Json
from derive.notation.errors import CheckError
from derive.render.crash import last_line
from derive.site.cache import BuildCache
from derive.site.npm import command
from derive.site.sources import digest

SCRIPTS = Path("docs/assets/js")
GENERATED = Path("assets/js")
DRAW = Path(__file__).with_name("first_state.mjs")
WITHOUT = (
    '<p class="without-node">This copy of the site was built without node: the calculator appears'
    " when its script has run. <code>derive compare</code> prints the same table.</p>"
)
WITHOUT_FIGURE = (
    '<p class="without-node">This copy of the site was built without node: the figure appears when'
    " its script has run.</p>"
)
UNDRAWN = (
    '<p class="without-node">This copy of the site was built without node, which draws this'
    " picture. <code>derive factor</code> prints its numbers.</p>"
)
MARK = re.compile(r"<!-- first state: ([\w-]+) -->")


@dataclass(frozen=True)
class Given:
    """What the scripts get from Python: known layers, curves, and the facts of every figure."""

    known: Mapping[str, str]
    curves: Json
    figures: Mapping[str, Json]


def mark(name: str) -> str:
    """Where a first state belongs in a page.

    >>> mark("lab")
    '<!-- first state: lab -->'
    """
    return f"<!-- first state: {name} -->"


def first_states(scripts: Mapping[str, str], given: Given, cache: BuildCache) -> dict[str, str]:
    """The first states by name, as HTML, drawn by the scripts with those that are generated.

    Raises CheckError if a script fails.
    """
    ours = [file.read_text("utf-8") for file in sorted(SCRIPTS.rglob("*.js"))]
    known = digest([DRAW], json.dumps([scripts, vars(given), ours, bool(node())]))
    kept = cache.find("first-states", known)
    if kept is None:
        kept = cache.put("first-states", known, dict(_drawn(scripts, given)) if node() else {})
    without = {**dict.fromkeys(given.figures, WITHOUT_FIGURE), "curves": UNDRAWN}
    return without | _pairs(kept)


def with_first_states(text: str, states: Mapping[str, str]) -> str:
    """A page with the first states where their marks were.

    >>> with_first_states(f"<p>{mark('lab')}</p>", {"lab": "<form></form>"})
    '<p><form></form></p>'
    """
    return MARK.sub(lambda found: states.get(found[1], WITHOUT), text)


def _pairs(kept: Json) -> dict[str, str]:
    """Names and texts as the cache stores them."""
    assert isinstance(kept, dict)
    return {name: str(text) for name, text in kept.items()}


def node() -> str:
    """What starts node; nothing if there is none.

    >>> isinstance(node(), str)
    True
    """
    try:
        (found,) = command("node")
    except ImportError:
        return ""
    return found


def _drawn(scripts: Mapping[str, str], given: Given) -> dict[str, str]:
    """The HTML of every first state, by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
        for path, text in scripts.items():
            (folder / Path(path).relative_to(GENERATED)).write_text(text, "utf-8")
        (folder / "package.json").write_text('{"type": "module"}', "utf-8")
        run = subprocess.run(
            [node(), str(DRAW.resolve()), name],
            input=json.dumps(vars(given)),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if run.returncode:
        raise CheckError(f"the first state of a page: {last_line(run.stderr, run.returncode)}")
    found: dict[str, str] = json.loads(run.stdout)
    return found
