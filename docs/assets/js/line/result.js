// What follows from a line, as nodes: the document of `derive define`, nothing worked out here but shares.

import "../save-picture.js";
import { html, number } from "../learn/widgets.js";
import { display, inline } from "./tex.js";

const ALWAYS = "all sizes at least 1";
const EVERYTHING = "every kernel";

/** The whole result. `facts` are the page's: titles of counts and of families, badges. */
export function result(document, facts) {
  return [
    html("h2", { class: "ll-title" }, html("code", {}, document.given)),
    verdict(document, facts),
    display(document.definition),
    same(document, facts),
    html("h3", {}, "The pipeline"),
    document.misfit && html("p", { class: "ll-misfit" }, `On your layer there are no numbers: ${document.misfit}. Here it is on another.`),
    pictures(document),
    stages(document),
    document.wasteful.map(waste),
    html("h3", {}, "Exact for"),
    exact(document),
    html("h3", {}, "Among the families of the book"),
    relations(document.relations, facts),
    html("h3", {}, "What it costs"),
    costs(document, facts),
    Object.keys(document.code).length > 0 && html("h3", {}, "Code that runs"),
    Object.entries(document.code).map(([framework, text]) => fold(framework, [html("pre", { class: "ll-code", tabindex: "0" }, html("code", {}, text))])),
    fold("Every formula, with the condition under which it holds", formulas(document)),
    document.nested && fold("The stages put into one another", [display(document.nested)]),
    fold("The stages at any stride, dilation and padding", document.stages.map(({ latex }) => display(latex))),
    fold("What the symbols mean", symbols(document)),
  ].flat().filter(Boolean);
}

function verdict({ convolution: { proved, seconds }, branches }, { badges }) {
  const said = branches.length > 1 ? "Branch by branch, the pipeline is" : "The pipeline is";
  const { words, kind } = badges[proved ? "proved" : "failed"];
  return html(
    "p",
    { class: "ll-verdict" },
    html("span", { class: kind }, words),
    proved ? ` ${said} the convolution with this kernel, with zero padding. ` : " The normal forms of pipeline and convolution differ. ",
    html("span", { class: "quiet" }, `${seconds.toFixed(3)} s in this page`),
  );
}

function same({ same_as: name, einsum, line }, { families }) {
  const known = name
    ? ["The same line as the family ", html("a", { href: `../../families/${name}/` }, families[name]), "."]
    : ["Not a line of this book."];
  return html("p", { class: "ll-same" }, known, " As it was read: ", html("code", {}, line), "; as an einsum ", html("code", {}, einsum), ".");
}

/** The pipeline on the layer, a picture for every branch, as this book's Python drew it. */
function pictures({ pictures: drawn }) {
  const figures = drawn.map((picture, n) => {
    const figure = html("figure", { "data-picture": `pipeline${n ? `-${n + 1}` : ""}` });
    figure.innerHTML = picture;
    figure.append(html("save-picture"));
    return figure;
  });
  return figures.length > 0 && html("div", { class: "pipelines" }, figures);
}

function stages({ stages }) {
  return html(
    "ol",
    { class: "ll-stages" },
    stages.map((stage) => html("li", {}, html("code", {}, stage.factor), display(stage.textbook))),
  );
}

function waste({ factor, repeats_for: letters }) {
  return html(
    "p",
    { class: "ll-waste" },
    html("strong", {}, "Wasteful order. "),
    "Stage ", html("code", {}, factor), ` repeats itself for every ${letters.join(", ")}: another order of the factors may be cheaper.`,
  );
}

function exact({ exact_when: words, decided, narrow }) {
  if (words === EVERYTHING) return html("p", {}, html("strong", {}, "Every kernel"), " is of this form.");
  return html("p", {}, "A kernel is of this form exactly when ", html("strong", {}, words), ".", decided ? "" : ` That restates the definition: in general no rank of a matrix decides it.${rankOne(narrow)}`);
}

/** Which families the line equals, which represent every kernel of it, and of which it represents every kernel. */
function relations({ equal, contained_in: above, contains: below }, { families }) {
  const link = (name) => html("a", { href: `../../families/${name}/` }, families[name]);
  const one = ({ id, sympy, latex }) => html("li", {}, link(id), sympy === "True" ? "" : [" if ", inline(latex)]);
  const list = (title, found) => found.length > 0 && fold(`${title} (${found.length})`, [html("ul", { class: "ll-families" }, found.map(one))]);
  return [
    equal.length > 0 && html("p", { class: "ll-equal" }, "It represents the same kernels, at equal sizes, as ", equal.map((name, n) => [n ? " and " : "", link(name)]), "."),
    list("Families that represent every kernel of it", above),
    below === null ? html("p", {}, "What it represents is not decided: no ranks decide which kernels are of this form.")
      : list("Families of which it represents every kernel", below),
  ];
}

const rankOne = (narrow) => (narrow ? ` With ${narrow.sizes.join(" = ")} = 1 ranks do: then ${narrow.exact_when}.` : "");

function costs({ example, formulas }, { counts }) {
  const square = "the formulas are for an odd n × n kernel at stride 1 and same padding";
  const head = example ? ["count", "here", "standard", "share", "formula"] : ["count", "formula"];
  const caption = example ? `${[example.words, ...settings(example.line.setting)].join(", ")}; ${square}.` : `No layer to show it on; ${square}.`;
  const rows = counts.map(([name, title]) => [title, ...(example ? numbers(example, name) : []), inline(formulas[name].square.latex)]);
  const notes = example ? remarks(example.line) : [];
  return [scrolled("Counts", caption, "ll-counts", head, rows), notes.length > 0 && html("ul", {}, notes.map((note) => html("li", {}, note)))];
}

const settings = (setting) => Object.entries(setting).map(([name, value]) => `${name} = ${number(value)}`);

function numbers({ line, standard }, name) {
  return [number(line[name]), number(standard[name]), (Number(line[name]) / Number(standard[name])).toFixed(3)];
}

function remarks({ notes, break_even: edge }) {
  const sentences = notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`);
  if (edge?.at_most) sentences.push(`Fewer MACs than standard while ${edge.size} ≤ ${number(edge.at_most)}.`);
  else if (edge) sentences.push(`Fewer MACs than standard at no ${edge.size}.`);
  return sentences;
}

function formulas({ formulas }) {
  const rows = Object.entries(formulas).map(([name, { latex, guard }]) => [
    name.replaceAll("_", " "), inline(`\\displaystyle ${latex}`), guard === ALWAYS ? "" : html("code", {}, guard),
  ]);
  return [scrolled("Formulas", `Where nothing else is said: for ${ALWAYS}.`, "ll-formulas", ["formula", "in general", "holds for"], rows)];
}

function symbols({ symbols }) {
  const rows = Object.entries(symbols);
  return [html("dl", { class: "ll-symbols" }, rows.map(([name, words]) => html("div", {}, html("dt", {}, html("code", {}, name)), html("dd", {}, words))))];
}

function scrolled(name, caption, kind, head, rows) {
  const table = html(
    "table",
    { class: `lab-table ${kind}` },
    html("caption", {}, caption),
    html("thead", {}, html("tr", {}, head.map((title) => html("th", { scope: "col" }, title)))),
    html("tbody", {}, rows.map(([title, ...cells]) => html("tr", {}, html("th", { scope: "row" }, title), cells.map((cell) => html("td", {}, cell))))),
  );
  return html("div", { class: "lab-scroll", role: "region", "aria-label": name, tabindex: "0" }, table);
}

function fold(title, nodes) {
  return html("details", { class: "ll-fold" }, html("summary", {}, title), nodes);
}
