"""What is printed is what was derived: an independent reader reads every printed form back."""

import re
from fractions import Fraction

import pytest
from sympy import (
    Abs,
    Add,
    ceiling,
    Eq,
    exp,
    Float,
    floor,
    Ge,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Le,
    Matrix,
    Max,
    Min,
    Mod,
    Mul,
    Rational,
    sqrt,
    Sum,
    Symbol,
)

from derive.algebra.exactness import Exactness
from derive.algebra.same_size import same_size
from derive.catalogue import FAMILIES
from derive.facts.family import derived_facts, line_facts, transposed_facts
from derive.kernels import gallery as kernels
from derive.notation.axis import in_bounds
from derive.notation.convolution import compose, stages, Within
from derive.notation.errors import CheckError
from derive.notation.formula import Gcd
from derive.notation.letters import (
    C_in,
    C_out,
    H,
    H_out,
    HEIGHT,
    i,
    j,
    k_h,
    m,
    n,
    nu,
    P,
    R,
    u,
    v,
    W_out,
    WIDTH,
)
from derive.proof.library import THEOREMS
from derive.render.latex import BookPrinter, guard_latex, guard_words, latex, numbered
from derive.render.plain import plain
from derive.render.proof import step_facts
from derive.render.remembering import plain_text
from derive.render.statement import hypotheses, statement, use
from derive.render.steps import stage_steps, Step
from derive.render.values import json_values
from derive.site.example_row import example
from derive.site.order import about_family
from derive.site.pages import conventions, families, family, gallery
from derive.site.pages.learn import convolution, depthwise_separable
from derive.site.templating import render
from tests import proofs
from tests.caches import forget
from tests.readback import objects, python, sentences, tex
from tests.readback.check import check_equation, check_latex, check_python, check_relations
from tests.readback.meaning import name, number, UnreadableError, World

GEOMETRY = ("input", "kernel", "stride", "dilation", "before", "after")
SHAPES = ((5, 3, 2, 1, 1, 0), (4, 1, 3, 1, 0, 2), (2, 3, 1, 2, 2, 3))


@pytest.mark.parametrize("one", FAMILIES)
def test_every_formula_and_guard_reads_back_as_itself(one):
    check_formulas(FAMILIES[one])


def check_formulas(entry):
    guards = set()
    facts = json_values(derived_facts(entry))["formulas"]
    for title, formula in entry.formulas.items():
        document = facts[title]
        square = same_size(formula, entry.directions)
        for shown, meant in ((document, formula), (document["square"], square)):
            check_latex(meant.expr, shown["latex"])
            check_python(meant.expr, shown["sympy"])
            guards.add((shown["guard"], meant.guard))
    for words, guard in guards:
        check_relations(guard, python.guard(words))
        check_guard(guard)


def check_guard(guard):
    check_relations(guard, [tex.read(text) for text in guard_latex(guard)])
    check_relations(guard, python.guard(guard_words(guard)))


def test_the_guards_of_closed_forms_read_back():
    check_forms()


def check_forms():
    named = conventions.Named(*(getattr(HEIGHT, field) for field in GEOMETRY))
    for formula in in_bounds(named).values():
        check_latex(formula.expr, latex(formula.expr))
        check_guard(formula.guard)
    check_guard((Ge(H, n), Le(m, n * C_in), Eq(2 * HEIGHT.after, n - 1)))
    check_guard((Eq(Mod(n, 2), 1), Eq(Mod(n, 3), 1), Eq(Mod(n, 2), 0)))


@pytest.mark.parametrize("one", FAMILIES)
def test_every_definition_and_stage_reads_back_as_the_sum_it_is(one):
    check_definition(FAMILIES[one])
    check_stages(FAMILIES[one])


