// What the calculator shows for a layer: one function from its state to its elements. It draws the first state in node
// when the site is built (derive/site/first_state.py) and every later one in the page.

import { outdated } from "./answers.js";
import { html } from "./dom.js";
import { label, usual } from "./engine.js";
import { slimForm } from "./layer-form.js";
import { pairsOf, python, pythonChoices, queryOf } from "./my-layer.js";
import { figures, Fraction, memory, thousands } from "./numbers.js";
import { line, steps } from "./pipeline.js";
import { command } from "./read-layer.js";
import { comparison, difference, layerWords, saving } from "./text.js";

export const FIELDS = ["image", "in", "out", "kernel", "middle", "multiplier", "stride", "padding", "dilation", "groups",
  "bias", "transposed", "output_padding"];
export const MEASURES = { parameters: "parameters", macs: "MACs", macs_in_bounds: "in-bounds MACs", flops: "FLOPs",
  bytes: "memory moved", intensity: "FLOPs per byte" };
export const OPENING = "macs";
const PAIR = {
  asymmetric: ["Asymmetric", "A column filter, then a row filter."],
  "depthwise-separable": ["Depthwise separable", "A filter per channel, then a mix of channels."],
};
const COUNTS = ["parameters", "MACs", "in-bounds", "FLOPs", "with bias", "memory", "FLOP/B", "× std MACs"];
const LONGEST = 13; // characters of a fraction that a table has room for
const ONE = new Fraction(1n);

/**
 * The elements of a state: words of the fields, errors by field, the last good result of `compare` with its choices and
 * the words it is for, the measure that is charted, and known layers, name to address.
 */
export function calculator({ words, errors, result, choices, good, measure, known }) {
  const { layer, families, omitted } = result;
  const pairs = pairsOf(good), query = queryOf(pairs);
  const [form, messages] = slimForm({
    names: FIELDS, words, errors, usual: { middle: String(usual(layer, "asymmetric").m), multiplier: "1" },
    summary: `${layerWords(layer)}; output ${layer.output.join(" × ")}.`,
  });
  const scroll = (kind, name, ...children) =>
    html("div", { class: kind, tabindex: "0", role: "group", "aria-label": name }, children);
  return [
    form,
    messages,
    html("div", { class: "pair", "data-answer": true }, Object.keys(PAIR).map((name) =>
      side(name, families.find((row) => row.name === name), pairs))),
    html("p", { class: "known" }, "Layers to try: ", Object.entries(known).map(([name, address], n) =>
      [n ? " · " : "", html("a", { href: address }, name)]), ". Any setting is in the address of the page, so a link shares it."),
    html("h2", { id: "table" }, "Every family on this layer"),
    html("fieldset", { class: "calc-measures", "data-answer": true }, html("legend", {}, "Compare"),
      Object.entries(MEASURES).map(([name, title]) => html("label", {},
        html("input", { type: "radio", name: "measure", value: name, checked: name === OPENING }), html("span", {}, title)))),
    answered(scroll("scroll", "Families side by side", chart(families, measure, query))),
    html("details", { class: "numbers", "data-answer": true }, html("summary", {}, "All numbers"),
      scroll("scroll wide", "All numbers", numbers(families, query))),
    html("p", { class: "omitted", "data-answer": true },
      `Left out: ${omitted.map((one) => `${one.name} (${one.reason})`).join("; ")}.`),
    html("p", { class: "same-words", "data-answer": true }, "The same elsewhere: ",
      html("code", {}, ["derive", "compare", ...command(good).map(quoted)].join(" ")), " or, in Python, ",
      html("code", {}, `derive.compare(${python(layer)}${pythonChoices(choices)})`), ". ",
      html("a", { href: `lab/layer/${query}` }, "Open it in the layer lab"), "."),
    outdated(),
  ];
}

/** A word of a command line as a shell takes it. */
export const quoted = (word) => (/^[\w.,:=@%+/×-]+$/.test(word) ? word : `'${word}'`);

function answered(element) {
  element.setAttribute("data-answer", "");
  return element;
}

