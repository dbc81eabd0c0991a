"""What others said: every erratum has a name, words and a link, every link says where it leads,
and every work that is named has its entry in the bibliography."""

import json
import re
from calendar import month_name
from datetime import datetime
from pathlib import Path

import pytest
from sympy import Matrix, Symbol

from derive.algebra.exactness import Exactness
from derive.algebra.factorize import realizes
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.facts.conventions import CONVENTIONS
from derive.notation.letters import C_in, C_out, k_h, k_w, M, T
from derive.site import bibliography, reported
from derive.site.errata import listed
from derive.site.leads import lead
from derive.site.pages import bibliography as bibliography_page
from derive.site.pages import conventions, errata, lessons_cited
from derive.site.templating import render
from derive.theorems.gaussian_radial import is_radial, outer_product

ROOT = Path(__file__).parents[2]
DATED = r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(\d{4})"
LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]*(?:\([^)]*\)[^)\s]*)?)\)")
SAYS_NOTHING = re.compile(
    r"(?:read it|report|here|this|link|source|(?:issue|pull request)?[ #]*\d*)", re.IGNORECASE
)
WRITTEN = [
    path
    for folder, pattern in (
        ("docs", "*.md"),
        ("docs", "*.js"),
        ("derive", "*.j2"),
        ("derive", "*.py"),
    )
    for path in sorted((ROOT / folder).rglob(pattern))
]


def test_every_erratum_has_a_name_a_date_words_and_a_link():
    assert len(listed()) > 9
    assert len({one.id for one in listed()}) == len(listed())
    for one in listed():
        assert one.who
        year = re.fullmatch(DATED, one.when)
        assert year or one.when == "undated"
        assert not year or 1971 <= int(year[1]) <= datetime.now().year
        assert bool(one.words) != bool(one.said)  # exact words, or openly ours
        assert one.sources
        assert one.exact.endswith((".", "}"))
        for mark in "“”":
            assert mark not in one.words


@pytest.mark.parametrize("one", listed(), ids=lambda one: one.id)
def test_the_links_of_an_erratum_name_its_place(one):
    for words, address in one.links:
        if match := re.match(r"https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/(\d+)", address):
            assert match[1] in words
            assert words.endswith(f" {match[2]}")
        elif match := re.match(r"https://github\.com/([^/]+/[^/]+)/blob/([0-9a-f]+)/(.+)", address):
            assert len(match[2]) == 40  # a line that was read stays readable
            assert match[1] in words
            assert match[3].split("/")[-1] in words
        else:
            assert len(words) > 8


def test_the_page_shows_words_in_quotation_marks_and_ours_without():
    context = errata.context()
    text = render("errata.md.j2", context)
    shown = [one for _, _, errata in context.sections for one in errata]
    assert [one.id for one in shown] == [one.id for one in listed()]
    for one in shown:
        assert f"{{: #{one.id} }}" in text
        assert f"“{one.words}”" in text if one.words else one.said in text
        assert "{" not in one.exact + one.said + one.also
    assert text.count("“") == text.count("”")


def test_a_link_says_where_it_leads():
    assert (
        lead("https://github.com/pytorch/vision/pull/6936") == "pytorch/vision, pull request 6936"
    )
    assert lead("https://github.com/jax-ml/jax/issues/17912") == "jax-ml/jax, issue 17912"
    code = f"https://github.com/a/b/blob/{'0' * 40}/lib/models/x.py"
    assert lead(code) == "a/b, x.py"
    assert lead("https://blogs.mathworks.com/steve/?p=98") == "blogs.mathworks.com"
    assert lead("https://arxiv.org/abs/1512.00567") == "arXiv 1512.00567"
    assert lead("https://doi.org/10.1137/090752286") == "doi 10.1137/090752286"


def test_no_link_on_a_page_is_only_a_word_or_a_number():
    found = [(path, *at) for path in WRITTEN for at in LINK.findall(path.read_text("utf-8"))]
    assert len(found) > 10
    for path, words, address in found:
        assert not SAYS_NOTHING.fullmatch(words.strip("*`")), (path, words, address)
        if match := re.match(r"https://github\.com/[^/]+/([^/]+)/(?:issues|pull)/", address):
            assert match[1].casefold() in words.casefold(), (path, words, address)


def test_links_that_are_made_name_their_repository():
    for fault in reported.faults():
        assert not fault["source"] or "/" in lead(fault["source"])
    made = [words for work in bibliography.works().values() for words, _ in work.links]
    made += [words for words, _ in LINK.findall(render_conventions())]
    assert made
    for words in made:
        assert not SAYS_NOTHING.fullmatch(words), words


def render_conventions() -> str:
    return render("conventions.md.j2", conventions.context())