def check_definition(entry):
    """The kernel is the sum of the branches: factors contracted, zero off the middle of a tap."""
    line, shown = entry.family, json_values(line_facts(entry))
    first = line.branches[0][1]
    index = [x.name for x in (*first.outputs, *first.inputs, *line.taps)]
    tensors = {"K"} | {str(factor.base) for _, one in line.branches for factor in one.factors}
    kernel, sign, contraction = tex.read(shown["definition"].replace(r",\;", r"\,"), tensors)[1:]
    assert (kernel, sign) == (("tensor", "K", list(map(name, index))), "=")
    meant = ("add", *(_contracted(line, *branch) for branch in line.branches))
    sizes = {
        s.name for _, one in line.branches for x in one.sizes.values() for s in x.atoms(Symbol)
    }
    for tap in (0, 1):  # off the middle of three, and at it
        at = dict.fromkeys(sizes | {"T"}, 2) | dict.fromkeys(("k_t", "k_h", "k_w"), 3)
        at |= {x: place % 2 for place, x in enumerate(index)} | {x.name: tap for x in line.taps}
        world = World(at)
        assert world.value(contraction) == world.value(meant)
    for _, one in line.branches:
        for letter in one.letters:
            check_latex(one.sizes[letter], shown["letters"][letter.name]["latex"])
            check_python(one.sizes[letter], shown["letters"][letter.name]["size"])


def _contracted(line, times, one):
    counted = {} if times == 1 else {"tau": objects.tree(Integer(1) * times)}
    factors = [
        ("tensor", str(factor.base), [name(str(x)) for x in (*factor.indices, *counted)])
        for factor in one.factors
    ]
    off = [x.name for x in line.taps if x not in one.taps]
    brackets = [("holds", ("relation", name(x), "=", ("middle", x))) for x in off]
    bonds = {x.name: objects.tree(one.sizes[x]) for x in one.summed} | counted
    ranges = [(x, number(0), ("add", size, number(-1))) for x, size in bonds.items()]
    product = ("times", *factors, *brackets)
    return ("sum", ranges, product) if ranges else product


def check_stages(entry):
    for transposed in (False, True):
        shown = json_values((transposed_facts if transposed else line_facts)(entry))["stages"]
        meant = list(_stages(entry, transposed))
        for stage, document in zip(meant, shown[: len(meant)], strict=True):
            check_equation(stage.target, stage.value, document["latex"])
            check_equation(stage.target, _undilated(stage.value, entry), document["textbook"])
            check_python(stage.target, document["target"])
            check_python(stage.value, document["sympy"])
        for document in shown[len(meant) :]:  # the branches added up
            check_equation(*_added(entry), document["latex"])
            check_python(_added(entry)[1], document["sympy"])
    if nested := json_values(line_facts(entry))["nested"]:
        pipeline = stages(entry.family, entry.directions)
        whole = _undilated(compose(pipeline), entry)
        check_equation(pipeline[-1].target, whole, nested)


def _stages(entry, transposed):
    branches = entry.family.branches
    several = len(branches) > 1 or branches[0][0] != 1
    for place, (times, one) in enumerate(branches, start=1):
        result = IndexedBase(f"Y_{place}" if several else "Y")
        yield from stages(
            numbered(times, one), entry.directions, transposed=transposed, result=result
        )


def _added(entry):
    pixels = [direction.pixel for direction in entry.directions]
    tau, total = Symbol("tau", integer=True, nonnegative=True), Integer(0)
    for place, (times, one) in enumerate(entry.family.branches, start=1):
        counted = () if times == 1 else (tau,)
        term = IndexedBase(f"Y_{place}")[(*one.outputs, *counted, *pixels)]
        total += term if times == 1 else Sum(term, (tau, 0, times - 1))
    return IndexedBase("Y")[(*entry.family.outputs, *pixels)], total


def _undilated(value, entry):
    return value.xreplace({s: Integer(1) for d in entry.directions for s in (d.stride, d.dilation)})


@pytest.mark.parametrize("one", FAMILIES)
def test_every_step_reads_back_as_an_equation_of_two_objects(one):
    check_steps(FAMILIES[one])


def check_steps(entry):
    """Each side as it is printed; sets are enumerated; the steps add up to the printed counts."""
    for shift in range(2):
        world = _sizes(entry, shift)
        totals = {}
        for times, branch in entry.count.stages:
            many = world.value(objects.tree(Integer(1) * times))
            for key, value in (pair for stage in branch for pair in _read_steps(stage, world)):
                totals[key] = totals.get(key, 0) + many * value
        for section in family.SECTIONS:
            assert totals[section.step] + _joined(entry, section, world) + (
                totals["products"] if section.name.startswith("flops") else 0
            ) == world.value(tex.read(latex(getattr(entry.count, section.name).expr)))


