// How the order of the designs reads: the table of all pairs, and what represents a design within a budget.

import { html } from "./dom.js";
import { figures, thousands } from "./numbers.js";
import { containing } from "./order.js";
import { layerWords } from "./text.js";

export const MEASURES = { parameters: "parameters", macs: "MACs" };
export const FIELDS = ["in", "out", "kernel", "image", "stride", "groups", "middle", "multiplier", "rank"]; // of the layer
export const USUAL = { design: "depthwise-separable", measure: "parameters", most: "" };

const setting = (row) => Object.entries(row.setting).map(([size, n]) => `${size} = ${thousands(n)}`).join(", ");
const short = (row) => row.title.replace(" convolution", "");
const named = (row) => [row.title, setting(row)].filter(Boolean).join(", ");

/** What a cell says: yes, no size, the smallest sizes, or between which they lie. */
export function cell({ fits, needs }) {
  if (!fits) return "–";
  if (!needs.length) return "yes";
  return needs.map(({ least, most }) => (most === null ? `≥ ${thousands(least)}` : least === most ? thousands(least)
    : `${thousands(least)} to ${thousands(most)}`)).join("; ");
}

/** A cell in words, for those who hear it. */
function spoken({ small, large, fits, needs, holds }) {
  const every = `every ${named(small)}`;
  if (!fits) return `${large.title} does not represent ${every} at any size`;
  if (!needs.length) return `${large.title} represents ${every}`;
  const sizes = needs.map(({ size, least, most }) => `${size} ${least === most ? `at least ${least}` : `between ${least} and ${most ?? "a number that is not known"}`}`);
  return `${large.title} represents ${every} with ${sizes.join(" and ")}${holds ? ", which it has here" : ""}`;
}

/** The table: a row for each design that is to be represented, a column for each that is to represent it. */
export function orderTable({ layer }, { rows, pairs }, link) {
  const found = new Map(pairs.map((pair) => [`${pair.small.name} ${pair.large.name}`, pair]));
  const sizes = (row) => Object.keys(row.setting).join("; ");
  const name = "Which design represents which";
  return html("div", { class: "lab-scroll", role: "region", "aria-label": name, tabindex: "0" },
    html("table", { class: "lab-table order-table" },
      html("caption", {}, `${layerWords(layer)}: the smallest sizes of the design above with which it represents every kernel of the design on the left`),
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "represented ↓ by →"),
        rows.map((row) => html("th", { scope: "col" }, html("a", { href: link(`families/${row.name}/`) }, short(row)), " ", html("span", { class: "gloss" }, sizes(row)))))),
      html("tbody", {}, rows.map((small) => html("tr", { "data-small": small.name },
        html("th", { scope: "row" }, html("a", { href: link(`families/${small.name}/`) }, short(small)), " ", html("span", { class: "gloss" }, setting(small))),
        rows.map((large) => entry(found.get(`${small.name} ${large.name}`), link)))))));
}

function entry(pair, link) {
  if (!pair) return html("td", { class: "itself" }, "=");
  const { small, large, holds } = pair;
  return html("td", { class: holds ? "holds" : null, "data-large": large.name },
    html("a", { href: link(`families/${small.name}/#in-${large.name}`), "aria-label": spoken(pair), title: spoken(pair) }, cell(pair)));
}

/** The budget in numbers: what was typed, or what the standard layer costs; null if it is no number. */
export function budget({ families }, { measure, most }) {
  const text = most.replace(/[\s,]/g, "");
  if (text === "") return families.find(({ name }) => name === "standard")[measure];
  return /^\d{1,30}$/.test(text) ? BigInt(text) : null;
}

/** Which designs represent everything that a design does, and which of them within a budget. */
export function withinBudget({ layer }, found, { design, measure, most }, link) {
  const all = containing(layer, found, design, measure), small = found.rows.find(({ name }) => name === design);
  const inside = all.filter((row) => row[measure] <= most), words = MEASURES[measure];
  const item = (row) => html("li", { "data-name": row.name },
    html("a", { href: link(row.name === design ? `families/${design}/` : `families/${design}/#in-${row.name}`) }, named(row)),
    `: ${thousands(row[measure])} ${words}, ${figures(row.ratio[measure].toNumber())} times the standard layer`);
  return [
    html("p", {}, html("strong", {}, `${inside.length} of ${found.rows.length} designs`),
      ` represent everything that ${named(small)} does with at most ${thousands(most)} ${words}`, inside.length ? ", cheapest first:" : "."),
    html("ol", { class: "within" }, inside.map(item)),
    all.length > inside.length && html("p", { class: "counts" }, "Above the budget: ",
      all.slice(inside.length).map((row) => `${named(row)} (${thousands(row[measure])})`).join("; "), "."),
  ].filter(Boolean);
}

/** What asks for a design, a cost and the most of it. */
export function budgetForm({ families }, { design, measure, most }, { rows }, change) {
  const option = (chosen) => ([value, words]) => html("option", { value, selected: value === chosen }, words);
  const usual = families.find(({ name }) => name === "standard")[measure];
  const field = (name, label, input) => html("div", { class: "field" }, html("label", { for: `order-${name}` }, label), input);
  return html("form", { class: "layer-form", "aria-label": "The budget" },
    field("design", "what it has to represent", html("select", { id: "order-design", onchange: (event) => change({ design: event.target.value }) },
      rows.map((row) => [row.name, row.title]).map(option(design)))),
    field("measure", "cost", html("select", { id: "order-measure", onchange: (event) => change({ measure: event.target.value }) },
      Object.entries(MEASURES).map(option(measure)))),
    field("most", "at most", html("input", { id: "order-most", inputmode: "numeric", autocomplete: "off", maxlength: 40, value: most,
      placeholder: thousands(usual), "aria-describedby": "order-most-error", oninput: (event) => change({ most: event.target.value }) })),
    html("p", { class: "wrong", id: "order-most-error", role: "status" }));
}
