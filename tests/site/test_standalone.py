"""The exported pages need nothing outside their folder, and two other builders render them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from derive.notation.errors import InputError
from derive.site import build
from derive.site.cache import CACHE
from derive.site.katex import Katex
from derive.site.npm import Store
from derive.site.standalone import standalone
from tests.tools import need

PLACES = (os.environ.get("DERIVE_BUILDERS", ""), str(Path(sys.executable).parent))
BUILDERS = {  # the program, and what it is asked for
    "zensical": ("zensical", "build", "--strict", "-f", "mkdocs.yml"),
    "properdocs": ("properdocs", "build", "--strict", "-f", "mkdocs.yml"),
}
OUTSIDE = re.compile(r"^(--8<-- |::: |\{[%{])", re.MULTILINE)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The exported project."""
    folder = tmp_path_factory.mktemp("project")
    assert build.write_markdown(folder) > 50
    return folder


def leaves(nav):
    """The pages of a navigation."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in leaves(part)]


def test_the_navigation_is_written_out(project):
    config = yaml.safe_load((project / "mkdocs.yml").read_text("utf-8"))
    assert not {"hooks", "watch", "validation"} & config.keys()
    assert "custom_dir" not in config["theme"]
    pages = leaves(config["nav"])
    written = {str(p.relative_to(project / "docs")) for p in project.glob("docs/**/*.md")}
    assert set(pages) <= written
    assert {"families/cp.md", "theorems/rank-one.md", "learn/channels.md"} <= set(pages)
    files = (x["path"] if isinstance(x, dict) else x for x in config["extra_javascript"])
    assert all((project / "docs" / name).is_file() for name in (*files, *config["extra_css"]))


def test_no_page_takes_in_what_lies_elsewhere(project):
    for page in project.glob("docs/**/*.md"):
        prose = re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.M | re.S)
        assert not OUTSIDE.search(prose), page
    changes = (project / "docs/project/changelog.md").read_text("utf-8")
    assert Path("CHANGELOG.md").read_text("utf-8").rstrip() in changes
    reference = (project / "docs/reference/api.md").read_text("utf-8")
    for words in ("{: #derive.catalogue.Entry }", "def", ">>> ", "](#derive."):
        assert words in reference
    anchors = set(re.findall(r"\{: #(derive[\w.]*) \}", reference))
    assert set(re.findall(r"\]\(#(derive[\w.]*)\)", reference)) <= anchors


def test_a_snippet_that_is_not_there_is_one_line():
    with pytest.raises(
        InputError, match=r"^a\.md takes in none\.txt, which cannot be read: No such"
    ):
        standalone({"a.md": b'--8<-- "none.txt"\n'}, {}, Katex(Store(CACHE, online=False)))


def test_without_katex_formulas_stay_tex(tmp_path):
    nowhere = Katex(Store(tmp_path, online=False))
    files = standalone({"index.md": rb"\(x\)"}, {}, nowhere)
    config = yaml.safe_load(files["mkdocs.yml"])
    assert files["docs/index.md"] == rb"\(x\)"
    assert not [name for name in files if "katex" in name]
    assert "katex" not in repr(config)


@pytest.mark.parametrize("builder", BUILDERS)
def test_another_builder_renders_the_project(project, builder, tmp_path):
    program, *words = BUILDERS[builder]
    found = shutil.which(program, path=os.pathsep.join((*PLACES, os.environ["PATH"])))
    need(found, f"{program} is not installed: .ci/run installs it, with mkdocs-material")
    copied = tmp_path / "project"
    shutil.copytree(project, copied)
    ran = subprocess.run(
        [found, *words],
        cwd=copied,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ""},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    pages = {
        str(p.relative_to(copied / "docs").with_suffix("")) for p in copied.glob("docs/**/*.md")
    }
    for page in pages:
        place = page.removesuffix("index").strip("/")
        text = (copied / "site" / place / "index.html").read_text("utf-8")
        tex = re.sub(r"(?s)<(pre|code|script|template)\b.*?</\1>", "", text)
        tex = re.sub(r'(?s)<(span|div) class="arithmatex">.*?</\1>', "", tex)
        assert "\\(" not in re.sub(r'="[^"]*"', "", tex), page  # every formula is marked
    home = (copied / "site" / "theorems" / "rank-one" / "index.html").read_text("utf-8")
    assert "assets/katex/katex.min.js" in home
    assert "assets/js/typeset.js" in home
    assert "../order-gap/" in home  # the navigation