# What the corrected rows say, asked of the engine.


def test_two_pairs_of_families_are_one_set_of_kernels():
    decoupling, separable = FAMILIES["network-decoupling"], FAMILIES["depthwise-separable"]
    assert decoupling.exact_when.replace(str(T), str(M)) == separable.exact_when
    assert FAMILIES["acnet-block"].exact_when == FAMILIES["standard"].exact_when == "every kernel"
    text = render("errata.md.j2", errata.context())
    assert "every pair of families" not in text
    for name in ("network-decoupling", "acnet-block"):
        assert f"families/{name}.md" in text


def test_a_standard_kernel_that_no_depthwise_separable_layer_has():
    family = FAMILIES["depthwise-separable"].family
    sizes = {C_in: 1, C_out: 2, k_h: 1, k_w: 2, M: 1}
    identity = Kernel.of([[[[1, 0]]], [[[0, 1]]]])
    assert not realizes(family, identity, {M: 1})
    assert not Exactness(family, sizes).every_kernel
    for one in (C_out, k_w):  # with one output, or one tap, there is none
        assert Exactness(family, sizes | {one: 1}).every_kernel


def test_two_short_kernels_need_two_channels_between():
    a, b, c, d = map(Symbol, "abcd")
    product_of_two = Matrix([a * c, a * d + b * c, b * d])
    first, middle, last = product_of_two
    assert (middle**2 - 4 * first * last).equals((a * d - b * c) ** 2)  # never negative
    one, two = ([1, 0], [1, 1]), ([0, 1], [0, 1])
    conv = lambda x, y: [x[0] * y[0], x[0] * y[1] + x[1] * y[0], x[1] * y[1]]  # noqa: E731
    assert [p + q for p, q in zip(conv(*one), conv(*two), strict=True)] == [1, 1, 1]


def test_the_counterexample_to_the_only_radial_separable_filter():
    profile = errata.PROFILE
    kernel = outer_product(profile)
    assert is_radial(kernel)
    assert Matrix(kernel).rank() == 1
    outer, inner, middle = profile[:3]
    assert outer * middle**3 != inner**4  # a sampled Gaussian has c q^(a²)


def test_alexnet_as_torchvision_prints_it():
    """By hand, layer by layer: outputs × taps × channels."""
    by_hand = (
        55**2 * 64 * 3 * 121
        + 27**2 * 192 * 64 * 25
        + 13**2 * 9 * (384 * 192 + 256 * 384 + 256 * 256)
    )
    by_hand += 9216 * 4096 + 4096 * 4096 + 4096 * 1000
    assert errata.alexnet() == by_hand == 714_188_480
    assert f"{by_hand / 1e9:.3f}" == "0.714"  # printed in the pull request


def test_the_size_of_the_image_matters_but_not_per_output():
    found = errata.context().values
    assert int(found["macs_256"].replace(",", "")) == 4 * int(found["macs_128"].replace(",", ""))
    assert found["in_bounds_256"] != found["in_bounds_128"]


# The bibliography.

ARXIV = re.compile(r"(?:arXiv:? ?|arxiv\.org/abs/)(\d{4}\.\d{4,5})")
DOI = re.compile(r"\b10\.\d{4,}/[^\s\"'`)]+(?:\([^\s)]*\)[^\s\"'`)]*)?")
NAME = r"[A-ZŠ][\w'-]+"
AUTHORS = re.compile(
    rf"(?<![\w-])({NAME})(?:(?:, | and ){NAME})*(?: et al\.)?(?:, | \()((?:19|20)\d\d)(?!\d)"
)
ET_AL = re.compile(rf"({NAME}) et al\b")
NETWORK = re.compile(r"\b([A-Z][A-Za-z]*(?:Net|NeXt|Conv)(?: V2)?)\b")
NOT_A_WORK = {
    "ImageNet",
    "MXNet",
    "CVPR",
    *month_name,
}  # what else may stand before a year, or end in Net
SAID = [
    *WRITTEN,
    ROOT / "README.md",
    ROOT / "derive/kernels/gallery.json",
    ROOT / "derive/site/errata.json",
]


