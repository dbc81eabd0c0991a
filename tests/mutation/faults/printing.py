"""Faults of the printers: ``fault: ((owner, attribute, replacement), check that must see it)``."""

from dataclasses import replace

from sympy import Integer, Sum

from derive.algebra import counting
from derive.algebra.exactness import Exactness
from derive.catalogue import FAMILIES
from derive.facts import family
from derive.notation.letters import C_in, C_out, H_out, HEIGHT, k_h, n, nu
from derive.proof.library import THEOREMS
from derive.render import javascript, latex, plain, steps
from derive.render.javascript import BigIntPrinter
from derive.render.latex import BookPrinter
from derive.render.steps import Step, StepPrinter
from tests.mutation.faults.tools import changed, wrapped
from tests.site import test_formulas_js
from tests.symbolic import test_print

PAIR = FAMILIES["asymmetric"]


def formulas():
    test_print.check_formulas(PAIR)


def definition():
    test_print.check_definition(FAMILIES["network-decoupling"])


def stages():
    test_print.check_stages(PAIR)


def derivation():
    test_print.check_steps(replace(PAIR))  # a new entry remembers no counts


def tricky():
    for expr in test_print.TRICKY:
        test_print.check_latex(expr, latex.latex(expr))


def prose():
    for formula in test_print.PROSE:
        test_print.check_sentence(rf"\({formula}\)")


def scripts():
    test_formulas_js.check_scripts([*test_formulas_js.TRICKY, *test_formulas_js.RELATIONS])


def inclusions():
    test_print.check_theorem(THEOREMS["intersections"])


def taps():
    test_print.check_theorem(THEOREMS["in-bounds-taps"])


def intensity():
    test_print.check_theorem(THEOREMS["arithmetic-intensity"])


def renamed(symbol, text):
    real = latex.names
    return latex, "names", lambda: {**real(), symbol: text}


def text_changed(owner, name, old, new):
    """What a printer prints, with another sign in it."""
    return wrapped(owner, name, lambda real, *args, **more: real(*args, **more).replace(old, new))


def sign(command, text):
    return plain, "SIGNS", {**plain.SIGNS, command: text}


def script_of(kind, old, new):
    return text_changed(BigIntPrinter, f"_print_{kind}", old, new)


def with_pluses(printer, terms):
    return " + ".join(printer._print(-x if x.could_extract_minus_sign() else x) for x in terms)


def without_brackets(real, printer, terms):
    return real(printer, terms).replace(r"\left(", "").replace(r"\right)", "")


def with_signs_reversed(printer, terms):
    found = (
        f"{'+' if x.could_extract_minus_sign() else '-'} "
        f"{printer._print(-x if x.could_extract_minus_sign() else x)}"
        for x in terms
    )
    return " ".join(found).removeprefix("+ ")


def without_outputs(count):
    read, weights = dict(count.stage.reads), steps._weights(count)
    numbers = sum(steps._total(Integer(1), tensor) for tensor in (read, weights))
    return Step((), nu * numbers, nu * (count.reads + count.weights))


def with_itself(count):
    return Step((), nu * count.moved, nu * count.moved)


def bounded_by_output(real, self, letters, place, extent):
    return real(self, letters, place, H_out if extent == HEIGHT.input else extent)


def one_less(real, printer, x, first, last):
    return real(printer, x, first, last - 1)


def without_coefficient(real, self, expr):
    return real(self, expr.as_coeff_Mul()[1]) if expr.is_Mul else real(self, expr)


def indices_backwards(real, self, expr):
    return real(self, expr.base[tuple(reversed(expr.indices))])


def shorter(expr):
    """A sum without its last term."""
    (letter, first, last), *rest = expr.limits
    return Sum(expr.function, (letter, first, last - Integer(1)), *rest)


