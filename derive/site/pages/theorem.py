"""The page of one theorem: its statement, its proof as it ran, and what each hypothesis is for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Any

from derive.catalogue import FAMILIES
from derive.proof.library import THEOREMS
from derive.site.bibliography import links
from derive.site.citation import citation
from derive.site.copying import copy_buttons
from derive.site.grids import grid, written
from derive.site.proved import (
    Document,
    Documents,
    overall_badge,
    step_badge,
    tally,
    used_by,
)
from derive.write.plain import plain
from derive.write.proof import TOPICS
from derive.write.statement import linked

FOLDER = Path(__file__).parents[2] / "theorems"
ALIKE = 4  # sentences in a row with the same ending are printed as one with that many cases
LONGEST = 1500  # characters of TeX that a page still sets
FORMULAS = 60  # expressions that a page shows
BRIEF = 140  # characters of what ran that fit beside a badge
PROSE = ("cited", "argued")  # where what ran is a sentence of the author

Step = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Consecutive sentences of a part; ``shared`` is how all of them end if they are alike."""

    first: int
    steps: tuple[Step, ...]
    shared: str = ""


def context(document: Document, documents: Documents) -> dict[str, Any]:
    """What the template shows."""
    steps = _numbered(document, documents)
    return {
        "theorem": document,
        "statement": _statement(document),
        "use": linked(THEOREMS[document["id"]], THEOREMS[document["id"]].use, _places(document)),
        "topic": TOPICS[document["topic"]],
        "status": overall_badge(document),
        "tally": tally(document),
        "formulas": [_formula(one, document) for one in document["formulas"] if one["latex"]],
        "equivalences": list(map(_equivalence, document["equivalences"])),
        "hypotheses": [_hypothesis(document, one) for one in document["hypotheses"]],
        "parts": list(_parts(document, steps)),
        "checks": [_step(step, document, documents) for step in document["checks"]],
        "without": list(_without(document)),
        "uses": [documents[name] for name in document["uses"]],
        "used_by": used_by(documents, document["id"]),
        "families": _families(document),
        "every_family": set(document["families"]) == set(FAMILIES),
        "sources": [(source, links(source)) for source in document["sources"]],
        "cite": _citation(document),
        "file": f"derive/theorems/{document['id'].replace('-', '_')}.py",
        "leaf": (FOLDER / f"{document['id'].replace('-', '_')}.py").read_text("utf-8"),
    }


def anchor(words: str) -> str:
    """Words as the name of a place on a page.

    >>> anchor("Outer products, and minors")
    'outer-products-and-minors'
    """
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))


def _statement(document: Document) -> list[str]:
    """The statement, each formula a link to where it is established."""
    theorem, places = THEOREMS[document["id"]], _places(document)
    return [linked(theorem, text, places) for text in theorem.statement]


def _places(document: Document) -> dict[str, str]:
    """For each formula and equivalence of a statement, which sentences establish it."""
    found = {one["name"]: _by(one) for one in document["formulas"] if one["latex"]}
    for one in document["equivalences"]:
        halves = (f"{half['words']}: {_by(half).lower()}" for half in one["halves"])
        found[one["name"]] = "; ".join(halves).capitalize()
    return found


def _by(one: Mapping[str, Any]) -> str:
    """Which sentences and checks establish something, in words.

    >>> _by({"steps": [3, 4], "checks": []}), _by({"steps": [], "checks": [2]})
    ('Established by sentences 3, 4', 'Checked by second road 2')
    """
    numbers = one["steps"] or one["checks"]
    many = "s" if len(numbers) > 1 else ""
    what = f"Established by sentence{many}" if one["steps"] else f"Checked by second road{many}"
    return f"{what} {', '.join(map(str, numbers))}"


def _equivalence(one: Mapping[str, Any]) -> dict[str, Any]:
    """Words that say two things, with the sentences that establish each."""
    halves = [{**half, "established": _linked(half)} for half in one["halves"]]
    return {**one, "anchor": one["name"].replace("_", "-"), "halves": halves}


