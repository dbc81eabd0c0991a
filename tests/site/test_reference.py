"""Behind the family, theorem and reference pages: sources, copies, links, conventions."""

import re
from html import unescape
from importlib.util import find_spec

import pytest
from sympy import expand, Matrix, MatrixBase, MatrixExpr

from derive.catalogue import FAMILIES
from derive.comparison import rows
from derive.facts.conventions import CONVENTIONS
from derive.notation.errors import CheckError, InputError
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS
from derive.render.code import sympy_code
from derive.site import backlinks, bibliography, reported
from derive.site.card import HEIGHT, social_card, WIDTH
from derive.site.copying import attribute
from derive.site.edited import edited, ROOT
from derive.site.finish import COMMANDS
from derive.site.generate import Contents
from derive.site.order import about_family
from derive.site.pages import errata, family
from derive.site.templating import render
from tests.proofs import verdicts
from tests.tools import need

CITED = {**FAMILIES, **THEOREMS}


@pytest.mark.parametrize("name", CITED)
def test_every_source_is_in_the_bibliography(name):
    for source in CITED[name].sources:
        works = bibliography.named(source)
        assert works
        for work in works:
            assert work.authors.split(",")[0].split()[0] in source or work.title in source
            assert not work.arxiv or work.arxiv in source or work.title in source


def test_a_source_that_is_not_listed_stops_the_build():
    with pytest.raises(InputError, match=r"bibliography\.json lacks its source, add it there: Nob"):
        bibliography.named("Nobody (1900), Nothing, arXiv 0001.00001")


def test_the_bibliography_is_in_order_and_its_numbers_are_well_formed():
    works = bibliography.works()
    assert len(works) > 55
    assert len({w.arxiv for w in works.values() if w.arxiv}) == sum(
        bool(w.arxiv) for w in works.values()
    )
    for name, work in works.items():
        assert re.fullmatch(r"[a-z]+-\d+", name)
        assert not work.arxiv or re.fullmatch(r"\d{4}\.\d{4,5}", work.arxiv)
        assert work.year is None or name.endswith((str(work.year), "1708"))
        assert work.links or work.venue


def test_works_know_who_cites_them():
    families = bibliography.citing({name: one.sources for name, one in FAMILIES.items()})
    assert families["jaderberg-2014"] == ["asymmetric", "grouped-asymmetric"]
    assert families["winograd-1980"] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_code_of_every_formula_makes_it_again(name):
    for key, formula in FAMILIES[name].formulas.items():
        space = {}
        exec(sympy_code(formula.expr, key), space)  # our own code, which readers run
        assert space[key] == formula.expr


def alike(one, other):
    """Whether two expressions are the same but for how their products and sums are written."""
    if isinstance(one, MatrixBase | MatrixExpr):
        return (Matrix(one) - Matrix(other.doit())).applyfunc(expand).is_zero_matrix
    return one == other or expand(one - other) == 0


def test_the_code_of_a_proof_makes_its_expressions_again():
    made = 0
    for verdict in verdicts().values():
        for outcome in verdict.steps:
            for _, expr in outcome.result.shown:
                if code := sympy_code(expr):
                    space = {}
                    exec(code, space)  # our own code, which readers run
                    assert alike(space["expression"], expr), code
                    made += 1
    assert made > 100


@pytest.mark.parametrize("name", FAMILIES)
def test_every_displayed_formula_of_a_family_can_be_copied(name):
    text = render(
        "family.md.j2", family.context(FAMILIES[name]), theorems=[], order=about_family((), "")
    )
    shown = text.split('??? note "With any stride')[0]
    for at in re.finditer(r"^\\\[(.+)\\\]\n\n(.*)$", shown, re.MULTILINE):
        assert f'data-tex="{attribute(at[1])}"' in at[2]
    # Counts with one formula share its place.
    counts = {one.general: one for one in family.context(FAMILIES[name]).counts}
    for section in family.SECTIONS:
        count = counts[getattr(FAMILIES[name].count, section.name)]
        assert section.title.lower() in count.title.lower()
        for form in ("general", "square"):
            given = attribute(count.section.name)
            place = rf'data-name="{given}"[^>]*data-form="{form}"[^>]*data-guard='
            assert re.search(place, text), (section.name, form)
    assert len(re.findall(r"^ *\\\[", text, re.MULTILINE)) <= 100
    for anchor in ("assumptions", "mentioned", "rerun", "cite", "symbols"):
        assert f"{{: #{anchor} }}" in text
    assert f"separable-{name}," in text


def test_attributes_survive_markdown():
    tex = r"\{a_b\} < `c` & [d](e) *f* \(g\)"
    written = attribute(tex)
    assert not re.search(r"[\\`*_{}\[\]()<>]", written)
    assert unescape(written) == tex


def test_the_table_of_conventions_is_worked_out_from_the_counts():
    standard = rows(read_layer())[0][0]
    macs, outputs = standard.number("macs"), standard.number("activations")
    by_formula = {one.formula: one for one in reported.reported(standard)}
    assert by_formula["M + b"].biased == macs + outputs
    assert by_formula["2M − o + b"].plain == standard.number("flops")
    assert by_formula["2M − o + b"].biased == standard.number("flops_with_bias")
    assert by_formula["2Mᵢ + b"].plain == 2 * standard.number("macs_in_bounds")
    # measured, ../shared/conventions.md section 2
    assert {one.plain for one in by_formula.values()} == {3538944, 7077888, 6946816, 7004352}
    assert {one.biased for one in by_formula.values()} == {
        *(3538944, 3670016, 7077888, 7208960, 7135424),
    }