function side(name, row, pairs) {
  const [title, gist] = PAIR[name];
  const saves = saving(row?.break_even);
  return html("section", { class: "side", "data-family": name, "aria-labelledby": name },
    html("h2", { id: name }, title), html("p", { class: "gist" }, gist),
    row ? [
      html("p", { class: "line" }, html("code", {}, ...line(row))),
      html("ol", { class: "calc-flow" }, steps(row)),
      html("p", { class: "sum" },
        html("b", {}, `${thousands(row.parameters)} weights, ${thousands(row.macs)} MACs`), `: ${comparison(row.ratio.macs)}.`),
      html("p", { class: "exact" }, `Exact ${row.exact_when === "every kernel" ? "for" : "when"} ${row.exact_when}.`,
        saves && ` Fewer MACs than standard while ${saves}.`),
      html("p", { class: "to-code" }, html("a", { href: `lab/layer/${queryOf([...pairs, ["row", label(row)]])}#code` }, "Code for this layer")),
    ] : html("p", { class: "line" }, "This family has no form on this layer."));
}

const heading = (words, kind) => html("th", { scope: "col", class: kind }, words);

const family = (row, query) =>
  html("th", { scope: "row" }, html("a", { href: `families/${row.name}/${query}` }, label(row)));

/** The chart is a table: how long in percent of the longest, against standard. */
function chart(families, measure, query) {
  const amounts = families.map((row) => asFraction(row[measure]));
  const longest = amounts.reduce((a, b) => (b.compare(a) > 0 ? b : a));
  const standard = amounts[families.findIndex((row) => row.name === "standard")];
  const mark = figures(percent(over(standard, longest)));
  const bar = (row, n) => {
    const share = over(amounts[n], standard), text = String(share);
    return html("tr", { class: kind(share, measure) },
      family(row, query),
      html("td", { class: "track", style: `--mark: ${mark}%` },
        html("i", { style: `width: ${figures(percent(over(amounts[n], longest)))}%` })),
      html("td", { class: "amount" }, shown(amounts[n], measure)),
      html("td", { class: "share" }, text.length <= LONGEST ? text : `≈ ${figures(share.toNumber())}`),
      html("td", { class: "difference" }, row.name === "standard" ? "" : difference(share)),
      html("td", { class: "saves" }, saving(row.break_even)),
      html("td", { class: "exact" }, row.exact_when_brief));
  };
  return html("table", { class: "calc-bars" },
    html("thead", {}, html("tr", {}, heading("family"), heading("the line is standard", "track"),
      heading(MEASURES[measure], "measure"), heading("of standard"), heading("difference", "difference"),
      heading("fewer MACs while"), heading("exact for", "exact"))),
    html("tbody", {}, families.map(bar)));
}

/** Less expensive, more expensive or neither; FLOPs per byte are no cost. */
function kind(share, measure) {
  return measure === "intensity" ? "same" : ["less", "same", "more"][share.compare(ONE) + 1];
}

function numbers(families, query) {
  const cells = (row) => [
    ...[row.parameters, row.macs, row.macs_in_bounds, row.flops, row.with_bias.flops].map(thousands),
    memory(row.bytes),
    ...[row.intensity, row.ratio.macs].map((ratio) => figures(ratio.toNumber())),
  ];
  return html("table", { class: "calc-counts" },
    html("thead", {}, html("tr", {}, ["family", ...COUNTS].map((words) => heading(words)))),
    html("tbody", {}, families.map((row) => html("tr", {}, family(row, query), cells(row).map((cell) => html("td", {}, cell))))));
}

const asFraction = (amount) => (typeof amount === "bigint" ? new Fraction(amount) : amount);

const over = (a, b) => new Fraction(a.numerator * b.denominator, a.denominator * b.numerator);

const percent = (share) => new Fraction(100n * share.numerator, share.denominator).toNumber();

function shown(amount, measure) {
  if (measure === "bytes") return memory(amount.numerator);
  return measure === "intensity" ? figures(amount.toNumber()) : thousands(amount.numerator);
}