def _formula(formula: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """A named formula of the statement, with the sentences that establish it."""
    return {
        "anchor": formula["name"].replace("_", "-"),
        "latex": formula["latex"],
        "established": _linked(formula),
        "buttons": _copy({"label": formula["name"], **formula}, document),
    }


def _linked(one: Mapping[str, Any]) -> str:
    """The sentences and checks that establish something, as links."""
    steps = [f"[{number}](#step-{number})" for number in one["steps"]]
    checks = [f"[{number}](#check-{number})" for number in one["checks"]]
    roads = {"Established by sentence": steps, "Checked by second road": checks}
    said = (f"{words} {', '.join(links)}" for words, links in roads.items() if links)
    return "; ".join(said).replace("; C", "; c")


def _hypothesis(document: Document, hypothesis: Mapping[str, str]) -> dict[str, Any]:
    """A hypothesis and whether something is shown that does without it."""
    label = hypothesis["label"]
    dropped = any(one["drops"] == label for one in document["counterexamples"])
    return {**hypothesis, "anchor": anchor(label), "dropped": dropped}


def _numbered(document: Document, documents: Documents) -> list[Step]:
    """The sentences of the proof in order, as many expressions shown as a page can bear."""
    room, found = FORMULAS, []
    for number, step in enumerate(document["steps"], start=1):
        one = _step(step, document, documents)
        if len(one["expressions"]) > room:
            one |= {"expressions": [], "omitted": True}
        room -= len(one["expressions"])
        found.append({**one, "number": number})
    return found


def _step(step: Mapping[str, Any], document: Document, documents: Documents) -> Step:
    """A sentence with its evidence as the page shows it."""
    prose = step["status"] in PROSE
    shown = _merged(step["expressions"])
    short = [one for one in shown if len(one["latex"]) <= LONGEST]
    return {
        **step,
        "sentence": paragraph(step["sentence"]),
        "case": "",
        "mark": step_badge(step),
        "brief": step["ran"] if prose else _verbatim(shorten(step["ran"], BRIEF, placeholder=" …")),
        "ran": _verbatim(step["ran"]),
        "long": not prose and len(step["ran"]) > BRIEF,
        "expressions": [{**one, "buttons": _copy(one, document)} for one in short],
        "omitted": len(short) < len(shown),
        "rests_on": _rests_on(step, documents),
    }


def paragraph(sentence: str) -> str:
    r"""A sentence that Markdown does not take for a list.

    >>> paragraph("1. If it holds"), paragraph("It holds.")
    ('1\\. If it holds', 'It holds.')
    """
    return re.sub(r"^(\d+)\. ", r"\1\\. ", sentence)


def _copy(expression: Mapping[str, str], document: Document) -> str:
    """The buttons that copy an expression."""
    code = {"sympy": expression["sympy"], "name": "expression"} if expression["sympy"] else {}
    return copy_buttons(
        plain(expression["label"]), tex=expression["latex"], of=document["id"], **code
    )


def _merged(expressions: list[dict[str, str]]) -> list[dict[str, str]]:
    """Expressions that print the same are shown once."""
    labels: dict[tuple[str, str], list[str]] = {}
    for one in expressions:
        labels.setdefault((one["latex"], one["sympy"]), []).append(one["label"])
    return [
        {"label": ", ".join(names), "latex": tex, "sympy": code}
        for (tex, code), names in labels.items()
    ]


def _rests_on(step: Mapping[str, Any], documents: Documents) -> dict[str, str] | None:
    """The theorem that a sentence names, with its part: where it is, and how sure."""
    if not step["uses"]:
        return None
    used = documents[step["uses"]]
    parts = {part["title"]: part for part in used["parts"]}
    part = step["uses_part"]
    place = f"#{part_anchor(part)}" if part else ""
    return {
        "link": f"{used['id']}.md{place}",
        "title": f"{used['title']}, part “{part}”" if part else used["title"],
        "status": overall_badge(parts[part] if part else used),
    }


def part_anchor(title: str) -> str:
    """The name of a part's place on its page."""
    return f"part-{anchor(title)}"


def _parts(document: Document, steps: list[Step]) -> Iterator[dict[str, Any]]:
    """The parts of the proof in order, each with its status and its sentences in groups."""
    badges = {part["title"]: overall_badge(part) for part in document["parts"]}
    for title, group in groupby(steps, key=lambda step: str(step["part"])):
        members = list(group)
        yield {
            "title": title,
            "anchor": part_anchor(title),
            "badge": badges.get(title, ""),
            "groups": list(_groups(members)),
        }


def _groups(steps: list[Step]) -> Iterator[Group]:
    """Runs of sentences of the form "case: the same", and what is between them."""
    between: list[Step] = []
    for shared, members in groupby(steps, key=lambda step: step["sentence"].partition(": ")[2]):
        run = tuple(members)
        if not shared or len(run) < ALIKE:
            between += run
            continue
        if between:
            yield Group(between[0]["number"], tuple(between))
            between = []
        cases = ({**step, "case": step["sentence"].partition(": ")[0]} for step in run)
        yield Group(run[0]["number"], tuple(cases), shared)
    if between:
        yield Group(between[0]["number"], tuple(between))


def _without(document: Document) -> Iterator[dict[str, Any]]:
    """The hypotheses in turn, each with everything shown that does without it."""
    for hypothesis in document["hypotheses"]:
        label = hypothesis["label"]
        dropped = [one for one in document["counterexamples"] if one["drops"] == label]
        if dropped:
            yield {"label": label, "anchor": anchor(label), "shown": list(map(_drawn, dropped))}


def _drawn(one: Mapping[str, Any]) -> dict[str, Any]:
    """A counterexample with its objects as grids and its values as text."""
    return {
        "sentence": paragraph(one["sentence"]),
        "grids": [grid(name, tensor) for name, tensor in one["objects"].items()],
        "computed": [(escape(name, quote=False), written(x)) for name, x in one["values"].items()],
    }


def _families(document: Document) -> list[tuple[str, str]]:
    """Id and title of the families that a theorem is about."""
    return [(name, FAMILIES[name].title) for name in document["families"]]


def _citation(document: Document) -> dict[str, str]:
    name = document["id"]
    title = f"Theorem {document['number']}: {document['title']}"
    return citation(name, title, f"theorems/{name}/")


def _verbatim(text: str) -> str:
    """Text that Markdown and HTML leave as it is.

    >>> _verbatim("a*b < c")
    'a&#42;b &#60; c'
    """
    return re.sub(r"[\\`*_{}\[\]()<>&#!|$~^]", lambda match: f"&#{ord(match[0])};", text)
