"""How two designs relate, in sentences and for a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from sympy import Eq, false, true
from sympy.logic.boolalg import Boolean

from derive.facts.comparison import RowFacts
from derive.facts.relation import (
    DesignFacts,
    InclusionFacts,
    RelationFacts,
    WeightsFacts,
    WitnessFacts,
)
from derive.relations.relation import Answer
from derive.render.amount import number
from derive.render.latex import latex
from derive.render.layer_words import layer_words
from derive.render.plain import plain
from derive.render.table import times

CHOSEN = {
    "m": "{n} middle channel{s}",
    "M": "depth multiplier {n}",
    "T": "{n} parallel term{s}",
}  # how a size that a design chooses is said; any other is a rank
SHOWN = 12  # entries, rows and columns of a witness
DIGITS = 20  # of its minor
ANSWERS = {
    Answer.EQUAL: "The two represent the same kernels.",
    Answer.CONTAINED: "The second represents every kernel of the first, and more.",
    Answer.CONTAINS: "The first represents every kernel of the second, and more.",
    Answer.NEITHER: "Neither represents every kernel of the other.",
    Answer.UNDECIDED: "Not decided.",
}


def named(design: DesignFacts, setting: Mapping[str, int] | None = None) -> str:
    """A design in running text, with its own sizes.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.facts.relation import relation_facts
    >>> from derive.parse.layer import read_layer
    >>> facts = relation_facts(FAMILIES["standard"], FAMILIES["asymmetric"], read_layer())
    >>> named(facts.designs[1])
    'asymmetric convolution (vertical first, m = 3)'
    """
    title, *order = design.title.split(", ") if design.id else [f"your line {design.line}"]
    sizes = {str(x): n for x, n in design.setting.items()} if setting is None else setting
    words = ", ".join([*order, *(f"{x} = {n}" for x, n in sizes.items())])
    layer = title if any(x in title for x in ("convolution", "block", "line")) else f"{title} layer"
    return f"{_lower(layer)} ({words})" if words else _lower(layer)


def sentences(facts: RelationFacts) -> tuple[str, str]:
    """The two directions, each in a sentence.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.facts.relation import relation_facts
    >>> from derive.parse.layer import read_layer
    >>> one, other = FAMILIES["depthwise-separable"], FAMILIES["asymmetric"]
    >>> sentences(relation_facts(one, other, read_layer()))[0].split(": ")[1]
    '297 parameters, 1.38 times those of the standard convolution.'
    """
    one, other = facts.designs
    return (
        _sentence(one, other, facts.one_in_other, facts.standard),
        _sentence(other, one, facts.other_in_one, facts.standard),
    )


def _sentence(
    small: DesignFacts, large: DesignFacts, found: InclusionFacts, standard: RowFacts | None
) -> str:
    every, container = _every(small), article(named(large, {}))
    if standard is None:
        return _in_symbols(every, container, found)
    if found.verdict and not found.needs:
        return f"{_upper(container)} represents {every}."
    if found.between:
        return f"{_upper(container)} represents {every} {_between(found)}."
    if None in found.needs.values() or not found.needs:
        return f"{_upper(container)} does not represent {every}{_any_size(found)}."
    needs = " and ".join(_chosen(x, n) for x, n in found.needs.items() if n is not None)
    return f"To represent {every}, {container} needs {needs}{_price(found.cost)}."


def _every(design: DesignFacts) -> str:
    return f"every {named(design)}" if design.id else f"every kernel of {named(design)}"


def _in_symbols(every: str, container: str, found: InclusionFacts) -> str:
    if found.condition is None:
        known = f"if {plain_condition(found.enough.condition)}"
        return (
            f"{_upper(container)} represents {every} {known}; it is necessary that"
            f" {plain_condition(found.necessary.condition)}."
        )
    condition = found.condition.condition
    if condition == true:
        return f"{_upper(container)} represents {every}, whatever the sizes."
    if condition == false:
        return f"{_upper(container)} does not represent {every} at any sizes."
    return f"{_upper(container)} represents {every} exactly if {plain_condition(condition)}."


def _between(found: InclusionFacts) -> str:
    """What is known where the smallest size is not."""
    words = []
    for size, known in found.between.items():
        if known.most is None:
            words.append(f"for no {size} below {known.least}; for larger ones it is not decided")
        else:
            enough = f"for {size} ≥ {known.most}, for no {size} below {known.least}"
            words.append(f"{enough}; between the two it is not decided")
    return " and ".join(words)


def _any_size(found: InclusionFacts) -> str:
    sizes = " and ".join(found.needs)
    return f", however large {sizes} {'are' if len(found.needs) > 1 else 'is'}" if sizes else ""


def _chosen(size: str, n: int) -> str:
    return CHOSEN.get(size, f"rank {size} = {{n}}").format(n=n, s="" if n == 1 else "s")


def _price(cost: RowFacts | None) -> str:
    """What the containing design costs at the size that it needs."""
    if cost is None:
        return ""
    share = cost.ratio.parameters
    than = "as many as" if share == 1 else f"{times(share)} times those of"
    return f": {number(cost.parameters)} parameters, {than} the standard convolution"


def relation_table(facts: RelationFacts) -> RenderableType:
    """The answer to ``derive relate``: two sentences, then for each direction what it rests on."""
    parts: list[RenderableType] = [Text(one) for one in sentences(facts)]
    parts.append(Text(ANSWERS[facts.relation] if facts.sizes else _overall(facts), "bold"))
    if facts.layer:
        parts.append(Text(f"on {layer_words(facts.layer)}", "dim"))
    if facts.equal_sizes:
        parts.append(Text(f"for {_equal(facts)}, which both designs need", "dim"))
    one, other = facts.designs
    for small, large, found in (
        (one, other, facts.one_in_other),
        (other, one, facts.other_in_one),
    ):
        parts += [Text(), Text(f"{small.name} in {large.name}", "bold underline")]
        parts += [Padding(line, (0, 0, 0, 2)) for line in _direction(found)]
    parts += [Text(), Text(f"theorems: {', '.join(facts.theorems)}", "dim")]
    return Group(*parts)


def _overall(facts: RelationFacts) -> str:
    if facts.relation in (Answer.NEITHER, Answer.UNDECIDED):
        return "Neither represents every kernel of the other at all sizes."
    return ANSWERS[facts.relation]


def _equal(facts: RelationFacts) -> str:
    """The sizes that have to be equal for the two designs to have kernels of one shape."""
    return ", ".join(plain_condition(Eq(*sides, evaluate=False)) for sides in facts.equal_sizes)


def _direction(found: InclusionFacts) -> Iterator[Text]:
    """The condition, what it rests on, and weights or a witness."""
    if found.condition is not None:
        yield Text(f"if and only if  {plain_condition(found.condition.condition)}")
    else:
        yield Text(f"enough          {plain_condition(found.enough.condition)}")
        yield Text(f"necessary       {plain_condition(found.necessary.condition)}")
    yield Text(f"rests on        {found.evidence} ({found.status.slug})")
    if found.weights:
        yield from _aligned(weight_lines(found.weights))
    if found.witness:
        yield from _aligned(witness_lines(found.witness))
    if found.cost:
        share = f"{times(found.cost.ratio.macs)} × standard"
        costs = f"{number(found.cost.parameters)} parameters, {number(found.cost.macs)} MACs"
        yield Text(f"costs           {costs} ({share})")


def _aligned(lines: Iterable[tuple[str, str]]) -> Iterator[Text]:
    return (Text(f"{name:<15} {words}") for name, words in lines)


def weight_lines(found: WeightsFacts) -> Iterator[tuple[str, str]]:
    """What each bond runs over, and each weight: a name and words."""
    for bond in found.bonds:
        over = ", ".join(map(str, bond.runs_over))
        yield f"bond {bond.bond}", f"runs over {over or 'one value'}: {bond.size}"
    yield "weights", "of the containing design, in those of the contained one:"
    for one in found.factors:
        yield "", f"{one.factor} = {one.weight}"


def witness_lines(found: WitnessFacts) -> Iterator[tuple[str, str]]:
    """The kernel that is not represented, and its minor: a name and words."""
    letters = ",".join(map(str, found.letters))
    entries = _first(
        [f"K[{','.join(map(str, entry.at))}] = {entry.value}" for entry in found.entries], "  "
    )
    yield "a kernel", f"K[{letters}], 0 but for  {entries}"
    if found.bound:
        rows, columns = (",".join(map(str, x)) for x in (found.row_letters, found.column_letters))
        yield (
            "its minor",
            f"rows ({rows}) {_indices(found.rows)}, columns ({columns})"
            f" {_indices(found.columns)}: {_number(found.minor)}, not 0, so the rank is at least"
            f" {len(found.rows)}; the design allows {found.bound}",
        )
    else:
        yield "", "an entry where the design has zeros"


def _indices(indices: tuple[tuple[int, ...], ...]) -> str:
    return _first([f"({','.join(map(str, at))})" for at in indices], " ")


def _number(value: int) -> str:
    digits = len(str(abs(value)))
    return str(value) if digits <= DIGITS else f"a number of {digits} digits (--json)"


def _first(words: list[str], between: str) -> str:
    """The first words that a terminal shows, and how many more there are in --json."""
    more = len(words) - SHOWN
    return between.join([*words[:SHOWN], *([f"… and {more} more (--json)"] if more > 0 else [])])


def plain_condition(condition: Boolean) -> str:
    """A condition in the signs of mathematics, on one line."""
    return {true: "always", false: "never"}.get(condition) or plain(rf"\({latex(condition)}\)")


def article(words: str) -> str:
    """Words with the indefinite article.

    >>> article("asymmetric pair"), article("standard convolution"), article("ACNet block")
    ('an asymmetric pair', 'a standard convolution', 'an ACNet block')
    """
    return (
        words if words.startswith("your ") else f"{'an' if words[0] in 'aeioAEIO' else 'a'} {words}"
    )


def _lower(title: str) -> str:
    """A title in running text; abbreviations and names keep their capitals."""
    first = title.split()[0]
    keeps = first.isupper() or any(x.isupper() for x in first[1:]) or first in {"Tucker-2"}
    return title if keeps else title[0].lower() + title[1:]


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]
