"""The pages of the theorems: what ran is printed, counterexamples are drawn, links go both ways."""

import re
from dataclasses import replace
from itertools import pairwise, product
from xml.etree.ElementTree import fromstring

import pytest
from sympy import IndexedBase, Sum, symbols

from derive.algebra.normal_form import normal_form
from derive.catalogue import FAMILIES
from derive.crosschecks import rank_one as rank_one_checks
from derive.facts.theorem import ExpressionFacts, PartFacts, StepFacts
from derive.notation.convolution import Within
from derive.notation.errors import CheckError
from derive.proof.equality import Exact, Identity
from derive.proof.library import THEOREMS
from derive.proof.status import Status
from derive.render.proof import theorem_facts, TOPICS
from derive.site import pages, proved
from derive.site.graph import dependency_graph, HEIGHT, WIDTH, XLINK
from derive.site.grids import grid, written
from derive.site.layers import layout
from derive.site.pages import theorem, theorems
from derive.site.templating import render
from derive.theorems import rank_one
from tests.proofs import verdicts
from tests.site.generated import generated


@pytest.fixture(scope="module")
def documents():
    return {name: theorem_facts(verdict) for name, verdict in verdicts().items()}


@pytest.fixture(scope="module")
def texts(documents):
    return {
        name: render("theorem.md.j2", theorem.context(document, documents))
        for name, document in documents.items()
    }


def flat(tensor):
    """Entries as they stand on the page, row after row: a kernel by o and u, then i and v."""
    if not isinstance(tensor, list):
        return [tensor]
    if not isinstance(tensor[0], list) or not isinstance(tensor[0][0], list):
        return [entry for part in tensor for entry in (part if isinstance(part, list) else [part])]
    blocks = tensor if isinstance(tensor[0][0][0], list) else [tensor]
    rows = range(len(blocks[0][0]))
    return [x for across, row in product(blocks, rows) for block in across for x in block[row]]


