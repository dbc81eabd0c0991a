"""Every generated page of the site, as Markdown, and every generated asset."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from derive import certificate
from derive.catalogue import FAMILIES
from derive.facts.theorem import TheoremFacts
from derive.models.library import NETWORKS
from derive.proof.library import THEOREMS
from derive.render.proof import TOPICS
from derive.render.status import badge_styles
from derive.site import formulas, grammar, thresholds
from derive.site.architecture import rooms
from derive.site.bibliography import sources
from derive.site.examples import Example, scripts
from derive.site.glance import slide
from derive.site.made import asset, file_of, Made, nothing, page, Results
from derive.site.order import about_family, FamilyOrder
from derive.site.pages import (
    architecture,
    bibliography,
    budget_lab,
    conventions,
    count_lab,
    errata,
    examples,
    families,
    family,
    gallery,
    home,
    kernel_lab,
    layer_lab,
    line_lab,
    network,
    networks,
    notebooks,
    oracle_loops,
    relations,
    schemas,
    sheet,
    theorem,
    theorems,
)
from derive.site.pages.learn import course
from derive.site.proved import about
from derive.site.sources import PACKAGE, reached
from derive.site.templating import render

CURVES = "assets/curves.json"
ORDER = "order"
LOADED = (("plain", 2), (ORDER, 2))


def assets() -> Iterator[Made]:
    """What pages load: style, scripts and curves."""
    yield asset("assets/css/badges.css", badge_styles)
    yield asset("assets/js/formulas.js", formulas.module)
    yield asset("assets/js/grammar.js", grammar.module)
    yield from _formulas(LOADED)
    yield asset("assets/js/kernel/cost.js", kernel_lab.costs)
    yield asset(CURVES, gallery.curves)


def parts() -> Iterator[Made]:
    """What scripts fetch once a reader's layer is transposed, or of other axes."""
    every = [(kind, axes) for axes in formulas.ON for kind in (*formulas.KINDS, ORDER)]
    yield from _formulas(one for one in every if one not in LOADED)


def _formulas(parts: Iterable[tuple[str, int]]) -> Iterator[Made]:
    """The formulas for layers of a kind and some axes, and the order of families on these."""
    for kind, axes in parts:
        if kind == ORDER:
            yield asset(f"assets/js/order-{axes}.js", thresholds.module, axes)
        else:
            yield asset(f"assets/js/formulas-{kind}-{axes}.js", formulas.part, axes, kind)


def generated() -> Iterator[Made]:
    """Every other generated file."""
    yield replace(page("index.md", home), make=_home, given=lambda known: (known.proofs,))
    yield page("families/index.md", families, template="families.md.j2")
    yield page("families/sheet.md", sheet)
    for name in FAMILIES:
        yield asset(f"assets/slides/{name}.svg", slide, name)
    yield page("relations/index.md", relations, _pairs, template="relations.md.j2")
    yield page(
        "theorems/index.md", theorems, lambda known: (known.proofs,), template="theorems.md.j2"
    )
    yield page("gallery/index.md", gallery, template="gallery.md.j2")
    yield page("lab/kernel.md", kernel_lab)
    yield page("lab/layer.md", layer_lab)
    yield page("lab/budget.md", budget_lab)
    yield _every_network(page("lab/count.md", count_lab))
    yield asset("assets/kernels.json", kernel_lab.kernels)
    yield from map(_schema, schemas.RECORDS)
    yield _line_lab()
    yield page("reference/conventions.md", conventions)
    yield page(
        "reference/bibliography.md",
        bibliography,
        lambda known: (_cited(known.proofs), lessons_cited()),
    )
    yield page("reference/errata.md", errata)
    yield page("reference/checker.md", source=_source(certificate.__file__))
    yield page("reference/oracle.md", oracle_loops, template="oracle.md.j2")
    yield _architecture()
    yield page("learn/index.md", template="learn/index.md.j2", course=course.contents())
    for lesson in filter(lambda lesson: lesson.written, course.COURSE):
        yield page(
            lesson.path,
            course.module(lesson),
            _pairs if lesson.slug == "same" else nothing,
            template=lesson.template,
            navigation=course.navigation(lesson.slug),
        )
    yield page(
        "examples/index.md", examples, lambda known: (known.shown,), template="examples.md.j2"
    )
    yield from map(_example_notebook, scripts())
    yield _every_network(page("networks/index.md", networks, template="networks.md.j2"))
    yield from map(_network, NETWORKS)
    for name in FAMILIES:
        yield _family(name)
        yield _family_notebook(name)
    for name in THEOREMS:
        yield _theorem(name)
        yield _theorem_notebook(name)


def _schema(name: str) -> Made:
    """The JSON Schema of a command's answer."""
    source = file_of(schemas.__file__)
    make = partial(schemas.text, name)
    return Made(schemas.path(name), make, reached(source), own=(PACKAGE / source,))


def _pairs(known: Results) -> tuple[object, ...]:
    return (known.pairs,)


def _home(proofs: Mapping[str, TheoremFacts]) -> str:
    return render("index.md.j2", home.context(), theorems=proofs)


