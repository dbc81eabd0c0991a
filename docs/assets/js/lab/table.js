// The table of the lab: every count of every row, sortable, each row opening into its stages.

import { html, lettered } from "../learn/widgets.js";
import { figures, Fraction, thousands } from "../numbers.js";

const share = (name) => (row) => row.ratio[name];

/** What each column is called, the value it sorts by, and how that reads. */
export const COLUMNS = [
  { key: "family", title: "family", value: (row) => row.label },
  { key: "parameters", title: "parameters", value: (row) => row.parameters },
  { key: "macs", title: "MACs", value: (row) => row.macs },
  { key: "macs_in_bounds", title: "in-bounds", value: (row) => row.macs_in_bounds },
  { key: "flops", title: "FLOPs", value: (row) => row.flops },
  { key: "activations", title: "activations", value: (row) => row.activations },
  { key: "bytes", title: "bytes", value: (row) => row.bytes },
  { key: "intensity", title: "FLOPs per byte", value: (row) => row.intensity },
  { key: "ratio_parameters", title: "parameters ÷ std", value: share("parameters") },
  { key: "ratio_macs", title: "MACs ÷ std", value: share("macs") },
  { key: "ratio_flops", title: "FLOPs ÷ std", value: share("flops") },
  { key: "degrees_of_freedom", title: "degrees of freedom", value: (row) => row.degrees_of_freedom,
    say: (row) => row.degrees_of_freedom === null ? "unknown" : (row.degrees_of_freedom_exact ? "" : "≤ ") + thousands(row.degrees_of_freedom) },
  { key: "receptive_field", title: "sees", value: (row) => row.receptive_field.reduce((a, b) => a * b),
    say: (row) => row.receptive_field.join("×") },
  { key: "multiplications", title: "multiplications", value: (row) => row.multiplications },
  { key: "additions", title: "additions", value: (row) => row.additions },
];

const say = (value) =>
  value instanceof Fraction ? figures(value.toNumber()) : typeof value === "bigint" ? thousands(value) : String(value ?? "");

/** Rows in the order of a column; sort is "macs" or, from the largest down, "-macs". */
export function sorted(rows, sort) {
  const column = COLUMNS.find(({ key }) => key === sort.replace(/^-/, ""));
  if (!column) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  return [...rows].sort((a, b) => sign * order(column.value(a), column.value(b)));
}

function order(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (a instanceof Fraction) return a.compare(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The table in a frame that scrolls by itself. `state` holds sort and open, `change(part)` is called with news. */
export function table(result, words, state, change) {
  const name = "Every family on the layer";
  return html("div", { class: "lab-scroll", role: "region", "aria-label": name, tabindex: "0" },
    html("table", { class: "lab-table" },
      html("caption", {}, words),
      html("thead", {}, html("tr", {}, COLUMNS.map((column) => heading(column, state, change)))),
      html("tbody", {}, sorted(result.families, state.sort).map((row) => rowOf(row, state, change)))));
}

function heading({ key, title }, { sort }, change) {
  const [up, down] = [sort === key, sort === `-${key}`];
  const next = up ? `-${key}` : down ? "" : key;
  return html("th", { scope: "col", "aria-sort": up ? "ascending" : down ? "descending" : "none" },
    html("button", { type: "button", "data-sort": key, onclick: () => change({ sort: next }) },
      title, html("span", { class: "arrow", "aria-hidden": "true" }, up ? "▲" : down ? "▼" : "")));
}

function rowOf(row, state, change) {
  const opened = state.open.includes(row.label);
  const detail = html("tr", { class: "detail", hidden: !opened },
    html("td", { colspan: COLUMNS.length }, opened && stages(row)));
  const toggle = html("button", { type: "button", class: "fold", "aria-expanded": String(opened), onclick: press },
    html("span", { class: "turn", "aria-hidden": "true" }, "▸"), row.label);
  function press() {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(open));
    detail.hidden = !open;
    detail.firstChild.replaceChildren(...(open ? [stages(row)] : []));
    change({ open: open ? [...state.open, row.label] : state.open.filter((one) => one !== row.label) }, "quietly");
  }
  const kind = row.name === "standard" ? "baseline" : row.dearer ? "dearer" : "";
  return [html("tr", { class: kind, "data-row": row.label }, COLUMNS.map((column, n) => (n
    ? html("td", { "data-column": column.key }, (column.say ?? ((one) => say(column.value(one))))(row))
    : html("th", { scope: "row" }, toggle)))), detail];
}

/** The stages of a row: each stage with its shapes, and what is to be said of the whole. */
function stages(row) {
  const parts = ["parameters", "macs", "macs_in_bounds", "activations"];
  const several = row.stages.some(({ times }) => times !== 1n);
  const head = ["stage", "reads", "writes", "kernel", ...(several ? ["times"] : []), "weights", "MACs", "in-bounds", "outputs"];
  const sum = (part) => row.stages.reduce((total, stage) => total + stage.times * stage[part], 0n);
  return html("div", { class: "stages", role: "region", "aria-label": `Stages of ${row.label}`, tabindex: "0" },
    html("table", { class: "stage-table" },
      html("caption", {}, `${row.title}, stage by stage, without bias`),
      html("thead", {}, html("tr", {}, head.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, row.stages.map((stage) => html("tr", {},
        html("th", { scope: "row", class: "factor" }, lettered(stage.factor)),
        html("td", {}, tensor(stage.reads)),
        html("td", {}, tensor(stage.writes)),
        html("td", {}, stage.taps.join("×")),
        several && html("td", {}, thousands(stage.times)),
        parts.map((part) => html("td", {}, thousands(stage[part])))))),
      html("tfoot", {}, html("tr", {},
        html("th", { scope: "row", colspan: head.length - parts.length }, "all stages"),
        parts.map((part) => html("td", {}, thousands(sum(part))))))),
    html("dl", {}, remarks(row).map(([term, text]) => html("div", {}, html("dt", {}, term), html("dd", {}, text)))));
}

const tensor = ({ channels, sides }) => `${[...sides, channels].map(thousands).join(" × ")}`;

function remarks(row) {
  const exact = ["parameters", "macs", "flops"].map((name) => `${name === "parameters" ? name : name === "macs" ? "MACs" : "FLOPs"} ${row.ratio[name]}`);
  return [
    ["exact for", row.exact_when],
    ["share of standard", exact.join(", ")],
    ["FLOPs per byte", String(row.intensity)],
    ...(row.break_even ? [["fewer MACs than standard", row.break_even.at_most > 0n
      ? `while ${row.break_even.size} ≤ ${thousands(row.break_even.at_most)}` : `at no ${row.break_even.size}`]] : []),
    ...row.notes.map((note) => ["note", note]),
  ];
}