def test_the_table_of_conventions_quotes_ratios_as_they_were_measured():
    shares = dict(reported.shares(read_layer()))
    assert shares["depthwise-separable"][:4] == ["4.24×", "3.61×", "4.24×", "3.89×"]
    assert shares["asymmetric, m = 8"][1] == "0.8×"


def test_faults_name_tools_that_the_table_of_conventions_knows():
    known = {tool.split()[0] for one in CONVENTIONS for tool in one.tools}
    for fault in reported.faults():
        assert "{" not in fault["reports"]
        for tool in fault["tools"]:
            assert tool == "all but XLA" or tool.split()[0].rstrip(",") in {
                *(name.rstrip(",") for name in known)
            }
    reports = " ".join(one["reports"] for one in reported.faults())
    for figure in ("0.930", "27 × 27", "4 times", "3.06", "9.00"):  # measured
        assert figure in reports


def test_errata_are_worked_out():
    assert errata.midplanes(3, 64, side=7) == 83
    pairs = ((64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 512), (512, 512))
    assert [errata.midplanes(*pair) for pair in pairs] == [144, 230, 288, 460, 576, 921, 1152]
    values = errata.context().values
    assert [values[name] for name in ("pair", "standard", "percent")] == ["264", "216", "22"]


def test_backlinks_are_read_off_the_pages():
    home = backlinks.Seen("", "Answer", '<a href="families/cp/">CP</a>')
    cp = backlinks.Seen(
        "families/cp/", "CP", backlinks.PLACE + '<a href="../../theorems/t/#a">T</a>'
    )
    box = '<h3 id="box">Box<a class="headerlink">#</a></h3><a href="../families/cp/#cost">c</a>'
    gallery = backlinks.Seen("gallery/", "Gallery", box)
    every = backlinks.Seen("families/", "All", '<a href="cp/">CP</a>')
    found = backlinks.mentions([home, cp, gallery, every])
    assert [one.title for one in found["families/cp/"]] == ["Answer", "Box"]
    assert [one.title for one in found["theorems/t/"]] == ["CP"]
    text = backlinks.with_backlinks(cp, found)
    assert '<a href="../../gallery/#box">Box</a>' in text
    assert "<strong>Answer</strong>" in text
    alone = backlinks.Seen("theorems/t/", "T", backlinks.PLACE)
    assert "No other page" in backlinks.with_backlinks(alone, {})


@pytest.mark.parametrize(
    "path",
    [
        "index.md",
        "families/index.md",
        "theorems/index.md",
        "gallery/index.md",
        "reference/errata.md",
        "reference/conventions.md",
        *(f"families/{name}.md" for name in FAMILIES),
        *(f"theorems/{name}.md" for name in THEOREMS),
    ],
)
def test_every_generated_page_has_a_source_to_edit(path):
    assert (ROOT / edited(path)).is_file()
    if path.startswith(("families/", "theorems/")) and "index" not in path:
        assert edited(path).endswith(f"{path.split('/')[1][:-3].replace('-', '_')}.py")


def test_generated_pages_lead_to_their_source(monkeypatch):
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from derive.site import hook

    config = MkDocsConfig()
    config.load_dict({"site_name": "S", "repo_url": "https://example.org/a/b"})
    config.load_dict({"edit_uri": "edit/main/docs/"})
    config.validate()
    made = ("families/cp.md", "theorems/rank-one.md", "families/index.md")
    monkeypatch.setattr(hook.DERIVATION, "begin", lambda **_: Contents(made))
    monkeypatch.setattr(type(hook.KATEX), "assets", lambda _: [])
    monkeypatch.setattr(hook.pyodide, "assets", lambda _: {})
    monkeypatch.setattr(hook, "bundle", lambda *_: None)
    config.nav = []
    config.plugins._current_plugin = "derive"
    files = hook.on_files(Files([]), config)
    leads = {
        file.src_uri: Page(None, file, config).edit_url for file in files.documentation_pages()
    }
    assert leads == {
        "families/cp.md": "https://example.org/a/b/edit/main/derive/families/cp.py",
        "theorems/rank-one.md": "https://example.org/a/b/edit/main/derive/theorems/rank_one.py",
        "families/index.md": (
            "https://example.org/a/b/edit/main/derive/site/templates/families.md.j2"
        ),
    }


def test_a_page_without_a_source_stops_the_build():
    with pytest.raises(CheckError, match=r"is the source of nowhere/page\.md"):
        edited("nowhere/page.md")


def test_the_card_has_the_size_that_is_promised():
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(social_card())) as image:
        assert image.size == (WIDTH, HEIGHT) == (1200, 630)
        assert len(image.convert("RGB").getcolors(10**6)) > 8


def test_llms_names_commands_that_exist():
    from derive.cli import cli

    assert {command.split()[1] for command, _ in COMMANDS} <= set(cli.commands)


def test_a_style_sheet_that_is_missing_is_named():
    need(find_spec("mkdocs"), "mkdocs is not installed")
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from derive.site.style import bundle

    config = MkDocsConfig()
    config.load_dict({"site_name": "S", "extra_css": ["assets/none.css"]})
    config.validate()
    with pytest.raises(InputError, match=r"assets/none\.css"):
        bundle(Files([]), config)
