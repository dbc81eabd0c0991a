// Which convention is this number: what each tool would print for one row, and how that shifts the ratio.

import { html } from "../learn/widgets.js";
import { figures, Fraction, thousands } from "../numbers.js";

/** The four counts of a row's convolutions that conventions are made of; b are the numbers that get a bias. */
export function countsOf(row, layer) {
  const outputs = row.stages.reduce((sum, stage) => sum + stage.times * stage.activations, 0n);
  const bias = { none: 0n, last: row.stages.at(-1).activations, all: outputs }[layer.biased];
  return { macs: row.macs, in_bounds: row.macs_in_bounds, bias, outputs };
}

/** What the tools of a convention report for a row. */
export function reported(convention, counts) {
  return Object.keys(counts).reduce((sum, name) => sum + BigInt(convention[name]) * counts[name], 0n);
}

/** The table of conventions for one row, and the figures of our own that they come near. */
export function conventionTable(result, conventions, row) {
  const standard = result.families.find(({ name }) => name === "standard");
  const [mine, theirs] = [row, standard].map((one) => countsOf(one, result.layer));
  const ours = [["MACs", row.macs], ["MACs in bounds", row.macs_in_bounds], ["FLOPs", row.flops]];
  return html("div", {},
    html("p", { class: "counts" },
      `Here M = ${thousands(mine.macs)} dense MACs, Mᵢ = ${thousands(mine.in_bounds)} in bounds, `
      + `o = ${thousands(mine.outputs)} numbers written by convolutions, b = ${thousands(mine.bias)} biases added.`),
    html("div", { class: "lab-scroll", role: "region", "aria-label": "What tools report", tabindex: "0" },
      html("table", { class: "lab-table conventions" },
        html("caption", {}, `${row.label}: one layer, several honest numbers`),
        html("thead", {}, html("tr", {}, ["convention", "number", "÷ standard", "is our", "reported by"]
          .map((text, n) => html("th", { scope: "col", class: n > 2 ? "words" : "" }, text)))),
        html("tbody", {}, conventions.map((convention) => {
          const number = reported(convention, mine);
          const same = ours.filter(([, value]) => value === number).map(([name]) => name);
          return html("tr", { "data-convention": convention.formula },
            html("th", { scope: "row" }, convention.formula, html("span", { class: "gloss" }, convention.words)),
            html("td", { class: "number" }, thousands(number)),
            html("td", {}, ratio(number, reported(convention, theirs))),
            html("td", { class: "words" }, same.join(", ") || "–"),
            html("td", { class: "words" }, convention.tools.join(", ")));
        })))));
}

const ratio = (a, b) => (b > 0n ? figures(new Fraction(a, b).toNumber(), 4) : "–");
