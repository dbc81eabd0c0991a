"""The notebook of a family's page and of a theorem's: what the page says, to run and to change."""

from derive.catalogue import FAMILIES
from derive.notation.layer import Layer
from derive.proof.library import THEOREMS
from derive.render.layer_code import layer_code
from derive.render.notebook import Cell, Code, notebook, Prose
from derive.render.plain import plain
from derive.site.example_row import example


def family_notebook(name: str) -> str:
    """The notebook of a family: its line, its formulas, a layer, its derivation and its proof.

    >>> '"family.parameters"' in family_notebook("asymmetric")
    True
    """
    entry = FAMILIES[name]
    row, _ = example(entry)
    sizes = "".join(f", {symbol}={size}" for symbol, size in row.chosen.items())
    return notebook(_family_cells(name, f"# {entry.title}\n\n{entry.summary}", row.layer, sizes))


def _family_cells(name: str, head: str, layer: Layer, sizes: str) -> list[Cell]:
    return [
        Prose(head),
        Code(f'import derive\n\nfamily = derive.families["{name}"]\nfamily'),
        Prose("Every count is a formula: SymPy's expression, called with sizes by name."),
        Code("family.parameters"),
        Code("family.parameters.sizes"),
        Code('", ".join(family.formulas)'),
        Prose("The family on a layer, next to every other family there. Change the numbers."),
        Code(f"layer = {layer_code(layer)}\nlayer"),
        Code(f"family.on(layer{sizes})"),
        Code("derive.compare(layer)"),
        Prose("The kernels that it represents."),
        Code("family.exact_when"),
        Prose(
            "The stages, one after the other, are the one convolution with the kernel of the line."
            " This proves it for all sizes, strides, dilations and zero paddings."
        ),
        Code("derive.prove(family)"),
        Prose("`print(family.derivation)` derives the stages and every count step by step."),
    ]


def theorem_notebook(name: str) -> str:
    """The notebook of a theorem: its statement, and its proof, run.

    >>> '"proof = theorem.prove()' in theorem_notebook("rank-one")
    True
    """
    theorem = THEOREMS[name]
    head = f"# {theorem.number} {theorem.title}\n\n{plain(theorem.summary)}"
    return notebook(
        [
            Prose(head),
            Code(f'import derive\n\ntheorem = derive.theorems["{name}"]\ntheorem'),
            Prose("The proof runs here: every sentence with its evidence."),
            Code("proof = theorem.prove()\nproof"),
            Prose("Cross-checks can refute the theorem, but never make it surer."),
            Code('for check in proof.checks:\n    print(f"{check.badge}: {check.sentence}")'),
            Prose("What fails without a hypothesis."),
            Code("for example in proof.counterexamples:\n    print(example.sentence)"),
            Prose("`print(proof)` prints everything, with what ran for each sentence."),
        ]
    )
