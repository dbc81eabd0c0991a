// A filter as a sum of columns times rows: the width says how many, the rank how many it takes.
import { choice, controls, define, heat, html, live, slider } from "./widgets.js";

function draw(filters) {
  const at = { name: Object.keys(filters)[0], width: 1 };
  const sum = html("div", { class: "grids terms-of" });
  const said = live();

  const show = (change) => {
    Object.assign(at, change);
    const filter = filters[at.name];
    const said_ = filter.widths[at.width];
    const used = filter.terms.slice(0, at.width);
    sum.replaceChildren(...pictures(filter, used, said_));
    said.say(...words(filter, at.width, said_));
  };
  const element = html(
    "div",
    {},
    controls(
      choice({
        label: "Filter",
        options: Object.entries(filters).map(([name, filter]) => [name, filter.title.replace(/,.*| of 4 neighbours/, "").replace(" of 8 neighbours", ", 8")]),
        value: at.name,
        onChange: (name) => show({ name }),
      }),
      slider({ label: "Width m", min: 1, max: 3, value: 1, onInput: (width) => show({ width }) }),
    ),
    sum,
    said.element,
  );
  show({});
  return element;
}

function pictures(filter, used, { exact, minor }) {
  const left = filter.rows.map((row, y) => row.map((entry, x) => used.reduce((rest, term) => rest - term.rows[y][x], entry)));
  const whole = heat({ name: filter.title, rows: filter.rows });
  if (!exact) whole.mark("marked", minor.at[0].flatMap((y) => minor.at[1].map((x) => [y, x])));
  const parts = [named("The filter", whole.element)];
  used.forEach((term, n) => {
    parts.push(sign(n ? "+" : "="), named(`Column × row${filter.rank > 1 ? ` ${n + 1}` : ""}`, heat({ name: `Term ${n + 1}`, rows: term.rows, edges: term }).element));
  });
  if (!exact) parts.push(sign("+"), named("What is left", heat({ name: "What is left", rows: left }).element));
  return parts;
}

const named = (name, picture) => html("div", {}, html("p", { class: "over" }, name), picture);
const sign = (text) => html("div", { class: "sign", "aria-hidden": "true" }, text);

function words({ rank }, width, { exact, minor, left, error }) {
  if (exact) {
    const spare = width > rank ? ` ${rank === 1 ? "One column and one row are" : `${rank} columns and rows are`} enough; the rest would be zero.` : "";
    return [html("strong", {}, `Exact at width ${width}.`), ` The rank is ${rank}.`, spare];
  }
  return [
    html("strong", {}, `Not exact at width ${width}.`),
    ` The framed minor is ${minor.value}, not 0, so the rank is more than ${width}: it is ${rank}.`,
    ` What is left here is ${left} % of the filter, measured by the root of its sum of squares. The best ${width === 1 ? "column and row leave" : `${width} columns and rows leave`} ${error} %; their entries are no whole numbers.`,
  ];
}

define("learn-outer", draw);
