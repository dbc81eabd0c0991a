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
# A figure: what Python gives its script, and the mark of its first state.
FIGURE = re.compile(
    rf'<template class="facts"[^>]*>([^<]*)</template>\s*<div class="stage">{MARK.pattern}'
)


def mark(name: str) -> str:
    """Where a first state belongs in a page.

    >>> mark("lab")
    '<!-- first state: lab -->'
    """
    return f"<!-- first state: {name} -->"


def with_first_states(
    pages: Mapping[str, str], given: Mapping[str, object], cache: BuildCache
) -> dict[str, str]:
    """The pages with the first states where their marks were; ``given`` is what the script gets.

    Raises CheckError if the script fails.
    """
    made = {
        Path(path).name: text
        for path, text in pages.items()
        if Path(path).parent == GENERATED and path.endswith(".js")
    }
    scripts = [file.read_text("utf-8") for file in sorted(SCRIPTS.rglob("*.js"))]
    figures = {name: facts for text in pages.values() for facts, name in FIGURE.findall(text)}
    given = {**given, "figures": {name: json.loads(facts) for name, facts in figures.items()}}
    known = digest([DRAW], json.dumps([made, given, scripts, bool(node())]))
    kept = cache.find("first-states", known)
    if kept is None:
        kept = cache.put("first-states", known, dict(_drawn(made, given)) if node() else {})
    states = dict.fromkeys(figures, WITHOUT_FIGURE) | {"curves": UNDRAWN} | _pairs(kept)
    return {
        path: MARK.sub(lambda found: states.get(found[1], WITHOUT), text)
        for path, text in pages.items()
    }


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


def _drawn(made: Mapping[str, str], given: Mapping[str, object]) -> dict[str, str]:
    """The HTML of every first state, by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
        for file, text in made.items():
            (folder / file).write_text(text, "utf-8")
        (folder / "package.json").write_text('{"type": "module"}', "utf-8")
        run = subprocess.run(
            [node(), str(DRAW.resolve()), name],
            input=json.dumps(given),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if run.returncode:
        raise CheckError(f"the first state of a page: {last_line(run.stderr, run.returncode)}")
    found: dict[str, str] = json.loads(run.stdout)
    return found