def unlinked(text):
    """A page without the links from formulas to what establishes them."""
    text = re.sub(r'\n\n<p class="established">.*?</p>', "", text)
    return re.sub(r'<a class="established"[^>]*>(.*?)</a>', r"\1", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", THEOREMS)
def test_a_page_has_the_whole_theorem(documents, texts, name):
    document, text = documents[name], texts[name]
    assert f"# {document.title} {{: #{name} }}" in text
    (verdict,) = (line for line in text.split("\n") if line.startswith(f"[**{document.number}**]"))
    assert "(how-to-read.md#numbers" in verdict
    assert proved.overall_badge(document) in verdict
    assert document.summary in text
    assert document.use in unlinked(text)
    assert all(paragraph in unlinked(text) for paragraph in document.statement)
    assert all(source in text for source in document.sources)
    for one in document.hypotheses:
        assert f'<li id="needs-{theorem.anchor(one.label)}"' in text
        assert one.words[1:] in text


@pytest.mark.parametrize("name", THEOREMS)
def test_a_formula_of_the_statement_leads_to_what_establishes_it(documents, texts, name):
    statement = texts[name].split("## Statement")[1].split("<details")[0]
    links = dict(
        re.findall(r'class="established" href="#formula-([\w-]+)" title="(.*?)"', statement)
    )
    shown = "".join(THEOREMS[name].statement)
    for formula in documents[name].formulas:
        if formula.latex and f"${formula.name}" in shown:
            anchor = formula.name.replace("_", "-")
            assert f'id="formula-{anchor}"' in texts[name]
            numbers = ", ".join(map(str, formula.steps or formula.checks))
            assert links.get(anchor, "").endswith(numbers) or any(
                title.endswith(numbers) for title in links.values()
            )


@pytest.mark.parametrize("name", THEOREMS)
def test_a_page_has_every_sentence_with_its_badge(documents, texts, name):
    document, text = documents[name], texts[name]
    for number, step in enumerate(document.steps, start=1):
        start = text.index(f'<li id="step-{number}"')
        printed = text[start : text.index("</li>", start)]
        case, _, shared = step.sentence.partition(": ")
        sentence = theorem.paragraph(step.sentence)
        assert sentence in printed or (case in printed and f": {shared}\n" in text)
        assert proved.step_badge(step) in printed
        for one in step.expressions:
            assert f"\\[{one.latex}\\]" in printed or "--json" in printed
    for number, step in enumerate(document.checks, start=1):
        start = text.index(f'<li id="check-{number}"')
        assert theorem.paragraph(step.sentence) in text[start:]
    assert text.count("<li id=") == sum(map(len, (
        document.hypotheses, document.steps, document.checks,
    )))  # fmt: skip


@pytest.mark.parametrize("name", THEOREMS)
def test_every_counterexample_is_drawn_below_its_hypothesis(documents, texts, name):
    for one in documents[name].counterexamples:
        after = texts[name].split(f"### Without “{one.drops}”")[1]
        assert theorem.paragraph(one.step.sentence) in after
        for label, tensor in one.objects.items():
            picture = grid(label, tensor)
            assert picture in after
            cells = fromstring(picture).findall("tbody/tr/td")
            assert [cell.text for cell in cells] == [written(entry) for entry in flat(tensor)]
        for label, value in one.values.items():
            assert f"<dt>{label}</dt><dd>{written(value)}</dd>" in after


def test_a_kernel_is_a_grid_of_grids():
    kernel = [[[[1, 0, 2]], [[0, 3, 0]]], [[[4, 0, 0]], [[0, 0, 5]]], [[[6, 0, 0]], [[7, 0, 0]]]]
    table = fromstring(grid("K", kernel))
    assert table.findtext("caption/span") == r"\(K\)"
    labels = [cell.text for cell in table.iter("th")]
    assert labels == [*("i = 0", "i = 1"), *"012012", "o = 0", "0", "o = 1", "0", "o = 2", "0"]
    assert len(table.findall("tbody")) == 3
    zeros = [cell for cell in table.iter("td") if "zero" in cell.get("class", "")]
    assert len(zeros) == 11


@pytest.mark.parametrize(
    ("name", "set_"), [("K", r"\(K\)"), ("K′", r"\(K'\)"), ("W_0", r"\(W_{0}\)"), ("a ⊗ b", None)]
)
def test_letters_are_set_as_mathematics(name, set_):
    table = fromstring(grid(name, [1]))
    assert table.findtext("caption/span") == set_
    assert set_ or table.findtext("caption") == name


def test_more_than_four_indices_are_refused():
    with pytest.raises(CheckError, match="five has 5 indices"):
        grid("five", [[[[[1]]]]])


def test_used_by_is_the_reverse_of_uses(documents, texts):
    for name, text in texts.items():
        lists = {
            words: set(re.findall(r"\]\(([a-z0-9-]+)\.md\)", line))
            for words in ("Rests on", "Used by")
            for line in re.findall(rf"^- \*\*{words}\*\* .*$", text, flags=re.MULTILINE)
        }
        assert lists["Rests on"] == set(documents[name].uses)
        assert lists["Used by"] == {n for n, one in documents.items() if name in one.uses}


def test_a_sentence_that_is_a_theorem_links_to_it_or_to_its_part(documents, texts):
    uses = [(n, s) for n, one in documents.items() for s in one.steps if s.uses]
    assert uses
    for name, step in uses:
        part = step.ran.partition(", ")[2]
        place = f"#{theorem.part_anchor(part)}" if part else ""
        assert f"({step.uses}.md{place})" in texts[name]
        assert f"{{: {place}" in texts[step.uses], "the part has an anchor"


def test_the_graph_has_one_box_per_theorem_and_one_line_per_use(documents):
    svg = fromstring(dependency_graph(documents))
    links = [link.get(f"{{{XLINK}}}href") for link in svg.iter("a")]
    assert sorted(links) == sorted(f"{name}/" for name in documents)
    lines = [
        (path.get("data-to"), path.get("data-from"))
        for path in svg.iter("path")
        if path.get("data-to")
    ]
    assert sorted(lines) == sorted((n, x) for n, one in documents.items() for x in one.uses)
    corners = [(float(box.get("x")), float(box.get("y"))) for box in svg.iter("rect")]
    for (a, b), (c, d) in product(corners, corners):
        assert (a, b) == (c, d) or abs(a - c) >= WIDTH or abs(b - d) >= HEIGHT
    for link in svg.iter("a"):
        *_, title = link.iter("text")
        number, status = link.find("text").text, link.find("text/tspan").text
        assert len(title.text) <= 30, "it would stick out of its box"
        assert link.get("aria-label").startswith(f"{number}{title.text}, {status}")


def test_a_line_that_passes_a_layer_keeps_clear_of_its_boxes():
    chain = {"a": [], "b": ["a"], "c": ["b", "a"], "d": ["c", "a", "b"]}
    drawing = layout(chain, tall=40, slim=4, gap=10)
    assert drawing.route("a", "d") == [("a",), ("a", "d", "1"), ("a", "d", "2"), ("d",)]
    for layer in drawing.layers:
        boxes = [(drawing.middles[p], 40 if len(p) == 1 else 4) for p in layer]
        for (one, tall), (two, high) in pairwise(boxes):
            assert two - one >= (tall + high) / 2 + 10


def test_crossings_are_untangled():
    crossed = {"a": [], "b": [], "c": ["b"], "d": ["a"]}
    assert layout(crossed, 40, 4, 10).crossings() == 0


def test_the_index_lists_every_theorem_under_its_topic(documents):
    text = render("theorems.md.j2", theorems.context(documents))
    for document in documents.values():
        after = text.split(f"{{: #{document.topic} }}")[1].split("\n## ")[0]
        row = f"| {document.number} | [{document.title}]({document.id}.md) |"
        assert row in after
    few = {"pipeline": replace(documents["pipeline"], uses=())}
    alone = render("theorems.md.j2", theorems.context(few))
    assert alone.count("\n## ") == 2, "a topic without theorems is left out"


def test_navigation_lists_every_theorem_under_its_topic():
    groups = {title: on for one in pages.navigation()["theorems/*"] for title, on in one.items()}
    assert list(groups) == [title for title in TOPICS.values() if title in groups]
    listed = [path for on in groups.values() for item in on for path in item.values()]
    assert sorted(listed) == sorted(f"theorems/{name}.md" for name in THEOREMS)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_lists_the_theorems_about_it(documents, name):
    listed = {one.id for one in proved.about(documents, name)}
    assert listed == {n for n, one in documents.items() if name in one.families}
    assert "pipeline" in listed


@pytest.mark.parametrize(("module", "where"), [(rank_one, "proof"), (rank_one_checks, "checks")])
def test_the_build_stops_when_a_sentence_fails(monkeypatch, tmp_path, module, where):
    one = THEOREMS["rank-one"]
    wrong = lambda: iter([("Two is three.", Exact({"two": (2, 3)}))])  # noqa: E731
    monkeypatch.setattr(proved, "THEOREMS", {one.name: one})
    monkeypatch.setattr(proved, "CACHE", tmp_path)
    monkeypatch.setattr(module, where, wrong)
    with pytest.raises(CheckError, match=r"rank-one fails: Two is three\."):
        generated()


def test_the_build_stops_when_a_counterexample_is_none(monkeypatch, tmp_path):
    one = THEOREMS["rank-one"]
    wrong = lambda: iter([("a field", "No object.", Exact({"two": (2, 2)}))])  # noqa: E731
    monkeypatch.setattr(proved, "THEOREMS", {one.name: one})
    monkeypatch.setattr(proved, "CACHE", tmp_path)
    monkeypatch.setattr(one.module, "sharpness", wrong)
    with pytest.raises(CheckError, match="rank-one fails: No object"):
        generated()


def step(**changes):
    """A sentence as it stands among the facts of a theorem."""
    one = StepFacts(
        part="",
        sentence="It holds.",
        evidence="identity",
        status=Status.PROVED,
        badge="proved for all sizes",
        ran="symbolic identity",
        designs=(),
        seconds=0.1,
        uses=None,
        uses_part="",
        expressions=(),
    )
    return replace(one, **changes)


def page(documents, steps):
    """The page of a theorem whose proof consists of the given sentences."""
    document = replace(documents["rank-one"], steps=tuple(steps), parts=())
    return render("theorem.md.j2", theorem.context(document, documents))


def test_what_is_too_long_or_too_much_is_left_to_the_command(documents):
    long = (ExpressionFacts("left side", "x" * (theorem.LONGEST + 1), ""),)
    text = page(documents, [step(expressions=long)])
    assert "xxxx" not in text
    assert "derive theorem rank-one --json" in text
    many = [step(expressions=(ExpressionFacts("left side", f"y_{{{n}}}", ""),)) for n in range(99)]
    assert page(documents, many).count(r"\[y_{") == theorem.FORMULAS


def test_sides_that_print_alike_are_printed_once(documents):
    sides = tuple(ExpressionFacts(f"{side} side", "z^2", "") for side in ("left", "right"))
    text = page(documents, [step(expressions=sides)])
    assert text.count(r"\[z^2\]") == 1
    assert "Left side, right side" in text


def test_sentences_that_end_alike_are_printed_as_one_with_its_cases(documents):
    steps = [step(sentence=f"Family {n}: the sums agree.") for n in range(theorem.ALIKE)]
    text = page(documents, [step(), *steps, step()])
    assert text.count("the sums agree.") == 1
    assert '<ol class="proof cases" start="2" markdown="1">\n<li id="step-2"' in text
    assert f'start="{theorem.ALIKE + 2}"' in text
    few = page(documents, steps[1:])
    assert few.count("the sums agree.") == theorem.ALIKE - 1


def test_what_ran_is_printed_as_it_is(documents):
    text = page(documents, [step(ran="A[j]*B[j] < *C*")])
    assert "A&#91;j&#93;&#42;B&#91;j&#93; &#60; &#42;C&#42;" in text
    argued = step(status=Status.ARGUED, badge="argued in prose", ran=r"Since \(a < b\), **so**.")
    assert r"Since \(a < b\), **so**." in page(documents, [argued])


@pytest.mark.parametrize(
    ("status", "designs", "words"),
    [
        (Status.PROVED, (), "proved"),
        (Status.COMPUTED, (), "computed exactly"),
        (Status.PROVED, ("CP", "Tucker-2"), "proved for 2 designs"),
        (Status.CITED, ("CP", "Tucker-2"), "cited"),
    ],
)
def test_the_badge_of_a_theorem_says_for_how_many_designs_it_is_proved(status, designs, words):
    assert proved.overall(PartFacts("Part", status, designs))[1] == words


@pytest.mark.parametrize("name", THEOREMS)
def test_displayed_formulas_stand_in_paragraphs_of_their_own(texts, name):
    """Elsewhere the Markdown extension would not see them."""
    prose = texts[name].split("## Rerun it")[0].replace("\\\\[", "")
    assert all(line.lstrip().startswith("\\[") for line in prose.split("\n") if "\\[" in line)


A, B = map(IndexedBase, "AB")
q, b, u, v = symbols("q b u v", integer=True)
k, m = symbols("k m", positive=True, integer=True)
EQUAL_BUT_NOT_SEEN = {
    "a bracket implied by arithmetic": (
        Sum(Within(u + v, 2 * m) * A[u] * B[v], (u, 0, m - 1), (v, 0, m - 1)),
        Sum(A[u] * B[v], (u, 0, m - 1), (v, 0, m - 1)),
    ),
    "a range in two pieces": (Sum(A[u], (u, 0, m)), A[0] + Sum(A[u], (u, 1, m))),
    "a range run backwards": (Sum(A[u], (u, 0, m - 1)), Sum(A[m - 1 - u], (u, 0, m - 1))),
    "a letter split in two": (
        Sum(A[u], (u, 0, 2 * m - 1)),
        Sum(A[2 * q + b], (q, 0, m - 1), (b, 0, 1)),
    ),
    "a range of known length": (Sum(A[u], (u, 0, 1)), A[0] + A[1]),
}


@pytest.mark.parametrize(("one", "other"), EQUAL_BUT_NOT_SEEN.values(), ids=EQUAL_BUT_NOT_SEEN)
def test_how_to_read_says_what_the_normal_form_does_not_know(one, other):
    """Equal at every size, and yet their normal forms differ: no refutation."""
    for size in range(1, 4):
        assert (one.subs(m, size).doit() - other.subs(m, size).doit()).expand() == 0
    assert normal_form(one) != normal_form(other)


def test_how_to_read_says_what_the_normal_form_refutes():
    square = Sum(A[u], (u, 0, m - 1)) ** 2
    assert normal_form(square) == normal_form(Sum(A[u] * A[v], (u, 0, m - 1), (v, 0, m - 1)))
    assert normal_form(square) != normal_form(Sum(A[u] * A[u], (u, 0, m - 1)))
    assert normal_form(square) != normal_form(Sum(A[u] * A[v], (u, 0, m - 1), (v, 0, k - 1)))


def test_identities_are_decided_by_cancelling():
    assert Identity((m**2 - k**2) / (m - k), m + k).holds
    assert not Identity((m**2 + k**2) / (m + k), m + k).holds


def test_the_legend_of_the_picture_has_every_badge_in_it_and_no_other():
    """It lacked "proved", the most frequent one."""
    kinds = (Status.PROVED, Status.CONFIRMED, Status.CITED, Status.PROVED)
    assert theorems.legend([PartFacts(str(n), kind, ()) for n, kind in enumerate(kinds)]) == [
        proved.badge("proved", "proved"),
        proved.badge("confirmed"),
        proved.badge("cited"),
    ]


def test_the_page_says_what_the_letters_of_the_numbers_are(documents):
    text = render("theorems.md.j2", theorems.context(documents))
    assert "L is a lemma, T a theorem, and A an addition" in text
    assert {one.number[0] for one in documents.values()} == set("LTA")
