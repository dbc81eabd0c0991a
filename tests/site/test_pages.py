"""The generated pages: one per family, numbers from the facts, loops that must agree."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from derive import oracle
from derive.algebra.counting import counted, StageCount
from derive.catalogue import FAMILIES
from derive.comparison import _given as remembered
from derive.comparison import rows
from derive.facts import compare
from derive.notation.axis import Axis
from derive.notation.errors import CheckError, InputError
from derive.parse.layer import read_layer
from derive.render.diagram import pipelines
from derive.render.latex import printed_latex
from derive.render.steps import stage_steps
from derive.site import at_work, pages
from derive.site.cache import CACHE
from derive.site.cross_check import both_ways
from derive.site.example_row import example
from derive.site.katex import Katex
from derive.site.npm import Store
from derive.site.pages import conventions, family
from tests.once import alone
from tests.site.generated import generated
from tests.tools import need


@pytest.fixture(scope="module")
def book(web):
    """The generated files; what is stale is made by one worker, the other finds it made."""
    with alone(web[1] / "built.lock"):
        return generated()


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_a_page_with_its_own_numbers(book, name):
    entry = FAMILIES[name]
    row, standard = example(entry)
    text = book[f"families/{name}.md"]
    assert f"# {entry.title}" in text
    macs = f"| {row.number('macs'):,} | {standard.number('macs'):,} |"
    assert f"| [MACs and multiplications](#macs) {macs}" in text
    assert f"{row.number('parameters'):,} weights and {row.number('macs'):,} MACs" in text
    assert all(words in text for words in ("- **Contains**", "- **Contained in**"))
    assert ("<at-work>" in text) == (at_work.at_work_row(entry) is not None)
    assert all(source in text for source in entry.sources)
    assert entry.exact_when in text or "**Every kernel** is of this form" in text


def test_home_has_the_table_of_compare(book):
    for row in compare(read_layer()).families:
        assert f"<td>{row.parameters:,}</td><td>{row.macs:,}</td>" in book["index.md"]


def test_home_and_families_lead_to_the_proofs(book):
    for name in ("rank-one", "asymmetric-rank", "two-factor", "intersections"):
        assert f"](theorems/{name}.md)" in book["index.md"]
    for name in FAMILIES:
        listed = book[f"families/{name}.md"].split("## Theorems")[1]
        assert "| T1 | [Pipeline](../theorems/pipeline.md) |" in listed
        assert "[The pipeline theorem](../theorems/pipeline.md)" in listed


def test_navigation_lists_every_family():
    listed = [path for item in pages.navigation()["families/*"] for path in item.values()]
    assert listed == [f"families/{name}.md" for name in FAMILIES]


@pytest.mark.parametrize("name", FAMILIES)
def test_pictures_are_labelled_with_the_shapes_of_every_stage(name):
    row, _ = example(FAMILIES[name])
    for picture, (_, stages) in zip(pipelines(row), row.count.stages, strict=True):
        svg = fromstring(picture)
        words = "".join(svg.itertext())
        for stage in stages:
            shape = [int(extent.xreplace(row.values)) for _, extent in stage.stage.domain]
            sides = shape[-len(row.layer.axes) :]
            channels = 1
            for extent in shape[: -len(row.layer.axes)]:
                channels *= extent
            assert " × ".join(map(str, [*sides, channels])) in words
            assert f"{int(stage.weights.xreplace(row.values)):,} weights" in words
        width = float(svg.get("viewBox").split()[2])
        assert all(float(x.get("x")) < width for x in svg.iter() if x.get("x"))


@pytest.mark.parametrize("name", FAMILIES)
def test_shares_of_counts_are_printed_without_a_minus(name):
    """Weights and products only ever add up: a minus would be a printer's error."""
    shares = {one.section.name: one.ratio for one in family.context(FAMILIES[name]).counts}
    pair = (shares["parameters"], shares["macs"])
    assert [share is None for share in pair] == [name == "standard"] * 2
    assert "-" not in "".join(map(printed_latex, pair))


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What was worked out while something was broken must not outlive the test."""
    yield
    counted.cache_clear()
    remembered.cache_clear()


def test_the_build_stops_when_a_road_disagrees(monkeypatch):
    row = next(row for row in rows(read_layer())[0] if row.entry.name == "asymmetric")
    assert both_ways(row)
    monkeypatch.setattr(StageCount, "additions", property(lambda self: self.products))
    monkeypatch.setattr("derive.comparison.counted", counted.__wrapped__)  # what was counted before
    with pytest.raises(CheckError, match="formulas and loops disagree"):
        both_ways(row)


def test_the_build_stops_when_the_pipeline_is_another_function(monkeypatch):
    row = next(row for row in rows(read_layer())[0] if row.entry.name == "asymmetric")
    contract = oracle.contract

    def wrong(*arguments):
        kernel = contract(*arguments)
        first = next(iter(kernel))
        return {**kernel, first: kernel[first] + 1}

    monkeypatch.setattr(oracle, "contract", wrong)
    with pytest.raises(CheckError, match="output"):
        both_ways(row)


def test_the_build_stops_when_a_step_is_no_equation(monkeypatch):
    ((_, (stage, _)),) = FAMILIES["asymmetric"].count.stages
    assert stage_steps(stage)
    monkeypatch.setattr(StageCount, "products", property(lambda self: self.outputs))
    with pytest.raises(CheckError, match="is not"):
        stage_steps(stage)


def test_the_build_stops_when_the_axis_leaves_the_conventions(monkeypatch):
    assert conventions.context()
    monkeypatch.setattr(Axis, "output", property(lambda self: self.room))
    with pytest.raises(CheckError, match="no longer describes"):
        conventions.context()


def test_markdown_for_another_builder(tmp_path):
    from derive.site.build import write_markdown

    assert write_markdown(tmp_path) > len(FAMILIES)
    assert (tmp_path / "docs" / "families" / "asymmetric.md").is_file()
    assert (tmp_path / "docs" / "reference" / "glossary.md").is_file()


def test_no_formula_is_broken(book, tmp_path):
    """Every formula of every page is set by KaTeX, which refuses what it does not know."""
    katex = Katex(Store(CACHE))
    try:
        folder = katex.folder
    except (InputError, ModuleNotFoundError) as error:
        need(False, f"KaTeX cannot be fetched: {error}")
    assert (folder / "katex.min.js").is_file()
    code = re.compile(r"^ *```.*?^ *```$", flags=re.MULTILINE | re.DOTALL)
    prose = "".join(code.sub("", text) for text in book.values())
    inline = re.findall(r"\\\((.+?)\\\)", prose)
    lines = re.findall(r"^ *\\\[(.+?)\\\]$", prose, flags=re.MULTILINE | re.DOTALL)
    marked = [f'<span class="arithmatex">\\({tex}\\)</span>' for tex in (*inline, *lines)]
    assert len(inline) > 1500
    assert len(lines) > 500
    katex.prepare(marked)
    with pytest.raises(InputError, match="mathematics"):
        katex.prepare([r'<span class="arithmatex">\(\frac{1\)</span>'])