def names(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", bibliography._letters(text)))


def cited(path: Path) -> str:
    text = path.read_text("utf-8")
    return text if path.suffix != ".py" else "\n".join(re.findall(r'"""(.*?)"""', text, re.DOTALL))


def without_entry(text: str) -> list[str]:
    """The works that a text names and the bibliography does not have."""
    works = bibliography.works().values()
    known = {work.arxiv for work in works} | {work.doi.casefold() for work in works}
    by_number = [*ARXIV.findall(text), *(doi.rstrip(".,;:'") for doi in DOI.findall(text))]
    return [
        *(number for number in by_number if number.casefold() not in known),
        *(
            f"{author} {year}"
            for author, year in AUTHORS.findall(text)
            if author not in NOT_A_WORK
            and not any(names(author) <= names(w.authors) and w.year == int(year) for w in works)
        ),
        *(
            author
            for author in ET_AL.findall(text)
            if not any(names(author) <= names(work.authors) for work in works)
        ),
        *(
            network
            for network in NETWORK.findall(text)
            if network not in NOT_A_WORK
            and not any(network in f"{work.title} {work.called}" for work in works)
        ),
    ]


def test_every_work_that_is_named_has_an_entry():
    missing = {path: without_entry(cited(path)) for path in SAID}
    assert not {path: names for path, names in missing.items() if names}


@pytest.mark.parametrize(
    "line",
    [
        "Nobody (1999) said so.",
        "Nobody and Nemo (1999)",
        "Eckart, Young (1937)",
        "[arXiv 0001.00001](https://arxiv.org/abs/0001.00001)",
        "doi 10.1000/182",
        "Nobody et al. knew",
        "NobodyNet",
    ],
)
def test_a_work_without_an_entry_is_missed(line):
    assert without_entry(line)


def test_no_entry_is_left_to_be_checked():
    entries = json.loads(bibliography.DATA.read_text("utf-8"))
    assert not any("check" in one for one in entries)
    assert [one["id"] for one in entries] == sorted(one["id"] for one in entries)
    by_id = {one["id"]: one for one in entries}
    assert by_id["liu-2020"]["title"].endswith("Real-time Semantic Segmentation")
    assert by_id["liu-2020"]["doi"] == "10.1109/icassp40776.2020.9053838"
    assert by_id["treitel-1971"]["doi"] == "10.1109/TGE.1971.271457"
    assert {"williams-2009", "ma-2018", "leveque-2007", "marr-1980"} <= set(by_id)


def test_the_bibliography_shows_which_lessons_cite_a_work():
    page = render("bibliography.md.j2", bibliography_page.context({}, lessons_cited()))
    entry = page.split('<li id="williams-2009"')[1].split("</li>")[0]
    assert "learn/speed.md" in entry
    assert "read it" not in page


def test_no_alias_belongs_to_two_designs():
    both_orders = {"asymmetric", "asymmetric-horizontal-first"}
    for alias in {alias for entry in FAMILIES.values() for alias in entry.aliases}:
        bearers = {name for name, entry in FAMILIES.items() if alias in entry.aliases}
        assert len(bearers) == 1 or bearers == both_orders, alias


OTHER_DESIGNS = {  # names that were given as aliases and mean another design, a method or a whole
    "depthwise-asymmetric-separable": (
        "EffNet block without its pooling",  # begins with 1 × 1, ends with a strided 2 × 1
        "extremely separated convolution (a simplified XSepConv)",  # has a 2 × 2 stage
    ),
    "tensor-train": ("TT convolution",),  # splits the channels into several letters first
    "tucker-2": ("Tucker decomposition",),  # of all letters, the spatial ones too
    "r2plus1d": ("P3D", "pseudo-3D convolution"),  # P3D has parallel blocks as well
    "grouped": ("aggregated transformations (ResNeXt)",),  # a block of three layers
    "asymmetric": ("low-rank regularization",),  # how it is trained
    "cp-joint": ("linear mobile bottleneck without its shortcut",),  # no name in use
}


@pytest.mark.parametrize("name", OTHER_DESIGNS)
def test_no_alias_is_the_name_of_another_design(name):
    assert not {*OTHER_DESIGNS[name]} & {*FAMILIES[name].aliases}
    assert FAMILIES[name].aliases


def test_every_statement_about_a_tool_names_its_release():
    release = re.compile(r" \d+\.\d+")
    tools = [tool for one in CONVENTIONS for tool in one.tools]
    tools += [tool for fault in reported.faults() for tool in fault["tools"]]
    tools += conventions.RIGHT_ON_TRANSPOSED
    for tool in {*tools} - {"all but XLA"}:
        assert release.search(tool), tool
    named = {"FlopCounterMode", "fvcore", "ptflops", "ultralytics-thop", "DeepSpeed", "tinygrad"}
    text = render_conventions()
    for tool in named:
        for at in re.finditer(re.escape(tool), text):
            assert release.search(text[max(0, at.start() - 14) : at.end() + 9]), tool


def test_a_fault_links_to_a_report_of_that_fault():
    by_tool = {fault["tools"][0]: fault["source"] for fault in reported.faults() if fault["source"]}
    assert not any("calflops" in tool for tool in by_tool)  # its issue 33 is about thop
    reports = " ".join(fault["reports"] for fault in reported.faults())
    assert "4.14 times" in reports  # measured
    assert "8.3 times" in reports