def _line_lab() -> Made:
    """The page of the reader's own line, which looks at every theorem for those it can prove."""
    made, files = page("lab/line.md", line_lab), (PACKAGE / "theorems").glob("[!_]*.py")
    every = reached(*(f"theorems/{file.name}" for file in files))
    return replace(made, files=made.files | every)


def _architecture() -> Made:
    """The page of the rooms, whose figure is drawn from the imports of every module."""
    made = page("project/architecture.md", architecture).of(rooms())
    return replace(made, files=made.files | frozenset(PACKAGE.rglob("*.py")))


def _family(name: str) -> Made:
    """The page of a family, which shows this one and the baseline, and the pairs it is in."""
    path = f"families/{name}.md"
    made = page(path, family, template="family.md.j2")
    shown = {f"{one.replace('-', '_')}.py" for one in (name, "standard")} | {"__init__.py"}
    others = {
        file for file in made.files if file.parent.name == "families" and file.name not in shown
    }
    return replace(
        made,
        make=partial(_family_text, name),
        files=made.files - others,
        own=(*made.own, _leaf(path)),
        given=lambda known: (about(known.proofs, name), about_family(known.pairs, name)),
    )


def _family_text(name: str, stated: object, order: FamilyOrder) -> str:
    return render("family.md.j2", family.named(name), theorems=stated, order=order)


def _theorem(name: str) -> Made:
    """The page of a theorem, which names others."""
    path = f"theorems/{name}.md"
    made = page(
        path,
        theorem,
        lambda known: (known.proofs[name], known.proofs),
        template="theorem.md.j2",
    )
    return replace(made, own=(*made.own, _leaf(path)))


def _every_network(made: Made) -> Made:
    """A page that shows all networks."""
    return replace(made, files=made.files | frozenset((PACKAGE / "networks").glob("*.py")))


def _network(name: str) -> Made:
    """The page of a network, which shows it alone."""
    path = f"networks/{name}.md"
    made = page(path, network, template="network.md.j2").of(name)
    leaf = _leaf(path)
    return replace(made, files=made.files | {leaf}, own=(*made.own, leaf))


def _family_notebook(name: str) -> Made:
    """The notebook of a family, which shows the family alone."""
    path, leaf = f"families/{name}.ipynb", _leaf(f"families/{name}.md")
    files = reached("site/pages/notebooks.py", "families/standard.py") | {leaf}
    others = {file for file in files if file.parent.name == "families"} - {leaf}
    return Made(path, partial(notebooks.family_notebook, name), files - others, own=(leaf,))


def _example_notebook(one: Example) -> Made:
    """The notebook of an example, as it ran."""

    def notebook(known: Results) -> tuple[object, ...]:
        return tuple(found.notebook for found in known.shown if found.anchor == one.anchor)

    return Made(f"examples/{one.anchor}.ipynb", str, frozenset(), given=notebook)


def _theorem_notebook(name: str) -> Made:
    """The notebook of a theorem, of which it says the words alone."""
    path, leaf = f"theorems/{name}.ipynb", _leaf(f"theorems/{name}.md")
    files = reached("render/notebook.py", "render/plain.py", "proof/library.py")
    return Made(path, partial(notebooks.theorem_notebook, name), files | {leaf}, own=(leaf,))


def _leaf(path: str) -> Path:
    """The file of a family, a network or a theorem, by the path of its page.

    >>> _leaf("families/depthwise-separable.md").name
    'depthwise_separable.py'
    """
    return PACKAGE / path.replace("-", "_").replace(".md", ".py")


def navigation() -> dict[str, list[dict[str, object]]]:
    """What each wildcard of the navigation stands for: theorems under their topics."""
    short = {name: entry.title.replace(" convolution", "") for name, entry in FAMILIES.items()}
    return {
        "families/*": [{title: f"families/{name}.md"} for name, title in short.items()],
        "networks/*": [{one.title: f"networks/{name}.md"} for name, one in NETWORKS.items()],
        "learn/*": [{lesson.title: lesson.path} for lesson in course.COURSE if lesson.written],
        "theorems/*": [{TOPICS[topic]: _on(topic)} for topic in TOPICS if _on(topic)],
    }


def _on(topic: str) -> list[dict[str, str]]:
    """The theorems on a topic, each with its page."""
    return [
        {f"{one.number} {one.title}": f"theorems/{name}.md"}
        for name, one in THEOREMS.items()
        if one.topic == topic
    ]


def _cited(proofs: dict[str, TheoremFacts]) -> dict[str, tuple[str, list[str]]]:
    """Title and sources of every theorem, for the bibliography."""
    return {name: (f"{one.number} {one.title}", list(one.sources)) for name, one in proofs.items()}


def lessons_cited() -> dict[str, tuple[str, list[str]]]:
    """Title and sources of every lesson that has a module, for the bibliography.

    >>> lessons_cited()["speed"][1][0].split(",")[0]
    'Williams'
    """
    return {
        one.slug: (one.title, sources(module.__doc__ or ""))
        for one in course.COURSE
        if (module := course.module(one))
    }


def _source(path: str) -> str:
    return Path(path).read_text("utf-8")