FAULTS = {
    # LaTeX: names
    "p⁻ for p⁺": (renamed(HEIGHT.after, "p_h^-"), formulas),
    "p⁺ for p⁻": (renamed(HEIGHT.before, "p_h^+"), stages),
    "C_in for C_out": (renamed(C_out, r"C_{\mathrm{in}}"), formulas),
    "C_out for C_in": (renamed(C_in, r"C_{\mathrm{out}}"), derivation),
    "n for k_h": (renamed(k_h, "n"), formulas),
    "k_h for n": (renamed(n, "k_{h}"), formulas),
    "a prime lost": (renamed(H_out, "H"), formulas),
    "the middle of the other tap": (
        renamed(latex.middle(HEIGHT), r"\bar{v}"),
        lambda: test_print.check_stages(FAMILIES["pointwise"]),
    ),
    # LaTeX: relations
    "> for ≥": (text_changed(latex, "_relation_latex", r"\ge", ">"), test_print.check_forms),
    "< for ≤": (text_changed(latex, "_relation_latex", r"\le", "<"), test_print.check_forms),
    "≥ for ≤": (text_changed(latex, "_relation_latex", r"\le", r"\ge"), test_print.check_forms),
    "≠ for =": (text_changed(latex, "_relation_latex", "=", r"\ne"), formulas),
    "odd for even": ((latex, "_odd", lambda one: "Mod" in str(one)), test_print.check_forms),
    "> for ≥ in words": (text_changed(latex, "_relation_words", ">=", ">"), test_print.check_forms),
    "< for ≤ in words": (text_changed(latex, "_relation_words", "<=", "<"), test_print.check_forms),
    "< for ≤ in a bracket": (text_changed(BookPrinter, "_print_Within", r"\le", "<"), tricky),
    "≤ for < in a bracket": (text_changed(BookPrinter, "_print_Within", "<", r"\le"), tricky),
    "≠ for = in a delta": (text_changed(BookPrinter, "_print_KroneckerDelta", "=", r"\ne"), stages),
    # LaTeX: numbers
    "a minus dropped": ((latex, "_sum", with_pluses), formulas),
    "subtracted the other way": ((latex, "_sum", with_signs_reversed), tricky),
    "a minus that loses its brackets": (wrapped(latex, "_sum", without_brackets), tricky),
    "no brackets in a product": (
        wrapped(BookPrinter, "parenthesize", lambda real, self, item, *_, **__: self._print(item)),
        tricky,
    ),
    "no brackets round a factor": (
        (latex, "_bracketed", lambda printer, expr: printer._print(expr)),
        tricky,
    ),
    "a coefficient dropped": (wrapped(BookPrinter, "_print_Mul", without_coefficient), tricky),
    "a power dropped": ((latex, "_power", lambda exponent: ""), tricky),
    "floor for ceiling": (text_changed(BookPrinter, "_print_ceiling", "ceil", "floor"), tricky),
    "ceiling for floor": (text_changed(BookPrinter, "_print_floor", "floor", "ceil"), tricky),
    "max for min": (text_changed(BookPrinter, "_print_Min", "min", "max"), tricky),
    "min for max": (text_changed(BookPrinter, "_print_Max", "max", "min"), tricky),
    "the wrong index": (wrapped(BookPrinter, "_print_Indexed", indices_backwards), stages),
    # LaTeX: sums and sets
    "the upper end off by one": (wrapped(latex, "_range", one_less), stages),
    "the range of its own, whatever it is": (
        (latex, "_range", lambda printer, x, first, last: printer._print(x)),
        tricky,
    ),
    "no range for equal branches": (
        (latex, "_range", lambda printer, x, first, last: printer._print(x)),
        definition,
    ),
    "the pairs on the image bounded by H′": (
        wrapped(StepPrinter, "_points", bounded_by_output),
        derivation,
    ),
    "a set with an end more": (text_changed(StepPrinter, "_points", "< H", r"\le H"), derivation),
    "the sign of a sum that counts one more": (
        text_changed(StepPrinter, "_ranges", "<", r"\le"),
        derivation,
    ),
    "bytes without the outputs": ((steps, "_moved", without_outputs), derivation),
    "a closed form of bytes without the outputs": (
        (counting, "MOVED", ("reads", "weights")),
        derivation,
    ),
    "a step that compares an object with itself": ((steps, "_moved", with_itself), derivation),
    "a closed form for another": (
        changed(Step, "sum", lambda _, total: total + 1),
        derivation,
    ),
    # what documents put together
    "the general form for the short one": (
        (family, "same_size", lambda formula, directions: formula),
        formulas,
    ),
    "the textbook form with its stride": (
        wrapped(family, "_plain", lambda real, entry: {}),
        stages,
    ),
    "the nested sum of the first stage": (
        wrapped(family, "compose", lambda real, pipeline: real(pipeline).function),
        stages,
    ),
    "a condition in symbols that is strict": (
        wrapped(
            Exactness,
            "_ranks",
            lambda real, *args: tuple(text.replace("≤", "<") for text in real(*args)),
        ),
        test_print.check_conditions,
    ),
    # the terminal
    "⊃ for ⊂": (sign("subset", "⊃"), inclusions),
    "terminal: < for ≤": (sign("le", "<"), taps),
    "terminal: > for ≥": (sign("ge", ">"), taps),
    "terminal: = for ≠": (sign("ne", "="), prose),
    "terminal: floor for ceiling": (sign("lceil", "⌊"), taps),
    "terminal: max for min": (sign("min", "max"), taps),
    "terminal: p⁺ for p⁻": (
        (plain, "SUPERSCRIPT", {**plain.SUPERSCRIPT, "-": "⁺"}),
        taps,
    ),
    "terminal: a power dropped": ((plain, "_raised", lambda text: ""), taps),
    "terminal: an index dropped": ((plain, "_lowered", lambda text: ""), taps),
    "terminal: brackets dropped": ((plain, "_bracketed", lambda text, one: text), intensity),
    # JavaScript
    "script: > for ≥": (script_of("GreaterThan", ">=", ">"), scripts),
    "script: < for ≤": (script_of("LessThan", "<=", "<"), scripts),
    "script: ≥ for >": (script_of("StrictGreaterThan", ">", ">="), scripts),
    "script: ≤ for <": (script_of("StrictLessThan", "<", "<="), scripts),
    "script: ≠ for =": (script_of("Equality", "===", "!=="), scripts),
    "script: ceiling for floor": (script_of("floor", "floorDiv", "ceilDiv"), scripts),
    "script: min for max": (script_of("Max", "max", "min"), scripts),
    "script: a minus dropped": ((javascript, "_negated", lambda text: text), scripts),
    "script: subtracted the other way": (script_of("Add", " - ", " + "), scripts),
    "script: brackets dropped": (
        wrapped(BigIntPrinter, "_bracketed", lambda real, self, expr, level: self._print(expr)),
        scripts,
    ),
    "script: the upper end off by one": (
        wrapped(BigIntPrinter, "_print_Sum", lambda real, self, expr: real(self, shorter(expr))),
        scripts,
    ),
    "script: another name": (script_of("Symbol", "k_h", "n"), scripts),
}