def _read_steps(stage, world):
    for key, step in stage_steps(stage).items():
        *pieces, equals = step.pieces
        sign, right = equals.split(" ", 1)
        assert sign == "="
        left, right = tex.read(" ".join(pieces)), tex.read(right)
        assert left != right, f"{key}: an object is compared with itself"
        found = world.value(right)
        assert world.value(left) == found == world.value(objects.tree(step.closed)), key
        yield key, found


def _joined(entry, section, world):
    """What adding the branches costs: additions, numbers written, or bytes."""
    if not section.joined:
        return 0
    extra = sum(world.value(objects.tree(Integer(1) * n)) for n, _ in entry.count.stages) - 1
    outputs = world.value(objects.tree(entry.count.stages[0][1][-1].outputs))
    return extra * outputs * (3 * world.values["nu"] if section.name == "bytes" else 1)


def _sizes(entry, shift):
    """Sizes at which steps are carried out; what an axis counts is counted by literal loops."""
    values = {}
    for place, (side, index) in enumerate(("Ft", "Hh", "Ww")):
        size, kernel, stride, dilation, before, after = SHAPES[(place + shift) % len(SHAPES)]
        windows = (size + before + after - dilation * (kernel - 1) - 1) // stride + 1
        hits = [
            (window, tap)
            for window in range(windows)
            for tap in range(kernel)
            if 0 <= stride * window + dilation * tap - before < size
        ]
        middle = sum(tap == (kernel - 1) // 2 for _, tap in hits)
        values |= {side: size, f"{side}_out": windows, f"k_{index}": kernel, f"s_{index}": stride}
        values |= {f"d_{index}": dilation, f"p_{index}": before, f"p_{index}_after": after}
        values |= {f"T_{index}": len(hits), f"E_{index}": middle}
    free = {s.name for formula in entry.formulas.values() for s in formula.symbols} - set(values)
    values |= {s: 1 + place // 3**shift % 3 for place, s in enumerate(sorted(free))}
    return World(values)


def test_a_step_is_no_step_if_its_sides_could_be_one_object():
    total = nu * (C_in + C_out)
    with pytest.raises(CheckError, match="no sum and its closed form"):
        Step((), total, total)
    counted = Sum(1, (i, 0, C_in - 1))
    with pytest.raises(CheckError, match="no sum and its closed form"):
        Step((), counted, counted)
    with pytest.raises(CheckError, match="is not"):
        Step(({i: C_in},), Integer(1), C_out)
    step = Step(({i: C_in},), Integer(1), C_in)
    assert step.pieces == [r"\sum_{i < C_{\mathrm{in}}} 1", r"= C_{\mathrm{in}}"]


@pytest.fixture
def printed(monkeypatch):
    """Every object that the book's printer prints, with its text, though it printed it before."""
    forget("derive.render")
    found, real = [], BookPrinter.doprint

    def recorded(self, expr):
        found.append((expr, real(self, expr)))
        return found[-1][1]

    monkeypatch.setattr(BookPrinter, "doprint", recorded)
    return found


@pytest.mark.parametrize("one", FAMILIES)
def test_all_that_the_page_of_a_family_prints_reads_back(one, printed):
    """Shares of standard too: at the sizes of the example they are the shares of the numbers."""
    page = family.context(FAMILIES[one])
    render("family.md.j2", page, theorems=[], order=about_family((), ""))
    assert len(printed) > 20
    check_printed(printed)
    row, _ = example(FAMILIES[one])
    world = World({s.name: int(size) for s, size in row.values.items()} | {"n": 3})
    for count in page.counts:
        if count.ratio is not None:
            share = Fraction(count.here, count.standard)
            assert world.value(tex.read(latex(count.ratio))) == share


def check_printed(printed):
    for expr, text in dict(printed).items():
        check_latex(expr, text)


@pytest.mark.parametrize("page", [conventions, families, convolution, depthwise_separable])
def test_all_that_other_pages_print_reads_back(page, printed):
    shown = page.context()
    assert printed
    check_printed(printed)
    for _, equations in getattr(shown, "elementary", ()):
        assert {tex.read(equation)[2] for equation in equations} == {"="}


def test_all_that_the_gallery_prints_reads_back(printed):
    shown = [gallery._sampled(kernel) for kernel in kernels().values() if kernel.sampled]
    assert len(printed) > 20
    check_printed(printed)
    for equation in (x.removesuffix(r"^\circ") for one in shown for x in one["where"]):
        assert tex.read(equation)[2] == "="


def test_every_expression_and_sentence_of_every_proof_reads_back():
    """The expressions of steps are those of the evidence, each printed whole."""
    read = 0
    for _, outcome in proofs.steps():
        check_sentence(outcome.sentence)
        shown = [expr for _, expr in outcome.result.shown]
        printed = [one.latex for one in step_facts(outcome).expressions]
        if len(printed) > len(shown):
            shown.append(outcome.evidence.reduced)
        for expr, text in zip(shown, printed, strict=True):
            check_latex(expr, text)
            read += 1
    assert read > 300


FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)


def test_every_sentence_of_every_statement_reads_back_in_the_terminal():
    for theorem in THEOREMS.values():
        check_theorem(theorem)


def check_theorem(theorem):
    for words in (theorem.summary, *statement(theorem), *hypotheses(theorem), use(theorem)):
        check_sentence(words)


def check_sentence(words):
    """Every formula of a sentence has the shape in the terminal that it has in TeX, in order."""
    left = plain(words)
    for match in FORMULA.finditer(words):
        text = plain(match[0])
        assert sentences.shape_of_text(text) == sentences.shape_of_tex(match[1] or match[2]), text
        assert text in left, f"{text} is not in the sentence"
        left = left[left.index(text) + len(text) :]


A, B, Z = IndexedBase("A"), IndexedBase("B"), IndexedBase("Z_1")
MINUS = Mul(-1, u + v, evaluate=False)
TRICKY = [
    *(1 / n**2, 1 / C_in, 1 / (C_in + 1), (C_in - C_out) / (nu * H_out), -(n**2), -1 / C_in),
    *(n * (C_in - 2 * C_out) ** 3 / 6, P / R - R / P, 1 - C_in, n**m**2, 2 ** (-n), (-1) ** n),
    *(Add(m, Mul(-1, n + C_in, evaluate=False), evaluate=False), MINUS, A[MINUS]),
    *(A[Add(i, MINUS, evaluate=False)], A[-u], A[2 * u], A[i, -u], A[u * v, i], A[i, u + 1]),
    *(n * Mod(n, m), Mod(n * m, 3) * 2, Mod(n, m * C_in), Mod(n + m, 3) - 1, -Mod(n, m)),
    *(Within(u, n) ** 2, Within(u - 1, n) * A[i], KroneckerDelta(u, v) ** 2 * n),
    *(Gcd(n, m) ** 2, 1 / Gcd(n, m), floor(n / m) ** 2, ceiling(n / m) ** -1, -floor(n / 2)),
    *(Max(n, m) ** 2, 1 / Min(n, m), Min(Max(0, n - 3), m), Max(n - m, -3, C_in) - m),
    *(A[i] ** 2, 1 / A[i], -A[i], 2 * A[i] * B[j], -3 * n * A[i], A[i] / B[j], Z[i] ** 2 * n),
    *((A[i] - B[i]) * (A[j] - 1), -(A[i] - B[i]) * m, A[i] * (n - m) / 3, A[i] / -3),
    *(Sum(A[u], (u, 0, k_h - 1)), Sum(A[u], (u, 0, n - 1)), Sum(A[u], (u, 1, n)) * m),
    *(Sum(-u, (u, 0, n - 1)), Sum(u - v, (u, 0, n - 1)) * m, m - Sum(u, (u, 0, n - 1)) ** 2),
    *(Sum(u, (u, 0, n - 1)) * Sum(v, (v, 0, m - 1)), Sum(A[u] + 1, (u, 2, n)) + m),
    *(Sum(A[u] * Sum(B[v], (v, 0, u)), (u, 0, n - 1)), Sum(A[u] * v, (u, 0, v), (v, 0, n - 1))),
    *(HEIGHT.before - HEIGHT.after, WIDTH.after**2, HEIGHT.before**2, H_out * W_out**2),
    *(exp(-u) * n, sqrt(n + m) / 2, n ** Rational(1, 3), Abs(u - v) * 2, Rational(-1, 2) * n),
]


@pytest.mark.parametrize("place", range(len(TRICKY)))
def test_fractions_powers_signs_and_brackets_read_back(place):
    check_latex(TRICKY[place], latex(TRICKY[place]))


PROSE = [
    *(r"\frac{a}{2n}", r"\frac{ab}{c} d", r"\frac{x^2}{y_1}", r"x^{ab}", r"z^{d_1}", r"x^{12}"),
    *(r"K_{u_0\,v_0}", r"a_ub_v", r"\sqrt{2n}", r"\sqrt{x_1}", r"2^{n-1}", r"p^-_h + p^+_h"),
    *(r"A \subset B", r"a \ge b > c \ne d", r"[0, N) \times [1, M]", r"\hat E' \in \mathbb{Z}"),
    *(r"\lceil \frac{a}{b} \rceil^+", r"\max(a, \min(b, c))"),
]


@pytest.mark.parametrize("formula", PROSE)
def test_formulas_in_sentences_read_back(formula):
    check_sentence(rf"\({formula}\)")


def test_the_reader_notices_a_wrong_print():
    values = {"C_in": 5, "C_out": 7}
    assert World(values).value(tex.read(latex(C_in + C_out))) == 12
    assert World(values).value(tex.read(latex(C_in - C_out))) == -2
    with pytest.raises(UnreadableError, match="cannot read"):
        tex.read(r"\oint n")
    with pytest.raises(AssertionError, match=", not "):
        check_latex(C_in - n, latex(n - C_in))
    with pytest.raises(UnreadableError, match="not in the object"):
        check_latex(C_in, latex(C_out))
    with pytest.raises(AssertionError, match="≥, not ≤"):
        check_relations((Le(n, m),), [tex.read(r"n \ge m")])
    with pytest.raises(AssertionError, match="relations"):
        check_latex(Within(u, n), r"\left[0 \le u \le n\right]")
    assert sentences.shape_of_text("A ⊂ B") != sentences.shape_of_tex(r"A \supset B")
    assert sentences.shape_of_text("a/2n") != sentences.shape_of_tex(r"\frac{a}{2n}")


def test_conditions_in_symbols_are_the_conditions_in_words():
    check_conditions()


def check_conditions():
    for entry in FAMILIES.values():
        exactness = Exactness(entry.family)
        words = re.findall(r"(\S.*?) matrix of the kernel has rank at most (\S+)", exactness.words)
        brief = re.findall(r"rank (.+?) ≤ (\w+(?:\(.*?\))?)", exactness.brief)
        assert len(words) == len(brief)
        for (matrix, bound), (shown, most) in zip(words, brief, strict=True):
            assert matrix.endswith(shown)
            assert bound.strip(";") == most


def test_blocks_of_matrices_keep_their_order():
    r, U, c, X = (Symbol(letter, commutative=False) for letter in "rUcx")
    for expr in (r * U**-1 * c, X - r * U**-1 * c, Matrix([[U * X, 0], [r, 1]])):
        check_latex(expr, latex(expr))
    with pytest.raises(AssertionError, match=", not "):
        check_latex(r * U**-1 * c, latex(c * U**-1 * r))


def test_what_was_printed_before_changes_no_text():
    half, third = Float("0.5"), Float("0.1") / 3
    for expr in (half, half * H, half, third + m**half, third, m**2, 1 / m**2, (m - n) ** 2, m - n):
        assert plain_text(expr) == str(expr)
        assert latex(expr) == BookPrinter().doprint(expr)
